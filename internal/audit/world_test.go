package audit

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/secrets"
	"github.com/orynda/orynda/internal/storage"
	"github.com/orynda/orynda/internal/storage/storagetest"
)

func TestMain(m *testing.M) { os.Exit(storagetest.Main(m)) }

// world is a trail on one engine with a clock and a seal file of its own.
type world struct {
	t     *testing.T
	ctx   context.Context
	db    storage.Engine
	trail *Trail
	ring  *secrets.Ring
	now   time.Time
	path  string
	log   bytes.Buffer
	file  *SealFile
}

func onEngines(t *testing.T, test func(w *world)) {
	for _, engine := range storagetest.Engines(t) {
		t.Run(engine.Name, func(t *testing.T) { test(newWorld(t, engine.Open(t))) })
	}
}

func newWorld(t *testing.T, db storage.Engine) *world {
	t.Helper()
	w := &world{t: t, ctx: t.Context(), db: db, now: time.Date(2027, 3, 1, 9, 0, 0, 0, time.UTC), path: filepath.Join(t.TempDir(), SealFileName)}
	w.must(storage.Ensure(w.ctx, db, Specs()...))
	w.trail = New(db, cal.ClockFunc(func() time.Time { return w.now }))
	w.file = NewSealFile(w.path, slog.New(slog.NewJSONHandler(&w.log, nil)))
	var err error
	w.ring, err = secrets.Generate(w.now)
	w.must(err)
	return w
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// add appends n entries to a stream.
func (w *world) add(stream string, n int) {
	w.t.Helper()
	for i := range n {
		w.must(w.db.Tx(w.ctx, func(ctx context.Context) error {
			return w.trail.Append(ctx, Entry{Stream: stream, Action: "thing.changed", Actor: "acc_1", Session: "ses_1", Data: map[string]string{"n": fmt.Sprint(i), "a": "x"}})
		}))
	}
}

func (w *world) seal() {
	w.t.Helper()
	w.now = w.now.Add(time.Hour)
	w.must(w.trail.SealHeads(w.ctx, w.now, w.ring, w.file))
}

// sealApart makes two seals, so much later that the second one lists nothing.
func (w *world) sealApart() {
	w.t.Helper()
	real := w.trail.realNow
	w.trail.realNow = func() time.Time { return real().Add(24 * time.Hour) }
	w.seal()
	w.seal()
	w.trail.realNow = real
}

func (w *world) lines() []string {
	w.t.Helper()
	text, err := os.ReadFile(w.path)
	w.must(err)
	return strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
}

// verify gives the report with the seals of these lines; nil stands for the file.
func (w *world) verify(lines []string) *Report {
	w.t.Helper()
	if lines == nil {
		lines = w.lines()
	}
	r, err := w.trail.Verify(w.ctx, w.ring, strings.NewReader(strings.Join(lines, "\n")))
	w.must(err)
	return r
}

// change rewrites a stored entry as somebody with access to the database would. rehash fits its hash.
func (w *world) change(stream string, seq int64, rehash bool, edit func(e *storedEntry)) {
	w.t.Helper()
	e, err := w.trail.entries.Get(w.ctx, entryID(stream, seq))
	w.must(err)
	edit(e)
	if rehash {
		e.Hash = e.digest()
	}
	w.must(w.trail.entries.Save(w.ctx, e))
}

// rewrite changes an entry and fits the rest of the chain and the head.
func (w *world) rewrite(stream string, seq int64) {
	w.t.Helper()
	entries, err := w.trail.load(w.ctx, stream)
	w.must(err)
	prev := ""
	for _, e := range entries {
		if e.Seq == seq {
			e.Actor = "acc_other"
		}
		e.Prev = prev
		e.Hash = e.digest()
		prev = e.Hash
		w.must(w.trail.entries.Save(w.ctx, e))
	}
	w.setHead(stream, entries[len(entries)-1].Seq, prev)
}

func (w *world) setHead(stream string, seq int64, hash string) {
	w.t.Helper()
	h, err := w.trail.heads.Get(w.ctx, stream)
	w.must(err)
	h.Seq, h.Hash = seq, hash
	w.must(w.trail.heads.Save(w.ctx, h))
}

func (w *world) remove(stream string, seq int64) {
	w.t.Helper()
	w.must(w.trail.entries.Delete(w.ctx, entryID(stream, seq)))
}

func (w *world) hash(stream string, seq int64) string {
	w.t.Helper()
	e, err := w.trail.entries.Get(w.ctx, entryID(stream, seq))
	w.must(err)
	return e.Hash
}

// build makes two streams, three seals and some entries after the last one.
func build(w *world) {
	w.add("agreement:agr_1", 2)
	w.add("placement:plc_1", 2)
	w.seal() // 1: agr 2, plc 2
	w.add("agreement:agr_1", 2)
	w.seal() // 2: agr 4, plc 2
	w.add("agreement:agr_1", 1)
	w.seal() // 3: agr 5, plc 2
	w.add("agreement:agr_1", 2)
}

func (w *world) verifyNothing() *Report {
	r, err := w.trail.Verify(w.ctx, w.ring, strings.NewReader(""))
	w.must(err)
	return r
}

// again empties the store for the next case.
func (w *world) again(t *testing.T) *world {
	t.Helper()
	fresh := newWorld(t, w.db)
	wipe(fresh, fresh.trail.entries)
	wipe(fresh, fresh.trail.heads)
	wipe(fresh, fresh.trail.seals)
	return fresh
}

func wipe[T any, P interface {
	*T
	storage.Document
}](w *world, c *storage.Collection[T, P]) {
	docs, err := c.Find(w.ctx, storage.Query{})
	w.must(err)
	for _, d := range docs {
		id, _ := d.Identity()
		w.must(c.Delete(w.ctx, id))
	}
}

// cutTo removes the tail of a stream of n entries and fits its head.
func cutTo(w *world, stream string, n, to int64) {
	for seq := n; seq > to; seq-- {
		w.remove(stream, seq)
	}
	if to == 0 {
		w.must(w.trail.heads.Delete(w.ctx, stream))
		return
	}
	w.setHead(stream, to, w.hash(stream, to))
}
