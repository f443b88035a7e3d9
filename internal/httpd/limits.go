package httpd

import (
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

// Class is a kind of request with a rate of its own.
type Class string

// The classes. Free requests have no rate.
const (
	Free    Class = ""
	SignIns Class = "sign_in" // counted per address: what may be guessed
	Codes   Class = "codes"   // codes and mails that are sent
	Writes  Class = "writes"
)

// Limiter counts the requests of one copy of the program. It is safe for parallel use.
type Limiter struct {
	limits  Limits
	mu      sync.Mutex
	buckets map[string]*bucket
}

type bucket struct {
	rate *rate.Limiter
	used time.Time
}

// NewLimiter counts against these limits.
func NewLimiter(l Limits) *Limiter { return &Limiter{limits: l, buckets: map[string]*bucket{}} }

// Allow takes one request of a class from its bucket: errs.RateLimited rate_limited with the time to wait when it is empty.
func (l *Limiter) Allow(class Class, address, person string) error {
	perMinute := map[Class]int{SignIns: l.limits.SignIn, Codes: l.limits.Codes, Writes: l.limits.Writes}[class]
	if perMinute == 0 {
		return nil
	}
	who := address
	if person != "" && class != SignIns {
		who = person
	}
	now := time.Now()
	r := l.bucket(string(class)+"|"+who, perMinute, now).ReserveN(now, 1)
	wait := r.DelayFrom(now)
	if wait == 0 {
		return nil
	}
	r.CancelAt(now)
	return errs.New(errs.RateLimited, "rate_limited").After(wait)
}

func (l *Limiter) bucket(key string, perMinute int, now time.Time) *rate.Limiter {
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
func (l *Limiter) dropIdle(now time.Time) {
	for k, b := range l.buckets {
		if now.Sub(b.used) > time.Minute {
			delete(l.buckets, k)
		}
	}
	if len(l.buckets) >= mostBuckets {
		clear(l.buckets)
	}
}
