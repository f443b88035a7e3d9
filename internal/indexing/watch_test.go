package indexing

import (
	"testing"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/storage"
	"github.com/orynda/orynda/internal/storage/storagetest"
)

// A server that comes back without an index gets one, after a rebuild that failed too; one that is whole, or away, is left alone.
func TestServerWithoutIndexGetsOne(t *testing.T) {
	for _, engine := range storagetest.Engines(t) {
		t.Run(engine.Name, func(t *testing.T) {
			w := newWorld(t, engine.Open(t), 1, false)
			ctx, c := t.Context(), w.copies[0]
			id := w.publish(1)
			w.drain()
			jobs := Jobs(c.Service)
			if len(jobs) != 1 {
				t.Fatalf("%d jobs", len(jobs))
			}
			look := func() {
				t.Helper()
				w.must(jobs[0].Run(ctx, w.now))
				w.must(c.box.Drain(ctx))
			}
			count := func() int64 {
				t.Helper()
				n, err := c.requests.Count(ctx, storage.Query{})
				w.must(err)
				return n
			}
			look()
			w.shelf.ready = errs.New(errs.Unavailable, "search_unavailable")
			look()
			if n := count(); n != 0 {
				t.Errorf("%d rebuilds asked for a server that is whole, or away", n)
			}
			clear(w.shelf.docs)
			w.shelf.ready, w.shelf.fail = errs.New(errs.Unavailable, "search_not_built"), errRefused()
			look()
			if n := count(); n != 1 || len(w.shelf.docs) != 0 {
				t.Errorf("%d rebuilds, %d documents", n, len(w.shelf.docs))
			}
			w.shelf.fail = nil
			look()
			if _, in := w.shelf.docs[id]; !in || count() != 2 {
				t.Errorf("the place isn't in the index after %d rebuilds", count())
			}
		})
	}
	own := newWorld(t, storagetest.Engines(t)[0].Open(t), 1, true)
	if jobs := Jobs(own.copies[0].Service); len(jobs) != 0 {
		t.Errorf("%d jobs for an index in the process", len(jobs))
	}
}
