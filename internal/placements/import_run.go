package placements

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/id"
	"github.com/orynda/orynda/internal/storage"
)

// planned is a row with what it would make of its place.
type planned struct {
	row     ImportRow
	next    *Placement // nil where nothing changes
	version int64      // of the draft that it changes
}

// ImportFile imports a CSV or XLSX of drafts (at most 5,000 rows, 10 MB), all of it or nothing: the whole file is checked first, and with one bad cell
// nothing is written. All rows become visible with one write, as drafts. The key is the enterprise's own reference: rows that are there with
// the same values are left alone, drafts with others are updated, and an empty cell leaves what is there; so the same file twice changes
// nothing, and a file whose import broke off goes on where it was, from a moment after. The errors: NotFound enterprise_not_found, TooLarge payload_too_large,
// Unprocessable import_unreadable, import_too_long and import_invalid (every bad cell as "row 7, column seats"), Conflict import_running.
func (s *Service) ImportFile(ctx context.Context, a accounts.Actor, enterpriseID string, file []byte, dryRun bool) (*Receipt, error) {
	if _, err := s.d.Directory.Enterprise(ctx, enterpriseID); err != nil {
		return nil, missing(err, "enterprise")
	}
	rel := append(a.RelationsTo(accounts.KindEnterprise, enterpriseID), accounts.Visible)
	if err := s.d.Policy.Permit(a, "importPlacements", rel...); err != nil {
		return nil, err
	}
	t, err := readTable(file)
	if err != nil {
		return nil, err
	}
	rows, bad := readRows(t)
	for range importReplans {
		var out *Receipt
		out, err = s.importRows(ctx, a, s.newImport(a, enterpriseID, file), rows, bad, dryRun)
		if !errs.Has(err, "conflict") {
			return out, err
		}
	}
	return nil, err
}

// importRows compares the rows with what is there and writes them. Conflict conflict when drafts changed in between: then nothing of it stays, and
// it may be done again.
func (s *Service) importRows(ctx context.Context, a accounts.Actor, imp *Import, rows []parsedRow, bad []errs.Field, dryRun bool) (*Receipt, error) {
	if !dryRun && len(bad) == 0 {
		// Before the rows are compared with what is there: clearing away what another import left changes that.
		if err := s.makeWay(ctx, imp); err != nil {
			return nil, err
		}
	}
	plan, more, err := s.plan(ctx, imp.EnterpriseID, rows)
	if err != nil {
		return nil, err
	}
	if all := append(slices.Clone(bad), more...); len(all) > 0 {
		return nil, errs.New(errs.Unprocessable, "import_invalid").With("count", len(all)).WithFields(all...)
	}
	if dryRun {
		imp.State = ImportChecked
		return receipt(imp, plan), nil
	}
	return s.runImport(ctx, a, imp, plan)
}

func (s *Service) newImport(a accounts.Actor, enterpriseID string, file []byte) *Import {
	sum := sha256.Sum256(file)
	now := s.d.Clock.Now()
	return &Import{
		ID: id.New("imp"), Version: 1, CreatedAt: now, UpdatedAt: now, State: ImportRunning, EnterpriseID: enterpriseID, By: a.ID(),
		Hash: hex.EncodeToString(sum[:]),
	}
}

func receipt(imp *Import, plan []planned) *Receipt {
	r := &Receipt{Import: *imp}
	for _, p := range plan {
		r.Rows = append(r.Rows, p.row)
	}
	return r
}

// plan checks every row against the reference, the directory and what is there, and says what it would do.
func (s *Service) plan(ctx context.Context, enterpriseID string, rows []parsedRow) ([]planned, []errs.Field, error) {
	there, err := s.byExternal(ctx, enterpriseID, rows)
	if err != nil {
		return nil, nil, err
	}
	look := s.lookup()
	var out []planned
	var bad []errs.Field
	for _, r := range rows {
		old := there[r.reference]
		p, fields, err := s.planRow(ctx, look, enterpriseID, r, old)
		if err != nil {
			return nil, nil, err
		}
		bad = append(bad, fields...)
		out = append(out, p)
	}
	return out, bad, nil
}

func (s *Service) planRow(ctx context.Context, look *lookup, enterpriseID string, r parsedRow, old *Placement) (planned, []errs.Field, error) {
	out := planned{row: ImportRow{Row: r.number, ExternalReference: r.reference, Result: RowCreated}}
	next := &Placement{EnterpriseID: enterpriseID}
	if old != nil {
		next = old.clone()
		out.row.PlacementID, out.version = old.ID, old.Version
	}
	for _, change := range r.changes {
		change(next)
	}
	if r.in.Workplaces != nil && len(next.Workplaces) > 0 {
		(*r.in.Workplaces)[0].ID = next.Workplaces[0].ID // the row's workplace is the same one, whatever it says now
	}
	bad, err := s.apply(ctx, look, next, &r.in)
	if err != nil {
		return out, nil, err
	}
	if next.Title.IsZero() {
		bad = append(bad, errs.Field{Field: "title.ru", Code: "required"})
	}
	if next.Regime == "" {
		bad = append(bad, errs.Field{Field: "regime", Code: "required"})
	}
	fields := make([]errs.Field, len(bad))
	for i, f := range bad {
		fields[i] = cellError(r.number, columnOf(f.Field), f.Code, f.Params)
	}
	switch {
	case old == nil:
		out.next = next
	case len(Changes(old, next)) == 0:
		out.row.Result = RowUnchanged
	case old.State != Draft:
		fields = append(fields, cellError(r.number, "external_reference", "row_published", map[string]any{"reference": old.Reference}))
	default:
		out.row.Result, out.next = RowUpdated, next
	}
	return out, fields, nil
}

// byExternal reads what is there under the rows' references, as readers see it.
func (s *Service) byExternal(ctx context.Context, enterpriseID string, rows []parsedRow) (map[string]*Placement, error) {
	out := make(map[string]*Placement, len(rows))
	for chunk := range slices.Chunk(rows, jobBatch) {
		keys := make([]string, 0, len(chunk))
		for _, r := range chunk {
			keys = append(keys, externalKey(enterpriseID, r.reference))
		}
		list, err := s.places.Find(ctx, storage.Where(storage.In("external", keys...)))
		if err != nil {
			return nil, err
		}
		for _, stored := range list {
			p, err := s.settled(ctx, stored)
			if storage.IsNotFound(err) {
				continue
			}
			if err != nil {
				return nil, err
			}
			out[p.ExternalReference] = p
		}
	}
	return out, nil
}

// runImport writes the rows in batches and makes them visible.
func (s *Service) runImport(ctx context.Context, a accounts.Actor, imp *Import, plan []planned) (*Receipt, error) {
	if !slices.ContainsFunc(plan, func(p planned) bool { return p.next != nil }) {
		imp.State = ImportCompleted
		return receipt(imp, plan), nil
	}
	imp, err := s.beginImport(ctx, imp)
	if err != nil {
		return nil, err
	}
	for at := 0; at < len(plan); at += importBatch {
		err := s.stage(ctx, imp.ID, plan[at:min(at+importBatch, len(plan))])
		if errs.Has(err, "conflict") {
			// It can't be completed any more: what it would change has changed.
			if err := s.dropImport(ctx, imp.ID); err != nil {
				return nil, err
			}
		}
		if err != nil {
			return nil, err
		}
	}
	if imp, err = s.completeImport(ctx, a, imp.ID, len(plan)); err != nil {
		return nil, err
	}
	return receipt(imp, plan), nil
}

// makeWay clears away an import that another file broke off. One that moved a moment ago, of the same file too, is Conflict
// import_running.
func (s *Service) makeWay(ctx context.Context, imp *Import) error {
	running, err := s.imports.First(ctx, storage.Where(storage.Eq("running", imp.EnterpriseID)))
	if storage.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return err
	}
	idle, same := s.d.Clock.Now().Sub(running.UpdatedAt), running.Hash == imp.Hash
	switch {
	case same && idle >= importBusy:
		return nil
	case !same && idle >= importIdle:
		return s.dropImport(ctx, running.ID)
	}
	return errs.New(errs.Conflict, "import_running")
}

// beginImport stores the import, or goes on with the one of the same file that broke off. Any other in the way is Conflict import_running.
func (s *Service) beginImport(ctx context.Context, imp *Import) (*Import, error) {
	err := s.d.DB.Tx(ctx, func(ctx context.Context) error { return s.imports.Insert(ctx, imp) })
	if !storage.ConflictOn(err, "running") {
		return imp, err
	}
	running, err := s.imports.First(ctx, storage.Where(storage.Eq("running", imp.EnterpriseID)))
	if err == nil && running.Hash == imp.Hash && s.d.Clock.Now().Sub(running.UpdatedAt) >= importBusy {
		return running, nil
	}
	if err != nil && !storage.IsNotFound(err) {
		return nil, err
	}
	return nil, errs.New(errs.Conflict, "import_running")
}

// heldImport takes a running import for the transaction: a batch of one that was completed or dropped meanwhile is a Conflict.
func (s *Service) heldImport(ctx context.Context, importID string) (*Import, error) {
	imp, err := s.imports.Lock(ctx, importID)
	if err != nil && !storage.IsNotFound(err) {
		return nil, err
	}
	if err != nil || imp.State != ImportRunning {
		return nil, errs.New(errs.Conflict, "conflict")
	}
	return imp, nil
}

// stage writes one batch of rows under the import, where readers don't see them. Rows that it wrote before are left alone.
func (s *Service) stage(ctx context.Context, importID string, batch []planned) error {
	return s.withReference(ctx, func(ctx context.Context) error {
		imp, err := s.heldImport(ctx, importID)
		if err != nil {
			return err
		}
		references, err := s.freeReferences(ctx, len(batch))
		if err != nil {
			return err
		}
		for i := range batch {
			if batch[i].next == nil {
				continue
			}
			if err := s.stageRow(ctx, imp, &batch[i], references[i]); err != nil {
				return err
			}
		}
		imp.UpdatedAt = s.d.Clock.Now()
		return s.imports.Save(ctx, imp)
	})
}

// freeReferences draws n different numbers that are free in what the transaction sees.
func (s *Service) freeReferences(ctx context.Context, n int) ([]string, error) {
	for range referenceTries {
		drawn := map[string]bool{}
		for len(drawn) < n {
			drawn[newReference()] = true
		}
		list := make([]string, 0, n)
		for r := range drawn {
			list = append(list, r)
		}
		taken, err := s.places.Count(ctx, storage.Where(storage.In("reference", list...)))
		if err != nil || taken == 0 {
			return list, err
		}
	}
	return nil, errs.New(errs.Unavailable, "busy")
}

func (s *Service) stageRow(ctx context.Context, imp *Import, p *planned, reference string) error {
	key := externalKey(imp.EnterpriseID, p.row.ExternalReference)
	there, err := s.places.First(ctx, storage.Where(storage.Eq("external", key)))
	switch {
	case storage.IsNotFound(err) && p.row.Result == RowCreated:
		next := p.next.clone()
		begin(next, reference, s.d.Clock.Now())
		next.ImportID, next.Import = imp.ID, &ImportMark{ID: imp.ID, New: true}
		p.row.PlacementID = next.ID
		return s.insert(ctx, next)
	case err != nil && !storage.IsNotFound(err):
		return err
	case err == nil && there.Import != nil && there.Import.ID == imp.ID:
		p.row.PlacementID = there.ID
		return nil
	case err != nil || p.row.Result == RowCreated:
		return errs.New(errs.Conflict, "conflict") // made or deleted since the check
	}
	return s.stageChange(ctx, imp, p, there.ID)
}

// stageChange keeps the new values beside a draft that hasn't changed since the check.
func (s *Service) stageChange(ctx context.Context, imp *Import, p *planned, placementID string) error {
	t, err := s.take(ctx, accounts.Actor{}, placementID)
	if err != nil {
		return err
	}
	if t.place.State != Draft || t.place.Version != p.version {
		return errs.New(errs.Conflict, "conflict")
	}
	values := p.next.clone()
	values.UpdatedAt, values.ImportID = t.now, imp.ID
	t.place.Import = &ImportMark{ID: imp.ID, Values: values}
	return s.places.Save(ctx, t.place)
}

// completeImport is the one write that makes every row visible.
func (s *Service) completeImport(ctx context.Context, a accounts.Actor, importID string, rows int) (*Import, error) {
	var imp *Import
	err := s.d.DB.Tx(ctx, func(ctx context.Context) error {
		var err error
		if imp, err = s.imports.Lock(ctx, importID); err != nil {
			return missing(err, "import")
		}
		if imp.State == ImportCompleted {
			return nil // the same file, sent twice at once
		}
		if imp.State != ImportRunning {
			return errs.New(errs.Conflict, "conflict")
		}
		imp.State, imp.UpdatedAt = ImportCompleted, s.d.Clock.Now()
		if err := s.imports.Save(ctx, imp); err != nil {
			return err
		}
		return s.noteImport(ctx, a, imp, rows)
	})
	return imp, err
}

// forgotten reports whether nobody is at a running import any more.
func (i *Import) forgotten(now time.Time) bool {
	return i.State == ImportRunning && now.Sub(i.UpdatedAt) >= importForgotten
}
