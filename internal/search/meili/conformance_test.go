package meili_test

import (
	"context"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"gopkg.in/dnaeon/go-vcr.v4/pkg/cassette"
	"gopkg.in/dnaeon/go-vcr.v4/pkg/recorder"

	"github.com/orynda/orynda/internal/search"
	"github.com/orynda/orynda/internal/search/meili"
	"github.com/orynda/orynda/internal/search/searchtest"
)

var record = flag.Bool("record", false, "record the exchanges anew with the server at ORYNDA_TEST_MEILISEARCH_URL")

// server gives the address and key of a real server for tests.
func server() (url, key string) {
	return strings.TrimSuffix(os.Getenv("ORYNDA_TEST_MEILISEARCH_URL"), "/"), os.Getenv("ORYNDA_TEST_MEILISEARCH_KEY")
}

// TestConformance runs the whole suite against a real server, each test on an index of its own that is deleted afterwards.
func TestConformance(t *testing.T) {
	url, key := server()
	if url == "" {
		t.Log("NOT RUN: the suite against a real Meilisearch. Set ORYNDA_TEST_MEILISEARCH_URL (and _KEY) to run it; " +
			"TestRecorded has run its sequential part on recorded exchanges.")
		fmt.Fprintln(os.Stderr, "meili: ORYNDA_TEST_MEILISEARCH_URL is not set: the suite was NOT run against a real Meilisearch")
		t.Skip("no Meilisearch server")
	}
	var n atomic.Int64
	searchtest.Run(t, func(t *testing.T) search.Engine {
		name := fmt.Sprintf("test_%d_%d", time.Now().UnixNano(), n.Add(1))
		t.Cleanup(func() { drop(t, url, key, name, nil) })
		return engine(t, meili.Options{URL: url, Key: key, Index: name})
	}, searchtest.Options{})
}

func engine(t *testing.T, o meili.Options) *meili.Engine {
	t.Helper()
	e, err := meili.New(searchtest.Lexicon(), o)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// drop deletes what an engine has on a server.
func drop(t *testing.T, url, key, name string, via http.RoundTripper) {
	t.Helper()
	for _, index := range []string{name, name + "_next", name + "_meta", name + "_words", name + "_words_next"} {
		req, err := http.NewRequestWithContext(context.Background(), http.MethodDelete, url+"/indexes/"+index, nil)
		if err != nil {
			t.Fatal(err)
		}
		if key != "" {
			req.Header.Set("Authorization", "Bearer "+key)
		}
		res, err := (&http.Client{Transport: via}).Do(req)
		if err != nil {
			t.Errorf("cleaning up: %v", err)
			return
		}
		_ = res.Body.Close()
	}
}

// recordedHost stands for the server in the recordings.
const recordedHost = "http://meilisearch.invalid"

// TestRecorded runs the part of the suite that is one call after the other on exchanges recorded with a real server. Record them anew with
//
//	ORYNDA_TEST_MEILISEARCH_URL=http://127.0.0.1:7700 go test ./internal/search/meili -run TestRecorded -record
func TestRecorded(t *testing.T) {
	url, key := server()
	mode := recorder.ModeReplayOnly
	if *record {
		if url == "" {
			t.Fatal("recording needs a server: set ORYNDA_TEST_MEILISEARCH_URL")
		}
		mode = recorder.ModeRecordOnly
		old, err := filepath.Glob("testdata/*.yaml")
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range old {
			if err := os.Remove(f); err != nil {
				t.Fatal(err)
			}
		}
	} else {
		url, key = recordedHost, ""
	}
	var n int
	searchtest.Run(t, func(t *testing.T) search.Engine {
		n++
		name := fmt.Sprintf("recorded_%02d", n)
		rec := tape(t, filepath.Join("testdata", name), mode)
		if *record {
			drop(t, url, key, name, nil)
			t.Cleanup(func() { drop(t, url, key, name, nil) })
		}
		return engine(t, meili.Options{URL: url, Key: key, Index: name, Transport: rec})
	}, searchtest.Options{Sequential: true})
}

// tape records or replays. What names the server or lets one in stays out of the recording; requests must be the same in method, path, query
// and body, and each recorded exchange is played once, in order.
func tape(t *testing.T, file string, mode recorder.Mode) *recorder.Recorder {
	t.Helper()
	rec, err := recorder.New(file, recorder.WithMode(mode), recorder.WithRealTransport(meili.Transport()), recorder.WithSkipRequestLatency(true),
		recorder.WithMatcher(matches), recorder.WithHook(strip, recorder.BeforeSaveHook))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := rec.Stop(); err != nil {
			t.Errorf("recording: %v", err)
		}
	})
	return rec
}

func strip(i *cassette.Interaction) error {
	i.Request.Headers, i.Request.Host, i.Request.RemoteAddr, i.Request.Form = nil, "", "", nil
	_, path, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(i.Request.URL, "http://"), "https://"), "/")
	i.Request.URL = recordedHost + "/" + path
	i.Response.Headers = http.Header{"Content-Type": i.Response.Headers.Values("Content-Type")}
	i.Response.Duration = 0
	return nil
}

func matches(req *http.Request, rec cassette.Request) bool {
	if req.Method != rec.Method || recordedHost+req.URL.RequestURI() != rec.URL {
		return false
	}
	if req.GetBody == nil { // steady gives one to every request with a body
		return rec.Body == ""
	}
	body, err := req.GetBody()
	if err != nil {
		return false
	}
	data, err := io.ReadAll(body)
	return err == nil && string(data) == rec.Body
}
