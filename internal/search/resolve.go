package search

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/orynda/orynda/internal/search/language"
)

// piece is a word of a question on its way to a reading.
type piece struct {
	tok     language.Token
	base    string // the known word that it is a form of; its key when unknown
	known   bool
	open    bool // it may be the beginning of a word: the reader still types it
	common  bool // an everyday word that names no trade
	itself  bool // common, and not only a form of a common word
	filler  bool // it says that somebody looks for a place, or does something with what is named
	half    bool // known, but no trade by itself and the beginning of other known words: электр
	letters int
	fixed   string // what was read instead of a misspelt word, for the reader; "" when nothing was
}

// said is how the piece is shown.
func (p piece) said() string { return cmp.Or(p.fixed, strings.ToLower(p.tok.Raw)) }

// pieces resolves the words of a text.
func (l *Lexicon) pieces(text string) []piece {
	var toks []language.Token
	for t := range language.Tokens(text) {
		if len(toks) == MaxWords {
			break
		}
		toks = append(toks, t)
	}
	out := make([]piece, 0, len(toks))
	for i, t := range toks {
		last := i == len(toks)-1
		if l.stops(t) && len(toks) > 1 {
			continue
		}
		out = append(out, l.resolve(t, last))
	}
	return out
}

// resolve finds out whether a word is known.
func (l *Lexicon) resolve(t language.Token, last bool) piece {
	p := piece{tok: t, base: t.Key, letters: utf8.RuneCountInString(t.Word)}
	w := l.words[t.Key]
	p.filler = l.noise[t.Key] || l.doing[t.Key]
	if w == nil && (p.filler || l.isCommon(t)) {
		p.known, p.open, p.common, p.itself = last && begins(l.sorted, t.Key), last, !p.filler, l.inCommon(t.Key)
		return p
	}
	base, ok := l.base(t, langsOf(t))
	begun := last && w == nil && l.rather(t.Key, base)
	if ok && !begun {
		p.base, p.known = base, true
		p.half = last && w != nil && !w.whole && w.trade && l.places[t.Key] == nil && l.lengthens(t.Key)
		return p
	}
	if l.trades[t.Key] != nil || l.places[t.Key] != nil { // a phrase written in one word
		p.known = true
		return p
	}
	p.known, p.open = last && begins(l.sorted, t.Key), last
	return p
}

// rather reports whether a form that is not known itself is rather the beginning of a longer word: тока of токарь, not of ток.
func (l *Lexicon) rather(key, base string) bool {
	return len(base) > len(key)+1 && strings.HasPrefix(base, key) || len(base) < leastTelling && begins(l.sorted, key)
}

// langsOf guesses the languages of a word that somebody typed.
func langsOf(t language.Token) langSet {
	switch {
	case language.IsLatin(t.Raw):
		return english | russian | kazakh
	case language.IsKazakh(t.Raw):
		return kazakh
	}
	return russian | kazakh
}

// correct gives the pieces with every unknown one replaced by what it may be a misspelling of; changed says whether one was. Where several words are
// equally near, the one that makes a phrase with its neighbours is taken.
func (l *Lexicon) correct(in []piece) (out []piece, changed bool) {
	var open []int // where in out something else may stand
	var others [][]string
	for _, p := range in {
		if p.known {
			out = append(out, p)
			continue
		}
		better, also := l.better(p)
		if better == nil {
			out = append(out, p)
			continue
		}
		changed = true
		if len(also) > 0 {
			open, others = append(open, len(out)), append(others, also)
		}
		out = append(out, better...)
	}
	for i, at := range open {
		least := len(l.spans(out, true))
		for _, base := range others[i] {
			tried := slices.Clone(out)
			tried[at] = l.fix(out[at], base)
			if n := len(l.spans(tried, true)); n < least {
				out, least = tried, n
			}
		}
	}
	return out, changed
}

// better gives what a misspelt piece may stand for: another way to write its Latin letters, two words without the gap, or a word with
// typing errors; nil for none. Also are further words that are as near.
func (l *Lexicon) better(p piece) (better []piece, also []string) {
	if p.common || p.filler {
		return nil, nil
	}
	for _, v := range language.Variants(p.tok.Raw) {
		t := p.tok
		t.Key = v
		if base, ok := l.base(t, english); ok {
			return []piece{l.fix(p, base)}, nil
		}
		for _, f := range language.KazakhForms(v)[1:] {
			if w := l.words[f]; w != nil {
				return []piece{l.fix(p, w.base)}, nil
			}
		}
	}
	if near := l.nearest(p); near != nil {
		return []piece{l.fix(p, near.base)}, near.also
	}
	return l.split(p), nil
}

func (l *Lexicon) fix(p piece, base string) piece {
	p.base, p.known, p.open = base, true, false
	p.fixed = l.spelt(base)
	return p
}

// split parts two known words that were written as one.
func (l *Lexicon) split(p piece) []piece {
	key := p.tok.Key
	for at := 3; at <= len(key)-3; at++ {
		a, b := l.words[key[:at]], l.words[key[at:]]
		if a != nil && b != nil && a.trade && b.trade {
			first, second := l.fix(p, a.base), l.fix(p, b.base)
			return []piece{first, second}
		}
	}
	return nil
}

// nearest finds the known word with the fewest typing errors, also in an inflected form; nil for none.
func (l *Lexicon) nearest(p piece) *nearestWord {
	most := language.Allowed(p.letters)
	if most == 0 || strings.ContainsAny(p.tok.Key, "0123456789") {
		return nil
	}
	latin := language.IsLatin(p.tok.Raw)
	fits := func(w *lexWord) bool { return w != nil && (latin || w.langs != english) }
	near := l.nearestKey(p.tok.Key, most, fits)
	if !latin {
		if typed := l.nearestTyped(p, most); typed != nil && (near == nil || typed.errors < near.errors) {
			near = typed
		}
	}
	if near != nil {
		return near
	}
	// A letter typed twice may be one that stands in another's place.
	if doubled := language.Doubled(p.tok.Raw); doubled != p.tok.Key {
		if near := l.nearestKey(doubled, most, fits); near != nil {
			return near
		}
	}
	langs := langsOf(p.tok)
	for lang := range l.stems {
		if langs&(1<<lang) == 0 {
			continue
		}
		if near := l.nearestForm(p, lang, most, fits); near != nil {
			return near
		}
	}
	return nil
}

// nearestForm finds the known word whose stem in a language is near to the word's.
func (l *Lexicon) nearestForm(p piece, lang, most int, fits func(*lexWord) bool) *nearestWord {
	any := fits
	fits = func(w *lexWord) bool {
		return any(w) && (w.langs&(1<<lang) != 0 || langSet(1)<<lang == kazakh && w.langs&russian != 0)
	}
	var best *nearestWord
	if stem := stemIn(lang, p.tok.Raw, p.tok.Key); stem != p.tok.Key && len(stem) >= 5 {
		near := newNearest(stem, min(most, language.Allowed(len(stem))))
		for s, base := range l.stems[lang] {
			if w := l.words[base]; fits(w) {
				near.offer(s, base, w.rank())
			}
		}
		if near.base != "" {
			best = near
		}
	}
	if langSet(1)<<lang != kazakh {
		return best
	}
	for _, f := range language.KazakhForms(p.tok.Key)[1:] {
		if len(f) < 5 { // what is left of the word is too little to be misspelt
			break
		}
		if near := l.nearestKey(f, min(most, language.Allowed(len(f))), fits); near != nil && (best == nil || near.errors < best.errors) {
			best = near
		}
	}
	return best
}

// nearestKey finds the known word whose key has the fewest errors, nil for none.
func (l *Lexicon) nearestKey(key string, most int, fits func(*lexWord) bool) *nearestWord {
	return nearestOf(l.byWidth, key, most, func(w *lexWord) bool { return fits(w) && !l.area[w.base] })
}

// nearestTyped finds the known word with the fewest errors in its Cyrillic letters, nil for none.
func (l *Lexicon) nearestTyped(p piece, most int) *nearestWord {
	return nearestOf(l.asTyped, language.Letters(p.tok.Word), most, func(w *lexWord) bool { return !l.area[w.base] })
}

func nearestOf(byWidth map[int][]spelling, text string, most int, fits func(*lexWord) bool) *nearestWord {
	best := newNearest(text, most)
	for width := len(text) - most; width <= len(text)+most; width++ {
		for _, s := range byWidth[width] {
			if best.wants(s.text) && fits(s.word) {
				best.offer(s.text, s.word.base, s.word.rank())
			}
		}
	}
	if best.base == "" {
		return nil
	}
	return best
}

// rank prefers words that are a trade's name alone to others of trades, those to words of places, and frequent ones.
func (w *lexWord) rank() int {
	switch {
	case w.whole:
		return wholeRank + w.weight
	case w.trade:
		return wholeRank/2 + w.weight
	}
	return w.weight
}

// wholeRank is the least rank of a word that is a trade's name alone.
const wholeRank = 1 << 20

// nearestWord chooses among words the one with the fewest typing errors; then a trade's name, one with the same first letter, the longer common
// beginning, the higher rank, and the first in order.
type nearestWord struct {
	find   *language.Finder
	key    string
	errors int // of the best; most+1 at first
	same   int // letters that the best has in common at its beginning
	rank   int
	word   string
	base   string
	also   []string // further words with as few errors
}

// mostAlso is how many of them are kept.
const mostAlso = 6

func newNearest(key string, most int) *nearestWord {
	return &nearestWord{find: language.NewFinder(key), key: key, errors: most + 1}
}

// wants reports whether a word has few enough errors to be compared with the best one.
func (n *nearestWord) wants(word string) bool {
	most := n.errors
	if n.base == "" {
		most--
	}
	return n.find.Distance(word, most) <= most
}

func (n *nearestWord) offer(word, base string, rank int) {
	errors := n.find.Distance(word, n.errors)
	if errors > n.errors || n.base == "" && errors == n.errors {
		return
	}
	if errors < n.errors {
		n.also = nil
	}
	same := common(n.key, word)
	better := cmp.Or(cmp.Compare(n.errors, errors), cmp.Compare(rank/wholeRank, n.rank/wholeRank), cmp.Compare(min(same, 1), min(n.same, 1)),
		cmp.Compare(same, n.same), cmp.Compare(rank, n.rank), cmp.Compare(n.word, word))
	if n.base != "" && better <= 0 {
		n.keep(base)
		return
	}
	if n.base != "" && errors == n.errors {
		n.keep(n.base)
	}
	n.errors, n.same, n.rank, n.word, n.base = errors, same, rank, word, base
}

// keep remembers a word that is as near.
func (n *nearestWord) keep(base string) {
	if base != n.base && len(n.also) < mostAlso && !slices.Contains(n.also, base) {
		n.also = append(n.also, base)
	}
}

func common(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// Near looks for the word that an unknown word of a question may be: the one with the fewest typing errors, one at most, because names forgive no more.
// Both engines must choose by it. Make it with [NewNear].
type Near struct{ best *nearestWord }

// NewNear begins to look. A short or common word is near to itself only.
func NewNear(w Word) *Near {
	most := 1
	if language.Allowed(w.Letters) == 0 || strings.ContainsAny(w.Token, "0123456789") {
		most = 0
	}
	return &Near{newNearest(w.Token, most)}
}

// Wants reports whether a word is near enough to be offered: what is dear to find out about it need not be asked otherwise.
func (n *Near) Wants(word string) bool { return n.best.wants(word) }

// Offer takes a word into account.
func (n *Near) Offer(word string) { n.best.offer(word, word, 0) }

// Word is the best of those offered, "" for none.
func (n *Near) Word() string { return n.best.base }

// Nearer chooses among words; "" when none is near.
func Nearer(w Word, among []string) string {
	n := NewNear(w)
	for _, a := range among {
		n.Offer(a)
	}
	return n.Word()
}

// spelt gives a known word as a phrase writes it, for the reader.
func (l *Lexicon) spelt(base string) string {
	for _, i := range append(slices.Clone(l.trades[base]), l.places[base]...) {
		for _, p := range l.entries[i].phrases() {
			for t := range language.Tokens(p.Text) {
				if t.Key == base && len(l.keys(p)) == 1 {
					return strings.ToLower(t.Raw)
				}
			}
		}
	}
	for i := range l.entries {
		for _, p := range l.entries[i].phrases() {
			for t := range language.Tokens(p.Text) {
				if t.Key == base {
					return strings.ToLower(t.Raw)
				}
			}
		}
	}
	return base
}
