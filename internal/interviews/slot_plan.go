package interviews

import (
	"context"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/storage"
)

// Planned is what an offer of times would make: the times themselves, and those that would be skipped.
type Planned struct {
	Times   []Busy
	Skipped []Skipped
}

// PlanSlots tells what [Service.CreateSlots] would make now, and changes nothing (hr). It refuses bad fields as that does; times that collide are named among
// the skipped, a single one too. It holds nothing: what is free here may be taken a moment later.
func (s *Service) PlanSlots(ctx context.Context, a accounts.Actor, placementID string, in NewSlots) (Planned, error) {
	var out Planned
	p, err := s.Placements.Placement(ctx, placementID)
	if err != nil {
		return out, err
	}
	if err := s.Policy.Permit(a, "createSlots", s.Placements.RelationsTo(a, p)...); err != nil {
		return out, err
	}
	in, now := in.by(a), s.Clock.Now()
	bad := in.check(now)
	more, err := s.checkPeople(ctx, p, in)
	if err != nil {
		return out, err
	}
	if bad = append(bad, more...); len(bad) > 0 {
		return out, errs.New(errs.Unprocessable, "bad_request").WithFields(bad...)
	}
	times, err := in.times()
	if err != nil {
		return out, err
	}
	d, err := s.glanceDays(ctx, in.calendars(times))
	if err != nil {
		return out, err
	}
	for _, t := range times {
		if code := d.collision(in, t, now); code != "" {
			out.Skipped = append(out.Skipped, Skipped{StartsAt: t.From, EndsAt: t.To, Reason: code})
		} else {
			out.Times = append(out.Times, t)
		}
	}
	return out, nil
}

// glanceDays reads calendars without taking them.
func (s *Service) glanceDays(ctx context.Context, ids []string) (days, error) {
	d := days{s: s, taken: map[string]*Calendar{}}
	for _, id := range ids {
		c, err := s.calendars.Get(ctx, id)
		if storage.IsNotFound(err) {
			c, err = &Calendar{ID: id}, nil
		}
		if err != nil {
			return d, err
		}
		d.taken[id] = c
	}
	return d, nil
}
