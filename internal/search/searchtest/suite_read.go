package searchtest

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/search"
)

func (s *suite) words(t *testing.T) {
	for _, text := range []string{"", "токарь", "ТОКАРЬ", "  токарь \t ", "дәнекерлеуші", "welder", "Темиртау", "слесарь ремонт", "техник механик",
		"караганда слесарь", "Байтерек", "«Байтерек Софт»", "слесарь-ремонтник", "07150301", "web", "целиноград", "zzzz", "жүкжүк"} {
		hits := s.check(t, search.Query{Text: text})
		if text != "" && text != "zzzz" && text != "жүкжүк" && len(hits) == 0 {
			t.Errorf("%q finds nothing: the corpus doesn't test it", text)
		}
		if len(hits) > 0 && (text == "zzzz" || text == "жүкжүк") {
			t.Errorf("%q finds %d places", text, len(hits))
		}
	}
}

func (s *suite) prefix(t *testing.T) {
	for _, text := range []string{"т", "ток", "токар", "дәнек", "Кара", "слесарь рем", "электро", "0715", "weld"} {
		if hits := s.check(t, search.Query{Text: text}); len(hits) == 0 {
			t.Errorf("%q finds nothing: the corpus doesn't test it", text)
		}
	}
	// Only the last word may be a beginning.
	if hits := s.check(t, search.Query{Text: "слес ремонт"}); len(hits) > 0 {
		t.Errorf("a beginning before the last word finds %d places", len(hits))
	}
}

// relevance checks for questions of one word that an earlier field comes first, and in one field whole words.
func (s *suite) relevance(t *testing.T) {
	for _, text := range []string{"слесарь", "т", "механик", "мастер", "ремонт", "караганд", "сыра"} {
		hits := s.check(t, search.Query{Text: text})
		_, r := s.o.ids(search.Query{Text: text})
		if len(r.Words) != 1 {
			continue
		}
		last := -1
		for _, h := range hits {
			rank := 2 * int(s.o.field(h.ID, &r, r.Words[0]))
			if !s.o.whole(h.ID, r.Words[0].Token) {
				rank++
			}
			if rank < last {
				t.Errorf("%q: %s ranks too low", text, h.ID)
			}
			last = rank
		}
	}
}

// fallback checks what is given up for a question that nothing answers whole: only what leaves a trade.
func (s *suite) fallback(t *testing.T) {
	for text, dropped := range map[string]int{"токарь": 0, "токарь zzzz": 1, "токарь zzzz караганда": 1, "zzzz токарь": 1, "вокзал токарь": 1, "zzzz": -1, "zzzz караганда": -1,
		"токарь qqqq zzzz xxxx": 3} {
		s.check(t, search.Query{Text: text})
		res := s.search(t, search.Query{Text: text})
		if (res.Total == 0) != (dropped < 0) {
			t.Errorf("%q: %d places", text, res.Total)
		}
		if got := len(res.Reading.Dropped); got != max(0, dropped) {
			t.Errorf("%q: dropped %q, want %d words", text, res.Reading.Dropped, dropped)
		}
	}
	// Filters count: no welder of that town who also has the word is no reason to find nothing.
	s.check(t, search.Query{Text: "токарь zzzz", Regions: []string{"350000000"}, Facets: search.Facets()})
}

// questions has one question for each filter and each value kind, and some with several.
func questions() map[string]search.Query {
	point := &search.Point{Lat: 49.8019, Lon: 73.1021}
	return map[string]search.Query{
		"region":        {Regions: []string{"350000000"}},
		"two regions":   {Regions: []string{"350000000", "710000000"}},
		"city":          {Cities: []string{"Темиртау"}},
		"specialty":     {Specialties: []string{"07150600", "07150300"}},
		"qualification": {Qualifications: []string{"07150301"}},
		"programme":     {Programmes: []string{"6B071"}},
		"regime":        {Regimes: []string{"r361"}},
		"level":         {Levels: []string{"worker"}},
		"two levels":    {Levels: []string{"worker", "bachelor"}},
		"time model":    {TimeModels: []string{"block"}},
		"paid":          {Paid: ptr(true)},
		"unpaid":        {Paid: ptr(false)},
		"minimum":       {MinCompensation: 60000},
		"hours":         {MaxWeeklyHours: 24},
		// Training begins on Mondays in the corpus; a period includes its ends.
		"starts from":      {StartsFrom: "2027-05-03"},
		"starts to":        {StartsTo: "2027-05-03"},
		"starts between":   {StartsFrom: "2027-03-01", StartsTo: "2027-06-30"},
		"language":         {Languages: []string{"en"}},
		"dormitory":        {Dormitory: ptr(true)},
		"college":          {OpenToCollege: "col_3"},
		"unknown college":  {OpenToCollege: "col_none"},
		"under 18":         {Under18: ptr(true)},
		"radius":           {Near: point, RadiusKM: 50},
		"full":             {Full: search.FullInclude},
		"unknown value":    {Regions: []string{"nowhere"}},
		"known or unknown": {Regions: []string{"nowhere", "350000000"}},
		"several": {Text: "слесарь", Regions: []string{"350000000", "710000000", "750000000"}, Paid: ptr(true), Levels: []string{"worker"},
			Full: search.FullInclude},
		"several with radius": {Near: point, RadiusKM: 400, TimeModels: []string{"block"}, Languages: []string{"kk"}, Full: search.FullInclude},
		"nothing left":        {Qualifications: []string{"07150301"}, Regimes: []string{"r361"}},
	}
}

func (s *suite) filters(t *testing.T) {
	empty := map[string]bool{"unknown value": true, "nothing left": true}
	for name, q := range questions() {
		if hits := s.check(t, q); (len(hits) == 0) != empty[name] {
			t.Errorf("%s finds %d places: the corpus doesn't test it", name, len(hits))
		}
	}
}

func (s *suite) facets(t *testing.T) {
	for _, q := range questions() {
		q.Facets, q.Seats = search.Facets(), search.AllSeats()
		s.check(t, q)
	}
	s.check(t, search.Query{Text: "слесарь", Facets: search.Facets()})
	s.check(t, search.Query{Facets: []search.Facet{search.FacetLevel}})
	// A selected value that finds nothing stays, with 0.
	res := s.search(t, search.Query{Regions: []string{"nowhere"}, Cities: []string{"Темиртау"}, Facets: search.Facets()})
	if !slices.Contains(res.Facets[search.FacetRegion], search.FacetCount{Value: "nowhere"}) {
		t.Errorf("a selected value without places is gone: %v", res.Facets[search.FacetRegion])
	}
	if !slices.ContainsFunc(res.Facets[search.FacetRegion], func(c search.FacetCount) bool { return c.Value == "350000000" && c.Count > 0 }) {
		t.Errorf("the counts of a group don't ignore its own selection: %v", res.Facets[search.FacetRegion])
	}
	if res.Total != 0 {
		t.Errorf("found %d places nowhere", res.Total)
	}
}

func (s *suite) sorts(t *testing.T) {
	for _, sort := range search.Sorts() {
		for _, text := range []string{"", "слесарь"} {
			q := search.Query{Text: text, Sort: sort, Full: search.FullInclude}
			if sort == search.Distance {
				q.Near = &search.Point{Lat: 50, Lon: 70}
			}
			hits := s.check(t, q)
			if sort == search.Relevance {
				continue
			}
			for i := 1; i < len(hits); i++ {
				a, b := hits[i-1].ID, hits[i].ID
				if s.o.order(q, a, b) > 0 && (sort != search.Distance || sortKey(s.o.docs[a], q) > sortKey(s.o.docs[b], q)+0.002) {
					t.Errorf("%s: %s stands before %s", sort, a, b)
				}
			}
		}
	}
	// Without words relevance is newest.
	newest, _ := s.all(t, search.Query{Sort: search.Newest})
	plain, _ := s.all(t, search.Query{})
	if !slices.Equal(idsOf(newest), idsOf(plain)) {
		t.Error("without words the order isn't newest first")
	}
}

func (s *suite) paging(t *testing.T) {
	hits, _ := s.all(t, search.Query{Full: search.FullInclude, PerPage: 23, Sort: search.FewestApplicants})
	if len(hits) != len(s.o.docs) {
		t.Errorf("walked over %d places of %d", len(hits), len(s.o.docs))
	}
	for _, page := range []int{9, 10, 11, 999, search.MaxPage} {
		res := s.search(t, search.Query{Full: search.FullInclude, PerPage: 23, Sort: search.FewestApplicants, Page: page})
		want := hits[min(len(hits), (page-1)*23):min(len(hits), page*23)]
		if !slices.Equal(idsOf(res.Hits), idsOf(want)) || res.Total != len(hits) {
			t.Errorf("page %d: %d hits of %d, want %d of %d", page, len(res.Hits), res.Total, len(want), len(hits))
		}
	}
	if res := s.search(t, search.Query{}); res.Page != 1 || res.PerPage != search.DefaultPerPage {
		t.Errorf("the default is page %d of %d", res.Page, res.PerPage)
	}
}

func (s *suite) distance(t *testing.T) {
	from := search.Point{Lat: 49.8019, Lon: 73.1021}
	for _, q := range []search.Query{
		{Near: &from}, {Near: &from, Sort: search.Distance}, {Near: &from, RadiusKM: 60}, {Text: "слесарь", Near: &from, RadiusKM: 400, Sort: search.Distance},
		{Near: &from, RadiusKM: 300, Sort: search.Compensation, Full: search.FullInclude, Facets: search.Facets()},
		{Near: &search.Point{Lat: -33, Lon: -70}, RadiusKM: 100}, {Near: &search.Point{Lat: 90, Lon: 180}, Sort: search.Distance},
	} {
		for _, h := range s.check(t, q) {
			want := near(s.o.docs[h.ID], *q.Near)
			if h.DistanceKM == nil && want < 1e9 || h.DistanceKM != nil && (*h.DistanceKM < want-0.01 || *h.DistanceKM > want+0.01) {
				t.Errorf("%s: distance of %s is %v, want %.3f", show(q), h.ID, value(h.DistanceKM), want)
			}
		}
	}
	for _, h := range s.search(t, search.Query{}).Hits {
		if h.DistanceKM != nil {
			t.Errorf("%s has a distance from nowhere", h.ID)
		}
	}
}

func (s *suite) full(t *testing.T) {
	for _, full := range []search.Full{"", search.FullExclude, search.FullInclude} {
		res := s.search(t, search.Query{Full: full, Facets: []search.Facet{search.FacetFull}})
		some, all := 0, len(s.o.docs)
		for _, d := range s.o.docs {
			if d.SeatsFree > 0 {
				some++
			}
		}
		want := []search.FacetCount{{Value: "include", Count: all}, {Value: "exclude", Count: some}}
		if !slices.Equal(res.Facets[search.FacetFull], want) {
			t.Errorf("full=%q: counts %v, want %v", full, res.Facets[search.FacetFull], want)
		}
		if wantTotal := map[bool]int{true: all, false: some}[full == search.FullInclude]; res.Total != wantTotal {
			t.Errorf("full=%q: %d places, want %d", full, res.Total, wantTotal)
		}
	}
}

func (s *suite) references(t *testing.T) {
	id := slices.Sorted(func(yield func(string) bool) {
		for id := range s.o.docs {
			if !yield(id) {
				return
			}
		}
	})[7]
	ref := s.o.docs[id].Reference
	for _, text := range []string{ref, strings.ToLower(ref), " " + ref + " ", strings.ReplaceAll(ref, "0", "O"), strings.TrimPrefix(ref, "OR-")} {
		res := s.search(t, search.Query{Text: text, Full: search.FullInclude})
		if res.Total != 1 || res.Hits[0].ID != id {
			t.Errorf("%q finds %d places", text, res.Total)
		}
	}
	if res := s.search(t, search.Query{Text: "OR-000000", Full: search.FullInclude}); res.Total != 0 {
		t.Errorf("a reference that doesn't exist finds %d places", res.Total)
	}
}

func (s *suite) suggestions(t *testing.T) {
	has := func(text string, kind search.Kind, value string) {
		t.Helper()
		all, err := s.e.Suggest(limit(t), search.SuggestQuery{Text: text, Limit: 20})
		must(t, err)
		got := all.Items
		i := slices.IndexFunc(got, func(g search.Suggestion) bool { return g.Kind == kind && g.Value == value })
		if i < 0 {
			t.Errorf("%q: no %s %s in %v", text, kind, value, got)
			return
		}
		if got[i].Names.IsZero() || got[i].Count < 1 {
			t.Errorf("%q: %+v has no name or no places", text, got[i])
		}
	}
	has("тока", search.KindQualification, "07150301")
	has("данек", search.KindQualification, "07150501")
	has("weld", search.KindQualification, "07150501")
	has("инженер", search.KindProgramme, "6B071")
	has("Темір", search.KindCity, "Темиртау")
	has("temirt", search.KindCity, "Темиртау")
	has("қараған", search.KindRegion, "350000000")
	has("байтер", search.KindEnterprise, "ent_00000000000000000000000000000008")
	for _, text := range []string{"", " ", "!?", "zzzz", "токарь zzzz", "\xff\xfe"} {
		got, err := s.e.Suggest(limit(t), search.SuggestQuery{Text: text})
		must(t, err)
		if len(got.Items) > 0 {
			t.Errorf("%q: suggested %v", text, got)
		}
	}
	for _, n := range []int{1, 3, 20} {
		got, err := s.e.Suggest(limit(t), search.SuggestQuery{Text: "т", Limit: n})
		must(t, err)
		if len(got.Items) != n {
			t.Errorf("asked for %d suggestions, got %d", n, len(got.Items))
		}
	}
	got, err := s.e.Suggest(limit(t), search.SuggestQuery{Text: "токарь", Limit: 20})
	must(t, err)
	for _, g := range got.Items {
		if d := s.o.docs[g.PlacementID]; g.Kind == search.KindPlacement && (d == nil || d.Reference != g.Value || d.SeatsFree == 0 || d.Title != g.Names) {
			t.Errorf("%+v is no place on offer", g)
		}
	}
	if _, err := s.e.Suggest(limit(t), search.SuggestQuery{Text: "т", Limit: 21}); errs.KindOf(err) != errs.Invalid {
		t.Errorf("21 suggestions: %v", err)
	}
}

func (s *suite) badInput(t *testing.T) {
	long := strings.Repeat("слесарь ", 3000)
	for _, text := range []string{"\x00", "\xff\xfe\xfd", "\"", "\"слесарь", "-слесарь", "слесарь -ремонт", "слесарь\\ремонт", "']}{[$", strings.Repeat("я", 10000), long,
		"🙂🙂", "ﷺ", "１２３", "\u202eabc", "%00%ff", "OR 1=1", "_geoRadius(1,1,1)", "слесарь\u0000ремонт", "ё\u0301", strings.Repeat("\u0301", 500)} {
		s.check(t, search.Query{Text: text})
	}
	for _, v := range []string{"", "\"", "\\", "a\" OR region = \"350000000", "' OR 1=1", "\x00", "\xff", "%22", strings.Repeat("x", 2000), "🙂", "*", "free"} {
		q := search.Query{Regions: []string{v}, Cities: []string{v}, OpenToCollege: v, Facets: []search.Facet{search.FacetRegion}}
		if res := s.search(t, q); res.Total != 0 && v != "" {
			t.Errorf("filter value %q finds %d places", v, res.Total)
		}
	}
	for name, q := range map[string]search.Query{
		"sort": {Sort: "best"}, "full": {Full: "maybe"}, "facets": {Facets: []search.Facet{"colour"}}, "page": {Page: -1}, "page ": {Page: search.MaxPage + 1},
		"per_page": {PerPage: -1}, "per_page ": {PerPage: search.MaxPerPage + 1}, "min_compensation": {MinCompensation: -1},
		"max_weekly_hours": {MaxWeeklyHours: -1}, "starts_from": {StartsFrom: "soon"}, "starts_to": {StartsTo: "2027-02-30"},
		"near": {Near: &search.Point{Lat: 91}}, "radius_km": {Near: &search.Point{}, RadiusKM: search.MaxRadiusKM + 1},
		"region": {Regions: make([]string, search.MaxValues+1)},
	} {
		_, err := s.e.Search(limit(t), q)
		if errs.KindOf(err) != errs.Invalid || errs.CodeOf(err) != "bad_request" || !strings.Contains(err.Error(), "["+strings.TrimSpace(name)+":") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := s.e.Search(limit(t), search.Query{Sort: search.Distance}); !errs.Has(err, "sort_needs_point") {
		t.Errorf("distance without a point: %v", err)
	}
	if _, err := s.e.Search(limit(t), search.Query{RadiusKM: 5}); !errs.Has(err, "radius_needs_point") {
		t.Errorf("radius without a point: %v", err)
	}
}

// deadline checks that a call whose time is over says so at once.
func (s *suite) deadline(t *testing.T) {
	ctx, cancel := context.WithDeadline(context.Background(), time.Now().Add(-time.Second))
	defer cancel()
	_, err := s.e.Search(ctx, search.Query{})
	_, errSuggest := s.e.Suggest(ctx, search.SuggestQuery{Text: "т"})
	_, errCount := s.e.Count(ctx)
	for name, err := range map[string]error{"search": err, "suggest": errSuggest, "count": errCount, "put": s.e.Put(ctx, Corpus(1)),
		"delete": s.e.Delete(ctx, []string{"plc_1"}), "ready": s.e.Ready(ctx), "rebuild": s.e.Rebuild(ctx, seq(Corpus(300)))} {
		if !errs.Has(err, "search_unavailable") {
			t.Errorf("%s after the deadline: %v", name, err)
		}
	}
	if got := s.search(t, search.Query{Full: search.FullInclude}).Total; got != len(s.o.docs) {
		t.Errorf("what came too late was done: %d places", got)
	}
}
