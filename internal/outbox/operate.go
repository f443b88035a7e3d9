package outbox

import (
	"context"
	"time"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/id"
	"github.com/orynda/orynda/internal/storage"
)

// longestPage is the most that one list call returns.
const longestPage = 100

func pageSize(limit int) int {
	if limit <= 0 {
		return 20
	}
	return min(limit, longestPage)
}

// Filter narrows a list of deliveries; empty fields don't.
type Filter struct {
	State   State
	Type    string
	Subject string
}

// List gives deliveries, newest first. Handled ones are there for seven days.
func (b *Box) List(ctx context.Context, f Filter, cursor storage.Cursor, limit int) (storage.Page[*Delivery], error) {
	var conds []storage.Cond
	if f.State != "" {
		conds = append(conds, storage.Eq("state", string(f.State)))
	}
	conds = append(conds, f.rest()...)
	return b.deliveries.Page(ctx, storage.Where(conds...).ByDesc("").From(cursor).Take(pageSize(limit)))
}

func (f Filter) rest() []storage.Cond {
	var conds []storage.Cond
	if f.Type != "" {
		conds = append(conds, storage.Eq("type", f.Type))
	}
	if f.Subject != "" {
		conds = append(conds, storage.Eq("subject", f.Subject))
	}
	return conds
}

// Dead gives the dead letters, last set aside first.
func (b *Box) Dead(ctx context.Context, cursor storage.Cursor, limit int) (storage.Page[*Delivery], error) {
	return b.DeadLetters(ctx, Filter{State: Dead}, cursor, limit)
}

// DeadLetters gives the deliveries that were ever set aside, last set aside first: with State Dead those that still are, with
// State Waiting those that an operator put back in line (whatever became of them; [Delivery.RetriedAt] says when), without State both.
func (b *Box) DeadLetters(ctx context.Context, f Filter, cursor storage.Cursor, limit int) (storage.Page[*Delivery], error) {
	conds := f.rest()
	switch f.State {
	case Dead:
		conds = append(conds, storage.Eq("state", string(Dead)))
	case Waiting:
		conds = append(conds, storage.In("state", string(Waiting), string(InProgress), string(Delivered)))
	}
	return b.deliveries.Page(ctx, storage.Where(conds...).ByDesc("dead").From(cursor).Take(pageSize(limit)))
}

// Retry puts a dead letter back in line, at the end of its subject's, due at once and with a fresh count of attempts, and gives it.
// One that is back in line already is given unchanged. What was never set aside is errs.NotFound (not_found).
func (b *Box) Retry(ctx context.Context, deliveryID string) error {
	_, err := b.RetryDead(ctx, deliveryID)
	return err
}

// RetryDead is Retry that gives the delivery as it is afterwards.
func (b *Box) RetryDead(ctx context.Context, deliveryID string) (*Delivery, error) {
	var out *Delivery
	err := b.db.Tx(ctx, func(ctx context.Context) error {
		d, err := b.deliveries.Lock(ctx, deliveryID)
		if storage.IsNotFound(err) || (err == nil && d.DeadAt.IsZero()) {
			return errs.New(errs.NotFound, "not_found")
		}
		if err != nil {
			return err
		}
		out = d
		if d.State != Dead {
			return nil
		}
		seq, err := b.nextSeq(ctx, d.Event.Subject, id.New("drw"))
		if err != nil {
			return err
		}
		d.retry(b.clock.Now(), seq)
		return b.deliveries.Save(ctx, d)
	})
	if err != nil {
		return nil, err
	}
	b.hint()
	return out, nil
}

// Backlog is how much there is to do.
type Backlog struct {
	Waiting  int64     // deliveries that wait or are in progress
	Dead     int64     // deliveries that are set aside
	OldestAt time.Time // when the oldest waiting event was emitted, by the business clock; zero when none waits
}

// Backlog counts what is open, for operators and metrics.
func (b *Box) Backlog(ctx context.Context) (Backlog, error) {
	var out Backlog
	var err error
	open := storage.Where(storage.Gt("opened", 0))
	if out.Waiting, err = b.deliveries.Count(ctx, open); err != nil {
		return Backlog{}, err
	}
	if out.Dead, err = b.deliveries.Count(ctx, storage.Where(storage.Gt("dead", 0), storage.Eq("state", string(Dead)))); err != nil {
		return Backlog{}, err
	}
	oldest, err := b.deliveries.First(ctx, open.By("opened"))
	if storage.IsNotFound(err) {
		return out, nil
	}
	if err != nil {
		return Backlog{}, err
	}
	out.OldestAt = oldest.CreatedAt
	return out, nil
}
