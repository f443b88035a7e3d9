package directory

import (
	"context"
	"slices"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/storage"
)

// GuardianState is where a guardian stands.
type GuardianState string

// The states. A guardian is confirmed once the invitation is accepted and the college has confirmed the ground, in whatever order.
const (
	GuardianNamed     GuardianState = "invited"
	GuardianAccepted  GuardianState = "accepted"
	GuardianConfirmed GuardianState = "confirmed"
	GuardianRefused   GuardianState = "refused"
)

// The grounds on which a person represents a minor.
const (
	GroundParent         = "parent"
	GroundAdoptiveParent = "adoptive_parent"
	GroundGuardian       = "guardian"
)

// MaxGuardians is how many guardians not refused a ward has at most.
const MaxGuardians = 2

// adult is the age from which no guardian is needed (legal-facts.md 6).
const adult = 18

// Guardian is a student's or citizen's legal representative.
type Guardian struct {
	ID            string        `json:"id"`
	Version       int64         `json:"version"`
	CreatedAt     time.Time     `json:"created_at"`
	State         GuardianState `json:"state"`
	WardID        string        `json:"ward_id"`             // a person's id
	PersonID      string        `json:"person_id,omitempty"` // the guardian's account once the invitation is accepted
	FullName      string        `json:"full_name"`
	Email         string        `json:"email"` // normalised
	SealedPhone   []byte        `json:"sealed_phone,omitempty"`
	Ground        string        `json:"ground"`
	CollegeID     string        `json:"college_id,omitempty"` // that named the guardian, later that confirmed the ground
	InvitationID  string        `json:"invitation_id,omitempty"`
	AcceptedAt    time.Time     `json:"accepted_at,omitzero"`
	ConfirmedAt   time.Time     `json:"confirmed_at,omitzero"` // the college's word
	Comment       string        `json:"comment,omitempty"`     // what was shown to the college
	RefusedAt     time.Time     `json:"refused_at,omitzero"`
	RefusalReason string        `json:"refusal_reason,omitempty"`
}

// Identity implements storage.Document.
func (g *Guardian) Identity() (string, *int64) { return g.ID, &g.Version }

// Keys implements storage.Document.
func (g *Guardian) Keys() storage.Keys { return storage.Keys{"ward": g.WardID, "person": g.PersonID} }

func guardianSpec() storage.Spec {
	return storage.Spec{
		Name: "guardians",
		Keys: []storage.Key{{Name: "ward"}, {Name: "person"}},
		Indexes: []storage.Index{
			{Name: "ward", Keys: []string{"ward"}}, {Name: "person", Keys: []string{"person"}},
		},
	}
}

// settle computes the state from what happened.
func (g *Guardian) settle() {
	switch {
	case !g.RefusedAt.IsZero():
		g.State = GuardianRefused
	case g.AcceptedAt.IsZero():
		g.State = GuardianNamed
	case g.ConfirmedAt.IsZero():
		g.State = GuardianAccepted
	default:
		g.State = GuardianConfirmed
	}
}

const sealGuardianPhone = "guardian.phone"

// GuardianPhone opens a guardian's phone.
func (s *Service) GuardianPhone(g *Guardian) (string, error) {
	return s.ring.OpenText(g.SealedPhone, sealGuardianPhone)
}

// Guardian reads a guardian for other services: errs.NotFound guardian_not_found.
func (s *Service) Guardian(ctx context.Context, id string) (*Guardian, error) {
	g, err := s.guardians.Get(ctx, id)
	return g, missing(err, "guardian")
}

// Guardians lists a ward's guardians that are not refused, oldest first.
func (s *Service) Guardians(ctx context.Context, wardID string) ([]*Guardian, error) {
	all, err := s.guardians.Find(ctx, storage.Where(storage.Eq("ward", wardID)))
	return notRefused(all), err
}

func notRefused(all []*Guardian) []*Guardian {
	return slices.DeleteFunc(all, func(g *Guardian) bool { return g.State == GuardianRefused })
}

// Wards lists the entries of a guardian's account that are accepted or confirmed; who may see and sign is the confirmed guardian.
func (s *Service) Wards(ctx context.Context, guardianPersonID string) ([]*Guardian, error) {
	if guardianPersonID == "" {
		return nil, nil
	}
	all, err := s.guardians.Find(ctx, storage.Where(storage.Eq("person", guardianPersonID)))
	return slices.DeleteFunc(all, func(g *Guardian) bool {
		return g.State != GuardianAccepted && g.State != GuardianConfirmed
	}), err
}

// NamedWard is a ward as the guardian sees it.
type NamedWard struct {
	Guardian *Guardian
	Ward     Person
}

// NamedWards lists whom a person is, or accepted to be, the guardian of, for getMe.
func (s *Service) NamedWards(ctx context.Context, guardianPersonID string) ([]NamedWard, error) {
	list, err := s.Wards(ctx, guardianPersonID)
	if err != nil {
		return nil, err
	}
	out := make([]NamedWard, 0, len(list))
	for _, g := range list {
		ward, err := s.personRef(ctx, g.WardID)
		if err != nil {
			return nil, err
		}
		out = append(out, NamedWard{Guardian: g, Ward: ward})
	}
	return out, nil
}

// Represents reports whether a person is a confirmed guardian of the ward.
func (s *Service) Represents(ctx context.Context, guardianPersonID, wardID string) (bool, error) {
	wards, err := s.Wards(ctx, guardianPersonID)
	return slices.ContainsFunc(wards, func(g *Guardian) bool {
		return g.WardID == wardID && g.State == GuardianConfirmed
	}), err
}

// contactShared says which of a guardian's contacts are the ward's (domain.md I13): errs.Unprocessable contact_shared, nil for none.
func contactShared(email, phone string, ward *accounts.Person, who accounts.Identity) error {
	var f form
	if email == ward.Email {
		f.add("email", "contact_shared")
	}
	if phone != "" && phone == who.Phone {
		f.add("phone", "contact_shared")
	}
	if len(f.bad) == 0 {
		return nil
	}
	return errs.New(errs.Unprocessable, "contact_shared").WithFields(f.bad...)
}

// checkAge refuses a guardian for somebody known to be of age: errs.Unprocessable guardian_not_needed, or birth_date_missing when nothing is known and
// must be.
func checkAge(who accounts.Identity, mustKnow bool, day cal.Day) error {
	born := who.Born()
	switch {
	case born == "" && mustKnow:
		return errs.New(errs.Unprocessable, "birth_date_missing")
	case born != "" && cal.Age(born, day) >= adult:
		return errs.New(errs.Unprocessable, "guardian_not_needed")
	}
	return nil
}
