package placements

import (
	"context"
	"time"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/storage"
)

// ImportState is where an import stands.
type ImportState string

// The states. Rows of a running import exist for nobody; completing it is the one write that makes all of them visible; after that
// each row is settled, which readers don't notice.
const (
	ImportChecked   ImportState = "checked" // of a dry run, which isn't stored
	ImportRunning   ImportState = "running"
	ImportCompleted ImportState = "completed"
	ImportDropped   ImportState = "dropped" // broken off; its rows are being removed
)

// RowResult is what becomes of a row.
type RowResult string

// The results of a row.
const (
	RowCreated   RowResult = "created"
	RowUpdated   RowResult = "updated"
	RowUnchanged RowResult = "unchanged"
)

// ImportRow is one row of the receipt.
type ImportRow struct {
	Row               int // in the file; row 1 holds the column names
	ExternalReference string
	Result            RowResult
	PlacementID       string // "" in a dry run that would create it
}

// Receipt says what an import did, or would do.
type Receipt struct {
	Import Import
	Rows   []ImportRow
}

// Import is one import of an enterprise.
type Import struct {
	ID           string      `json:"id"` // "imp_…"
	Version      int64       `json:"version"`
	CreatedAt    time.Time   `json:"created_at"`
	UpdatedAt    time.Time   `json:"updated_at"` // when its last batch was written
	State        ImportState `json:"state"`
	EnterpriseID string      `json:"enterprise_id"`
	By           string      `json:"by"`   // who sent the file
	Hash         string      `json:"hash"` // SHA-256 of the file: the same file goes on where it broke off
	Settled      bool        `json:"settled"`
}

// Identity implements storage.Document.
func (i *Import) Identity() (string, *int64) { return i.ID, &i.Version }

// Keys implements storage.Document. "running" lets an enterprise have one import at a time.
func (i *Import) Keys() storage.Keys {
	k := storage.Keys{"enterprise": i.EnterpriseID, "updated": i.UpdatedAt}
	if i.State == ImportRunning {
		k["running"] = i.EnterpriseID
	}
	if !i.Settled {
		k["open"] = i.State
	}
	return k
}

func importSpec() storage.Spec {
	return storage.Spec{
		Name: "placement_imports",
		Keys: []storage.Key{{Name: "enterprise"}, {Name: "running"}, {Name: "open"}, {Name: "updated", Kind: storage.Int}},
		Indexes: []storage.Index{
			{Name: "running", Keys: []string{"running"}, Unique: true},
			{Name: "open", Keys: []string{"open", "updated"}},
		},
	}
}

// Count counts the rows with a result.
func (r *Receipt) Count(result RowResult) int {
	n := 0
	for _, row := range r.Rows {
		if row.Result == result {
			n++
		}
	}
	return n
}

// settled gives a stored place as readers see it: rows of an import that isn't completed don't exist yet, changes of one don't show
// yet. NotFound placement_not_found.
func (s *Service) settled(ctx context.Context, p *Placement) (*Placement, error) {
	if p.Import == nil {
		return p, nil
	}
	completed, err := s.importCompleted(ctx, p.Import.ID)
	switch {
	case err != nil:
		return nil, err
	case completed:
		return p.withMark(), nil
	case p.Import.New:
		return nil, errs.Missing("placement")
	}
	return p, nil
}

// settledMany is settled for several places, by id; those that don't exist for readers are left out.
func (s *Service) settledMany(ctx context.Context, stored []*Placement) (map[string]*Placement, error) {
	var running []string
	for _, p := range stored {
		if p.Import != nil {
			running = append(running, p.Import.ID)
		}
	}
	imports := map[string]*Import{}
	if len(running) > 0 {
		var err error
		if imports, err = s.imports.GetMany(ctx, running...); err != nil {
			return nil, err
		}
	}
	out := make(map[string]*Placement, len(stored))
	for _, p := range stored {
		switch {
		case p.Import == nil:
			out[p.ID] = p
		case imports[p.Import.ID] != nil && imports[p.Import.ID].State == ImportCompleted:
			out[p.ID] = p.withMark()
		case !p.Import.New:
			out[p.ID] = p
		}
	}
	return out, nil
}

// unmarked is settled for who wants to change the place: while an import runs over it nobody may (Conflict import_running).
func (s *Service) unmarked(ctx context.Context, p *Placement) (*Placement, error) {
	if p.Import == nil {
		return p, nil
	}
	completed, err := s.importCompleted(ctx, p.Import.ID)
	switch {
	case err != nil:
		return nil, err
	case completed:
		return p.withMark(), nil
	case p.Import.New:
		return nil, errs.Missing("placement")
	}
	return nil, errs.New(errs.Conflict, "import_running")
}

func (s *Service) importCompleted(ctx context.Context, importID string) (bool, error) {
	imp, err := s.imports.Get(ctx, importID)
	if storage.IsNotFound(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return imp.State == ImportCompleted, nil
}

// withMark gives the place with the values that its import brought.
func (p *Placement) withMark() *Placement {
	mark := p.Import
	if mark.Values == nil {
		c := p.clone()
		return c
	}
	c := mark.Values.clone()
	c.ID, c.Version, c.Reference, c.State = p.ID, p.Version, p.Reference, p.State
	c.CreatedAt, c.EnterpriseID = p.CreatedAt, p.EnterpriseID
	return c
}
