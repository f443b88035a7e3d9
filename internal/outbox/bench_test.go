package outbox

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"testing"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/storage"
	"github.com/orynda/orynda/internal/storage/sqlitedb"
)

func benchBox(b *testing.B, handled int) (storage.Engine, *Box) {
	b.Helper()
	db, err := sqlitedb.Open(b.Context(), filepath.Join(b.TempDir(), "bench.db"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = db.Close(context.Background()) })
	if err := storage.Ensure(b.Context(), db, Specs()...); err != nil {
		b.Fatal(err)
	}
	run := func(context.Context, Event) error { return nil }
	box := New(db, cal.System(), slog.New(slog.DiscardHandler), Handler{Name: "h", Types: []string{"a.b"}, Run: run})
	benchEmit(b, db, box, handled)
	if err := box.Drain(b.Context()); err != nil {
		b.Fatal(err)
	}
	return db, box
}

// benchEmit emits n events of as many subjects.
func benchEmit(b *testing.B, db storage.Engine, box *Box, n int) {
	b.Helper()
	for done := 0; done < n; {
		err := db.Tx(b.Context(), func(ctx context.Context) error {
			for i := 0; i < 500 && done < n; i++ {
				if err := box.Emit(ctx, "a.b", fmt.Sprintf("sub_%d", done), nil); err != nil {
					return err
				}
				done++
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkIdlePoll is what an idle dispatcher does four times a second, beside 5,000 handled deliveries.
func BenchmarkIdlePoll(b *testing.B) {
	_, box := benchBox(b, 5000)
	for b.Loop() {
		if got, err := box.claim(b.Context(), box.allFree(perHandler), true); err != nil || len(got) != 0 {
			b.Fatal(got, err)
		}
	}
}

// BenchmarkEmit is what one event adds to a transaction.
func BenchmarkEmit(b *testing.B) {
	db, box := benchBox(b, 0)
	b.ResetTimer()
	benchEmit(b, db, box, b.N)
}

// BenchmarkDeliver is taking, running and settling, by delivery.
func BenchmarkDeliver(b *testing.B) {
	db, box := benchBox(b, 0)
	benchEmit(b, db, box, b.N)
	b.ResetTimer()
	if err := box.Drain(b.Context()); err != nil {
		b.Fatal(err)
	}
}
