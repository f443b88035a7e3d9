package outbox

import (
	"context"
	"slices"
	"time"

	"github.com/orynda/orynda/internal/storage"
)

const (
	scanPage   = 128 // due deliveries looked at in one query
	scanPages  = 4   // queries for one handler in one claim
	mostTaken  = 64  // deliveries taken in one transaction
	mostParked = 256 // deliveries put off in one transaction
)

// claim takes deliveries for this copy: at most free[h] of each handler h, each the head of its line. Expired leases of other workers are
// looked for when expired is true. What comes back is under a lease from now on.
func (b *Box) claim(ctx context.Context, free map[string]int, expired bool) ([]*Delivery, error) {
	p := picker{b: b, now: b.clock.Now(), free: free}
	if expired {
		if err := p.pickExpired(ctx); err != nil {
			return nil, err
		}
	}
	if err := p.pickDue(ctx); err != nil {
		return nil, err
	}
	if len(p.picked) == 0 && len(p.parked) == 0 {
		return nil, nil
	}
	return b.take(ctx, p)
}

// picker chooses by plain reads. That is safe because being the head of a line lasts until the delivery is done: numbers are drawn
// in order of commit, and a retried dead letter goes to the end.
type picker struct {
	b      *Box
	now    time.Time
	free   map[string]int
	picked []*Delivery
	parked []parking
}

// parking puts a delivery off until the head of its line is due, so that a long line behind a failing head doesn't fill every scan.
type parking struct {
	d   *Delivery
	due time.Time
}

func (p *picker) room(handler string) bool {
	if p.free[handler] <= 0 || len(p.picked) >= mostTaken {
		return false
	}
	n := 0
	for _, d := range p.picked {
		if d.Handler == handler {
			n++
		}
	}
	return n < p.free[handler]
}

// pickExpired chooses what crashed or paused workers left. It was the head of its line and still is.
func (p *picker) pickExpired(ctx context.Context) error {
	q := storage.Where(storage.Lte("until", p.b.realNow())).By("until").Take(mostTaken)
	return p.b.deliveries.Each(ctx, q, func(d *Delivery) error {
		if p.room(d.Handler) {
			p.picked = append(p.picked, d)
		}
		return nil
	})
}

// pickDue chooses what waits and is due. When nothing is due it costs one query.
func (p *picker) pickDue(ctx context.Context) error {
	var names []string
	for name := range p.free {
		if p.room(name) {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return nil
	}
	slices.Sort(names)
	_, err := p.b.deliveries.First(ctx, storage.Where(storage.In("handler", names...), storage.Lte("due", p.now)).By("due"))
	if storage.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := p.scan(ctx, name); err != nil {
			return err
		}
	}
	return nil
}

// scan goes through the due deliveries of one handler, oldest first, and chooses the heads of their lines.
func (p *picker) scan(ctx context.Context, handler string) error {
	heads := map[string]*Delivery{}
	// Mostly each due delivery is the head of its line, so the first page needn't be long.
	q := storage.Where(storage.Eq("handler", handler), storage.Lte("due", p.now)).By("due").Take(2 * p.free[handler])
	for range scanPages {
		page, err := p.b.deliveries.Page(ctx, q)
		if err != nil {
			return err
		}
		for _, d := range page.Items {
			if !p.room(handler) {
				return nil
			}
			if err := p.consider(ctx, heads, d); err != nil {
				return err
			}
		}
		if page.Next.IsZero() {
			return nil
		}
		q = q.From(page.Next).Take(scanPage)
	}
	return nil
}

// consider looks at the line of a due delivery.
func (p *picker) consider(ctx context.Context, heads map[string]*Delivery, d *Delivery) error {
	head, seen := heads[d.lane()]
	if !seen {
		var err error
		head, err = p.b.deliveries.First(ctx, storage.Where(storage.Eq("lane", d.lane())).By("seq"))
		if storage.IsNotFound(err) {
			return nil // done by somebody else meanwhile
		}
		if err != nil {
			return err
		}
		heads[d.lane()] = head
		if head.State == Waiting && head.takeable(p.now, time.Time{}) {
			p.picked = append(p.picked, head)
		}
	}
	if head.State == Waiting && head.Due.After(p.now) && len(p.parked) < mostParked {
		p.parked = append(p.parked, parking{d: d, due: head.Due})
	}
	return nil
}

// take makes the picked deliveries this copy's in one transaction, each after another look under its lock. Somebody else may have been
// faster: those are left out.
func (b *Box) take(ctx context.Context, p picker) ([]*Delivery, error) {
	b.taking.Add(1)
	defer b.taking.Add(-1) // after unsettled knows what was taken: see quiet
	var taken []*Delivery
	err := b.db.Tx(ctx, func(ctx context.Context) error {
		taken = nil // a second run starts anew
		for _, pick := range p.picked {
			d, err := b.takeOne(ctx, pick)
			if err != nil {
				return err
			}
			if d != nil {
				taken = append(taken, d)
			}
		}
		for _, park := range p.parked {
			if err := b.park(ctx, park); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	b.unsettled.Add(int64(len(taken)))
	return taken, nil
}

// takeOne gives nil when the delivery isn't to be had any more, or has used up its attempts by crashing.
func (b *Box) takeOne(ctx context.Context, pick *Delivery) (*Delivery, error) {
	h, known := b.handlerNamed(pick.Handler)
	d, err := b.deliveries.Lock(ctx, pick.ID)
	if storage.IsNotFound(err) || !known {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	now, real := b.clock.Now(), b.realNow()
	if d.Seq != pick.Seq || !d.takeable(now, real) {
		return nil, nil
	}
	if d.State == InProgress {
		b.log.Warn("outbox: lease ended without an outcome", "delivery", d.ID, "handler", d.Handler, "type", d.Event.Type, "worker", d.Worker, "attempt", d.Attempts)
		if d.Attempts >= MaxAttempts {
			d.fail(now, codeLeaseLost, 0)
			return nil, b.deliveries.Save(ctx, d)
		}
	}
	d.take(b.worker, real.Add(h.timeout()+leaseMargin))
	return d, b.deliveries.Save(ctx, d)
}

func (b *Box) park(ctx context.Context, p parking) error {
	d, err := b.deliveries.Lock(ctx, p.d.ID)
	if storage.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return err
	}
	if d.State != Waiting || d.Seq != p.d.Seq || !d.Due.Before(p.due) {
		return nil
	}
	d.Due = p.due
	return b.deliveries.Save(ctx, d)
}
