package outbox

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"
)

// Two copies take at once: one gets the delivery.
func TestOneOfManyTakersGetsIt(t *testing.T) {
	const parallel = 40
	onEngines(t, func(w *world) {
		var n notes
		h := noting("h", &n, "a.b")
		w.emit(w.box(h), "a.b", "sub_1", nil)
		var all sync.WaitGroup
		taken := make([]int, parallel)
		failed := make([]error, parallel)
		for i := range parallel {
			b := w.box(h)
			all.Go(func() {
				got, err := b.claim(w.ctx, b.allFree(perHandler), true)
				taken[i], failed[i] = len(got), err
			})
		}
		all.Wait()
		sum := 0
		for i := range parallel {
			w.must(failed[i])
			sum += taken[i]
		}
		if sum != 1 {
			w.t.Errorf("%d takers", sum)
		}
	})
}

func TestAStaleFenceIsRefused(t *testing.T) {
	onEngines(t, func(w *world) {
		var n notes
		h := noting("h", &n, "a.b")
		paused, other := w.box(h), w.box(h)
		w.emit(paused, "a.b", "sub_1", nil)
		first := w.takeAll(paused)
		if len(first) != 1 || first[0].Fence != 1 {
			w.t.Fatalf("taken %+v", first)
		}
		if again := w.takeAll(other); len(again) != 0 {
			w.t.Fatal("taken while under lease")
		}
		w.clocks.advance(24 * time.Hour) // the business clock ends no lease
		if again := w.takeAll(other); len(again) != 0 {
			w.t.Fatal("taken after moving the business clock")
		}
		w.clocks.advanceReal(defaultTimeout + leaseMargin)
		second := w.takeAll(other)
		if len(second) != 1 || second[0].Fence != 2 || second[0].Attempts != 2 {
			w.t.Fatalf("taken over %+v", second)
		}
		// The paused worker wakes: its outcome doesn't count, whatever it is.
		w.must(paused.settle(w.ctx, []outcome{{d: first[0]}}))
		if d := w.only(other); d.State != InProgress || d.Fence != 2 {
			w.t.Errorf("the stale outcome was stored: %+v", d)
		}
		// Nor can it act any more in the store.
		err := w.db.Tx(w.ctx, func(ctx context.Context) error { return paused.holdDelivery(ctx, first[0]) })
		if !errs.Has(err, codeLeaseLost) {
			w.t.Errorf("a stale hold: %v", err)
		}
		w.must(w.db.Tx(w.ctx, func(ctx context.Context) error { return other.holdDelivery(ctx, second[0]) }))
		w.must(other.settle(w.ctx, []outcome{{d: second[0]}}))
		if d := w.only(other); d.State != Delivered {
			w.t.Errorf("state %s", d.State)
		}
		paused.unsettled.Add(1) // settled twice in this test
		w.must(paused.settle(w.ctx, []outcome{{d: first[0], err: errors.New("late")}}))
		if d := w.only(other); d.State != Delivered {
			w.t.Errorf("a late failure undid it: %s", d.State)
		}
		if paused.unsettled.Load() != 0 || other.unsettled.Load() != 0 {
			w.t.Error("unsettled deliveries are counted wrong")
		}
	})
}

// A worker that slept between taking and running doesn't begin.
func TestALateRunDoesNotBegin(t *testing.T) {
	onEngines(t, func(w *world) {
		var n notes
		b := w.box(noting("h", &n, "a.b"))
		w.emit(b, "a.b", "sub_1", nil)
		got := w.takeAll(b)[0]
		got.Until = cal.Trim(time.Now().Add(leaseMargin - time.Second))
		if o := b.run(w.ctx, got); !errs.Has(o.err, codeLeaseLost) || n.len() != 0 {
			w.t.Errorf("outcome %v, runs %v", o.err, n.all())
		}
	})
}

func TestHoldAndFenceInAHandler(t *testing.T) {
	onEngines(t, func(w *world) {
		var token int64
		var b *Box
		b = w.box(Handler{Name: "h", Types: []string{"a.b"}, Run: func(ctx context.Context, ev Event) error {
			var ok bool
			if token, ok = Fence(ctx); !ok {
				w.t.Error("no fence")
			}
			return w.db.Tx(ctx, func(ctx context.Context) error {
				if err := Hold(ctx); err != nil {
					return err
				}
				return b.Emit(ctx, "a.c", ev.Subject, nil)
			})
		}})
		w.emit(b, "a.b", "sub_1", nil)
		w.must(b.Drain(w.ctx))
		if token != 1 {
			w.t.Errorf("token %d", token)
		}
		if d := w.only(b); d.State != Delivered {
			w.t.Errorf("%+v", d)
		}
		if _, ok := Fence(w.ctx); ok || Hold(w.ctx) == nil {
			w.t.Error("a fence or hold outside a run")
		}
	})
}

// A crash leaves the delivery under a lease; when that ends, another copy does it.
func TestCrashIsRetried(t *testing.T) {
	onEngines(t, func(w *world) {
		var n notes
		h := noting("h", &n, "a.b")
		crashed, other := w.box(h), w.box(h)
		w.emit(crashed, "a.b", "sub_1", nil)
		w.emit(crashed, "a.b", "sub_1", nil)
		if got := w.takeAll(crashed); len(got) != 1 {
			w.t.Fatalf("taken %d", len(got))
		}
		w.must(other.Drain(w.ctx))
		if n.len() != 0 {
			w.t.Fatalf("ran under another's lease, or out of order: %v", n.all())
		}
		w.clocks.advanceReal(defaultTimeout + leaseMargin)
		w.must(other.Drain(w.ctx))
		if got := n.all(); len(got) != 2 || got[0] != "h sub_1 1" || got[1] != "h sub_1 2" {
			w.t.Errorf("runs %v", got)
		}
	})
}

// An event that kills the program each time ends as a dead letter.
func TestCrashesAreCounted(t *testing.T) {
	onEngines(t, func(w *world) {
		var n notes
		b := w.box(noting("h", &n, "a.b"))
		w.emit(b, "a.b", "sub_1", nil)
		for range MaxAttempts {
			if got := w.takeAll(b); len(got) != 1 {
				w.t.Fatalf("taken %d", len(got))
			}
			w.clocks.advanceReal(defaultTimeout + leaseMargin)
		}
		if got := w.takeAll(b); len(got) != 0 {
			w.t.Error("taken once more")
		}
		if d := w.only(b); d.State != Dead || d.ErrorCode != codeLeaseLost || d.Attempts != MaxAttempts {
			w.t.Errorf("%+v", d)
		}
	})
}
