package outbox

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/orynda/orynda/internal/storage"
)

const (
	tailRetryFirst   = 100 * time.Millisecond
	tailRetryLongest = 30 * time.Second
)

// window is one way a tail looks for new events: every so often, that far back.
type window struct {
	every, back time.Duration
}

// windows are how a tail meets late commits: an event's place is the moment of its Emit, its commit may come much later. Most come within a
// second, none after the longest window (a transaction ends within 60 s). All but the first are seldom, so that a burst of events isn't read again
// and again.
func windows() [3]window {
	return [3]window{{0, time.Second}, {5 * time.Second, 10 * time.Second}, {30 * time.Second, 90 * time.Second}}
}

// Tail calls fn in this copy for every event of the types, at least once, one at a time. Events arrive in order of emission except late
// commits and those that failed before, so fn must look at the present state instead of relying on the order. An error is tried again after a
// pause that grows to 30 s, for as long as the program runs.
//
// It sees all events committed after the call of Tail, and some from before it. So a copy that calls Tail first and then loads the present
// state misses nothing. Tail must come before Start. name is for the log.
func (b *Box) Tail(name string, types []string, fn func(ctx context.Context, ev Event) error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if name == "" || len(types) == 0 || fn == nil {
		panic("outbox: a tail needs a name, types and a function")
	}
	if b.life != nil {
		panic("outbox: tail " + name + " comes after Start")
	}
	t := &tail{b: b, name: name, types: types, fn: fn, seen: map[string]time.Time{}, failing: map[string]*failing{}}
	for i := range t.looked {
		t.looked[i] = b.realNow()
	}
	t.looked[0] = t.looked[0].Add(-windows()[2].back) // the first look goes back as far as any
	b.tails = append(b.tails, t)
}

// tail is one follower of the events.
type tail struct {
	b     *Box
	name  string
	types []string
	fn    func(ctx context.Context, ev Event) error

	mu      sync.Mutex // guards the rest, and serialises fn
	looked  [3]time.Time
	seen    map[string]time.Time // handled or failing events that a window may bring again, by id: their place
	failing map[string]*failing
}

// failing is an event whose handling failed.
type failing struct {
	ev    Event
	tries int
	at    time.Time // when to try again
}

// follow looks for events until quit closes.
func (t *tail) follow(ctx context.Context, quit, hints <-chan struct{}) {
	var p pace
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-quit:
			return
		case <-hints:
			p.hint(time.Now())
		case <-timer.C:
			p.poll(time.Now())
			if _, err := t.look(ctx, quit, false); err != nil {
				t.b.log.Warn("outbox: tail", "tail", t.name, "error", err)
			}
		}
		timer.Reset(p.wait(time.Now()))
	}
}

// look handles new events and those whose next try has come, and says how many it handled. With all set it uses the longest window and
// tries every failing one. It returns early when quit closes.
func (t *tail) look(ctx context.Context, quit <-chan struct{}, all bool) (handled int, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	fresh, err := t.fresh(ctx, all)
	if err != nil {
		return 0, err
	}
	var failed []error
	for _, ev := range append(t.again(all), fresh...) {
		select {
		case <-quit:
			t.putOff(ev)
			continue
		default:
		}
		if err := t.handle(ctx, ev); err != nil {
			failed = append(failed, err)
			continue
		}
		handled++
	}
	return handled, errors.Join(failed...)
}

// fresh reads the windows that are due and gives the events not seen before, in order.
func (t *tail) fresh(ctx context.Context, all bool) ([]Event, error) {
	now := t.b.realNow()
	from, due := now, [3]bool{}
	for i, w := range windows() {
		due[i] = all || now.Sub(t.looked[i]) >= w.every
		if start := t.looked[i].Add(-w.back); due[i] && start.Before(from) {
			from = start
		}
	}
	var out []Event
	q := storage.Where(storage.In("type", t.types...), storage.Gte("recorded", from)).By("recorded")
	err := t.b.events.Each(ctx, q, func(e *storedEvent) error {
		if _, known := t.seen[e.ID]; !known {
			t.seen[e.ID] = e.Recorded
			out = append(out, e.Event)
		}
		return nil
	})
	if err != nil {
		for _, ev := range out { // not handled: the next look must bring them
			delete(t.seen, ev.ID)
		}
		return nil, err
	}
	for i := range due {
		if due[i] {
			t.looked[i] = now
		}
	}
	t.forget()
	return out, nil
}

// forget drops what no window will bring again.
func (t *tail) forget() {
	longest := len(t.looked) - 1
	oldest := t.looked[longest].Add(-windows()[longest].back)
	for id, at := range t.seen {
		if at.Before(oldest) {
			delete(t.seen, id)
		}
	}
}

// again gives the failing events to try now, oldest first.
func (t *tail) again(all bool) []Event {
	now := t.b.realNow()
	var out []Event
	for _, f := range t.failing {
		if all || !f.at.After(now) {
			out = append(out, f.ev)
		}
	}
	slices.SortFunc(out, func(a, b Event) int { return a.At.Compare(b.At) })
	return out
}

// handle calls fn once.
func (t *tail) handle(ctx context.Context, ev Event) error {
	err := safely(func() error { return t.fn(ctx, ev) })
	if err == nil {
		delete(t.failing, ev.ID)
		return nil
	}
	f := t.putOff(ev)
	f.tries++
	f.at = t.b.realNow().Add(min(tailRetryFirst<<min(f.tries-1, 20), tailRetryLongest))
	t.b.log.Warn("outbox: tail failed", "tail", t.name, "event", ev.ID, "type", ev.Type, "try", f.tries, "error_code", codeOf(err), "error", err)
	return err
}

// putOff keeps an event for another try.
func (t *tail) putOff(ev Event) *failing {
	f := t.failing[ev.ID]
	if f == nil {
		f = &failing{ev: ev}
		t.failing[ev.ID] = f
	}
	return f
}
