package paper

import (
	"strings"
	"unicode"
)

// wrap breaks spans into lines no wider than width. It breaks at spaces and after hyphens between letters; a word wider than the line is
// cut, with a hyphen after a vowel when it is made of letters.
func (f *flow) wrap(in []span, size, width float64) []line {
	var out []line
	var current line
	for _, word := range words(in) {
		w := f.wordWidth(word, size)
		gap := 0.0
		if word.spaced && len(current.spans) > 0 {
			gap = f.measure(span{" ", word.parts[0].style}, size)
		}
		if current.width+gap+w > width && len(current.spans) > 0 {
			out, current, gap = append(out, current), line{}, 0
		}
		for w > width {
			head, tail := f.cutWord(word, size, width)
			out = append(out, f.join(line{}, head, 0, size))
			word, w = tail, f.wordWidth(tail, size)
		}
		current = f.join(current, word, gap, size)
	}
	if len(current.spans) > 0 {
		out = append(out, current)
	}
	return out
}

// word is what stays together: pieces in one or more styles.
type word struct {
	parts  []span
	spaced bool // a space stands before it
}

func (f *flow) wordWidth(w word, size float64) float64 {
	total := 0.0
	for _, p := range w.parts {
		total += f.measure(p, size)
	}
	return total
}

// words cuts spans into words. Only the plain space separates; no-break spaces hold.
func words(in []span) []word {
	var out []word
	open, spaced := false, false
	for _, s := range in {
		for i, piece := range strings.Split(s.text, " ") {
			if i > 0 {
				open, spaced = false, true
			}
			for _, part := range hyphenated(piece) {
				if open {
					last := &out[len(out)-1]
					last.parts = append(last.parts, span{part, s.style})
				} else {
					out = append(out, word{parts: []span{{part, s.style}}, spaced: spaced})
				}
				open, spaced = !strings.HasSuffix(part, "-"), false
			}
		}
	}
	return out
}

// hyphenated cuts a word after hyphens that stand between letters (on both sides at least two).
func hyphenated(s string) []string {
	if s == "" {
		return nil
	}
	runes := []rune(s)
	var out []string
	start := 0
	for i := 2; i+2 < len(runes); i++ {
		if runes[i] == '-' && unicode.IsLetter(runes[i-1]) && unicode.IsLetter(runes[i-2]) && unicode.IsLetter(runes[i+1]) && unicode.IsLetter(runes[i+2]) {
			out = append(out, string(runes[start:i+1]))
			start = i + 1
		}
	}
	return append(out, string(runes[start:]))
}

// join puts a word at the end of a line, merging spans of the same style.
func (f *flow) join(l line, w word, gap, size float64) line {
	for i, p := range w.parts {
		if i == 0 && gap > 0 {
			p.text = " " + p.text
		}
		l.width += f.measure(p, size)
		if n := len(l.spans); n > 0 && l.spans[n-1].style == p.style {
			l.spans[n-1].text += p.text
		} else {
			l.spans = append(l.spans, p)
		}
	}
	return l
}

// cutWord takes as much of a word as fits in width; at least one character, so that it always ends.
func (f *flow) cutWord(w word, size, width float64) (head, tail word) {
	runes, styles := flat(w)
	fits, hyphenFits, total := 1, 1, 0.0
	for i, r := range runes {
		if total += f.measure(span{string(r), styles[i]}, size); total > width {
			break
		}
		fits = i + 1
		if total+f.measure(span{"-", styles[i]}, size) <= width {
			hyphenFits = i + 1
		}
	}
	at, hyphen := breakPoint(runes, fits, hyphenFits)
	head, tail = build(runes[:at], styles[:at]), build(runes[at:], styles[at:])
	if hyphen {
		head.parts[len(head.parts)-1].text += "-"
	}
	head.spaced = w.spaced
	return head, tail
}

func flat(w word) (runes []rune, styles []style) {
	for _, p := range w.parts {
		for _, r := range p.text {
			runes, styles = append(runes, r), append(styles, p.style)
		}
	}
	return runes, styles
}

func build(runes []rune, styles []style) word {
	var w word
	for i, r := range runes {
		if n := len(w.parts); n > 0 && w.parts[n-1].style == styles[i] {
			w.parts[n-1].text += string(r)
		} else {
			w.parts = append(w.parts, span{string(r), styles[i]})
		}
	}
	return w
}

// breakPoint looks back from the last character that fits before a hyphen for a vowel followed by letters, where a hyphen may stand; codes, words in capitals
// and addresses are cut without one, so that nothing is added to them.
func breakPoint(runes []rune, fits, hyphenFits int) (at int, hyphen bool) {
	if len(runes) > 1 && unicode.IsUpper(runes[1]) {
		return fits, false
	}
	for i := range runes {
		if !unicode.IsLetter(runes[i]) && i <= fits {
			return fits, false
		}
	}
	for at = hyphenFits; at >= 2; at-- {
		next := string(runes[at])
		if at+2 <= len(runes) && strings.ContainsRune("аәеёиіоөуұүыэюяaeiou", unicode.ToLower(runes[at-1])) && !strings.Contains("ьъйЬЪЙ", next) {
			return at, true
		}
	}
	return fits, false
}
