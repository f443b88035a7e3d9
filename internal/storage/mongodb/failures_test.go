package mongodb_test

import (
	"context"
	"os"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/id"
	"github.com/orynda/orynda/internal/storage"
	"github.com/orynda/orynda/internal/storage/mongodb"
	"github.com/orynda/orynda/internal/storage/storagetest"
)

// fail makes the server refuse the next commands of one program.
type fail struct {
	command string
	times   int
	how     bson.D
}

func closeConnection() bson.D { return bson.D{{Key: "closeConnection", Value: true}} }

func labelled(code int, label string) bson.D {
	return bson.D{{Key: "errorCode", Value: code}, {Key: "errorLabels", Value: bson.A{label}}}
}

func duplicateID() bson.D {
	where := bson.D{{Key: "keyPattern", Value: bson.D{{Key: "_id", Value: 1}}}, {Key: "keyValue", Value: bson.D{{Key: "_id", Value: "owner"}}}}
	return bson.D{{Key: "errorCode", Value: 11000}, {Key: "errorExtraInfo", Value: where}}
}

// on switches the failure on and, at the end of the test, off.
func (f fail) on(t *testing.T, e *mongodb.Engine, app string) {
	t.Helper()
	data := append(bson.D{{Key: "failCommands", Value: bson.A{f.command}}, {Key: "appName", Value: app}}, f.how...)
	command := bson.D{{Key: "configureFailPoint", Value: "failCommand"}, {Key: "mode", Value: bson.D{{Key: "times", Value: f.times}}}, {Key: "data", Value: data}}
	if err := e.Admin(t.Context(), command); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("NOT run: %v", err)
		}
		t.Skipf("NOT run: this server can't be made to fail (mongod --setParameter enableTestCommands=1): %v", err)
	}
	t.Cleanup(func() {
		off := bson.D{{Key: "configureFailPoint", Value: "failCommand"}, {Key: "mode", Value: "off"}}
		if err := e.Admin(context.Background(), off); err != nil {
			t.Error(err)
		}
	})
}

// TestFailures makes commands fail as an election or a broken network would: work is done once, or the caller is told busy.
func TestFailures(t *testing.T) {
	for name, c := range map[string]struct {
		fail fail
		runs int // of the function
	}{
		"the answer to a commit is lost":      {fail{"commitTransaction", 1, closeConnection()}, 1},
		"many answers to a commit are lost":   {fail{"commitTransaction", 8, closeConnection()}, 1},
		"a commit's outcome is unknown":       {fail{"commitTransaction", 3, labelled(50, "UnknownTransactionCommitResult")}, 1},
		"a commit meets a conflict":           {fail{"commitTransaction", 1, labelled(112, "TransientTransactionError")}, 2},
		"a write meets a conflict":            {fail{"insert", 2, labelled(112, "TransientTransactionError")}, 3},
		"a lock meets another's creation":     {fail{"findAndModify", 1, duplicateID()}, 2},
		"a lock meets a conflict":             {fail{"findAndModify", 1, labelled(112, "TransientTransactionError")}, 2},
		"the connection breaks at a write":    {fail{"insert", 1, closeConnection()}, 2},
		"the rollback's answer is lost":       {fail{"abortTransaction", 1, closeConnection()}, 1},
		"the server steps down at the commit": {fail{"commitTransaction", 1, bson.D{{Key: "errorCode", Value: 189}}}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			e, app := openAs(t)
			c.fail.on(t, e, app)
			runs, err := transfer(t, e)
			if err != nil || runs != c.runs {
				t.Errorf("%d runs and error %v, want %d runs", runs, err, c.runs)
			}
			n, err := items(t, e).Count(t.Context(), storage.Query{})
			if err != nil || n != 2 {
				t.Errorf("%d documents, %v, want 2", n, err)
			}
		})
	}
}

func TestPlainWriteWithoutServer(t *testing.T) {
	e, app := openAs(t)
	c := items(t, e)
	fail{"insert", 20, closeConnection()}.on(t, e, app)
	if err := c.Insert(t.Context(), &item{ID: "a"}); !errs.Has(err, "busy") {
		t.Errorf("error %v, want busy", err)
	}
}

// transfer locks one document and inserts another in a transaction, and counts its runs.
func transfer(t *testing.T, e storage.Engine) (runs int, err error) {
	t.Helper()
	c := items(t, e)
	err = e.Tx(t.Context(), func(ctx context.Context) error {
		runs++
		owner, err := c.LockOrNew(ctx, "owner", &item{ID: "owner"})
		if err != nil {
			return err
		}
		owner.Rank++
		if err := c.Save(ctx, owner); err != nil {
			return err
		}
		return c.Insert(ctx, &item{ID: "owned"})
	})
	if err == nil {
		if owner, err := c.Get(t.Context(), "owner"); err != nil || owner.Rank != 1 {
			t.Errorf("the owner is %+v, %v", owner, err)
		}
	}
	return runs, err
}

// openAs opens a store under a program name of its own, so that failures meet nobody else.
func openAs(t *testing.T) (*mongodb.Engine, string) {
	t.Helper()
	app := "test-" + strings.ToLower(id.Crockford(12))
	uri := storagetest.MongoDBURI(t)
	separator := "?"
	if strings.Contains(uri, "?") {
		separator = "&"
	}
	e, err := mongodb.Open(t.Context(), uri+separator+"appName="+app)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return e, app
}
