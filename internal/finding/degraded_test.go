package finding_test

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/finding"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/search"
)

// dead is an engine that never answers.
type dead struct{ search.Engine }

func (dead) Name() string { return "dead" }
func (dead) Search(context.Context, search.Query) (*search.Result, error) {
	return nil, errs.New(errs.Unavailable, "search_not_built")
}
func (dead) Suggest(context.Context, search.SuggestQuery) (search.Suggestions, error) {
	return search.Suggestions{}, errs.New(errs.Unavailable, "search_unavailable")
}

// shelf holds places as the store does, the last drafted first.
type shelf struct {
	list  []placements.PublicPlace
	asked placements.ShelfQuery
}

func (s *shelf) Shelf(_ context.Context, q placements.ShelfQuery) ([]placements.PublicPlace, bool, error) {
	s.asked = q
	var out []placements.PublicPlace
	for _, p := range s.list {
		keys, _ := p.Place.Keys()["about"].([]string)
		has := func(group []string) bool {
			return slices.ContainsFunc(group, func(v string) bool { return slices.Contains(keys, v) })
		}
		if (q.Reference == "" || p.Place.Reference == q.Reference) && !slices.ContainsFunc(q.About, func(g []string) bool { return !has(g) }) {
			out = append(out, p)
		}
	}
	if len(out) > q.Limit {
		return out[:q.Limit], true, nil
	}
	return out, false, nil
}

func (s *shelf) PublicViews(_ context.Context, ids []string) ([]*placements.View, error) {
	var out []*placements.View
	for _, id := range ids {
		for _, p := range s.list {
			if p.Place.ID == id {
				out = append(out, &placements.View{Place: p.Place, Sheet: p.Sheet, Enterprise: p.Enterprise})
			}
		}
	}
	return out, nil
}

// stand puts a place on the shelf; its number orders its days and its payment.
func (s *shelf) stand(n int, qualification, specialty, region, city string) *placements.Placement {
	p := &placements.Placement{
		ID: fmt.Sprintf("plc_%03d", n), Reference: fmt.Sprintf("OR-7K0%03d", n), State: placements.Published, Title: i18n.Text{RU: "Место"},
		QualificationCode: qualification, SpecialtyCode: specialty, Workplaces: []placements.Workplace{{Region: region, City: city, Lat: 49 + float64(n)/100, Lon: 73}},
		PublishedAt: time.Date(2026, 11, n%28+1, 0, 0, 0, 0, time.UTC), Compensation: placements.Compensation{Kind: placements.PayMonthly, Amount: int64(n * 1000)},
		Level: placements.Level("worker"), WeeklyHours: 20, StartsOn: "2027-02-01", ApplyBy: "2027-01-10",
	}
	s.list = append(s.list, placements.PublicPlace{Place: p, Sheet: &placements.Sheet{Seats: 2}, Enterprise: &directory.Enterprise{Name: "Темір"}})
	return p
}

func shelved(t *testing.T) (*finding.Service, *shelf) {
	t.Helper()
	_, e := service(t)
	reference, err := directory.LoadReference()
	if err != nil {
		t.Fatal(err)
	}
	catalogue, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	s := &shelf{}
	s.stand(1, "07150501", "07150500", "350000000", "Қарағанды") // welder
	s.stand(2, "07150501", "07150500", "710000000", "Астана")
	s.stand(3, "07150301", "07150300", "350000000", "Қарағанды") // turner
	s.stand(4, "07130101", "07130100", "350000000", "Теміртау").Level = "specialist"
	return finding.New(finding.Deps{Engine: dead{}, Lexicon: e.lexicon, Placements: s, Reference: reference, Catalogue: catalogue}), s
}

func TestDegradedAnswers(t *testing.T) {
	s, _ := shelved(t)
	paid := false
	for name, c := range map[string]struct {
		ask     finding.Question
		finds   []string
		shown   string
		ignored []string
	}{
		"everything, newest first":     {finding.Question{}, []string{"plc_004", "plc_003", "plc_002", "plc_001"}, "", nil},
		"a filter":                     {finding.Question{Region: []string{"350000000"}, Level: []string{"worker"}}, []string{"plc_003", "plc_001"}, "", nil},
		"a group and an order":         {finding.Question{Specialty: []string{"0715"}, Sort: search.Compensation}, []string{"plc_003", "plc_002", "plc_001"}, "", nil},
		"a town by its name":           {finding.Question{City: "Целиноград"}, []string{"plc_002"}, "", nil},
		"around a town":                {finding.Question{City: "Караганда", RadiusKM: 100, Sort: search.Distance}, nil, "", nil},
		"unpaid":                       {finding.Question{Paid: &paid}, []string{}, "", nil},
		"a trade in another tongue":    {finding.Question{Text: "welder"}, []string{"plc_002", "plc_001"}, "", nil},
		"a trade and a town":           {finding.Question{Text: "дәнекерлеуші қарағанды"}, []string{"plc_001"}, "", nil},
		"a town alone":                 {finding.Question{Text: "karagandy"}, []string{"plc_003", "plc_001"}, "", nil},
		"a misspelt trade":             {finding.Question{Text: "свращик"}, []string{"plc_002", "plc_001"}, "сварщик", nil},
		"another keyboard":             {finding.Question{Text: "cdfhobr"}, []string{"plc_002", "plc_001"}, "сварщик", nil},
		"a trade of several codes":     {finding.Question{Text: "токарь"}, []string{"plc_003"}, "", nil},
		"more than a trade":            {finding.Question{Text: "токарь ночью"}, []string{"plc_003"}, "токарь", []string{"ночью"}},
		"nothing known":                {finding.Question{Text: "абракадабра"}, []string{"plc_004", "plc_003", "plc_002", "plc_001"}, "", []string{"абракадабра"}},
		"nothing known in a town":      {finding.Question{Text: "абракадабра астана"}, []string{"plc_002"}, "", []string{"абракадабра"}},
		"a reference":                  {finding.Question{Text: "or 7kooo3"}, []string{"plc_003"}, "", nil},
		"a town is no filter as typed": {finding.Question{Text: "астана", Literally: true}, []string{"plc_004", "plc_003", "plc_002", "plc_001"}, "", []string{"астана"}},
		"a page":                       {finding.Question{Page: 2, PerPage: 3}, []string{"plc_001"}, "", nil},
		"a page too far":               {finding.Question{Page: 9}, []string{}, "", nil},
	} {
		page, err := s.Find(t.Context(), c.ask, i18n.RU)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var got []string
		for _, i := range page.Items {
			got = append(got, i.View.Place.ID)
		}
		if c.finds != nil && !slices.Equal(got, c.finds) || !page.Degraded || page.Cut {
			t.Errorf("%s: %v, want %v (%+v)", name, got, c.finds, page)
		}
		u := page.Understood
		if u.ShownFor != c.shown || !slices.Equal(u.Dropped, c.ignored) || u.Relax != nil || u.DidYouMean != "" {
			t.Errorf("%s: understood %+v", name, u)
		}
	}
	near, err := s.Find(t.Context(), finding.Question{City: "Караганда", RadiusKM: 100, Sort: search.Distance}, i18n.RU)
	if err != nil || near.Total < 3 || near.Items[0].DistanceKM == nil {
		t.Fatalf("%+v, %v", near, err)
	}
	for i := 1; i < len(near.Items); i++ {
		if *near.Items[i-1].DistanceKM > *near.Items[i].DistanceKM {
			t.Error("the nearest isn't first")
		}
	}
	if _, err := s.Find(t.Context(), finding.Question{City: "Атлантида"}, i18n.RU); !errs.Has(err, "unknown_city") {
		t.Errorf("a malformed question without an engine: %v", err)
	}
	if _, err := s.Count(t.Context(), finding.Question{}); !errs.Has(err, "search_unavailable") {
		t.Errorf("a count without an engine: %v", err)
	}
}

// What is selected stays selected, without counts that nobody knows.
func TestDegradedKeepsSelection(t *testing.T) {
	s, _ := shelved(t)
	page, err := s.Find(t.Context(), finding.Question{Region: []string{"350000000"}, Facets: []search.Facet{search.FacetRegion, search.FacetPaid}}, i18n.RU)
	want := []finding.Facet{
		{Name: search.FacetRegion, Values: []finding.Value{{Value: "350000000", Label: "Карагандинская область", Selected: true}}}, {Name: search.FacetPaid, Values: []finding.Value{}},
	}
	if err != nil || !reflect.DeepEqual(page.Facets, want) {
		t.Errorf("%+v, %v", page.Facets, err)
	}
}

// However many places there are, few are read, and that is said.
func TestDegradedIsBounded(t *testing.T) {
	s, store := shelved(t)
	for n := range 600 {
		store.stand(10+n, "07150501", "07150500", "350000000", "Қарағанды")
	}
	page, err := s.Find(t.Context(), finding.Question{Text: "сварщик караганда"}, i18n.RU)
	if err != nil || !page.Cut || page.Total != store.asked.Limit || page.Total != 500 || len(page.Items) != search.DefaultPerPage {
		t.Errorf("%d of %d asked, cut %v, %v", page.Total, store.asked.Limit, page.Cut, err)
	}
}

func TestDegradedSuggestions(t *testing.T) {
	s, _ := shelved(t)
	for text, want := range map[string]search.Kind{"свар": search.KindQualification, "cdfh": search.KindQualification, "караг": search.KindCity} {
		got, err := s.Suggest(t.Context(), text, 5, i18n.RU)
		if err != nil || len(got) == 0 || len(got) > 5 || got[0].Kind != want || got[0].Count != 0 ||
			!slices.ContainsFunc(got, func(s finding.Suggestion) bool { return s.Highlight != "" }) {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
	if _, err := s.Suggest(t.Context(), "свар", 99, i18n.RU); !errs.Has(err, "bad_request") {
		t.Errorf("a limit out of range: %v", err)
	}
}
