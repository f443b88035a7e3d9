package accounts

import "github.com/orynda/orynda/internal/storage"

// Types of the events this package emits. Subject is the person's id; for EventInvited the invitation's. Secrets travel sealed: see
// [OpenMailSecret] and the names of their values there.
const (
	// EventCodeIssued: a code to prove the mail address; Data sealed_code.
	EventCodeIssued = "account.code_issued"
	// EventKnownAddress: somebody registered with the address of this account.
	EventKnownAddress = "account.known_address_registered"
	// EventResetRequested: a code to set a new password; Data sealed_code.
	EventResetRequested = "account.reset_requested"
	// EventPasswordChanged: the password was changed or reset.
	EventPasswordChanged = "account.password_changed"
	// EventSessionStolen: a refresh token was used twice, the session ended; Data session_id.
	EventSessionStolen = "account.session_stolen"
	// EventInvited: an invitation's link; Data sealed_token, organisation_id, role.
	EventInvited = "account.invited"
	// EventMembershipRemoved: a membership ended; Data organisation_id, kind, role.
	EventMembershipRemoved = "account.membership_removed"
	// EventPasskeyAdded: a passkey was added; Data passkey_id.
	EventPasskeyAdded = "account.passkey_added"
	// EventDeleted: the account is gone; Data sealed_email (the address it had, when not longer than 150 bytes), locale.
	EventDeleted = "account.deleted"
)

// Events lists the types of the events this package emits.
func Events() []string {
	return []string{
		EventCodeIssued, EventKnownAddress, EventResetRequested, EventPasswordChanged, EventSessionStolen,
		EventInvited, EventMembershipRemoved, EventPasskeyAdded, EventDeleted,
	}
}

// Grants is the domain's part of the policy table, one row for each operation of the contract tagged accounts.
func Grants() []Grant {
	var out []Grant
	add := func(g Grant, operations ...string) {
		for _, op := range operations {
			g.Operation = op
			out = append(out, g)
		}
	}
	add(Grant{Relations: []Relation{Anyone}}, "register", "verifyEmail", "resendCode", "login", "refresh", "logout",
		"requestPasswordReset", "resetPassword", "listKeys", "getInvitation", "acceptInvitation",
		"beginPasskeySignIn", "finishPasskeySignIn")
	add(Grant{Relations: []Relation{Self}, Unverified: true}, "getMe", "updateMe")
	add(Grant{Relations: []Relation{Self}}, "deleteMe", "previewDeletion", "exportMe", "changePassword", "listSessions", "endSession",
		"listPasskeys", "beginPasskey", "addPasskey", "renamePasskey", "removePasskey", "confirmPassword")
	managers := []Relation{EnterpriseAdmin, CollegeCoordinator, ChamberRegistrar}
	add(Grant{Relations: managers}, "createInvitation", "listInvitations", "withdrawInvitation")
	add(Grant{Relations: append([]Relation{Self}, managers...)}, "removeMember")
	add(Grant{Relations: []Relation{
		EnterpriseAdmin, EnterpriseHR, EnterpriseInterviewer, EnterpriseSignatory,
		CollegeCoordinator, CollegeSignatory, ChamberRegistrar,
	}}, "listMembers")
	return out
}

// Specs lists the collections of this package, for storage.Ensure.
func Specs() []storage.Spec {
	return []storage.Spec{
		peopleSpec(), membershipSpec(), crewSpec(), invitationSpec(), sessionSpec(), codeSpec(), quotaSpec(), guessSpec(),
		passkeySpec(), ceremonySpec(),
	}
}

func peopleSpec() storage.Spec {
	return storage.Spec{
		Name: "people",
		Keys: []storage.Key{
			{Name: "email", Kind: storage.String}, {Name: "iin", Kind: storage.String}, {Name: "unproved", Kind: storage.Int},
		},
		Indexes: []storage.Index{
			{Name: "email", Keys: []string{"email"}, Unique: true},
			{Name: "iin", Keys: []string{"iin"}, Unique: true},
			{Name: "unproved", Keys: []string{"unproved"}},
		},
	}
}

func membershipSpec() storage.Spec {
	return storage.Spec{
		Name: "memberships",
		Keys: []storage.Key{
			{Name: "person", Kind: storage.String}, {Name: "organisation", Kind: storage.String},
			{Name: "role", Kind: storage.String}, {Name: "one", Kind: storage.String}, {Name: "name", Kind: storage.String},
		},
		Indexes: []storage.Index{
			{Name: "one", Keys: []string{"one"}, Unique: true},
			{Name: "person", Keys: []string{"person"}},
			{Name: "organisation", Keys: []string{"organisation", "name"}},
		},
	}
}

func crewSpec() storage.Spec { return storage.Spec{Name: "crews"} }

func invitationSpec() storage.Spec {
	return storage.Spec{
		Name: "invitations",
		Keys: []storage.Key{
			{Name: "tokens", Kind: storage.Strings}, {Name: "open", Kind: storage.String}, {Name: "organisation", Kind: storage.String},
			{Name: "state", Kind: storage.String}, {Name: "expires", Kind: storage.Int}, {Name: "accepted_by", Kind: storage.String},
		},
		Indexes: []storage.Index{
			{Name: "tokens", Keys: []string{"tokens"}},
			{Name: "open", Keys: []string{"open"}, Unique: true},
			{Name: "organisation", Keys: []string{"organisation", "state"}},
			{Name: "accepted_by", Keys: []string{"accepted_by"}},
		},
	}
}

func sessionSpec() storage.Spec {
	return storage.Spec{
		Name: "sessions",
		Keys: []storage.Key{
			{Name: "person", Kind: storage.String}, {Name: "live", Kind: storage.String}, {Name: "epoch", Kind: storage.Int},
			{Name: "used", Kind: storage.Int}, {Name: "expires", Kind: storage.Int},
		},
		Indexes: []storage.Index{
			{Name: "live", Keys: []string{"live", "used"}},
			{Name: "person", Keys: []string{"person"}},
			{Name: "expires", Keys: []string{"expires"}},
		},
	}
}

func codeSpec() storage.Spec {
	return storage.Spec{
		Name:    "codes",
		Keys:    []storage.Key{{Name: "until", Kind: storage.Int}},
		Indexes: []storage.Index{{Name: "until", Keys: []string{"until"}}},
	}
}

func quotaSpec() storage.Spec {
	return storage.Spec{
		Name:    "quotas",
		Keys:    []storage.Key{{Name: "until", Kind: storage.Int}},
		Indexes: []storage.Index{{Name: "until", Keys: []string{"until"}}},
	}
}

func guessSpec() storage.Spec {
	return storage.Spec{
		Name:    "guesses",
		Keys:    []storage.Key{{Name: "until", Kind: storage.Int}},
		Indexes: []storage.Index{{Name: "until", Keys: []string{"until"}}},
	}
}

func passkeySpec() storage.Spec {
	return storage.Spec{
		Name: "passkeys",
		Keys: []storage.Key{
			{Name: "person", Kind: storage.String}, {Name: "credential", Kind: storage.String}, {Name: "created", Kind: storage.Int},
		},
		Indexes: []storage.Index{
			{Name: "credential", Keys: []string{"credential"}, Unique: true},
			{Name: "person", Keys: []string{"person", "created"}},
		},
	}
}

func ceremonySpec() storage.Spec {
	return storage.Spec{
		Name:    "ceremonies",
		Keys:    []storage.Key{{Name: "until", Kind: storage.Int}},
		Indexes: []storage.Index{{Name: "until", Keys: []string{"until"}}},
	}
}
