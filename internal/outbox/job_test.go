package outbox

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/errs"
)

func counting(name string, every time.Duration, n *atomic.Int64) Job {
	return Job{Name: name, Every: every, Run: func(context.Context, time.Time) error { n.Add(1); return nil }}
}

func TestJobsRunWhenTheBusinessClockSaysSo(t *testing.T) {
	onEngines(t, func(w *world) {
		var n atomic.Int64
		var as time.Time
		b := w.box()
		b.Schedule(Job{Name: "j", Every: time.Hour, Run: func(ctx context.Context, now time.Time) error {
			if token, ok := Fence(ctx); !ok || token != n.Load()+1 {
				w.t.Errorf("token %d %v", token, ok)
			}
			n.Add(1)
			as = now
			return w.db.Tx(ctx, Hold)
		}})
		run := func(want int64) {
			w.t.Helper()
			w.must(b.RunJobs(w.ctx, w.clocks.now()))
			if n.Load() != want {
				w.t.Fatalf("%d runs, want %d", n.Load(), want)
			}
		}
		run(1)
		run(1)
		w.clocks.advance(time.Hour - time.Millisecond)
		run(1)
		w.clocks.advance(time.Millisecond)
		run(2)
		w.clocks.advance(72 * time.Hour) // periods that passed are not made up for
		run(3)
		run(3)
		if !as.Equal(w.clocks.now()) {
			w.t.Errorf("ran as of %v", as)
		}
	})
}

func TestOneOfManyCopiesRunsAJob(t *testing.T) {
	const parallel = 40
	onEngines(t, func(w *world) {
		var n atomic.Int64
		var all sync.WaitGroup
		failed := make([]error, parallel)
		for i := range parallel {
			b := w.box()
			b.Schedule(counting("j", time.Hour, &n))
			all.Go(func() { failed[i] = b.RunJobs(w.ctx, w.clocks.now()) })
		}
		all.Wait()
		for _, err := range failed {
			w.must(err)
		}
		if n.Load() != 1 {
			w.t.Errorf("%d runs", n.Load())
		}
	})
}

// A copy that was paused beyond its lease can neither act nor end the run that another copy began.
func TestAPausedJobCannotActLate(t *testing.T) {
	onEngines(t, func(w *world) {
		var acted atomic.Int64
		began, wake := make(chan struct{}), make(chan struct{})
		paused, other := w.box(), w.box()
		paused.Schedule(Job{Name: "j", Every: time.Hour, Run: func(ctx context.Context, _ time.Time) error {
			close(began)
			<-wake
			return w.db.Tx(ctx, func(ctx context.Context) error {
				if err := Hold(ctx); err != nil {
					return err
				}
				acted.Add(1)
				return nil
			})
		}})
		release := make(chan struct{})
		otherBegan := make(chan struct{})
		other.Schedule(Job{Name: "j", Every: time.Hour, Run: func(context.Context, time.Time) error {
			close(otherBegan)
			<-release
			return nil
		}})
		late, ended := make(chan error, 1), make(chan error, 1)
		go func() { late <- paused.RunJobs(w.ctx, w.clocks.now()) }()
		<-began
		w.must(other.RunJobs(w.ctx, w.clocks.now())) // under lease: left alone
		w.clocks.advanceReal(jobLease)
		go func() { ended <- other.RunJobs(w.ctx, w.clocks.now()) }()
		<-otherBegan
		close(wake)
		if err := <-late; !errs.Has(err, codeLeaseLost) {
			w.t.Errorf("the late run says %v", err)
		}
		state, err := other.jobs.Get(w.ctx, "j")
		w.must(err)
		if acted.Load() != 0 || state.Fence != 2 || state.Until.IsZero() {
			w.t.Errorf("acted %d times, state %+v", acted.Load(), state)
		}
		close(release)
		w.must(<-ended)
	})
}

func TestFailedJobsAreTriedSooner(t *testing.T) {
	onEngines(t, func(w *world) {
		var n atomic.Int64
		fail := true
		b := w.box()
		b.Schedule(Job{Name: "j", Every: time.Hour, Run: func(context.Context, time.Time) error {
			n.Add(1)
			if fail {
				panic("no map")
			}
			return nil
		}})
		var p *panicked
		if err := b.RunJobs(w.ctx, w.clocks.now()); !errors.As(err, &p) {
			w.t.Errorf("error %v", err)
		}
		w.must(b.RunJobs(w.ctx, w.clocks.now()))
		w.clocks.advance(time.Second)
		fail = false
		w.must(b.RunJobs(w.ctx, w.clocks.now()))
		if n.Load() != 2 {
			w.t.Errorf("%d runs", n.Load())
		}
		state, err := b.jobs.Get(w.ctx, "j")
		w.must(err)
		if state.Failures != 0 || state.ErrorCode != "" || !state.Next.Equal(w.clocks.now().Add(time.Hour)) {
			w.t.Errorf("state %+v", state)
		}
	})
}

// Started copies run jobs by themselves, see the moved clock, and a stopping one gives a broken-off job back.
func TestTheScheduleIsKept(t *testing.T) {
	onEngines(t, func(w *world) {
		var n atomic.Int64
		var breaks atomic.Bool
		b := w.box()
		b.Schedule(Job{Name: "j", Every: time.Hour, Run: func(ctx context.Context, _ time.Time) error {
			n.Add(1)
			if breaks.Load() {
				<-ctx.Done()
				return ctx.Err()
			}
			return nil
		}})
		b.Start(w.ctx)
		w.eventually("first run", func() bool { return n.Load() == 1 })
		breaks.Store(true)
		w.eventually("the outcome is stored", func() bool {
			state, err := b.jobs.Get(w.ctx, "j")
			return err == nil && state.Until.IsZero()
		})
		w.clocks.advance(time.Hour)
		w.eventually("second run", func() bool { return n.Load() == 2 })
		hurry, cancel := context.WithCancel(w.ctx)
		cancel()
		w.must(b.Stop(hurry))
		breaks.Store(false)
		again := w.box()
		again.Schedule(counting("j", time.Hour, &n))
		w.must(again.RunJobs(w.ctx, w.clocks.now()))
		if n.Load() != 3 {
			w.t.Errorf("%d runs: the broken-off one is due again", n.Load())
		}
	})
}
