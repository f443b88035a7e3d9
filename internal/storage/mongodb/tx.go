package mongodb

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/readconcern"
	"go.mongodb.org/mongo-driver/v2/mongo/readpref"
	"go.mongodb.org/mongo-driver/v2/mongo/writeconcern"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/storage"
)

const (
	// txTime bounds a transaction and its repetitions when the context has no deadline.
	txTime = 10 * time.Second
	// endTime bounds a commit or a rollback, which go on when the caller has gone.
	endTime = 5 * time.Second
	// firstPause and longestPause are the bounds of the random pause before a transaction runs again.
	firstPause   = 2 * time.Millisecond
	longestPause = 100 * time.Millisecond
)

// txKey carries the transaction of one engine in a context.
type txKey struct{ e *Engine }

// txState is a running transaction.
type txState struct {
	sess   *mongo.Session
	failed error           // the first error, which doomed it
	again  bool            // failed comes from others' doings: a new run may succeed
	ended  bool            // guards against a context kept past the end
	met    string          // the document at which it lost against another one
	taken  map[string]bool // documents that it has locked: nobody else can write them any more
}

func (e *Engine) state(ctx context.Context) *txState {
	s, _ := ctx.Value(txKey{e}).(*txState)
	return s
}

// InTx implements storage.Engine.
func (e *Engine) InTx(ctx context.Context) bool { return e.state(ctx) != nil }

// Tx implements storage.Engine.
func (e *Engine) Tx(ctx context.Context, fn func(ctx context.Context) error) error {
	if s := e.state(ctx); s != nil {
		return s.join(ctx, fn)
	}
	if _, bounded := ctx.Deadline(); !bounded {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, txTime)
		defer cancel()
	}
	sess, err := e.client.StartSession()
	if err != nil {
		return translate(err)
	}
	defer endSession(ctx, sess)
	turn := place{all: &e.queues}
	defer turn.leave()
	for n := 0; ; n++ {
		s := &txState{sess: sess, taken: map[string]bool{}}
		again, err := e.run(ctx, s, fn)
		if !again {
			return err
		}
		if s.met != turn.name {
			n = 0 // it waits for its turn instead
		}
		if !turn.move(ctx, s.met) || !pause(ctx, n) {
			return storage.ErrBusy(errors.Join(context.Cause(ctx), err))
		}
	}
}

// join runs fn inside a transaction that somebody else ends.
func (s *txState) join(ctx context.Context, fn func(ctx context.Context) error) error {
	returned := false
	defer func() {
		if !returned { // a panic that the outer function may recover from must not commit half of fn
			_ = s.note(errors.New("mongodb: a panic inside the transaction"), false)
		}
	}()
	err := fn(ctx)
	returned = true
	return s.note(err, false)
}

// note keeps the first error that dooms the transaction.
func (s *txState) note(err error, again bool) error {
	if err != nil && s.failed == nil && errs.KindOf(err) != errs.NotFound {
		s.failed, s.again = err, again
	}
	return err
}

// scope gives the context that a statement runs in: with the session of the transaction, if ctx carries one. It fails when
// no further statement may run in it. The session isn't in ctx itself, where another engine's driver would find it.
func (e *Engine) scope(ctx context.Context) (context.Context, error) {
	s := e.state(ctx)
	switch {
	case s == nil:
		return ctx, nil
	case s.ended:
		return nil, errors.New("mongodb: the transaction of this context has ended")
	case s.failed != nil:
		return nil, s.failed
	}
	return mongo.NewSessionContext(ctx, s.sess), nil
}

// noted translates the error of a statement and dooms the transaction of ctx with it, unless it is an absence.
func (e *Engine) noted(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	translated := translate(err)
	if s := e.state(ctx); s != nil {
		_ = s.note(translated, hasLabel(err, transient))
	}
	return translated
}

// lost remembers the document at which a transaction lost against another one. The error comes back as it is.
func (e *Engine) lost(ctx context.Context, spec storage.Spec, id string, err error) error {
	if s := e.state(ctx); s != nil && s.met == "" && hasLabel(err, transient) {
		s.met = lockName(spec, id)
	}
	return err
}

func lockName(spec storage.Spec, id string) string { return spec.Name + "/" + id }

// run is one run of a transaction; again says that it failed in a way that another run may not.
func (e *Engine) run(ctx context.Context, s *txState, fn func(ctx context.Context) error) (again bool, err error) {
	opts := options.Transaction().SetReadConcern(readconcern.Snapshot()).SetWriteConcern(writeconcern.Majority()).
		SetReadPreference(readpref.Primary())
	if err := s.sess.StartTransaction(opts); err != nil {
		return false, translate(err)
	}
	committing := false
	defer func() {
		s.ended = true
		if !committing { // an error or a panic
			abort(ctx, s.sess)
		}
	}()
	err = fn(context.WithValue(ctx, txKey{e}, s))
	switch {
	case s.again: // whatever fn made of it
		return true, s.failed
	case err != nil:
		return false, err
	case s.failed != nil:
		return false, s.failed
	case ctx.Err() != nil:
		return false, storage.ErrBusy(ctx.Err())
	}
	committing = true
	return commit(ctx, s.sess)
}

// commit asks until the outcome is known. It goes on when the caller has gone: an interrupted commit would leave everybody guessing.
func commit(ctx context.Context, sess *mongo.Session) (again bool, err error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), endTime)
	defer cancel()
	for n := 0; ; n++ {
		err := sess.CommitTransaction(ctx)
		switch {
		case err == nil:
			return false, nil
		case hasLabel(err, unknownCommit) && pause(ctx, n):
			continue
		case hasLabel(err, unknownCommit):
			return false, storage.ErrBusy(err)
		}
		return hasLabel(err, transient), translate(err)
	}
}

// abort rolls back. Its failure changes nothing: the server drops a transaction that nobody ends.
func abort(ctx context.Context, sess *mongo.Session) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), endTime)
	defer cancel()
	_ = sess.AbortTransaction(ctx)
}

func endSession(ctx context.Context, sess *mongo.Session) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), endTime)
	defer cancel()
	sess.EndSession(ctx)
}

// pause waits a random while that grows with n; false when ctx ends first.
func pause(ctx context.Context, n int) bool {
	most := min(firstPause<<min(n, 10), longestPause)
	wait := time.NewTimer(rand.N(most)) //nolint:gosec // a pause needs no secret randomness
	defer wait.Stop()
	select {
	case <-wait.C:
		return ctx.Err() == nil
	case <-ctx.Done():
		return false
	}
}
