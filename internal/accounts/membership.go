package accounts

import (
	"context"
	"slices"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/id"
	"github.com/orynda/orynda/internal/storage"
)

// crew is the owner document of an organisation's memberships: whoever changes them locks it first, so that "somebody is left to run the
// organisation" holds among parallel removals.
type crew struct {
	ID      string `json:"id"` // the organisation's
	Version int64  `json:"version"`
}

// Identity implements storage.Document.
func (c *crew) Identity() (string, *int64) { return c.ID, &c.Version }

// Keys implements storage.Document.
func (c *crew) Keys() storage.Keys { return nil }

func (s *Service) lockCrew(ctx context.Context, organisationID string) error {
	_, err := s.crews.LockOrNew(ctx, organisationID, &crew{ID: organisationID})
	return err
}

// ManagerRole is the role of those who run an organisation of this kind: they invite and remove members, and one of them always
// stays.
func ManagerRole(kind OrgKind) OrgRole {
	switch kind {
	case KindCollege:
		return RoleCoordinator
	case KindChamber:
		return RoleRegistrar
	default:
		return RoleAdmin
	}
}

// HasRole reports whether a person has one of the roles in an organisation; without roles, whether the person is a member.
func (s *Service) HasRole(ctx context.Context, personID, organisationID string, roles ...OrgRole) (bool, error) {
	of, err := s.membershipsOf(ctx, personID)
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(of, func(m *Membership) bool {
		return m.OrganisationID == organisationID && (len(roles) == 0 || slices.Contains(roles, m.Role))
	}), nil
}

// MembersOf lists an organisation's memberships in one of the roles (all without roles), by name.
func (s *Service) MembersOf(ctx context.Context, organisationID string, roles ...OrgRole) ([]*Membership, error) {
	q := storage.Where(storage.Eq("organisation", organisationID)).By("name")
	if len(roles) > 0 {
		q.Where = append(q.Where, storage.In("role", roles...))
	}
	return s.memberships.Find(ctx, q)
}

// MembersWith lists who has a role in several organisations at once, by organisation, for lists of other services.
func (s *Service) MembersWith(ctx context.Context, role OrgRole, organisationIDs ...string) (map[string][]*Membership, error) {
	out := make(map[string][]*Membership, len(organisationIDs))
	q := storage.Where(storage.In("organisation", organisationIDs...), storage.Eq("role", role))
	return out, s.memberships.Each(ctx, q, func(m *Membership) error {
		out[m.OrganisationID] = append(out[m.OrganisationID], m)
		return nil
	})
}

func (s *Service) membershipsOf(ctx context.Context, personID string) ([]*Membership, error) {
	return s.memberships.Find(ctx, storage.Where(storage.Eq("person", personID)))
}

// AddMembership gives a person a role in an organisation, for other services; a repeat changes nothing. It answers errs.Unprocessable
// role_not_offered when organisations of this kind have no such role, errs.NotFound not_found without such a person.
func (s *Service) AddMembership(ctx context.Context, personID, organisationID string, kind OrgKind, role OrgRole) error {
	if !slices.Contains(RolesOf(kind), role) {
		return errs.New(errs.Unprocessable, "role_not_offered").WithFields(errs.Field{Field: "role", Code: "role_not_offered"})
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		if err := s.lockCrew(ctx, organisationID); err != nil {
			return err
		}
		p, err := s.Person(ctx, personID)
		if err != nil {
			return err
		}
		if p.Deleted() {
			return notFound()
		}
		m := &Membership{
			ID: id.New("mem"), PersonID: personID, OrganisationID: organisationID, Kind: kind, Role: role,
			CreatedAt: s.clock.Now(), Name: sortKey(p.FullName),
		}
		_, err = s.memberships.First(ctx, storage.Where(storage.Eq("one", m.Keys()["one"])))
		if !storage.IsNotFound(err) {
			return err // nil: it is there already
		}
		if err := s.memberships.Insert(ctx, m); err != nil {
			return err
		}
		data := map[string]string{"person_id": personID, "role": string(role), "membership_id": m.ID}
		return s.append(ctx, Actor{PersonID: personID}, "organisation:"+organisationID, "membership.added", data)
	})
}

// endMembership deletes one membership inside a transaction that holds the crew. by is who ends it.
func (s *Service) endMembership(ctx context.Context, by Actor, m *Membership) error {
	if err := s.memberships.Delete(ctx, m.ID); err != nil {
		return err
	}
	if s.OnMembershipRemoved != nil {
		if err := s.OnMembershipRemoved(ctx, m); err != nil {
			return err
		}
	}
	data := map[string]string{"person_id": m.PersonID, "role": string(m.Role), "membership_id": m.ID}
	return s.append(ctx, by, "organisation:"+m.OrganisationID, "membership.removed", data)
}

// managerLeft reports whether somebody else than these memberships still runs the organisation. The crew must be held.
func (s *Service) managerLeft(ctx context.Context, organisationID string, kind OrgKind, going []*Membership) (bool, error) {
	managers, err := s.MembersOf(ctx, organisationID, ManagerRole(kind))
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(managers, func(m *Membership) bool {
		return !slices.ContainsFunc(going, func(g *Membership) bool { return g.ID == m.ID })
	}), nil
}

func lastAdmin() error { return errs.New(errs.Conflict, "last_admin") }
