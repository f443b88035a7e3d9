package selection

import (
	"context"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/storage"
)

// passOn offers the seat of an offer that ended to the next in reserve.
func (s *Service) passOn(ctx context.Context, offerID string) error {
	offer, err := s.Offer(ctx, offerID)
	if err != nil || !offer.PassesOn() {
		return err
	}
	return s.offerNext(ctx, offer)
}

// offerNext passes a freed seat on to the first in reserve who can get it, where the place says so. It is keyed by the offer that ended: a repeat
// does nothing.
func (s *Service) offerNext(ctx context.Context, ended *Offer) error {
	reserve, err := s.reserve(ctx, ended.PlacementID)
	if err != nil {
		return err
	}
	for _, next := range reserve {
		settled := false
		err := s.DB.Tx(ctx, func(ctx context.Context) error {
			var err error
			settled, err = s.offerTo(ctx, next, ended)
			return err
		})
		if storage.ConflictOn(err, "follows") {
			return nil // another run was faster
		}
		if err != nil || settled {
			return err
		}
	}
	return nil
}

// offerTo makes the follow-up offer to one application of the reserve; settled is false when the next one is to be tried.
func (s *Service) offerTo(ctx context.Context, next *Application, ended *Offer) (settled bool, err error) {
	o, err := s.take(ctx, next.StudentID, next.PlacementID)
	if err != nil {
		return false, err
	}
	if _, err := s.offers.First(ctx, storage.Where(storage.Eq("follows", ended.ID))); !storage.IsNotFound(err) {
		return true, err // passed on before, or the store failed
	}
	p, err := s.Placements.Placement(ctx, next.PlacementID)
	if err != nil {
		return false, err
	}
	now := s.Clock.Now()
	// Too late means that nobody could answer before the training begins.
	tooLate := cal.DayOf(now) >= p.StartsOn.Add(-1)
	if !p.AutoOffer || o.place.Free() <= 0 || open(o.place) != nil || tooLate {
		return true, nil
	}
	app, err := s.applications.Lock(ctx, next.ID)
	if err != nil || app.State != Reserve {
		return false, err
	}
	offer, err := s.automaticOffer(ctx, app, p, ended, now)
	if err != nil || offer == nil {
		return false, err
	}
	if err := s.propose(ctx, accounts.SystemActor("reserve"), app, o, offer, now); err != nil {
		return false, err
	}
	if err := s.applications.Save(ctx, app); err != nil {
		return false, err
	}
	return true, s.save(ctx, o)
}

// automaticOffer is the follow-up of an ended offer, or nil where this application can't get one: an unconfirmed enrolment, say, or a citizen whose
// college only the enterprise can name.
func (s *Service) automaticOffer(ctx context.Context, app *Application, p *placements.Placement, ended *Offer, now time.Time) (*Offer, error) {
	in := NewOffer{WorkplaceID: ended.WorkplaceID}
	if app.Kind == Citizen {
		in.CollegeID = citizensCollege(p, ended)
	}
	offer, err := s.newOffer(ctx, app, p, in, now)
	if errs.KindOf(err) == errs.Unprocessable {
		return nil, nil //nolint:nilnil // documented
	}
	if err != nil {
		return nil, err
	}
	offer.Automatic, offer.Follows = true, ended.ID
	return offer, nil
}

// citizensCollege is the college that an offer without anybody's choice can name: the place's only one, or the one that the ended offer's citizen would
// have had.
func citizensCollege(p *placements.Placement, ended *Offer) string {
	switch {
	case len(p.Colleges) == 1:
		return p.Colleges[0]
	case ended.Kind == Citizen:
		return ended.CollegeID
	}
	return ""
}

// reserve lists the place's applications in reserve, in the enterprise's order.
func (s *Service) reserve(ctx context.Context, placementID string) ([]*Application, error) {
	apps, err := s.applications.Find(ctx, inPlace(placementID, Reserve))
	if err != nil || len(apps) < 2 {
		return apps, err
	}
	set, err := s.rankings.Get(ctx, placementID)
	if storage.IsNotFound(err) {
		return apps, nil
	}
	if err != nil {
		return nil, err
	}
	byList(apps, set.Applications)
	return apps, nil
}
