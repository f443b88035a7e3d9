package apptest

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/app"
)

// restarted ends a world and starts the program anew on its data, with other settings.
func restarted(t *testing.T, old *world, set func(*app.Config)) *world {
	t.Helper()
	must(t, old.app.Stop(t.Context()))
	cfg := old.cfg
	set(&cfg)
	a, err := app.New(t.Context(), cfg, app.Options{Demo: true})
	must(t, err)
	t.Cleanup(func() {
		if err := a.Stop(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	must(t, a.Start(t.Context(), nil))
	return worldOf(t, a, cfg)
}

// A search server that is down takes nothing but the search's fineness away: results, suggestions and the home page come from the store, quickly, and say so.
func TestSearchWithoutItsServer(t *testing.T) {
	for _, e := range engines(t) {
		t.Run(e.name, func(t *testing.T) {
			var silent atomic.Bool
			over := make(chan struct{})
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(io.Discard, r.Body) // only then does the server notice that the caller has gone
				if silent.Load() {
					select {
					case <-r.Context().Done():
					case <-over:
					}
				}
				w.WriteHeader(http.StatusServiceUnavailable)
			}))
			defer server.Close()
			w := restarted(t, boot(t, e), func(c *app.Config) { c.MeilisearchURL = server.URL })

			ask := func(query string) Doc {
				t.Helper()
				v, err := url.ParseQuery(query)
				must(t, err)
				at := time.Now()
				answer := w.anonymous().Get("/api/v1/placements?per_page=100&" + v.Encode())
				if took := time.Since(at); took > 3*time.Second {
					t.Errorf("%s took %v", query, took)
				}
				if answer["degraded"] != true || len(answer["facets"].(map[string]any)) != 0 {
					t.Errorf("%s: not marked as degraded, or with facets", query)
				}
				return answer
			}
			all := ask("full=include").Items("items")
			if len(all) < demoPlaces/2 {
				t.Fatalf("%d places without words", len(all))
			}
			found := ask("q=электромонтер караганда")
			if len(found.Items("items")) == 0 || len(found.Items("understood.terms")) != 2 {
				t.Errorf("a trade in a town: %v", found)
			}
			for _, item := range found.Items("items") {
				if !strings.Contains(strings.ToLower(item.S("qualification_name")+item.S("specialty_name")), "электр") || item.Items("workplaces")[0].S("region") != "350000000" {
					t.Errorf("found %s in %s", item.S("qualification_name"), item.Items("workplaces")[0].S("city"))
				}
			}
			if one := ask("q=" + all[0].S("reference") + "&full=include"); one.N("total") != 1 || one.Items("items")[0].S("id") != all[0].S("id") {
				t.Errorf("the reference finds %v places", one.N("total"))
			}
			sorted := ask("sort=compensation").Items("items")
			if pay := func(d Doc) float64 { return d.N("compensation.amount") }; pay(sorted[0]) < pay(sorted[len(sorted)-1]) {
				t.Error("the best paid isn't first")
			}
			if hints := w.anonymous().Get("/api/v1/placements/suggest?q=" + url.QueryEscape("элек")).Items("items"); len(hints) == 0 || hints[0]["count"] != nil {
				t.Errorf("completions: %v", hints)
			}

			page, links := w.results("ru", "q=электромонтер ночью&region=350000000")
			if !strings.Contains(words(page), "только по фильтрам, специальностям и городам. Не учтены слова: ночью. Повторите поиск чуть позже.") ||
				!strings.Contains(page, `name="region" value="350000000"`) || strings.Contains(page, "facet-count") || links["Карагандинская область"] == nil {
				t.Error("the page doesn't say what it left aside, or doesn't keep what was chosen")
			}
			if home := w.page(http.StatusOK, "/kk/"); strings.Count(home, "/kk/placements?region=") != 20 || strings.Contains(home, "tile-seats") {
				t.Error("the home page doesn't lead to the regions, or counts seats that nobody counted")
			}
			w.page(http.StatusServiceUnavailable, "/ru/placements.atom?q=x")

			defer close(over)
			silent.Store(true)
			at := time.Now()
			for range 30 {
				ask("q=токарь")
			}
			if took := time.Since(at); took > 15*time.Second {
				t.Errorf("30 questions beside a server that says nothing took %v: each waits for it", took)
			}
		})
	}
}

// A search server that comes back is asked again by itself: first its index is built, as it was asked for at the start, and after a later outage the next
// questions find it.
func TestSearchServerComesBack(t *testing.T) {
	real, key := os.Getenv("ORYNDA_TEST_MEILISEARCH_URL"), os.Getenv("ORYNDA_TEST_MEILISEARCH_KEY")
	if real == "" {
		t.Skip("ORYNDA_TEST_MEILISEARCH_URL isn't set")
	}
	to, err := url.Parse(real)
	must(t, err)
	var up atomic.Bool
	pass := httputil.NewSingleHostReverseProxy(to)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !up.Load() {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		pass.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	w := restarted(t, boot(t, embeddedEngine()), func(c *app.Config) { c.MeilisearchURL, c.MeilisearchKey = server.URL, key })
	whole := func() bool {
		answer := w.anonymous().Get("/api/v1/placements?q=" + url.QueryEscape("элктромонтер"))
		return answer["degraded"] == nil && answer.N("total") > 0 && answer.S("understood.shown_for") == "электромонтер"
	}
	if whole() {
		t.Fatal("a server that is down answers")
	}
	up.Store(true)
	Eventually(t, 2*time.Minute, "the index is built and asked", whole)
	up.Store(false)
	Eventually(t, 5*time.Second, "the store answers", func() bool { return !whole() })
	up.Store(true)
	Eventually(t, 5*time.Second, "the server is asked again", whole)
}
