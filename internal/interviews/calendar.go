package interviews

import (
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/storage"
)

// busyKind is whose calendar it is.
type busyKind string

const (
	busyStudent     busyKind = "student"
	busyInterviewer busyKind = "interviewer"
	busyRoom        busyKind = "room"
)

// Calendar is the owner document of one person's, interviewer's or room's day: what is taken on it. An entry that passes midnight stands in both days.
type Calendar struct {
	ID      string `json:"id"` // kind:id:day
	Version int64  `json:"version"`
	Taken   []Busy `json:"taken,omitempty"`
}

// Busy is one taken time.
type Busy struct {
	Ref    string        `json:"ref"` // slot, booking or hold
	From   time.Time     `json:"from"`
	To     time.Time     `json:"to"`
	Buffer time.Duration `json:"buffer,omitempty"` // stays free before and after
	Until  time.Time     `json:"until,omitzero"`   // a hold's end
}

// Identity implements storage.Document.
func (c *Calendar) Identity() (string, *int64) { return c.ID, &c.Version }

// Keys implements storage.Document.
func (c *Calendar) Keys() storage.Keys {
	return storage.Keys{"day": c.ID[strings.LastIndexByte(c.ID, ':')+1:]}
}

// Free reports whether nothing else lies in the way of b: the gap to every other entry is at least the larger of both buffers. Entries of b's own
// Ref, of the refs in but and expired holds don't count.
func (c *Calendar) Free(b Busy, now time.Time, but ...string) bool {
	return !slices.ContainsFunc(c.Taken, func(t Busy) bool {
		if t.Ref == b.Ref || slices.Contains(but, t.Ref) || (!t.Until.IsZero() && !now.Before(t.Until)) {
			return false
		}
		gap := max(t.Buffer, b.Buffer)
		return b.From.Before(t.To.Add(gap)) && t.From.Before(b.To.Add(gap))
	})
}

// Take enters b, replacing its Ref's former entry and forgetting expired holds.
func (c *Calendar) Take(b Busy, now time.Time) {
	c.Release(b.Ref)
	c.Taken = slices.DeleteFunc(c.Taken, func(t Busy) bool { return !t.Until.IsZero() && !now.Before(t.Until) })
	c.Taken = append(c.Taken, b)
}

// Release frees what Ref had taken.
func (c *Calendar) Release(ref string) {
	c.Taken = slices.DeleteFunc(c.Taken, func(t Busy) bool { return t.Ref == ref })
}

// calendarIDs names the calendars that a time touches, buffers included.
func calendarIDs(kind busyKind, owner string, b Busy) []string {
	if owner == "" {
		return nil
	}
	first, last := cal.DayOf(b.From.Add(-b.Buffer)), cal.DayOf(b.To.Add(b.Buffer).Add(-time.Millisecond))
	var out []string
	for d := first; d <= last; d = d.Add(1) {
		out = append(out, string(kind)+":"+owner+":"+string(d))
	}
	return out
}

// sorted gives each id once, in the order in which they are taken.
func sorted(ids ...[]string) []string {
	all := slices.Concat(ids...)
	sort.Strings(all)
	return slices.Compact(all)
}
