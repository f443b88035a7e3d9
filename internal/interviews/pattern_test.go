package interviews_test

import (
	"slices"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/interviews"
	it "github.com/orynda/orynda/internal/interviews/interviewstest"
)

func TestExceptions(t *testing.T) { it.OnEngines(t, exceptions) }

func exceptions(t *testing.T, w *it.World) {
	ctx := t.Context()
	place := w.Place(t, nil)
	pattern := func(change func(p *interviews.Pattern)) interviews.NewSlots {
		p := &interviews.Pattern{
			Weekdays: []int{2, 4}, From: "10:00", To: "12:00", Length: time.Hour, FirstDay: "2026-11-24", LastDay: "2026-12-06",
			Except: []cal.Day{"2026-11-26"}, Other: []interviews.DayHours{{Day: "2026-12-01", From: "15:00", To: "16:30"}, {Day: "2026-12-05", From: "09:00", To: "10:00"}},
		}
		change(p)
		return interviews.NewSlots{Form: interviews.ByPhone, Phone: "+77212000000", Pattern: p}
	}
	made, skipped, err := w.Interviews.CreateSlots(ctx, w.HR, place.ID, pattern(func(*interviews.Pattern) {}))
	it.Ok(t, err)
	var got []string
	for _, s := range made {
		got = append(got, s.Slot.StartsAt.In(cal.Zone()).Format("01-02 15:04"))
	}
	// A Thursday off, a Tuesday with other hours, a Saturday beside the weekdays.
	want := []string{"11-24 10:00", "11-24 11:00", "12-01 15:00", "12-03 10:00", "12-03 11:00", "12-05 09:00"}
	if !slices.Equal(got, want) || len(skipped) != 0 {
		t.Errorf("made %v, want %v; skipped %+v", got, want, skipped)
	}
	for name, c := range map[string]struct {
		change func(p *interviews.Pattern)
		want   []string
	}{
		"no day":        {func(p *interviews.Pattern) { p.Other[0].Day = "" }, []string{"pattern.other_hours[0].day required"}},
		"no such day":   {func(p *interviews.Pattern) { p.Except[0] = "2026-02-30" }, []string{"pattern.except_days[0] bad_format"}},
		"before":        {func(p *interviews.Pattern) { p.Except[0] = "2026-11-23" }, []string{"pattern.except_days[0] outside_pattern"}},
		"after":         {func(p *interviews.Pattern) { p.Other[1].Day = "2026-12-07" }, []string{"pattern.other_hours[1].day outside_pattern"}},
		"twice":         {func(p *interviews.Pattern) { p.Other[0].Day = "2026-11-26" }, []string{"pattern.other_hours[0].day not_unique"}},
		"half of hours": {func(p *interviews.Pattern) { p.Other[1].To = "" }, []string{"pattern.other_hours[1].to bad_format"}},
		"turned hours":  {func(p *interviews.Pattern) { p.Other[1].From = "11:00" }, []string{"pattern.other_hours[1].to too_small"}},
	} {
		_, _, err := w.Interviews.CreateSlots(ctx, w.HR, place.ID, pattern(c.change))
		if got := fieldsOf(err); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
