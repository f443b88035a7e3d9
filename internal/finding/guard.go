package finding

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/search"
)

const (
	// patience is how long a question waits for the engine.
	patience = 1500 * time.Millisecond
	// rest is how long an engine that didn't answer isn't asked.
	rest = 2 * time.Second
)

// guard stands before the engine, so that one which doesn't answer is waited for by few: after an outage no question reaches it for a while, then one
// tries it, and when that is answered all may ask again.
type guard struct {
	engine search.Engine
	log    *slog.Logger
	now    func() time.Time

	mu     sync.Mutex
	until  time.Time // when it may be tried again; zero while it answers
	trying bool      // one question is on its way to find out
}

// search asks the engine. Unavailable search_unavailable or search_not_built when it doesn't answer.
func (g *guard) search(ctx context.Context, q search.Query) (found *search.Result, err error) {
	err = g.ask(ctx, func(ctx context.Context) error { found, err = g.engine.Search(ctx, q); return err })
	return found, err
}

// suggest asks the engine. The errors are those of search.
func (g *guard) suggest(ctx context.Context, q search.SuggestQuery) (found search.Suggestions, err error) {
	err = g.ask(ctx, func(ctx context.Context) error { found, err = g.engine.Suggest(ctx, q); return err })
	return found, err
}

func (g *guard) ask(ctx context.Context, call func(ctx context.Context) error) error {
	tries, err := g.enter()
	if err != nil {
		return err
	}
	answered := false
	defer func() { g.leave(ctx, tries, answered) }()
	patient, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	err = call(patient)
	// Who goes away before the answer says nothing about the engine.
	answered = !outage(err) || ctx.Err() != nil
	return err
}

// enter lets a question through, or not; tries says that it is the one that finds out.
func (g *guard) enter() (tries bool, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.until.IsZero() {
		return false, nil
	}
	if g.trying || g.now().Before(g.until) {
		return false, errs.New(errs.Unavailable, "search_unavailable")
	}
	g.trying = true
	return true, nil
}

func (g *guard) leave(ctx context.Context, tried, answered bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if tried {
		g.trying = false
	}
	switch {
	case !answered:
		if g.until.IsZero() {
			g.log.WarnContext(ctx, "the search engine doesn't answer; questions are answered from the store", "engine", g.engine.Name())
		}
		g.until = g.now().Add(rest)
	case tried && ctx.Err() == nil:
		g.log.InfoContext(ctx, "the search engine answers again", "engine", g.engine.Name())
		g.until = time.Time{}
	}
}

// outage reports whether an error means that the engine can't answer now.
func outage(err error) bool { return err != nil && errs.KindOf(err) == errs.Unavailable }
