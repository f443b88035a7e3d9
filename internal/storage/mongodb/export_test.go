package mongodb

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/orynda/orynda/internal/storage"
)

// What tests of this package see beside the port.
var (
	DatabaseName    = databaseName
	HasTransactions = hasTransactions
)

// Explain gives the server's plan for a query.
func (e *Engine) Explain(ctx context.Context, spec storage.Spec, q storage.Query) (bson.Raw, error) {
	filter, err := selection(spec, q)
	if err != nil {
		return nil, err
	}
	find := bson.D{{Key: "find", Value: spec.Name}, {Key: "filter", Value: filter}, {Key: "sort", Value: order(q)}}
	return e.db.RunCommand(ctx, bson.D{{Key: "explain", Value: find}, {Key: "verbosity", Value: "queryPlanner"}}).Raw()
}

// Admin runs a command on the admin database.
func (e *Engine) Admin(ctx context.Context, command bson.D) error {
	return e.client.Database("admin").RunCommand(ctx, command).Err()
}

// IndexNames lists the indexes of a collection.
func (e *Engine) IndexNames(ctx context.Context, spec storage.Spec) ([]string, error) {
	specs, err := e.collection(spec).Indexes().ListSpecifications(ctx)
	var out []string
	for _, s := range specs {
		out = append(out, s.Name)
	}
	return out, err
}
