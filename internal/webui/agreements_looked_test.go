package webui

import (
	"slices"
	"testing"
	"time"
)

// What a cookie keeps of looks is read again whatever the marks are made of: they are of base64's letters for addresses.
func TestLooksAreReadAsWritten(t *testing.T) {
	at := time.Unix(1_800_000_000, 0)
	looks := []look{{"abc_def-GH_1", at, at.Add(time.Hour)}, {"____--------", time.Time{}, at}, {"AAAAAAAAAAAA", at, at}}
	if got := parseLooks(writeLooks(looks)); !slices.EqualFunc(got, looks, func(a, b look) bool { return a.mark == b.mark && a.since.Equal(b.since) && a.last.Equal(b.last) }) {
		t.Errorf("%v", got)
	}
	for _, forged := range []string{"", "~", "a.b", "a.!.?", "..", "a.1.zzzzzzzzzzzzzzzzzzzzz"} {
		for _, one := range parseLooks(forged) {
			if !one.since.IsZero() && one.since.Unix() != 1 || !one.last.IsZero() {
				t.Errorf("%q is read as %v", forged, one)
			}
		}
	}
}
