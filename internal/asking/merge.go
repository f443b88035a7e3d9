package asking

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/orynda/orynda/internal/audit/plain"
	"github.com/orynda/orynda/internal/finding"
	"github.com/orynda/orynda/internal/id"
	"github.com/orynda/orynda/internal/search"
)

// merged makes rows of questions: those that are alike in all that is kept become one.
func (s *Service) merged(list []question) []*Row {
	var out []*Row
	at := map[string]*Row{}
	for _, one := range list {
		r := s.row(one)
		key := fmt.Sprint(r.Hour.Unix(), r.Found, r.Lang, r.Lat, r.Lon, r.Filters, r.Regions, r.Trades, r.Text)
		if same := at[key]; same != nil {
			same.Count++
			continue
		}
		r.ID, at[key] = id.New("ask"), r
		out = append(out, r)
	}
	return out
}

// row is what is kept of a question.
func (s *Service) row(one question) *Row {
	r := &Row{
		Hour: one.at.UTC().Truncate(time.Hour), Count: 1, Text: tidy(one.text), Found: one.found, Lang: string(one.lang), Filters: filters(one.asked),
		Regions: s.regions(one), Trades: s.trades(one),
	}
	if p := one.asked.Near; p != nil {
		r.Lat, r.Lon = math.Round(p.Lat*10)/10, math.Round(p.Lon*10)/10
	}
	return r
}

// tidy is a text that may be kept: valid, with single spaces, and nobody's number or address.
func tidy(text string) string {
	text = strings.Join(strings.Fields(strings.ToValidUTF8(text, " ")), " ")
	if plain.Personal(text) {
		return ""
	}
	return text
}

// sameFilters reports whether two questions differ in their words at most.
func sameFilters(a, b finding.Question) bool { return reflect.DeepEqual(a, b) }

// filters names what narrows a question, in the order of the contract.
func filters(q finding.Question) []string {
	var out []string
	for _, f := range []struct {
		name string
		set  bool
	}{
		{"region", len(q.Region) > 0}, {"city", q.City != ""}, {"near", q.Near != nil}, {"radius_km", q.RadiusKM > 0}, {"specialty", len(q.Specialty) > 0},
		{"qualification", len(q.Qualification) > 0}, {"programme", len(q.Programme) > 0}, {"regime", q.Regime != ""}, {"level", len(q.Level) > 0},
		{"time_model", q.TimeModel != ""}, {"paid", q.Paid != nil}, {"min_compensation", q.MinCompensation > 0}, {"max_weekly_hours", q.MaxWeeklyHours > 0},
		{"starts_from", q.StartsFrom != ""}, {"starts_to", q.StartsTo != ""}, {"language", len(q.Language) > 0}, {"dormitory", q.Dormitory != nil},
		{"under_18", q.Under18 != nil}, {"open_to_college", q.OpenToCollege != ""}, {"full", q.Full == search.FullInclude},
	} {
		if f.set {
			out = append(out, f.name)
		}
	}
	return out
}

// regions are those that a question is about: those it names in filters or words, those of its towns, else that of the nearest centre to its point. What is none is left
// out.
func (s *Service) regions(one question) []string {
	var out []string
	q := one.asked
	for _, code := range append(values(one.named, search.KindRegion), q.Region...) {
		if r, ok := s.d.Reference.Region(code); ok {
			out = append(out, r.Code)
		}
	}
	for _, name := range append(values(one.named, search.KindCity), q.City) {
		if city, ok := s.d.Reference.City("", name); ok && name != "" {
			out = append(out, city.Region)
		}
	}
	if len(out) == 0 && q.Near != nil {
		if code := s.nearest(*q.Near); code != "" {
			out = append(out, code)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// values are those of the words that name something of a kind.
func values(terms []finding.Term, kind search.Kind) []string {
	var out []string
	for _, t := range terms {
		if t.Kind == kind {
			out = append(out, t.Value)
		}
	}
	return out
}

// farthest is how far from every centre a point may be and still lie in the country, in kilometres.
const farthest = 600

// nearest is the region whose centre is nearest, "" far from all of them.
func (s *Service) nearest(p search.Point) string {
	best, at := farthest+1.0, ""
	for _, r := range s.d.Reference.Regions() {
		if km := search.DistanceKM(p, search.Point{Lat: r.Lat, Lon: r.Lon}); km < best {
			best, at = km, r.Code
		}
	}
	return at
}

// trades are the specialties and university fields that a question names in filters or words, a qualification by its specialty. What is none is left out.
func (s *Service) trades(one question) []string {
	var out []string
	q := one.asked
	for _, code := range append(values(one.named, search.KindSpecialty), q.Specialty...) {
		if t, ok := s.d.Reference.Specialty(code); ok {
			out = append(out, t.Code)
		}
	}
	for _, code := range append(values(one.named, search.KindQualification), q.Qualification...) {
		if t, ok := s.d.Reference.Qualification(code); ok {
			out = append(out, t.SpecialtyCode)
		}
	}
	for _, code := range append(values(one.named, search.KindProgramme), q.Programme...) {
		if p, ok := s.d.Reference.Programme(strings.ToUpper(code)); ok {
			out = append(out, p.Code)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
