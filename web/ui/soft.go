package ui

import (
	"strings"
	"unicode"
)

// shortest is the fewest letters of a word that Soft divides, and rest the fewest it leaves on either side.
const (
	shortest = 7
	rest     = 2
)

// Soft marks where long words of a text may be divided, for narrow places: browsers have no rules for Kazakh. A syllable begins at the last consonant before
// a vowel, which holds for Kazakh and, but for rare clusters, for Russian.
func Soft(text string) string {
	words := strings.Split(text, " ")
	for i, w := range words {
		words[i] = divide([]rune(w))
	}
	return strings.Join(words, " ")
}

func divide(word []rune) string {
	if len(word) < shortest {
		return string(word)
	}
	var out strings.Builder
	for i, r := range word {
		if i >= rest && i+1 < len(word) && len(word)-i >= rest && !vowel(r) && unicode.IsLetter(r) && !mark(r) && vowel(word[i+1]) && hasVowel(word[:i]) {
			out.WriteRune('\u00ad')
		}
		out.WriteRune(r)
	}
	return out.String()
}

func vowel(r rune) bool {
	return strings.ContainsRune("аәеёиіоөуұүыэюяaeiouy", unicode.ToLower(r))
}

// mark reports a sign that belongs to the letter before it.
func mark(r rune) bool { return r == 'ь' || r == 'ъ' }

func hasVowel(part []rune) bool {
	for _, r := range part {
		if vowel(r) {
			return true
		}
	}
	return false
}
