package accounts

import (
	"context"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/storage"
)

// InvitationRequest is what a member who runs an organisation invites with.
type InvitationRequest struct {
	Email string
	Role  OrgRole
	// The rest is always and only there with RoleGuardian.
	StudentID string
	FullName  string
	Phone     string
	Ground    string // parent, adoptive_parent or guardian
}

// GuardianInvitation is a college's invitation of a student's guardian, for [Service.NameGuardian].
type GuardianInvitation struct {
	CollegeID string
	StudentID string
	Email     string // normalised
	FullName  string
	Phone     string // international form
	Ground    string
}

// SentInvitation is an invitation as those who may invite see it.
type SentInvitation struct {
	Invitation   *Invitation
	State        InvitationState
	Organisation OrganisationRef
	InvitedBy    *Person // nil when the system invited, or the inviter is gone
}

// CreateInvitation invites a member or, for a college, a student's guardian (createInvitation). It answers what [Service.Invite] answers,
// and errs.Unprocessable contact_shared, not_own_student (from the guardian's naming), validation_failed (guardian fields missing or not wanted).
func (s *Service) CreateInvitation(ctx context.Context, by Actor, organisationID string, in InvitationRequest) (*SentInvitation, error) {
	org, err := s.permitManaging(ctx, by, "createInvitation", organisationID, Visible)
	if err != nil {
		return nil, err
	}
	if err := checkGuardianFields(&in, org.Kind, s.NameGuardian != nil); err != nil {
		return nil, err
	}
	var inv *Invitation
	err = s.db.Tx(ctx, func(ctx context.Context) (err error) {
		if in.Role == RoleGuardian {
			inv, err = s.NameGuardian(ctx, by, GuardianInvitation{
				CollegeID: org.ID, StudentID: in.StudentID, Email: in.Email, FullName: in.FullName, Phone: in.Phone, Ground: in.Ground,
			})
			return err
		}
		inviter, err := s.Person(ctx, by.PersonID)
		if err != nil {
			return err
		}
		inv, err = s.Invite(ctx, by, NewInvitation{
			Email: in.Email, OrganisationID: org.ID, Kind: org.Kind, Role: in.Role, Locale: inviter.Locale,
		})
		return err
	})
	if err != nil {
		return nil, err
	}
	return s.sent(ctx, inv, org)
}

// permitManaging decides whether the actor may run an organisation. Who has no relation to it gets other: Visible to things one may know of, nothing
// to hidden ones. A missing organisation is errs.NotFound not_found; the platform's members are not managed this way.
func (s *Service) permitManaging(ctx context.Context, by Actor, operation, organisationID string, other ...Relation) (OrganisationRef, error) {
	if by.Anonymous() {
		return OrganisationRef{}, s.policy.Permit(by, operation)
	}
	org, err := s.organisation(ctx, organisationID, kindFor(by, organisationID))
	if storage.IsNotFound(err) || (err == nil && org.Kind == KindPlatform) {
		return org, notFound()
	}
	if err != nil {
		return org, err
	}
	have := append(by.RelationsTo(org.Kind, org.ID), other...)
	return org, s.policy.Permit(by, operation, have...)
}

// kindFor is the kind of an organisation as the actor's memberships know it.
func kindFor(by Actor, organisationID string) OrgKind {
	for _, m := range by.Memberships {
		if m.OrganisationID == organisationID {
			return m.Kind
		}
	}
	return ""
}

// checkGuardianFields wants the guardian's fields with that role of a college and not otherwise.
func checkGuardianFields(in *InvitationRequest, kind OrgKind, canName bool) error {
	var bad []errs.Field
	guardian := in.Role == RoleGuardian
	if guardian && (kind != KindCollege || !canName) {
		return errs.New(errs.Unprocessable, "role_not_offered").WithFields(errs.Field{Field: "role", Code: "role_not_offered"})
	}
	email, ok := NormalEmail(in.Email)
	if !ok {
		bad = append(bad, errs.Field{Field: "email", Code: "bad_format"})
	}
	in.Email = email
	for _, f := range []struct{ name, value string }{
		{"student_id", in.StudentID}, {"full_name", in.FullName}, {"phone", in.Phone}, {"ground", in.Ground},
	} {
		switch {
		case guardian && f.value == "":
			bad = append(bad, errs.Field{Field: f.name, Code: "required"})
		case !guardian && f.value != "":
			bad = append(bad, errs.Field{Field: f.name, Code: "not_allowed"})
		}
	}
	if guardian && len(bad) == 0 {
		var wrong []errs.Field
		if in.FullName, wrong = normalName(in.FullName); wrong != nil {
			bad = append(bad, wrong...)
		}
		if in.Phone, ok = NormalPhone(in.Phone); !ok {
			bad = append(bad, errs.Field{Field: "phone", Code: "phone_malformed"})
		}
	}
	return invalid(bad)
}

// sent adds to an invitation what its sender sees.
func (s *Service) sent(ctx context.Context, inv *Invitation, org OrganisationRef) (*SentInvitation, error) {
	out := &SentInvitation{Invitation: inv, State: inv.StateAt(s.clock.Now()), Organisation: org}
	if inv.InvitedBy == "" {
		return out, nil
	}
	p, err := s.Person(ctx, inv.InvitedBy)
	if err != nil && !storage.IsNotFound(err) {
		return nil, err
	}
	if err == nil && !p.Deleted() {
		out.InvitedBy = p
	}
	return out, nil
}

// Invitations lists an organisation's invitations, newest first; without a state the open ones (listInvitations).
func (s *Service) Invitations(ctx context.Context, by Actor, organisationID string, state InvitationState, after storage.Cursor, limit int) (storage.Page[*SentInvitation], error) {
	out := storage.Page[*SentInvitation]{}
	org, err := s.permitManaging(ctx, by, "listInvitations", organisationID)
	if err != nil {
		return out, err
	}
	page, err := s.invitations.Page(ctx, s.invitationQuery(org.ID, state).From(after).Take(limit))
	if err != nil {
		return out, err
	}
	out.Next = page.Next
	for _, inv := range page.Items {
		sent, err := s.sent(ctx, inv, org)
		if err != nil {
			return out, err
		}
		out.Items = append(out.Items, sent)
	}
	return out, nil
}

func (s *Service) invitationQuery(organisationID string, state InvitationState) storage.Query {
	q := storage.Where(storage.Eq("organisation", organisationID)).ByDesc("")
	now := s.clock.Now()
	switch state {
	case "", InvitationOpen:
		q.Where = append(q.Where, storage.Eq("state", InvitationOpen), storage.Gt("expires", now))
	case InvitationExpired:
		q.Where = append(q.Where, storage.Eq("state", InvitationOpen), storage.Lte("expires", now))
	default:
		q.Where = append(q.Where, storage.Eq("state", state))
	}
	return q
}

// WithdrawInvitation makes a link stop working; a guardian whom it named is no longer named (withdrawInvitation). One already withdrawn or expired
// is fine. It answers errs.Conflict invitation_used; errs.NotFound not_found for another organisation's.
func (s *Service) WithdrawInvitation(ctx context.Context, by Actor, organisationID, invitationID string) error {
	if _, err := s.permitManaging(ctx, by, "withdrawInvitation", organisationID, Visible); err != nil {
		return err
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		inv, err := s.invitations.Lock(ctx, invitationID)
		if storage.IsNotFound(err) || (err == nil && inv.OrganisationID != organisationID) {
			return notFound()
		}
		if err != nil {
			return err
		}
		switch inv.State {
		case InvitationAccepted:
			return errs.New(errs.Conflict, "invitation_used")
		case InvitationWithdrawn:
			return nil
		}
		inv.State = InvitationWithdrawn
		if err := s.invitations.Save(ctx, inv); err != nil {
			return err
		}
		data := map[string]string{"invitation_id": inv.ID, "role": string(inv.Role)}
		if err := s.append(ctx, by, "organisation:"+organisationID, "invitation.withdrawn", data); err != nil {
			return err
		}
		if s.OnInvitationWithdrawn == nil {
			return nil
		}
		return s.OnInvitationWithdrawn(ctx, inv)
	})
}
