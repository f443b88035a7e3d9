package finding

import (
	"context"
	"slices"

	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/search"
)

// facetValues is how many values of a facet are shown beside the selected ones.
const facetValues = 10

// facets names the values in the reader's language.
func (s *Service) facets(ctx context.Context, q search.Query, counted map[search.Facet][]search.FacetCount, whole []search.Facet, lang i18n.Lang) ([]Facet, error) {
	out := make([]Facet, 0, len(q.Facets))
	for _, name := range q.Facets {
		selected := q.Selected(name)
		shown := counted[name]
		if !slices.Contains(whole, name) {
			shown = shownCounts(shown, selected)
		}
		colleges, err := s.colleges(ctx, name, shown)
		if err != nil {
			return nil, err
		}
		values := make([]Value, 0, len(shown))
		for _, c := range shown {
			values = append(values, Value{
				Value: c.Value, Label: s.label(name, c.Value, colleges, lang), Count: c.Count, Selected: slices.Contains(selected, c.Value),
			})
		}
		out = append(out, Facet{Name: name, Values: values, More: len(counted[name]) - len(shown)})
	}
	return out, nil
}

// shownCounts are the most frequent values and every selected one.
func shownCounts(counts []search.FacetCount, selected []string) []search.FacetCount {
	var out []search.FacetCount
	for i, c := range counts {
		if i < facetValues || slices.Contains(selected, c.Value) {
			out = append(out, c)
		}
	}
	return out
}

// colleges reads those that a facet names; for the other facets there are none.
func (s *Service) colleges(ctx context.Context, name search.Facet, shown []search.FacetCount) (map[string]*directory.College, error) {
	if name != search.FacetOpenToCollege || len(shown) == 0 {
		return nil, nil
	}
	ids := make([]string, len(shown))
	for i, c := range shown {
		ids[i] = c.Value
	}
	return s.d.Directory.Colleges(ctx, ids...)
}

// label is a facet value's name in the reader's language; the value itself where it has none.
func (s *Service) label(name search.Facet, value string, colleges map[string]*directory.College, lang i18n.Lang) string {
	reference := s.d.Reference
	switch name {
	case search.FacetRegion:
		if r, ok := reference.Region(value); ok {
			return r.Name.In(lang)
		}
	case search.FacetCity:
		return reference.CityName("", value, lang)
	case search.FacetSpecialty:
		if t, ok := reference.Specialty(value); ok {
			return t.Name.In(lang)
		}
	case search.FacetQualification:
		if q, ok := reference.Qualification(value); ok {
			return q.Name.In(lang)
		}
	case search.FacetProgramme:
		if p, ok := reference.Programme(value); ok {
			return p.Name.In(lang)
		}
	case search.FacetOpenToCollege:
		if c := colleges[value]; c != nil {
			return c.Name
		}
	default:
		if key := "facet." + string(name) + "." + value; s.d.Catalogue.Has(key) {
			return s.d.Catalogue.Say(lang, key, nil)
		}
	}
	return value
}
