package i18n

import (
	"regexp"
	"strings"

	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
)

// bound begins the keys whose sentences are read on pages, where lines break. Mails, files and answers of the API keep plain spaces and hyphens, which
// programs may compare.
const bound = "site."

// binder keeps on one line what a page's reader takes in at once: "№ 50", "60 %", and a figure with its Kazakh ending, "22-тармақ".
type binder struct{ number, percent, ending *regexp.Regexp }

func newBinder() binder {
	return binder{
		number:  regexp.MustCompile(`(№|No\.) (\d|\{\{)`),
		percent: regexp.MustCompile(`(\d|\}\}) %`),
		ending:  regexp.MustCompile(`([\d%]|\}\})-(\p{Cyrillic})`),
	}
}

// message binds all forms of a sentence, if pages show it.
func (b binder) message(m *goi18n.Message) {
	if !strings.HasPrefix(m.ID, bound) {
		return
	}
	for _, form := range []*string{&m.Zero, &m.One, &m.Two, &m.Few, &m.Many, &m.Other} {
		*form = b.text(*form)
	}
}

func (b binder) text(s string) string {
	s = b.number.ReplaceAllString(s, "$1\u00a0$2")
	s = b.percent.ReplaceAllString(s, "$1\u00a0%")
	return b.ending.ReplaceAllString(s, "$1\u2011$2")
}
