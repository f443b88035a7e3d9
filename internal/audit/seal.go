package audit

import (
	"context"
	"fmt"
	"time"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/secrets"
	"github.com/orynda/orynda/internal/storage"
)

// Seal is the signed statement about all heads at one moment. Its members are in the order of their names, because this form is signed.
type Seal struct {
	At      string `json:"at"`      // RFC 3339 with milliseconds, by the business clock
	Changed string `json:"changed"` // Merkle root over the heads that the line lists
	Listed  int64  `json:"listed"`  // how many those are
	N       int64  `json:"n"`       // 1, 2, 3 …
	Prev    string `json:"prev"`    // hash of the seal before, "" for the first
	Root    string `json:"root"`    // Merkle root over all heads, sorted by stream
	Streams int64  `json:"streams"` // how many those are
	V       int    `json:"v"`
}

// signed gives the bytes under the signature. The words before keep a seal from being taken for another kind of statement.
func (s Seal) signed() []byte { return append([]byte("orynda audit seal\n"), canonical(s)...) }

// SealedHead is the head of one stream as a seal states it.
type SealedHead struct {
	Hash   string `json:"hash"`
	Seq    int64  `json:"seq"`
	Stream string `json:"stream"`
}

// SealLine is one line of a seal file. The log gets the same line without Heads.
type SealLine struct {
	Seal  Seal         `json:"seal"`
	Key   string       `json:"key"` // id of the seal key
	Sig   []byte       `json:"sig"` // Ed25519, base64 in JSON
	Heads []SealedHead `json:"heads,omitempty"`
}

// SealWriter keeps seals outside the database. WriteSeal returns when the line is safe; a line may come twice after a crash.
type SealWriter interface {
	WriteSeal(ctx context.Context, line SealLine) error
}

// lastSeal is the owner document of the chain of seals.
type lastSeal struct {
	ID       string    `json:"id"`
	Version  int64     `json:"version"`
	N        int64     `json:"n"`
	Hash     string    `json:"hash"`
	Recorded time.Time `json:"recorded"` // when its heads were read, by the machine's clock
}

// Identity implements storage.Document.
func (s *lastSeal) Identity() (string, *int64) { return s.ID, &s.Version }

// Keys implements storage.Document.
func (s *lastSeal) Keys() storage.Keys { return nil }

func sealSpec() storage.Spec { return storage.Spec{Name: "audit_seals"} }

const (
	lastSealID = "last"
	// listedAgain is how far before the last seal a head counts as changed: longer than any transaction and any difference between the
	// machines' clocks, so that a head whose commit came after the last reading is listed. Listing one twice is harmless.
	listedAgain = 10 * time.Minute
)

// SealHeads seals all heads as of now: it reads them, signs, hands the line to out and then makes it the last seal. It is the body of the hourly
// job. It doesn't hold a transaction while it reads. Where two run at once, or one crashed after writing its line, a line remains
// that no later seal continues: it is true all the same, and Verify takes it as such; the slower of two gets the conflict seal_raced.
func (t *Trail) SealHeads(ctx context.Context, now time.Time, ring *secrets.Ring, out SealWriter) error {
	last, err := t.seals.Get(ctx, lastSealID)
	if storage.IsNotFound(err) {
		last, err = &lastSeal{ID: lastSealID}, nil
	}
	if err != nil {
		return err
	}
	reading := t.realNow()
	seal, heads, err := t.state(ctx, last)
	if err != nil {
		return err
	}
	seal.At = now.UTC().Format(timeForm)
	line := SealLine{Seal: seal, Heads: heads}
	line.Key, line.Sig = ring.SealSign(seal.signed())
	if err := out.WriteSeal(ctx, line); err != nil {
		return fmt.Errorf("audit: seal %d: %w", seal.N, err)
	}
	return t.db.Tx(ctx, func(ctx context.Context) error {
		doc, err := t.seals.LockOrNew(ctx, lastSealID, &lastSeal{ID: lastSealID})
		if err != nil {
			return err
		}
		if doc.N != last.N || doc.Hash != last.Hash {
			return errs.New(errs.Conflict, "seal_raced")
		}
		doc.N, doc.Hash, doc.Recorded = seal.N, hashOf(seal), reading
		return t.seals.Save(ctx, doc)
	})
}

// state reads all heads: the seal without its time, and the heads that changed since last.
func (t *Trail) state(ctx context.Context, last *lastSeal) (Seal, []SealedHead, error) {
	var all, changed merkle
	var listed []SealedHead
	since := last.Recorded.Add(-listedAgain)
	err := t.heads.Each(ctx, storage.Query{}, func(h *head) error {
		s := SealedHead{Hash: h.Hash, Seq: h.Seq, Stream: h.ID}
		leaf := canonical(s)
		all.add(leaf)
		if h.Recorded.After(since) {
			changed.add(leaf)
			listed = append(listed, s)
		}
		return nil
	})
	return Seal{
		Changed: changed.root(), Listed: changed.n, N: last.N + 1, Prev: last.Hash,
		Root: all.root(), Streams: all.n, V: formVersion,
	}, listed, err
}
