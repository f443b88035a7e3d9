package httpapi

import (
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/orynda/orynda/internal/errs"
)

// Limits are the rates that one address or one person may reach, in requests a minute; the burst is one minute's worth. Public reads and search
// have none. They stop floods of one copy of the program; guessing is stopped by the accounts' own lock-out, which all copies share.
type Limits struct {
	SignIn int // per address: /auth/*
	Codes  int // per person or address: codes and mails that are sent
	Writes int // per person, or address where nobody is signed in
}

// DefaultLimits suit a college's class behind one address.
func DefaultLimits() Limits { return Limits{SignIn: 120, Codes: 60, Writes: 600} }

// mostBuckets bounds the memory: beyond it idle buckets are dropped.
const mostBuckets = 50_000

type limiter struct {
	limits  Limits
	mu      sync.Mutex
	buckets map[string]*bucket
}

type bucket struct {
	rate *rate.Limiter
	used time.Time
}

func newLimiter(l Limits) *limiter { return &limiter{limits: l, buckets: map[string]*bucket{}} }

// allow takes one request from its bucket: errs.RateLimited rate_limited with the time to wait when it is empty.
func (l *limiter) allow(operation, method, address, person string) error {
	class, perMinute := l.class(operation, method)
	if perMinute == 0 {
		return nil
	}
	who := address
	if person != "" && class != "sign_in" {
		who = person
	}
	now := time.Now()
	r := l.bucket(class+"|"+who, perMinute, now).ReserveN(now, 1)
	wait := r.DelayFrom(now)
	if wait == 0 {
		return nil
	}
	r.CancelAt(now)
	return errs.New(errs.RateLimited, "rate_limited").After(wait)
}

func (l *limiter) class(operation, method string) (string, int) {
	switch operation {
	case "register", "resendCode", "requestPasswordReset", "requestSigningCode", "createInvitation", "nameGuardian":
		return "codes", l.limits.Codes
	case "login", "refresh", "verifyEmail", "resetPassword", "changePassword", "acceptInvitation", "getInvitation":
		return "sign_in", l.limits.SignIn
	}
	if method == "GET" || strings.HasPrefix(operation, "listKeys") {
		return "", 0
	}
	return "writes", l.limits.Writes
}

func (l *limiter) bucket(key string, perMinute int, now time.Time) *rate.Limiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.buckets) >= mostBuckets {
		l.dropIdle(now)
	}
	b := l.buckets[key]
	if b == nil {
		b = &bucket{rate: rate.NewLimiter(rate.Limit(float64(perMinute)/60), perMinute)}
		l.buckets[key] = b
	}
	b.used = now
	return b.rate
}

// dropIdle forgets the buckets that are full again; if all are busy, everything: then the flood is wider than buckets can tell apart.
func (l *limiter) dropIdle(now time.Time) {
	for k, b := range l.buckets {
		if now.Sub(b.used) > time.Minute {
			delete(l.buckets, k)
		}
	}
	if len(l.buckets) >= mostBuckets {
		clear(l.buckets)
	}
}
