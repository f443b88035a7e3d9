// Package plain keeps personal data out of what is kept long and shown widely: events and audit entries hold ids, codes, numbers
// and keyed hashes only (domain.md I9, I11).
//
// It can't know what a value means. It refuses what can only be a mistake: free text, mail addresses, phone numbers and 12 digits
// in a row, which is an IIN or a BIN. That is enough for the tests of a package to notice.
package plain

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxLength is the longest value in bytes: longer than every id, code and hash.
const maxLength = 256

// Check refuses a map in which a name or a value is not plain. The error names the key and not the value.
func Check(data map[string]string) error {
	for name, value := range data {
		if name == "" || !Value(name) {
			return fmt.Errorf("the name of a value is not a plain word")
		}
		if !Value(value) {
			return fmt.Errorf("the value of %q is not an id, code or hash", name)
		}
	}
	return nil
}

// Value reports whether s may be an id, code, number, date or hash. The empty text is plain.
func Value(s string) bool {
	if len(s) > maxLength || !utf8.ValidString(s) || strings.Contains(s, "@") || isPhone(s) || isNationalNumber(s) {
		return false
	}
	for _, r := range s {
		if unicode.IsSpace(r) || !unicode.IsPrint(r) {
			return false
		}
	}
	return true
}

// isPhone: "+7…" with as many digits as a phone number has.
func isPhone(s string) bool { return strings.HasPrefix(s, "+") && len(s) >= 8 }

// isNationalNumber: an IIN or a BIN.
func isNationalNumber(s string) bool {
	if len(s) != 12 {
		return false
	}
	return strings.Trim(s, "0123456789") == ""
}

// mostDigits is how many digits a text may hold before they may be somebody's: a phone number has ten, an IIN twelve, a year four.
const mostDigits = 5

// Personal reports whether a text that a stranger typed looks as if it named somebody: a mail address, or more than five digits that stand together,
// also parted as phone numbers are written. It errs on the careful side, and can't know names.
func Personal(text string) bool {
	digits := 0
	for _, r := range text {
		switch {
		case r == '@':
			return true
		case unicode.IsDigit(r):
			if digits++; digits > mostDigits {
				return true
			}
		case strings.ContainsRune(" -()+.\u00a0", r): // between the digits of one number
		default:
			digits = 0
		}
	}
	return false
}
