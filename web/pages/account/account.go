// Package account holds the pages of oneself: coming in, security, one's own data.
package account

import (
	"context"
	"time"

	"github.com/orynda/orynda/web/ui"
)

// InvitationData is an invitation as its receiver sees it.
type InvitationData struct {
	Token, Organisation, Role, Email, State string
	Open, AccountExists                     bool
	SignedInAs                              string // "" for nobody
	Until                                   time.Time
}

// SecurityData is what there is to sign in with, and where one is signed in.
type SecurityData struct {
	Sessions    []Session
	Passkeys    []Passkey
	Passkeyless bool   // this installation can't take passkeys
	Confirmed   bool   // the sign-in is fresh enough to add and remove passkeys
	Renaming    string // id of the passkey whose new name was refused; the form of the page is its form
}

// Session is one sign-in on one device.
type Session struct {
	ID, Device  string
	Since, Used time.Time
	This        bool
}

// Passkey is one passkey.
type Passkey struct {
	ID, Name    string
	Since, Used time.Time
	Suspected   bool // there may be a copy of it; it signs nobody in any more
}

// DeletionData is what would become of the account that is deleted.
type DeletionData struct {
	Blocked []string   // codes of what must end first
	Kept    []Retained // what stays
}

// Retained is one thing that stays, with the paragraph it rests on.
type Retained struct{ Code, Source string }

// roles are the three ways to come in by oneself.
func roles(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, role := range []string{"student", "citizen", "enterprise"} {
		out = append(out, ui.Option{Value: role, Label: ui.T(ctx, "site.account.as."+role), Hint: ui.T(ctx, "site.account.as."+role+"_hint")})
	}
	return out
}

// renamed is the field for another name of a passkey; it begins with the present one.
func renamed(ctx context.Context, f *ui.Form, k Passkey, refused bool) ui.Control {
	c := ui.Control{Form: f, Name: "name-" + k.ID, Label: ui.T(ctx, "site.account.passkeys.rename_name"), Required: true, MaxLength: "60"}
	if !refused {
		c.Value = k.Name
	}
	return c
}
