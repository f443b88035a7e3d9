package outbox

import "time"

// MaxAttempts is how often a delivery is tried before it becomes a dead letter.
const MaxAttempts = 12

const (
	firstDelay   = time.Second
	longestDelay = 6 * time.Hour
)

// backoff is the wait after the n-th failed attempt (1, 2, …): 1 s, 3 s, 9 s … up to 6 h, of which random (0 ≤ random < 1) takes up
// to a half away, so that what failed together isn't tried again together.
func backoff(n int, random float64) time.Duration {
	d := firstDelay
	for i := 1; i < n && d < longestDelay; i++ {
		d *= 3
	}
	d = min(d, longestDelay)
	return d - time.Duration(random*float64(d)/2)
}
