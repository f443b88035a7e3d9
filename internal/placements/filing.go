package placements

import (
	"fmt"
	"slices"
	"time"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/id"
	"github.com/orynda/orynda/internal/storage"
)

// FilingState is where a filing stands with the chamber.
type FilingState string

// The states of a filing. There is no refusal: R50 25 gives the chamber no right to one.
const (
	Filed    FilingState = "filed"
	Accepted FilingState = "accepted"
	Remarks  FilingState = "remarks"
)

// Filing is the entry of a place with the chamber of a workplace's region (R50 22.4, 25.1). There is one for each place and chamber; its
// number is the receipt and stays when it is filed again.
type Filing struct {
	ID           string      `json:"id"`
	Version      int64       `json:"version"`
	CreatedAt    time.Time   `json:"created_at"`
	State        FilingState `json:"state"`
	Number       string      `json:"number"` // "35-2026-000118": region, year, running number of the chamber
	ChamberID    string      `json:"chamber_id"`
	Region       string      `json:"region"`
	PlacementID  string      `json:"placement_id"`
	EnterpriseID string      `json:"enterprise_id"`
	FiledAt      time.Time   `json:"filed_at"` // last
	DueAt        time.Time   `json:"due_at"`
	Fields       []string    `json:"fields,omitempty"` // remarked paths
	Comment      string      `json:"comment"`
	DecidedAt    time.Time   `json:"decided_at"`
	DecidedBy    string      `json:"decided_by"`
	Decided      *Placement  `json:"decided,omitempty"` // the place as it was when the chamber last decided
}

// ChangedAt is when it was last filed or decided.
func (f *Filing) ChangedAt() time.Time {
	if f.DecidedAt.After(f.FiledAt) {
		return f.DecidedAt
	}
	return f.FiledAt
}

// Identity implements storage.Document.
func (f *Filing) Identity() (string, *int64) { return f.ID, &f.Version }

// Keys implements storage.Document.
func (f *Filing) Keys() storage.Keys {
	return storage.Keys{
		"chamber": f.ChamberID, "placement": f.PlacementID, "enterprise": f.EnterpriseID, "state": f.State, "filed": f.FiledAt,
		"one": f.PlacementID + "|" + f.ChamberID, "number": f.Number, "changed": f.ChangedAt(),
	}
}

func filingSpec() storage.Spec {
	return storage.Spec{
		Name: "filings",
		Keys: []storage.Key{
			{Name: "chamber"}, {Name: "placement"}, {Name: "enterprise"}, {Name: "state"}, {Name: "filed", Kind: storage.Int}, {Name: "one"},
			{Name: "number"}, {Name: "changed", Kind: storage.Int},
		},
		Indexes: []storage.Index{
			{Name: "one", Keys: []string{"one"}, Unique: true},
			{Name: "number", Keys: []string{"number"}, Unique: true},
			{Name: "queue", Keys: []string{"chamber", "filed"}},
			{Name: "placement", Keys: []string{"placement"}},
		},
	}
}

// counter is the owner document of a chamber's numbers in a year: they run 1…n without gap.
type counter struct {
	ID      string `json:"id"` // "<chamber>:<year>"
	Version int64  `json:"version"`
	Last    int64  `json:"last"`
}

// Identity implements storage.Document.
func (c *counter) Identity() (string, *int64) { return c.ID, &c.Version }

// Keys implements storage.Document.
func (c *counter) Keys() storage.Keys { return nil }

func counterSpec() storage.Spec { return storage.Spec{Name: "filing_counters"} }

func counterID(chamberID string, year int) string { return fmt.Sprintf("%s:%d", chamberID, year) }

// filingNumber writes a number: the first two digits of the region's KATO code tell the chambers apart.
func filingNumber(region string, year int, n int64) string {
	if len(region) > 2 {
		region = region[:2]
	}
	return fmt.Sprintf("%s-%d-%06d", region, year, n)
}

func newFiling(p *Placement, chamberID, region, number string, now, due time.Time) *Filing {
	return &Filing{
		ID: id.New("fil"), CreatedAt: now, State: Filed, Number: number, ChamberID: chamberID, Region: region, PlacementID: p.ID,
		EnterpriseID: p.EnterpriseID, FiledAt: now, DueAt: due,
	}
}

// again files it anew.
func (f *Filing) again(now, due time.Time) {
	f.State, f.FiledAt, f.DueAt = Filed, now, due
}

// mends reports whether one of the changes touches a remarked field.
func (f *Filing) mends(changes []string) bool {
	return f.State == Remarks && slices.ContainsFunc(f.Fields, func(field string) bool {
		return slices.ContainsFunc(changes, func(path string) bool { return covers(field, path) })
	})
}

// Decide accepts a filing, or remarks on fields of the place with one comment. Only what is filed is decided: Conflict wrong_state. Unprocessable
// bad_request with remarks that name nothing, nothing to say, or fields that a place doesn't have.
func (f *Filing) Decide(d Decision, p *Placement, by string, now time.Time) error {
	if f.State != Filed {
		return wrongState()
	}
	if bad := d.check(p); len(bad) > 0 {
		return badInput(bad)
	}
	f.State, f.Fields, f.Comment, f.DecidedAt, f.DecidedBy = d.State, d.Fields, d.Comment, now, by
	f.Decided = p.clone()
	return nil
}

// Decision is what a registrar says to a filing.
type Decision struct {
	State   FilingState // Accepted or Remarks
	Fields  []string    // remarked paths
	Comment string
}

func (d Decision) check(p *Placement) []errs.Field {
	var c limitCheck
	c.length("comment", d.Comment, MaxRemarkComment)
	c.count("fields", len(d.Fields), MaxRemarkFields)
	switch d.State {
	case Accepted:
		if len(d.Fields) > 0 {
			c.add("fields", "not_allowed", nil)
		}
		return c.out
	case Remarks:
	default:
		c.add("decision", "unknown_value", nil)
	}
	if len(d.Fields) == 0 {
		c.add("fields", "required", nil)
	}
	if d.Comment == "" {
		c.add("comment", "required", nil)
	}
	unique(&c, "fields", d.Fields)
	for i, path := range d.Fields {
		if !hasField(p, path) {
			c.add(fmt.Sprintf("fields[%d]", i), "unknown_field", nil)
		}
	}
	return c.out
}

// hasField reports whether a path names something of this place, filled or not.
func hasField(p *Placement, path string) bool {
	if !slices.Contains(Fields(), root(path)) {
		return false
	}
	if path == root(path) {
		return true
	}
	if _, ok := At(p, path); ok {
		return true
	}
	// A language that isn't there may well be what is missing.
	parent, lang, cut := cutLast(path)
	if !cut || !slices.Contains([]string{"kk", "ru", "en"}, lang) {
		return false
	}
	value, ok := At(p, parent)
	return ok && isObject(value) && slices.Contains([]string{"title", "summary", "tasks", "modules"}, root(path))
}

// cutLast divides a path at its last point.
func cutLast(path string) (parent, last string, ok bool) {
	for i := len(path) - 1; i > 0; i-- {
		if path[i] == '.' {
			return path[:i], path[i+1:], true
		}
	}
	return path, "", false
}
