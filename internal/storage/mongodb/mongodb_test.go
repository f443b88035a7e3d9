package mongodb_test

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/orynda/orynda/internal/storage"
	"github.com/orynda/orynda/internal/storage/mongodb"
	"github.com/orynda/orynda/internal/storage/storagetest"
)

func TestMain(m *testing.M) { os.Exit(storagetest.Main(m)) }

// opener gives the way to open stores on the test server, and ends the test without one; Engines has said so loudly, or failed.
func opener(t *testing.T) func(t *testing.T) storage.Engine {
	t.Helper()
	for _, engine := range storagetest.Engines(t) {
		if engine.Name == "mongodb" {
			return engine.Open
		}
	}
	t.Skip("NOT run: no MongoDB server")
	return nil
}

// open gives an empty store.
func open(t *testing.T) *mongodb.Engine {
	t.Helper()
	return opener(t)(t).(*mongodb.Engine)
}

// TestEngine proves the port's promises.
func TestEngine(t *testing.T) { storagetest.Run(t, opener(t)) }

func TestDatabaseName(t *testing.T) {
	for uri, want := range map[string]string{
		"mongodb://localhost":                               "orynda",
		"mongodb://localhost/":                              "orynda",
		"mongodb://localhost/?replicaSet=rs0":               "orynda",
		"mongodb://localhost/one?replicaSet=rs0":            "one",
		"mongodb://u:p%2Fw@a:27017,b:27018/two?w=majority/": "two",
		"mongodb+srv://u:p@cluster.example.kz/%D2%9B":       "қ",
	} {
		if got, err := mongodb.DatabaseName(uri); err != nil || got != want {
			t.Errorf("%s: %q, %v, want %q", uri, got, err, want)
		}
	}
	if _, err := mongodb.DatabaseName("mongodb://localhost/%zz"); err == nil {
		t.Error("a broken escape is no error")
	}
}

func TestHasTransactions(t *testing.T) {
	for name, c := range map[string]struct {
		hello bson.D
		want  bool
	}{
		"alone":       {bson.D{{Key: "isWritablePrimary", Value: true}}, false},
		"replica set": {bson.D{{Key: "setName", Value: "rs0"}}, true},
		"cluster":     {bson.D{{Key: "msg", Value: "isdbgrid"}}, true},
	} {
		raw, err := bson.Marshal(c.hello)
		if err != nil {
			t.Fatal(err)
		}
		if got := mongodb.HasTransactions(raw); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestOpenWithoutServer(t *testing.T) {
	start := time.Now()
	// Port 1 is never served; the URI's own patience overrules ours.
	_, err := mongodb.Open(t.Context(), "mongodb://someone:secret@127.0.0.1:1/?serverSelectionTimeoutMS=200&directConnection=true")
	if err == nil || time.Since(start) > 4*time.Second {
		t.Fatalf("error %v after %v", err, time.Since(start))
	}
	if strings.Contains(err.Error(), "secret") {
		t.Errorf("the error tells the password: %v", err)
	}
	if _, err := mongodb.Open(t.Context(), "postgres://localhost"); err == nil {
		t.Error("another scheme is no error")
	}
}

// item is a document of these tests.
type item struct {
	ID      string   `json:"id"`
	Version int64    `json:"version"`
	Name    string   `json:"name"`
	Group   string   `json:"group"`
	Rank    int64    `json:"rank"`
	Tags    []string `json:"tags"`
}

// Identity implements storage.Document.
func (d *item) Identity() (string, *int64) { return d.ID, &d.Version }

// Keys implements storage.Document.
func (d *item) Keys() storage.Keys {
	return storage.Keys{"name": d.Name, "group": d.Group, "rank": d.Rank, "tags": d.Tags}
}

func itemSpec() storage.Spec {
	return storage.Spec{
		Name: "items",
		Keys: []storage.Key{{Name: "name"}, {Name: "group"}, {Name: "rank", Kind: storage.Int}, {Name: "tags", Kind: storage.Strings}},
		Indexes: []storage.Index{
			{Name: "one_name", Keys: []string{"name"}, Unique: true},
			{Name: "by_group", Keys: []string{"group", "rank"}},
			{Name: "by_tags", Keys: []string{"tags"}},
		},
	}
}

func items(t *testing.T, e storage.Engine) *storage.Collection[item, *item] {
	t.Helper()
	if err := e.Ensure(t.Context(), itemSpec()); err != nil {
		t.Fatal(err)
	}
	return storage.Open[item](e, itemSpec())
}

// TestPlans holds the queries that services make to the indexes that they declare: no scan, no sorting in memory.
func TestPlans(t *testing.T) {
	e := open(t)
	items(t, e)
	for name, q := range map[string]storage.Query{
		"unique lookup":     storage.Where(storage.Eq("name", "x")),
		"unique list":       storage.Where(storage.In("name", "x", "y")),
		"group in order":    storage.Where(storage.Eq("group", "g")).By("rank"),
		"group, last first": storage.Where(storage.Eq("group", "g")).ByDesc("rank"),
		"group by id":       storage.Where(storage.Eq("group", "g"), storage.Eq("rank", 1)),
		"next page":         storage.Where(storage.Eq("group", "g")).By("rank").From(storage.Cursor{Value: int64(3), ID: "x"}),
		"by id":             storage.Query{}.ByDesc("").From(storage.Cursor{ID: "x"}),
	} {
		plan, err := e.Explain(t.Context(), itemSpec(), q)
		if err != nil {
			t.Fatal(err)
		}
		winning := plan.Lookup("queryPlanner", "winningPlan").String()
		if strings.Contains(winning, "COLLSCAN") || strings.Contains(winning, `"SORT"`) || !strings.Contains(winning, "IXSCAN") {
			t.Errorf("%s: %s", name, winning)
		}
	}
	plan, err := e.Explain(t.Context(), itemSpec(), storage.Where(storage.Has("tags", "x")))
	if err != nil || !strings.Contains(plan.Lookup("queryPlanner", "winningPlan").String(), "IXSCAN") {
		t.Errorf("tags: %s, %v", plan, err)
	}
}

// TestEnsureKeepsNames pins the names of indexes: operators read them in plans.
func TestEnsureKeepsNames(t *testing.T) {
	e := open(t)
	items(t, e)
	names, err := e.IndexNames(t.Context(), itemSpec())
	if got, want := strings.Join(names, " "), "_id_ one_name by_group by_tags"; err != nil || got != want {
		t.Errorf("indexes %s, %v, want %s", got, err, want)
	}
	changed := itemSpec()
	changed.Indexes[1].Keys = []string{"rank"}
	if err := e.Ensure(t.Context(), changed); err == nil {
		t.Error("another index under a taken name is no error")
	}
	err = e.Tx(t.Context(), func(ctx context.Context) error { return e.Ensure(ctx, itemSpec()) })
	if err == nil {
		t.Error("Ensure inside a transaction is no error")
	}
}
