package embedded

import (
	"encoding/binary"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
)

// column holds the values of one facet group: per value the documents, per document the values.
type column struct {
	ids    map[string]uint32
	values []string
	docs   []*roaring.Bitmap // by value
	of     []uint32          // by document: which of the lists is its own
	lists  [][]uint32        // different lists of values; the first one is empty
	known  map[string]uint32 // lists by what they hold
}

func newColumn() *column {
	return &column{ids: map[string]uint32{}, lists: [][]uint32{nil}, known: map[string]uint32{"": 0}}
}

// valuesOf gives the values of a document by their numbers.
func (c *column) valuesOf(doc uint32) []uint32 { return c.lists[c.of[doc]] }

// add appends the values of the next document.
func (c *column) add(doc uint32, values []string) {
	list := make([]uint32, len(values))
	for i, v := range values {
		list[i] = c.intern(v)
	}
	c.addNumbers(doc, list)
}

// addNumbers is add with values that have their numbers already.
func (c *column) addNumbers(doc uint32, list []uint32) {
	for _, id := range list {
		c.docs[id].Add(doc)
	}
	c.of = append(c.of, c.list(list))
}

// list gives the number of a list of values, a new one for a new list.
func (c *column) list(list []uint32) uint32 {
	key := make([]byte, 0, 64)
	for _, id := range list {
		key = binary.AppendUvarint(key, uint64(id))
	}
	at, ok := c.known[string(key)]
	if !ok {
		at = uint32(len(c.lists))
		c.known[string(key)] = at
		c.lists = append(c.lists, slices.Clone(list))
	}
	return at
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

// perValue is about what the intersection with the bitmap of one value costs, counted in documents looked at one by one (measured at 100,000 places).
const perValue = 4000

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
	lists := make([]int, len(c.lists))
	for _, doc := range list {
		lists[c.of[doc]]++
	}
	counts := make([]int, len(c.values))
	for at, n := range lists {
		if n == 0 {
			continue
		}
		for _, id := range c.lists[at] {
			counts[id] += n
		}
	}
	for id, n := range counts {
		if n > 0 {
			out[c.values[id]] = n
		}
	}
	return out
}
