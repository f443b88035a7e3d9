// Package dates writes days and moments as people write them in Kazakh, Russian and English, always in UTC+5. It is the one formatter
// for mails and pages. The number of a day stays on one line with its month. It is pure; an invalid day or a zero time gives "".
package dates

import (
	"fmt"
	"time"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/i18n"
)

// Day writes a day: "2026 жылғы 24 қараша", "24 ноября 2026 года", "24 November 2026".
func Day(lang i18n.Lang, d cal.Day) string {
	if !d.Valid() {
		return ""
	}
	year, month, day := d.Date()
	name := monthName(lang, month)
	switch lang {
	case i18n.KK:
		return fmt.Sprintf("%d жылғы %d\u00a0%s", year, day, name)
	case i18n.RU:
		return fmt.Sprintf("%d\u00a0%s %d\u00a0года", day, name, year)
	default:
		return fmt.Sprintf("%d\u00a0%s %d", day, name, year)
	}
}

// Moment writes an instant with its weekday: "2026 жылғы 24 қараша, сейсенбі, сағат 15:30", "24 ноября 2026 года, вторник, 15:30",
// "Tuesday, 24 November 2026, 15:30".
func Moment(lang i18n.Lang, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	day := cal.DayOf(t)
	weekday := weekdayName(lang, day.Weekday())
	switch lang {
	case i18n.KK:
		return Day(lang, day) + ", " + weekday + ", сағат " + Clock(t)
	case i18n.RU:
		return Day(lang, day) + ", " + weekday + ", " + Clock(t)
	default:
		return weekday + ", " + Day(lang, day) + ", " + Clock(t)
	}
}

// Short writes day, month and time for subjects, without the year: "24 қараша, 15:30".
func Short(lang i18n.Lang, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	_, month, day := cal.DayOf(t).Date()
	return fmt.Sprintf("%d\u00a0%s, %s", day, monthName(lang, month), Clock(t))
}

// Clock writes the time of day: "15:30".
func Clock(t time.Time) string { return t.In(cal.Zone()).Format("15:04") }

// LastDay writes a deadline that is a day and includes it: "2026 жылғы 24 қараша (осы күн де кіреді)", "24 ноября 2026 года включительно",
// "24 November 2026 inclusive".
func LastDay(lang i18n.Lang, d cal.Day) string {
	if !d.Valid() {
		return ""
	}
	switch lang {
	case i18n.KK:
		return Day(lang, d) + " (осы күн де кіреді)"
	case i18n.RU:
		return Day(lang, d) + " включительно"
	default:
		return Day(lang, d) + " inclusive"
	}
}

// Until writes a deadline that is an instant: the end of a day as [LastDay], any other as [Moment].
func Until(lang i18n.Lang, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	if day := cal.DayOf(t); day.Start().Equal(t) {
		return LastDay(lang, day.Add(-1))
	}
	return Moment(lang, t)
}

func monthName(lang i18n.Lang, m time.Month) string {
	switch lang {
	case i18n.KK:
		return [...]string{"қаңтар", "ақпан", "наурыз", "сәуір", "мамыр", "маусым", "шілде", "тамыз", "қыркүйек", "қазан", "қараша", "желтоқсан"}[m-1]
	case i18n.RU:
		return [...]string{"января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря"}[m-1]
	default:
		return m.String()
	}
}

func weekdayName(lang i18n.Lang, d time.Weekday) string {
	switch lang {
	case i18n.KK:
		return [...]string{"жексенбі", "дүйсенбі", "сейсенбі", "сәрсенбі", "бейсенбі", "жұма", "сенбі"}[d]
	case i18n.RU:
		return [...]string{"воскресенье", "понедельник", "вторник", "среда", "четверг", "пятница", "суббота"}[d]
	default:
		return d.String()
	}
}
