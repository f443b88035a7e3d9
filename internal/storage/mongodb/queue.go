package mongodb

import (
	"context"
	"sync"
)

// queues make the transactions of this process that met at one document go on one after the other, in the order in which they lost, instead of running into
// each other again and again. Only speed hangs on it: the server decides who wins, here and among programs.
type queues struct {
	mu   sync.Mutex
	open map[string]*queue
}

// queue is the line at one document. It is there as long as somebody stands in it.
type queue struct {
	token  chan struct{} // holds one; receivers are served in the order they came
	people int           // guarded by queues.mu
}

// place is a transaction's place in at most one queue, so that nobody waits while somebody waits for him.
type place struct {
	all  *queues
	name string // of the queue that this is the head of; "" for none
}

// move leaves the present queue and waits to be the head of another. It reports false when ctx ends before.
func (p *place) move(ctx context.Context, name string) bool {
	if name == "" || name == p.name {
		return ctx.Err() == nil
	}
	p.leave()
	q := p.all.join(name)
	select {
	case <-q.token:
		p.name = name
		return true
	case <-ctx.Done():
		p.all.quit(name)
		return false
	}
}

// leave lets the next one on.
func (p *place) leave() {
	if p.name == "" {
		return
	}
	p.all.pass(p.name)
	p.name = ""
}

func (a *queues) join(name string) *queue {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.open == nil {
		a.open = map[string]*queue{}
	}
	q := a.open[name]
	if q == nil {
		q = &queue{token: make(chan struct{}, 1)}
		q.token <- struct{}{}
		a.open[name] = q
	}
	q.people++
	return q
}

func (a *queues) pass(name string) {
	a.mu.Lock()
	q := a.open[name]
	a.mu.Unlock()
	q.token <- struct{}{} // the head holds the only one, so there is room
	a.quit(name)
}

func (a *queues) quit(name string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	q := a.open[name]
	if q.people--; q.people == 0 {
		delete(a.open, name)
	}
}
