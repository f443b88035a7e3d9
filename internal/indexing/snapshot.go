package indexing

import (
	"bufio"
	"context"
	"errors"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/placements/rules"
	"github.com/orynda/orynda/internal/search"
	"github.com/orynda/orynda/internal/storage"
)

// SnapshotFileName is the snapshot's name in the data folder.
const SnapshotFileName = "search.snapshot"

const (
	saveEvery    = 10 * time.Minute
	refreshBatch = 200 // places that are read and put at once
	// fewChanges is up to how many places are always put one by one; beyond it a new index is made when more than half of all differ.
	fewChanges = 1000
)

// Keeper is what an engine can do whose index lives in this process: be written to a file, read back, and compared with the store.
type Keeper interface {
	// Snapshot writes the index as it is at one moment, beside searches and writes. stamp says what it depends on.
	Snapshot(w io.Writer, stamp string) error
	// Restore takes up what Snapshot wrote with the same stamp. Anything else is an error and changes nothing.
	Restore(ctx context.Context, r io.Reader, stamp string) error
	// Revisions gives what each document in the index was made of.
	Revisions() iter.Seq2[string, search.Revision]
	// Changes counts the changes of the index.
	Changes() uint64
}

// Loaded says how the index came to be at a start.
type Loaded struct {
	Restored bool   // from the snapshot, else from the store
	Why      string // why there was no snapshot to restore from
	Differed int    // places that were read again after a restore, because the store had other versions of them
}

// Load fills the index at a start, before the outbox begins to run and after [Service.Follow]. It takes up the snapshot and reads again what differs
// from the store since; without one that fits it builds the index of the store, telling progress how many places were read. A request for a
// rebuild that was left while the program was stopped is carried out instead.
func (s *Service) Load(ctx context.Context, progress func(done int)) (Loaded, error) {
	if s.keeper != nil {
		s.program = s.d.Program()
	}
	r, err := s.requests.First(ctx, storage.Where(storage.Eq("open", "rebuild")))
	if err != nil && !storage.IsNotFound(err) {
		return Loaded{}, err
	}
	if err == nil {
		if err := s.carryOut(ctx, r.ID); err != nil {
			return Loaded{}, err
		}
		if s.d.Engine.Ready(ctx) == nil {
			return Loaded{Why: "a rebuild was asked for"}, nil
		}
		return Loaded{Why: "a rebuild was asked for"}, s.Build(ctx, progress) // its failure stands in the request; this one's is the caller's
	}
	list := s.listing(ctx) // beside the restore: each is half of the time of such a start
	if why := s.restore(ctx); why != nil {
		list.end()
		return Loaded{Why: why.Error()}, s.Build(ctx, progress)
	}
	differed, err := s.catchUp(ctx, list, progress)
	return Loaded{Restored: true, Differed: differed}, err
}

// listing reads the revisions of all published places.
type listing struct {
	end  context.CancelFunc
	done chan struct{}
	list []placements.PublicRevision // once it is done
	err  error
}

func (s *Service) listing(ctx context.Context) *listing {
	ctx, end := context.WithCancel(ctx)
	l := &listing{end: end, done: make(chan struct{})}
	go func() {
		defer close(l.done)
		if s.keeper != nil {
			l.list, l.err = s.d.Placements.PublicRevisions(ctx)
		}
	}()
	return l
}

// restore takes up the snapshot, or says why not.
func (s *Service) restore(ctx context.Context) error {
	if s.keeper == nil {
		return errors.New("none is kept")
	}
	f, err := os.Open(s.d.SnapshotFile)
	if errors.Is(err, fs.ErrNotExist) {
		return errors.New("there is none")
	}
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // only read
	inForce := s.rulesInForce()
	if err := s.keeper.Restore(ctx, f, s.stamp(inForce)); err != nil {
		return err
	}
	s.mu.Lock()
	s.rules, s.saved = inForce, s.keeper.Changes()
	s.mu.Unlock()
	return nil
}

// stamp names what documents depend on beside the revision of their place and the lexicon: the program that made them, and the rules by which it
// judged whether people under 18 may take a place.
func (s *Service) stamp(rulesVersion string) string { return s.program + " rules " + rulesVersion }

func (s *Service) rulesInForce() string { return rules.InForce(cal.DayOf(s.d.Clock.Now())).Version }

// catchUp reads again the places whose revision in the index isn't the store's, and says how many. What changes meanwhile is heard of as an event.
func (s *Service) catchUp(ctx context.Context, store *listing, progress func(done int)) (int, error) {
	defer store.end()
	if <-store.done; store.err != nil {
		return 0, store.err
	}
	differ := differing(store.list, s.keeper.Revisions())
	if len(differ) > max(fewChanges, len(store.list)/2) {
		return len(differ), s.Build(ctx, progress)
	}
	for batch := range slices.Chunk(differ, refreshBatch) {
		if err := s.refreshMany(ctx, batch); err != nil {
			return 0, err
		}
	}
	return len(differ), nil
}

// differing gives the places that the index lacks, has too many, or has of another revision.
func differing(store []placements.PublicRevision, index iter.Seq2[string, search.Revision]) []string {
	want := make(map[string]search.Revision, len(store))
	for _, r := range store {
		want[r.ID] = search.Revision{Place: r.Place, Sheet: r.Sheet}
	}
	var out []string
	for id, have := range index {
		if r, in := want[id]; !in || r != have {
			out = append(out, id)
		}
		delete(want, id)
	}
	for id := range want {
		out = append(out, id)
	}
	return out
}

// refreshMany is Refresh for several places at once, for an index of this process.
func (s *Service) refreshMany(ctx context.Context, ids []string) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	public, err := s.d.Placements.PublicMany(ctx, ids...)
	if err != nil {
		return err
	}
	var gone []string
	docs := make([]search.Document, 0, len(ids))
	for _, id := range ids {
		if p, in := public[id]; in {
			docs = append(docs, Document(s.d.Reference, p))
		} else {
			gone = append(gone, id)
		}
	}
	if err := s.d.Engine.Put(ctx, docs); err != nil {
		return err
	}
	return s.d.Engine.Delete(ctx, gone)
}

// Keep writes the snapshot after every rebuild, every ten minutes when something changed, and at the end of ctx; then it returns. It needs a loaded
// index. Every ten minutes the index is compared with the store too, and built anew when other rules came into force.
func (s *Service) Keep(ctx context.Context) {
	if s.keeper == nil {
		return
	}
	again := time.NewTicker(saveEvery)
	defer again.Stop()
	for {
		select {
		case <-ctx.Done():
			s.reported(ctx, s.save)
			return
		case <-s.rebuilt:
			s.reported(ctx, s.save)
		case <-again.C:
			s.reported(ctx, s.tidy)
		}
	}
}

// reported logs what goes wrong: without a snapshot the next start takes longer, that is all.
func (s *Service) reported(ctx context.Context, do func(ctx context.Context) error) {
	ctx = context.WithoutCancel(ctx)
	if err := do(ctx); err != nil {
		s.d.Log.WarnContext(ctx, "the search index wasn't kept", "error", err.Error())
	}
}

// tidy is what is done every ten minutes.
func (s *Service) tidy(ctx context.Context) error {
	s.mu.Lock()
	judged, unchanged := s.rules, s.saved == s.keeper.Changes()
	s.mu.Unlock()
	if judged != s.rulesInForce() {
		return s.Build(ctx, nil) // a snapshot follows
	}
	if unchanged {
		return nil
	}
	if _, err := s.catchUp(ctx, s.listing(ctx), nil); err != nil {
		return err
	}
	return s.save(ctx)
}

// save writes the snapshot if the index changed since the last one.
func (s *Service) save(ctx context.Context) error {
	begun := s.realNow()
	s.mu.Lock()
	stamp, changes, unchanged := s.stamp(s.rules), s.keeper.Changes(), s.saved == s.keeper.Changes()
	s.mu.Unlock()
	if unchanged {
		return nil
	}
	size, err := replaceFile(s.d.SnapshotFile, func(w io.Writer) error { return s.keeper.Snapshot(w, stamp) })
	if err != nil {
		return err
	}
	s.mu.Lock()
	s.saved = changes // what came while it was written is written with the next one
	s.mu.Unlock()
	s.d.Log.InfoContext(ctx, "search snapshot written", "bytes", size, "took_ms", s.realNow().Sub(begun).Milliseconds())
	return nil
}

// replaceFile writes a file beside the present one and puts it in its place when all of it is on the disk, so that a crash leaves the one or the other. Its
// owner alone may read it.
func replaceFile(path string, write func(w io.Writer) error) (size int64, err error) {
	f, err := os.OpenFile(path+".new", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return 0, err
	}
	out := bufio.NewWriterSize(f, 1<<20)
	err = write(out)
	if err == nil {
		err = out.Flush()
	}
	if err == nil {
		err = f.Sync()
	}
	if err == nil {
		size, err = f.Seek(0, io.SeekCurrent)
	}
	err = errors.Join(err, f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return 0, errors.Join(err, os.Remove(f.Name()))
	}
	if folder, err := os.Open(filepath.Dir(path)); err == nil {
		_ = folder.Sync() // makes the rename last, where the system can; elsewhere a crash leaves the former file
		_ = folder.Close()
	}
	return size, nil
}
