package indexing

import (
	"context"
	"encoding/gob"
	"errors"
	"io"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/search"
	"github.com/orynda/orynda/internal/storage/storagetest"
)

// The shelf keeps snapshots as plainly as can be.
type shelfFile struct {
	Stamp string
	Docs  map[string]search.Document
}

func (s *shelf) Snapshot(w io.Writer, stamp string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fail != nil {
		return s.fail
	}
	return gob.NewEncoder(w).Encode(shelfFile{stamp, s.docs})
}

func (s *shelf) Restore(_ context.Context, r io.Reader, stamp string) error {
	var f shelfFile
	if err := gob.NewDecoder(r).Decode(&f); err != nil {
		return err
	}
	if f.Stamp != stamp {
		return errors.New("made with another program")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.docs = f.Docs
	s.changes++
	return nil
}

func (s *shelf) Revisions() iter.Seq2[string, search.Revision] {
	s.mu.Lock()
	docs := maps.Clone(s.docs)
	s.mu.Unlock()
	return func(yield func(string, search.Revision) bool) {
		for id, d := range docs {
			if !yield(id, d.Revision) {
				return
			}
		}
	}
}

func (s *shelf) Changes() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.changes
}

// keeping runs a test with one copy of the program that keeps its index, on each storage engine.
func keeping(t *testing.T, test func(t *testing.T, w *world)) {
	for _, engine := range storagetest.Engines(t) {
		t.Run(engine.Name, func(t *testing.T) {
			w := newWorld(t, engine.Open(t), 1, true)
			w.file, w.program = filepath.Join(t.TempDir(), SnapshotFileName), "one"
			w.startAnew()
			test(t, w)
		})
	}
}

// startAnew is a start after a crash: of what was in memory nothing is left.
func (w *world) startAnew() *copyOf {
	w.copies, w.shelfs = nil, nil
	w.shelf = &shelf{docs: map[string]search.Document{}}
	w.copies = append(w.copies, w.start(0, true))
	return w.copies[0]
}

func (w *world) load(when string, want Loaded) {
	w.t.Helper()
	got, err := w.startAnew().Load(w.t.Context(), nil)
	w.must(err)
	if got.Restored != want.Restored || got.Differed != want.Differed || !strings.Contains(got.Why, want.Why) {
		w.t.Errorf("%s: loaded %+v, want %+v", when, got, want)
	}
	w.wantTrue(when)
}

// save is the end of a running program.
func (w *world) save() {
	ctx, cancel := context.WithCancel(w.t.Context())
	cancel()
	w.copies[0].Keep(ctx)
}

// change does one of everything that the index must follow, and says how many places it touched.
func (w *world) change(ids []string) int {
	w.t.Helper()
	ctx, s := w.t.Context(), w.copies[0].places
	w.publish(90)
	_, err := s.Update(ctx, w.hr, ids[0], placements.Input{Title: &i18n.Text{RU: "Электрик"}}, 0)
	w.must(err)
	w.seat(ids[1], "off_1")
	_, err = s.Pause(ctx, w.hr, ids[2])
	w.must(err)
	_, err = s.Close(ctx, w.hr, ids[3], "")
	w.must(err)
	return 5
}

func (w *world) publishMany(n int) []string {
	w.t.Helper()
	var ids []string
	for i := range n {
		ids = append(ids, w.publish(i))
	}
	return ids
}

// A start takes up the snapshot and then holds what the store does, whatever happened since: nothing, changes of which the snapshot doesn't know
// because the program crashed, or changes while it was stopped.
func TestRestart(t *testing.T) {
	keeping(t, func(t *testing.T, w *world) {
		ids := w.publishMany(6)
		w.load("without a snapshot", Loaded{Why: "there is none"})
		w.save()
		w.load("after a clean end", Loaded{Restored: true})
		n := w.change(ids)
		w.drain()
		w.wantTrue("running")
		w.load("after a crash", Loaded{Restored: true, Differed: n})
		w.load("after a second crash", Loaded{Restored: true, Differed: n})
		w.save()
		w.load("after the next clean end", Loaded{Restored: true})
		_, err := w.copies[0].places.Resume(t.Context(), w.hr, ids[2])
		w.must(err)
		w.load("after a change that nobody heard of", Loaded{Restored: true, Differed: 1})
		w.drain()
		w.wantTrue("events of before come late")
	})
}

// What isn't this program's own whole snapshot under the rules in force is passed over.
func TestSnapshotPassedOver(t *testing.T) {
	keeping(t, func(t *testing.T, w *world) {
		w.publishMany(3)
		w.load("at first", Loaded{Why: "there is none"})
		w.save()
		w.program = "two"
		w.load("by another program", Loaded{Why: "another program"})
		w.copies[0].rules = "2016-01-21"
		w.save()
		w.load("made under other rules", Loaded{Why: "another program"})
		w.save()
		whole, err := os.ReadFile(w.file)
		w.must(err)
		w.must(os.WriteFile(w.file, whole[:len(whole)/2], 0o600))
		w.load("half of it", Loaded{Why: "EOF"})
		w.must(os.Remove(w.file))
		w.must(os.Mkdir(w.file, 0o700))
		w.load("no file", Loaded{Why: "directory"})
	})
}

// A rebuild that was asked for while nothing ran is carried out at the start, from the store.
func TestRebuildAskedWhileStopped(t *testing.T) {
	keeping(t, func(t *testing.T, w *world) {
		w.publishMany(2)
		w.load("at first", Loaded{Why: "there is none"})
		w.save()
		r, _, err := w.copies[0].Ask(t.Context())
		w.must(err)
		w.load("asked", Loaded{Why: "asked"})
		if r, err = w.copies[0].Request(t.Context(), r.ID); err != nil || r.State != Done || r.Processed != 2 {
			t.Errorf("the request: %+v, %v", r, err)
		}
		w.save()
		w.load("afterwards", Loaded{Restored: true})
	})
}

// Every ten minutes the index is compared with the store, built anew under new rules, and written when it changed.
func TestTidy(t *testing.T) {
	keeping(t, func(t *testing.T, w *world) {
		ids := w.publishMany(3)
		w.load("at first", Loaded{Why: "there is none"})
		w.save()
		c := w.copies[0]
		written := func() os.FileInfo {
			info, err := os.Stat(w.file)
			w.must(err)
			if info.Mode().Perm() != 0o600 {
				t.Errorf("the snapshot's mode is %v", info.Mode())
			}
			return info // each writing makes another file; times are too coarse to tell
		}
		before := written()
		w.must(c.tidy(t.Context()))
		if !os.SameFile(before, written()) {
			t.Error("written although nothing changed")
		}
		w.must(w.shelf.Delete(t.Context(), ids[:1])) // as if something had gone wrong
		w.must(c.tidy(t.Context()))
		w.wantTrue("tidied")
		if os.SameFile(before, written()) {
			t.Error("not written although it changed")
		}
		c.rules = "2016-01-21"
		w.must(c.tidy(t.Context()))
		if c.rules == "2016-01-21" || len(c.rebuilt) != 1 {
			t.Error("not built anew under new rules")
		}
	})
}

// When most places differ, reading them one by one would take longer than a new index.
func TestMostDiffer(t *testing.T) {
	w := newWorld(t, storagetest.Engines(t)[0].Open(t), 1, true)
	w.file = filepath.Join(t.TempDir(), SnapshotFileName)
	c := w.startAnew()
	id := w.publish(1)
	_, err := c.Load(t.Context(), nil)
	w.must(err)
	<-c.rebuilt
	for range fewChanges + 1 { // places that are no more
		w.shelf.docs["plc_"+strings.Repeat("x", len(w.shelf.docs))] = search.Document{}
	}
	n, err := c.catchUp(t.Context(), c.listing(t.Context()), nil)
	if err != nil || n != fewChanges+1 || len(c.rebuilt) != 1 || len(w.shelf.docs) != 1 {
		t.Errorf("%d differed, %d are there, built anew: %v; %v", n, len(w.shelf.docs), len(c.rebuilt) == 1, err)
	}
	w.shelf.docs[id] = search.Document{}
	if n, err := c.catchUp(t.Context(), c.listing(t.Context()), nil); err != nil || n != 1 || len(c.rebuilt) != 1 {
		t.Errorf("%d differed, %v", n, err)
	}
	w.wantTrue("in the end")
}

// A snapshot that can't be written whole leaves the former one.
func TestReplaceFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	write := func(text string, err error) error {
		_, failed := replaceFile(path, func(w io.Writer) error {
			_, _ = io.WriteString(w, text)
			return err
		})
		return failed
	}
	if err := write("one", nil); err != nil {
		t.Fatal(err)
	}
	full := errors.New("the disk is full")
	if err := write("two", full); !errors.Is(err, full) {
		t.Errorf("%v", err)
	}
	if got, err := os.ReadFile(path); err != nil || string(got) != "one" {
		t.Errorf("%q, %v", got, err)
	}
	if left, _ := filepath.Glob(path + ".*"); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	if _, err := replaceFile(filepath.Join(path, "below"), nil); err == nil {
		t.Error("written below a file")
	}
}
