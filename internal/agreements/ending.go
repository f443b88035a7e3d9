package agreements

import (
	"context"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"
)

// ConfirmInput is one side's word that the training was completed.
type ConfirmInput struct {
	Date   cal.Day
	Reason string
	Hired  *bool // enterprise only
}

// Complete confirms for the college or the enterprise that the training was completed (completeAgreement; R50 22.17, 26.16). The second side's word
// completes the agreement; a side that confirms again before that replaces its word. A completed agreement is answered unchanged. Its refusals:
// Conflict not_concluded, wrong_state; Unprocessable too_early, date_in_future, validation_failed (hired from the college).
func (s *Service) Complete(ctx context.Context, by accounts.Actor, agreementID string, in ConfirmInput) (*Agreement, error) {
	return s.act(ctx, by, "completeAgreement", agreementID, func(ctx context.Context, w *acting) (bool, error) {
		a := w.a
		if a.State == Completed {
			return false, nil
		}
		if err := a.ending(); err != nil {
			return false, err
		}
		if err := a.mayConfirm(w, in); err != nil {
			return false, err
		}
		a.confirm(w, in)
		if err := s.tell(ctx, a, step{by: by, party: w.party, event: EventConfirmed, reason: in.Reason, data: map[string]string{"date": string(in.Date)}}); err != nil {
			return false, err
		}
		if a.Completion.College == nil || a.Completion.Enterprise == nil {
			return true, nil
		}
		return true, s.complete(ctx, w)
	})
}

// ending says whether the agreement can be completed or terminated.
func (a *Agreement) ending() error {
	switch {
	case a.State.Open():
		return errs.New(errs.Conflict, "not_concluded")
	case !a.State.Binding():
		return a.wrongState()
	}
	return nil
}

func (a *Agreement) mayConfirm(w *acting, in ConfirmInput) error {
	day := today(w.now)
	dated := func(code string) error {
		return errs.New(errs.Unprocessable, code).WithFields(errs.Field{Field: "date", Code: code})
	}
	switch {
	case !in.Date.Valid():
		return errs.InvalidFields([]errs.Field{{Field: "date", Code: "bad_format"}})
	case day < a.Terms.StartsOn || in.Date < a.Terms.StartsOn:
		return dated("too_early")
	case in.Date > day:
		return dated("date_in_future")
	case in.Hired != nil && w.party == ByCollege:
		return errs.New(errs.Unprocessable, "validation_failed").WithFields(errs.Field{Field: "hired", Code: "not_allowed"})
	}
	return errs.InvalidFields(errs.Longer("reason", in.Reason, MaxReason))
}

// confirm keeps one side's word.
func (a *Agreement) confirm(w *acting, in ConfirmInput) {
	if a.Completion == nil {
		a.Completion = &Completion{}
	}
	word := &Confirmation{Date: in.Date, At: w.now, PersonID: w.by.PersonID, Person: w.name, Reason: in.Reason}
	if w.party == ByCollege {
		a.Completion.College = word
		return
	}
	a.Completion.Enterprise, a.Completion.Hired = word, in.Hired
}

// complete ends the agreement with the second word.
func (s *Service) complete(ctx context.Context, w *acting) error {
	a := w.a
	a.State = Completed
	a.Completion.CompletedOn = max(a.Completion.College.Date, a.Completion.Enterprise.Date)
	if err := s.releaseMentor(ctx, a); err != nil {
		return err
	}
	if err := s.Selection.CompleteMatch(ctx, a.MatchID); err != nil {
		return err
	}
	data := map[string]string{"date": string(a.Completion.CompletedOn)}
	return s.tell(ctx, a, step{by: w.by, party: w.party, event: EventCompleted, data: data})
}

// Terminate ends a concluded agreement early and dissolves its match in the same transaction (terminateAgreement). A day before starts_on says that the
// training never began. A terminated agreement is answered unchanged. Its refusals: Conflict not_concluded, wrong_state; Unprocessable
// date_in_future, date_before_conclusion.
func (s *Service) Terminate(ctx context.Context, by accounts.Actor, agreementID, reason string, date cal.Day) (*Agreement, error) {
	reason, err := checkReason(reason)
	if err != nil {
		return nil, err
	}
	return s.act(ctx, by, "terminateAgreement", agreementID, func(ctx context.Context, w *acting) (bool, error) {
		a := w.a
		if a.State == Terminated {
			return false, nil
		}
		if err := a.ending(); err != nil {
			return false, err
		}
		if err := a.mayEndOn(date, today(w.now)); err != nil {
			return false, err
		}
		a.State = Terminated
		a.Termination = &Termination{
			Date: date, Reason: reason, Party: w.party, PersonID: by.PersonID, Person: w.name, At: w.now, TrainingBegan: date >= a.Terms.StartsOn,
		}
		if err := s.releaseMentor(ctx, a); err != nil {
			return false, err
		}
		if err := s.Selection.Dissolve(ctx, a.MatchID, "agreement_terminated"); err != nil {
			return false, err
		}
		if err := s.Placements.SeatReopened(ctx, a.PlacementID); err != nil {
			return false, err
		}
		data := map[string]string{"date": string(date), "chamber": a.ChamberID}
		return true, s.tell(ctx, a, step{by: by, party: w.party, event: EventTerminated, reason: reason, data: data})
	})
}

func (a *Agreement) mayEndOn(date, day cal.Day) error {
	refuse := func(code string) error {
		return errs.New(errs.Unprocessable, code).WithFields(errs.Field{Field: "date", Code: code})
	}
	switch {
	case !date.Valid():
		return errs.InvalidFields([]errs.Field{{Field: "date", Code: "bad_format"}})
	case date > day:
		return refuse("date_in_future")
	case date < today(a.ConcludedAt):
		return refuse("date_before_conclusion")
	}
	return nil
}
