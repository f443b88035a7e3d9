package directory

import (
	"slices"
	"time"

	"github.com/orynda/orynda/internal/cal"
)

// The working day of a chamber in UTC+5: eight hours with a break, Monday to Friday.
const (
	workBegins  = 8*time.Hour + 30*time.Minute
	breakBegins = 13 * time.Hour
	breakEnds   = 14 * time.Hour
	workEnds    = 17*time.Hour + 30*time.Minute
)

// fixedHolidays are the public holidays that stand on one date each year (Law "On holidays"; the list is data to keep up).
func fixedHolidays() []string {
	return []string{
		"01-01", "01-02", "01-07", "03-08", "03-21", "03-22", "03-23", "05-01", "05-07", "05-09", "07-06", "08-30", "10-25", "12-16",
	}
}

// movedHolidays are further days off of single years, moved from weekends (legal-facts.md 6).
func movedHolidays() []cal.Day {
	return []cal.Day{"2026-03-09", "2026-03-24", "2026-03-25", "2026-05-11", "2026-08-31", "2026-10-26"}
}

// WorkingDay reports whether people work on a day: not on weekends and public holidays.
func (r *Reference) WorkingDay(day cal.Day) bool {
	if !day.Valid() {
		return false
	}
	if w := day.Weekday(); w == time.Saturday || w == time.Sunday {
		return false
	}
	return !slices.Contains(fixedHolidays(), string(day[5:])) && !slices.Contains(movedHolidays(), day)
}

// AddWorkingDays gives the n-th working day after a day.
func (r *Reference) AddWorkingDays(day cal.Day, n int) cal.Day {
	for n > 0 {
		day = day.Add(1)
		if r.WorkingDay(day) {
			n--
		}
	}
	return day
}

// WorkingHours gives the instant at which so many working hours have passed since from: 24 of them from 08:30 on a Tuesday end at 17:30 on the
// Thursday. Outside working hours the clock stands.
func (r *Reference) WorkingHours(from time.Time, hours time.Duration) time.Time {
	day := cal.DayOf(from)
	for {
		if r.WorkingDay(day) {
			for _, span := range [][2]time.Duration{{workBegins, breakBegins}, {breakEnds, workEnds}} {
				begin, end := day.Start().Add(span[0]), day.Start().Add(span[1])
				if begin.Before(from) {
					begin = from
				}
				left := end.Sub(begin)
				if left <= 0 {
					continue
				}
				if hours <= left {
					return cal.Trim(begin.Add(hours))
				}
				hours -= left
			}
		}
		day = day.Add(1)
	}
}
