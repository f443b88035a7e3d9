// Package people holds what the pages of an organisation's people share: who acts for it, invitations, and who signs on what ground. The texts of
// each part stand in the catalogues under site.people.
package people

import (
	"context"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/web/ui"
)

// Members is who acts for an organisation.
type Members struct {
	Path        string // of the page, without language; its forms lead below it
	Form        *ui.Form
	List        []Member
	Invitations []*accounts.SentInvitation
	Roles       []accounts.OrgRole // that may be given
	Runs        bool               // the reader invites and removes
	Next        string
}

// Member is somebody with all roles.
type Member struct {
	PersonID, FullName, Email string
	Roles                     []accounts.OrgRole
	Self                      bool
}

// Signatories is who signs for an organisation, and on what ground.
type Signatories struct {
	Path    string
	Form    *ui.Form
	List    []*directory.Signatory
	Choices []ui.Option // members who may become one
	Today   cal.Day
	Runs    bool
	Next    string
}

// Label is the name of a field of these forms.
func Label(ctx context.Context, field string) string { return ui.T(ctx, "site.people.f."+field) }

func control(ctx context.Context, f *ui.Form, name string) ui.Control {
	return ui.Control{Form: f, Name: name, Label: Label(ctx, name), Hint: ui.TOr(ctx, "", "site.people.h."+name)}
}

func roles(ctx context.Context, list []accounts.OrgRole) []ui.Option {
	var out []ui.Option
	for _, r := range list {
		out = append(out, ui.Option{Value: string(r), Label: ui.T(ctx, "site.people.role."+string(r)), Hint: ui.T(ctx, "site.people.role_hint."+string(r))})
	}
	return out
}

func choice(c ui.Control, list []ui.Option, value, empty string) ui.Control {
	c.Options, c.Value, c.Empty = list, value, empty
	return c
}

// first is the choice where there is only one.
func first(list []accounts.OrgRole) string {
	if len(list) == 1 {
		return string(list[0])
	}
	return ""
}

func badge(s directory.SignatoryState) string {
	switch s {
	case directory.SignatoryActive:
		return "good"
	case directory.SignatoryComing:
		return "wait"
	}
	return ""
}
