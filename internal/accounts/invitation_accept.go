package accounts

import (
	"context"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/id"
	"github.com/orynda/orynda/internal/storage"
)

// ReceivedInvitation is an invitation as the holder of its link sees it.
type ReceivedInvitation struct {
	Invitation    *Invitation
	State         InvitationState
	Organisation  OrganisationRef
	AccountExists bool // sign in to accept; else choose a password
}

// ReceivedInvitation shows what a link is about and changes nothing (getInvitation). A link that was replaced shows as expired. An unknown
// token answers errs.NotFound not_found.
func (s *Service) ReceivedInvitation(ctx context.Context, token string) (*ReceivedInvitation, error) {
	inv, err := s.invitationOf(ctx, token)
	if err != nil {
		return nil, err
	}
	out := &ReceivedInvitation{Invitation: inv, State: inv.StateAt(s.clock.Now())}
	if out.State == InvitationOpen && !inv.works(s.tokenHash(token), s.clock.Now()) {
		out.State = InvitationExpired
	}
	if out.Organisation, err = s.inviting(ctx, inv); err != nil {
		return nil, err
	}
	_, err = s.PersonByEmail(ctx, inv.Email)
	out.AccountExists = err == nil
	if err != nil && !storage.IsNotFound(err) {
		return nil, err
	}
	return out, nil
}

func (s *Service) invitationOf(ctx context.Context, token string) (*Invitation, error) {
	inv, err := s.invitations.First(ctx, storage.Where(storage.Has("tokens", s.tokenHash(token))))
	if storage.IsNotFound(err) {
		return nil, notFound()
	}
	return inv, err
}

// inviting names who invites: a guardian whom a citizen named is invited by the platform.
func (s *Service) inviting(ctx context.Context, inv *Invitation) (OrganisationRef, error) {
	if inv.OrganisationID == "" {
		return s.organisation(ctx, PlatformID, KindPlatform)
	}
	return s.organisation(ctx, inv.OrganisationID, inv.Kind)
}

// Acceptance is what a new account needs; all of it is empty for the signed-in.
type Acceptance struct {
	Password string
	FullName string
	Locale   i18n.Lang
}

// Accepted is the outcome of an acceptance.
type Accepted struct {
	Invitation     *Invitation
	Organisation   OrganisationRef
	AccountCreated bool
}

// AcceptInvitation makes the holder of a link a member, or tells [Service.OnAccepted] of a guardian (acceptInvitation): signed in with the invited
// address, or with what a new account needs. The link proves the address. A repeat by the same signed-in person answers the same. Errors:
//
//   - errs.NotFound not_found: no such link;
//   - errs.Forbidden invitation_other_address: signed in with another address;
//   - errs.Conflict account_exists: not signed in, but the address has an account; invitation_used: accepted before;
//   - errs.Gone invitation_expired: too old, replaced or withdrawn;
//   - errs.Unprocessable account_needed, password_weak, validation_failed.
func (s *Service) AcceptInvitation(ctx context.Context, by Actor, token string, in Acceptance) (*Accepted, error) {
	return s.acceptWith(ctx, by, token, in, func(context.Context, string) error { return nil })
}

// acceptWith accepts and then, in the same transaction, calls then with the id of who accepted.
func (s *Service) acceptWith(
	ctx context.Context, by Actor, token string, in Acceptance, then func(context.Context, string) error,
) (*Accepted, error) {
	inv, err := s.invitationOf(ctx, token)
	if err != nil {
		return nil, err
	}
	hash := s.tokenHash(token)
	newcomer, err := s.checkAcceptance(ctx, by, inv, hash, in)
	if err != nil {
		return nil, err
	}
	invitationID := inv.ID
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		held, err := s.invitations.Lock(ctx, invitationID)
		if err != nil {
			return err
		}
		inv = held
		if err := s.accept(ctx, by, held, hash, newcomer); err != nil {
			return err
		}
		return then(ctx, held.AcceptedBy)
	})
	if storage.ConflictOn(err, "email") { // somebody registered the address at this very moment
		err = errs.New(errs.Conflict, "account_exists")
	}
	if err != nil {
		return nil, err
	}
	org, err := s.inviting(ctx, inv)
	if storage.IsNotFound(err) {
		org, err = OrganisationRef{ID: inv.OrganisationID, Kind: inv.Kind}, nil
	}
	return &Accepted{Invitation: inv, Organisation: org, AccountCreated: inv.AccountCreated}, err
}

// checkAcceptance refuses what can be refused without a transaction, and gives the account to make, if one is needed.
func (s *Service) checkAcceptance(ctx context.Context, by Actor, inv *Invitation, hash string, in Acceptance) (*Person, error) {
	if by.PersonID != "" {
		return nil, s.checkInvited(ctx, by, inv)
	}
	if err := inv.refusal(hash, s); err != nil {
		return nil, err
	}
	_, err := s.PersonByEmail(ctx, inv.Email)
	if err == nil {
		return nil, errs.New(errs.Conflict, "account_exists")
	}
	if !storage.IsNotFound(err) {
		return nil, err
	}
	return s.newcomer(ctx, inv, in)
}

// checkInvited refuses an account with another address.
func (s *Service) checkInvited(ctx context.Context, by Actor, inv *Invitation) error {
	p, err := s.Person(ctx, by.PersonID)
	if err != nil {
		return err
	}
	if p.Email != inv.Email {
		return errs.New(errs.Forbidden, "invitation_other_address")
	}
	return nil
}

// refusal says why the link can't be accepted now; nil if it can.
func (i *Invitation) refusal(hash string, s *Service) error {
	switch {
	case i.State == InvitationAccepted:
		return errs.New(errs.Conflict, "invitation_used")
	case !i.works(hash, s.clock.Now()):
		return errs.New(errs.Gone, "invitation_expired")
	}
	return nil
}

// newcomer checks what a new account needs and makes it, unsaved.
func (s *Service) newcomer(ctx context.Context, inv *Invitation, in Acceptance) (*Person, error) {
	var missing []errs.Field
	for _, f := range []struct{ name, value string }{
		{"password", in.Password}, {"full_name", in.FullName}, {"locale", string(in.Locale)},
	} {
		if f.value == "" {
			missing = append(missing, errs.Field{Field: f.name, Code: "required"})
		}
	}
	if len(missing) > 0 {
		return nil, errs.New(errs.Unprocessable, "account_needed").WithFields(missing...)
	}
	name, bad := normalName(in.FullName)
	bad = append(checkLength(in.Password), append(bad, checkLocale(in.Locale)...)...)
	if err := invalid(bad); err != nil {
		return nil, err
	}
	if err := s.passwords.checkStrength(in.Password, inv.Email, name); err != nil {
		return nil, err
	}
	hash, err := s.passwords.hash(ctx, in.Password)
	if err != nil {
		return nil, err
	}
	role := AsMember
	if inv.Role == RoleGuardian {
		role = AsGuardian
	}
	return &Person{
		ID: id.New("psn"), CreatedAt: s.clock.Now(), Email: inv.Email, FullName: name, Role: role, Locale: in.Locale, PasswordHash: hash,
	}, nil
}

// accept is the transaction's part: inv is held.
func (s *Service) accept(ctx context.Context, by Actor, inv *Invitation, hash string, newcomer *Person) error {
	if inv.State == InvitationAccepted && by.PersonID != "" && inv.AcceptedBy == by.PersonID {
		return nil
	}
	if err := inv.refusal(hash, s); err != nil {
		return err
	}
	p, err := s.acceptor(ctx, by, newcomer)
	if err != nil {
		return err
	}
	if err := s.prove(ctx, p); err != nil {
		return err
	}
	inv.State, inv.AcceptedAt, inv.AcceptedBy, inv.AccountCreated = InvitationAccepted, s.clock.Now(), p.ID, newcomer != nil
	if err := s.invitations.Save(ctx, inv); err != nil {
		return err
	}
	return s.join(ctx, inv, p)
}

// acceptor holds the account that accepts, made anew for a newcomer.
func (s *Service) acceptor(ctx context.Context, by Actor, newcomer *Person) (*Person, error) {
	if newcomer == nil {
		return s.lockPerson(ctx, by.PersonID)
	}
	p := *newcomer // a copy: the transaction may run again, and then begins anew
	return &p, s.insertPerson(ctx, &p)
}

// join gives the person what the invitation promised.
func (s *Service) join(ctx context.Context, inv *Invitation, p *Person) error {
	if inv.Role != RoleGuardian {
		if err := s.AddMembership(ctx, p.ID, inv.OrganisationID, inv.Kind, inv.Role); err != nil {
			return err
		}
	}
	if err := s.record(ctx, Actor{PersonID: p.ID}, p.ID, "invitation.accepted", map[string]string{"invitation_id": inv.ID}); err != nil {
		return err
	}
	if s.OnAccepted == nil {
		return nil
	}
	return s.OnAccepted(ctx, inv, p)
}
