package search

import "github.com/orynda/orynda/internal/i18n"

// Passage is a text with its language; "" where nobody said which.
type Passage struct {
	Text string
	Lang i18n.Lang
}

// passages gives the versions of a text that are there.
func passages(t i18n.Text) []Passage {
	var out []Passage
	for _, p := range [...]Passage{{t.KK, i18n.KK}, {t.RU, i18n.RU}, {t.EN, i18n.EN}} {
		if p.Text != "" {
			out = append(out, p)
		}
	}
	return out
}

// unsaid gives texts whose language nobody said.
func unsaid(texts ...string) []Passage {
	var out []Passage
	for _, s := range texts {
		if s != "" {
			out = append(out, Passage{Text: s})
		}
	}
	return out
}
