package i18n

import (
	"regexp"
	"strings"

	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
)

// bound are the keys whose sentences are read on pages, where lines break. Mails, files and answers of the API keep plain spaces and hyphens, which
// programs may compare.
const bound = "site."

var (
	numero  = regexp.MustCompile(`(№|No\.) (\d|\{\{)`)
	percent = regexp.MustCompile(`(\d|\}\}) %`)
	ending  = regexp.MustCompile(`([\d%]|\}\})-(\p{Cyrillic})`)
)

// bindMessage keeps on one line what a page's reader takes in at once: "№ 50", "60 %", and a figure with its Kazakh ending, "22-тармақ".
func bindMessage(m *goi18n.Message) {
	if !strings.HasPrefix(m.ID, bound) {
		return
	}
	for _, form := range []*string{&m.Zero, &m.One, &m.Two, &m.Few, &m.Many, &m.Other} {
		*form = bind(*form)
	}
}

func bind(s string) string {
	s = numero.ReplaceAllString(s, "$1\u00a0$2")
	s = percent.ReplaceAllString(s, "$1\u00a0%")
	return ending.ReplaceAllString(s, "$1\u2011$2")
}
