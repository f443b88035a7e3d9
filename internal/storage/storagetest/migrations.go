package storagetest

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/orynda/orynda/internal/storage"
)

// migrations is kept apart from the shared stores, because the record of migrations is one collection a store.
func migrations(t *testing.T, open func(t *testing.T) storage.Engine) {
	for _, c := range []check{
		{"ensure twice", ensureTwice},
		{"ensure from eight at once", ensureAtOnce},
		{"a new key on a filled collection", newKey},
		{"rekey in batches", rekeyBatches},
		{"migrate once", migrateOnce},
		{"a failed step runs again", migrateAgain},
		{"migrate from several at once", migrateAtOnce},
	} {
		t.Run(c.name, func(t *testing.T) { c.run(t, open(t)) })
	}
}

func ensureTwice(t *testing.T, e storage.Engine) {
	c := newThings(t, e)
	insert(t, c, &thing{ID: "a", Serial: "1"})
	must(t, storage.Ensure(t.Context(), e, c.Spec(), c.Spec()))
	wantCount(t, c, 1)
	wantConflict(t, c.Insert(t.Context(), &thing{ID: "b", Serial: "1"}), c, "one_serial")
}

func ensureAtOnce(t *testing.T, e storage.Engine) {
	specs := []storage.Spec{thingSpec(), thingSpec(), thingSpec()}
	var all errgroup.Group
	for i := range 8 {
		all.Go(func() error {
			if err := storage.Ensure(t.Context(), e, specs...); err != nil {
				return err
			}
			return storage.Open[thing](e, specs[0]).Insert(t.Context(), &thing{ID: number(i)}) // who is done may use it
		})
	}
	must(t, all.Wait())
	c := storage.Open[thing](e, specs[0])
	wantCount(t, c, 8)
	insert(t, c, &thing{ID: "a", Serial: "1"})
	wantConflict(t, c.Insert(t.Context(), &thing{ID: "b", Serial: "1"}), c, "one_serial")
}

// younger is the declaration before most of its keys.
func younger(spec storage.Spec) storage.Spec {
	return storage.Spec{Name: spec.Name, Keys: []storage.Key{{Name: "group"}}, Indexes: []storage.Index{{Name: "old", Keys: []string{"group"}}}}
}

// newKey takes a filled collection from the younger declaration to the full one.
func newKey(t *testing.T, e storage.Engine) {
	spec := thingSpec()
	old := collection[plain](t, e, younger(spec))
	for i, tag := range []string{"x", "y", "x"} {
		must(t, old.Insert(t.Context(), &plain{ID: number(i), Group: "g", Rank: int64(i), Tags: []string{tag}, Serial: number(i)}))
	}
	c := collection[thing](t, e, spec)
	wantCount(t, c, 3, storage.Absent("rank"), storage.Absent("tags"), storage.Absent("serial"), storage.Eq("group", "g"))
	must(t, c.Rekey(t.Context()))
	wantCount(t, c, 0, storage.Absent("rank"))
	wantCount(t, c, 2, storage.Gte("rank", 1))
	wantCount(t, c, 2, storage.Has("tags", "x"))
	wantConflict(t, c.Insert(t.Context(), &thing{ID: "new", Serial: number(1)}), c, "one_serial")
	if got := get(t, c, number(2)); got.Rank != 2 || got.Tags[0] != "x" || got.Group != "g" {
		t.Errorf("rekeyed to %+v", got)
	}
	must(t, c.Rekey(t.Context())) // may be repeated
	wantCount(t, c, 3)
}

// plain is thing when it had one key.
type plain struct {
	ID      string   `json:"id"`
	Version int64    `json:"version"`
	Group   string   `json:"group"`
	Rank    int64    `json:"rank"`
	Tags    []string `json:"tags"`
	Serial  string   `json:"serial"`
}

// Identity implements storage.Document.
func (d *plain) Identity() (string, *int64) { return d.ID, &d.Version }

// Keys implements storage.Document.
func (d *plain) Keys() storage.Keys { return storage.Keys{"group": d.Group} }

// rekeyBatches has more documents than a batch, exactly two batches, and one that somebody changes meanwhile.
func rekeyBatches(t *testing.T, e storage.Engine) {
	const n = 400
	spec := thingSpec()
	old := collection[plain](t, e, younger(spec))
	must(t, e.Tx(patient(t), func(ctx context.Context) error {
		for i := range n {
			if err := old.Insert(ctx, &plain{ID: number(i), Rank: int64(i)}); err != nil {
				return err
			}
		}
		return nil
	}))
	c := collection[thing](t, e, spec)
	must(t, c.Rekey(t.Context()))
	wantCount(t, c, n, storage.Gte("rank", 0))
}

// steps makes migrations that count their runs; the one called failing fails the first time.
func steps(runs *[]string, failing string) []storage.Migration {
	failed := false
	var out []storage.Migration
	for _, id := range []string{"0001_first", "0002_second", "0003_third"} {
		out = append(out, storage.Migration{ID: id, Up: func(context.Context) error {
			*runs = append(*runs, id)
			if id == failing && !failed {
				failed = true
				return errAbandoned
			}
			return nil
		}})
	}
	return out
}

func migrateOnce(t *testing.T, e storage.Engine) {
	var runs []string
	all := steps(&runs, "")
	now := time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC)
	must(t, storage.Migrate(t.Context(), e, now, all[:2]))
	must(t, storage.Migrate(t.Context(), e, now, all[:2]))
	must(t, storage.Migrate(t.Context(), e, now, all))
	if want := []string{"0001_first", "0002_second", "0003_third"}; !slices.Equal(runs, want) {
		t.Errorf("ran %v, want %v", runs, want)
	}
}

func migrateAgain(t *testing.T, e storage.Engine) {
	var runs []string
	all := steps(&runs, "0002_second")
	now := time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC)
	err := storage.Migrate(t.Context(), e, now, all)
	if !errors.Is(err, errAbandoned) || !strings.Contains(err.Error(), "0002_second") {
		t.Errorf("error %v, want the step's own with its name", err)
	}
	must(t, storage.Migrate(t.Context(), e, now, all))
	if want := []string{"0001_first", "0002_second", "0002_second", "0003_third"}; !slices.Equal(runs, want) {
		t.Errorf("ran %v, want %v", runs, want)
	}
}

func migrateAtOnce(t *testing.T, e storage.Engine) {
	var runs atomic.Int64
	step := storage.Migration{ID: "0001", Up: func(context.Context) error { runs.Add(1); return nil }}
	now := time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC)
	var all errgroup.Group
	for range 4 {
		all.Go(func() error { return storage.Migrate(t.Context(), e, now, []storage.Migration{step}) })
	}
	must(t, all.Wait())
	before := runs.Load()
	must(t, storage.Migrate(t.Context(), e, now, []storage.Migration{step}))
	if before < 1 || runs.Load() != before {
		t.Errorf("ran %d times, then %d", before, runs.Load()-before)
	}
}
