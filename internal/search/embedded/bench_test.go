package embedded_test

import (
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/search"
	"github.com/orynda/orynda/internal/search/embedded"
	"github.com/orynda/orynda/internal/search/searchtest"
)

// widePlaces is how many places wide makes for benchmarks; more of them take too long to make.
const widePlaces = 20_000

// wide makes the corpus as wordy as real places: about 200 words each, many of them rare.
func wide(n int) []search.Document {
	docs := searchtest.Corpus(n)
	syllables := []string{"ба", "ке", "ту", "рол", "сы", "мен", "жар", "ды", "қос", "ла", "өн", "ші", "пра", "во", "га", "ник"}
	for i := range docs {
		r := rand.New(rand.NewPCG(uint64(i), 11))
		var b strings.Builder
		for range 90 {
			for range 2 + r.IntN(3) {
				b.WriteString(syllables[r.IntN(len(syllables))])
			}
			b.WriteByte(' ')
		}
		docs[i].Tasks.RU += " " + b.String()
	}
	return docs
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

func BenchmarkRebuild(b *testing.B) {
	docs := wide(widePlaces)
	for b.Loop() {
		if err := embedded.New(searchtest.Lexicon()).Rebuild(context.Background(), all(docs)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSearch(b *testing.B) {
	docs := wide(widePlaces)
	before := heap()
	e := embedded.New(searchtest.Lexicon())
	if err := e.Rebuild(context.Background(), all(docs)); err != nil {
		b.Fatal(err)
	}
	b.Logf("index of %d places: %d MB of heap", len(docs), (heap()-before)>>20)
	near := &search.Point{Lat: 49.8, Lon: 73.1}
	for _, c := range []struct {
		name string
		q    search.Query
	}{
		{"word", search.Query{Text: "токарь"}},
		{"word+facets", search.Query{Text: "токарь", Facets: search.Facets()}},
		{"prefix of 2", search.Query{Text: "эл", Facets: search.Facets()}},
		{"three words+filters+facets", search.Query{Text: "слесарь по ремонту", Regions: []string{"350000000"}, Levels: []string{"worker"},
			Facets: search.Facets()}},
		{"browse", search.Query{}},
		{"browse+facets", search.Query{Facets: search.Facets()}},
		{"browse page 500", search.Query{Page: 500}},
		{"radius+distance+facets", search.Query{Near: near, RadiusKM: 50, Sort: search.Distance, Facets: search.Facets()}},
		{"distance everywhere", search.Query{Near: near, Sort: search.Distance}},
	} {
		b.Run(c.name, func(b *testing.B) {
			times := make([]time.Duration, 0, b.N)
			for b.Loop() {
				at := time.Now()
				if _, err := e.Search(context.Background(), c.q); err != nil {
					b.Fatal(err)
				}
				times = append(times, time.Since(at))
			}
			slices.Sort(times)
			b.ReportMetric(float64(times[len(times)/2].Microseconds()), "p50-µs")
			b.ReportMetric(float64(times[len(times)*99/100].Microseconds()), "p99-µs")
		})
	}
	b.Run("suggest", func(b *testing.B) {
		for b.Loop() {
			if _, err := e.Suggest(context.Background(), search.SuggestQuery{Text: "эле"}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("put", func(b *testing.B) {
		i := 0
		for b.Loop() {
			if err := e.Put(context.Background(), docs[i%len(docs):i%len(docs)+1]); err != nil {
				b.Fatal(err)
			}
			i++
		}
	})
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// TestCompaction changes places until the index was copied without the dead several times, while others read.
func TestCompaction(t *testing.T) {
	docs := searchtest.Corpus(600)
	e := embedded.New(searchtest.Lexicon())
	if err := e.Rebuild(context.Background(), all(docs)); err != nil {
		t.Fatal(err)
	}
	var readers sync.WaitGroup
	stop := make(chan struct{})
	for range 2 {
		readers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				res, err := e.Search(context.Background(), search.Query{Full: search.FullInclude, Facets: search.Facets(), Text: "OR"})
				if err != nil || res.Total > 600 {
					t.Errorf("%v %v", res, err)
					return
				}
			}
		})
	}
	for round := range 6 {
		for i := range docs {
			docs[i].Title.EN = fmt.Sprintf("round%d number%d", round, i)
		}
		for part := range slices.Chunk(docs, 50) {
			if err := e.Put(context.Background(), part); err != nil {
				t.Fatal(err)
			}
		}
	}
	close(stop)
	readers.Wait()
	for text, want := range map[string]int{"round5": 600, "round4": 0, "number599": 1, "round": 600} {
		res, err := e.Search(context.Background(), search.Query{Text: text, Full: search.FullInclude, Facets: search.Facets()})
		if err != nil || res.Total != want {
			t.Errorf("%s: %d places (%v), want %d", text, res.Total, err, want)
		}
		if n := res.Facets[search.FacetFull]; want > 0 && n[0].Count != want {
			t.Errorf("%s: counted %v", text, n)
		}
	}
	if size := e.Size(); size.Dead > size.Places {
		t.Errorf("%d are dead beside %d: never compacted", size.Dead, size.Places)
	}
}
