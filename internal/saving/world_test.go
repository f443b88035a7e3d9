package saving_test

import (
	"context"
	"log/slog"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/finding"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/outbox"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/saving"
	"github.com/orynda/orynda/internal/storage"
	"github.com/orynda/orynda/internal/storage/storagetest"
)

// The real services fit the ports.
var (
	_ saving.People     = (*accounts.Service)(nil)
	_ saving.Placements = (*placements.Service)(nil)
	_ saving.Finder     = (*finding.Service)(nil)
)

func TestMain(m *testing.M) { os.Exit(storagetest.Main(m)) }

// world is the service on one engine, with places that a test makes.
type world struct {
	t *testing.T
	*saving.Service
	db       storage.Engine
	box      *outbox.Box
	mu       sync.Mutex
	now      time.Time
	gone     map[string]bool // accounts that were deleted
	places   []*placements.Placement
	asked    []finding.Question
	fail     error // of the finder
	degraded bool  // answers come from the store
	events   []outbox.Event
}

// monday is the morning of a Monday, before alerts go out.
func monday() time.Time { return cal.Day("2026-11-23").Start().Add(7 * time.Hour) }

func onEngines(t *testing.T, test func(t *testing.T, w *world)) {
	for _, engine := range storagetest.Engines(t) {
		t.Run(engine.Name, func(t *testing.T) { test(t, newWorld(t, engine.Open(t))) })
	}
}

func newWorld(t *testing.T, db storage.Engine) *world {
	t.Helper()
	if err := storage.Ensure(t.Context(), db, append(saving.Specs(), outbox.Specs()...)...); err != nil {
		t.Fatal(err)
	}
	policy, err := accounts.NewPolicy(saving.Grants())
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, db: db, now: monday(), gone: map[string]bool{}}
	w.box = outbox.New(db, cal.ClockFunc(w.Now), slog.New(slog.DiscardHandler), outbox.Handler{
		Name: "told", Types: saving.Events(), Run: func(_ context.Context, ev outbox.Event) error { w.events = append(w.events, ev); return nil },
	})
	w.Service = saving.New(saving.Deps{
		DB: db, Clock: cal.ClockFunc(w.Now), Policy: policy, Box: w.box, Log: slog.New(slog.DiscardHandler), People: people{w}, Placements: market{w}, Finder: finder{w},
	})
	for _, j := range saving.Jobs(w.Service) {
		w.box.Schedule(j)
	}
	return w
}

func (w *world) Now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

// advance moves the clock, runs what is due and delivers what that tells.
func (w *world) advance(by time.Duration) error {
	w.t.Helper()
	w.mu.Lock()
	w.now = w.now.Add(by)
	w.mu.Unlock()
	err := w.box.RunJobs(w.t.Context(), w.Now())
	if drained := w.box.Drain(w.t.Context()); drained != nil {
		w.t.Fatal(drained)
	}
	return err
}

// publish makes a place public, a second later.
func (w *world) publish(id string) {
	w.mu.Lock()
	w.now = w.now.Add(time.Second)
	w.mu.Unlock()
	w.places = append(w.places, &placements.Placement{ID: id, State: placements.Published, PublishedAt: w.Now(), Reference: "OR-" + id})
}

func (w *world) place(id string) *placements.Placement {
	i := slices.IndexFunc(w.places, func(p *placements.Placement) bool { return p.ID == id })
	if i < 0 {
		return nil
	}
	return w.places[i]
}

func by(personID string) accounts.Actor { return accounts.Actor{PersonID: personID, EmailProved: true} }

type people struct{ w *world }

func (p people) Person(_ context.Context, id string) (*accounts.Person, error) {
	out := &accounts.Person{ID: id}
	if p.w.gone[id] {
		out.DeletedAt = p.w.Now()
	}
	return out, nil
}

type market struct{ w *world }

func (m market) Get(_ context.Context, _ accounts.Actor, id string) (*placements.View, error) {
	p, err := m.Placement(context.Background(), id)
	return &placements.View{Place: p}, err
}

func (m market) Placement(_ context.Context, id string) (*placements.Placement, error) {
	if p := m.w.place(id); p != nil {
		return p, nil
	}
	return nil, errs.Missing("placement")
}

func (m market) PublicViews(_ context.Context, ids []string) ([]*placements.View, error) {
	var out []*placements.View
	for _, id := range ids {
		if p := m.w.place(id); p != nil && p.State == placements.Published {
			out = append(out, &placements.View{Place: p})
		}
	}
	return out, nil
}

type finder struct{ w *world }

// Find finds every published place, newest first; "Atlantis" is no town.
func (f finder) Find(_ context.Context, q finding.Question, _ i18n.Lang) (*finding.Page, error) {
	f.w.mu.Lock()
	defer f.w.mu.Unlock()
	f.w.asked = append(f.w.asked, q)
	if f.w.fail != nil {
		return nil, f.w.fail
	}
	if q.City == "Atlantis" {
		return nil, errs.New(errs.Invalid, "unknown_city")
	}
	found := slices.Clone(f.w.places)
	slices.Reverse(found)
	page := &finding.Page{Total: len(found), Degraded: f.w.degraded}
	from := min(max(0, q.Page-1)*q.PerPage, len(found))
	for _, p := range found[from:min(from+q.PerPage, len(found))] {
		page.Items = append(page.Items, finding.Item{View: &placements.View{Place: p}})
	}
	return page, nil
}
