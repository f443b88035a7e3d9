package meili_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/search"
	"github.com/orynda/orynda/internal/search/meili"
	"github.com/orynda/orynda/internal/search/searchtest"
)

// patience is the deadline of a call in these tests, slack what a call may take beyond it on a busy machine.
const (
	patience = 300 * time.Millisecond
	slack    = 700 * time.Millisecond
)

func doc() search.Document {
	return search.Document{ID: "plc_1", Title: i18n.Text{RU: "токарь"}, SeatsFree: 1}
}

// calls runs every method of the port with a deadline and gives the errors.
func calls(t *testing.T, e *meili.Engine) map[string]error {
	t.Helper()
	out := map[string]error{}
	for name, call := range map[string]func(ctx context.Context) error{
		"search": func(ctx context.Context) error {
			_, err := e.Search(ctx, search.Query{Text: "токарь сварщик", Facets: search.Facets()})
			return err
		},
		"suggest": func(ctx context.Context) error {
			_, err := e.Suggest(ctx, search.SuggestQuery{Text: "ток"})
			return err
		},
		"count":  func(ctx context.Context) error { _, err := e.Count(ctx); return err },
		"ready":  e.Ready,
		"put":    func(ctx context.Context) error { return e.Put(ctx, []search.Document{doc()}) },
		"delete": func(ctx context.Context) error { return e.Delete(ctx, []string{"plc_1"}) },
		"rebuild": func(ctx context.Context) error {
			return e.Rebuild(ctx, func(yield func(search.Document, error) bool) { yield(doc(), nil) })
		},
	} {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		at := time.Now()
		out[name] = call(ctx)
		if took := time.Since(at); took > patience+slack {
			t.Errorf("%s took %v with a deadline of %v", name, took, patience)
		}
		cancel()
	}
	return out
}

func TestOutage(t *testing.T) {
	answer := func(status int, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body)
		}
	}
	for name, handler := range map[string]http.HandlerFunc{
		"500":             answer(500, `{"message":"boom","code":"internal","type":"internal"}`),
		"502 of a proxy":  answer(502, "<html>bad gateway</html>"),
		"503":             answer(503, ""),
		"429":             answer(429, `{}`),
		"wrong key":       answer(403, `{"message":"The provided API key is invalid.","code":"invalid_api_key","type":"auth"}`),
		"no key":          answer(401, `{"message":"missing","code":"missing_authorization_header","type":"auth"}`),
		"something else":  answer(200, "<html>hello</html>"),
		"another program": answer(200, `{"hello":"world"}`),
		"silent":          func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
		"breaks off":      func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"stops in the middle": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "1000")
			_, _ = io.WriteString(w, `{"results":[`)
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		},
	} {
		t.Run(name, func(t *testing.T) {
			// The body is read first: only then does the server notice that the caller has gone.
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(io.Discard, r.Body)
				handler(w, r)
			}))
			defer srv.Close()
			e := engine(t, meili.Options{URL: srv.URL})
			for call, err := range calls(t, e) {
				if name == "another program" && call == "ready" && errs.Has(err, "search_not_built") {
					continue // a document without a version
				}
				if !errs.Has(err, "search_unavailable") || errs.KindOf(err) != errs.Unavailable {
					t.Errorf("%s: %v", call, err)
				}
			}
			if err := e.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestRefusedConnection(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	url := "http://" + l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	for call, err := range calls(t, engine(t, meili.Options{URL: url})) {
		if !errs.Has(err, "search_unavailable") {
			t.Errorf("%s: %v", call, err)
		}
	}
}

// TestNoDeadline checks that a caller without a deadline doesn't wait for ever.
func TestNoDeadline(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
	}))
	defer srv.Close()
	e := engine(t, meili.Options{URL: srv.URL, SearchTimeout: patience, WriteTimeout: patience})
	at := time.Now()
	_, errSearch := e.Search(context.Background(), search.Query{})
	errPut := e.Put(context.Background(), []search.Document{doc()})
	for call, err := range map[string]error{"search": errSearch, "put": errPut} {
		if !errs.Has(err, "search_unavailable") {
			t.Errorf("%s: %v", call, err)
		}
	}
	if took := time.Since(at); took > 2*patience+slack {
		t.Errorf("took %v", took)
	}
}

// fake is as much of the server as a write needs; each task ends as told.
type fake struct {
	mu    sync.Mutex
	state string // of every task
	code  string // of a failed one
	tasks int
	calls []string
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls = append(f.calls, r.Method+" "+r.URL.Path)
	w.Header().Set("Content-Type", "application/json")
	switch {
	case strings.HasPrefix(r.URL.Path, "/tasks/"):
		_, _ = fmt.Fprintf(w, `{"uid":7,"status":%q,"type":"documentAdditionOrUpdate","error":{"message":"secret text","code":%q}}`, f.state, f.code)
	case r.URL.Path == "/multi-search":
		_, _ = io.WriteString(w, `{"results":[{"hits":[],"query":""}]}`)
	default:
		f.tasks++
		w.WriteHeader(http.StatusAccepted)
		_, _ = fmt.Fprintf(w, `{"taskUid":%d,"status":"enqueued"}`, f.tasks)
	}
}

func TestFailedTask(t *testing.T) {
	for _, state := range []string{"failed", "canceled"} {
		srv := httptest.NewServer(&fake{state: state, code: "invalid_document_id"})
		for call, err := range calls(t, engine(t, meili.Options{URL: srv.URL})) {
			switch call {
			case "put", "delete", "rebuild":
				var task *meili.TaskError
				if !errs.Has(err, "search_write_failed") || !errors.As(err, &task) || task.State != state || task.Code != "invalid_document_id" {
					t.Errorf("%s, %s: %v", state, call, err)
				}
				if err != nil && strings.Contains(err.Error(), "secret text") {
					t.Errorf("%s, %s: the error quotes the server: %v", state, call, err)
				}
			}
		}
		srv.Close()
	}
}

// TestTaskThatNeverEnds checks that waiting for a task ends with the deadline.
func TestTaskThatNeverEnds(t *testing.T) {
	f := &fake{state: "processing"}
	srv := httptest.NewServer(f)
	defer srv.Close()
	for call, err := range calls(t, engine(t, meili.Options{URL: srv.URL})) {
		switch call {
		case "put", "delete", "rebuild":
			if !errs.Has(err, "search_unavailable") {
				t.Errorf("%s: %v", call, err)
			}
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.calls) > 100 {
		t.Errorf("%d calls: the waiting is too busy", len(f.calls))
	}
	for _, c := range f.calls {
		if strings.Contains(c, "swap") {
			t.Error("swapped although nothing was built")
		}
	}
}

// TestOneCall checks that a search is one call, and that it doesn't ask for compression.
func TestOneCall(t *testing.T) {
	var mu sync.Mutex
	var requests []*http.Request
	var length int64
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		mu.Lock()
		defer mu.Unlock()
		requests, length = append(requests, r), r.ContentLength
		w.Header().Set("Content-Type", "application/json")
		one := `{"hits":[{"place":"plc_1"}],"totalHits":1,"facetDistribution":{"facet_region":{"350000000":1}}}`
		_, _ = io.WriteString(w, `{"results":[`+one+strings.Repeat(","+one, strings.Count(string(body), `"indexUid"`)-1)+`]}`)
	}))
	defer srv.Close()
	res, err := engine(t, meili.Options{URL: srv.URL, Key: "k"}).Search(context.Background(), search.Query{Text: "токарь караганда",
		Regions: []string{"350000000"}, Levels: []string{"worker"}, Facets: search.Facets()})
	if err != nil || res.Total != 1 || len(requests) != 1 {
		t.Fatalf("%v %v in %d calls", res, err, len(requests))
	}
	r := requests[0]
	if r.Header.Get("Accept-Encoding") != "" || r.Header.Get("Authorization") != "Bearer k" || length <= 0 || len(r.TransferEncoding) > 0 {
		t.Errorf("headers %v, length %d", r.Header, length)
	}
	if _, ok := r.Header["X-Idempotency-Key"]; ok {
		t.Error("the mark for repeats was sent")
	}
}

func TestNew(t *testing.T) {
	for _, name := range []string{"a b", "x/y", "é", strings.Repeat("x", 201)} {
		if _, err := meili.New(searchtest.Lexicon(), meili.Options{URL: "http://127.0.0.1:1", Index: name}); !errs.Has(err, "search_index_name") {
			t.Errorf("%q: %v", name, err)
		}
	}
}
