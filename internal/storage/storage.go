// Package storage is the port to the document store: what every engine does, and no more.
//
// A document is a Go value of one collection, with an identifier, a version and a few declared keys. Keys are computed
// in Go and stored beside the document; they are the only things an engine can filter, sort and keep unique. So rules
// and text folding stay in Go, an engine stays small, and two engines can agree to the letter. The typed door is
// [Collection]; [Engine] is what sqlitedb and mongodb implement and storagetest proves.
//
// # Transactions
//
// Tx joins the transaction in its context or opens one, may run its function again from the start, and rolls back on any
// error. Inside a transaction every error but errs.NotFound dooms it: later statements and the commit fail (MongoDB works that
// way, so SQLite does too). Therefore nothing inside a transaction may try, fail and go on. No mail, no HTTP, no
// rendering and no in-memory counting belongs inside.
//
// # Rules that must hold among parallel callers
//
// Reading a set and then deciding is not safe (snapshot isolation allows write skew). Identity rules are unique indexes;
// count and range rules live in one owner document that is taken with [Collection.Lock] as the first statement of the transaction,
// checked in Go, and written back. Whoever comes second waits or is run again, and sees the first one's result.
//
// # Values
//
// Times are stored with millisecond precision in UTC. Text compares byte by byte (UTF-8). Documents weigh at most [MaxDocument];
// a heavier one is refused alike by all engines, and keys come on top: they are short. Stored structs use json tags and no embedding; fields of interface type are not supported.
package storage

import (
	"context"
	"errors"
	"fmt"

	"github.com/orynda/orynda/internal/errs"
)

// Engine is a document store. All methods are safe for parallel use. A missing document is errs.NotFound
// (code document_not_found); a violated unique index is a *ConflictError; a stale version is errs.Stale (code
// stale_version); a document above [MaxDocument] is errs.TooLarge (code payload_too_large); a store that can't be reached or stays contended until the deadline is errs.Unavailable (code busy).
type Engine interface {
	// Name is "sqlite" or "mongodb".
	Name() string
	// Tx runs fn in the transaction of ctx, or in a new one that commits when fn returns nil. fn may run more than once.
	Tx(ctx context.Context, fn func(ctx context.Context) error) error
	// InTx reports whether ctx carries a transaction of this engine.
	InTx(ctx context.Context) bool
	// Ensure creates or extends the tables and indexes of a collection. It may be called by several programs at once and again.
	// New keys of a collection that holds documents start absent: a migration recomputes them (Collection.Rekey).
	Ensure(ctx context.Context, spec Spec) error
	// Get reads one document into into and returns its version.
	Get(ctx context.Context, spec Spec, id string, into any) (version int64, err error)
	// Lock is Get that also takes the document for the running transaction: until it ends nobody else can lock or write it.
	// A document that doesn't exist is NotFound and not taken, unless create is not nil: then it is made of create first.
	// Outside a transaction it is an error.
	Lock(ctx context.Context, spec Spec, id string, into any, create *Record) (version int64, err error)
	// Insert adds a document; an existing id is a conflict on index "id".
	Insert(ctx context.Context, spec Spec, rec Record) error
	// Replace writes rec over the document whose stored version is rec.Version-1; another version is Stale.
	Replace(ctx context.Context, spec Spec, rec Record) error
	// Delete removes a document; a missing one is NotFound.
	Delete(ctx context.Context, spec Spec, id string) error
	// Find calls each for every document that matches, in order, until each returns an error, which Find returns.
	// decode reads the document; it is valid during the call only. each may not call the engine in the same transaction.
	Find(ctx context.Context, spec Spec, q Query, each func(found Found) error) error
	// Count counts the documents that match, ignoring Sort, After and Limit.
	Count(ctx context.Context, spec Spec, q Query) (int64, error)
	// Ping checks that the store answers.
	Ping(ctx context.Context) error
	// Close releases everything. Calls after it fail.
	Close(ctx context.Context) error
}

// Pulser is an engine that can tell cheaply whether anything was written. Pulse gives a number that is another one after each commit, whoever made it;
// false when it can't be told. Equal numbers, read before and after, mean that everything read between them is still as it was.
type Pulser interface {
	Pulse(ctx context.Context) (n int64, ok bool)
}

// PulseOf asks an engine that may be no Pulser. Under [WithPulse] it is the pulse of then.
func PulseOf(ctx context.Context, e Engine) (n int64, ok bool) {
	if noted, is := ctx.Value(pulseKey{e}).(pulse); is {
		return noted.n, noted.ok
	}
	if p, can := e.(Pulser); can {
		return p.Pulse(ctx)
	}
	return 0, false
}

// WithPulse asks for the pulse once for all that is read with the context: what a Memory gives is then as fresh as this moment.
func WithPulse(ctx context.Context, e Engine) context.Context {
	n, ok := PulseOf(ctx, e)
	return context.WithValue(ctx, pulseKey{e}, pulse{n, ok})
}

// pulseKey carries an engine's pulse in a context.
type pulseKey struct{ of Engine }

type pulse struct {
	n  int64
	ok bool
}

// Found is one document of a Find.
type Found struct {
	ID      string
	Version int64
	Decode  func(into any) error // nil for a bare query
}

// Record is a document on its way into an engine.
type Record struct {
	ID      string
	Version int64
	Keys    Keys // normalised by [Spec.Normalise]
	Body    any  // the Go value; the engine encodes it by its json tags
}

// Spec declares a collection. Names are snake_case; they become names of tables, columns and indexes.
type Spec struct {
	Name    string
	Keys    []Key
	Indexes []Index
}

// Key declares one stored key.
type Key struct {
	Name string
	Kind Kind
}

// Kind is what a key holds.
type Kind int

// The kinds of keys.
const (
	String  Kind = iota // text, and every type whose kind is string
	Int                 // whole numbers; times as Unix milliseconds; booleans as 0 and 1
	Strings             // any number of texts; matched with Has, not sortable, not unique
)

// Index declares an index over one or more keys, in order. A unique index leaves out documents in which one of its keys is
// absent. An index of a Strings key has just that one key.
type Index struct {
	Name   string
	Keys   []string
	Unique bool
}

// Keys are a document's key values by name: string kinds, ints, bool, time.Time, []string. An empty string, a zero time, an empty slice
// and nil are absent.
type Keys map[string]any

// ConflictError says that a unique index forbids a write. It unwraps to errs.Conflict with code "conflict"; services translate
// it to their own code with [ConflictOn].
type ConflictError struct {
	Collection string
	Index      string // name in the Spec; "id" for the identifier
}

// Error implements error.
func (e *ConflictError) Error() string {
	return fmt.Sprintf("storage: %s: unique index %s", e.Collection, e.Index)
}

// Unwrap makes an untranslated conflict answer as one.
func (e *ConflictError) Unwrap() error { return errs.New(errs.Conflict, "conflict") }

// ConflictOn reports whether err is a conflict on this index.
func ConflictOn(err error, index string) bool {
	var c *ConflictError
	return errors.As(err, &c) && c.Index == index
}

// ErrNotFound is the absence of a document. Services replace it by the name of the thing: errs.Missing("placement").
func ErrNotFound() error { return errs.Missing("document") }

// ErrStale is an edit of an older version.
func ErrStale() error { return errs.New(errs.Stale, "stale_version") }

// ErrBusy is a store that doesn't answer in time.
func ErrBusy(cause error) error { return errs.New(errs.Unavailable, "busy").WithCause(cause) }

// IsNotFound reports whether err is an absence.
func IsNotFound(err error) bool { return err != nil && errs.KindOf(err) == errs.NotFound }
