package directory

import (
	"context"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/storage"
)

// ReadVerification shows the last entry of an enterprise in its chamber's queue to that chamber (listVerificationQueue), without taking it. It answers
// errs.NotFound enterprise_not_found, errs.Conflict not_submitted for an enterprise that never was.
func (s *Service) ReadVerification(ctx context.Context, by accounts.Actor, enterpriseID string) (*VerificationView, error) {
	if err := s.mayEnterprise(ctx, by, "listVerificationQueue", enterpriseID); err != nil {
		return nil, err
	}
	v, err := s.verifications.First(ctx, storage.Where(storage.Eq("enterprise", enterpriseID)).ByDesc("round"))
	if storage.IsNotFound(err) {
		return nil, notSubmitted()
	}
	if err != nil {
		return nil, err
	}
	return s.verificationView(ctx, v)
}
