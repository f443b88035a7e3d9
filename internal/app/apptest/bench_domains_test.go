package apptest

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/app/demo/corpus"
	"github.com/orynda/orynda/internal/audit"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/interviews"
	"github.com/orynda/orynda/internal/notifications"
	"github.com/orynda/orynda/internal/outbox"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/secrets"
	"github.com/orynda/orynda/internal/selection"
	"github.com/orynda/orynda/internal/storage"
)

// domains are the services up to interviews, wired as the program wires them but without its HTTP edge, so that a benchmark can choose the engine below and
// call one service.
type domains struct {
	db         storage.Engine
	box        *outbox.Box
	placements *placements.Service
	interviews *interviews.Service
}

// benchSpecs are the collections of [domains].
func benchSpecs() []storage.Spec {
	var out []storage.Spec
	for _, list := range [][]storage.Spec{
		outbox.Specs(), audit.Specs(), accounts.Specs(), directory.Specs(), placements.Specs(), selection.Specs(), interviews.Specs(),
	} {
		out = append(out, list...)
	}
	return out
}

func specNamed(tb testing.TB, name string) storage.Spec {
	tb.Helper()
	for _, s := range benchSpecs() {
		if s.Name == name {
			return s
		}
	}
	tb.Fatalf("there is no collection %s", name)
	return storage.Spec{}
}

func newDomains(tb testing.TB, db storage.Engine) *domains {
	tb.Helper()
	must(tb, storage.Ensure(tb.Context(), db, benchSpecs()...))
	ring, err := secrets.Generate(time.Now())
	must(tb, err)
	policy, err := accounts.NewPolicy(accounts.Grants(), directory.Grants(), placements.Grants(), selection.Grants(), interviews.Grants())
	must(tb, err)
	reference, err := directory.LoadReference()
	must(tb, err)
	clock, log := cal.System(), slog.New(slog.DiscardHandler)
	box, trail := outbox.New(db, clock, log), audit.New(db, clock)
	people := accounts.New(accounts.Deps{DB: db, Clock: clock, RealClock: clock, Ring: ring, Box: box, Trail: trail, Policy: policy, Log: log})
	dir := directory.New(directory.Deps{
		DB: db, Clock: clock, Ring: ring, Box: box, Trail: trail, Policy: policy, Log: log, Accounts: people, Reference: reference,
	})
	places := placements.New(placements.Deps{DB: db, Clock: clock, Policy: policy, Box: box, Trail: trail, Log: log, Directory: dir, Reference: reference})
	sel := selection.New(selection.Deps{
		DB: db, Clock: clock, Policy: policy, Box: box, Trail: trail, Log: log, Accounts: people, Directory: dir, Placements: places, Reference: reference,
	})
	times := interviews.New(interviews.Deps{
		DB: db, Clock: clock, Policy: policy, Box: box, Trail: trail, Log: log, Accounts: people, Directory: dir, Placements: places, Selection: sel,
	})
	sel.CancelBookings, sel.HasBookableSlot = times.CancelBookings, times.HasBookableSlot
	// The handlers decide how many deliveries an event has. They don't run here.
	for _, h := range append(selection.Handlers(sel), notifications.Handlers(notifications.New(notifications.Deps{DB: db, Log: log, Ring: ring}))...) {
		box.Handle(h)
	}
	return &domains{db: db, box: box, placements: places, interviews: times}
}

// ticket is one booking that can be made: an invited application and a slot of its place.
type ticket struct {
	student     accounts.Actor
	slot        string
	application string
}

// stock is what a benchmark seeds: places with times and invited applicants.
type stock struct {
	places   int // the tickets are spread over so many places
	tickets  int
	capacity int // seats of a slot
}

// seed stores the stock as the services would have left it. Ids follow from the numbers, so that several stores can hold the same.
func (s stock) seed(tb testing.TB, db storage.Engine, prefix string) []ticket {
	tb.Helper()
	words, err := corpus.New(1)
	must(tb, err)
	now := cal.Trim(time.Now())
	var docs []func(ctx context.Context) error
	places := storage.Open[placements.Placement](db, specNamed(tb, "placements"))
	sheets := storage.Open[placements.Sheet](db, specNamed(tb, "placement_sheets"))
	slots := storage.Open[interviews.Slot](db, specNamed(tb, "slots"))
	applications := storage.Open[selection.Application](db, specNamed(tb, "applications"))
	for i := range s.places {
		p := seededPlace(words.Place(i), fmt.Sprintf("plc_%s%05d", prefix, i), now)
		docs = append(docs,
			func(ctx context.Context) error { return places.Insert(ctx, p) },
			func(ctx context.Context) error {
				return sheets.Insert(ctx, &placements.Sheet{ID: p.ID, State: p.State, Seats: p.Seats, ApplyBy: p.ApplyBy, StartsOn: p.StartsOn, EndsOn: p.EndsOn})
			})
	}
	tickets := make([]ticket, s.tickets)
	for i := range tickets {
		place := i % s.places
		placeID, enterprise := fmt.Sprintf("plc_%s%05d", prefix, place), fmt.Sprintf("ent_%s%05d", prefix, place/10)
		nth := i / s.places // of the place
		t := ticket{
			student:     accounts.Actor{PersonID: fmt.Sprintf("psn_%s%05d", prefix, i), SessionID: "ses_bench", EmailProved: true},
			slot:        fmt.Sprintf("slt_%s%05d_%05d", prefix, place, nth/s.capacity),
			application: fmt.Sprintf("app_%s%05d", prefix, i),
		}
		tickets[i] = t
		docs = append(docs, func(ctx context.Context) error {
			return applications.Insert(ctx, &selection.Application{
				ID: t.application, CreatedAt: now, UpdatedAt: now, State: selection.Shortlisted, Kind: selection.Student, PlacementID: placeID,
				EnterpriseID: enterprise, StudentID: t.student.PersonID, CollegeID: "col_bench", Regime: "r50", WasShortlisted: true,
				OpenedAt: now, AnsweredAt: now, Motivation: words.Place(i).Summary.RU,
			})
		})
		if nth%s.capacity == 0 {
			docs = append(docs, func(ctx context.Context) error {
				n := nth / s.capacity
				begin := now.Truncate(24 * time.Hour).Add(time.Duration(2+n/16)*24*time.Hour + time.Duration(n%16)*30*time.Minute + 4*time.Hour)
				return slots.Insert(ctx, &interviews.Slot{
					ID: t.slot, CreatedAt: now, PlacementID: placeID, EnterpriseID: enterprise, StartsAt: begin, EndsAt: begin.Add(25 * time.Minute),
					Capacity: s.capacity, Form: interviews.InPerson, InterviewerID: "psn_interviewer_" + enterprise, RoomID: "rom_" + enterprise,
				})
			})
		}
	}
	inBatches(tb, db, docs)
	return tickets
}

func inBatches(tb testing.TB, db storage.Engine, docs []func(ctx context.Context) error) {
	tb.Helper()
	const batch = 500
	for at := 0; at < len(docs); at += batch {
		must(tb, db.Tx(tb.Context(), func(ctx context.Context) error {
			for _, insert := range docs[at:min(at+batch, len(docs))] {
				if err := insert(ctx); err != nil {
					return err
				}
			}
			return nil
		}))
	}
}

// seededPlace is a published place with the wording of the demo's corpus.
func seededPlace(in corpus.Place, placeID string, now time.Time) *placements.Placement {
	today := cal.DayOf(now)
	p := &placements.Placement{
		ID: placeID, CreatedAt: now, UpdatedAt: now, PublishedAt: now, State: placements.Published, Reference: "OR-" + placeID, EnterpriseID: "ent_bench",
		Regime: placements.Regime(in.Regime), Title: in.Title, Summary: in.Summary, Tasks: in.Tasks, QualificationCode: in.QualificationCode,
		ProgrammeCode: in.ProgrammeCode, Level: placements.Level(in.Level), Seats: in.Seats, StartsOn: today.Add(100), EndsOn: today.Add(300), ApplyBy: today.Add(80),
		TimeModel: placements.TimeModel(in.TimeModel), WeeklyHours: in.WeeklyHours, MinAge: in.MinAge, Questions: in.Questions,
		Compensation: placements.Compensation{Kind: placements.PayKind(in.CompensationKind), Amount: in.Amount},
		Workplaces:   []placements.Workplace{{ID: "wpl_" + placeID, Region: in.Region, City: in.City.RU, Address: in.Address, Lat: in.Lat, Lon: in.Lon, Kind: placements.AtWorkplace}},
	}
	for _, l := range in.Languages {
		p.Languages = append(p.Languages, i18n.Lang(l))
	}
	for _, m := range in.Modules {
		p.Modules = append(p.Modules, placements.Module(m))
	}
	return p
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}
