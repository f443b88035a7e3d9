package directory

import (
	"slices"
	"strings"

	"github.com/orynda/orynda/internal/i18n"
)

// entry is what a thing can be found by.
type entry struct {
	codes    []string
	names    []spelling
	synonyms []spelling
}

// spelling is a phrase folded and in its skeleton.
type spelling [2]phrase

// phrase is cut into words once, since every question is compared with every word.
type phrase struct {
	text    string
	words   []string
	letters [][]rune // of the words
}

func newPhrase(text string) phrase {
	p := phrase{text: text, words: strings.Fields(text)}
	for _, w := range p.words {
		p.letters = append(p.letters, []rune(w))
	}
	return p
}

// newEntry folds what something with these codes, names and everyday words is found by.
func newEntry(codes, names, synonyms []string) entry {
	return entry{codes: codes}.plus(spellings(names), spellings(synonyms))
}

func spellings(phrases []string) []spelling {
	var out []spelling
	for _, p := range phrases {
		if f := foldName(p); f != "" {
			out = append(out, spelling{newPhrase(f), newPhrase(skeletonName(p))})
		}
	}
	return out
}

// plus adds phrases, each once, and a name not again as a synonym.
func (e entry) plus(names, synonyms []spelling) entry {
	has := func(list []spelling, s spelling) bool {
		return slices.ContainsFunc(list, func(x spelling) bool { return x[0].text == s[0].text })
	}
	for _, s := range names {
		if !has(e.names, s) {
			e.names = append(e.names, s)
		}
	}
	for _, s := range synonyms {
		if !has(e.names, s) && !has(e.synonyms, s) {
			e.synonyms = append(e.synonyms, s)
		}
	}
	return e
}

func texts(t i18n.Text) []string { return []string{t.KK, t.RU, t.EN} }

func (r *Reference) indexWords() {
	for _, x := range r.regions {
		names := append(append(texts(x.Name), texts(x.Short)...), x.Aliases...)
		r.regionWords = append(r.regionWords, newEntry([]string{x.Code}, names, nil))
	}
	for _, x := range r.cities {
		r.cityWords = append(r.cityWords, newEntry(nil, append(texts(x.Name), x.Aliases...), nil))
	}
	for _, x := range r.qualifications {
		_, digits, _ := splitCode(x.Code)
		r.qualificationWords = append(r.qualificationWords,
			newEntry([]string{strings.ToLower(x.Code), digits}, texts(x.Name), x.Synonyms.All()))
	}
	for _, x := range r.specialties {
		own := newEntry([]string{x.Code}, texts(x.Name), x.Synonyms.All())
		// A trade's word is often its qualification's: who types "повар" means "Организация питания".
		for i, q := range r.qualifications {
			if q.SpecialtyCode == x.Code {
				own = own.plus(r.qualificationWords[i].names, r.qualificationWords[i].synonyms)
			}
		}
		r.specialtyWords = append(r.specialtyWords, own)
	}
	for _, x := range r.programmes {
		r.programmeWords = append(r.programmeWords, newEntry([]string{strings.ToLower(x.Code)}, texts(x.Name), x.Synonyms.All()))
	}
}
