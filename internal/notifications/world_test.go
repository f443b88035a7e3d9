package notifications_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"log/slog"
	"os"
	"slices"
	"sort"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/agreements"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/interviews"
	"github.com/orynda/orynda/internal/notifications"
	"github.com/orynda/orynda/internal/outbox"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/saving"
	"github.com/orynda/orynda/internal/secrets"
	"github.com/orynda/orynda/internal/selection"
	"github.com/orynda/orynda/internal/storage"
	"github.com/orynda/orynda/internal/storage/storagetest"
)

// The real services fit the ports.
var (
	_ notifications.People     = (*accounts.Service)(nil)
	_ notifications.Directory  = (*directory.Service)(nil)
	_ notifications.Placements = (*placements.Service)(nil)
	_ notifications.Selection  = (*selection.Service)(nil)
	_ notifications.Interviews = (*interviews.Service)(nil)
	_ notifications.Agreements = (*agreements.Service)(nil)
	_ notifications.Saved      = (*saving.Service)(nil)
)

func TestMain(m *testing.M) { os.Exit(storagetest.Main(m)) }

// What only the parties' own papers show; no mail may hold any of it.
const (
	iin     = "100101500123"
	born    = cal.Day("2010-01-01") // a minor
	phone   = "+77010000017"
	address = "ул. Ерубаева, 12, кв. 7"

	code      = "482913"
	linkToken = "Hq3vZ0-invitation-token-9dKk"
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

// recorder is a mailer that keeps what it gets.
type recorder struct {
	mu    sync.Mutex
	mails []notifications.Mail
	fail  func(m notifications.Mail) error // before it is kept
	lose  func(m notifications.Mail) error // after it was kept: the answer got lost
}

func (r *recorder) Send(_ context.Context, m notifications.Mail) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.fail != nil {
		if err := r.fail(m); err != nil {
			return err
		}
	}
	r.mails = append(r.mails, m)
	if r.lose != nil {
		return r.lose(m)
	}
	return nil
}

func (r *recorder) all() []notifications.Mail {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.mails)
}

// world is the service on one engine, over domains that hold one thing of each kind.
type world struct {
	t     *testing.T
	db    storage.Engine
	clock *movable
	ring  *secrets.Ring
	box   *outbox.Box
	log   *bytes.Buffer
	mail  *recorder
	*notifications.Service
	catalogue *i18n.Catalogue

	people     map[string]*accounts.Person
	identity   accounts.Identity
	members    []*accounts.Membership
	invitation *accounts.Invitation
	enterprise *directory.Enterprise
	guardian   *directory.Guardian
	enrolled   bool
	place      *placements.Placement
	filing     *placements.Filing
	app        *selection.Application
	offer      *selection.Offer
	match      *selection.Match
	slot       *interviews.Slot
	booking    *interviews.Booking
	bookable   bool
	agreement  *agreements.Agreement
	search     *saving.Search
	news       int // places that the search finds
}

func newWorld(t *testing.T, db storage.Engine) *world {
	t.Helper()
	if err := storage.Ensure(t.Context(), db, append(notifications.Specs(), outbox.Specs()...)...); err != nil {
		t.Fatal(err)
	}
	catalogue, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	return worldOn(t, db, catalogue)
}

// next makes another world on the same store.
func (w *world) next() *world { return worldOn(w.t, w.db, w.catalogue) }

func worldOn(t *testing.T, db storage.Engine, catalogue *i18n.Catalogue) *world {
	t.Helper()
	w := &world{t: t, db: db, clock: &movable{now: time.Date(2026, 11, 22, 5, 0, 0, 0, time.UTC)}, log: &bytes.Buffer{}, mail: &recorder{}}
	w.catalogue = catalogue
	w.furnish()
	var err error
	if w.ring, err = secrets.Generate(w.clock.Now()); err != nil {
		t.Fatal(err)
	}
	logger := slog.New(slog.NewTextHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	policy, err := accounts.NewPolicy(notifications.Grants())
	if err != nil {
		t.Fatal(err)
	}
	w.Service = notifications.New(notifications.Deps{
		DB: db, Clock: w.clock, Ring: w.ring, Policy: policy, Log: logger, Mailer: w.mail, Catalogue: catalogue, PublicURL: "https://orynda.example.kz/",
		People: people{w}, Directory: dir{w}, Placements: places{w}, Selection: chosen{w}, Interviews: met{w}, Agreements: pacts{w}, Saved: saved{w},
		Applicants: func(_ context.Context, placementID string, states ...selection.State) ([]*selection.Application, error) {
			if placementID != w.place.ID || !slices.Contains(states, w.app.State) {
				return nil, nil
			}
			return []*selection.Application{w.app}, nil
		},
	})
	w.box = outbox.New(db, w.clock, logger, notifications.Handlers(w.Service)...)
	return w
}

func (w *world) person(id, name string, lang i18n.Lang) {
	w.people[id] = &accounts.Person{
		ID: id, Email: strings.TrimPrefix(id, "psn_") + "@example.kz", FullName: name, Locale: lang, EmailProvedAt: w.clock.Now(),
	}
}

// furnish makes one thing of each kind, in the state in which most events leave it.
func (w *world) furnish() {
	now := w.clock.Now()
	w.people = map[string]*accounts.Person{}
	for id, name := range map[string]string{
		"psn_student": "Сейітов Айбек Болатұлы", "psn_guardian": "Сейітова Динара Қанатқызы", "psn_admin": "Ли Виктория Олеговна",
		"psn_hr": "Ахметов Ерлан Серікұлы", "psn_interviewer": "Громов Пётр Ильич", "psn_coordinator": "Жұмабаева Әлия Маратқызы",
		"psn_rector": "Касымов Данияр Ержанович", "psn_registrar": "Омарова Гүлнар Тілекқызы",
	} {
		w.person(id, name, i18n.RU)
	}
	w.identity = accounts.Identity{IIN: iin, BirthDate: born, Phone: phone, Address: address}
	for _, m := range []accounts.Membership{
		{PersonID: "psn_admin", OrganisationID: "ent_1", Role: accounts.RoleAdmin}, {PersonID: "psn_admin", OrganisationID: "ent_1", Role: accounts.RoleHR},
		{PersonID: "psn_admin", OrganisationID: "ent_1", Role: accounts.RoleSignatory}, {PersonID: "psn_hr", OrganisationID: "ent_1", Role: accounts.RoleHR},
		{PersonID: "psn_interviewer", OrganisationID: "ent_1", Role: accounts.RoleInterviewer},
		{PersonID: "psn_coordinator", OrganisationID: "col_1", Role: accounts.RoleCoordinator},
		{PersonID: "psn_rector", OrganisationID: "col_1", Role: accounts.RoleSignatory},
		{PersonID: "psn_registrar", OrganisationID: "chm_1", Role: accounts.RoleRegistrar},
	} {
		w.members = append(w.members, &m)
	}
	w.invitation = &accounts.Invitation{
		ID: "inv_1", State: accounts.InvitationOpen, Email: "invited@example.kz", OrganisationID: "ent_1", Role: accounts.RoleHR, StudentID: "psn_student",
		Locale: i18n.RU, ExpiresAt: now.Add(14 * 24 * time.Hour),
	}
	w.enterprise = &directory.Enterprise{
		ID: "ent_1", Name: "ТОО «Сарыарқа Энерго»", State: directory.EnterpriseSubmitted, CreatedBy: "psn_admin",
		Verification: directory.VerificationOutcome{
			DueAt: now.Add(26 * time.Hour), Comment: "Уточните адрес", Defects: []directory.Defect{{Field: "address", Code: "address_incomplete"}},
		},
	}
	w.guardian = &directory.Guardian{
		ID: "grd_1", WardID: "psn_student", PersonID: "psn_guardian", FullName: "Сейітова Динара Қанатқызы", State: directory.GuardianConfirmed,
		Email: "guardian@example.kz", SealedPhone: []byte(phone),
	}
	w.enrolled = true
	w.furnishSelection(now)
	w.furnishAgreement()
	w.search, w.news = &saving.Search{ID: "srh_1", PersonID: "psn_student", Name: "Сварщик, Караганда", Query: "q=welder&sort=relevance", Alerts: saving.Daily}, 12
}

func (w *world) furnishSelection(now time.Time) {
	w.place = &placements.Placement{
		ID: "plc_1", State: placements.Published, Reference: "OR-7K3M9X", EnterpriseID: "ent_1", ApplyBy: "2026-11-29",
		Title: i18n.Text{KK: "Дәнекерлеуші", RU: "Сварщик", EN: "Welder"}, CloseComment: "Ремонт цеха перенесён",
	}
	w.filing = &placements.Filing{
		ID: "fil_1", State: placements.Remarks, Number: "35-2026-000118", PlacementID: "plc_1", EnterpriseID: "ent_1", Comment: "Нет этажа",
		Fields: []string{"workplaces[0].address", "tasks"},
	}
	w.app = &selection.Application{
		ID: "app_1", State: selection.Shortlisted, PlacementID: "plc_1", EnterpriseID: "ent_1", StudentID: "psn_student", CollegeID: "col_1",
		AnswerBy: "2026-12-07", Comment: "Возьмите паспорт", RejectReason: "other_candidate", ClosedReason: selection.PlacementWithdrawn,
	}
	w.offer = &selection.Offer{
		ID: "ofr_1", State: selection.OfferOpen, ApplicationID: "app_1", PlacementID: "plc_1", EnterpriseID: "ent_1", StudentID: "psn_student",
		From: "2027-01-11", To: "2027-05-28", ExpiresAt: cal.Day("2026-11-27").End(), WithdrawReason: "Сократили набор",
	}
	w.match = &selection.Match{
		ID: "mat_1", ApplicationID: "app_1", OfferID: "ofr_1", StudentID: "psn_student", AgreementID: "agr_1", From: "2027-01-11", To: "2027-05-28",
		DissolvedReason: "agreement_cancelled",
	}
	w.slot = &interviews.Slot{
		ID: "slt_1", PlacementID: "plc_1", EnterpriseID: "ent_1", Form: interviews.InPerson, RoomID: "rom_1", InterviewerID: "psn_interviewer",
		Instructions: "Вход со двора", StartsAt: now.Add(23 * time.Hour), EndsAt: now.Add(23*time.Hour + 30*time.Minute),
	}
	w.booking = &interviews.Booking{
		ID: "bkg_1", State: interviews.Booked, SlotID: "slt_1", PlacementID: "plc_1", ApplicationID: "app_1", StudentID: "psn_student", EnterpriseID: "ent_1",
		InterviewerID: "psn_interviewer", StartsAt: w.slot.StartsAt, EndsAt: w.slot.EndsAt, CreatedAt: now.Add(-48 * time.Hour), Reminded: 1,
		Reason: "Заболел",
	}
	w.bookable = true
}

func (w *world) furnishAgreement() {
	w.agreement = &agreements.Agreement{
		ID: "agr_1", State: agreements.Ready, Regime: "r50", Number: "17/2026", PlacementTitle: w.place.Title, StudentID: "psn_student",
		StudentName: "Сейітов Айбек Болатұлы", EnterpriseID: "ent_1", EnterpriseName: w.enterprise.Name, CollegeID: "col_1",
		CollegeName: "Карагандинский политехнический колледж", ChamberID: "chm_1", GuardianID: "psn_guardian", MinorAtReady: true,
		Document: &agreements.FrozenDocument{ReadyAt: w.clock.Now()}, RegisterBy: "2026-11-26", Citizen: true,
		Notes:        []agreements.Note{{ID: "nte_1", Text: "Опечатка в сроке"}},
		Registration: &agreements.Registration{Number: "35-2026-0042"}, Returned: &agreements.RegistrationRefusal{Defects: []agreements.Defect{"duplicate"}, Comment: "Двойник"},
		Termination: &agreements.Termination{Date: "2027-02-01"},
	}
	w.agreement.Terms.StartsOn, w.agreement.Terms.EndsOn = "2027-01-11", "2027-05-28"
}

// The domains.

type people struct{ w *world }

func (f people) Person(_ context.Context, id string) (*accounts.Person, error) {
	if p := f.w.people[id]; p != nil {
		return p, nil
	}
	return nil, errs.New(errs.NotFound, "not_found")
}

func (f people) Identity(context.Context, string) (accounts.Identity, error) {
	return f.w.identity, nil
}

func (f people) MembersOf(_ context.Context, organisationID string, roles ...accounts.OrgRole) ([]*accounts.Membership, error) {
	var out []*accounts.Membership
	for _, m := range f.w.members {
		if m.OrganisationID == organisationID && slices.Contains(roles, m.Role) {
			out = append(out, m)
		}
	}
	return out, nil
}

func (f people) Invitation(context.Context, string) (*accounts.Invitation, error) {
	return f.w.invitation, nil
}

type dir struct{ w *world }

func (f dir) Enterprise(context.Context, string) (*directory.Enterprise, error) {
	return f.w.enterprise, nil
}

func (f dir) Organisation(_ context.Context, id string) (directory.Organisation, error) {
	return directory.Organisation{ID: id, Name: map[string]string{"ent_1": f.w.enterprise.Name, "col_1": f.w.agreement.CollegeName}[id]}, nil
}

func (f dir) Room(context.Context, string) (*directory.Room, error) {
	return &directory.Room{Name: "каб. 214", Address: "пр. Бухар-Жырау, 5", Directions: "второй этаж"}, nil
}

func (f dir) Enrolment(context.Context, string) (*directory.Enrolment, error) {
	if !f.w.enrolled {
		return nil, errs.Missing("enrolment")
	}
	return &directory.Enrolment{CollegeID: "col_1"}, nil
}

func (f dir) Guardians(context.Context, string) ([]*directory.Guardian, error) {
	if f.w.guardian == nil {
		return nil, nil
	}
	return []*directory.Guardian{f.w.guardian}, nil
}

func (f dir) Wards(_ context.Context, personID string) ([]*directory.Guardian, error) {
	if f.w.guardian == nil || f.w.guardian.PersonID != personID {
		return nil, nil
	}
	return []*directory.Guardian{f.w.guardian}, nil
}

type places struct{ w *world }

func (f places) Placement(context.Context, string) (*placements.Placement, error) {
	return f.w.place, nil
}
func (f places) FilingByID(context.Context, string) (*placements.Filing, error) {
	return f.w.filing, nil
}

type chosen struct{ w *world }

func (f chosen) Application(context.Context, string) (*selection.Application, error) {
	return f.w.app, nil
}
func (f chosen) Offer(context.Context, string) (*selection.Offer, error) { return f.w.offer, nil }
func (f chosen) Match(context.Context, string) (*selection.Match, error) { return f.w.match, nil }

type met struct{ w *world }

func (f met) Booking(context.Context, string) (*interviews.Booking, error) { return f.w.booking, nil }
func (f met) Slot(context.Context, string) (*interviews.Slot, error)       { return f.w.slot, nil }
func (f met) HasBookableSlot(context.Context, string, time.Time) (bool, error) {
	return f.w.bookable, nil
}

func (f met) CalendarOf(_ context.Context, b *interviews.Booking, _ *interviews.Slot, lang i18n.Lang, _ interviews.Words) ([]byte, error) {
	method := "REQUEST"
	if b.State == interviews.Cancelled {
		method = "CANCEL"
	}
	return []byte("BEGIN:VCALENDAR\r\nMETHOD:" + method + "\r\nX-LANG:" + string(lang) + "\r\nEND:VCALENDAR\r\n"), nil
}

type pacts struct{ w *world }

func (f pacts) Agreement(context.Context, string) (*agreements.Agreement, error) {
	return f.w.agreement, nil
}

type saved struct{ w *world }

func (f saved) Search(_ context.Context, id string) (*saving.Search, error) {
	if f.w.search == nil || f.w.search.ID != id {
		return nil, errs.Missing("saved_search")
	}
	return f.w.search, nil
}

func (f saved) News(ctx context.Context, id string, since, until time.Time) (saving.News, error) {
	one, err := f.Search(ctx, id)
	if err != nil || !until.After(since) {
		return saving.News{}, err
	}
	out := saving.News{Search: one, Count: f.w.news}
	for range min(f.w.news, saving.MostListed) {
		out.Places = append(out.Places, &placements.View{Place: f.w.place})
	}
	return out, nil
}

func (f saved) StopAlerts(_ context.Context, personID, id string) error {
	if f.w.search != nil && f.w.search.ID == id && f.w.search.PersonID == personID {
		f.w.search.Alerts = saving.Off
	}
	return nil
}

// sealed makes a secret as the domains put it into events.
func (w *world) sealed(purpose, plain string) string {
	return base64.RawURLEncoding.EncodeToString(w.ring.SealText(plain, purpose))
}

func (w *world) emit(typ, subject string, data map[string]string) {
	w.t.Helper()
	err := w.db.Tx(w.t.Context(), func(ctx context.Context) error { return w.box.Emit(ctx, typ, subject, data) })
	if err != nil {
		w.t.Fatal(err)
	}
}

// run does everything that is due. Handlers may fail only where the mailer does.
func (w *world) run() {
	w.t.Helper()
	if err := w.box.Drain(w.t.Context()); err != nil && w.mail.fail == nil && w.mail.lose == nil {
		w.t.Fatal(err)
	}
}

// retries lets every failed delivery come again, a few times.
func (w *world) retries() {
	for range 3 {
		w.clock.advance(time.Hour)
		w.run()
	}
}

// entries is the log.
func (w *world) entries() []notifications.Delivery {
	w.t.Helper()
	var out []notifications.Delivery
	err := w.db.Find(w.t.Context(), notifications.Specs()[0], storage.Query{}, func(f storage.Found) error {
		var d notifications.Delivery
		err := f.Decode(&d)
		out = append(out, d)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}

// sent lists "template recipient" of what the log says was sent.
func (w *world) sent() []string {
	out := []string{}
	for _, d := range w.entries() {
		if d.State == notifications.Sent {
			out = append(out, d.Template+" "+strings.TrimPrefix(d.Recipient, "psn_"))
		}
	}
	sort.Strings(out)
	return out
}

// stored is every document of every collection, and the log's lines.
func (w *world) stored() string {
	w.t.Helper()
	var all strings.Builder
	for _, spec := range append(notifications.Specs(), outbox.Specs()...) {
		err := w.db.Find(w.t.Context(), spec, storage.Query{}, func(f storage.Found) error {
			var doc map[string]any
			if err := f.Decode(&doc); err != nil {
				return err
			}
			text, err := json.Marshal(doc)
			all.Write(text)
			return err
		})
		if err != nil {
			w.t.Fatal(err)
		}
	}
	return all.String() + w.log.String()
}

// onEngines runs a test on each engine.
func onEngines(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	for _, engine := range storagetest.Engines(t) {
		t.Run(engine.Name, func(t *testing.T) { fn(t, newWorld(t, engine.Open(t))) })
	}
}
