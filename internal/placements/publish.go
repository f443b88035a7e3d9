package placements

import (
	"context"
	"slices"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/placements/rules"
)

// facts is what the checks look at beside the place.
type facts struct {
	enterprise *directory.Enterprise
	mentor     *directory.Mentor // nil where none is named or it doesn't exist
}

// judge gathers the facts and asks check.
func (s *Service) judge(ctx context.Context, look *lookup, p *Placement, check func(f facts) []errs.Field) ([]errs.Field, error) {
	var f facts
	var err error
	if f.enterprise, err = look.enterprise(ctx, p.EnterpriseID); err != nil {
		return nil, err
	}
	if f.enterprise == nil {
		return nil, errs.Missing("enterprise")
	}
	if f.mentor, err = look.mentor(ctx, p.MentorID); err != nil {
		return nil, err
	}
	return check(f), nil
}

// refused turns failing checks into the refusal: an enterprise that isn't verified may not publish at all (Forbidden
// enterprise_not_verified), else Unprocessable legal_check_failed; both name every field.
func refused(fields []errs.Field) error {
	if len(fields) == 0 {
		return nil
	}
	if slices.ContainsFunc(fields, func(f errs.Field) bool { return f.Code == codeNotVerified }) {
		return errs.New(errs.Forbidden, codeNotVerified).WithFields(fields...)
	}
	return errs.New(errs.Unprocessable, "legal_check_failed").WithFields(fields...)
}

// Publish checks a draft by every rule of moment P at once, makes it public, and files it with the chamber of each workplace's region, all in
// one step. What follows from the rest is filled in: a minimum age that wasn't said, and the level of the qualification. The errors: Conflict wrong_state and
// answers_overdue, Forbidden enterprise_not_verified, Unprocessable legal_check_failed.
func (s *Service) Publish(ctx context.Context, a accounts.Actor, placementID string) (*View, error) {
	return s.act(ctx, a, "publishPlacement", placementID, 0, func(ctx context.Context, t *taken) (bool, error) {
		if t.place.State != Draft {
			return false, wrongState()
		}
		if err := s.answersDue(ctx, t.place.EnterpriseID); err != nil {
			return false, err
		}
		look := s.lookup()
		r := rules.InForce(cal.DayOf(t.now))
		fields, err := s.judge(ctx, look, t.place, func(f facts) []errs.Field {
			return CheckPublish(t.place, f.enterprise, f.mentor, s.d.Reference, cal.DayOf(t.now), r)
		})
		if err != nil {
			return false, err
		}
		if err := refused(fields); err != nil {
			return false, err
		}
		fillIn(t.place, s.d.Reference, r)
		if err := t.place.Publish(r.Version, t.now); err != nil {
			return false, err
		}
		if err := s.refile(ctx, look, t, nil, nil); err != nil {
			return false, err
		}
		return true, s.tell(ctx, a, EventPublished, placementID, map[string]string{"rules": r.Version})
	})
}

// fillIn says what follows from the rest.
func fillIn(p *Placement, ref *directory.Reference, r rules.Rules) {
	if p.MinAge == 0 {
		p.MinAge = r.DefaultAge(p.WeeklyHours, p.NightWork, p.Hazardous)
	}
	if t, ok := tradeOf(p, ref); ok && p.Level == "" {
		p.Level = t.level
	}
}

// Pause takes a published place out of the search; open applications, interviews and offers go on, and so does the deadline. Conflict
// wrong_state.
func (s *Service) Pause(ctx context.Context, a accounts.Actor, placementID string) (*View, error) {
	return s.act(ctx, a, "pausePlacement", placementID, 0, func(ctx context.Context, t *taken) (bool, error) {
		if err := t.place.Pause(""); err != nil {
			return false, err
		}
		return true, s.tell(ctx, a, EventPaused, placementID, nil)
	})
}

// Resume puts a paused place back into the search, if it still keeps the rules. The errors: Conflict wrong_state (also when the deadline has
// passed) and answers_overdue, Unprocessable legal_check_failed.
func (s *Service) Resume(ctx context.Context, a accounts.Actor, placementID string) (*View, error) {
	return s.act(ctx, a, "resumePlacement", placementID, 0, func(ctx context.Context, t *taken) (bool, error) {
		if err := t.place.Resume(t.now); err != nil {
			return false, err
		}
		if err := s.answersDue(ctx, t.place.EnterpriseID); err != nil {
			return false, err
		}
		r := rules.InForce(cal.DayOf(t.now))
		fields, err := s.judge(ctx, s.lookup(), t.place, func(f facts) []errs.Field {
			return CheckStanding(t.place, f.enterprise, f.mentor, s.d.Reference, r)
		})
		if err != nil {
			return false, err
		}
		if err := refused(fields); err != nil {
			return false, err
		}
		t.place.Check = Check{Rules: r.Version, At: t.now}
		return true, s.tell(ctx, a, EventResumed, placementID, map[string]string{"rules": r.Version})
	})
}

// Close withdraws a place for good; the comment goes to those whose applications end with it. Its open applications and offers are ended by
// selection, which hears of placement.closed. Conflict wrong_state; Unprocessable bad_request.
func (s *Service) Close(ctx context.Context, a accounts.Actor, placementID, comment string) (*View, error) {
	return s.act(ctx, a, "closePlacement", placementID, 0, func(ctx context.Context, t *taken) (bool, error) {
		var c limitCheck
		if c.length("comment", comment, MaxCloseComment); len(c.out) > 0 {
			return false, badInput(c.out)
		}
		return true, s.close(ctx, t, Withdrawn, comment)
	})
}

// close ends the place and says so.
func (s *Service) close(ctx context.Context, t *taken, reason ClosedReason, comment string) error {
	if err := t.place.Close(reason, comment, t.now); err != nil {
		return err
	}
	return s.tell(ctx, t.by, EventClosed, t.place.ID, map[string]string{"reason": string(reason)})
}

// SeatConcluded counts a concluded agreement, in the caller's transaction; when every seat has one, the place closes as filled. On a closed place it
// only counts.
func (s *Service) SeatConcluded(ctx context.Context, placementID string) error {
	t, err := s.take(ctx, accounts.SystemActor("filled"), placementID)
	if err != nil {
		return err
	}
	t.sheet.Concluded++
	if !t.place.Live() || !t.sheet.Filled() {
		return s.SaveSheet(ctx, t.sheet)
	}
	if err := s.close(ctx, t, Filled, ""); err != nil {
		return err
	}
	return s.put(ctx, t)
}

// SeatReopened takes back a count of [Service.SeatConcluded], in the caller's transaction, when a concluded agreement was terminated. A closed place
// stays closed.
func (s *Service) SeatReopened(ctx context.Context, placementID string) error {
	sh, err := s.LockSheet(ctx, placementID)
	if err != nil {
		return err
	}
	sh.Concluded = max(0, sh.Concluded-1)
	return s.SaveSheet(ctx, sh)
}
