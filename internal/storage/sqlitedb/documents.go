package sqlitedb

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/orynda/orynda/internal/storage"
)

// Get implements storage.Engine.
func (e *Engine) Get(ctx context.Context, spec storage.Spec, id string, into any) (int64, error) {
	st, err := e.stmt(ctx, "SELECT v, body FROM "+table(spec)+" WHERE id = ?")
	if err != nil {
		return 0, err
	}
	var version int64
	var body []byte
	if err := st.QueryRowContext(ctx, id).Scan(&version, &body); err != nil {
		return 0, e.noted(ctx, translate(err))
	}
	return version, e.bodies.decode(body, into)
}

// noted dooms the transaction of ctx by any error that isn't an absence.
func (e *Engine) noted(ctx context.Context, err error) error {
	if s := e.state(ctx); s != nil {
		return s.note(err)
	}
	return err
}

// Lock implements storage.Engine. Holding the writer's token is the lock.
func (e *Engine) Lock(ctx context.Context, spec storage.Spec, id string, into any, create *storage.Record) (int64, error) {
	if !e.InTx(ctx) {
		return 0, errors.New("sqlitedb: Lock outside a transaction")
	}
	version, err := e.Get(ctx, spec, id, into)
	if create == nil || !storage.IsNotFound(err) {
		return version, err
	}
	body, err := e.insert(ctx, spec, *create)
	if err != nil {
		return 0, err
	}
	return create.Version, e.bodies.decode(body, into)
}

// Insert implements storage.Engine.
func (e *Engine) Insert(ctx context.Context, spec storage.Spec, rec storage.Record) error {
	_, err := e.insert(ctx, spec, rec)
	return err
}

// encode gives a body as it is stored.
func encode(spec storage.Spec, rec storage.Record) ([]byte, error) {
	body, err := json.Marshal(rec.Body)
	if err != nil {
		return nil, fmt.Errorf("sqlitedb: %s: %w", spec.Name, err)
	}
	return body, storage.CheckWeight(body)
}

// insert gives the body as it is stored.
func (e *Engine) insert(ctx context.Context, spec storage.Spec, rec storage.Record) ([]byte, error) {
	body, err := encode(spec, rec)
	if err != nil {
		return nil, e.noted(ctx, err)
	}
	args := []any{rec.ID, rec.Version, body}
	for _, k := range columns(spec) {
		args = append(args, rec.Keys[k.Name])
	}
	return body, e.write(ctx, func(ctx context.Context) error {
		if _, err := e.exec(ctx, insertSQL(spec), args...); err != nil {
			return e.refused(ctx, spec, rec, err, true)
		}
		return e.addStrings(ctx, spec, rec)
	})
}

// Replace implements storage.Engine.
func (e *Engine) Replace(ctx context.Context, spec storage.Spec, rec storage.Record) error {
	body, err := encode(spec, rec)
	if err != nil {
		return e.noted(ctx, err)
	}
	args := []any{rec.Version, body}
	for _, k := range columns(spec) {
		args = append(args, rec.Keys[k.Name])
	}
	args = append(args, rec.ID, rec.Version-1)
	return e.write(ctx, func(ctx context.Context) error {
		n, err := e.exec(ctx, replaceSQL(spec), args...)
		if err != nil {
			return e.refused(ctx, spec, rec, err, false)
		}
		if n == 0 {
			return e.staleOrGone(ctx, spec, rec.ID)
		}
		if err := e.dropStrings(ctx, spec, rec.ID); err != nil {
			return err
		}
		return e.addStrings(ctx, spec, rec)
	})
}

func (e *Engine) staleOrGone(ctx context.Context, spec storage.Spec, id string) error {
	var body json.RawMessage
	if _, err := e.Get(ctx, spec, id, &body); err != nil {
		return err
	}
	return storage.ErrStale()
}

// Delete implements storage.Engine.
func (e *Engine) Delete(ctx context.Context, spec storage.Spec, id string) error {
	return e.write(ctx, func(ctx context.Context) error {
		n, err := e.exec(ctx, "DELETE FROM "+table(spec)+" WHERE id = ?", id)
		if err != nil {
			return translate(err)
		}
		if n == 0 {
			return storage.ErrNotFound()
		}
		return e.dropStrings(ctx, spec, id)
	})
}

func (e *Engine) exec(ctx context.Context, text string, args ...any) (int64, error) {
	st, err := e.stmt(ctx, text)
	if err != nil {
		return 0, err
	}
	res, err := st.ExecContext(ctx, args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

func (e *Engine) addStrings(ctx context.Context, spec storage.Spec, rec storage.Record) error {
	for _, k := range stringsKeys(spec) {
		values, _ := rec.Keys[k.Name].([]string)
		for _, v := range values {
			if _, err := e.exec(ctx, "INSERT INTO "+valuesTable(spec, k)+" (value, id) VALUES (?, ?)", v, rec.ID); err != nil {
				return translate(err)
			}
		}
	}
	return nil
}

func (e *Engine) dropStrings(ctx context.Context, spec storage.Spec, id string) error {
	for _, k := range stringsKeys(spec) {
		if _, err := e.exec(ctx, "DELETE FROM "+valuesTable(spec, k)+" WHERE id = ?", id); err != nil {
			return translate(err)
		}
	}
	return nil
}

// refused says which unique index forbids a write, by asking the table: the driver names columns, in a sentence.
func (e *Engine) refused(ctx context.Context, spec storage.Spec, rec storage.Record, cause error, insert bool) error {
	if !isUnique(cause) {
		return translate(cause)
	}
	if insert && e.exists(ctx, "SELECT 1 FROM "+table(spec)+" WHERE id = ?", rec.ID) {
		return &storage.ConflictError{Collection: spec.Name, Index: "id"}
	}
	for _, ix := range spec.Indexes {
		if !ix.Unique {
			continue
		}
		conds := []string{"id <> ?"}
		args := []any{rec.ID}
		for _, k := range ix.Keys {
			conds = append(conds, column(k)+" = ?")
			args = append(args, rec.Keys[k])
		}
		if e.exists(ctx, "SELECT 1 FROM "+table(spec)+" WHERE "+strings.Join(conds, " AND "), args...) {
			return &storage.ConflictError{Collection: spec.Name, Index: ix.Name}
		}
	}
	return cause
}

func (e *Engine) exists(ctx context.Context, text string, args ...any) bool {
	st, err := e.stmt(ctx, text)
	if err != nil {
		return false
	}
	var one int
	return st.QueryRowContext(ctx, args...).Scan(&one) == nil
}

// Find implements storage.Engine.
func (e *Engine) Find(ctx context.Context, spec storage.Spec, q storage.Query, each func(storage.Found) error) error {
	text, args, err := selectSQL(spec, q)
	if err != nil {
		return err
	}
	st, err := e.stmt(ctx, text)
	if err != nil {
		return err
	}
	rows, err := st.QueryContext(ctx, args...)
	if err != nil {
		return e.noted(ctx, translate(err))
	}
	defer func() { _ = rows.Close() }() // rows.Err has told what went wrong
	return e.scan(ctx, rows, q.Bare, each)
}

func (e *Engine) scan(ctx context.Context, rows *sql.Rows, bare bool, each func(storage.Found) error) error {
	for rows.Next() {
		var f storage.Found
		var body sql.RawBytes
		into := []any{&f.ID, &f.Version, &body}
		if bare {
			into = into[:2]
		} else {
			f.Decode = func(into any) error { return e.bodies.decode(body, into) }
		}
		if err := rows.Scan(into...); err != nil {
			return e.noted(ctx, translate(err))
		}
		if err := each(f); err != nil {
			return err
		}
	}
	return e.noted(ctx, translate(rows.Err()))
}

// Count implements storage.Engine.
func (e *Engine) Count(ctx context.Context, spec storage.Spec, q storage.Query) (int64, error) {
	where, args, err := whereSQL(spec, q.Where)
	if err != nil {
		return 0, err
	}
	st, err := e.stmt(ctx, "SELECT count(*) FROM "+table(spec)+where)
	if err != nil {
		return 0, err
	}
	var n int64
	err = st.QueryRowContext(ctx, args...).Scan(&n)
	return n, e.noted(ctx, translate(err))
}
