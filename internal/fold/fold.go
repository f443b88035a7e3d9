// Package fold is the one search alphabet: it turns what people write into what is compared, the same way for documents and
// questions and for every engine.
//
// A text is cut into words (letters, marks and digits; everything else separates), and each word is folded:
//
//   - compatibility forms are made plain and small (NFKC, lower case), marks that stay apart are dropped, Latin letters lose their
//     diacritics;
//   - Kazakh letters become the Russian ones that stand in for them on a keyboard without them: ә→а ғ→г қ→к ң→н ө→о ұ,ү→у һ→х і→и, and
//     ё→е;
//   - look-alike letters of the other script are put right inside a word that mixes Latin and Cyrillic;
//   - a word is cut after 64 letters.
//
// Everything is pure, never fails on any bytes (invalid UTF-8 separates words), and folding twice changes nothing.
//
// Limits: this is spelling only. Endings (stems), Latin spellings of Kazakh and Russian, the wrong keyboard layout and typing errors are
// further readings of a folded word. They belong beside this package, are computed from its words and travel as additional words
// of a document or alternatives of a question; they never change what Word returns, because engines store it.
package fold

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// MaxLetters is the length of the longest word, in letters; the rest of a longer one is ignored.
const MaxLetters = 64

// Token is a word of a text and where it stands there.
type Token struct {
	Word       string // folded, never empty
	Start, End int    // bytes of the original text
}

// Tokens gives the words of a text in order.
func Tokens(text string) iter.Seq[Token] {
	return func(yield func(Token) bool) {
		for start, end := range Spans(text) {
			if w := Word(text[start:end]); w != "" && !yield(Token{w, start, end}) {
				return
			}
		}
	}
}

// Spans gives where the words of a text stand, in order, for callers who remember what they folded. A word may still fold to nothing.
func Spans(text string) iter.Seq2[int, int] {
	return func(yield func(start, end int) bool) {
		for at := 0; ; {
			start, end := next(text, at)
			if start == end || !yield(start, end) {
				return
			}
			at = end
		}
	}
}

// next finds the first word at or after a byte; start == end when there is none.
func next(text string, at int) (start, end int) {
	start = -1
	for i := at; i < len(text); {
		r, size := rune(text[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(text[i:])
		}
		in := isWord(r) // the replacement rune of invalid bytes is no letter
		if in && start < 0 {
			start = i
		}
		if !in && start >= 0 {
			return start, i
		}
		i += size
	}
	if start < 0 {
		return len(text), len(text)
	}
	return start, len(text)
}

// Words gives the folded words of a text in order.
func Words(text string) []string {
	var out []string
	for t := range Tokens(text) {
		out = append(out, t.Word)
	}
	return out
}

// Text gives the folded words of a text with single spaces between them.
func Text(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	for t := range Tokens(text) {
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(t.Word)
	}
	return b.String()
}

func isWord(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
	}
	if r >= 0x400 && r <= 0x481 { // Cyrillic letters, nearly all that is ever asked
		return true
	}
	return unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsNumber(r)
}

// Word folds one word. What isn't a letter or digit in it is left out, so the result may be empty.
func Word(word string) string {
	if w, ok := plain(word); ok {
		return w
	}
	// Each step may make something that another step has to look at again (a compatibility form hides a Kazakh letter, a dropped
	// mark lets its neighbours compose). Two rounds are enough for real text; the bound is for bytes nobody writes.
	for range 8 {
		next := once(word)
		if next == word {
			break
		}
		word = next
	}
	return word
}

// plain is the short way for words of small and capital Russian or Kazakh letters only or plain Latin letters and digits only: nearly all.
func plain(word string) (string, bool) {
	if len(word) > 2*MaxLetters { // at most 64 letters of two bytes
		return "", false
	}
	var buf [2 * MaxLetters]byte
	out := buf[:0]
	var latin, cyrillic bool
	letters := 0
	for _, r := range word {
		switch {
		case r >= '0' && r <= '9':
		case r >= 'a' && r <= 'z':
			latin = true
		case r >= 'A' && r <= 'Z':
			latin = true
			r += 'a' - 'A'
		case r >= 'а' && r <= 'я':
			cyrillic = true
		case r >= 'А' && r <= 'Я':
			cyrillic = true
			r += 'а' - 'А'
		default:
			k := kazakh(unicode.ToLower(r))
			if k < 'а' || k > 'я' {
				return "", false
			}
			cyrillic = true
			r = k
		}
		letters++
		out = utf8.AppendRune(out, r)
	}
	if latin && cyrillic || letters > MaxLetters {
		return "", false
	}
	return string(out), true
}

// letter is a folded letter with what its case was: capitals have other look-alikes.
type letter struct {
	r     rune
	upper bool
}

func once(word string) string {
	letters := make([]letter, 0, len(word))
	for _, r := range norm.NFKC.String(word) {
		upper := unicode.IsUpper(r)
		for _, l := range small(r) {
			letters = append(letters, letter{l, upper})
		}
	}
	unmix(letters)
	if len(letters) > MaxLetters {
		letters = letters[:MaxLetters]
	}
	var b strings.Builder
	for _, l := range letters {
		b.WriteRune(l.r)
	}
	return norm.NFKC.String(b.String())
}

// small folds one rune: none for what isn't a letter or digit, several where lower case needs several.
func small(r rune) []rune {
	r = unicode.ToLower(r)
	if r == utf8.RuneError || unicode.IsMark(r) || !isWord(r) {
		return nil
	}
	if unicode.Is(unicode.Latin, r) && r >= utf8.RuneSelf {
		return bare(r)
	}
	return []rune{kazakh(r)}
}

// bare takes the diacritics off a Latin letter.
func bare(r rune) []rune {
	switch r {
	case 'ı':
		return []rune{'i'}
	case 'ø':
		return []rune{'o'}
	case 'ł':
		return []rune{'l'}
	case 'ß':
		return []rune{'s', 's'}
	}
	var out []rune
	for _, d := range norm.NFKD.String(string(r)) {
		if !unicode.IsMark(d) {
			out = append(out, d)
		}
	}
	return out
}

func kazakh(r rune) rune {
	switch r {
	case 'ә':
		return 'а'
	case 'ғ':
		return 'г'
	case 'қ':
		return 'к'
	case 'ң':
		return 'н'
	case 'ө':
		return 'о'
	case 'ұ', 'ү':
		return 'у'
	case 'һ':
		return 'х'
	case 'і':
		return 'и'
	case 'ё':
		return 'е'
	default:
		return r
	}
}

// unmix puts a word right that mixes Latin and Cyrillic letters. It is Latin when all its Cyrillic letters have a Latin twin and some Latin
// letter has no Cyrillic one; else its Latin letters with a twin become Cyrillic.
func unmix(letters []letter) {
	var latin, cyrillic, latinOnly, cyrillicOnly bool
	for _, l := range letters {
		switch {
		case unicode.Is(unicode.Latin, l.r):
			latin = true
			latinOnly = latinOnly || toCyrillic(l) == 0
		case unicode.Is(unicode.Cyrillic, l.r):
			cyrillic = true
			cyrillicOnly = cyrillicOnly || toLatin(l.r) == 0
		}
	}
	if !latin || !cyrillic {
		return
	}
	toLat := latinOnly && !cyrillicOnly
	for i, l := range letters {
		if twin := toLatin(l.r); toLat && twin != 0 {
			letters[i].r = twin
		} else if twin := toCyrillic(l); !toLat && twin != 0 {
			letters[i].r = twin
		}
	}
}

// toCyrillic gives the Cyrillic letter that looks like a Latin one (folded: Latin h looks like һ, which is х), 0 for none.
func toCyrillic(l letter) rune {
	if l.upper {
		switch l.r {
		case 'b':
			return 'в'
		case 'h':
			return 'н'
		}
	}
	switch l.r {
	case 'a':
		return 'а'
	case 'c':
		return 'с'
	case 'e':
		return 'е'
	case 'h':
		return 'х'
	case 'i':
		return 'и'
	case 'k':
		return 'к'
	case 'm':
		return 'м'
	case 'o':
		return 'о'
	case 'p':
		return 'р'
	case 't':
		return 'т'
	case 'x':
		return 'х'
	case 'y':
		return 'у'
	default:
		return 0
	}
}

// toLatin gives the Latin letter that looks like a small Cyrillic one, 0 for none.
func toLatin(r rune) rune {
	switch r {
	case 'а':
		return 'a'
	case 'с':
		return 'c'
	case 'е':
		return 'e'
	case 'и': // from і
		return 'i'
	case 'к':
		return 'k'
	case 'м':
		return 'm'
	case 'о':
		return 'o'
	case 'р':
		return 'p'
	case 'т':
		return 't'
	case 'х':
		return 'x'
	case 'у':
		return 'y'
	default:
		return 0
	}
}
