package agreements_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
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
	"github.com/orynda/orynda/internal/placements"
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

// lower plays accounts, directory, placements and selection.
type lower struct {
	mu          sync.Mutex
	now         func() time.Time
	people      map[string]*accounts.Person
	identities  map[string]accounts.Identity
	enterprises map[string]*directory.Enterprise
	colleges    map[string]*directory.College
	chambers    map[string]*directory.Chamber
	mentors     map[string]*directory.Mentor
	supervisors map[string]*directory.Supervisor
	enrolments  map[string]*directory.Enrolment
	guardians   []*directory.Guardian
	authorities map[string]*directory.Signatory // organisation|person
	places      map[string]*placements.Placement
	concluded   int
	dissolved   map[string]string
	completed   map[string]bool
	moved       map[string][2]cal.Day
	moveErr     error
}

func newLower(now func() time.Time) *lower {
	l := &lower{
		now: now, people: map[string]*accounts.Person{}, identities: map[string]accounts.Identity{}, enterprises: map[string]*directory.Enterprise{},
		colleges: map[string]*directory.College{}, chambers: map[string]*directory.Chamber{}, mentors: map[string]*directory.Mentor{},
		supervisors: map[string]*directory.Supervisor{}, enrolments: map[string]*directory.Enrolment{}, authorities: map[string]*directory.Signatory{},
		places: map[string]*placements.Placement{}, dissolved: map[string]string{}, completed: map[string]bool{}, moved: map[string][2]cal.Day{},
	}
	for i, p := range []string{student, guardian, hr, boss, coordinator, rector, registrar, stranger} {
		l.people[p] = &accounts.Person{ID: p, Email: p + "@demo.orynda.kz", FullName: "Имя " + p, Locale: i18n.RU}
		l.identities[p] = accounts.Identity{Phone: fmt.Sprintf("+7701000001%d", i)}
	}
	l.people[student].FullName = "Сейтқали Алихан Дәуренұлы"
	l.identities[student] = accounts.Identity{IIN: "080515500017", BirthDate: "2008-05-15", Phone: "+77010000017", Address: "г. Караганда, ул. Примерная, 5"}
	l.enterprises[enterprise] = &directory.Enterprise{
		ID: enterprise, State: directory.EnterpriseVerified, Kind: directory.LegalEntity, BIN: "200140000014", Name: "Сарыарқа Энерго (демо)",
		Region: "350000000", City: "Қарағанды", Address: "ул. Подстанционная, 1", HeadName: "Ахметова Дана Сериковна", HeadPosition: "директор", HeadAuthority: "Устав",
	}
	l.colleges[college] = &directory.College{
		ID: college, BIN: "200140000501", Name: "Карагандинский политехнический колледж (демо)", Kind: directory.TVET, Region: "350000000",
		City: "Қарағанды", Address: "пр. Учебный, 10", HeadName: "Омаров Нұрлан Асқарұлы", HeadPosition: "директор", HeadAuthority: "Устав",
	}
	l.chambers[chamber] = &directory.Chamber{ID: chamber, Name: "Палата предпринимателей Карагандинской области (демо)", Region: "350000000"}
	l.mentors[mentor] = &directory.Mentor{ID: mentor, EnterpriseID: enterprise, FullName: "Абдрахманов Серик Болатович", Position: "мастер участка"}
	l.supervisors[supervisor] = &directory.Supervisor{ID: supervisor, CollegeID: college, FullName: "Оспанова Гүлнар Қайратқызы", Position: "руководитель практики"}
	l.enrolments[student] = &directory.Enrolment{
		PersonID: student, CollegeID: college, Group: "ЭС-25-1", Course: 2, SpecialtyCode: "07130200", State: directory.EnrolmentConfirmed,
	}
	l.authorities[enterprise+"|"+boss] = &directory.Signatory{Position: "директор", Ground: "Устав", From: "2025-01-10"}
	l.authorities[college+"|"+rector] = &directory.Signatory{Position: "директор", Ground: "Устав", From: "2024-09-01"}
	l.places[place] = thePlace()
	return l
}

func thePlace() *placements.Placement {
	return &placements.Placement{
		ID: place, Reference: "OR-7K3M9Q", EnterpriseID: enterprise, Regime: placements.R50, Title: i18n.Text{KK: "Техник-электрик", RU: "Техник-электрик"},
		Tasks: i18n.Text{RU: "Осмотр оборудования подстанции"}, QualificationCode: "4S07130202", SpecialtyCode: "07130200", Level: placements.Specialist,
		TimeModel: placements.Parallel, WeeklyHours: 24, MentorID: mentor,
		Workplaces:   []placements.Workplace{{ID: "wpl_1", Region: "350000000", City: "Қарағанды", Address: "ул. Подстанционная, 1", Kind: placements.AtWorkplace}},
		Compensation: placements.Compensation{Kind: placements.PayMonthly, Amount: 40000},
	}
}

func read[T any](l *lower, m map[string]*T, id, thing string) (*T, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	v, ok := m[id]
	if !ok {
		return nil, errs.Missing(thing)
	}
	c := *v
	return &c, nil
}

func (l *lower) Person(_ context.Context, id string) (*accounts.Person, error) {
	return read(l, l.people, id, "person")
}

func (l *lower) Identity(_ context.Context, id string) (accounts.Identity, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.identities[id], nil
}

func (l *lower) MembersOf(_ context.Context, organisation string, _ ...accounts.OrgRole) ([]*accounts.Membership, error) {
	people := map[string]string{enterprise: boss, college: rector}
	return []*accounts.Membership{{PersonID: people[organisation], OrganisationID: organisation}}, nil
}

func (l *lower) Enterprise(_ context.Context, id string) (*directory.Enterprise, error) {
	return read(l, l.enterprises, id, "enterprise")
}
func (l *lower) EnterpriseIIN(*directory.Enterprise) (string, error) { return "", nil }
func (l *lower) College(_ context.Context, id string) (*directory.College, error) {
	return read(l, l.colleges, id, "college")
}
func (l *lower) Chamber(_ context.Context, id string) (*directory.Chamber, error) {
	return read(l, l.chambers, id, "chamber")
}

func (l *lower) ChamberOf(_ context.Context, region string) (*directory.Chamber, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range l.chambers {
		if c.Region == region {
			return c, nil
		}
	}
	return nil, errs.Missing("chamber")
}

func (l *lower) Mentor(_ context.Context, id string) (*directory.Mentor, error) {
	m, err := read(l, l.mentors, id, "mentor")
	if m != nil {
		m.Trainees = slices.Clone(m.Trainees)
	}
	return m, err
}
func (l *lower) Supervisor(_ context.Context, id string) (*directory.Supervisor, error) {
	return read(l, l.supervisors, id, "supervisor")
}
func (l *lower) Enrolment(_ context.Context, id string) (*directory.Enrolment, error) {
	return read(l, l.enrolments, id, "enrolment")
}

func (l *lower) Guardians(_ context.Context, ward string) ([]*directory.Guardian, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var out []*directory.Guardian
	for _, g := range l.guardians {
		if g.WardID == ward {
			out = append(out, g)
		}
	}
	return out, nil
}

func (l *lower) Wards(_ context.Context, person string) ([]*directory.Guardian, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var out []*directory.Guardian
	for _, g := range l.guardians {
		if g.PersonID == person && person != "" {
			out = append(out, g)
		}
	}
	return out, nil
}
func (l *lower) GuardianPhone(*directory.Guardian) (string, error) { return "", nil }

func (l *lower) Authority(_ context.Context, organisation, person string, _ cal.Day) (*directory.Signatory, error) {
	g, err := read(l, l.authorities, organisation+"|"+person, "authority")
	if err != nil {
		return nil, errs.New(errs.Forbidden, "no_authority")
	}
	return g, nil
}

func (l *lower) TakeTrainee(_ context.Context, mentorID, agreementID string, most int) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.mentors[mentorID].Take(agreementID, most)
}

func (l *lower) ReleaseTrainee(_ context.Context, mentorID, agreementID string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	m := l.mentors[mentorID]
	m.Trainees = slices.DeleteFunc(m.Trainees, func(x string) bool { return x == agreementID })
	return nil
}

func (l *lower) RecordEnrolment(_ context.Context, _ accounts.Actor, person, collegeID string, st directory.Studies) (*directory.Enrolment, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.enrolments[person] = &directory.Enrolment{
		PersonID: person, CollegeID: collegeID, SpecialtyCode: st.SpecialtyCode, Group: st.Group, State: directory.EnrolmentConfirmed,
	}
	return l.enrolments[person], nil
}

func (l *lower) Placement(_ context.Context, id string) (*placements.Placement, error) {
	return read(l, l.places, id, "placement")
}

func (l *lower) SeatConcluded(context.Context, string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.concluded++
	return nil
}

func (l *lower) SeatReopened(context.Context, string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.concluded--
	return nil
}

func (l *lower) Dissolve(_ context.Context, match, reason string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.dissolved[match] = reason
	return nil
}

func (l *lower) CompleteMatch(_ context.Context, match string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.completed[match] = true
	return nil
}

func (l *lower) MoveMatch(_ context.Context, match string, from, to cal.Day) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.moveErr != nil {
		return l.moveErr
	}
	l.moved[match] = [2]cal.Day{from, to}
	return nil
}

// minor makes the student 16 with a confirmed guardian.
func (l *lower) minor() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.identities[student] = accounts.Identity{IIN: "100101600019", BirthDate: "2010-01-01", Phone: "+77010000017", Address: "ул. Примерная, 5"}
	l.guardians = []*directory.Guardian{{
		ID: "grd_1", WardID: student, PersonID: guardian, FullName: "Опекун", Ground: directory.GroundParent, State: directory.GuardianConfirmed,
	}}
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
