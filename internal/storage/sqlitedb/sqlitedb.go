// Package sqlitedb is the embedded storage engine: SQLite (modernc.org/sqlite, pure Go) in one file.
//
// One connection writes, behind a first-come-first-served gate; a pool reads. Without the gate database/sql serves
// waiting writers unfairly, and with several writing connections the tail of contended updates is many times longer.
// Transactions begin immediate, because a deferred one that turns into a writer fails with "database is locked". Every
// commit is synchronised to disk (WAL, synchronous FULL).
// The token of the gate, not a lock, guards the writer.
//
// Each collection is a table of id, version, JSON body and one column a key; a Strings key is a table of its own. Another
// program may open the same file (the command line beside the running server): it waits at most five seconds for the writer.
package sqlitedb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"sync"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/storage"
)

// Engine implements storage.Engine on one SQLite file.
type Engine struct {
	readers *sql.DB
	pool    *sql.DB       // owns the writer
	writer  *sql.Conn     // used by whoever holds the token
	gate    chan struct{} // holds one token; receivers are served in the order they came

	writes map[string]*sql.Stmt // prepared on writer; guarded by the token
	mu     sync.Mutex           // guards reads
	reads  map[string]*sql.Stmt // prepared on readers

	watch *sql.DB   // one connection that only looks whether others wrote
	pulse *sql.Stmt // prepared on it

	bodies decoder
}

// readerConns is how many statements may read at once. Reads are short; more connections only cost memory.
const readerConns = 4

// Pages that one connection keeps, in KiB. The readers' are few: what they miss, the system's file cache has, once for all of them.
const (
	writerCache = 16_000
	readerCache = 4_000
	watchCache  = 100
)

// Open opens or creates the file. The folder must exist.
func Open(ctx context.Context, path string) (*Engine, error) {
	pool, err := open(ctx, path, 1, writerCache)
	if err != nil {
		return nil, err
	}
	writer, err := pool.Conn(ctx)
	if err != nil {
		return nil, errors.Join(err, pool.Close())
	}
	readers, err := open(ctx, path, readerConns, readerCache)
	if err != nil {
		return nil, errors.Join(err, writer.Close(), pool.Close())
	}
	e := &Engine{
		readers: readers, pool: pool, writer: writer, gate: make(chan struct{}, 1),
		writes: map[string]*sql.Stmt{}, reads: map[string]*sql.Stmt{},
	}
	e.gate <- struct{}{}
	if e.watch, err = open(ctx, path, 1, watchCache); err == nil {
		e.pulse, err = e.watch.PrepareContext(ctx, "PRAGMA data_version")
	}
	if err != nil {
		return nil, errors.Join(err, e.Close(ctx))
	}
	return e, nil
}

func open(ctx context.Context, path string, conns, cache int) (*sql.DB, error) {
	q := url.Values{}
	for _, p := range []string{"journal_mode(WAL)", "synchronous(FULL)", "busy_timeout(5000)", fmt.Sprintf("cache_size(-%d)", cache), "temp_store(MEMORY)"} {
		q.Add("_pragma", p)
	}
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?"+q.Encode())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	if err := db.PingContext(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", path, err), db.Close())
	}
	return db, nil
}

// Name implements storage.Engine.
func (e *Engine) Name() string { return "sqlite" }

// Ping implements storage.Engine.
func (e *Engine) Ping(ctx context.Context) error { return e.readers.PingContext(ctx) }

// Close implements storage.Engine. It waits for the running transaction until ctx ends.
func (e *Engine) Close(ctx context.Context) error {
	if err := e.take(ctx); err != nil {
		return err
	}
	close(e.gate) // no token will come again: later writers see it closed
	err := errors.Join(e.readers.Close(), e.writer.Close(), e.pool.Close())
	if e.watch != nil {
		err = errors.Join(err, e.watch.Close())
	}
	return err
}

// Pulse implements storage.Pulser: SQLite's data_version as a connection sees it that never writes itself.
func (e *Engine) Pulse(ctx context.Context) (int64, bool) {
	var n int64
	if err := e.pulse.QueryRowContext(ctx).Scan(&n); err != nil {
		return 0, false
	}
	return n, true
}

// take waits for the writer's turn.
func (e *Engine) take(ctx context.Context) error {
	select {
	case _, open := <-e.gate:
		if !open {
			return storage.ErrBusy(sql.ErrConnDone)
		}
		return nil
	case <-ctx.Done():
		return storage.ErrBusy(ctx.Err())
	}
}

// txKey carries the transaction of one engine in a context.
type txKey struct{ e *Engine }

// txState is a running transaction. failed is the first error that doomed it; ended guards against a context kept past the end.
type txState struct {
	failed error
	ended  bool
}

func (e *Engine) state(ctx context.Context) *txState {
	s, _ := ctx.Value(txKey{e}).(*txState)
	return s
}

// InTx implements storage.Engine.
func (e *Engine) InTx(ctx context.Context) bool { return e.state(ctx) != nil }

// Tx implements storage.Engine. Waiting for the writer beyond the deadline of ctx is busy.
func (e *Engine) Tx(ctx context.Context, fn func(ctx context.Context) error) error {
	if s := e.state(ctx); s != nil {
		return s.join(ctx, fn)
	}
	if err := e.take(ctx); err != nil {
		return err
	}
	defer func() { e.gate <- struct{}{} }()
	return e.run(ctx, fn)
}

// run holds the token.
func (e *Engine) run(ctx context.Context, fn func(ctx context.Context) error) error {
	if _, err := e.writer.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return translate(err)
	}
	s := &txState{}
	defer func() {
		if !s.ended { // an error or a panic; a cancelled request must not keep the transaction open
			s.ended = true
			_, _ = e.writer.ExecContext(context.WithoutCancel(ctx), "ROLLBACK")
		}
	}()
	if err := fn(context.WithValue(ctx, txKey{e}, s)); err != nil {
		return err
	}
	if s.failed != nil {
		return s.failed
	}
	if err := ctx.Err(); err != nil {
		return storage.ErrBusy(err)
	}
	// From here on the answer is the database's: an interrupted commit would leave the caller guessing.
	if _, err := e.writer.ExecContext(context.WithoutCancel(ctx), "COMMIT"); err != nil {
		return translate(err)
	}
	s.ended = true
	return nil
}

// note keeps the first error that dooms the transaction.
func (s *txState) note(err error) error {
	if err != nil && s.failed == nil && errs.KindOf(err) != errs.NotFound {
		s.failed = err
	}
	return err
}

// join runs fn inside a transaction that somebody else ends.
func (s *txState) join(ctx context.Context, fn func(ctx context.Context) error) error {
	returned := false
	defer func() {
		if !returned { // a panic that the outer function may recover from must not commit half of fn
			_ = s.note(errors.New("sqlitedb: a panic inside the transaction"))
		}
	}()
	err := fn(ctx)
	returned = true
	return s.note(err)
}

// write runs fn in the running transaction, or in one of its own, and notes its failure.
func (e *Engine) write(ctx context.Context, fn func(ctx context.Context) error) error {
	s := e.state(ctx)
	if s == nil {
		return e.Tx(ctx, fn)
	}
	if s.failed != nil {
		return s.failed
	}
	return s.note(fn(ctx))
}

// stmt gives the prepared statement of a text for the transaction of ctx, or for the readers.
func (e *Engine) stmt(ctx context.Context, text string) (*sql.Stmt, error) {
	s := e.state(ctx)
	if s == nil {
		e.mu.Lock()
		defer e.mu.Unlock()
		return prepare(ctx, e.readers, e.reads, text)
	}
	switch {
	case s.ended:
		return nil, errors.New("sqlitedb: the transaction of this context has ended")
	case s.failed != nil:
		return nil, s.failed
	}
	return prepare(ctx, e.writer, e.writes, text)
}

// prepare looks the text up or prepares it. The declared collections and the shapes of queries in the code bound the number of
// texts; lists are passed as one JSON argument, so their lengths don't multiply it.
func prepare(ctx context.Context, on interface {
	PrepareContext(context.Context, string) (*sql.Stmt, error)
}, cache map[string]*sql.Stmt, text string) (*sql.Stmt, error) {
	if st := cache[text]; st != nil {
		return st, nil
	}
	// Not cancelled with the request: a cached statement outlives it.
	st, err := on.PrepareContext(context.WithoutCancel(ctx), text)
	if err != nil {
		return nil, translate(err)
	}
	cache[text] = st
	return st, nil
}

// translate turns what the driver says into the port's errors.
func translate(err error) error {
	var se *sqlite.Error
	switch {
	case err == nil:
		return nil
	case errors.Is(err, sql.ErrNoRows):
		return storage.ErrNotFound()
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled), errors.Is(err, sql.ErrConnDone), errors.Is(err, sql.ErrTxDone):
		return storage.ErrBusy(err)
	case errors.As(err, &se) && (se.Code()&0xff == sqlite3.SQLITE_BUSY || se.Code()&0xff == sqlite3.SQLITE_INTERRUPT):
		return storage.ErrBusy(err)
	}
	return err
}

// isUnique reports whether a unique index or the primary key refused a write.
func isUnique(err error) bool {
	var se *sqlite.Error
	return errors.As(err, &se) && (se.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE || se.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY)
}
