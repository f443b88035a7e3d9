package interviews

import (
	"context"
	"time"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/outbox"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/storage"
)

// Handlers are this domain's answers to events. All may run again.
func Handlers(s *Service) []outbox.Handler {
	return []outbox.Handler{
		{Name: "interviews.close_slots", Types: []string{placements.EventClosed}, Timeout: 5 * time.Minute, Run: func(ctx context.Context, ev outbox.Event) error {
			return s.ClosePlacement(ctx, ev.Subject)
		}},
	}
}

// Jobs are this domain's clocks.
func Jobs(s *Service) []outbox.Job {
	return []outbox.Job{
		{Name: "interviews.reminders", Every: 5 * time.Minute, Run: s.runReminders},
		{Name: "interviews.scorecards_due", Every: time.Hour, Run: s.runScorecardsDue},
		{Name: "interviews.forget_days", Every: 24 * time.Hour, Run: s.forgetDays},
	}
}

// daysKept is how long the calendar of a past day is kept, in days; forgetBatch how many are read at once.
const (
	daysKept    = 60
	forgetBatch = 200
)

// forgetDays deletes the calendars of days long past: nothing more can be taken on them, and slots and bookings tell what was. It may be repeated.
func (s *Service) forgetDays(ctx context.Context, now time.Time) error {
	old := storage.Where(storage.Lt("day", string(cal.DayOf(now).Add(-daysKept)))).Take(forgetBatch)
	for {
		days, err := s.calendars.Find(ctx, old)
		if err != nil {
			return err
		}
		for _, d := range days {
			if err := s.calendars.Delete(ctx, d.ID); err != nil && !storage.IsNotFound(err) {
				return err
			}
		}
		if len(days) < forgetBatch {
			return nil
		}
	}
}

// runReminders tells those who come a day and two hours before. A reminder is marked before it is sent, so it goes out at most once; whether it still
// holds is looked up when it is sent.
func (s *Service) runReminders(ctx context.Context, now time.Time) error {
	soon, err := s.bookings.Find(ctx, storage.Where(storage.Eq("state", Booked), storage.Gt("starts", now), storage.Lte("starts", now.Add(24*time.Hour))).By("starts"))
	if err != nil {
		return err
	}
	for _, seen := range soon {
		if seen.RemindersDue(now) <= seen.Reminded {
			continue
		}
		err := s.DB.Tx(ctx, func(ctx context.Context) error {
			b, err := s.bookings.Lock(ctx, seen.ID)
			if err != nil || b.RemindersDue(now) <= b.Reminded {
				return err
			}
			b.Reminded = b.RemindersDue(now)
			if err := s.bookings.Save(ctx, b); err != nil {
				return err
			}
			return s.Box.Emit(ctx, EventReminder, b.ID, nil)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// runScorecardsDue reminds the enterprise once of a scorecard that is overdue.
func (s *Service) runScorecardsDue(ctx context.Context, now time.Time) error {
	held, err := s.bookings.Find(ctx, storage.Where(
		storage.Eq("state", Attended), storage.Lte("starts", now.Add(-ScorecardDue)), storage.Gt("starts", now.Add(-2*ScorecardDue))))
	if err != nil {
		return err
	}
	for _, seen := range held {
		if seen.ScorecardID != "" || seen.ScoreReminded {
			continue
		}
		err := s.DB.Tx(ctx, func(ctx context.Context) error {
			b, err := s.bookings.Lock(ctx, seen.ID)
			if err != nil || b.ScorecardID != "" || b.ScoreReminded {
				return err
			}
			b.ScoreReminded = true
			if err := s.bookings.Save(ctx, b); err != nil {
				return err
			}
			return s.Box.Emit(ctx, EventScoreDue, b.ID, nil)
		})
		if err != nil {
			return err
		}
	}
	return nil
}
