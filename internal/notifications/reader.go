package notifications

import (
	"context"
	"strings"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/storage"
)

// adult is the age from which a guardian gets no copies any more.
const adult = 18

// person gives a reader by account: none when the account is gone, has no proved address or the id is no person's.
func (s *Service) person(ctx context.Context, id string) ([]reader, error) {
	return s.account(ctx, id, true)
}

// account is person that may also take an address that isn't proved yet.
func (s *Service) account(ctx context.Context, id string, proved bool) ([]reader, error) {
	if id == "" || strings.HasPrefix(id, "system:") {
		return nil, nil
	}
	p, err := s.d.People.Person(ctx, id)
	if storage.IsNotFound(err) {
		return nil, nil
	}
	if err != nil || p.Deleted() || p.Email == "" || (proved && !p.EmailProved()) {
		return nil, err
	}
	return []reader{{id: p.ID, email: p.Email, lang: langOf(p.Locale)}}, nil
}

// langOf is the language of somebody who chose none: the state language.
func langOf(l i18n.Lang) i18n.Lang {
	lang, _ := i18n.ParseLang(string(l))
	return lang
}

// members gives those who have one of the roles in an organisation.
func (s *Service) members(ctx context.Context, organisationID string, roles ...accounts.OrgRole) ([]reader, error) {
	if organisationID == "" {
		return nil, nil
	}
	list, err := s.d.People.MembersOf(ctx, organisationID, roles...)
	if err != nil {
		return nil, err
	}
	var out []reader
	for _, m := range list {
		r, err := s.person(ctx, m.PersonID)
		if err != nil {
			return nil, err
		}
		out = append(out, r...)
	}
	return out, nil
}

// hr gives those who answer for an enterprise's places.
func (s *Service) hr(ctx context.Context, enterpriseID string) ([]reader, error) {
	return s.members(ctx, enterpriseID, accounts.RoleAdmin, accounts.RoleHR)
}

// coordinators gives those who answer for a college's students.
func (s *Service) coordinators(ctx context.Context, collegeID string) ([]reader, error) {
	return s.members(ctx, collegeID, accounts.RoleCoordinator)
}

// applicant gives a student or citizen, and, as copies, the confirmed guardians of one who isn't known to be of age.
func (s *Service) applicant(ctx context.Context, personID string) ([]reader, error) {
	out, err := s.person(ctx, personID)
	if err != nil {
		return nil, err
	}
	guardians, err := s.guardians(ctx, personID)
	return append(out, guardians...), err
}

// guardians gives the confirmed guardians of a minor, as readers of copies.
func (s *Service) guardians(ctx context.Context, wardID string) ([]reader, error) {
	list, err := s.d.Directory.Guardians(ctx, wardID)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	identity, err := s.d.People.Identity(ctx, wardID)
	if err != nil {
		return nil, err
	}
	if born := identity.Born(); born != "" && cal.Age(born, cal.DayOf(s.d.Clock.Now())) >= adult {
		return nil, nil
	}
	var out []reader
	for _, g := range list {
		if g.State != directory.GuardianConfirmed || g.PersonID == "" {
			continue
		}
		r, err := s.person(ctx, g.PersonID)
		if err != nil {
			return nil, err
		}
		for i := range r {
			r[i].wardID = wardID
		}
		out = append(out, r...)
	}
	return out, nil
}

// name is a person's name, "" for one whose account is gone.
func (s *Service) name(ctx context.Context, personID string) (string, error) {
	p, err := s.d.People.Person(ctx, personID)
	if storage.IsNotFound(err) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return p.FullName, nil
}

// organisation is an organisation's name.
func (s *Service) organisation(ctx context.Context, id string) (string, error) {
	o, err := s.d.Directory.Organisation(ctx, id)
	return o.Name, err
}

// each makes the same message for several readers.
func each(readers []reader, n message) []message {
	out := make([]message, len(readers))
	for i, r := range readers {
		out[i] = n
		out[i].to = r
	}
	return out
}

// oneLine keeps line breaks that people typed into names out of subjects.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
