package placements

import (
	"context"
	"strconv"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/outbox"
	"github.com/orynda/orynda/internal/storage"
)

// jobBatch is how many places a job looks up at once; each is changed in a transaction of its own.
const jobBatch = 200

// dayOf gives the parts of the day of an instant.
func dayOf(now time.Time) (int, time.Month, int) { return cal.DayOf(now).Date() }

// runDeadlines moves places whose days have come: selecting when apply_by passed, expired at starts_on, reminders before the deadline.
func (s *Service) runDeadlines(ctx context.Context, now time.Time) error {
	today := cal.DayOf(now)
	steps := []struct {
		q    storage.Query
		step func(ctx context.Context, sheetID string, now time.Time) error
	}{
		{storage.Where(storage.In("state", Published, Paused), storage.Lt("apply_by", today)), s.startSelecting},
		{storage.Where(storage.Eq("state", Selecting), storage.Lte("starts_on", today)), s.expire},
		{storage.Where(storage.Lte("remind", today)), s.remind},
	}
	for _, st := range steps {
		if err := s.forSheets(ctx, st.q, now, st.step); err != nil {
			return err
		}
	}
	return nil
}

// forSheets runs step for every sheet that matches. A step takes its sheet out of the query, so each batch is the first again; a batch
// in which nothing left the query ends the run.
func (s *Service) forSheets(ctx context.Context, q storage.Query, now time.Time, step func(ctx context.Context, sheetID string, now time.Time) error) error {
	last := ""
	for {
		list, err := s.sheets.Find(ctx, q.Take(jobBatch))
		if err != nil || len(list) == 0 || list[0].ID == last {
			return err
		}
		last = list[0].ID
		for _, sh := range list {
			if err := step(ctx, sh.ID, now); err != nil && !storage.IsNotFound(err) {
				return err
			}
		}
	}
}

// bySystem is the frame of a step of the system on one place. In the run of a job or handler it only takes effect while the lease
// holds. A step that finds nothing to do any more changes nothing.
func (s *Service) bySystem(ctx context.Context, name, placementID string, step func(ctx context.Context, t *taken) (changed bool, err error)) error {
	return s.d.DB.Tx(ctx, func(ctx context.Context) error {
		if _, running := outbox.Fence(ctx); running {
			if err := outbox.Hold(ctx); err != nil {
				return err
			}
		}
		t, err := s.take(ctx, accounts.SystemActor(name), placementID)
		if err != nil {
			return err
		}
		changed, err := step(ctx, t)
		if err != nil || !changed {
			return err
		}
		return s.put(ctx, t)
	})
}

func (s *Service) startSelecting(ctx context.Context, placementID string, now time.Time) error {
	return s.bySystem(ctx, "deadline", placementID, func(ctx context.Context, t *taken) (bool, error) {
		if t.place.Select(now) != nil {
			return false, nil
		}
		return true, s.tell(ctx, t.by, EventSelecting, placementID, nil)
	})
}

func (s *Service) expire(ctx context.Context, placementID string, now time.Time) error {
	return s.bySystem(ctx, "expiry", placementID, func(ctx context.Context, t *taken) (bool, error) {
		if t.place.State != Selecting || cal.DayOf(now) < t.place.StartsOn {
			return false, nil
		}
		t.now = now
		return true, s.close(ctx, t, Expired, "")
	})
}

// remind says that the deadline is near, each of the two times once: the mark and the event are one transaction.
func (s *Service) remind(ctx context.Context, placementID string, now time.Time) error {
	return s.d.DB.Tx(ctx, func(ctx context.Context) error {
		if _, running := outbox.Fence(ctx); running {
			if err := outbox.Hold(ctx); err != nil {
				return err
			}
		}
		sh, err := s.LockSheet(ctx, placementID)
		if err != nil {
			return err
		}
		days, due := sh.Remind(now)
		if !due {
			return nil
		}
		if err := s.SaveSheet(ctx, sh); err != nil {
			return err
		}
		return s.d.Box.Emit(ctx, EventDeadlineNear, placementID, map[string]string{"days": strconv.Itoa(days)})
	})
}

// onUnresponsive pauses every published place of an enterprise that let ten applications in a row go unanswered, unless it has answered
// meanwhile.
func (s *Service) onUnresponsive(ctx context.Context, ev outbox.Event) error {
	st, err := s.stats.Get(ctx, ev.Subject)
	if err != nil || st.InRow < UnansweredInRow {
		return err
	}
	var cursor storage.Cursor
	for {
		q := storage.Where(storage.Eq("enterprise", ev.Subject), storage.Eq("state", Published))
		page, err := s.places.Page(ctx, q.From(cursor).Take(jobBatch))
		if err != nil {
			return err
		}
		for _, p := range page.Items {
			if err := s.pauseUnanswered(ctx, p.ID); err != nil && !storage.IsNotFound(err) {
				return err
			}
		}
		if cursor = page.Next; cursor.IsZero() {
			return nil
		}
	}
}

func (s *Service) pauseUnanswered(ctx context.Context, placementID string) error {
	return s.bySystem(ctx, "unanswered", placementID, func(ctx context.Context, t *taken) (bool, error) {
		if t.place.Pause(pausedUnanswered) != nil {
			return false, nil
		}
		return true, s.tell(ctx, t.by, EventPaused, placementID, map[string]string{"why": pausedUnanswered})
	})
}
