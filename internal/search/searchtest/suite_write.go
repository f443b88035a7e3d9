package searchtest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/search"
)

// place makes the least document: a title, a free seat.
func place(id, title string) search.Document {
	return search.Document{ID: id, Reference: "OR-" + strings.ToUpper(fmt.Sprintf("%06x", len(id)+len(title))), Title: i18n.Text{RU: title}, SeatsFree: 1,
		PublishedAt: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)}
}

func (s *suite) count(t *testing.T, text string, want int) {
	t.Helper()
	if res := s.search(t, search.Query{Text: text, Full: search.FullInclude}); res.Total != want {
		t.Errorf("%q finds %d places, want %d", text, res.Total, want)
	}
}

// folding checks that spellings meet, in both directions, and that the original text is marked.
func folding(t *testing.T, open Open) {
	pairs := [][2]string{{"кызмет", "қызмет"}, {"курылысшы", "құрылысшы"}, {"КУРЫЛЫСШЫ", "Құрылысшы"}, {"сондируши", "сөндіруші"},
		{"данекерлеуши", "дәнекерлеуші"}, {"жонелтуши", "жөнелтуші"}, {"елка", "ёлка"}, {"водитель", "вoдитeль"}, {"шаршы", "шaршы"},
		{"java", "jаvа"}, {"оператор", "ＯПЕРАТОР"}, {"operator", "ｏperator"}, {"гидро", "ғидро"}, {"шан", "шаң"}, {"кухар", "күһар"},
		{"и\u0306од", "йод"}, {"cafe", "Café"}}
	for stored := range 2 {
		docs := []search.Document{place("plc_other", "прочее")}
		for i, p := range pairs {
			docs = append(docs, place(fmt.Sprint("plc_", i), "один "+p[stored]+" два"))
		}
		s := start(t, open, docs)
		for i, p := range pairs {
			for _, asked := range p {
				res := s.search(t, search.Query{Text: asked})
				found := idsOf(res.Hits)
				if !slices.Contains(found, fmt.Sprint("plc_", i)) || slices.Contains(found, "plc_other") || len(found) > 2 {
					t.Errorf("%q finds %v, but %q is in plc_%d", asked, found, p[stored], i)
				}
				marked, ok := s.o.l.Mark(&res.Reading, "один "+p[stored]+" два")
				if !ok || marked != "один <mark>"+p[stored]+"</mark> два" {
					t.Errorf("%q in %q is marked as %q", asked, p[stored], marked)
				}
			}
		}
	}
}

func visibility(t *testing.T, open Open) {
	e := open(t)
	s := &suite{e: e, o: newOracle(nil)}
	defer func() { must(t, e.Close()) }()
	ctx := limit(t)
	if err := e.Ready(ctx); !errs.Has(err, "search_not_built") {
		t.Errorf("ready before it was built: %v", err)
	}
	must(t, e.Rebuild(ctx, seq(nil)))
	must(t, e.Ready(ctx))
	s.count(t, "", 0)
	must(t, e.Put(ctx, []search.Document{place("plc_1", "токарь"), place("plc_2", "сварщик")}))
	s.count(t, "токарь", 1)
	s.count(t, "сварщик", 1)
	s.count(t, "свар", 1)
	must(t, e.Put(ctx, []search.Document{place("plc_1", "слесарь")})) // changed: the old words are gone
	s.count(t, "токарь", 0)
	s.count(t, "слесарь", 1)
	s.count(t, "", 2)
	must(t, e.Put(ctx, []search.Document{place("plc_1", "слесарь")})) // again: nothing doubles
	s.count(t, "", 2)
	must(t, e.Put(ctx, nil))
	must(t, e.Delete(ctx, nil))
	must(t, e.Delete(ctx, []string{"plc_1", "plc_never"}))
	s.count(t, "слесарь", 0)
	s.count(t, "", 1)
	n, err := e.Count(ctx)
	must(t, err)
	if n != 1 {
		t.Errorf("%d documents, want 1", n)
	}
	must(t, e.Put(ctx, []search.Document{place("plc_1", "токарь")})) // back again
	s.count(t, "токарь", 1)
	must(t, e.Ready(ctx))
}

// severalWorkplaces checks that any workplace may be near, that a place is found once, and that lost workplaces are forgotten.
func severalWorkplaces(t *testing.T, open Open) {
	karaganda, astana, almaty := search.Point{Lat: 49.8, Lon: 73.1}, search.Point{Lat: 51.18, Lon: 71.45}, search.Point{Lat: 43.25, Lon: 76.9}
	at := func(points ...search.Point) []search.Workplace {
		var out []search.Workplace
		for i := range points {
			out = append(out, search.Workplace{Region: fmt.Sprint(i), City: fmt.Sprint("город", i), Point: &points[i]})
		}
		return out
	}
	a, b, c := place("plc_a", "токарь"), place("plc_b", "токарь"), place("plc_c", "токарь")
	a.Workplaces, b.Workplaces = at(karaganda, astana, almaty), at(almaty)
	c.Workplaces = []search.Workplace{{Region: "0", City: "город0"}}
	s := start(t, open, []search.Document{a, b, c})
	find := func(near search.Point, radius float64, sort search.Sort, want ...string) {
		t.Helper()
		res := s.search(t, search.Query{Near: &near, RadiusKM: radius, Sort: sort, Facets: search.Facets()})
		if got := idsOf(res.Hits); !slices.Equal(got, want) || res.Total != len(want) {
			t.Errorf("within %v km of %v: %v of %d, want %v", radius, near, got, res.Total, want)
		}
		if n := res.Facets[search.FacetFull][0].Count; n != len(want) {
			t.Errorf("within %v km of %v: counted %d, want %d", radius, near, n, len(want))
		}
	}
	find(karaganda, 10, search.Distance, "plc_a")
	find(astana, 10, search.Distance, "plc_a")
	find(almaty, 10, search.Newest, "plc_a", "plc_b")
	find(astana, 0, search.Distance, "plc_a", "plc_b", "plc_c")
	find(karaganda, 1000, search.Distance, "plc_a", "plc_b")
	a.Workplaces = at(astana)
	must(t, s.e.Put(limit(t), []search.Document{a}))
	find(karaganda, 10, search.Distance)
	find(almaty, 10, search.Distance, "plc_b")
	find(astana, 10, search.Distance, "plc_a")
	b.Workplaces = at(astana, karaganda)
	must(t, s.e.Put(limit(t), []search.Document{b}))
	find(karaganda, 10, search.Distance, "plc_b")
	n, err := s.e.Count(limit(t))
	must(t, err)
	if n != 3 {
		t.Errorf("%d documents, want 3", n)
	}
	must(t, s.e.Delete(limit(t), []string{"plc_b"}))
	find(karaganda, 10, search.Distance)
	find(almaty, 0, search.Distance, "plc_a", "plc_c")
}

// edges checks documents with little or odd content.
func edges(t *testing.T, open Open) {
	bare := search.Document{ID: "plc_bare"}
	odd := place("plc_odd", "\xff \x00 \"кавычки\" \\ 🙂 %22")
	odd.EnterpriseName, odd.Summary.KK = strings.Repeat("длинное ", 3000), "ﷺ １２３ "+strings.Repeat("я", 500)
	odd.Workplaces = []search.Workplace{{Region: "a\"b\\c%", City: "Ust'-\"Kam\"", CityNames: i18n.Text{RU: "Усть-\"Кам\""}, Point: &search.Point{Lat: 200}}}
	s := start(t, open, []search.Document{bare, odd})
	s.count(t, "кавычки", 1)
	s.count(t, "123", 1)
	s.count(t, strings.Repeat("я", 400), 1)
	s.count(t, "", 2)
	q := search.Query{Regions: []string{"a\"b\\c%"}, Facets: []search.Facet{search.FacetRegion, search.FacetCity}}
	res := s.search(t, q)
	if res.Total != 1 || !slices.Equal(res.Facets[search.FacetRegion], []search.FacetCount{{Value: "a\"b\\c%", Count: 1}}) ||
		!slices.Equal(res.Facets[search.FacetCity], []search.FacetCount{{Value: "Ust'-\"Kam\"", Count: 1}}) {
		t.Errorf("odd values: %d places, facets %v", res.Total, res.Facets)
	}
	for _, sort := range search.Sorts() {
		res := s.search(t, search.Query{Sort: sort, Full: search.FullInclude, Near: &search.Point{}})
		if res.Total != 2 {
			t.Errorf("%s: %d places, want 2", sort, res.Total)
		}
	}
	for _, q := range []search.Query{{MaxWeeklyHours: 40}, {StartsFrom: "2020-01-01"}, {StartsTo: "2040-01-01"}, {MinCompensation: 1},
		{Near: &search.Point{}, RadiusKM: 1000}} {
		q.Full = search.FullInclude
		if res := s.search(t, q); res.Total != 0 {
			t.Errorf("%s: a place without the value is found", show(q))
		}
	}
}

func rebuild(t *testing.T, open Open) {
	docs := Corpus(60)
	s := start(t, open, docs[:40])
	s.check(t, search.Query{Full: search.FullInclude, Facets: search.Facets()})
	if err := s.e.Rebuild(limit(t), broken(docs[40:], errBroken)); !errors.Is(err, errBroken) {
		t.Errorf("a broken source gives %v", err)
	}
	s.check(t, search.Query{Full: search.FullInclude, Facets: search.Facets()}) // as before
	must(t, s.e.Ready(limit(t)))
	must(t, s.e.Rebuild(limit(t), seq(docs[20:])))
	s.o = newOracle(docs[20:])
	s.check(t, search.Query{Full: search.FullInclude, Facets: search.Facets()})
	must(t, s.e.Put(limit(t), docs[:5]))
	s.o = newOracle(append(slices.Clone(docs[20:]), docs[:5]...))
	s.check(t, search.Query{Full: search.FullInclude})
	must(t, s.e.Rebuild(limit(t), seq(nil)))
	s.count(t, "", 0)
}

// rebuildBusy rebuilds the same places again and again: searches never see fewer, and what is written meanwhile stays.
func rebuildBusy(t *testing.T, open Open) {
	docs := Corpus(CorpusSize)
	s := start(t, open, docs)
	var stop atomic.Bool
	var searches atomic.Int64
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for !stop.Load() {
				res, err := s.e.Search(limit(t), search.Query{Full: search.FullInclude, Facets: []search.Facet{search.FacetRegion}})
				if err != nil || res.Total < CorpusSize {
					t.Errorf("while rebuilding: %v %v", res, err)
					return
				}
				searches.Add(1)
			}
		})
	}
	const rounds = 3
	for round := range rounds {
		written := make(chan error, 1)
		pause := make(chan struct{})
		go func() {
			<-pause // the rebuild has read its first documents
			written <- errors.Join(s.e.Put(limit(t), []search.Document{place(fmt.Sprintf("plc_new%d", round), "новичок")}),
				s.e.Put(limit(t), []search.Document{place("plc_passing", "проходное")}), s.e.Delete(limit(t), []string{"plc_passing"}))
		}()
		var source []search.Document
		source = append(source, docs...)
		for i := range round {
			source = append(source, place(fmt.Sprintf("plc_new%d", i), "новичок"))
		}
		source = append(source, place("plc_passing", "проходное")) // deleted meanwhile: must not come back
		must(t, s.e.Rebuild(limit(t), func(yield func(search.Document, error) bool) {
			for i, d := range source {
				if i == 1 {
					close(pause)
					must(t, <-written)
				}
				if !yield(d, nil) {
					return
				}
			}
		}))
		s.count(t, "новичок", round+1)
		s.count(t, "проходное", 0)
	}
	stop.Store(true)
	readers.Wait()
	s.count(t, "", CorpusSize+rounds)
	if searches.Load() == 0 {
		t.Error("no search ran meanwhile")
	}
}

// parallel writes from several goroutines, each seeing its own writes at once.
func parallel(t *testing.T, open Open) {
	s := start(t, open, Corpus(20))
	var all sync.WaitGroup
	for w := range 6 {
		all.Go(func() {
			word := []string{"яблоко", "груша", "вишня", "слива", "малина", "айва"}[w]
			for i := range 8 {
				id := fmt.Sprintf("plc_w%d", w)
				if err := s.e.Put(limit(t), []search.Document{place(id, fmt.Sprintf("%s раз%d", word, i))}); err != nil {
					t.Errorf("put: %v", err)
					return
				}
				res, err := s.e.Search(limit(t), search.Query{Text: fmt.Sprintf("%s раз%d", word, i)})
				if err != nil || res.Total != 1 || len(res.Reading.Dropped) > 0 {
					t.Errorf("own write isn't seen: %v %v", res, err)
				}
				if i%3 == 2 {
					if err := s.e.Delete(limit(t), []string{id}); err != nil {
						t.Errorf("delete: %v", err)
					}
				}
			}
		})
	}
	all.Wait()
	s.count(t, "", 26)
}
