package outbox

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/storage"
)

// outcome is what came of one attempt.
type outcome struct {
	d        *Delivery
	err      error
	brokeOff bool // by a stopping program: the attempt doesn't count
}

// run makes one attempt. ctx ends when the program can't wait any longer.
func (b *Box) run(ctx context.Context, d *Delivery) outcome {
	h, _ := b.handlerNamed(d.Handler)
	if ctx.Err() != nil {
		return outcome{d: d, brokeOff: true}
	}
	// Until has no monotonic part: a machine that slept between taking and running sees here that its time is over.
	runCtx, cancel := context.WithDeadline(ctx, d.Until.Add(-leaseMargin))
	defer cancel()
	if runCtx.Err() != nil {
		return outcome{d: d, err: errLeaseLost()}
	}
	runCtx = withLease(runCtx, lease{fence: d.Fence, check: func(ctx context.Context) error { return b.holdDelivery(ctx, d) }})
	err := safely(func() error { return h.Run(runCtx, d.Event) })
	return outcome{d: d, err: err, brokeOff: err != nil && ctx.Err() != nil}
}

func (b *Box) holdDelivery(ctx context.Context, taken *Delivery) error {
	d, err := b.deliveries.Lock(ctx, taken.ID)
	if storage.IsNotFound(err) || (err == nil && !d.holds(taken.Fence)) {
		return errLeaseLost()
	}
	return err
}

// panicked is a run that panicked.
type panicked struct {
	value any
	stack []byte
}

// Error implements error.
func (p *panicked) Error() string { return fmt.Sprintf("panic: %v\n%s", p.value, p.stack) }

// safely turns a panic into an error.
func safely(fn func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &panicked{value: v, stack: debug.Stack()}
		}
	}()
	return fn()
}

// codeOf is what is stored of a failure. Texts of errors may quote what people typed, so they only go to the log.
func codeOf(err error) string {
	var p *panicked
	switch {
	case errors.As(err, &p):
		return codePanic
	case errors.Is(err, context.DeadlineExceeded) && errs.KindOf(err) == errs.Internal:
		return codeTimeout
	}
	return errs.CodeOf(err)
}

// settle stores outcomes in one transaction. An outcome whose lease went to somebody else is dropped: the fencing token says so.
func (b *Box) settle(ctx context.Context, outcomes []outcome) error {
	if len(outcomes) == 0 {
		return nil
	}
	var lost []outcome
	err := b.db.Tx(ctx, func(ctx context.Context) error {
		lost = nil
		for _, o := range outcomes {
			held, err := b.settleOne(ctx, o)
			if err != nil {
				return err
			}
			if !held {
				lost = append(lost, o)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	b.settled.Add(int64(len(outcomes))) // first: see quiet
	b.unsettled.Add(-int64(len(outcomes)))
	for _, o := range outcomes {
		b.report(o)
	}
	for _, o := range lost {
		b.log.Warn("outbox: outcome refused, the lease was lost", "delivery", o.d.ID, "handler", o.d.Handler, "fence", o.d.Fence)
	}
	return nil
}

// settleOne writes one outcome if its fencing token is still the delivery's.
func (b *Box) settleOne(ctx context.Context, o outcome) (held bool, err error) {
	d, err := b.deliveries.Lock(ctx, o.d.ID)
	if storage.IsNotFound(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if !d.holds(o.d.Fence) {
		return false, nil
	}
	now := b.clock.Now()
	switch {
	case o.err == nil && !o.brokeOff:
		d.succeed(now)
	case o.brokeOff:
		d.giveBack(now)
	default:
		d.fail(now, codeOf(o.err), b.random())
	}
	return true, b.deliveries.Save(ctx, d)
}

// report logs a failed attempt.
func (b *Box) report(o outcome) {
	if o.err == nil || o.brokeOff {
		return
	}
	args := []any{"delivery", o.d.ID, "handler", o.d.Handler, "type", o.d.Event.Type, "subject", o.d.Event.Subject, "attempt", o.d.Attempts, "error_code", codeOf(o.err), "error", o.err}
	if o.d.Attempts >= MaxAttempts {
		b.log.Error("outbox: dead letter", args...)
		return
	}
	b.log.Warn("outbox: attempt failed", args...)
}

// dropExpired forgets outcomes that couldn't be stored before their lease ended: the work is done again by whoever takes it.
func (b *Box) dropExpired(outcomes []outcome, real time.Time) []outcome {
	kept := outcomes[:0]
	for _, o := range outcomes {
		if o.d.Until.After(real) {
			kept = append(kept, o)
		}
	}
	b.unsettled.Add(-int64(len(outcomes) - len(kept)))
	return kept
}
