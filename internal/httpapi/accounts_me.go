package httpapi

import (
	"context"
	"time"

	"github.com/oapi-codegen/runtime/types"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/httpapi/apigen"
	"github.com/orynda/orynda/internal/httpd"
	"github.com/orynda/orynda/internal/i18n"
)

// GetMe answers getMe.
func (a *AccountsAPI) GetMe(ctx context.Context, _ apigen.GetMeRequestObject) (apigen.GetMeResponseObject, error) {
	me, err := a.Accounts.Me(ctx, httpd.Actor(ctx))
	if err != nil {
		return nil, err
	}
	view, err := a.me(ctx, me)
	return apigen.GetMe200JSONResponse(view), err
}

// UpdateMe answers updateMe.
func (a *AccountsAPI) UpdateMe(ctx context.Context, r apigen.UpdateMeRequestObject) (apigen.UpdateMeResponseObject, error) {
	expect, err := httpd.Expected(r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	me, err := a.Accounts.UpdateMe(ctx, httpd.Actor(ctx), personChange(*r.Body), expect)
	if err != nil {
		return nil, err
	}
	view, err := a.me(ctx, me)
	return apigen.UpdateMe200JSONResponse(view), err
}

func personChange(b apigen.UpdateMeRequest) accounts.PersonChange {
	out := accounts.PersonChange{FullName: b.FullName, Locale: (*i18n.Lang)(b.Locale)}
	if p := b.Profile; p != nil {
		out.IIN, out.Phone, out.Address, out.Region, out.City = p.Iin, p.Phone, p.Address, p.Region, p.City
		out.Languages, out.About = p.Languages, p.About
		if p.BirthDate != nil {
			day := cal.Day(p.BirthDate.Format(time.DateOnly))
			out.BirthDate = &day
		}
	}
	return out
}

// PreviewDeletion answers previewDeletion.
func (a *AccountsAPI) PreviewDeletion(ctx context.Context, _ apigen.PreviewDeletionRequestObject) (apigen.PreviewDeletionResponseObject, error) {
	would, err := a.Accounts.PreviewDeletion(ctx, httpd.Actor(ctx))
	if err != nil {
		return nil, err
	}
	lang := httpd.Lang(ctx)
	out := apigen.PreviewDeletion200JSONResponse{Blocked: []apigen.DeletionNote{}, Kept: []apigen.DeletionNote{}}
	for _, code := range would.Blocked {
		out.Blocked = append(out.Blocked, apigen.DeletionNote{Code: code, Detail: a.Catalogue.Say(lang, "error."+code, nil)})
	}
	for _, k := range would.Kept {
		out.Kept = append(out.Kept, apigen.DeletionNote{Code: k.Code, Detail: a.Catalogue.Say(lang, "retained."+k.Code, nil), Source: some(k.Source)})
	}
	return out, nil
}

// DeleteMe answers deleteMe.
func (a *AccountsAPI) DeleteMe(ctx context.Context, _ apigen.DeleteMeRequestObject) (apigen.DeleteMeResponseObject, error) {
	if err := a.Accounts.DeleteMe(ctx, httpd.Actor(ctx)); err != nil {
		return nil, err
	}
	return apigen.DeleteMe204Response{}, nil
}

// ExportMe answers exportMe.
func (a *AccountsAPI) ExportMe(ctx context.Context, _ apigen.ExportMeRequestObject) (apigen.ExportMeResponseObject, error) {
	out, err := a.Export(ctx)
	if err != nil {
		return nil, err
	}
	return apigen.ExportMe200JSONResponse(out), nil
}

// Export gathers everything kept about who is signed in in the request, in the one shape that it is given away in: here and on the site. Its refusals are
// those of [accounts.Service.ExportMe].
func (a *AccountsAPI) Export(ctx context.Context) (apigen.PersonalExport, error) {
	export, err := a.Accounts.ExportMe(ctx, httpd.Actor(ctx))
	if err != nil {
		return apigen.PersonalExport{}, err
	}
	me, err := a.me(ctx, export.Me)
	if err != nil {
		return apigen.PersonalExport{}, err
	}
	out := apigen.PersonalExport{
		GeneratedAt: export.GeneratedAt, Me: me,
		Sessions: sessionViews(export.Sessions, httpd.Actor(ctx).SessionID), Records: []apigen.PersonalRecord{},
	}
	for _, r := range export.Records {
		out.Records = append(out.Records, apigen.PersonalRecord{Kind: r.Kind, ID: r.ID, CreatedAt: r.CreatedAt, Data: r.Data})
	}
	return out, nil
}

// ListSessions answers listSessions.
func (a *AccountsAPI) ListSessions(ctx context.Context, r apigen.ListSessionsRequestObject) (apigen.ListSessionsResponseObject, error) {
	after, limit, err := cursorOf(r.Params.Cursor, r.Params.Limit)
	if err != nil {
		return nil, err
	}
	actor := httpd.Actor(ctx)
	page, err := a.Accounts.Sessions(ctx, actor, after, limit)
	if err != nil {
		return nil, err
	}
	return apigen.ListSessions200JSONResponse{
		Items: sessionViews(page.Items, actor.SessionID), NextCursor: some(page.Next.String()),
	}, nil
}

// EndSession answers endSession.
func (a *AccountsAPI) EndSession(ctx context.Context, r apigen.EndSessionRequestObject) (apigen.EndSessionResponseObject, error) {
	if err := a.Accounts.EndSession(ctx, httpd.Actor(ctx), r.ID); err != nil {
		return nil, err
	}
	return apigen.EndSession204Response{}, nil
}

func sessionViews(sessions []*accounts.Session, current string) []apigen.Session {
	out := make([]apigen.Session, 0, len(sessions))
	for _, s := range sessions {
		out = append(out, apigen.Session{
			ID: s.ID, State: apigen.SessionStateActive, Version: s.Version, CreatedAt: s.CreatedAt, Device: some(s.Device),
			LastUsedAt: s.LastUsedAt, ExpiresAt: s.ExpiresAt, Current: s.ID == current,
		})
	}
	return out
}

// me is the person as one sees oneself, completed from the directory.
func (a *AccountsAPI) me(ctx context.Context, me *accounts.Me) (apigen.Me, error) {
	p := me.Person
	out := apigen.Me{
		ID: p.ID, State: apigen.MeStateUnverified, Version: p.Version, CreatedAt: p.CreatedAt, Email: p.Email, EmailVerified: p.EmailProved(),
		FullName: p.FullName, Locale: apigen.Locale(p.Locale), Profile: a.profile(me, httpd.Lang(ctx)), GuardianRequired: me.GuardianRequired,
		Memberships: []apigen.Membership{}, Guardians: []apigen.Guardian{}, Wards: []apigen.Ward{},
	}
	if p.EmailProved() {
		out.State = apigen.MeStateActive
	}
	if role := apigen.AccountRole(p.Role); role.Valid() { // who came by invitation registered as nothing
		out.Role = &role
	}
	for _, m := range me.Memberships {
		out.Memberships = append(out.Memberships, apigen.Membership{
			Organisation: organisationRef(m.Organisation), Role: apigen.MembershipRole(m.Membership.Role),
		})
	}
	return out, a.fromDirectory(ctx, p.ID, &out)
}

func (a *AccountsAPI) fromDirectory(ctx context.Context, personID string, out *apigen.Me) (err error) {
	if a.Enrolment != nil {
		if out.Enrolment, err = a.Enrolment(ctx, personID); err != nil {
			return err
		}
	}
	if a.Guardians != nil {
		guardians, err := a.Guardians(ctx, personID)
		if err != nil {
			return err
		}
		out.Guardians = append(out.Guardians, guardians...)
	}
	if a.Wards != nil {
		wards, err := a.Wards(ctx, personID)
		if err != nil {
			return err
		}
		out.Wards = append(out.Wards, wards...)
	}
	return nil
}

func (a *AccountsAPI) profile(me *accounts.Me, lang i18n.Lang) apigen.Profile {
	p := me.Person
	city := p.City
	if a.CityName != nil && city != "" {
		city = a.CityName(p.Region, city, lang)
	}
	out := apigen.Profile{
		Iin: some(me.Identity.IIN), Phone: some(me.Identity.Phone), Address: some(me.Identity.Address),
		Region: some(p.Region), City: some(city), About: some(p.About),
	}
	if born := me.Identity.BirthDate; born.Valid() {
		year, month, day := born.Date()
		out.BirthDate = &types.Date{Time: time.Date(year, month, day, 0, 0, 0, 0, time.UTC)}
	}
	if len(p.Languages) > 0 {
		out.Languages = &p.Languages
	}
	return out
}

func organisationRef(o accounts.OrganisationRef) apigen.OrganisationRef {
	return apigen.OrganisationRef{ID: o.ID, Name: o.Name, Kind: apigen.OrganisationKind(o.Kind)}
}
