package accounts_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/audit"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/outbox"
	"github.com/orynda/orynda/internal/secrets"
	"github.com/orynda/orynda/internal/storage"
	"github.com/orynda/orynda/internal/storage/storagetest"
)

func TestMain(m *testing.M) { os.Exit(storagetest.Main(m)) }

const (
	callers  = 40
	password = "zhusan-dala-2026"
)

// movable is a clock that tests move.
type movable struct {
	mu  sync.Mutex
	now time.Time
}

func (m *movable) Now() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return cal.Trim(m.now)
}

func (m *movable) advance(d time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.now = m.now.Add(d)
}

// seenMail is an event as the mails would see it.
type seenMail struct {
	typ, subject string
	data         map[string]string
}

// world is a service on one engine, with all that tests look at.
type world struct {
	t     *testing.T
	db    storage.Engine
	rules *movable // the clock of rules
	real  *movable // the clock of tokens
	ring  *secrets.Ring
	box   *outbox.Box
	trail *audit.Trail
	log   *bytes.Buffer
	*accounts.Service

	mu    sync.Mutex
	mails []seenMail
}

// cheap settings hash in well under a millisecond.
func cheap() accounts.PasswordSettings {
	return accounts.PasswordSettings{MemoryKiB: 64, Passes: 1, Lanes: 1, Parallel: 4, Wait: 20 * time.Second}
}

func newWorld(t *testing.T, db storage.Engine) *world {
	t.Helper()
	start := time.Date(2026, 11, 22, 5, 0, 0, 0, time.UTC)
	w := &world{t: t, db: db, rules: &movable{now: start}, real: &movable{now: start}, log: &bytes.Buffer{}}
	var err error
	if w.ring, err = secrets.Generate(start); err != nil {
		t.Fatal(err)
	}
	specs := append(append(accounts.Specs(), outbox.Specs()...), audit.Specs()...)
	if err := storage.Ensure(t.Context(), db, specs...); err != nil {
		t.Fatal(err)
	}
	logger := slog.New(slog.NewTextHandler(&syncWriter{w: w.log}, &slog.HandlerOptions{Level: slog.LevelDebug}))
	w.box = outbox.New(db, w.rules, logger)
	w.box.Handle(outbox.Handler{Name: "test", Types: accounts.Events(), Run: w.sawMail})
	w.trail = audit.New(db, w.rules)
	policy, err := accounts.NewPolicy(accounts.Grants())
	if err != nil {
		t.Fatal(err)
	}
	w.Service = accounts.New(accounts.Deps{
		DB: db, Clock: w.rules, RealClock: w.real, Ring: w.ring, Box: w.box, Trail: w.trail, Policy: policy, Log: logger, Passwords: cheap(),
		PublicURL: origin + "/",
	})
	return w
}

type syncWriter struct {
	mu sync.Mutex
	w  *bytes.Buffer
}

func (s *syncWriter) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.w.Write(b)
}

func (w *world) sawMail(_ context.Context, ev outbox.Event) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.mails = append(w.mails, seenMail{ev.Type, ev.Subject, ev.Data})
	return nil
}

// drained gives the events so far.
func (w *world) drained() []seenMail {
	w.t.Helper()
	if err := w.box.Drain(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]seenMail(nil), w.mails...)
}

// count counts the events of a type.
func (w *world) count(typ string) int {
	n := 0
	for _, m := range w.drained() {
		if m.typ == typ {
			n++
		}
	}
	return n
}

// secret opens the secret of the last event of a type.
func (w *world) secret(typ string) string {
	w.t.Helper()
	mails := w.drained()
	for i := len(mails) - 1; i >= 0; i-- {
		if mails[i].typ != typ {
			continue
		}
		for name, purpose := range map[string]string{
			"sealed_code": accounts.MailCode, "sealed_token": accounts.MailToken, "sealed_email": accounts.MailAddress,
		} {
			if sealed, ok := mails[i].data[name]; ok {
				plain, err := accounts.OpenMailSecret(w.ring, purpose, sealed)
				if err != nil {
					w.t.Fatal(err)
				}
				return plain
			}
		}
	}
	w.t.Fatalf("no event %s with a secret", typ)
	return ""
}

func (w *world) register(email string) *accounts.Person {
	w.t.Helper()
	_, err := w.Register(w.t.Context(), accounts.Registration{
		Email: email, Password: password, FullName: "Сейітов Айбек Болатұлы", Role: accounts.AsStudent, Locale: i18n.KK,
	})
	w.ok(err)
	p, err := w.PersonByEmail(w.t.Context(), email)
	w.ok(err)
	return p
}

// proved makes an account with a proved address and signs it in.
func (w *world) proved(email string) (accounts.Actor, accounts.TokenPair) {
	w.t.Helper()
	hash, err := w.HashPassword(w.t.Context(), password)
	w.ok(err)
	_, err = w.ImportPerson(w.t.Context(), accounts.NewPerson{
		Email: email, FullName: "Ли Виктория Олеговна", Role: accounts.AsEnterprise, Locale: i18n.RU, PasswordHash: hash, EmailProved: true,
	})
	w.ok(err)
	return w.signIn(email)
}

func (w *world) signIn(email string) (accounts.Actor, accounts.TokenPair) {
	w.t.Helper()
	pair, err := w.Login(w.t.Context(), accounts.SignIn{Email: email, Password: password, Device: "Redmi Note 12", Client: "192.0.2.1"})
	w.ok(err)
	return w.actor(pair), pair
}

func (w *world) actor(pair accounts.TokenPair) accounts.Actor {
	w.t.Helper()
	a, err := w.Authenticate(w.t.Context(), pair.AccessToken)
	w.ok(err)
	return a
}

func (w *world) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// refused wants an error with this code.
func (w *world) refused(err error, code string) {
	w.t.Helper()
	if errs.CodeOf(err) != code {
		w.t.Fatalf("got %v, want %s", err, code)
	}
}

// wantFields wants validation_failed with exactly these "field code" pairs.
func (w *world) wantFields(err error, want ...string) {
	w.t.Helper()
	w.refused(err, "validation_failed")
	e := new(errs.Error)
	if !asError(err, &e) {
		w.t.Fatal("not a typed error")
	}
	var got []string
	for _, f := range e.Fields {
		got = append(got, f.Field+" "+f.Code)
	}
	if strings.Join(got, ", ") != strings.Join(want, ", ") {
		w.t.Fatalf("fields %v, want %v", got, want)
	}
}

func asError(err error, into **errs.Error) bool {
	for ; err != nil; err = unwrap(err) {
		if e := (*errs.Error)(nil); errors.As(err, &e) {
			*into = e
			return true
		}
	}
	return false
}

func unwrap(err error) error {
	if u, ok := err.(interface{ Unwrap() error }); ok {
		return u.Unwrap()
	}
	return nil
}

// together calls fn from all callers at once and counts the answers by code; "" is success.
func (w *world) together(fn func(ctx context.Context, i int) error) map[string]int {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), 60*time.Second)
	defer cancel()
	out := map[string]int{}
	var mu sync.Mutex
	var all sync.WaitGroup
	start := make(chan struct{})
	for i := range callers {
		all.Go(func() {
			<-start
			code := errs.CodeOf(fn(ctx, i))
			mu.Lock()
			defer mu.Unlock()
			out[code]++
		})
	}
	close(start)
	all.Wait()
	return out
}

func (w *world) want(got map[string]int, want map[string]int) {
	w.t.Helper()
	if len(got) != len(want) {
		w.t.Fatalf("got %v, want %v", got, want)
	}
	for code, n := range want {
		if got[code] != n {
			w.t.Fatalf("got %v, want %v", got, want)
		}
	}
}

// stored gives every document of every collection as JSON.
func (w *world) stored() string {
	w.t.Helper()
	var all strings.Builder
	specs := append(append(accounts.Specs(), outbox.Specs()...), audit.Specs()...)
	for _, spec := range specs {
		err := w.db.Find(w.t.Context(), spec, storage.Query{}, func(f storage.Found) error {
			var doc map[string]any
			if err := f.Decode(&doc); err != nil {
				return err
			}
			text, err := json.Marshal(doc)
			all.WriteString(spec.Name + " " + f.ID + " " + string(text) + "\n")
			return err
		})
		w.ok(err)
	}
	return all.String()
}

// onEngines runs a test on each engine.
func onEngines(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	for _, engine := range storagetest.Engines(t) {
		t.Run(engine.Name, func(t *testing.T) { fn(t, newWorld(t, engine.Open(t))) })
	}
}

func newRing(t *testing.T) *secrets.Ring {
	t.Helper()
	ring, err := secrets.Generate(time.Date(2026, 11, 22, 5, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	return ring
}

// job runs one of the regular jobs by the clock of rules.
func (w *world) job(name string) {
	w.t.Helper()
	for _, j := range accounts.Jobs(w.Service) {
		if j.Name == name {
			w.ok(j.Run(w.t.Context(), w.rules.Now()))
			return
		}
	}
	w.t.Fatalf("no job %s", name)
}
