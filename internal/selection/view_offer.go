package selection

import (
	"context"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/placements"
)

// OfferView is an offer as one viewer may see it. Offer is a copy without what is withheld.
type OfferView struct {
	Offer          *Offer
	Viewer         Viewer
	Place          *placements.Placement
	Workplace      placements.Workplace
	EnterpriseName string
	College        *directory.College
	StudentName    string // for the enterprise and a guardian
}

// OfferViews shows offers to somebody who was let at them.
func (s *Service) OfferViews(ctx context.Context, a accounts.Actor, offers []*Offer) ([]*OfferView, error) {
	l := s.lens(a)
	out := make([]*OfferView, 0, len(offers))
	for _, o := range offers {
		v, err := l.offer(ctx, o)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

// OfferView is OfferViews for one.
func (s *Service) OfferView(ctx context.Context, a accounts.Actor, o *Offer) (*OfferView, error) {
	return s.lens(a).offer(ctx, o)
}

func (l *lens) offer(ctx context.Context, o *Offer) (*OfferView, error) {
	app, err := l.s.Application(ctx, o.ApplicationID)
	if err != nil {
		return nil, err
	}
	rel, err := l.s.RelationsTo(ctx, l.actor, app)
	if err != nil {
		return nil, err
	}
	shown := *o
	v := &OfferView{Offer: &shown, Viewer: viewerOf(rel)}
	if v.Place, err = l.place(ctx, o.PlacementID); err != nil {
		return nil, err
	}
	v.Workplace, _ = v.Place.WorkplaceByID(o.WorkplaceID)
	v.Workplace.ID = o.WorkplaceID
	if o.State == OfferOpen { // what an acceptance would bind
		shown.From, shown.To = v.Place.StartsOn, v.Place.EndsOn
	}
	if v.EnterpriseName, err = l.enterprise(ctx, o.EnterpriseID); err != nil {
		return nil, err
	}
	if v.College, err = l.college(ctx, o.CollegeID); err != nil {
		return nil, err
	}
	if v.Viewer == ViewCollege || v.Viewer == ViewGuardian {
		shown.Reason = ""
	}
	if v.Viewer == ViewCollege {
		shown.DeclineReason, shown.WithdrawReason = "", ""
	}
	if v.Viewer.Staff() || v.Viewer == ViewGuardian {
		p, err := l.s.Accounts.Person(ctx, o.StudentID)
		if err != nil {
			return nil, err
		}
		v.StudentName = p.FullName
	}
	return v, nil
}
