package outbox

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/storage"
	"github.com/orynda/orynda/internal/storage/storagetest"
)

func TestMain(m *testing.M) { os.Exit(storagetest.Main(m)) }

// clocks are the two clocks of a test. The business one stands until it is moved; the machine's one runs, and can be moved as well.
type clocks struct {
	mu       sync.Mutex
	business time.Time
	ahead    time.Duration
}

func newClocks() *clocks { return &clocks{business: time.Date(2027, 3, 1, 9, 0, 0, 0, time.UTC)} }

func (c *clocks) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.business
}

func (c *clocks) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.business = c.business.Add(d)
}

func (c *clocks) real() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return cal.Trim(time.Now().Add(c.ahead))
}

func (c *clocks) advanceReal(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead += d
}

// world is a store on one engine; each box in it is one copy of the program.
type world struct {
	t      *testing.T
	ctx    context.Context
	db     storage.Engine
	clocks *clocks
}

func onEngines(t *testing.T, test func(w *world)) {
	for _, engine := range storagetest.Engines(t) {
		t.Run(engine.Name, func(t *testing.T) {
			w := &world{t: t, ctx: t.Context(), db: engine.Open(t), clocks: newClocks()}
			w.must(storage.Ensure(w.ctx, w.db, Specs()...))
			test(w)
		})
	}
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// box makes a copy of the program.
func (w *world) box(handlers ...Handler) *Box {
	b := New(w.db, cal.ClockFunc(w.clocks.now), slog.New(slog.DiscardHandler), handlers...)
	b.realNow = w.clocks.real
	return b
}

func (w *world) emit(b *Box, typ, subject string, data map[string]string) {
	w.t.Helper()
	w.must(w.db.Tx(w.ctx, func(ctx context.Context) error { return b.Emit(ctx, typ, subject, data) }))
}

// only gives the one delivery of the store.
func (w *world) only(b *Box) *Delivery {
	w.t.Helper()
	all, err := b.deliveries.Find(w.ctx, storage.Query{})
	w.must(err)
	if len(all) != 1 {
		w.t.Fatalf("%d deliveries", len(all))
	}
	return all[0]
}

// takeAll takes what is due, as a dispatcher does.
func (w *world) takeAll(b *Box) []*Delivery {
	w.t.Helper()
	got, err := b.claim(w.ctx, b.allFree(perHandler), true)
	w.must(err)
	return got
}

// notes gathers what handlers saw.
type notes struct {
	mu   sync.Mutex
	list []string
}

func (n *notes) add(s string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.list = append(n.list, s)
}

func (n *notes) all() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return append([]string(nil), n.list...)
}

func (n *notes) len() int { return len(n.all()) }

// noting is a handler that notes the events' subjects and numbers.
func noting(name string, n *notes, types ...string) Handler {
	return Handler{Name: name, Types: types, Run: func(_ context.Context, ev Event) error {
		n.add(fmt.Sprintf("%s %s %d", name, ev.Subject, ev.Seq))
		return nil
	}}
}

// eventually waits for something that other goroutines do.
func (w *world) eventually(what string, ok func() bool) {
	w.t.Helper()
	end := time.Now().Add(10 * time.Second)
	for !ok() {
		if time.Now().After(end) {
			w.t.Fatalf("not in time: %s", what)
		}
		time.Sleep(time.Millisecond)
	}
}

func (w *world) count(b *Box) [2]int64 {
	w.t.Helper()
	deliveries, err := b.deliveries.Count(w.ctx, storage.Query{})
	w.must(err)
	events, err := b.events.Count(w.ctx, storage.Query{})
	w.must(err)
	return [2]int64{deliveries, events}
}
