package placements

import (
	"context"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/storage"
)

// taken is a place with its sheet, taken for a transaction.
type taken struct {
	by    accounts.Actor
	place *Placement
	sheet *Sheet
	now   time.Time
}

// take locks the sheet and then the place.
func (s *Service) take(ctx context.Context, by accounts.Actor, placementID string) (*taken, error) {
	sheet, err := s.LockSheet(ctx, placementID)
	if err != nil {
		return nil, err
	}
	p, err := s.places.Lock(ctx, placementID)
	if err != nil {
		return nil, missing(err, "placement")
	}
	if p, err = s.unmarked(ctx, p); err != nil {
		return nil, err
	}
	return &taken{by: by, place: p, sheet: sheet, now: s.d.Clock.Now()}, nil
}

// put writes both back.
func (s *Service) put(ctx context.Context, t *taken) error {
	t.place.UpdatedAt = t.now
	t.sheet.mirror(t.place)
	if err := s.places.Save(ctx, t.place); err != nil {
		return err
	}
	return s.saveSheet(ctx, t.sheet, t.place.Live())
}

// act is the frame of a step on one place by someone: permission, then a transaction with sheet and place taken, the step, and both saved.
// expect is the version the actor saw (0: any); another is Stale stale_version. step may run again; it says whether anything
// changed.
func (s *Service) act(ctx context.Context, a accounts.Actor, op, placementID string, expect int64, step func(ctx context.Context, t *taken) (changed bool, err error)) (*View, error) {
	p, err := s.Placement(ctx, placementID)
	if err != nil {
		return nil, err
	}
	if err := s.d.Policy.Permit(a, op, s.RelationsTo(a, p)...); err != nil {
		return nil, err
	}
	err = s.d.DB.Tx(ctx, func(ctx context.Context) error {
		t, err := s.take(ctx, a, placementID)
		if err != nil {
			return err
		}
		if expect != 0 && t.place.Version != expect {
			return stale(t.place.Version)
		}
		p = t.place
		changed, err := step(ctx, t)
		if err != nil || !changed {
			return err
		}
		return s.put(ctx, t)
	})
	if err != nil {
		return nil, named(err)
	}
	return s.view(ctx, a, p)
}

// stale tells the version there is now.
func stale(version int64) error {
	return errs.New(errs.Stale, "stale_version").With("current_version", version)
}

// named names the unique key that another place has.
func named(err error) error {
	if storage.ConflictOn(err, "external") {
		return errs.New(errs.Conflict, "external_reference_taken")
	}
	return err
}
