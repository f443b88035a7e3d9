package indexing

import (
	"context"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/id"
	"github.com/orynda/orynda/internal/storage"
)

// EventRequested asks the running program for a rebuild; its subject is the request.
const EventRequested = "search.rebuild_requested"

// RequestState is where a request stands.
type RequestState string

// The states of a request.
const (
	Queued  RequestState = "queued"
	Running RequestState = "running"
	Done    RequestState = "done"
	Failed  RequestState = "failed"
)

// Request is one asked-for rebuild. With an index in every copy of the program, each copy rebuilds its own and the request shows the last one's way.
type Request struct {
	ID         string       `json:"id"`
	Version    int64        `json:"version"`
	CreatedAt  time.Time    `json:"created_at"`
	State      RequestState `json:"state"`
	StartedAt  time.Time    `json:"started_at,omitzero"`
	FinishedAt time.Time    `json:"finished_at,omitzero"`
	Processed  int64        `json:"processed"`
	Total      int64        `json:"total"`
	ErrorCode  string       `json:"error_code,omitempty"`
}

// Identity implements storage.Document.
func (r *Request) Identity() (string, *int64) { return r.ID, &r.Version }

// Keys implements storage.Document. The key "open" is unique: one rebuild waits or runs at a time.
func (r *Request) Keys() storage.Keys {
	if r.State == Queued || r.State == Running {
		return storage.Keys{"open": "rebuild"}
	}
	return nil
}

func requestSpec() storage.Spec {
	return storage.Spec{
		Name: "search_requests", Keys: []storage.Key{{Name: "open"}},
		Indexes: []storage.Index{{Name: "open", Keys: []string{"open"}, Unique: true}},
	}
}

// Specs declares the collection.
func Specs() []storage.Spec { return []storage.Spec{requestSpec()} }

// Grants is this package's part of the policy table.
func Grants() []accounts.Grant {
	admin := []accounts.Relation{accounts.PlatformAdmin}
	return []accounts.Grant{{Operation: "requestReindex", Relations: admin}, {Operation: "getReindex", Relations: admin}}
}

// Ask leaves a request for a rebuild, or gives the one that waits or runs; made says which.
func (s *Service) Ask(ctx context.Context) (r *Request, made bool, err error) {
	err = s.d.DB.Tx(ctx, func(ctx context.Context) error {
		r, err = s.requests.First(ctx, storage.Where(storage.Eq("open", "rebuild")))
		if !storage.IsNotFound(err) {
			made = false
			return err
		}
		r, made = &Request{ID: id.New("idx"), CreatedAt: s.d.Clock.Now(), State: Queued}, true
		if err := s.requests.Insert(ctx, r); err != nil {
			return err
		}
		return s.d.Box.Emit(ctx, EventRequested, r.ID, nil)
	})
	if storage.ConflictOn(err, "open") { // somebody asked in the same moment
		r, err = s.requests.First(ctx, storage.Where(storage.Eq("open", "rebuild")))
		made = false
	}
	return r, made, err
}

// Request reads one request: NotFound reindex_not_found.
func (s *Service) Request(ctx context.Context, requestID string) (*Request, error) {
	r, err := s.requests.Get(ctx, requestID)
	if storage.IsNotFound(err) {
		return nil, errs.Missing("reindex")
	}
	return r, err
}

// carryOut rebuilds for a request. A failed one keeps the error's code and isn't tried again by itself: the present index is untouched.
func (s *Service) carryOut(ctx context.Context, requestID string) error {
	r, err := s.Request(ctx, requestID)
	if err != nil || r.State == Failed || (r.State == Done && !s.d.EachCopy) {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, rebuildTimeout)
	defer cancel()
	if err := s.change(ctx, requestID, func(r *Request) { r.State, r.StartedAt = Running, s.d.Clock.Now() }); err != nil {
		return err
	}
	done := 0
	err = s.Build(ctx, func(n int) {
		done = n
		if n%5000 == 0 {
			_ = s.change(ctx, requestID, func(r *Request) { r.Processed = int64(n) }) // a lost figure is no reason to stop
		}
	})
	if err != nil {
		s.d.Log.ErrorContext(ctx, "search rebuild failed", "request", requestID, "error", err.Error())
	}
	return s.change(context.WithoutCancel(ctx), requestID, func(r *Request) {
		r.State, r.FinishedAt, r.Processed, r.Total = Done, s.d.Clock.Now(), int64(done), int64(done)
		if err != nil {
			r.State, r.ErrorCode = Failed, errs.CodeOf(err)
		}
	})
}

func (s *Service) change(ctx context.Context, requestID string, fn func(r *Request)) error {
	return s.d.DB.Tx(ctx, func(ctx context.Context) error {
		r, err := s.requests.Lock(ctx, requestID)
		if err != nil {
			return err
		}
		fn(r)
		return s.requests.Save(ctx, r)
	})
}
