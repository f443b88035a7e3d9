package search

import (
	"slices"
	"strings"
	"unicode"

	"github.com/orynda/orynda/internal/search/language"
)

// FieldWords are the words under which an engine must hold a field of a place.
type FieldWords struct {
	Texts   [][]FieldWord // by passage, in their order there
	Phrases []string      // phrases that name the place's trade, or stand in its title, each as one word
}

// FieldWord is a word of a text: its key and, where it differs, the word that stands for its other forms.
type FieldWord struct{ Key, Form string }

// Base is the word that stands for all its forms.
func (w FieldWord) Base() string {
	if w.Form != "" {
		return w.Form
	}
	return w.Key
}

// Scribe turns documents into words. It remembers those it met, because the same ones come again and again; it is for one goroutine.
type Scribe struct {
	l     *Lexicon
	seen  map[said]FieldWord
	terms map[string]termPhrases // by code
}

// termPhrases are the phrases of a term, each as one word, and the words in them that tell a trade by themselves.
type termPhrases struct {
	of                         Term
	names, also                []string
	tellingNames, tellingOther []string
}

// said is a word as it is written, in the language of its text.
type said struct {
	raw  string
	lang string
}

// maxRemembered bounds a scribe's memory to some megabytes.
const maxRemembered = 1 << 16

// Scribe makes one.
func (l *Lexicon) Scribe() *Scribe {
	return &Scribe{l: l, seen: map[said]FieldWord{}, terms: map[string]termPhrases{}}
}

// Words gives the words of a field of a document.
func (s *Scribe) Words(d *Document, f Field) FieldWords {
	var out FieldWords
	if f == FieldReference { // no spelling of it is another's
		for _, w := range referenceWords(d.Reference) {
			out.Texts = append(out.Texts, []FieldWord{{Key: w}})
		}
		return out
	}
	for _, p := range d.FieldTexts(f) {
		var words []FieldWord
		for start, end := range language.Spans(p.Text) {
			w := s.word(p, p.Text[start:end])
			if f == FieldEnterprise {
				w.Form = "" // a name has no other forms
			}
			if w.Key != "" {
				words = append(words, w)
			}
		}
		if len(words) > 0 {
			out.Texts = append(out.Texts, words)
		}
		switch f {
		case FieldTitle:
			out.Phrases = s.l.phrasesIn(words, out.Phrases)
		case FieldEnterprise:
			out.Phrases = append(out.Phrases, s.l.respaced(p.Text, words)...)
		}
	}
	switch f {
	case FieldTrade:
		out.Phrases = s.trade(d)
	case FieldQualification:
		t := s.phrases(d.Qualification)
		out.Phrases = slices.Concat(t.also, t.tellingOther)
	case FieldSpecialty:
		t := s.phrases(d.Specialty)
		out.Phrases = slices.Concat(t.names, t.also, t.tellingNames, t.tellingOther)
	case FieldProgramme:
		t := s.phrases(d.Programme)
		out.Phrases = slices.Concat(t.also, t.tellingOther)
	}
	return out
}

// phrases gives the phrases of a term, from memory where it is the same term.
func (s *Scribe) phrases(t Term) termPhrases {
	known, ok := s.terms[t.Code]
	if ok && known.of.Names == t.Names && slices.Equal(known.of.Synonyms, t.Synonyms) {
		return known
	}
	names, also := passages(t.Names), unsaid(t.Synonyms...)
	out := termPhrases{of: t, names: s.l.phrasesOf(names), also: s.l.phrasesOf(also), tellingNames: s.l.tellingOf(names), tellingOther: s.l.tellingOf(also)}
	if len(s.terms) >= maxRemembered {
		clear(s.terms)
	}
	s.terms[t.Code] = out
	return out
}

// respaced gives the words of a name as others space it, СтройСервис in two words, Строй Сервис in one, and its initials.
func (l *Lexicon) respaced(name string, words []FieldWord) []string {
	var out []string
	for i := 1; i < len(words); i++ {
		out = append(out, join([]string{words[i-1].Key, words[i].Key}))
	}
	for t := range language.Tokens(name) {
		if len(t.Key) == 1 && l.stops(t) { // an initial
			out = append(out, t.Key)
		}
	}
	var parts []string
	from, small := 0, false
	for at, r := range name {
		if small && unicode.IsUpper(r) {
			parts, from = append(parts, name[from:at]), at
		}
		small = unicode.IsLower(r)
	}
	if len(parts) == 0 {
		return out
	}
	for t := range language.Tokens(strings.Join(append(parts, name[from:]), " ")) {
		if !l.stops(t) {
			out = append(out, t.Key)
		}
	}
	return out
}

// trade gives the names of the document's own trade: the official ones, and of the everyday ones those that its title uses. A specialty is the trade of
// a place without a qualification only: its words are those of all its qualifications.
func (s *Scribe) trade(d *Document) []string {
	own := d.Qualification
	if own.Code == "" {
		own = d.Specialty
	}
	if own.Code == "" {
		own = d.Programme
	}
	phrases := s.phrases(own)
	out := slices.Clone(phrases.names)
	title := s.Words(d, FieldTitle)
	for _, phrase := range phrases.also {
		if slices.Contains(title.Phrases, phrase) || title.has(phrase) {
			out = append(out, phrase)
		}
	}
	return out
}

// has reports whether a word stands in the texts.
func (w FieldWords) has(base string) bool {
	return slices.ContainsFunc(w.Texts, func(text []FieldWord) bool {
		return slices.ContainsFunc(text, func(w FieldWord) bool { return w.Base() == base })
	})
}

// word reads with memory; stop words give none. Keys and values are copied, so that no document's text is kept alive by them.
func (s *Scribe) word(p Passage, raw string) FieldWord {
	at := said{raw, string(p.Lang)}
	if w, ok := s.seen[at]; ok {
		return w
	}
	if len(s.seen) >= maxRemembered {
		clear(s.seen)
	}
	at.raw = strings.Clone(raw)
	w := s.l.word(p, at.raw)
	s.seen[at] = w
	return w
}

func (l *Lexicon) word(p Passage, raw string) FieldWord {
	for t := range language.Tokens(raw) {
		if l.stops(t) {
			return FieldWord{}
		}
		w := FieldWord{Key: t.Key}
		if form := l.form(t, p.langs(t)); form != t.Key {
			w.Form = form
		}
		return w
	}
	return FieldWord{}
}

// phrasesIn adds the trades' phrases of several words that stand in a text.
func (l *Lexicon) phrasesIn(words []FieldWord, to []string) []string {
	for i := range words {
		most := min(l.starts[words[i].Base()], len(words)-i)
		for n := most; n > 1; n-- {
			bases := make([]string, n)
			for j := range bases {
				bases[j] = words[i+j].Base()
			}
			if joined := join(bases); l.trades[joined] != nil {
				to = append(to, l.phrase(joined))
			}
		}
	}
	return to
}

// phrasesOf gives passages as one word each.
func (l *Lexicon) phrasesOf(passages []Passage) []string {
	var out []string
	have := map[string]bool{}
	for _, p := range passages {
		if bases := l.bases(p); len(bases) > 0 {
			if phrase := l.phrase(join(bases)); !have[phrase] {
				have[phrase], out = true, append(out, phrase)
			}
		}
	}
	return out
}

// tellingOf gives the words of passages that tell their trade by themselves.
func (l *Lexicon) tellingOf(passages []Passage) []string {
	var out []string
	for _, p := range passages {
		for _, base := range l.bases(p) {
			if l.telling[base] && !slices.Contains(out, base) {
				out = append(out, base)
			}
		}
	}
	return out
}
