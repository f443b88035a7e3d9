package searchtest

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/orynda/orynda/internal/fold"
	"github.com/orynda/orynda/internal/search"
)

// oracle answers questions in the plainest way there is: by looking at every place.
type oracle struct {
	docs  map[string]*search.Document
	words map[string][search.FieldCount][]string
}

func newOracle(docs []search.Document) *oracle {
	o := &oracle{docs: map[string]*search.Document{}, words: map[string][search.FieldCount][]string{}}
	for i := range docs {
		d := &docs[i]
		o.docs[d.ID] = d
		var fields [search.FieldCount][]string
		for f := range search.FieldCount {
			for _, t := range d.FieldTexts(f) {
				fields[f] = append(fields[f], fold.Words(t)...)
			}
		}
		o.words[d.ID] = fields
	}
	return o
}

// ids gives the places found, sorted by id, and the reading that found them.
func (o *oracle) ids(q search.Query) ([]string, search.Understood) {
	all := search.Read(q.Text)
	for n := len(all.Words); ; n-- {
		u := all.Keep(n)
		var out []string
		for id, d := range o.docs {
			if passes(d, q, "") && o.has(id, u) {
				out = append(out, id)
			}
		}
		if len(out) > 0 || n <= 1 {
			slices.Sort(out)
			if len(out) == 0 {
				u = all
			}
			return out, u
		}
	}
}

func (o *oracle) has(id string, u search.Understood) bool {
	for i := range u.Words {
		if o.field(id, u, i) == search.FieldCount {
			return false
		}
	}
	return true
}

// field gives the first field that has a word, FieldCount for none.
func (o *oracle) field(id string, u search.Understood, i int) search.Field {
	fields := o.words[id]
	for f := range search.FieldCount {
		for _, w := range fields[f] {
			if w == u.Words[i] || u.Prefix && i == len(u.Words)-1 && strings.HasPrefix(w, u.Words[i]) {
				return f
			}
		}
	}
	return search.FieldCount
}

// whole tells whether a place has the word itself.
func (o *oracle) whole(id, word string) bool {
	fields := o.words[id]
	for f := range fields {
		if slices.Contains(fields[f], word) {
			return true
		}
	}
	return false
}

// facet counts a group the plain way, for the reading that the whole question got.
func (o *oracle) facet(q search.Query, u search.Understood, f search.Facet) []search.FacetCount {
	counts := map[string]int{}
	for id, d := range o.docs {
		if passes(d, q, f) && o.has(id, u) {
			for _, v := range d.FacetValues(f) {
				counts[v]++
			}
		}
	}
	return search.FinishFacet(f, counts, q.Selected(f))
}

// seats adds the free seats of places up the plain way.
func (o *oracle) seats(ids []string, by search.Seats) []search.FacetCount {
	sums := map[string]int{}
	for _, id := range ids {
		d := o.docs[id]
		values := d.FacetValues(search.FacetRegion)
		if by == search.SeatsSpecialty {
			values = d.FacetValues(search.FacetSpecialty)
		}
		for _, v := range values {
			sums[v] += d.SeatsFree
		}
	}
	out := []search.FacetCount{}
	for v, n := range sums {
		if n > 0 {
			out = append(out, search.FacetCount{Value: v, Count: n})
		}
	}
	slices.SortFunc(out, func(a, b search.FacetCount) int { return cmp.Or(b.Count-a.Count, cmp.Compare(a.Value, b.Value)) })
	return out
}

// passes tells whether a place passes the filters, but for one group.
func passes(d *search.Document, q search.Query, without search.Facet) bool {
	one := func(f search.Facet, ok func() bool) bool { return f == without || len(q.Selected(f)) == 0 || ok() }
	in := func(values []string, v string) func() bool { return func() bool { return slices.Contains(values, v) } }
	place := func(pick func(w *search.Workplace) string, values []string) func() bool {
		return func() bool {
			return slices.ContainsFunc(d.Workplaces, func(w search.Workplace) bool { return slices.Contains(values, pick(&w)) })
		}
	}
	day := func(ok bool) bool { return d.StartsOn != "" && ok }
	return one(search.FacetRegion, place(func(w *search.Workplace) string { return w.Region }, q.Regions)) &&
		one(search.FacetCity, place(func(w *search.Workplace) string { return w.City }, q.Cities)) &&
		one(search.FacetSpecialty, in(q.Specialties, d.Specialty.Code)) &&
		one(search.FacetQualification, in(q.Qualifications, d.Qualification.Code)) &&
		one(search.FacetProgramme, in(q.Programmes, d.Programme.Code)) &&
		one(search.FacetRegime, in(q.Regimes, d.Regime)) &&
		one(search.FacetLevel, in(q.Levels, d.Level)) &&
		one(search.FacetTimeModel, in(q.TimeModels, d.TimeModel)) &&
		one(search.FacetLanguage, func() bool {
			return slices.ContainsFunc(d.Languages, func(l string) bool { return slices.Contains(q.Languages, l) })
		}) &&
		one(search.FacetPaid, func() bool { return d.Paid() == *q.Paid }) &&
		one(search.FacetDormitory, func() bool { return d.Dormitory == *q.Dormitory }) &&
		one(search.FacetUnder18, func() bool { return d.Under18 == *q.Under18 }) &&
		one(search.FacetOpenToCollege, func() bool { return len(d.Colleges) == 0 || slices.Contains(d.Colleges, q.OpenToCollege) }) &&
		(without == search.FacetFull || q.Full == search.FullInclude || d.SeatsFree > 0) &&
		d.MonthlyPay() >= q.MinCompensation &&
		(q.MaxWeeklyHours == 0 || d.WeeklyHours > 0 && d.WeeklyHours <= q.MaxWeeklyHours) &&
		(q.StartsFrom == "" || day(d.StartsOn >= q.StartsFrom)) && (q.StartsTo == "" || day(d.StartsOn <= q.StartsTo)) &&
		(q.RadiusKM == 0 || near(d, *q.Near) <= q.RadiusKM)
}

// near is the distance to the nearest workplace, infinite without a point.
func near(d *search.Document, from search.Point) float64 {
	best := math.Inf(1)
	for _, w := range d.Workplaces {
		if w.Point != nil {
			best = min(best, search.DistanceKM(from, *w.Point))
		}
	}
	return best
}

// sortKey gives the value that a sort orders by, least first.
func sortKey(d *search.Document, q search.Query) float64 {
	day := func(v string) float64 {
		if v == "" {
			return math.Inf(1)
		}
		return float64(dayInt(v))
	}
	switch q.Sort {
	case search.Newest:
		return -float64(d.PublishedAt.UnixMilli())
	case search.ClosingSoon:
		return day(string(d.ApplyBy))
	case search.StartsOn:
		return day(string(d.StartsOn))
	case search.Compensation:
		return -float64(d.MonthlyPay())
	case search.FewestApplicants:
		return float64(d.Applicants)
	case search.Distance:
		return math.Round(near(d, *q.Near)*1000) / 1000 // whole metres: engines round
	default:
		return 0
	}
}

func dayInt(day string) (n int) {
	for _, r := range day {
		if r >= '0' && r <= '9' {
			n = n*10 + int(r-'0')
		}
	}
	return n
}

// order compares two places as a sort other than relevance must.
func (o *oracle) order(q search.Query, a, b string) int {
	return cmp.Or(cmp.Compare(sortKey(o.docs[a], q), sortKey(o.docs[b], q)), cmp.Compare(a, b))
}
