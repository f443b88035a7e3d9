package audit

import (
	"context"
	"time"

	"github.com/orynda/orynda/internal/storage"
)

// LastSeal tells the number of the last seal and when it was made by the machine's clock; 0 before the first. It proves nothing: that is
// what [Trail.Verify] does.
func (t *Trail) LastSeal(ctx context.Context) (n int64, at time.Time, err error) {
	last, err := t.seals.Get(ctx, lastSealID)
	if storage.IsNotFound(err) {
		return 0, time.Time{}, nil
	}
	if err != nil {
		return 0, time.Time{}, err
	}
	return last.N, last.Recorded, nil
}
