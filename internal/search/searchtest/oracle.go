package searchtest

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/orynda/orynda/internal/search"
)

// oracle answers questions in the plainest way there is: by looking at every place.
type oracle struct {
	l     *search.Lexicon
	docs  map[string]*search.Document
	words map[string][search.FieldCount][]string
}

func newOracle(docs []search.Document) *oracle {
	o := &oracle{l: Lexicon(), docs: map[string]*search.Document{}, words: map[string][search.FieldCount][]string{}}
	scribe := o.l.Scribe()
	for i := range docs {
		d := &docs[i]
		o.docs[d.ID] = d
		var fields [search.FieldCount][]string
		for f := range search.FieldCount {
			words := scribe.Words(d, f)
			for _, text := range words.Texts {
				for _, w := range text {
					fields[f] = append(fields[f], w.Key, w.Base())
				}
			}
			fields[f] = append(fields[f], words.Phrases...)
		}
		o.words[d.ID] = fields
	}
	return o
}

// ids gives the places found, sorted by id, and the reading that found them.
func (o *oracle) ids(q search.Query) ([]string, search.Reading) {
	readings := o.read(q)
	for _, r := range readings {
		if r.Guess {
			guessed, ok := r.Guessed(o.near)
			if !ok {
				continue
			}
			r = guessed
		}
		if out := o.find(q, &r); len(out) > 0 {
			return out, r
		}
	}
	if len(readings) > 0 {
		return nil, readings[search.Main(readings)]
	}
	if !q.Blank() {
		return nil, search.Reading{}
	}
	return o.find(q, &search.Reading{}), search.Reading{}
}

func (o *oracle) read(q search.Query) []search.Reading {
	if q.Literally {
		return o.l.ReadLiterally(q.Text)
	}
	return o.l.Read(q.Text)
}

func (o *oracle) find(q search.Query, r *search.Reading) []string {
	var out []string
	for id, d := range o.docs {
		if passes(d, q, "") && o.has(id, r) {
			out = append(out, id)
		}
	}
	slices.Sort(out)
	return out
}

// near finds the word of a strong field that is nearest.
func (o *oracle) near(w search.Word) string {
	var among []string
	for _, fields := range o.words {
		for f := range search.Strong {
			for _, have := range fields[f] {
				if !strings.HasPrefix(have, "x") {
					among = append(among, have)
				}
			}
		}
	}
	return search.Nearer(w, among)
}

// has tells whether a place has a reading's words and lies where it says.
func (o *oracle) has(id string, r *search.Reading) bool {
	d := o.docs[id]
	in := func(values []string, pick func(w *search.Workplace) string) bool {
		return len(values) == 0 || slices.ContainsFunc(d.Workplaces, func(w search.Workplace) bool { return slices.Contains(values, pick(&w)) })
	}
	if !in(r.Cities, func(w *search.Workplace) string { return w.City }) || !in(r.Regions, func(w *search.Workplace) string { return w.Region }) {
		return false
	}
	for _, w := range r.Words {
		if o.field(id, r, w) == search.FieldCount {
			return false
		}
	}
	return true
}

// field gives the first field that has a word, FieldCount for none.
func (o *oracle) field(id string, r *search.Reading, w search.Word) search.Field {
	fields := o.words[id]
	for f := range search.FieldCount {
		if !r.Scope.Has(f) {
			continue
		}
		for _, have := range fields[f] {
			if have == w.Token || w.Prefix && strings.HasPrefix(have, w.Token) {
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
func (o *oracle) facet(q search.Query, r *search.Reading, f search.Facet) []search.FacetCount {
	counts := map[string]int{}
	for id, d := range o.docs {
		if nothing := len(r.Words) == 0 && !q.Blank() && len(r.Cities)+len(r.Regions) == 0; !nothing && passes(d, q, f) && o.has(id, r) {
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
