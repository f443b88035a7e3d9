package search

import (
	"slices"
	"strings"

	"github.com/orynda/orynda/internal/search/language"
)

// Read gives the readings of a text, in the order in which they must be tried: the first that finds something is the answer. None for a text without
// words. A reference number has the one reading that finds it.
func (l *Lexicon) Read(text string) []Reading {
	text = strings.ToValidUTF8(text[:min(len(text), maxText)], " ")
	if word, ok := parseReference(text); ok {
		return []Reading{{How: Typed, Words: []Word{{Token: word}}, Meanings: []Meaning{{Text: text, Kind: KindPlacement, Value: word}}}}
	}
	typed := l.pieces(text)
	if len(typed) == 0 {
		return l.retyped(text)
	}
	list := newReadings(l, text)
	list.add(Typed, typed)
	list.strong = append(list.strong, list.named...) // a name with a slip before other words that are near
	if !allKnown(typed) {
		if fixed, changed := l.correct(typed); changed {
			list.add(Corrected, fixed)
		}
		list.strong = append(list.strong, l.retyped(text)...)
	}
	list.fewer(typed)
	return list.all()
}

// ReadLiterally gives the readings of a text as it was typed: no place named in it narrows the question, and nothing is corrected or given up.
func (l *Lexicon) ReadLiterally(text string) []Reading {
	text = strings.ToValidUTF8(text[:min(len(text), maxText)], " ")
	list := newReadings(l, text)
	if typed := l.pieces(text); len(typed) > 0 {
		list.plain(Typed, typed)
	}
	list.guess = nil
	return list.all()
}

func allKnown(pieces []piece) bool {
	return !slices.ContainsFunc(pieces, func(p piece) bool { return !p.known })
}

// retyped gives the strong readings of a text as typed with another keyboard: only such as have nothing but known words.
func (l *Lexicon) retyped(text string) []Reading {
	var out []Reading
	for _, other := range language.Layouts(text) {
		pieces := l.pieces(other)
		if len(pieces) == 0 {
			continue
		}
		for i, p := range pieces { // the beginning of a word proves too little
			if p.open && len(p.tok.Key) < 4 {
				pieces[i].known = false
			}
		}
		if !allKnown(pieces) {
			fixed, changed := l.correct(pieces)
			if !changed || !allKnown(fixed) {
				continue
			}
			pieces = fixed
		}
		list := newReadings(l, other)
		list.add(Layout, pieces)
		out = append(out, list.strong...)
	}
	return out
}

// readings gathers them in their order.
type readings struct {
	l                                 *Lexicon
	text                              string
	strong, named, weak, guess, fewed []Reading
}

func newReadings(l *Lexicon, text string) *readings { return &readings{l: l, text: text} }

func (rs *readings) all() []Reading {
	return slices.Concat(rs.strong, rs.weak, rs.guess, rs.fewed)
}

// add reads pieces with the places in them as filters and the phrases in them whole, then as plain words.
func (rs *readings) add(how How, pieces []piece) {
	rs.name(how, pieces)
	whole := rs.l.compose(rs.text, how, pieces, true)
	if len(whole.Words) == 0 && len(whole.Cities)+len(whole.Regions) > 0 {
		rs.strong = append(rs.strong, whole)
		return
	}
	rs.put(whole)
	if len(whole.Cities)+len(whole.Regions) > 0 || len(whole.Words) < len(pieces) {
		rs.plain(how, pieces)
	}
	if last := &pieces[len(pieces)-1]; last.known && !last.open && last.fixed == "" && how == Typed {
		// A known word may be the beginning of another, which is still being typed.
		open := slices.Clone(pieces)
		open[len(open)-1].base, open[len(open)-1].open = last.tok.Key, true
		rs.put(rs.l.compose(rs.text, how, open, true))
	}
}

// name reads several words as an enterprise's name, letter by letter as they were typed, unless they name a trade together.
func (rs *readings) name(how How, pieces []piece) {
	if len(pieces) < 2 || how == Layout && !allKnown(pieces) {
		return
	}
	typed := slices.Clone(pieces)
	for i := range typed {
		if typed[i].fixed == "" {
			typed[i].base = typed[i].tok.Key
		}
	}
	if len(rs.l.spans(pieces, true)) == 1 {
		return
	}
	r := rs.l.compose(rs.text, how, typed, false)
	r.Scope = ByName
	rs.strong = append(rs.strong, r)
	if how == Typed && !allKnown(typed) {
		guess := r
		guess.How, guess.Guess = Corrected, true
		rs.named = append(rs.named, guess)
	}
}

// plain reads pieces as words and nothing more.
func (rs *readings) plain(how How, pieces []piece) { rs.put(rs.l.compose(rs.text, how, pieces, false)) }

// put enters a reading: with its unknown words as typed, by their stems, in any field, and as guesses.
func (rs *readings) put(r Reading) {
	r.Scope = Strongly
	rs.strong = append(rs.strong, r)
	weak := r
	weak.Scope = Anywhere
	rs.weak = append(rs.weak, weak)
	if !slices.ContainsFunc(r.Words, func(w Word) bool { return w.Unknown }) {
		return
	}
	for _, stemmed := range rs.l.stemmed(r) {
		rs.strong = append(rs.strong, stemmed)
		stemmed.Scope = Anywhere
		rs.weak = append(rs.weak, stemmed)
	}
	guess := r
	guess.How, guess.Guess = Corrected, true
	rs.guess = append(rs.guess, guess)
}

// stemmed gives a reading with its unknown words by their stems, one for each language they may be of.
func (l *Lexicon) stemmed(r Reading) []Reading {
	var out []Reading
	for lang := range l.stems {
		words, changed := slices.Clone(r.Words), false
		for i, w := range words {
			if !w.Unknown || w.raw == "" {
				continue
			}
			if stem := stemIn(lang, w.raw, w.Token); stem != w.Token && len(stem) >= 4 {
				words[i].Token, changed = stem, true
			}
		}
		if changed {
			other := r
			other.Words = words
			out = append(out, other)
		}
	}
	return out
}

// fewer enters readings that give words up from the end, for a question that nothing answers whole. What remains must be known as it was typed, and name
// a trade: else it says nothing without the rest. A named place is never given up: to look elsewhere is for the reader to say.
func (rs *readings) fewer(pieces []piece) {
	spans := rs.l.spans(pieces, true)
	words, known := 0, -1
	for _, s := range spans {
		if len(s.places) > 0 {
			continue
		}
		if last := s.of[len(s.of)-1]; known < 0 && (!last.known || last.open) {
			known = words
		}
		words++
	}
	if known < 0 {
		known = words - 1
	}
	for n := known; n > 0; n-- {
		var kept []piece
		var dropped []string
		at := 0
		for _, s := range spans {
			if len(s.places) == 0 {
				at++
			}
			if len(s.places) > 0 || at <= n {
				kept = append(kept, s.of...)
				continue
			}
			for _, p := range s.of {
				dropped = append(dropped, strings.ToLower(p.tok.Raw))
			}
		}
		r := rs.l.compose(rs.text, Fewer, kept, true)
		if !rs.l.namesTrade(r) {
			return
		}
		r.Scope, r.Dropped = Strongly, dropped
		rs.fewed = append(rs.fewed, r)
	}
}

func (l *Lexicon) namesTrade(r Reading) bool {
	return slices.ContainsFunc(r.Meanings, func(t Meaning) bool {
		return t.Kind == KindQualification || t.Kind == KindSpecialty || t.Kind == KindProgramme || t.trade
	})
}

// DidYouMean gives a spelling of a text that has only known words, for a text that found nothing: looser than what a search corrects by itself. ""
// when there is none, or it is the same.
func (l *Lexicon) DidYouMean(text string) string {
	text = strings.ToValidUTF8(text[:min(len(text), maxText)], " ")
	for _, typed := range append([]string{text}, language.Layouts(text)...) {
		var said []string
		changed := typed != text
		for _, p := range l.pieces(typed) {
			if !p.known || p.open {
				p.letters = max(p.letters, min(p.letters+4, 9)) // one error more than a search forgives
				near := l.nearest(p)
				if near == nil {
					said = nil
					break
				}
				p, changed = l.fix(p, near.base), true
			}
			said = append(said, p.said())
		}
		if changed && len(said) > 0 {
			return strings.Join(said, " ")
		}
	}
	return ""
}
