package directory_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/audit"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/outbox"
	"github.com/orynda/orynda/internal/secrets"
	"github.com/orynda/orynda/internal/storage"
	"github.com/orynda/orynda/internal/storage/storagetest"
)

func TestMain(m *testing.M) { os.Exit(storagetest.Main(m)) }

const (
	karaganda = "350000000"
	almaty    = "750000000"
	callers   = 40
)

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

// world is the directory on one engine with the accounts below it.
type world struct {
	t        *testing.T
	db       storage.Engine
	clock    *movable
	ring     *secrets.Ring
	box      *outbox.Box
	trail    *audit.Trail
	accounts *accounts.Service
	*directory.Service

	mu     sync.Mutex
	events []outbox.Event
	people int
}

func newWorld(t *testing.T, db storage.Engine) *world {
	t.Helper()
	w := &world{t: t, db: db, clock: &movable{now: time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC)}}
	var err error
	w.ring, err = secrets.Generate(w.clock.Now())
	w.ok(err)
	specs := append(append(append(directory.Specs(), accounts.Specs()...), outbox.Specs()...), audit.Specs()...)
	w.ok(storage.Ensure(t.Context(), db, specs...))
	log := slog.New(slog.DiscardHandler)
	w.box = outbox.New(db, w.clock, log)
	w.trail = audit.New(db, w.clock)
	policy, err := accounts.NewPolicy(accounts.Grants(), directory.Grants())
	w.ok(err)
	ref, err := directory.LoadReference()
	w.ok(err)
	w.accounts = accounts.New(accounts.Deps{
		DB: db, Clock: w.clock, RealClock: w.clock, Ring: w.ring, Box: w.box, Trail: w.trail, Policy: policy, Log: log,
		Passwords: accounts.PasswordSettings{MemoryKiB: 64, Passes: 1, Lanes: 1, Parallel: 4, Wait: 20 * time.Second},
	})
	w.Service = directory.New(directory.Deps{
		DB: db, Clock: w.clock, Ring: w.ring, Box: w.box, Trail: w.trail, Policy: policy, Log: log, Accounts: w.accounts, Reference: ref,
	})
	w.accounts.OnProved, w.accounts.OnAccepted, w.accounts.OnErase = w.MailProved, w.InvitationAccepted, w.Erase
	w.accounts.OnInvitationWithdrawn, w.accounts.OnMembershipRemoved = w.InvitationWithdrawn, w.MembershipRemoved
	w.accounts.NameGuardian, w.accounts.FindOrganisation = w.InviteGuardian, w.FindOrganisation
	w.accounts.IdentityLocked = w.IdentityLocked
	for _, h := range directory.Handlers(w.Service) {
		w.box.Handle(h)
	}
	w.box.Handle(outbox.Handler{Name: "test", Types: append(directory.Events(), accounts.EventInvited), Run: w.saw})
	return w
}

func (w *world) saw(_ context.Context, ev outbox.Event) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.events = append(w.events, ev)
	return nil
}

// count counts the events of a type so far, after running everything due.
func (w *world) count(typ string) int {
	w.t.Helper()
	w.ok(w.box.Drain(w.t.Context()))
	w.mu.Lock()
	defer w.mu.Unlock()
	n := 0
	for _, ev := range w.events {
		if ev.Type == typ {
			n++
		}
	}
	return n
}

func (w *world) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) refused(err error, code string) {
	w.t.Helper()
	if errs.CodeOf(err) != code {
		w.t.Fatalf("got %v, want %s", err, code)
	}
}

// fields wants an error with this code and exactly these "field code" pairs.
func (w *world) fields(err error, code string, want ...string) {
	w.t.Helper()
	w.refused(err, code)
	var e *errs.Error
	errors.As(err, &e)
	var got []string
	for _, f := range e.Fields {
		got = append(got, f.Field+" "+f.Code)
	}
	if strings.Join(got, "; ") != strings.Join(want, "; ") {
		w.t.Fatalf("fields %q, want %q", got, want)
	}
}

// person makes an account with a proved address.
func (w *world) person(email string, role string, who accounts.Identity) *accounts.Person {
	w.t.Helper()
	p, err := w.accounts.ImportPerson(w.t.Context(), accounts.NewPerson{
		Email: email, FullName: "Сейітов Айбек Болатұлы", Role: role, Locale: i18n.KK, Identity: who, EmailProved: true,
	})
	w.ok(err)
	return p
}

// actor is a person with the memberships of this moment.
func (w *world) actor(p *accounts.Person) accounts.Actor {
	w.t.Helper()
	p, err := w.accounts.Person(w.t.Context(), p.ID)
	w.ok(err)
	a := accounts.Actor{PersonID: p.ID, EmailProved: p.EmailProved()}
	w.ok(w.db.Find(w.t.Context(), accounts.Specs()[1], storage.Where(storage.Eq("person", p.ID)), func(f storage.Found) error {
		var m accounts.Membership
		if err := f.Decode(&m); err != nil {
			return err
		}
		a.Memberships = append(a.Memberships, m)
		return nil
	}))
	return a
}

func (w *world) someone() accounts.Actor {
	w.t.Helper()
	w.people++
	return w.actor(w.person(fmt.Sprintf("person%d@example.kz", w.people), accounts.AsEnterprise, accounts.Identity{}))
}

// member makes an account with a role in an organisation.
func (w *world) member(organisationID string, kind accounts.OrgKind, role accounts.OrgRole) accounts.Actor {
	w.t.Helper()
	a := w.someone()
	w.ok(w.accounts.AddMembership(w.t.Context(), a.PersonID, organisationID, kind, role))
	p, err := w.accounts.Person(w.t.Context(), a.PersonID)
	w.ok(err)
	return w.actor(p)
}

func system() accounts.Actor { return accounts.SystemActor("test") }

func ptr[T any](v T) *T { return &v }

func (w *world) chamber(region, city string) *directory.Chamber {
	w.t.Helper()
	list, err := w.ImportChambers(w.t.Context(), system(), []directory.InstitutionInput{
		{BIN: ptr(bin(900 + len(region+city))), Name: ptr("Палата (үлгі)"), Region: ptr(region), City: ptr(city)},
	})
	w.ok(err)
	return list[0]
}

func (w *world) college(kind directory.CollegeKind, n int) *directory.College {
	w.t.Helper()
	list, err := w.ImportColleges(w.t.Context(), system(), []directory.InstitutionInput{
		{BIN: ptr(bin(700 + n)), Name: ptr("Политехникалық колледж (үлгі)"), Kind: kind, Region: ptr(karaganda), City: ptr("Караганда")},
	})
	w.ok(err)
	return list[0]
}

// enterpriseInput is a whole and right input.
func enterpriseInput(number string) directory.EnterpriseInput {
	return directory.EnterpriseInput{
		BIN: ptr(number), Name: ptr("ТОО «Алтын нан»"), Region: ptr(karaganda), City: ptr("Temirtau"), Address: ptr("ул. Мира, 38"),
	}
}

func (w *world) enterprise(by accounts.Actor, number string) *directory.EnterpriseView {
	w.t.Helper()
	e, err := w.CreateEnterprise(w.t.Context(), by, enterpriseInput(number))
	w.ok(err)
	return e
}

// bin makes the n-th valid BIN of a resident legal entity.
func bin(n int) string { return number("200140", n) }

// iin makes the n-th valid IIN of somebody born on a day.
func iin(birth cal.Day, n int) string {
	y, m, d := birth.Date()
	century := "5"
	if y < 2000 {
		century = "3"
	}
	return number(fmt.Sprintf("%02d%02d%02d%s", y%100, m, d, century), n)
}

// number completes a prefix with the n-th serial that has a check digit.
func number(prefix string, n int) string {
	for serial := 0; ; serial++ {
		s := prefix + fmt.Sprintf("%0*d", 11-len(prefix), serial)
		first, second := 0, 0
		for i := range 11 {
			first += int(s[i]-'0') * (i + 1)
			second += int(s[i]-'0') * ((i+2)%11 + 1)
		}
		rest := first % 11
		if rest == 10 {
			rest = second % 11
		}
		if rest == 10 {
			continue
		}
		if n--; n < 0 {
			return s + string(rune('0'+rest))
		}
	}
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

func (w *world) want(got, want map[string]int) {
	w.t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		w.t.Fatalf("got %v, want %v", got, want)
	}
}

func onEngines(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	for _, engine := range storagetest.Engines(t) {
		t.Run(engine.Name, func(t *testing.T) { fn(t, newWorld(t, engine.Open(t))) })
	}
}
