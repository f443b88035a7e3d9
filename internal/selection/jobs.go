package selection

import (
	"context"
	"errors"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/outbox"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/storage"
)

// closeBatch is how many applications of a closed place are looked up at once; each is answered in a transaction of its own.
const closeBatch = 100

// Handlers are this domain's answers to events. All may run again.
func Handlers(s *Service) []outbox.Handler {
	return []outbox.Handler{
		{Name: "selection.close_applications", Types: []string{placements.EventClosed}, Timeout: 5 * time.Minute, Run: func(ctx context.Context, ev outbox.Event) error {
			return s.CloseApplications(ctx, ev.Subject)
		}},
		{Name: "selection.reserve", Types: []string{EventOfferDeclined, EventOfferExpired, EventOfferWithdrawn}, Run: func(ctx context.Context, ev outbox.Event) error {
			return s.passOn(ctx, ev.Subject)
		}},
		{Name: "selection.dissolved", Types: []string{EventMatchDissolved}, Run: func(ctx context.Context, ev outbox.Event) error {
			return s.afterDissolved(ctx, ev.Subject)
		}},
		// The types are those of interviews, which stands above: their data names the place.
		{Name: "selection.slots", Types: []string{"slots.offered", "slot.cancelled", "booking.booked", "booking.moved", "booking.cancelled"},
			Timeout: time.Minute, Run: func(ctx context.Context, ev outbox.Event) error {
				return s.SlotsChanged(ctx, ev.Data["placement"])
			}},
	}
}

// Jobs are this domain's clocks.
func Jobs(s *Service) []outbox.Job {
	return []outbox.Job{
		{Name: "selection.turns", Every: 10 * time.Minute, Run: s.runTurns},
		{Name: "selection.answer_clock", Every: 10 * time.Minute, Run: s.runAnswerClock},
		{Name: "selection.offer_expiry", Every: time.Minute, Run: s.runOfferExpiry},
		{Name: "selection.offer_reminders", Every: 10 * time.Minute, Run: s.runOfferReminders},
	}
}

// CloseApplications answers every open application of a closed place, withdrawing its open offers. It may be repeated and interrupted.
func (s *Service) CloseApplications(ctx context.Context, placementID string) error {
	p, err := s.Placements.Placement(ctx, placementID)
	if err != nil {
		return err
	}
	if p.State != placements.Closed {
		return nil
	}
	why := ClosedReason("placement_" + string(p.ClosedReason))
	for {
		apps, err := s.applications.Find(ctx, inPlace(placementID, LiveStates()...).Take(closeBatch))
		if err != nil || len(apps) == 0 {
			return err
		}
		for _, app := range apps {
			_, err := s.finish(ctx, accounts.SystemActor("closing"), app, EventClosed, ByClosing, func(app *Application, now time.Time) (bool, error) {
				return true, app.Close(why, now)
			})
			if err != nil {
				return err
			}
		}
	}
}

// runTurns looks whether times ran out by themselves: the last free one has begun, or a hold has ended.
func (s *Service) runTurns(ctx context.Context, _ time.Time) error {
	seen := map[string]bool{}
	err := s.applications.Each(ctx, storage.Where(storage.Eq("state", Shortlisted)), func(app *Application) error {
		seen[app.PlacementID] = true
		return nil
	})
	if err != nil {
		return err
	}
	var failed []error
	for placementID := range seen {
		if err := s.SlotsChanged(ctx, placementID); err != nil {
			failed = append(failed, err)
		}
	}
	return errors.Join(failed...)
}

// runAnswerClock ends what stayed unanswered, and reminds before that. One application that fails doesn't hold up the others.
func (s *Service) runAnswerClock(ctx context.Context, now time.Time) error {
	today := cal.DayOf(now)
	due, err := s.applications.Find(ctx, storage.Where(storage.Lte("clock", today)).By("clock"))
	if err != nil {
		return err
	}
	var failed []error
	for _, app := range due {
		step := s.remind
		if app.Overdue(today) {
			step = s.lapse
		}
		if err := step(ctx, app, today); err != nil {
			failed = append(failed, err)
		}
	}
	return errors.Join(failed...)
}

// lapse ends one application as unanswered and counts that for the enterprise's rate in the same transaction.
func (s *Service) lapse(ctx context.Context, app *Application, today cal.Day) error {
	return s.DB.Tx(ctx, func(ctx context.Context) error {
		lapsed, err := s.finish(ctx, accounts.SystemActor("unanswered"), app, EventUnanswered, "unanswered", func(app *Application, now time.Time) (bool, error) {
			if !app.Overdue(today) {
				return false, nil
			}
			return true, app.Lapse(now)
		})
		if err != nil || !lapsed {
			return err
		}
		return s.Placements.RecordAnswer(ctx, app.EnterpriseID, false, 0)
	})
}

// remind says once for each reminder day that the enterprise's time runs; of two that are due at once only one is sent.
func (s *Service) remind(ctx context.Context, seen *Application, today cal.Day) error {
	return s.DB.Tx(ctx, func(ctx context.Context) error {
		app, err := s.applications.Lock(ctx, seen.ID)
		if err != nil || app.RemindersDue(today) <= app.Reminders {
			return err
		}
		app.Reminders = app.RemindersDue(today)
		if err := s.applications.Save(ctx, app); err != nil {
			return err
		}
		return s.Box.Emit(ctx, EventAnswerDue, app.ID, map[string]string{"placement": app.PlacementID, "answer_by": string(app.AnswerBy)})
	})
}

// runOfferExpiry expires the offers whose time has passed.
func (s *Service) runOfferExpiry(ctx context.Context, now time.Time) error {
	due, err := s.offers.Find(ctx, storage.Where(storage.Lte("expires", now)).By("expires"))
	if err != nil {
		return err
	}
	var failed []error
	for _, offer := range due {
		err := s.DB.Tx(ctx, func(ctx context.Context) error {
			_, err := s.finishOffer(ctx, accounts.SystemActor("expiry"), offer, func(o *Offer, now time.Time) error { return o.Expire(now) })
			return err
		})
		if err != nil && !errs.Has(err, "offer_answered") { // answered meanwhile
			failed = append(failed, err)
		}
	}
	return errors.Join(failed...)
}

// runOfferReminders tells the applicant once that a day is left.
func (s *Service) runOfferReminders(ctx context.Context, now time.Time) error {
	soon, err := s.offers.Find(ctx, storage.Where(storage.Gt("expires", now), storage.Lte("expires", now.Add(24*time.Hour))))
	if err != nil {
		return err
	}
	var failed []error
	for _, seen := range soon {
		if !seen.ReminderDue(now) {
			continue
		}
		if err := s.remindOffer(ctx, seen.ID, now); err != nil {
			failed = append(failed, err)
		}
	}
	return errors.Join(failed...)
}

func (s *Service) remindOffer(ctx context.Context, offerID string, now time.Time) error {
	return s.DB.Tx(ctx, func(ctx context.Context) error {
		offer, err := s.offers.Lock(ctx, offerID)
		if err != nil || !offer.ReminderDue(now) {
			return err
		}
		offer.RemindedAt = now
		if err := s.offers.Save(ctx, offer); err != nil {
			return err
		}
		return s.Box.Emit(ctx, EventOfferEnding, offer.ID, map[string]string{"application": offer.ApplicationID})
	})
}
