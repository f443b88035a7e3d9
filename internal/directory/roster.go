package directory

import (
	"context"
	"encoding/json"
	"time"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/storage"
)

// How an account was found to belong to a roster row.
const (
	MatchEmail           = "email"
	MatchIINAndBirthDate = "iin_and_birth_date"
	MatchIINOnly         = "iin_only"
	MatchNone            = "none"
)

// rosterRow is a line of a college's roster, or a claim without one. Everything about the student is sealed; it is found by keyed hashes.
type rosterRow struct {
	ID          string         `json:"id"`
	Version     int64          `json:"version"`
	CreatedAt   time.Time      `json:"created_at"`
	CollegeID   string         `json:"college_id"`
	InRoster    bool           `json:"in_roster"`
	Sealed      []byte         `json:"sealed"` // a rosterData
	IINHash     string         `json:"iin_hash,omitempty"`
	EmailHash   string         `json:"email_hash,omitempty"`
	Print       string         `json:"print"` // keyed hash of the content: tells whether a file changes the row
	PersonID    string         `json:"person_id,omitempty"`
	EnrolmentID string         `json:"enrolment_id,omitempty"`
	Tie         EnrolmentState `json:"tie"`
	Match       string         `json:"match,omitempty"`
}

// rosterData is what a row says about a student.
type rosterData struct {
	FullName  string  `json:"full_name"`
	IIN       string  `json:"iin,omitempty"`
	BirthDate cal.Day `json:"birth_date,omitempty"`
	Email     string  `json:"email,omitempty"` // normalised
	Phone     string  `json:"phone,omitempty"` // international form
	Studies   Studies `json:"studies"`
}

// Identity implements storage.Document.
func (r *rosterRow) Identity() (string, *int64) { return r.ID, &r.Version }

// Keys implements storage.Document. The key "known" makes two rows of one IIN in a college's roster impossible.
func (r *rosterRow) Keys() storage.Keys {
	k := storage.Keys{"college": r.CollegeID, "email": r.EmailHash, "iin": r.known()}
	if r.InRoster {
		k["known"] = r.known()
	}
	return k
}

func (r *rosterRow) known() string {
	if r.IINHash == "" {
		return ""
	}
	return r.CollegeID + "|" + r.IINHash
}

func rosterRowSpec() storage.Spec {
	return storage.Spec{
		Name: "roster_rows",
		Keys: []storage.Key{{Name: "college"}, {Name: "email"}, {Name: "iin"}, {Name: "known"}},
		Indexes: []storage.Index{
			{Name: "known", Keys: []string{"known"}, Unique: true},
			{Name: "college", Keys: []string{"college"}},
			{Name: "email", Keys: []string{"email"}},
			{Name: "iin", Keys: []string{"iin"}},
		},
	}
}

// tie notes the enrolment that a row belongs to.
func (r *rosterRow) tie(e *Enrolment) {
	r.PersonID, r.EnrolmentID, r.Tie = e.PersonID, e.ID, e.State
}

const sealRoster = "roster.row"

func (s *Service) emailHash(email string) string { return s.ring.Lookup("email", email) }

// sealRow puts what is known about a student into a row.
func (s *Service) sealRow(r *rosterRow, d rosterData) error {
	plain, err := json.Marshal(d)
	if err != nil {
		return err
	}
	r.Sealed = s.ring.Seal(plain, sealRoster)
	r.IINHash, r.EmailHash = s.ring.Lookup("iin", d.IIN), s.emailHash(d.Email)
	r.Print = s.ring.Lookup("roster", string(plain))
	if r.Tie == "" {
		r.Tie = EnrolmentUnlinked
	}
	return nil
}

func (s *Service) openRow(r *rosterRow) (rosterData, error) {
	var d rosterData
	plain, err := s.ring.Open(r.Sealed, sealRoster)
	if err != nil {
		return d, err
	}
	return d, json.Unmarshal(plain, &d)
}

// putRow saves a row that was read, inserts one that is new.
func (s *Service) putRow(ctx context.Context, r *rosterRow) error {
	if r.Version == 0 {
		return s.rows.Insert(ctx, r)
	}
	return s.rows.Save(ctx, r)
}

// maskIIN shows the first four and the last two digits (legal-facts.md 5).
func maskIIN(iin string) string {
	if len(iin) != 12 {
		return ""
	}
	return iin[:4] + "••••••" + iin[10:]
}
