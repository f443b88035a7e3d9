package embedded_test

import (
	"context"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/search"
	"github.com/orynda/orynda/internal/search/embedded"
	"github.com/orynda/orynda/internal/search/searchtest"
)

// slack allows for a busy machine and the fuzzer's own instruments; the promise is 50 ms (BenchmarkAnyBytes measures it).
const slack = 10

// FuzzSearch sends any bytes as question and values: the engine answers, quickly and consistently.
func FuzzSearch(f *testing.F) {
	e := embedded.New(searchtest.Lexicon())
	if err := e.Rebuild(context.Background(), all(searchtest.Corpus(300))); err != nil {
		f.Fatal(err)
	}
	f.Add("слесарь рем", "350000000", 1, 50.0, 70.0, 100.0, "distance")
	f.Add("\xff\x00", "", 0, -91.0, 0.0, -1.0, "")
	f.Fuzz(func(t *testing.T, text, value string, page int, lat, lon, radius float64, sort string) {
		q := search.Query{Text: text, Regions: []string{value, "350000000", "710000000"}, OpenToCollege: value, Page: page, Sort: search.Sort(sort),
			Near: &search.Point{Lat: lat, Lon: lon}, RadiusKM: radius, Facets: search.Facets()}
		at := time.Now()
		res, err := e.Search(context.Background(), q)
		if took := time.Since(at); took > 50*time.Millisecond*slack {
			t.Errorf("took %v", took)
		}
		if err != nil {
			if errs.KindOf(err) != errs.Invalid {
				t.Errorf("%v", err)
			}
			return
		}
		if len(res.Hits) > res.Total || len(res.Hits) > res.PerPage || len(res.Facets) != len(search.Facets()) {
			t.Errorf("%d hits of %d", len(res.Hits), res.Total)
		}
		if _, err := e.Suggest(context.Background(), search.SuggestQuery{Text: text}); err != nil {
			t.Errorf("suggest: %v", err)
		}
	})
}
