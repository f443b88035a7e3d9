package apptest

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/agreements"
	"github.com/orynda/orynda/internal/app"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/httpd"
	"github.com/orynda/orynda/internal/id"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/selection"
	"github.com/orynda/orynda/internal/storage"
)

// countingStore counts how often requests ask; the program's own work isn't counted.
type countingStore struct {
	storage.Engine
	asked atomic.Int64
}

func (c *countingStore) note(ctx context.Context) {
	if httpd.RequestID(ctx) != "" {
		c.asked.Add(1)
	}
}

// Get implements storage.Engine.
func (c *countingStore) Get(ctx context.Context, spec storage.Spec, id string, into any) (int64, error) {
	c.note(ctx)
	return c.Engine.Get(ctx, spec, id, into)
}

// Find implements storage.Engine.
func (c *countingStore) Find(ctx context.Context, spec storage.Spec, q storage.Query, each func(storage.Found) error) error {
	c.note(ctx)
	return c.Engine.Find(ctx, spec, q, each)
}

// Count implements storage.Engine.
func (c *countingStore) Count(ctx context.Context, spec storage.Spec, q storage.Query) (int64, error) {
	c.note(ctx)
	return c.Engine.Count(ctx, spec, q)
}

// The lists of the enterprise, the college and the chamber ask the store as often for ten rows as for two hundred.
func TestReadsDoNotGrowWithRows(t *testing.T) {
	store := &countingStore{}
	w := bootWith(t, embeddedEngine(), app.Options{Store: func(db storage.Engine) storage.Engine {
		store.Engine = db
		return store
	}})
	rows := newRows(w)
	pages := rows.pages()
	visitors := map[string]*deskVisitor{}
	measure := func() (asked map[string]int64, length map[string]int) {
		asked, length = map[string]int64{}, map[string]int{}
		for _, p := range pages {
			if visitors[p.who] == nil {
				visitors[p.who] = w.deskVisitor(t, p.who)
			}
			v := visitors[p.who]
			for range 2 { // the second look finds what is kept decoded
				before := store.asked.Load()
				v.open(p.path).mustBe(http.StatusOK)
				asked[p.path], length[p.path] = store.asked.Load()-before, len(v.body)
			}
		}
		return asked, length
	}
	rows.add(10)
	few, short := measure()
	rows.add(190)
	many, long := measure()
	for _, p := range pages {
		t.Logf("%4d reads, %4d with twenty times the rows: %s", few[p.path], many[p.path], p.path)
		if many[p.path] > few[p.path] {
			t.Errorf("%s asks the store %d times for few rows and %d times for many", p.path, few[p.path], many[p.path])
		}
		if long[p.path] < short[p.path]+2000 {
			t.Errorf("%s shows no more rows: %d letters, %d before", p.path, long[p.path], short[p.path])
		}
	}
}

// rows makes rows for the lists, out of what the demo has.
type rows struct {
	t  *testing.T
	db storage.Engine
	w  *world

	enterprise, college, chamber, place string
	made                                int
}

func newRows(w *world) *rows {
	w.t.Helper()
	r := &rows{t: w.t, w: w, db: w.backdoor().db}
	r.enterprise = organisationOf(w.as(enterpriseHR), "enterprise")
	r.college = organisationOf(w.as(collegeCoordinator), "college")
	r.chamber = organisationOf(w.as("chamber@karaganda.demo.orynda.kz"), "chamber")
	r.place = oneOf(r, "placements", func(p *placements.Placement) bool {
		return p.EnterpriseID == r.enterprise && p.State == placements.Published
	}).ID
	return r
}

type readPage struct{ who, path string }

func (r *rows) pages() []readPage {
	enterprise, college, chamber, place := "/enterprises/"+r.enterprise, "/colleges/"+r.college, "/chambers/"+r.chamber, "/placements/"+r.place
	return []readPage{
		{enterpriseHR, enterprise + "/desk"}, {enterpriseHR, enterprise + "/placements"}, {enterpriseHR, place + "/applicants?state=all"},
		{enterpriseHR, place + "/applicants?view=board"}, {enterpriseHR, "/agreements?show=drafts"}, {enterpriseHR, "/agreements?show=signing"},
		{collegeCoordinator, college + "/desk"}, {collegeCoordinator, college + "/students?show=all"}, {collegeCoordinator, college + "/students?state=applied"},
		{collegeCoordinator, college + "/applications"}, {chamberRegistrar, chamber + "/verifications"}, {chamberRegistrar, chamber + "/filings"},
		{chamberRegistrar, chamber + "/register"},
	}
}

// specOf finds a collection of a domain.
func specOf(name string) storage.Spec {
	for _, list := range []func() []storage.Spec{accounts.Specs, directory.Specs, placements.Specs, selection.Specs, agreements.Specs} {
		for _, spec := range list() {
			if spec.Name == name {
				return spec
			}
		}
	}
	return storage.Spec{}
}

type document[T any] interface {
	*T
	storage.Document
}

// oneOf gives a stored document that fits.
func oneOf[T any, P document[T]](r *rows, collection string, fits func(P) bool) P {
	r.t.Helper()
	all, err := storage.Open[T, P](r.db, specOf(collection)).Find(r.t.Context(), storage.Query{})
	must(r.t, err)
	i := slices.IndexFunc(all, fits)
	if i < 0 {
		r.t.Fatalf("the demo has no such document in %s", collection)
	}
	return all[i]
}

func keep[T any, P document[T]](r *rows, collection string, doc P) {
	r.t.Helper()
	must(r.t, storage.Open[T, P](r.db, specOf(collection)).Insert(r.t.Context(), doc))
}

// rosterLine is a row of a roster as it is stored.
type rosterLine struct {
	ID          string    `json:"id"`
	Version     int64     `json:"version"`
	CreatedAt   time.Time `json:"created_at"`
	CollegeID   string    `json:"college_id"`
	InRoster    bool      `json:"in_roster"`
	Sealed      []byte    `json:"sealed"`
	PersonID    string    `json:"person_id"`
	EnrolmentID string    `json:"enrolment_id"`
	Tie         string    `json:"tie"`
}

// Identity implements storage.Document.
func (l *rosterLine) Identity() (string, *int64) { return l.ID, &l.Version }

// Keys implements storage.Document.
func (l *rosterLine) Keys() storage.Keys { return storage.Keys{"college": l.CollegeID} }

// add makes n more of everything that the lists show, each of another person, place or enterprise.
func (r *rows) add(n int) {
	r.t.Helper()
	place := oneOf(r, "placements", func(p *placements.Placement) bool { return p.ID == r.place })
	sheet := oneOf(r, "placement_sheets", func(s *placements.Sheet) bool { return s.ID == r.place })
	filing := oneOf(r, "filings", func(f *placements.Filing) bool { return f.PlacementID == r.place })
	line := oneOf(r, "roster_rows", func(l *rosterLine) bool { return l.CollegeID == r.college && l.PersonID != "" && l.Tie == "confirmed" })
	guardian := oneOf(r, "guardians", func(g *directory.Guardian) bool { return g.State != directory.GuardianRefused })
	company := oneOf(r, "enterprises", func(e *directory.Enterprise) bool { return e.ID == r.enterprise })
	chamber := oneOf(r, "chambers", func(c *directory.Chamber) bool { return c.ID == r.chamber })
	of := func(state agreements.State) *agreements.Agreement {
		return oneOf(r, "agreements", func(a *agreements.Agreement) bool { return a.State == state && a.Regime == "r50" })
	}
	drafted, signing, registered := of(agreements.Draft), of(agreements.Awaiting), of(agreements.Registered)
	for range n {
		r.made++
		student := r.student(line, guardian)
		p, sh, f := *place, *sheet, *filing
		p.ID, p.Reference, p.ExternalReference = id.New("plc"), fmt.Sprintf("OR-T%05d", r.made), ""
		sh.ID, f.ID, f.PlacementID, f.Number = p.ID, id.New("fil"), p.ID, fmt.Sprintf("35-2020-%06d", r.made)
		f.State, f.ChamberID = placements.Filed, r.chamber
		keep(r, "placements", &p)
		keep(r, "placement_sheets", &sh)
		keep(r, "filings", &f)
		for _, placeID := range []string{r.place, p.ID} {
			keep(r, "applications", &selection.Application{
				ID: id.New("app"), CreatedAt: r.w.now(), State: selection.Submitted, Kind: selection.Student, PlacementID: placeID, EnterpriseID: r.enterprise,
				StudentID: student, CollegeID: r.college, Regime: "r50", ClockFrom: r.w.today(), AnswerBy: r.w.today().Add(selection.AnswerDays),
			})
		}

		e := *company
		e.ID, e.Region, e.Name, e.State = id.New("ent"), chamber.Region, fmt.Sprintf("Кәсіпорын %d", r.made), directory.EnterpriseSubmitted
		keep(r, "enterprises", &e)
		keep(r, "verifications", &directory.Verification{
			ID: id.New("ver"), CreatedAt: r.w.now(), EnterpriseID: e.ID, Region: e.Region, Round: 1, DueAt: r.w.now().Add(time.Hour),
			ClaimedBy: student, ClaimedUntil: r.w.now().Add(time.Hour),
		})
		for _, one := range []*agreements.Agreement{drafted, signing, registered} {
			r.agreement(*one, student)
		}
	}
}

// student makes a person with an enrolment, a row of the roster and a guardian who waits for the college.
func (r *rows) student(line *rosterLine, guardian *directory.Guardian) string {
	r.t.Helper()
	person := &accounts.Person{
		ID: id.New("usr"), Email: fmt.Sprintf("row%d@example.kz", r.made), FullName: fmt.Sprintf("Сынақ Білім %d", r.made), Role: accounts.AsStudent,
		Locale: "ru", EmailProvedAt: time.Now(),
	}
	keep(r, "people", person)
	e := *oneOf(r, "enrolments", func(e *directory.Enrolment) bool { return e.ID == line.EnrolmentID })
	l, g := *line, *guardian
	e.ID, e.PersonID, l.ID = id.New("enr"), person.ID, id.New("ros")
	e.RowID, l.EnrolmentID, l.PersonID = l.ID, e.ID, person.ID
	g.ID, g.WardID, g.State = id.New("grd"), person.ID, directory.GuardianAccepted
	keep(r, "enrolments", &e)
	keep(r, "roster_rows", &l)
	keep(r, "guardians", &g)
	return person.ID
}

// agreement makes one more of an agreement, of the same sides and another student.
func (r *rows) agreement(a agreements.Agreement, student string) {
	r.t.Helper()
	a.ID, a.MatchID, a.StudentID, a.EnterpriseID, a.CollegeID = id.New("agr"), id.New("mat"), student, r.enterprise, r.college
	a.VerificationCode, a.CreatedAt = id.New("vrf"), a.CreatedAt.Add(time.Duration(r.made)*time.Second)
	if a.Number != "" {
		a.Number = fmt.Sprintf("T-%d-%s", r.made, a.State)
	}
	if a.Registration != nil {
		entry := *a.Registration
		entry.ChamberID, entry.Seq, entry.Number = r.chamber, int64(1000+r.made), fmt.Sprintf("T-%d", r.made)
		a.Registration, a.ChamberID = &entry, r.chamber
	}
	keep(r, "agreements", &a)
}
