package directory

import (
	"cmp"
	"slices"
	"strings"

	"github.com/orynda/orynda/internal/i18n"
)

// FindRegions completes regions by fit; without q all, by name in the language.
func (r *Reference) FindRegions(q string, lang i18n.Lang) []Region {
	return found(r.regions, r.regionWords, q, func(x Region) string { return nameKey(x.Name.In(lang)) }, nil)
}

// FindCities completes cities by fit, of one region where it isn't ""; without q all, by name in the language.
func (r *Reference) FindCities(q, region string, lang i18n.Lang) []City {
	return found(r.cities, r.cityWords, q, func(x City) string { return nameKey(x.Name.In(lang)) + "|" + x.Region },
		func(x City) bool { return region == "" || x.Region == region })
}

// FindSpecialties completes specialties by code, name or everyday word, by fit; without q all, by code.
func (r *Reference) FindSpecialties(q string) []Specialty {
	return found(r.specialties, r.specialtyWords, q, func(x Specialty) string { return x.Code }, nil)
}

// FindQualifications completes qualifications by code, name or everyday word, by fit, of one specialty where it isn't ""; without q all, by code.
func (r *Reference) FindQualifications(q, specialty string) []Qualification {
	if s, ok := r.Specialty(specialty); ok {
		specialty = s.Code
	}
	return found(r.qualifications, r.qualificationWords, q, func(x Qualification) string { return x.SpecialtyCode + x.Code },
		func(x Qualification) bool { return specialty == "" || x.SpecialtyCode == specialty })
}

// FindProgrammes completes university fields of training by code, name or everyday word, by fit; without q all, by code.
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
