package selection

import (
	"context"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/outbox"
	"github.com/orynda/orynda/internal/storage"
)

// closeBatch is how many applications of a closed place are answered before the next look at the lease.
const closeBatch = 100

// Handlers are this domain's answers to events. All may run again.
func (s *Service) Handlers() []outbox.Handler {
	return []outbox.Handler{
		{Name: "selection.close_applications", Types: []string{"placement.closed"}, Run: func(ctx context.Context, ev outbox.Event) error {
			return s.CloseApplications(ctx, ev.Subject)
		}},
		{Name: "selection.reserve", Types: []string{EventOfferDeclined, EventOfferExpired}, Run: func(ctx context.Context, ev outbox.Event) error {
			return s.passOn(ctx, ev.Subject)
		}},
		{Name: "selection.dissolved", Types: []string{EventMatchDissolved}, Run: func(ctx context.Context, ev outbox.Event) error {
			return s.afterDissolved(ctx, ev.Subject)
		}},
		{Name: "selection.slots", Types: []string{"slots.offered", "slot.cancelled"}, Run: func(ctx context.Context, ev outbox.Event) error {
			return s.SlotsChanged(ctx, ev.Data["placement"])
		}},
	}
}

// Jobs are this domain's clocks.
func (s *Service) Jobs() []outbox.Job {
	return []outbox.Job{
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
	if string(p.State) != "closed" {
		return nil
	}
	why := ClosedReason("placement_" + string(p.ClosedReason))
	for {
		apps, err := s.applications.Find(ctx, inPlace(placementID, LiveStates()...).Take(closeBatch))
		if err != nil || len(apps) == 0 {
			return err
		}
		for _, app := range apps {
			err := s.finish(ctx, accounts.SystemActor("closing"), app, EventClosed, string(why), func(app *Application, now time.Time) error {
				return app.Close(why, now)
			})
			if err != nil {
				return err
			}
		}
	}
}

// passOn offers the seat of a declined or expired offer to the next in reserve.
func (s *Service) passOn(ctx context.Context, offerID string) error {
	offer, err := s.Offer(ctx, offerID)
	if err != nil || !offer.State.Frees() {
		return err
	}
	return s.offerNext(ctx, offer)
}

// afterDissolved brings superseded applications back and lets the reserve go on.
func (s *Service) afterDissolved(ctx context.Context, matchID string) error {
	if err := s.ReopenSuperseded(ctx, matchID); err != nil {
		return err
	}
	m, err := s.Match(ctx, matchID)
	if err != nil {
		return err
	}
	offer, err := s.Offer(ctx, m.OfferID)
	if err != nil {
		return err
	}
	return s.offerNext(ctx, offer)
}

// runAnswerClock ends what stayed unanswered, and reminds before that.
func (s *Service) runAnswerClock(ctx context.Context, now time.Time) error {
	today := cal.DayOf(now)
	running := storage.Where(storage.Gte("answer_by", "0"))
	apps, err := s.applications.Find(ctx, running)
	if err != nil {
		return err
	}
	for _, app := range apps {
		switch {
		case app.Overdue(today):
			err = s.lapse(ctx, app)
		case app.ReminderDue(today):
			err = s.remind(ctx, app, today)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// lapse ends one application as unanswered and counts that for the enterprise's rate, which is kept in the same transaction.
func (s *Service) lapse(ctx context.Context, app *Application) error {
	return s.DB.Tx(ctx, func(ctx context.Context) error {
		lapsed := false
		err := s.finish(ctx, accounts.SystemActor("unanswered"), app, EventUnanswered, "unanswered", func(app *Application, now time.Time) error {
			lapsed = true
			return app.Lapse(now)
		})
		if err != nil || !lapsed {
			return err
		}
		return s.Placements.RecordAnswer(ctx, app.EnterpriseID, false, 0)
	})
}

func (s *Service) remind(ctx context.Context, seen *Application, today cal.Day) error {
	return s.DB.Tx(ctx, func(ctx context.Context) error {
		app, err := s.applications.Lock(ctx, seen.ID)
		if err != nil || !app.ReminderDue(today) {
			return err
		}
		app.Reminders++
		if err := s.applications.Save(ctx, app); err != nil {
			return err
		}
		return s.Box.Emit(ctx, EventAnswerDue, app.ID, map[string]string{"answer_by": string(app.AnswerBy)})
	})
}

// runOfferExpiry expires the offers whose time has passed.
func (s *Service) runOfferExpiry(ctx context.Context, now time.Time) error {
	due, err := s.offers.Find(ctx, storage.Where(storage.Lte("expires", now)).By("expires"))
	if err != nil {
		return err
	}
	for _, offer := range due {
		err := s.DB.Tx(ctx, func(ctx context.Context) error {
			return s.finishOffer(ctx, accounts.SystemActor("expiry"), offer, OfferExpired, "")
		})
		if err != nil && !errs.Has(err, "offer_answered") && !errs.Has(err, "wrong_state") {
			return err
		}
	}
	return nil
}

// runOfferReminders tells the applicant once that a day is left.
func (s *Service) runOfferReminders(ctx context.Context, now time.Time) error {
	soon, err := s.offers.Find(ctx, storage.Where(storage.Gt("expires", now), storage.Lte("expires", now.Add(24*time.Hour))))
	if err != nil {
		return err
	}
	for _, seen := range soon {
		err := s.DB.Tx(ctx, func(ctx context.Context) error {
			offer, err := s.offers.Lock(ctx, seen.ID)
			if err != nil || !offer.ReminderDue(now) {
				return err
			}
			offer.RemindedAt = now
			if err := s.offers.Save(ctx, offer); err != nil {
				return err
			}
			return s.Box.Emit(ctx, EventOfferEnding, offer.ID, map[string]string{"application": offer.ApplicationID})
		})
		if err != nil {
			return err
		}
	}
	return nil
}
