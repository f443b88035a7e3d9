package id_test

import (
	"strings"
	"testing"

	"github.com/orynda/orynda/internal/id"
)

func TestIDsAreUniqueAndSortByTime(t *testing.T) {
	seen, last := map[string]bool{}, ""
	for range 2000 {
		s := id.New("plc")
		if seen[s] || !id.Valid("plc", s) {
			t.Fatalf("%q", s)
		}
		if s < last {
			t.Fatalf("%q comes after %q", s, last)
		}
		seen[s], last = true, s
	}
	for _, bad := range []string{"", "plc_", "ent_" + strings.Repeat("0", 32), "plc_" + strings.Repeat("G", 32), "plc_" + strings.Repeat("A", 32)} {
		if id.Valid("plc", bad) {
			t.Errorf("%q is valid", bad)
		}
	}
}

func TestCodes(t *testing.T) {
	counts := map[rune]int{}
	for range 5000 {
		for _, c := range id.Digits(6) {
			counts[c]++
		}
		if c := id.Crockford(6); len(c) != 6 || strings.ContainsAny(c, "ILOU") {
			t.Fatalf("%q can be misread", c)
		}
	}
	for d := '0'; d <= '9'; d++ {
		if n := counts[d]; n < 2600 || n > 3400 { // 3000 expected, seven standard deviations
			t.Errorf("digit %c came %d times of 30000", d, n)
		}
	}
	if first, second := id.Token(24), id.Token(24); first == second || len(first) != 32 {
		t.Error("tokens")
	}
}
