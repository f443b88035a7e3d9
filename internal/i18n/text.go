package i18n

// Text is one text in up to three languages. Each may be empty; which of them must be there is the owner's rule.
type Text struct {
	KK string `json:"kk,omitempty"`
	RU string `json:"ru,omitempty"`
	EN string `json:"en,omitempty"`
}

// In gives the text in a language, else in the state language, else in Russian, else in English: a reader gets some text whenever there
// is one.
func (t Text) In(lang Lang) string {
	for _, s := range []string{t.exact(lang), t.KK, t.RU, t.EN} {
		if s != "" {
			return s
		}
	}
	return ""
}

// Has reports whether the text exists in exactly this language.
func (t Text) Has(lang Lang) bool { return t.exact(lang) != "" }

// IsZero reports whether there is no text at all.
func (t Text) IsZero() bool { return t == Text{} }

func (t Text) exact(lang Lang) string {
	switch lang {
	case KK:
		return t.KK
	case RU:
		return t.RU
	default:
		return t.EN
	}
}
