package storagetest

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/orynda/orynda/internal/id"
	"github.com/orynda/orynda/internal/storage"
	"github.com/orynda/orynda/internal/storage/mongodb"
	"github.com/orynda/orynda/internal/storage/sqlitedb"
)

// URIVariable names the environment variable with the MongoDB server that tests use, e.g.
// mongodb://127.0.0.1:27017/?replicaSet=rs0. A database name in it is ignored: every store gets a database of its own.
const URIVariable = "ORYNDA_TEST_MONGODB_URI"

// Named is one engine that tests run on.
type Named struct {
	Name string // what Engine.Name says: a good name for a subtest
	// Open gives an empty store of its own to the test, and removes it when the test ends.
	Open func(t *testing.T) storage.Engine
}

// Engines lists the engines that every test of stored things runs on: sqlite always; mongodb on the server of [URIVariable], else on a
// mongod that this starts once for the process (found on PATH or in the repository's .tools/bin). Without any it says loudly that
// the MongoDB half was not run, and with CI=true it fails the test.
//
//	for _, engine := range storagetest.Engines(t) {
//		t.Run(engine.Name, func(t *testing.T) { ... engine.Open(t) ... })
//	}
//
// A package that calls it should have a TestMain of os.Exit(storagetest.Main(m)).
func Engines(t *testing.T) []Named {
	t.Helper()
	engines := []Named{{Name: "sqlite", Open: openSQLite}}
	if _, err := serverURI(); err != nil {
		missing(t, err)
		return engines
	}
	return append(engines, Named{Name: "mongodb", Open: openMongoDB})
}

// MongoDBURI gives the connection string of an empty database to a test that needs more than the port, and drops the database
// when the test ends. Without a server it skips the test, as loudly as [Engines].
func MongoDBURI(t *testing.T) string {
	t.Helper()
	return DatabaseURI(t)
}

// DatabaseURI is [MongoDBURI] for benchmarks too.
func DatabaseURI(tb testing.TB) string {
	tb.Helper()
	server, err := serverURI()
	if err != nil {
		missing(tb, err)
		tb.SkipNow()
	}
	name := "orynda_test_" + strings.ToLower(id.Crockford(16))
	tb.Cleanup(func() {
		if err := dropDatabase(server, name); err != nil {
			tb.Errorf("drop database %s: %v", name, err)
		}
	})
	return withDatabase(server, name)
}

// missing says that half of the tests is missing, so that nobody takes the rest for the whole.
func missing(t testing.TB, err error) {
	t.Helper()
	text := notRun(err)
	if os.Getenv("CI") == "true" {
		t.Fatal(text)
	}
	t.Log(text)
	process.told.Do(func() { shout(text) })
}

func notRun(err error) string { return "the MongoDB half of the tests was NOT run: " + err.Error() }

// NotRun says what tests leave out on this machine, "" for nothing. go test shows no word of a package that passes, so make test asks this afterwards.
func NotRun() string {
	if os.Getenv(URIVariable) != "" {
		return ""
	}
	if _, err := findBinary(); err != nil {
		return notRun(err)
	}
	return ""
}

func openSQLite(t *testing.T) storage.Engine {
	t.Helper()
	e, err := sqlitedb.Open(t.Context(), filepath.Join(t.TempDir(), "test.db"))
	if err != nil {
		t.Fatalf("open sqlite: %v", err)
	}
	t.Cleanup(func() { closeEngine(t, e) })
	return e
}

func openMongoDB(t *testing.T) storage.Engine {
	t.Helper()
	e, err := mongodb.Open(t.Context(), MongoDBURI(t))
	if err != nil {
		t.Fatalf("open mongodb: %v", err)
	}
	t.Cleanup(func() { closeEngine(t, e) })
	return e
}

// closeEngine closes what a test may have closed itself.
func closeEngine(t *testing.T, e storage.Engine) {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if err := e.Close(ctx); err != nil {
		t.Logf("close %s: %v", e.Name(), err)
	}
}

// withDatabase puts a database name into a connection string.
func withDatabase(uri, name string) string {
	scheme, rest, _ := strings.Cut(uri, "://")
	rest, query, asks := strings.Cut(rest, "?")
	hosts, _, _ := strings.Cut(rest, "/")
	if asks {
		name += "?" + query
	}
	return scheme + "://" + hosts + "/" + name
}

func dropDatabase(uri, name string) error {
	// A program that was cut off leaves its transaction open; the server ends it after 60 s, and a drop waits for that.
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	client, err := mongo.Connect(options.Client().ApplyURI(uri))
	if err != nil {
		return err
	}
	defer client.Disconnect(ctx) // the database is gone or the test has failed
	return client.Database(name).Drop(ctx)
}
