package meili

import (
	"context"
	"encoding/json"
	"maps"
	"slices"

	meilisearch "github.com/meilisearch/meilisearch-go"

	"github.com/orynda/orynda/internal/search"
)

// Suggest implements search.Engine with one multi-search call for each reading that is tried: for each kind the places whose field of that kind has the
// words, counted by its names; and the places whose title or reference has them.
func (e *Engine) Suggest(ctx context.Context, q search.SuggestQuery) (search.Suggestions, error) {
	if err := q.Validate(); err != nil {
		return search.Suggestions{}, err
	}
	q = q.Normal()
	ctx, cancel := bounded(ctx, e.o.SearchTimeout)
	defer cancel()
	for _, r := range e.lexicon.ReadTyping(q.Text) {
		found, err := e.complete(ctx, q, &r)
		if err != nil {
			return search.Suggestions{}, err
		}
		if len(found) > 0 {
			return search.Suggestions{Items: search.MixSuggestions(found, q.Limit), Reading: r}, nil
		}
	}
	return search.Suggestions{}, typed(ctx, ctx.Err())
}

// complete gives everything that one reading completes to.
func (e *Engine) complete(ctx context.Context, q search.SuggestQuery, r *search.Reading) ([]search.Suggestion, error) {
	offered := search.Query{}.Normal()
	var queries []*meilisearch.SearchRequest
	for _, k := range labelKinds() {
		req := e.query(offered, r, "")
		req.AttributesToSearchOn = []string{wordsOf(fieldOf(k))}
		req.Facets = []string{labelsOf(k)}
		queries = append(queries, req)
	}
	places := e.query(offered, r, "")
	places.AttributesToSearchOn = []string{wordsOf(search.FieldTitle), wordsOf(search.FieldReference)}
	places.HitsPerPage = ptr(int64(q.Limit))
	places.AttributesToRetrieve = []string{attrPlace, attrReference, attrTitle}
	answers, err := e.multi(ctx, append(queries, places))
	if err != nil {
		return nil, err
	}
	var found []search.Suggestion
	for i, k := range labelKinds() {
		counts, err := counts(answers[i])
		if err != nil {
			return nil, err
		}
		found = append(found, e.labelled(k, counts[labelsOf(k)], r)...)
	}
	own, err := placesFound(answers[len(answers)-1].Hits)
	return append(found, own...), err
}

// labelled keeps the labels that have the words themselves: a place with two towns is counted under both. While a name is being
// changed the server holds two labels for one value; they are counted together.
func (e *Engine) labelled(k search.Kind, counts map[string]int, r *search.Reading) []search.Suggestion {
	at := map[string]int{}
	var out []search.Suggestion
	for _, s := range slices.Sorted(maps.Keys(counts)) {
		l, ok := decodeLabel(s)
		if !ok || !r.Matches(e.lexicon.LabelWords(l)) {
			continue
		}
		if i, ok := at[l.Value]; ok {
			out[i].Count += counts[s]
			continue
		}
		at[l.Value] = len(out)
		out = append(out, search.Suggestion{Kind: k, Value: l.Value, Names: l.Names, Count: counts[s]})
	}
	return out
}

func placesFound(hits meilisearch.Hits) ([]search.Suggestion, error) {
	var out []search.Suggestion
	for _, h := range hits {
		s := search.Suggestion{Kind: search.KindPlacement, Count: 1}
		for attr, to := range map[string]any{attrPlace: &s.PlacementID, attrReference: &s.Value, attrTitle: &s.Names} {
			if err := json.Unmarshal(h[attr], to); err != nil {
				return nil, unreadable(err)
			}
		}
		out = append(out, s)
	}
	return out, nil
}
