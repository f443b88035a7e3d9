package directory

import (
	"context"
	"slices"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/id"
	"github.com/orynda/orynda/internal/storage"
)

// MentorTrainees is how many trainees a mentor may have at once where no dated rule says otherwise (our reading of R50 4.4, 22.9).
const MentorTrainees = 5

// The states of mentors, rooms and supervisors.
const (
	StateActive = "active"
	StateEnded  = "ended"
)

// Mentor is a qualified employee who leads the training (R50 2.18, 26), and the owner document of the own trainees.
type Mentor struct {
	ID              string    `json:"id"`
	Version         int64     `json:"version"`
	CreatedAt       time.Time `json:"created_at"`
	EnterpriseID    string    `json:"enterprise_id"`
	FullName        string    `json:"full_name"`
	Position        string    `json:"position"`
	Qualification   string    `json:"qualification,omitempty"`
	ExperienceYears *int      `json:"experience_years,omitempty"`
	OrderNumber     string    `json:"order_number,omitempty"` // of the order that appoints the mentor
	OrderDate       cal.Day   `json:"order_date,omitempty"`
	Phone           string    `json:"phone,omitempty"` // of the work
	Email           string    `json:"email,omitempty"` // of the work
	Languages       []string  `json:"languages,omitempty"`
	PersonID        string    `json:"person_id,omitempty"` // where the mentor has an account
	Trainees        []string  `json:"trainees,omitempty"`  // ids of agreements, from ready on
	EndedAt         time.Time `json:"ended_at,omitzero"`
}

// Identity implements storage.Document.
func (m *Mentor) Identity() (string, *int64) { return m.ID, &m.Version }

// Keys implements storage.Document.
func (m *Mentor) Keys() storage.Keys { return listKeys(m.EnterpriseID, m.FullName, m.State()) }

// State is active or ended.
func (m *Mentor) State() string { return stateOf(m.EndedAt) }

func stateOf(endedAt time.Time) string {
	if endedAt.IsZero() {
		return StateActive
	}
	return StateEnded
}

// listKeys are the keys of what an organisation lists by name: mentors, rooms, supervisors.
func listKeys(organisationID, name, state string) storage.Keys {
	return storage.Keys{"list": organisationID + "|" + state, "name": nameKey(name)}
}

func listSpec(name string, more ...storage.Index) storage.Spec {
	spec := storage.Spec{
		Name:    name,
		Keys:    []storage.Key{{Name: "list"}, {Name: "name"}},
		Indexes: []storage.Index{{Name: "list", Keys: []string{"list", "name"}}},
	}
	for _, ix := range more {
		spec.Keys = append(spec.Keys, storage.Key{Name: ix.Keys[0]})
		spec.Indexes = append(spec.Indexes, ix)
	}
	return spec
}

func mentorSpec() storage.Spec { return listSpec("mentors") }

// Take counts an agreement's trainee: a repeat changes nothing; errs.Unprocessable mentor_full at most trainees, mentor_ended.
func (m *Mentor) Take(agreementID string, most int) error {
	switch {
	case slices.Contains(m.Trainees, agreementID):
		return nil
	case !m.EndedAt.IsZero():
		return errs.New(errs.Unprocessable, "mentor_ended")
	case len(m.Trainees) >= most:
		return errs.New(errs.Unprocessable, "mentor_full").With("max", most)
	}
	m.Trainees = append(m.Trainees, agreementID)
	return nil
}

// MentorInput is what an enterprise writes about a mentor.
type MentorInput struct {
	FullName, Position, Qualification string
	ExperienceYears                   *int
	OrderNumber                       string
	OrderDate                         cal.Day
	Phone, Email                      string
	Languages                         []string
	PersonID                          string
}

// fill checks an input into a mentor.
func (m *Mentor) fill(in MentorInput) error {
	var f form
	f.text("full_name", &in.FullName, &m.FullName, MinText, MaxPersonName)
	f.text("position", &in.Position, &m.Position, MinText, MaxPosition)
	f.text("qualification", &in.Qualification, &m.Qualification, 0, 200)
	if y := in.ExperienceYears; y != nil && (*y < 0 || *y > 70) {
		f.add("experience_years", "too_large")
	}
	m.ExperienceYears = in.ExperienceYears
	f.text("order_number", &in.OrderNumber, &m.OrderNumber, 0, MaxOrder)
	f.day("order_date", &in.OrderDate, &m.OrderDate)
	f.phone("phone", &in.Phone, &m.Phone)
	f.email("email", &in.Email, &m.Email)
	m.Languages = slices.Clone(in.Languages)
	m.PersonID = in.PersonID
	return f.finish()
}

// Mentor reads a mentor for other services: errs.NotFound mentor_not_found.
func (s *Service) Mentor(ctx context.Context, id string) (*Mentor, error) {
	m, err := s.mentors.Get(ctx, id)
	return m, missing(err, "mentor")
}

// MentorLimitOn is how many trainees a mentor may have at once on a day.
func (s *Service) MentorLimitOn(day cal.Day) int {
	if s.MentorLimit != nil {
		return s.MentorLimit(day)
	}
	return MentorTrainees
}

// TakeTrainee counts an agreement's trainee with its mentor, in the caller's transaction or one of its own; the mentor's document is taken first. A
// repeat changes nothing. It answers errs.NotFound mentor_not_found, errs.Unprocessable mentor_full or mentor_ended.
func (s *Service) TakeTrainee(ctx context.Context, mentorID, agreementID string, most int) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		m, err := s.mentors.Lock(ctx, mentorID)
		if err != nil {
			return missing(err, "mentor")
		}
		before := len(m.Trainees)
		if err := m.Take(agreementID, most); err != nil || len(m.Trainees) == before {
			return err
		}
		return s.mentors.Save(ctx, m)
	})
}

// ReleaseTrainee reverses TakeTrainee; a repeat changes nothing.
func (s *Service) ReleaseTrainee(ctx context.Context, mentorID, agreementID string) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		m, err := s.mentors.Lock(ctx, mentorID)
		if err != nil {
			return missing(err, "mentor")
		}
		at := slices.Index(m.Trainees, agreementID)
		if at < 0 {
			return nil
		}
		m.Trainees = slices.Delete(m.Trainees, at, at+1)
		return s.mentors.Save(ctx, m)
	})
}

// CreateMentor adds a mentor (createMentor). It answers errs.Unprocessable not_a_member or validation_failed.
func (s *Service) CreateMentor(ctx context.Context, by accounts.Actor, enterpriseID string, in MentorInput) (*Mentor, error) {
	if err := s.mayEnterprise(ctx, by, "createMentor", enterpriseID); err != nil {
		return nil, err
	}
	m := &Mentor{ID: id.New(prefixMentor), CreatedAt: s.clock.Now(), EnterpriseID: enterpriseID}
	if err := m.fill(in); err != nil {
		return nil, err
	}
	if err := s.checkMember(ctx, m.PersonID, enterpriseID); err != nil {
		return nil, err
	}
	return m, s.db.Tx(ctx, func(ctx context.Context) error {
		if err := s.mentors.Insert(ctx, m); err != nil {
			return err
		}
		return s.record(ctx, by, organisationStream(enterpriseID), "mentor.created", map[string]string{"mentor_id": m.ID})
	})
}

// ReadMentor gives one mentor of an enterprise, active or ended, to those who may list them: errs.NotFound not_found.
func (s *Service) ReadMentor(ctx context.Context, by accounts.Actor, enterpriseID, mentorID string) (*Mentor, error) {
	if err := s.mayEnterprise(ctx, by, "listMentors", enterpriseID); err != nil {
		return nil, err
	}
	m, err := s.mentors.Get(ctx, mentorID)
	return mentorOf(enterpriseID, m, err)
}

// mentorOf hides a mentor of somebody else.
func mentorOf(enterpriseID string, m *Mentor, err error) (*Mentor, error) {
	if storage.IsNotFound(err) || (err == nil && m.EnterpriseID != enterpriseID) {
		return nil, notFound()
	}
	return m, err
}

// UpdateMentor replaces what is written about an active mentor, with trainees or without (updateMentor). Places and drafts that name the mentor say the new
// words from now on; a paper from its rendering at ready on keeps what it says. It answers errs.NotFound not_found, errs.Stale stale_version,
// errs.Unprocessable mentor_ended, not_a_member or validation_failed.
func (s *Service) UpdateMentor(ctx context.Context, by accounts.Actor, enterpriseID, mentorID string, expect int64, in MentorInput) (*Mentor, error) {
	if err := s.mayEnterprise(ctx, by, "updateMentor", enterpriseID); err != nil {
		return nil, err
	}
	if err := s.checkMember(ctx, in.PersonID, enterpriseID); err != nil {
		return nil, err
	}
	var m *Mentor
	err := s.db.Tx(ctx, func(ctx context.Context) error {
		locked, err := s.mentors.Lock(ctx, mentorID)
		if m, err = mentorOf(enterpriseID, locked, err); err != nil {
			return err
		}
		if !m.EndedAt.IsZero() {
			return errs.New(errs.Unprocessable, "mentor_ended")
		}
		if err := fresh(m.Version, expect); err != nil {
			return err
		}
		if err := m.fill(in); err != nil {
			return err
		}
		if err := s.mentors.Save(ctx, m); err != nil {
			return err
		}
		return s.mentorStep(ctx, by, m, EventMentorChanged)
	})
	return m, err
}

// mentorStep writes a step into the trail and tells of it.
func (s *Service) mentorStep(ctx context.Context, by accounts.Actor, m *Mentor, event string) error {
	if err := s.record(ctx, by, organisationStream(m.EnterpriseID), event, map[string]string{"mentor_id": m.ID}); err != nil {
		return err
	}
	return s.box.Emit(ctx, event, m.ID, map[string]string{"enterprise_id": m.EnterpriseID})
}

// ListMentors lists an enterprise's mentors by name (listMentors); state "" means the active ones.
func (s *Service) ListMentors(
	ctx context.Context, by accounts.Actor, enterpriseID, state string, after storage.Cursor, limit int,
) (Page[*Mentor], error) {
	if err := s.mayEnterprise(ctx, by, "listMentors", enterpriseID); err != nil {
		return Page[*Mentor]{}, err
	}
	return listPage(ctx, s.mentors, enterpriseID, state, after, limit)
}

func listPage[T any, P document[T]](
	ctx context.Context, of *storage.Collection[T, P], organisationID, state string, after storage.Cursor, limit int,
) (Page[P], error) {
	if state == "" {
		state = StateActive
	}
	page, err := of.Page(ctx, storage.Where(storage.Eq("list", organisationID+"|"+state)).By("name").From(after).Take(limit))
	return Page[P]{Items: page.Items, Next: page.Next}, err
}

// inUse is the refusal to end what something still names.
func inUse() error { return errs.New(errs.Conflict, "in_use") }

// used asks an up-call that may be unset.
func used(ctx context.Context, ask func(context.Context, string) (bool, error), id string) error {
	if ask == nil {
		return nil
	}
	is, err := ask(ctx, id)
	if err == nil && is {
		return inUse()
	}
	return err
}

// EndMentor takes a mentor off the list (endMentor): nobody can choose the mentor any more, and concluded agreements keep the name until they are amended. A
// repeat changes nothing. It answers errs.NotFound not_found, errs.Conflict in_use while a published place or an agreement that is being signed names the
// mentor: there another can be named.
func (s *Service) EndMentor(ctx context.Context, by accounts.Actor, enterpriseID, mentorID string) error {
	if err := s.mayEnterprise(ctx, by, "endMentor", enterpriseID); err != nil {
		return err
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		locked, err := s.mentors.Lock(ctx, mentorID)
		m, err := mentorOf(enterpriseID, locked, err)
		if err != nil || !m.EndedAt.IsZero() {
			return err
		}
		if err := used(ctx, s.MentorInUse, mentorID); err != nil {
			return err
		}
		m.EndedAt = s.clock.Now()
		if err := s.mentors.Save(ctx, m); err != nil {
			return err
		}
		return s.mentorStep(ctx, by, m, EventMentorEnded)
	})
}
