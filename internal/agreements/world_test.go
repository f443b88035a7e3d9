package agreements_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/agreements"
	"github.com/orynda/orynda/internal/agreements/paper"
	"github.com/orynda/orynda/internal/audit"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/outbox"
	"github.com/orynda/orynda/internal/secrets"
	"github.com/orynda/orynda/internal/selection"
	"github.com/orynda/orynda/internal/storage"
	"github.com/orynda/orynda/internal/storage/storagetest"
)

func TestMain(m *testing.M) { os.Exit(storagetest.Main(m)) }

const callers = 40

// world is the service on one engine. What lies below it is played by lower, in memory: these tests are about agreements.
type world struct {
	t     *testing.T
	db    storage.Engine
	ring  *secrets.Ring
	box   *outbox.Box
	trail *audit.Trail
	low   *lower
	paper *papers
	*agreements.Service

	mu     sync.Mutex
	now    time.Time
	events []outbox.Event
}

func (w *world) Now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return cal.Trim(w.now)
}

func (w *world) advance(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

func (w *world) setDay(day cal.Day) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = day.Start().Add(7 * time.Hour)
}

func newWorld(t *testing.T, db storage.Engine) *world {
	t.Helper()
	w := &world{t: t, db: db, now: time.Date(2026, 11, 22, 5, 0, 0, 0, time.UTC), paper: &papers{}}
	w.low = newLower(w.Now)
	specs := append(append(agreements.Specs(), outbox.Specs()...), audit.Specs()...)
	if err := storage.Ensure(t.Context(), db, specs...); err != nil {
		t.Fatal(err)
	}
	var err error
	if w.ring, err = secrets.Generate(w.now); err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	w.box, w.trail = outbox.New(db, w, log), audit.New(db, w)
	w.box.Handle(outbox.Handler{Name: "test", Types: agreements.Events(), Run: w.saw})
	w.Service = agreements.New(w.deps(log))
	for _, j := range agreements.Jobs(w.Service) {
		w.box.Schedule(j)
	}
	return w
}

func (w *world) deps(log *slog.Logger) agreements.Deps {
	w.t.Helper()
	policy, err := accounts.NewPolicy(agreements.Grants())
	if err != nil {
		w.t.Fatal(err)
	}
	ref, err := directory.LoadReference()
	if err != nil {
		w.t.Fatal(err)
	}
	say, err := i18n.Load()
	if err != nil {
		w.t.Fatal(err)
	}
	return agreements.Deps{
		DB: w.db, Clock: w, Ring: w.ring, Box: w.box, Trail: w.trail, Policy: policy, Log: log, Accounts: w.low, Directory: w.low,
		Placements: w.low, Selection: w.low, Papers: w.paper, Reference: ref, Catalogue: say, VerifyURL: "https://orynda.example/verify/",
	}
}

func (w *world) saw(_ context.Context, ev outbox.Event) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.events = append(w.events, ev)
	return nil
}

// seen gives the events of a type so far.
func (w *world) seen(typ string) []outbox.Event {
	w.t.Helper()
	if err := w.box.Drain(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []outbox.Event
	for _, e := range w.events {
		if e.Type == typ {
			out = append(out, e)
		}
	}
	return out
}

// runJobs runs every clock that is due.
func (w *world) runJobs() {
	w.t.Helper()
	if err := w.box.RunJobs(w.t.Context(), w.Now()); err != nil {
		w.t.Fatal(err)
	}
}

// papers plays the renderer: the bytes say what was rendered. before runs while a document is made.
type papers struct {
	mu     sync.Mutex
	made   int
	before func(n int) error
	size   int
}

func (p *papers) Agreement(d paper.Data) ([]byte, error) {
	p.mu.Lock()
	p.made++
	n, before, size := p.made, p.before, p.size
	p.mu.Unlock()
	if before != nil {
		if err := before(n); err != nil {
			return nil, err
		}
	}
	if size > 0 {
		return make([]byte, size), nil
	}
	return fmt.Appendf(nil, "%%PDF %s r%d %s %s", d.Number, d.Revision, d.Student.FullName, d.Compensation.Kind), nil
}

func (p *papers) Copy(d paper.Data, lang i18n.Lang) ([]byte, error) {
	return fmt.Appendf(nil, "COPY %s %s", lang, d.Number), nil
}

func (p *papers) Text(d paper.Data, lang i18n.Lang) ([]paper.Piece, error) {
	return []paper.Piece{{Kind: paper.TitlePiece, Runs: []paper.Run{{Text: d.Number + " " + string(lang)}}}}, nil
}

func (p *papers) SignatureSheet(s paper.SheetData) ([]byte, error) {
	return fmt.Appendf(nil, "SHEET %s %d", s.Number, len(s.Signatures)), nil
}

// cast names who takes part in one agreement. The numbers are the synthetic ones of legal-facts.md 5.
const (
	student, guardian, hr, boss, coordinator, rector, registrar, stranger = "psn_student", "psn_guardian", "psn_hr", "psn_boss", "psn_coordinator", "psn_rector", "psn_registrar", "psn_stranger"
	enterprise, college, chamber                                          = "ent_energo", "col_karaganda", "chm_karaganda"
	place, mentor, supervisor                                             = "plc_energo", "mnt_serik", "sup_gulnar"
)

func actor(person string, memberships ...accounts.Membership) accounts.Actor {
	return accounts.Actor{PersonID: person, SessionID: "ses_" + person, EmailProved: true, Memberships: memberships}
}

func member(organisation string, kind accounts.OrgKind, role accounts.OrgRole) accounts.Membership {
	return accounts.Membership{OrganisationID: organisation, Kind: kind, Role: role}
}

func theStudent() accounts.Actor  { return actor(student) }
func theGuardian() accounts.Actor { return actor(guardian) }
func theHR() accounts.Actor {
	return actor(hr, member(enterprise, accounts.KindEnterprise, accounts.RoleHR))
}
func theBoss() accounts.Actor {
	return actor(boss, member(enterprise, accounts.KindEnterprise, accounts.RoleSignatory))
}
func theCoordinator() accounts.Actor {
	return actor(coordinator, member(college, accounts.KindCollege, accounts.RoleCoordinator))
}
func theRector() accounts.Actor {
	return actor(rector, member(college, accounts.KindCollege, accounts.RoleSignatory))
}
func theRegistrar() accounts.Actor {
	return actor(registrar, member(chamber, accounts.KindChamber, accounts.RoleRegistrar))
}

// draft makes a draft like the acceptance of an offer does.
func (w *world) draft(change ...func(m *selection.Match)) string {
	w.t.Helper()
	m := &selection.Match{
		ID: fmt.Sprintf("mat_%d", time.Now().UnixNano()), OfferID: "ofr_1", ApplicationID: "app_1", PlacementID: place, EnterpriseID: enterprise, StudentID: student,
		CollegeID: college, WorkplaceID: "wpl_1", Kind: selection.Student, Regime: "r50", From: "2027-02-01", To: "2027-05-14",
	}
	for _, f := range change {
		f(m)
	}
	var out string
	err := w.db.Tx(w.t.Context(), func(ctx context.Context) (err error) {
		out, err = w.DraftFromMatch(ctx, m)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}

// collegePart is what the coordinator fills in.
func collegePart() agreements.Patch {
	sup := supervisor
	return agreements.Patch{
		SupervisorID: &sup, Curriculum: &agreements.Curriculum{Title: "Рабочий учебный план 4S07130202", Number: "12-УР", Date: "2026-08-28"},
		Schedule: &[]agreements.Phase{
			{From: "2027-02-01", To: "2027-05-14", Weekdays: []int{1, 2, 3}, Minutes: 480, Where: agreements.AtEnterprise, DayFrom: "09:00", DayTo: "18:00"},
			{From: "2027-02-01", To: "2027-05-14", Weekdays: []int{4, 5}, Minutes: 360, Where: agreements.AtCollege},
		},
		Plan: &[]agreements.PlanItem{
			{Name: "ПМ 03", Hours: 300, EnterpriseHours: 200, Kind: "professional_module"},
			{Name: "ПМ 04", Hours: 240, EnterpriseHours: 160, Kind: "professional_module"},
		},
	}
}

// complete fills in both parts.
func (w *world) complete(id string) {
	w.t.Helper()
	if _, err := w.Update(w.t.Context(), theCoordinator(), id, collegePart(), 0); err != nil {
		w.t.Fatal(err)
	}
	if _, err := w.Update(w.t.Context(), theHR(), id, agreements.Patch{Insurance: &agreements.Insurance{Taken: true}}, 0); err != nil {
		w.t.Fatal(err)
	}
}

// ready makes a complete agreement ready.
func (w *world) ready(change ...func(m *selection.Match)) *agreements.Agreement {
	w.t.Helper()
	id := w.draft(change...)
	w.complete(id)
	a, err := w.Ready(w.t.Context(), theCoordinator(), id, 0)
	if err != nil {
		w.t.Fatal(err)
	}
	return a
}

func item(a *agreements.Agreement) agreements.SigningItem {
	return agreements.SigningItem{AgreementID: a.ID, Revision: a.Revision, SHA256: a.Document.SHA256}
}

// code asks for a code and reads it from the event, as the mail does.
func (w *world) code(by accounts.Actor, items ...agreements.SigningItem) (agreements.CodeProof, error) {
	w.t.Helper()
	req, err := w.RequestCode(w.t.Context(), by, items)
	if err != nil {
		return agreements.CodeProof{}, err
	}
	for _, ev := range w.seen(agreements.EventCodeIssued) {
		if ev.Subject == req.ID {
			digits, err := accounts.OpenMailSecret(w.ring, accounts.MailCode, ev.Data["sealed_code"])
			if err != nil {
				w.t.Fatal(err)
			}
			return agreements.CodeProof{Channel: agreements.ByCode, RequestID: req.ID, Code: digits}, nil
		}
	}
	w.t.Fatal("no mail with the code")
	return agreements.CodeProof{}, nil
}

func (w *world) sign(by accounts.Actor, a *agreements.Agreement) (*agreements.Agreement, error) {
	w.t.Helper()
	proof, err := w.code(by, item(a))
	if err != nil {
		return nil, err
	}
	return w.Sign(w.t.Context(), by, item(a), proof)
}

// awaiting has all signatures but the college's.
func (w *world) awaiting(change ...func(m *selection.Match)) *agreements.Agreement {
	w.t.Helper()
	a := w.ready(change...)
	for _, by := range []accounts.Actor{theStudent(), theBoss()} {
		var err error
		if a, err = w.sign(by, a); err != nil {
			w.t.Fatal(err)
		}
	}
	return a
}

func (w *world) concluded(change ...func(m *selection.Match)) *agreements.Agreement {
	w.t.Helper()
	a := w.awaiting(change...)
	proof, err := w.code(theRector(), item(a))
	if err != nil {
		w.t.Fatal(err)
	}
	a, err = w.Countersign(w.t.Context(), theRector(), item(a), proof)
	if err != nil {
		w.t.Fatal(err)
	}
	return a
}

func (w *world) get(id string) *agreements.Agreement {
	w.t.Helper()
	a, err := w.Agreement(w.t.Context(), id)
	if err != nil {
		w.t.Fatal(err)
	}
	return a
}

func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	if errs.CodeOf(err) != code {
		t.Fatalf("got %v, want %q", err, code)
	}
}

func wantState(t *testing.T, a *agreements.Agreement, s agreements.State) {
	t.Helper()
	if a.State != s {
		t.Fatalf("state %s, want %s", a.State, s)
	}
}

// onEngines runs a test on every engine.
func onEngines(t *testing.T, test func(t *testing.T, w *world)) {
	t.Helper()
	for _, engine := range storagetest.Engines(t) {
		t.Run(engine.Name, func(t *testing.T) { test(t, newWorld(t, engine.Open(t))) })
	}
}

// together runs fn n times at once and counts the codes that come back ("" for success).
func together(n int, fn func(i int) error) map[string]int {
	var wg sync.WaitGroup
	var mu sync.Mutex
	got := map[string]int{}
	start := make(chan struct{})
	for i := range n {
		wg.Go(func() {
			<-start
			err := fn(i)
			mu.Lock()
			defer mu.Unlock()
			got[errs.CodeOf(err)]++
		})
	}
	close(start)
	wg.Wait()
	return got
}

// matchOf is a match that a test changes before its draft.
type matchOf = selection.Match

// citizen makes the match a citizen's.
func citizen(m *matchOf) { m.Kind = selection.Citizen }

func noCursor() storage.Cursor { return storage.Cursor{} }
