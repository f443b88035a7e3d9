package apptest

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/app"
)

// logged is a log that can be read while it is written.
type logged struct {
	mu  sync.Mutex
	out bytes.Buffer
}

func (l *logged) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.out.Write(b)
}

// loaded is what the program said of the loading of its index.
type loaded struct {
	Msg, From string
	Differed  int
	Places    int
	Words     int
	Bytes     int
}

func (l *logged) loaded(t *testing.T) loaded {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	for line := range bytes.Lines(l.out.Bytes()) {
		var said loaded
		if json.Unmarshal(line, &said) == nil && said.Msg == "search index loaded" {
			return said
		}
	}
	t.Fatalf("nothing was said of the index:\n%s", l.out.String())
	return loaded{}
}

// restartable is a program that is started again and again on the same data.
type restartable struct {
	t        *testing.T
	cfg      app.Config
	snapshot string
	app      *app.App
}

func (r *restartable) start() (*world, loaded) {
	r.t.Helper()
	var log logged
	a, err := app.StartDemo(r.t.Context(), r.cfg, app.DemoOptions{
		Places: 20, Seed: 1, Options: app.Options{Log: slog.New(slog.NewJSONHandler(&log, nil))},
	})
	if err != nil {
		r.t.Fatal(err)
	}
	r.app = a
	return worldOf(r.t, a, r.cfg), log.loaded(r.t)
}

func (r *restartable) stop() {
	r.t.Helper()
	if err := r.app.Stop(r.t.Context()); err != nil {
		r.t.Error(err)
	}
}

// A start takes up the snapshot of the last end; one that is older, as a crash leaves it, or damaged, or missing makes no difference to what is found.
func TestRestartFromSnapshot(t *testing.T) {
	for _, engine := range engines(t) {
		t.Run(engine.name, func(t *testing.T) {
			dir := t.TempDir()
			r := &restartable{t: t, snapshot: filepath.Join(dir, "search.snapshot"), cfg: app.Config{
				Addr: "127.0.0.1:0", DataDir: dir, SecretsFile: filepath.Join(dir, "keys.json"), MongoDBURI: engine.uri(t),
			}}
			_, from := r.start()
			if from.From != "store" || from.Places == 0 || from.Words == 0 || from.Bytes < 10_000 {
				t.Errorf("the first start: %+v", from)
			}
			r.stop()
			old, err := os.ReadFile(r.snapshot)
			if err != nil {
				t.Fatal(err)
			}

			w, from := r.start()
			if from.From != "snapshot" {
				t.Errorf("after a clean end: %+v", from)
			}
			gone := changeTwo(w)
			found := foundBy(w)
			r.stop()

			put(t, r.snapshot, old) // as a crash would have left it, or changes by another copy while this one was stopped
			w, from = r.start()
			if from.From != "snapshot" || from.Differed < 2 {
				t.Errorf("with an old snapshot: %+v", from)
			}
			sameFound(t, "with an old snapshot", found, foundBy(w), gone)
			r.stop()

			old[len(old)/2] ^= 1
			put(t, r.snapshot, old)
			w, from = r.start()
			if from.From != "store" {
				t.Errorf("with a damaged snapshot: %+v", from)
			}
			sameFound(t, "with a damaged snapshot", found, foundBy(w), gone)
			r.stop()

			if err := os.Remove(r.snapshot); err != nil {
				t.Errorf("a damaged snapshot isn't replaced: %v", err)
			}
			w, from = r.start()
			if from.From != "store" {
				t.Errorf("without a snapshot: %+v", from)
			}
			sameFound(t, "without a snapshot", found, foundBy(w), gone)
			r.stop()
		})
	}
}

func put(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

// changeTwo pauses one place of the demo's enterprise and closes another, and gives their ids.
func changeTwo(w *world) []string {
	w.t.Helper()
	hr := w.as("hr@saryarqa-energo.demo.orynda.kz")
	var gone []string
	for _, p := range hr.Get("/api/v1/enterprises/" + organisationOf(hr, "enterprise") + "/placements?limit=100").Items("items") {
		if p.S("state") == "published" && len(gone) < 2 {
			gone = append(gone, p.S("id"))
		}
	}
	if len(gone) < 2 {
		w.t.Fatalf("the enterprise has %d published places", len(gone))
	}
	hr.Post("/api/v1/placements/"+gone[0]+"/pause", nil)
	hr.Post("/api/v1/placements/"+gone[1]+"/close", Doc{"reason": "withdrawn"})
	Eventually(w.t, 5*time.Second, "changed places are gone", func() bool {
		found := foundBy(w)
		return !slices.Contains(found, gone[0]) && !slices.Contains(found, gone[1])
	})
	return gone
}

// foundBy lists the places that are found without a question.
func foundBy(w *world) []string {
	w.t.Helper()
	var out []string
	for _, p := range w.anonymous().Get("/api/v1/placements?full=include&per_page=100").Items("items") {
		out = append(out, p.S("id"))
	}
	return out
}

// sameFound allows for places that a start of the demo posts anew.
func sameFound(t *testing.T, when string, want, got, gone []string) {
	t.Helper()
	for _, id := range want {
		if !slices.Contains(got, id) {
			t.Errorf("%s: %s isn't found", when, id)
		}
	}
	for _, id := range gone {
		if slices.Contains(got, id) {
			t.Errorf("%s: %s is found", when, id)
		}
	}
}

// With a search server nothing is kept.
func TestNoSnapshotOfAServer(t *testing.T) {
	cfg := app.Config{Addr: "127.0.0.1:0", DataDir: t.TempDir(), MeilisearchURL: "http://127.0.0.1:1"}
	a, err := app.New(t.Context(), cfg, app.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Start(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if err := a.Stop(t.Context()); err != nil {
		t.Error(err)
	}
	err = filepath.WalkDir(cfg.DataDir, func(path string, _ fs.DirEntry, err error) error {
		if strings.Contains(path, "search") {
			t.Errorf("there is %s", path)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
