package outbox

import (
	"context"
	"errors"

	"github.com/orynda/orynda/internal/errs"
)

// Codes of failures that the outbox itself finds. They are seen by operators only.
const (
	codeLeaseLost = "lease_lost"
	codePanic     = "panic"
	codeTimeout   = "timeout"
)

// leaseKey carries the lease of a run in its context.
type leaseKey struct{}

// lease is what a run of a handler or job holds.
type lease struct {
	fence int64
	check func(ctx context.Context) error // takes the leased document and compares the token
}

func withLease(ctx context.Context, l lease) context.Context {
	return context.WithValue(ctx, leaseKey{}, l)
}

// Fence gives the fencing token of the run of a handler or job: it grows with each taking of the same delivery or job, so that a system
// outside can refuse a lower one. ok is false outside such a run.
func Fence(ctx context.Context) (token int64, ok bool) {
	l, ok := ctx.Value(leaseKey{}).(lease)
	return l.fence, ok
}

// Hold makes a transaction of a handler or job take effect only if its lease is still its own: it takes the leased document until the
// transaction ends, and fails with lease_lost (a conflict) when somebody else took the work over. Call it inside the transaction that
// writes. A worker that was paused beyond its lease thus can't act late. Outside a run or a transaction it is an error.
func Hold(ctx context.Context) error {
	l, ok := ctx.Value(leaseKey{}).(lease)
	if !ok {
		return errors.New("outbox: Hold outside the run of a handler or job")
	}
	return l.check(ctx)
}

func errLeaseLost() error { return errs.New(errs.Conflict, codeLeaseLost) }
