package placements

import (
	"context"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/placements/rules"
	"github.com/orynda/orynda/internal/storage"
)

// PublicPlace is everything the search index shows of a published place.
type PublicPlace struct {
	Place      *Placement
	Sheet      *Sheet // seats, live applications
	Enterprise *directory.Enterprise
	FitsMinors bool // persons under 18 may take it: age, hours, hazard, night work
}

// Public reads one published place for the index: NotFound placement_not_found for a place in any other state, which the index
// must not hold.
func (s *Service) Public(ctx context.Context, placementID string) (PublicPlace, error) {
	p, err := s.Placement(ctx, placementID)
	if err != nil {
		return PublicPlace{}, err
	}
	if p.State != Published {
		return PublicPlace{}, errs.Missing("placement")
	}
	sh, err := s.Sheet(ctx, placementID)
	if err != nil {
		return PublicPlace{}, err
	}
	return s.public(ctx, s.lookup(), p, sh)
}

func (s *Service) public(ctx context.Context, look *lookup, p *Placement, sh *Sheet) (PublicPlace, error) {
	e, err := look.enterprise(ctx, p.EnterpriseID)
	if err != nil {
		return PublicPlace{}, err
	}
	if e == nil {
		return PublicPlace{}, errs.Missing("enterprise")
	}
	return s.asPublic(p, sh, e), nil
}

func (s *Service) asPublic(p *Placement, sh *Sheet, e *directory.Enterprise) PublicPlace {
	return PublicPlace{Place: p, Sheet: sh, Enterprise: e, FitsMinors: p.FitsMinors(rules.InForce(cal.DayOf(s.d.Clock.Now())))}
}

// PublicMany is Public for several places at once, by id; those that the index must not hold are left out.
func (s *Service) PublicMany(ctx context.Context, ids ...string) (map[string]PublicPlace, error) {
	places, err := s.places.GetMany(ctx, ids...)
	if err != nil {
		return nil, err
	}
	sheets, err := s.sheets.GetMany(ctx, ids...)
	if err != nil {
		return nil, err
	}
	look, out := s.lookup(), map[string]PublicPlace{}
	for id, p := range places {
		p, err := s.settled(ctx, p)
		if storage.IsNotFound(err) || err == nil && (p.State != Published || sheets[id] == nil) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if out[id], err = s.public(ctx, look, p, sheets[id]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// PublicRevision names the present state of a published place: the versions of the place and of its sheet. What the index shows of a place follows
// from the two documents, its enterprise's name (fixed once it may publish), reference data and the rules in force.
type PublicRevision struct {
	ID           string
	Place, Sheet int64
}

// PublicRevisions lists the revisions of all published places, in the order of ids, without reading the places. One that is published or closed
// meanwhile may be missing or there, as in EachPublic.
func (s *Service) PublicRevisions(ctx context.Context) ([]PublicRevision, error) {
	var places, sheets []PublicRevision
	published := storage.Where(storage.Eq("state", Published))
	err := together(
		func() error {
			return s.places.Versions(ctx, published, func(id string, version int64) error {
				places = append(places, PublicRevision{ID: id, Place: version})
				return nil
			})
		},
		func() error {
			return s.sheets.Versions(ctx, published, func(id string, version int64) error {
				sheets = append(sheets, PublicRevision{ID: id, Sheet: version})
				return nil
			})
		},
	)
	if err != nil {
		return nil, err
	}
	out, at := places[:0], 0
	for _, p := range places {
		for at < len(sheets) && sheets[at].ID < p.ID {
			at++
		}
		if at < len(sheets) && sheets[at].ID == p.ID {
			p.Sheet = sheets[at].Sheet
			out = append(out, p)
		}
	}
	return out, nil
}

// publicBatch is how many places EachPublic reads at once.
const publicBatch = 500

// EachPublic calls fn for every published place, in the order of ids, reading in batches: what the index is rebuilt from. A place that is
// published or closed meanwhile may be missing or there: the caller follows the events of that time.
func (s *Service) EachPublic(ctx context.Context, fn func(p PublicPlace) error) error {
	look := s.lookup()
	var cursor storage.Cursor
	for {
		page, err := s.places.Page(ctx, storage.Where(storage.Eq("state", Published)).From(cursor).Take(publicBatch))
		if err != nil {
			return err
		}
		sheets, err := s.sheetsOf(ctx, page.Items)
		if err != nil {
			return err
		}
		for _, p := range page.Items {
			sh := sheets[p.ID]
			if sh == nil || sh.State != Published {
				continue // paused or closed between the two reads
			}
			pub, err := s.public(ctx, look, p, sh)
			if err != nil {
				return err
			}
			if err := fn(pub); err != nil {
				return err
			}
		}
		if cursor = page.Next; cursor.IsZero() {
			return nil
		}
	}
}

// sheetsOf reads the sheets of a page of places.
func (s *Service) sheetsOf(ctx context.Context, places []*Placement) (map[string]*Sheet, error) {
	ids := make([]string, len(places))
	for i, p := range places {
		ids[i] = p.ID
	}
	return s.sheets.GetMany(ctx, ids...)
}
