package placements

import (
	"context"

	"github.com/orynda/orynda/internal/accounts"
)

// ReadFiling shows one filing to its chamber's registrars (listFilings): NotFound filing_not_found, also for who has nothing to do with it.
func (s *Service) ReadFiling(ctx context.Context, a accounts.Actor, filingID string) (*FilingView, error) {
	f, err := s.FilingByID(ctx, filingID)
	if err != nil {
		return nil, err
	}
	if err := s.d.Policy.Permit(a, "listFilings", s.filingRelations(a, f)...); err != nil {
		return nil, err
	}
	return s.filingView(ctx, f)
}
