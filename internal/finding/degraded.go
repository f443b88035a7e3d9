package finding

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/indexing"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/search"
)

const (
	// shelfRows is how many places are read from the store for one question, the last drafted ones.
	shelfRows = 500
	// shelfPatience bounds the reading.
	shelfPatience = 2 * time.Second
)

// degraded answers a question without the engine: places of the named trades and towns that pass the filters. There is no advice, the
// facets have the selected values only, and of many places only the last drafted are looked at.
func (s *Service) degraded(ctx context.Context, q search.Query, lang i18n.Lang) (*Page, error) {
	ctx, cancel := context.WithTimeout(ctx, shelfPatience)
	defer cancel()
	q = q.Normal()
	p := s.plain(q)
	shelf, more, err := s.d.Placements.Shelf(ctx, p.shelf(q))
	if err != nil {
		return nil, err
	}
	hits := p.pick(q, s.documents(shelf))
	found := &search.Result{Total: len(hits), Page: q.Page, PerPage: q.PerPage, Reading: p.reading}
	from := min((q.Page-1)*q.PerPage, len(hits))
	found.Hits = hits[from:min(from+q.PerPage, len(hits))]
	items, err := s.items(ctx, found, lang)
	if err != nil {
		return nil, err
	}
	facets, err := s.facets(ctx, q, selectedOnly(q), nil, lang)
	if err != nil {
		return nil, err
	}
	page := &Page{
		Items: items, Facets: facets, Total: found.Total, Page: found.Page, PerPage: found.PerPage, Degraded: true, Cut: more,
		Understood: s.understood(q.Text, found, items, lang),
	}
	page.Understood.Dropped = p.ignored
	return page, nil
}

// selectedOnly gives the selected values of the groups that the question wants to have counted, without counts.
func selectedOnly(q search.Query) map[search.Facet][]search.FacetCount {
	out := map[search.Facet][]search.FacetCount{}
	for _, f := range q.Facets {
		for _, v := range q.Selected(f) {
			out[f] = append(out[f], search.FacetCount{Value: v})
		}
	}
	return out
}

func (s *Service) documents(shelf []placements.PublicPlace) []search.Document {
	docs := make([]search.Document, 0, len(shelf))
	for _, p := range shelf {
		docs = append(docs, indexing.Document(s.d.Reference, p))
	}
	return docs
}

// plain is what is left of a text without an engine: the trades, towns and regions that it names, or a reference.
type plain struct {
	reading   search.Reading // Words are those that name a trade
	trades    []naming       // of which a place has one; none: any
	reference string         // "OR-7K3M9X"
	ignored   []string       // words, as typed, that say nothing here
}

// plain takes the first reading whose words all belong to the name of some trade; else only the places named, else nothing of the text.
func (s *Service) plain(q search.Query) plain {
	var places *search.Reading
	for _, r := range s.read(q) {
		if m := r.Meanings; len(m) == 1 && m[0].Kind == search.KindPlacement {
			return plain{reading: r, reference: writtenReference(m[0].Value)}
		}
		if r.Guess || r.Scope == search.ByName {
			continue
		}
		placed := len(r.Cities)+len(r.Regions) > 0
		if len(r.Words) == 0 && placed {
			return plain{reading: r, ignored: r.Dropped}
		}
		if trades := s.named(&r); len(trades) > 0 {
			return plain{reading: r, trades: trades, ignored: r.Dropped}
		}
		if places == nil && placed {
			places = &r
		}
	}
	if places == nil {
		return plain{ignored: strings.Fields(q.Text)}
	}
	return onlyPlaces(*places)
}

// read gives the readings of a question.
func (s *Service) read(q search.Query) []search.Reading {
	if q.Literally {
		return s.d.Lexicon.ReadLiterally(q.Text)
	}
	return s.d.Lexicon.Read(q.Text)
}

// onlyPlaces gives up what in a reading names no place.
func onlyPlaces(r search.Reading) plain {
	out := plain{reading: r, ignored: slices.Clone(r.Dropped)}
	out.reading.Words, out.reading.Meanings = nil, nil
	for _, m := range r.Meanings {
		if m.Kind == search.KindCity || m.Kind == search.KindRegion {
			out.reading.Meanings = append(out.reading.Meanings, m)
		} else {
			out.ignored = append(out.ignored, m.Text)
		}
	}
	return out
}

// writtenReference turns the word of a reference back into what is stored.
func writtenReference(word string) string {
	return "OR-" + strings.ToUpper(strings.TrimPrefix(word, "or"))
}

// shelf is what the store is asked for.
func (p *plain) shelf(q search.Query) placements.ShelfQuery {
	out := placements.ShelfQuery{Reference: p.reference, Limit: shelfRows}
	group := func(kind string, values []string) {
		if len(values) == 0 {
			return
		}
		about := make([]string, len(values))
		for i, v := range values {
			about[i] = placements.About(kind, v)
		}
		out.About = append(out.About, about)
	}
	for _, of := range []search.Query{q, {Regions: p.reading.Regions, Cities: p.reading.Cities}} {
		group(placements.AboutRegion, of.Regions)
		group(placements.AboutCity, of.Cities)
		group(placements.AboutSpecialty, of.Specialties)
		group(placements.AboutQualification, of.Qualifications)
		group(placements.AboutProgramme, of.Programmes)
	}
	if len(p.trades) > 0 {
		var about []string
		for _, t := range p.trades {
			about = append(about, placements.About(string(t.kind), t.label.Value))
		}
		out.About = append(out.About, about)
	}
	return out
}

// pick gives the places that pass the filters, in the question's order; relevance is the newest first.
func (p *plain) pick(q search.Query, docs []search.Document) []search.Hit {
	from := q.Near
	if from == nil {
		from = p.reading.Around
	}
	var found []candidate
	for i := range docs {
		d := &docs[i]
		c := candidate{doc: d}
		if from != nil {
			c.km = search.NearestKM(*from, d.Points())
		}
		if passes(q, d) && (q.RadiusKM == 0 || c.km != nil && *c.km <= q.RadiusKM) {
			found = append(found, c)
		}
	}
	slices.SortFunc(found, func(a, b candidate) int { return cmp.Or(before(q.Sort, a, b), cmp.Compare(a.doc.ID, b.doc.ID)) })
	hits := make([]search.Hit, len(found))
	for i, c := range found {
		hits[i] = search.Hit{ID: c.doc.ID, DistanceKM: c.km}
	}
	return hits
}

// candidate is a place on its way into the answer.
type candidate struct {
	doc *search.Document
	km  *float64
}

// before compares two places by an order; what it says nothing about is equal.
func before(by search.Sort, a, b candidate) int {
	switch by {
	case search.ClosingSoon:
		return cmp.Compare(a.doc.ApplyBy, b.doc.ApplyBy)
	case search.StartsOn:
		return cmp.Compare(a.doc.StartsOn, b.doc.StartsOn)
	case search.Compensation:
		return cmp.Compare(b.doc.MonthlyPay(), a.doc.MonthlyPay())
	case search.FewestApplicants:
		return cmp.Compare(a.doc.Applicants, b.doc.Applicants)
	case search.Distance:
		return cmp.Compare(far(a.km), far(b.km))
	}
	return b.doc.PublishedAt.Compare(a.doc.PublishedAt)
}

// far puts places without a known point last.
func far(km *float64) float64 {
	if km == nil {
		return math.Inf(1)
	}
	return *km
}

// passes reports whether a place passes all filters but the radius.
func passes(q search.Query, d *search.Document) bool {
	for _, f := range search.Facets() {
		want := search.FilterValues(f, q.Selected(f))
		if want == nil {
			continue
		}
		if !slices.ContainsFunc(d.FacetValues(f), func(v string) bool { return slices.Contains(want, v) }) {
			return false
		}
	}
	return d.MonthlyPay() >= q.MinCompensation &&
		(q.MaxWeeklyHours == 0 || d.WeeklyHours > 0 && d.WeeklyHours <= q.MaxWeeklyHours) &&
		(q.StartsFrom == "" || d.StartsOn >= q.StartsFrom) &&
		(q.StartsTo == "" || d.StartsOn != "" && d.StartsOn <= q.StartsTo)
}
