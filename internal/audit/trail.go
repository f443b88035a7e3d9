package audit

import (
	"context"
	"errors"
	"time"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/storage"
)

// Trail is the audit trail of one store. Its methods are safe for parallel use.
type Trail struct {
	db      storage.Engine
	clock   cal.Clock
	realNow func() time.Time // decides which heads a seal lists
	entries *storage.Collection[storedEntry, *storedEntry]
	heads   *storage.Collection[head, *head]
	seals   *storage.Collection[lastSeal, *lastSeal]
}

// head is the owner document of a stream.
type head struct {
	ID       string    `json:"id"` // the stream
	Version  int64     `json:"version"`
	Seq      int64     `json:"seq"`
	Hash     string    `json:"hash"`
	Recorded time.Time `json:"recorded"` // of the last entry, by the machine's clock
}

// Identity implements storage.Document.
func (h *head) Identity() (string, *int64) { return h.ID, &h.Version }

// Keys implements storage.Document.
func (h *head) Keys() storage.Keys { return nil }

func headSpec() storage.Spec { return storage.Spec{Name: "audit_heads"} }

// Specs lists the collections of the trail, for storage.Ensure.
func Specs() []storage.Spec { return []storage.Spec{entrySpec(), headSpec(), sealSpec()} }

// New makes the trail. The collections ([Specs]) must exist before anything else is called.
func New(db storage.Engine, clock cal.Clock) *Trail {
	return &Trail{
		db: db, clock: clock, realNow: func() time.Time { return cal.Trim(time.Now()) },
		entries: storage.Open[storedEntry](db, entrySpec()),
		heads:   storage.Open[head](db, headSpec()),
		seals:   storage.Open[lastSeal](db, sealSpec()),
	}
}

// Append adds an entry to its stream, in the transaction of the effect; outside a transaction it is an error, because the entry could then be
// there without its effect. It takes the stream's head: parallel transactions of one stream wait for each other.
func (t *Trail) Append(ctx context.Context, e Entry) error {
	if !t.db.InTx(ctx) {
		return errors.New("audit: Append outside a transaction")
	}
	if err := e.check(); err != nil {
		return err
	}
	h, err := t.heads.LockOrNew(ctx, e.Stream, &head{ID: e.Stream})
	if err != nil {
		return err
	}
	doc := &storedEntry{
		Stream: e.Stream, Seq: h.Seq + 1, At: cal.Trim(t.clock.Now()),
		Action: e.Action, Actor: e.Actor, Session: e.Session, Data: e.Data, Prev: h.Hash,
	}
	doc.ID = entryID(doc.Stream, doc.Seq)
	doc.Hash = doc.digest()
	if err := t.entries.Insert(ctx, doc); err != nil {
		return err
	}
	h.Seq, h.Hash, h.Recorded = doc.Seq, doc.Hash, t.realNow()
	return t.heads.Save(ctx, h)
}

// Entries gives a stream's entries, oldest first; none for a stream that doesn't exist.
func (t *Trail) Entries(ctx context.Context, stream string) ([]Recorded, error) {
	docs, err := t.load(ctx, stream)
	if err != nil {
		return nil, err
	}
	out := make([]Recorded, len(docs))
	for i, d := range docs {
		out[i] = d.recorded()
	}
	return out, nil
}

func (t *Trail) load(ctx context.Context, stream string) ([]*storedEntry, error) {
	return t.entries.Find(ctx, storage.Where(storage.Eq("stream", stream)).By("seq"))
}
