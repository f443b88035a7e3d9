package accounts

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/id"
	"github.com/orynda/orynda/internal/storage"
)

// InvitationState is where an invitation stands. Expired is not stored: it follows from the clock.
type InvitationState string

// The states of an invitation.
const (
	InvitationOpen      InvitationState = "open"
	InvitationAccepted  InvitationState = "accepted"
	InvitationExpired   InvitationState = "expired"
	InvitationWithdrawn InvitationState = "withdrawn"
)

// invitationLife is how long an invitation's link works.
const invitationLife = 14 * 24 * time.Hour

// keptTokens is how many replaced links of an invitation are still known as its own.
const keptTokens = 20

// Invitation asks somebody to become a member of an organisation or the guardian of a student. Its link's token proves the mail address.
type Invitation struct {
	ID             string          `json:"id"`
	Version        int64           `json:"version"`
	CreatedAt      time.Time       `json:"created_at"`
	State          InvitationState `json:"state"` // as stored; readers want [Invitation.StateAt]
	Email          string          `json:"email"`
	FullName       string          `json:"full_name,omitempty"`       // as the inviter wrote it
	OrganisationID string          `json:"organisation_id,omitempty"` // "" for a guardian whom a citizen named
	Kind           OrgKind         `json:"kind,omitempty"`
	Role           OrgRole         `json:"role"`
	GuardianID     string          `json:"guardian_id,omitempty"` // directory's entry; with RoleGuardian
	StudentID      string          `json:"student_id,omitempty"`  // the ward; with RoleGuardian
	Locale         i18n.Lang       `json:"locale"`
	InvitedBy      string          `json:"invited_by,omitempty"` // a person's id; "" for the system
	Tokens         []string        `json:"tokens"`               // keyed hashes, the link that works last
	ExpiresAt      time.Time       `json:"expires_at"`
	AcceptedAt     time.Time       `json:"accepted_at,omitzero"`
	AcceptedBy     string          `json:"accepted_by,omitempty"`
	AccountCreated bool            `json:"account_created,omitempty"`
}

// Identity implements storage.Document.
func (i *Invitation) Identity() (string, *int64) { return i.ID, &i.Version }

// Keys implements storage.Document. The key "open" makes a second open invitation of one address to one thing impossible.
func (i *Invitation) Keys() storage.Keys {
	open := ""
	if i.State == InvitationOpen {
		open = strings.Join([]string{i.Email, i.OrganisationID, string(i.Role), i.GuardianID}, "|")
	}
	return storage.Keys{
		"tokens": i.Tokens, "open": open, "organisation": i.OrganisationID,
		"state": i.State, "expires": i.ExpiresAt, "accepted_by": i.AcceptedBy,
	}
}

// StateAt is where the invitation stands at an instant.
func (i *Invitation) StateAt(now time.Time) InvitationState {
	if i.State == InvitationOpen && !now.Before(i.ExpiresAt) {
		return InvitationExpired
	}
	return i.State
}

// works reports whether the link with this token hash can be accepted.
func (i *Invitation) works(hash string, now time.Time) bool {
	return i.StateAt(now) == InvitationOpen && len(i.Tokens) > 0 && i.Tokens[len(i.Tokens)-1] == hash
}

// renew gives the invitation a new link and voids the one before.
func (i *Invitation) renew(hash string, now time.Time) {
	i.Tokens = append(i.Tokens, hash)
	if len(i.Tokens) > keptTokens {
		i.Tokens = slices.Clone(i.Tokens[len(i.Tokens)-keptTokens:])
	}
	i.ExpiresAt = now.Add(invitationLife)
}

// NewInvitation is what [Service.Invite] needs.
type NewInvitation struct {
	Email          string
	FullName       string    // to fill the form with; may be empty
	OrganisationID string    // may be empty for a guardian
	Kind           OrgKind   // of the organisation
	Role           OrgRole   // one of the kind's roles, or RoleGuardian
	GuardianID     string    // always and only with RoleGuardian
	StudentID      string    // the ward; with RoleGuardian
	Locale         i18n.Lang // language of the mail; Kazakh when empty
}

// Invite makes an invitation and sends its link, for other services, without asking for permission. Inviting the same address to the same
// thing while an invitation is open keeps that invitation and sends a fresh link, which voids the one before. It answers errs.Unprocessable
// role_not_offered or validation_failed (email), errs.Conflict already_member, errs.RateLimited rate_limited after 20 links a day to one
// address from one organisation.
func (s *Service) Invite(ctx context.Context, by Actor, in NewInvitation) (*Invitation, error) {
	inv, _, err := s.invite(ctx, by, in)
	return inv, err
}

// invite is Invite that also gives the link's token, for the operator's console.
func (s *Service) invite(ctx context.Context, by Actor, in NewInvitation) (inv *Invitation, token string, err error) {
	email, ok := NormalEmail(in.Email)
	if !ok {
		return nil, "", invalid([]errs.Field{{Field: "email", Code: "bad_format"}})
	}
	in.Email = email
	if in.Role != RoleGuardian && !slices.Contains(RolesOf(in.Kind), in.Role) {
		return nil, "", errs.New(errs.Unprocessable, "role_not_offered").WithFields(errs.Field{Field: "role", Code: "role_not_offered"})
	}
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		// Taken first: it puts parallel invitations of one address in line.
		retry, err := s.takeQuota(ctx, inviteQuota(), in.Email+"|"+in.OrganisationID)
		if err != nil {
			return err
		}
		if retry > 0 {
			return rateLimited(retry)
		}
		if err := s.checkNoMember(ctx, in); err != nil {
			return err
		}
		token = id.Token(32)
		inv, err = s.saveInvitation(ctx, by, in, s.tokenHash(token))
		if err != nil {
			return err
		}
		return s.box.Emit(ctx, EventInvited, inv.ID, map[string]string{
			"sealed_token": s.sealForMail(MailToken, token), "organisation_id": inv.OrganisationID, "role": string(inv.Role),
		})
	})
	return inv, token, err
}

func (s *Service) tokenHash(token string) string { return s.ring.Lookup("invitation", token) }

// checkNoMember refuses to invite a member to the role that the member has.
func (s *Service) checkNoMember(ctx context.Context, in NewInvitation) error {
	if in.Role == RoleGuardian {
		return nil
	}
	p, err := s.PersonByEmail(ctx, in.Email)
	if storage.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return err
	}
	member, err := s.HasRole(ctx, p.ID, in.OrganisationID, in.Role)
	if member {
		return errs.New(errs.Conflict, "already_member")
	}
	return err
}

// saveInvitation renews the open invitation or makes one.
func (s *Service) saveInvitation(ctx context.Context, by Actor, in NewInvitation, hash string) (*Invitation, error) {
	now := s.clock.Now()
	fresh := &Invitation{
		ID: id.New("inv"), CreatedAt: now, State: InvitationOpen, Email: in.Email, FullName: in.FullName,
		OrganisationID: in.OrganisationID, Kind: in.Kind, Role: in.Role, GuardianID: in.GuardianID, StudentID: in.StudentID,
		Locale: in.Locale, InvitedBy: by.PersonID,
	}
	if fresh.Locale == "" {
		fresh.Locale = i18n.KK
	}
	fresh.renew(hash, now)
	inv, err := s.invitations.First(ctx, storage.Where(storage.Eq("open", fresh.Keys()["open"])))
	switch {
	case storage.IsNotFound(err):
		inv = fresh
		err = s.invitations.Insert(ctx, inv)
	case err == nil:
		inv.renew(hash, now)
		inv.InvitedBy, inv.Locale = fresh.InvitedBy, fresh.Locale
		if fresh.FullName != "" {
			inv.FullName = fresh.FullName
		}
		err = s.invitations.Save(ctx, inv)
	}
	if err != nil {
		return nil, err
	}
	stream := "organisation:" + inv.OrganisationID
	if inv.OrganisationID == "" {
		stream = "account:" + inv.StudentID
	}
	return inv, s.append(ctx, by, stream, "invitation.sent", map[string]string{"invitation_id": inv.ID, "role": string(inv.Role)})
}

// Invitation reads an invitation for other services: errs.NotFound not_found if there is none.
func (s *Service) Invitation(ctx context.Context, invitationID string) (*Invitation, error) {
	inv, err := s.invitations.Get(ctx, invitationID)
	if storage.IsNotFound(err) {
		return nil, notFound()
	}
	return inv, err
}
