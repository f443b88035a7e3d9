// Package searchtest is the conformance suite of search engines: what it demands is what package search promises. Every engine passes all of
// it; answers are compared with those of a plain look at every place.
package searchtest

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/search"
)

// Options tell the suite what an engine under test can't do here.
type Options struct {
	// Sequential leaves out the tests that run several calls at once: a recording has one order.
	Sequential bool
}

// Open makes an empty engine for one test; it is closed by the suite. Each call must give another index.
type Open func(t *testing.T) search.Engine

// CorpusSize is the number of places most tests run on.
const CorpusSize = 200

// Run runs the suite.
func Run(t *testing.T, open Open, o Options) {
	t.Run("reading", func(t *testing.T) {
		s := start(t, open, Corpus(CorpusSize))
		t.Run("words", s.words)
		t.Run("prefix", s.prefix)
		t.Run("relevance", s.relevance)
		t.Run("fallback", s.fallback)
		t.Run("filters", s.filters)
		t.Run("facets", s.facets)
		t.Run("sorts", s.sorts)
		t.Run("paging", s.paging)
		t.Run("distance", s.distance)
		t.Run("full", s.full)
		t.Run("references", s.references)
		t.Run("suggestions", s.suggestions)
		t.Run("bad input", s.badInput)
		t.Run("deadline", s.deadline)
	})
	t.Run("folding", func(t *testing.T) { folding(t, open) })
	t.Run("visibility", func(t *testing.T) { visibility(t, open) })
	t.Run("several workplaces", func(t *testing.T) { severalWorkplaces(t, open) })
	t.Run("edges", func(t *testing.T) { edges(t, open) })
	t.Run("rebuild", func(t *testing.T) { rebuild(t, open) })
	if o.Sequential {
		return
	}
	t.Run("rebuild while searching and writing", func(t *testing.T) { rebuildBusy(t, open) })
	t.Run("parallel", func(t *testing.T) { parallel(t, open) })
}

// suite is an engine with the places that are in it.
type suite struct {
	e search.Engine
	o *oracle
}

func start(t *testing.T, open Open, docs []search.Document) *suite {
	t.Helper()
	e := open(t)
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	must(t, e.Rebuild(limit(t), seq(docs)))
	return &suite{e: e, o: newOracle(docs)}
}

// limit is a context that no test should need to the end.
func limit(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
	t.Cleanup(cancel)
	return ctx
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("unexpected error: %v", err)
	}
}

func seq(docs []search.Document) iter.Seq2[search.Document, error] {
	return func(yield func(search.Document, error) bool) {
		for _, d := range docs {
			if !yield(d, nil) {
				return
			}
		}
	}
}

// broken gives some documents, then an error.
func broken(docs []search.Document, err error) iter.Seq2[search.Document, error] {
	return func(yield func(search.Document, error) bool) {
		for _, d := range docs {
			if !yield(d, nil) {
				return
			}
		}
		yield(search.Document{}, err)
	}
}

var errBroken = errors.New("the store broke off")

func (s *suite) search(t *testing.T, q search.Query) *search.Result {
	t.Helper()
	res, err := s.e.Search(limit(t), q)
	if err != nil {
		t.Fatalf("%s: %v", show(q), err)
	}
	if res.Hits == nil {
		t.Errorf("%s: hits are nil", show(q))
	}
	return res
}

// all walks every page and checks what holds for any question: pages don't overlap, none is short but the last, the total is true, and
// page and size are repeated.
func (s *suite) all(t *testing.T, q search.Query) ([]search.Hit, *search.Result) {
	t.Helper()
	q.PerPage = max(q.PerPage, search.DefaultPerPage)
	var hits []search.Hit
	seen := map[string]bool{}
	for q.Page = 1; ; q.Page++ {
		res := s.search(t, q)
		if res.Page != q.Page || res.PerPage != q.PerPage {
			t.Errorf("%s: answered as page %d of %d", show(q), res.Page, res.PerPage)
		}
		if want := min(q.PerPage, max(0, res.Total-len(hits))); len(res.Hits) != want {
			t.Fatalf("%s: page %d has %d hits, want %d of %d", show(q), q.Page, len(res.Hits), want, res.Total)
		}
		for _, h := range res.Hits {
			if seen[h.ID] {
				t.Errorf("%s: %s stands on two pages", show(q), h.ID)
			}
			seen[h.ID] = true
		}
		if hits = append(hits, res.Hits...); len(hits) >= res.Total {
			return hits, res
		}
	}
}

// check compares a question's whole answer with the oracle's.
func (s *suite) check(t *testing.T, q search.Query) []search.Hit {
	t.Helper()
	q.PerPage = search.MaxPerPage
	want, reading := s.o.ids(q)
	hits, res := s.all(t, q)
	if got := idsOf(hits); !slices.Equal(slices.Sorted(slices.Values(got)), want) {
		t.Errorf("%s: found %d places, want %d\nmissing %v\ntoo many %v", show(q), len(got), len(want), minus(want, got), minus(got, want))
	}
	if got := res.Reading; !reflect.DeepEqual(got, reading) {
		t.Errorf("%s: read as\n%+v, want\n%+v", show(q), got, reading)
	}
	for _, f := range q.Facets {
		if want := s.o.facet(q, &reading, f); !slices.Equal(res.Facets[f], want) {
			t.Errorf("%s: facet %s\n got %v\nwant %v", show(q), f, res.Facets[f], want)
		}
	}
	if len(res.Facets) != len(q.Facets) {
		t.Errorf("%s: %d facets, asked for %d", show(q), len(res.Facets), len(q.Facets))
	}
	for _, sum := range q.Seats {
		if want := s.o.seats(want, sum); !slices.Equal(res.Seats[sum], want) {
			t.Errorf("%s: seats by %s\n got %v\nwant %v", show(q), sum, res.Seats[sum], want)
		}
	}
	if len(res.Seats) != len(q.Seats) {
		t.Errorf("%s: %d sums, asked for %d", show(q), len(res.Seats), len(q.Seats))
	}
	return hits
}

func idsOf(hits []search.Hit) []string {
	out := make([]string, 0, len(hits))
	for _, h := range hits {
		out = append(out, h.ID)
	}
	return out
}

func minus(a, b []string) []string {
	var out []string
	for _, x := range a {
		if !slices.Contains(b, x) {
			out = append(out, x)
		}
	}
	return out
}

// show prints a question without its empty fields.
func show(q search.Query) string {
	if q.Paid != nil || q.Dormitory != nil || q.Under18 != nil || q.Near != nil {
		return fmt.Sprintf("%+v (paid %v dormitory %v under 18 %v near %v)", q, value(q.Paid), value(q.Dormitory), value(q.Under18), value(q.Near))
	}
	return fmt.Sprintf("%+v", q)
}

func value[T any](p *T) any {
	if p == nil {
		return "-"
	}
	return *p
}

func ptr[T any](v T) *T { return &v }
