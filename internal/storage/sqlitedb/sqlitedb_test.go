package sqlitedb_test

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"

	"golang.org/x/sync/errgroup"

	"github.com/orynda/orynda/internal/storage"
	"github.com/orynda/orynda/internal/storage/sqlitedb"
	"github.com/orynda/orynda/internal/storage/storagetest"
)

// TestEngine proves the port's promises.
func TestEngine(t *testing.T) {
	storagetest.Run(t, func(t *testing.T) storage.Engine { return open(t, filepath.Join(t.TempDir(), "test.db")) })
}

func open(t *testing.T, path string) *sqlitedb.Engine {
	t.Helper()
	e, err := sqlitedb.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close(context.Background()) }) // a test may have closed it
	return e
}

// counter is the document of these tests.
type counter struct {
	ID      string `json:"id"`
	Version int64  `json:"version"`
	N       int    `json:"n"`
}

// Identity implements storage.Document.
func (c *counter) Identity() (string, *int64) { return c.ID, &c.Version }

// Keys implements storage.Document.
func (c *counter) Keys() storage.Keys { return nil }

// TestTwoPrograms has two engines on one file, as the command line beside the running server: they take turns, nothing is lost and
// nobody hears that the database is locked.
func TestTwoPrograms(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	engines := []storage.Engine{open(t, path), open(t, path)}
	spec := storage.Spec{Name: "counters"}
	const callers, rounds = 8, 10
	var all errgroup.Group
	for i := range callers {
		e := engines[i%2]
		all.Go(func() error {
			if err := e.Ensure(t.Context(), spec); err != nil {
				return fmt.Errorf("ensure: %w", err)
			}
			for range rounds {
				if err := count(t.Context(), e, storage.Open[counter](e, spec)); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := all.Wait(); err != nil {
		t.Fatal(err)
	}
	c, err := storage.Open[counter](engines[0], spec).Get(t.Context(), "c")
	if err != nil || c.N != callers*rounds {
		t.Errorf("counted %+v, %v, want %d", c, err, callers*rounds)
	}
}

// count reads before it writes: a transaction that began as a reader could not become a writer.
func count(ctx context.Context, e storage.Engine, counters *storage.Collection[counter, *counter]) error {
	return e.Tx(ctx, func(ctx context.Context) error {
		c, err := counters.LockOrNew(ctx, "c", &counter{ID: "c"})
		if err != nil {
			return err
		}
		c.N++
		return counters.Save(ctx, c)
	})
}

// The pulse is another one after each commit of this program or of another, and the same while nobody writes.
func TestPulse(t *testing.T) {
	path := filepath.Join(t.TempDir(), "p.db")
	engines := [2]*sqlitedb.Engine{open(t, path), open(t, path)}
	spec := storage.Spec{Name: "pulses"}
	if err := storage.Ensure(t.Context(), engines[0], spec); err != nil {
		t.Fatal(err)
	}
	pulse := func() int64 {
		n, ok := engines[0].Pulse(t.Context())
		if !ok {
			t.Fatal("no pulse")
		}
		return n
	}
	last := pulse()
	for i, writer := range []*sqlitedb.Engine{engines[0], engines[1], engines[0]} {
		if again := pulse(); again != last {
			t.Errorf("the pulse went from %d to %d while nobody wrote", last, again)
		}
		if err := writer.Insert(t.Context(), spec, storage.Record{ID: fmt.Sprint("p", i), Version: 1, Body: struct{}{}}); err != nil {
			t.Fatal(err)
		}
		if n := pulse(); n == last {
			t.Errorf("write %d isn't felt", i)
		} else {
			last = n
		}
	}
}
