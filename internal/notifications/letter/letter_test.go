package letter_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/orynda/orynda/internal/notifications/letter"
)

func TestBlocks(t *testing.T) {
	for text, want := range map[string][]letter.Block{
		"Come: now":                                   {{Lines: []string{"Come: now"}}},
		"Come.\n\nTime: 10:00":                        {{Lines: []string{"Come."}}, {Facts: []letter.Fact{{Label: "Time", Value: "10:00"}}}},
		"Come.\n\nA: 1\nB: 2":                         {{Lines: []string{"Come."}}, {Facts: []letter.Fact{{Label: "A", Value: "1"}, {Label: "B", Value: "2"}}}},
		"Come.\n\nA: 1\nand more":                     {{Lines: []string{"Come."}}, {Lines: []string{"A: 1", "and more"}}},
		"Come.\n\nWhy? Because: so":                   {{Lines: []string{"Come."}}, {Lines: []string{"Why? Because: so"}}},
		"Come.\n\nAt: https://a.b/c":                  {{Lines: []string{"Come."}}, {Facts: []letter.Fact{{Label: "At", Value: "https://a.b/c", URL: "https://a.b/c"}}}},
		"Come.\n\nAt: https://a b":                    {{Lines: []string{"Come."}}, {Facts: []letter.Fact{{Label: "At", Value: "https://a b"}}}},
		"Come.\n\n" + strings.Repeat("а", 41) + ": x": {{Lines: []string{"Come."}}, {Lines: []string{strings.Repeat("а", 41) + ": x"}}},
	} {
		if got := (letter.Letter{Text: text}).Blocks(); !reflect.DeepEqual(got, want) {
			t.Errorf("%q: %+v, want %+v", text, got, want)
		}
	}
	if got := (letter.Letter{Text: "Code: 482913\n\nUse it.", Code: "482913"}).Blocks(); got[0].Lines[0] != "Code:" {
		t.Errorf("the code stands twice: %+v", got)
	}
}

func TestPlain(t *testing.T) {
	l := letter.Letter{
		Hello: "Hello,", Text: "News.", Name: "Orynda", Site: "https://a.b/en", Open: "Open: https://a.b/en/notices",
		Sections: []letter.Section{{Title: "Offers", Items: []letter.Item{{Title: "One"}, {Title: "Two", Text: "Now.", URL: "https://a.b/en/2"}}}},
		Foot:     []letter.Foot{{Text: "No answer needed."}, {Text: "Choose", URL: "https://a.b/en/choose"}},
	}
	want := "Hello,\n\nNews.\n\nOFFERS\n\n- One\n\n- Two\n  Now.\n  https://a.b/en/2\n\nOpen: https://a.b/en/notices\n\n-- \nOrynda: https://a.b/en\n" +
		"No answer needed.\nChoose: https://a.b/en/choose\n"
	if got := l.Plain(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
