package directory

import (
	"context"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/storage"
)

// CollegeKind is the kind of an educational institution (R50 2.15-2.16, R361 3.1).
type CollegeKind string

// The kinds.
const (
	TVET           CollegeKind = "tvet"
	PostSecondary  CollegeKind = "post_secondary"
	TrainingCentre CollegeKind = "training_centre"
	University     CollegeKind = "university"
)

// Valid reports whether k is one of the kinds.
func (k CollegeKind) Valid() bool {
	return k == TVET || k == PostSecondary || k == TrainingCentre || k == University
}

// The Rules an institution's agreements follow.
const (
	RegimeR50  = "r50"
	RegimeR361 = "r361"
)

// Regime is which Rules the institution's agreements follow: universities those of Order 361, the others those of Order 50.
func (k CollegeKind) Regime() string {
	if k == University {
		return RegimeR361
	}
	return RegimeR50
}

// College is an educational institution, universities included.
type College struct {
	ID        string    `json:"id"`
	Version   int64     `json:"version"`
	CreatedAt time.Time `json:"created_at"`

	BIN        string      `json:"bin"`
	Name       string      `json:"name"`
	LegalNames i18n.Text   `json:"legal_names,omitzero"`
	Kind       CollegeKind `json:"kind"`
	Region     string      `json:"region"` // KATO code
	City       string      `json:"city"`   // see City.Key
	Address    string      `json:"address,omitempty"`
	Website    string      `json:"website,omitempty"`
	Email      string      `json:"email,omitempty"`
	Phone      string      `json:"phone,omitempty"`

	HeadName      string  `json:"head_name,omitempty"`
	HeadPosition  string  `json:"head_position,omitempty"`
	HeadAuthority string  `json:"head_authority,omitempty"`
	LicenceNumber string  `json:"licence_number,omitempty"`
	LicenceDate   cal.Day `json:"licence_date,omitempty"`
	Bank          Bank    `json:"bank,omitzero"`
}

// Identity implements storage.Document.
func (c *College) Identity() (string, *int64) { return c.ID, &c.Version }

// Keys implements storage.Document.
func (c *College) Keys() storage.Keys {
	return storage.Keys{"bin": c.BIN, "region": c.Region, "kind": c.Kind, "name": nameKey(c.Name)}
}

func collegeSpec() storage.Spec {
	return storage.Spec{
		Name:    "colleges",
		Keys:    []storage.Key{{Name: "bin"}, {Name: "region"}, {Name: "kind"}, {Name: "name"}},
		Indexes: []storage.Index{{Name: "bin", Keys: []string{"bin"}, Unique: true}, {Name: "name", Keys: []string{"name"}}},
	}
}

// Regime is which Rules its agreements follow.
func (c *College) Regime() string { return c.Kind.Regime() }

// Chamber is a regional chamber of entrepreneurs (R50 25).
type Chamber struct {
	ID        string    `json:"id"`
	Version   int64     `json:"version"`
	CreatedAt time.Time `json:"created_at"`

	BIN        string    `json:"bin"`
	Name       string    `json:"name"`
	LegalNames i18n.Text `json:"legal_names,omitzero"`
	Region     string    `json:"region"` // KATO code; one chamber each
	City       string    `json:"city"`   // see City.Key
	Address    string    `json:"address,omitempty"`
	Website    string    `json:"website,omitempty"`
	Email      string    `json:"email,omitempty"`
	Phone      string    `json:"phone,omitempty"`
}

// Identity implements storage.Document.
func (c *Chamber) Identity() (string, *int64) { return c.ID, &c.Version }

// Keys implements storage.Document.
func (c *Chamber) Keys() storage.Keys {
	return storage.Keys{"bin": c.BIN, "region": c.Region, "name": nameKey(c.Name)}
}

func chamberSpec() storage.Spec {
	return storage.Spec{
		Name: "chambers",
		Keys: []storage.Key{{Name: "bin"}, {Name: "region"}, {Name: "name"}},
		Indexes: []storage.Index{
			{Name: "bin", Keys: []string{"bin"}, Unique: true},
			{Name: "region", Keys: []string{"region"}, Unique: true},
			{Name: "name", Keys: []string{"name"}},
		},
	}
}

// College reads an institution for other services: errs.NotFound college_not_found.
func (s *Service) College(ctx context.Context, id string) (*College, error) {
	c, err := s.colleges.Get(ctx, id)
	return c, missing(err, "college")
}

// Chamber reads a chamber for other services: errs.NotFound chamber_not_found.
func (s *Service) Chamber(ctx context.Context, id string) (*Chamber, error) {
	c, err := s.chambers.Get(ctx, id)
	return c, missing(err, "chamber")
}

// ChamberOf reads the chamber of a region (KATO code): errs.NotFound chamber_not_found while it has none.
func (s *Service) ChamberOf(ctx context.Context, region string) (*Chamber, error) {
	c, err := s.chambers.First(ctx, storage.Where(storage.Eq("region", region)))
	return c, missing(err, "chamber")
}

// chamberID is the id of a region's chamber, "" while it has none.
func (s *Service) chamberID(ctx context.Context, region string) (string, error) {
	c, err := s.ChamberOf(ctx, region)
	if storage.IsNotFound(err) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return c.ID, nil
}

// chamberFor asks the policy about an operation on a chamber, which everybody may know of, and reads it.
func (s *Service) chamberFor(ctx context.Context, by accounts.Actor, op, id string) (*Chamber, error) {
	if by.Anonymous() {
		return nil, s.policy.Permit(by, op)
	}
	c, err := s.chambers.Get(ctx, id)
	if storage.IsNotFound(err) {
		return nil, notFound()
	}
	if err != nil {
		return nil, err
	}
	return c, s.policy.Permit(by, op, memberRelations(by, accounts.KindChamber, id, true)...)
}

// collegeFor asks the policy about an operation on a college, which everybody may know of, and reads it.
func (s *Service) collegeFor(ctx context.Context, by accounts.Actor, op, id string) (*College, error) {
	if err := s.policy.Permit(by, op, accounts.Visible); err != nil && by.Anonymous() {
		return nil, err
	}
	c, err := s.colleges.Get(ctx, id)
	if storage.IsNotFound(err) {
		return nil, notFound()
	}
	if err != nil {
		return nil, err
	}
	return c, s.policy.Permit(by, op, memberRelations(by, accounts.KindCollege, id, true)...)
}

// CollegeView is an institution as a reader may see it.
type CollegeView struct {
	College
	Private bool // head, licence and bank may be shown
}

// ReadCollege shows an institution (getCollege): errs.NotFound not_found.
func (s *Service) ReadCollege(ctx context.Context, by accounts.Actor, id string) (*CollegeView, error) {
	c, err := s.collegeFor(ctx, by, "getCollege", id)
	if err != nil {
		return nil, err
	}
	return &CollegeView{College: *c, Private: by.MemberOf(id)}, nil
}

// ReadChamber shows a chamber (getChamber): errs.NotFound not_found.
func (s *Service) ReadChamber(ctx context.Context, by accounts.Actor, id string) (*Chamber, error) {
	c, err := s.chambers.Get(ctx, id)
	if storage.IsNotFound(err) {
		return nil, notFound()
	}
	if err != nil {
		return nil, err
	}
	return c, s.policy.Permit(by, "getChamber", accounts.Visible)
}
