package demo

import (
	"time"

	"github.com/orynda/orynda/internal/cal"
)

// past moves the clock back while history is made.
type past struct {
	clock  cal.Clock
	rewind func(by time.Duration)
	back   time.Duration
}

// can reports whether the clock moves at all.
func (p *past) can() bool { return p.rewind != nil }

// real is the present instant, without the rewinding.
func (p *past) real() time.Time { return p.clock.Now().Add(p.back) }

// set moves the clock to an instant in the past.
func (p *past) set(t time.Time) {
	if p.rewind == nil {
		return
	}
	p.back = max(0, p.real().Sub(t))
	p.rewind(p.back)
}

// present sets the clock right again.
func (p *past) present() {
	if p.rewind == nil || p.back == 0 {
		return
	}
	p.back = 0
	p.rewind(0)
}
