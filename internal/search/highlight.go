package search

import (
	"html"
	"slices"
	"strings"
	"sync"

	"github.com/orynda/orynda/internal/search/language"
)

// Range is a part of a text, in bytes from Start up to End.
type Range struct{ Start, End int }

// Highlight finds the words of a reading in an original text: whole words, also where only their beginning was typed or another form stands, in
// order and without overlap.
func (l *Lexicon) Highlight(r *Reading, text string) []Range {
	if len(r.Words) == 0 {
		return nil
	}
	var out []Range
	for _, w := range l.shown.words(l, text) {
		if r.marks(w.FieldWord) {
			out = append(out, w.Range)
		}
	}
	return out
}

// marks reports whether a word of a text is one of the reading's.
func (r *Reading) marks(w FieldWord) bool {
	for i := range r.Words {
		sought := &r.Words[i]
		if w.is(sought.Token) || sought.Prefix && strings.HasPrefix(w.Key, sought.Token) || slices.ContainsFunc(sought.Parts, w.is) {
			return true
		}
	}
	return false
}

// is reports whether a word of a text is this one or, where they begin alike, a form of it.
func (w FieldWord) is(word string) bool {
	return w.Key == word || w.Form == word && common(w.Key, word) >= 3
}

// shownTexts remembers the words of texts that are shown, because the same ones come again with other questions.
type shownTexts struct {
	mu    sync.RWMutex
	known map[string][]shownWord
	count int // of all words
}

// shownWord is a word of a text, where it stands there, and the word that it may be a form of.
type shownWord struct {
	Range
	FieldWord
}

// maxShown bounds the words that are remembered of texts to some ten megabytes.
const maxShown = 1 << 17

// words gives the words of a text. Nobody may change them.
func (s *shownTexts) words(l *Lexicon, text string) []shownWord {
	s.mu.RLock()
	words, ok := s.known[text]
	s.mu.RUnlock()
	if ok {
		return words
	}
	words = []shownWord{}
	for t := range language.Tokens(text) {
		words = append(words, shownWord{Range{t.Start, t.End}, FieldWord{strings.Clone(t.Key), l.form(t, langsOf(t))}})
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.known == nil || s.count >= maxShown {
		s.known, s.count = map[string][]shownWord{}, 0
	}
	s.known[strings.Clone(text)] = slices.Clip(words)
	s.count += len(words)
	return words
}

// Mark gives a text as escaped HTML with the found words inside <mark>; false, and no text, where there are none.
func (l *Lexicon) Mark(r *Reading, text string) (marked string, found bool) {
	ranges := l.Highlight(r, text)
	if len(ranges) == 0 {
		return "", false
	}
	var b strings.Builder
	at := 0
	for _, r := range ranges {
		b.WriteString(html.EscapeString(text[at:r.Start]))
		b.WriteString("<mark>" + html.EscapeString(text[r.Start:r.End]) + "</mark>")
		at = r.End
	}
	b.WriteString(html.EscapeString(text[at:]))
	return b.String(), true
}
