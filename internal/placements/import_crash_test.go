package placements

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/audit"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/outbox"
	"github.com/orynda/orynda/internal/storage"
	"github.com/orynda/orynda/internal/storage/storagetest"
)

// oneEnterprise is a directory of one enterprise.
type oneEnterprise struct{}

func (oneEnterprise) Enterprise(_ context.Context, id string) (*directory.Enterprise, error) {
	return &directory.Enterprise{ID: id, State: directory.EnterpriseVerified, BIN: "200140000014"}, nil
}

func (o oneEnterprise) Enterprises(ctx context.Context, ids ...string) (map[string]*directory.Enterprise, error) {
	out := map[string]*directory.Enterprise{}
	for _, id := range ids {
		out[id], _ = o.Enterprise(ctx, id)
	}
	return out, nil
}

func (oneEnterprise) Mentors(context.Context, ...string) (map[string]*directory.Mentor, error) {
	return nil, nil
}

func (oneEnterprise) College(context.Context, string) (*directory.College, error) {
	return nil, errs.Missing("college")
}

func (oneEnterprise) Chamber(context.Context, string) (*directory.Chamber, error) {
	return nil, errs.Missing("chamber")
}

func (oneEnterprise) Mentor(context.Context, string) (*directory.Mentor, error) {
	return nil, errs.Missing("mentor")
}

func (oneEnterprise) ChamberOf(context.Context, string) (*directory.Chamber, error) {
	return nil, errs.Missing("chamber")
}

// A file whose import breaks off after one batch: nothing of it exists for readers, the drafts it would change can't be changed, the same file
// finishes it, another one replaces it after a while, and the job clears what nobody comes back for.
func TestImportThatBreaksOff(t *testing.T) {
	for _, engine := range storagetest.Engines(t) {
		t.Run(engine.Name, func(t *testing.T) { brokenImport(t, engine.Open(t)) })
	}
}

func brokenImport(t *testing.T, db storage.Engine) {
	ctx := t.Context()
	var specs []storage.Spec
	specs = append(append(append(specs, Specs()...), outbox.Specs()...), audit.Specs()...)
	if err := storage.Ensure(ctx, db, specs...); err != nil {
		t.Fatal(err)
	}
	ref, err := directory.LoadReference()
	if err != nil {
		t.Fatal(err)
	}
	policy, err := accounts.NewPolicy(Grants())
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	clock := cal.ClockFunc(func() time.Time { return now })
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	s := New(Deps{DB: db, Clock: clock, Policy: policy, Box: outbox.New(db, clock, log), Trail: audit.New(db, clock), Log: log, Directory: oneEnterprise{}, Reference: ref})
	hr := accounts.Actor{PersonID: "psn_1", EmailProved: true, Memberships: []accounts.Membership{{OrganisationID: "ent_1", Kind: accounts.KindEnterprise, Role: accounts.RoleHR}}}
	own := func() int {
		page, err := s.ListOwn(ctx, hr, "ent_1", OwnQuery{Limit: 1000})
		if err != nil {
			t.Fatal(err)
		}
		return len(page.Items)
	}
	table := func(seats int) []byte {
		out := "external_reference,regime,title_ru,seats\n"
		for i := range 250 {
			out += fmt.Sprintf("R-%d,r50,Место,%d\n", i, seats)
		}
		return []byte(out)
	}
	// breakOff stages the first batch of a file and stops.
	breakOff := func(data []byte) {
		t.Helper()
		parsed, err := readTable(data)
		if err != nil {
			t.Fatal(err)
		}
		rows, bad := readRows(parsed)
		plan, more, err := s.plan(ctx, "ent_1", rows)
		if err != nil || len(bad)+len(more) > 0 {
			t.Fatal(err, bad, more)
		}
		imp, err := s.beginImport(ctx, s.newImport(hr, "ent_1", data))
		if err != nil {
			t.Fatal(err)
		}
		if err := s.stage(ctx, imp.ID, plan[:min(importBatch, len(plan))]); err != nil {
			t.Fatal(err)
		}
	}
	count := func() int64 {
		n, err := s.places.Count(ctx, storage.Query{})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}

	breakOff(table(1))
	if own() != 0 || count() != importBatch {
		t.Fatalf("a half import shows %d of %d", own(), count())
	}
	if _, err := s.ImportFile(ctx, hr, "ent_1", table(2), false); errs.CodeOf(err) != "import_running" {
		t.Fatalf("another file at once: %v", err)
	}
	if _, err := s.ImportFile(ctx, hr, "ent_1", table(1), false); errs.CodeOf(err) != "import_running" {
		t.Fatalf("the same file at once: %v", err)
	}
	now = now.Add(importBusy)
	got, err := s.ImportFile(ctx, hr, "ent_1", table(1), false)
	if err != nil || got.Count(RowCreated) != 250 || own() != 250 || count() != 250 {
		t.Fatalf("the same file goes on: %v, shows %d of %d", err, own(), count())
	}
	if err := s.runImports(ctx, now); err != nil {
		t.Fatal(err)
	}

	breakOff(table(3))
	some, err := s.Get(ctx, hr, got.Rows[0].PlacementID)
	if err != nil || some.Place.Seats != 1 {
		t.Fatalf("a change shows before its import is complete: %+v %v", some.Place, err)
	}
	if _, err := s.Update(ctx, hr, some.Place.ID, Input{Seats: new(int)}, 0); errs.CodeOf(err) != "import_running" {
		t.Fatalf("a draft under an import was changed: %v", err)
	}
	now = now.Add(importIdle)
	again, err := s.ImportFile(ctx, hr, "ent_1", table(4), false)
	if err != nil || again.Count(RowUpdated) != 250 {
		t.Fatalf("another file after a while: %+v %v", again, err)
	}
	if some, err = s.Get(ctx, hr, some.Place.ID); err != nil || some.Place.Seats != 4 {
		t.Fatalf("updated: %+v %v", some.Place, err)
	}

	breakOff([]byte("external_reference,regime,title_ru,seats\nN-1,r50,Новое,1\nR-1,r50,Место,9\n"))
	now = now.Add(importForgotten)
	for range 2 {
		if err := s.runImports(ctx, now); err != nil {
			t.Fatal(err)
		}
	}
	open, err := s.imports.Count(ctx, storage.Where(storage.In("open", ImportRunning, ImportCompleted, ImportDropped)))
	if err != nil || open != 0 || count() != 250 || own() != 250 {
		t.Fatalf("left: %d imports, %d places, %v", open, count(), err)
	}
	marked, err := s.places.Find(ctx, storage.Where(storage.Eq("external", externalKey("ent_1", "R-1"))))
	if err != nil || marked[0].Import != nil || marked[0].Seats != 4 {
		t.Fatalf("a dropped change: %+v %v", marked[0], err)
	}
}
