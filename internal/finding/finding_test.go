package finding_test

import (
	"context"
	"math"
	"reflect"
	"slices"
	"testing"

	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/finding"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/indexing"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/search"
)

// engine notes the question and gives the answer it was told.
type engine struct {
	search.Engine
	lexicon *search.Lexicon
	asked   search.Query
	gives   search.Result
	total   func(q search.Query) int // nil: as gives says
}

func (e *engine) Search(_ context.Context, q search.Query) (*search.Result, error) {
	e.asked = q
	gives := e.gives
	if e.total != nil {
		gives.Total = e.total(q)
	}
	return &gives, nil
}

func (e *engine) Suggest(_ context.Context, q search.SuggestQuery) (search.Suggestions, error) {
	return search.Suggestions{Reading: e.lexicon.ReadTyping(q.Text)[0], Items: []search.Suggestion{
		{Kind: search.KindCity, Value: "Караганда", Names: i18n.Text{KK: "Қарағанды", RU: "Караганда"}, Count: 3},
		{Kind: search.KindEnterprise, Value: "ent_1", Names: i18n.Text{RU: "Темір & Ко"}, Count: 1},
	}}, nil
}

func service(t *testing.T) (*finding.Service, *engine) {
	t.Helper()
	reference, err := directory.LoadReference()
	if err != nil {
		t.Fatal(err)
	}
	catalogue, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	e := &engine{lexicon: indexing.Lexicon(reference), gives: search.Result{Total: 1}}
	// Without hits no store is asked; how hits are shown, the tests of the whole program see.
	return finding.New(finding.Deps{Engine: e, Lexicon: e.lexicon, Reference: reference, Catalogue: catalogue}), e
}

func TestQuestionIsRead(t *testing.T) {
	s, e := service(t)
	karaganda := search.Point{Lat: 49.8, Lon: 73.1}
	for name, c := range map[string]struct {
		ask  finding.Question
		want func(q search.Query) bool
	}{
		"codes in any form": {
			finding.Question{Specialty: []string{"4S07130200", "07130200"}, Qualification: []string{"4С07130201", "nothing"}, Programme: []string{"6b071"}},
			func(q search.Query) bool {
				return reflect.DeepEqual(q.Specialties, []string{"07130200"}) && q.Qualifications[1] == "nothing" &&
					q.Qualifications[0] == "07130201" && q.Programmes[0] == "6B071"
			},
		},
		"a group of specialties": {
			finding.Question{Specialty: []string{"0713", "07130200", "071505", "9999", "07"}},
			func(q search.Query) bool {
				return reflect.DeepEqual(q.Specialties, []string{"07130100", "07130200", "07130400", "07130700", "07150500", "9999", "07"})
			},
		},
		"a town by its old name is a filter and a point": {
			finding.Question{City: "Целиноград"},
			func(q search.Query) bool {
				return reflect.DeepEqual(q.Cities, []string{"Астана"}) && q.Near != nil
			},
		},
		"a town with a radius is a point only": {
			finding.Question{City: "Қарағанды", RadiusKM: 25},
			func(q search.Query) bool {
				return q.Cities == nil && q.Near != nil && math.Abs(q.Near.Lat-karaganda.Lat) < 0.2 && q.RadiusKM == 25
			},
		},
		"a point goes before a town": {
			finding.Question{City: "Астана", Near: &karaganda},
			func(q search.Query) bool { return *q.Near == karaganda && len(q.Cities) == 1 },
		},
		"single values": {
			finding.Question{Regime: "r50", Level: []string{"worker"}, MinCompensation: 5, MaxWeeklyHours: 24, StartsFrom: "2027-01-01"},
			func(q search.Query) bool {
				return reflect.DeepEqual(q.Regimes, []string{"r50"}) && q.TimeModels == nil && q.MinCompensation == 5 && q.MaxWeeklyHours == 24 && q.StartsFrom == "2027-01-01"
			},
		},
	} {
		if _, err := s.Find(t.Context(), c.ask, i18n.RU); err != nil || !c.want(e.asked) {
			t.Errorf("%s: %+v, %v", name, e.asked, err)
		}
	}
}

func TestQuestionIsRefused(t *testing.T) {
	s, _ := service(t)
	off := search.ParsePoint("north,72")
	for code, q := range map[string]finding.Question{
		"unknown_city": {City: "Атлантида"}, "sort_needs_point": {Sort: search.Distance}, "radius_needs_point": {RadiusKM: 5}, "bad_request": {Near: &off, Page: -1},
	} {
		if _, err := s.Find(t.Context(), q, i18n.RU); errs.CodeOf(err) != code || errs.KindOf(err) != errs.Invalid {
			t.Errorf("%s: %v", code, err)
		}
	}
}

func TestFacetsAreNamed(t *testing.T) {
	s, e := service(t)
	region := make([]search.FacetCount, 0, 12)
	for _, code := range []string{"350000000", "750000000", "710000000", "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "790000000"} {
		region = append(region, search.FacetCount{Value: code, Count: 20 - len(region)})
	}
	e.gives = search.Result{Total: 1, Facets: map[search.Facet][]search.FacetCount{search.FacetRegion: region, search.FacetPaid: {{Value: "true", Count: 4}}}}
	page, err := s.Find(t.Context(), finding.Question{
		Region: []string{"790000000"}, Facets: []search.Facet{search.FacetPaid, search.FacetRegion, search.FacetCity},
	}, i18n.KK)
	if err != nil {
		t.Fatal(err)
	}
	if len(page.Facets) != 3 || page.Facets[0].Name != search.FacetPaid || page.Facets[1].Name != search.FacetRegion || page.Facets[2].Values == nil {
		t.Fatalf("facets %+v, want those of the question in its order", page.Facets)
	}
	values := page.Facets[1].Values
	if len(values) != 11 || !values[10].Selected || values[10].Value != "790000000" || values[0].Selected || values[0].Count != 20 {
		t.Errorf("%+v, want the ten most frequent and the selected one", values)
	}
	if values[0].Label == "350000000" || values[3].Label != "x1" {
		t.Errorf("labels %q and %q, want a name and, where there is none, the value", values[0].Label, values[3].Label)
	}
	if label := page.Facets[0].Values[0].Label; label == "true" || label == "" {
		t.Errorf("paid is labelled %q", label)
	}
	russian, err := s.Find(t.Context(), finding.Question{Facets: []search.Facet{search.FacetRegion}}, i18n.RU)
	if err != nil || russian.Facets[0].Values[0].Label == values[0].Label {
		t.Errorf("a region is called the same in both languages, %v", err)
	}
}

func TestUnderstood(t *testing.T) {
	s, e := service(t)
	ask := func(text string, pick func(r search.Reading) bool) finding.Understood {
		t.Helper()
		readings := e.lexicon.Read(text)
		e.gives.Reading = readings[slices.IndexFunc(readings, pick)]
		page, err := s.Find(t.Context(), finding.Question{Text: text}, i18n.RU)
		if err != nil {
			t.Fatal(err)
		}
		return page.Understood
	}
	u := ask("Швея ночью", func(r search.Reading) bool { return r.How == search.Fewer })
	if u.Query != "Швея ночью" || len(u.Terms) != 1 || u.Terms[0].Kind != search.KindQualification || u.Terms[0].Value != "07230101" || u.ShownFor != "швея" {
		t.Errorf("%+v", u)
	}
	if !reflect.DeepEqual(u.Dropped, []string{"ночью"}) {
		t.Errorf("given up %q", u.Dropped)
	}
	u = ask("токарь караганда", func(r search.Reading) bool { return len(r.Cities) > 0 })
	if u.ShownFor != "" || len(u.Terms) != 2 || u.Terms[1].Kind != search.KindCity || u.Terms[1].Label != "Караганда" || u.Terms[1].Without != "токарь" ||
		!u.Terms[1].Place() || u.Terms[0].Place() || u.Dropped != nil {
		t.Errorf("%+v", u)
	}
	if u = ask("njrfhm", func(r search.Reading) bool { return r.How == search.Layout }); !u.Layout || u.ShownFor != "токарь" {
		t.Errorf("%+v", u)
	}
	e.gives.Reading = search.Reading{}
	page, err := s.Find(t.Context(), finding.Question{}, i18n.RU)
	if err != nil || page.Understood.ShownFor != "" || page.Understood.Terms == nil || page.Items == nil {
		t.Errorf("%+v, %v", page, err)
	}
}

// A place that the words name is lifted by the words without it.
func TestAdviceElsewhere(t *testing.T) {
	s, e := service(t)
	readings := e.lexicon.Read("токарь караганда")
	e.gives.Reading = readings[slices.IndexFunc(readings, func(r search.Reading) bool { return len(r.Cities) > 0 })]
	e.total = func(q search.Query) int {
		if q.Text == "токарь" {
			return 4
		}
		return 0
	}
	page, err := s.Find(t.Context(), finding.Question{Text: "токарь караганда"}, i18n.RU)
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(page.Understood.Relax, func(r finding.Relaxation) bool { return r.Parameter == "q" })
	if at < 0 || page.Understood.Relax[at].Instead != "токарь" || page.Understood.Relax[at].Total != 4 || page.Understood.ShownFor != "" {
		t.Errorf("%+v", page.Understood)
	}
}

func TestAdvice(t *testing.T) {
	s, e := service(t)
	e.total = func(q search.Query) int {
		switch {
		case q.Text == "токарь" && q.Regions == nil, q.Text == "токрь" && q.Regions == nil && q.Paid == nil:
			return 7
		case q.Text == "" && q.Paid != nil:
			return 3
		}
		return 0
	}
	paid := true
	page, err := s.Find(t.Context(), finding.Question{Text: "токарь", Region: []string{"350000000"}, Paid: &paid}, i18n.RU)
	if err != nil {
		t.Fatal(err)
	}
	want := []finding.Relaxation{{Parameter: "region", Value: "350000000", Total: 7}, {Parameter: "q", Total: 3}}
	if !reflect.DeepEqual(page.Understood.Relax, want) || page.Understood.DidYouMean != "" {
		t.Errorf("%+v, want to lift %+v", page.Understood, want)
	}
	e.total = func(q search.Query) int {
		switch {
		case q.Full == search.FullInclude:
			return 2
		case q.RadiusKM == 100:
			return 5
		case q.Near == nil && q.Text != "ткр" && q.Text != "ткаорь":
			return 9
		}
		return 0
	}
	page, err = s.Find(t.Context(), finding.Question{Text: "токарь", City: "Темиртау", RadiusKM: 25}, i18n.RU)
	want = []finding.Relaxation{
		{Parameter: "city", Value: "Темиртау", Total: 9}, {Parameter: "radius_km", Instead: "100", Total: 5}, {Parameter: "full", Instead: "include", Total: 2},
	}
	if err != nil || !reflect.DeepEqual(page.Understood.Relax, want) {
		t.Errorf("%+v, %v, want %+v", page, err, want)
	}
	e.total = func(q search.Query) int {
		if q.Text == "токарь" {
			return 7
		}
		return 0
	}
	if page, err = s.Find(t.Context(), finding.Question{Text: "ткр"}, i18n.RU); err != nil || page.Understood.DidYouMean != "" || page.Understood.Relax != nil {
		t.Errorf("%+v, %v", page, err)
	}
	if page, err = s.Find(t.Context(), finding.Question{Text: "ткаорь"}, i18n.RU); err != nil || page.Understood.DidYouMean != "токарь" {
		t.Errorf("%+v, %v", page, err)
	}
}

func TestSuggestionsAreMarked(t *testing.T) {
	s, _ := service(t)
	got, err := s.Suggest(t.Context(), "қар", 0, i18n.KK)
	if err != nil {
		t.Fatal(err)
	}
	if got[0].Label != "Қарағанды" || got[0].Highlight != "<mark>Қарағанды</mark>" || got[0].Count != 3 || got[1].Highlight != "" {
		t.Errorf("%+v", got)
	}
}

func TestSimilar(t *testing.T) {
	s, e := service(t)
	e.gives.Hits = []search.Hit{{ID: "plc_1"}, {ID: "plc_2"}}
	p := &placements.Placement{ID: "plc_1", SpecialtyCode: "07130200", Workplaces: []placements.Workplace{{Lat: 49.8, Lon: 73.1}}}
	got, err := s.Similar(t.Context(), p)
	if err != nil || !reflect.DeepEqual(got, []string{"plc_2"}) || e.asked.Sort != search.Distance || e.asked.Specialties[0] != "07130200" {
		t.Errorf("%v, %+v, %v", got, e.asked, err)
	}
	p = &placements.Placement{ID: "plc_3", ProgrammeCode: "6B071"}
	if _, err := s.Similar(t.Context(), p); err != nil || e.asked.Near != nil || e.asked.Sort != "" || e.asked.Programmes[0] != "6B071" {
		t.Errorf("%+v, %v", e.asked, err)
	}
}

func TestBoard(t *testing.T) {
	s, e := service(t)
	e.gives = search.Result{Total: 4, Seats: map[search.Seats][]search.FacetCount{
		search.SeatsRegion:    {{Value: "350000000", Count: 7}, {Value: "710000000", Count: 2}},
		search.SeatsSpecialty: {{Value: "07150100", Count: 6}, {Value: "no such code", Count: 3}},
	}}
	b, err := s.Board(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if b.Places != 4 || b.Regions["350000000"] != 7 || b.Regions["710000000"] != 2 {
		t.Errorf("the board: %+v", b)
	}
	for _, trade := range b.Trades {
		if trade.Name.IsZero() || trade.Code == "no such code" {
			t.Errorf("a trade without a name: %+v", trade)
		}
	}
	if !reflect.DeepEqual(e.asked.Seats, search.AllSeats()) {
		t.Errorf("asked for the sums %v", e.asked.Seats)
	}
	e.asked = search.Query{}
	if again, err := s.Board(t.Context()); err != nil || again != b || e.asked.PerPage != 0 {
		t.Errorf("within a second the board is made anew (%v)", err)
	}
}

func TestCount(t *testing.T) {
	s, e := service(t)
	e.gives = search.Result{Total: 41}
	n, err := s.Count(t.Context(), finding.Question{Text: "welder", Facets: search.Facets(), Page: 3})
	if err != nil || n != 41 || e.asked.Page != 1 || e.asked.PerPage != 1 || len(e.asked.Facets) != 0 {
		t.Errorf("%d places (%v), asked %+v", n, err, e.asked)
	}
	if _, err := s.Count(t.Context(), finding.Question{City: "Atlantis"}); !errs.Has(err, "unknown_city") {
		t.Errorf("a town that isn't there: %v", err)
	}
}
