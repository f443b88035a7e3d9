package paper

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/i18n"
)

const (
	nbsp = "\u00a0" // keeps a number with its unit
	thin = "\u202f" // narrow no-break space, between groups of digits
)

// grouped writes a whole number with its digits in groups of three, as the language does.
func grouped(lang i18n.Lang, n int64) string {
	digits := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, digits = "−", digits[1:]
	}
	sep := thin
	if lang == i18n.EN {
		sep = ","
	}
	var parts []string
	for len(digits) > 3 {
		parts = append(parts, digits[len(digits)-3:])
		digits = digits[:len(digits)-3]
	}
	parts = append(parts, digits)
	slices.Reverse(parts)
	return sign + strings.Join(parts, sep)
}

// money writes an amount in whole tenge.
func money(lang i18n.Lang, tenge int64) string { return grouped(lang, tenge) + nbsp + "₸" }

// months holds the names of the months in the forms that dates need.
type months [12]string

func monthForms(lang i18n.Lang, form string) months {
	switch {
	case lang == i18n.RU:
		return months{"января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря"}
	case lang == i18n.EN:
		return months{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"}
	case form == "from":
		return months{"қаңтардан", "ақпаннан", "наурыздан", "сәуірден", "мамырдан", "маусымнан", "шілдеден", "тамыздан", "қыркүйектен", "қазаннан", "қарашадан", "желтоқсаннан"}
	case form == "to":
		return months{"қаңтарға", "ақпанға", "наурызға", "сәуірге", "мамырға", "маусымға", "шілдеге", "тамызға", "қыркүйекке", "қазанға", "қарашаға", "желтоқсанға"}
	case form == "of":
		return months{"қаңтардағы", "ақпандағы", "наурыздағы", "сәуірдегі", "мамырдағы", "маусымдағы", "шілдедегі", "тамыздағы", "қыркүйектегі", "қазандағы", "қарашадағы", "желтоқсандағы"}
	default:
		return months{"қаңтар", "ақпан", "наурыз", "сәуір", "мамыр", "маусым", "шілде", "тамыз", "қыркүйек", "қазан", "қараша", "желтоқсан"}
	}
}

// longDate writes a day in words. The form is for Kazakh, which puts the case on the month: "" (1 қыркүйек), "from" (қыркүйектен),
// "to" (қыркүйекке), "of" (қыркүйектегі). The other languages say it with a preposition of the template.
func longDate(lang i18n.Lang, form string, d cal.Day) (string, error) {
	if !d.Valid() {
		return "", fmt.Errorf("%q is not a day", d)
	}
	year, month, day := d.Date()
	name := monthForms(lang, form)[month-1]
	switch lang {
	case i18n.KK:
		return fmt.Sprintf("%d%sжылғы %d%s%s", year, nbsp, day, nbsp, name), nil
	case i18n.RU:
		return fmt.Sprintf("%d%s%s %d%sгода", day, nbsp, name, year, nbsp), nil
	default:
		return fmt.Sprintf("%d%s%s %d", day, nbsp, name, year), nil
	}
}

// shortDate writes a day in digits for tables, the same in all three languages: 01.09.2027.
func shortDate(d cal.Day) (string, error) {
	if !d.Valid() {
		return "", fmt.Errorf("%q is not a day", d)
	}
	year, month, day := d.Date()
	return fmt.Sprintf("%02d.%02d.%04d", day, int(month), year), nil
}

// instant writes a moment in UTC+5 to the second.
func instant(t time.Time) string {
	return t.In(cal.Zone()).Format("02.01.2006 15:04:05") + nbsp + "(UTC+5)"
}

// counted writes a number with its noun in the right form. Kazakh has one form after numbers, English two, Russian three.
func counted(lang i18n.Lang, n int, forms ...string) (string, error) {
	want := map[i18n.Lang]int{i18n.KK: 1, i18n.RU: 3, i18n.EN: 2}[lang]
	if len(forms) != want {
		return "", fmt.Errorf("%s needs %d forms of a noun, not %d", lang, want, len(forms))
	}
	return grouped(lang, int64(n)) + nbsp + forms[pluralForm(lang, n)], nil
}

func pluralForm(lang i18n.Lang, n int) int {
	switch {
	case lang == i18n.KK, n == 1, lang == i18n.RU && n%10 == 1 && n%100 != 11:
		return 0
	case lang == i18n.EN, n%10 >= 2 && n%10 <= 4 && (n%100 < 12 || n%100 > 14):
		return 1
	default:
		return 2
	}
}

// percent writes part of whole cut to one decimal: 59.97 % reads 59,9 and never 60.
func percent(lang i18n.Lang, part, whole int) (string, error) {
	if whole <= 0 || part < 0 {
		return "", fmt.Errorf("no share of %d in %d", part, whole)
	}
	permille := int64(part) * 1000 / int64(whole)
	s := strconv.FormatInt(permille/10, 10)
	if tenth := permille % 10; tenth != 0 {
		point := ","
		if lang == i18n.EN {
			point = "."
		}
		s += point + strconv.FormatInt(tenth, 10)
	}
	if lang == i18n.EN {
		return s + "%", nil
	}
	return s + nbsp + "%", nil
}

// duration writes minutes as hours and minutes with the short units of the language.
func duration(minutes int, hour, minute string) string {
	h, m := minutes/60, minutes%60
	switch {
	case m == 0:
		return strconv.Itoa(h) + nbsp + hour
	case h == 0:
		return strconv.Itoa(m) + nbsp + minute
	default:
		return strconv.Itoa(h) + nbsp + hour + nbsp + strconv.Itoa(m) + nbsp + minute
	}
}

// weekdayList sorts days Monday first, drops repeats, and joins their short names; three or more in a row become a range.
func weekdayList(days []time.Weekday, names []string) string {
	var has [7]bool
	for _, d := range days {
		has[(int(d)+6)%7] = true
	}
	var out []string
	for i := 0; i < 7; i++ {
		if !has[i] {
			continue
		}
		j := i
		for j+1 < 7 && has[j+1] {
			j++
		}
		switch {
		case j-i >= 2:
			out = append(out, names[i]+"–"+names[j])
		case j == i+1:
			out = append(out, names[i], names[j])
		default:
			out = append(out, names[i])
		}
		i = j
	}
	return strings.Join(out, ", ")
}
