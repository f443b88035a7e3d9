package outbox

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/id"
	"github.com/orynda/orynda/internal/storage"
)

// Handler takes events. Run must be repeatable; it is called one at a time and in order per subject.
type Handler struct {
	Name    string        // stable: it is stored with each delivery
	Types   []string      // the event types it takes
	Timeout time.Duration // deadline of one run; 20 s when 0. The lease is 10 s longer.
	// Run does the work. ctx has the deadline, the fencing token ([Fence]) and the lease ([Hold]). An error is a failed attempt; its
	// code (errs.CodeOf) is kept, its text goes to the log.
	Run func(ctx context.Context, ev Event) error
}

const (
	defaultTimeout = 20 * time.Second
	leaseMargin    = 10 * time.Second // between the deadline of a run and the end of its lease
	perHandler     = 8                // runs of one handler at a time and copy, so that a slow one can't hold up the others
	perDrain       = 32               // the same in Drain, where nobody waits for another handler
)

func (h Handler) timeout() time.Duration {
	if h.Timeout > 0 {
		return h.Timeout
	}
	return defaultTimeout
}

// Box is the outbox of one copy of the program. Make it with [New]; its methods are safe for parallel use.
type Box struct {
	db    storage.Engine
	clock cal.Clock // what is due
	log   *slog.Logger

	worker  string           // this copy, in leases and logs
	realNow func() time.Time // leases and tail windows
	random  func() float64

	events     *storage.Collection[storedEvent, *storedEvent]
	subjects   *storage.Collection[subjectLine, *subjectLine]
	deliveries *storage.Collection[Delivery, *Delivery]
	jobs       *storage.Collection[jobState, *jobState]

	unsettled atomic.Int64 // deliveries that this copy took and whose outcome isn't stored yet
	taking    atomic.Int64 // transactions of this copy that may be taking deliveries now
	settled   atomic.Int64 // outcomes that this copy has stored since it began

	mu       sync.Mutex // guards the rest
	handlers []Handler
	tails    []*tail
	schedule []*scheduled
	hints    []chan struct{}
	life     *life
}

// Specs lists the collections of the outbox, for storage.Ensure.
func Specs() []storage.Spec {
	return []storage.Spec{eventSpec(), subjectSpec(), deliverySpec(), jobSpec()}
}

// New makes an outbox. clock decides what is due. It schedules the hourly pruning by itself. The collections ([Specs]) must exist before
// anything else is called.
func New(db storage.Engine, clock cal.Clock, log *slog.Logger, handlers ...Handler) *Box {
	b := &Box{
		db: db, clock: clock, log: log,
		worker:     id.New("wrk"),
		realNow:    func() time.Time { return cal.Trim(time.Now()) },
		random:     rand.Float64,
		events:     storage.Open[storedEvent](db, eventSpec()),
		subjects:   storage.Open[subjectLine](db, subjectSpec()),
		deliveries: storage.Open[Delivery](db, deliverySpec()),
		jobs:       storage.Open[jobState](db, jobSpec()),
	}
	for _, h := range handlers {
		b.Handle(h)
	}
	b.Schedule(Job{Name: "outbox.prune", Every: time.Hour, Run: b.prune})
	return b
}

// Handle adds a handler, before the first event is emitted and before Start. A handler without name, types or Run, a second one of a name,
// and one that comes after Start are mistakes of the program and panic.
func (b *Box) Handle(h Handler) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if h.Name == "" || len(h.Types) == 0 || h.Run == nil {
		panic("outbox: a handler needs a name, types and Run")
	}
	if b.life != nil {
		panic("outbox: handler " + h.Name + " comes after Start")
	}
	for _, other := range b.handlers {
		if other.Name == h.Name {
			panic("outbox: two handlers are called " + h.Name)
		}
	}
	b.handlers = append(b.handlers, h)
}

// subscribers lists the handlers of an event type.
func (b *Box) subscribers(typ string) []Handler {
	b.mu.Lock()
	defer b.mu.Unlock()
	var out []Handler
	for _, h := range b.handlers {
		if slices.Contains(h.Types, typ) {
			out = append(out, h)
		}
	}
	return out
}

// handlerNamed finds a handler; ok is false for one of another version of the program.
func (b *Box) handlerNamed(name string) (h Handler, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, h := range b.handlers {
		if h.Name == name {
			return h, true
		}
	}
	return Handler{}, false
}

// allFree gives every handler so many runs.
func (b *Box) allFree(each int) map[string]int {
	b.mu.Lock()
	defer b.mu.Unlock()
	free := make(map[string]int, len(b.handlers))
	for _, h := range b.handlers {
		free[h.Name] = each
	}
	return free
}

// hint tells the pollers that something may be committed soon.
func (b *Box) hint() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, c := range b.hints {
		select {
		case c <- struct{}{}:
		default: // told already
		}
	}
}

// listen gives a channel that hint tells.
func (b *Box) listen() chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	c := make(chan struct{}, 1)
	b.hints = append(b.hints, c)
	return c
}
