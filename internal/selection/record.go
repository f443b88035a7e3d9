package selection

import (
	"context"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/storage"
)

// Records lists the applications, offers and matches of a person, for the export of an account (accounts' Records). Scorecards and rankings are the
// enterprise's.
func (s *Service) Records(ctx context.Context, personID string) ([]accounts.Record, error) {
	own := storage.Where(storage.Eq("student", personID))
	apps, err := s.applications.Find(ctx, own)
	if err != nil {
		return nil, err
	}
	offers, err := s.offers.Find(ctx, own)
	if err != nil {
		return nil, err
	}
	matches, err := s.matches.Find(ctx, own)
	if err != nil {
		return nil, err
	}
	var out []accounts.Record
	for _, a := range apps {
		out = append(out, accounts.Record{Kind: "application", ID: a.ID, CreatedAt: a.CreatedAt, Data: a.record()})
	}
	for _, o := range offers {
		out = append(out, accounts.Record{Kind: "offer", ID: o.ID, CreatedAt: o.CreatedAt, Data: known(map[string]any{
			"state": string(o.State), "application_id": o.ApplicationID, "placement_id": o.PlacementID, "enterprise_id": o.EnterpriseID,
			"college_id": o.CollegeID, "workplace_id": o.WorkplaceID, "starts_on": string(o.From), "ends_on": string(o.To), "expires_at": o.ExpiresAt,
			"reason": o.Reason, "decline_reason": o.DeclineReason, "withdraw_reason": o.WithdrawReason, "match_id": o.MatchID, "agreement_id": o.AgreementID,
		})})
	}
	for _, m := range matches {
		out = append(out, accounts.Record{Kind: "match", ID: m.ID, CreatedAt: m.CreatedAt, Data: known(map[string]any{
			"state": string(m.State), "offer_id": m.OfferID, "application_id": m.ApplicationID, "placement_id": m.PlacementID,
			"enterprise_id": m.EnterpriseID, "college_id": m.CollegeID, "workplace_id": m.WorkplaceID, "starts_on": string(m.From),
			"ends_on": string(m.To), "agreement_id": m.AgreementID, "dissolved_reason": m.DissolvedReason,
		})})
	}
	return out, nil
}

func (a *Application) record() map[string]any {
	data := known(map[string]any{
		"state": string(a.State), "placement_id": a.PlacementID, "enterprise_id": a.EnterpriseID, "college_id": a.CollegeID,
		"motivation": a.Motivation, "reason": a.Reason, "comment": a.Comment, "reject_reason": string(a.RejectReason),
		"closed_reason": string(a.ClosedReason), "offer_id": a.OfferID, "match_id": a.MatchID, "agreement_id": a.AgreementID,
	})
	if len(a.Answers) > 0 {
		data["answers"] = a.Answers
	}
	if !a.EndedAt.IsZero() {
		data["ended_at"] = a.EndedAt
	}
	return data
}

// known drops the empty texts.
func known(data map[string]any) map[string]any {
	for k, v := range data {
		if v == "" {
			delete(data, k)
		}
	}
	return data
}
