package accounts

import (
	"context"
	"slices"
	"time"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/storage"
)

// quota counts how often something was done lately for one mail address or person. Its id is a keyed hash, so that addresses
// without an account leave no trace that can be read.
type quota struct {
	ID      string      `json:"id"`
	Version int64       `json:"version"`
	At      []time.Time `json:"at"` // within the window, oldest first
	Until   time.Time   `json:"until"`
}

// Identity implements storage.Document.
func (q *quota) Identity() (string, *int64) { return q.ID, &q.Version }

// Keys implements storage.Document.
func (q *quota) Keys() storage.Keys { return storage.Keys{"until": q.Until} }

// quotaRule limits how often: at most once per pace, and most times per window.
type quotaRule struct {
	name   string
	pace   time.Duration
	most   int
	window time.Duration
}

// resendAfter is the shortest time between two mails of a kind to one address.
const resendAfter = time.Minute

// The limits (behaviour.md, contract). Mails to prove an address and mails to set a new password are counted apart.
func signUpQuota() quotaRule { return quotaRule{"mail.sign_up", resendAfter, 10, 24 * time.Hour} }
func resetQuota() quotaRule  { return quotaRule{"mail.reset", resendAfter, 10, 24 * time.Hour} }
func inviteQuota() quotaRule { return quotaRule{"mail.invite", 0, 20, 24 * time.Hour} }
func exportQuota() quotaRule { return quotaRule{"export", 0, 10, 24 * time.Hour} }

// take counts one more time, or says how long to wait.
func (q *quota) take(now time.Time, rule quotaRule) (retry time.Duration) {
	q.At = slices.DeleteFunc(q.At, func(t time.Time) bool { return !t.Add(rule.window).After(now) })
	if n := len(q.At); n > 0 {
		if wait := q.At[n-1].Add(rule.pace).Sub(now); wait > 0 {
			return wait
		}
		if n >= rule.most {
			return q.At[n-rule.most].Add(rule.window).Sub(now)
		}
	}
	q.At = append(q.At, now)
	q.Until = now.Add(rule.window)
	return 0
}

// takeQuota counts one more time within the running transaction; a positive retry says that the limit forbids it for that long. It locks the
// quota, so it should be the transaction's first statement.
func (s *Service) takeQuota(ctx context.Context, rule quotaRule, of string) (retry time.Duration, err error) {
	key := s.ring.Lookup(rule.name, of)
	q, err := s.quotas.LockOrNew(ctx, key, &quota{ID: key})
	if err != nil {
		return 0, err
	}
	if retry = q.take(s.clock.Now(), rule); retry > 0 {
		return retry, nil
	}
	return 0, s.quotas.Save(ctx, q)
}

func rateLimited(retry time.Duration) error {
	return errs.New(errs.RateLimited, "rate_limited").After(retry)
}
