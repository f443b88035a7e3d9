package storagetest

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/storage"
)

func behaviour(t *testing.T, open func(t *testing.T) storage.Engine) {
	runAll(t, open, []check{
		{"insert and get", insertAndGet},
		{"absence is not found", absence},
		{"a taken id is a conflict", takenID},
		{"save compares versions", saveCompares},
		{"delete", deletes},
		{"unique index", uniqueIndex},
		{"unique index over two keys", uniquePair},
		{"unique values are free again", uniqueFreed},
		{"first and each", firstAndEach},
		{"find while writing", findWhileWriting},
		{"collections stay apart", collectionsApart},
		{"names may be reserved words", reservedWords},
		{"mistakes are errors", mistakes},
		{"a cancelled context is busy", cancelledContext},
		{"ids of every shape", oddIDs},
	})
	t.Run("close", func(t *testing.T) { closes(t, open(t)) })
	t.Run("two stores", func(t *testing.T) { twoStores(t, open(t), open(t)) })
}

func insertAndGet(t *testing.T, e storage.Engine) {
	c := newThings(t, e)
	d := &thing{ID: "a", Version: 7, Group: "g", Rank: 3, Tags: []string{"x", "y"}, Note: "text"}
	insert(t, c, d)
	if d.Version != 1 {
		t.Errorf("an inserted document has version %d, want 1", d.Version)
	}
	got := get(t, c, "a")
	if got.Version != 1 || got.Group != "g" || got.Rank != 3 || got.Note != "text" || !slices.Equal(got.Tags, d.Tags) {
		t.Errorf("got %+v, want %+v", got, d)
	}
}

func absence(t *testing.T, e storage.Engine) {
	c := newThings(t, e)
	d, err := c.Get(t.Context(), "nobody")
	wantNotFound(t, err)
	if d != nil {
		t.Errorf("an absent document is %+v, want nil", d)
	}
	wantNotFound(t, c.Delete(t.Context(), "nobody"))
	wantNotFound(t, c.Save(t.Context(), &thing{ID: "nobody", Version: 1}))
	_, err = c.First(t.Context(), storage.Where(storage.Eq("group", "nobody")))
	wantNotFound(t, err)
	wantNotFound(t, e.Tx(t.Context(), func(ctx context.Context) error {
		_, err := c.Lock(ctx, "nobody")
		return err
	}))
	wantCount(t, c, 0)
}

func takenID(t *testing.T, e storage.Engine) {
	c := newThings(t, e)
	insert(t, c, &thing{ID: "a", Note: "first"})
	second := &thing{ID: "a", Version: 5, Note: "second"}
	wantConflict(t, c.Insert(t.Context(), second), c, "id")
	if second.Version != 5 {
		t.Errorf("a refused insert changed the version to %d", second.Version)
	}
	if got := get(t, c, "a"); got.Note != "first" {
		t.Errorf("the first document was overwritten: %+v", got)
	}
}

func saveCompares(t *testing.T, e storage.Engine) {
	c := newThings(t, e)
	insert(t, c, &thing{ID: "a"})
	mine, theirs := get(t, c, "a"), get(t, c, "a")
	mine.Note = "mine"
	must(t, c.Save(t.Context(), mine))
	if mine.Version != 2 {
		t.Errorf("version %d after a save, want 2", mine.Version)
	}
	theirs.Note = "theirs"
	wantStale(t, c.Save(t.Context(), theirs))
	if theirs.Version != 1 {
		t.Errorf("a refused save changed the version to %d", theirs.Version)
	}
	if got := get(t, c, "a"); got.Note != "mine" || got.Version != 2 {
		t.Errorf("stored %+v, want the first save", got)
	}
	wantStale(t, c.Save(t.Context(), &thing{ID: "a", Version: 9})) // nor is a version that was never there
	mine.Note = "mine again"
	must(t, c.Save(t.Context(), mine)) // the version of the first save is enough to go on
}

func deletes(t *testing.T, e storage.Engine) {
	c := newThings(t, e)
	d := &thing{ID: "a", Group: "g", Tags: []string{"x"}}
	insert(t, c, d)
	must(t, c.Delete(t.Context(), "a"))
	_, err := c.Get(t.Context(), "a")
	wantNotFound(t, err)
	wantCount(t, c, 0, storage.Eq("group", "g"))
	wantCount(t, c, 0, storage.Has("tags", "x"))
	wantNotFound(t, c.Delete(t.Context(), "a"))
	wantNotFound(t, c.Save(t.Context(), d))
	insert(t, c, &thing{ID: "a"})
	wantCount(t, c, 0, storage.Has("tags", "x"))
}

func uniqueIndex(t *testing.T, e storage.Engine) {
	c := newThings(t, e)
	insert(t, c, &thing{ID: "a", Serial: "1"}, &thing{ID: "b", Serial: "2"}, &thing{ID: "c"}, &thing{ID: "d"})
	wantConflict(t, c.Insert(t.Context(), &thing{ID: "e", Serial: "1"}), c, "one_serial")
	_, err := c.Get(t.Context(), "e")
	wantNotFound(t, err)
	b := get(t, c, "b")
	b.Serial = "1"
	wantConflict(t, c.Save(t.Context(), b), c, "one_serial")
	if got := get(t, c, "b"); got.Serial != "2" || got.Version != 1 {
		t.Errorf("a refused save left %+v", got)
	}
	a := get(t, c, "a")
	must(t, c.Save(t.Context(), a)) // it doesn't collide with itself
	if storage.ConflictOn(nil, "one_serial") || storage.ConflictOn(errAbandoned, "one_serial") {
		t.Error("ConflictOn takes other errors for conflicts")
	}
}

func uniquePair(t *testing.T, e storage.Engine) {
	c := newThings(t, e)
	insert(t, c,
		&thing{ID: "a", Room: "r", Seat: 1}, &thing{ID: "b", Room: "r", Seat: 2}, &thing{ID: "c", Room: "s", Seat: 1},
		&thing{ID: "d", Room: "r"}, &thing{ID: "e", Room: "r"}, &thing{ID: "f", Seat: 1}, &thing{ID: "g", Seat: 1})
	wantConflict(t, c.Insert(t.Context(), &thing{ID: "h", Room: "r", Seat: 2}), c, "one_seat")
	wantConflict(t, c.Insert(t.Context(), &thing{ID: "h", Room: "r", Seat: 2, Serial: "new"}), c, "one_seat")
	d := get(t, c, "d")
	d.Seat = 2
	wantConflict(t, c.Save(t.Context(), d), c, "one_seat")
}

func uniqueFreed(t *testing.T, e storage.Engine) {
	c := newThings(t, e)
	a := &thing{ID: "a", Serial: "1", Room: "r", Seat: 1}
	insert(t, c, a)
	a.Serial, a.Seat = "", 0
	must(t, c.Save(t.Context(), a))
	insert(t, c, &thing{ID: "b", Serial: "1", Room: "r", Seat: 1})
	must(t, c.Delete(t.Context(), "b"))
	insert(t, c, &thing{ID: "c", Serial: "1", Room: "r", Seat: 1})
}

func firstAndEach(t *testing.T, e storage.Engine) {
	c := newThings(t, e)
	insert(t, c, &thing{ID: "a", Rank: 2}, &thing{ID: "b", Rank: 1}, &thing{ID: "c", Rank: 3})
	d, err := c.First(t.Context(), storage.Query{}.By("rank"))
	must(t, err)
	if d.ID != "b" || d.Version != 1 {
		t.Errorf("first by rank is %+v", d)
	}
	var seen []string
	err = c.Each(t.Context(), storage.Query{}, func(d *thing) error {
		seen = append(seen, d.ID)
		if d.ID == "b" {
			return errAbandoned
		}
		return nil
	})
	if !errors.Is(err, errAbandoned) || !slices.Equal(seen, []string{"a", "b"}) {
		t.Errorf("each gave %v and %v, want it to stop after b with its error", seen, err)
	}
}

// findWhileWriting writes outside a transaction from within a walk: a command that mends documents does that.
func findWhileWriting(t *testing.T, e storage.Engine) {
	c := newThings(t, e)
	for _, id := range []string{"a", "b", "c"} {
		insert(t, c, &thing{ID: id, Rank: 1})
	}
	must(t, c.Each(t.Context(), storage.Where(storage.Eq("rank", 1)), func(d *thing) error {
		d.Rank = 2
		return c.Save(t.Context(), d)
	}))
	wantCount(t, c, 3, storage.Eq("rank", 2))
}

func collectionsApart(t *testing.T, e storage.Engine) {
	one, two := newThings(t, e), newThings(t, e)
	insert(t, one, &thing{ID: "a", Serial: "1", Tags: []string{"x"}, Note: "one"})
	insert(t, two, &thing{ID: "a", Serial: "1", Tags: []string{"x"}, Note: "two"})
	must(t, one.Delete(t.Context(), "a"))
	if got := get(t, two, "a"); got.Note != "two" {
		t.Errorf("got %+v", got)
	}
	wantCount(t, two, 1, storage.Has("tags", "x"))
}

// keyword is a document whose names mean something to query languages.
type keyword struct {
	ID      string   `json:"id"`
	Version int64    `json:"version"`
	Order   string   `json:"order"`
	Group   []string `json:"group"`
}

// Identity implements storage.Document.
func (d *keyword) Identity() (string, *int64) { return d.ID, &d.Version }

// Keys implements storage.Document.
func (d *keyword) Keys() storage.Keys {
	return storage.Keys{"order": d.Order, "group": d.Group, "id": d.ID, "v": d.Version}
}

func reservedWords(t *testing.T, e storage.Engine) {
	spec := storage.Spec{
		Name:    "select",
		Keys:    []storage.Key{{Name: "order"}, {Name: "group", Kind: storage.Strings}, {Name: "id"}, {Name: "v", Kind: storage.Int}},
		Indexes: []storage.Index{{Name: "where", Keys: []string{"order"}, Unique: true}, {Name: "table", Keys: []string{"group"}}},
	}
	c := collection[keyword](t, e, spec)
	must(t, c.Insert(t.Context(), &keyword{ID: "a", Order: "by", Group: []string{"from"}}))
	found, err := c.Find(t.Context(), storage.Where(storage.Eq("order", "by"), storage.Has("group", "from"), storage.Eq("id", "a"), storage.Eq("v", 1)).By("order"))
	must(t, err)
	if len(found) != 1 {
		t.Errorf("found %d documents, want 1", len(found))
	}
	err = c.Insert(t.Context(), &keyword{ID: "b", Order: "by"})
	if !storage.ConflictOn(err, "where") {
		t.Errorf("error %v, want a conflict on where", err)
	}
}

func mistakes(t *testing.T, e storage.Engine) {
	c := newThings(t, e)
	insert(t, c, &thing{ID: "a"})
	if _, err := c.Lock(t.Context(), "a"); err == nil {
		t.Error("a lock outside a transaction is no error")
	}
	err := e.Tx(t.Context(), func(ctx context.Context) error {
		_, err := c.LockOrNew(ctx, "b", &thing{ID: "c"})
		return err
	})
	if err == nil {
		t.Error("making another document than the locked one is no error")
	}
	for _, q := range []storage.Query{
		storage.Where(storage.Eq("note", "x")), storage.Where(storage.Eq("rank", "x")), storage.Where(storage.Eq("tags", "x")),
		storage.Where(storage.Has("group", "x")), storage.Where(storage.Eq("group", 1)), storage.Where(storage.Eq("rank", nil)),
		storage.Query{}.By("tags"), storage.Query{}.By("note"),
	} {
		if _, err := c.Find(t.Context(), q); errs.KindOf(err) != errs.Internal || err == nil {
			t.Errorf("%+v: error %v, want an internal one", q, err)
		}
	}
}

func cancelledContext(t *testing.T, e storage.Engine) {
	c := newThings(t, e)
	insert(t, c, &thing{ID: "a"})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := c.Get(ctx, "a")
	wantBusy(t, err)
	_, err = c.Find(ctx, storage.Query{})
	wantBusy(t, err)
	_, err = c.Count(ctx, storage.Query{})
	wantBusy(t, err)
	wantBusy(t, c.Insert(ctx, &thing{ID: "b"}))
	wantBusy(t, c.Delete(ctx, "a"))
	wantBusy(t, e.Tx(ctx, func(ctx context.Context) error {
		return c.Insert(ctx, &thing{ID: "c"})
	}))
	wantCount(t, c, 1)
}

func oddIDs(t *testing.T, e storage.Engine) {
	c := newThings(t, e)
	for _, id := range []string{" ", "'", `"`, "a.b", "$set", "%", "қ", "a\nb", "😀", "A", "a", "null", "0", "00"} {
		insert(t, c, &thing{ID: id, Note: id, Tags: []string{"x"}})
		if got := get(t, c, id); got.ID != id || got.Note != id {
			t.Errorf("id %q came back as %q", id, got.ID)
		}
	}
	wantCount(t, c, 14, storage.Has("tags", "x"))
}

func closes(t *testing.T, e storage.Engine) {
	c := newThings(t, e)
	insert(t, c, &thing{ID: "a"})
	must(t, e.Close(t.Context()))
	if _, err := c.Get(t.Context(), "a"); err == nil || storage.IsNotFound(err) {
		t.Errorf("a read after Close gives %v, want a failure", err)
	}
	if err := c.Insert(t.Context(), &thing{ID: "b"}); err == nil {
		t.Error("a write after Close succeeds")
	}
	if err := e.Ping(t.Context()); err == nil {
		t.Error("a ping after Close succeeds")
	}
}

// twoStores uses one store inside a transaction of another, as moving data from one to another does.
func twoStores(t *testing.T, here, there storage.Engine) {
	spec := thingSpec()
	from, to := collection[thing](t, here, spec), collection[thing](t, there, spec)
	err := here.Tx(t.Context(), func(ctx context.Context) error {
		if there.InTx(ctx) {
			t.Error("a transaction of one store is taken for one of another")
		}
		insert := func(ctx context.Context) error { return to.Insert(ctx, &thing{ID: "b"}) }
		if err := errors.Join(from.Insert(ctx, &thing{ID: "a"}), to.Insert(ctx, &thing{ID: "a"}), there.Tx(ctx, insert)); err != nil {
			return err
		}
		return errAbandoned
	})
	if !errors.Is(err, errAbandoned) {
		t.Fatal(err)
	}
	wantCount(t, from, 0)
	wantCount(t, to, 2)
}
