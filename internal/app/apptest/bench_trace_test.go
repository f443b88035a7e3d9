package apptest

import (
	"context"
	"encoding/json"
	"sync"

	"github.com/orynda/orynda/internal/storage"
)

// step is one thing that a booking did with the store: what a program written straight onto the engine would have to do too.
type step struct {
	spec  storage.Spec
	write bool
	fresh bool          // a write: the document wasn't there before
	many  bool          // a read: by query
	id    string        // of the document, but for a read by query
	query storage.Query // checked
	rec   storage.Record
	body  []byte // JSON
}

// script is what one booking did: reads before its transaction, then its transaction.
type script struct {
	mu     sync.Mutex
	before []step
	inside []step
}

type scriptKey struct{}

func withScript(ctx context.Context, s *script) context.Context {
	return context.WithValue(ctx, scriptKey{}, s)
}

// tracer notes in the script of the context what reaches the engine.
type tracer struct{ storage.Engine }

func (t tracer) note(ctx context.Context, s step) {
	sc, _ := ctx.Value(scriptKey{}).(*script)
	if sc == nil {
		return
	}
	sc.mu.Lock()
	defer sc.mu.Unlock()
	if t.InTx(ctx) {
		sc.inside = append(sc.inside, s)
	} else {
		sc.before = append(sc.before, s)
	}
}

func (t tracer) Tx(ctx context.Context, fn func(ctx context.Context) error) error {
	if t.InTx(ctx) {
		return t.Engine.Tx(ctx, fn)
	}
	return t.Engine.Tx(ctx, func(ctx context.Context) error {
		if sc, _ := ctx.Value(scriptKey{}).(*script); sc != nil {
			sc.inside = nil // run again from the start
		}
		return fn(ctx)
	})
}

func (t tracer) Get(ctx context.Context, spec storage.Spec, id string, into any) (int64, error) {
	t.note(ctx, step{spec: spec, id: id})
	return t.Engine.Get(ctx, spec, id, into)
}

func (t tracer) Lock(ctx context.Context, spec storage.Spec, id string, into any, create *storage.Record) (int64, error) {
	t.note(ctx, step{spec: spec, id: id})
	if create != nil {
		var seen json.RawMessage
		if t.Name() == "sqlite" {
			if _, err := t.Engine.Get(ctx, spec, id, &seen); storage.IsNotFound(err) {
				t.wrote(ctx, spec, *create, true)
			}
		} else if n, err := t.Engine.Count(ctx, spec, storage.Where(storage.Eq(storage.KeyID, id))); err == nil && n == 0 {
			t.wrote(ctx, spec, *create, true)
		}
	}
	return t.Engine.Lock(ctx, spec, id, into, create)
}

func (t tracer) wrote(ctx context.Context, spec storage.Spec, rec storage.Record, fresh bool) {
	body, err := json.Marshal(rec.Body)
	if err != nil {
		panic(err) // the engine would have refused it
	}
	rec.Body = nil
	t.note(ctx, step{spec: spec, write: true, fresh: fresh, id: rec.ID, rec: rec, body: body})
}

func (t tracer) Insert(ctx context.Context, spec storage.Spec, rec storage.Record) error {
	t.wrote(ctx, spec, rec, true)
	return t.Engine.Insert(ctx, spec, rec)
}

func (t tracer) Replace(ctx context.Context, spec storage.Spec, rec storage.Record) error {
	t.wrote(ctx, spec, rec, false)
	return t.Engine.Replace(ctx, spec, rec)
}

func (t tracer) Find(ctx context.Context, spec storage.Spec, q storage.Query, each func(storage.Found) error) error {
	t.note(ctx, step{spec: spec, many: true, query: q})
	return t.Engine.Find(ctx, spec, q, each)
}

func (t tracer) Count(ctx context.Context, spec storage.Spec, q storage.Query) (int64, error) {
	t.note(ctx, step{spec: spec, many: true, query: q})
	return t.Engine.Count(ctx, spec, q)
}

// least leaves what nobody could do without: each document of the transaction is read once and written once, in its last form.
func (sc *script) least() {
	type doc struct{ collection, id string }
	read, last, fresh := map[doc]bool{}, map[doc]int{}, map[doc]bool{}
	for i, s := range sc.inside {
		if s.write {
			d := doc{s.spec.Name, s.id}
			last[d] = i
			fresh[d] = fresh[d] || s.fresh
		}
	}
	var out []step
	for i, s := range sc.inside {
		d := doc{s.spec.Name, s.id}
		switch {
		case s.write && last[d] == i:
			s.fresh = fresh[d]
			out = append(out, s)
		case !s.write && s.many:
			out = append(out, s)
		case !s.write && !read[d]:
			read[d] = true
			out = append(out, s)
		}
	}
	sc.inside = out
}

// counts gives how many reads and writes a booking is.
func (sc *script) counts() (reads, writes int) {
	reads = len(sc.before)
	for _, s := range sc.inside {
		if s.write {
			writes++
		} else {
			reads++
		}
	}
	return reads, writes
}
