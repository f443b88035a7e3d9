package embedded

import (
	"github.com/RoaringBitmap/roaring/v2"

	"github.com/orynda/orynda/internal/search"
)

// suggest completes a valid question by the first of its readings that completes to something.
func (ix *index) suggest(q search.SuggestQuery, readings []search.Reading, m *matcher) search.Suggestions {
	offered := ix.filter(search.Query{}.Normal()).all(-1)
	for _, r := range readings {
		found := append(ix.suggestLabels(&r, offered), ix.suggestPlaces(&r, offered, m, q.Limit)...)
		if len(found) > 0 {
			return search.Suggestions{Items: search.MixSuggestions(found, q.Limit), Reading: r}
		}
	}
	return search.Suggestions{}
}

func (ix *index) suggestLabels(r *search.Reading, offered *roaring.Bitmap) []search.Suggestion {
	var found []search.Suggestion
	for _, k := range labelKinds() {
		for value, l := range ix.labels[k] {
			if !r.Matches(l.words) {
				continue
			}
			if n := int(offered.AndCardinality(l.docs)); n > 0 {
				found = append(found, search.Suggestion{Kind: k, Value: value, Names: l.names, Count: n})
			}
		}
	}
	return found
}

// suggestPlaces gives the places whose title or reference has the words.
func (ix *index) suggestPlaces(r *search.Reading, offered *roaring.Bitmap, m *matcher, limit int) []search.Suggestion {
	n := m.run(ix, r.Words, 1<<search.FieldTitle|1<<search.FieldReference)
	if n == 0 || n < len(r.Words) {
		return nil
	}
	list := roaring.And(offered, m.found(n)).ToArray()
	key := ix.keyer(search.Query{Sort: search.Relevance}, func(doc uint32) int64 { return m.relevance(n, doc) })
	var out []search.Suggestion
	for _, r := range ix.page(list, key, 0, limit) {
		out = append(out, search.Suggestion{
			Kind: search.KindPlacement, Value: ix.references[r.doc], PlacementID: ix.ids[r.doc], Names: ix.titles[r.doc], Count: 1,
		})
	}
	return out
}
