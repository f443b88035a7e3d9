package placements

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/storage"
)

// View is a place as one viewer may see it.
type View struct {
	Place      *Placement
	Sheet      *Sheet
	Enterprise *directory.Enterprise
	MentorName string
	Rate       Rate
	Inner      bool      // the viewer is of the enterprise: own key, open applications, seat use
	Filings    []*Filing // for the enterprise, and a registrar's own
	Offers     int       // open offers, for the enterprise
	Matches    int       // active matches, for the enterprise
	SeatUse    bool      // whether Offers and Matches are known

	Gone    bool    // the place is closed and the viewer has no part in it: only reference, reason and Similar may be shown
	Similar []*View // published places like it
}

// Get reads a place for a viewer. While it is published, paused or selecting it is everybody's; a draft is its enterprise's only; a
// closed one is its enterprise's, its parties' and the registrar's, and for strangers the view is Gone. NotFound
// placement_not_found.
func (s *Service) Get(ctx context.Context, a accounts.Actor, placementID string) (*View, error) {
	p, err := s.Placement(ctx, placementID)
	if err != nil {
		return nil, err
	}
	if err := s.d.Policy.Permit(a, "getPlacement"); err != nil {
		return nil, err
	}
	if p.PublishedAt.IsZero() && !a.MemberOf(p.EnterpriseID) {
		return nil, errs.Missing("placement")
	}
	if p.State != Closed {
		return s.view(ctx, a, p)
	}
	inside, err := s.hasPart(ctx, a, p)
	if err != nil {
		return nil, err
	}
	if !inside {
		return s.gone(ctx, p)
	}
	return s.view(ctx, a, p)
}

// hasPart reports whether the actor may read the place once it is closed.
func (s *Service) hasPart(ctx context.Context, a accounts.Actor, p *Placement) (bool, error) {
	rel, err := s.allRelations(ctx, a, p)
	for _, r := range rel {
		if r != accounts.Visible && r != accounts.PlatformAdmin {
			return true, err
		}
	}
	return false, err
}

// gone is what a stranger gets of a closed place. The similar places are an offer: where the search doesn't answer there are none.
func (s *Service) gone(ctx context.Context, p *Placement) (*View, error) {
	v := &View{Place: p, Gone: true}
	if s.Similar == nil {
		return v, nil
	}
	ids, err := s.Similar(ctx, p)
	if err != nil {
		s.d.Log.WarnContext(ctx, "similar places", "placement", p.ID, "error", err.Error())
		return v, nil
	}
	v.Similar, err = s.PublicViews(ctx, ids)
	return v, err
}

// keptPlaces is how many places and sheets PublicViews keeps decoded, about 7 kB each, and how many enterprises' stats.
const keptPlaces = 2000

// PublicViews reads published places as a stranger sees them, in the order of the ids; those that aren't published, or no longer, are left out.
// Search results and similar places are shown with it. What the views point to is shared with other readers and must not be changed
// (storage.Memory).
func (s *Service) PublicViews(ctx context.Context, ids []string) ([]*View, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	ctx = storage.WithPulse(ctx, s.d.DB)
	var places map[string]*Placement
	var sheetOf map[string]*Sheet
	err := together(
		func() (err error) { places, err = s.shownPlaces.GetMany(ctx, ids...); return err },
		func() (err error) { sheetOf, err = s.shownSheets.GetMany(ctx, ids...); return err },
	)
	if err != nil {
		return nil, err
	}
	views := make(map[string]*View, len(places))
	look := s.lookup()
	if err := s.learn(ctx, look, slices.Collect(maps.Values(places))); err != nil {
		return nil, err
	}
	for _, p := range places {
		if p.State != Published || sheetOf[p.ID] == nil {
			continue
		}
		if views[p.ID], err = s.seen(ctx, look, p, sheetOf[p.ID]); err != nil {
			return nil, err
		}
	}
	out := make([]*View, 0, len(ids))
	for _, placementID := range ids {
		if v := views[placementID]; v != nil {
			out = append(out, v)
		}
	}
	return out, nil
}

// view gathers what the viewer may see of a place that the viewer may read.
func (s *Service) view(ctx context.Context, a accounts.Actor, p *Placement) (*View, error) {
	return s.viewWith(ctx, s.lookup(), a, p)
}

func (s *Service) viewWith(ctx context.Context, look *lookup, a accounts.Actor, p *Placement) (*View, error) {
	sh, err := s.Sheet(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	v, err := s.seen(ctx, look, p, sh)
	if err != nil {
		return nil, err
	}
	v.Inner = a.MemberOf(p.EnterpriseID)
	return v, s.inner(ctx, a, v)
}

// views is viewWith for several places, in their order. What they show of others is read for all at once.
func (s *Service) views(ctx context.Context, a accounts.Actor, places []*Placement) ([]*View, error) {
	if len(places) == 0 {
		return nil, nil
	}
	look := s.lookup()
	if err := s.learn(ctx, look, places); err != nil {
		return nil, err
	}
	ids := make([]string, len(places))
	for i, p := range places {
		ids[i] = p.ID
	}
	sheets, err := s.sheets.GetMany(ctx, ids...)
	if err != nil {
		return nil, err
	}
	out := make([]*View, 0, len(places))
	for _, p := range places {
		if sheets[p.ID] == nil {
			return nil, errs.Missing("placement")
		}
		v, err := s.seen(ctx, look, p, sheets[p.ID])
		if err != nil {
			return nil, err
		}
		v.Inner = a.MemberOf(p.EnterpriseID)
		out = append(out, v)
	}
	return out, s.inner(ctx, a, out...)
}

// seen is what everybody sees of a place.
func (s *Service) seen(ctx context.Context, look *lookup, p *Placement, sh *Sheet) (*View, error) {
	v := &View{Place: p, Sheet: sh}
	var err error
	if v.Enterprise, err = look.enterprise(ctx, p.EnterpriseID); err != nil {
		return nil, err
	}
	if v.Enterprise == nil {
		return nil, errs.Missing("enterprise")
	}
	if v.Rate, err = look.rate(ctx, p.EnterpriseID); err != nil {
		return nil, err
	}
	v.MentorName, err = look.mentorName(ctx, p.MentorID)
	return v, err
}

// inner adds what only the enterprise and the registrar see.
func (s *Service) inner(ctx context.Context, a accounts.Actor, views ...*View) error {
	var insiders, own []string
	for _, v := range views {
		if v.Inner {
			own = append(own, v.Place.ID)
		}
		if v.Inner || slices.Contains(s.RelationsTo(a, v.Place), accounts.ChamberRegistrar) {
			insiders = append(insiders, v.Place.ID)
		}
	}
	if len(insiders) == 0 {
		return nil
	}
	filings := map[string][]*Filing{}
	err := s.filings.Each(ctx, storage.Where(storage.In("placement", insiders...)), func(f *Filing) error {
		filings[f.PlacementID] = append(filings[f.PlacementID], f)
		return nil
	})
	if err != nil {
		return err
	}
	var used map[string]SeatUse
	if s.SeatUse != nil && len(own) > 0 {
		if used, err = s.SeatUse(ctx, own...); err != nil {
			return err
		}
	}
	for _, v := range views {
		for _, f := range filings[v.Place.ID] {
			if v.Inner || a.MemberOf(f.ChamberID) {
				v.Filings = append(v.Filings, f)
			}
		}
		if v.Inner && s.SeatUse != nil {
			v.Offers, v.Matches, v.SeatUse = used[v.Place.ID].Offers, used[v.Place.ID].Matches, true
		}
	}
	return nil
}

// mentorName is "" where there is no mentor.
func (l *lookup) mentorName(ctx context.Context, mentorID string) (string, error) {
	m, err := l.mentor(ctx, mentorID)
	if err != nil || m == nil {
		return "", err
	}
	return m.FullName, nil
}

// MentorName gives the name of a mentor, "" where there is none, for lists of changes.
func (s *Service) MentorName(ctx context.Context, mentorID string) (string, error) {
	return s.lookup().mentorName(ctx, mentorID)
}

// CollegeName gives the name of a college, "" where there is none, for lists of changes.
func (s *Service) CollegeName(ctx context.Context, collegeID string) (string, error) {
	c, err := s.lookup().college(ctx, collegeID)
	if err != nil || c == nil {
		return "", err
	}
	return c.Name, nil
}

// OwnQuery chooses among an enterprise's places.
type OwnQuery struct {
	States []State
	Words  string // of the title, the reference number or the enterprise's own reference
	Cursor storage.Cursor
	Limit  int
}

// ListOwn lists an enterprise's places in every state, last changed first: for its members. NotFound enterprise_not_found.
func (s *Service) ListOwn(ctx context.Context, a accounts.Actor, enterpriseID string, q OwnQuery) (storage.Page[*View], error) {
	var out storage.Page[*View]
	if _, err := s.d.Directory.Enterprise(ctx, enterpriseID); err != nil {
		return out, missing(err, "enterprise")
	}
	rel := append(a.RelationsTo(accounts.KindEnterprise, enterpriseID), accounts.Visible)
	if err := s.d.Policy.Permit(a, "listEnterprisePlacements", rel...); err != nil {
		return out, err
	}
	where := []storage.Cond{storage.Eq("enterprise", enterpriseID)}
	if len(q.States) > 0 {
		where = append(where, storage.In("state", q.States...))
	}
	limit := q.Limit
	if limit <= 0 {
		limit = 20
	}
	places, next, err := s.scan(ctx, storage.Where(where...).ByDesc("updated").From(q.Cursor), strings.ToLower(q.Words), limit)
	if err != nil {
		return out, err
	}
	out.Items, err = s.views(ctx, a, places)
	out.Next = next
	return out, err
}

// scan reads on until limit places fit and exist for readers; the words are compared here, because the store compares no texts.
func (s *Service) scan(ctx context.Context, q storage.Query, words string, limit int) (found []*Placement, next storage.Cursor, err error) {
	for {
		page, err := s.places.Page(ctx, q.Take(jobBatch))
		if err != nil {
			return nil, next, err
		}
		settled, err := s.settledMany(ctx, page.Items)
		if err != nil {
			return nil, next, err
		}
		for i, stored := range page.Items {
			p := settled[stored.ID]
			if p == nil || !p.mentions(words) {
				continue
			}
			found = append(found, p)
			if len(found) == limit {
				if i+1 < len(page.Items) || !page.Next.IsZero() {
					next = storage.Cursor{Value: stored.UpdatedAt.UnixMilli(), ID: stored.ID}
				}
				return found, next, nil
			}
		}
		if page.Next.IsZero() {
			return found, next, nil
		}
		q = q.From(page.Next)
	}
}

// mentions reports whether every word stands in the title or one of the references.
func (p *Placement) mentions(words string) bool {
	text := strings.ToLower(strings.Join([]string{p.Title.KK, p.Title.RU, p.Title.EN, p.Reference, p.ExternalReference}, "\n"))
	for _, w := range strings.Fields(words) {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}

// MentorInUse reports whether a public place names the mentor; the directory asks before a mentor's time ends.
func (s *Service) MentorInUse(ctx context.Context, mentorID string) (bool, error) {
	n, err := s.places.Count(ctx, storage.Where(storage.Eq("mentor", mentorID), storage.In("state", Published, Paused, Selecting)))
	return n > 0, err
}

// Each calls fn for every place of an enterprise as it is stored, in the order of ids: for exports and tests.
func (s *Service) Each(ctx context.Context, enterpriseID string, fn func(p *Placement)) error {
	return s.places.Each(ctx, storage.Where(storage.Eq("enterprise", enterpriseID)), func(p *Placement) error {
		fn(p)
		return nil
	})
}
