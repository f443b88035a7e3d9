package embedded

import (
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/orynda/orynda/internal/search"
)

// everyField has the bits of all fields.
const everyField fieldSet = 1<<search.FieldCount - 1

// answer answers a valid question.
func (ix *index) answer(q search.Query, m *matcher) *search.Result {
	u := search.Read(q.Text)
	sel := ix.filter(q)
	set := sel.all(-1)
	rel := func(uint32) int64 { return 0 }
	if len(u.Words) > 0 {
		u, set = ix.narrow(u, set, m)
		n := len(u.Words)
		rel = func(doc uint32) int64 { return m.relevance(n, doc) }
	}
	list := set.ToArray()
	res := &search.Result{Total: len(list), Page: q.Page, PerPage: q.PerPage, Understood: u, Facets: map[search.Facet][]search.FacetCount{}}
	page := ix.page(list, ix.keyer(q, rel), (q.Page-1)*q.PerPage, q.Page*q.PerPage)
	res.Hits = ix.hits(page, q.Near)
	ix.countFacets(q, res, sel, set, list, m)
	ix.sumSeats(q, res, set, list)
	return res
}

// narrow keeps of a set what has the words: all of them, or when nothing has them all the longest beginning of the question that something
// has.
func (ix *index) narrow(u search.Understood, set *roaring.Bitmap, m *matcher) (search.Understood, *roaring.Bitmap) {
	for n := m.run(ix, u, everyField); n > 0; n-- {
		if found := roaring.And(set, m.found(n)); !found.IsEmpty() {
			return u.Keep(n), found
		}
	}
	return u, roaring.New()
}

func (ix *index) countFacets(q search.Query, res *search.Result, sel selection, set *roaring.Bitmap, list []uint32, m *matcher) {
	for i, f := range search.Facets() {
		if !asked(q.Facets, f) {
			continue
		}
		own, ownList := set, list
		if sel.groups[i] != nil {
			own = sel.all(i)
			if n := len(res.Understood.Words); n > 0 {
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

func asked(facets []search.Facet, f search.Facet) bool {
	for _, a := range facets {
		if a == f {
			return true
		}
	}
	return false
}
