package accounts

import (
	"time"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"
)

// ValidIIN checks an individual identification number: twelve digits, a real birth date, the check digit of Government Resolution
// 406 of 22.05.2007. It gives the birth date the number carries. The errors are errs.Invalid with code iin_format,
// iin_date or iin_check_digit. Century digit 0, which some foreigners have, says nothing of the century: the date is then not checked beyond
// month and day, and the day returned is "".
func ValidIIN(s string) (birth cal.Day, err error) {
	d, ok := twelveDigits(s)
	if !ok {
		return "", errs.New(errs.Invalid, "iin_format")
	}
	month, day := d[2]*10+d[3], d[4]*10+d[5]
	century := d[6]
	if century > 6 || month < 1 || month > 12 || day < 1 || day > 31 {
		return "", errs.New(errs.Invalid, "iin_date")
	}
	if century != 0 {
		year := 1800 + (century-1)/2*100 + d[0]*10 + d[1]
		birth = cal.NewDay(year, time.Month(month), day)
		if _, m, dd := birth.Date(); int(m) != month || dd != day {
			return "", errs.New(errs.Invalid, "iin_date")
		}
	}
	if !checkDigit(d) {
		return "", errs.New(errs.Invalid, "iin_check_digit")
	}
	return birth, nil
}

// ValidBIN checks a business identification number: twelve digits, a month of registration, a kind (fifth digit 4 resident legal
// entity, 5 non-resident, 6 joint entrepreneur) and the check digit. The errors are errs.Invalid with code bin_format, bin_date, bin_kind or
// bin_check_digit.
func ValidBIN(s string) error {
	d, ok := twelveDigits(s)
	if !ok {
		return errs.New(errs.Invalid, "bin_format")
	}
	if month := d[2]*10 + d[3]; month < 1 || month > 12 {
		return errs.New(errs.Invalid, "bin_date")
	}
	if d[4] < 4 || d[4] > 6 || d[5] > 3 {
		return errs.New(errs.Invalid, "bin_kind")
	}
	if !checkDigit(d) {
		return errs.New(errs.Invalid, "bin_check_digit")
	}
	return nil
}

// IsBIN tells the two numbers apart by the fifth digit: a day's first digit is at most 3 in an IIN, a BIN's kind is 4 to 6.
func IsBIN(s string) bool { return len(s) == 12 && s[4] >= '4' && s[4] <= '6' }

func twelveDigits(s string) (d [12]int, ok bool) {
	if len(s) != 12 {
		return d, false
	}
	for i := range d {
		if s[i] < '0' || s[i] > '9' {
			return d, false
		}
		d[i] = int(s[i] - '0')
	}
	return d, true
}

// checkDigit runs the two passes: weights 1…11, and where the remainder is 10 once more from 3 on; a second 10 is never issued.
func checkDigit(d [12]int) bool {
	first, second := 0, 0
	for i := range 11 {
		first += d[i] * (i + 1)
		second += d[i] * ((i+2)%11 + 1)
	}
	rest := first % 11
	if rest == 10 {
		rest = second % 11
	}
	return rest != 10 && rest == d[11]
}
