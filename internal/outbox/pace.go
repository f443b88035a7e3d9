package outbox

import "time"

const (
	pollEvery    = 250 * time.Millisecond // how late another copy's event may be noticed
	expiredEvery = time.Second            // how often expired leases are looked for
	pollApart    = 15 * time.Millisecond  // polls under a stream of local events are at least this far apart
)

// pace decides when to poll next: soon and then less soon after a hint, because a hint comes before the commit, else every [pollEvery].
type pace struct {
	hinted time.Time // the last hint
	polled time.Time // the last poll
	next   time.Time
}

// burst gives the moments after a hint at which to look.
func burst() [4]time.Duration {
	return [4]time.Duration{3 * time.Millisecond, 18 * time.Millisecond, 50 * time.Millisecond, 130 * time.Millisecond}
}

// hint notes a local event. A poll that is planned earlier stays, so that a stream of hints can't put it off.
func (p *pace) hint(now time.Time) {
	p.hinted = now
	at := now.Add(burst()[0])
	if least := p.polled.Add(pollApart); at.Before(least) {
		at = least
	}
	if at.Before(p.next) {
		p.next = at
	}
}

// poll notes a poll and plans the next one.
func (p *pace) poll(now time.Time) {
	p.polled, p.next = now, now.Add(pollEvery)
	least := now.Add(pollApart)
	for _, d := range burst() {
		if at := p.hinted.Add(d); !at.Before(least) && at.Before(p.next) {
			p.next = at
			return
		}
	}
}

// wait is how long until the next poll.
func (p *pace) wait(now time.Time) time.Duration { return max(0, p.next.Sub(now)) }
