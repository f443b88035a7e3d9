package directory

import (
	"context"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/storage"
)

// Ending is how an enrolment ends. An empty reason means claim_refused for a claim and left otherwise; an empty day means today.
type Ending struct {
	Reason, Comment string
	EndedOn         cal.Day
}

// EndEnrolment ends an enrolment or refuses a claim (endEnrolment); a repeat changes nothing. [Service.OnEnrolmentEnded] is told of a confirmed one.
// It answers errs.Unprocessable date_in_future, reason_not_fitting or validation_failed.
func (s *Service) EndEnrolment(ctx context.Context, by accounts.Actor, id string, in Ending) (*EnrolmentView, error) {
	e, err := s.enrolmentFor(ctx, by, "endEnrolment", id)
	if err != nil {
		return nil, err
	}
	var f form
	f.text("comment", &in.Comment, &in.Comment, 0, MaxComment)
	f.day("ended_on", &in.EndedOn, &in.EndedOn)
	if err := f.finish(); err != nil {
		return nil, err
	}
	if in.EndedOn == "" {
		in.EndedOn = s.today()
	}
	if in.EndedOn > s.today() {
		return nil, errs.New(errs.Unprocessable, "date_in_future").WithFields(errs.Field{Field: "ended_on", Code: "date_in_future"})
	}
	e, err = s.end(ctx, by, e.PersonID, id, in)
	if err != nil {
		return nil, err
	}
	return s.EnrolmentView(ctx, e)
}

// end is EndEnrolment without the questions of permission.
func (s *Service) end(ctx context.Context, by accounts.Actor, personID, id string, in Ending) (e *Enrolment, err error) {
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		file, err := s.lockFile(ctx, personID)
		if err != nil {
			return err
		}
		if e, err = s.enrolments.Lock(ctx, id); err != nil || e.State == EnrolmentEnded {
			return err
		}
		how := in
		if how.Reason == "" {
			how.Reason = EndLeft
			if e.State == EnrolmentClaimed {
				how.Reason = EndClaimRefused
			}
		}
		if !validEnd(e.State, how.Reason) {
			return errs.New(errs.Unprocessable, "reason_not_fitting").WithFields(errs.Field{Field: "reason", Code: "reason_not_fitting"})
		}
		return s.finishEnrolment(ctx, by, file, e, how)
	})
	return e, err
}

// finishEnrolment ends a live enrolment; file and enrolment are locked.
func (s *Service) finishEnrolment(ctx context.Context, by accounts.Actor, file *studentFile, e *Enrolment, how Ending) error {
	before := e.State
	e.State, e.EndedAt, e.EndedOn, e.EndReason, e.EndComment = EnrolmentEnded, s.clock.Now(), how.EndedOn, how.Reason, how.Comment
	if err := s.untie(ctx, e, before); err != nil {
		return err
	}
	if err := s.enrolments.Save(ctx, e); err != nil {
		return err
	}
	if file.EnrolmentID == e.ID {
		if err := s.setLive(ctx, file, ""); err != nil {
			return err
		}
	}
	err := s.tell(ctx, by, e, EventEnrolmentEnded, map[string]string{"reason": how.Reason, "before": string(before)})
	if err != nil || before != EnrolmentConfirmed || s.OnEnrolmentEnded == nil {
		return err
	}
	return s.OnEnrolmentEnded(ctx, e)
}

// untie parts the row from an ended enrolment: after a claim it is free again (or gone, if the roster didn't know it), after a confirmed enrolment it is
// off the roster.
func (s *Service) untie(ctx context.Context, e *Enrolment, before EnrolmentState) error {
	row, err := s.rows.Lock(ctx, e.RowID)
	if storage.IsNotFound(err) {
		return nil
	}
	if err != nil || row.EnrolmentID != e.ID {
		return err
	}
	if before == EnrolmentClaimed && row.InRoster {
		row.PersonID, row.EnrolmentID, row.Tie, row.Match = "", "", EnrolmentUnlinked, ""
		return s.rows.Save(ctx, row)
	}
	row.InRoster, row.Tie = false, EnrolmentEnded
	return s.rows.Save(ctx, row)
}

// Erase parts a person who deletes the account from the directory, in the same transaction (accounts' OnErase): the enrolment ends, the roster's
// row belongs to the college and stays without the tie, guardians that the person named or was are gone.
func (s *Service) Erase(ctx context.Context, p *accounts.Person) error {
	file, err := s.lockFile(ctx, p.ID)
	if err != nil {
		return err
	}
	by := accounts.Actor{PersonID: p.ID}
	e, err := s.liveOf(ctx, file)
	if err != nil {
		return err
	}
	if e != nil {
		if err := s.finishEnrolment(ctx, by, file, e, Ending{Reason: EndLeft, EndedOn: s.today()}); err != nil {
			return err
		}
	}
	past, err := s.enrolments.Find(ctx, storage.Where(storage.Eq("person", p.ID)))
	if err != nil {
		return err
	}
	for _, old := range past {
		old.FullName = ""
		if err := s.enrolments.Save(ctx, old); err != nil {
			return err
		}
		if err := s.forgetRow(ctx, old); err != nil {
			return err
		}
	}
	return s.eraseGuardians(ctx, file)
}

// forgetRow deletes the row of an ended enrolment that isn't on the roster.
func (s *Service) forgetRow(ctx context.Context, e *Enrolment) error {
	row, err := s.rows.Lock(ctx, e.RowID)
	if storage.IsNotFound(err) {
		return nil
	}
	if err != nil || row.InRoster || row.EnrolmentID != e.ID {
		return err
	}
	return s.rows.Delete(ctx, row.ID)
}
