package apptest

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/agreements"
	"github.com/orynda/orynda/internal/audit"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/httpapi"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/indexing"
	"github.com/orynda/orynda/internal/interviews"
	"github.com/orynda/orynda/internal/notifications"
	"github.com/orynda/orynda/internal/outbox"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/saving"
	"github.com/orynda/orynda/internal/secrets"
	"github.com/orynda/orynda/internal/selection"
	"github.com/orynda/orynda/internal/storage"
	"github.com/orynda/orynda/internal/storage/mongodb"
	"github.com/orynda/orynda/internal/storage/sqlitedb"
)

// backdoor is a second connection to the running program's database: to look at what HTTP doesn't show, and to make people whom the demo hasn't.
type backdoor struct {
	w      *world
	db     storage.Engine
	people *accounts.Service
	hash   string
	made   int
}

func (w *world) backdoor() *backdoor {
	w.t.Helper()
	b := &backdoor{w: w}
	var err error
	if w.cfg.MongoDBURI != "" {
		b.db, err = mongodb.Open(w.t.Context(), w.cfg.MongoDBURI)
	} else {
		b.db, err = sqlitedb.Open(w.t.Context(), filepath.Join(w.cfg.DataDir, "orynda.db"))
	}
	must(w.t, err)
	w.t.Cleanup(func() { must(w.t, b.db.Close(context.Background())) })
	ring, err := secrets.LoadOrCreate(w.cfg.SecretsFile, time.Now())
	must(w.t, err)
	policy, err := accounts.NewPolicy(accounts.Grants())
	must(w.t, err)
	log := slog.New(slog.DiscardHandler)
	b.people = accounts.New(accounts.Deps{
		DB: b.db, Clock: cal.System(), RealClock: cal.System(), Ring: ring, Box: outbox.New(b.db, cal.System(), log), Trail: audit.New(b.db, cal.System()),
		Policy: policy, Log: log,
	})
	b.hash, err = b.people.HashPassword(w.t.Context(), "orynda-demo")
	must(w.t, err)
	return b
}

// person makes an account with a proved address, unless told otherwise, and signs it in.
func (b *backdoor) person(email string, proved bool) *Client {
	b.w.t.Helper()
	b.made++
	_, err := b.people.ImportPerson(b.w.t.Context(), accounts.NewPerson{
		Email: email, FullName: fmt.Sprintf("Сынақ Адам %d", b.made), Role: accounts.AsMember, Locale: i18n.RU, PasswordHash: b.hash, EmailProved: proved,
	})
	must(b.w.t, err)
	return b.w.as(email)
}

// member makes an account that has roles in one organisation.
func (b *backdoor) member(email, organisation string, kind accounts.OrgKind, roles ...accounts.OrgRole) *Client {
	b.w.t.Helper()
	c := b.person(email, true)
	for _, role := range roles {
		must(b.w.t, b.people.AddMembership(b.w.t.Context(), idOf(c), organisation, kind, role))
	}
	return c
}

func idOf(c *Client) string { return c.Get("/api/v1/me").S("id") }

// raw is any stored document.
type raw struct {
	ID      string `json:"id"`
	Version int64  `json:"version"`
}

// Identity implements storage.Document.
func (r *raw) Identity() (string, *int64) { return r.ID, &r.Version }

// Keys implements storage.Document; nothing is stored through it.
func (r *raw) Keys() storage.Keys { return nil }

// state is every document's version, by collection and id. What the program does for itself (deliveries, leases, its mails, the log of questions) is left out.
func (b *backdoor) state() map[string]int64 {
	b.w.t.Helper()
	out := map[string]int64{}
	specs := slices.Concat(
		audit.Specs(), accounts.Specs(), directory.Specs(), placements.Specs(), selection.Specs(), interviews.Specs(), agreements.Specs(),
		notifications.Specs(), indexing.Specs(), saving.Specs(), httpapi.Specs(),
	)
	for _, spec := range specs {
		docs := storage.Open[raw](b.db, spec)
		err := docs.Each(b.w.t.Context(), storage.Query{}, func(d *raw) error {
			out[spec.Name+"/"+d.ID] = d.Version
			return nil
		})
		if err != nil {
			b.w.t.Fatalf("%s: %v", spec.Name, err)
		}
	}
	return out
}

// difference lists what changed between two states.
func difference(before, after map[string]int64) []string {
	var out []string
	for key, version := range after {
		if was, there := before[key]; !there || was != version {
			out = append(out, fmt.Sprintf("%s: version %d → %d", key, was, version))
		}
	}
	for key := range before {
		if _, there := after[key]; !there {
			out = append(out, key+" is gone")
		}
	}
	slices.Sort(out)
	return out
}

// stepClock moves when it is told.
type stepClock struct{ now time.Time }

// Now implements cal.Clock.
func (c *stepClock) Now() time.Time { return cal.Trim(c.now) }

// bury makes an event whose only handler fails until it is a dead letter. The running program knows no such handler.
func (b *backdoor) bury(kind string) {
	t, ctx := b.w.t, b.w.t.Context()
	t.Helper()
	clock := &stepClock{now: time.Now()}
	box := outbox.New(b.db, clock, slog.New(slog.DiscardHandler))
	box.Handle(outbox.Handler{Name: "test.fails", Types: []string{kind}, Run: func(context.Context, outbox.Event) error {
		return errs.New(errs.Unavailable, "busy")
	}})
	must(t, b.db.Tx(ctx, func(ctx context.Context) error { return box.Emit(ctx, kind, "thing_1", nil) }))
	for range outbox.MaxAttempts {
		if err := box.Drain(ctx); !errs.Has(err, "busy") {
			t.Fatalf("the handler failed, Drain says %v", err)
		}
		clock.now = clock.now.Add(48 * time.Hour)
	}
}
