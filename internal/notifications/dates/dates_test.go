package dates_test

import (
	"strings"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/notifications/dates"
)

func TestDates(t *testing.T) {
	// 24 November 2026, 23:30 in Kazakhstan: still the 24th there, and 18:30 in UTC.
	at := time.Date(2026, 11, 24, 18, 30, 0, 0, time.UTC)
	midnight := cal.Day("2026-11-24").End()
	for _, c := range []struct {
		what string
		got  func(l i18n.Lang) string
		want [3]string
	}{
		{"day", func(l i18n.Lang) string { return dates.Day(l, "2027-09-01") },
			[3]string{"2027 жылғы 1\u00a0қыркүйек", "1\u00a0сентября 2027\u00a0года", "1\u00a0September 2027"}},
		{"moment", func(l i18n.Lang) string { return dates.Moment(l, at) },
			[3]string{"2026 жылғы 24\u00a0қараша, сейсенбі, сағат 23:30", "24\u00a0ноября 2026\u00a0года, вторник, 23:30", "Tuesday, 24\u00a0November 2026, 23:30"}},
		{"short", func(l i18n.Lang) string { return dates.Short(l, at) }, [3]string{"24\u00a0қараша, 23:30", "24\u00a0ноября, 23:30", "24\u00a0November, 23:30"}},
		{"until a day", func(l i18n.Lang) string { return dates.Until(l, midnight) },
			[3]string{"2026 жылғы 24\u00a0қараша (осы күн де кіреді)", "24\u00a0ноября 2026\u00a0года включительно", "24\u00a0November 2026 inclusive"}},
		{"until an hour", func(l i18n.Lang) string { return dates.Until(l, at) },
			[3]string{"2026 жылғы 24\u00a0қараша, сейсенбі, сағат 23:30", "24\u00a0ноября 2026\u00a0года, вторник, 23:30", "Tuesday, 24\u00a0November 2026, 23:30"}},
		{"no day", func(l i18n.Lang) string {
			return dates.Day(l, "") + dates.LastDay(l, "2026-02-30") + dates.Moment(l, time.Time{}) + dates.Until(l, time.Time{}) + dates.Short(l, time.Time{})
		}, [3]string{}},
	} {
		for i, l := range i18n.Langs() {
			if got := c.got(l); got != c.want[i] {
				t.Errorf("%s in %s: %q, want %q", c.what, l, got, c.want[i])
			}
		}
	}
}

func TestEveryMonthAndWeekdayHasANameOfItsOwn(t *testing.T) {
	for _, l := range i18n.Langs() {
		names := map[string]bool{}
		for m := time.January; m <= time.December; m++ {
			names[dates.Day(l, cal.NewDay(2026, m, 5))] = true
		}
		for d := range 7 {
			day := cal.NewDay(2026, 11, 1+d)
			names[strings.Replace(dates.Moment(l, day.Start()), dates.Day(l, day), "", 1)] = true
		}
		if len(names) != 12+7 {
			t.Errorf("%s: %d names", l, len(names))
		}
	}
}
