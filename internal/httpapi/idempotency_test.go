package httpapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/httpd"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/storage"
	"github.com/orynda/orynda/internal/storage/storagetest"
)

func TestMain(m *testing.M) { os.Exit(storagetest.Main(m)) }

// effect is what the operations of this test leave behind.
type effect struct {
	ID      string `json:"id"`
	Version int64  `json:"version"`
}

// Identity implements storage.Document.
func (e *effect) Identity() (string, *int64) { return e.ID, &e.Version }

// Keys implements storage.Document.
func (e *effect) Keys() storage.Keys { return nil }

// done answers as a generated response does.
type done struct{ n int }

// VisitImportRosterResponse renders it for one of the operations that claim their key first.
func (d done) VisitImportRosterResponse(c *fiber.Ctx) error {
	return c.Status(http.StatusOK).JSON(map[string]int{"effect": d.n})
}

// VisitCreateRoomResponse renders it for one that runs in the transaction of its key.
func (d done) VisitCreateRoomResponse(c *fiber.Ctx) error {
	return d.VisitImportRosterResponse(c)
}

// kitchen is one operation behind the keys; its handler makes an effect, and may be stopped in the middle or told to fail.
type kitchen struct {
	t         *testing.T
	app       *fiber.App
	db        storage.Engine
	effects   *storage.Collection[effect, *effect]
	operation string

	mu      sync.Mutex
	n       int
	fail    error
	entered chan struct{} // when not nil: told that a handler is inside
	leave   chan struct{} // and what it waits for
	now     time.Time
}

func newKitchen(t *testing.T, db storage.Engine, operation string) *kitchen {
	t.Helper()
	spec := storage.Spec{Name: "effects"}
	if err := storage.Ensure(t.Context(), db, append(Specs(), spec)...); err != nil {
		t.Fatal(err)
	}
	catalogue, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	k := &kitchen{t: t, db: db, effects: storage.Open[effect](db, spec), operation: operation, now: time.Date(2027, 3, 1, 9, 0, 0, 0, time.UTC)}
	clock := cal.ClockFunc(func() time.Time {
		k.mu.Lock()
		defer k.mu.Unlock()
		return k.now
	})
	front := &front{keys: newKeys(db, clock)}
	k.app = httpd.New(httpd.Config{
		Catalogue: catalogue, Log: slog.New(slog.DiscardHandler),
		Authenticate: func(_ context.Context, token string) (accounts.Actor, error) {
			return accounts.Actor{PersonID: token, EmailProved: true}, nil
		},
	})
	handler := front.repeatable(k.handle, operation)
	k.app.Post("/things", func(c *fiber.Ctx) error {
		response, err := handler(c, nil)
		if d, ok := response.(done); ok && err == nil { // without a key the generated server renders it
			return d.VisitImportRosterResponse(c)
		}
		return err
	})
	return k
}

func (k *kitchen) handle(c *fiber.Ctx, _ any) (any, error) {
	k.mu.Lock()
	k.n++
	n, fail, entered, leave := k.n, k.fail, k.entered, k.leave
	k.mu.Unlock()
	err := k.effects.Insert(c.UserContext(), &effect{ID: fmt.Sprintf("effect_%d", n)})
	if entered != nil {
		entered <- struct{}{}
		<-leave
	}
	return done{n}, errors.Join(err, fail)
}

func (k *kitchen) with(change func()) {
	k.mu.Lock()
	defer k.mu.Unlock()
	change()
}

// answer is a status, a code and the body.
type answer struct {
	status   int
	code     string
	body     string
	replayed bool
}

func (k *kitchen) post(actor, key, body string) answer {
	req, err := http.NewRequest(http.MethodPost, "http://127.0.0.1/things", strings.NewReader(body))
	if err != nil {
		k.t.Error(err)
		return answer{}
	}
	req.Header.Set("Authorization", "Bearer "+actor)
	if key != "" {
		req.Header.Set("Idempotency-Key", key)
	}
	res, err := k.app.Test(req, 60_000)
	if err != nil {
		k.t.Error(err)
		return answer{}
	}
	defer func() { _ = res.Body.Close() }()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		k.t.Error(err)
	}
	var problem struct{ Code string }
	_ = json.Unmarshal(raw, &problem) // what isn't JSON has no code
	return answer{res.StatusCode, problem.Code, string(raw), res.Header.Get("Idempotency-Replayed") == "true"}
}

func (k *kitchen) wantEffects(want int64) {
	k.t.Helper()
	n, err := k.effects.Count(k.t.Context(), storage.Query{})
	if err != nil || n != want {
		k.t.Errorf("%d effects, want %d (%v)", n, want, err)
	}
}

func onKitchens(t *testing.T, operation string, test func(t *testing.T, k *kitchen)) {
	for _, engine := range storagetest.Engines(t) {
		t.Run(engine.Name, func(t *testing.T) { test(t, newKitchen(t, engine.Open(t), operation)) })
	}
}

// An operation that claims its key first runs once; a second request is told so while the first runs, and given the first's answer afterwards.
func TestInProgress(t *testing.T) {
	onKitchens(t, "importRoster", func(t *testing.T, k *kitchen) {
		k.entered, k.leave = make(chan struct{}), make(chan struct{})
		first := make(chan answer)
		go func() { first <- k.post("per_1", "key-0001", "a") }()
		<-k.entered
		k.with(func() { k.entered = nil })
		if a := k.post("per_1", "key-0001", "a"); a.status != http.StatusConflict || a.code != "idempotency_in_progress" {
			t.Errorf("while the first runs: %+v", a)
		}
		if a := k.post("per_1", "key-0001", "b"); a.code != "idempotency_mismatch" {
			t.Errorf("another body while the first runs: %+v", a)
		}
		k.wantEffects(1)
		if a := k.post("per_2", "key-0001", "a"); a.status != http.StatusOK || a.replayed {
			t.Errorf("another person's same key: %+v", a)
		}
		close(k.leave)
		was := <-first
		if was.status != http.StatusOK || was.replayed {
			t.Fatalf("the first: %+v", was)
		}
		if a := k.post("per_1", "key-0001", "a"); a.status != http.StatusOK || !a.replayed || a.body != was.body {
			t.Errorf("afterwards: %+v, want the stored %+v", a, was)
		}
		k.wantEffects(2)
	})
}

// A claim whose program died is free after its lease, and not before; an answer is forgotten after a day.
func TestClaimsEnd(t *testing.T) {
	onKitchens(t, "importRoster", func(t *testing.T, k *kitchen) {
		id := keyID("per_1", k.operation, "/things", "key-dead")
		docs := storage.Open[keyed](k.db, keySpec())
		hash := keyed{ID: id, BodyHash: hashOf("", []byte("a")), At: k.now}
		if err := docs.Insert(t.Context(), &hash); err != nil {
			t.Fatal(err)
		}
		k.with(func() { k.now = k.now.Add(keyLease) })
		if a := k.post("per_1", "key-dead", "a"); a.code != "idempotency_in_progress" {
			t.Errorf("within the lease: %+v", a)
		}
		k.with(func() { k.now = k.now.Add(time.Millisecond) })
		if a := k.post("per_1", "key-dead", "a"); a.status != http.StatusOK || a.replayed {
			t.Errorf("after the lease: %+v", a)
		}
		k.with(func() { k.now = k.now.Add(keyLife) })
		if a := k.post("per_1", "key-dead", "a"); !a.replayed {
			t.Errorf("within a day: %+v", a)
		}
		k.with(func() { k.now = k.now.Add(time.Millisecond) })
		if a := k.post("per_1", "key-dead", "b"); a.status != http.StatusOK || a.replayed {
			t.Errorf("after a day the key is free, also for another body: %+v", a)
		}
		k.wantEffects(2)
	})
}

// A refused request frees its key, whichever way the operation takes it; what runs in the key's transaction leaves no effect either.
func TestRefusalsFreeTheKey(t *testing.T) {
	for operation, left := range map[string]int64{"importRoster": 2, "createRoom": 1} {
		onKitchens(t, operation, func(t *testing.T, k *kitchen) {
			k.fail = errs.New(errs.Conflict, "conflict")
			if a := k.post("per_1", "key-0002", "a"); a.status != http.StatusConflict || a.code != "conflict" {
				t.Errorf("%s refused: %+v", operation, a)
			}
			k.fail = nil
			if a := k.post("per_1", "key-0002", "b"); a.status != http.StatusOK || a.replayed {
				t.Errorf("%s with the freed key: %+v", operation, a)
			}
			k.wantEffects(left)
		})
	}
}

// Forty equal requests at once have one effect. Those whose key is taken in the effect's transaction all get its answer; of an operation that claims first some
// are told that it runs.
func TestEqualRequestsAtOnce(t *testing.T) {
	for _, operation := range []string{"createRoom", "importRoster"} {
		onKitchens(t, operation, func(t *testing.T, k *kitchen) {
			answers := make([]answer, 40)
			var wait sync.WaitGroup
			for i := range answers {
				wait.Go(func() { answers[i] = k.post("per_1", "key-0003", "a") })
			}
			wait.Wait()
			k.wantEffects(1)
			fresh, body := 0, ""
			for _, a := range answers {
				if a.status == http.StatusOK && !a.replayed {
					fresh++
					body = a.body
				}
			}
			for _, a := range answers {
				told := a.code == "idempotency_in_progress" && a.status == http.StatusConflict && operation == "importRoster"
				if !told && (a.status != http.StatusOK || a.body != body) {
					t.Errorf("%s: %+v", operation, a)
				}
			}
			if fresh != 1 {
				t.Errorf("%s: %d answers are the first", operation, fresh)
			}
			if a := k.post("per_1", "key-0003", "a"); !a.replayed || a.body != body {
				t.Errorf("%s afterwards: %+v", operation, a)
			}
			k.wantEffects(1)
		})
	}
}

func TestForgetKeys(t *testing.T) {
	onKitchens(t, "createRoom", func(t *testing.T, k *kitchen) {
		for _, key := range []string{"key-old", "key-new"} {
			k.post("per_1", key, "a")
			k.now = k.now.Add(keyLife/2 + time.Second)
		}
		if err := newKeys(k.db, cal.ClockFunc(func() time.Time { return k.now })).forget(t.Context()); err != nil {
			t.Fatal(err)
		}
		docs := storage.Open[keyed](k.db, keySpec())
		if _, err := docs.Get(t.Context(), keyID("per_1", k.operation, "/things", "key-old")); !storage.IsNotFound(err) {
			t.Errorf("a key of yesterday is kept: %v", err)
		}
		if _, err := docs.Get(t.Context(), keyID("per_1", k.operation, "/things", "key-new")); err != nil {
			t.Errorf("a key of today is gone: %v", err)
		}
	})
}
