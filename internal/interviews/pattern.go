package interviews

import (
	"slices"
	"strconv"
	"time"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"
)

// Pattern repeats times over days. From and To are hours of the day as "15:04" in UTC+5.
//
// Its exceptions are days left out (Except) and days with hours of their own (Other), whatever weekday those are. One day is one exception.
type Pattern struct {
	Weekdays          []int // 1 Monday … 7 Sunday
	From, To          string
	Length, Buffer    time.Duration
	FirstDay, LastDay cal.Day
	Except            []cal.Day
	Other             []DayHours
}

// DayHours are the hours of one day, as "15:04" in UTC+5.
type DayHours struct {
	Day      cal.Day
	From, To string
}

func (p *Pattern) check() []errs.Field {
	var bad []errs.Field
	add := func(field, code string) { bad = append(bad, errs.Field{Field: "pattern." + field, Code: code}) }
	if field, code := hoursFault(p.From, p.To); code != "" {
		add(field, code)
	}
	if p.Length < LeastLength || p.Length > MostLength {
		add("length_min", "slot_length")
	}
	if p.Buffer < 0 || p.Buffer > MostBuffer {
		add("buffer_min", "too_large")
	}
	switch {
	case !p.FirstDay.Valid():
		add("first_day", "bad_format")
	case !p.LastDay.Valid():
		add("last_day", "bad_format")
	case p.LastDay < p.FirstDay || p.FirstDay.DaysUntil(p.LastDay) > MostDays:
		add("last_day", "pattern_length")
	}
	if len(p.Weekdays) == 0 || slices.ContainsFunc(p.Weekdays, func(d int) bool { return d < 1 || d > 7 }) {
		add("weekdays", "unknown_value")
	}
	return append(bad, p.checkExceptions()...)
}

// checkExceptions: an exception outside the pattern's days would silently do nothing, so it is refused.
func (p *Pattern) checkExceptions() []errs.Field {
	var bad []errs.Field
	add := func(field, code string) { bad = append(bad, errs.Field{Field: "pattern." + field, Code: code}) }
	seen := map[cal.Day]bool{}
	day := func(field string, d cal.Day) {
		switch {
		case d == "":
			add(field, "required")
		case !d.Valid():
			add(field, "bad_format")
		case seen[d]:
			add(field, "not_unique")
		case p.FirstDay.Valid() && p.LastDay.Valid() && (d < p.FirstDay || d > p.LastDay):
			add(field, "outside_pattern")
		}
		seen[d] = true
	}
	for i, d := range p.Except {
		day("except_days["+strconv.Itoa(i)+"]", d)
	}
	for i, o := range p.Other {
		at := "other_hours[" + strconv.Itoa(i) + "]."
		day(at+"day", o.Day)
		if field, code := hoursFault(o.From, o.To); code != "" {
			add(at+field, code)
		}
	}
	return bad
}

// hoursFault is what is wrong with hours of a day, "" for nothing.
func hoursFault(first, last string) (field, code string) {
	from, okFrom := clockOf(first)
	to, okTo := clockOf(last)
	switch {
	case !okFrom:
		return "from", "bad_format"
	case !okTo:
		return "to", "bad_format"
	case to <= from:
		return "to", "too_small"
	}
	return "", ""
}

// clockOf reads "15:04" as the time since midnight.
func clockOf(s string) (time.Duration, bool) {
	t, err := time.Parse("15:04", s)
	if err != nil {
		return 0, false
	}
	return time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute, true
}

// times lists the pattern's begins and ends; neighbours share the buffer between them.
func (p *Pattern) times() []Busy {
	var out []Busy
	for d := p.FirstDay; d <= p.LastDay; d = d.Add(1) {
		from, to := p.hoursOn(d)
		for at := from; at+p.Length <= to; at += p.Length + p.Buffer {
			begin := d.Start().Add(at)
			out = append(out, Busy{From: begin, To: begin.Add(p.Length), Buffer: p.Buffer})
		}
	}
	return out
}

// hoursOn are the hours of a day since its begin, none (0, 0) on a day off.
func (p *Pattern) hoursOn(d cal.Day) (from, to time.Duration) {
	first, last := p.From, p.To
	weekday := (int(d.Weekday())+6)%7 + 1
	own := slices.IndexFunc(p.Other, func(o DayHours) bool { return o.Day == d })
	switch {
	case slices.Contains(p.Except, d):
		return 0, 0
	case own >= 0:
		first, last = p.Other[own].From, p.Other[own].To
	case !slices.Contains(p.Weekdays, weekday):
		return 0, 0
	}
	from, _ = clockOf(first)
	to, _ = clockOf(last)
	return from, to
}
