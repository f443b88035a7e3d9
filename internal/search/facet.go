package search

import (
	"cmp"
	"slices"
)

// Values that stand in an index but never in an answer.
const (
	everyCollege = "*"    // of FacetOpenToCollege: a place open to every college
	seatFree     = "free" // of FacetFull
	seatNone     = "none" // of FacetFull
)

// FacetValues gives the values that an index holds of a document in a group, without repeats; an empty value is no value.
func (d *Document) FacetValues(f Facet) []string {
	var out []string
	add := func(v string) {
		if v != "" && !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	switch f {
	case FacetRegion:
		for i := range d.Workplaces {
			add(d.Workplaces[i].Region)
		}
	case FacetCity:
		for i := range d.Workplaces {
			add(d.Workplaces[i].City)
		}
	case FacetSpecialty:
		add(d.Specialty.Code)
	case FacetQualification:
		add(d.Qualification.Code)
	case FacetProgramme:
		add(d.Programme.Code)
	case FacetRegime:
		add(d.Regime)
	case FacetLevel:
		add(d.Level)
	case FacetTimeModel:
		add(d.TimeModel)
	case FacetLanguage:
		for _, l := range d.Languages {
			add(l)
		}
	case FacetPaid:
		add(BoolValue(d.Paid()))
	case FacetDormitory:
		add(BoolValue(d.Dormitory))
	case FacetUnder18:
		add(BoolValue(d.Under18))
	case FacetOpenToCollege:
		for _, c := range d.Colleges {
			add(c)
		}
		if len(out) == 0 {
			add(everyCollege)
		}
	case FacetFull:
		if d.SeatsFree > 0 {
			return []string{seatFree}
		}
		return []string{seatNone}
	}
	return out
}

// FilterValues turns the values selected in a group into the indexed values of which a place must have one; nil when the group doesn't
// filter.
func FilterValues(f Facet, selected []string) []string {
	switch {
	case len(selected) == 0:
		return nil
	case f == FacetOpenToCollege:
		return append(slices.Clone(selected), everyCollege)
	case f == FacetFull && selected[0] == string(FullInclude):
		return nil
	case f == FacetFull:
		return []string{seatFree}
	default:
		return selected
	}
}

// FinishFacet turns the counts of indexed values in one group into the answer: every selected value is in it, the
// order is that of FacetCount.
func FinishFacet(f Facet, counts map[string]int, selected []string) []FacetCount {
	switch f {
	case FacetFull:
		free := counts[seatFree]
		counts = map[string]int{string(FullExclude): free, string(FullInclude): free + counts[seatNone]}
	case FacetOpenToCollege:
		counts = spreadEvery(counts, selected)
	}
	out := make([]FacetCount, 0, len(counts)+len(selected))
	for v, n := range counts {
		if n > 0 || slices.Contains(selected, v) {
			out = append(out, FacetCount{Value: v, Count: n})
		}
	}
	for _, v := range selected {
		if _, ok := counts[v]; !ok && !slices.ContainsFunc(out, func(c FacetCount) bool { return c.Value == v }) {
			out = append(out, FacetCount{Value: v})
		}
	}
	slices.SortFunc(out, func(a, b FacetCount) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Value, b.Value))
	})
	return out
}

// spreadEvery adds the places open to every college to each college that is named or asked for.
func spreadEvery(counts map[string]int, selected []string) map[string]int {
	every := counts[everyCollege]
	out := make(map[string]int, len(counts))
	for v, n := range counts {
		if v != everyCollege {
			out[v] = n + every
		}
	}
	for _, v := range selected {
		if _, ok := out[v]; !ok {
			out[v] = every
		}
	}
	return out
}
