package embedded

import (
	"math"
	"slices"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/orynda/orynda/internal/search"
	"github.com/orynda/orynda/internal/search/language"
)

const (
	breakInFlow = -1             // in a prepared document's flow
	noWord      = math.MaxUint32 // in the index's flow: texts meet here
)

// flows tells whether the nearness of words in a field counts: in the short ones that name the place.
func flows(f search.Field) bool { return f >= search.FieldTitle && f <= search.FieldEnterprise }

// flowOf gives a document's words in their order.
func (ix *index) flowOf(doc uint32) []uint32 {
	start := uint32(0)
	if doc > 0 {
		start = ix.flowEnds[doc-1]
	}
	return ix.flow[start:ix.flowEnds[doc]]
}

// farApart is the greatest distance of two words that counts.
const farApart = 8

// apart sums the distances of the reading's neighbouring words in a document: 1 for words that follow each other, one more in the wrong order, at most
// farApart a pair.
func (ix *index) apart(words []search.Word, ids []uint32, doc uint32) int64 {
	flow := ix.flowOf(doc)
	sum := int64(0)
	for i := 1; i < len(words); i++ {
		best, lastA, lastB := farApart, -farApart, -farApart
		for at, id := range flow {
			if id == noWord {
				lastA, lastB = -farApart, -farApart
				continue
			}
			a, b := ix.is(words[i-1], ids[i-1], id), ix.is(words[i], ids[i], id)
			if b {
				best = min(best, at-lastA)
			}
			if a {
				best = min(best, at-lastB+1)
				lastA = at
			}
			if b {
				lastB = at
			}
		}
		sum += int64(best)
	}
	return sum
}

func (ix *index) is(w search.Word, id, have uint32) bool {
	return id == have || id == ix.forms[have] || w.Prefix && strings.HasPrefix(ix.dict.words[have], w.Token)
}

// nearest are how many of the best documents are ordered by the nearness of their words; what follows keeps the order by fields.
const nearest = 1000

// byNearness orders the best documents of a list by how near the words stand, then as before.
func (ix *index) byNearness(list []uint32, r *search.Reading, key func(doc uint32) ranked) []ranked {
	best := ix.page(list, key, 0, min(nearest, len(list)))
	ids := make([]uint32, len(r.Words))
	for i, w := range r.Words {
		id, ok := ix.dict.ids[w.Token]
		if !ok {
			id = noWord - 1
		}
		ids[i] = id
	}
	for i := range best {
		best[i].first = ix.apart(r.Words, ids, best[i].doc)
	}
	slices.SortFunc(best, ix.compare)
	return best
}

// nearWord finds among the words of the strong fields the one that an unknown word may be.
func (ix *index) nearWord(w search.Word) string {
	near := search.NewNear(w)
	for width := len(w.Token) - 1; width <= len(w.Token)+1; width++ {
		have := ix.widths[width]
		if have == nil {
			continue
		}
		for i, id := range have.ids {
			word := have.text[i*width : (i+1)*width]
			if language.MayBeNear(word, w.Token) && near.Wants(string(word)) && word[0] != 'x' && ix.stands(id) {
				near.Offer(ix.dict.words[id])
			}
		}
	}
	return near.Word()
}

// stands reports whether a living document has a word in a strong field.
func (ix *index) stands(id uint32) bool {
	list := &ix.post[id]
	for i, doc := range list.docs {
		if list.in(i)&strongFields != 0 && ix.live.Contains(doc) {
			return true
		}
	}
	return false
}

// in keeps of a selection what lies where the reading says.
func (s selection) in(ix *index, r *search.Reading) selection {
	parts := []*roaring.Bitmap{s.rest}
	for i, f := range search.Facets() {
		switch {
		case f == search.FacetCity && len(r.Cities) > 0:
			parts = append(parts, ix.columns[i].any(r.Cities))
		case f == search.FacetRegion && len(r.Regions) > 0:
			parts = append(parts, ix.columns[i].any(r.Regions))
		}
	}
	if len(parts) > 1 {
		s.rest = roaring.FastAnd(parts...)
	}
	return s
}
