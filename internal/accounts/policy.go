package accounts

import (
	"fmt"
	"slices"
	"sort"

	"github.com/orynda/orynda/internal/errs"
)

// Relation is how an actor stands to a thing. Which relations may do what is the table of domain.md ("Who may do what").
type Relation string

// The relations.
const (
	Anyone                Relation = "anyone"  // granted to everybody, signed in or not
	Visible               Relation = "visible" // may know that the thing exists, and nothing more
	Self                  Relation = "self"    // the thing is the actor's own
	Guardian              Relation = "guardian"
	EnterpriseAdmin       Relation = "enterprise_admin"
	EnterpriseHR          Relation = "enterprise_hr"
	EnterpriseInterviewer Relation = "enterprise_interviewer"
	EnterpriseSignatory   Relation = "enterprise_signatory"
	CollegeCoordinator    Relation = "college_coordinator"
	CollegeSignatory      Relation = "college_signatory"
	ChamberRegistrar      Relation = "chamber_registrar"
	PlatformAdmin         Relation = "platform_admin"
	SystemRelation        Relation = "system"
)

// Grant allows one operation (its operationId in the contract) to some relations.
type Grant struct {
	Operation  string
	Relations  []Relation
	Unverified bool // also before the actor's mail address is proved
}

// Policy is the joined table of grants. It doesn't change after it was made.
type Policy struct {
	grants map[string]Grant
}

// NewPolicy joins the tables of the domains. An operation named twice is an error.
func NewPolicy(tables ...[]Grant) (Policy, error) {
	p := Policy{grants: map[string]Grant{}}
	for _, table := range tables {
		for _, g := range table {
			if _, twice := p.grants[g.Operation]; twice {
				return Policy{}, fmt.Errorf("accounts: operation %s is granted twice", g.Operation)
			}
			p.grants[g.Operation] = g
		}
	}
	return p, nil
}

// Grants lists the table by operation.
func (p Policy) Grants() []Grant {
	out := make([]Grant, 0, len(p.grants))
	for _, g := range p.grants {
		out = append(out, g)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Operation < out[j].Operation })
	return out
}

// Permit decides whether the actor, standing in these relations to the thing, may do the operation. It is nil or one of
//
//   - errs.Unauthorized unauthorized: nobody is signed in and not everybody may;
//   - errs.NotFound not_found: the actor has no relation that shows the thing, so may not know whether it exists; the platform's admin stands above
//     all things, which shows none of them;
//   - errs.Forbidden email_unverified: allowed, once the mail address is proved;
//   - errs.Forbidden forbidden: the thing is known to the actor, who may not do this.
//
// An operation without a grant is forbidden to all.
func (p Policy) Permit(a Actor, operation string, have ...Relation) error {
	g := p.grants[operation]
	if slices.Contains(g.Relations, Anyone) {
		return nil
	}
	if a.Anonymous() {
		return errs.New(errs.Unauthorized, "unauthorized")
	}
	allowed := slices.ContainsFunc(have, func(r Relation) bool { return slices.Contains(g.Relations, r) })
	switch {
	case allowed && !a.IsSystem() && !a.EmailProved && !g.Unverified:
		return errs.New(errs.Forbidden, "email_unverified")
	case allowed:
		return nil
	case !slices.ContainsFunc(have, func(r Relation) bool { return r != PlatformAdmin }):
		return errs.New(errs.NotFound, "not_found")
	}
	return errs.New(errs.Forbidden, "forbidden")
}
