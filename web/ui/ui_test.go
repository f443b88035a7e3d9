package ui_test

import (
	"strings"
	"testing"
	"time"

	"github.com/orynda/orynda/web/ui"
)

func TestSoft(t *testing.T) {
	for text, want := range map[string]string{
		"Қарағанды": "Қа-ра-ған-ды", "Түркістан": "Түр-кіс-тан", "Колледждің қолы": "Кол-ледж-дің қолы", "БҚО": "БҚО", "Астана": "Астана", "": "",
		"Мангистау": "Ман-гис-тау",
	} {
		if got := strings.ReplaceAll(ui.Soft(text), "\u00ad", "-"); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}

func TestNumbers(t *testing.T) {
	for n, want := range map[int]string{0: "0", 7: "7", 999: "999", 1000: "1 000", 60000: "60 000", 1234567: "1 234 567", -4500: "−4 500"} {
		if got := strings.ReplaceAll(ui.Number(n), "\u202f", " "); got != want {
			t.Errorf("%d: %s, want %s", n, got, want)
		}
	}
}

func TestTheLastTenthIsUrgent(t *testing.T) {
	from := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	c := ui.Clock{From: from, Until: from.Add(100 * time.Hour)}
	for hours, want := range map[int]bool{0: false, 89: false, 90: true, 99: true, 100: true, 500: true} {
		if got := c.Urgent(from.Add(time.Duration(hours) * time.Hour)); got != want {
			t.Errorf("after %d of 100 hours: %t", hours, got)
		}
	}
	if (ui.Clock{Until: from}).Urgent(from.Add(-time.Minute)) {
		t.Error("a clock without a beginning is urgent only when it is over")
	}
}
