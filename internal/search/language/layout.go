package language

import (
	"slices"
	"strings"
	"unicode"
)

// The same keys of three keyboards, row by row, without and with shift (Windows' layouts "English (US)", "Russian" and "Kazakh").
const (
	englishKeys = "`1234567890-=qwertyuiop[]asdfghjkl;'zxcvbnm,./" + "~!@#$%^&*()_+QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>?"
	russianKeys = "ё1234567890-=йцукенгшщзхъфывапролджэячсмитьбю." + "Ё!\"№;%:?*()_+ЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ,"
	kazakhKeys  = "(\"әіңғ,.үұқөһйцукенгшщзхъфывапролджэячсмитьбю№" + ")!ӘІҢҒ;:ҮҰҚӨҺЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ?"
)

// Layouts gives what a text says when its keys are read with another keyboard: for Latin letters Russian and Kazakh, for Cyrillic ones Kazakh (its
// letters stand on the row of numbers) and English. Readings equal to the text are left out; so is everything for a text in both scripts.
func Layouts(text string) []string {
	latinLetters, cyrillicLetters := scripts(text)
	var out []string
	add := func(from, to string) {
		if s := retype(text, from, to); s != text && !mixed(s) && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	switch {
	case latinLetters && cyrillicLetters:
	case cyrillicLetters:
		add(russianKeys, kazakhKeys)
		add(russianKeys, englishKeys)
		add(kazakhKeys, englishKeys)
		hyphenated(text, russianKeys, &out)
	default: // a text of signs and numbers may be letters of the other keyboards
		add(englishKeys, russianKeys)
		add(englishKeys, kazakhKeys)
		hyphenated(text, englishKeys, &out)
	}
	return out
}

func scripts(text string) (latin, cyrillic bool) {
	for _, r := range text {
		latin = latin || r < 0x80 && unicode.IsLetter(r)
		cyrillic = cyrillic || unicode.Is(unicode.Cyrillic, r)
	}
	return latin, cyrillic
}

// mixed reports whether only a part of the keys was on the other keyboard.
func mixed(text string) bool {
	latin, cyrillic := scripts(text)
	return latin && cyrillic
}

// hyphenated adds the Kazakh reading in which a hyphen stays one: it is the key of ө, but words have hyphens too.
func hyphenated(text, from string, to *[]string) {
	parts := strings.Split(text, "-")
	for i, part := range parts {
		parts[i] = retype(part, from, kazakhKeys)
	}
	if s := strings.Join(parts, "-"); s != text && !slices.Contains(*to, s) {
		*to = append(*to, s)
	}
}

// retype presses the same keys on another keyboard.
func retype(text, from, to string) string {
	f, t := []rune(from), []rune(to)
	return strings.Map(func(r rune) rune {
		if at := slices.Index(f, r); at >= 0 {
			return t[at]
		}
		return r
	}, text)
}
