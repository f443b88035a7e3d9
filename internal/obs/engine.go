package obs

import (
	"context"
	"time"

	"github.com/orynda/orynda/internal/storage"
)

// Engine makes a storage engine count its transactions, their time and how often they ran again. A transaction that joins another is part
// of it and not counted.
func (m *Metrics) Engine(e storage.Engine) storage.Engine { return &countedEngine{Engine: e, m: m} }

type countedEngine struct {
	storage.Engine
	m *Metrics
}

// Pulse implements storage.Pulser where the engine does.
func (c *countedEngine) Pulse(ctx context.Context) (int64, bool) {
	return storage.PulseOf(ctx, c.Engine)
}

// Tx implements storage.Engine.
func (c *countedEngine) Tx(ctx context.Context, fn func(ctx context.Context) error) error {
	if c.InTx(ctx) {
		return c.Engine.Tx(ctx, fn)
	}
	name, start, runs := c.Name(), time.Now(), 0
	err := c.Engine.Tx(ctx, func(ctx context.Context) error {
		runs++
		return fn(ctx)
	})
	c.m.tx.WithLabelValues(name, outcome(err)).Inc()
	c.m.txTook.WithLabelValues(name).Observe(time.Since(start).Seconds())
	if runs > 1 {
		c.m.retries.WithLabelValues(name).Add(float64(runs - 1))
	}
	return err
}
