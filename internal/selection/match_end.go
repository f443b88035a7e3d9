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
			return errs.New(errs.Conflict, "wrong_state")
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
// place isn't closed, the seat is free. What the match had withdrawn comes back by ReopenSuperseded, and the reserve goes on, from the
// event. A match that has already ended is left as it is.
func (s *Service) Dissolve(ctx context.Context, matchID, reason string) error {
	seen, err := s.Match(ctx, matchID)
	if err != nil || seen.State != MatchActive {
		return err
	}
	return s.DB.Tx(ctx, func(ctx context.Context) error {
		o, err := s.take(ctx, seen.StudentID, seen.PlacementID)
		if err != nil {
			return err
		}
		m, err := s.matches.Lock(ctx, matchID)
		if err != nil {
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

// ReopenSuperseded brings back, oldest first, the applications that a dissolved match had withdrawn, where their place still accepts and the limit of
// live applications allows. It may be repeated.
func (s *Service) ReopenSuperseded(ctx context.Context, matchID string) error {
	lost, err := s.applications.Find(ctx, storage.Where(storage.Eq("withdrawn_by", matchID)).By("created"))
	if err != nil {
		return err
	}
	for _, app := range lost {
		if err := s.reopen(ctx, app); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) reopen(ctx context.Context, seen *Application) error {
	return s.DB.Tx(ctx, func(ctx context.Context) error {
		o, err := s.take(ctx, seen.StudentID, seen.PlacementID)
		if err != nil {
			return err
		}
		app, err := s.applications.Lock(ctx, seen.ID)
		if err != nil || app.WithdrawnBy == "" {
			return err
		}
		now := s.Clock.Now()
		reopened, err := s.mayReopen(ctx, app, o, now)
		if err != nil || !reopened {
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
	})
}

// mayReopen moves the application back where the place takes applications, the person has room for it and applied for the place by no other way since.
func (s *Service) mayReopen(ctx context.Context, app *Application, o owners, now time.Time) (bool, error) {
	if o.place.CanApply(now) != nil || !o.student.Room() || o.student.Overlaps(app.From, app.To) {
		return false, nil
	}
	again, err := s.applications.Count(ctx, storage.Where(storage.Eq("live", app.StudentID+"|"+app.PlacementID)))
	if err != nil || again > 0 {
		return false, err
	}
	bookable, err := s.HasBookableSlot(ctx, app.PlacementID, now)
	if err != nil {
		return false, err
	}
	listed, err := s.listed(ctx, app.PlacementID, app.ID)
	if err != nil {
		return false, err
	}
	return true, app.Reopen(listed, bookable, now)
}

// EndFor withdraws a person's live applications because the enrolment ended, each in a transaction of its own. It may be repeated.
func (s *Service) EndFor(ctx context.Context, personID, _ string) error {
	live, err := s.applications.Find(ctx, storage.Where(storage.Eq("student", personID), storage.In("state", LiveStates()...)))
	if err != nil {
		return err
	}
	for _, app := range live {
		err := s.finish(ctx, accounts.SystemActor("enrolment"), app, EventWithdrawn, "enrolment_ended", func(app *Application, now time.Time) error {
			return app.LeaveRoster(now)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// finish ends one live application by the system, with its offer and its bookings; one that has ended meanwhile is left alone.
func (s *Service) finish(ctx context.Context, by accounts.Actor, seen *Application, event, reason string, end func(app *Application, now time.Time) error) error {
	return s.DB.Tx(ctx, func(ctx context.Context) error {
		o, err := s.take(ctx, seen.StudentID, seen.PlacementID)
		if err != nil {
			return err
		}
		app, err := s.applications.Lock(ctx, seen.ID)
		if err != nil || !app.State.Live() {
			return err
		}
		now := s.Clock.Now()
		if app.State == Offered {
			if err := s.endOffer(ctx, by, app, o, OfferWithdrawn, reason, now); err != nil {
				return err
			}
		}
		if err := end(app, now); err != nil {
			return err
		}
		o.end(app)
		if err := s.CancelBookings(ctx, app.ID, reason); err != nil {
			return err
		}
		if err := s.applications.Save(ctx, app); err != nil {
			return err
		}
		if err := s.save(ctx, o); err != nil {
			return err
		}
		return s.note(ctx, by, event, app.ID, app.PlacementID, map[string]string{"reason": reason})
	})
}

// StudentState tells where a person stands, for the roster: none, applied, interviewing, offered or placed, the furthest one.
func (s *Service) StudentState(ctx context.Context, personID string) (string, error) {
	placed, err := s.matches.Count(ctx, storage.Where(storage.Eq("student", personID), storage.In("state", MatchActive, MatchCompleted)))
	if err != nil {
		return "", err
	}
	if placed > 0 {
		return "placed", nil
	}
	live, err := s.applications.Find(ctx, storage.Where(storage.Eq("student", personID), storage.In("state", LiveStates()...)))
	if err != nil {
		return "", err
	}
	best := 0
	names := []string{"none", "applied", "interviewing", "offered"}
	for _, app := range live {
		switch app.State {
		case Offered:
			best = 3
		case Shortlisted, Interviewing, Interviewed, Reserve:
			best = max(best, 2)
		default:
			best = max(best, 1)
		}
	}
	return names[best], nil
}
