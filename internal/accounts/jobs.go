package accounts

import (
	"context"
	"time"

	"github.com/orynda/orynda/internal/outbox"
	"github.com/orynda/orynda/internal/storage"
)

// keptAfterEnd is how long a session that is over is still known, so that its tokens are told apart from forged ones.
const keptAfterEnd = 30 * 24 * time.Hour

// pruneBatch is how many documents one look takes.
const pruneBatch = 200

// Jobs lists the regular work of this package.
func Jobs(s *Service) []outbox.Job {
	return []outbox.Job{
		{Name: "accounts.prune", Every: 6 * time.Hour, Run: s.prune},
		{Name: "accounts.unproved", Every: 6 * time.Hour, Run: s.dropUnproved},
	}
}

// prune deletes what has served its time: codes, quotas, counts of guesses, sessions. It may be repeated.
func (s *Service) prune(ctx context.Context, now time.Time) error {
	until := storage.Lt("until", now)
	if err := pruneOf(ctx, s.db, s.codes, until); err != nil {
		return err
	}
	if err := pruneOf(ctx, s.db, s.quotas, until); err != nil {
		return err
	}
	if err := pruneOf(ctx, s.db, s.ceremonies, storage.Lt("until", s.real.Now())); err != nil {
		return err
	}
	if err := pruneOf(ctx, s.db, s.guesses, storage.Lt("until", s.real.Now())); err != nil {
		return err
	}
	return pruneOf(ctx, s.db, s.sessions, storage.Lt("expires", s.real.Now().Add(-keptAfterEnd)))
}

// finder is the part of a collection that pruning needs.
type finder[P storage.Document] interface {
	Find(ctx context.Context, q storage.Query) ([]P, error)
	Lock(ctx context.Context, id string) (P, error)
	Delete(ctx context.Context, id string) error
}

func pruneOf[P storage.Document](ctx context.Context, db storage.Engine, c finder[P], old storage.Cond) error {
	for {
		docs, err := c.Find(ctx, storage.Where(old).Take(pruneBatch))
		if err != nil {
			return err
		}
		for _, doc := range docs {
			if err := pruneOne(ctx, db, c, doc, old); err != nil {
				return err
			}
		}
		if len(docs) < pruneBatch {
			return nil
		}
	}
}

// pruneOne deletes a document that is still old when it is held: a count may have begun anew since it was found.
func pruneOne[P storage.Document](ctx context.Context, db storage.Engine, c finder[P], doc P, old storage.Cond) error {
	id, _ := doc.Identity()
	return db.Tx(ctx, func(ctx context.Context) error {
		held, err := c.Lock(ctx, id)
		if storage.IsNotFound(err) {
			return nil
		}
		if err != nil {
			return err
		}
		if at, ok := held.Keys()[old.Key].(time.Time); !ok || !at.Before(old.Values[0].(time.Time)) {
			return nil
		}
		return c.Delete(ctx, id)
	})
}
