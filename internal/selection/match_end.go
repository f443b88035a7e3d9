package selection

import (
	"context"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"

	"github.com/orynda/orynda/internal/storage"
)

// placementClosed is the answer to a step of selection on a closed place.
func placementClosed() error { return errs.New(errs.Conflict, "placement_closed") }

// inPlace selects a place's applications in some states, oldest first.
func inPlace(placementID string, states ...State) storage.Query {
	return storage.Where(storage.Eq("placement", placementID), storage.In("state", states...)).By("created")
}

// MoveMatch changes the training period of an active match in the caller's transaction: Conflict overlapping_match when another match of the
// person overlaps it (I3).
func (s *Service) MoveMatch(ctx context.Context, matchID string, from, to cal.Day) error {
	return s.onMatch(ctx, matchID, func(_ context.Context, m *Match, sheet *StudentSheet) error {
		if m.State != MatchActive {
			return m.wrongState()
		}
		m.From, m.To = from, to
		return sheet.Bind(m.ID, from, to)
	})
}

// CompleteMatch ends a match whose training was completed, in the caller's transaction.
func (s *Service) CompleteMatch(ctx context.Context, matchID string) error {
	return s.onMatch(ctx, matchID, func(_ context.Context, m *Match, sheet *StudentSheet) error {
		sheet.Unbind(m.ID)
		return m.Complete()
	})
}

// onMatch takes the person's sheet, then the match, and saves both after the step.
func (s *Service) onMatch(ctx context.Context, matchID string, step func(ctx context.Context, m *Match, sheet *StudentSheet) error) error {
	seen, err := s.Match(ctx, matchID)
	if err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(ctx context.Context) error {
		sheet, err := s.sheets.LockOrNew(ctx, seen.StudentID, &StudentSheet{ID: seen.StudentID})
		if err != nil {
			return err
		}
		m, err := s.matches.Lock(ctx, matchID)
		if err != nil {
			return err
		}
		if err := step(ctx, m, sheet); err != nil {
			return err
		}
		if err := s.matches.Save(ctx, m); err != nil {
			return err
		}
		return s.sheets.Save(ctx, sheet)
	})
}

// Dissolve ends an active match whose agreement was cancelled or terminated, in the caller's transaction: its application closes and, while the
// place isn't closed, the seat is free. What the match had withdrawn comes back, and the reserve goes on, from the event. A match that has already ended
// is left as it is.
func (s *Service) Dissolve(ctx context.Context, matchID, reason string) error {
	return s.DB.Tx(ctx, func(ctx context.Context) error {
		seen, err := s.Match(ctx, matchID)
		if err != nil {
			return err
		}
		o, err := s.take(ctx, seen.StudentID, seen.PlacementID)
		if err != nil {
			return err
		}
		m, err := s.matches.Lock(ctx, matchID)
		if err != nil || m.State != MatchActive {
			return err
		}
		now := s.Clock.Now()
		if err := m.Dissolve(reason, now); err != nil {
			return err
		}
		app, err := s.applications.Lock(ctx, m.ApplicationID)
		if err != nil {
			return err
		}
		if err := app.Close(DissolvedMatch, now); err != nil {
			return err
		}
		o.student.Unbind(m.ID)
		o.place.FreeSeat(m.OfferID)
		if err := s.matches.Save(ctx, m); err != nil {
			return err
		}
		if err := s.applications.Save(ctx, app); err != nil {
			return err
		}
		if err := s.save(ctx, o); err != nil {
			return err
		}
		return s.note(ctx, accounts.SystemActor("dissolving"), EventMatchDissolved, m.ID, m.PlacementID, map[string]string{"reason": reason, "application": app.ID})
	})
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

// ReopenSuperseded brings back, oldest first, the applications that a dissolved match had withdrawn, where their place still accepts and the limit of
// live applications allows. The others stay ended, and their owner may apply again. It may be repeated.
func (s *Service) ReopenSuperseded(ctx context.Context, matchID string) error {
	lost, err := s.applications.Find(ctx, storage.Where(storage.Eq("withdrawn_by", matchID)).By("created"))
	if err != nil {
		return err
	}
	for _, app := range lost {
		if err := s.DB.Tx(ctx, func(ctx context.Context) error { return s.reopen(ctx, app) }); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) reopen(ctx context.Context, seen *Application) error {
	o, err := s.take(ctx, seen.StudentID, seen.PlacementID)
	if err != nil {
		return err
	}
	app, err := s.applications.Lock(ctx, seen.ID)
	if err != nil || app.WithdrawnBy != seen.WithdrawnBy {
		return err
	}
	now := s.Clock.Now()
	may, err := s.mayReopen(ctx, app, o, now)
	if err != nil {
		return err
	}
	if !may {
		if err := app.StayEnded(now); err != nil {
			return err
		}
		return s.applications.Save(ctx, app)
	}
	if err := s.comeBack(ctx, app, now); err != nil {
		return err
	}
	if err := o.student.Add(app.ID); err != nil {
		return err
	}
	o.place.Live++
	if err := s.applications.Save(ctx, app); err != nil {
		return err
	}
	if err := s.save(ctx, o); err != nil {
		return err
	}
	return s.note(ctx, accounts.SystemActor("dissolving"), EventReopened, app.ID, app.PlacementID, map[string]string{"state": string(app.State)})
}

// mayReopen: the place takes applications, the person has room for it, is still what applied, and applied for the place by no other way since.
func (s *Service) mayReopen(ctx context.Context, app *Application, o owners, now time.Time) (bool, error) {
	if o.place.CanApply(now) != nil || !o.student.Room() || o.student.Overlaps(o.place.StartsOn, o.place.EndsOn) {
		return false, nil
	}
	again, err := s.applications.Count(ctx, storage.Where(storage.Eq("live", liveKey(app.StudentID, app.PlacementID))))
	if err != nil || again > 0 {
		return false, err
	}
	if app.Kind == Citizen {
		return true, nil
	}
	_, err = s.Directory.Enrolment(ctx, app.StudentID)
	if storage.IsNotFound(err) {
		return false, nil
	}
	return err == nil, err
}

// comeBack moves the application to where it reopens.
func (s *Service) comeBack(ctx context.Context, app *Application, now time.Time) error {
	bookable, err := s.HasBookableSlot(ctx, app.PlacementID, now)
	if err != nil {
		return err
	}
	listed, err := s.listed(ctx, app.PlacementID, app.ID)
	if err != nil {
		return err
	}
	return app.Reopen(listed, bookable, now)
}
