package directory

import (
	"context"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/id"
	"github.com/orynda/orynda/internal/storage"
)

// binTaken is the refusal of a number that a verified enterprise holds (domain.md I12).
func binTaken() error { return errs.New(errs.Conflict, "bin_taken") }

// onNumber translates the unique index's refusal.
func onNumber(err error) error {
	if storage.ConflictOn(err, "verified") {
		return binTaken()
	}
	return err
}

// signedIn are the relations of an actor to what is nobody's yet: everybody with an account has Self.
func signedIn(by accounts.Actor) []accounts.Relation {
	if by.PersonID == "" {
		return nil
	}
	return []accounts.Relation{accounts.Self}
}

// CreateEnterprise registers an enterprise (createEnterprise). Its creator becomes admin at once. It answers errs.Conflict bin_taken,
// errs.Unprocessable validation_failed.
func (s *Service) CreateEnterprise(ctx context.Context, by accounts.Actor, in EnterpriseInput) (*EnterpriseView, error) {
	if err := s.policy.Permit(by, "createEnterprise", signedIn(by)...); err != nil {
		return nil, err
	}
	e := &Enterprise{ID: id.New(prefixEnterprise), CreatedAt: s.clock.Now(), State: EnterpriseNew, CreatedBy: by.ID()}
	if err := s.fill(e, in.withRequired()); err != nil {
		return nil, err
	}
	err := s.db.Tx(ctx, func(ctx context.Context) error {
		if err := s.numberFree(ctx, e); err != nil {
			return err
		}
		if err := s.enterprises.Insert(ctx, e); err != nil {
			return err
		}
		if err := s.accounts.AddMembership(ctx, by.PersonID, e.ID, accounts.KindEnterprise, accounts.RoleAdmin); err != nil {
			return err
		}
		return s.record(ctx, by, organisationStream(e.ID), "enterprise.created", map[string]string{"number": e.NumberHash})
	})
	if err != nil {
		return nil, err
	}
	return s.enterpriseView(ctx, e, true)
}

// withRequired asks for the fields that a new enterprise must have, so that each missing one is named.
func (in EnterpriseInput) withRequired() EnterpriseInput {
	none := ""
	for _, p := range []**string{&in.Name, &in.Region, &in.City, &in.Address} {
		if *p == nil {
			*p = &none
		}
	}
	return in
}

// numberFree refuses a number that another verified enterprise holds: errs.Conflict bin_taken.
func (s *Service) numberFree(ctx context.Context, e *Enterprise) error {
	other, err := s.enterprises.First(ctx, storage.Where(storage.Eq("verified", e.NumberHash)))
	switch {
	case storage.IsNotFound(err):
		return nil
	case err != nil:
		return err
	case other.ID == e.ID:
		return nil
	}
	return binTaken()
}

// UpdateEnterprise changes an enterprise (updateEnterprise). expect is the version the client saw, 0 for any. It answers errs.Stale stale_version,
// errs.Conflict identity_locked (with the fixed fields) or bin_taken, errs.Unprocessable validation_failed.
func (s *Service) UpdateEnterprise(ctx context.Context, by accounts.Actor, id string, expect int64, in EnterpriseInput) (*EnterpriseView, error) {
	if err := s.mayEnterprise(ctx, by, "updateEnterprise", id); err != nil {
		return nil, err
	}
	var e *Enterprise
	err := s.db.Tx(ctx, func(ctx context.Context) (err error) {
		if e, err = s.enterprises.Lock(ctx, id); err != nil {
			return missing(err, "enterprise")
		}
		if err := fresh(e.Version, expect); err != nil {
			return err
		}
		return s.change(ctx, by, e, in)
	})
	if err != nil {
		return nil, onNumber(err)
	}
	return s.enterpriseView(ctx, e, true)
}

func (s *Service) change(ctx context.Context, by accounts.Actor, e *Enterprise, in EnterpriseInput) error {
	before := *e
	if err := s.fill(e, in); err != nil {
		return err
	}
	if bad := locked(&before, e); len(bad) > 0 {
		return errs.New(errs.Conflict, "identity_locked").WithFields(bad...)
	}
	if e.NumberHash != before.NumberHash {
		if err := s.numberFree(ctx, e); err != nil {
			return err
		}
	}
	if err := s.enterprises.Save(ctx, e); err != nil {
		return err
	}
	data := map[string]string{}
	for _, c := range changesBetween(before.facts(), e.facts()) {
		data[c.Field] = "changed"
	}
	return s.record(ctx, by, organisationStream(e.ID), "enterprise.changed", data)
}

// mayEnterprise asks the policy about an operation on an enterprise.
func (s *Service) mayEnterprise(ctx context.Context, by accounts.Actor, op, id string) error {
	if by.Anonymous() {
		return s.policy.Permit(by, op)
	}
	_, have, err := s.enterpriseFor(ctx, by, id)
	if err != nil {
		return err
	}
	return s.policy.Permit(by, op, have...)
}
