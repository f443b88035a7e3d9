package embedded

import (
	"github.com/RoaringBitmap/roaring/v2"

	"github.com/orynda/orynda/internal/search"
)

// suggest completes a valid question.
func (ix *index) suggest(q search.SuggestQuery, m *matcher) []search.Suggestion {
	u := search.Read(q.Text)
	if len(u.Words) == 0 {
		return nil
	}
	offered := ix.filter(search.Query{}.Normal()).all(-1)
	var found []search.Suggestion
	for _, k := range labelKinds() {
		for value, l := range ix.labels[k] {
			if !u.Matches(l.words) {
				continue
			}
			if n := int(offered.AndCardinality(l.docs)); n > 0 {
				found = append(found, search.Suggestion{Kind: k, Value: value, Names: l.names, Count: n})
			}
		}
	}
	return search.MixSuggestions(append(found, ix.suggestPlaces(u, offered, m, q.Limit)...), q.Limit)
}

// suggestPlaces gives the places whose title or reference has the words.
func (ix *index) suggestPlaces(u search.Understood, offered *roaring.Bitmap, m *matcher, limit int) []search.Suggestion {
	n := m.run(ix, u, 1<<search.FieldTitle|1<<search.FieldReference)
	if n < len(u.Words) {
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
