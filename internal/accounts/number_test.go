package accounts_test

import (
	"testing"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"
)

func TestIIN(t *testing.T) {
	for _, c := range []struct {
		number string
		birth  cal.Day
		code   string
	}{
		{"080515500017", "2008-05-15", ""}, // check digit found in the first pass
		{"080515500808", "2008-05-15", ""}, // in the second
		{"100101600019", "2010-01-01", ""},
		{"100101601802", "2010-01-01", ""},
		{"791028302728", "1979-10-28", ""},
		{"061211600012", "2006-12-11", ""},
		{"080515500018", "", "iin_check_digit"},
		{"080515500810", "", "iin_check_digit"}, // no digit completes this prefix
		{"080515500811", "", "iin_check_digit"},
		{"080230500017", "", "iin_date"}, // 30 February
		{"081315500017", "", "iin_date"},
		{"080515700017", "", "iin_date"},
		{"200140000014", "", "iin_date"}, // a BIN
		{"08051550001", "", "iin_format"},
		{"0805155000171", "", "iin_format"},
		{"08051550001a", "", "iin_format"},
		{"٠٨٠٥١٥٥٠٠٠١٧", "", "iin_format"}, // digits of another script
		{"", "", "iin_format"},
	} {
		birth, err := accounts.ValidIIN(c.number)
		if birth != c.birth || errs.CodeOf(err) != c.code {
			t.Errorf("%q: got %q, %v; want %q, %q", c.number, birth, err, c.birth, c.code)
		}
	}
}

func TestBIN(t *testing.T) {
	for _, c := range []struct{ number, code string }{
		{"200140000014", ""},
		{"200140000501", ""},
		{"200140000015", "bin_check_digit"},
		{"200140001300", "bin_check_digit"}, // no digit completes this prefix
		{"201340000014", "bin_date"},
		{"080515500017", "bin_kind"}, // an IIN
		{"200149000014", "bin_kind"},
		{"2001400000", "bin_format"},
		{"20014000001x", "bin_format"},
	} {
		if err := accounts.ValidBIN(c.number); errs.CodeOf(err) != c.code {
			t.Errorf("%q: got %v, want %q", c.number, err, c.code)
		}
	}
}

func TestNoPrefixHasTwoCheckDigits(t *testing.T) {
	for _, prefix := range []string{"08051550001", "10010160001", "79102830272"} {
		valid := 0
		for digit := range 10 {
			if _, err := accounts.ValidIIN(prefix + string(rune('0'+digit))); err == nil {
				valid++
			}
		}
		if valid != 1 {
			t.Errorf("%s: %d valid last digits", prefix, valid)
		}
	}
}

func FuzzNumbers(f *testing.F) {
	for _, s := range []string{"080515500017", "200140000014", "", "000000000000", "999999999999", "08051550001\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		birth, err := accounts.ValidIIN(s)
		if err == nil && birth != "" && !birth.Valid() {
			t.Errorf("%q is valid but born on %q", s, birth)
		}
		if err == nil && accounts.ValidBIN(s) == nil {
			t.Errorf("%q is both an IIN and a BIN", s)
		}
		if accounts.ValidBIN(s) == nil != (accounts.ValidBIN(s) == nil && accounts.IsBIN(s)) {
			t.Errorf("%q: IsBIN disagrees", s)
		}
	})
}
