package agreements

import (
	"context"
	"slices"

	"github.com/orynda/orynda/internal/storage"
)

// DraftColleges lists the colleges that a person's agreements name, but for cancelled ones: a citizen's guardian is confirmed by the college of the draft.
func (s *Service) DraftColleges(ctx context.Context, personID string) ([]string, error) {
	all, err := s.agreements.Find(ctx, storage.Where(storage.Eq("student", personID)))
	if err != nil {
		return nil, err
	}
	var out []string
	for _, a := range all {
		if a.State != Cancelled && !slices.Contains(out, a.CollegeID) {
			out = append(out, a.CollegeID)
		}
	}
	return out, nil
}
