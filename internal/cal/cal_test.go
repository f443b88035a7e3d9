package cal_test

import (
	"testing"
	"time"

	"github.com/orynda/orynda/internal/cal"
)

func TestADayIsTheDayInUTCPlus5(t *testing.T) {
	for instant, want := range map[string]cal.Day{
		"2026-11-22T18:59:59Z": "2026-11-22", "2026-11-22T19:00:00Z": "2026-11-23", "2024-02-28T20:00:00Z": "2024-02-29",
	} {
		at, err := time.Parse(time.RFC3339, instant)
		if err != nil {
			t.Fatal(err)
		}
		if got := cal.DayOf(at); got != want {
			t.Errorf("%s: %s, want %s", instant, got, want)
		}
	}
	d := cal.Day("2026-11-22")
	if d.Start() != time.Date(2026, 11, 21, 19, 0, 0, 0, time.UTC) || d.End() != d.Add(1).Start() {
		t.Errorf("the day begins %s and ends %s", d.Start(), d.End())
	}
}

func TestAge(t *testing.T) {
	for _, c := range []struct {
		birth, on cal.Day
		want      int
	}{
		{"2008-05-15", "2026-05-14", 17}, {"2008-05-15", "2026-05-15", 18}, {"2008-02-29", "2026-02-28", 17}, {"2008-02-29", "2026-03-01", 18},
		{"2008-02-29", "2024-02-29", 16}, {"2010-01-01", "2010-01-01", 0},
	} {
		if got := cal.Age(c.birth, c.on); got != c.want {
			t.Errorf("born %s, on %s: %d, want %d", c.birth, c.on, got, c.want)
		}
	}
}

func TestDays(t *testing.T) {
	d := cal.Day("2024-02-28")
	if d.Add(2) != "2024-03-01" || d.DaysUntil("2024-03-01") != 2 || cal.Day("2024-03-01").DaysUntil(d) != -2 {
		t.Error("days of a leap year are counted wrong")
	}
	for _, bad := range []cal.Day{"", "2026-02-30", "2026-2-3", "26-02-03", "2026-02-03T00:00"} {
		if bad.Valid() {
			t.Errorf("%q is a day", bad)
		}
	}
	if !cal.Overlap("2026-01-01", "2026-01-31", "2026-01-31", "2026-02-28") || cal.Overlap("2026-01-01", "2026-01-31", "2026-02-01", "2026-02-28") {
		t.Error("closed periods overlap when they share a day, and only then")
	}
	if cal.Day("2026-11-22").Weekday() != time.Sunday {
		t.Error("22 November 2026 is a Sunday")
	}
}

func TestTrim(t *testing.T) {
	at := time.Date(2026, 11, 22, 10, 0, 0, 123456789, time.FixedZone("x", 3600))
	got := cal.Trim(at)
	if got.Nanosecond() != 123000000 || got.Location() != time.UTC || !got.Equal(at.Truncate(time.Millisecond)) {
		t.Errorf("trimmed: %v", got)
	}
}
