package httpapi

import (
	"bytes"
	"context"
	"strings"

	"github.com/oapi-codegen/runtime/types"

	"github.com/orynda/orynda/internal/agreements"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/httpapi/apigen"
	"github.com/orynda/orynda/internal/httpd"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/placements/rules"
)

// AgreementsAPI answers the operations tagged agreements: reading, filling in and the steps of an agreement here; signatures in agreements_sign.go, lists
// and the register in agreements_lists.go, what is shown in agreements_view.go.
type AgreementsAPI struct {
	Agreements *agreements.Service
	Catalogue  *i18n.Catalogue // sentences of what is missing
}

// answer shows an agreement to who has just read or changed it.
func (a *AgreementsAPI) answer(ctx context.Context, got *agreements.Agreement, err error) (apigen.AgreementAnswerJSONResponse, error) {
	if err != nil {
		return apigen.AgreementAnswerJSONResponse{}, err
	}
	v, err := a.Agreements.ViewFor(ctx, httpd.Actor(ctx), got)
	if err != nil {
		return apigen.AgreementAnswerJSONResponse{}, err
	}
	return apigen.AgreementAnswerJSONResponse(a.agreement(ctx, v)), nil
}

// GetAgreement answers getAgreement.
func (a *AgreementsAPI) GetAgreement(ctx context.Context, r apigen.GetAgreementRequestObject) (apigen.GetAgreementResponseObject, error) {
	v, err := a.Agreements.Get(ctx, httpd.Actor(ctx), r.ID)
	if err != nil {
		return nil, err
	}
	return apigen.GetAgreement200JSONResponse{AgreementAnswerJSONResponse: apigen.AgreementAnswerJSONResponse(a.agreement(ctx, v))}, nil
}

// UpdateAgreement answers updateAgreement.
func (a *AgreementsAPI) UpdateAgreement(
	ctx context.Context, r apigen.UpdateAgreementRequestObject,
) (apigen.UpdateAgreementResponseObject, error) {
	expect, err := httpd.Expected(r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	got, err := a.Agreements.Update(ctx, httpd.Actor(ctx), r.ID, patchIn(r.Body), expect)
	out, err := a.answer(ctx, got, err)
	if err != nil {
		return nil, err
	}
	return apigen.UpdateAgreement200JSONResponse{AgreementAnswerJSONResponse: out}, nil
}

// patchIn reads what is to change.
func patchIn(b *apigen.UpdateAgreementRequest) agreements.Patch {
	p := agreements.Patch{
		SupervisorID: b.SupervisorID, ProfileReason: b.ProfileReason, WorkplaceID: b.WorkplaceID, MentorID: b.MentorID,
		StartsOn: dayOrNil(b.StartsOn), EndsOn: dayOrNil(b.EndsOn), Duties: b.Duties,
	}
	if c := b.Curriculum; c != nil {
		p.Curriculum = &agreements.Curriculum{Title: c.Title, Number: c.Number, Date: dayIn(&c.Date)}
	}
	if b.Schedule != nil {
		list := phasesIn(*b.Schedule)
		p.Schedule = &list
	}
	if b.Plan != nil {
		list := make([]agreements.PlanItem, 0, len(*b.Plan))
		for _, i := range *b.Plan {
			list = append(list, agreements.PlanItem{Name: i.Name, Hours: i.Hours, EnterpriseHours: i.EnterpriseHours, Kind: string(deref(i.Kind))})
		}
		p.Plan = &list
	}
	if e := b.Enrolment; e != nil {
		p.Enrolment = &agreements.Enrolment{
			OrderNumber: e.OrderNumber, OrderDate: dayIn(&e.OrderDate), Group: deref(e.Group), Course: deref(e.Course), StudyForm: deref(e.StudyForm),
			Funding: string(deref(e.Funding)), SpecialtyCode: deref(e.SpecialtyCode),
		}
	}
	if i := b.Insurance; i != nil {
		p.Insurance = &agreements.Insurance{Taken: i.Taken, Note: deref(i.Note)}
	}
	if c := b.Compensation; c != nil {
		p.Compensation = &agreements.Compensation{
			Kind: string(c.Kind), Amount: deref(c.Amount), Basis: deref(c.Basis), PaymentDay: deref(c.PaymentDay),
		}
	}
	if c := b.Contacts; c != nil {
		p.Contacts = &agreements.ContactsPatch{
			Phone: c.Phone, Address: c.Address, IDCardNumber: c.IDCardNumber, IDCardIssuedBy: c.IDCardIssuedBy, IDCardIssuedOn: dayOrNil(c.IDCardIssuedOn),
		}
	}
	if b.Languages != nil {
		list := make([]i18n.Lang, 0, len(*b.Languages))
		for _, l := range *b.Languages {
			list = append(list, i18n.Lang(l))
		}
		p.Languages = &list
	}
	return p
}

func phasesIn(in []apigen.AgreementScheduleEntry) []agreements.Phase {
	out := make([]agreements.Phase, 0, len(in))
	for _, e := range in {
		out = append(out, agreements.Phase{
			From: dayIn(&e.From), To: dayIn(&e.To), Weekdays: e.Weekdays, Minutes: agreements.MinutesOf(e.HoursPerDay), Where: agreements.Where(e.Where),
			DayFrom: deref(e.DayFrom), DayTo: deref(e.DayTo), Note: deref(e.Note),
		})
	}
	return out
}

// ReadyAgreement answers readyAgreement.
func (a *AgreementsAPI) ReadyAgreement(ctx context.Context, r apigen.ReadyAgreementRequestObject) (apigen.ReadyAgreementResponseObject, error) {
	expect, err := httpd.Expected(r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	got, err := a.Agreements.Ready(ctx, httpd.Actor(ctx), r.ID, expect)
	out, err := a.answer(ctx, got, err)
	if err != nil {
		return nil, err
	}
	return apigen.ReadyAgreement200JSONResponse{AgreementAnswerJSONResponse: out}, nil
}

// ReturnAgreement answers returnAgreement.
func (a *AgreementsAPI) ReturnAgreement(
	ctx context.Context, r apigen.ReturnAgreementRequestObject,
) (apigen.ReturnAgreementResponseObject, error) {
	got, err := a.Agreements.Return(ctx, httpd.Actor(ctx), r.ID, r.Body.Reason)
	out, err := a.answer(ctx, got, err)
	if err != nil {
		return nil, err
	}
	return apigen.ReturnAgreement200JSONResponse{AgreementAnswerJSONResponse: out}, nil
}

// CancelAgreement answers cancelAgreement.
func (a *AgreementsAPI) CancelAgreement(
	ctx context.Context, r apigen.CancelAgreementRequestObject,
) (apigen.CancelAgreementResponseObject, error) {
	got, err := a.Agreements.Cancel(ctx, httpd.Actor(ctx), r.ID, r.Body.Reason)
	out, err := a.answer(ctx, got, err)
	if err != nil {
		return nil, err
	}
	return apigen.CancelAgreement200JSONResponse{AgreementAnswerJSONResponse: out}, nil
}

// CompleteAgreement answers completeAgreement.
func (a *AgreementsAPI) CompleteAgreement(
	ctx context.Context, r apigen.CompleteAgreementRequestObject,
) (apigen.CompleteAgreementResponseObject, error) {
	in := agreements.ConfirmInput{Date: dayIn(&r.Body.Date), Reason: strings.TrimSpace(deref(r.Body.Reason)), Hired: r.Body.Hired}
	got, err := a.Agreements.Complete(ctx, httpd.Actor(ctx), r.ID, in)
	out, err := a.answer(ctx, got, err)
	if err != nil {
		return nil, err
	}
	return apigen.CompleteAgreement200JSONResponse{AgreementAnswerJSONResponse: out}, nil
}

// TerminateAgreement answers terminateAgreement.
func (a *AgreementsAPI) TerminateAgreement(
	ctx context.Context, r apigen.TerminateAgreementRequestObject,
) (apigen.TerminateAgreementResponseObject, error) {
	got, err := a.Agreements.Terminate(ctx, httpd.Actor(ctx), r.ID, r.Body.Reason, dayIn(&r.Body.Date))
	out, err := a.answer(ctx, got, err)
	if err != nil {
		return nil, err
	}
	return apigen.TerminateAgreement200JSONResponse{AgreementAnswerJSONResponse: out}, nil
}

// AmendAgreement answers amendAgreement: not available yet.
func (a *AgreementsAPI) AmendAgreement(ctx context.Context, r apigen.AmendAgreementRequestObject) (apigen.AmendAgreementResponseObject, error) {
	return nil, a.Agreements.Amend(ctx, httpd.Actor(ctx), r.ID)
}

// GetEvidence answers getEvidence: not available yet.
func (a *AgreementsAPI) GetEvidence(ctx context.Context, r apigen.GetEvidenceRequestObject) (apigen.GetEvidenceResponseObject, error) {
	return nil, a.Agreements.Evidence(ctx, httpd.Actor(ctx), r.ID)
}

// GetAgreementDocument answers getAgreementDocument. A reader who has the bytes already gets 304.
func (a *AgreementsAPI) GetAgreementDocument(
	ctx context.Context, r apigen.GetAgreementDocumentRequestObject,
) (apigen.GetAgreementDocumentResponseObject, error) {
	file, err := a.Agreements.Document(ctx, httpd.Actor(ctx), r.ID, agreements.WantedDocument{
		Format: string(deref(r.Params.Format)), Language: i18n.Lang(deref(r.Params.Language)),
		Sheet: deref(r.Params.Part) == apigen.GetAgreementDocumentParamsPartSignatures, Revision: deref(r.Params.Revision), Reader: httpd.Lang(ctx),
	})
	if err != nil {
		return nil, err
	}
	tag := `"` + file.SHA256 + `"`
	if hasTag(deref(r.Params.IfNoneMatch), tag) {
		return apigen.GetAgreementDocument304Response{}, nil
	}
	return apigen.GetAgreementDocument200ApplicationPdfResponse{
		Body: bytes.NewReader(file.Body), ContentLength: int64(len(file.Body)),
		Headers: apigen.GetAgreementDocument200ResponseHeaders{ContentDisposition: attachment(file.Name), ETag: tag},
	}, nil
}

// hasTag reports whether an If-None-Match header names a tag (RFC 9110 13.1.2).
func hasTag(header, tag string) bool {
	for _, t := range strings.Split(header, ",") {
		if t = strings.TrimPrefix(strings.TrimSpace(t), "W/"); t == tag || t == "*" {
			return true
		}
	}
	return false
}

func attachment(name string) string { return `attachment; filename="` + name + `"` }

// GetTermsInForce answers getTermsInForce.
func (a *AgreementsAPI) GetTermsInForce(
	ctx context.Context, r apigen.GetTermsInForceRequestObject,
) (apigen.GetTermsInForceResponseObject, error) {
	v, err := a.Agreements.TermsOn(ctx, httpd.Actor(ctx), r.ID, dayIn(r.Params.On))
	if err != nil {
		return nil, err
	}
	t := v.Terms
	plan := planOut(t.Plan)
	share := shareOut(v.Share)
	out := apigen.AgreementTerms{
		AgreementID: v.Agreement.ID, On: dateOf(v.On), InForce: v.InForce, Revision: v.Agreement.Revision, AmendmentIds: listOf(v.AmendmentIDs),
		StartsOn: dateOf(t.StartsOn), EndsOn: dateOf(t.EndsOn), Interruptions: []apigen.AgreementInterruption{}, Interrupted: v.Interrupted,
		SpecialtyCode: some(v.Specialty), QualificationCode: some(t.QualificationCode), ProgrammeCode: some(t.ProgrammeCode),
		TimeModel: apigen.PlacementTimeModel(t.TimeModel), Hours: hoursOut(v.Hours), Workplace: workplaceOut(t.Workplace),
		Mentor: mentorOut(v.Mentor, -1), Supervisor: supervisorOut(v.Supervisor), Curriculum: curriculumOut(t.Curriculum),
		Schedule: scheduleOut(t.Schedule), Plan: &plan, TrainingShare: &share, Compensation: agreementPay(t.Compensation),
		Insurance: agreementInsurance(t.Insurance), Duties: some(t.Duties.In(httpd.Lang(ctx))),
	}
	if v.Agreement.Regime == rules.R361 {
		out.SpecialtyCode, out.QualificationCode = nil, nil
	}
	return apigen.GetTermsInForce200JSONResponse(out), nil
}

// dateOf writes a day that is always there.
func dateOf(d cal.Day) types.Date {
	if v := dateOrNil(d); v != nil {
		return *v
	}
	return types.Date{}
}
