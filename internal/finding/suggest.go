package finding

import (
	"context"

	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/search"
)

// Suggestion completes what is being typed.
type Suggestion struct {
	Kind        search.Kind
	Value       string // as the parameter of the kind takes it; an enterprise's id, a place's reference
	Label       string // in the reader's language
	Highlight   string // the label as escaped HTML with the found words in <mark>; "" when none is in it
	Count       int    // places with a free seat; 0 where the engine doesn't answer and nobody knows
	PlacementID string // of a place; else ""
}

// Suggest completes a text; limit 0 is search.DefaultSuggestions. Where the engine doesn't answer, with all trades, towns and regions there are. The
// error: Invalid bad_request for a limit out of range.
func (s *Service) Suggest(ctx context.Context, text string, limit int, lang i18n.Lang) ([]Suggestion, error) {
	q := search.SuggestQuery{Text: text, Limit: limit}
	if err := q.Validate(); err != nil {
		return nil, err
	}
	found, err := s.guard.suggest(ctx, q)
	if outage(err) && ctx.Err() == nil {
		found, err = s.suggestPlainly(q.Normal()), nil
	}
	if err != nil {
		return nil, err
	}
	out := make([]Suggestion, 0, len(found.Items))
	for _, f := range found.Items {
		item := Suggestion{Kind: f.Kind, Value: f.Value, Label: f.Names.In(lang), Count: f.Count, PlacementID: f.PlacementID}
		if marked, ok := s.d.Lexicon.Mark(&found.Reading, item.Label); ok {
			item.Highlight = marked
		}
		out = append(out, item)
	}
	return out, nil
}
