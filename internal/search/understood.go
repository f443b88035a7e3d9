package search

import (
	"html"
	"strings"

	"github.com/orynda/orynda/internal/fold"
)

// MaxWords is how many words of a question are used; further ones are ignored.
const MaxWords = 10

// maxText is how many bytes of a question's text are read: room for ten long words, and no work for a flood.
const maxText = 4096

// Understood says how a question's text was read, and marks in a text what it found. Engines answer with it, so that
// highlights need no engine.
type Understood struct {
	Words   []string // folded words that every hit has; the last one also as a beginning when Prefix
	Dropped []string // folded words from the end that were given up because nothing had them all
	Prefix  bool     // whether the last of Words may be the beginning of a word
}

// Read splits a question's text into folded words, with the last taken as a beginning: the reader may still be typing.
// A reference number is read as its one word.
func Read(text string) Understood {
	text = text[:min(len(text), maxText)]
	if word, ok := parseReference(text); ok {
		return Understood{Words: []string{word}}
	}
	words := []string{}
	for t := range fold.Tokens(text) {
		if len(words) == MaxWords {
			break
		}
		words = append(words, t.Word)
	}
	return Understood{Words: words, Prefix: len(words) > 0}
}

// Keep gives the reading with only the first n words: what a search falls back to. The words that remain were followed by others, so
// none of them is still being typed.
func (u Understood) Keep(n int) Understood {
	if n >= len(u.Words) {
		return u
	}
	return Understood{Words: u.Words[:n:n], Dropped: append(u.Words[n:len(u.Words):len(u.Words)], u.Dropped...)}
}

// Text gives the used words as one line.
func (u Understood) Text() string { return strings.Join(u.Words, " ") }

// Range is a part of a text, in bytes from Start up to End.
type Range struct{ Start, End int }

// Highlight finds the used words in an original text: whole words, also where only their beginning was typed, in order and
// without overlap.
func (u Understood) Highlight(text string) []Range {
	if len(u.Words) == 0 {
		return nil
	}
	var out []Range
	for t := range fold.Tokens(text) {
		if u.matches(t.Word) {
			out = append(out, Range{Start: t.Start, End: t.End})
		}
	}
	return out
}

func (u Understood) matches(word string) bool {
	for i, w := range u.Words {
		if w == word || u.Prefix && i == len(u.Words)-1 && strings.HasPrefix(word, w) {
			return true
		}
	}
	return false
}

// Mark gives a text as escaped HTML with the found words inside <mark>, and whether there are any.
func (u Understood) Mark(text string) (marked string, found bool) {
	ranges := u.Highlight(text)
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
