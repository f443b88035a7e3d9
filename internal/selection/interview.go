package selection

import (
	"context"
	"time"

	"github.com/orynda/orynda/internal/accounts"
)

// What interviews tell of their bookings. Each of these joins the caller's transaction, in which the interviews' own owner documents are already
// taken.

// Invited gives the application if its owner may take an interview time: Unprocessable not_invited, Conflict placement_closed. It takes the application for the transaction.
func (s *Service) Invited(ctx context.Context, applicationID string) (*Application, error) {
	app, err := s.applications.Lock(ctx, applicationID)
	if err != nil {
		return nil, missing(err, "application")
	}
	p, err := s.Placements.Placement(ctx, app.PlacementID)
	if err != nil {
		return nil, err
	}
	if string(p.State) == "closed" {
		return nil, placementClosed()
	}
	return app, app.Invited()
}

// Booked notes a booking: interviewing.
func (s *Service) Booked(ctx context.Context, applicationID string) error {
	return s.told(ctx, applicationID, func(app *Application, now time.Time, _ bool) error { return app.Book(now) })
}

// Unbooked notes that the last live booking is gone or that the enterprise was absent: shortlisted.
func (s *Service) Unbooked(ctx context.Context, applicationID, _ string) error {
	return s.told(ctx, applicationID, func(app *Application, now time.Time, bookable bool) error {
		if app.State != Interviewing {
			return nil // the application ended, and its bookings with it
		}
		return app.Unbook(now, bookable)
	})
}

// StudentAbsent notes that the applicant did not come.
func (s *Service) StudentAbsent(ctx context.Context, applicationID string) error {
	return s.told(ctx, applicationID, func(app *Application, now time.Time, bookable bool) error { return app.StudentAbsent(now, bookable) })
}

// Attended notes that the interview took place: interviewed, and the enterprise's clock runs.
func (s *Service) Attended(ctx context.Context, applicationID string) error {
	return s.told(ctx, applicationID, func(app *Application, now time.Time, _ bool) error { return app.Attend(now) })
}

// Scored keeps the outcome of a scorecard, which a later one replaces: Conflict wrong_state once an offer rests on it.
func (s *Service) Scored(ctx context.Context, applicationID string, o Outcome) error {
	return s.told(ctx, applicationID, func(app *Application, now time.Time, _ bool) error { return app.Score(o, now) })
}

// told is the frame of a step that interviews tell of; bookable says whether times are on offer.
func (s *Service) told(ctx context.Context, applicationID string, step func(app *Application, now time.Time, bookable bool) error) error {
	return s.DB.Tx(ctx, func(ctx context.Context) error {
		app, err := s.applications.Lock(ctx, applicationID)
		if err != nil {
			return missing(err, "application")
		}
		now := s.Clock.Now()
		bookable, err := s.HasBookableSlot(ctx, app.PlacementID, now)
		if err != nil {
			return err
		}
		if err := step(app, now, bookable); err != nil {
			return err
		}
		return s.applications.Save(ctx, app)
	})
}

// SlotsChanged keeps the clocks of a place's shortlisted applications true after times were offered or taken back: it is the applicant's turn while a time
// can be booked, the enterprise's when none can. It works in one transaction per application and may be repeated.
func (s *Service) SlotsChanged(ctx context.Context, placementID string) error {
	bookable, err := s.HasBookableSlot(ctx, placementID, s.Clock.Now())
	if err != nil {
		return err
	}
	waiting, err := s.applications.Find(ctx, inPlace(placementID, Shortlisted))
	if err != nil {
		return err
	}
	for _, w := range waiting {
		if (w.AnswerBy == "") == bookable {
			continue
		}
		err := s.DB.Tx(ctx, func(ctx context.Context) error {
			app, err := s.applications.Lock(ctx, w.ID)
			if err != nil || app.State != Shortlisted {
				return err
			}
			if bookable {
				app.PauseClock()
			} else {
				app.StartClock(s.Clock.Now())
			}
			return s.applications.Save(ctx, app)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Opened notes that the enterprise looked at an application, once, and tells its owner.
func (s *Service) Opened(ctx context.Context, a accounts.Actor, app *Application) (*Application, error) {
	if !app.OpenedAt.IsZero() || !app.State.Live() || !a.MemberOf(app.EnterpriseID) {
		return app, nil
	}
	out := app
	err := s.DB.Tx(ctx, func(ctx context.Context) error {
		fresh, err := s.applications.Lock(ctx, app.ID)
		if err != nil {
			return err
		}
		out = fresh
		if !fresh.Open(s.Clock.Now()) {
			return nil
		}
		if err := s.applications.Save(ctx, fresh); err != nil {
			return err
		}
		return s.note(ctx, a, EventOpened, fresh.ID, fresh.PlacementID, nil)
	})
	return out, err
}
