package httpapi

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"reflect"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/httpapi/apigen"
	"github.com/orynda/orynda/internal/httpd"
	"github.com/orynda/orynda/internal/outbox"
	"github.com/orynda/orynda/internal/storage"
)

// How long keys are remembered, and how long a long operation may hold one before it counts as crashed.
const (
	keyLife  = 24 * time.Hour
	keyLease = longTimeout + time.Minute
)

// keyed is what is remembered of a request with an Idempotency-Key: scope actor + operation + key.
type keyed struct {
	ID       string    `json:"id"`
	Version  int64     `json:"version"`
	BodyHash string    `json:"body_hash"`
	Done     bool      `json:"done"`
	Status   int       `json:"status,omitempty"`
	Type     string    `json:"type,omitempty"`
	Body     []byte    `json:"body,omitempty"`
	At       time.Time `json:"at"`
}

// Identity implements storage.Document.
func (k *keyed) Identity() (string, *int64) { return k.ID, &k.Version }

// Keys implements storage.Document.
func (k *keyed) Keys() storage.Keys { return storage.Keys{"at": k.At} }

func keySpec() storage.Spec {
	return storage.Spec{Name: "idempotency_keys", Keys: []storage.Key{{Name: "at", Kind: storage.Int}}, Indexes: []storage.Index{{Name: "at", Keys: []string{"at"}}}}
}

// Specs declares the edge's own collection.
func Specs() []storage.Spec { return []storage.Spec{keySpec()} }

// keys remembers answers by their keys.
type keys struct {
	db    storage.Engine
	clock cal.Clock
	docs  *storage.Collection[keyed, *keyed]
}

func newKeys(db storage.Engine, clock cal.Clock) *keys {
	return &keys{db: db, clock: clock, docs: storage.Open[keyed](db, keySpec())}
}

// Jobs forgets old keys.
func Jobs(db storage.Engine, clock cal.Clock) []outbox.Job {
	k := newKeys(db, clock)
	return []outbox.Job{{Name: "edge.forget_keys", Every: time.Hour, Run: func(ctx context.Context, _ time.Time) error { return k.forget(ctx) }}}
}

func (k *keys) forget(ctx context.Context) error {
	old, err := k.docs.Find(ctx, storage.Where(storage.Lt("at", k.clock.Now().Add(-keyLife))).Take(1000))
	if err != nil {
		return err
	}
	for _, d := range old {
		if err := k.docs.Delete(ctx, d.ID); err != nil && !storage.IsNotFound(err) {
			return err
		}
	}
	return nil
}

// repeatable carries out a POST with an Idempotency-Key once. The answer is stored in the transaction of the effect, so that there is never one without the other. Some
// operations can't run in it ([claimsFirst]): they claim the key first, and a repeat after a crash runs again, which each of them allows.
func (f *front) repeatable(next apigen.StrictHandlerFunc, operation string) apigen.StrictHandlerFunc {
	return func(c *fiber.Ctx, request any) (any, error) {
		key := c.Get("Idempotency-Key")
		if key == "" || c.Method() != fiber.MethodPost || strings.HasPrefix(c.Path(), "/api/v1/auth/") || operation == "requestSigningCode" {
			return next(c, request)
		}
		id := keyID(httpd.Actor(c.UserContext()).PersonID, operation, c.Path(), key)
		call := &repeat{keys: f.keys, id: id, body: bodyHash(c), operation: operation, c: c, next: next, request: request}
		known, err := f.keys.docs.Get(c.UserContext(), id)
		switch {
		case storage.IsNotFound(err):
			return call.first()
		case err != nil:
			return nil, err
		}
		return call.again(known)
	}
}

func keyID(actor, operation, path, key string) string {
	sum := sha256.Sum256([]byte(actor + "\x00" + operation + "\x00" + path + "\x00" + key))
	return "idk_" + hex.EncodeToString(sum[:])
}

func bodyHash(c *fiber.Ctx) string {
	return hashOf(string(c.Request().URI().QueryString()), c.Body())
}

func hashOf(query string, body []byte) string {
	sum := sha256.Sum256(append([]byte(query+"\x00"), body...))
	return hex.EncodeToString(sum[:])
}

// repeat is one request with a key.
type repeat struct {
	keys      *keys
	id, body  string
	operation string
	c         *fiber.Ctx
	next      apigen.StrictHandlerFunc
	request   any
}

// first runs the operation with the key claimed; who loses the claim answers as a repeat.
func (r *repeat) first() (any, error) {
	run := r.inTx
	if claimsFirst(r.operation) {
		run = r.claimed
	}
	response, err := run()
	if !storage.ConflictOn(err, "id") {
		return response, err
	}
	var conflict *storage.ConflictError
	if errors.As(err, &conflict) && conflict.Collection != keySpec().Name {
		return response, err
	}
	known, err := r.keys.docs.Get(r.c.UserContext(), r.id)
	if err != nil {
		return nil, err
	}
	return r.again(known)
}

// inTx claims, acts and stores the answer in one transaction. A refusal leaves nothing, so the key may be used again.
func (r *repeat) inTx() (any, error) {
	outer := r.c.UserContext()
	defer r.c.SetUserContext(outer)
	err := r.keys.db.Tx(outer, func(ctx context.Context) error {
		mine := &keyed{ID: r.id, BodyHash: r.body, At: r.keys.clock.Now()}
		if err := r.keys.docs.Insert(ctx, mine); err != nil {
			return err
		}
		r.c.SetUserContext(ctx)
		if err := r.run(); err != nil {
			return err
		}
		return r.store(ctx, mine)
	})
	return nil, err
}

// claimed marks the key as running, acts, and stores the answer.
func (r *repeat) claimed() (any, error) {
	ctx := r.c.UserContext()
	mine := &keyed{ID: r.id, BodyHash: r.body, At: r.keys.clock.Now()}
	if err := r.keys.docs.Insert(ctx, mine); err != nil {
		return nil, err
	}
	if err := r.run(); err != nil {
		return nil, errors.Join(err, r.keys.docs.Delete(context.WithoutCancel(ctx), r.id))
	}
	return nil, r.store(ctx, mine)
}

// run calls the handler and renders its answer, whose bytes are then in the response.
func (r *repeat) run() error {
	response, err := r.next(r.c, r.request)
	if err != nil || response == nil {
		return err
	}
	visit := reflect.ValueOf(response).MethodByName("Visit" + strings.ToUpper(r.operation[:1]) + r.operation[1:] + "Response")
	if !visit.IsValid() {
		return errors.New("httpapi: no way to render the answer of " + r.operation)
	}
	err, _ = visit.Call([]reflect.Value{reflect.ValueOf(r.c)})[0].Interface().(error)
	return err
}

func (r *repeat) store(ctx context.Context, mine *keyed) error {
	res := r.c.Response()
	mine.Done, mine.Status, mine.Type = true, res.StatusCode(), string(res.Header.ContentType())
	mine.Body = append([]byte(nil), res.Body()...)
	return r.keys.docs.Save(ctx, mine)
}

// again answers a repeat: the first answer, 422 idempotency_mismatch for another body, 409 idempotency_in_progress while the first runs.
func (r *repeat) again(known *keyed) (any, error) {
	now := r.keys.clock.Now()
	switch {
	case now.Sub(known.At) > keyLife, !known.Done && now.Sub(known.At) > keyLease:
		if err := r.keys.docs.Delete(r.c.UserContext(), known.ID); err != nil && !storage.IsNotFound(err) {
			return nil, err
		}
		return r.first()
	case known.BodyHash != r.body:
		return nil, errs.New(errs.Unprocessable, "idempotency_mismatch")
	case !known.Done:
		return nil, errs.New(errs.Conflict, "idempotency_in_progress")
	}
	r.c.Response().Header.SetContentType(known.Type)
	r.c.Set("Idempotency-Replayed", "true")
	return nil, r.c.Status(known.Status).Send(known.Body)
}
