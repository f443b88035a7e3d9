package outbox

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// drainPause is how long Drain waits for what the dispatcher of the same copy is doing.
const drainPause = 2 * time.Millisecond

// Drain runs everything that is due now by the business clock, what comes of it, and the tails, until nothing is left; it also waits for
// what this copy's dispatcher is running. It works with and without Start. Failed handlers and tails are tried once; their errors
// come back joined after all else has run (the deliveries wait for their next attempt as usual). What another copy runs is left to it.
func (b *Box) Drain(ctx context.Context) error {
	var failed []error
	for {
		settled := b.settled.Load()
		n, errsOfRuns, err := b.drainOnce(ctx)
		failed = append(failed, errsOfRuns...)
		if err != nil {
			return errors.Join(append(failed, err)...)
		}
		if n > 0 {
			continue
		}
		if !b.quiet(settled) {
			if err := sleep(ctx, drainPause); err != nil {
				return errors.Join(append(failed, err)...)
			}
			continue
		}
		// Tails come last, so that they see what handlers emitted; after something new everything is looked at again.
		n, err = b.drainTails(ctx)
		if err != nil {
			failed = append(failed, err)
		}
		if n == 0 || err != nil {
			return errors.Join(failed...)
		}
	}
}

// quiet reports whether this copy's dispatcher has nothing in its hands, and has had nothing since so many outcomes were settled: what it settled meanwhile may
// have emitted events that nobody has looked for. The order of the looks matters: a taking ends after unsettled has grown, and settled grows before unsettled
// falls.
func (b *Box) quiet(settled int64) bool {
	return b.taking.Load() == 0 && b.unsettled.Load() == 0 && b.settled.Load() == settled
}

// drainOnce takes what is due, runs it and stores the outcomes.
func (b *Box) drainOnce(ctx context.Context) (n int, failed []error, err error) {
	taken, err := b.claim(ctx, b.allFree(perDrain), true)
	if err != nil || len(taken) == 0 {
		return 0, nil, err
	}
	outcomes := make([]outcome, len(taken))
	var running sync.WaitGroup
	for i, d := range taken {
		running.Go(func() { outcomes[i] = b.run(ctx, d) })
	}
	running.Wait()
	for _, o := range outcomes {
		if o.err != nil {
			failed = append(failed, fmt.Errorf("handler %s, event %s of %s: %w", o.d.Handler, o.d.Event.Type, o.d.Event.Subject, o.err))
		}
	}
	settleCtx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if err := b.settle(settleCtx, outcomes); err != nil {
		b.unsettled.Add(-int64(len(outcomes)))
		return 0, failed, err
	}
	return len(taken), failed, ctx.Err()
}

func (b *Box) drainTails(ctx context.Context) (handled int, err error) {
	b.mu.Lock()
	tails := b.tails
	b.mu.Unlock()
	var failed []error
	for _, t := range tails {
		n, err := t.look(ctx, nil, true)
		handled += n
		if err != nil {
			failed = append(failed, fmt.Errorf("tail %s: %w", t.name, err))
		}
	}
	return handled, errors.Join(failed...)
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
