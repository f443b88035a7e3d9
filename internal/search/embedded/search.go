package embedded

import (
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/orynda/orynda/internal/search"
)

// strongFields has the bits of the fields that say what and where a place is.
const strongFields fieldSet = 1<<search.Strong - 1

// fieldsOf gives the bits of a scope's fields.
func fieldsOf(s search.Scope) fieldSet {
	var out fieldSet
	for f := range search.FieldCount {
		if s.Has(f) {
			out |= 1 << f
		}
	}
	return out
}

// answer answers a valid question by the first of its readings that finds something.
func (ix *index) answer(q search.Query, readings []search.Reading, m *matcher) *search.Result {
	a := ix.choose(q, readings, m)
	list := a.set.ToArray()
	if q.Near == nil {
		q.Near = a.reading.Around
	}
	res := &search.Result{Total: len(list), Page: q.Page, PerPage: q.PerPage, Reading: a.reading, Facets: map[search.Facet][]search.FacetCount{}}
	res.Hits = ix.hits(ix.ordered(q, a, list, m), q.Near)
	ix.countFacets(q, res, a, list, m)
	ix.sumSeats(q, res, a.set, list)
	return res
}

// answered is what a reading finds.
type answered struct {
	reading search.Reading
	sel     selection
	set     *roaring.Bitmap
}

// choose tries the readings. Where none finds anything the main one is taken, so that the counts of facets tell what lifting a filter would give.
func (ix *index) choose(q search.Query, readings []search.Reading, m *matcher) answered {
	sel := ix.filter(q)
	if len(readings) == 0 {
		a := answered{sel: sel, set: sel.all(-1)}
		if !q.Blank() {
			a.set = roaring.New() // signs that are no words are no question that everything answers
			a.sel.rest = a.set
		}
		return a
	}
	for _, r := range readings {
		if r.Guess {
			guessed, ok := r.Guessed(ix.nearWord)
			if !ok {
				continue
			}
			r = guessed
		}
		if a := ix.try(sel, r, m); !a.set.IsEmpty() {
			return a
		}
	}
	return ix.try(sel, readings[search.Main(readings)], m)
}

// try finds what one reading finds.
func (ix *index) try(sel selection, r search.Reading, m *matcher) answered {
	a := answered{reading: r, sel: sel.in(ix, &r)}
	a.set = a.sel.all(-1)
	if len(r.Words) == 0 {
		return a
	}
	m.run(ix, r.Words, fieldsOf(r.Scope))
	a.set = m.worded(a.set, len(r.Words))
	return a
}

// ordered gives the asked page.
func (ix *index) ordered(q search.Query, a answered, list []uint32, m *matcher) []ranked {
	from, to := (q.Page-1)*q.PerPage, q.Page*q.PerPage
	n := len(a.reading.Words)
	key := ix.keyer(q, func(doc uint32) int64 { return m.relevance(n, doc) })
	if n < 2 || q.Sort != search.Relevance || from >= nearest {
		return ix.page(list, key, from, to)
	}
	best := ix.byNearness(list, &a.reading, key)
	page := best[min(from, len(best)):min(to, len(best))]
	if to > nearest && len(list) > nearest {
		page = append(slices.Clone(page), ix.page(list, key, nearest, to)...)
	}
	return page
}

func (ix *index) countFacets(q search.Query, res *search.Result, a answered, list []uint32, m *matcher) {
	for i, f := range search.Facets() {
		if !slices.Contains(q.Facets, f) {
			continue
		}
		own, ownList := a.set, list
		if a.sel.groups[i] != nil {
			own = a.sel.all(i)
			if n := len(a.reading.Words); n > 0 {
				own = m.worded(own, n)
			}
			ownList = own.ToArray()
		}
		res.Facets[f] = search.FinishFacet(f, ix.columns[i].count(own, ownList), q.Selected(f))
	}
}

func (ix *index) sumSeats(q search.Query, res *search.Result, set *roaring.Bitmap, list []uint32) {
	for i, s := range search.AllSeats() {
		if !slices.Contains(q.Seats, s) {
			continue
		}
		if res.Seats == nil {
			res.Seats = map[search.Seats][]search.FacetCount{}
		}
		res.Seats[s] = search.SumSeats(ix.seats[i].count(set, list))
	}
}
