package storagetest

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/orynda/orynda/internal/storage"
)

// bareQueries give ids and versions in the order of the query, and no way to a body.
func bareQueries(t *testing.T, e storage.Engine) {
	c, docs := dataset(t, e)
	saved := get(t, c, docs[0].ID)
	must(t, c.Save(t.Context(), saved))
	for _, q := range []storage.Query{
		storage.Where(storage.In(storage.KeyID, docs[0].ID, docs[9].ID, "nobody")), storage.Where(storage.Eq("group", "a")).ByDesc("rank").Take(3),
	} {
		whole, err := c.Find(t.Context(), q)
		must(t, err)
		q.Bare = true
		checked, err := c.Spec().Checked(q)
		must(t, err)
		var got []string
		versions := map[string]int64{}
		must(t, e.Find(t.Context(), c.Spec(), checked, func(f storage.Found) error {
			if f.Decode != nil {
				t.Error("a bare query gives bodies")
			}
			got, versions[f.ID] = append(got, f.ID), f.Version
			return nil
		}))
		if !slices.Equal(got, ids(whole)) {
			t.Errorf("%+v: %v, want %v", q, got, ids(whole))
		}
		for _, d := range whole {
			if versions[d.ID] != d.Version {
				t.Errorf("%s: version %d, want %d", d.ID, versions[d.ID], d.Version)
			}
		}
		if again, err := c.Find(t.Context(), q); err != nil || !slices.Equal(ids(again), ids(whole)) {
			t.Errorf("a collection's documents are whole: %v, %v", again, err)
		}
	}
}

// memory gives what is stored now, whoever wrote it, and keeps what it may.
func memory(t *testing.T, e storage.Engine) {
	c, ctx := newThings(t, e), t.Context()
	elsewhere := storage.Open[thing](e, c.Spec()) // another program on the same store
	insert(t, c, &thing{ID: "a", Note: "one"}, &thing{ID: "b"}, &thing{ID: "c"})
	m := storage.NewMemory(c, 2)
	read := func(ids ...string) map[string]*thing {
		t.Helper()
		got, err := m.GetMany(ctx, ids...)
		must(t, err)
		return got
	}
	first := read("a", "b", "nobody", "a")
	if len(first) != 2 || first["a"].Note != "one" || first["a"].Version != 1 {
		t.Fatalf("at first: %v", first)
	}
	if again := read("a"); again["a"] != first["a"] {
		t.Error("an unchanged document is decoded twice")
	}
	other := get(t, elsewhere, "a")
	other.Note = "two"
	must(t, elsewhere.Save(ctx, other))
	if now := read("a", "b"); now["a"].Note != "two" || now["a"].Version != 2 || now["b"] != first["b"] {
		t.Errorf("after a change elsewhere: %v", now)
	}
	must(t, elsewhere.Delete(ctx, "b"))
	if now := read("b"); len(now) != 0 {
		t.Errorf("a deleted document is given: %v", now)
	}
	if now := read("nobody"); len(now) != 0 {
		t.Errorf("nobody is there: %v", now)
	}
	insert(t, elsewhere, &thing{ID: "nobody", Note: "come"})
	if now := read("nobody"); len(now) != 1 || now["nobody"].Note != "come" {
		t.Errorf("a document that came after its absence was asked for: %v", now)
	}
	noted := storage.WithPulse(ctx, e)
	other.Note = "three"
	must(t, elsewhere.Save(ctx, other))
	if then, err := m.GetMany(noted, "a", "c"); err != nil || then["a"] == nil || then["c"] == nil {
		t.Errorf("with a pulse of before: %v, %v", then, err)
	}
	if now := read("a"); now["a"].Note != "three" {
		t.Errorf("what was read with a pulse of before is kept as the present: %v", now)
	}
	if got := read(); len(got) != 0 {
		t.Errorf("no ids give %v", got)
	}
}

// memoryRoom keeps no more than it was made for, and lets go of what was longest unused.
func memoryRoom(t *testing.T, e storage.Engine) {
	c := newThings(t, e)
	insert(t, c, &thing{ID: "a"}, &thing{ID: "b"}, &thing{ID: "c"})
	m := storage.NewMemory(c, 2)
	read := func(id string) *thing {
		t.Helper()
		got, err := m.GetMany(t.Context(), id)
		must(t, err)
		return got[id]
	}
	a, b := read("a"), read("b")
	if read("a") != a {
		t.Error("there was room for two")
	}
	read("c")
	if read("a") != a {
		t.Error("the last used one had to go")
	}
	if read("b") == b {
		t.Error("three are kept in room for two")
	}
}

// memoryInTx gives a transaction its own documents and keeps none of them: what it wrote may be rolled back, and its version come again.
func memoryInTx(t *testing.T, e storage.Engine) {
	c, ctx := newThings(t, e), t.Context()
	insert(t, c, &thing{ID: "a", Note: "before"})
	m := storage.NewMemory(c, 2)
	if _, err := m.GetMany(ctx, "a"); err != nil {
		t.Fatal(err)
	}
	rolledBack := errors.New("rolled back")
	err := e.Tx(ctx, func(ctx context.Context) error {
		doc, err := c.Lock(ctx, "a")
		if err != nil {
			return err
		}
		doc.Note = "never"
		if err := c.Save(ctx, doc); err != nil {
			return err
		}
		got, err := m.GetMany(ctx, "a")
		if err == nil && got["a"].Note != "never" {
			t.Errorf("a transaction reads %q, not what it wrote", got["a"].Note)
		}
		return errors.Join(rolledBack, err)
	})
	if !errors.Is(err, rolledBack) {
		t.Fatal(err)
	}
	doc := get(t, c, "a")
	doc.Note = "after"
	must(t, c.Save(ctx, doc))
	if got, err := m.GetMany(ctx, "a"); err != nil || got["a"].Note != "after" {
		t.Errorf("after a rollback: %v, %v", got["a"], err)
	}
}
