package indexing

import (
	"context"
	"fmt"
	"iter"
	"log/slog"
	"os"
	"reflect"
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
	"github.com/orynda/orynda/internal/search"
	"github.com/orynda/orynda/internal/storage"
	"github.com/orynda/orynda/internal/storage/storagetest"
)

func TestMain(m *testing.M) { os.Exit(storagetest.Main(m)) }

// shelf is an index that shows what is in it. Of the port it keeps what matters here: what is put through it while it is rebuilt wins.
type shelf struct {
	search.Engine // what isn't used here
	mu            sync.Mutex
	docs          map[string]search.Document
	journals      []map[string]*search.Document
	fail          error
	ready         error
	puts          int
	changes       uint64
	beforePut     func(id string) // called before a document is put
	afterRead     func()          // called when a rebuild has read everything and hasn't yet swapped
}

func (s *shelf) Name() string { return "shelf" }

func (s *shelf) Ready(context.Context) error { return s.ready }

func (s *shelf) Put(_ context.Context, docs []search.Document) error {
	for _, d := range docs {
		if s.beforePut != nil {
			s.beforePut(d.ID)
		}
		if err := s.set(d.ID, &d); err != nil {
			return err
		}
	}
	return nil
}

func (s *shelf) Delete(_ context.Context, ids []string) error {
	for _, id := range ids {
		if err := s.set(id, nil); err != nil {
			return err
		}
	}
	return nil
}

func (s *shelf) set(id string, d *search.Document) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fail != nil {
		return s.fail
	}
	s.puts++
	s.changes++
	for _, j := range s.journals {
		j[id] = d
	}
	apply(s.docs, id, d)
	return nil
}

func apply(docs map[string]search.Document, id string, d *search.Document) {
	if d == nil {
		delete(docs, id)
		return
	}
	docs[id] = *d
}

func (s *shelf) Rebuild(_ context.Context, docs iter.Seq2[search.Document, error]) error {
	journal := map[string]*search.Document{}
	s.mu.Lock()
	s.journals = append(s.journals, journal)
	s.mu.Unlock()
	next := map[string]search.Document{}
	for d, err := range docs {
		if err != nil {
			return err
		}
		next[d.ID] = d
	}
	if s.afterRead != nil {
		s.afterRead()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.journals = nil
	if s.fail != nil {
		return s.fail
	}
	for id, d := range journal {
		apply(next, id, d)
	}
	s.docs = next
	s.changes++
	return nil
}

// door is one copy's way to a server's shelf: what another copy puts isn't in the journal of this one's rebuild.
type door struct {
	*shelf
	own *shelf
}

func (d door) Rebuild(_ context.Context, docs iter.Seq2[search.Document, error]) error {
	next := map[string]search.Document{}
	for doc, err := range docs {
		if err != nil {
			return err
		}
		next[doc.ID] = doc
	}
	if d.own.afterRead != nil {
		d.own.afterRead()
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.fail != nil {
		return d.fail
	}
	d.docs = next
	return nil
}

// organisations is a directory of one of each.
type organisations struct{ placements.Directory }

const (
	enterpriseID = "ent_1"
	region       = "350000000"
)

func (organisations) Enterprise(context.Context, string) (*directory.Enterprise, error) {
	return &directory.Enterprise{ID: enterpriseID, State: directory.EnterpriseVerified, BIN: "200140000014", Name: "Сарыарқа Энерго", Region: region}, nil
}

func (o organisations) Enterprises(ctx context.Context, ids ...string) (map[string]*directory.Enterprise, error) {
	out := map[string]*directory.Enterprise{}
	for _, id := range ids {
		out[id], _ = o.Enterprise(ctx, id)
	}
	return out, nil
}

func (organisations) Mentor(context.Context, string) (*directory.Mentor, error) {
	return &directory.Mentor{ID: "mnt_1", EnterpriseID: enterpriseID, FullName: "Ерлан Сапарұлы"}, nil
}

func (o organisations) Mentors(ctx context.Context, ids ...string) (map[string]*directory.Mentor, error) {
	out := map[string]*directory.Mentor{}
	for _, id := range ids {
		out[id], _ = o.Mentor(ctx, id)
	}
	return out, nil
}

func (organisations) College(context.Context, string) (*directory.College, error) {
	return &directory.College{ID: "col_1", Kind: directory.TVET, Name: "Политехникалық колледж", Region: region}, nil
}

func (organisations) Chamber(context.Context, string) (*directory.Chamber, error) {
	return &directory.Chamber{ID: "chm_35", Region: region, Name: "Қарағанды палатасы"}, nil
}

func (o organisations) ChamberOf(ctx context.Context, _ string) (*directory.Chamber, error) {
	return o.Chamber(ctx, "")
}

// copyOf is one copy of the program.
type copyOf struct {
	*Service
	places *placements.Service
	box    *outbox.Box
}

type world struct {
	t      *testing.T
	db     storage.Engine
	now    time.Time
	shelf  *shelf // of the server; of the first copy where each has its own
	shelfs []*shelf
	copies []*copyOf
	hr     accounts.Actor

	file, program string // of the snapshot; none by default
}

// newWorld makes a program of several copies.
func newWorld(t *testing.T, db storage.Engine, copies int, eachCopy bool) *world {
	t.Helper()
	w := &world{t: t, db: db, now: time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC), shelf: &shelf{docs: map[string]search.Document{}}}
	w.hr = accounts.Actor{PersonID: "per_hr", EmailProved: true, Memberships: []accounts.Membership{
		{PersonID: "per_hr", OrganisationID: enterpriseID, Kind: accounts.KindEnterprise, Role: accounts.RoleHR},
	}}
	var specs []storage.Spec
	for _, s := range [][]storage.Spec{placements.Specs(), outbox.Specs(), audit.Specs(), Specs()} {
		specs = append(specs, s...)
	}
	w.must(storage.Ensure(t.Context(), db, specs...))
	for i := range copies {
		w.copies = append(w.copies, w.start(i, eachCopy))
	}
	return w
}

func (w *world) start(i int, eachCopy bool) *copyOf {
	clock, log := cal.ClockFunc(func() time.Time { return w.now }), slog.New(slog.DiscardHandler)
	policy, err := accounts.NewPolicy(placements.Grants())
	w.must(err)
	ref, err := directory.LoadReference()
	w.must(err)
	c := &copyOf{box: outbox.New(w.db, clock, log)}
	c.places = placements.New(placements.Deps{
		DB: w.db, Clock: clock, Policy: policy, Box: c.box, Trail: audit.New(w.db, clock), Log: log, Directory: organisations{}, Reference: ref,
	})
	for _, h := range placements.Handlers(c.places) {
		c.box.Handle(h)
	}
	own := w.shelf
	if i > 0 {
		own = &shelf{docs: map[string]search.Document{}}
	}
	w.shelfs = append(w.shelfs, own)
	var engine search.Engine = own
	if !eachCopy {
		engine = door{w.shelf, own}
	}
	c.Service = New(Deps{DB: w.db, Clock: clock, Box: c.box, Log: log, Placements: c.places, Reference: ref, Engine: engine, EachCopy: eachCopy,
		SnapshotFile: w.file, Program: func() string { return w.program }})
	c.Follow()
	return c
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) drain() {
	w.t.Helper()
	for _, c := range w.copies {
		w.must(c.box.Drain(w.t.Context()))
	}
}

func ptr[T any](v T) *T { return &v }

// publish posts a place.
func (w *world) publish(n int) string {
	w.t.Helper()
	s := w.copies[0].places
	v, err := s.Create(w.t.Context(), w.hr, enterpriseID, placements.Input{
		Regime: ptr(placements.R50), Title: &i18n.Text{RU: fmt.Sprintf("Электромонтер на подстанции %d", n)},
		Summary: &i18n.Text{RU: "Осмотр, ремонт и наладка оборудования подстанции 110/10 кВ вместе с опытным наставником."},
		Tasks:   &i18n.Text{RU: "Осмотр оборудования, чистка разъединителей, заполнение протоколов измерений."},
		Modules: &[]placements.Module{
			{Name: i18n.Text{RU: "Монтаж и наладка"}, Hours: 300, EnterpriseHours: 200}, {Name: i18n.Text{RU: "Эксплуатация сетей"}, Hours: 240, EnterpriseHours: 160},
		},
		QualificationCode: ptr("07130201"), Level: ptr(placements.Worker), Seats: ptr(2),
		Workplaces: &[]placements.WorkplaceInput{{Region: region, City: "Караганда", Address: "Складская 14", Kind: placements.AtWorkplace}},
		StartsOn:   ptr(cal.Day("2027-02-15")), EndsOn: ptr(cal.Day("2027-06-11")), ApplyBy: ptr(cal.Day("2027-01-22")),
		TimeModel: ptr(placements.Parallel), WeeklyHours: ptr(24), MinAge: ptr(16),
		Compensation: &placements.Compensation{Kind: placements.PayMonthly, Amount: 60000}, MentorID: ptr("mnt_1"), Colleges: &[]string{"col_1"},
		Languages: &[]i18n.Lang{i18n.RU},
	})
	w.must(err)
	_, err = s.Publish(w.t.Context(), w.hr, v.Place.ID)
	w.must(err)
	return v.Place.ID
}

// seat changes a place's free seats without changing the place.
func (w *world) seat(placementID, offerID string) {
	w.t.Helper()
	s := w.copies[0].places
	w.must(w.db.Tx(w.t.Context(), func(ctx context.Context) error {
		sh, err := s.LockSheet(ctx, placementID)
		if err != nil {
			return err
		}
		if err := sh.TakeSeat(offerID); err != nil {
			return err
		}
		return s.SaveSheet(ctx, sh)
	}))
}

// wantTrue compares every index with the store.
func (w *world) wantTrue(when string) {
	w.t.Helper()
	want := map[string]search.Document{}
	first := w.copies[0]
	w.must(first.places.EachPublic(w.t.Context(), func(p placements.PublicPlace) error {
		want[p.Place.ID] = Document(first.d.Reference, p)
		return nil
	}))
	for i, c := range w.copies {
		got := w.shelf
		if c.d.EachCopy {
			got = w.shelfs[i]
		}
		for id, d := range want {
			if have, ok := got.docs[id]; !ok || !reflect.DeepEqual(have, d) {
				w.t.Errorf("%s: copy %d holds of %s %+v (%v), want %+v", when, i, id, have, ok, d)
			}
		}
		for id := range got.docs {
			if _, ok := want[id]; !ok {
				w.t.Errorf("%s: copy %d holds %s, which isn't published", when, i, id)
			}
		}
	}
}

// each runs a test in both ways to keep an index, on each storage engine.
func each(t *testing.T, test func(t *testing.T, w *world)) {
	for _, engine := range storagetest.Engines(t) {
		for name, eachCopy := range map[string]bool{"an index in each copy": true, "a server": false} {
			t.Run(engine.Name+", "+name, func(t *testing.T) { test(t, newWorld(t, engine.Open(t), 2, eachCopy)) })
		}
	}
}

func errRefused() error { return errs.New(errs.Internal, "search_write_failed") }
