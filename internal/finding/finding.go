// Package finding answers those who look for a place: the engine finds, the store shows, the reference names. Both edges, the JSON API and
// the site, ask here, so that a question means the same in both.
//
// It holds no results between questions, but for the board, for a second. A place that closed since it was indexed is left out of the items while the total still counts it; the index
// follows within moments. Where the engine doesn't answer, the store does as well as it can ([Page.Degraded]).
package finding

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/search"
)

// Places shows published places; *placements.Service does.
type Places interface {
	PublicViews(ctx context.Context, ids []string) ([]*placements.View, error)
	Shelf(ctx context.Context, q placements.ShelfQuery) (list []placements.PublicPlace, more bool, err error)
}

// Deps is what a service needs.
type Deps struct {
	Engine     search.Engine
	Lexicon    *search.Lexicon // the engine's
	Placements Places
	Directory  *directory.Service
	Reference  *directory.Reference
	Catalogue  *i18n.Catalogue
	Log        *slog.Logger // nil: none
	// Asked is told of each question that Find answers, but degraded, with the answer, which it only reads; it returns at once. It may be nil.
	Asked func(q Question, page *Page, lang i18n.Lang)
}

// Service finds places. Its methods may be called in parallel; nobody's rights are asked, because everything it gives is public.
type Service struct {
	d     Deps
	guard *guard
	names func() []naming
	board board
}

// New makes a service.
func New(d Deps) *Service {
	if d.Log == nil {
		d.Log = slog.New(slog.DiscardHandler)
	}
	s := &Service{d: d, guard: &guard{engine: d.Engine, log: d.Log, now: time.Now}}
	s.names = sync.OnceValue(s.learnNames)
	return s
}

// Page is one page of an answer.
type Page struct {
	Items      []Item
	Total      int     // of all pages; where Cut, of the places that were looked at
	Facets     []Facet // those that the question named, in its order
	Page       int     // from 1
	PerPage    int
	Understood Understood
	Took       time.Duration // for the whole answer

	// Degraded says that the engine didn't answer, and the store did: of the words only trades, towns and regions count (Understood.Dropped are the
	// others), facets have the selected values only and no counts, and there is no advice. Whoever acts on what is new or gone must wait for an answer that isn't degraded.
	Degraded bool
	Cut      bool // of a degraded answer: there are more places than were looked at
}

// Item is a found place as everybody sees it. The view is shared with other readers: it must not be changed.
type Item struct {
	View       *placements.View
	DistanceKM *float64          // to the nearest workplace; nil without a point in the question or a known one of the place
	Highlights map[string]string // "title", "summary" or "enterprise" → escaped HTML with the found words in <mark>; nil for none
}

// Facet is a group of values with how many places each gives.
type Facet struct {
	Name   search.Facet // also the name of the parameter that selects in it
	Values []Value      // the ten most frequent and every selected one, most frequent first; all where the question wants the whole
	More   int          // values that are left out
}

// Value is one value of a facet.
type Value struct {
	Value    string // as the parameter takes it
	Label    string // its name in the reader's language
	Count    int
	Selected bool
}

// Find answers a question, degraded where the engine doesn't answer. The errors: Invalid unknown_city (field city), sort_needs_point,
// radius_needs_point, and what search.Query.Validate refuses; what the store has.
func (s *Service) Find(ctx context.Context, q Question, lang i18n.Lang) (*Page, error) {
	start := time.Now()
	asked, err := s.query(q)
	if err != nil {
		return nil, err
	}
	found, err := s.guard.search(ctx, asked)
	if outage(err) && ctx.Err() == nil {
		page, err := s.degraded(ctx, asked, lang)
		if err == nil {
			page.Took = time.Since(start)
		}
		return page, err
	}
	if err != nil {
		return nil, err
	}
	var items []Item
	var facets []Facet
	var both errgroup.Group
	both.Go(func() (err error) { facets, err = s.facets(ctx, asked, found.Facets, q.Whole, lang); return err })
	both.Go(func() (err error) { items, err = s.items(ctx, found, lang); return err })
	if err := both.Wait(); err != nil {
		return nil, err
	}
	page := &Page{
		Items: items, Total: found.Total, Facets: facets, Page: found.Page, PerPage: found.PerPage,
		Understood: s.understood(q.Text, found, items, lang),
	}
	if found.Total == 0 {
		if err := s.advise(ctx, q, page); err != nil && !outage(err) {
			return nil, err
		}
	}
	page.Took = time.Since(start)
	if s.d.Asked != nil {
		s.d.Asked(q, page, lang)
	}
	return page, nil
}

// Count tells how many places a question finds. The errors are those of Find, and Unavailable search_unavailable: a count is never degraded.
func (s *Service) Count(ctx context.Context, q Question) (int, error) {
	q.Facets, q.Page, q.PerPage = nil, 1, 1
	asked, err := s.query(q)
	if err != nil {
		return 0, err
	}
	found, err := s.guard.search(ctx, asked)
	if err != nil {
		return 0, err
	}
	return found.Total, nil
}

// items shows the hits from the store.
func (s *Service) items(ctx context.Context, found *search.Result, lang i18n.Lang) ([]Item, error) {
	if len(found.Hits) == 0 {
		return []Item{}, nil
	}
	ids := make([]string, len(found.Hits))
	distance := make(map[string]*float64, len(found.Hits))
	for i, h := range found.Hits {
		ids[i], distance[h.ID] = h.ID, h.DistanceKM
	}
	views, err := s.d.Placements.PublicViews(ctx, ids)
	if err != nil {
		return nil, err
	}
	items := make([]Item, 0, len(views))
	for _, v := range views {
		items = append(items, Item{View: v, DistanceKM: distance[v.Place.ID], Highlights: s.highlights(&found.Reading, lang, v)})
	}
	return items, nil
}

// highlights marks the found words in what a result shows.
func (s *Service) highlights(r *search.Reading, lang i18n.Lang, v *placements.View) map[string]string {
	if len(r.Words) == 0 {
		return nil
	}
	var out map[string]string
	mark := func(field, text string) {
		if marked, ok := s.d.Lexicon.Mark(r, text); ok {
			if out == nil {
				out = map[string]string{}
			}
			out[field] = marked
		}
	}
	mark("title", v.Place.Title.In(lang))
	mark("summary", v.Place.Summary.In(lang))
	mark("enterprise", v.Enterprise.Name)
	return out
}

// mostSimilar is how many places like another are looked for, itself among them.
const mostSimilar = 6

// Similar gives the ids of open places of the same trade, the nearest first where the place has a point; the place itself is none of them. It is
// what placements.Service.Similar calls; placements.Service.PublicViews shows them.
func (s *Service) Similar(ctx context.Context, p *placements.Placement) ([]string, error) {
	q := search.Query{PerPage: mostSimilar, Page: 1}
	switch {
	case p.SpecialtyCode != "":
		q.Specialties = []string{p.SpecialtyCode}
	case p.ProgrammeCode != "":
		q.Programmes = []string{p.ProgrammeCode}
	}
	if len(p.Workplaces) > 0 && (p.Workplaces[0].Lat != 0 || p.Workplaces[0].Lon != 0) {
		q.Near = &search.Point{Lat: p.Workplaces[0].Lat, Lon: p.Workplaces[0].Lon}
		q.Sort = search.Distance
	}
	found, err := s.guard.search(ctx, q)
	if err != nil {
		return nil, err
	}
	ids := make([]string, 0, len(found.Hits))
	for _, h := range found.Hits {
		if h.ID != p.ID {
			ids = append(ids, h.ID)
		}
	}
	return ids, nil
}
