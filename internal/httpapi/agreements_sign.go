package httpapi

import (
	"context"
	"errors"

	"github.com/orynda/orynda/internal/agreements"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/httpapi/apigen"
	"github.com/orynda/orynda/internal/httpd"
)

// RequestSigningCode answers requestSigningCode.
func (a *AgreementsAPI) RequestSigningCode(
	ctx context.Context, r apigen.RequestSigningCodeRequestObject,
) (apigen.RequestSigningCodeResponseObject, error) {
	got, err := a.Agreements.RequestCode(ctx, httpd.Actor(ctx), itemsIn(r.Body.Items))
	if err != nil {
		return nil, err
	}
	return apigen.RequestSigningCode201JSONResponse{
		SigningRequestID: got.ID, CreatedAt: got.CreatedAt, ExpiresAt: got.ExpiresAt, SentTo: got.SentTo, Tries: got.Tries, ItemCount: got.Items,
	}, nil
}

func itemsIn(in []apigen.SigningItem) []agreements.SigningItem {
	out := make([]agreements.SigningItem, 0, len(in))
	for _, it := range in {
		out = append(out, agreements.SigningItem{AgreementID: it.AgreementID, Revision: it.Revision, SHA256: it.DocumentSha256})
	}
	return out
}

func proofIn(channel apigen.SigningChannel, requestID, code *string) agreements.CodeProof {
	return agreements.CodeProof{Channel: agreements.Channel(channel), RequestID: deref(requestID), Code: deref(code)}
}

// SignAgreement answers signAgreement.
func (a *AgreementsAPI) SignAgreement(ctx context.Context, r apigen.SignAgreementRequestObject) (apigen.SignAgreementResponseObject, error) {
	b := r.Body
	it := agreements.SigningItem{AgreementID: r.ID, Revision: b.Revision, SHA256: b.DocumentSha256}
	got, err := a.Agreements.Sign(ctx, httpd.Actor(ctx), it, proofIn(b.Channel, b.SigningRequestID, b.Code))
	out, err := a.answer(ctx, got, err)
	if err != nil {
		return nil, err
	}
	return apigen.SignAgreement201JSONResponse{AgreementAnswerJSONResponse: out}, nil
}

// RefuseSignature answers refuseSignature.
func (a *AgreementsAPI) RefuseSignature(
	ctx context.Context, r apigen.RefuseSignatureRequestObject,
) (apigen.RefuseSignatureResponseObject, error) {
	got, err := a.Agreements.Refuse(ctx, httpd.Actor(ctx), r.ID, r.Body.Reason, deref(r.Body.Revision))
	out, err := a.answer(ctx, got, err)
	if err != nil {
		return nil, err
	}
	return apigen.RefuseSignature200JSONResponse{AgreementAnswerJSONResponse: out}, nil
}

// CountersignAgreement answers countersignAgreement.
func (a *AgreementsAPI) CountersignAgreement(
	ctx context.Context, r apigen.CountersignAgreementRequestObject,
) (apigen.CountersignAgreementResponseObject, error) {
	b := r.Body
	it := agreements.SigningItem{AgreementID: r.ID, Revision: b.Revision, SHA256: b.DocumentSha256}
	got, err := a.Agreements.Countersign(ctx, httpd.Actor(ctx), it, proofIn(b.Channel, b.SigningRequestID, b.Code))
	out, err := a.answer(ctx, got, err)
	if err != nil {
		return nil, err
	}
	return apigen.CountersignAgreement201JSONResponse{AgreementAnswerJSONResponse: out}, nil
}

// CountersignAgreements answers countersignAgreements: a result for each item.
func (a *AgreementsAPI) CountersignAgreements(
	ctx context.Context, r apigen.CountersignAgreementsRequestObject,
) (apigen.CountersignAgreementsResponseObject, error) {
	b := r.Body
	results, err := a.Agreements.CountersignAll(ctx, httpd.Actor(ctx), itemsIn(b.Items), proofIn(b.Channel, b.SigningRequestID, b.Code))
	if err != nil {
		return nil, err
	}
	out := apigen.CountersignAgreements200JSONResponse{Items: make([]apigen.CountersignatureResult, 0, len(results))}
	for _, res := range results {
		item := apigen.CountersignatureResult{
			AgreementID: res.AgreementID, State: some(apigen.AgreementState(res.State)), Number: some(res.Number),
			Outcome: apigen.CountersignatureResultOutcomeConcluded,
		}
		if res.Concluded {
			out.Concluded++
		} else {
			out.Failed++
			item.Outcome, item.Problem = apigen.CountersignatureResultOutcomeFailed, a.problem(ctx, res.Err)
		}
		out.Items = append(out.Items, item)
	}
	return out, nil
}

// problem writes the refusal of one item as the edge writes that of a request.
func (a *AgreementsAPI) problem(ctx context.Context, err error) *apigen.Problem {
	var typed *errs.Error
	if !errors.As(err, &typed) {
		typed = errs.New(errs.Internal, "internal")
	}
	p := httpd.NewProblem(typed, a.Catalogue, httpd.Lang(ctx), httpd.RequestID(ctx))
	out := &apigen.Problem{Type: p.Type, Title: p.Title, Status: p.Status, Detail: some(p.Detail), Code: p.Code, RequestID: p.RequestID}
	if len(p.Errors) > 0 {
		fields := make([]apigen.FieldError, 0, len(p.Errors))
		for _, f := range p.Errors {
			fields = append(fields, apigen.FieldError{Field: f.Field, Code: f.Code, Message: f.Message, Rule: some(f.Rule), Source: some(f.Source)})
		}
		out.Errors = &fields
	}
	return out
}

// RegisterAgreement answers registerAgreement.
func (a *AgreementsAPI) RegisterAgreement(
	ctx context.Context, r apigen.RegisterAgreementRequestObject,
) (apigen.RegisterAgreementResponseObject, error) {
	got, err := a.Agreements.Register(ctx, httpd.Actor(ctx), r.ID)
	out, err := a.answer(ctx, got, err)
	if err != nil {
		return nil, err
	}
	return apigen.RegisterAgreement200JSONResponse{AgreementAnswerJSONResponse: out}, nil
}

// RefuseRegistration answers refuseRegistration.
func (a *AgreementsAPI) RefuseRegistration(
	ctx context.Context, r apigen.RefuseRegistrationRequestObject,
) (apigen.RefuseRegistrationResponseObject, error) {
	defects := make([]agreements.Defect, 0, len(r.Body.Defects))
	for _, d := range r.Body.Defects {
		defects = append(defects, agreements.Defect(d))
	}
	got, err := a.Agreements.RefuseRegistration(ctx, httpd.Actor(ctx), r.ID, defects, deref(r.Body.Comment))
	out, err := a.answer(ctx, got, err)
	if err != nil {
		return nil, err
	}
	return apigen.RefuseRegistration200JSONResponse{AgreementAnswerJSONResponse: out}, nil
}
