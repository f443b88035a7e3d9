package embedded

import (
	"github.com/RoaringBitmap/roaring/v2"
)

// column holds the values of one facet group: per value the documents, per document the values.
type column struct {
	ids    map[string]uint32
	values []string
	docs   []*roaring.Bitmap // by value
	of     [][]uint32        // by document; equal lists share their memory
	shared map[uint32][]uint32
}

func newColumn() *column { return &column{ids: map[string]uint32{}, shared: map[uint32][]uint32{}} }

// add appends the values of the next document.
func (c *column) add(doc uint32, values []string) {
	if len(values) == 0 {
		c.of = append(c.of, nil)
		return
	}
	var list []uint32
	for _, v := range values {
		id := c.intern(v)
		c.docs[id].Add(doc)
		list = append(list, id)
	}
	if len(list) == 1 {
		list = c.single(list[0])
	}
	c.of = append(c.of, list)
}

func (c *column) intern(value string) uint32 {
	id, ok := c.ids[value]
	if !ok {
		id = uint32(len(c.values))
		c.ids[value] = id
		c.values = append(c.values, value)
		c.docs = append(c.docs, roaring.New())
	}
	return id
}

func (c *column) single(id uint32) []uint32 {
	if l, ok := c.shared[id]; ok {
		return l
	}
	l := []uint32{id}
	c.shared[id] = l
	return l
}

// any gives the documents that have one of the values.
func (c *column) any(values []string) *roaring.Bitmap {
	var found []*roaring.Bitmap
	for _, v := range values {
		if id, ok := c.ids[v]; ok {
			found = append(found, c.docs[id])
		}
	}
	switch len(found) {
	case 0:
		return roaring.New()
	case 1:
		return found[0]
	default:
		return roaring.FastOr(found...)
	}
}

// perValue is about what the intersection with one value's bitmap costs, counted in documents looked at one by one.
const perValue = 250

// count counts the documents of a set by value. list is the set as numbers.
func (c *column) count(set *roaring.Bitmap, list []uint32) map[string]int {
	out := make(map[string]int, len(c.values))
	if len(list) > perValue*len(c.values) {
		for id, docs := range c.docs {
			if n := set.AndCardinality(docs); n > 0 {
				out[c.values[id]] = int(n)
			}
		}
		return out
	}
	counts := make([]int, len(c.values))
	for _, doc := range list {
		for _, id := range c.of[doc] {
			counts[id]++
		}
	}
	for id, n := range counts {
		if n > 0 {
			out[c.values[id]] = n
		}
	}
	return out
}
