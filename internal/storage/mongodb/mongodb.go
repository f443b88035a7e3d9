// Package mongodb is the storage engine for many copies of the program: a MongoDB replica set or sharded cluster.
//
// Each storage collection is a collection of documents {_id, v, k, d}: the identifier, the version, the declared keys and the
// body, plus a counter l that locking raises. Indexes lie on k; a unique index covers the documents that have all of its keys.
// Writes are acknowledged by a majority, reads see what a majority has, transactions read a snapshot.
//
// MongoDB doesn't make a transaction wait for another: whoever writes a document second is told to start again. So Tx runs its
// function again, after a random pause that grows, until the deadline of its context (ten seconds if it has none); then it is busy.
package mongodb

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/readconcern"
	"go.mongodb.org/mongo-driver/v2/mongo/readpref"
	"go.mongodb.org/mongo-driver/v2/mongo/writeconcern"

	"github.com/orynda/orynda/internal/storage"
)

const (
	defaultDatabase = "orynda"
	// findServer is how long an operation looks for a primary: long enough for an election, short enough for a request.
	findServer = 5 * time.Second
)

// Engine implements storage.Engine on one MongoDB database.
type Engine struct {
	client *mongo.Client
	db     *mongo.Database
	codec  codec
	queues queues
}

var _ storage.Engine = (*Engine)(nil)

// Open connects to the servers of uri and checks that they can do transactions. The database is the path of uri, "orynda"
// without one. Durability and consistency settings of uri are overruled: the port's promises depend on them.
func Open(ctx context.Context, uri string) (*Engine, error) {
	opts := options.Client().SetAppName("orynda").SetServerSelectionTimeout(findServer).ApplyURI(uri).
		SetReadConcern(readconcern.Majority()).SetWriteConcern(writeconcern.Majority()).SetReadPreference(readpref.Primary())
	client, err := mongo.Connect(opts)
	if err != nil {
		return nil, fmt.Errorf("mongodb: %w", err)
	}
	name, err := databaseName(uri)
	if err == nil {
		err = requireTransactions(ctx, client, strings.Join(opts.Hosts, ","))
	}
	if err != nil {
		return nil, errors.Join(err, client.Disconnect(context.WithoutCancel(ctx)))
	}
	return &Engine{client: client, db: client.Database(name), codec: newCodec()}, nil
}

// databaseName reads the path of a connection string, which net/url can't when it lists several hosts.
func databaseName(uri string) (string, error) {
	_, rest, _ := strings.Cut(uri, "://")
	rest, _, _ = strings.Cut(rest, "?")
	_, path, _ := strings.Cut(rest, "/")
	name, err := url.PathUnescape(path)
	if err != nil {
		return "", fmt.Errorf("mongodb: the database name in the URI: %w", err)
	}
	if name == "" {
		return defaultDatabase, nil
	}
	return name, nil
}

func requireTransactions(ctx context.Context, client *mongo.Client, hosts string) error {
	raw, err := client.Database("admin").RunCommand(ctx, bson.D{{Key: "hello", Value: 1}}).Raw()
	if err != nil {
		return fmt.Errorf("mongodb: no answer from %s: %w", hosts, translate(err))
	}
	if !hasTransactions(raw) {
		return fmt.Errorf("mongodb: the server at %s is neither a replica set nor a sharded cluster, so it has no transactions; "+
			"start mongod with --replSet and run rs.initiate() once, one node is enough", hosts)
	}
	return nil
}

// hasTransactions reads a server's answer to hello: members of a replica set name it, routers of a cluster say isdbgrid.
func hasTransactions(hello bson.Raw) bool {
	_, inSet := hello.Lookup("setName").StringValueOK()
	kind, _ := hello.Lookup("msg").StringValueOK()
	return inSet || kind == "isdbgrid"
}

// Name implements storage.Engine.
func (e *Engine) Name() string { return "mongodb" }

// Ping implements storage.Engine: a primary answers.
func (e *Engine) Ping(ctx context.Context) error {
	return translate(e.client.Ping(ctx, readpref.Primary()))
}

// Close implements storage.Engine. It waits for operations under way until ctx ends.
func (e *Engine) Close(ctx context.Context) error { return e.client.Disconnect(ctx) }
