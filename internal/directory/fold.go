package directory

import (
	"strings"
	"unicode"

	"github.com/orynda/orynda/internal/fold"
)

// Names are compared folded: small letters, without the letters a Russian keyboard lacks, words of letters and digits only. A name also has a
// skeleton, the same for its Cyrillic and its Latin spellings ("Қарағанды", "qaraghandy", "Karagandy").

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

// latinSigns are the signed letters of the Latin alphabets for Kazakh that lose their sound when they lose their sign.
func latinSigns() *strings.Replacer {
	return strings.NewReplacer("ý", "u", "Ý", "u", "ş", "sh", "Ş", "sh", "ı", "y")
}

// skeletonName folds a text and writes it in one rough Latin alphabet.
func skeletonName(s string) string { return newSkeleton()(s) }

// newSkeleton is skeletonName for many texts: its tables are made once.
func newSkeleton() func(string) string {
	signs, groups := latinSigns(), groups()
	return func(s string) string { return skeleton(foldName(signs.Replace(cut(s))), groups) }
}

// skeleton rewrites folded words: Cyrillic letter by letter, Latin by the usual groups of letters.
func skeleton(folded string, groups *strings.Replacer) string {
	s := groups.Replace(folded)
	var b strings.Builder
	var last rune
	for _, r := range s {
		r = roughLetter(r)
		// A doubled letter, or y beside i, is a matter of spelling.
		if r == last && unicode.IsLetter(r) {
			last = 0
			continue
		}
		b.WriteRune(r)
		last = r
	}
	return b.String()
}

// groups turns what is written with several letters into one letter each.
func groups() *strings.Replacer {
	return strings.NewReplacer(
		"shch", "S", "sch", "S", "sh", "S", "ch", "C", "zh", "j", "kh", "h", "gh", "g", "ts", "c", "ya", "ia", "yu", "iu", "yo", "e",
		"щ", "S", "ш", "S", "ч", "C", "ж", "j", "ц", "c", "я", "ia", "ю", "iu", "ъ", "", "ь", "",
	)
}

func roughLetter(r rune) rune {
	const cyrillic = "абвгдезийклмнопрстуфхыэ"
	const latin = "abvgdeziiklmnoprstufhie"
	if at := strings.IndexRune(cyrillic, r); at >= 0 {
		return rune(latin[at/2]) // every letter of the list takes two bytes
	}
	switch r {
	case 'q':
		return 'k'
	case 'w':
		return 'u'
	case 'y':
		return 'i'
	case 'x':
		return 'h'
	}
	return r
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
