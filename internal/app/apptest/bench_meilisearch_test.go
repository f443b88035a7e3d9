package apptest

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/app"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/indexing"
	"github.com/orynda/orynda/internal/search"
	"github.com/orynda/orynda/internal/search/meili"
	"github.com/orynda/orynda/internal/search/searchtest"
)

// benchMeilisearch measures the same searches with the server of ORYNDA_TEST_MEILISEARCH_URL behind the program, beside the same bytes sent to the server raw.
func benchMeilisearch(b *testing.B, cfg app.Config) {
	cfg.MeilisearchURL, cfg.MeilisearchKey = os.Getenv("ORYNDA_TEST_MEILISEARCH_URL"), os.Getenv("ORYNDA_TEST_MEILISEARCH_KEY")
	if cfg.MeilisearchURL == "" {
		say("Meilisearch was NOT measured: set ORYNDA_TEST_MEILISEARCH_URL")
		b.Skip("no Meilisearch server")
	}
	a := startBench(b, cfg)
	defer a.Stop(context.Background()) // it was only measured
	base := "http://" + a.Addr()
	Eventually(b, 5*time.Minute, "every place is in the server's index", func() bool {
		total, err := totalOf(base + "/api/v1/placements?per_page=1&full=include")
		return err == nil && total >= searchtest.BenchPlaces()*9/10
	})
	raw, err := newRawMeili(cfg)
	must(b, err)
	benchSearch(b, "Meilisearch", base, raw.search)
}

// rawMeili sends what the engine would send.
type rawMeili struct {
	url, key string
	engine   search.Engine
	client   *http.Client
	sent     []byte            // the body that the engine sent last
	bodies   map[string][]byte // by question
}

func newRawMeili(cfg app.Config) (*rawMeili, error) {
	r := &rawMeili{url: cfg.MeilisearchURL, key: cfg.MeilisearchKey, client: &http.Client{Transport: meili.Transport()}, bodies: map[string][]byte{}}
	reference, err := directory.LoadReference()
	if err != nil {
		return nil, err
	}
	r.engine, err = meili.New(indexing.Lexicon(reference), meili.Options{URL: r.url, Key: r.key, Transport: r})
	return r, err
}

// RoundTrip keeps the body on its way.
func (r *rawMeili) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.GetBody != nil {
		body, err := req.GetBody()
		if err != nil {
			return nil, err
		}
		if r.sent, err = io.ReadAll(body); err != nil {
			return nil, err
		}
	}
	return r.client.Transport.RoundTrip(req)
}

// search asks through the engine the first time and with the same bytes from then on.
func (r *rawMeili) search(ctx context.Context, q search.Query) error {
	name := fmt.Sprintf("%+v", q)
	body, known := r.bodies[name]
	if !known {
		if _, err := r.engine.Search(ctx, q); err != nil {
			return err
		}
		r.bodies[name] = r.sent
		return nil
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, r.url+"/multi-search", bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	if r.key != "" {
		req.Header.Set("Authorization", "Bearer "+r.key)
	}
	res, err := r.client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", res.Status, answer)
	}
	return err
}
