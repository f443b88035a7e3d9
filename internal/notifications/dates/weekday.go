package dates

import (
	"fmt"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/i18n"
)

// Weekday writes a day of a near week, with its weekday and without its year: "24 қараша, сейсенбі", "24 ноября, вторник", "Tuesday, 24 November".
func Weekday(lang i18n.Lang, d cal.Day) string {
	if !d.Valid() {
		return ""
	}
	_, month, day := d.Date()
	if lang == i18n.EN {
		return fmt.Sprintf("%s, %d %s", weekdayName(lang, d.Weekday()), day, monthName(lang, month))
	}
	return fmt.Sprintf("%d %s, %s", day, monthName(lang, month), weekdayName(lang, d.Weekday()))
}
