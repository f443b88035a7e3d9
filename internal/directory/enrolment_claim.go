package directory

import (
	"context"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/id"
	"github.com/orynda/orynda/internal/storage"
)

// Claim is what a person says about the own studies.
type Claim struct {
	CollegeID, Group, IIN string
	BirthDate             cal.Day
}

func enrolmentExists() error { return errs.New(errs.Conflict, "enrolment_exists") }

// ClaimEnrolment makes a claim that the college's coordinator confirms (claimEnrolment); one whose proved mail address stands in the roster is
// confirmed at once. IIN and birth date are written to the profile. A claim that still waits is replaced. Whether the roster knows the person
// can't be seen from the answer otherwise. It answers errs.Conflict enrolment_exists or iin_taken, errs.Unprocessable validation_failed
// (unknown_college, iin_malformed, iin_check_digit, iin_birth_date_mismatch, iin_differs_from_profile …).
func (s *Service) ClaimEnrolment(ctx context.Context, by accounts.Actor, in Claim) (*EnrolmentView, error) {
	if err := s.policy.Permit(by, "claimEnrolment", signedIn(by)...); err != nil {
		return nil, err
	}
	if locked, err := s.IdentityLocked(ctx, by.PersonID); err != nil || locked {
		if locked {
			err = enrolmentExists()
		}
		return nil, err
	}
	if err := s.checkClaim(ctx, by, &in); err != nil {
		return nil, err
	}
	var e *Enrolment
	err := s.db.Tx(ctx, func(ctx context.Context) (err error) {
		// First of all, because whoever proves a mail address also takes the account before the file.
		identity := accounts.Identity{IIN: in.IIN, BirthDate: in.BirthDate}
		if err := s.accounts.SetIdentity(ctx, by.PersonID, identity); err != nil {
			return err
		}
		e, err = s.claim(ctx, by, in)
		return err
	})
	if err != nil {
		return nil, err
	}
	return s.EnrolmentView(ctx, e)
}

func (s *Service) checkClaim(ctx context.Context, by accounts.Actor, in *Claim) error {
	var f form
	if _, err := s.College(ctx, in.CollegeID); storage.IsNotFound(err) {
		f.add("college_id", "unknown_college")
	} else if err != nil {
		return err
	}
	f.text("group", &in.Group, &in.Group, 1, MaxGroup)
	if in.IIN == "" {
		f.add("iin", "required")
	}
	if in.BirthDate == "" {
		f.add("birth_date", "required")
	}
	f.bad = append(f.bad, accounts.CheckIdentity(accounts.Identity{IIN: in.IIN, BirthDate: in.BirthDate}, "", s.today())...)
	known, err := s.accounts.Identity(ctx, by.PersonID)
	if err != nil {
		return err
	}
	if known.IIN != "" && known.IIN != in.IIN {
		f.add("iin", "iin_differs_from_profile")
	}
	return f.finish()
}

// claim is the transaction's part of ClaimEnrolment.
func (s *Service) claim(ctx context.Context, by accounts.Actor, in Claim) (*Enrolment, error) {
	file, err := s.lockFile(ctx, by.PersonID)
	if err != nil {
		return nil, err
	}
	if err := s.replaceClaim(ctx, by, file); err != nil {
		return nil, err
	}
	p, err := s.accounts.Person(ctx, by.PersonID)
	if err != nil {
		return nil, err
	}
	e := &Enrolment{
		ID: id.New(prefixEnrolment), CreatedAt: s.clock.Now(), PersonID: p.ID, CollegeID: in.CollegeID, FullName: p.FullName,
		Group: in.Group, State: EnrolmentClaimed,
	}
	row, data, err := s.rowForClaim(ctx, p, e, in)
	if err != nil {
		return nil, err
	}
	e.RowID = row.ID
	event := EventEnrolmentClaimed
	if row.Match == MatchEmail {
		e.State, e.ConfirmedAt, event = EnrolmentConfirmed, s.clock.Now(), EventEnrolmentConfirmed
		e.set(data.Studies)
		e.FullName = data.FullName
	}
	row.tie(e)
	if err := s.putRow(ctx, row); err != nil {
		return nil, err
	}
	if err := s.enrolments.Insert(ctx, e); err != nil {
		return nil, err
	}
	if err := s.setLive(ctx, file, e.ID); err != nil {
		return nil, err
	}
	return e, s.tell(ctx, by, e, event, nil)
}

// replaceClaim ends the claim that still waits, in a file that is locked; a confirmed enrolment is errs.Conflict enrolment_exists.
func (s *Service) replaceClaim(ctx context.Context, by accounts.Actor, file *studentFile) error {
	if file.EnrolmentID == "" {
		return nil
	}
	e, err := s.enrolments.Lock(ctx, file.EnrolmentID)
	if err != nil {
		return err
	}
	if e.State == EnrolmentConfirmed {
		return enrolmentExists()
	}
	return s.finishEnrolment(ctx, by, file, e, Ending{Reason: EndLeft, EndedOn: s.today()})
}

// rowForClaim finds the roster's row that the claim means, locked, or makes one outside the roster, unsaved (Version 0).
func (s *Service) rowForClaim(ctx context.Context, p *accounts.Person, e *Enrolment, in Claim) (*rosterRow, rosterData, error) {
	known, err := s.rows.First(ctx, storage.Where(storage.Eq("known", e.CollegeID+"|"+s.ring.Lookup("iin", in.IIN))))
	if err == nil {
		row, err := s.rows.Lock(ctx, known.ID)
		if err != nil {
			return nil, rosterData{}, err
		}
		data, err := s.openRow(row)
		if err != nil {
			return nil, rosterData{}, err
		}
		if row.InRoster && row.EnrolmentID == "" {
			row.Match = matchOf(data, in, p)
			return row, data, nil
		}
		// Somebody else was linked to this row by mail: the coordinator decides between the two.
	} else if !storage.IsNotFound(err) {
		return nil, rosterData{}, err
	}
	data := rosterData{FullName: p.FullName, IIN: in.IIN, BirthDate: in.BirthDate, Studies: Studies{Group: in.Group}}
	row := &rosterRow{ID: id.New(prefixRosterRow), CreatedAt: s.clock.Now(), CollegeID: e.CollegeID, Match: MatchNone}
	return row, data, s.sealRow(row, data)
}

// matchOf says how a row and a claim with the same IIN belong together.
func matchOf(data rosterData, in Claim, p *accounts.Person) string {
	switch {
	case data.Email != "" && data.Email == p.Email && p.EmailProved() && data.BirthDate == in.BirthDate:
		return MatchEmail
	case data.BirthDate == in.BirthDate:
		return MatchIINAndBirthDate
	}
	return MatchIINOnly
}
