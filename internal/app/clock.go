package app

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/storage"
)

// demoClock is the machine's clock plus an offset that the demo may raise. The offset is kept in the store, so that a restart goes on at the same time.
type demoClock struct {
	offset atomic.Int64 // nanoseconds
	back   atomic.Int64 // nanoseconds that the making of the world's history sets it back
	db     storage.Engine
	docs   *storage.Collection[clockState, *clockState]
}

type clockState struct {
	ID      string        `json:"id"`
	Version int64         `json:"version"`
	Offset  time.Duration `json:"offset"`
}

// Identity implements storage.Document.
func (c *clockState) Identity() (string, *int64) { return c.ID, &c.Version }

// Keys implements storage.Document.
func (c *clockState) Keys() storage.Keys { return nil }

func clockSpec() storage.Spec { return storage.Spec{Name: "demo_clock"} }

// mostAdvance bounds one step, so that a slip of the finger doesn't leave the years that the rules know.
const mostAdvance = 400 * 24 * time.Hour

func newDemoClock(ctx context.Context, db storage.Engine) (*demoClock, error) {
	c := &demoClock{db: db, docs: storage.Open[clockState](db, clockSpec())}
	if err := storage.Ensure(ctx, db, clockSpec()); err != nil {
		return nil, err
	}
	st, err := c.docs.Get(ctx, "clock")
	if storage.IsNotFound(err) {
		return c, nil
	}
	if err != nil {
		return nil, err
	}
	c.offset.Store(int64(st.Offset))
	return c, nil
}

// Now implements cal.Clock.
func (c *demoClock) Now() time.Time {
	return cal.Trim(time.Now().Add(time.Duration(c.offset.Load() - c.back.Load())))
}

// advance moves the clock forward: errs.Invalid for a step that isn't between nothing and mostAdvance.
func (c *demoClock) advance(ctx context.Context, by time.Duration) error {
	if by < 0 || by > mostAdvance {
		return errs.InvalidFields([]errs.Field{{Field: "advance", Code: "too_large", Params: map[string]any{"max": "P400D"}}})
	}
	var offset time.Duration
	err := c.db.Tx(ctx, func(ctx context.Context) error {
		st, err := c.docs.LockOrNew(ctx, "clock", &clockState{ID: "clock"})
		if err != nil {
			return err
		}
		st.Offset += by
		offset = st.Offset
		return c.docs.Save(ctx, st)
	})
	if err == nil {
		c.offset.Store(int64(offset))
	}
	return err
}

// rewind sets the clock back by a length of time, 0 sets it right again. Only the making of the demo world's history does so, before the program runs.
func (c *demoClock) rewind(by time.Duration) { c.back.Store(int64(by)) }
