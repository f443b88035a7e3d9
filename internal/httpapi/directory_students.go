package httpapi

import (
	"context"
	"io"

	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/httpapi/apigen"
	"github.com/orynda/orynda/internal/httpd"
)

// ClaimEnrolment answers claimEnrolment.
func (a *DirectoryAPI) ClaimEnrolment(
	ctx context.Context, r apigen.ClaimEnrolmentRequestObject,
) (apigen.ClaimEnrolmentResponseObject, error) {
	v, err := a.Directory.ClaimEnrolment(ctx, httpd.Actor(ctx), directory.Claim{
		CollegeID: r.Body.CollegeID, Group: r.Body.Group, IIN: r.Body.Iin, BirthDate: dayIn(&r.Body.BirthDate),
	})
	if err != nil {
		return nil, err
	}
	return apigen.ClaimEnrolment201JSONResponse(enrolment(v, false)), nil
}

// ConfirmEnrolment answers confirmEnrolment.
func (a *DirectoryAPI) ConfirmEnrolment(
	ctx context.Context, r apigen.ConfirmEnrolmentRequestObject,
) (apigen.ConfirmEnrolmentResponseObject, error) {
	var st directory.Studies
	if b := r.Body; b != nil {
		st = directory.Studies{
			Group: deref(b.Group), Course: deref(b.Course), SpecialtyCode: deref(b.SpecialtyCode), QualificationCode: deref(b.QualificationCode),
			ProgrammeCode: deref(b.ProgrammeCode), EnrolledOn: dayIn(b.EnrolledOn), OrderNumber: deref(b.OrderNumber),
		}
	}
	v, err := a.Directory.ConfirmEnrolment(ctx, httpd.Actor(ctx), r.ID, st)
	if err != nil {
		return nil, err
	}
	return apigen.ConfirmEnrolment200JSONResponse(enrolment(v, true)), nil
}

// EndEnrolment answers endEnrolment.
func (a *DirectoryAPI) EndEnrolment(ctx context.Context, r apigen.EndEnrolmentRequestObject) (apigen.EndEnrolmentResponseObject, error) {
	var in directory.Ending
	if b := r.Body; b != nil {
		in = directory.Ending{Reason: string(deref(b.Reason)), Comment: deref(b.Comment), EndedOn: dayIn(b.EndedOn)}
	}
	v, err := a.Directory.EndEnrolment(ctx, httpd.Actor(ctx), r.ID, in)
	if err != nil {
		return nil, err
	}
	return apigen.EndEnrolment200JSONResponse(enrolment(v, true)), nil
}

// enrolment shows an enrolment; the name is for the coordinator.
func enrolment(v *directory.EnrolmentView, named bool) apigen.Enrolment {
	e := &v.Enrolment
	out := apigen.Enrolment{
		ID: e.ID, State: apigen.EnrolmentState(e.State), Version: e.Version, CreatedAt: e.CreatedAt, StudentID: e.PersonID,
		College: apigen.OrganisationRef{ID: v.College.ID, Name: v.College.Name, Kind: apigen.OrganisationKind(v.College.Kind)},
		Group:   e.Group, Course: some(e.Course), SpecialtyCode: some(e.SpecialtyCode), QualificationCode: some(e.QualificationCode),
		ProgrammeCode: some(e.ProgrammeCode), StudyForm: some(e.StudyForm), EnrolledOn: dateOrNil(e.EnrolledOn), OrderNumber: some(e.OrderNumber),
		ConfirmedAt: some(e.ConfirmedAt), EndedOn: dateOrNil(e.EndedOn), EndReason: some(apigen.EnrolmentEndReason(e.EndReason)),
	}
	if named {
		out.FullName = some(e.FullName)
	}
	return out
}

// NameGuardian answers nameGuardian.
func (a *DirectoryAPI) NameGuardian(ctx context.Context, r apigen.NameGuardianRequestObject) (apigen.NameGuardianResponseObject, error) {
	g, err := a.Directory.NameGuardian(ctx, httpd.Actor(ctx), directory.GuardianInput{
		FullName: r.Body.FullName, Email: r.Body.Email, Phone: r.Body.Phone, Ground: string(r.Body.Ground),
	})
	if err != nil {
		return nil, err
	}
	return apigen.NameGuardian201JSONResponse(guardian(g)), nil
}

// ConfirmGuardian answers confirmGuardian.
func (a *DirectoryAPI) ConfirmGuardian(
	ctx context.Context, r apigen.ConfirmGuardianRequestObject,
) (apigen.ConfirmGuardianResponseObject, error) {
	var comment string
	if r.Body != nil {
		comment = deref(r.Body.Comment)
	}
	g, err := a.Directory.ConfirmGuardian(ctx, httpd.Actor(ctx), r.ID, comment)
	if err != nil {
		return nil, err
	}
	return apigen.ConfirmGuardian200JSONResponse(guardian(g)), nil
}

// RefuseGuardian answers refuseGuardian.
func (a *DirectoryAPI) RefuseGuardian(
	ctx context.Context, r apigen.RefuseGuardianRequestObject,
) (apigen.RefuseGuardianResponseObject, error) {
	g, err := a.Directory.RefuseGuardian(ctx, httpd.Actor(ctx), r.ID, r.Body.Reason)
	if err != nil {
		return nil, err
	}
	return apigen.RefuseGuardian200JSONResponse(guardian(g)), nil
}

func guardian(v *directory.GuardianView) apigen.Guardian {
	return apigen.Guardian{
		ID: v.ID, State: apigen.GuardianState(v.State), Version: v.Version, CreatedAt: v.CreatedAt, StudentID: v.WardID, PersonID: some(v.PersonID),
		FullName: v.FullName, Email: v.Email, Phone: v.Phone, Ground: apigen.GuardianGround(v.Ground), AcceptedAt: some(v.AcceptedAt),
		ConfirmedAt: some(v.ConfirmedAt), RefusalReason: some(v.RefusalReason),
	}
}

// OwnEnrolment shows a person's live enrolment for getMe; nil without one.
func (a *DirectoryAPI) OwnEnrolment(ctx context.Context, personID string) (*apigen.Enrolment, error) {
	v, err := a.Directory.OwnEnrolment(ctx, personID)
	if err != nil || v == nil {
		return nil, err
	}
	out := enrolment(v, false)
	return &out, nil
}

// OwnGuardians shows the guardians named for a person, for getMe.
func (a *DirectoryAPI) OwnGuardians(ctx context.Context, personID string) ([]apigen.Guardian, error) {
	list, err := a.Directory.Guardians(ctx, personID)
	if err != nil {
		return nil, err
	}
	out := make([]apigen.Guardian, 0, len(list))
	for _, g := range list {
		v, err := a.Directory.GuardianView(g)
		if err != nil {
			return nil, err
		}
		out = append(out, guardian(v))
	}
	return out, nil
}

// OwnWards shows whose guardian a person is, for getMe.
func (a *DirectoryAPI) OwnWards(ctx context.Context, personID string) ([]apigen.Ward, error) {
	list, err := a.Directory.NamedWards(ctx, personID)
	if err != nil {
		return nil, err
	}
	out := make([]apigen.Ward, 0, len(list))
	for _, w := range list {
		out = append(out, apigen.Ward{
			StudentID: w.Ward.ID, FullName: w.Ward.FullName, GuardianID: w.Guardian.ID, State: apigen.GuardianState(w.Guardian.State),
		})
	}
	return out, nil
}

// ImportRoster answers importRoster.
func (a *DirectoryAPI) ImportRoster(ctx context.Context, r apigen.ImportRosterRequestObject) (apigen.ImportRosterResponseObject, error) {
	// One byte more than allowed is enough to know.
	file, err := io.ReadAll(io.LimitReader(r.Body, directory.MaxRosterBytes+1))
	if err != nil {
		return nil, errs.New(errs.Invalid, "bad_request").WithCause(err)
	}
	imp, err := a.Directory.ImportRoster(ctx, httpd.Actor(ctx), r.ID, file, directory.ImportOptions{
		Replace: deref(r.Params.Mode) == "replace", DryRun: deref(r.Params.DryRun),
	})
	if err != nil {
		return nil, err
	}
	out := apigen.ImportRoster200JSONResponse{
		ID: imp.ID, State: apigen.RosterImportState(imp.State), Version: imp.Version, CreatedAt: imp.CreatedAt, Rows: imp.Rows, Created: imp.Created,
		Updated: imp.Updated, Unchanged: imp.Unchanged, Linked: imp.Linked, Ended: imp.Ended, Errors: []apigen.RosterImportError{},
	}
	for _, bad := range imp.Errors {
		key := "field." + bad.Code
		if !a.Catalogue.Has(key) {
			key = "error." + bad.Code
		}
		out.Errors = append(out.Errors, apigen.RosterImportError{
			Row: bad.Row, Column: bad.Column, Code: bad.Code, Message: a.Catalogue.Say(httpd.Lang(ctx), key, bad.Params),
		})
	}
	return out, nil
}

// ListRoster answers listRoster.
func (a *DirectoryAPI) ListRoster(ctx context.Context, r apigen.ListRosterRequestObject) (apigen.ListRosterResponseObject, error) {
	p := r.Params
	after, limit, err := cursorOf(p.Cursor, p.Limit)
	if err != nil {
		return nil, err
	}
	page, err := a.Directory.ListRoster(ctx, httpd.Actor(ctx), r.ID, directory.RosterFilter{
		Q: deref(p.Q), Group: deref(p.Group), State: string(deref(p.State)), EnrolmentState: directory.EnrolmentState(deref(p.EnrolmentState)),
		GuardianState: directory.GuardianState(deref(p.GuardianState)), Under18: p.Under18,
	}, after, limit)
	if err != nil {
		return nil, err
	}
	out := apigen.ListRoster200JSONResponse{Items: []apigen.RosterRow{}, NextCursor: some(page.Next.String())}
	for _, row := range page.Items {
		out.Items = append(out.Items, rosterRow(row))
	}
	return out, nil
}

func rosterRow(r *directory.RosterRow) apigen.RosterRow {
	st := r.Studies
	out := apigen.RosterRow{
		ID: r.ID, State: apigen.StudentState(r.State), Version: r.Version, CreatedAt: r.CreatedAt, InRoster: r.InRoster,
		Match: some(apigen.RosterRowMatch(r.Match)), FullName: r.FullName, IinMasked: some(r.IINMasked), BirthDate: dateOrNil(r.BirthDate),
		Under18: r.Under18, Group: st.Group, Course: some(st.Course), SpecialtyCode: some(st.SpecialtyCode),
		QualificationCode: some(st.QualificationCode), ProgrammeCode: some(st.ProgrammeCode), StudyForm: some(st.StudyForm),
		Email: some(r.Email), Phone: some(r.Phone), EnrolledOn: dateOrNil(st.EnrolledOn), OrderNumber: some(st.OrderNumber),
		EnrolmentID: some(r.EnrolmentID), EnrolmentState: apigen.RosterEnrolmentState(r.EnrolmentState), StudentID: some(r.PersonID),
		Guardians: []apigen.Guardian{},
	}
	for _, g := range r.Guardians {
		out.Guardians = append(out.Guardians, guardian(g))
	}
	return out
}
