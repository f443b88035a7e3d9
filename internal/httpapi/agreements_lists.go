package httpapi

import (
	"bytes"
	"context"

	"github.com/orynda/orynda/internal/agreements"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/httpapi/apigen"
	"github.com/orynda/orynda/internal/httpd"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/placements/rules"
)

// ListAgreements answers listAgreements.
func (a *AgreementsAPI) ListAgreements(ctx context.Context, r apigen.ListAgreementsRequestObject) (apigen.ListAgreementsResponseObject, error) {
	p := r.Params
	cursor, limit, err := cursorOf(p.Cursor, p.Limit)
	if err != nil {
		return nil, err
	}
	f := agreements.Filter{
		WaitingFor: agreements.Party(deref(p.WaitingFor)), Regime: rules.Regime(deref(p.Regime)), PlacementID: deref(p.PlacementID),
		ApplicationID: deref(p.ApplicationID), StudentID: deref(p.StudentID), EnterpriseID: deref(p.EnterpriseID), CollegeID: deref(p.CollegeID),
		Number: deref(p.Number), StartsFrom: dayIn(p.StartsFrom), StartsTo: dayIn(p.StartsTo), Cursor: cursor, Limit: limit,
	}
	for _, s := range deref(p.State) {
		f.States = append(f.States, agreements.State(s))
	}
	page, err := a.Agreements.List(ctx, httpd.Actor(ctx), f)
	if err != nil {
		return nil, err
	}
	out := apigen.ListAgreements200JSONResponse{Items: make([]apigen.AgreementSummary, 0, len(page.Items)), NextCursor: some(page.Next.String())}
	for _, s := range page.Items {
		out.Items = append(out.Items, agreementSummary(s))
	}
	return out, nil
}

func agreementSummary(s *agreements.Summary) apigen.AgreementSummary {
	g := s.Agreement
	out := apigen.AgreementSummary{
		ID: g.ID, State: apigen.AgreementState(g.State), Version: g.Version, CreatedAt: g.CreatedAt, UpdatedAt: g.UpdatedAt,
		Regime: apigen.PlacementRegime(g.Regime), Number: some(g.Number), Revision: g.Revision, PlacementID: g.PlacementID,
		PlacementTitle: textsOrNil(g.PlacementTitle), PlacementReference: some(g.PlacementReference), ApplicationID: g.ApplicationID, MatchID: g.MatchID,
		StudentID: g.StudentID, StudentName: g.StudentName, EnterpriseID: g.EnterpriseID, EnterpriseName: g.EnterpriseName, CollegeID: g.CollegeID,
		CollegeName: g.CollegeName, ChamberID: some(g.ChamberID), StartsOn: dateOf(g.Terms.StartsOn), EndsOn: dateOf(g.Terms.EndsOn),
		ConcludedAt: timeOf(g.ConcludedAt), WaitingFor: waitingOut(s.Waiting), MissingCount: s.Missing,
	}
	if g.Document != nil {
		out.DocumentSha256 = &g.Document.SHA256
	}
	if g.Registration != nil {
		out.RegistrationNumber = &g.Registration.Number
	}
	if g.State == agreements.Concluded {
		out.RegistrationUntil = dateOrNil(g.RegisterBy)
	}
	return out
}

// ListRevisions answers listRevisions.
func (a *AgreementsAPI) ListRevisions(ctx context.Context, r apigen.ListRevisionsRequestObject) (apigen.ListRevisionsResponseObject, error) {
	cursor, limit, err := cursorOf(r.Params.Cursor, r.Params.Limit)
	if err != nil {
		return nil, err
	}
	lang := httpd.Lang(ctx)
	page, err := a.Agreements.ListRevisions(ctx, httpd.Actor(ctx), r.ID, lang, cursor, limit)
	if err != nil {
		return nil, err
	}
	out := apigen.ListRevisions200JSONResponse{Items: make([]apigen.AgreementRevision, 0, len(page.Items)), NextCursor: some(page.Next.String())}
	for _, v := range page.Items {
		rev := v.Revision
		item := apigen.AgreementRevision{
			Revision: rev.Number, Current: v.Current, Cause: apigen.AgreementRevisionCause(rev.Cause), Reason: some(a.reason(rev.Reason, lang)), CreatedAt: rev.CreatedAt,
			StartedBy: apigen.AgreementRevisionStartedBy(rev.StartedBy), Person: some(rev.Person), PersonID: some(rev.PersonID),
			ReadyAt: timeOf(rev.ReadyAt), DocumentSha256: some(rev.SHA256), Changes: make([]apigen.AgreementChange, 0, len(v.Changes)),
			VoidedSignatures: a.signatures(rev.Voided, lang),
		}
		for _, c := range v.Changes {
			item.Changes = append(item.Changes, apigen.AgreementChange{
				Field: c.Field, Label: c.Label, Before: some(c.Before), After: some(c.After), Party: apigen.AgreementChangeParty(c.Party),
				Person: some(c.Person), PersonID: some(c.PersonID), At: c.At,
			})
		}
		out.Items = append(out.Items, item)
	}
	return out, nil
}

// GetTimeline answers getTimeline.
func (a *AgreementsAPI) GetTimeline(ctx context.Context, r apigen.GetTimelineRequestObject) (apigen.GetTimelineResponseObject, error) {
	cursor, limit, err := cursorOf(r.Params.Cursor, r.Params.Limit)
	if err != nil {
		return nil, err
	}
	page, err := a.Agreements.Timeline(ctx, httpd.Actor(ctx), r.ID, httpd.Lang(ctx), cursor, limit)
	if err != nil {
		return nil, err
	}
	out := apigen.GetTimeline200JSONResponse{Items: make([]apigen.TimelineEntry, 0, len(page.Items)), NextCursor: some(page.Next.String())}
	for _, e := range page.Items {
		out.Items = append(out.Items, apigen.TimelineEntry{
			ID: e.ID, At: e.At, Kind: apigen.TimelineEntryKind(e.Kind), Party: apigen.TimelineEntryParty(e.Party), Person: some(e.Person),
			PersonID: some(e.PersonID), Revision: e.Revision, State: apigen.AgreementState(e.State), Reason: some(e.Reason), Text: e.Text, Hash: e.Hash,
		})
	}
	return out, nil
}

// ListRegister answers listRegister: a page, or the whole as a file.
func (a *AgreementsAPI) ListRegister(ctx context.Context, r apigen.ListRegisterRequestObject) (apigen.ListRegisterResponseObject, error) {
	p := r.Params
	cursor, limit, err := cursorOf(p.Cursor, p.Limit)
	if err != nil {
		return nil, err
	}
	f := agreements.RegisterFilter{
		Year: deref(p.Year), From: dayIn(p.RegisteredFrom), To: dayIn(p.RegisteredTo), State: agreements.State(deref(p.State)),
		CollegeID: deref(p.CollegeID), EnterpriseID: deref(p.EnterpriseID), Number: deref(p.Number), Cursor: cursor, Limit: limit,
	}
	actor := httpd.Actor(ctx)
	if format := deref(p.Format); format == apigen.ListRegisterParamsFormatCsv || format == apigen.ListRegisterParamsFormatXlsx {
		file, err := a.Agreements.ExportRegister(ctx, actor, r.ID, f, string(format), httpd.Lang(ctx))
		if err != nil {
			return nil, err
		}
		return registerFile(file, format), nil
	}
	page, err := a.Agreements.ListRegister(ctx, actor, r.ID, f)
	if err != nil {
		return nil, err
	}
	out := apigen.RegisterEntryList{Items: make([]apigen.RegisterEntry, 0, len(page.Items)), NextCursor: some(page.Next.String())}
	for _, e := range page.Items {
		out.Items = append(out.Items, registerEntry(e))
	}
	return apigen.ListRegister200JSONResponse{Body: out, Headers: apigen.ListRegister200ResponseHeaders{ContentDisposition: "inline"}}, nil
}

func registerFile(file *agreements.File, format apigen.ListRegisterParamsFormat) apigen.ListRegisterResponseObject {
	headers := apigen.ListRegister200ResponseHeaders{ContentDisposition: attachment(file.Name)}
	body, size := bytes.NewReader(file.Body), int64(len(file.Body))
	if format == apigen.ListRegisterParamsFormatCsv {
		return apigen.ListRegister200TextCsvResponse{Body: body, Headers: headers, ContentLength: size}
	}
	return apigen.ListRegister200ApplicationVndOpenxmlformatsOfficedocumentSpreadsheetmlSheetResponse{Body: body, Headers: headers, ContentLength: size}
}

func registerEntry(e agreements.RegisterEntry) apigen.RegisterEntry {
	g, p := e.Agreement, e.Parties
	completed, terminated := g.EndedOn()
	out := apigen.RegisterEntry{
		ID: g.Registration.ID, State: apigen.AgreementState(g.State), Version: g.Version, CreatedAt: g.Registration.At, Number: g.Registration.Number,
		RegisteredAt: g.Registration.At, RegisteredBy: some(g.Registration.Person), AgreementID: g.ID, AgreementNumber: g.Number,
		ConcludedOn: dateOf(cal.DayOf(g.ConcludedAt)), Region: g.Terms.Workplace.Region, EnterpriseID: g.EnterpriseID, EnterpriseName: p.Enterprise.Name,
		EnterpriseBin: some(p.Enterprise.BIN), EnterpriseIin: some(p.Enterprise.IIN), EnterpriseActivityCode: some(p.Enterprise.ActivityCode),
		CollegeID: g.CollegeID, CollegeName: p.College.Name, CollegeBin: p.College.BIN, StudentID: g.StudentID, StudentName: p.Student.FullName,
		StudentIin: some(p.Student.IIN), SpecialtyCode: some(p.Student.SpecialtyCode), QualificationCode: some(g.Terms.QualificationCode),
		StartsOn: dateOf(g.Terms.StartsOn), EndsOn: dateOf(g.Terms.EndsOn), WorkplaceAddress: g.Terms.Workplace.City + ", " + g.Terms.Workplace.Address,
		Signatures: marksOut(e.Marks()), CompletedOn: dateOrNil(completed), TerminatedOn: dateOrNil(terminated), Hired: e.Hired(),
	}
	if p.Mentor != nil {
		out.MentorName = some(p.Mentor.FullName)
	}
	if c := g.Terms.Compensation; c != nil {
		out.CompensationKind, out.CompensationAmount = apigen.PlacementCompensationKind(c.Kind), some(c.Amount)
	}
	return out
}

func marksOut(marks []agreements.Mark) []apigen.SignatureMark {
	out := make([]apigen.SignatureMark, 0, len(marks))
	for _, m := range marks {
		out = append(out, apigen.SignatureMark{
			Party: apigen.AgreementParty(m.Party), At: m.At, Channel: apigen.SigningChannel(m.Channel), Assurance: apigen.SignatureAssurance(m.Assurance),
		})
	}
	return out
}

// VerifyAgreement answers verifyAgreement, for anyone.
func (a *AgreementsAPI) VerifyAgreement(ctx context.Context, r apigen.VerifyAgreementRequestObject) (apigen.VerifyAgreementResponseObject, error) {
	v, err := a.Agreements.Verify(ctx, r.Code, deref(r.Params.DocumentSha256), httpd.Lang(ctx))
	if err != nil {
		return nil, err
	}
	g := v.Agreement
	out := apigen.VerifyAgreement200JSONResponse{
		VerificationCode: v.Code, Valid: v.Valid, State: apigen.AgreementState(g.State), Regime: apigen.PlacementRegime(g.Regime),
		StartsOn: dateOf(g.Terms.StartsOn), EndsOn: dateOf(g.Terms.EndsOn), DocumentMatches: v.Matches, Signatures: marksOut(v.Signatures),
		CheckedAt: v.CheckedAt, Organisations: make([]apigen.VerifiedOrganisation, 0, len(v.Organisations)),
	}
	for _, o := range v.Organisations {
		out.Organisations = append(out.Organisations, apigen.VerifiedOrganisation{
			Party: apigen.VerifiedOrganisationParty(o.Party), Name: o.Name, Bin: some(o.BIN),
		})
	}
	if v.SHA256 == "" {
		return out, nil
	}
	completed, terminated := g.EndedOn()
	out.Number, out.Revision, out.DocumentSha256 = some(g.Number), &g.Revision, &v.SHA256
	out.ConcludedOn, out.Assurance = dateOrNil(cal.DayOf(g.ConcludedAt)), some(apigen.SignatureAssurance(v.Assurance))
	out.CompletedOn, out.TerminatedOn = dateOrNil(completed), dateOrNil(terminated)
	if reg := g.Registration; reg != nil {
		out.RegistrationNumber, out.RegisteredOn = some(reg.Number), dateOrNil(cal.DayOf(reg.At))
	}
	return out, nil
}

// reason writes a reason that a person gave, or the words for one of the program's.
func (a *AgreementsAPI) reason(reason string, lang i18n.Lang) string {
	if key := "agreement.reason." + reason; reason != "" && a.Catalogue.Has(key) {
		return a.Catalogue.Say(lang, key, nil)
	}
	return reason
}
