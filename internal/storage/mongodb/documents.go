package mongodb

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/orynda/orynda/internal/storage"
)

// The fields of a stored document.
const (
	fieldID      = "_id"
	fieldVersion = "v"
	fieldKeys    = "k"
	fieldBody    = "d"
	fieldLocks   = "l" // counts locks taken since the last write; only its being written matters
)

// shown are the fields that reading needs; the first is all that a bare query does.
func shown() bson.D { return bson.D{{Key: fieldVersion, Value: 1}, {Key: fieldBody, Value: 1}} }

func byID(id string) bson.D { return bson.D{{Key: fieldID, Value: id}} }

func (e *Engine) collection(spec storage.Spec) *mongo.Collection { return e.db.Collection(spec.Name) }

// Get implements storage.Engine.
func (e *Engine) Get(ctx context.Context, spec storage.Spec, id string, into any) (int64, error) {
	ctx, err := e.scope(ctx)
	if err != nil {
		return 0, err
	}
	raw, err := e.collection(spec).FindOne(ctx, byID(id), options.FindOne().SetProjection(shown())).Raw()
	if err != nil {
		return 0, e.noted(ctx, err)
	}
	return e.read(raw, into)
}

// read takes a stored document apart.
func (e *Engine) read(raw bson.Raw, into any) (version int64, err error) {
	version, _ = raw.Lookup(fieldVersion).AsInt64OK()
	body, ok := raw.Lookup(fieldBody).DocumentOK()
	if !ok {
		return 0, errors.New("mongodb: a document without a body")
	}
	return version, e.codec.decode(body, into)
}

// contents are the fields that a write sets.
func (e *Engine) contents(spec storage.Spec, rec storage.Record) (bson.D, error) {
	body, err := e.codec.encode(rec.Body)
	if err != nil {
		return nil, fmt.Errorf("mongodb: %s: %w", spec.Name, err)
	}
	if err := checkWeight(rec, len(body)); err != nil {
		return nil, err
	}
	keys := bson.D{}
	for _, k := range spec.Keys { // in declared order, so that equal documents are stored as equal bytes
		if v, present := rec.Keys[k.Name]; present {
			keys = append(keys, bson.E{Key: k.Name, Value: v})
		}
	}
	return bson.D{{Key: fieldVersion, Value: rec.Version}, {Key: fieldKeys, Value: keys}, {Key: fieldBody, Value: body}}, nil
}

// checkWeight refuses what weighs too much by the measure of all engines, which is JSON's; what is short needs no JSON to be known as light.
func checkWeight(rec storage.Record, stored int) error {
	if stored <= storage.LightDocument {
		return nil
	}
	body, err := json.Marshal(rec.Body)
	if err != nil {
		return err
	}
	return storage.CheckWeight(body)
}

// Lock implements storage.Engine: writing the document, even without a change, is what keeps others from it.
func (e *Engine) Lock(ctx context.Context, spec storage.Spec, id string, into any, create *storage.Record) (int64, error) {
	if !e.InTx(ctx) {
		return 0, errors.New("mongodb: Lock outside a transaction")
	}
	ctx, err := e.scope(ctx)
	if err != nil {
		return 0, err
	}
	if create == nil && e.state(ctx).taken[lockName(spec, id)] {
		return e.Get(ctx, spec, id, into) // one write is enough to keep others out
	}
	opts := options.FindOneAndUpdate().SetReturnDocument(options.After).SetProjection(shown())
	update := bson.D{{Key: "$inc", Value: bson.D{{Key: fieldLocks, Value: 1}}}}
	if create != nil {
		contents, err := e.contents(spec, *create)
		if err != nil {
			return 0, e.noted(ctx, err)
		}
		opts.SetUpsert(true)
		update = append(update, bson.E{Key: "$setOnInsert", Value: contents})
	}
	raw, err := e.collection(spec).FindOneAndUpdate(ctx, byID(id), update, opts).Raw()
	if err != nil {
		return 0, e.lockRefused(ctx, spec, e.lost(ctx, spec, id, err))
	}
	e.state(ctx).taken[lockName(spec, id)] = true
	return e.read(raw, into)
}

// lockRefused translates the error of a lock. Who creates an owner document that somebody else has just created isn't wrong; his
// snapshot is old, and a new run finds the document. MongoDB 6 says so by a write conflict, but doesn't promise that it won't
// say duplicate key.
func (e *Engine) lockRefused(ctx context.Context, spec storage.Spec, err error) error {
	c := conflict(spec, err)
	if c == nil || c.Index != "id" {
		return e.writeRefused(ctx, spec, err)
	}
	busy := storage.ErrBusy(err)
	_ = e.state(ctx).note(busy, true)
	return busy
}

// writeRefused translates the error of a write.
func (e *Engine) writeRefused(ctx context.Context, spec storage.Spec, err error) error {
	if c := conflict(spec, err); c != nil {
		return e.noted(ctx, c)
	}
	return e.noted(ctx, err)
}

// Insert implements storage.Engine.
func (e *Engine) Insert(ctx context.Context, spec storage.Spec, rec storage.Record) error {
	ctx, err := e.scope(ctx)
	if err != nil {
		return err
	}
	contents, err := e.contents(spec, rec)
	if err == nil {
		_, err = e.collection(spec).InsertOne(ctx, append(byID(rec.ID), contents...))
	}
	return e.writeRefused(ctx, spec, err)
}

// Replace implements storage.Engine.
func (e *Engine) Replace(ctx context.Context, spec storage.Spec, rec storage.Record) error {
	ctx, err := e.scope(ctx)
	if err != nil {
		return err
	}
	contents, err := e.contents(spec, rec)
	if err != nil {
		return e.noted(ctx, err)
	}
	asRead := append(byID(rec.ID), bson.E{Key: fieldVersion, Value: rec.Version - 1})
	res, err := e.collection(spec).ReplaceOne(ctx, asRead, append(byID(rec.ID), contents...))
	if err != nil {
		return e.writeRefused(ctx, spec, e.lost(ctx, spec, rec.ID, err))
	}
	if res.MatchedCount == 0 {
		return e.staleOrGone(ctx, spec, rec.ID)
	}
	return nil
}

func (e *Engine) staleOrGone(ctx context.Context, spec storage.Spec, id string) error {
	only := options.FindOne().SetProjection(bson.D{{Key: fieldID, Value: 1}})
	if err := e.collection(spec).FindOne(ctx, byID(id), only).Err(); err != nil {
		return e.noted(ctx, err)
	}
	return e.noted(ctx, storage.ErrStale())
}

// Delete implements storage.Engine.
func (e *Engine) Delete(ctx context.Context, spec storage.Spec, id string) error {
	ctx, err := e.scope(ctx)
	if err != nil {
		return err
	}
	res, err := e.collection(spec).DeleteOne(ctx, byID(id))
	if err != nil {
		return e.noted(ctx, err)
	}
	if res.DeletedCount == 0 {
		return storage.ErrNotFound()
	}
	return nil
}

// Find implements storage.Engine.
func (e *Engine) Find(ctx context.Context, spec storage.Spec, q storage.Query, each func(storage.Found) error) error {
	ctx, err := e.scope(ctx)
	if err != nil {
		return err
	}
	filter, err := selection(spec, q)
	if err != nil {
		return err
	}
	fields := shown()
	if q.Bare {
		fields = fields[:1]
	}
	opts := options.Find().SetSort(order(q)).SetProjection(fields)
	if q.Limit > 0 {
		opts.SetLimit(int64(q.Limit))
	}
	cur, err := e.collection(spec).Find(ctx, filter, opts)
	if err != nil {
		return e.noted(ctx, err)
	}
	defer closeCursor(ctx, cur)
	for cur.Next(ctx) {
		if err := each(e.found(cur.Current, q.Bare)); err != nil {
			return err
		}
	}
	return e.noted(ctx, cur.Err())
}

// closeCursor frees the server's side of a search that stopped early, also when its caller has gone.
func closeCursor(ctx context.Context, cur *mongo.Cursor) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), endTime)
	defer cancel()
	_ = cur.Close(ctx)
}

func (e *Engine) found(raw bson.Raw, bare bool) storage.Found {
	var f storage.Found
	f.ID, _ = raw.Lookup(fieldID).StringValueOK()
	f.Version, _ = raw.Lookup(fieldVersion).AsInt64OK()
	if !bare {
		f.Decode = func(into any) error {
			_, err := e.read(raw, into)
			return err
		}
	}
	return f
}

// Count implements storage.Engine.
func (e *Engine) Count(ctx context.Context, spec storage.Spec, q storage.Query) (int64, error) {
	ctx, err := e.scope(ctx)
	if err != nil {
		return 0, err
	}
	conds, err := conditions(q.Where)
	if err != nil {
		return 0, err
	}
	n, err := e.collection(spec).CountDocuments(ctx, all(conds))
	return n, e.noted(ctx, err)
}
