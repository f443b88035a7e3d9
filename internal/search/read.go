package search

import (
	"cmp"
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
	if onlyCounts(typed) {
		return nil
	}
	if len(typed) == 0 {
		strong, names := l.retyped(text)
		return append(strong, names...)
	}
	common := slices.ContainsFunc(typed, func(p piece) bool { return p.common })
	list := newReadings(l, text)
	list.signed(text, typed)
	list.add(Typed, typed)
	list.strong = append(list.strong, list.slips...) // a name with a slip before other words that are near
	fixed, changed := l.correct(typed)
	if changed {
		list.add(Corrected, fixed)
	}
	if !allKnown(typed) {
		if !common { // else the keyboard was the right one
			strong, names := l.retyped(text)
			list.strong = append(list.strong, strong...)
			if !slices.ContainsFunc(typed, func(p piece) bool { return p.known }) {
				list.guess = append(list.guess, names...)
			}
		}
	}
	if list.fewer(typed); changed && len(list.fewed) == 0 {
		list.fewer(fixed)
	}
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

// onlyCounts reports whether there is nothing but numbers too short for a code or a reference: 2+2 asks for no place on whose texts a 2 stands.
func onlyCounts(pieces []piece) bool {
	const mostDigits = 2
	return len(pieces) > 0 && !slices.ContainsFunc(pieces, func(p piece) bool {
		return len(p.tok.Key) > mostDigits || strings.Trim(p.tok.Key, "0123456789") != ""
	})
}

func allKnown(pieces []piece) bool {
	return !slices.ContainsFunc(pieces, func(p piece) bool { return !p.known })
}

// leastRetyped is how many letters a word must have that is read on another keyboard without being typed to its end, or with Kazakh letters typed.
const leastRetyped = 4

// retyped gives the strong readings of a text as typed with another keyboard: only such as have nothing but known words. Names are what enterprises may be
// called otherwise.
func (l *Lexicon) retyped(text string) (strong, names []Reading) {
	for _, other := range language.Layouts(text) {
		pieces := l.pieces(other)
		const digits = "0123456789"
		if len(pieces) == 0 || strings.ContainsAny(other, digits) && !strings.ContainsAny(text, digits) {
			continue // Kazakh letters that are English numbers were meant as letters
		}
		list := newReadings(l, other)
		for i, p := range pieces { // a few letters prove too little
			short := len(p.tok.Key) < leastRetyped && (p.open || language.IsKazakh(text))
			pieces[i].known = p.known && !short || p.filler && len(pieces) > 1
		}
		if !allKnown(pieces) {
			fixed, changed := l.correct(pieces)
			if !changed || !allKnown(fixed) {
				names = append(names, list.named(Layout, pieces))
				continue
			}
			pieces = fixed
		}
		list.add(Layout, pieces)
		strong = append(strong, list.strong...)
	}
	return strong, names
}

// readings gathers them in their order.
type readings struct {
	l                                 *Lexicon
	text                              string
	isSigned                          bool // it is read as a name already
	strong, slips, weak, guess, fewed []Reading
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
	pieces = withoutFiller(pieces)
	if len(pieces) < 2 || how == Layout && !allKnown(pieces) || len(rs.l.spans(pieces, true)) == 1 {
		return
	}
	r := rs.named(how, pieces)
	if !rs.isSigned {
		rs.strong = append(rs.strong, r)
	}
	if how == Typed && !allKnown(pieces) {
		r.How, r.Guess, r.Words = Corrected, true, slices.Clone(r.Words)
		for i, p := range pieces { // where the other words are right a short or common one may be misspelt
			if r.Words[i].Letters = p.letters; p.letters == leastInName {
				r.Words[i].Letters++
			}
		}
		rs.slips = append(rs.slips, r)
	}
}

// withoutFiller leaves out what says only that somebody looks for a place, unless there is nothing else.
func withoutFiller(pieces []piece) []piece {
	out := slices.DeleteFunc(slices.Clone(pieces), func(p piece) bool { return p.filler })
	if len(out) == 0 {
		return pieces
	}
	return out
}

// leastInName is how many letters a misspelt word of several has in a name: the next more may have an error anywhere.
const leastInName = 4

// signed reads words beside a legal form, or before an initial, as an enterprise's name above all: ТОО Темир жол, Морозов С.
func (rs *readings) signed(text string, pieces []piece) {
	toks := slices.Collect(language.Tokens(text))
	last := toks[len(toks)-1]
	initial := len(toks) > 1 && len(last.Key) == 1 && rs.l.stops(last)
	if !initial && !slices.ContainsFunc(toks, func(t language.Token) bool { return rs.l.legal[t.Key] }) {
		return
	}
	r := rs.named(Typed, withoutFiller(pieces))
	if initial {
		r.Words = append(r.Words, Word{Token: last.Key})
	}
	rs.strong, rs.isSigned = append(rs.strong, r), !initial
}

// named gives pieces as an enterprise's name.
func (rs *readings) named(how How, pieces []piece) Reading {
	typed := slices.Clone(pieces)
	for i := range typed {
		if typed[i].fixed == "" {
			typed[i].base = typed[i].tok.Key
		}
	}
	r := rs.l.compose(rs.text, how, typed, false)
	r.Scope = ByName
	return r
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
				words[i].Token, words[i].Prefix, changed = stem, false, true // what begins like a stem is another word
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

// fewer enters readings that give words up, for a question that nothing answers whole: first those that nothing knows, then one after the other, the
// least telling first. What remains must tell a trade as it was typed: else it says nothing without the rest. Where more than one unknown word goes, it must
// be a trade's name. Beside a common word only somebody who does something is a trade, and only such a name may be a misspelt one: мама повар, but neither
// снять квартиру nor билеты в кино nor с новым годом (роддом). A named place is never given up: to look
// elsewhere is for the reader to say.
func (rs *readings) fewer(pieces []piece) {
	spans := rs.l.spans(pieces, true)
	var order []int // spans that may be given up, the most telling first
	for i, s := range spans {
		if len(s.places) == 0 && !slices.ContainsFunc(s.of, func(p piece) bool { return !p.known || p.open }) {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return rs.l.telltale(spans[b]).compare(rs.l.telltale(spans[a])) })
	for n := len(order); n > 0; n-- {
		var kept []piece
		var dropped []string
		var tells, trade, does, other bool
		lost := 0
		for i, s := range spans {
			if len(s.places) > 0 || slices.Contains(order[:n], i) {
				kept = append(kept, s.of...)
				if doing := len(s.trades) > 0 && doer(s); doing || !guessed(s) {
					tells, trade, does = tells || rs.l.tells(s), trade || len(s.trades) > 0, does || doing
				}
				continue
			}
			for _, p := range s.of {
				dropped, other = append(dropped, strings.ToLower(p.tok.Raw)), other || p.common
				if !p.filler {
					lost++
				}
			}
		}
		if len(dropped) == 0 {
			continue
		}
		if !tells || other && !does || lost > 1 && !trade {
			return
		}
		r := rs.l.compose(rs.text, Fewer, kept, true)
		r.Scope, r.Dropped = Strongly, dropped
		rs.fewed = append(rs.fewed, r)
	}
}

// guessed reports whether words are one that was misspelt.
func guessed(s span) bool { return len(s.of) == 1 && s.of[0].fixed != "" }

// doer reports whether words name somebody by what they do, going by the ends of such words in the three languages.
func doer(s span) bool {
	return slices.ContainsFunc(s.of, func(p piece) bool {
		return slices.ContainsFunc(doerEnds(), func(end string) bool {
			return strings.HasSuffix(p.base, end) || strings.HasSuffix(language.Russian(p.tok.Raw), end)
		})
	})
}

// telltale is how much words say of what somebody looks for.
type telltale struct {
	trade bool // they name one
	doer  bool // as somebody who does something
	part  bool // they are a part of few trades' names
	words int
	rare  int // how seldom the trades' phrases have the word
}

func (l *Lexicon) telltale(s span) telltale {
	t := telltale{trade: len(s.trades) > 0, doer: len(s.trades) > 0 && doer(s), part: l.tells(s), words: len(s.of)}
	if w := l.words[s.of[0].base]; len(s.of) == 1 && w != nil {
		t.rare = -w.weight
	}
	return t
}

func (t telltale) compare(o telltale) int {
	return cmp.Or(cmp.Compare(bit(t.trade), bit(o.trade)), cmp.Compare(bit(t.doer), bit(o.doer)), cmp.Compare(bit(t.part), bit(o.part)), cmp.Compare(t.words, o.words), cmp.Compare(t.rare, o.rare))
}

// DidYouMean gives a spelling of a text that has only known words, for a text that found nothing: looser than what a search corrects by itself. ""
// when there is none, or it is the same. Of several words one must be known as it was typed: what is all guessed means something else.
func (l *Lexicon) DidYouMean(text string) string {
	text = strings.ToValidUTF8(text[:min(len(text), maxText)], " ")
	for _, typed := range append([]string{text}, language.Layouts(text)...) {
		var said []string
		changed, sure := typed != text, false
		pieces := l.pieces(typed)
		if onlyCounts(pieces) {
			return ""
		}
		for _, p := range pieces {
			sure = sure || p.known && !p.open
			if !p.known || p.open {
				if p.common {
					said = nil
					break
				}
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
		if changed && len(said) > 0 && (sure || len(said) == 1) {
			return strings.Join(said, " ")
		}
	}
	return ""
}
