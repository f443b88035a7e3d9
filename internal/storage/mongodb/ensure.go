package mongodb

import (
	"context"
	"errors"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/orynda/orynda/internal/storage"
)

// Ensure implements storage.Engine. An index that exists with another definition under the same name is an error: give the
// changed index a new name.
func (e *Engine) Ensure(ctx context.Context, spec storage.Spec) error {
	if e.InTx(ctx) {
		return errors.New("mongodb: Ensure inside a transaction")
	}
	if err := e.createCollection(ctx, spec.Name); err != nil {
		return err
	}
	var models []mongo.IndexModel
	for _, ix := range spec.Indexes {
		models = append(models, indexModel(spec, ix))
	}
	if len(models) == 0 {
		return nil
	}
	if _, err := e.db.Collection(spec.Name).Indexes().CreateMany(ctx, models); err != nil {
		return fmt.Errorf("mongodb: indexes of %s: %w", spec.Name, translate(err))
	}
	return nil
}

// createCollection makes the collection before anybody uses it, so that no transaction has to.
func (e *Engine) createCollection(ctx context.Context, name string) error {
	err := e.db.CreateCollection(ctx, name)
	if err == nil || hasCode(err, codeNamespaceExists) {
		return nil
	}
	return fmt.Errorf("mongodb: collection %s: %w", name, translate(err))
}

func indexModel(spec storage.Spec, ix storage.Index) mongo.IndexModel {
	keys, present := bson.D{}, bson.D{}
	for _, key := range ix.Keys {
		keys = append(keys, bson.E{Key: field(key), Value: 1})
		present = append(present, bson.E{Key: field(key), Value: bson.D{{Key: "$exists", Value: true}}})
	}
	opts := options.Index().SetName(ix.Name)
	if ix.Unique {
		return mongo.IndexModel{Keys: keys, Options: opts.SetUnique(true).SetPartialFilterExpression(present)}
	}
	if !multi(spec, ix) {
		keys = append(keys, bson.E{Key: "_id", Value: 1}) // results are ordered by it among equal keys
	}
	return mongo.IndexModel{Keys: keys, Options: opts}
}

// multi reports whether ix lies on a Strings key.
func multi(spec storage.Spec, ix storage.Index) bool {
	for _, k := range spec.Keys {
		if k.Kind == storage.Strings && len(ix.Keys) == 1 && k.Name == ix.Keys[0] {
			return true
		}
	}
	return false
}
