// Package cal is time as the project reckons it: instants are UTC cut to milliseconds, a day is the calendar day in
// UTC+5 (Kazakhstan has one zone since 1 March 2024), ages and deadlines are counted in such days.
//
// The clock is an argument everywhere; only the composition root makes a real one.
package cal

import (
	"time"
)

// Zone is the zone of every calendar day: fixed UTC+5, so that no zone database is needed.
func Zone() *time.Location { return time.FixedZone("UTC+5", int(offset/time.Second)) }

const offset = 5 * time.Hour

// Clock tells the present instant. Implementations cut it with [Trim].
type Clock interface {
	Now() time.Time
}

// ClockFunc makes a Clock of a function, cutting what it returns with [Trim].
type ClockFunc func() time.Time

// Now implements Clock.
func (f ClockFunc) Now() time.Time { return Trim(f()) }

// System is the machine's clock.
func System() Clock { return ClockFunc(time.Now) }

// Trim makes an instant what every engine can store: UTC, whole milliseconds, no monotonic part.
func Trim(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }

// Day is a calendar day in UTC+5 as "2027-09-01". Days of four-digit years compare as strings. The zero value "" is no day.
type Day string

// layout is RFC 3339 full-date.
const layout = "2006-01-02"

// DayOf gives the day an instant falls on.
func DayOf(t time.Time) Day {
	if t.IsZero() {
		return ""
	}
	return Day(t.UTC().Add(offset).Format(layout))
}

// NewDay makes a day of its parts; out-of-range parts are carried over as time.Date does.
func NewDay(year int, month time.Month, day int) Day {
	return Day(time.Date(year, month, day, 0, 0, 0, 0, Zone()).Format(layout))
}

// Valid reports whether d is a real day written as YYYY-MM-DD.
func (d Day) Valid() bool {
	_, err := time.Parse(layout, string(d))
	return err == nil
}

// Start is the instant the day begins (UTC). It is the zero time for an invalid day.
func (d Day) Start() time.Time {
	t, err := time.Parse(layout, string(d))
	if err != nil {
		return time.Time{}
	}
	return t.Add(-offset)
}

// End is the instant the next day begins: a deadline on d includes everything before it.
func (d Day) End() time.Time { return d.Add(1).Start() }

// Add moves by n days.
func (d Day) Add(n int) Day {
	t, err := time.Parse(layout, string(d))
	if err != nil {
		return ""
	}
	return Day(t.AddDate(0, 0, n).Format(layout))
}

// DaysUntil counts the days from d to other: 0 on the same day, negative when other is earlier.
func (d Day) DaysUntil(other Day) int {
	return int(other.Start().Sub(d.Start()).Hours() / 24)
}

// Date gives the parts of a valid day.
func (d Day) Date() (year int, month time.Month, day int) { return d.Start().In(Zone()).Date() }

// Weekday gives the day of the week of a valid day.
func (d Day) Weekday() time.Weekday { return d.Start().In(Zone()).Weekday() }

// Age counts the full years of a person born on birth at the day on. Someone born on 29 February comes of age on 1 March in
// common years.
func Age(birth, on Day) int {
	by, bm, bd := birth.Date()
	oy, om, od := on.Date()
	age := oy - by
	if om < bm || (om == bm && od < bd) {
		age--
	}
	return age
}

// Overlap reports whether the closed periods [aFrom, aTo] and [bFrom, bTo] share a day.
func Overlap(aFrom, aTo, bFrom, bTo Day) bool { return aFrom <= bTo && bFrom <= aTo }
