package httpapi

import (
	"context"

	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/httpapi/apigen"
	"github.com/orynda/orynda/internal/httpd"
)

// SubmitVerification answers submitVerification.
func (a *DirectoryAPI) SubmitVerification(
	ctx context.Context, r apigen.SubmitVerificationRequestObject,
) (apigen.SubmitVerificationResponseObject, error) {
	var comment string
	if r.Body != nil {
		comment = deref(r.Body.Comment)
	}
	v, err := a.Directory.SubmitVerification(ctx, httpd.Actor(ctx), r.ID, comment)
	if err != nil {
		return nil, err
	}
	return apigen.SubmitVerification200JSONResponse(a.enterprise(ctx, v)), nil
}

// ListVerificationQueue answers listVerificationQueue.
func (a *DirectoryAPI) ListVerificationQueue(
	ctx context.Context, r apigen.ListVerificationQueueRequestObject,
) (apigen.ListVerificationQueueResponseObject, error) {
	after, limit, err := cursorOf(r.Params.Cursor, r.Params.Limit)
	if err != nil {
		return nil, err
	}
	filter := directory.QueueFilter{State: directory.VerificationState(deref(r.Params.State)), Mine: deref(r.Params.Mine)}
	page, err := a.Directory.ListVerifications(ctx, httpd.Actor(ctx), r.ID, filter, after, limit)
	if err != nil {
		return nil, err
	}
	out := apigen.ListVerificationQueue200JSONResponse{Items: []apigen.Verification{}, NextCursor: some(page.Next.String())}
	for _, v := range page.Items {
		out.Items = append(out.Items, a.verification(ctx, v))
	}
	return out, nil
}

// ClaimVerification answers claimVerification.
func (a *DirectoryAPI) ClaimVerification(
	ctx context.Context, r apigen.ClaimVerificationRequestObject,
) (apigen.ClaimVerificationResponseObject, error) {
	v, err := a.Directory.ClaimVerification(ctx, httpd.Actor(ctx), r.ID)
	if err != nil {
		return nil, err
	}
	return apigen.ClaimVerification200JSONResponse(a.verification(ctx, v)), nil
}

// VerifyEnterprise answers verifyEnterprise.
func (a *DirectoryAPI) VerifyEnterprise(
	ctx context.Context, r apigen.VerifyEnterpriseRequestObject,
) (apigen.VerifyEnterpriseResponseObject, error) {
	expect, err := httpd.Expected(r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	review := directory.Review{Decision: directory.VerificationState(r.Body.Decision), Comment: deref(r.Body.Comment)}
	for _, d := range deref(r.Body.Defects) {
		review.Defects = append(review.Defects, directory.Defect{Field: string(d.Field), Code: string(d.Code), Note: deref(d.Note)})
	}
	v, err := a.Directory.DecideVerification(ctx, httpd.Actor(ctx), r.ID, expect, review)
	if err != nil {
		return nil, err
	}
	return apigen.VerifyEnterprise200JSONResponse(a.enterprise(ctx, v)), nil
}

func (a *DirectoryAPI) verification(ctx context.Context, v *directory.VerificationView) apigen.Verification {
	out := apigen.Verification{
		ID: v.ID, State: apigen.VerificationState(v.State), Version: v.Version, CreatedAt: v.CreatedAt, Round: v.Round, DueAt: v.DueAt,
		Enterprise: a.enterprise(ctx, v.Enterprise), Comment: some(v.Comment), Changes: []apigen.EnterpriseChange{}, Defects: defects(v.Defects),
	}
	if v.Claimant.ID != "" {
		out.ClaimedBy = &apigen.PersonRef{ID: v.Claimant.ID, FullName: v.Claimant.FullName}
	}
	if v.State == directory.VerificationClaimed {
		out.ClaimedUntil = some(v.ClaimedUntil)
	}
	for _, c := range v.Changed {
		out.Changes = append(out.Changes, apigen.EnterpriseChange{Field: c.Field, Before: some(c.Before), After: some(c.After)})
	}
	return out
}
