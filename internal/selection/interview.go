package selection

import (
	"context"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/storage"
)

// What interviews tell of their bookings. Each of these joins the caller's transaction, in which the interviews' own owner documents are already
// taken.

// Invited gives the application if its owner may take an interview time: Unprocessable not_invited, Conflict placement_closed. It takes the application for
// the transaction.
func (s *Service) Invited(ctx context.Context, applicationID string) (*Application, error) {
	app, err := s.InOpenPlace(ctx, applicationID)
	if err != nil {
		return nil, err
	}
	return app, app.Invited()
}

// InOpenPlace gives an application, invited or not, unless its place is closed: Conflict placement_closed. It takes the application for the transaction.
func (s *Service) InOpenPlace(ctx context.Context, applicationID string) (*Application, error) {
	app, err := s.applications.Lock(ctx, applicationID)
	if err != nil {
		return nil, missing(err, "application")
	}
	return app, s.placeOpen(ctx, app)
}

func (s *Service) placeOpen(ctx context.Context, app *Application) error {
	p, err := s.Placements.Placement(ctx, app.PlacementID)
	if err != nil {
		return err
	}
	if p.State == placements.Closed {
		return placementClosed()
	}
	return nil
}

// Booked notes a booking: interviewing.
func (s *Service) Booked(ctx context.Context, applicationID string, iv Interview) error {
	return s.told(ctx, applicationID, func(app *Application, now time.Time, _ asked) error { return app.Book(iv, now) })
}

// Rebooked notes that the live booking was moved: Conflict placement_closed.
func (s *Service) Rebooked(ctx context.Context, applicationID string, iv Interview) error {
	return s.told(ctx, applicationID, func(app *Application, now time.Time, _ asked) error {
		if err := s.placeOpen(ctx, app); err != nil {
			return err
		}
		return app.Rebook(iv, now)
	})
}

// EnterpriseAbsent is the reason for [Service.Unbooked] when the booking wasn't cancelled.
const EnterpriseAbsent = "enterprise_absent"

// Unbooked notes that the last live booking is gone or (why is EnterpriseAbsent) that the enterprise was absent: shortlisted.
func (s *Service) Unbooked(ctx context.Context, applicationID, why string) error {
	return s.told(ctx, applicationID, func(app *Application, now time.Time, bookable asked) error {
		if app.State != Interviewing {
			return nil // the application ended, and its bookings with it
		}
		yes, err := bookable()
		if err != nil {
			return err
		}
		return app.Unbook(why == EnterpriseAbsent, yes, now)
	})
}

// StudentAbsent notes that the applicant did not come.
func (s *Service) StudentAbsent(ctx context.Context, applicationID string) error {
	return s.told(ctx, applicationID, func(app *Application, now time.Time, bookable asked) error {
		yes, err := bookable()
		if err != nil {
			return err
		}
		return app.StudentAbsent(now, yes)
	})
}

// Attended notes that the interview took place: interviewed, and the enterprise's clock runs.
func (s *Service) Attended(ctx context.Context, applicationID string) error {
	return s.told(ctx, applicationID, func(app *Application, now time.Time, _ asked) error { return app.Attend(now) })
}

// Scored keeps the outcome of a scorecard, which a later one replaces: Conflict offer_exists once an offer rests on it, wrong_state when the
// application is over.
func (s *Service) Scored(ctx context.Context, applicationID string, o Outcome) error {
	return s.DB.Tx(ctx, func(ctx context.Context) error {
		app, err := s.applications.Lock(ctx, applicationID)
		if err != nil {
			return missing(err, "application")
		}
		if app.in(Offered, Accepted) {
			return errs.New(errs.Conflict, "offer_exists")
		}
		now := s.Clock.Now()
		if err := app.Score(o, now); err != nil {
			return err
		}
		if err := s.applications.Save(ctx, app); err != nil {
			return err
		}
		return s.touchRanking(ctx, app.PlacementID, now)
	})
}

// asked looks whether times are on offer; most steps needn't know.
type asked func() (bool, error)

// told is the frame of a step that interviews tell of.
func (s *Service) told(ctx context.Context, applicationID string, step func(app *Application, now time.Time, bookable asked) error) error {
	return s.DB.Tx(ctx, func(ctx context.Context) error {
		app, err := s.applications.Lock(ctx, applicationID)
		if err != nil {
			return missing(err, "application")
		}
		now := s.Clock.Now()
		bookable := func() (bool, error) { return s.HasBookableSlot(ctx, app.PlacementID, now) }
		if err := step(app, now, bookable); err != nil {
			return err
		}
		return s.applications.Save(ctx, app)
	})
}

// SlotsChanged keeps the clocks of a place's shortlisted applications true after times were offered, taken or taken back: it is the applicant's turn
// while a time can be booked, the enterprise's when none can. It works in one transaction per application and may be repeated.
func (s *Service) SlotsChanged(ctx context.Context, placementID string) error {
	waiting, err := s.applications.Find(ctx, inPlace(placementID, Shortlisted))
	if err != nil || len(waiting) == 0 {
		return err
	}
	bookable, err := s.HasBookableSlot(ctx, placementID, s.Clock.Now())
	if err != nil {
		return err
	}
	for _, w := range waiting {
		if (w.AnswerBy == "") == bookable {
			continue
		}
		if err := s.turn(ctx, w.ID); err != nil && !storage.IsNotFound(err) {
			return err
		}
	}
	return nil
}

// turn decides anew whose turn it is in one shortlisted application.
func (s *Service) turn(ctx context.Context, applicationID string) error {
	return s.DB.Tx(ctx, func(ctx context.Context) error {
		app, err := s.applications.Lock(ctx, applicationID)
		if err != nil || app.State != Shortlisted {
			return err
		}
		now := s.Clock.Now()
		bookable, err := s.HasBookableSlot(ctx, app.PlacementID, now)
		if err != nil {
			return err
		}
		if bookable {
			app.PauseClock()
		} else {
			app.StartClock(now)
		}
		return s.applications.Save(ctx, app)
	})
}

// opened notes that admin or hr of the enterprise looked at an application, once, and tells its owner.
func (s *Service) opened(ctx context.Context, a accounts.Actor, app *Application) (*Application, error) {
	if !app.OpenedAt.IsZero() || !app.State.Live() || !a.MemberOf(app.EnterpriseID, accounts.RoleAdmin, accounts.RoleHR) || a.PersonID == app.StudentID {
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
