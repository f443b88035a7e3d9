package interviews

import (
	"slices"
	"time"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"
)

// Pattern repeats times over days. From and To are hours of the day as "15:04" in UTC+5.
type Pattern struct {
	Weekdays          []int // 1 Monday … 7 Sunday
	From, To          string
	Length, Buffer    time.Duration
	FirstDay, LastDay cal.Day
	Except            []cal.Day
}

func (p *Pattern) check() []errs.Field {
	var bad []errs.Field
	add := func(field, code string) { bad = append(bad, errs.Field{Field: "pattern." + field, Code: code}) }
	from, okFrom := clockOf(p.From)
	to, okTo := clockOf(p.To)
	switch {
	case !okFrom:
		add("from", "bad_format")
	case !okTo:
		add("to", "bad_format")
	case to <= from:
		add("to", "too_small")
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
	return bad
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
	from, _ := clockOf(p.From)
	to, _ := clockOf(p.To)
	var out []Busy
	for d := p.FirstDay; d <= p.LastDay; d = d.Add(1) {
		weekday := (int(d.Weekday())+6)%7 + 1
		if !slices.Contains(p.Weekdays, weekday) || slices.Contains(p.Except, d) {
			continue
		}
		for at := from; at+p.Length <= to; at += p.Length + p.Buffer {
			begin := d.Start().Add(at)
			out = append(out, Busy{From: begin, To: begin.Add(p.Length), Buffer: p.Buffer})
		}
	}
	return out
}
