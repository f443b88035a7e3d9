package meili_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/search"
	"github.com/orynda/orynda/internal/search/meili"
	"github.com/orynda/orynda/internal/search/searchtest"
)

// last keeps the last request body that went through it.
type last struct {
	next http.RoundTripper
	body []byte
}

func (l *last) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.GetBody != nil {
		body, err := req.GetBody()
		if err != nil {
			return nil, err
		}
		if l.body, err = io.ReadAll(body); err != nil {
			return nil, err
		}
	}
	return l.next.RoundTrip(req)
}

// BenchmarkSearch asks a real server, through the engine and with the same bytes raw.
func BenchmarkSearch(b *testing.B) {
	url, key := server()
	if url == "" {
		b.Skip("no Meilisearch server: set ORYNDA_TEST_MEILISEARCH_URL")
	}
	tap := &last{next: meili.Transport()}
	e, err := meili.New(searchtest.Lexicon(), meili.Options{URL: url, Key: key, Index: "bench", Transport: tap, WriteTimeout: 10 * time.Minute})
	if err != nil {
		b.Fatal(err)
	}
	docs := searchtest.Corpus(searchtest.BenchPlaces())
	at := time.Now()
	if err := e.Rebuild(context.Background(), func(yield func(search.Document, error) bool) {
		for _, d := range docs {
			if !yield(d, nil) {
				return
			}
		}
	}); err != nil {
		b.Fatal(err)
	}
	b.Logf("%d places indexed in %v", len(docs), time.Since(at).Round(time.Millisecond))
	raw := &http.Client{Transport: meili.Transport()}
	near := &search.Point{Lat: 49.8, Lon: 73.1}
	for _, c := range []struct {
		name string
		q    search.Query
	}{
		{"word", search.Query{Text: "токарь"}},
		{"word+facets", search.Query{Text: "токарь", Facets: search.Facets()}},
		{"browse+facets", search.Query{Facets: search.Facets()}},
		{"filters+facets", search.Query{Text: "слесарь", Regions: []string{"350000000"}, Levels: []string{"worker"}, Facets: search.Facets()}},
		{"radius+distance", search.Query{Near: near, RadiusKM: 50, Sort: search.Distance}},
	} {
		b.Run(c.name+"/engine", func(b *testing.B) {
			for b.Loop() {
				if _, err := e.Search(context.Background(), c.q); err != nil {
					b.Fatal(err)
				}
			}
		})
		body := tap.body
		b.Run(c.name+"/raw", func(b *testing.B) {
			for b.Loop() {
				req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, url+"/multi-search", bytes.NewReader(body))
				if err != nil {
					b.Fatal(err)
				}
				req.Header.Set("Content-Type", "application/json")
				if key != "" {
					req.Header.Set("Authorization", "Bearer "+key)
				}
				res, err := raw.Do(req)
				if err != nil {
					b.Fatal(err)
				}
				if _, err := io.Copy(io.Discard, res.Body); err != nil || res.StatusCode != http.StatusOK {
					b.Fatal(res.Status, err)
				}
				_ = res.Body.Close()
			}
		})
	}
}
