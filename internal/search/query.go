package search

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"
)

// Limits of a question.
const (
	DefaultPerPage = 20
	MaxPerPage     = 100
	MaxPage        = 100_000
	MaxRadiusKM    = 1000
	MaxValues      = 100 // values of one filter
	MaxSuggestions = 20
)

// Sort is an order of results.
type Sort string

// The orders. Relevance is the default; without words it is the same as Newest.
const (
	Relevance        Sort = "relevance"
	Newest           Sort = "newest"
	ClosingSoon      Sort = "closing_soon"      // earliest deadline first
	StartsOn         Sort = "starts_on"         // earliest start first
	Compensation     Sort = "compensation"      // highest monthly pay first
	Distance         Sort = "distance"          // nearest workplace first, places without a point last; needs Near
	FewestApplicants Sort = "fewest_applicants" // fewest live applications first
)

// Sorts lists the orders.
func Sorts() []Sort {
	return []Sort{Relevance, Newest, ClosingSoon, StartsOn, Compensation, Distance, FewestApplicants}
}

// Full says what becomes of places without a free seat.
type Full string

// The choices; Exclude is the default.
const (
	FullExclude Full = "exclude"
	FullInclude Full = "include"
)

// Facet names a group of counts; it is the name of the parameter that selects in it.
type Facet string

// The facets. The values of Paid, Dormitory and Under18 are "true" and "false", those of OpenToCollege ids of colleges that are named by
// some place (places open to every college count for each), those of Full "exclude" and "include": how many each choice gives.
const (
	FacetRegion        Facet = "region"
	FacetCity          Facet = "city"
	FacetSpecialty     Facet = "specialty"
	FacetQualification Facet = "qualification"
	FacetProgramme     Facet = "programme"
	FacetRegime        Facet = "regime"
	FacetLevel         Facet = "level"
	FacetTimeModel     Facet = "time_model"
	FacetPaid          Facet = "paid"
	FacetLanguage      Facet = "language"
	FacetDormitory     Facet = "dormitory"
	FacetUnder18       Facet = "under_18"
	FacetOpenToCollege Facet = "open_to_college"
	FacetFull          Facet = "full"
)

// Facets lists all groups.
func Facets() []Facet {
	return []Facet{FacetRegion, FacetCity, FacetSpecialty, FacetQualification, FacetProgramme, FacetRegime, FacetLevel,
		FacetTimeModel, FacetPaid, FacetLanguage, FacetDormitory, FacetOpenToCollege, FacetUnder18, FacetFull}
}

// Query is one question. The zero value asks for the first page of everything that has a free seat, without facets.
type Query struct {
	Text      string // any bytes
	Literally bool   // read Text as it is typed: no place in it narrows the question, nothing is corrected or given up

	Regions        []string // KATO codes
	Cities         []string // keys as in Workplace.City
	Specialties    []string // codes
	Qualifications []string // codes
	Programmes     []string // codes
	Regimes        []string
	Levels         []string
	TimeModels     []string
	Languages      []string
	Paid           *bool
	Dormitory      *bool
	Under18        *bool

	MinCompensation int64   // tenge a month (see Document.MonthlyPay); 0: any
	MaxWeeklyHours  int     // 0: any
	StartsFrom      cal.Day // "": any
	StartsTo        cal.Day // "": any
	OpenToCollege   string  // a college's id; "": any

	Near     *Point  // gives distances; needed for RadiusKM and the sort Distance
	RadiusKM float64 // 0: any; else one of the workplaces must be as near

	Full    Full    // "": FullExclude
	Sort    Sort    // "": Relevance
	Facets  []Facet // groups to count; none: no counting
	Seats   []Seats // sums of free seats to make
	Page    int     // from 1; 0: 1
	PerPage int     // 0: DefaultPerPage
}

// Normal fills the defaults in.
func (q Query) Normal() Query {
	if q.Full == "" {
		q.Full = FullExclude
	}
	if q.Sort == "" {
		q.Sort = Relevance
	}
	if q.Page == 0 {
		q.Page = 1
	}
	if q.PerPage == 0 {
		q.PerPage = DefaultPerPage
	}
	return q
}

// Validate names every field that no engine can answer: Invalid bad_request with the codes unknown_value, too_small, too_large, too_many and
// bad_format on the names of the parameters. What only lacks a point is Invalid sort_needs_point or radius_needs_point. Any text is a
// valid text.
func (q Query) Validate() error {
	q = q.Normal()
	var c check
	known(&c, "sort", Sorts(), q.Sort)
	known(&c, "full", []Full{FullExclude, FullInclude}, q.Full)
	known(&c, "facets", Facets(), q.Facets...)
	known(&c, "seats", AllSeats(), q.Seats...)
	c.within("page", float64(q.Page), 1, MaxPage)
	c.within("per_page", float64(q.PerPage), 1, MaxPerPage)
	c.within("min_compensation", float64(q.MinCompensation), 0, math.MaxInt64)
	c.within("max_weekly_hours", float64(q.MaxWeeklyHours), 0, math.MaxInt64)
	c.within("radius_km", q.RadiusKM, 0, MaxRadiusKM)
	c.wellFormed("starts_from", q.StartsFrom == "" || q.StartsFrom.Valid())
	c.wellFormed("starts_to", q.StartsTo == "" || q.StartsTo.Valid())
	c.wellFormed("near", q.Near == nil || q.Near.valid())
	for _, f := range Facets() {
		if len(q.Selected(f)) > MaxValues {
			c.add(string(f), "too_many", map[string]any{"max": MaxValues})
		}
	}
	if len(c.bad) > 0 {
		return errs.InvalidFields(c.bad)
	}
	if q.Sort == Distance && q.Near == nil {
		return errs.New(errs.Invalid, "sort_needs_point").WithFields(errs.Field{Field: "sort", Code: "needs_point"})
	}
	if q.RadiusKM > 0 && q.Near == nil {
		return errs.New(errs.Invalid, "radius_needs_point").WithFields(errs.Field{Field: "radius_km", Code: "needs_point"})
	}
	return nil
}

// check gathers bad fields.
type check struct{ bad []errs.Field }

func (c *check) add(field, code string, params map[string]any) {
	c.bad = append(c.bad, errs.Field{Field: field, Code: code, Params: params})
}

func (c *check) wellFormed(field string, ok bool) {
	if !ok {
		c.add(field, "bad_format", nil)
	}
}

// known refuses every given value that isn't allowed.
func known[T ~string](c *check, field string, allowed []T, given ...T) {
	for _, v := range given {
		if !slices.Contains(allowed, v) {
			c.add(field, "unknown_value", map[string]any{"allowed": strings.Trim(strings.ReplaceAll(fmt.Sprint(allowed), " ", ", "), "[]")})
		}
	}
}

// within also refuses what is no number.
func (c *check) within(field string, v float64, low, high int64) {
	if !(v >= float64(low)) {
		c.add(field, "too_small", map[string]any{"min": low})
	}
	if v > float64(high) {
		c.add(field, "too_large", map[string]any{"max": high})
	}
}

// valid is false for what is off the earth, NaN included.
func (p Point) valid() bool {
	return p.Lat >= -90 && p.Lat <= 90 && p.Lon >= -180 && p.Lon <= 180
}

// Blank reports whether the question has no text. Signs that are no words ask for something that nothing answers.
func (q Query) Blank() bool { return strings.TrimSpace(q.Text) == "" }

// Selected gives the values chosen in a facet's group, nil when there is no choice.
func (q Query) Selected(f Facet) []string {
	switch f {
	case FacetRegion:
		return q.Regions
	case FacetCity:
		return q.Cities
	case FacetSpecialty:
		return q.Specialties
	case FacetQualification:
		return q.Qualifications
	case FacetProgramme:
		return q.Programmes
	case FacetRegime:
		return q.Regimes
	case FacetLevel:
		return q.Levels
	case FacetTimeModel:
		return q.TimeModels
	case FacetLanguage:
		return q.Languages
	case FacetPaid:
		return boolValues(q.Paid)
	case FacetDormitory:
		return boolValues(q.Dormitory)
	case FacetUnder18:
		return boolValues(q.Under18)
	case FacetOpenToCollege:
		return oneValue(q.OpenToCollege)
	case FacetFull:
		return oneValue(string(q.Normal().Full))
	default:
		return nil
	}
}

func oneValue(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

func boolValues(b *bool) []string {
	if b == nil {
		return nil
	}
	return []string{BoolValue(*b)}
}

// BoolValue is a facet's value for yes or no.
func BoolValue(b bool) string {
	if b {
		return "true"
	}
	return "false"
}
