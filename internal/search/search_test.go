package search_test

import (
	"math"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/search"
)

func TestReadReference(t *testing.T) {
	for text, want := range map[string]string{
		"OR-7K2M9Q": "or7k2m9q", "or-7k2m9q": "or7k2m9q", " OR 7K2M9Q ": "or7k2m9q", "OR7K2M9Q": "or7k2m9q", "OR–7K2M9Q": "or7k2m9q",
		"OR-OIL000": "or011000", "OR-ABCDEF": "orabcdef", "ОR-7K2M9Q": "or7k2m9q",
	} {
		if u := search.Read(text); !slices.Equal(u.Words, []string{want}) || u.Prefix {
			t.Errorf("Read(%q) = %+v, want the one word %s", text, u, want)
		}
	}
	for _, text := range []string{"orchards", "or trades", "OR-7K2M9", "OR-7K2M9QX", "OR-7K2MUQ", "XR-7K2M9Q", "OR-7K 2M9Q слесарь"} {
		if u := search.Read(text); !u.Prefix {
			t.Errorf("Read(%q) = %+v, a reference", text, u)
		}
	}
	d := search.Document{Reference: "OR-7K2M9Q"}
	if got := d.FieldTexts(search.FieldReference); !slices.Equal(got, []string{"or7k2m9q", "7k2m9q"}) {
		t.Errorf("a reference is indexed as %v", got)
	}
}

func TestRead(t *testing.T) {
	u := search.Read("Слесарь, ТЕМІРТАУ рем")
	if !slices.Equal(u.Words, []string{"слесарь", "темиртау", "рем"}) || !u.Prefix || u.Text() != "слесарь темиртау рем" {
		t.Errorf("%+v", u)
	}
	k := u.Keep(2)
	if !slices.Equal(k.Words, []string{"слесарь", "темиртау"}) || !slices.Equal(k.Dropped, []string{"рем"}) || k.Prefix {
		t.Errorf("%+v", k)
	}
	if k := k.Keep(1); !slices.Equal(k.Dropped, []string{"темиртау", "рем"}) {
		t.Errorf("%+v", k)
	}
	if got := u.Keep(3); got.Prefix != u.Prefix || len(got.Dropped) > 0 {
		t.Errorf("%+v", got)
	}
	if n := len(search.Read(strings.Repeat("слово ", 50)).Words); n != search.MaxWords {
		t.Errorf("%d words of fifty", n)
	}
	if u := search.Read(" !? "); len(u.Words) != 0 || u.Words == nil || u.Prefix {
		t.Errorf("%+v", u)
	}
}

func TestMark(t *testing.T) {
	for _, c := range []struct{ asked, text, want string }{
		{"сварщик", "Сварщик, газосварщик", "<mark>Сварщик</mark>, газосварщик"},
		{"кызмет", "Қызмет & <b>қызметкер</b>", "<mark>Қызмет</mark> &amp; &lt;b&gt;<mark>қызметкер</mark>&lt;/b&gt;"},
		{"рем слесарь", "Слесарь по ремонту", "<mark>Слесарь</mark> по ремонту"},
		{"слесарь рем", "Слесарь по ремонту", "<mark>Слесарь</mark> по <mark>ремонту</mark>"},
		{"йод", "и\u0306од\xff!", "<mark>и\u0306од</mark>\xff!"},
		{"", "текст", "текст"},
		{"нет", "текст", "текст"},
	} {
		got, found := search.Read(c.asked).Mark(c.text)
		if got != c.want || found != strings.Contains(c.want, "<mark>") {
			t.Errorf("%q in %q: %q %v", c.asked, c.text, got, found)
		}
	}
}

func FuzzMark(f *testing.F) {
	f.Add("слес рем", "Слесарь-<ремонтник>")
	f.Add("\xff", "\xffа\u0301")
	f.Fuzz(func(t *testing.T, asked, text string) {
		u := search.Read(asked)
		last := 0
		for _, r := range u.Highlight(text) {
			if r.Start < last || r.End <= r.Start || r.End > len(text) {
				t.Fatalf("%q in %q: range %+v", asked, text, r)
			}
			last = r.End
		}
		marked, _ := u.Mark(text)
		plain := strings.NewReplacer("<mark>", "", "</mark>", "").Replace(marked)
		if strings.ContainsAny(plain, "<>\"'") {
			t.Errorf("%q in %q: %q isn't escaped", asked, text, marked)
		}
		if utf8.ValidString(text) && !utf8.ValidString(marked) {
			t.Errorf("%q in %q: cut a letter", asked, text)
		}
	})
}

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
	if got := d.Labels(search.KindQualification)[0].Words(); !slices.Equal(got, []string{"сварщик", "07150501", "welder"}) {
		t.Errorf("%v", got)
	}
	if n := len(d.Labels(search.KindCity)); n != 1 {
		t.Errorf("%d cities", n)
	}
	if n := len(d.Labels(search.KindProgramme)); n != 0 {
		t.Errorf("%d programmes", n)
	}
	words := []string{"слесарь", "ремонтник"}
	for text, want := range map[string]bool{"слес": true, "ремонтник слес": true, "слес ремонтник": false, "": false, "слесарь рем": true, "токарь": false} {
		if got := search.Read(text).Matches(words); got != want {
			t.Errorf("%q: %v", text, got)
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
