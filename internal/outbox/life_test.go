package outbox

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/storage"
)

// A local event is handled soon after its commit, without polling for it.
func TestLocalEventsAreFast(t *testing.T) {
	onEngines(t, func(w *world) {
		done := make(chan struct{}, 1)
		b := w.box(Handler{Name: "h", Types: []string{"a.b"}, Run: func(context.Context, Event) error { done <- struct{}{}; return nil }})
		b.Start(w.ctx)
		defer b.Stop(w.ctx) // the test is over
		var all []time.Duration
		for range 20 {
			w.emit(b, "a.b", "sub_1", nil)
			committed := time.Now()
			select {
			case <-done:
			case <-time.After(5 * time.Second):
				w.t.Fatal("not handled")
			}
			all = append(all, time.Since(committed))
		}
		slices.Sort(all)
		w.t.Logf("from commit to handler: median %v, worst %v", all[len(all)/2], all[len(all)-1])
		if all[len(all)/2] > 200*time.Millisecond {
			w.t.Errorf("median %v is as slow as polling", all[len(all)/2])
		}
	})
}

// What another copy emits is noticed by polling.
func TestOthersEventsAreNoticed(t *testing.T) {
	onEngines(t, func(w *world) {
		var n notes
		worker, emitter := w.box(noting("h", &n, "a.b")), w.box(noting("h", &n, "a.b"))
		worker.Start(w.ctx)
		defer worker.Stop(w.ctx) // the test is over
		w.emit(emitter, "a.b", "sub_1", nil)
		start := time.Now()
		w.eventually("handled", func() bool { return n.len() == 1 })
		if took := time.Since(start); took > 2*time.Second {
			w.t.Errorf("took %v", took)
		}
	})
}

func TestASlowHandlerDoesNotHoldUpOthers(t *testing.T) {
	onEngines(t, func(w *world) {
		var n notes
		hold := make(chan struct{})
		slow := Handler{Name: "slow", Types: []string{"a.b"}, Run: func(context.Context, Event) error { <-hold; return nil }}
		b := w.box(slow, noting("fast", &n, "a.b"))
		b.Start(w.ctx)
		for i := range 3 * perHandler {
			w.emit(b, "a.b", string(rune('a'+i)), nil)
		}
		w.eventually("fast ones handled", func() bool { return n.len() == 3*perHandler })
		close(hold)
		w.must(b.Stop(w.ctx))
	})
}

func TestStopWaitsAndStoresOutcomes(t *testing.T) {
	onEngines(t, func(w *world) {
		began, hold := make(chan struct{}), make(chan struct{})
		b := w.box(Handler{Name: "h", Types: []string{"a.b"}, Run: func(ctx context.Context, _ Event) error {
			close(began)
			<-hold
			return ctx.Err()
		}})
		ctx, cancel := context.WithCancel(w.ctx)
		b.Start(ctx)
		w.emit(b, "a.b", "sub_1", nil)
		<-began
		w.emit(b, "a.b", "sub_1", nil) // stays in line
		cancel()                       // as a signal does; the handler isn't broken off
		stopped := make(chan error, 2)
		go func() { stopped <- b.Stop(w.ctx) }()
		go func() { stopped <- b.Stop(w.ctx) }()
		select {
		case err := <-stopped:
			w.t.Fatalf("Stop didn't wait: %v", err)
		case <-time.After(50 * time.Millisecond):
		}
		close(hold)
		w.must(<-stopped)
		w.must(<-stopped)
		w.must(b.Stop(w.ctx)) // and after the end
		for state, want := range map[State]int{Delivered: 1, Waiting: 1, InProgress: 0} {
			page, err := b.List(w.ctx, Filter{State: state}, storage.Cursor{}, 0)
			w.must(err)
			if len(page.Items) != want {
				w.t.Errorf("%d deliveries %s, want %d", len(page.Items), state, want)
			}
		}
	})
}

// Stop that runs out of time ends the handlers' contexts; what they broke off goes back in line and its attempt doesn't count.
func TestStopInAHurry(t *testing.T) {
	onEngines(t, func(w *world) {
		began := make(chan struct{})
		b := w.box(Handler{Name: "h", Types: []string{"a.b"}, Run: func(ctx context.Context, _ Event) error {
			close(began)
			<-ctx.Done()
			return ctx.Err()
		}})
		b.Start(w.ctx)
		w.emit(b, "a.b", "sub_1", nil)
		<-began
		hurry, cancel := context.WithCancel(w.ctx)
		cancel()
		w.must(b.Stop(hurry))
		if d := w.only(b); d.State != Waiting || d.Attempts != 0 || d.ErrorCode != "" {
			w.t.Errorf("%+v", d)
		}
		if b.unsettled.Load() != 0 {
			w.t.Error("unsettled deliveries are counted wrong")
		}
	})
}

// A handler that ignores its context doesn't keep the program from ending.
func TestStopOfAStuckHandler(t *testing.T) {
	onEngines(t, func(w *world) {
		began, hold := make(chan struct{}), make(chan struct{})
		defer close(hold)
		b := w.box(Handler{Name: "h", Types: []string{"a.b"}, Run: func(context.Context, Event) error {
			close(began)
			<-hold
			return nil
		}})
		b.Start(w.ctx)
		w.emit(b, "a.b", "sub_1", nil)
		<-began
		hurry, cancel := context.WithCancel(w.ctx)
		cancel()
		w.must(b.Stop(hurry))
		if d := w.only(b); d.State != InProgress {
			w.t.Errorf("state %s: it waits for the end of its lease", d.State)
		}
	})
}

func TestLifeAroundTheEdges(t *testing.T) {
	onEngines(t, func(w *world) {
		var n notes
		b := w.box(noting("h", &n, "a.b"))
		w.must(b.Stop(w.ctx)) // never started
		b.Start(w.ctx)
		b.Start(w.ctx) // only logs
		w.must(b.Stop(w.ctx))
		w.emit(b, "a.b", "sub_1", nil)
		w.must(b.Drain(w.ctx))
		if n.len() != 1 {
			w.t.Error("Drain after Stop did nothing")
		}
		w.must(w.db.Close(w.ctx))
		if err := b.Drain(w.ctx); err == nil {
			w.t.Error("Drain on a closed store says nothing")
		}
		if err := b.RunJobs(w.ctx, w.clocks.now()); err == nil {
			w.t.Error("RunJobs on a closed store says nothing")
		}
		w.must(b.Stop(w.ctx))
	})
}

// A store that goes away while the program runs doesn't hang Stop.
func TestStopAfterTheStoreIsGone(t *testing.T) {
	onEngines(t, func(w *world) {
		var n notes
		b := w.box(noting("h", &n, "a.b"))
		b.Tail("t", []string{"a.b"}, func(context.Context, Event) error { return nil })
		b.Start(w.ctx)
		w.eventually("the first jobs are over", func() bool { // a transaction that Close cuts off would stay open on the server
			state, err := b.jobs.Get(w.ctx, "outbox.prune")
			return err == nil && state.Until.IsZero() && !state.Next.IsZero()
		})
		w.must(w.db.Close(w.ctx))
		ctx, cancel := context.WithTimeout(w.ctx, 5*time.Second)
		defer cancel()
		w.must(b.Stop(ctx))
	})
}

// Drain beside a running dispatcher returns when both have nothing left.
func TestDrainBesideTheDispatcher(t *testing.T) {
	onEngines(t, func(w *world) {
		var n notes
		var chained atomic.Int64
		var b *Box
		b = w.box(noting("h", &n, "a.b"), Handler{Name: "chain", Types: []string{"a.b"}, Run: func(ctx context.Context, ev Event) error {
			return w.db.Tx(ctx, func(ctx context.Context) error { return b.Emit(ctx, "a.c", ev.Subject, nil) })
		}}, Handler{Name: "end", Types: []string{"a.c"}, Run: func(context.Context, Event) error { chained.Add(1); return nil }})
		b.Start(w.ctx)
		for i := range 20 {
			w.emit(b, "a.b", string(rune('a'+i)), nil)
		}
		w.must(b.Drain(w.ctx))
		if n.len() != 20 || chained.Load() != 20 {
			w.t.Errorf("%d and %d of 20 handled when Drain returned", n.len(), chained.Load())
		}
		w.must(b.Stop(w.ctx))
	})
}

func TestTailSeesEverythingOnce(t *testing.T) {
	onEngines(t, func(w *world) {
		var one, two notes
		first, second := w.box(), w.box()
		w.emit(first, "a.b", "early", nil) // before Tail: may come, and does within the window
		first.Tail("t", []string{"a.b", "a.c"}, func(_ context.Context, ev Event) error { one.add(ev.Subject); return nil })
		second.Tail("t", []string{"a.b"}, func(_ context.Context, ev Event) error { two.add(ev.Subject); return nil })
		first.Start(w.ctx)
		second.Start(w.ctx)
		w.emit(first, "a.b", "x", nil)
		w.emit(second, "a.c", "y", nil)
		w.emit(second, "a.d", "never", nil)
		w.eventually("both saw theirs", func() bool { return one.len() >= 3 && two.len() >= 2 })
		w.must(first.Drain(w.ctx)) // looks at the longest window again
		w.must(second.Drain(w.ctx))
		w.must(first.Stop(w.ctx))
		w.must(second.Stop(w.ctx))
		if got := one.all(); !slices.Equal(got, []string{"early", "x", "y"}) {
			w.t.Errorf("first saw %v", got)
		}
		if got := two.all(); !slices.Equal(got, []string{"early", "x"}) {
			w.t.Errorf("second saw %v", got)
		}
	})
}

// An event whose commit came long after its Emit is found by a longer window.
func TestTailFindsLateCommits(t *testing.T) {
	onEngines(t, func(w *world) {
		var n notes
		b := w.box()
		b.Tail("t", []string{"a.b"}, func(_ context.Context, ev Event) error { n.add(ev.Subject); return nil })
		look := func() {
			w.t.Helper()
			_, err := b.tails[0].look(w.ctx, nil, false)
			w.must(err)
		}
		insert := func(subject string, ago time.Duration) {
			w.t.Helper()
			ev := Event{ID: "evt_" + subject, Type: "a.b", Subject: subject, At: w.clocks.now()}
			w.must(b.events.Insert(w.ctx, &storedEvent{ID: ev.ID, Event: ev, Recorded: b.realNow().Add(-ago)}))
		}
		look()
		w.clocks.advanceReal(2 * time.Second)
		look()
		insert("late", 4*time.Second)
		insert("later", 40*time.Second)
		look()
		if n.len() != 0 {
			w.t.Fatalf("the short window saw %v", n.all())
		}
		w.clocks.advanceReal(4 * time.Second)
		look()
		if got := n.all(); !slices.Equal(got, []string{"late"}) {
			w.t.Fatalf("the middle window saw %v", got)
		}
		w.clocks.advanceReal(30 * time.Second)
		look()
		if got := n.all(); !slices.Equal(got, []string{"late", "later"}) {
			w.t.Fatalf("the long window saw %v", got)
		}
		for range 10 {
			w.clocks.advanceReal(30 * time.Second)
			look()
		}
		if n.len() != 2 || len(b.tails[0].seen) != 0 {
			w.t.Errorf("saw %v; still remembers %d", n.all(), len(b.tails[0].seen))
		}
	})
}

func TestTailTriesAgain(t *testing.T) {
	onEngines(t, func(w *world) {
		var n notes
		fails := 2
		b := w.box()
		b.Tail("t", []string{"a.b"}, func(_ context.Context, ev Event) error {
			if ev.Subject == "bad" && fails > 0 {
				if fails--; fails == 0 {
					panic("no map")
				}
				return errs.New(errs.Unavailable, "busy")
			}
			n.add(ev.Subject)
			return nil
		})
		w.emit(b, "a.b", "bad", nil)
		w.emit(b, "a.b", "good", nil)
		if err := b.Drain(w.ctx); !errs.Has(err, "busy") {
			w.t.Errorf("Drain says %v", err)
		}
		var p *panicked
		if err := b.Drain(w.ctx); !errors.As(err, &p) {
			w.t.Errorf("Drain says %v", err)
		}
		if _, err := b.tails[0].look(w.ctx, nil, false); err != nil || n.len() != 1 {
			w.t.Errorf("tried again without a pause: %v %v", err, n.all())
		}
		w.clocks.advanceReal(time.Second)
		if _, err := b.tails[0].look(w.ctx, nil, false); err != nil {
			w.t.Error(err)
		}
		if got := n.all(); !slices.Equal(got, []string{"good", "bad"}) || len(b.tails[0].failing) != 0 {
			w.t.Errorf("saw %v", got)
		}
	})
}
