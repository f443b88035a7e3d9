package outbox

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/orynda/orynda/internal/storage"
)

const (
	jobLease = time.Minute     // how long a job of a crashed copy waits
	jobLook  = 2 * time.Second // how often to look at a job that another copy runs
	jobTick  = 250 * time.Millisecond
)

// RunJobs runs every job that is due at now, one after the other, each at most once, and waits for those this copy is running already. It is what tests
// and the demo's clock call. Jobs that another copy runs are left to it. The errors of failed jobs come back joined.
func (b *Box) RunJobs(ctx context.Context, now time.Time) error {
	var failed []error
	for _, s := range b.scheduledJobs() {
		s.mu.Lock()
		err := b.tryJob(ctx, s, now)
		s.mu.Unlock()
		if err != nil {
			failed = append(failed, fmt.Errorf("job %s: %w", s.job.Name, err))
		}
		if ctx.Err() != nil {
			break
		}
	}
	return errors.Join(failed...)
}

// keepSchedule starts jobs when they are due until quit closes, then waits for those that run.
func (b *Box) keepSchedule(ctx context.Context, quit <-chan struct{}) {
	var running sync.WaitGroup
	defer b.awaitJobs(ctx, &running)
	tick := time.NewTicker(jobTick)
	defer tick.Stop()
	for {
		for _, s := range b.scheduledJobs() {
			b.startIfDue(ctx, s, &running)
		}
		select {
		case <-quit:
			return
		case <-tick.C:
		}
	}
}

// awaitJobs waits for the running jobs, and only a little beyond the end of ctx.
func (b *Box) awaitJobs(ctx context.Context, running *sync.WaitGroup) {
	ended := make(chan struct{})
	go func() { running.Wait(); close(ended) }()
	select {
	case <-ended:
		return
	case <-ctx.Done():
	}
	select {
	case <-ended:
	case <-time.After(graceAfterForce):
		b.log.Error("outbox: a job doesn't stop; it waits for the end of its lease")
	}
}

// startIfDue looks without asking the store, and lets a goroutine do the rest.
func (b *Box) startIfDue(ctx context.Context, s *scheduled, running *sync.WaitGroup) {
	if !s.mu.TryLock() {
		return // it runs
	}
	now := b.clock.Now()
	if now.Before(s.next) || b.realNow().Before(s.asleep) {
		s.mu.Unlock()
		return
	}
	running.Go(func() {
		defer s.mu.Unlock()
		if err := b.tryJob(ctx, s, now); err != nil {
			s.asleep = b.realNow().Add(jobLook)
			b.log.Error("outbox: job failed", "job", s.job.Name, "error_code", codeOf(err), "error", err)
		}
	})
}

// tryJob runs the job if it is due and free. The caller holds s.mu.
func (b *Box) tryJob(ctx context.Context, s *scheduled, now time.Time) error {
	var mine bool
	var state *jobState
	err := b.db.Tx(ctx, func(ctx context.Context) (err error) {
		mine = false
		state, err = b.jobs.LockOrNew(ctx, s.job.Name, &jobState{ID: s.job.Name})
		if err != nil || !state.due(now) || !state.free(b.realNow()) {
			return err
		}
		mine = true
		state.take(b.worker, now, b.realNow().Add(jobLease))
		return b.jobs.Save(ctx, state)
	})
	if err != nil {
		return err
	}
	if !mine {
		s.next = state.Next
		if !state.free(b.realNow()) {
			s.asleep = b.realNow().Add(jobLook)
		}
		return nil
	}
	return b.runJob(ctx, s, state)
}

// runJob runs a job under its lease, which it renews meanwhile, and stores the outcome.
func (b *Box) runJob(ctx context.Context, s *scheduled, taken *jobState) error {
	runCtx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	runCtx = withLease(runCtx, lease{fence: taken.Fence, check: func(ctx context.Context) error {
		_, err := b.holdJob(ctx, taken)
		return err
	}})
	var renewing sync.WaitGroup
	ended := make(chan struct{})
	renewing.Go(func() { b.renew(ctx, taken, ended, cancel) })
	err := safely(func() error { return s.job.Run(runCtx, taken.StartedAt) })
	close(ended)
	renewing.Wait()
	return errors.Join(err, b.settleJob(ctx, s, taken, err))
}

// holdJob takes the job's document and checks the token.
func (b *Box) holdJob(ctx context.Context, taken *jobState) (*jobState, error) {
	state, err := b.jobs.Lock(ctx, taken.ID)
	if storage.IsNotFound(err) || (err == nil && !state.holds(taken.Fence)) {
		return nil, errLeaseLost()
	}
	return state, err
}

// renew prolongs the lease until ended closes; when that fails for too long, or somebody else has the job, it ends the run.
func (b *Box) renew(ctx context.Context, taken *jobState, ended <-chan struct{}, lost context.CancelCauseFunc) {
	until := taken.Until
	tick := time.NewTicker(jobLease / 4)
	defer tick.Stop()
	for {
		select {
		case <-ended:
			return
		case <-tick.C:
		}
		next := b.realNow().Add(jobLease)
		err := b.db.Tx(ctx, func(ctx context.Context) error {
			state, err := b.holdJob(ctx, taken)
			if err != nil {
				return err
			}
			state.Until = next
			return b.jobs.Save(ctx, state)
		})
		switch {
		case err == nil:
			until = next
		case codeOf(err) == codeLeaseLost || !b.realNow().Before(until.Add(-leaseMargin)):
			lost(errLeaseLost())
			return
		}
	}
}

// settleJob stores the outcome if the token is still the job's.
func (b *Box) settleJob(ctx context.Context, s *scheduled, taken *jobState, failure error) error {
	brokeOff := failure != nil && ctx.Err() != nil
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	return b.db.Tx(ctx, func(ctx context.Context) error {
		state, err := b.holdJob(ctx, taken)
		if err != nil {
			return err
		}
		switch {
		case brokeOff:
			state.giveBack()
		case failure != nil:
			state.fail(s.job.Every, codeOf(failure), b.random())
		default:
			state.succeed(s.job.Every)
		}
		s.next = state.Next
		return b.jobs.Save(ctx, state)
	})
}
