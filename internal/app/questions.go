package app

import "context"

// noting is the goroutine that writes what is searched for.
type noting struct {
	stopNoting context.CancelFunc
	done       chan struct{}
}

// startNoting begins to write what is searched for.
func (a *App) startNoting() {
	ctx, cancel := context.WithCancel(context.Background())
	n := &noting{stopNoting: cancel, done: make(chan struct{})}
	go func() {
		defer close(n.done)
		a.asking.Run(ctx)
	}()
	a.noting = n
}

// stop lets the rest be written and waits for it.
func (n *noting) stop(ctx context.Context) error {
	if n == nil {
		return nil
	}
	n.stopNoting()
	select {
	case <-n.done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
