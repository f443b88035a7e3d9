package httpapi

import (
	"context"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/httpapi/apigen"
	"github.com/orynda/orynda/internal/httpd"
	"github.com/orynda/orynda/internal/i18n"
)

// CreateInvitation answers createInvitation.
func (a *AccountsAPI) CreateInvitation(ctx context.Context, r apigen.CreateInvitationRequestObject) (apigen.CreateInvitationResponseObject, error) {
	sent, err := a.Accounts.CreateInvitation(ctx, httpd.Actor(ctx), r.ID, accounts.InvitationRequest{
		Email: r.Body.Email, Role: accounts.OrgRole(r.Body.Role), StudentID: deref(r.Body.StudentID),
		FullName: deref(r.Body.FullName), Phone: deref(r.Body.Phone), Ground: string(deref(r.Body.Ground)),
	})
	if err != nil {
		return nil, err
	}
	return apigen.CreateInvitation201JSONResponse(invitationView(sent)), nil
}

// ListInvitations answers listInvitations.
func (a *AccountsAPI) ListInvitations(ctx context.Context, r apigen.ListInvitationsRequestObject) (apigen.ListInvitationsResponseObject, error) {
	after, limit, err := cursorOf(r.Params.Cursor, r.Params.Limit)
	if err != nil {
		return nil, err
	}
	state := accounts.InvitationState(deref(r.Params.State))
	page, err := a.Accounts.Invitations(ctx, httpd.Actor(ctx), r.ID, state, after, limit)
	if err != nil {
		return nil, err
	}
	out := apigen.ListInvitations200JSONResponse{Items: []apigen.Invitation{}, NextCursor: some(page.Next.String())}
	for _, sent := range page.Items {
		out.Items = append(out.Items, invitationView(sent))
	}
	return out, nil
}

// WithdrawInvitation answers withdrawInvitation.
func (a *AccountsAPI) WithdrawInvitation(ctx context.Context, r apigen.WithdrawInvitationRequestObject) (apigen.WithdrawInvitationResponseObject, error) {
	if err := a.Accounts.WithdrawInvitation(ctx, httpd.Actor(ctx), r.ID, r.InvitationID); err != nil {
		return nil, err
	}
	return apigen.WithdrawInvitation204Response{}, nil
}

// GetInvitation answers getInvitation.
func (a *AccountsAPI) GetInvitation(ctx context.Context, r apigen.GetInvitationRequestObject) (apigen.GetInvitationResponseObject, error) {
	got, err := a.Accounts.ReceivedInvitation(ctx, r.Token)
	if err != nil {
		return nil, err
	}
	return apigen.GetInvitation200JSONResponse{
		State: apigen.InvitationState(got.State), Organisation: organisationRef(got.Organisation), Role: apigen.InvitationRole(got.Invitation.Role),
		Email: got.Invitation.Email, FullName: some(got.Invitation.FullName), AccountExists: got.AccountExists, ExpiresAt: got.Invitation.ExpiresAt,
	}, nil
}

// AcceptInvitation answers acceptInvitation.
func (a *AccountsAPI) AcceptInvitation(ctx context.Context, r apigen.AcceptInvitationRequestObject) (apigen.AcceptInvitationResponseObject, error) {
	body := deref(r.Body)
	done, err := a.Accounts.AcceptInvitation(ctx, httpd.Actor(ctx), r.Token, accounts.Acceptance{
		Password: deref(body.Password), FullName: deref(body.FullName), Locale: i18n.Lang(deref(body.Locale)),
	})
	if err != nil {
		return nil, err
	}
	inv := done.Invitation
	return apigen.AcceptInvitation200JSONResponse{
		ID: inv.ID, State: apigen.InvitationState(inv.State), PersonID: inv.AcceptedBy, AccountCreated: done.AccountCreated, Email: inv.Email,
		Organisation: organisationRef(done.Organisation), Role: apigen.InvitationRole(inv.Role), GuardianID: some(inv.GuardianID),
	}, nil
}

// ListMembers answers listMembers.
func (a *AccountsAPI) ListMembers(ctx context.Context, r apigen.ListMembersRequestObject) (apigen.ListMembersResponseObject, error) {
	after, limit, err := cursorOf(r.Params.Cursor, r.Params.Limit)
	if err != nil {
		return nil, err
	}
	role := accounts.OrgRole(deref(r.Params.Role))
	page, err := a.Accounts.Members(ctx, httpd.Actor(ctx), r.ID, role, after, limit)
	if err != nil {
		return nil, err
	}
	out := apigen.ListMembers200JSONResponse{Items: []apigen.Member{}, NextCursor: some(page.Next.String())}
	for _, m := range page.Items {
		out.Items = append(out.Items, apigen.Member{
			ID: m.Membership.ID, State: apigen.MemberStateActive, Version: m.Membership.Version, CreatedAt: m.Membership.CreatedAt,
			PersonID: m.Membership.PersonID, FullName: m.FullName, Email: some(m.Email), Role: apigen.MembershipRole(m.Membership.Role),
		})
	}
	return out, nil
}

// RemoveMember answers removeMember.
func (a *AccountsAPI) RemoveMember(ctx context.Context, r apigen.RemoveMemberRequestObject) (apigen.RemoveMemberResponseObject, error) {
	role := accounts.OrgRole(deref(r.Params.Role))
	if err := a.Accounts.RemoveMember(ctx, httpd.Actor(ctx), r.ID, r.PersonID, role); err != nil {
		return nil, err
	}
	return apigen.RemoveMember204Response{}, nil
}

func invitationView(s *accounts.SentInvitation) apigen.Invitation {
	inv := s.Invitation
	out := apigen.Invitation{
		ID: inv.ID, State: apigen.InvitationState(s.State), Version: inv.Version, CreatedAt: inv.CreatedAt, Organisation: organisationRef(s.Organisation),
		Email: inv.Email, Role: apigen.InvitationRole(inv.Role), GuardianID: some(inv.GuardianID), StudentID: some(inv.StudentID),
		ExpiresAt: inv.ExpiresAt, AcceptedAt: some[time.Time](inv.AcceptedAt),
	}
	if s.InvitedBy != nil {
		out.InvitedBy = &apigen.PersonRef{ID: s.InvitedBy.ID, FullName: s.InvitedBy.FullName}
	}
	return out
}
