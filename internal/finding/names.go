package finding

import (
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/search"
)

// naming is something of the reference data with the words that it answers to.
type naming struct {
	kind  search.Kind
	label search.Label
	words []string
}

func (n naming) trade() bool { return n.kind != search.KindCity && n.kind != search.KindRegion }

// learnNames lists the trades, towns and regions of the reference data.
func (s *Service) learnNames() []naming {
	var out []naming
	add := func(kind search.Kind, value string, names i18n.Text, also []string) {
		label := search.Label{Value: value, Names: names, Also: also}
		out = append(out, naming{kind, label, s.d.Lexicon.LabelWords(label)})
	}
	ref := s.d.Reference
	for _, q := range ref.Qualifications() {
		add(search.KindQualification, q.Code, q.Name, append(q.Synonyms.All(), q.Code))
	}
	for _, t := range ref.Specialties() {
		add(search.KindSpecialty, t.Code, t.Name, append(t.Synonyms.All(), t.Code))
	}
	for _, p := range ref.Programmes() {
		add(search.KindProgramme, p.Code, p.Name, append(p.Synonyms.All(), p.Code))
	}
	for _, c := range ref.Cities() {
		add(search.KindCity, c.Key(), c.Name, c.Aliases)
	}
	for _, r := range ref.Regions() {
		add(search.KindRegion, r.Code, r.Name, r.Aliases)
	}
	return out
}

// named gives the trades whose names have all words of a reading.
func (s *Service) named(r *search.Reading) []naming {
	words := spread(r)
	var out []naming
	for _, n := range s.names() {
		if n.trade() && words.Matches(n.words) {
			out = append(out, n)
		}
	}
	return out
}

// spread is a reading with the words of its phrases one by one, as names have them.
func spread(r *search.Reading) *search.Reading {
	out := search.Reading{}
	for _, w := range r.Words {
		if len(w.Parts) == 0 {
			out.Words = append(out.Words, w)
		}
		for _, part := range w.Parts {
			out.Words = append(out.Words, search.Word{Token: part})
		}
	}
	return &out
}

// completed gives what a reading completes to, of the reference data alone.
func (s *Service) completed(r *search.Reading) []search.Suggestion {
	var out []search.Suggestion
	for _, n := range s.names() {
		if r.Matches(n.words) {
			out = append(out, search.Suggestion{Kind: n.kind, Value: n.label.Value, Names: n.label.Names})
		}
	}
	return out
}

// suggestPlainly completes without the engine: what the country has, not what is on offer, so without counts.
func (s *Service) suggestPlainly(q search.SuggestQuery) search.Suggestions {
	for _, r := range s.d.Lexicon.ReadTyping(q.Text) {
		if found := s.completed(&r); len(found) > 0 {
			return search.Suggestions{Items: search.MixSuggestions(found, q.Limit), Reading: r}
		}
	}
	return search.Suggestions{}
}
