package directory

import (
	"cmp"
	"slices"
	"strings"

	"github.com/orynda/orynda/internal/i18n"
)

// entry is what a thing can be found by: each name folded and in its skeleton.
type entry struct {
	codes []string
	names [][2]string // folded, skeleton
}

func newEntry(codes []string, names ...string) entry {
	e := entry{codes: codes}
	for _, n := range names {
		if f := foldName(n); f != "" {
			e.names = append(e.names, [2]string{f, skeletonName(n)})
		}
	}
	return e
}

func texts(t i18n.Text) []string { return []string{t.KK, t.RU, t.EN} }

func (r *Reference) indexWords() {
	for _, x := range r.regions {
		names := append(append(texts(x.Name), texts(x.Short)...), x.Aliases...)
		r.regionWords = append(r.regionWords, newEntry([]string{x.Code}, names...))
	}
	for _, x := range r.cities {
		r.cityWords = append(r.cityWords, newEntry(nil, append(texts(x.Name), x.Aliases...)...))
	}
	for _, x := range r.specialties {
		names := texts(x.Name)
		// A trade's everyday word is often its qualification's name: "сварщик" means "Сварочное дело".
		for _, q := range r.qualifications {
			if q.SpecialtyCode == x.Code {
				names = append(names, texts(q.Name)...)
			}
		}
		r.specialtyWords = append(r.specialtyWords, newEntry([]string{x.Code}, names...))
	}
	for _, x := range r.qualifications {
		_, digits, _ := splitCode(x.Code)
		r.qualificationWords = append(r.qualificationWords, newEntry([]string{strings.ToLower(x.Code), digits}, texts(x.Name)...))
	}
	for _, x := range r.programmes {
		r.programmeWords = append(r.programmeWords, newEntry([]string{strings.ToLower(x.Code)}, texts(x.Name)...))
	}
}

// FindRegions completes regions by fit; without q all, by name in the language.
func (r *Reference) FindRegions(q string, lang i18n.Lang) []Region {
	return found(r.regions, r.regionWords, q, func(x Region) string { return nameKey(x.Name.In(lang)) }, nil)
}

// FindCities completes cities by fit, of one region where it isn't ""; without q all, by name in the language.
func (r *Reference) FindCities(q, region string, lang i18n.Lang) []City {
	return found(r.cities, r.cityWords, q, func(x City) string { return nameKey(x.Name.In(lang)) + "|" + x.Region },
		func(x City) bool { return region == "" || x.Region == region })
}

// FindSpecialties completes specialties by code or words, by fit; without q all, by code.
func (r *Reference) FindSpecialties(q string) []Specialty {
	return found(r.specialties, r.specialtyWords, q, func(x Specialty) string { return x.Code }, nil)
}

// FindQualifications completes qualifications by code or words, by fit, of one specialty where it isn't ""; without q all, by code.
func (r *Reference) FindQualifications(q, specialty string) []Qualification {
	if s, ok := r.Specialty(specialty); ok {
		specialty = s.Code
	}
	return found(r.qualifications, r.qualificationWords, q, func(x Qualification) string { return x.SpecialtyCode + x.Code },
		func(x Qualification) bool { return specialty == "" || x.SpecialtyCode == specialty })
}

// FindProgrammes completes university fields of training by code or words, by fit; without q all, by code.
func (r *Reference) FindProgrammes(q string) []Programme {
	return found(r.programmes, r.programmeWords, q, func(x Programme) string { return x.Code }, nil)
}

// found ranks the things that fit q; things of the same fit stand in the order of key. keep leaves others out.
func found[T any](all []T, words []entry, q string, key func(T) string, keep func(T) bool) []T {
	type hit struct {
		thing T
		fit   int
		key   string
	}
	ask := newQuestion(q)
	var hits []hit
	for i, x := range all {
		if keep != nil && !keep(x) {
			continue
		}
		if fit := ask.fit(words[i]); fit > 0 {
			hits = append(hits, hit{x, fit, key(x)})
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int {
		return cmp.Or(cmp.Compare(b.fit, a.fit), strings.Compare(a.key, b.key))
	})
	out := make([]T, len(hits))
	for i, h := range hits {
		out[i] = h.thing
	}
	return out
}

// question is a folded q.
type question struct {
	code  string
	words [2][]string // folded, skeleton
	empty bool
}

// maxAsk is how many words of a question count: names have fewer, and each is compared with every name.
const maxAsk = 8

func newQuestion(q string) question {
	f := foldName(q)
	ask := question{empty: f == "", words: [2][]string{strings.Fields(f), strings.Fields(skeletonName(q))}}
	for i := range ask.words {
		ask.words[i] = ask.words[i][:min(len(ask.words[i]), maxAsk)]
	}
	if len(f) > 0 {
		if code := normalCode(q); strings.ContainsAny(code, "0123456789") {
			ask.code = strings.ToLower(code)
		}
	}
	return ask
}

// fit says how well an entry answers: 0 not at all; the best of its names counts. Every word of the question must be met.
func (a question) fit(e entry) int {
	if a.empty {
		return 1
	}
	best := 0
	for _, c := range e.codes {
		if a.code != "" && strings.HasPrefix(c, a.code) {
			return 100
		}
	}
	for _, name := range e.names {
		for form := range name {
			best = max(best, fitName(a.words[form], name[form])-form) // its own spelling before the rough one
		}
	}
	return best
}

// fitName: 90 the whole name, 80 its beginning, then the weakest word: 60 begins a word, 40 stands inside one, 20 with a typing error.
func fitName(words []string, name string) int {
	if len(words) == 0 {
		return 0
	}
	whole := strings.Join(words, " ")
	switch {
	case name == whole:
		return 90
	case strings.HasPrefix(name, whole):
		return 80
	}
	of := strings.Fields(name)
	worst := 60
	for _, w := range words {
		worst = min(worst, fitWord(w, of))
	}
	return worst
}

func fitWord(w string, of []string) int {
	letters := []rune(w)
	best := 0
	for _, o := range of {
		switch {
		case strings.HasPrefix(o, w):
			return 60
		case len(letters) >= 4 && strings.Contains(o, w):
			best = 40
		case best < 20 && nearPrefix(letters, []rune(o), typos(len(letters))):
			best = 20
		}
	}
	return best
}

// typos is how many typing errors a word of so many letters may have (behaviour.md, Search).
func typos(letters int) int {
	switch {
	case letters >= 9:
		return 2
	case letters >= 5:
		return 1
	}
	return 0
}

// nearPrefix reports whether some beginning of word is at most k typing errors (one letter wrong, missing, added, or two swapped) away
// from w.
func nearPrefix(w, word []rune, k int) bool {
	if k == 0 || len(word)+k < len(w) {
		return false
	}
	word = word[:min(len(word), len(w)+k)]
	before, row, next := make([]int, len(word)+1), make([]int, len(word)+1), make([]int, len(word)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(w); i++ {
		next[0] = i
		for j := 1; j <= len(word); j++ {
			cost := 1
			if w[i-1] == word[j-1] {
				cost = 0
			}
			next[j] = min(row[j]+1, next[j-1]+1, row[j-1]+cost)
			if i > 1 && j > 1 && w[i-1] == word[j-2] && w[i-2] == word[j-1] {
				next[j] = min(next[j], before[j-2]+1)
			}
		}
		before, row, next = row, next, before
	}
	return slices.Min(row) <= k
}
