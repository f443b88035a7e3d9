package notifications

import (
	"context"
	"time"

	"github.com/orynda/orynda/internal/storage"
)

// pruneBatch is how many entries are deleted in one transaction.
const pruneBatch = 200

// prune deletes entries of the log and notices older than [KeepLog].
func (s *Service) prune(ctx context.Context, now time.Time) error {
	old := storage.Where(storage.Lt("created", now.Add(-KeepLog))).By("created").Take(pruneBatch)
	err := s.pruneAll(ctx, func(ctx context.Context) (ids []string, err error) {
		err = s.log.Each(ctx, old, func(d *Delivery) error { ids = append(ids, d.ID); return nil })
		return ids, err
	}, s.log.Delete)
	if err != nil {
		return err
	}
	return s.pruneAll(ctx, func(ctx context.Context) (ids []string, err error) {
		err = s.notices.Each(ctx, old, func(n *Notice) error { ids = append(ids, n.ID); return nil })
		return ids, err
	}, s.notices.Delete)
}

// pruneAll deletes what find gives, batch by batch, until it gives nothing.
func (s *Service) pruneAll(ctx context.Context, find func(context.Context) ([]string, error), remove func(context.Context, string) error) error {
	for {
		ids, err := find(ctx)
		if err != nil || len(ids) == 0 {
			return err
		}
		err = s.d.DB.Tx(ctx, func(ctx context.Context) error {
			if err := hold(ctx); err != nil {
				return err
			}
			for _, id := range ids {
				if err := remove(ctx, id); err != nil && !storage.IsNotFound(err) {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
}
