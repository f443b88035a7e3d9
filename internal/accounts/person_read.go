package accounts

import (
	"context"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/storage"
)

// Person reads an account for other services, without asking for permission: errs.NotFound not_found if there never was one. A deleted one
// comes back as an empty shell ([Person.Deleted]), so that what it left behind can still be shown.
func (s *Service) Person(ctx context.Context, id string) (*Person, error) {
	p, err := s.people.Get(ctx, id)
	if storage.IsNotFound(err) {
		return nil, notFound()
	}
	return p, err
}

// People reads several accounts at once, by id, for lists of other services; those that never were are left out.
func (s *Service) People(ctx context.Context, ids ...string) (map[string]*Person, error) {
	return s.people.GetMany(ctx, ids...)
}

// PersonByEmail reads the account of a mail address in any spelling, for other services: errs.NotFound not_found if there is none.
func (s *Service) PersonByEmail(ctx context.Context, email string) (*Person, error) {
	email, ok := NormalEmail(email)
	if !ok {
		return nil, notFound()
	}
	p, err := s.people.First(ctx, storage.Where(storage.Eq("email", email)))
	if storage.IsNotFound(err) {
		return nil, notFound()
	}
	return p, err
}

// Identity opens a person's sealed data, for other services: errs.NotFound not_found if there is no such person.
func (s *Service) Identity(ctx context.Context, personID string) (Identity, error) {
	p, err := s.Person(ctx, personID)
	if err != nil {
		return Identity{}, err
	}
	return s.open(p)
}

// IdentityOf opens the sealed data of an account that was read, for other services.
func (s *Service) IdentityOf(p *Person) (Identity, error) { return s.open(p) }

// What sealed values are bound to, so that one can't be put in another's place.
const (
	sealIIN       = "person.iin"
	sealBirthDate = "person.birth_date"
	sealPhone     = "person.phone"
	sealAddress   = "person.address"
)

func (s *Service) open(p *Person) (Identity, error) {
	var out Identity
	var birth string
	for _, f := range []struct {
		sealed  []byte
		purpose string
		into    *string
	}{
		{p.SealedIIN, sealIIN, &out.IIN}, {p.SealedBirthDate, sealBirthDate, &birth},
		{p.SealedPhone, sealPhone, &out.Phone}, {p.SealedAddress, sealAddress, &out.Address},
	} {
		plain, err := s.ring.OpenText(f.sealed, f.purpose)
		if err != nil {
			return Identity{}, err
		}
		*f.into = plain
	}
	out.BirthDate = cal.Day(birth)
	return out, nil
}

// seal stores the whole identity in p; what is empty in in becomes empty.
func (s *Service) seal(p *Person, in Identity) {
	p.SealedIIN = s.ring.SealText(in.IIN, sealIIN)
	p.SealedBirthDate = s.ring.SealText(string(in.BirthDate), sealBirthDate)
	p.SealedPhone = s.ring.SealText(in.Phone, sealPhone)
	p.SealedAddress = s.ring.SealText(in.Address, sealAddress)
	p.IINHash = s.ring.Lookup("iin", in.IIN)
}

// Me is what a person sees of oneself.
type Me struct {
	Person           *Person
	Identity         Identity
	GuardianRequired bool // a student or citizen under 18
	Memberships      []NamedMembership
}

// NamedMembership is a membership with its organisation's name.
type NamedMembership struct {
	Membership   Membership
	Organisation OrganisationRef
}

// Me reads the signed-in person (getMe).
func (s *Service) Me(ctx context.Context, by Actor) (*Me, error) {
	if err := s.policy.Permit(by, "getMe", self(by)...); err != nil {
		return nil, err
	}
	return s.me(ctx, by.PersonID)
}

// self is the relation to what is the actor's own account: everybody who is signed in has it.
func self(by Actor) []Relation {
	if by.PersonID == "" {
		return nil
	}
	return []Relation{Self}
}

func (s *Service) me(ctx context.Context, personID string) (*Me, error) {
	p, err := s.Person(ctx, personID)
	if err != nil {
		return nil, err
	}
	identity, err := s.open(p)
	if err != nil {
		return nil, err
	}
	me := &Me{Person: p, Identity: identity}
	me.GuardianRequired = (p.Role == AsStudent || p.Role == AsCitizen) && identity.Minor(cal.DayOf(s.clock.Now()))
	memberships, err := s.membershipsOf(ctx, personID)
	if err != nil {
		return nil, err
	}
	for _, m := range memberships {
		org, err := s.organisation(ctx, m.OrganisationID, m.Kind)
		if storage.IsNotFound(err) { // better a membership without a name than no answer
			org, err = OrganisationRef{ID: m.OrganisationID, Kind: m.Kind}, nil
		}
		if err != nil {
			return nil, err
		}
		me.Memberships = append(me.Memberships, NamedMembership{Membership: *m, Organisation: org})
	}
	return me, nil
}
