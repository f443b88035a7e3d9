package obs_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/obs"
	"github.com/orynda/orynda/internal/storage"
	"github.com/orynda/orynda/internal/storage/storagetest"
)

func TestMain(m *testing.M) { os.Exit(storagetest.Main(m)) }

func scrape(t *testing.T, m *obs.Metrics) string {
	t.Helper()
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	if w.Code != http.StatusOK {
		t.Fatalf("status %d", w.Code)
	}
	return w.Body.String()
}

func wantLines(t *testing.T, text string, lines ...string) {
	t.Helper()
	for _, line := range lines {
		if !strings.Contains(text, line+"\n") {
			t.Errorf("no line %q", line)
		}
	}
}

func TestRequests(t *testing.T) {
	m := obs.NewMetrics("1.2.3")
	m.Begin("GET")("/api/v1/placements/:id", 200)
	m.Begin("GET")("/api/v1/placements/:id", 200)
	m.Begin("POST")("/api/v1/auth/login", 401)
	m.Begin("BREW")("", 404)
	open := m.Begin("GET")
	text := scrape(t, m)
	wantLines(t, text,
		`orynda_http_requests_total{method="GET",route="/api/v1/placements/:id",status="200"} 2`,
		`orynda_http_requests_total{method="POST",route="/api/v1/auth/login",status="401"} 1`,
		`orynda_http_requests_total{method="other",route="unmatched",status="404"} 1`,
		`orynda_http_request_duration_seconds_count{method="GET",route="/api/v1/placements/:id"} 2`,
		`orynda_http_requests_in_flight 1`, `orynda_build_info{version="1.2.3"} 1`)
	if strings.Contains(text, "BREW") {
		t.Error("a method that a stranger made up is a label")
	}
	open("/", 200)
	wantLines(t, scrape(t, m), `orynda_http_requests_in_flight 0`)
}

func TestJobsAndMails(t *testing.T) {
	m := obs.NewMetrics("dev")
	broken := errors.New("broken")
	run := m.Job("selection.answer_clock", func(_ context.Context, now time.Time) error {
		if now.IsZero() {
			return broken
		}
		return nil
	})
	if err := run(t.Context(), time.Now()); err != nil {
		t.Fatal(err)
	}
	if err := run(t.Context(), time.Time{}); !errors.Is(err, broken) {
		t.Fatalf("error %v", err)
	}
	m.Mail("sent")
	wantLines(t, scrape(t, m),
		`orynda_job_runs_total{job="selection.answer_clock",outcome="ok"} 1`,
		`orynda_job_runs_total{job="selection.answer_clock",outcome="failed"} 1`,
		`orynda_job_duration_seconds_count{job="selection.answer_clock"} 2`, `orynda_mails_total{outcome="sent"} 1`)
}

func TestWatchedSources(t *testing.T) {
	m := obs.NewMetrics("dev")
	now := time.Date(2026, 11, 22, 6, 0, 0, 0, time.UTC)
	m.WatchOutbox(func() time.Time { return now }, func(context.Context) (obs.Backlog, error) {
		return obs.Backlog{Waiting: 7, Dead: 2, OldestAt: now.Add(-90 * time.Second)}, nil
	})
	var down error
	m.WatchIndex(func(ctx context.Context) (time.Duration, error) {
		if _, bounded := ctx.Deadline(); !bounded {
			t.Error("a scrape may wait for ever")
		}
		return 250 * time.Millisecond, down
	})
	m.WatchSearch(func() obs.SearchIndex { return obs.SearchIndex{Places: 5, Dead: 1, Words: 90, Bytes: 4096} })
	wantLines(t, scrape(t, m), `orynda_search_index_places 5`, `orynda_search_index_dead_documents 1`, `orynda_search_index_words 90`,
		`orynda_search_index_bytes 4096`, `orynda_outbox_waiting 7`, `orynda_outbox_dead_letters 2`, `orynda_outbox_oldest_seconds 90`,
		`orynda_search_index_lag_seconds 0.25`)
	down = errors.New("store is away")
	text := scrape(t, m)
	if strings.Contains(text, "orynda_search_index_lag_seconds") {
		t.Error("a figure of a source that failed")
	}
	down = nil
	wantLines(t, scrape(t, m), `orynda_scrape_failures_total{source="index"} 1`, `orynda_scrape_failures_total{source="outbox"} 0`,
		`orynda_outbox_waiting 7`)
}

// flaky runs each transaction three times, as a contended store does.
type flaky struct{ storage.Engine }

func (f flaky) Tx(ctx context.Context, fn func(ctx context.Context) error) error {
	if f.InTx(ctx) {
		return f.Engine.Tx(ctx, fn)
	}
	for range 2 {
		_ = f.Engine.Tx(ctx, func(ctx context.Context) error {
			_ = fn(ctx)
			return errors.New("met another")
		})
	}
	return f.Engine.Tx(ctx, fn)
}

func TestTransactions(t *testing.T) {
	for _, named := range storagetest.Engines(t) {
		t.Run(named.Name, func(t *testing.T) {
			m := obs.NewMetrics("dev")
			db := m.Engine(flaky{named.Open(t)})
			if err := db.Tx(t.Context(), func(ctx context.Context) error {
				return db.Tx(ctx, func(context.Context) error { return nil }) // joins: not one of its own
			}); err != nil {
				t.Fatal(err)
			}
			broken := errors.New("broken")
			if err := db.Tx(t.Context(), func(context.Context) error { return broken }); !errors.Is(err, broken) {
				t.Fatalf("error %v", err)
			}
			e := `{engine="` + named.Name + `"}`
			wantLines(t, scrape(t, m),
				`orynda_storage_transactions_total{engine="`+named.Name+`",outcome="ok"} 1`,
				`orynda_storage_transactions_total{engine="`+named.Name+`",outcome="failed"} 1`,
				`orynda_storage_transaction_retries_total`+e+` 4`, `orynda_storage_transaction_duration_seconds_count`+e+` 2`)
		})
	}
}

func TestServesMetricsOnly(t *testing.T) {
	m := obs.NewMetrics("dev")
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- m.Serve(ctx, listener) }()
	for path, want := range map[string]int{"/metrics": 200, "/": 404, "/debug/pprof/": 404} {
		res, err := http.Get("http://" + listener.Addr().String() + path)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(res.Body)
		_ = res.Body.Close()
		if res.StatusCode != want {
			t.Errorf("%s: %d", path, res.StatusCode)
		}
		if want == 200 && !strings.Contains(string(body), "go_goroutines") {
			t.Error("no figures of the runtime")
		}
	}
	cancel()
	select {
	case err := <-ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(5 * time.Second):
		t.Error("doesn't end")
	}
}
