package accounts

import (
	"context"

	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/storage"
)

// NewAdmin is the outcome of [Service.CreatePlatformAdmin]: either the account that is an administrator now, or the invitation to become
// one, with its link's token for the operator's console.
type NewAdmin struct {
	PersonID     string
	InvitationID string
	Token        string
}

// CreatePlatformAdmin makes the owner of a mail address a platform administrator (orynda admin create): at once where the address has an account
// and is proved, else by an invitation that goes out by mail and whose token is given back. It answers errs.Unprocessable
// validation_failed for what is no address.
func (s *Service) CreatePlatformAdmin(ctx context.Context, email string) (NewAdmin, error) {
	by := SystemActor("console")
	p, err := s.PersonByEmail(ctx, email)
	if err != nil && !storage.IsNotFound(err) {
		return NewAdmin{}, err
	}
	if err == nil && p.EmailProved() {
		return NewAdmin{PersonID: p.ID}, s.AddMembership(ctx, p.ID, PlatformID, KindPlatform, RoleAdmin)
	}
	inv, token, err := s.invite(ctx, by, NewInvitation{
		Email: email, OrganisationID: PlatformID, Kind: KindPlatform, Role: RoleAdmin, Locale: i18n.RU,
	})
	if err != nil {
		return NewAdmin{}, err
	}
	return NewAdmin{InvitationID: inv.ID, Token: token}, nil
}
