package apptest

import (
	"database/sql"
	"fmt"
	"hash/fnv"
	"maps"
	"os"
	"path/filepath"
	"time"
)

// settled is a checksum of each stored table once nothing is at work any more, without what the program does by itself.
func (w *world) settled() map[string]string {
	w.t.Helper()
	last := w.tables()
	for range 100 {
		time.Sleep(150 * time.Millisecond)
		now := w.tables()
		if maps.Equal(last, now) {
			return now
		}
		last = now
	}
	w.t.Fatal("the tables never come to rest")
	return nil
}

func (w *world) tables() map[string]string {
	w.t.Helper()
	db := w.database()
	defer db.Close()
	names, err := db.QueryContext(w.t.Context(), `SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'c\_%' ESCAPE '\'`)
	must(w.t, err)
	var tables []string
	for names.Next() {
		var name string
		must(w.t, names.Scan(&name))
		tables = append(tables, name)
	}
	must(w.t, names.Err())
	must(w.t, names.Close())
	out := map[string]string{}
	for _, name := range tables {
		// When each chore is due next; how often one took the file of one's data; what was searched for, which nobody's reading depends on.
		if name == "c_outbox_jobs" || name == "c_quotas" || name == "c_asked" {
			continue
		}
		rows, err := db.QueryContext(w.t.Context(), `SELECT id, v, body FROM "`+name+`" ORDER BY id`)
		must(w.t, err)
		sum, n := fnv.New64a(), 0
		for rows.Next() {
			var id string
			var v int64
			var body []byte
			must(w.t, rows.Scan(&id, &v, &body))
			fmt.Fprintln(sum, id, v, string(body))
			n++
		}
		must(w.t, rows.Err())
		must(w.t, rows.Close())
		out[name] = fmt.Sprintf("%d, %x", n, sum.Sum64())
	}
	return out
}

// database is the world's own, beside the program.
func (w *world) database() *sql.DB {
	w.t.Helper()
	files, err := filepath.Glob(w.cfg.DataDir + "/*.db")
	must(w.t, err)
	if len(files) != 1 {
		all, _ := os.ReadDir(w.cfg.DataDir)
		w.t.Fatalf("no single database in %v", all)
	}
	db, err := sql.Open("sqlite", "file:"+files[0]+"?_pragma=busy_timeout(5000)")
	must(w.t, err)
	return db
}
