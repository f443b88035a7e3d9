package directory

import (
	"context"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/id"
)

// seedBatch is how many documents an import of many writes in one transaction.
const seedBatch = 500

// Importing many things at once, for the demo world and for moving data in: checked like a person's input, written in batches, without events, mails
// or an entry in the trail for each. Only the system may.

func onlySystem(by accounts.Actor) error {
	if by.IsSystem() {
		return nil
	}
	return errs.New(errs.Forbidden, "forbidden")
}

// NewEnterprise is an enterprise to import.
type NewEnterprise struct {
	EnterpriseInput
	Verified bool // as if its chamber had verified it now
}

// ImportEnterprises stores enterprises, in the order given. A number that two verified ones share is errs.Conflict bin_taken; bad input is
// errs.Unprocessable validation_failed; the batches before stay.
func (s *Service) ImportEnterprises(ctx context.Context, by accounts.Actor, all []NewEnterprise) ([]*Enterprise, error) {
	if err := onlySystem(by); err != nil {
		return nil, err
	}
	now := s.clock.Now()
	out := make([]*Enterprise, len(all))
	for i, in := range all {
		e := &Enterprise{ID: id.New(prefixEnterprise), CreatedAt: now, State: EnterpriseNew, CreatedBy: by.ID()}
		if err := s.fill(e, in.withRequired()); err != nil {
			return nil, err
		}
		if in.Verified {
			e.State, e.VerifiedAt = EnterpriseVerified, now
			e.Verification = VerificationOutcome{Round: 1, SubmittedAt: now, DueAt: s.ref.WorkingHours(now, reviewWithin), DecidedAt: now}
		}
		out[i] = e
	}
	return out, onNumber(inBatches(ctx, s, out, s.enterprises.Insert))
}

// inBatches writes documents a batch at a time.
func inBatches[T any](ctx context.Context, s *Service, all []T, insert func(context.Context, T) error) error {
	for len(all) > 0 {
		batch := all[:min(seedBatch, len(all))]
		err := s.db.Tx(ctx, func(ctx context.Context) error {
			for _, doc := range batch {
				if err := insert(ctx, doc); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		all = all[len(batch):]
	}
	return nil
}

// ImportColleges stores institutions without inviting anybody. The errors are those of [Service.CreateCollege].
func (s *Service) ImportColleges(ctx context.Context, by accounts.Actor, all []InstitutionInput) ([]*College, error) {
	if err := onlySystem(by); err != nil {
		return nil, err
	}
	out := make([]*College, len(all))
	for i, in := range all {
		c := &College{ID: id.New(prefixCollege), CreatedAt: s.clock.Now(), Kind: in.Kind}
		var f form
		s.fillCollege(&f, c, in.withRequired(), true)
		if err := f.finish(); err != nil {
			return nil, err
		}
		out[i] = c
	}
	return out, onBIN(inBatches(ctx, s, out, s.colleges.Insert))
}

// ImportChambers stores chambers without inviting anybody. The errors are those of [Service.CreateChamber].
func (s *Service) ImportChambers(ctx context.Context, by accounts.Actor, all []InstitutionInput) ([]*Chamber, error) {
	if err := onlySystem(by); err != nil {
		return nil, err
	}
	out := make([]*Chamber, len(all))
	for i, in := range all {
		c := &Chamber{ID: id.New(prefixChamber), CreatedAt: s.clock.Now()}
		var f form
		s.fillChamber(&f, c, in.withRequired())
		if err := f.finish(); err != nil {
			return nil, err
		}
		out[i] = c
	}
	return out, onBIN(inBatches(ctx, s, out, s.chambers.Insert))
}

// NewMentor is a mentor to import.
type NewMentor struct {
	EnterpriseID string
	MentorInput
}

// ImportMentors stores mentors. The errors are those of [Service.CreateMentor].
func (s *Service) ImportMentors(ctx context.Context, by accounts.Actor, all []NewMentor) ([]*Mentor, error) {
	if err := onlySystem(by); err != nil {
		return nil, err
	}
	out := make([]*Mentor, len(all))
	for i, in := range all {
		m := &Mentor{ID: id.New(prefixMentor), CreatedAt: s.clock.Now(), EnterpriseID: in.EnterpriseID}
		if err := m.fill(in.MentorInput); err != nil {
			return nil, err
		}
		out[i] = m
	}
	return out, inBatches(ctx, s, out, s.mentors.Insert)
}

// ImportRoom stores a room of an enterprise. The errors are those of [Service.CreateRoom].
func (s *Service) ImportRoom(ctx context.Context, by accounts.Actor, enterpriseID string, in RoomInput) (*Room, error) {
	if err := onlySystem(by); err != nil {
		return nil, err
	}
	e, err := s.Enterprise(ctx, enterpriseID)
	if err != nil {
		return nil, err
	}
	r, err := s.newRoom(e, in)
	if err != nil {
		return nil, err
	}
	return r, s.rooms.Insert(ctx, r)
}

// ImportSupervisor stores a supervisor of a college. The errors are those of [Service.CreateSupervisor].
func (s *Service) ImportSupervisor(ctx context.Context, by accounts.Actor, collegeID string, in SupervisorInput) (*Supervisor, error) {
	if err := onlySystem(by); err != nil {
		return nil, err
	}
	v := &Supervisor{ID: id.New(prefixSupervisor), CreatedAt: s.clock.Now(), CollegeID: collegeID}
	if err := v.fill(in); err != nil {
		return nil, err
	}
	return v, s.supervisors.Insert(ctx, v)
}

// ImportSignatory records an authority and gives the role signatory to a person who is a member already. The errors are those of
// [Service.CreateSignatory].
func (s *Service) ImportSignatory(ctx context.Context, by accounts.Actor, organisationID string, in SignatoryInput) (*Signatory, error) {
	if err := onlySystem(by); err != nil {
		return nil, err
	}
	o, err := s.Organisation(ctx, organisationID)
	if err != nil {
		return nil, err
	}
	return s.recordAuthority(ctx, by, o, in)
}
