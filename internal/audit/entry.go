package audit

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/orynda/orynda/internal/audit/plain"
	"github.com/orynda/orynda/internal/storage"
)

// Entry is what somebody did. All values are ids, codes or keyed hashes.
type Entry struct {
	Stream  string            // "agreement:<id>", "placement:<id>", "organisation:<id>" or "account:<id>"
	Action  string            // the word of the event: "agreement.signed"
	Actor   string            // account id, "" for the system
	Session string            // session id, "" without one
	Data    map[string]string // what belongs to it
}

// Recorded is an entry of the trail.
type Recorded struct {
	Entry
	Seq  int64     // 1, 2, 3 … in the stream
	At   time.Time // by the business clock
	Hash string    // SHA-256 over the entry, Seq, At and Prev, in hex
	Prev string    // hash of the entry before, "" for the first
}

// check refuses what must not be kept, or would make two streams look like one.
func (e Entry) check() error {
	if !validStream(e.Stream) {
		return fmt.Errorf("audit: %q is no stream", e.Stream)
	}
	if e.Action == "" || !plain.Value(e.Action) || !plain.Value(e.Actor) || !plain.Value(e.Session) {
		return errors.New("audit: action, actor and session must be plain words")
	}
	if err := plain.Check(e.Data); err != nil {
		return fmt.Errorf("audit: %s: %w", e.Action, err)
	}
	return nil
}

// validStream: a lower-case word, a colon and an id. The characters all sort after "#", which separates a stream from a number in an
// entry's id: so the entries of a stream stand together.
func validStream(s string) bool {
	kind, id, ok := strings.Cut(s, ":")
	if !ok || kind == "" || id == "" || len(s) > 200 {
		return false
	}
	if strings.Trim(kind, "abcdefghijklmnopqrstuvwxyz_") != "" {
		return false
	}
	for _, r := range id {
		if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '_' && r != '-' && r != '.' {
			return false
		}
	}
	return true
}

// storedEntry is an entry as it lies in the store.
type storedEntry struct {
	ID      string            `json:"id"` // stream#000000000001
	Version int64             `json:"version"`
	Stream  string            `json:"stream"`
	Seq     int64             `json:"seq"`
	At      time.Time         `json:"at"`
	Action  string            `json:"action"`
	Actor   string            `json:"actor"`
	Session string            `json:"session"`
	Data    map[string]string `json:"data"`
	Prev    string            `json:"prev"`
	Hash    string            `json:"hash"`
}

// Identity implements storage.Document.
func (e *storedEntry) Identity() (string, *int64) { return e.ID, &e.Version }

// Keys implements storage.Document.
func (e *storedEntry) Keys() storage.Keys { return storage.Keys{"stream": e.Stream, "seq": e.Seq} }

func entrySpec() storage.Spec {
	return storage.Spec{
		Name:    "audit_entries",
		Keys:    []storage.Key{{Name: "stream", Kind: storage.String}, {Name: "seq", Kind: storage.Int}},
		Indexes: []storage.Index{{Name: "stream", Keys: []string{"stream", "seq"}, Unique: true}},
	}
}

func entryID(stream string, seq int64) string { return fmt.Sprintf("%s#%012d", stream, seq) }

func (e *storedEntry) recorded() Recorded {
	return Recorded{
		Entry: Entry{Stream: e.Stream, Action: e.Action, Actor: e.Actor, Session: e.Session, Data: e.Data},
		Seq:   e.Seq, At: e.At, Hash: e.Hash, Prev: e.Prev,
	}
}

// canonicalEntry has its members in the order of their names: the form that is hashed.
type canonicalEntry struct {
	Action  string            `json:"action"`
	Actor   string            `json:"actor"`
	At      string            `json:"at"`
	Data    map[string]string `json:"data"`
	Prev    string            `json:"prev"`
	Seq     int64             `json:"seq"`
	Session string            `json:"session"`
	Stream  string            `json:"stream"`
	V       int               `json:"v"`
}

const (
	formVersion = 1
	timeForm    = "2006-01-02T15:04:05.000Z"
)

// digest computes the hash that the entry must have.
func (e *storedEntry) digest() string {
	data := e.Data
	if data == nil {
		data = map[string]string{}
	}
	return hashOf(canonicalEntry{
		Action: e.Action, Actor: e.Actor, At: e.At.UTC().Format(timeForm), Data: data,
		Prev: e.Prev, Seq: e.Seq, Session: e.Session, Stream: e.Stream, V: formVersion,
	})
}

// canonical writes a value made of texts, numbers and maps of texts.
func canonical(v any) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(v) // such values always encode
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

func hashOf(v any) string {
	sum := sha256.Sum256(canonical(v))
	return hex.EncodeToString(sum[:])
}
