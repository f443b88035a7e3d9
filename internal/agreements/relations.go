package agreements

import (
	"context"
	"slices"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/id"
)

func newID(prefix string) string { return id.New(prefix) }

// RelationsTo tells how an actor stands to an agreement: its student, the student's confirmed guardian, the enterprise's admin, hr and signatories, the
// college's coordinators and signatories and, from conclusion on, the competent chamber's registrars. Interviewers and the platform's
// administrator have none.
func (s *Service) RelationsTo(ctx context.Context, by accounts.Actor, a *Agreement) ([]accounts.Relation, error) {
	wards, err := s.wardsOf(ctx, by)
	return relations(by, a, wards), err
}

// wardsOf are the persons whose confirmed guardian somebody is.
func (s *Service) wardsOf(ctx context.Context, by accounts.Actor) ([]string, error) {
	var out []string
	wards, err := s.Directory.Wards(ctx, by.PersonID)
	for _, g := range wards {
		if g.State == directory.GuardianConfirmed {
			out = append(out, g.WardID)
		}
	}
	return out, err
}

// relations is RelationsTo where the actor's wards are known.
func relations(by accounts.Actor, a *Agreement, wards []string) []accounts.Relation {
	if by.IsSystem() {
		return []accounts.Relation{accounts.SystemRelation}
	}
	if by.Anonymous() {
		return nil
	}
	var out []accounts.Relation
	if by.PersonID == a.StudentID {
		out = append(out, accounts.Self)
	}
	out = append(out, by.RelationsTo(accounts.KindEnterprise, a.EnterpriseID)...)
	out = append(out, by.RelationsTo(accounts.KindCollege, a.CollegeID)...)
	if a.ChamberID != "" && a.State.WasConcluded() {
		out = append(out, by.RelationsTo(accounts.KindChamber, a.ChamberID)...)
	}
	out = slices.DeleteFunc(out, func(r accounts.Relation) bool {
		return r == accounts.PlatformAdmin || r == accounts.EnterpriseInterviewer
	})
	if slices.Contains(wards, a.StudentID) {
		out = append(out, accounts.Guardian)
	}
	return out
}

// permitted reads an agreement, asks the policy, and tells for which side the actor acts in this operation.
func (s *Service) permitted(ctx context.Context, by accounts.Actor, op, agreementID string) (*Agreement, Party, error) {
	if by.Anonymous() {
		return nil, "", s.Policy.Permit(by, op)
	}
	a, err := s.Agreement(ctx, agreementID)
	if err != nil {
		return nil, "", err
	}
	have, err := s.RelationsTo(ctx, by, a)
	if err != nil {
		return nil, "", err
	}
	if op == "registerAgreement" || op == "refuseRegistration" {
		if have, err = s.withCompetent(ctx, by, a, have); err != nil {
			return nil, "", err
		}
	}
	if err := s.Policy.Permit(by, op, have...); err != nil {
		return nil, "", err
	}
	return a, sideOf(have, granted(op)), nil
}

// withCompetent adds the relation of the registrar of the workplace's region also before conclusion: who asks too early is told so.
func (s *Service) withCompetent(ctx context.Context, by accounts.Actor, a *Agreement, have []accounts.Relation) ([]accounts.Relation, error) {
	if slices.Contains(have, accounts.ChamberRegistrar) || len(by.Organisations(accounts.KindChamber, accounts.RoleRegistrar)) == 0 {
		return have, nil
	}
	c, err := found(s.Directory.ChamberOf(ctx, a.Terms.Workplace.Region))
	if err != nil || c == nil || a.ChamberID != "" && a.ChamberID != c.ID || !by.MemberOf(c.ID, accounts.RoleRegistrar) {
		return have, err
	}
	return append(have, accounts.ChamberRegistrar), nil
}

// sideOf chooses the side of somebody with several relations: the person's own before an organisation's, and only relations that the operation grants.
func sideOf(have, granted []accounts.Relation) Party {
	for _, side := range []struct {
		relation accounts.Relation
		party    Party
	}{
		{accounts.Self, ByStudent}, {accounts.Guardian, ByGuardian},
		{accounts.EnterpriseHR, ByEnterprise}, {accounts.EnterpriseSignatory, ByEnterprise},
		{accounts.CollegeCoordinator, ByCollege}, {accounts.CollegeSignatory, ByCollege},
		{accounts.ChamberRegistrar, ByChamber}, {accounts.SystemRelation, BySystem},
	} {
		if slices.Contains(have, side.relation) && slices.Contains(granted, side.relation) {
			return side.party
		}
	}
	return BySystem
}

// granted lists the relations that an operation of this domain grants.
func granted(op string) []accounts.Relation {
	for _, g := range Grants() {
		if g.Operation == op {
			return g.Relations
		}
	}
	return nil
}

// sidesOf lists every side for which the actor's relations speak.
func sidesOf(have []accounts.Relation) []Party {
	var out []Party
	add := func(p Party, relations ...accounts.Relation) {
		for _, r := range relations {
			if slices.Contains(have, r) {
				out = append(out, p)
				return
			}
		}
	}
	add(ByStudent, accounts.Self)
	add(ByGuardian, accounts.Guardian)
	add(ByEnterprise, accounts.EnterpriseHR)
	add(ByCollege, accounts.CollegeCoordinator)
	return out
}
