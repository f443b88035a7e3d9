package finding

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/search"
)

// moody is an engine that answers as it is told.
type moody struct {
	search.Engine
	asked atomic.Int32
	does  func(ctx context.Context) error
}

func (m *moody) Name() string { return "moody" }

func (m *moody) Search(ctx context.Context, _ search.Query) (*search.Result, error) {
	m.asked.Add(1)
	return &search.Result{}, m.does(ctx)
}

func down(context.Context) error { return errs.New(errs.Unavailable, "search_unavailable") }
func up(context.Context) error   { return nil }
func slow(ctx context.Context) error {
	<-ctx.Done()
	return errs.New(errs.Unavailable, "search_unavailable")
}

func guarded(does func(ctx context.Context) error) (*guard, *moody, *time.Time) {
	m, now := &moody{does: does}, time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	return &guard{engine: m, log: slog.New(slog.DiscardHandler), now: func() time.Time { return now }}, m, &now
}

func TestGuardRestsAndRecovers(t *testing.T) {
	g, m, now := guarded(down)
	ask := func() error { _, err := g.search(t.Context(), search.Query{}); return err }
	for range 50 {
		if err := ask(); !errs.Has(err, "search_unavailable") {
			t.Fatal(err)
		}
	}
	if n := m.asked.Load(); n != 1 {
		t.Errorf("an engine that is down was asked %d times", n)
	}
	*now = now.Add(rest)
	if err := ask(); err == nil || m.asked.Load() != 2 {
		t.Errorf("after a rest it is tried: %v, %d", err, m.asked.Load())
	}
	if err := ask(); err == nil || m.asked.Load() != 2 {
		t.Errorf("after a trial that failed it rests again: %v, %d", err, m.asked.Load())
	}
	m.does = up
	*now = now.Add(rest)
	for range 10 {
		if err := ask(); err != nil {
			t.Errorf("it answers again, but %v", err)
		}
	}
}

// One question at a time finds out whether the engine answers again.
func TestGuardTriesOnce(t *testing.T) {
	g, m, now := guarded(down)
	_, _ = g.search(t.Context(), search.Query{})
	*now = now.Add(rest)
	m.asked.Store(0)
	hold := make(chan struct{})
	m.does = func(context.Context) error { <-hold; return nil }
	var all sync.WaitGroup
	var refused atomic.Int32
	for range 40 {
		all.Go(func() {
			if _, err := g.search(t.Context(), search.Query{}); err != nil && refused.Add(1) == 39 {
				close(hold)
			}
		})
	}
	all.Wait()
	if m.asked.Load() != 1 || refused.Load() != 39 {
		t.Errorf("%d asked, %d refused; want one to try and the others not to wait", m.asked.Load(), refused.Load())
	}
}

func TestGuardIsImpatient(t *testing.T) {
	g, _, _ := guarded(slow)
	at := time.Now()
	_, err := g.search(t.Context(), search.Query{})
	if took := time.Since(at); !errs.Has(err, "search_unavailable") || took < patience || took > patience+2*time.Second {
		t.Errorf("%v after %v", err, took)
	}
	if _, err := g.search(t.Context(), search.Query{}); err == nil || time.Since(at) > 2*patience {
		t.Error("the next question waits for a slow engine too")
	}
}

// A reader who goes away says nothing about the engine, and neither does a question that it refuses.
func TestGuardBlamesTheEngineOnly(t *testing.T) {
	g, m, now := guarded(slow)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	_, _ = g.search(gone, search.Query{})
	m.does = func(context.Context) error { return errs.New(errs.Invalid, "bad_request") }
	if _, err := g.search(t.Context(), search.Query{}); !errs.Has(err, "bad_request") {
		t.Error(err)
	}
	m.does = up
	if _, err := g.search(t.Context(), search.Query{}); err != nil || m.asked.Load() != 3 {
		t.Errorf("%v, %d", err, m.asked.Load())
	}
	m.does = down
	_, _ = g.search(t.Context(), search.Query{})
	*now = now.Add(rest)
	m.does = slow
	_, _ = g.search(gone, search.Query{}) // the one who tried has gone: the next tries
	m.does = up
	if _, err := g.search(t.Context(), search.Query{}); err != nil {
		t.Error(err)
	}
}
