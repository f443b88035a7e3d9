// Package storagetest proves that an engine keeps the promises of package storage, and gives all tests the engines to run on.
//
// [Run] is the conformance suite: behaviour, transactions, contention, values, queries, migrations. Every engine passes all of it; there is
// no way to leave a part out. [Engines] is for the tests of everything that is stored.
package storagetest

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/id"
	"github.com/orynda/orynda/internal/storage"
)

// Run runs the whole suite. open gives an empty store of its own to the test and closes it when the test ends.
func Run(t *testing.T, open func(t *testing.T) storage.Engine) {
	t.Run("behaviour", func(t *testing.T) { behaviour(t, open) })
	t.Run("transactions", func(t *testing.T) { transactions(t, open) })
	t.Run("contention", func(t *testing.T) { contention(t, open) })
	t.Run("values", func(t *testing.T) { values(t, open) })
	t.Run("queries", func(t *testing.T) { queries(t, open) })
	t.Run("migrations", func(t *testing.T) { migrations(t, open) })
	t.Run("model", func(t *testing.T) { model(t, open) })
}

// check is one named test on an engine that it may share with others, so it uses collections of its own.
type check struct {
	name string
	run  func(t *testing.T, e storage.Engine)
}

// runAll runs checks on one store.
func runAll(t *testing.T, open func(t *testing.T) storage.Engine, checks []check) {
	e := open(t)
	for _, c := range checks {
		t.Run(c.name, func(t *testing.T) { c.run(t, e) })
	}
}

// thing is the document of most tests: a key of each kind, a unique index over one key and one over two.
type thing struct {
	ID      string    `json:"id"`
	Version int64     `json:"version"`
	Group   string    `json:"group,omitempty"`
	Rank    int64     `json:"rank"`
	Done    bool      `json:"done"`
	At      time.Time `json:"at"`
	Tags    []string  `json:"tags,omitempty"`
	Serial  string    `json:"serial,omitempty"` // unique if there is one
	Room    string    `json:"room,omitempty"`   // unique together with Seat if both are there
	Seat    int64     `json:"seat,omitempty"`
	Note    string    `json:"note,omitempty"` // no key
}

// Identity implements storage.Document.
func (d *thing) Identity() (string, *int64) { return d.ID, &d.Version }

// Keys implements storage.Document.
func (d *thing) Keys() storage.Keys {
	k := storage.Keys{
		"group": d.Group, "rank": d.Rank, "done": d.Done, "at": d.At, "tags": d.Tags, "serial": d.Serial, "room": d.Room,
	}
	if d.Seat != 0 {
		k["seat"] = d.Seat
	}
	return k
}

// things is a collection of thing.
type things = storage.Collection[thing, *thing]

// thingSpec declares a collection under a name of its own.
func thingSpec() storage.Spec {
	return storage.Spec{
		Name: "things_" + strings.ToLower(id.Crockford(12)),
		Keys: []storage.Key{
			{Name: "group"}, {Name: "rank", Kind: storage.Int}, {Name: "done", Kind: storage.Int}, {Name: "at", Kind: storage.Int},
			{Name: "tags", Kind: storage.Strings}, {Name: "serial"}, {Name: "room"}, {Name: "seat", Kind: storage.Int},
		},
		Indexes: []storage.Index{
			{Name: "by_group", Keys: []string{"group", "rank"}},
			{Name: "by_tags", Keys: []string{"tags"}},
			{Name: "one_serial", Keys: []string{"serial"}, Unique: true},
			{Name: "one_seat", Keys: []string{"room", "seat"}, Unique: true},
		},
	}
}

// newThings makes an empty collection.
func newThings(t *testing.T, e storage.Engine) *things {
	t.Helper()
	return collection[thing](t, e, thingSpec())
}

// collection makes an empty collection of any document.
func collection[T any, P interface {
	*T
	storage.Document
}](t *testing.T, e storage.Engine, spec storage.Spec) *storage.Collection[T, P] {
	t.Helper()
	must(t, storage.Ensure(t.Context(), e, spec))
	return storage.Open[T, P](e, spec)
}

// insert stores documents.
func insert(t *testing.T, c *things, docs ...*thing) {
	t.Helper()
	for _, d := range docs {
		must(t, c.Insert(t.Context(), d))
	}
}

// get reads a document that must be there.
func get(t *testing.T, c *things, id string) *thing {
	t.Helper()
	d, err := c.Get(t.Context(), id)
	must(t, err)
	return d
}

// wantCount compares the number of documents.
func wantCount(t *testing.T, c *things, want int64, conds ...storage.Cond) {
	t.Helper()
	n, err := c.Count(t.Context(), storage.Where(conds...))
	must(t, err)
	if n != want {
		t.Errorf("%d documents match %v, want %d", n, conds, want)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// wantCode compares the kind and code of an error of the port.
func wantCode(t *testing.T, err error, kind errs.Kind, code string) {
	t.Helper()
	if errs.KindOf(err) != kind || errs.CodeOf(err) != code {
		t.Errorf("error %v of kind %d, want code %s of kind %d", err, errs.KindOf(err), code, kind)
	}
}

func wantNotFound(t *testing.T, err error) {
	t.Helper()
	wantCode(t, err, errs.NotFound, "document_not_found")
}

func wantStale(t *testing.T, err error) {
	t.Helper()
	wantCode(t, err, errs.Stale, "stale_version")
}

func wantBusy(t *testing.T, err error) {
	t.Helper()
	wantCode(t, err, errs.Unavailable, "busy")
}

func wantConflict(t *testing.T, err error, c *things, index string) {
	t.Helper()
	wantCode(t, err, errs.Conflict, "conflict")
	var conflict *storage.ConflictError
	if !errors.As(err, &conflict) || conflict.Index != index || conflict.Collection != c.Spec().Name {
		t.Errorf("error %v, want a conflict on index %s of %s", err, index, c.Spec().Name)
	}
}

// errAbandoned is what a function inside a transaction returns in order to roll back.
var errAbandoned = errors.New("abandoned")

// ids lists identifiers in order.
func ids(docs []*thing) []string {
	out := make([]string, len(docs))
	for i, d := range docs {
		out[i] = d.ID
	}
	return out
}

// patient bounds a contended call: far more than it needs, so that only a standstill reaches it.
func patient(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	t.Cleanup(cancel)
	return ctx
}
