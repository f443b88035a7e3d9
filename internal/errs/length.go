package errs

import "unicode/utf8"

// Longer is the fault of a text with more than most letters, too_long with "max"; nil without one.
func Longer(field, text string, most int) []Field {
	if utf8.RuneCountInString(text) <= most {
		return nil
	}
	return []Field{{Field: field, Code: "too_long", Params: map[string]any{"max": most}}}
}

// Needed is the fault of a text that must be there and has at most most letters: required or too_long; nil without one.
func Needed(field, text string, most int) []Field {
	if text == "" {
		return []Field{{Field: field, Code: "required"}}
	}
	return Longer(field, text, most)
}
