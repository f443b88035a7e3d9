package beside_test

import (
	"context"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/indexing"
	"github.com/orynda/orynda/internal/search"
	"github.com/orynda/orynda/internal/search/embedded"
	"github.com/orynda/orynda/internal/search/golden"
	"github.com/orynda/orynda/internal/search/searchtest"
)

// asked is how often each kind is asked of each engine, in turns; the first warmUp times aren't counted.
const asked, warmUp = 400, 20

// engine is one that is asked: by its name in the report.
type engine struct {
	name string
	ask  func(ctx context.Context, k kind, n int) (int, error)
}

// found asks the n-th question of a kind. An empty answer is an error: it costs next to nothing and would be measured as a fast one.
func (e engine) found(ctx context.Context, k kind, n int) error {
	total, err := e.ask(ctx, k, n)
	if err == nil && total == 0 {
		err = fmt.Errorf("%s finds nothing for %q (%s): ask something else, or have more places", e.name, k.nth(n), k.name)
	}
	return err
}

// BenchmarkBeside makes both indexes of the same places and asks both.
func BenchmarkBeside(b *testing.B) {
	engines := made(b)
	for _, k := range kinds() {
		b.Run(k.name, func(b *testing.B) {
			for b.Loop() {
				measure(b, k, engines)
			}
		})
	}
}

// made makes both indexes and reports what each costs. The places themselves are free to go when it returns.
func made(b *testing.B) []engine {
	b.Helper()
	ref, err := directory.LoadReference()
	must(b, err)
	docs := golden.Corpus(b, ref, searchtest.BenchPlaces())
	ours, costOurs := makeOurs(b, indexing.Lexicon(ref), docs)
	other, costBleve := makeBleve(b, docs)
	runtime.KeepAlive(docs) // else what is freed of them would be taken off the heap that an engine adds

	say("index of %d places\n  %-6s %s\n  %-6s %s, %d MB on disk", len(docs), ours.name, costOurs, other.name, costBleve, costBleve.disk>>20)
	b.Run("index", func(b *testing.B) {
		b.ReportMetric(0, "ns/op") // nothing is repeated here
		costOurs.report(b, ours.name)
		costBleve.report(b, other.name)
		b.ReportMetric(float64(costBleve.disk>>20), "MB-disk:"+other.name)
	})
	return []engine{ours, other}
}

func makeOurs(b *testing.B, lexicon *search.Lexicon, docs []search.Document) (engine, cost) {
	b.Helper()
	before, at := heap(), time.Now()
	e := embedded.New(lexicon)
	must(b, e.Rebuild(b.Context(), all(docs)))
	took := time.Since(at)
	has, err := e.Count(b.Context())
	must(b, err)
	mustHold(b, has, docs)
	return engine{"ours", askOurs(e)}, cost{took: took, heap: heap() - before}
}

func makeBleve(b *testing.B, docs []search.Document) (engine, cost) {
	b.Helper()
	dir := filepath.Join(b.TempDir(), "bleve")
	before, at := heap(), time.Now()
	e := newBleve(b, dir, docs)
	took := time.Since(at)
	has, err := e.DocCount()
	must(b, err)
	mustHold(b, int(has), docs)
	disk := settled(b, dir)
	return engine{"bleve", e.ask}, cost{took: took, heap: heap() - before, disk: disk}
}

// mustHold ends the run when an index lacks places.
func mustHold(b *testing.B, has int, docs []search.Document) {
	b.Helper()
	if has != len(docs) {
		b.Fatalf("the index holds %d of %d places", has, len(docs))
	}
}

func all(docs []search.Document) iter.Seq2[search.Document, error] {
	return func(yield func(search.Document, error) bool) {
		for _, d := range docs {
			if !yield(d, nil) {
				return
			}
		}
	}
}

// askOurs asks us for places with and without a free seat, because bleve is asked without that filter.
func askOurs(e *embedded.Engine) func(ctx context.Context, k kind, n int) (int, error) {
	return func(ctx context.Context, k kind, n int) (int, error) {
		q := k.ours
		q.Text, q.Full, q.Facets, q.PerPage = k.nth(n), search.FullInclude, k.groups(), search.DefaultPerPage
		res, err := e.Search(ctx, q)
		if err != nil {
			return 0, err
		}
		return res.Total, nil
	}
}

// cost is what making an index takes.
type cost struct {
	took time.Duration
	heap int64 // bytes added that are still held afterwards
	disk int64 // bytes
}

// String is for the report.
func (c cost) String() string {
	return fmt.Sprintf("%-8s %5d MB of heap", c.took.Round(10*time.Millisecond), c.heap>>20)
}

func (c cost) report(b *testing.B, name string) {
	b.Helper()
	b.ReportMetric(c.took.Seconds(), "s:"+name)
	b.ReportMetric(float64(c.heap>>20), "MB-heap:"+name)
}

// heap is what is held. It collects twice, because what pools keep goes with the second time only.
func heap() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// measure asks each engine in turns, so that both meet the same load of the machine, then each alone from 8 clients.
func measure(b *testing.B, k kind, engines []engine) {
	b.Helper()
	times := make([][]time.Duration, len(engines))
	for i := range warmUp + asked {
		for e, asking := range engines {
			at := time.Now()
			must(b, asking.found(b.Context(), k, i))
			if took := time.Since(at); i >= warmUp {
				times[e] = append(times[e], took)
			}
		}
	}
	lines := []string{k.name}
	for e, asking := range engines {
		slices.Sort(times[e])
		f := figures{p50: times[e][asked/2], p95: times[e][asked*95/100], p99: times[e][asked*99/100], rate: rate(b, k, asking)}
		f.report(b, asking.name)
		lines = append(lines, fmt.Sprintf("  %-6s p50 %-9s p95 %-9s p99 %-9s 8 clients %.0f/s", asking.name, rounded(f.p50), rounded(f.p95), rounded(f.p99), f.rate))
	}
	say("%s", strings.Join(lines, "\n"))
}

// figures are those of one engine and one kind of question.
type figures struct {
	p50, p95, p99 time.Duration
	rate          float64 // answers a second with 8 clients
}

func (f figures) report(b *testing.B, name string) {
	b.Helper()
	b.ReportMetric(0, "ns/op") // one turn of both means nothing
	b.ReportMetric(float64(f.p50.Microseconds()), "µs-p50:"+name)
	b.ReportMetric(float64(f.p95.Microseconds()), "µs-p95:"+name)
	b.ReportMetric(float64(f.p99.Microseconds()), "µs-p99:"+name)
	b.ReportMetric(f.rate, "/s:"+name)
}

// rate is how many answers a second 8 clients get together.
func rate(b *testing.B, k kind, e engine) float64 {
	b.Helper()
	const clients, period = 8, 2 * time.Second
	var answered atomic.Int64
	var group errgroup.Group
	at := time.Now()
	for c := range clients {
		group.Go(func() error {
			for i := c; time.Since(at) < period; i++ {
				if err := e.found(b.Context(), k, i); err != nil {
					return err
				}
				answered.Add(1)
			}
			return nil
		})
	}
	must(b, group.Wait())
	return float64(answered.Load()) / time.Since(at).Seconds()
}

func rounded(d time.Duration) time.Duration { return d.Round(10 * time.Microsecond) }

// say prints a line of the report whatever the verbosity.
func say(format string, args ...any) {
	_, _ = fmt.Fprintf(io.Writer(os.Stdout), "\n"+format+"\n", args...)
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}
