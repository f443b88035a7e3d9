package embedded

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/orynda/orynda/internal/search"
)

// ranked is a document with what decides its place; less comes first.
type ranked struct {
	first int64   // how far apart the words stand, where that counts
	key   float64 // whole numbers below 2^53, or a chord
	then  int64
	doc   uint32
}

// compare orders documents; the last resort is the id, so the order is total.
func (ix *index) compare(a, b ranked) int {
	if c := cmp.Compare(a.first, b.first); c != 0 {
		return c
	}
	if c := cmp.Compare(a.key, b.key); c != 0 {
		return c
	}
	if c := cmp.Compare(a.then, b.then); c != 0 {
		return c
	}
	return strings.Compare(ix.ids[a.doc], ix.ids[b.doc])
}

// keyer gives the function that ranks a document for a sort. rel ranks by words.
func (ix *index) keyer(q search.Query, rel func(doc uint32) int64) func(doc uint32) ranked {
	byRow := func(key func(r *row) int64) func(doc uint32) ranked {
		return func(doc uint32) ranked { return ranked{key: float64(key(&ix.rows[doc])), doc: doc} }
	}
	switch q.Sort {
	case search.Newest:
		return func(doc uint32) ranked { return ranked{key: float64(-ix.published[doc]), doc: doc} }
	case search.ClosingSoon:
		return byRow(func(r *row) int64 { return int64(r.applyBy) })
	case search.StartsOn:
		return byRow(func(r *row) int64 { return int64(r.startsOn) })
	case search.Compensation:
		return byRow(func(r *row) int64 { return -r.pay })
	case search.FewestApplicants:
		return byRow(func(r *row) int64 { return int64(r.applicants) })
	case search.Distance:
		near := newSite(*q.Near, 0)
		return func(doc uint32) ranked { return ranked{key: ix.nearest(near, doc), doc: doc} }
	default:
		return func(doc uint32) ranked {
			return ranked{key: float64(rel(doc)), then: -ix.published[doc], doc: doc}
		}
	}
}

// page gives the documents from number from up to number to of the order.
func (ix *index) page(list []uint32, key func(doc uint32) ranked, from, to int) []ranked {
	from, to = min(from, len(list)), min(to, len(list))
	if from >= to {
		return nil
	}
	if to < len(list)/8 {
		return ix.best(list, key, to)[from:]
	}
	all := make([]ranked, len(list))
	for i, doc := range list {
		all[i] = key(doc)
	}
	slices.SortFunc(all, ix.compare)
	return all[from:to]
}

// best gives the first n in order, keeping a heap of the n best so far with the worst of them on top. It begins with the documents that came last: they
// are the newest, which most orders want first, so that what follows seldom changes the heap.
func (ix *index) best(list []uint32, key func(doc uint32) ranked, n int) []ranked {
	heap := make([]ranked, n)
	rest := list[:len(list)-n]
	for i, doc := range list[len(rest):] {
		heap[i] = key(doc)
	}
	for i := n/2 - 1; i >= 0; i-- {
		ix.sink(heap, i)
	}
	for _, doc := range slices.Backward(rest) {
		if r := key(doc); ix.compare(r, heap[0]) < 0 {
			heap[0] = r
			ix.sink(heap, 0)
		}
	}
	slices.SortFunc(heap, ix.compare)
	return heap
}

func (ix *index) sink(heap []ranked, i int) {
	for {
		worst := i
		for _, child := range [2]int{2*i + 1, 2*i + 2} {
			if child < len(heap) && ix.compare(heap[child], heap[worst]) > 0 {
				worst = child
			}
		}
		if worst == i {
			return
		}
		heap[i], heap[worst] = heap[worst], heap[i]
		i = worst
	}
}

// hits turns ranked documents into the answer's hits.
func (ix *index) hits(page []ranked, near *search.Point) []search.Hit {
	out := make([]search.Hit, 0, len(page))
	for _, r := range page {
		h := search.Hit{ID: ix.ids[r.doc]}
		if near != nil {
			best := math.Inf(1)
			for _, s := range ix.sitesOf(r.doc) {
				best = min(best, search.DistanceKM(*near, s.point))
			}
			if !math.IsInf(best, 1) {
				h.DistanceKM = &best
			}
		}
		out = append(out, h)
	}
	return out
}
