package apptest

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/storage"
	"github.com/orynda/orynda/internal/storage/mongodb"
	"github.com/orynda/orynda/internal/storage/sqlitedb"
	"github.com/orynda/orynda/internal/storage/storagetest"
)

// clients is how many book at a time.
const clients = 64

// rounds is how often each side is measured, in turns; the medians are reported.
const rounds = 3

// BenchmarkBooking prints, for each engine, bookings per second through interviews.Service.Book at 64 clients beside the raw engine that reads and writes the
// same documents: each once, without rules and without encoding. The outbox doesn't deliver meanwhile.
func BenchmarkBooking(b *testing.B) {
	for _, c := range []struct {
		name  string
		stock stock
	}{
		{"many places", stock{places: 200, tickets: 800, capacity: 1}},
		{"one place", stock{places: 1, tickets: 300, capacity: 4}},
	} {
		for _, e := range benchEngines(b) {
			b.Run(c.name+"/"+e.name, func(b *testing.B) {
				for b.Loop() {
					benchBooking(b, e, c.name, c.stock)
				}
			})
		}
	}
}

// benchEngine makes empty stores of one kind.
type benchEngine struct {
	name string
	open func(tb testing.TB) (storage.Engine, func(tb testing.TB) rawEngine) // an empty store, and the raw way into it
}

func benchEngines(b *testing.B) []benchEngine {
	out := []benchEngine{{"sqlite", func(tb testing.TB) (storage.Engine, func(testing.TB) rawEngine) {
		path := filepath.Join(tb.TempDir(), "bench.db")
		e, err := sqlitedb.Open(tb.Context(), path)
		must(tb, err)
		tb.Cleanup(func() { _ = e.Close(context.Background()) })
		return e, func(tb testing.TB) rawEngine { return openRawSQLite(tb, path) }
	}}}
	return append(out, benchEngine{"mongodb", func(tb testing.TB) (storage.Engine, func(testing.TB) rawEngine) {
		uri := storagetest.DatabaseURI(tb)
		e, err := mongodb.Open(tb.Context(), uri)
		must(tb, err)
		tb.Cleanup(func() { _ = e.Close(context.Background()) })
		return e, func(tb testing.TB) rawEngine { return openRawMongoDB(tb, uri) }
	}})
}

func benchBooking(b *testing.B, e benchEngine, name string, s stock) {
	traced, _ := e.open(b)
	served, _ := e.open(b)
	plain, openRaw := e.open(b)
	tracing, serving := newDomains(b, tracer{traced}), newDomains(b, served)
	must(b, storage.Ensure(b.Context(), plain, benchSpecs()...))
	raw := openRaw(b)
	var served64, raw64 []figures
	var reads, writes int
	for round := range rounds {
		prefix := fmt.Sprintf("r%d", round)
		tickets := s.seed(b, traced, prefix)
		scripts := trace(b, tracing, tickets)
		s.seed(b, plain, prefix)
		s.seed(b, served, prefix)
		if m, ok := raw.(*rawMongoDB); ok {
			must(b, m.ready(scripts))
		}
		reads, writes = scripts[len(scripts)/2].counts()
		served64 = append(served64, drive(b, len(tickets), func(ctx context.Context, i int) error {
			_, err := serving.interviews.Book(ctx, tickets[i].student, tickets[i].slot, tickets[i].application)
			return err
		}))
		raw64 = append(raw64, drive(b, len(tickets), func(ctx context.Context, i int) error { return raw.play(ctx, scripts[i]) }))
	}
	report(b, fmt.Sprintf("booking, %s, %s (%d reads and %d writes each)", name, e.name, reads, writes), served64, raw64)
}

// trace makes every booking once and notes what it did.
func trace(b *testing.B, d *domains, tickets []ticket) []*script {
	b.Helper()
	scripts := make([]*script, len(tickets))
	for i := range scripts {
		scripts[i] = &script{}
	}
	drive(b, len(tickets), func(ctx context.Context, i int) error {
		_, err := d.interviews.Book(withScript(ctx, scripts[i]), tickets[i].student, tickets[i].slot, tickets[i].application)
		return err
	})
	for _, sc := range scripts {
		sc.least()
	}
	return scripts
}

// figures are one run's.
type figures struct {
	rate     float64 // per second
	p50, p99 time.Duration
}

// drive calls fn for 0 to n-1 from 64 clients.
func drive(tb testing.TB, n int, fn func(ctx context.Context, i int) error) figures {
	tb.Helper()
	times := make([]time.Duration, n)
	var next atomic.Int64
	var all sync.WaitGroup
	var failed atomic.Pointer[error]
	start := time.Now()
	for range clients {
		all.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= n || failed.Load() != nil {
					return
				}
				at := time.Now()
				if err := fn(tb.Context(), i); err != nil {
					failed.Store(&err)
					return
				}
				times[i] = time.Since(at)
			}
		})
	}
	all.Wait()
	took := time.Since(start)
	if err := failed.Load(); err != nil {
		tb.Fatal(*err)
	}
	return figuresOf(times, took)
}

func figuresOf(times []time.Duration, took time.Duration) figures {
	slices.Sort(times)
	return figures{rate: float64(len(times)) / took.Seconds(), p50: times[len(times)/2], p99: times[len(times)*99/100]}
}

// median takes each figure's own.
func median(list []figures) figures {
	mid := func(of func(f figures) float64) float64 {
		var v []float64
		for _, f := range list {
			v = append(v, of(f))
		}
		slices.Sort(v)
		return v[len(v)/2]
	}
	return figures{
		rate: mid(func(f figures) float64 { return f.rate }),
		p50:  time.Duration(mid(func(f figures) float64 { return float64(f.p50) })),
		p99:  time.Duration(mid(func(f figures) float64 { return float64(f.p99) })),
	}
}

// report prints one side by side with the other.
func report(b *testing.B, title string, ours, raw []figures) {
	o, r := median(ours), median(raw)
	say("%s\n  service  %s\n  raw      %s\n  rate %.0f %% of raw, p99 %.2f times raw's", title, o, r, 100*o.rate/r.rate, float64(o.p99)/float64(r.p99))
	b.ReportMetric(o.rate, "per-s")
	b.ReportMetric(r.rate, "raw-per-s")
	b.ReportMetric(100*o.rate/r.rate, "%-of-raw")
	b.ReportMetric(float64(o.p99)/float64(r.p99), "p99/raw")
}

func (f figures) String() string {
	return fmt.Sprintf("%7.0f/s  p50 %-9s p99 %s", f.rate, rounded(f.p50), rounded(f.p99))
}

func rounded(d time.Duration) time.Duration { return d.Round(10 * time.Microsecond) }

// say prints a line of the report whatever the verbosity.
func say(format string, args ...any) {
	_, _ = fmt.Fprintf(io.Writer(os.Stdout), "\n"+format+"\n", args...)
}
