package finding

import (
	"strings"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/search"
)

// Question is what somebody looks for, under the names of the contract's parameters and as they came in: codes may have their prefixes, a town any of its
// names. The zero value asks for the first page of everything with a free seat, newest first, without facets.
type Question struct {
	Text      string // "q": any bytes
	Literally bool   // read Text as it is typed

	Region          []string // KATO codes
	City            string   // a town by any name, in any language
	Near            *search.Point
	RadiusKM        int // from Near, or from City without it; 0: any
	Specialty       []string
	Qualification   []string
	Programme       []string
	Regime          string
	Level           []string
	TimeModel       string
	Language        []string
	Paid            *bool
	Dormitory       *bool
	Under18         *bool
	OpenToCollege   string // a college's id
	MinCompensation int64  // tenge a month; 0: any
	MaxWeeklyHours  int    // 0: any
	StartsFrom      cal.Day
	StartsTo        cal.Day

	Full    search.Full
	Sort    search.Sort
	Facets  []search.Facet // groups to count; search.Facets() are all
	Whole   []search.Facet // of them those that are given with all their values, not the most frequent only
	Page    int            // 0: 1
	PerPage int            // 0: search.DefaultPerPage
}

// query is the question as an engine takes it. It is valid.
func (s *Service) query(q Question) (search.Query, error) {
	out := search.Query{
		Text: q.Text, Literally: q.Literally, Regions: q.Region, Specialties: each(q.Specialty, trade), Qualifications: each(q.Qualification, s.qualification),
		Programmes: each(q.Programme, strings.ToUpper), Regimes: one(q.Regime), Levels: q.Level, TimeModels: one(q.TimeModel), Languages: q.Language,
		Paid: q.Paid, Dormitory: q.Dormitory, Under18: q.Under18, MinCompensation: q.MinCompensation, MaxWeeklyHours: q.MaxWeeklyHours,
		StartsFrom: q.StartsFrom, StartsTo: q.StartsTo, OpenToCollege: q.OpenToCollege, Near: q.Near, RadiusKM: float64(q.RadiusKM),
		Full: q.Full, Sort: q.Sort, Facets: q.Facets, Page: q.Page, PerPage: q.PerPage,
	}
	if err := s.town(q.City, &out); err != nil {
		return out, err
	}
	return out, out.Validate()
}

// town makes a town a filter, or with a radius the middle of one; it also is where distances are counted from.
func (s *Service) town(name string, q *search.Query) error {
	if name == "" {
		return nil
	}
	city, ok := s.d.Reference.City("", name)
	if !ok {
		return errs.New(errs.Invalid, "unknown_city").WithFields(errs.Field{Field: "city", Code: "unknown_city"})
	}
	if q.Near == nil {
		q.Near = &search.Point{Lat: city.Lat, Lon: city.Lon}
	}
	if q.RadiusKM == 0 {
		q.Cities = []string{city.Key()}
	}
	return nil
}

// qualification brings a code into the classifier's form; an unknown one stays and finds nothing.
func (s *Service) qualification(code string) string {
	if q, ok := s.d.Reference.Qualification(code); ok {
		return q.Code
	}
	return code
}

// trade drops a level's prefix from a specialty's code.
func trade(code string) string { return code[max(0, len(code)-8):] }

// each changes every value of a list.
func each(list []string, change func(string) string) []string {
	var out []string
	for _, v := range list {
		out = append(out, change(v))
	}
	return out
}

// one is a list of a value, empty for "".
func one(v string) []string {
	if v == "" {
		return nil
	}
	return []string{v}
}
