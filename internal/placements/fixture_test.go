package placements_test

import (
	"context"
	"io"
	"log/slog"
	"os"
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
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/storage"
	"github.com/orynda/orynda/internal/storage/storagetest"
)

func TestMain(m *testing.M) { os.Exit(storagetest.Main(m)) }

// hands is a clock that the test moves.
type hands struct {
	mu  sync.Mutex
	now time.Time
}

func (h *hands) Now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.now
}

func (h *hands) set(day cal.Day) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = day.Start().Add(9 * time.Hour)
}

// people is a directory of two enterprises, a college of each regime and two chambers.
type people struct {
	enterprises map[string]*directory.Enterprise
	mentors     map[string]*directory.Mentor
	colleges    map[string]*directory.College
	chambers    map[string]*directory.Chamber
}

func found[T any](m map[string]*T, key, thing string) (*T, error) {
	if v := m[key]; v != nil {
		c := *v
		return &c, nil
	}
	return nil, errs.Missing(thing)
}

func several[T any](m map[string]*T, ids []string) map[string]*T {
	out := map[string]*T{}
	for _, id := range ids {
		if v, err := found(m, id, "thing"); err == nil {
			out[id] = v
		}
	}
	return out
}

func (p *people) Enterprises(_ context.Context, ids ...string) (map[string]*directory.Enterprise, error) {
	return several(p.enterprises, ids), nil
}

func (p *people) Mentors(_ context.Context, ids ...string) (map[string]*directory.Mentor, error) {
	return several(p.mentors, ids), nil
}

func (p *people) Enterprise(_ context.Context, id string) (*directory.Enterprise, error) {
	return found(p.enterprises, id, "enterprise")
}

func (p *people) College(_ context.Context, id string) (*directory.College, error) {
	return found(p.colleges, id, "college")
}

func (p *people) Chamber(_ context.Context, id string) (*directory.Chamber, error) {
	for _, c := range p.chambers {
		if c.ID == id {
			return c, nil
		}
	}
	return nil, errs.Missing("chamber")
}

func (p *people) Mentor(_ context.Context, id string) (*directory.Mentor, error) {
	return found(p.mentors, id, "mentor")
}

func (p *people) ChamberOf(_ context.Context, region string) (*directory.Chamber, error) {
	return found(p.chambers, region, "chamber")
}

const (
	ent      = "ent_1"
	other    = "ent_2"
	fresh    = "ent_new"
	karaUnda = "350000000"
	almaty   = "750000000"
	today    = cal.Day("2026-11-23") // a Monday
)

type world struct {
	*placements.Service
	t         *testing.T
	db        storage.Engine
	clock     *hands
	box       *outbox.Box
	trail     *audit.Trail
	people    *people
	hr, rival accounts.Actor
	registrar accounts.Actor
	stranger  accounts.Actor
	events    *recorder
}

// recorder keeps the events it was given.
type recorder struct {
	mu     sync.Mutex
	events []outbox.Event
}

func (r *recorder) take(_ context.Context, ev outbox.Event) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events = append(r.events, ev)
	return nil
}

func (w *world) drain() {
	w.t.Helper()
	if err := w.box.Drain(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

// count counts the recorded events of a type, after everything due has run.
func (w *world) count(typ, subject string) int {
	w.t.Helper()
	w.drain()
	w.events.mu.Lock()
	defer w.events.mu.Unlock()
	n := 0
	for _, ev := range w.events.events {
		if ev.Type == typ && (subject == "" || ev.Subject == subject) {
			n++
		}
	}
	return n
}

func (w *world) jobs() {
	w.t.Helper()
	for _, j := range placements.Jobs(w.Service) {
		if err := j.Run(w.t.Context(), w.clock.Now()); err != nil {
			w.t.Fatalf("%s: %v", j.Name, err)
		}
	}
	w.drain()
}

func member(person, org string, kind accounts.OrgKind, role accounts.OrgRole) accounts.Actor {
	return accounts.Actor{PersonID: person, EmailProved: true, Memberships: []accounts.Membership{{PersonID: person, OrganisationID: org, Kind: kind, Role: role}}}
}

func newPeople() *people {
	return &people{
		enterprises: map[string]*directory.Enterprise{
			ent:   {ID: ent, State: directory.EnterpriseVerified, BIN: "200140000014", Name: "Сарыарқа Энерго", Region: karaUnda},
			other: {ID: other, State: directory.EnterpriseVerified, BIN: "200140000501", Name: "Темір Моторс", Region: karaUnda},
			fresh: {ID: fresh, State: directory.EnterpriseNew, BIN: "200140000014", Name: "Жаңа", Region: karaUnda},
		},
		mentors: map[string]*directory.Mentor{
			"mnt_1": {ID: "mnt_1", EnterpriseID: ent, FullName: "Ерлан Сапарұлы"},
			"mnt_3": {ID: "mnt_3", EnterpriseID: ent, FullName: "Асель Нұрланқызы"},
			"mnt_2": {ID: "mnt_2", EnterpriseID: other, FullName: "Марат Ахметов"},
			"mnt_x": {ID: "mnt_x", EnterpriseID: ent, FullName: "Ушедший", EndedAt: today.Start()},
		},
		colleges: map[string]*directory.College{
			"col_1": {ID: "col_1", Kind: directory.TVET, Name: "Политехникалық колледж", Region: karaUnda},
			"col_u": {ID: "col_u", Kind: directory.University, Name: "Университет", Region: almaty},
		},
		chambers: map[string]*directory.Chamber{
			karaUnda: {ID: "chm_35", Region: karaUnda, Name: "Қарағанды палатасы"},
			almaty:   {ID: "chm_75", Region: almaty, Name: "Алматы палатасы"},
		},
	}
}

func newWorld(t *testing.T, db storage.Engine) *world {
	t.Helper()
	ctx := t.Context()
	var specs []storage.Spec
	specs = append(append(append(specs, placements.Specs()...), outbox.Specs()...), audit.Specs()...)
	if err := storage.Ensure(ctx, db, specs...); err != nil {
		t.Fatal(err)
	}
	ref, err := directory.LoadReference()
	if err != nil {
		t.Fatal(err)
	}
	policy, err := accounts.NewPolicy(placements.Grants())
	if err != nil {
		t.Fatal(err)
	}
	clock := &hands{}
	clock.set(today)
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	w := &world{
		t: t, db: db, clock: clock, people: newPeople(), box: outbox.New(db, clock, log), trail: audit.New(db, clock), events: &recorder{},
		hr: member("psn_hr", ent, accounts.KindEnterprise, accounts.RoleHR), rival: member("psn_rival", other, accounts.KindEnterprise, accounts.RoleAdmin),
		registrar: member("psn_reg", "chm_35", accounts.KindChamber, accounts.RoleRegistrar), stranger: accounts.Actor{PersonID: "psn_s", EmailProved: true},
	}
	w.Service = placements.New(placements.Deps{
		DB: db, Clock: clock, Policy: policy, Box: w.box, Trail: w.trail, Log: log, Directory: w.people, Reference: ref,
	})
	for _, h := range placements.Handlers(w.Service) {
		w.box.Handle(h)
	}
	w.box.Handle(outbox.Handler{Name: "recorder", Types: placements.Events(), Run: w.events.take})
	return w
}

// onEngines runs a test in a fresh world on each engine.
func onEngines(t *testing.T, test func(t *testing.T, w *world)) {
	for _, engine := range storagetest.Engines(t) {
		t.Run(engine.Name, func(t *testing.T) { test(t, newWorld(t, engine.Open(t))) })
	}
}

func ptr[T any](v T) *T { return &v }

// complete is what a publishable place says.
func complete() placements.Input {
	return placements.Input{
		Regime:  ptr(placements.R50),
		Title:   &i18n.Text{RU: "Электромонтер на подстанции"},
		Summary: &i18n.Text{RU: "Осмотр, ремонт и наладка оборудования подстанции 110/10 кВ вместе с опытным наставником."},
		Tasks:   &i18n.Text{RU: "Осмотр оборудования, чистка разъединителей, заполнение протоколов измерений."},
		Modules: &[]placements.Module{
			{Name: i18n.Text{RU: "Монтаж и наладка"}, Hours: 300, EnterpriseHours: 200}, {Name: i18n.Text{RU: "Эксплуатация сетей"}, Hours: 240, EnterpriseHours: 160},
		},
		QualificationCode: ptr("07130201"), Level: ptr(placements.Worker), Seats: ptr(2),
		Workplaces: &[]placements.WorkplaceInput{{Region: karaUnda, City: "Караганда", Address: "Складская 14", Kind: placements.AtWorkplace}},
		StartsOn:   ptr(cal.Day("2027-02-15")), EndsOn: ptr(cal.Day("2027-06-11")), ApplyBy: ptr(cal.Day("2027-01-22")),
		TimeModel: ptr(placements.Parallel), WeeklyHours: ptr(24), MinAge: ptr(16),
		Compensation: &placements.Compensation{Kind: placements.PayMonthly, Amount: 60000}, MentorID: ptr("mnt_1"), Colleges: &[]string{"col_1"},
		Languages: &[]i18n.Lang{i18n.KK, i18n.RU},
	}
}

func (w *world) draft(in placements.Input) *placements.View {
	w.t.Helper()
	v, err := w.Create(w.t.Context(), w.hr, ent, in)
	if err != nil {
		w.t.Fatal(err)
	}
	return v
}

func (w *world) published() *placements.View {
	w.t.Helper()
	return w.publish(w.draft(complete()))
}

func (w *world) publish(v *placements.View) *placements.View {
	w.t.Helper()
	v, err := w.Publish(w.t.Context(), w.hr, v.Place.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	return v
}

// inSheet takes a place's sheet, runs step and saves it.
func (w *world) inSheet(placementID string, step func(sh *placements.Sheet) error) error {
	return w.db.Tx(patient(w.t), func(ctx context.Context) error {
		sh, err := w.LockSheet(ctx, placementID)
		if err != nil {
			return err
		}
		if err := step(sh); err != nil {
			return err
		}
		return w.SaveSheet(ctx, sh)
	})
}

func (w *world) seat(placementID, offerID string) error {
	return w.inSheet(placementID, func(sh *placements.Sheet) error { return sh.TakeSeat(offerID) })
}

func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	if errs.CodeOf(err) != code {
		t.Fatalf("got %v, want %q", err, code)
	}
}

// codes lists field:code of an error.
func codes(err error) map[string]string {
	out := map[string]string{}
	var e *errs.Error
	if ok := asError(err, &e); ok {
		for _, f := range e.Fields {
			out[f.Field] = f.Code
		}
	}
	return out
}
