package apptest

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"

	_ "modernc.org/sqlite" // the driver that the engine uses too

	"github.com/orynda/orynda/internal/storage"
)

// rawEngine carries scripts out straight on the database: what the service could reach at most.
type rawEngine interface {
	play(ctx context.Context, sc *script) error
}

// rawSQLite is database/sql with the engine's settings: one writing connection that is taken in turn, four reading ones, prepared statements.
type rawSQLite struct {
	gate    chan struct{}
	writer  *sql.Conn
	writes  map[string]*sql.Stmt
	readers *sql.DB
}

func openRawSQLite(tb testing.TB, path string) *rawSQLite {
	tb.Helper()
	open := func(conns int) *sql.DB {
		q := url.Values{}
		for _, p := range []string{"journal_mode(WAL)", "synchronous(FULL)", "busy_timeout(5000)", "cache_size(-16000)", "temp_store(MEMORY)"} {
			q.Add("_pragma", p)
		}
		db, err := sql.Open("sqlite", "file:"+path+"?"+q.Encode())
		must(tb, err)
		db.SetMaxOpenConns(conns)
		db.SetMaxIdleConns(conns)
		tb.Cleanup(func() { _ = db.Close() })
		return db
	}
	conn, err := open(1).Conn(tb.Context())
	must(tb, err)
	tb.Cleanup(func() { _ = conn.Close() })
	return &rawSQLite{gate: make(chan struct{}, 1), writer: conn, writes: map[string]*sql.Stmt{}, readers: open(4)}
}

func (r *rawSQLite) play(ctx context.Context, sc *script) error {
	for _, s := range sc.before {
		text, args := r.sql(s)
		rows, err := r.readers.QueryContext(ctx, text, args...)
		if err != nil {
			return err
		}
		if err := drain(rows); err != nil {
			return err
		}
	}
	r.gate <- struct{}{}
	defer func() { <-r.gate }()
	if _, err := r.writer.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return err
	}
	for _, s := range sc.inside {
		if err := r.step(ctx, s); err != nil {
			_, _ = r.writer.ExecContext(ctx, "ROLLBACK")
			return fmt.Errorf("%s %s: %w", s.spec.Name, s.id, err)
		}
	}
	_, err := r.writer.ExecContext(ctx, "COMMIT")
	return err
}

func (r *rawSQLite) step(ctx context.Context, s step) error {
	text, args := r.sql(s)
	st, err := r.prepared(ctx, text)
	if err != nil {
		return err
	}
	if !s.write {
		rows, err := st.QueryContext(ctx, args...)
		if err != nil {
			return err
		}
		return drain(rows)
	}
	if _, err := st.ExecContext(ctx, args...); err != nil || !s.fresh {
		return err
	}
	for _, k := range s.spec.Keys {
		list, _ := s.rec.Keys[k.Name].([]string)
		for _, v := range list {
			st, err := r.prepared(ctx, `INSERT INTO "m_`+s.spec.Name+`_`+k.Name+`" (value, id) VALUES (?, ?)`)
			if err != nil {
				return err
			}
			if _, err := st.ExecContext(ctx, v, s.id); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *rawSQLite) prepared(ctx context.Context, text string) (*sql.Stmt, error) {
	if st := r.writes[text]; st != nil {
		return st, nil
	}
	st, err := r.writer.PrepareContext(ctx, text)
	if err == nil {
		r.writes[text] = st
	}
	return st, err
}

// sql writes a step as anybody would.
func (r *rawSQLite) sql(s step) (text string, args []any) {
	t := `"c_` + s.spec.Name + `"`
	switch {
	case s.write:
		return writeSQL(t, s)
	case !s.many:
		return "SELECT v, body FROM " + t + " WHERE id = ?", []any{s.id}
	}
	var conds []string
	for _, c := range s.query.Where {
		col := `"k_` + c.Key + `"`
		if c.Key == storage.KeyID {
			col = "id"
		}
		switch c.Op {
		case storage.OpIn:
			list, _ := json.Marshal(c.Values) // texts and numbers
			conds, args = append(conds, col+" IN (SELECT value FROM json_each(?))"), append(args, string(list))
		default:
			conds, args = append(conds, col+" "+string(c.Op)+" ?"), append(args, c.Values...)
		}
	}
	text = "SELECT v, body FROM " + t + " WHERE " + strings.Join(conds, " AND ")
	if s.query.Sort != "" {
		text += ` ORDER BY "k_` + s.query.Sort + `"`
	}
	if s.query.Limit > 0 {
		text += fmt.Sprintf(" LIMIT %d", s.query.Limit)
	}
	return text, args
}

func writeSQL(table string, s step) (string, []any) {
	cols, args := []string{"v", "body"}, []any{s.rec.Version, s.body}
	for _, k := range s.spec.Keys {
		if k.Kind != storage.Strings {
			cols, args = append(cols, `"k_`+k.Name+`"`), append(args, s.rec.Keys[k.Name])
		}
	}
	args = append(args, s.id)
	if s.fresh {
		return "INSERT INTO " + table + " (" + strings.Join(cols, ", ") + ", id) VALUES (" + strings.Repeat("?, ", len(cols)) + "?)", args
	}
	return "UPDATE " + table + " SET " + strings.Join(cols, " = ?, ") + " = ? WHERE id = ?", args
}

func drain(rows *sql.Rows) error {
	defer rows.Close()
	for rows.Next() {
		var version int64
		var body sql.RawBytes
		if err := rows.Scan(&version, &body); err != nil {
			return err
		}
	}
	return rows.Err()
}
