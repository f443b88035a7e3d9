package selection

import (
	"context"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/storage"
)

// EndFor withdraws a person's live applications as a student because the enrolment ended; in the caller's transaction, or each in one of its own. It may be
// repeated. The directory calls it when a confirmed enrolment ends.
func (s *Service) EndFor(ctx context.Context, personID, _ string) error {
	return s.endAll(ctx, accounts.SystemActor("enrolment"), personID, ByEnrolment, func(app *Application, now time.Time) (bool, error) {
		if app.Kind != Student {
			return false, nil
		}
		return true, app.LeaveRoster(now)
	})
}

// endAll ends the live applications of a person one way. The person's sheet is taken first, so that no new one slips in between.
func (s *Service) endAll(ctx context.Context, by accounts.Actor, personID string, why OfferEnd, end ending) error {
	return s.DB.Tx(ctx, func(ctx context.Context) error {
		sheet, err := s.sheets.LockOrNew(ctx, personID, &StudentSheet{ID: personID})
		if err != nil {
			return err
		}
		for _, appID := range sheet.Live {
			app, err := s.applications.Get(ctx, appID)
			if err != nil {
				return err
			}
			if _, err := s.finish(ctx, by, app, EventWithdrawn, why, end); err != nil {
				return err
			}
		}
		return nil
	})
}

// ending is how an application ends; done is false when it is to be left alone.
type ending func(app *Application, now time.Time) (done bool, err error)

// finish ends one live application without its owner's doing, with its offer and its bookings; one that has ended meanwhile is left alone. done says
// whether it ended now.
func (s *Service) finish(ctx context.Context, by accounts.Actor, seen *Application, event string, why OfferEnd, end ending) (done bool, err error) {
	err = s.DB.Tx(ctx, func(ctx context.Context) error {
		done = false
		o, err := s.take(ctx, seen.StudentID, seen.PlacementID)
		if err != nil {
			return err
		}
		app, err := s.applications.Lock(ctx, seen.ID)
		if err != nil || !app.State.Live() {
			return err
		}
		before := app.State
		if done, err = end(app, s.Clock.Now()); err != nil || !done {
			return err
		}
		return s.finished(ctx, by, app, o, before, event, why)
	})
	return done, err
}

// finished stores an application that has just ended, and what ends with it.
func (s *Service) finished(ctx context.Context, by accounts.Actor, app *Application, o owners, before State, event string, why OfferEnd) error {
	if before == Offered {
		if err := s.endOpenOffer(ctx, by, app.OfferID, o, why); err != nil {
			return err
		}
	}
	o.end(app)
	if err := s.CancelBookings(ctx, app.ID, string(why)); err != nil {
		return err
	}
	if err := s.applications.Save(ctx, app); err != nil {
		return err
	}
	if err := s.save(ctx, o); err != nil {
		return err
	}
	return s.note(ctx, by, event, app.ID, app.PlacementID, map[string]string{"reason": string(why)})
}

// Erase parts a person who deletes the account from selection, in the same transaction (accounts' OnErase): live applications are withdrawn with their
// bookings and offers, and what the person wrote is erased. The error is Conflict agreement_alive while a match is active.
func (s *Service) Erase(ctx context.Context, p *accounts.Person) error {
	return s.DB.Tx(ctx, func(ctx context.Context) error {
		sheet, err := s.sheets.LockOrNew(ctx, p.ID, &StudentSheet{ID: p.ID})
		if err != nil {
			return err
		}
		if len(sheet.Matches) > 0 {
			return errs.New(errs.Conflict, "agreement_alive")
		}
		err = s.endAll(ctx, accounts.Actor{PersonID: p.ID}, p.ID, ByDeletion, func(app *Application, now time.Time) (bool, error) {
			return true, app.Withdraw("", "", now)
		})
		if err != nil {
			return err
		}
		return s.forget(ctx, p.ID)
	})
}

// forget erases the texts of a person.
func (s *Service) forget(ctx context.Context, personID string) error {
	apps, err := s.applications.Find(ctx, storage.Where(storage.Eq("student", personID)))
	if err != nil {
		return err
	}
	for _, app := range apps {
		app.forget()
		if err := s.applications.Save(ctx, app); err != nil {
			return err
		}
	}
	offers, err := s.offers.Find(ctx, storage.Where(storage.Eq("student", personID)))
	if err != nil {
		return err
	}
	for _, o := range offers {
		o.Reason, o.DeclineReason, o.WithdrawReason = "", "", ""
		if err := s.offers.Save(ctx, o); err != nil {
			return err
		}
	}
	return nil
}
