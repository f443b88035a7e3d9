package outbox

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// graceAfterForce is how long handlers and jobs have to answer to the end of their context.
const graceAfterForce = 2 * time.Second

// life is what Start began.
type life struct {
	quit  chan struct{} // closed: take nothing new
	once  sync.Once
	force context.CancelFunc // ends the context of what runs
	ended chan struct{}      // closed: everything has returned
}

func (l *life) stop() { l.once.Do(func() { close(l.quit) }) }

// Start begins to dispatch, to run jobs and to follow the tails, until Stop or the end of ctx; what runs at that moment is
// still awaited by Stop, because only Stop says how long. A second Start does nothing but log.
func (b *Box) Start(ctx context.Context) {
	b.mu.Lock()
	if b.life != nil {
		b.mu.Unlock()
		b.log.Error("outbox: started twice")
		return
	}
	runs, force := context.WithCancel(context.WithoutCancel(ctx))
	l := &life{quit: make(chan struct{}), force: force, ended: make(chan struct{})}
	b.life = l
	tails := b.tails
	b.mu.Unlock()

	var all sync.WaitGroup
	hints := b.listen()
	all.Go(func() { b.dispatch(runs, l.quit, hints) })
	all.Go(func() { b.keepSchedule(runs, l.quit) })
	for _, t := range tails {
		hints := b.listen()
		all.Go(func() { t.follow(runs, l.quit, hints) })
	}
	go func() {
		select {
		case <-ctx.Done():
			l.stop()
		case <-l.quit:
		}
	}()
	go func() {
		all.Wait()
		force()
		close(l.ended)
	}()
}

// Stop takes nothing new, and waits for running handlers, jobs and tails until ctx ends; then their contexts end too, and what still doesn't
// return within two seconds is left to the end of its lease and named in the error. Deliveries that were broken off go back in line
// without counting the attempt. A second Stop waits for the same end; without Start it does nothing. Emit and Drain go on to work.
func (b *Box) Stop(ctx context.Context) error {
	b.mu.Lock()
	l := b.life
	b.mu.Unlock()
	if l == nil {
		return nil
	}
	l.stop()
	select {
	case <-l.ended:
		return nil
	case <-ctx.Done():
	}
	l.force()
	select {
	case <-l.ended:
		return nil
	case <-time.After(2 * graceAfterForce):
		return fmt.Errorf("outbox: handlers or jobs didn't stop: %w", context.Cause(ctx))
	}
}
