package embedded

import (
	"math"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/orynda/orynda/internal/search"
)

// selection is what the filters of a question leave: the documents that pass all filters outside the facet groups, and for
// each group that filters its documents.
type selection struct {
	rest   *roaring.Bitmap
	groups []*roaring.Bitmap // by the order of search.Facets, nil for a group that doesn't filter
}

func (ix *index) filter(q search.Query) selection {
	s := selection{rest: ix.live}
	for i, f := range search.Facets() {
		var docs *roaring.Bitmap
		if values := search.FilterValues(f, q.Selected(f)); values != nil {
			docs = ix.columns[i].any(values)
		}
		s.groups = append(s.groups, docs)
	}
	if q.RadiusKM > 0 {
		s.rest = roaring.And(s.rest, ix.within(*q.Near, q.RadiusKM))
	}
	if test := ix.rowTest(q); test != nil {
		s.rest = ix.where(s.rest, test)
	}
	return s
}

// within gives the documents, dead ones too, with a site in a circle.
func (ix *index) within(near search.Point, km float64) *roaring.Bitmap {
	from := newSite(near, 0)
	half := math.Sin(math.Min(km/search.EarthKM/2, math.Pi/2))
	reach := 4 * half * half
	dense := make([]uint64, (len(ix.ids)+63)/64)
	for i := range ix.sites {
		s := &ix.sites[i]
		if dz := s.z - from.z; dz*dz <= reach && from.chord(*s) <= reach {
			dense[s.doc>>6] |= 1 << (s.doc & 63)
		}
	}
	return roaring.FromDense(dense, false)
}

// where keeps of a set the documents that pass a test.
func (ix *index) where(set *roaring.Bitmap, test func(doc uint32) bool) *roaring.Bitmap {
	dense := make([]uint64, (len(ix.ids)+63)/64)
	for it := set.Iterator(); it.HasNext(); {
		if doc := it.Next(); test(doc) {
			dense[doc>>6] |= 1 << (doc & 63)
		}
	}
	return roaring.FromDense(dense, false)
}

// rowTest joins the filters on numbers; nil when there is none.
func (ix *index) rowTest(q search.Query) func(doc uint32) bool {
	from, to := int32(math.MinInt32), int32(noDay-1)
	if q.StartsFrom != "" {
		from = dayNumber(q.StartsFrom)
	}
	if q.StartsTo != "" {
		to = dayNumber(q.StartsTo)
	}
	byDay := q.StartsFrom != "" || q.StartsTo != ""
	if !byDay && q.MinCompensation == 0 && q.MaxWeeklyHours == 0 {
		return nil
	}
	return func(doc uint32) bool {
		r := &ix.rows[doc]
		if byDay && (r.startsOn < from || r.startsOn > to) || r.pay < q.MinCompensation {
			return false
		}
		return q.MaxWeeklyHours == 0 || r.hours > 0 && int(r.hours) <= q.MaxWeeklyHours
	}
}

// all gives the documents that pass everything, but for the group at index without (-1: no exception).
func (s selection) all(without int) *roaring.Bitmap {
	parts := []*roaring.Bitmap{s.rest}
	for i, docs := range s.groups {
		if docs != nil && i != without {
			parts = append(parts, docs)
		}
	}
	if len(parts) == 1 {
		return s.rest
	}
	return roaring.FastAnd(parts...)
}
