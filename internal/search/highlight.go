package search

import (
	"html"
	"strings"

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
	for t := range language.Tokens(text) {
		if l.marks(r, t) {
			out = append(out, Range{Start: t.Start, End: t.End})
		}
	}
	return out
}

// marks reports whether a word of a text is one of the reading's.
func (l *Lexicon) marks(r *Reading, t language.Token) bool {
	form := ""
	is := func(word string) bool {
		if t.Key == word {
			return true
		}
		// Forms of a word begin alike; to ask for the form of every word would take too long.
		if common(t.Key, word) < 3 {
			return false
		}
		if form == "" {
			form = l.form(t, langsOf(t))
		}
		return form == word
	}
	for _, w := range r.Words {
		if is(w.Token) || w.Prefix && strings.HasPrefix(t.Key, w.Token) {
			return true
		}
		for _, part := range w.Parts {
			if is(part) {
				return true
			}
		}
	}
	return false
}

// Mark gives a text as escaped HTML with the found words inside <mark>, and whether there are any.
func (l *Lexicon) Mark(r *Reading, text string) (marked string, found bool) {
	ranges := l.Highlight(r, text)
	var b strings.Builder
	at := 0
	for _, r := range ranges {
		b.WriteString(html.EscapeString(text[at:r.Start]))
		b.WriteString("<mark>" + html.EscapeString(text[r.Start:r.End]) + "</mark>")
		at = r.End
	}
	b.WriteString(html.EscapeString(text[at:]))
	return b.String(), len(ranges) > 0
}
