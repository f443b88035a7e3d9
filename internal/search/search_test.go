package search_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/search"
)

func TestValidateNamesAllFields(t *testing.T) {
	err := search.Query{Sort: "best", Page: -1, PerPage: 101, StartsFrom: "x", Near: &search.Point{Lat: math.NaN()}, RadiusKM: -1}.Validate()
	for _, field := range []string{"sort", "page", "per_page", "starts_from", "near", "radius_km"} {
		if err == nil || !strings.Contains(err.Error(), "["+field+":") {
			t.Errorf("%s is missing in %v", field, err)
		}
	}
	if err := (search.Query{}).Validate(); err != nil {
		t.Error(err)
	}
	if err := (search.Query{Sort: search.Distance}).Validate(); !errs.Has(err, "sort_needs_point") {
		t.Error(err)
	}
	if err := (search.Query{Sort: search.Distance, Page: -1}).Validate(); !errs.Has(err, "bad_request") {
		t.Error(err)
	}
	if err := (search.Query{Near: &search.Point{}, RadiusKM: math.NaN()}).Validate(); err == nil {
		t.Error("a radius that is no number is allowed")
	}
}

func TestMonthlyPay(t *testing.T) {
	for _, c := range []struct {
		d    search.Document
		want int64
	}{
		{search.Document{CompensationKind: "monthly", CompensationAmount: 60000}, 60000},
		{search.Document{CompensationKind: "none", CompensationAmount: 60000}, 0},
		{search.Document{CompensationKind: "total", CompensationAmount: 365000, StartsOn: "2027-01-01", EndsOn: "2027-12-31"}, 30416},
		{search.Document{CompensationKind: "total", CompensationAmount: 50000, StartsOn: "2027-01-01", EndsOn: "2027-01-10"}, 50000},
		{search.Document{CompensationKind: "total", CompensationAmount: 50000}, 50000},
		{search.Document{CompensationKind: "total", CompensationAmount: 50000, StartsOn: "2027-02-01", EndsOn: "2027-01-01"}, 50000},
		{search.Document{}, 0},
	} {
		if got := c.d.MonthlyPay(); got != c.want || c.d.Paid() != (c.want > 0) {
			t.Errorf("%+v: %d a month, paid %v", c.d, got, c.d.Paid())
		}
	}
}

func TestFinishFacet(t *testing.T) {
	got := search.FinishFacet(search.FacetRegion, map[string]int{"b": 2, "a": 2, "c": 5}, []string{"z", "a"})
	want := []search.FacetCount{{Value: "c", Count: 5}, {Value: "a", Count: 2}, {Value: "b", Count: 2}, {Value: "z"}}
	if !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if got := search.FinishFacet(search.FacetRegion, nil, nil); got == nil || len(got) > 0 {
		t.Errorf("nothing counts as %#v", got)
	}
	d := search.Document{}
	counts := map[string]int{"col_1": 3, d.FacetValues(search.FacetOpenToCollege)[0]: 4}
	got = search.FinishFacet(search.FacetOpenToCollege, counts, []string{"col_2"})
	if want := []search.FacetCount{{Value: "col_1", Count: 7}, {Value: "col_2", Count: 4}}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestMixSuggestions(t *testing.T) {
	var found []search.Suggestion
	for i, k := range []search.Kind{search.KindPlacement, search.KindEnterprise, search.KindQualification} {
		for n := range 6 {
			found = append(found, search.Suggestion{Kind: k, Value: string(rune('f' - n)), Count: n + i})
		}
	}
	show := func(list []search.Suggestion) string {
		var b strings.Builder
		for _, s := range list {
			b.WriteString(string(s.Kind[0]) + s.Value + " ")
		}
		return b.String()
	}
	for limit, want := range map[int]string{8: "qa qb qc qd ea eb ec ed ", 1: "qa ", 4: "qa qb ea eb ", 18: "qa qb qc qd qe qf ea eb ec ed ee ef pf pe pd pc pb pa "} {
		if got := show(search.MixSuggestions(slices.Clone(found), limit)); got != want {
			t.Errorf("%d: %s, want %s", limit, got, want)
		}
	}
	if got := show(search.MixSuggestions(found[:6], 6)); got != "pf pe pd pc pb pa " {
		t.Errorf("one kind alone: %s", got)
	}
}

func TestLabels(t *testing.T) {
	d := search.Document{Qualification: search.Term{Code: "07150501", Names: i18n.Text{RU: "Сварщик"}, Synonyms: []string{"welder"}},
		Workplaces: []search.Workplace{{City: "Семей", CityNames: i18n.Text{RU: "Семей"}}, {City: "Семей", CityNames: i18n.Text{RU: "Семей"}}}}
	l := lexicon()
	if got := l.LabelWords(d.Labels(search.KindQualification)[0]); !slices.Equal(got, []string{"svarwik", "07150501", "velder"}) {
		t.Errorf("%v", got)
	}
	if n := len(d.Labels(search.KindCity)); n != 1 {
		t.Errorf("%d cities", n)
	}
	if n := len(d.Labels(search.KindProgramme)); n != 0 {
		t.Errorf("%d programmes", n)
	}
	words := l.LabelWords(search.Label{Names: i18n.Text{RU: "Слесарь-ремонтник"}})
	for text, want := range map[string]bool{"слес": true, "ремонтник слес": true, "слес ремонтник": false, "слесарь рем": true, "токарь": false, "слесари": true,
		"cktcfhm": true, "slesar": true} {
		got := slices.ContainsFunc(l.ReadTyping(text), func(r search.Reading) bool { return r.Matches(words) })
		if got != want {
			t.Errorf("%q completes to it: %v", text, got)
		}
	}
}

func TestDistance(t *testing.T) {
	astana, almaty := search.Point{Lat: 51.1801, Lon: 71.4460}, search.Point{Lat: 43.2525, Lon: 76.9115}
	if d := search.DistanceKM(astana, almaty); d < 970 || d > 980 {
		t.Errorf("Astana to Almaty: %.1f km", d)
	}
	if d := search.DistanceKM(search.Point{Lat: 90}, search.Point{Lat: -90}); math.Abs(d-math.Pi*search.EarthKM) > 1e-6 {
		t.Errorf("pole to pole: %f", d)
	}
	if search.NearestKM(astana, nil) != nil {
		t.Error("the nearest of none has a distance")
	}
}
