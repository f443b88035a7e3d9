package directory

import (
	"context"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/storage"
)

// keptDocuments is how many of each kind of thing that pages of places name are kept decoded.
const keptDocuments = 2000

// kept holds what pages of places name.
type kept struct {
	enterprises *storage.Memory[Enterprise, *Enterprise]
	mentors     *storage.Memory[Mentor, *Mentor]
	colleges    *storage.Memory[College, *College]
}

func (s *Service) makePages() {
	s.pages = kept{
		enterprises: storage.NewMemory(s.enterprises, keptDocuments), mentors: storage.NewMemory(s.mentors, keptDocuments),
		colleges: storage.NewMemory(s.colleges, keptDocuments),
	}
}

// Enterprises reads several enterprises at once, by id, for pages of places; those that don't exist are left out. They are shared with other readers and must
// not be changed (storage.Memory).
func (s *Service) Enterprises(ctx context.Context, ids ...string) (map[string]*Enterprise, error) {
	return s.pages.enterprises.GetMany(ctx, ids...)
}

// Mentors reads several mentors at once, by id; those that don't exist are left out. They are shared, as those of Enterprises.
func (s *Service) Mentors(ctx context.Context, ids ...string) (map[string]*Mentor, error) {
	return s.pages.mentors.GetMany(ctx, ids...)
}

// Colleges reads several colleges at once, by id; those that don't exist are left out. They are shared, as those of Enterprises.
func (s *Service) Colleges(ctx context.Context, ids ...string) (map[string]*College, error) {
	return s.pages.colleges.GetMany(ctx, ids...)
}

// Supervisors reads several supervisors at once, by id; those that don't exist are left out.
func (s *Service) Supervisors(ctx context.Context, ids ...string) (map[string]*Supervisor, error) {
	return s.supervisors.GetMany(ctx, ids...)
}

// Enrolments finds the live enrolments of several persons at once, by person; who has none is left out.
func (s *Service) Enrolments(ctx context.Context, personIDs ...string) (map[string]*Enrolment, error) {
	out := make(map[string]*Enrolment, len(personIDs))
	return out, s.enrolments.Each(ctx, storage.Where(storage.In("live", personIDs...)), func(e *Enrolment) error {
		out[e.PersonID] = e
		return nil
	})
}

// GuardiansOf lists the guardians of several wards at once that are not refused, by ward, oldest first.
func (s *Service) GuardiansOf(ctx context.Context, wardIDs ...string) (map[string][]*Guardian, error) {
	all, err := s.everyGuardianOf(ctx, wardIDs...)
	for ward, list := range all {
		all[ward] = notRefused(list)
	}
	return all, err
}

// everyGuardianOf is GuardiansOf with the refused.
func (s *Service) everyGuardianOf(ctx context.Context, wardIDs ...string) (map[string][]*Guardian, error) {
	out := make(map[string][]*Guardian, len(wardIDs))
	return out, s.guardians.Each(ctx, storage.Where(storage.In("ward", wardIDs...)), func(g *Guardian) error {
		out[g.WardID] = append(out[g.WardID], g)
		return nil
	})
}

// ChambersOf reads the chambers of several regions (KATO codes) at once, by region; those that have none are left out.
func (s *Service) ChambersOf(ctx context.Context, regions ...string) (map[string]*Chamber, error) {
	out := make(map[string]*Chamber, len(regions))
	return out, s.chambers.Each(ctx, storage.Where(storage.In("region", regions...)), func(c *Chamber) error {
		out[c.Region] = c
		return nil
	})
}

// Authorised lists who may sign for several organisations on a day, by organisation: those whose authority holds then.
func (s *Service) Authorised(ctx context.Context, day cal.Day, organisationIDs ...string) (map[string][]*Signatory, error) {
	out := make(map[string][]*Signatory, len(organisationIDs))
	return out, s.signatories.Each(ctx, storage.Where(storage.In("organisation", organisationIDs...)), func(g *Signatory) error {
		if g.StateOn(day) == SignatoryActive {
			out[g.OrganisationID] = append(out[g.OrganisationID], g)
		}
		return nil
	})
}
