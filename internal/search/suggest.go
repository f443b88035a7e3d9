package search

import (
	"cmp"
	"slices"
	"strings"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/search/language"
)

// SuggestQuery asks to complete what is being typed.
type SuggestQuery struct {
	Text  string // any bytes
	Limit int    // of all; 0: DefaultSuggestions, at most MaxSuggestions
}

// DefaultSuggestions is how many are answered when nothing is asked.
const DefaultSuggestions = 8

// Normal fills the default in.
func (q SuggestQuery) Normal() SuggestQuery {
	if q.Limit == 0 {
		q.Limit = DefaultSuggestions
	}
	return q
}

// Validate refuses a limit out of range: Invalid bad_request, field limit, too_small or too_large.
func (q SuggestQuery) Validate() error {
	var c check
	c.within("limit", float64(q.Normal().Limit), 1, MaxSuggestions)
	return errs.InvalidFields(c.bad)
}

// Kind says what a suggestion stands for.
type Kind string

// The kinds, in the order they are answered.
const (
	KindQualification Kind = "qualification" // Value: its code
	KindSpecialty     Kind = "specialty"     // Value: its code
	KindProgramme     Kind = "programme"     // Value: its code
	KindCity          Kind = "city"          // Value: key of the city
	KindRegion        Kind = "region"        // Value: its code
	KindEnterprise    Kind = "enterprise"    // Value: its id
	KindPlacement     Kind = "placement"     // Value: the reference
)

// Kinds lists the kinds.
func Kinds() []Kind {
	return []Kind{KindQualification, KindSpecialty, KindProgramme, KindCity, KindRegion, KindEnterprise, KindPlacement}
}

// Suggestions are completions with the reading that they complete.
type Suggestions struct {
	Items   []Suggestion
	Reading Reading
}

// Suggestion is one completion. Within a kind those with most places come first, then by value; places as a search ranks them.
type Suggestion struct {
	Kind        Kind
	Value       string
	PlacementID string    // of KindPlacement
	Names       i18n.Text // an enterprise's one name is Russian
	Count       int       // places with a free seat; 1 for a place
}

// Label is one thing a document can be suggested by.
type Label struct {
	Value string
	Names i18n.Text
	Also  []string // other words it is known by
}

// Labels gives what a document has of a kind, without repeats; nothing for KindPlacement.
func (d *Document) Labels(k Kind) []Label {
	var out []Label
	add := func(value string, names i18n.Text, also []string) {
		if value != "" && !names.IsZero() && !slices.ContainsFunc(out, func(l Label) bool { return l.Value == value }) {
			out = append(out, Label{value, names, also})
		}
	}
	switch k {
	case KindQualification:
		add(d.Qualification.Code, d.Qualification.Names, d.Qualification.also())
	case KindSpecialty:
		add(d.Specialty.Code, d.Specialty.Names, d.Specialty.also())
	case KindProgramme:
		add(d.Programme.Code, d.Programme.Names, d.Programme.also())
	case KindCity:
		for i := range d.Workplaces {
			w := &d.Workplaces[i]
			add(w.City, w.CityNames, w.Aliases)
		}
	case KindRegion:
		for i := range d.Workplaces {
			add(d.Workplaces[i].Region, d.Workplaces[i].RegionNames, d.Workplaces[i].RegionAliases)
		}
	case KindEnterprise:
		add(d.EnterpriseID, i18n.Text{RU: d.EnterpriseName}, nil)
	}
	return out
}

// also gives what a term answers to beside its names.
func (t Term) also() []string {
	if t.Code == "" {
		return nil
	}
	return append([]string{t.Code}, t.Synonyms...)
}

// LabelWords gives the words a label answers to: keys, and the words that stand for their other forms.
func (l *Lexicon) LabelWords(label Label) []string {
	var out []string
	for _, p := range append(passages(label.Names), unsaid(label.Also...)...) {
		for t := range language.Tokens(p.Text) {
			if l.stops(t) {
				continue
			}
			out = append(out, t.Key)
			if form := l.form(t, p.langs(t)); form != t.Key {
				out = append(out, form)
			}
		}
	}
	return out
}

// Matches reports whether a label with these words has every word of a reading.
func (r *Reading) Matches(words []string) bool {
	for _, w := range r.Words {
		if !slices.ContainsFunc(words, func(have string) bool { return have == w.Token || w.Prefix && strings.HasPrefix(have, w.Token) }) {
			return false
		}
	}
	return len(r.Words) > 0
}

// ReadTyping gives the readings of a text that is still being typed, to complete it; the first that completes to something is the answer. Places
// are words like others in them.
func (l *Lexicon) ReadTyping(text string) []Reading {
	text = strings.ToValidUTF8(text[:min(len(text), maxText)], " ")
	if word, ok := parseReference(text); ok {
		return []Reading{{How: Typed, Words: []Word{{Token: word}}}}
	}
	typed := l.pieces(text)
	if len(typed) == 0 {
		return l.completions(language.Layouts(text), Layout)
	}
	out := l.completions([]string{text}, Typed)
	out = append(out, l.compose(text, Typed, typed, false))
	if !allKnown(typed) {
		if fixed, changed := l.correct(typed); changed {
			out = append(out, l.compose(text, Corrected, fixed, false))
		}
		out = append(out, l.completions(language.Layouts(text), Layout)...)
	}
	return out
}

// completions reads each text with its last word as the beginning of one.
func (l *Lexicon) completions(texts []string, how How) []Reading {
	var out []Reading
	for _, text := range texts {
		pieces := l.pieces(text)
		if len(pieces) == 0 {
			continue
		}
		last := &pieces[len(pieces)-1]
		last.base, last.open = last.tok.Key, true
		out = append(out, l.compose(text, how, pieces, false))
	}
	return out
}

// MixSuggestions chooses at most limit of all that was found: half of the room goes to one kind only when the others leave it.
// It expects the places in their order and sorts the rest.
func MixSuggestions(found []Suggestion, limit int) []Suggestion {
	kinds := Kinds()
	rank := func(k Kind) int { return slices.Index(kinds, k) }
	slices.SortStableFunc(found, func(a, b Suggestion) int {
		if a.Kind == KindPlacement && b.Kind == KindPlacement {
			return 0
		}
		return cmp.Or(cmp.Compare(rank(a.Kind), rank(b.Kind)), cmp.Compare(b.Count, a.Count), cmp.Compare(a.Value, b.Value))
	})
	share := max(1, limit/2)
	taken := map[Kind]int{}
	var first, rest []Suggestion
	for _, s := range found {
		if taken[s.Kind]++; taken[s.Kind] <= share {
			first = append(first, s)
		} else {
			rest = append(rest, s)
		}
	}
	out := append(first[:min(len(first), limit)], rest[:min(len(rest), max(0, limit-len(first)))]...)
	slices.SortStableFunc(out, func(a, b Suggestion) int { return cmp.Compare(rank(a.Kind), rank(b.Kind)) })
	return out
}
