// Package interviewstest makes a small real world for tests of selection, interviews and what stands above: accounts, directory, placements, selection and
// interviews on one engine, wired as the program wires them, with an enterprise, colleges, a chamber, people and places made in one call each.
// Agreements are a recorder.
package interviewstest

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/audit"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/id"
	"github.com/orynda/orynda/internal/interviews"
	"github.com/orynda/orynda/internal/outbox"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/secrets"
	"github.com/orynda/orynda/internal/selection"
	"github.com/orynda/orynda/internal/storage"
	"github.com/orynda/orynda/internal/storage/storagetest"
)

// Callers is how many act at once in tests of contention.
const Callers = 40

// Karaganda is the region of the world.
const Karaganda = "350000000"

// Clock is moved by tests.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// Now implements cal.Clock.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return cal.Trim(c.now)
}

// Advance moves it.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// World is everything on one engine.
type World struct {
	DB         storage.Engine
	Clock      *Clock
	Box        *outbox.Box
	Trail      *audit.Trail
	Reference  *directory.Reference
	Accounts   *accounts.Service
	Directory  *directory.Service
	Placements *placements.Service
	Selection  *selection.Service
	Interviews *interviews.Service

	Enterprise *directory.Enterprise
	College    *directory.College // tvet
	University *directory.College
	Mentor     *directory.Mentor
	Room       *directory.Room
	HR         accounts.Actor // admin of the enterprise

	// Drafts counts the agreements drafted for each match.
	Drafts map[string]int

	mu     sync.Mutex
	people int
	events []outbox.Event
}

// OnEngines runs a test in a fresh world on each engine.
func OnEngines(t *testing.T, test func(t *testing.T, w *World)) {
	t.Helper()
	for _, engine := range storagetest.Engines(t) {
		t.Run(engine.Name, func(t *testing.T) { test(t, New(t, engine.Open(t))) })
	}
}

// New makes a world on Monday, 23 November 2026, 9:00 in UTC+5.
func New(t *testing.T, db storage.Engine) *World {
	t.Helper()
	w := &World{DB: db, Clock: &Clock{now: time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC)}, Drafts: map[string]int{}}
	var specs []storage.Spec
	for _, s := range [][]storage.Spec{
		accounts.Specs(), directory.Specs(), placements.Specs(), selection.Specs(), interviews.Specs(), outbox.Specs(), audit.Specs(),
	} {
		specs = append(specs, s...)
	}
	Ok(t, storage.Ensure(t.Context(), db, specs...))
	w.services(t)
	w.wire()
	w.settle(t)
	return w
}

func (w *World) services(t *testing.T) {
	t.Helper()
	ring, err := secrets.Generate(w.Clock.Now())
	Ok(t, err)
	policy, err := accounts.NewPolicy(accounts.Grants(), directory.Grants(), placements.Grants(), selection.Grants(), interviews.Grants())
	Ok(t, err)
	w.Reference, err = directory.LoadReference()
	Ok(t, err)
	log := slog.New(slog.DiscardHandler)
	w.Box, w.Trail = outbox.New(w.DB, w.Clock, log), audit.New(w.DB, w.Clock)
	w.Accounts = accounts.New(accounts.Deps{
		DB: w.DB, Clock: w.Clock, RealClock: w.Clock, Ring: ring, Box: w.Box, Trail: w.Trail, Policy: policy, Log: log,
		Passwords: accounts.PasswordSettings{MemoryKiB: 64, Passes: 1, Lanes: 1, Parallel: 4, Wait: 20 * time.Second},
	})
	w.Directory = directory.New(directory.Deps{
		DB: w.DB, Clock: w.Clock, Ring: ring, Box: w.Box, Trail: w.Trail, Policy: policy, Log: log, Accounts: w.Accounts, Reference: w.Reference,
	})
	w.Placements = placements.New(placements.Deps{
		DB: w.DB, Clock: w.Clock, Policy: policy, Box: w.Box, Trail: w.Trail, Log: log, Directory: w.Directory, Reference: w.Reference,
	})
	w.Selection = selection.New(selection.Deps{
		DB: w.DB, Clock: w.Clock, Policy: policy, Box: w.Box, Trail: w.Trail, Log: log, Accounts: w.Accounts, Directory: w.Directory,
		Placements: w.Placements, Reference: w.Reference,
	})
	w.Interviews = interviews.New(interviews.Deps{
		DB: w.DB, Clock: w.Clock, Policy: policy, Box: w.Box, Trail: w.Trail, Log: log, Accounts: w.Accounts, Directory: w.Directory,
		Placements: w.Placements, Selection: w.Selection, Organiser: "no-reply@orynda.kz",
	})
}

// wire sets the upward calls, as the composition root does.
func (w *World) wire() {
	w.Accounts.OnProved, w.Accounts.OnAccepted = w.Directory.MailProved, w.Directory.InvitationAccepted
	w.Accounts.OnErase = func(ctx context.Context, p *accounts.Person) error {
		for _, erase := range []func(context.Context, *accounts.Person) error{w.Selection.Erase, w.Interviews.Erase, w.Directory.Erase} {
			if err := erase(ctx, p); err != nil {
				return err
			}
		}
		return nil
	}
	w.Directory.StudentStates, w.Directory.RoomInUse = w.Selection.StudentStates, w.Interviews.RoomInUse
	w.Directory.OnEnrolmentEnded = func(ctx context.Context, e *directory.Enrolment) error {
		return w.Selection.EndFor(ctx, e.PersonID, e.EndReason)
	}
	w.Placements.Parties, w.Placements.AwaitingAnswer, w.Placements.SeatUse = w.Selection.Parties, w.Selection.AwaitingAnswer, w.Selection.SeatUse
	w.Selection.CancelBookings, w.Selection.HasBookableSlot = w.Interviews.CancelBookings, w.Interviews.HasBookableSlot
	w.Selection.Draft = func(_ context.Context, m *selection.Match) (string, error) {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.Drafts[m.ID]++
		return id.New("agr"), nil
	}
	var handlers []outbox.Handler
	handlers = append(append(append(handlers, placements.Handlers(w.Placements)...), selection.Handlers(w.Selection)...), interviews.Handlers(w.Interviews)...)
	for _, h := range handlers {
		w.Box.Handle(h)
	}
	w.Box.Handle(outbox.Handler{Name: "test", Types: append(append(selection.Events(), interviews.Events()...), placements.EventPaused), Run: w.saw})
}

func (w *World) saw(_ context.Context, ev outbox.Event) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.events = append(w.events, ev)
	return nil
}

func system() accounts.Actor { return accounts.SystemActor("test") }

func ptr[T any](v T) *T { return &v }

// settle makes the organisations.
func (w *World) settle(t *testing.T) {
	t.Helper()
	ctx := t.Context()
	_, err := w.Directory.ImportChambers(ctx, system(), []directory.InstitutionInput{
		{BIN: ptr(bin(3)), Name: ptr("Қарағанды палатасы (үлгі)"), Region: ptr(Karaganda), City: ptr("Караганда")},
	})
	Ok(t, err)
	colleges, err := w.Directory.ImportColleges(ctx, system(), []directory.InstitutionInput{
		{BIN: ptr(bin(1)), Name: ptr("Политехникалық колледж (үлгі)"), Kind: directory.TVET, Region: ptr(Karaganda), City: ptr("Караганда")},
		{BIN: ptr(bin(2)), Name: ptr("Университет (үлгі)"), Kind: directory.University, Region: ptr("750000000"), City: ptr("Алматы")},
	})
	Ok(t, err)
	w.College, w.University = colleges[0], colleges[1]
	enterprises, err := w.Directory.ImportEnterprises(ctx, system(), []directory.NewEnterprise{{Verified: true, EnterpriseInput: directory.EnterpriseInput{
		BIN: ptr(bin(0)), Name: ptr("Сарыарқа Энерго (үлгі)"), Region: ptr(Karaganda), City: ptr("Караганда"), Address: ptr("Складская 14"),
	}}})
	Ok(t, err)
	w.Enterprise = enterprises[0]
	mentors, err := w.Directory.ImportMentors(ctx, system(), []directory.NewMentor{{EnterpriseID: w.Enterprise.ID, MentorInput: directory.MentorInput{
		FullName: "Ахметов Марат Серікұлы", Position: "Электромонтёр 5 разряда", Qualification: "Электромонтёр",
	}}})
	Ok(t, err)
	w.Mentor = mentors[0]
	w.Room = w.NewRoom(t, "Кабинет 204")
	w.HR = w.Member(t, accounts.RoleAdmin)
}

// NewRoom makes one more room of the enterprise.
func (w *World) NewRoom(t *testing.T, name string) *directory.Room {
	t.Helper()
	r, err := w.Directory.ImportRoom(t.Context(), system(), w.Enterprise.ID, directory.RoomInput{Name: name})
	Ok(t, err)
	return r
}

// Person makes an account with a proved address.
func (w *World) Person(t *testing.T, role string, born cal.Day) accounts.Actor {
	t.Helper()
	w.mu.Lock()
	w.people++
	n := w.people
	w.mu.Unlock()
	p, err := w.Accounts.ImportPerson(t.Context(), accounts.NewPerson{
		Email: fmt.Sprintf("person%d@example.kz", n), FullName: fmt.Sprintf("Сейітов Айбек %d", n), Role: role, Locale: i18n.RU, EmailProved: true,
		Identity: accounts.Identity{BirthDate: born, Phone: fmt.Sprintf("+7701%07d", n)},
	})
	Ok(t, err)
	return accounts.Actor{PersonID: p.ID, SessionID: "ses_" + p.ID, EmailProved: true}
}

// Adult is a birth date that makes an adult.
const Adult cal.Day = "2005-03-04"

// Member makes a person with a role in the enterprise.
func (w *World) Member(t *testing.T, role accounts.OrgRole) accounts.Actor {
	t.Helper()
	return w.MemberOf(t, w.Enterprise.ID, accounts.KindEnterprise, role)
}

// MemberOf makes a person with a role in an organisation.
func (w *World) MemberOf(t *testing.T, organisationID string, kind accounts.OrgKind, role accounts.OrgRole) accounts.Actor {
	t.Helper()
	a := w.Person(t, accounts.AsMember, Adult)
	Ok(t, w.Accounts.AddMembership(t.Context(), a.PersonID, organisationID, kind, role))
	a.Memberships = []accounts.Membership{{PersonID: a.PersonID, OrganisationID: organisationID, Kind: kind, Role: role}}
	return a
}

// Student makes an adult student of the college, with the enrolment confirmed.
func (w *World) Student(t *testing.T) accounts.Actor {
	t.Helper()
	a := w.Person(t, accounts.AsStudent, Adult)
	w.Enrol(t, a)
	return a
}

// Enrol confirms an enrolment at the college.
func (w *World) Enrol(t *testing.T, a accounts.Actor) *directory.Enrolment {
	t.Helper()
	e, err := w.Directory.RecordEnrolment(t.Context(), system(), a.PersonID, w.College.ID, directory.Studies{Group: "ЭЛ-21", Course: 3, SpecialtyCode: "07130200"})
	Ok(t, err)
	return e
}

// Citizen makes an adult who isn't enrolled.
func (w *World) Citizen(t *testing.T) accounts.Actor {
	t.Helper()
	return w.Person(t, accounts.AsCitizen, Adult)
}

// Place publishes a place of the enterprise; change may alter what it says.
func (w *World) Place(t *testing.T, change func(in *placements.Input)) *placements.Placement {
	t.Helper()
	in := placements.Input{
		Regime:            ptr(placements.R50),
		Title:             &i18n.Text{RU: "Электромонтёр на подстанции"},
		Summary:           &i18n.Text{RU: "Осмотр, ремонт и наладка оборудования подстанции 110/10 кВ вместе с опытным наставником."},
		Tasks:             &i18n.Text{RU: "Осмотр оборудования, чистка разъединителей, заполнение протоколов измерений."},
		Modules:           &[]placements.Module{{Name: i18n.Text{RU: "Монтаж и наладка"}, Hours: 300, EnterpriseHours: 200}},
		QualificationCode: ptr("07130201"), Level: ptr(placements.Worker), Seats: ptr(2),
		Workplaces: &[]placements.WorkplaceInput{{Region: Karaganda, City: "Караганда", Address: "Складская 14", Kind: placements.AtWorkplace}},
		StartsOn:   ptr(cal.Day("2027-02-15")), EndsOn: ptr(cal.Day("2027-06-11")), ApplyBy: ptr(cal.Day("2027-01-22")),
		TimeModel: ptr(placements.Parallel), WeeklyHours: ptr(24), MinAge: ptr(16),
		Compensation: &placements.Compensation{Kind: placements.PayMonthly, Amount: 60000}, MentorID: &w.Mentor.ID,
		Languages: &[]i18n.Lang{i18n.KK, i18n.RU},
	}
	if change != nil {
		change(&in)
	}
	v, err := w.Placements.Create(t.Context(), w.HR, w.Enterprise.ID, in)
	Ok(t, err)
	v, err = w.Placements.Publish(t.Context(), w.HR, v.Place.ID)
	Ok(t, err)
	return v.Place
}

// Seats gives a place so many seats.
func Seats(n int) func(in *placements.Input) {
	return func(in *placements.Input) { in.Seats = &n }
}

// Open makes a place open to citizens, with the colleges named.
func Open(colleges ...string) func(in *placements.Input) {
	return func(in *placements.Input) {
		in.OpenToCitizens = ptr(true)
		in.Colleges = &colleges
	}
}

// Apply makes an application.
func (w *World) Apply(t *testing.T, a accounts.Actor, placementID string) *selection.Application {
	t.Helper()
	app, err := w.Selection.Apply(t.Context(), a, placementID, selection.Request{Motivation: "Хочу работать на подстанции."})
	Ok(t, err)
	return app
}

// Shortlisted makes an application that is invited.
func (w *World) Shortlisted(t *testing.T, a accounts.Actor, placementID string) *selection.Application {
	t.Helper()
	app := w.Apply(t, a, placementID)
	app, err := w.Selection.Shortlist(t.Context(), w.HR, app.ID, "")
	Ok(t, err)
	return app
}

// Slot offers one hour that begins after a while, with an interviewer of its own.
func (w *World) Slot(t *testing.T, placementID string, in time.Duration, capacity int) *interviews.Slot {
	t.Helper()
	begin := w.Clock.Now().Add(in)
	made, _, err := w.Interviews.CreateSlots(t.Context(), w.HR, placementID, interviews.NewSlots{
		StartsAt: begin, EndsAt: begin.Add(time.Hour), Capacity: capacity, Form: interviews.ByPhone, Phone: "+77212000000",
		InterviewerID: w.Member(t, accounts.RoleInterviewer).PersonID,
	})
	Ok(t, err)
	return made[0].Slot
}

// Scored leads an application of a person to a recorded scorecard. The clock moves by a day.
func (w *World) Scored(t *testing.T, a accounts.Actor, placementID string, rec selection.Recommendation, score int) *selection.Application {
	t.Helper()
	app := w.Shortlisted(t, a, placementID)
	slot := w.Slot(t, placementID, 24*time.Hour, 1)
	b, err := w.Interviews.Book(t.Context(), a, slot.ID, app.ID)
	Ok(t, err)
	w.Clock.Advance(25 * time.Hour)
	return w.Outcome(t, b.ID, rec, score)
}

// Outcome records an attended interview and its scorecard.
func (w *World) Outcome(t *testing.T, bookingID string, rec selection.Recommendation, score int) *selection.Application {
	t.Helper()
	b, err := w.Interviews.RecordAttendance(t.Context(), w.HR, bookingID, interviews.Attended)
	Ok(t, err)
	_, _, err = w.Interviews.RecordScorecard(t.Context(), w.HR, bookingID, interviews.NewScorecard{
		Criteria: []interviews.Criterion{{Name: "Мотивация", Score: score}}, Recommendation: rec,
	})
	Ok(t, err)
	return w.App(t, b.ApplicationID)
}

// Offered leads an application to an open offer.
func (w *World) Offered(t *testing.T, a accounts.Actor, placementID string) *selection.Offer {
	t.Helper()
	app := w.Scored(t, a, placementID, selection.RecommendSelect, 5)
	o, err := w.Selection.MakeOffer(t.Context(), w.HR, app.ID, selection.NewOffer{})
	Ok(t, err)
	return o
}

// App reads an application.
func (w *World) App(t *testing.T, applicationID string) *selection.Application {
	t.Helper()
	app, err := w.Selection.Application(t.Context(), applicationID)
	Ok(t, err)
	return app
}

// Sheet reads a place's owner document.
func (w *World) Sheet(t *testing.T, placementID string) *placements.Sheet {
	t.Helper()
	sh, err := w.Placements.Sheet(t.Context(), placementID)
	Ok(t, err)
	return sh
}

// Drain runs every handler until nothing is left.
func (w *World) Drain(t *testing.T) {
	t.Helper()
	Ok(t, w.Box.Drain(t.Context()))
}

// Jobs runs every job as of now, and then the handlers.
func (w *World) Jobs(t *testing.T) {
	t.Helper()
	var jobs []outbox.Job
	jobs = append(append(append(jobs, placements.Jobs(w.Placements)...), selection.Jobs(w.Selection)...), interviews.Jobs(w.Interviews)...)
	for _, j := range jobs {
		if err := j.Run(t.Context(), w.Clock.Now()); err != nil {
			t.Fatalf("%s: %v", j.Name, err)
		}
	}
	w.Drain(t)
}

// Events counts the events of a type about a subject ("" for all), after everything due has run.
func (w *World) Events(t *testing.T, typ, subject string) int {
	t.Helper()
	w.Drain(t)
	w.mu.Lock()
	defer w.mu.Unlock()
	n := 0
	for _, ev := range w.events {
		if ev.Type == typ && (subject == "" || ev.Subject == subject) {
			n++
		}
	}
	return n
}

// Together calls fn from all callers at once and counts the answers by code; "" is success.
func Together(t *testing.T, fn func(ctx context.Context, i int) error) map[string]int {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 90*time.Second)
	defer cancel()
	out := map[string]int{}
	var mu sync.Mutex
	var all sync.WaitGroup
	start := make(chan struct{})
	for i := range Callers {
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

// Want compares counts by code.
func Want(t *testing.T, got, want map[string]int) {
	t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Fatalf("got %v, want %v", got, want)
	}
}

// Ok wants no error.
func Ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Refused wants this code.
func Refused(t *testing.T, err error, code string) {
	t.Helper()
	if errs.CodeOf(err) != code {
		t.Fatalf("got %v, want %q", err, code)
	}
}

// bin makes the n-th valid BIN of a resident legal entity.
func bin(n int) string {
	for serial := 0; ; serial++ {
		s := fmt.Sprintf("200140%05d", serial)
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
