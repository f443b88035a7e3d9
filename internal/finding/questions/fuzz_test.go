package questions_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/orynda/orynda/internal/finding/questions"
)

// Whatever an address holds is read, and its one form reads the same.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{"", "q=welder&region=350000000", "near=,&radius_km=-5", "q=%ff%fe&paid=true&paid=false", "sort=distance&city=&x=1", "min_compensation=99999999999999999999", "q=" + strings.Repeat("a", questions.MaxValue-1) + "+b"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, query string) {
		sent, err := url.ParseQuery(query)
		if err != nil {
			return
		}
		once := questions.Normal(sent)
		if twice := questions.Normal(once); twice.Encode() != once.Encode() {
			t.Errorf("%q has two forms: %q and %q", query, once.Encode(), twice.Encode())
		}
		questions.Read(sent)
		_, wrong := questions.Read(once)
		for _, f := range wrong {
			if f.Code == "unknown_field" {
				t.Errorf("%q keeps the unknown %s", query, f.Field)
			}
		}
	})
}
