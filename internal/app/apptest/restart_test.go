package apptest

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/app"
)

// A second start goes on where the first one stopped: data, clock and the search index.
func TestRestart(t *testing.T) {
	cfg := app.Config{Addr: "127.0.0.1:0", DataDir: t.TempDir()}
	opt := app.DemoOptions{Places: 20, Seed: 1}
	first, err := app.StartDemo(t.Context(), cfg, opt)
	if err != nil {
		t.Fatal(err)
	}
	w := worldOf(t, first, cfg)
	w.advance("P1DT2H")
	before := w.now()
	hr := w.as("hr@saryarqa-energo.demo.orynda.kz")
	places := hr.Get("/api/v1/enterprises/" + organisationOf(hr, "enterprise") + "/placements?limit=100").Items("items")
	paused := ""
	for _, p := range places {
		if p.S("state") == "published" {
			paused = p.S("id")
			hr.Post("/api/v1/placements/"+paused+"/pause", nil)
			break
		}
	}
	total := w.anonymous().Get("/api/v1/placements?full=include&per_page=1").N("total")
	if err := first.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := first.Stop(t.Context()); err != nil {
		t.Errorf("a second stop: %v", err)
	}

	second, err := app.StartDemo(t.Context(), cfg, opt)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := second.Stop(t.Context()); err != nil {
			t.Error(err)
		}
	}()
	w = worldOf(t, second, cfg)
	if now := w.now(); now.Before(before) || now.Sub(before) > time.Hour {
		t.Errorf("the clock stood at %s and stands at %s", before, now)
	}
	if got := w.as("hr@saryarqa-energo.demo.orynda.kz").Get("/api/v1/placements/" + paused).S("state"); got != "paused" {
		t.Errorf("the paused place is %s", got)
	}
	after := w.anonymous().Get("/api/v1/placements?full=include&per_page=1").N("total")
	if after < total-1 || after > total+5 { // the paused one may have been in the first count; the start may have posted free places
		t.Errorf("%v places were found before, %v after the start", total, after)
	}
	for _, item := range w.anonymous().Get("/api/v1/placements?full=include&per_page=100").Items("items") {
		if item.S("id") == paused {
			t.Error("a paused place is found")
		}
	}
}

// Invented data and people's data never share a folder.
func TestDemoAndServeDontShareData(t *testing.T) {
	cfg := app.Config{Addr: "127.0.0.1:0", DataDir: t.TempDir()}
	served, err := app.New(t.Context(), cfg, app.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := served.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := app.StartDemo(t.Context(), cfg, app.DemoOptions{Places: 1}); err == nil || !strings.Contains(err.Error(), "ORYNDA_DATA_DIR") {
		t.Errorf("the demo takes serve's data: %v", err)
	}
	chore, err := app.New(t.Context(), cfg, app.Options{Chore: true})
	if err != nil {
		t.Fatalf("a chore refuses serve's data: %v", err)
	}
	if err := chore.Stop(t.Context()); err != nil {
		t.Error(err)
	}
}

// A change is found within a second (I10): published, changed, closed.
func TestTheIndexFollows(t *testing.T) {
	for _, engine := range engines(t) {
		t.Run(engine.name, func(t *testing.T) {
			w := boot(t, engine)
			hr := w.as("hr@saryarqa-energo.demo.orynda.kz")
			var place Doc
			for _, p := range hr.Get("/api/v1/enterprises/" + organisationOf(hr, "enterprise") + "/placements?limit=100").Items("items") {
				if p.S("state") == "published" {
					place = p
				}
			}
			query := "/api/v1/placements?full=include&q=" + url.QueryEscape(place.S("reference"))
			found := func() int { return len(w.anonymous().Get(query).Items("items")) }
			hr.Post("/api/v1/placements/"+place.S("id")+"/pause", nil)
			Eventually(t, 2*time.Second, "a paused place is gone", func() bool { return found() == 0 })
			hr.Post("/api/v1/placements/"+place.S("id")+"/resume", nil)
			Eventually(t, 2*time.Second, "a resumed place is back", func() bool { return found() == 1 })
			hr.Post("/api/v1/placements/"+place.S("id")+"/close", Doc{"reason": "withdrawn"})
			Eventually(t, 2*time.Second, "a closed place is gone", func() bool { return found() == 0 })
			w.anonymous().Want(410, "GET", "/api/v1/placements/"+place.S("id"), nil)
		})
	}
}
