package indexing

import (
	"context"
	"iter"
	"log/slog"
	"reflect"
	"sync"
	"time"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/outbox"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/search"
	"github.com/orynda/orynda/internal/storage"
)

const (
	// rebuildTimeout bounds one rebuild, started by a request.
	rebuildTimeout = 30 * time.Minute
	// aftercare is how long after a rebuild this copy puts again what it hears of, in real time: another copy may have put it into the former index, and
	// an event is noticed as late as its transaction commits, which is within 90 s.
	aftercare = 2 * time.Minute
)

// Deps is what the service needs.
type Deps struct {
	DB         storage.Engine
	Clock      cal.Clock
	Box        *outbox.Box
	Log        *slog.Logger
	Placements *placements.Service
	Reference  *directory.Reference
	Engine     search.Engine
	// EachCopy says that the engine's index lives in this process, so that every copy of the program must follow all events.
	EachCopy bool
	// SnapshotFile is where the index of an engine that is a [Keeper] is kept for the next start; "" keeps none.
	SnapshotFile string
	// Program names the build: a snapshot is taken up by the program that wrote it only. It is asked once, when the index is loaded.
	Program func() string
}

// Service keeps the index. Make it with [New] and connect it with [Service.Follow] before the outbox starts.
type Service struct {
	d        Deps
	requests *storage.Collection[Request, *Request]
	keeper   Keeper // nil where no snapshot is kept
	realNow  func() time.Time

	program string // see Deps; set by Load

	writing sync.Mutex // from reading a place to having put it, where the index is this process's own

	mu        sync.Mutex
	changed   map[string]bool // while a rebuild runs: what changed meanwhile; nil otherwise
	careUntil time.Time       // the end of the last rebuild's aftercare
	rules     string          // version of the rules in force when the index was built: newer documents may be of newer ones
	saved     uint64          // changes of the index that the snapshot holds

	rebuilt chan struct{} // told of every new index
}

// New makes the service.
func New(d Deps) *Service {
	s := &Service{d: d, requests: storage.Open[Request](d.DB, requestSpec()), realNow: time.Now, rebuilt: make(chan struct{}, 1)}
	if keeper, ok := d.Engine.(Keeper); ok && d.SnapshotFile != "" {
		s.keeper = keeper
	}
	return s
}

// Follow subscribes to the changes of places and to requests for a rebuild. It must come before the first [Service.Build], so that nothing between
// the two is missed.
func (s *Service) Follow() {
	changes, requests := []string{placements.EventChanged}, []string{EventRequested}
	rebuild := func(ctx context.Context, ev outbox.Event) error { return s.carryOut(ctx, ev.Subject) }
	if s.d.EachCopy {
		s.d.Box.Tail("search.index", changes, s.update)
		s.d.Box.Tail("search.rebuild", requests, rebuild)
		return
	}
	s.d.Box.Handle(outbox.Handler{Name: "search.index", Types: changes, Run: s.update})
	s.d.Box.Handle(outbox.Handler{Name: "search.rebuild", Types: requests, Timeout: rebuildTimeout, Run: rebuild})
	s.d.Box.Tail("search.noted", changes, s.heard)
}

// heard is what a copy does with changes that any copy puts: remember them for its own running rebuild, or put them again after one.
func (s *Service) heard(ctx context.Context, ev outbox.Event) error {
	if s.noteChange(ev.Subject) {
		return s.Refresh(ctx, ev.Subject)
	}
	return nil
}

// update makes the index hold the present state of the event's place.
func (s *Service) update(ctx context.Context, ev outbox.Event) error {
	if s.d.EachCopy {
		s.noteChange(ev.Subject)
	}
	return s.Refresh(ctx, ev.Subject)
}

// Refresh puts a place into the index as it is now, or takes it out when it isn't published. It may run beside itself, in any copy: whoever puts last has seen
// the newest state, however long it was held up between reading and putting.
func (s *Service) Refresh(ctx context.Context, placementID string) error {
	if s.d.EachCopy {
		s.writing.Lock()
		defer s.writing.Unlock()
		doc, err := s.present(ctx, placementID)
		if err != nil {
			return err
		}
		return s.put(ctx, placementID, doc)
	}
	doc, err := s.present(ctx, placementID)
	for err == nil {
		if err = s.put(ctx, placementID, doc); err != nil {
			return err
		}
		put := doc
		if doc, err = s.present(ctx, placementID); err == nil && reflect.DeepEqual(put, doc) {
			return nil
		}
	}
	return err
}

// present gives what the index should hold of a place: nil for nothing.
func (s *Service) present(ctx context.Context, placementID string) (*search.Document, error) {
	p, err := s.d.Placements.Public(ctx, placementID)
	if storage.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	doc := Document(s.d.Reference, p)
	return &doc, nil
}

func (s *Service) put(ctx context.Context, placementID string, doc *search.Document) error {
	if doc == nil {
		return s.d.Engine.Delete(ctx, []string{placementID})
	}
	return s.d.Engine.Put(ctx, []search.Document{*doc})
}

// noteChange remembers a change while a rebuild runs; late says that one has ended lately.
func (s *Service) noteChange(placementID string) (late bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.changed != nil {
		s.changed[placementID] = true
		return false
	}
	return s.realNow().Before(s.careUntil)
}

// Build makes the whole index anew of the published places and puts it in place of the present one; progress is told how many were read. Changes
// that happen meanwhile, in any copy of the program, are put again at the end.
func (s *Service) Build(ctx context.Context, progress func(done int)) error {
	s.mu.Lock()
	s.changed = map[string]bool{}
	s.mu.Unlock()
	inForce := s.rulesInForce()
	var failed error
	err := s.d.Engine.Rebuild(ctx, s.documents(ctx, progress, &failed))
	if err == nil {
		err = failed
	}
	s.mu.Lock()
	changed := s.changed
	s.changed, s.careUntil = nil, s.realNow().Add(aftercare)
	if err == nil {
		s.rules = inForce
	}
	s.mu.Unlock()
	if err != nil {
		return err
	}
	select {
	case s.rebuilt <- struct{}{}:
	default: // told already
	}
	for placementID := range changed {
		if err := s.Refresh(ctx, placementID); err != nil {
			return err
		}
	}
	return nil
}

// documents reads all published places, one after the other.
func (s *Service) documents(ctx context.Context, progress func(done int), failed *error) iter.Seq2[search.Document, error] {
	return func(yield func(search.Document, error) bool) {
		done, stopped := 0, false
		err := s.d.Placements.EachPublic(ctx, func(p placements.PublicPlace) error {
			if !yield(Document(s.d.Reference, p), nil) {
				stopped = true
				return context.Canceled
			}
			done++
			if progress != nil {
				progress(done)
			}
			return nil
		})
		if err != nil && !stopped {
			*failed = err
			yield(search.Document{}, err)
		}
	}
}
