package finding

import (
	"slices"
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
		Text: q.Text, Literally: q.Literally, Regions: q.Region, Specialties: s.trades(q.Specialty), Qualifications: each(q.Qualification, s.qualification),
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

// The length of a specialty's code, and the least digits of one that are taken for a group of specialties.
const (
	tradeDigits = 8
	groupDigits = 4
)

// trades drops the level's prefix from codes of specialties and puts all its specialties in the place of a group's. An unknown code stays and finds
// nothing.
func (s *Service) trades(codes []string) []string {
	var out []string
	for _, code := range codes {
		code = code[max(0, len(code)-tradeDigits):]
		found := []string{code}
		if len(code) >= groupDigits && len(code) < tradeDigits {
			found = s.group(code)
		}
		for _, c := range found {
			if !slices.Contains(out, c) {
				out = append(out, c)
			}
		}
	}
	return out
}

// group gives the specialties whose codes begin with some digits; the digits themselves where there are none.
func (s *Service) group(digits string) []string {
	var out []string
	for _, t := range s.d.Reference.Specialties() {
		if strings.HasPrefix(t.Code, digits) {
			out = append(out, t.Code)
		}
	}
	if out == nil {
		return []string{digits}
	}
	return out
}

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
