package search

import (
	"slices"
	"strings"

	"github.com/orynda/orynda/internal/search/language"
)

// compose makes a reading of pieces. Whole takes phrases as such: those of places become filters, those of trades one word; and it leaves out words that
// say only that somebody looks for a place.
func (l *Lexicon) compose(text string, how How, pieces []piece, whole bool) Reading {
	r := Reading{How: how}
	spans := l.spans(pieces, whole)
	named := slices.ContainsFunc(spans, func(s span) bool { return len(s.trades)+len(s.places) > 0 })
	told := slices.ContainsFunc(spans, func(s span) bool { return l.tells(s) && !s.of[0].filler })
	placed := slices.ContainsFunc(spans, func(s span) bool { return len(s.places) > 0 })
	for _, s := range spans {
		switch {
		case whole && len(s.trades)+len(s.places) == 0 && len(s.of) == 1 && len(spans) > 1 && l.idle(s.of[0], named || told, placed):
		case len(s.places) > 0:
			l.settle(&r, s)
			r.Meanings = append(r.Meanings, l.term(text, s))
		default:
			r.Words = append(r.Words, s.word())
			r.Meanings = append(r.Meanings, l.term(text, s))
		}
	}
	return r
}

// idle reports whether a word says nothing beside what is named.
func (l *Lexicon) idle(p piece, named, placed bool) bool {
	return named && p.filler || placed && l.area[p.tok.Key]
}

// tells reports whether a span tells a trade: names one, or has a word that only a few trades have.
func (l *Lexicon) tells(s span) bool {
	return len(s.trades) > 0 || len(s.of) == 1 && l.telling[s.of[0].base]
}

// span is one or several neighbours that are read together.
type span struct {
	of             []piece
	trades, places []int // entries that it names whole
	token          string
	open           bool // the token is the beginning of a phrase
}

// spans parts pieces into phrases and single words: the longest phrases first.
func (l *Lexicon) spans(pieces []piece, whole bool) []span {
	var out []span
	for i := 0; i < len(pieces); {
		s := span{of: pieces[i : i+1], token: pieces[i].base}
		most := 1
		if whole {
			most = min(l.longest, len(pieces)-i)
		}
		for n := most; n > 0; n-- {
			found, ok := l.span(pieces[i:i+n], whole)
			if !ok && n > 1 && i+n == len(pieces) {
				found, ok = l.begun(pieces[i:])
			}
			if ok {
				s = found
				break
			}
		}
		out = append(out, s)
		i += len(s.of)
	}
	return out
}

// span takes pieces as one phrase when they are one.
func (l *Lexicon) span(of []piece, whole bool) (span, bool) {
	if len(of) > 1 {
		if s, ok := l.glued(of); ok {
			return s, true
		}
	}
	words := make([]string, len(of))
	for i, p := range of {
		if words[i] = p.base; !p.known || p.open {
			return span{}, false
		}
	}
	joined := join(words)
	s := span{of: of, trades: l.trades[joined], token: joined}
	if whole {
		s.places = l.places[joined]
		if len(s.trades) > 0 && len(of) == 1 && len(s.places) > 0 {
			s.places = nil // a trade before a place of the same name
		}
	}
	if len(s.trades)+len(s.places) == 0 {
		return span{}, false
	}
	if len(of) > 1 || l.words[joined] == nil {
		s.token = l.phrase(joined)
	}
	return s, true
}

// begun takes pieces as the beginning of a trade's phrase whose last word is still being typed.
func (l *Lexicon) begun(of []piece) (span, bool) {
	last := of[len(of)-1]
	if !last.open || len(last.tok.Key) < 4 { // two and three letters begin too much
		return span{}, false
	}
	words := make([]string, len(of))
	for i, p := range of {
		if words[i] = p.tok.Key; i < len(of)-1 && (!p.known || p.open || p.fixed != "") {
			return span{}, false
		}
	}
	token, open, ok := l.completed(join(words))
	return span{of: of, token: token, open: open}, ok
}

// mostGlued is how many pieces one word may have been parted into, leastGlued how many letters it has at least.
const (
	mostGlued  = 3
	leastGlued = 6
)

// glued takes pieces as one known word of a trade that was written in several: авто механик, темір жол.
func (l *Lexicon) glued(of []piece) (span, bool) {
	if len(of) > mostGlued {
		return span{}, false
	}
	keys := make([]string, len(of))
	var raw strings.Builder
	for i, p := range of {
		if keys[i] = p.tok.Key; len(keys[i]) < 2 || p.fixed != "" {
			return span{}, false
		}
		raw.WriteString(p.tok.Raw)
	}
	t := language.Token{Raw: raw.String(), Key: join(keys)}
	base, ok := l.base(t, langsOf(t))
	// The word must reach into its last piece: слесарь рем is no form of слесарь.
	if w := l.words[base]; !ok || w == nil || !w.trade || len(t.Key) < leastGlued || len(base) < len(join(keys[:len(keys)-1]))+2 {
		return span{}, false
	}
	return span{of: of, trades: l.trades[base], token: base}, true
}

// phrase is the word under which places hold a joined phrase: the known word where it is written as one too, else a word of its own. No key begins
// with x.
func (l *Lexicon) phrase(joined string) string {
	if w := l.words[joined]; w != nil {
		return w.base
	}
	if whole, ok := l.whole[joined]; ok {
		joined = whole
	}
	return "x" + joined
}

// word is what a place must have for a span.
func (s span) word() Word {
	w := Word{Token: s.token, Prefix: s.open}
	if len(s.of) == 1 {
		p := s.of[0]
		w.Prefix, w.Unknown, w.Letters, w.raw = p.open || s.open, !p.known, p.letters, p.tok.Raw
		if p.common {
			w.Letters = 0 // it is no slip
		}
		if p.itself {
			w.raw = "" // nor a form of another word
		}
		if p.half && len(s.trades)+len(s.places) == 0 {
			w.Token, w.Prefix = p.tok.Key, true
		}
	}
	if strings.HasPrefix(s.token, "x") {
		for _, p := range s.of {
			w.Parts = append(w.Parts, p.base)
		}
	}
	return w
}

// settle narrows a reading to the place that a span names: a city before a region.
func (l *Lexicon) settle(r *Reading, s span) {
	city := slices.IndexFunc(s.places, func(i int) bool { return l.entries[i].Kind == KindCity })
	if city >= 0 {
		e := &l.entries[s.places[city]]
		r.Cities = append(r.Cities, e.Value)
		if r.Around == nil {
			r.Around = e.Point
		}
		return
	}
	for _, i := range s.places {
		r.Regions = append(r.Regions, l.entries[i].Value)
	}
}

// term says what a span was understood as.
func (l *Lexicon) term(text string, s span) Meaning {
	said := make([]string, len(s.of))
	for i, p := range s.of {
		said[i] = p.said()
	}
	t := Meaning{Text: strings.Join(said, " "), Kind: KindWord, trade: len(s.trades) > 0}
	if first, last := s.of[0].tok, s.of[len(s.of)-1].tok; last.End <= len(text) {
		before := strings.Fields(text[:first.Start])
		for n := len(before) - 1; n >= 0 && l.stops(language.Token{Raw: before[n], Key: language.Key(before[n])}); n-- {
			before = before[:n] // в Караганде goes whole
		}
		t.Without = strings.Join(append(before, strings.Fields(text[last.End:])...), " ")
	}
	if e := l.named(s); e != nil {
		t.Kind, t.Value, t.Entry = e.Kind, e.Value, e
	}
	return t
}

// named gives the one thing that a span names: a city before a region, a qualification before its specialty. Several of the best kind are none.
func (l *Lexicon) named(s span) *Entry {
	of := s.places
	if len(of) == 0 {
		of = s.trades
	}
	for _, kind := range []Kind{KindCity, KindRegion, KindQualification, KindSpecialty, KindProgramme} {
		var found *Entry
		for _, i := range of {
			if l.entries[i].Kind != kind {
				continue
			}
			if found != nil {
				return nil
			}
			found = &l.entries[i]
		}
		if found != nil {
			return found
		}
	}
	return nil
}
