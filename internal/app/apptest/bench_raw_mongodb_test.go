package apptest

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/readconcern"
	"go.mongodb.org/mongo-driver/v2/mongo/writeconcern"

	"github.com/orynda/orynda/internal/storage"
)

// rawMongoDB is the driver's own WithTransaction with the engine's concerns.
type rawMongoDB struct {
	client *mongo.Client
	db     *mongo.Database
}

func openRawMongoDB(tb testing.TB, uri string) *rawMongoDB {
	tb.Helper()
	client, err := mongo.Connect(options.Client().ApplyURI(uri).SetReadConcern(readconcern.Majority()).SetWriteConcern(writeconcern.Majority()))
	must(tb, err)
	tb.Cleanup(func() { _ = client.Disconnect(context.Background()) })
	_, rest, _ := strings.Cut(uri, "://")
	_, name, _ := strings.Cut(rest, "/")
	name, _, _ = strings.Cut(name, "?")
	return &rawMongoDB{client: client, db: client.Database(name)}
}

func (r *rawMongoDB) play(ctx context.Context, sc *script) error {
	for _, s := range sc.before {
		if err := r.read(ctx, s); err != nil {
			return err
		}
	}
	sess, err := r.client.StartSession()
	if err != nil {
		return err
	}
	defer sess.EndSession(context.WithoutCancel(ctx))
	opts := options.Transaction().SetReadConcern(readconcern.Snapshot()).SetWriteConcern(writeconcern.Majority())
	_, err = sess.WithTransaction(ctx, func(ctx context.Context) (any, error) {
		for _, s := range sc.inside {
			if err := r.step(ctx, s); err != nil {
				return nil, err
			}
		}
		return nil, nil
	}, opts)
	return err
}

func (r *rawMongoDB) step(ctx context.Context, s step) error {
	if !s.write {
		return r.read(ctx, s)
	}
	doc, err := rawDocument(s)
	if err != nil {
		return err
	}
	coll := r.db.Collection(s.spec.Name)
	if s.fresh {
		_, err = coll.InsertOne(ctx, doc)
		return err
	}
	_, err = coll.ReplaceOne(ctx, bson.D{{Key: "_id", Value: s.id}}, doc)
	return err
}

// rawDocument has the fields that the engine stores, made of bytes that are ready.
func rawDocument(s step) (bson.D, error) {
	keys := bson.D{}
	for _, k := range s.spec.Keys {
		if v, ok := s.rec.Keys[k.Name]; ok {
			keys = append(keys, bson.E{Key: k.Name, Value: v})
		}
	}
	return bson.D{{Key: "_id", Value: s.id}, {Key: "v", Value: s.rec.Version}, {Key: "k", Value: keys}, {Key: "d", Value: bson.Raw(s.body)}}, nil
}

// ready turns the bodies into BSON ahead of time.
func (r *rawMongoDB) ready(scripts []*script) error {
	for _, sc := range scripts {
		for i := range sc.inside {
			if !sc.inside[i].write {
				continue
			}
			var body bson.D
			if err := bson.UnmarshalExtJSON(sc.inside[i].body, false, &body); err != nil {
				return err
			}
			raw, err := bson.Marshal(body)
			if err != nil {
				return err
			}
			sc.inside[i].body = raw
		}
	}
	return nil
}

func (r *rawMongoDB) read(ctx context.Context, s step) error {
	filter := bson.D{}
	if !s.many {
		filter = bson.D{{Key: "_id", Value: s.id}}
	}
	ops := map[storage.Op]string{
		storage.OpEq: "$eq", storage.OpLt: "$lt", storage.OpLte: "$lte", storage.OpGt: "$gt", storage.OpGte: "$gte", storage.OpIn: "$in",
	}
	for _, c := range s.query.Where {
		op, ok := ops[c.Op]
		if !ok {
			return fmt.Errorf("no raw form of %q", c.Op)
		}
		field := "k." + c.Key
		if c.Key == storage.KeyID {
			field = "_id"
		}
		var value any = c.Values
		if c.Op != storage.OpIn {
			value = c.Values[0]
		}
		filter = append(filter, bson.E{Key: field, Value: bson.D{{Key: op, Value: value}}})
	}
	opts := options.Find()
	if s.query.Sort != "" {
		opts.SetSort(bson.D{{Key: "k." + s.query.Sort, Value: 1}})
	}
	if s.query.Limit > 0 || !s.many {
		opts.SetLimit(int64(max(1, s.query.Limit)))
	}
	cur, err := r.db.Collection(s.spec.Name).Find(ctx, filter, opts)
	if err != nil {
		return err
	}
	defer cur.Close(ctx) // read to its end
	for cur.Next(ctx) {
		_ = cur.Current
	}
	return cur.Err()
}
