package agreements

import (
	"context"
	"strings"
	"time"

	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/placements/rules"
	"github.com/orynda/orynda/internal/storage"
)

// clockBatch is how many agreements a run looks at before it asks for more.
const clockBatch = 200

// runClocks does what is due: agreements not concluded in time go back to draft, drafts whose training should have begun long ago and those without an
// enrolment are cancelled with their match, the chamber is reminded on its last day. It may run again.
func (s *Service) runClocks(ctx context.Context, now time.Time) error {
	q := storage.Where(storage.Lte("due", today(now))).By("due").Take(clockBatch)
	for {
		due, err := s.agreements.Find(ctx, q)
		if err != nil {
			return err
		}
		for _, a := range due {
			if err := s.DB.Tx(ctx, func(ctx context.Context) error { return s.tick(ctx, a.ID, now) }); err != nil {
				return err
			}
		}
		if len(due) < clockBatch {
			return nil
		}
		last := due[len(due)-1]
		q = q.From(storage.Cursor{Value: string(last.Due()), ID: last.ID})
	}
}

// tick does what is due for one agreement, which may have moved on meanwhile.
func (s *Service) tick(ctx context.Context, agreementID string, now time.Time) error {
	a, err := s.lock(ctx, agreementID)
	if err != nil {
		return err
	}
	day := today(now)
	switch {
	case a.State.Frozen() && day >= a.Terms.StartsOn:
		return s.periodPassed(ctx, a)
	case a.State.Frozen() && day > a.SignUntil():
		return s.expire(ctx, a, now)
	case a.State == Draft && day > a.Terms.StartsOn.Add(StaleDraftDays):
		return s.giveUp(ctx, a, now, "period_passed")
	case a.State == Draft && !a.NoEnrolmentSince.IsZero() && day > a.enrolmentBy():
		return s.withoutEnrolment(ctx, a, now)
	case a.State == Concluded && a.Regime == rules.R50 && day >= a.RegisterBy:
		return s.remindOne(ctx, a, now, []Waiting{{ByChamber, ActRegister, a.RegisterBy}})
	}
	return nil
}

// expire sends an agreement back to draft that was not concluded within its days.
func (s *Service) expire(ctx context.Context, a *Agreement, now time.Time) error {
	w := asSystem(a, "signing", now)
	if err := s.backToDraft(ctx, w, CauseSigningExpired, ""); err != nil {
		return err
	}
	if err := s.tell(ctx, a, step{by: w.by, party: BySystem, event: EventSigningExpired}); err != nil {
		return err
	}
	return s.save(ctx, a, now)
}

// withoutEnrolment cancels a draft whose student got no enrolment in time; one who got it meanwhile goes on.
func (s *Service) withoutEnrolment(ctx context.Context, a *Agreement, now time.Time) error {
	e, err := found(s.Directory.Enrolment(ctx, a.StudentID))
	if err != nil {
		return err
	}
	enrolled := e != nil && e.CollegeID == a.CollegeID && e.State == directory.EnrolmentConfirmed
	if enrolled && (!a.Citizen || a.Enrolment != nil) {
		a.NoEnrolmentSince = time.Time{}
		return s.save(ctx, a, now)
	}
	return s.giveUp(ctx, a, now, "enrolment_missing")
}

// giveUp cancels a draft by the system and dissolves its match.
func (s *Service) giveUp(ctx context.Context, a *Agreement, now time.Time, reason string) error {
	if err := s.cancel(ctx, asSystem(a, "clock", now), reason); err != nil {
		return err
	}
	if err := s.save(ctx, a, now); err != nil {
		return err
	}
	why := "agreement_cancelled"
	if reason == "enrolment_missing" {
		why = reason
	}
	return s.Selection.Dissolve(ctx, a.MatchID, why)
}

// runReminders reminds of agreements that stand still: after three days, then daily, at most once in 24 hours.
func (s *Service) runReminders(ctx context.Context, now time.Time) error {
	waiting, err := s.agreements.Find(ctx, storage.Where(storage.In("state", Draft, Ready, Signing, Awaiting)))
	if err != nil {
		return err
	}
	for _, seen := range waiting {
		if !seen.remindable(now) {
			continue
		}
		err := s.DB.Tx(ctx, func(ctx context.Context) error {
			a, err := s.lock(ctx, seen.ID)
			if err != nil || !a.remindable(now) {
				return err
			}
			return s.remindWaiting(ctx, a, now)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// remindable reports whether a reminder may go out: nothing happened for three days, none within 24 hours; a draft is reminded of once in three days.
func (a *Agreement) remindable(now time.Time) bool {
	pause := remindEvery
	if a.State == Draft {
		pause = remindAfter
	}
	moved := a.UpdatedAt
	if moved.Equal(a.RemindedAt) {
		return now.Sub(a.RemindedAt) >= pause && (a.State.Frozen() || a.State == Draft)
	}
	return (a.State.Frozen() || a.State == Draft) && now.Sub(moved) >= remindAfter && now.Sub(a.RemindedAt) >= remindEvery
}

func (s *Service) remindWaiting(ctx context.Context, a *Agreement, now time.Time) error {
	p, err := s.partiesOf(ctx, a)
	if err != nil {
		return err
	}
	var gaps []Gap
	if a.State == Draft {
		if gaps, err = s.gaps(ctx, a, p, now); err != nil {
			return err
		}
	}
	return s.remindOne(ctx, a, now, a.WaitingFor(p, gaps, today(now)))
}

// remindOne marks the reminder and tells; the mark is stored with the event, so a reminder goes out at most once.
func (s *Service) remindOne(ctx context.Context, a *Agreement, now time.Time, waiting []Waiting) error {
	if len(waiting) == 0 || now.Sub(a.RemindedAt) < remindEvery {
		return nil
	}
	var parties []string
	for _, w := range waiting {
		parties = append(parties, string(w.Party))
	}
	a.RemindedAt = now
	by := asSystem(a, "reminders", now)
	data := map[string]string{"waiting": strings.Join(parties, ",")}
	if err := s.tell(ctx, a, step{by: by.by, party: BySystem, event: EventReminded, data: data}); err != nil {
		return err
	}
	return s.save(ctx, a, now)
}
