package placements

import (
	"context"
	"slices"

	"github.com/orynda/orynda/internal/storage"
)

// The kinds of [About]: what a published place can be found by without a search engine.
const (
	AboutRegion        = "region"        // KATO code
	AboutCity          = "city"          // as it is stored
	AboutSpecialty     = "specialty"     // code
	AboutQualification = "qualification" // code
	AboutProgramme     = "programme"     // code
)

// About is a value of the key under which the store finds published places.
func About(kind, value string) string { return kind + ":" + value }

// about gives what the place can be found by, each once.
func (p *Placement) about() []string {
	var out []string
	add := func(kind, value string) {
		if v := About(kind, value); value != "" && !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	for _, w := range p.Workplaces {
		add(AboutRegion, w.Region)
		add(AboutCity, w.City)
	}
	add(AboutSpecialty, p.SpecialtyCode)
	add(AboutQualification, p.QualificationCode)
	add(AboutProgramme, p.ProgrammeCode)
	return out
}

// ShelfQuery chooses published places by what the store can find.
type ShelfQuery struct {
	Reference string     // exactly this one; "": any
	About     [][]string // of each group of [About] values a place has one
	Limit     int        // at least 1
}

// Shelf reads published places from the store alone, the last drafted first, for when no search engine answers. more says that there are
// further ones beyond the limit. What the places point to is shared with other readers and must not be changed (storage.Memory).
func (s *Service) Shelf(ctx context.Context, q ShelfQuery) (list []PublicPlace, more bool, err error) {
	where := []storage.Cond{storage.Eq("state", Published)}
	if q.Reference != "" {
		where = append(where, storage.Eq("reference", q.Reference))
	}
	for _, group := range q.About {
		where = append(where, storage.Has("about", group...))
	}
	ids, err := s.places.IDs(ctx, storage.Where(where...).ByDesc("").Take(q.Limit+1))
	if err != nil {
		return nil, false, err
	}
	if more = len(ids) > q.Limit; more {
		ids = ids[:q.Limit]
	}
	views, err := s.PublicViews(ctx, ids)
	if err != nil {
		return nil, false, err
	}
	for _, v := range views {
		list = append(list, s.asPublic(v.Place, v.Sheet, v.Enterprise))
	}
	return list, more, nil
}
