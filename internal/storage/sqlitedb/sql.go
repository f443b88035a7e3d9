package sqlitedb

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/orynda/orynda/internal/storage"
)

// Names come from declarations in the code, never from input; quoting keeps words like "order" usable.

func table(s storage.Spec) string { return `"c_` + s.Name + `"` }

// column names a key's column; the identifier has one of its own.
func column(key string) string {
	if key == storage.KeyID {
		return "id"
	}
	return `"k_` + key + `"`
}

func valuesTable(s storage.Spec, k storage.Key) string  { return `"m_` + s.Name + `_` + k.Name + `"` }
func indexName(s storage.Spec, ix storage.Index) string { return `"i_` + s.Name + `_` + ix.Name + `"` }

// columns are the keys kept in the table itself.
func columns(s storage.Spec) []storage.Key {
	var out []storage.Key
	for _, k := range s.Keys {
		if k.Kind != storage.Strings {
			out = append(out, k)
		}
	}
	return out
}

// stringsKeys are the keys kept in tables of their own.
func stringsKeys(s storage.Spec) []storage.Key {
	var out []storage.Key
	for _, k := range s.Keys {
		if k.Kind == storage.Strings {
			out = append(out, k)
		}
	}
	return out
}

func columnType(k storage.Key) string {
	if k.Kind == storage.Int {
		return "INTEGER"
	}
	return "TEXT"
}

func insertSQL(s storage.Spec) string {
	names, marks := "id, v, body", "?, ?, ?"
	for _, k := range columns(s) {
		names += ", " + column(k.Name)
		marks += ", ?"
	}
	return "INSERT INTO " + table(s) + " (" + names + ") VALUES (" + marks + ")"
}

func replaceSQL(s storage.Spec) string {
	sets := "v = ?, body = ?"
	for _, k := range columns(s) {
		sets += ", " + column(k.Name) + " = ?"
	}
	return "UPDATE " + table(s) + " SET " + sets + " WHERE id = ? AND v = ?"
}

func selectSQL(s storage.Spec, q storage.Query) (string, []any, error) {
	conds, args, err := condsSQL(s, q.Where)
	if err != nil {
		return "", nil, err
	}
	dir, cmp := " ASC", " > "
	if q.Desc {
		dir, cmp = " DESC", " < "
	}
	order := "id" + dir
	if q.Sort != "" {
		conds = append(conds, column(q.Sort)+" IS NOT NULL")
		order = column(q.Sort) + dir + ", id" + dir
	}
	switch {
	case q.After.IsZero():
	case q.Sort == "":
		conds, args = append(conds, "id"+cmp+"?"), append(args, q.After.ID)
	default:
		conds = append(conds, "("+column(q.Sort)+", id)"+cmp+"(?, ?)")
		args = append(args, q.After.Value, q.After.ID)
	}
	what := "id, v, body"
	if q.Bare {
		what = "id, v"
	}
	text := "SELECT " + what + " FROM " + table(s) + joinConds(conds) + " ORDER BY " + order
	if q.Limit > 0 {
		text, args = text+" LIMIT ?", append(args, q.Limit)
	}
	return text, args, nil
}

func whereSQL(s storage.Spec, where []storage.Cond) (string, []any, error) {
	conds, args, err := condsSQL(s, where)
	return joinConds(conds), args, err
}

func joinConds(conds []string) string {
	if len(conds) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(conds, " AND ")
}

func condsSQL(s storage.Spec, where []storage.Cond) ([]string, []any, error) {
	var conds []string
	var args []any
	for _, c := range where {
		text, value, err := condSQL(s, c)
		if err != nil {
			return nil, nil, err
		}
		conds = append(conds, text)
		args = append(args, value...)
	}
	return conds, args, nil
}

// condSQL writes one condition. Lists travel as one JSON argument, so that a statement's text doesn't depend on their length.
func condSQL(s storage.Spec, c storage.Cond) (string, []any, error) {
	switch c.Op {
	case storage.OpEq, storage.OpLt, storage.OpLte, storage.OpGt, storage.OpGte:
		return column(c.Key) + " " + string(c.Op) + " ?", c.Values, nil
	case storage.OpIn, storage.OpHas:
		list, err := json.Marshal(c.Values)
		if err != nil {
			return "", nil, err
		}
		const among = " IN (SELECT value FROM json_each(?))"
		if c.Op == storage.OpIn {
			return column(c.Key) + among, []any{string(list)}, nil
		}
		return "id IN (SELECT id FROM " + valuesTable(s, storage.Key{Name: c.Key}) + " WHERE value" + among + ")", []any{string(list)}, nil
	case storage.OpAbsent:
		for _, k := range stringsKeys(s) {
			if k.Name == c.Key {
				return "id NOT IN (SELECT id FROM " + valuesTable(s, k) + ")", nil, nil
			}
		}
		return column(c.Key) + " IS NULL", nil, nil
	}
	return "", nil, fmt.Errorf("sqlitedb: unknown comparison %q", c.Op)
}

// Ensure implements storage.Engine: tables, columns and indexes that are missing, in one transaction.
func (e *Engine) Ensure(ctx context.Context, spec storage.Spec) error {
	return e.Tx(ctx, func(ctx context.Context) error {
		ddl := "CREATE TABLE IF NOT EXISTS " + table(spec) + " (id TEXT PRIMARY KEY NOT NULL, v INTEGER NOT NULL, body BLOB NOT NULL)"
		if err := e.ddl(ctx, ddl); err != nil {
			return err
		}
		have, err := e.existingColumns(ctx, spec)
		if err != nil {
			return err
		}
		for _, k := range columns(spec) {
			if have["k_"+k.Name] {
				continue
			}
			if err := e.ddl(ctx, "ALTER TABLE "+table(spec)+" ADD COLUMN "+column(k.Name)+" "+columnType(k)); err != nil {
				return err
			}
		}
		for _, k := range stringsKeys(spec) {
			t := valuesTable(spec, k)
			if err := e.ddl(ctx, "CREATE TABLE IF NOT EXISTS "+t+" (value TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (value, id)) WITHOUT ROWID"); err != nil {
				return err
			}
			if err := e.ddl(ctx, "CREATE INDEX IF NOT EXISTS "+strings.Replace(t, `"m_`, `"mi_`, 1)+" ON "+t+" (id)"); err != nil {
				return err
			}
		}
		return e.ensureIndexes(ctx, spec)
	})
}

func (e *Engine) ensureIndexes(ctx context.Context, spec storage.Spec) error {
	multi := map[string]bool{}
	for _, k := range stringsKeys(spec) {
		multi[k.Name] = true
	}
	for _, ix := range spec.Indexes {
		if len(ix.Keys) == 1 && multi[ix.Keys[0]] {
			continue // its table is its index
		}
		var cols, present []string
		for _, k := range ix.Keys {
			cols = append(cols, column(k))
			present = append(present, column(k)+" IS NOT NULL")
		}
		ddl := "CREATE INDEX IF NOT EXISTS " + indexName(spec, ix) + " ON " + table(spec) + " (" + strings.Join(append(cols, "id"), ", ") + ")"
		if ix.Unique {
			ddl = "CREATE UNIQUE INDEX IF NOT EXISTS " + indexName(spec, ix) + " ON " + table(spec) + " (" + strings.Join(cols, ", ") + ") WHERE " + strings.Join(present, " AND ")
		}
		if err := e.ddl(ctx, ddl); err != nil {
			return err
		}
	}
	return nil
}

// ddl runs a statement that is not worth keeping prepared.
func (e *Engine) ddl(ctx context.Context, text string) error {
	_, err := e.writer.ExecContext(ctx, text)
	return translate(err)
}

func (e *Engine) existingColumns(ctx context.Context, spec storage.Spec) (map[string]bool, error) {
	rows, err := e.writer.QueryContext(ctx, "SELECT name FROM pragma_table_info(?)", strings.Trim(table(spec), `"`))
	if err != nil {
		return nil, translate(err)
	}
	defer func() { _ = rows.Close() }() // rows.Err has told what went wrong
	have := map[string]bool{}
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, translate(err)
		}
		have[name] = true
	}
	return have, translate(rows.Err())
}
