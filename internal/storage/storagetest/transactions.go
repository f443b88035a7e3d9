package storagetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/storage"
)

func transactions(t *testing.T, open func(t *testing.T) storage.Engine) {
	runAll(t, open, []check{
		{"commit", commits},
		{"not seen before the commit", isolation},
		{"rollback on error", rollbackOnError},
		{"rollback on panic", rollbackOnPanic},
		{"nested transactions are one", joins},
		{"nested error rolls back all", nestedError},
		{"nested panic rolls back all", nestedPanic},
		{"a conflict dooms", conflictDooms},
		{"staleness dooms", stalenessDooms},
		{"a document too large dooms", tooLargeDooms},
		{"absence does not doom", absenceDoesNotDoom},
		{"an early stop does not doom", earlyStopDoesNotDoom},
		{"cancel rolls back", cancelRollsBack},
		{"the deadline is busy", deadlineIsBusy},
		{"run again sees the first one's result", runAgain},
		{"lock keeps others out", lockKeepsOut},
		{"lock or new", lockOrNew},
		{"a context kept past the end", keptContext},
		{"many writes", manyWrites},
	})
}

func commits(t *testing.T, e storage.Engine) {
	c := newThings(t, e)
	insert(t, c, &thing{ID: "old", Rank: 1}, &thing{ID: "gone"})
	if e.InTx(t.Context()) {
		t.Error("a plain context is taken for a transaction")
	}
	must(t, e.Tx(t.Context(), func(ctx context.Context) error {
		if !e.InTx(ctx) {
			t.Error("the context of a transaction isn't known")
		}
		old, err := c.Lock(ctx, "old")
		if err != nil {
			return err
		}
		old.Rank = 2
		if err := errors.Join(c.Save(ctx, old), c.Insert(ctx, &thing{ID: "new", Rank: 2}), c.Delete(ctx, "gone")); err != nil {
			return err
		}
		return seesOwnWrites(ctx, t, c)
	}))
	wantCount(t, c, 2, storage.Eq("rank", 2))
	wantCount(t, c, 2)
	if got := get(t, c, "old"); got.Version != 2 {
		t.Errorf("version %d after one save, want 2: a lock is no edit", got.Version)
	}
}

func seesOwnWrites(ctx context.Context, t *testing.T, c *things) error {
	n, err := c.Count(ctx, storage.Where(storage.Eq("rank", 2)))
	if err != nil {
		return err
	}
	found, err := c.Find(ctx, storage.Where(storage.Eq("rank", 2)))
	if err != nil {
		return err
	}
	if n != 2 || len(found) != 2 {
		t.Errorf("a transaction counts %d and finds %d of its own 2 writes", n, len(found))
	}
	if _, err := c.Get(ctx, "gone"); !storage.IsNotFound(err) {
		t.Errorf("a transaction still finds what it deleted: %v", err)
	}
	return nil
}

func isolation(t *testing.T, e storage.Engine) {
	c := newThings(t, e)
	insert(t, c, &thing{ID: "a", Note: "before"})
	outside := t.Context()
	must(t, e.Tx(t.Context(), func(ctx context.Context) error {
		d, err := c.Lock(ctx, "a")
		if err != nil {
			return err
		}
		d.Note = "after"
		if err := errors.Join(c.Save(ctx, d), c.Insert(ctx, &thing{ID: "b"})); err != nil {
			return err
		}
		if seen, err := c.Get(outside, "a"); err != nil || seen.Note != "before" {
			t.Errorf("outside, before the commit: %+v, %v", seen, err)
		}
		if _, err := c.Get(outside, "b"); !storage.IsNotFound(err) {
			t.Errorf("outside, before the commit, the new document: %v", err)
		}
		return nil
	}))
	if got := get(t, c, "a"); got.Note != "after" {
		t.Errorf("outside, after the commit: %+v", got)
	}
}

func rollbackOnError(t *testing.T, e storage.Engine) {
	c := newThings(t, e)
	insert(t, c, &thing{ID: "a", Note: "kept"}, &thing{ID: "b"})
	err := e.Tx(t.Context(), func(ctx context.Context) error {
		d, err := c.Get(ctx, "a")
		if err != nil {
			return err
		}
		d.Note = "lost"
		if err := errors.Join(c.Save(ctx, d), c.Delete(ctx, "b"), c.Insert(ctx, &thing{ID: "c", Tags: []string{"x"}})); err != nil {
			return err
		}
		return errAbandoned
	})
	if !errors.Is(err, errAbandoned) {
		t.Errorf("error %v, want the function's own", err)
	}
	if got := get(t, c, "a"); got.Note != "kept" || got.Version != 1 {
		t.Errorf("rolled back to %+v", got)
	}
	wantCount(t, c, 2)
	wantCount(t, c, 0, storage.Has("tags", "x"))
}

func rollbackOnPanic(t *testing.T, e storage.Engine) {
	c := newThings(t, e)
	func() {
		defer func() {
			if got := recover(); got != "stop" {
				t.Errorf("recovered %v, want the function's own panic", got)
			}
		}()
		_ = e.Tx(t.Context(), func(ctx context.Context) error {
			if err := c.Insert(ctx, &thing{ID: "a"}); err != nil {
				t.Error(err)
			}
			panic("stop")
		})
	}()
	wantCount(t, c, 0)
	insert(t, c, &thing{ID: "a"}) // nothing is held any more
}

func joins(t *testing.T, e storage.Engine) {
	c := newThings(t, e)
	outside := t.Context()
	must(t, e.Tx(t.Context(), func(ctx context.Context) error {
		if err := c.Insert(ctx, &thing{ID: "a"}); err != nil {
			return err
		}
		err := e.Tx(ctx, func(ctx context.Context) error {
			if _, err := c.Get(ctx, "a"); err != nil {
				t.Errorf("inside, the outer one's write: %v", err)
			}
			return c.Insert(ctx, &thing{ID: "b"})
		})
		if err != nil {
			return err
		}
		if _, err := c.Get(outside, "b"); !storage.IsNotFound(err) {
			t.Errorf("the end of the inner one committed: %v", err)
		}
		_, err = c.Get(ctx, "b")
		return err
	}))
	wantCount(t, c, 2)
}

func nestedError(t *testing.T, e storage.Engine) {
	c := newThings(t, e)
	err := e.Tx(t.Context(), func(ctx context.Context) error {
		if err := c.Insert(ctx, &thing{ID: "a"}); err != nil {
			return err
		}
		_ = e.Tx(ctx, func(ctx context.Context) error { // the mistake: going on after a failure
			if err := c.Insert(ctx, &thing{ID: "b"}); err != nil {
				return err
			}
			return errAbandoned
		})
		return nil
	})
	if err == nil {
		t.Error("a transaction whose inner one failed commits")
	}
	wantCount(t, c, 0)
}

func nestedPanic(t *testing.T, e storage.Engine) {
	c := newThings(t, e)
	err := e.Tx(t.Context(), func(ctx context.Context) error {
		defer func() { _ = recover() }()
		return e.Tx(ctx, func(ctx context.Context) error {
			if err := c.Insert(ctx, &thing{ID: "a"}); err != nil {
				return err
			}
			panic("stop")
		})
	})
	if err == nil {
		t.Error("a transaction whose inner one panicked commits")
	}
	wantCount(t, c, 0)
}

// dooms runs a failing statement and goes on as if nothing had happened.
func dooms(t *testing.T, e storage.Engine, c *things, failing func(ctx context.Context) error) {
	t.Helper()
	before, err := c.Count(t.Context(), storage.Query{})
	must(t, err)
	err = e.Tx(t.Context(), func(ctx context.Context) error {
		if err := c.Insert(ctx, &thing{ID: "doomed"}); err != nil {
			return err
		}
		if err := failing(ctx); err == nil {
			t.Error("the statement succeeds")
		}
		if _, err := c.Get(ctx, "doomed"); err == nil || storage.IsNotFound(err) {
			t.Errorf("a later read in a doomed transaction gives %v, want a failure", err)
		}
		if _, err := c.Find(ctx, storage.Query{}); err == nil {
			t.Error("a later search in a doomed transaction succeeds")
		}
		if err := c.Insert(ctx, &thing{ID: "later"}); err == nil {
			t.Error("a later write in a doomed transaction succeeds")
		}
		return nil
	})
	if err == nil {
		t.Error("a doomed transaction commits")
	}
	wantCount(t, c, before)
}

func conflictDooms(t *testing.T, e storage.Engine) {
	c := newThings(t, e)
	insert(t, c, &thing{ID: "a", Serial: "1"})
	dooms(t, e, c, func(ctx context.Context) error { return c.Insert(ctx, &thing{ID: "b", Serial: "1"}) })
	dooms(t, e, c, func(ctx context.Context) error { return c.Insert(ctx, &thing{ID: "a"}) })
	err := e.Tx(t.Context(), func(ctx context.Context) error { return c.Insert(ctx, &thing{ID: "b", Serial: "1"}) })
	wantConflict(t, err, c, "one_serial") // returned, it arrives as it is
}

func stalenessDooms(t *testing.T, e storage.Engine) {
	c := newThings(t, e)
	old := &thing{ID: "a"}
	insert(t, c, old)
	must(t, c.Save(t.Context(), get(t, c, "a")))
	dooms(t, e, c, func(ctx context.Context) error { return c.Save(ctx, old) })
	wantStale(t, e.Tx(t.Context(), func(ctx context.Context) error { return c.Save(ctx, old) }))
}

func absenceDoesNotDoom(t *testing.T, e storage.Engine) {
	c := newThings(t, e)
	must(t, e.Tx(t.Context(), func(ctx context.Context) error {
		_, err := c.Get(ctx, "nobody")
		wantNotFound(t, err)
		_, err = c.Lock(ctx, "nobody")
		wantNotFound(t, err)
		_, err = c.First(ctx, storage.Where(storage.Eq("group", "g")))
		wantNotFound(t, err)
		wantNotFound(t, c.Delete(ctx, "nobody"))
		wantNotFound(t, c.Save(ctx, &thing{ID: "nobody", Version: 3}))
		wantNotFound(t, e.Tx(ctx, func(context.Context) error { return storage.ErrNotFound() }))
		return c.Insert(ctx, &thing{ID: "a"})
	}))
	wantCount(t, c, 1)
}

func earlyStopDoesNotDoom(t *testing.T, e storage.Engine) {
	c := newThings(t, e)
	insert(t, c, &thing{ID: "a"}, &thing{ID: "b"})
	must(t, e.Tx(t.Context(), func(ctx context.Context) error {
		if _, err := c.First(ctx, storage.Query{}); err != nil {
			return err
		}
		err := c.Each(ctx, storage.Query{}, func(*thing) error { return errAbandoned })
		if !errors.Is(err, errAbandoned) {
			t.Errorf("each gave %v", err)
		}
		return c.Insert(ctx, &thing{ID: "c"})
	}))
	wantCount(t, c, 3)
}

func cancelRollsBack(t *testing.T, e storage.Engine) {
	c := newThings(t, e)
	ctx, cancel := context.WithCancel(t.Context())
	wantBusy(t, e.Tx(ctx, func(ctx context.Context) error {
		if err := c.Insert(ctx, &thing{ID: "a"}); err != nil {
			return err
		}
		cancel()
		_, err := c.Get(ctx, "a")
		return err
	}))
	ctx, cancel = context.WithCancel(t.Context())
	wantBusy(t, e.Tx(ctx, func(ctx context.Context) error {
		defer cancel() // the caller is gone before the commit
		return c.Insert(ctx, &thing{ID: "a"})
	}))
	wantCount(t, c, 0)
	insert(t, c, &thing{ID: "a"}) // nothing is held any more
}

// holding runs a transaction that holds document id until release is called, which waits for its end.
func holding(t *testing.T, e storage.Engine, c *things, id string, change func(d *thing)) (release func()) {
	t.Helper()
	held, let, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		first := true
		done <- e.Tx(t.Context(), func(ctx context.Context) error {
			d, err := c.Lock(ctx, id)
			if err != nil {
				return err
			}
			if first { // it may run again
				first = false
				close(held)
			}
			<-let
			change(d)
			return c.Save(ctx, d)
		})
	}()
	select {
	case <-held:
	case err := <-done:
		t.Fatal("the lock that others shall wait for: ", err)
	}
	return func() {
		close(let)
		if err := <-done; err != nil {
			t.Errorf("the holder of the lock: %v", err)
		}
	}
}

func deadlineIsBusy(t *testing.T, e storage.Engine) {
	c := newThings(t, e)
	insert(t, c, &thing{ID: "a"})
	release := holding(t, e, c, "a", func(d *thing) { d.Note = "holder" })
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	start := time.Now()
	wantBusy(t, e.Tx(ctx, func(ctx context.Context) error {
		d, err := c.Lock(ctx, "a")
		if err != nil {
			return err
		}
		return c.Save(ctx, d)
	}))
	if waited := time.Since(start); waited < 200*time.Millisecond || waited > 10*time.Second {
		t.Errorf("busy after %v, want about the 300 ms of the deadline", waited)
	}
	release()
	if got := get(t, c, "a"); got.Note != "holder" || got.Version != 2 {
		t.Errorf("stored %+v", got)
	}
}

func runAgain(t *testing.T, e storage.Engine) {
	c := newThings(t, e)
	insert(t, c, &thing{ID: "a", Rank: 1})
	release := holding(t, e, c, "a", func(d *thing) { d.Rank += 10 })
	started, done := make(chan struct{}, 1), make(chan error, 1)
	go func() {
		started <- struct{}{}
		done <- e.Tx(patient(t), func(ctx context.Context) error {
			d, err := c.Get(ctx, "a") // no lock: even so the write is of what was read
			if err != nil {
				return err
			}
			d.Rank += 100
			return c.Save(ctx, d)
		})
	}()
	<-started
	time.Sleep(100 * time.Millisecond)
	release()
	must(t, <-done)
	if got := get(t, c, "a"); got.Rank != 111 || got.Version != 3 {
		t.Errorf("rank %d of version %d, want both changes: 111 of version 3", got.Rank, got.Version)
	}
}

func lockKeepsOut(t *testing.T, e storage.Engine) {
	c := newThings(t, e)
	insert(t, c, &thing{ID: "a", Note: "x"})
	release := holding(t, e, c, "a", func(d *thing) { d.Note += " holder" })
	done := make(chan error, 1)
	go func() {
		_, err := c.Get(t.Context(), "a") // a plain read waits for nobody
		if err == nil {
			err = c.Delete(t.Context(), "a") // a plain write does
		}
		done <- err
	}()
	select {
	case err := <-done:
		t.Errorf("a locked document was deleted under its holder: %v", err)
		done <- err
	case <-time.After(200 * time.Millisecond):
	}
	release()
	must(t, <-done)
	wantCount(t, c, 0)
}

func lockOrNew(t *testing.T, e storage.Engine) {
	c := newThings(t, e)
	use := func() error {
		return e.Tx(t.Context(), func(ctx context.Context) error {
			d, err := c.LockOrNew(ctx, "a", &thing{ID: "a", Group: "g", Rank: 10, Tags: []string{"x"}})
			if err != nil {
				return err
			}
			d.Rank++
			return c.Save(ctx, d)
		})
	}
	must(t, use())
	must(t, use())
	if got := get(t, c, "a"); got.Rank != 12 || got.Group != "g" || got.Version != 3 {
		t.Errorf("stored %+v, want rank 12 of version 3: made once, saved twice", got)
	}
	wantCount(t, c, 1, storage.Has("tags", "x"), storage.Eq("rank", 12))
	err := e.Tx(t.Context(), func(ctx context.Context) error {
		if _, err := c.LockOrNew(ctx, "b", &thing{ID: "b"}); err != nil {
			return err
		}
		return errAbandoned
	})
	if !errors.Is(err, errAbandoned) {
		t.Error(err)
	}
	wantCount(t, c, 1)
	insert(t, c, &thing{ID: "c", Serial: "1"})
	err = e.Tx(t.Context(), func(ctx context.Context) error {
		_, err := c.LockOrNew(ctx, "d", &thing{ID: "d", Serial: "1"})
		return err
	})
	wantConflict(t, err, c, "one_serial")
}

func keptContext(t *testing.T, e storage.Engine) {
	c := newThings(t, e)
	var kept context.Context
	must(t, e.Tx(t.Context(), func(ctx context.Context) error {
		kept = ctx
		return c.Insert(ctx, &thing{ID: "a"})
	}))
	if _, err := c.Get(kept, "a"); err == nil {
		t.Error("a read in an ended transaction succeeds")
	}
	if err := c.Insert(kept, &thing{ID: "b"}); err == nil {
		t.Error("a write in an ended transaction succeeds")
	}
	wantCount(t, c, 1)
}

func manyWrites(t *testing.T, e storage.Engine) {
	c := newThings(t, e)
	must(t, e.Tx(patient(t), func(ctx context.Context) error {
		for i := range 500 {
			if err := c.Insert(ctx, &thing{ID: number(i), Rank: int64(i), Tags: []string{"x", "y"}}); err != nil {
				return err
			}
		}
		return nil
	}))
	wantCount(t, c, 500, storage.Has("tags", "y"))
}
