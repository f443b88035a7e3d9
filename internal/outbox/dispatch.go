package outbox

import (
	"context"
	"time"
)

// dispatch takes deliveries and runs them until quit closes, then waits for what runs. ctx ends when it can't wait any longer.
func (b *Box) dispatch(ctx context.Context, quit <-chan struct{}, hints <-chan struct{}) {
	d := dispatcher{b: b, free: b.allFree(perHandler), results: make(chan outcome, 4*mostTaken)}
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-quit:
			d.finish(ctx)
			return
		case <-hints:
			d.pace.hint(time.Now())
		case o := <-d.results:
			d.gather(o)
			d.settle(ctx)
			d.claim(ctx) // a line may go on
		case <-timer.C:
			d.settle(ctx)
			d.claim(ctx)
		}
		timer.Reset(d.pace.wait(time.Now()))
	}
}

// dispatcher is the state of the one goroutine of dispatch.
type dispatcher struct {
	b       *Box
	pace    pace
	free    map[string]int
	running int
	results chan outcome
	done    []outcome // not stored yet
	expired time.Time // when expired leases were looked for
}

// claim takes what is due and starts it.
func (d *dispatcher) claim(ctx context.Context) {
	now := time.Now()
	d.pace.poll(now)
	look := now.Sub(d.expired) >= expiredEvery
	if look {
		d.expired = now
	}
	taken, err := d.b.claim(ctx, d.free, look)
	if err != nil {
		d.b.log.Error("outbox: taking deliveries failed", "error", err)
		return
	}
	for _, del := range taken {
		d.free[del.Handler]--
		d.running++
		go func() { d.results <- d.b.run(ctx, del) }()
	}
}

// gather collects an outcome and whatever else has ended, so that one transaction stores them all.
func (d *dispatcher) gather(o outcome) {
	for {
		d.free[o.d.Handler]++
		d.running--
		d.done = append(d.done, o)
		select {
		case o = <-d.results:
		default:
			return
		}
	}
}

// settle stores outcomes; those that can't be stored now are kept for the next time.
func (d *dispatcher) settle(ctx context.Context) {
	if len(d.done) == 0 {
		return
	}
	// What a handler did is done: its outcome is stored even when the program is told to hurry.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if err := d.b.settle(ctx, d.done); err != nil {
		d.b.log.Error("outbox: storing outcomes failed", "error", err, "outcomes", len(d.done))
		d.done = d.b.dropExpired(d.done, d.b.realNow())
		return
	}
	d.done = nil
}

// finish waits for the running handlers, or for the end of ctx and then a little for their answers to it, and stores the outcomes.
func (d *dispatcher) finish(ctx context.Context) {
	over := ctx.Done()
	var late <-chan time.Time
	for d.running > 0 {
		select {
		case o := <-d.results:
			d.gather(o)
			d.settle(ctx)
		case <-over:
			over = nil
			late = time.After(graceAfterForce)
		case <-late:
			d.b.log.Error("outbox: handlers don't stop; their deliveries wait for the end of the lease", "running", d.running)
			d.b.unsettled.Add(-int64(d.running))
			d.running = 0
		}
	}
	d.settle(ctx)
}
