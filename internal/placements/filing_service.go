package placements

import (
	"context"
	"slices"
	"sort"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/storage"
)

// refile files a place with the chamber of each workplace's region: anew where there is no filing yet, and again where seats or
// workplaces came or a remarked field was mended. before is nil at publication. It runs in the transaction of the change.
func (s *Service) refile(ctx context.Context, look *lookup, t *taken, before *Placement, changes []string) error {
	known, err := s.filings.Find(ctx, storage.Where(storage.Eq("placement", t.place.ID)))
	if err != nil {
		return err
	}
	// Regions in one order, so that two places take the chambers' counters alike.
	regions := t.place.Regions()
	sort.Strings(regions)
	for _, region := range regions {
		c, err := look.chamber(ctx, region)
		if err != nil {
			return err
		}
		if c == nil {
			return errs.New(errs.Unprocessable, "no_chamber").With("region", region)
		}
		at := slices.IndexFunc(known, func(f *Filing) bool { return f.ChamberID == c.ID })
		switch {
		case at < 0:
			err = s.fileNew(ctx, t, c)
		case known[at].State != Filed && (known[at].mends(changes) || grows(before, t.place, region)):
			err = s.fileAgain(ctx, t, known[at].ID)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// grows reports whether a region got new seats or new workplaces.
func grows(before, after *Placement, region string) bool {
	if before == nil || after.Seats > before.Seats {
		return true
	}
	return slices.ContainsFunc(after.Workplaces, func(w Workplace) bool {
		_, was := before.WorkplaceByID(w.ID)
		return w.Region == region && !was
	})
}

func (s *Service) fileNew(ctx context.Context, t *taken, c *directory.Chamber) error {
	numbers, err := s.numbers(ctx, c.ID, c.Region, t, 1)
	if err != nil {
		return err
	}
	f := newFiling(t.place, c.ID, c.Region, numbers[0], t.now, s.d.Reference.WorkingHours(t.now, filingHours))
	if err := s.filings.Insert(ctx, f); err != nil {
		return err
	}
	if !slices.Contains(t.place.Chambers, c.ID) {
		t.place.Chambers = append(t.place.Chambers, c.ID)
	}
	return s.filed(ctx, t, f)
}

func (s *Service) fileAgain(ctx context.Context, t *taken, filingID string) error {
	f, err := s.filings.Lock(ctx, filingID)
	if err != nil {
		return missing(err, "filing")
	}
	if f.State == Filed {
		return nil
	}
	f.again(t.now, s.d.Reference.WorkingHours(t.now, filingHours))
	if err := s.filings.Save(ctx, f); err != nil {
		return err
	}
	return s.filed(ctx, t, f)
}

func (s *Service) filed(ctx context.Context, t *taken, f *Filing) error {
	data := map[string]string{"placement": f.PlacementID, "chamber": f.ChamberID}
	if err := s.note(ctx, t.by, EventFiled, f.PlacementID, map[string]string{"filing": f.ID, "number": f.Number, "chamber": f.ChamberID}); err != nil {
		return err
	}
	return s.d.Box.Emit(ctx, EventFiled, f.ID, data)
}

// numbers claims the next n numbers of a chamber: without gap, because the counter is written in the same transaction as what bears
// them.
func (s *Service) numbers(ctx context.Context, chamberID, region string, t *taken, n int) ([]string, error) {
	year, _, _ := dayOf(t.now)
	key := counterID(chamberID, year)
	c, err := s.counters.LockOrNew(ctx, key, &counter{ID: key})
	if err != nil {
		return nil, err
	}
	out := make([]string, n)
	for i := range out {
		c.Last++
		out[i] = filingNumber(region, year, c.Last)
	}
	return out, s.counters.Save(ctx, c)
}

// FilingView is a filing with what it is about.
type FilingView struct {
	Filing     *Filing
	Place      *Placement
	Enterprise *directory.Enterprise
	Changes    []string // what the enterprise changed since the chamber last decided
}

// Workplaces lists those in the chamber's region.
func (v *FilingView) Workplaces() []Workplace {
	var out []Workplace
	for _, w := range v.Place.Workplaces {
		if w.Region == v.Filing.Region {
			out = append(out, w)
		}
	}
	return out
}

func (s *Service) filingView(ctx context.Context, f *Filing) (*FilingView, error) {
	views, err := s.filingViews(ctx, f)
	if err != nil {
		return nil, err
	}
	return views[0], nil
}

// filingViews shows several filings, in their order. What they are about is read for all at once.
func (s *Service) filingViews(ctx context.Context, list ...*Filing) ([]*FilingView, error) {
	var placeIDs, enterpriseIDs []string
	for _, f := range list {
		placeIDs, enterpriseIDs = append(placeIDs, f.PlacementID), append(enterpriseIDs, f.EnterpriseID)
	}
	places, err := s.Many(ctx, placeIDs...)
	if err != nil {
		return nil, err
	}
	enterprises, err := s.d.Directory.Enterprises(ctx, enterpriseIDs...)
	if err != nil {
		return nil, err
	}
	out := make([]*FilingView, 0, len(list))
	for _, f := range list {
		v := &FilingView{Filing: f, Place: places[f.PlacementID], Enterprise: enterprises[f.EnterpriseID]}
		switch {
		case v.Place == nil:
			return nil, errs.Missing("placement")
		case v.Enterprise == nil:
			return nil, errs.Missing("enterprise")
		}
		if f.Decided != nil && f.State == Filed {
			v.Changes = Changes(f.Decided, v.Place)
		}
		out = append(out, v)
	}
	return out, nil
}

// DecideFiling accepts a filing or remarks on it: for registrars of its chamber. Publication is not touched. The errors: NotFound filing_not_found,
// Conflict wrong_state, Unprocessable bad_request.
func (s *Service) DecideFiling(ctx context.Context, a accounts.Actor, filingID string, d Decision) (*FilingView, error) {
	f, err := s.FilingByID(ctx, filingID)
	if err != nil {
		return nil, err
	}
	if err := s.d.Policy.Permit(a, "decideFiling", s.filingRelations(a, f)...); err != nil {
		return nil, err
	}
	err = s.d.DB.Tx(ctx, func(ctx context.Context) error {
		// The sheet first: what the chamber decides on is what the enterprise has posted by then.
		if _, err := s.LockSheet(ctx, f.PlacementID); err != nil {
			return err
		}
		if f, err = s.filings.Lock(ctx, filingID); err != nil {
			return missing(err, "filing")
		}
		p, err := s.Placement(ctx, f.PlacementID)
		if err != nil {
			return err
		}
		if err := f.Decide(d, p, a.ID(), s.d.Clock.Now()); err != nil {
			return err
		}
		if err := s.filings.Save(ctx, f); err != nil {
			return err
		}
		data := map[string]string{"filing": f.ID, "decision": string(f.State)}
		if err := s.note(ctx, a, EventDecided, f.PlacementID, data); err != nil {
			return err
		}
		return s.d.Box.Emit(ctx, EventDecided, f.ID, map[string]string{"placement": f.PlacementID, "decision": string(f.State)})
	})
	if err != nil {
		return nil, err
	}
	return s.filingView(ctx, f)
}

// filingRelations: the enterprise's members know of the filing, its chamber's registrars decide it.
func (s *Service) filingRelations(a accounts.Actor, f *Filing) []accounts.Relation {
	out := a.RelationsTo(accounts.KindEnterprise, f.EnterpriseID)
	return append(out, a.RelationsTo(accounts.KindChamber, f.ChamberID)...)
}

// FilingQuery chooses among a chamber's filings.
type FilingQuery struct {
	States       []FilingState
	EnterpriseID string
	Since        time.Time // only those filed or decided after it
	Cursor       storage.Cursor
	Limit        int
}

// Filings lists what was filed with a chamber, oldest filing first: for its registrars.
func (s *Service) Filings(ctx context.Context, a accounts.Actor, chamberID string, q FilingQuery) (storage.Page[*FilingView], error) {
	var none storage.Page[*FilingView]
	if _, err := s.d.Directory.Chamber(ctx, chamberID); err != nil {
		return none, missing(err, "chamber")
	}
	rel := append(a.RelationsTo(accounts.KindChamber, chamberID), accounts.Visible)
	if err := s.d.Policy.Permit(a, "listFilings", rel...); err != nil {
		return none, err
	}
	where := []storage.Cond{storage.Eq("chamber", chamberID)}
	if len(q.States) > 0 {
		where = append(where, storage.In("state", q.States...))
	}
	if q.EnterpriseID != "" {
		where = append(where, storage.Eq("enterprise", q.EnterpriseID))
	}
	if !q.Since.IsZero() {
		where = append(where, storage.Gt("changed", q.Since))
	}
	return s.filingPage(ctx, storage.Where(where...).By("filed").From(q.Cursor).Take(q.Limit))
}

func (s *Service) filingPage(ctx context.Context, q storage.Query) (storage.Page[*FilingView], error) {
	page, err := s.filings.Page(ctx, q)
	out := storage.Page[*FilingView]{Next: page.Next}
	if err != nil {
		return out, err
	}
	out.Items, err = s.filingViews(ctx, page.Items...)
	return out, err
}

// PlacementFilings lists the filings of a place: for members of its enterprise all, for a registrar the own chamber's.
func (s *Service) PlacementFilings(ctx context.Context, a accounts.Actor, placementID string, cursor storage.Cursor, limit int) (storage.Page[*FilingView], error) {
	var none storage.Page[*FilingView]
	p, err := s.Placement(ctx, placementID)
	if err != nil {
		return none, err
	}
	if err := s.d.Policy.Permit(a, "listPlacementFilings", s.RelationsTo(a, p)...); err != nil {
		return none, err
	}
	where := []storage.Cond{storage.Eq("placement", placementID)}
	if !a.MemberOf(p.EnterpriseID) {
		where = append(where, storage.In("chamber", a.Organisations(accounts.KindChamber, accounts.RoleRegistrar)...))
	}
	return s.filingPage(ctx, storage.Where(where...).From(cursor).Take(limit))
}

// FilingByID reads a filing, for services that tell of it: NotFound filing_not_found.
func (s *Service) FilingByID(ctx context.Context, filingID string) (*Filing, error) {
	f, err := s.filings.Get(ctx, filingID)
	return f, missing(err, "filing")
}
