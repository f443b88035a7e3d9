package demo_test

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/agreements"
	"github.com/orynda/orynda/internal/agreements/paper"
	"github.com/orynda/orynda/internal/app/demo"
	"github.com/orynda/orynda/internal/audit"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/interviews"
	"github.com/orynda/orynda/internal/outbox"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/secrets"
	"github.com/orynda/orynda/internal/selection"
	"github.com/orynda/orynda/internal/storage"
	"github.com/orynda/orynda/internal/storage/storagetest"
)

func TestMain(m *testing.M) { os.Exit(storagetest.Main(m)) }

// hands is a clock that the test and the demo move.
type hands struct {
	mu   sync.Mutex
	now  time.Time
	back time.Duration
}

func (h *hands) Now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return cal.Trim(h.now.Add(-h.back))
}

func (h *hands) rewind(by time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.back = by
}

func (h *hands) advance(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = h.now.Add(d)
}

// machine is all services on one engine, wired as the program wires them.
type machine struct {
	demo.Deps
	t     testing.TB
	clock *hands
	box   *outbox.Box
	trail *audit.Trail
	log   *bytes.Buffer

	tokens map[string]string // by address
}

// start is a Tuesday morning.
var start = time.Date(2027, 3, 2, 4, 30, 0, 0, time.UTC)

func newMachine(t testing.TB, db storage.Engine) *machine {
	t.Helper()
	m := &machine{t: t, clock: &hands{now: start}, log: &bytes.Buffer{}, tokens: map[string]string{}}
	specs := slices.Concat(
		outbox.Specs(), audit.Specs(), accounts.Specs(), directory.Specs(), placements.Specs(), selection.Specs(), interviews.Specs(), agreements.Specs(),
	)
	m.must(storage.Ensure(t.Context(), db, specs...))
	policy, err := accounts.NewPolicy(
		accounts.Grants(), directory.Grants(), placements.Grants(), selection.Grants(), interviews.Grants(), agreements.Grants(),
	)
	m.must(err)
	ring, err := secrets.Generate(start)
	m.must(err)
	ref, err := directory.LoadReference()
	m.must(err)
	m.wire(db, ring, policy, ref)
	return m
}

func (m *machine) must(err error) {
	m.t.Helper()
	if err != nil {
		m.t.Fatal(err)
	}
}

func (m *machine) wire(db storage.Engine, ring *secrets.Ring, policy accounts.Policy, ref *directory.Reference) {
	log := slog.New(slog.NewJSONHandler(&locked{b: m.log}, nil))
	m.box, m.trail = outbox.New(db, m.clock, log), audit.New(db, m.clock)
	acc := accounts.New(accounts.Deps{DB: db, Clock: m.clock, RealClock: cal.System(), Ring: ring, Box: m.box, Trail: m.trail, Policy: policy, Log: log})
	dir := directory.New(directory.Deps{
		DB: db, Clock: m.clock, Ring: ring, Box: m.box, Trail: m.trail, Policy: policy, Log: log, Accounts: acc, Reference: ref,
	})
	plc := placements.New(placements.Deps{DB: db, Clock: m.clock, Policy: policy, Box: m.box, Trail: m.trail, Log: log, Directory: dir, Reference: ref})
	sel := selection.New(selection.Deps{
		DB: db, Clock: m.clock, Policy: policy, Box: m.box, Trail: m.trail, Log: log, Accounts: acc, Directory: dir, Placements: plc, Reference: ref,
	})
	itv := interviews.New(interviews.Deps{
		DB: db, Clock: m.clock, Policy: policy, Box: m.box, Trail: m.trail, Log: log, Accounts: acc, Directory: dir, Placements: plc, Selection: sel,
	})
	papers, err := paper.New()
	m.must(err)
	say, err := i18n.Load()
	if err != nil {
		m.t.Log(err)
	}
	agr := agreements.New(agreements.Deps{
		DB: db, Clock: m.clock, Ring: ring, Box: m.box, Trail: m.trail, Policy: policy, Log: log, Accounts: acc, Directory: dir, Placements: plc,
		Selection: sel, Papers: papers, Reference: ref, Catalogue: say, VerifyURL: "https://orynda.test/verify/",
	})
	connect(acc, dir, plc, sel, itv, agr, ref)
	for _, h := range slices.Concat(directory.Handlers(dir), placements.Handlers(plc), selection.Handlers(sel), interviews.Handlers(itv), agreements.Handlers(agr)) {
		m.box.Handle(h)
	}
	m.box.Handle(outbox.Handler{
		Name: "mails", Types: []string{accounts.EventInvited, agreements.EventCodeIssued}, Run: func(context.Context, outbox.Event) error { return nil },
	})
	for _, j := range slices.Concat(accounts.Jobs(acc), directory.Jobs(dir), placements.Jobs(plc), selection.Jobs(sel), interviews.Jobs(itv), agreements.Jobs(agr)) {
		m.box.Schedule(j)
	}
	m.Deps = demo.Deps{
		DB: db, Clock: m.clock, Ring: ring, Accounts: acc, Directory: dir, Placements: plc, Selection: sel, Interviews: itv, Agreements: agr,
		Reference: ref, Log: log, Rewind: m.clock.rewind,
	}
}

// connect sets what leads upwards.
func connect(
	acc *accounts.Service, dir *directory.Service, plc *placements.Service, sel *selection.Service, itv *interviews.Service, agr *agreements.Service,
	ref *directory.Reference,
) {
	acc.OnAccepted, acc.OnProved, acc.FindOrganisation, acc.FindPlace = dir.InvitationAccepted, dir.MailProved, dir.FindOrganisation, ref.FindPlace
	acc.IdentityLocked = dir.IdentityLocked
	dir.StudentStates = sel.StudentStates
	plc.Parties, plc.AwaitingAnswer, plc.SeatUse = sel.Parties, sel.AwaitingAnswer, sel.SeatUse
	sel.CancelBookings, sel.HasBookableSlot, sel.Draft = itv.CancelBookings, itv.HasBookableSlot, agr.DraftFromMatch
}

// locked lets many write into one buffer.
type locked struct {
	mu sync.Mutex
	b  *bytes.Buffer
}

func (l *locked) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

// settle does what is due now, as the program does after its clock was moved.
func (m *machine) settle() {
	m.t.Helper()
	m.must(m.box.RunJobs(m.t.Context(), m.clock.Now()))
	m.must(m.box.Drain(m.t.Context()))
	m.must(demo.TopUp(m.t.Context(), m.Deps))
}

// as signs a demo account in and gives the actor.
func (m *machine) as(email string) accounts.Actor {
	m.t.Helper()
	if m.tokens[email] == "" {
		pair, err := m.Accounts.Login(m.t.Context(), accounts.SignIn{Email: email, Password: demo.Password})
		m.must(err)
		m.tokens[email] = pair.AccessToken
	}
	a, err := m.Accounts.Authenticate(m.t.Context(), m.tokens[email])
	m.must(err)
	return a
}

// organisation is that of an account's first membership.
func (m *machine) organisation(email string) string {
	m.t.Helper()
	a := m.as(email)
	if len(a.Memberships) == 0 {
		m.t.Fatalf("%s is a member of nothing", email)
	}
	return a.Memberships[0].OrganisationID
}
