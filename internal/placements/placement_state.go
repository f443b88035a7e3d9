package placements

import (
	"time"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"
)

// pausedUnanswered marks a place that the system paused because the enterprise didn't answer.
const pausedUnanswered = "unanswered"

func wrongState() error { return errs.New(errs.Conflict, "wrong_state") }

// Publish makes a draft public. Whether it may be is [CheckPublish]'s to say; version names the rules that said so. A place that is no
// draft is Conflict wrong_state.
func (p *Placement) Publish(version string, now time.Time) error {
	if p.State != Draft {
		return wrongState()
	}
	p.State, p.PublishedAt = Published, now
	p.Check = Check{Rules: version, At: now}
	return nil
}

// Pause takes a published place out of the search; why is "" or what made the system do it. Conflict wrong_state else.
func (p *Placement) Pause(why string) error {
	if p.State != Published {
		return wrongState()
	}
	p.State, p.PausedFor = Paused, why
	return nil
}

// Resume puts a paused place back, as long as its deadline hasn't passed. Conflict wrong_state else.
func (p *Placement) Resume(now time.Time) error {
	if p.State != Paused || cal.DayOf(now) > p.ApplyBy {
		return wrongState()
	}
	p.State, p.PausedFor = Published, ""
	return nil
}

// Select ends the time of applications, once apply_by has passed. Conflict wrong_state else.
func (p *Placement) Select(now time.Time) error {
	if (p.State != Published && p.State != Paused) || cal.DayOf(now) <= p.ApplyBy {
		return wrongState()
	}
	p.State, p.PausedFor = Selecting, ""
	return nil
}

// Close ends a place for good: a draft can only be withdrawn, expired follows from starts_on, filled from the seats. A closed place is
// Conflict wrong_state.
func (p *Placement) Close(reason ClosedReason, comment string, now time.Time) error {
	switch {
	case p.State == Closed, p.State == Draft && reason != Withdrawn:
		return wrongState()
	case reason == Expired && cal.DayOf(now) < p.StartsOn:
		return wrongState()
	}
	p.State, p.ClosedReason, p.CloseComment, p.ClosedAt, p.PausedFor = Closed, reason, comment, now, ""
	return nil
}

// DaysLeft counts the days until apply_by, 0 on the day itself; ok is false while nobody may apply.
func (p *Placement) DaysLeft(now time.Time) (days int, ok bool) {
	today := cal.DayOf(now)
	if p.State != Published || p.ApplyBy == "" || today > p.ApplyBy {
		return 0, false
	}
	return today.DaysUntil(p.ApplyBy), true
}

// Badges are "new" for three days after publication and "closing_soon" in the last seven days.
func (p *Placement) Badges(now time.Time) []string {
	badges := []string{}
	left, open := p.DaysLeft(now)
	if !open {
		return badges
	}
	if now.Sub(p.PublishedAt) < NewDays*24*time.Hour {
		badges = append(badges, "new")
	}
	if left <= ClosingSoonDays {
		badges = append(badges, "closing_soon")
	}
	return badges
}
