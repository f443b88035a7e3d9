package embedded_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"maps"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/search"
	"github.com/orynda/orynda/internal/search/embedded"
	"github.com/orynda/orynda/internal/search/searchtest"
)

// filled makes an engine that has lived: changed, deleted and new places beside those it was built of.
func filled(tb testing.TB, n int) *embedded.Engine {
	tb.Helper()
	docs := searchtest.Corpus(n)
	for i := range docs {
		docs[i].Revision = search.Revision{Place: int64(i), Sheet: int64(2 * i)}
	}
	e := embedded.New(searchtest.Lexicon())
	ok(tb, e.Rebuild(tb.Context(), all(docs[:n-n/10])))
	ok(tb, e.Put(tb.Context(), docs[n-n/10:]))
	for i := range n / 8 {
		docs[i].Title.EN = fmt.Sprintf("changed again%d", i)
		docs[i].EnterpriseName += " Renamed"
		docs[i].Revision.Place += 1000
	}
	ok(tb, e.Put(tb.Context(), docs[:n/8]))
	ok(tb, e.Delete(tb.Context(), []string{docs[n/4].ID, docs[n/4+1].ID, "plc_none"}))
	return e
}

func ok(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

func written(tb testing.TB, e *embedded.Engine) []byte {
	tb.Helper()
	var b bytes.Buffer
	ok(tb, e.Snapshot(&b, "stamp"))
	return b.Bytes()
}

func restored(tb testing.TB, snapshot []byte) *embedded.Engine {
	tb.Helper()
	e := embedded.New(searchtest.Lexicon())
	ok(tb, e.Restore(tb.Context(), bytes.NewReader(snapshot), "stamp"))
	ok(tb, e.Ready(tb.Context()))
	return e
}

// same asks two engines many things and wants the same answers.
func same(t *testing.T, want, got *embedded.Engine, when string) {
	t.Helper()
	near := &search.Point{Lat: 49.8, Lon: 73.1}
	queries := []search.Query{{}, {Sort: search.Compensation}, {Sort: search.ClosingSoon}, {Sort: search.FewestApplicants, Page: 3},
		{Near: near, RadiusKM: 200, Sort: search.Distance}, {Full: search.FullInclude, Regions: []string{"350000000"}}}
	for _, text := range []string{"слесарь", "слесарь по ремонту", "эл", "сварщик караганда", "again7", "renamed", "changed", "дәнекерлеуші", "OR-1"} {
		queries = append(queries, search.Query{Text: text}, search.Query{Text: text, Levels: []string{"worker"}, Full: search.FullInclude})
	}
	for _, q := range queries {
		q.Facets, q.Seats = search.Facets(), search.AllSeats()
		a, errA := want.Search(t.Context(), q)
		b, errB := got.Search(t.Context(), q)
		if errA != nil || errB != nil || !reflect.DeepEqual(a, b) {
			t.Errorf("%s: %+v gives\n%+v, %v, want\n%+v, %v", when, q, b, errB, a, errA)
		}
	}
	for _, text := range []string{"эл", "сл", "ка", "again", "r", "2"} {
		a, errA := want.Suggest(t.Context(), search.SuggestQuery{Text: text})
		b, errB := got.Suggest(t.Context(), search.SuggestQuery{Text: text})
		if errA != nil || errB != nil || !reflect.DeepEqual(a, b) {
			t.Errorf("%s: %q suggests %+v, %v, want %+v, %v", when, text, b, errB, a, errA)
		}
	}
	if a, b := maps.Collect(want.Revisions()), maps.Collect(got.Revisions()); !reflect.DeepEqual(a, b) {
		t.Errorf("%s: %d revisions, want %d", when, len(b), len(a))
	}
}

// A restored index answers as the one that was written, and goes on as it would: changes, deletions, another snapshot, compaction.
func TestSnapshot(t *testing.T) {
	first := filled(t, 600)
	if size := first.Size(); size.Dead == 0 {
		t.Error("nothing dead is in the snapshot: the test misses its point")
	}
	second := restored(t, written(t, first))
	same(t, first, second, "restored")
	docs := searchtest.Corpus(600)
	for round := range 6 {
		for i := range docs {
			docs[i].Title.EN = fmt.Sprintf("round%d number%d", round, i)
		}
		for _, e := range []*embedded.Engine{first, second} {
			ok(t, e.Put(t.Context(), docs))
			ok(t, e.Delete(t.Context(), []string{docs[round].ID}))
		}
	}
	if a, b := first.Size(), second.Size(); a.Dead != b.Dead || a.Places != b.Places {
		t.Errorf("after many changes the sizes are %+v and %+v", a, b)
	}
	same(t, first, second, "changed")
	same(t, first, restored(t, written(t, second)), "restored again")

	empty := embedded.New(searchtest.Lexicon())
	ok(t, empty.Rebuild(t.Context(), all(nil)))
	same(t, empty, restored(t, written(t, empty)), "empty")
}

func TestSnapshotOfNothing(t *testing.T) {
	var b bytes.Buffer
	if err := embedded.New(searchtest.Lexicon()).Snapshot(&b, ""); !errs.Has(err, "search_not_built") || b.Len() > 0 {
		t.Errorf("%v, %d bytes", err, b.Len())
	}
}

// What isn't a whole snapshot of this lexicon and stamp is refused, and the engine stays as it is.
func TestSnapshotRefused(t *testing.T) {
	snapshot := written(t, filled(t, 40))
	entries := []search.Entry{{Kind: search.KindCity, Value: "x"}}
	refuse := func(name string, e *embedded.Engine, file []byte, stamp string) {
		t.Helper()
		err := e.Restore(t.Context(), bytes.NewReader(file), stamp)
		var refused *embedded.SnapshotError
		if !errors.As(err, &refused) {
			t.Errorf("%s: %v", name, err)
		}
		if err := e.Ready(t.Context()); !errs.Has(err, "search_not_built") {
			t.Errorf("%s: the engine answers: %v", name, err)
		}
	}
	e := embedded.New(searchtest.Lexicon())
	refuse("another lexicon", embedded.New(search.NewLexicon(entries)), snapshot, "stamp")
	refuse("another stamp", e, snapshot, "stamped")
	refuse("nothing", e, nil, "stamp")
	refuse("another file", e, []byte("SQLite format 3\x00 and so on"), "stamp")
	for at := 0; at < len(snapshot); at += 1 + at/7 {
		refuse(fmt.Sprint("cut off at ", at), e, snapshot[:at], "stamp")
	}
	for at := 0; at < len(snapshot); at += 1 + len(snapshot)/500 {
		bad := slices.Clone(snapshot)
		bad[at] ^= 0x41
		refuse(fmt.Sprint("changed at ", at), e, bad, "stamp")
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := e.Restore(ended, bytes.NewReader(snapshot), "stamp"); !errs.Has(err, "search_unavailable") {
		t.Errorf("after the end: %v", err)
	}
	ok(t, e.Restore(t.Context(), bytes.NewReader(snapshot), "stamp"))
}

// Snapshots are written while others write and read. Each holds whole writes: the places of a batch are all of the same round.
func TestSnapshotBesideWrites(t *testing.T) {
	const batches, size = 8, 60
	docs := searchtest.Corpus(batches * size)
	e := embedded.New(searchtest.Lexicon())
	ok(t, e.Rebuild(t.Context(), all(nil)))
	stop := make(chan struct{})
	var others sync.WaitGroup
	for at := range batches {
		others.Go(func() {
			mine := slices.Clone(docs[at*size : (at+1)*size])
			for round := 1; ; round++ {
				select {
				case <-stop:
					return
				default:
				}
				for i := range mine {
					mine[i].Title.EN, mine[i].Revision.Place = fmt.Sprintf("batch%dx round%dx", at, round), int64(round)
				}
				if err := e.Put(context.Background(), mine); err != nil {
					t.Error(err)
				}
				if round%3 == 0 {
					if err := e.Delete(context.Background(), []string{mine[0].ID}); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	others.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
			}
			if _, err := e.Search(context.Background(), search.Query{Text: "batch1x", Facets: search.Facets()}); err != nil {
				t.Error(err)
			}
			e.Size()
		}
	})
	begun := time.Now()
	for n := 0; n < 12 || e.Changes() < 200 && time.Since(begun) < 20*time.Second; n++ {
		whole(t, restored(t, written(t, e)), batches, size)
	}
	close(stop)
	others.Wait()
	same(t, e, restored(t, written(t, e)), "at the end")
}

func whole(t *testing.T, e *embedded.Engine, batches, size int) {
	t.Helper()
	revisions := maps.Collect(e.Revisions())
	for at := range batches {
		res, err := e.Search(t.Context(), search.Query{Text: fmt.Sprintf("batch%dx", at), Full: search.FullInclude, PerPage: 100})
		ok(t, err)
		if res.Total == 0 && len(res.Hits) == 0 {
			continue // not yet written
		}
		if res.Total != size && res.Total != size-1 {
			t.Fatalf("batch %d has %d places", at, res.Total)
		}
		round := revisions[res.Hits[0].ID].Place
		for _, h := range res.Hits {
			if revisions[h.ID].Place != round {
				t.Fatalf("batch %d has places of rounds %d and %d", at, round, revisions[h.ID].Place)
			}
		}
		res, err = e.Search(t.Context(), search.Query{Text: fmt.Sprintf("batch%dx round%dx", at, round), Full: search.FullInclude})
		ok(t, err)
		if res.Total < size-1 {
			t.Fatalf("batch %d: %d places have the words of their round", at, res.Total)
		}
	}
}

// FuzzRestore reads any bytes as a snapshot, as they come and with a checksum that is right: it is refused, or is an index that can be used.
func FuzzRestore(f *testing.F) {
	small := written(f, filled(f, 10))
	f.Add(small, false)
	f.Add(small, true)
	f.Add(small[:len(small)/2], true)
	f.Add([]byte("ORYNDAIX\x01"), true)
	docs := searchtest.Corpus(3)
	f.Fuzz(func(t *testing.T, file []byte, summed bool) {
		if summed && len(file) > 4 {
			file = slices.Clone(file)
			sum := crc32.Checksum(file[:len(file)-4], crc32.MakeTable(crc32.Castagnoli))
			for i := range 4 {
				file[len(file)-4+i] = byte(sum >> (8 * i))
			}
		}
		e := embedded.New(searchtest.Lexicon())
		if err := e.Restore(t.Context(), bytes.NewReader(file), "stamp"); err != nil {
			var refused *embedded.SnapshotError
			if !errors.As(err, &refused) {
				t.Errorf("%v", err)
			}
			return
		}
		for _, text := range []string{"", "слесарь", "эл", "слесарь по ремонту", "слесаррр"} {
			for _, sort := range []search.Sort{"", search.Distance} {
				q := search.Query{Text: text, Facets: search.Facets(), Seats: search.AllSeats(), Near: &search.Point{Lat: 50, Lon: 70}, Sort: sort}
				_, err := e.Search(t.Context(), q)
				ok(t, err)
			}
			_, err := e.Suggest(t.Context(), search.SuggestQuery{Text: text})
			ok(t, err)
		}
		ok(t, e.Put(t.Context(), docs))
		ok(t, e.Delete(t.Context(), []string{docs[0].ID}))
		restored(t, written(t, e))
	})
}
