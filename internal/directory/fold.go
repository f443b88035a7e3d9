package directory

import (
	"strings"
	"unicode"

	"github.com/orynda/orynda/internal/fold"
	"github.com/orynda/orynda/internal/search/language"
)

// Names are compared folded: small letters, without the letters a Russian keyboard lacks, words of letters and digits only. A name also has a
// skeleton of its words' keys, the same for its Cyrillic and its Latin spellings ("Қарағанды", "qaraghandy", "Karagandy").

// maxFold is how much of a text is folded, in letters: no name is longer.
const maxFold = 300

// foldName folds a text to words with single spaces between them, in the one search alphabet.
func foldName(s string) string { return fold.Text(cut(s)) }

// cut keeps the first letters of a text that is too long to be a name.
func cut(s string) string {
	letters := 0
	for i := range s {
		if letters++; letters > maxFold {
			return s[:i]
		}
	}
	return s
}

// skeletonName gives the keys of a text's words, with single spaces between them.
func skeletonName(s string) string {
	var keys []string
	for t := range language.Tokens(cut(s)) {
		keys = append(keys, t.Key)
	}
	return strings.Join(keys, " ")
}

// nameKey is a text to sort by as bytes: digits, Latin, then the Kazakh alphabet in its order (which also holds the Russian one's).
func nameKey(s string) string {
	const alphabet = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"
	var b strings.Builder
	gap, letters := false, 0
	for _, r := range strings.ToLower(s) {
		if letters++; letters > maxFold {
			break
		}
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			gap = b.Len() > 0
			continue
		}
		if gap {
			b.WriteByte(' ')
			gap = false
		}
		if at := strings.IndexRune(alphabet, r); at >= 0 {
			r = 'ఀ' + rune(at/2) // above Latin, in one block, so that the bytes sort as the alphabet does
		}
		b.WriteRune(r)
	}
	return b.String()
}
