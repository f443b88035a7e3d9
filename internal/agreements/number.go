package agreements

import (
	"context"
	"fmt"
	"time"

	"github.com/orynda/orynda/internal/storage"
)

// counter is the owner document of a series of numbers: 1…n without gap, per college and year, or per chamber and year.
type counter struct {
	ID      string `json:"id"` // "agreement:<college>:<year>" or "register:<chamber>:<year>"
	Version int64  `json:"version"`
	Last    int64  `json:"last"`
}

// Identity implements storage.Document.
func (c *counter) Identity() (string, *int64) { return c.ID, &c.Version }

// Keys implements storage.Document.
func (c *counter) Keys() storage.Keys { return nil }

func counterSpec() storage.Spec { return storage.Spec{Name: "agreement_counters"} }

// next draws the next number of a series in the caller's transaction: what rolls back leaves no gap.
func (s *Service) next(ctx context.Context, series, owner string, year int) (int64, error) {
	key := fmt.Sprintf("%s:%s:%d", series, owner, year)
	c, err := s.counters.LockOrNew(ctx, key, &counter{ID: key})
	if err != nil {
		return 0, err
	}
	c.Last++
	return c.Last, s.counters.Save(ctx, c)
}

func numberText(seq int64, year int) string { return fmt.Sprintf("%d/%d", seq, year) }

func yearOf(now time.Time) int {
	y, _, _ := today(now).Date()
	return y
}

// claimNumber gives a draft its number, in a transaction of its own, before the document is made (I8). A draft that has one keeps it: after a crash the next
// ready goes on with it. seen is the version that was checked; another one is errChanged.
func (s *Service) claimNumber(ctx context.Context, agreementID string, seen int64) (*Agreement, error) {
	var out *Agreement
	err := s.DB.Tx(ctx, func(ctx context.Context) error {
		a, err := s.lock(ctx, agreementID)
		if err != nil {
			return err
		}
		if out = a; a.Version != seen || a.State != Draft {
			return errChanged()
		}
		if a.Number != "" {
			return nil
		}
		now := s.Clock.Now()
		a.NumberYear = yearOf(now)
		if a.NumberSeq, err = s.next(ctx, "agreement", a.CollegeID, a.NumberYear); err != nil {
			return err
		}
		a.Number = numberText(a.NumberSeq, a.NumberYear)
		return s.agreements.Save(ctx, a)
	})
	return out, err
}
