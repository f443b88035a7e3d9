package mongodb

import (
	"context"
	"errors"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/storage"
)

// The labels that servers and the driver put on errors, and a few codes of the server.
const (
	transient     = "TransientTransactionError"
	unknownCommit = "UnknownTransactionCommitResult"
	retryable     = "RetryableWriteError"

	codeWriteConflict   = 112
	codeNamespaceExists = 48
)

func hasLabel(err error, label string) bool {
	var labeled mongo.LabeledError
	return errors.As(err, &labeled) && labeled.HasErrorLabel(label)
}

func hasCode(err error, code int) bool {
	var se mongo.ServerError
	return errors.As(err, &se) && se.HasErrorCode(code)
}

// translate turns what the driver says into the port's errors. The port's own errors pass.
func translate(err error) error {
	var own *errs.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &own):
		return err
	case errors.Is(err, mongo.ErrNoDocuments):
		return storage.ErrNotFound()
	case isBusy(err):
		return storage.ErrBusy(err)
	}
	return err
}

func isBusy(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, mongo.ErrClientDisconnected) ||
		mongo.IsTimeout(err) || mongo.IsNetworkError(err) ||
		hasLabel(err, transient) || hasLabel(err, retryable) || hasCode(err, codeWriteConflict)
}

// conflict names the unique index that refused a write; nil when err is something else.
func conflict(spec storage.Spec, err error) *storage.ConflictError {
	if !mongo.IsDuplicateKeyError(err) {
		return nil
	}
	return &storage.ConflictError{Collection: spec.Name, Index: indexOf(spec, violated(err))}
}

// violated is the key pattern of the index, as the server reports it beside its sentence.
func violated(err error) bson.Raw {
	var we mongo.WriteException
	var ce mongo.CommandError
	var reply bson.Raw
	switch {
	case errors.As(err, &we) && len(we.WriteErrors) > 0:
		reply = we.WriteErrors[0].Raw
	case errors.As(err, &ce):
		reply = ce.Raw
	}
	pattern, _ := reply.Lookup("keyPattern").DocumentOK()
	return pattern
}

// indexOf finds the declared unique index over the fields of pattern.
func indexOf(spec storage.Spec, pattern bson.Raw) string {
	elements, err := pattern.Elements()
	if err != nil || len(elements) == 0 {
		return "unknown"
	}
	if elements[0].Key() == "_id" {
		return "id"
	}
	for _, ix := range spec.Indexes {
		if ix.Unique && samePattern(ix, elements) {
			return ix.Name
		}
	}
	return "unknown"
}

func samePattern(ix storage.Index, elements []bson.RawElement) bool {
	if len(ix.Keys) != len(elements) {
		return false
	}
	for i, key := range ix.Keys {
		if elements[i].Key() != field(key) {
			return false
		}
	}
	return true
}
