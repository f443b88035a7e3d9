package accounts

import (
	"context"
	"time"

	"github.com/orynda/orynda/internal/storage"
)

// unprovedLife is how long an account waits for its mail address to be proved.
const unprovedLife = 30 * 24 * time.Hour

// dropUnproved deletes accounts whose address wasn't proved within 30 days of registration and to which nothing is attached: whoever typed
// a wrong address, or somebody else's, leaves no data behind. It may be repeated.
func (s *Service) dropUnproved(ctx context.Context, now time.Time) error {
	from := time.Time{}
	for {
		q := storage.Where(storage.Lt("unproved", now.Add(-unprovedLife)))
		if !from.IsZero() { // those that stay aren't looked at again
			q = storage.Where(storage.Lt("unproved", now.Add(-unprovedLife)), storage.Gt("unproved", from))
		}
		old, err := s.people.Find(ctx, q.By("unproved").Take(pruneBatch))
		if err != nil {
			return err
		}
		for _, p := range old {
			if err := s.dropOne(ctx, p.ID, now); err != nil {
				return err
			}
			from = p.CreatedAt
		}
		if len(old) < pruneBatch {
			return nil
		}
	}
}

// dropOne deletes an account that is still unproved and bare when it is held.
func (s *Service) dropOne(ctx context.Context, personID string, now time.Time) error {
	bare, err := s.bare(ctx, personID)
	if err != nil || !bare {
		return err
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		p, err := s.people.Lock(ctx, personID)
		if storage.IsNotFound(err) {
			return nil
		}
		if err != nil || p.EmailProved() || p.Deleted() || !p.CreatedAt.Before(now.Add(-unprovedLife)) {
			return err
		}
		memberships, err := s.membershipsOf(ctx, p.ID)
		if err != nil || len(memberships) > 0 {
			return err
		}
		if err := s.eraseTraces(ctx, p); err != nil {
			return err
		}
		if err := s.record(ctx, SystemActor("unproved"), p.ID, "account.dropped", nil); err != nil {
			return err
		}
		return s.people.Delete(ctx, p.ID)
	})
}

// bare reports whether no other domain keeps anything about the person. Before the address is proved nothing can come to be but by an import.
func (s *Service) bare(ctx context.Context, personID string) (bool, error) {
	for _, list := range s.Records {
		records, err := list(ctx, personID)
		if err != nil || len(records) > 0 {
			return false, err
		}
	}
	return true, nil
}
