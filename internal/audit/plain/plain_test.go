package plain_test

import (
	"strings"
	"testing"

	"github.com/orynda/orynda/internal/audit/plain"
)

func TestValue(t *testing.T) {
	for value, want := range map[string]bool{
		"":                                      true,
		"plc_0192f0c4a1b27c3d8e4f5a6b7c8d9e0f":  true,
		"2027-09-01":                            true,
		"2027-09-01T10:00:00.000Z":              true,
		"35":                                    true,
		"351010000":                             true,
		"ҚР-2027/14":                            true,
		strings.Repeat("a", 256):                true,
		strings.Repeat("a", 257):                false,
		"990101300123":                          false,
		"+77012345678":                          false,
		"aigerim@example.kz":                    false,
		"Айгерім Сәрсенова":                     false,
		"line\nbreak":                           false,
		"broken\xffutf8":                        false,
		"no\u00a0break":                         false,
		"0192f0c4-a1b2-7c3d-8e4f-5a6b7c8d9e0f":  true,
		"k7Jm1vX0Qm5m8x1rV9a8a6WbQmWm3T0d1c-_1": true,
	} {
		if got := plain.Value(value); got != want {
			t.Errorf("Value(%q) = %v, want %v", value, got, want)
		}
	}
}

func TestCheckNamesTheKeyAndNotTheValue(t *testing.T) {
	err := plain.Check(map[string]string{"iin": "990101300123"})
	if err == nil || !strings.Contains(err.Error(), "iin") || strings.Contains(err.Error(), "990101300123") {
		t.Errorf("error = %v", err)
	}
	if plain.Check(map[string]string{"a b": "x"}) == nil || plain.Check(map[string]string{"": "x"}) == nil {
		t.Error("a name that is no word was taken")
	}
	if err := plain.Check(nil); err != nil {
		t.Error(err)
	}
}

func TestPersonal(t *testing.T) {
	for text, want := range map[string]bool{
		"": false, "сварщик караганда 2027": false, "1С бухгалтер, 3 разряд": false, "OR-7K3M9X": false, "5 разряд 4 разряд": false, "12345": false,
		"990101300123": true, "IIN 990101 300123": true, "+7 (701) 234-56-78": true, "8 701 23": true, "aigerim@example.kz": true, "123456": true,
		"\xff123\xff456": false, "٩٩٠١٠١": true,
	} {
		if got := plain.Personal(text); got != want {
			t.Errorf("Personal(%q) = %v, want %v", text, got, want)
		}
	}
}
