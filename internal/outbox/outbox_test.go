package outbox

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/storage"
)

func TestEmitWritesInTheTransactionOfItsEffect(t *testing.T) {
	onEngines(t, func(w *world) {
		var n notes
		b := w.box(noting("mail", &n, "application.submitted"), noting("log", &n, "application.submitted", "offer.made"))
		if err := b.Emit(w.ctx, "application.submitted", "app_1", nil); err == nil {
			w.t.Error("Emit outside a transaction was taken")
		}
		undone := w.db.Tx(w.ctx, func(ctx context.Context) error {
			if err := b.Emit(ctx, "application.submitted", "app_1", nil); err != nil {
				return err
			}
			return errs.New(errs.Conflict, "undone")
		})
		if !errs.Has(undone, "undone") {
			w.t.Error(undone)
		}
		w.must(b.Drain(w.ctx))
		if n.len() != 0 {
			w.t.Errorf("events without their effect: %v", n.all())
		}
		w.emit(b, "application.submitted", "app_1", map[string]string{"placement": "plc_1"})
		w.emit(b, "offer.made", "app_1", nil)
		w.emit(b, "nobody.listens", "app_1", nil)
		count, err := b.deliveries.Count(w.ctx, storage.Query{})
		w.must(err)
		if count != 3 {
			w.t.Errorf("%d deliveries, want 3", count)
		}
		w.must(b.Drain(w.ctx))
		if n.len() != 3 {
			w.t.Errorf("runs: %v", n.all())
		}
		w.must(b.Drain(w.ctx))
		if n.len() != 3 {
			w.t.Errorf("handled twice: %v", n.all())
		}
	})
}

func TestEmitRefusals(t *testing.T) {
	onEngines(t, func(w *world) {
		b := w.box()
		for name, c := range map[string]struct {
			typ, subject string
			data         map[string]string
		}{
			"no type": {"", "app_1", nil}, "no subject": {"a.b", "", nil},
			"mail": {"a.b", "app_1", map[string]string{"to": "a@b.kz"}}, "IIN": {"a.b", "990101300123", nil},
		} {
			if err := w.db.Tx(w.ctx, func(ctx context.Context) error { return b.Emit(ctx, c.typ, c.subject, c.data) }); err == nil {
				w.t.Errorf("%s: taken", name)
			}
		}
	})
}

func TestEventCarriesWhatWasEmitted(t *testing.T) {
	onEngines(t, func(w *world) {
		var got Event
		b := w.box(Handler{Name: "h", Types: []string{"a.b"}, Run: func(_ context.Context, ev Event) error { got = ev; return nil }})
		w.emit(b, "a.b", "sub_1", map[string]string{"k": "v"})
		w.must(b.Drain(w.ctx))
		if got.Type != "a.b" || got.Subject != "sub_1" || got.Seq != 1 || got.Data["k"] != "v" || !got.At.Equal(w.clocks.now()) || got.ID == "" {
			w.t.Errorf("event %+v", got)
		}
	})
}

func TestParallelEmitsAreGaplessAndInOrder(t *testing.T) {
	const parallel = 40
	onEngines(t, func(w *world) {
		ctx, cancel := context.WithTimeout(w.ctx, time.Minute)
		defer cancel()
		var n notes
		b := w.box(noting("h", &n, "a.b"))
		var all sync.WaitGroup
		failed := make([]error, parallel)
		for i := range parallel {
			all.Go(func() {
				failed[i] = w.db.Tx(ctx, func(ctx context.Context) error { return b.Emit(ctx, "a.b", "sub_1", nil) })
			})
		}
		all.Wait()
		for _, err := range failed {
			w.must(err)
		}
		w.must(b.Drain(ctx))
		got := n.all()
		if len(got) != parallel {
			w.t.Fatalf("%d runs", len(got))
		}
		for i, s := range got {
			if want := fmt.Sprintf("h sub_1 %d", i+1); s != want {
				w.t.Fatalf("run %d is %s", i+1, s)
			}
		}
	})
}

// Several started copies share the work: each event is handled once, in order per subject, never two of a subject at a time.
func TestCopiesShareTheWork(t *testing.T) {
	const subjects, each, copies = 8, 5, 3
	onEngines(t, func(w *world) {
		var n notes
		var mu sync.Mutex
		busy := map[string]bool{}
		h := Handler{Name: "h", Types: []string{"a.b"}, Run: func(_ context.Context, ev Event) error {
			mu.Lock()
			if busy[ev.Subject] {
				w.t.Errorf("two runs of %s at a time", ev.Subject)
			}
			busy[ev.Subject] = true
			mu.Unlock()
			n.add(fmt.Sprintf("%s %d", ev.Subject, ev.Seq))
			mu.Lock()
			busy[ev.Subject] = false
			mu.Unlock()
			return nil
		}}
		var boxes []*Box
		for range copies {
			boxes = append(boxes, w.box(h))
			boxes[len(boxes)-1].Start(w.ctx)
		}
		for range each {
			for s := range subjects {
				w.emit(boxes[s%copies], "a.b", fmt.Sprintf("sub_%d", s), nil)
			}
		}
		w.eventually("all handled", func() bool { return n.len() >= subjects*each })
		for _, b := range boxes {
			w.must(b.Stop(w.ctx))
		}
		next := map[string]int{}
		for _, s := range n.all() {
			var subject string
			var seq int
			_, err := fmt.Sscanf(s, "%s %d", &subject, &seq)
			w.must(err)
			if next[subject]++; next[subject] != seq {
				w.t.Errorf("%s came as number %d", s, next[subject])
			}
		}
		if n.len() != subjects*each {
			w.t.Errorf("%d runs of %d events", n.len(), subjects*each)
		}
	})
}

func TestPoisonBecomesADeadLetterAndCanBeRetried(t *testing.T) {
	onEngines(t, func(w *world) {
		var n notes
		broken, runs := true, 0
		b := w.box(Handler{Name: "h", Types: []string{"a.b", "a.c"}, Run: func(_ context.Context, ev Event) error {
			if ev.Type == "a.b" && broken {
				if runs++; runs == 2 {
					panic("no map")
				}
				return errs.New(errs.Unavailable, "smtp_unreachable")
			}
			n.add(ev.Type)
			return nil
		}})
		w.emit(b, "a.b", "sub_1", nil)
		w.emit(b, "a.c", "sub_1", nil)
		for i := 1; i <= MaxAttempts; i++ {
			if err := b.Drain(w.ctx); !errs.Has(err, "smtp_unreachable") && i != 2 {
				w.t.Fatalf("attempt %d: Drain says %v", i, err)
			}
			if runs != i {
				w.t.Fatalf("%d runs after %d rounds", runs, i)
			}
			w.must(b.Drain(w.ctx)) // nothing is due now
			if i == 2 {
				page, err := b.List(w.ctx, Filter{Type: "a.b"}, storage.Cursor{}, 0)
				w.must(err)
				if len(page.Items) != 1 || page.Items[0].ErrorCode != codePanic || page.Items[0].State != Waiting {
					w.t.Errorf("after a panic: %+v", page.Items)
				}
			}
			if i < MaxAttempts && n.len() != 0 {
				w.t.Fatal("the line went past its failing head")
			}
			w.clocks.advance(longestDelay)
		}
		w.must(b.Drain(w.ctx))
		if n.len() != 1 {
			w.t.Errorf("a dead letter holds up its line: %v", n.all())
		}
		w.retryDead(b, &broken, &n)
	})
}

// retryDead goes on with one dead letter in the store.
func (w *world) retryDead(b *Box, broken *bool, n *notes) {
	w.t.Helper()
	page, err := b.Dead(w.ctx, storage.Cursor{}, 10)
	w.must(err)
	if len(page.Items) != 1 {
		w.t.Fatalf("%d dead letters", len(page.Items))
	}
	d := page.Items[0]
	if d.Attempts != MaxAttempts || d.ErrorCode != "smtp_unreachable" || d.FirstFailedAt.IsZero() || !d.DeadAt.Equal(d.LastFailedAt) {
		w.t.Errorf("dead letter %+v", d)
	}
	backlog, err := b.Backlog(w.ctx)
	w.must(err)
	if backlog != (Backlog{Dead: 1}) {
		w.t.Errorf("backlog %+v", backlog)
	}
	if err := b.Retry(w.ctx, "out_none"); !errs.Has(err, "not_found") {
		w.t.Errorf("retry of nothing: %v", err)
	}
	w.must(b.Retry(w.ctx, d.ID))
	w.must(b.Retry(w.ctx, d.ID)) // once more changes nothing
	again, err := b.RetryDead(w.ctx, d.ID)
	w.must(err)
	if again.State != Waiting || again.Attempts != 0 || again.Seq != 3 || !again.RetriedAt.Equal(w.clocks.now()) {
		w.t.Errorf("back in line: %+v", again)
	}
	backlog, err = b.Backlog(w.ctx)
	w.must(err)
	if backlog.Waiting != 1 || backlog.Dead != 0 || backlog.OldestAt.IsZero() {
		w.t.Errorf("backlog %+v", backlog)
	}
	*broken = false
	w.must(b.Drain(w.ctx))
	if n.len() != 2 {
		w.t.Errorf("runs %v", n.all())
	}
	for state, want := range map[State]int{Dead: 0, Waiting: 1, "": 1} {
		page, err := b.DeadLetters(w.ctx, Filter{State: state}, storage.Cursor{}, 10)
		w.must(err)
		if len(page.Items) != want {
			w.t.Errorf("dead letters in %q: %d, want %d", state, len(page.Items), want)
		}
	}
	delivered, err := b.List(w.ctx, Filter{State: Delivered, Subject: "sub_1"}, storage.Cursor{}, 1)
	w.must(err)
	if len(delivered.Items) != 1 || delivered.Next.IsZero() || delivered.Items[0].Event.Type != "a.c" {
		w.t.Errorf("delivered: %+v", delivered)
	}
	if err := b.Retry(w.ctx, delivered.Items[0].ID); !errs.Has(err, "not_found") {
		w.t.Errorf("retry of what never died: %v", err)
	}
}

// A long line behind a failing head must not keep other subjects waiting.
func TestALongLineDoesNotStarveOthers(t *testing.T) {
	onEngines(t, func(w *world) {
		var n notes
		b := w.box(Handler{Name: "h", Types: []string{"a.b"}, Run: func(_ context.Context, ev Event) error {
			if ev.Subject == "stuck" {
				return errors.New("no")
			}
			n.add(ev.Subject)
			return nil
		}})
		const behind = scanPage*scanPages + 5
		w.must(w.db.Tx(w.ctx, func(ctx context.Context) error {
			for range behind {
				if err := b.Emit(ctx, "a.b", "stuck", nil); err != nil {
					return err
				}
			}
			return nil
		}))
		w.clocks.advance(time.Millisecond)
		w.emit(b, "a.b", "free", nil)
		if err := b.Drain(w.ctx); err == nil {
			w.t.Error("the stuck head didn't fail")
		}
		for i := 0; n.len() == 0 && i < 10; i++ { // each look puts some of the line off
			w.takeNothingOf(b, "stuck")
		}
		if n.len() != 1 {
			w.t.Errorf("runs %v", n.all())
		}
	})
}

func (w *world) takeNothingOf(b *Box, subject string) {
	w.t.Helper()
	for _, d := range w.takeAll(b) {
		if d.Event.Subject == subject {
			w.t.Fatalf("number %d of %s was taken out of order", d.Seq, subject)
		}
		w.must(b.settle(w.ctx, []outcome{b.run(w.ctx, d)}))
	}
}

func TestUnknownHandlersAreLeftAlone(t *testing.T) {
	onEngines(t, func(w *world) {
		var n notes
		newer := w.box(noting("new", &n, "a.b"))
		older := w.box(noting("old", &n, "a.c"))
		w.emit(newer, "a.b", "sub_1", nil)
		w.must(older.Drain(w.ctx))
		if d := w.only(older); d.State != Waiting || n.len() != 0 {
			w.t.Errorf("%+v", d)
		}
		w.must(newer.Drain(w.ctx))
		if n.len() != 1 {
			w.t.Error("not handled by the copy that knows it")
		}
	})
}

func TestPruning(t *testing.T) {
	onEngines(t, func(w *world) {
		var n notes
		fails := false
		b := w.box(noting("h", &n, "a.b"), Handler{Name: "bad", Types: []string{"a.c"}, Run: func(context.Context, Event) error {
			if fails {
				return errors.New("no")
			}
			return nil
		}})
		w.emit(b, "a.b", "sub_1", nil)
		w.must(b.Drain(w.ctx))
		fails = true
		w.emit(b, "a.c", "sub_1", nil)
		for range MaxAttempts {
			_ = b.Drain(w.ctx) // fails each time
			w.clocks.advance(longestDelay)
		}
		w.must(b.RunJobs(w.ctx, w.clocks.now()))
		if got := w.count(b); got != [2]int64{2, 2} {
			w.t.Fatalf("after three days %v deliveries and events", got)
		}
		w.clocks.advance(keepFor)
		w.must(b.RunJobs(w.ctx, w.clocks.now()))
		if got := w.count(b); got != [2]int64{1, 2} {
			w.t.Errorf("after ten days %v deliveries and events: the dead letter and, by the machine's clock, both events stay", got)
		}
		w.clocks.advanceReal(keepFor + time.Minute)
		w.clocks.advance(time.Hour)
		w.must(b.RunJobs(w.ctx, w.clocks.now()))
		if got := w.count(b); got != [2]int64{1, 0} {
			w.t.Errorf("in the end %v deliveries and events", got)
		}
		w.emit(b, "a.b", "sub_1", nil)
		w.must(b.Drain(w.ctx))
		if got := n.all(); got[len(got)-1] != "h sub_1 3" {
			w.t.Errorf("a number came twice: %v", got)
		}
	})
}

func TestMistakesOfTheProgramPanic(t *testing.T) {
	run := func(context.Context, Event) error { return nil }
	job := func(context.Context, time.Time) error { return nil }
	for name, do := range map[string]func(b *Box){
		"handler without a name":  func(b *Box) { b.Handle(Handler{Types: []string{"a"}, Run: run}) },
		"handler without types":   func(b *Box) { b.Handle(Handler{Name: "h", Run: run}) },
		"handler without Run":     func(b *Box) { b.Handle(Handler{Name: "h", Types: []string{"a"}}) },
		"two handlers of a name":  func(b *Box) { b.Handle(Handler{Name: "x", Types: []string{"a"}, Run: run}) },
		"job without a period":    func(b *Box) { b.Schedule(Job{Name: "j", Run: job}) },
		"two jobs of a name":      func(b *Box) { b.Schedule(Job{Name: "outbox.prune", Every: 1, Run: job}) },
		"tail without a function": func(b *Box) { b.Tail("t", []string{"a"}, nil) },
	} {
		t.Run(name, func(t *testing.T) {
			b := New(nil, cal.System(), slog.New(slog.DiscardHandler), Handler{Name: "x", Types: []string{"a"}, Run: run})
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			do(b)
		})
	}
}
