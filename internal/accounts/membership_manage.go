package accounts

import (
	"context"
	"slices"

	"github.com/orynda/orynda/internal/storage"
)

// Member is a membership with the person as fellow members see it.
type Member struct {
	Membership *Membership
	FullName   string
	Email      string // only for those who may invite, else ""
}

// Members lists an organisation's members by name, one entry per person and role (listMembers); role "" lists all.
func (s *Service) Members(ctx context.Context, by Actor, organisationID string, role OrgRole, after storage.Cursor, limit int) (storage.Page[*Member], error) {
	out := storage.Page[*Member]{}
	org, err := s.permitManaging(ctx, by, "listMembers", organisationID)
	if err != nil {
		return out, err
	}
	q := storage.Where(storage.Eq("organisation", org.ID)).By("name").From(after).Take(limit)
	if role != "" {
		q.Where = append(q.Where, storage.Eq("role", role))
	}
	page, err := s.memberships.Page(ctx, q)
	if err != nil {
		return out, err
	}
	out.Next = page.Next
	managing := by.MemberOf(org.ID, ManagerRole(org.Kind))
	for _, m := range page.Items {
		p, err := s.Person(ctx, m.PersonID)
		if err != nil {
			return out, err
		}
		member := &Member{Membership: m, FullName: p.FullName}
		if managing {
			member.Email = p.Email
		}
		out.Items = append(out.Items, member)
	}
	return out, nil
}

// RemoveMember takes away a person's membership, all roles or only one (removeMember); from the next request on that person has lost it. Somebody
// who is no member is fine. It answers errs.Conflict last_admin when nobody would be left to run the organisation.
func (s *Service) RemoveMember(ctx context.Context, by Actor, organisationID, personID string, role OrgRole) error {
	other := []Relation{Visible}
	if personID == by.PersonID {
		other = append(other, Self)
	}
	if _, err := s.permitManaging(ctx, by, "removeMember", organisationID, other...); err != nil {
		return err
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		if err := s.lockCrew(ctx, organisationID); err != nil {
			return err
		}
		all, err := s.membershipsOf(ctx, personID)
		if err != nil {
			return err
		}
		going := slices.DeleteFunc(all, func(m *Membership) bool {
			return m.OrganisationID != organisationID || (role != "" && m.Role != role)
		})
		if len(going) == 0 {
			return nil
		}
		if err := s.leave(ctx, by, going); err != nil {
			return err
		}
		for _, m := range going {
			if err := s.tellRemoved(ctx, by, m); err != nil {
				return err
			}
		}
		return nil
	})
}

// tellRemoved lets a person know, unless the person did it.
func (s *Service) tellRemoved(ctx context.Context, by Actor, m *Membership) error {
	if by.PersonID == m.PersonID {
		return nil
	}
	return s.box.Emit(ctx, EventMembershipRemoved, m.PersonID, map[string]string{
		"organisation_id": m.OrganisationID, "kind": string(m.Kind), "role": string(m.Role),
	})
}

// EndRole takes one role of a person in an organisation away, in the caller's transaction, for services: no permission is asked, and what follows from
// a removal follows. Who hasn't the role is fine.
func (s *Service) EndRole(ctx context.Context, by Actor, personID, organisationID string, role OrgRole) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		if err := s.lockCrew(ctx, organisationID); err != nil {
			return err
		}
		all, err := s.membershipsOf(ctx, personID)
		if err != nil {
			return err
		}
		for _, m := range all {
			if m.OrganisationID != organisationID || m.Role != role {
				continue
			}
			if err := s.endMembership(ctx, by, m); err != nil {
				return err
			}
		}
		return nil
	})
}
