package accounts_test

import (
	"slices"
	"testing"

	"github.com/orynda/orynda/internal/accounts"
)

func TestPermit(t *testing.T) {
	p, err := accounts.NewPolicy([]accounts.Grant{
		{Operation: "read", Relations: []accounts.Relation{accounts.Anyone}},
		{Operation: "edit", Relations: []accounts.Relation{accounts.EnterpriseHR, accounts.SystemRelation}},
		{Operation: "fill", Relations: []accounts.Relation{accounts.Self}, Unverified: true},
	})
	if err != nil {
		t.Fatal(err)
	}
	proved := accounts.Actor{PersonID: "psn_1", EmailProved: true}
	fresh := accounts.Actor{PersonID: "psn_1"}
	for _, c := range []struct {
		name  string
		actor accounts.Actor
		op    string
		have  []accounts.Relation
		code  string
	}{
		{"anyone", accounts.Actor{}, "read", nil, ""},
		{"anyone unproved", fresh, "read", nil, ""},
		{"nobody", accounts.Actor{}, "edit", nil, "unauthorized"},
		{"nobody with a relation", accounts.Actor{}, "edit", []accounts.Relation{accounts.EnterpriseHR}, "unauthorized"},
		{"granted", proved, "edit", []accounts.Relation{accounts.Visible, accounts.EnterpriseHR}, ""},
		{"granted, unproved", fresh, "edit", []accounts.Relation{accounts.EnterpriseHR}, "email_unverified"},
		{"unproved where it may", fresh, "fill", []accounts.Relation{accounts.Self}, ""},
		{"hidden", proved, "edit", nil, "not_found"},
		{"hidden, unproved", fresh, "edit", nil, "not_found"},
		{"known", proved, "edit", []accounts.Relation{accounts.Visible}, "forbidden"},
		{"known, unproved", fresh, "edit", []accounts.Relation{accounts.Visible}, "forbidden"},
		{"another role", proved, "edit", []accounts.Relation{accounts.EnterpriseInterviewer}, "forbidden"},
		{"system", accounts.SystemActor("expiry"), "edit", []accounts.Relation{accounts.SystemRelation}, ""},
		{"the platform's admin, of a hidden thing", proved, "edit", []accounts.Relation{accounts.PlatformAdmin}, "not_found"},
		{"the platform's admin, of a known thing", proved, "edit", []accounts.Relation{accounts.PlatformAdmin, accounts.Visible}, "forbidden"},
		{"unknown operation", proved, "drop", []accounts.Relation{accounts.Visible}, "forbidden"},
		{"unknown operation, nobody", accounts.Actor{}, "drop", nil, "unauthorized"},
	} {
		if got := codeOf(p.Permit(c.actor, c.op, c.have...)); got != c.code {
			t.Errorf("%s: %q, want %q", c.name, got, c.code)
		}
	}
	if _, err := accounts.NewPolicy(p.Grants(), []accounts.Grant{{Operation: "read"}}); err == nil {
		t.Error("an operation granted twice is accepted")
	}
}

func TestRelations(t *testing.T) {
	member := func(kind accounts.OrgKind, org string, role accounts.OrgRole) accounts.Membership {
		return accounts.Membership{Kind: kind, OrganisationID: org, Role: role}
	}
	a := accounts.Actor{PersonID: "psn_1", Memberships: []accounts.Membership{
		member(accounts.KindEnterprise, "ent_1", accounts.RoleAdmin), member(accounts.KindCollege, "col_1", accounts.RoleSignatory),
	}}
	admin := accounts.Actor{PersonID: "psn_2", Memberships: []accounts.Membership{member(accounts.KindPlatform, accounts.PlatformID, accounts.RoleAdmin)}}
	for _, c := range []struct {
		name  string
		actor accounts.Actor
		kind  accounts.OrgKind
		org   string
		want  []accounts.Relation
	}{
		{"an admin is hr too", a, accounts.KindEnterprise, "ent_1", []accounts.Relation{accounts.EnterpriseAdmin, accounts.EnterpriseHR}},
		{"another organisation", a, accounts.KindEnterprise, "ent_2", nil},
		{"another kind", a, accounts.KindChamber, "ent_1", nil},
		{"no organisation", a, accounts.KindEnterprise, "", nil},
		{"college", a, accounts.KindCollege, "col_1", []accounts.Relation{accounts.CollegeSignatory}},
		{"platform", admin, accounts.KindCollege, "col_1", []accounts.Relation{accounts.PlatformAdmin}},
		{"system", accounts.SystemActor("x"), accounts.KindCollege, "col_1", []accounts.Relation{accounts.SystemRelation}},
		{"nobody", accounts.Actor{}, accounts.KindCollege, "col_1", nil},
	} {
		if got := c.actor.RelationsTo(c.kind, c.org); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}
