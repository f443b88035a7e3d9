package embedded_test

import (
	"bytes"
	"context"
	"io"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/indexing"
	"github.com/orynda/orynda/internal/search"
	"github.com/orynda/orynda/internal/search/embedded"
	"github.com/orynda/orynda/internal/search/golden"
	"github.com/orynda/orynda/internal/search/searchtest"
)

// BenchmarkSnapshot measures an index over the places that the golden questions are asked on: made of documents, written, read back, its memory both
// ways, and how long a search and a write wait while it is written.
func BenchmarkSnapshot(b *testing.B) {
	ref, err := directory.LoadReference()
	ok(b, err)
	lexicon := indexing.Lexicon(ref)
	docs := golden.Corpus(b, ref, searchtest.BenchPlaces())
	before := heap()
	e := embedded.New(lexicon)
	begun := time.Now()
	ok(b, e.Rebuild(b.Context(), all(docs)))
	took, size := time.Since(begun), e.Size()
	b.Logf("%d places, %d words: built in %s, %d MB of heap, %d MB by its own count", size.Places, size.Words, took.Round(time.Millisecond),
		(heap()-before)>>20, size.Bytes>>20)

	var file bytes.Buffer
	ok(b, e.Snapshot(&file, ""))
	before = heap()
	second := embedded.New(lexicon)
	ok(b, second.Restore(b.Context(), bytes.NewReader(file.Bytes()), ""))
	b.Logf("snapshot of %d MB; read back: %d MB of heap, %d MB by its own count", file.Len()>>20, (heap()-before)>>20, second.Size().Bytes>>20)

	b.Run("write", func(b *testing.B) {
		for b.Loop() {
			ok(b, e.Snapshot(io.Discard, ""))
		}
	})
	b.Run("restore", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			ok(b, embedded.New(lexicon).Restore(b.Context(), bytes.NewReader(file.Bytes()), ""))
		}
	})
	b.Run("size", func(b *testing.B) {
		for b.Loop() {
			e.Size()
		}
	})
	search1 := func() error {
		_, err := e.Search(context.Background(), search.Query{Text: "слесарь", Facets: search.Facets()})
		return err
	}
	put := func() error { return e.Put(context.Background(), docs[:1]) }
	for name, do := range map[string]func() error{"search": search1, "put": put} {
		b.Run(name+" alone", func(b *testing.B) { waits(b, do) })
		b.Run(name+" while it is written", func(b *testing.B) {
			stop, written := make(chan struct{}), sync.WaitGroup{}
			written.Go(func() {
				for {
					select {
					case <-stop:
						return
					default:
						_ = e.Snapshot(io.Discard, "")
					}
				}
			})
			waits(b, do)
			close(stop)
			written.Wait()
		})
	}
}

func waits(b *testing.B, do func() error) {
	var times []time.Duration
	for b.Loop() {
		at := time.Now()
		ok(b, do())
		times = append(times, time.Since(at))
	}
	slices.Sort(times)
	b.ReportMetric(float64(times[len(times)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(times[len(times)*99/100].Microseconds()), "p99-µs")
	b.ReportMetric(float64(times[len(times)-1].Microseconds()), "max-µs")
}
