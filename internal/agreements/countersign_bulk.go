package agreements

import (
	"context"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/errs"
)

// BulkResult is what came of one agreement of a bulk countersigning: concluded, or the refusal.
type BulkResult struct {
	AgreementID string
	Concluded   bool
	State       State  // "" when the actor may not know the agreement
	Number      string // when concluded
	Err         error
}

// CountersignAll countersigns up to [MaxBulk] agreements with one code, each in a transaction of its own (countersignAgreements). What this signer has
// already concluded counts as concluded, so a broken-off call goes on where it stopped. Its refusals, before anything is signed: Unprocessable code_invalid,
// code_other_items; NotImplemented not_implemented_yet.
func (s *Service) CountersignAll(ctx context.Context, by accounts.Actor, items []SigningItem, proof CodeProof) ([]BulkResult, error) {
	if err := s.Policy.Permit(by, "countersignAgreements", signatoryAnywhere(by)...); err != nil {
		return nil, err
	}
	if len(items) == 0 || len(items) > MaxBulk {
		return nil, errs.InvalidFields([]errs.Field{{Field: "items", Code: "too_many", Params: map[string]any{"max": MaxBulk}}})
	}
	if err := s.prove(ctx, by, proof, items); err != nil {
		return nil, err
	}
	out := make([]BulkResult, len(items))
	for i, it := range items {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		out[i] = s.countersignItem(ctx, by, it)
		if errs.KindOf(out[i].Err) == errs.Internal && out[i].Err != nil {
			return nil, out[i].Err // a fault of ours is nobody's result; a repeat goes on
		}
	}
	return out, nil
}

// signatoryAnywhere is the relation of somebody who signs for some college; each agreement is asked about by itself.
func signatoryAnywhere(by accounts.Actor) []accounts.Relation {
	if len(by.Organisations(accounts.KindCollege, accounts.RoleSignatory)) > 0 {
		return []accounts.Relation{accounts.CollegeSignatory}
	}
	return []accounts.Relation{accounts.Visible}
}

func (s *Service) countersignItem(ctx context.Context, by accounts.Actor, it SigningItem) BulkResult {
	r := BulkResult{AgreementID: it.AgreementID}
	seen, party, err := s.permitted(ctx, by, "countersignAgreement", it.AgreementID)
	if err != nil {
		r.Err = err
		return r
	}
	if own := seen.signature(ByCollege); own != nil && own.PersonID == by.PersonID && seen.signs(it) {
		r.Concluded, r.State, r.Number = true, seen.State, seen.Number
		return r
	}
	a, err := s.put(ctx, by, party, it)
	if err == nil {
		r.Concluded, r.State, r.Number = true, a.State, a.Number
		return r
	}
	r.Err, r.State = err, seen.State
	if now, readErr := s.Agreement(ctx, it.AgreementID); readErr == nil {
		r.State = now.State
	}
	return r
}
