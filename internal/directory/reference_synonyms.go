package directory

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/orynda/orynda/internal/fold"
)

// Words are everyday phrases for a trade beside its official name, by language: what people call it, the work itself, short forms. None of a row's
// phrases is folded like another of it, so a word that two languages share stands under one of them. Callers don't change the slices.
type Words struct{ KK, RU, EN []string }

// All lists the phrases of the three languages, Kazakh ones first, in a new slice.
func (w Words) All() []string { return slices.Concat(w.KK, w.RU, w.EN) }

// loadSynonyms gives every specialty, qualification and programme its everyday words.
func (r *Reference) loadSynonyms() error {
	const file = "synonyms.csv"
	if err := readSource(file, r.addSynonyms); err != nil {
		return err
	}
	if lacking := r.withoutSynonyms(); len(lacking) > 0 {
		return fmt.Errorf("%s: nothing for %s", file, strings.Join(lacking, ", "))
	}
	return nil
}

func (r *Reference) addSynonyms(rec record) error {
	words, err := readWords(rec)
	if err != nil {
		return err
	}
	of := r.synonymsOf(rec["code"])
	if of == nil {
		return fmt.Errorf("no such code %q", rec["code"])
	}
	if of.KK != nil {
		return fmt.Errorf("%s stands twice", rec["code"])
	}
	*of = words
	return nil
}

// synonymsOf is the place for the words of a code, written exactly as its own row has it; nil when there is no such code.
func (r *Reference) synonymsOf(code string) *Words {
	if i, ok := r.specialtyAt[code]; ok {
		return &r.specialties[i].Synonyms
	}
	if i, ok := r.programmeAt[code]; ok {
		return &r.programmes[i].Synonyms
	}
	_, digits, _ := splitCode(code)
	if i, ok := r.qualificationAt[digits]; ok && r.qualifications[i].Code == code {
		return &r.qualifications[i].Synonyms
	}
	return nil
}

// withoutSynonyms lists the codes of what has no words yet.
func (r *Reference) withoutSynonyms() []string {
	var codes []string
	note := func(code string, w Words) {
		if w.KK == nil {
			codes = append(codes, code)
		}
	}
	for _, x := range r.specialties {
		note(x.Code, x.Synonyms)
	}
	for _, x := range r.qualifications {
		note(x.Code, x.Synonyms)
	}
	for _, x := range r.programmes {
		note(x.Code, x.Synonyms)
	}
	return codes
}

// readWords cuts the columns kk, ru and en into phrases. A column without a phrase, a phrase with spaces around it and one that is folded like
// another of the row are mistakes of the file.
func readWords(rec record) (Words, error) {
	seen := map[string]string{}
	phrases := func(lang string) ([]string, error) {
		if rec[lang] == "" {
			return nil, fmt.Errorf("no phrase in column %s", lang)
		}
		list := strings.Split(rec[lang], "|")
		for _, phrase := range list {
			key := fold.Text(phrase)
			if key == "" || phrase != strings.TrimSpace(phrase) {
				return nil, fmt.Errorf("column %s: %q is empty or has spaces around it", lang, phrase)
			}
			if twin, twice := seen[key]; twice {
				return nil, fmt.Errorf("column %s: %q repeats %q", lang, phrase, twin)
			}
			seen[key] = phrase
		}
		return list, nil
	}
	kk, errKK := phrases("kk")
	ru, errRU := phrases("ru")
	en, errEN := phrases("en")
	return Words{KK: kk, RU: ru, EN: en}, errors.Join(errKK, errRU, errEN)
}
