package search

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/search/language"
)

// Entry is a thing that a question may name: a trade or a place, with all phrases it is known by.
type Entry struct {
	Kind  Kind // KindQualification, KindSpecialty, KindProgramme, KindCity or KindRegion
	Value string
	Names i18n.Text
	Also  []string // synonyms or aliases, whole phrases in any language
	Point *Point   // of a city
}

// Lexicon knows the words of trades and places, which every document and every question may use: it turns texts into the words that an engine
// holds, and questions into [Reading]s. Both engines must read with the same lexicon, and an index belongs to the one it was built with
// ([Lexicon.Version]). What it knows never changes after [NewLexicon]; it remembers the words of texts that it marked. Safe for parallel use.
type Lexicon struct {
	entries []Entry
	words   map[string]*lexWord // by key
	stems   [3]map[string]string
	trades  map[string][]int // entries by their phrases, joined
	places  map[string][]int
	whole   map[string]string  // a phrase joined as it is written → joined of the words that stand for its words
	starts  map[string]int     // the first word of phrases of several words → words of the longest one
	longest int                // words of the longest phrase
	sorted  []string           // keys in order
	phrases []string           // joined phrases of several words, in order
	byWidth map[int][]spelling // keys by their length, in order
	asTyped map[int][]spelling // Cyrillic spellings in language.Letters by their length, in order
	stop    map[string]bool    // in any letters
	latin   map[string]bool    // stop words in Latin letters
	legal   map[string]bool    // legal forms of enterprises
	doing   map[string]bool    // words that say that something is done with what is named
	noise   map[string]bool    // words that say only that somebody looks for a place
	area    map[string]bool    // words for town and region
	telling map[string]bool    // words that tell a trade though they are never its name alone: warehouse, проводки
	common  [3]commonWords     // by language
	version string
	shown   shownTexts // remembered between calls; all else stays as it was made

	learning *learning // nil afterwards
}

// learning remembers what was found out of phrases while a lexicon is made: most stand in several entries, and each is looked at several times.
type learning struct {
	tokens map[string][]language.Token
	bases  map[Passage][]string
}

// lexWord is one word of the lexicon.
type lexWord struct {
	base   string // the word that stands for it and for its other forms
	langs  langSet
	trade  bool // in a phrase of a trade
	whole  bool // a phrase of a trade by itself
	weight int  // phrases that have it

	spelt []string // its Cyrillic spellings, in language.Letters
}

// spelling is one way to write a known word.
type spelling struct {
	text string
	word *lexWord
}

// langSet has a bit for each language.
type langSet uint8

const (
	kazakh langSet = 1 << iota
	russian
	english
)

// NewLexicon learns the entries.
func NewLexicon(entries []Entry) *Lexicon {
	l := &Lexicon{
		entries: slices.Clone(entries), words: map[string]*lexWord{}, trades: map[string][]int{}, places: map[string][]int{}, byWidth: map[int][]spelling{}, asTyped: map[int][]spelling{},
		whole: map[string]string{}, starts: map[string]int{},
		stop: keySet(stopWords()), latin: keySet(latinStopWords()), doing: keySet(doingWords()), legal: keySet(legalForms()), noise: keySet(noiseWords()), area: keySet(areaWords()),
	}
	for i := range l.stems {
		l.stems[i] = map[string]string{}
	}
	common := make(chan [3]commonWords, 1)
	go func() { common <- readCommon(commonText) }() // beside the entries: both take long
	l.learning = &learning{tokens: map[string][]language.Token{}, bases: map[Passage][]string{}}
	for i := range l.entries {
		l.learn(&l.entries[i])
	}
	l.group()
	for i := range l.entries {
		l.index(i)
	}
	l.tell()
	l.learning = nil
	l.common = <-common
	for key := range l.words {
		l.sorted = append(l.sorted, key)
	}
	slices.Sort(l.sorted)
	for _, key := range l.sorted {
		w := l.words[key]
		l.byWidth[len(key)] = append(l.byWidth[len(key)], spelling{key, w})
		for _, s := range w.spelt {
			l.asTyped[len(s)] = append(l.asTyped[len(s)], spelling{s, w})
		}
	}
	for written, whole := range l.whole {
		if l.words[whole] == nil && l.trades[whole] != nil {
			l.phrases = append(l.phrases, written)
		}
	}
	slices.Sort(l.phrases)
	l.version = l.fingerprint()
	return l
}

// Version names what the lexicon knows and how it reads: an index that another version filled must be built anew.
func (l *Lexicon) Version() string { return l.version }

// readingVersion is raised whenever keys, stems or the words of documents change.
const readingVersion = 4

func (l *Lexicon) fingerprint() string {
	h := sha256.New()
	_, _ = fmt.Fprintln(h, readingVersion)
	for _, e := range l.entries {
		_, _ = fmt.Fprintf(h, "%s %s %q %q\n", e.Kind, e.Value, e.Names, e.Also)
	}
	return hex.EncodeToString(h.Sum(nil))[:12]
}

func keySet(words string) map[string]bool {
	out := map[string]bool{}
	for w := range language.Tokens(words) {
		out[w.Key] = true
	}
	return out
}

// stops reports whether a word stands in no phrase.
func (l *Lexicon) stops(t language.Token) bool {
	return l.stop[t.Key] || l.latin[t.Key] && language.IsLatin(t.Raw)
}

// phrases gives everything an entry is known by.
func (e *Entry) phrases() []Passage {
	out := passages(e.Names)
	for _, also := range e.Also {
		out = append(out, Passage{Text: also})
	}
	return out
}

func (e *Entry) place() bool { return e.Kind == KindCity || e.Kind == KindRegion }

// learn notes the words of an entry.
func (l *Lexicon) learn(e *Entry) {
	for _, p := range e.phrases() {
		for _, t := range l.tokens(p.Text) {
			if l.stops(t) {
				continue
			}
			w := l.words[t.Key]
			if w == nil {
				w = &lexWord{}
				l.words[t.Key] = w
			}
			w.langs |= p.langs(t)
			if letters := language.Letters(t.Word); !language.IsLatin(t.Raw) && !slices.Contains(w.spelt, letters) {
				w.spelt = append(w.spelt, letters)
			}
			w.trade = w.trade || !e.place()
			w.weight++
		}
	}
}

// langs tells which languages a word of the passage may be of.
func (p Passage) langs(t language.Token) langSet {
	switch {
	case language.IsLatin(t.Raw):
		return english
	case p.Lang == i18n.KK || language.IsKazakh(t.Raw):
		return kazakh
	case p.Lang == i18n.RU:
		return russian
	}
	return kazakh | russian
}

// stemIn gives the stem of a word in a language; its number is that of the language's bit.
func stemIn(lang int, raw, key string) string {
	switch langSet(1) << lang {
	case kazakh:
		return language.Kazakh(key)
	case russian:
		return language.Russian(raw)
	default:
		return language.English(raw)
	}
}

// group finds the words that share a stem and chooses the one that stands for all.
func (l *Lexicon) group() {
	whole := map[string]bool{}
	raw := map[string]string{}
	for i := range l.entries {
		for _, p := range l.entries[i].phrases() {
			toks := l.tokens(p.Text)
			for _, t := range toks {
				raw[t.Key] = t.Raw
			}
			if len(toks) == 1 {
				whole[toks[0].Key] = true
			}
		}
	}
	better := func(a, b string) int {
		return cmp.Or(-cmp.Compare(bit(whole[a]), bit(whole[b])), cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
	}
	keys := make([]string, 0, len(l.words))
	for k := range l.words {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, better)
	// The best word of a stem comes first and names it; what shares a stem with a named word joins it.
	for _, k := range keys {
		w := l.words[k]
		w.base, w.whole = k, whole[k] && w.trade
		for lang := range l.stems {
			if w.langs&(1<<lang) == 0 {
				continue
			}
			if base, ok := l.stems[lang][stemIn(lang, raw[k], k)]; ok && (!whole[k] || !whole[base]) {
				w.base = base
				break
			}
		}
		for lang := range l.stems {
			stem := stemIn(lang, raw[k], k)
			if _, named := l.stems[lang][stem]; w.langs&(1<<lang) != 0 && !named {
				l.stems[lang][stem] = w.base
			}
		}
	}
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

// index notes the phrases of an entry.
func (l *Lexicon) index(i int) {
	e := &l.entries[i]
	to := l.trades
	if e.place() {
		to = l.places
	}
	for _, p := range e.phrases() {
		bases := l.bases(p)
		if len(bases) == 0 {
			continue
		}
		l.longest = max(l.longest, len(bases))
		if len(bases) > 1 && !e.place() {
			l.starts[bases[0]] = max(l.starts[bases[0]], len(bases))
		}
		whole, written := join(bases), join(l.keys(p))
		_, again := l.whole[written]
		l.whole[written] = whole
		if len(bases) > 1 && !e.place() && !again {
			l.stemWritten(p, whole)
		}
		for _, joined := range []string{whole, written} {
			if !slices.Contains(to[joined], i) {
				to[joined] = append(to[joined], i)
			}
		}
	}
}

// mostTold is how many entries may have a word in their phrases for it to be a telling one; leastTelling is how many letters it has.
const (
	mostTold     = 12
	leastTelling = 4
)

// tell finds the telling words.
func (l *Lexicon) tell() {
	in := map[string]map[int]bool{}
	for i := range l.entries {
		if l.entries[i].place() {
			continue
		}
		for _, p := range l.entries[i].phrases() {
			for _, base := range l.bases(p) {
				if in[base] == nil {
					in[base] = map[int]bool{}
				}
				in[base][i] = true
			}
		}
	}
	l.telling = map[string]bool{}
	for base, entries := range in {
		plain := !l.noise[base] && !l.area[base] && !l.doing[base] && l.trades[base] == nil && l.places[base] == nil
		l.telling[base] = plain && len(entries) <= mostTold && len(base) >= leastTelling && !strings.ContainsAny(base, "0123456789")
	}
}

// stemWritten lets a phrase of several words be known in its forms where somebody writes it as one: вебразработчики.
func (l *Lexicon) stemWritten(p Passage, whole string) {
	var raw strings.Builder
	var langs langSet
	for _, t := range l.tokens(p.Text) {
		if !l.stops(t) {
			raw.WriteString(t.Raw)
			langs = p.langs(t) // its last word has the ending
		}
	}
	for lang := range l.stems {
		if langs&(1<<lang) == 0 {
			continue
		}
		stem := stemIn(lang, raw.String(), language.Key(raw.String()))
		if _, named := l.stems[lang][stem]; !named {
			l.stems[lang][stem] = whole
		}
	}
}

// bases gives the words of a passage, each as the word that stands for it.
func (l *Lexicon) bases(p Passage) []string {
	if l.learning != nil {
		if known, ok := l.learning.bases[p]; ok {
			return known
		}
	}
	var out []string
	for _, t := range l.tokens(p.Text) {
		if !l.stops(t) {
			out = append(out, l.form(t, p.langs(t)))
		}
	}
	if l.learning != nil {
		l.learning.bases[p] = out
	}
	return out
}

// tokens gives the words of a text.
func (l *Lexicon) tokens(text string) []language.Token {
	if l.learning == nil {
		return slices.Collect(language.Tokens(text))
	}
	known, ok := l.learning.tokens[text]
	if !ok {
		known = slices.Collect(language.Tokens(text))
		l.learning.tokens[text] = known
	}
	return known
}

func (l *Lexicon) keys(p Passage) []string {
	var out []string
	for _, t := range l.tokens(p.Text) {
		if !l.stops(t) {
			out = append(out, t.Key)
		}
	}
	return out
}

// join makes one word of several. Where two equal letters meet one remains, as in a key.
func join(words []string) string {
	var b strings.Builder
	last := byte(0)
	for _, w := range words {
		if w != "" && w[0] == last && last >= 'a' && last <= 'z' {
			w = w[1:]
		}
		if w != "" {
			b.WriteString(w)
			last = w[len(w)-1]
		}
	}
	return b.String()
}

// form gives the word that stands for a word of a text: a known one, else its stem.
func (l *Lexicon) form(t language.Token, langs langSet) string {
	if base, ok := l.base(t, langs); ok {
		return base
	}
	for lang := range l.stems {
		if langs&(1<<lang) != 0 {
			return stemIn(lang, t.Raw, t.Key)
		}
	}
	return t.Key
}

// base finds the known word that a word is a form of, in the languages.
func (l *Lexicon) base(t language.Token, langs langSet) (string, bool) {
	if w := l.words[t.Key]; w != nil {
		return w.base, true
	}
	if strings.ContainsAny(t.Key, "0123456789") {
		return "", false
	}
	for lang := range l.stems {
		if langs&(1<<lang) == 0 {
			continue
		}
		if langSet(1)<<lang == kazakh {
			for _, f := range language.KazakhForms(t.Key)[1:] {
				if w := l.words[f]; w != nil && w.langs != english {
					return w.base, true
				}
			}
		}
		if base, ok := l.stems[lang][stemIn(lang, t.Raw, t.Key)]; ok {
			return base, true
		}
		if langSet(1)<<lang == russian {
			if base, ok := l.stems[lang][language.RussianFleeting(t.Raw)]; ok {
				return base, true
			}
		}
	}
	return "", false
}

// begins reports whether one of sorted words begins with a key.
func begins(sorted []string, key string) bool {
	at, _ := slices.BinarySearch(sorted, key)
	return at < len(sorted) && strings.HasPrefix(sorted[at], key)
}

// lengthens reports whether some other known word begins with a known one.
func (l *Lexicon) lengthens(key string) bool {
	at, _ := slices.BinarySearch(l.sorted, key)
	return at+1 < len(l.sorted) && strings.HasPrefix(l.sorted[at+1], key)
}

// completed gives the phrase that a joined beginning stands for: the word under which places hold the only one that begins so, else the beginning.
func (l *Lexicon) completed(joined string) (token string, open, ok bool) {
	at, _ := slices.BinarySearch(l.phrases, joined)
	whole := ""
	for ; at < len(l.phrases) && strings.HasPrefix(l.phrases[at], joined); at++ {
		if other := l.whole[l.phrases[at]]; whole != "" && other != whole {
			return "x" + joined, true, true
		} else {
			whole = other
		}
	}
	return "x" + whole, false, whole != ""
}
