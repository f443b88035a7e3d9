package app

import (
	"context"
	"time"

	"github.com/orynda/orynda/internal/app/demo"
)

// DemoOptions is what the demo may be told.
type DemoOptions struct {
	Options
	Places   int    // invented places beside those of the demo accounts
	Seed     uint64 // the same seed makes the same places
	Progress func(step string, done, total int)
}

// StartDemo makes the demo world where it isn't there yet, tops it up and starts the program on it.
func StartDemo(ctx context.Context, cfg Config, opt DemoOptions) (*App, error) {
	opt.Demo = true
	a, err := New(ctx, cfg, opt.Options)
	if err != nil {
		return nil, err
	}
	report := opt.Progress
	if report == nil {
		report = func(string, int, int) {}
	}
	err = demo.Seed(ctx, a.demoDeps(), demo.Options{Places: opt.Places, Seed: opt.Seed, Progress: report})
	// The world's places came without events, and a server's index may be of another world, so it is made of the store. A server without an index gets one
	// in what follows: the job that watches it asks by itself.
	stale := err == nil && a.embedded == nil && a.engine.Ready(ctx) == nil
	if err == nil { // what the making of the world left to do is done before anybody looks
		err = a.settleDemo(ctx)
	}
	if err == nil && stale {
		_, _, err = a.indexing.Ask(ctx)
	}
	if err == nil {
		err = a.Start(ctx, func(done int) {
			if done%1000 == 0 {
				report("search index", done, 0)
			}
		})
	}
	if err != nil {
		_ = a.Stop(context.WithoutCancel(ctx)) // the first error is the one to tell
		return nil, err
	}
	return a, nil
}

func (a *App) demoDeps() demo.Deps {
	return demo.Deps{
		DB: a.db, Clock: a.clock, Ring: a.ring, Accounts: a.accounts, Directory: a.directory, Placements: a.placements, Selection: a.selection,
		Interviews: a.interviews, Agreements: a.agreements, Reference: a.reference, Log: a.log, Rewind: a.rewind(),
	}
}

// rewind is how the world's history is made; nil where the clock isn't the demo's own.
func (a *App) rewind() func(time.Duration) {
	if a.demoClock == nil {
		return nil
	}
	return a.demoClock.rewind
}

// settleDemo writes what was searched for, carries out what the moved clock has made due, delivers what follows from it, and tops the world up.
func (a *App) settleDemo(ctx context.Context) error {
	a.asking.Flush(ctx)
	if err := a.box.RunJobs(ctx, a.clock.Now()); err != nil {
		return err
	}
	if err := a.box.Drain(ctx); err != nil {
		return err
	}
	return demo.TopUp(ctx, a.demoDeps())
}
