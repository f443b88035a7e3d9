package placements

import (
	"context"

	"github.com/orynda/orynda/internal/storage"
)

// OpenOf lists an enterprise's published places as a stranger sees them, last changed first: everybody may ask. An enterprise that there isn't has none.
func (s *Service) OpenOf(ctx context.Context, enterpriseID string, cursor storage.Cursor, limit int) (storage.Page[*View], error) {
	var out storage.Page[*View]
	q := storage.Where(storage.Eq("enterprise", enterpriseID), storage.Eq("state", Published)).ByDesc("updated").From(cursor).Take(limit)
	page, err := s.places.Page(ctx, q)
	if err != nil {
		return out, err
	}
	ids := make([]string, len(page.Items))
	for i, p := range page.Items {
		ids[i] = p.ID
	}
	out.Items, err = s.PublicViews(ctx, ids)
	out.Next = page.Next
	return out, err
}
