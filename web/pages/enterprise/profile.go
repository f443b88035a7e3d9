package enterprise

import (
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/web/ui"
)

// Profile is the page of what an enterprise says about itself, and of its verification.
type Profile struct {
	Head
	Enterprise *directory.EnterpriseView // nil for one that isn't registered yet
	Form       *ui.Form
	Cities     []ui.Option
	Version    string
	Newer      []Difference // what somebody else saved meanwhile, against what was typed
	Chamber    string       // name of the chamber that verifies; "" while there is none
	Comment    *ui.Form     // of the submission
}

// fixed reports whether the chamber's verdict holds the name and the number.
func (p Profile) fixed() bool {
	return p.Enterprise != nil && p.Enterprise.State == directory.EnterpriseVerified
}

// numbered reports whether the number may no longer be typed.
func (p Profile) numbered() bool {
	return p.fixed() || p.Enterprise != nil && p.Enterprise.State == directory.EnterpriseSubmitted
}

func (p Profile) action() string {
	if p.Enterprise == nil {
		return "/enterprises/new"
	}
	return p.path("/profile")
}

// submittable reports whether the enterprise may be given to the chamber now.
func (p Profile) submittable() bool {
	return p.Runs && (p.State == directory.EnterpriseNew || p.State == directory.EnterpriseRefused)
}

// advised are the fields that agreements print, or that the chamber asks for, and that are empty yet.
func (p Profile) advised() []string {
	var out []string
	e := p.Enterprise
	for _, f := range []struct{ field, value string }{
		{"head_name", e.HeadName}, {"head_position", e.HeadPosition}, {"head_authority", e.HeadAuthority}, {"email", e.Email}, {"phone", e.Phone},
	} {
		if f.value == "" {
			out = append(out, f.field)
		}
	}
	return out
}

func orDash(s string) string {
	if s == "" {
		return "—"
	}
	return s
}

// anchorOf is the control that a field of the contract stands in.
func anchorOf(field string) string {
	switch field {
	case "region":
		return "city"
	case "legal_names":
		return "legal_names.kk"
	case "bank":
		return "bank.account"
	}
	return field
}
