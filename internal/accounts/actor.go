package accounts

import (
	"slices"
	"time"

	"github.com/orynda/orynda/internal/storage"
)

// OrgKind is the kind of an organisation.
type OrgKind string

// The kinds of organisations. The platform is one organisation: whoever runs this installation.
const (
	KindEnterprise OrgKind = "enterprise"
	KindCollege    OrgKind = "college"
	KindChamber    OrgKind = "chamber"
	KindPlatform   OrgKind = "platform"
)

// PlatformID is the organisation id of the platform.
const PlatformID = "platform"

// OrgRole is what a member does for an organisation.
type OrgRole string

// The roles. Which of them an organisation has depends on its kind: see [RolesOf].
const (
	RoleAdmin       OrgRole = "admin"
	RoleHR          OrgRole = "hr"
	RoleInterviewer OrgRole = "interviewer"
	RoleSignatory   OrgRole = "signatory"
	RoleCoordinator OrgRole = "coordinator"
	RoleRegistrar   OrgRole = "registrar"
	// RoleGuardian stands in invitations only: accepting one makes no membership, it tells [Service.OnAccepted].
	RoleGuardian OrgRole = "guardian"
)

// RolesOf lists the roles an organisation of this kind can give.
func RolesOf(kind OrgKind) []OrgRole {
	switch kind {
	case KindEnterprise:
		return []OrgRole{RoleAdmin, RoleHR, RoleInterviewer, RoleSignatory}
	case KindCollege:
		return []OrgRole{RoleCoordinator, RoleSignatory}
	case KindChamber:
		return []OrgRole{RoleRegistrar}
	case KindPlatform:
		return []OrgRole{RoleAdmin}
	}
	return nil
}

// Membership ties a person to an organisation in one role. A person may have several, also in one organisation.
type Membership struct {
	ID             string    `json:"id"`
	Version        int64     `json:"version"`
	PersonID       string    `json:"person_id"`
	OrganisationID string    `json:"organisation_id"`
	Kind           OrgKind   `json:"kind"`
	Role           OrgRole   `json:"role"`
	CreatedAt      time.Time `json:"created_at"`
	Name           string    `json:"name"` // the member's name as a key to sort by
}

// Identity implements storage.Document.
func (m *Membership) Identity() (string, *int64) { return m.ID, &m.Version }

// Keys implements storage.Document. The key "one" makes a second membership of the same person, organisation and role impossible.
func (m *Membership) Keys() storage.Keys {
	return storage.Keys{
		"person":       m.PersonID,
		"organisation": m.OrganisationID,
		"role":         m.Role,
		"name":         m.Name,
		"one":          m.PersonID + "|" + m.OrganisationID + "|" + string(m.Role),
	}
}

// Actor is whoever acts: a signed-in person with the memberships of this moment, the system under a name, or nobody (the zero
// value). It is an argument of every service method that acts for someone.
type Actor struct {
	PersonID    string
	SessionID   string
	EmailProved bool
	Memberships []Membership
	System      string // name of the job that acts, e.g. "expiry"; then there is no person
}

// SystemActor is the system acting by itself under a name that the trail shows.
func SystemActor(name string) Actor { return Actor{System: name} }

// ID names the actor in the trail: the person's id, "system:<name>", or "" for nobody.
func (a Actor) ID() string {
	if a.System != "" {
		return "system:" + a.System
	}
	return a.PersonID
}

// Anonymous reports whether nobody is signed in.
func (a Actor) Anonymous() bool { return a.PersonID == "" && a.System == "" }

// IsSystem reports whether the system acts.
func (a Actor) IsSystem() bool { return a.System != "" }

// Roles lists the actor's roles in an organisation.
func (a Actor) Roles(organisationID string) []OrgRole {
	var out []OrgRole
	for _, m := range a.Memberships {
		if m.OrganisationID == organisationID {
			out = append(out, m.Role)
		}
	}
	return out
}

// MemberOf reports whether the actor has any of the roles in the organisation; without roles, whether it is a member at all.
func (a Actor) MemberOf(organisationID string, roles ...OrgRole) bool {
	return slices.ContainsFunc(a.Roles(organisationID), func(r OrgRole) bool {
		return len(roles) == 0 || slices.Contains(roles, r)
	})
}

// Organisations lists the ids of the organisations of a kind in which the actor has one of the roles (any role without roles).
func (a Actor) Organisations(kind OrgKind, roles ...OrgRole) []string {
	var out []string
	for _, m := range a.Memberships {
		fits := m.Kind == kind && (len(roles) == 0 || slices.Contains(roles, m.Role))
		if fits && !slices.Contains(out, m.OrganisationID) {
			out = append(out, m.OrganisationID)
		}
	}
	return out
}

// RelationsTo gives the relations the actor's memberships make to what belongs to an organisation. An enterprise's admin is also
// its hr; a platform admin has that relation to everything; the system has its own.
func (a Actor) RelationsTo(kind OrgKind, organisationID string) []Relation {
	var out []Relation
	if a.IsSystem() {
		return []Relation{SystemRelation}
	}
	for _, m := range a.Memberships {
		if m.Kind == KindPlatform {
			out = append(out, PlatformAdmin)
		}
		if m.Kind == kind && m.OrganisationID == organisationID && organisationID != "" {
			out = append(out, relationsOf(kind, m.Role)...)
		}
	}
	return out
}

func relationsOf(kind OrgKind, role OrgRole) []Relation {
	switch {
	case kind == KindEnterprise && role == RoleAdmin:
		return []Relation{EnterpriseAdmin, EnterpriseHR}
	case kind == KindEnterprise && role == RoleHR:
		return []Relation{EnterpriseHR}
	case kind == KindEnterprise && role == RoleInterviewer:
		return []Relation{EnterpriseInterviewer}
	case kind == KindEnterprise && role == RoleSignatory:
		return []Relation{EnterpriseSignatory}
	case kind == KindCollege && role == RoleCoordinator:
		return []Relation{CollegeCoordinator}
	case kind == KindCollege && role == RoleSignatory:
		return []Relation{CollegeSignatory}
	case kind == KindChamber && role == RoleRegistrar:
		return []Relation{ChamberRegistrar}
	}
	return nil
}
