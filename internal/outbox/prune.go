package outbox

import (
	"context"
	"time"

	"github.com/orynda/orynda/internal/storage"
)

const (
	keepFor    = 7 * 24 * time.Hour // events and handled deliveries
	pruneBatch = 200
)

// prune deletes deliveries that were handled more than seven days before now, and events emitted more than seven days ago by the machine's clock
// (the tails go by it, so moving the demo's clock must not take events from them). Dead letters stay until they are retried and
// handled. The counters of subjects stay: they are small, and a number must not come twice.
func (b *Box) prune(ctx context.Context, now time.Time) error {
	handled := storage.Where(storage.Lt("done", now.Add(-keepFor))).By("done")
	if err := pruneAll(ctx, b, b.deliveries, handled); err != nil {
		return err
	}
	return pruneAll(ctx, b, b.events, storage.Where(storage.Lt("recorded", b.realNow().Add(-keepFor))).By("recorded"))
}

// pruneAll deletes what q finds in short transactions.
func pruneAll[T any, P interface {
	*T
	storage.Document
}](ctx context.Context, b *Box, from *storage.Collection[T, P], q storage.Query) error {
	for {
		docs, err := from.Find(ctx, q.Take(pruneBatch))
		if err != nil || len(docs) == 0 {
			return err
		}
		err = b.db.Tx(ctx, func(ctx context.Context) error {
			if err := Hold(ctx); err != nil {
				return err
			}
			for _, doc := range docs {
				id, _ := doc.Identity()
				if err := from.Delete(ctx, id); err != nil && !storage.IsNotFound(err) {
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
