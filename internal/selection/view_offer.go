package selection

import (
	"context"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/errs"
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

// OfferViews shows offers to somebody who was let at them. How often it asks the store doesn't depend on their number.
func (s *Service) OfferViews(ctx context.Context, a accounts.Actor, offers []*Offer) ([]*OfferView, error) {
	out := make([]*OfferView, 0, len(offers))
	if len(offers) == 0 {
		return out, nil
	}
	var n named
	var ids []string
	for _, o := range offers {
		ids = append(ids, o.ApplicationID)
		n.add(o.PlacementID, o.EnterpriseID, o.CollegeID, o.StudentID)
	}
	apps, err := s.applications.GetMany(ctx, ids...)
	if err != nil {
		return nil, err
	}
	l, err := s.lens(ctx, a, n)
	if err != nil {
		return nil, err
	}
	for _, o := range offers {
		app := apps[o.ApplicationID]
		if app == nil {
			return nil, errs.Missing("application")
		}
		v, err := l.offer(o, app)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

// OfferView is OfferViews for one.
func (s *Service) OfferView(ctx context.Context, a accounts.Actor, o *Offer) (*OfferView, error) {
	views, err := s.OfferViews(ctx, a, []*Offer{o})
	if err != nil {
		return nil, err
	}
	return views[0], nil
}

func (l *lens) offer(o *Offer, app *Application) (*OfferView, error) {
	shown := *o
	v := &OfferView{
		Offer: &shown, Viewer: viewerOf(relations(l.actor, app, l.wards[app.StudentID])), Place: l.places[o.PlacementID], College: l.colleges[o.CollegeID],
	}
	e, p := l.enterprises[o.EnterpriseID], l.people[o.StudentID]
	switch {
	case v.Place == nil:
		return nil, errs.Missing("placement")
	case e == nil:
		return nil, errs.Missing("enterprise")
	case v.College == nil:
		return nil, errs.Missing("college")
	case p == nil:
		return nil, errs.New(errs.NotFound, "not_found")
	}
	v.EnterpriseName = e.Name
	v.Workplace, _ = v.Place.WorkplaceByID(o.WorkplaceID)
	v.Workplace.ID = o.WorkplaceID
	if o.State == OfferOpen { // what an acceptance would bind
		shown.From, shown.To = v.Place.StartsOn, v.Place.EndsOn
	}
	if v.Viewer == ViewCollege || v.Viewer == ViewGuardian {
		shown.Reason = ""
	}
	if v.Viewer == ViewCollege {
		shown.DeclineReason, shown.WithdrawReason = "", ""
	}
	if v.Viewer.Staff() || v.Viewer == ViewGuardian {
		v.StudentName = p.FullName
	}
	return v, nil
}
