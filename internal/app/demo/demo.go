// Package demo makes the demo world: invented organisations and people, training places worded as real enterprises of each region word them, and one
// agreement in each state, so that the whole chain can be walked in one sitting.
//
// # Contract
//
//   - [Seed] makes the world once. Each step is stored when it is done, so a seeding that was broken off goes on where it stopped, and a finished one
//     does nothing. [TopUp] keeps what the demo promises while its clock moves: free places of the demo enterprises and interview times on every weekday.
//   - The accounts have the password [Password]. Organisations are marked as invented, every BIN and IIN is synthetic.
//   - Everything goes through the services of the domains, so what is stored is what people could have done.
//
// # Limits
//
// Only one program may seed a database at a time, and nothing else may run beside a Seed that has [Deps].Rewind: it moves the clock. Places of the
// corpus emit no events when they are first made, so the search index is built after Seed.
package demo

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/agreements"
	"github.com/orynda/orynda/internal/app/demo/corpus"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/interviews"
	"github.com/orynda/orynda/internal/outbox"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/secrets"
	"github.com/orynda/orynda/internal/selection"
	"github.com/orynda/orynda/internal/storage"
)

// Password is that of every demo account.
const Password = "orynda-demo" //nolint:gosec // it is public on purpose: the README prints it

// DefaultPlaces is how many invented places there are unless it is said.
const DefaultPlaces = 300

// Deps is what the demo works with.
type Deps struct {
	DB         storage.Engine
	Clock      cal.Clock
	Ring       *secrets.Ring
	Accounts   *accounts.Service
	Directory  *directory.Service
	Placements *placements.Service
	Selection  *selection.Service
	Interviews *interviews.Service
	Agreements *agreements.Service
	Reference  *directory.Reference
	Log        *slog.Logger
	// Rewind sets Clock back by a length of time, 0 sets it right again. The agreements need it: an interview comes before the offer, and what is completed
	// began in the past. Without it they are left out, and made by a later Seed that has it.
	Rewind func(by time.Duration)
}

// Options is what a world may differ in.
type Options struct {
	Places   int    // invented places beside those of the demo accounts; 0 is DefaultPlaces
	Seed     uint64 // the same seed makes the same organisations and places
	Progress func(step string, done, total int)
}

// world is one run on one database.
type world struct {
	Deps
	state  *state
	refs   *refs
	corpus *corpus.Corpus
	report func(step string, done, total int)
	past   *past
	mails  *outbox.Box // to read the codes and links that were mailed; it runs nothing
}

// step is one part of the seeding; a step is done as a whole or repeated.
type step struct {
	name string
	run  func(ctx context.Context) error
}

// Seed makes the world where it isn't there yet. It returns the first error; calling it again goes on after the last finished step. Places and Seed of a
// world that was begun stay as they were.
func Seed(ctx context.Context, d Deps, o Options) error {
	w, err := open(ctx, d, &o)
	if err != nil || w.state.Complete {
		return err
	}
	defer w.past.present()
	steps := []step{
		{"chambers", w.seedChambers}, {"colleges", w.seedColleges}, {"accounts", w.seedPeople}, {"enterprises", w.seedEnterprises},
		{"new enterprise", w.seedNewEnterprise}, {"rosters", w.seedRosters}, {"guardian", w.seedGuardian}, {"places", w.seedPlaces},
		{"demo places", w.seedOwnPlaces}, {"agreements", w.seedAgreements},
	}
	for i, s := range steps {
		if err := ctx.Err(); err != nil {
			return err
		}
		if w.state.did(s.name) {
			continue
		}
		w.report(s.name, i, len(steps))
		if err := s.run(ctx); err != nil {
			return fmt.Errorf("demo: %s: %w", s.name, err)
		}
	}
	return w.finish(ctx, len(steps))
}

// open reads how far the world is; o is nil where it must be there already.
func open(ctx context.Context, d Deps, o *Options) (*world, error) {
	w := &world{Deps: d, report: func(string, int, int) {}, mails: outbox.New(d.DB, d.Clock, d.Log)}
	w.past = &past{clock: d.Clock, rewind: d.Rewind}
	if o != nil && o.Progress != nil {
		w.report = o.Progress
	}
	if err := storage.Ensure(ctx, d.DB, stateSpec(), refSpec()); err != nil {
		return nil, err
	}
	var err error
	if w.state, err = readState(ctx, d.DB, o, cal.DayOf(d.Clock.Now())); err != nil {
		return nil, err
	}
	if w.refs, err = readRefs(ctx, d.DB); err != nil {
		return nil, err
	}
	w.corpus, err = corpus.New(w.state.seed())
	return w, err
}

// tx runs one step in one transaction that also marks it as done.
func (w *world) tx(ctx context.Context, name string, fn func(ctx context.Context) error) error {
	err := w.DB.Tx(ctx, func(ctx context.Context) error {
		w.refs.forget()
		if err := fn(ctx); err != nil {
			return err
		}
		if err := w.refs.save(ctx); err != nil {
			return err
		}
		return w.state.note(ctx, w.DB, func(s *state) { s.done(name) })
	})
	if err != nil {
		w.refs.forget()
		return err
	}
	w.refs.keep()
	return nil
}

// finish marks the world as complete, unless a step was left out.
func (w *world) finish(ctx context.Context, steps int) error {
	w.report("done", steps, steps)
	if len(w.state.Done) < steps {
		return nil
	}
	return w.DB.Tx(ctx, func(ctx context.Context) error {
		return w.state.note(ctx, w.DB, func(s *state) { s.Complete = true })
	})
}

// system is the actor of imports.
func system() accounts.Actor { return accounts.SystemActor("demo") }

func (w *world) today() cal.Day { return cal.DayOf(w.Clock.Now()) }
