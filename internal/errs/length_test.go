package errs_test

import (
	"strings"
	"testing"

	"github.com/orynda/orynda/internal/errs"
)

func TestLengthsCountLetters(t *testing.T) {
	for name, c := range map[string]struct {
		got  []errs.Field
		code string
	}{
		"as long as allowed": {errs.Longer("reason", strings.Repeat("ұ", 5), 5), ""},
		"too long":           {errs.Longer("reason", strings.Repeat("ұ", 6), 5), "too_long"},
		"nothing is needed":  {errs.Longer("reason", "", 5), ""},
		"needed":             {errs.Needed("reason", "", 5), "required"},
		"needed, there":      {errs.Needed("reason", "ұ", 5), ""},
		"needed, too long":   {errs.Needed("reason", strings.Repeat("ұ", 6), 5), "too_long"},
	} {
		switch {
		case c.code == "" && c.got != nil:
			t.Errorf("%s: %v", name, c.got)
		case c.code != "" && (len(c.got) != 1 || c.got[0].Field != "reason" || c.got[0].Code != c.code):
			t.Errorf("%s: %v, want %s", name, c.got, c.code)
		case c.code == "too_long" && c.got[0].Params["max"] != 5:
			t.Errorf("%s: %v", name, c.got)
		}
	}
	if errs.InvalidFields(errs.Longer("reason", "", 5)) != nil {
		t.Error("no fault is an error")
	}
}
