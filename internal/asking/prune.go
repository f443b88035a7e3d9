package asking

import (
	"context"
	"time"

	"github.com/orynda/orynda/internal/outbox"
	"github.com/orynda/orynda/internal/storage"
)

// Jobs lists what runs by the clock: the deletion of what is old.
func Jobs(s *Service) []outbox.Job {
	return []outbox.Job{{Name: "asking.prune", Every: 24 * time.Hour, Run: s.prune}}
}

// prune deletes questions older than [KeepLog], batch by batch.
func (s *Service) prune(ctx context.Context, now time.Time) error {
	old := storage.Where(storage.Lt("hour", now.Add(-KeepLog))).By("hour").Take(writeBatch)
	for {
		rows, err := s.rows.Find(ctx, old)
		if err != nil || len(rows) == 0 {
			return err
		}
		err = s.d.DB.Tx(ctx, func(ctx context.Context) error {
			for _, r := range rows {
				if err := s.rows.Delete(ctx, r.ID); err != nil && !storage.IsNotFound(err) {
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
