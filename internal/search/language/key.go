package language

import (
	"iter"
	"strings"
	"unicode/utf8"

	"github.com/orynda/orynda/internal/fold"
)

// Token is a word of a text and where it stands there.
type Token struct {
	Raw        string // as it is written
	Word       string // folded
	Key        string
	Start, End int // bytes of the original text
}

// longest is how many bytes a word of several parts may grow to.
const longest = 2 * fold.MaxLetters

// Tokens gives the words of a text in order.
func Tokens(text string) iter.Seq[Token] {
	return func(yield func(Token) bool) {
		for start, end := range Spans(text) {
			raw := text[start:end]
			word := fold.Word(raw)
			if t := (Token{Raw: raw, Word: word, Key: keyOf(raw, word), Start: start, End: end}); t.Key != "" && !yield(t) {
				return
			}
		}
	}
}

// Spans gives where the words of a text stand, for callers who remember keys. An apostrophe between Latin letters, which stands for a soft sign or a
// genitive ("stroitel'naya", "driver's"), parts no words.
func Spans(text string) iter.Seq2[int, int] {
	return func(yield func(start, end int) bool) {
		from, to := 0, 0
		for start, end := range fold.Spans(text) {
			if to > 0 && to-from < longest && joined(text, to, start) {
				to = end
				continue
			}
			if to > 0 && !yield(from, to) {
				return
			}
			from, to = start, end
		}
		if to > 0 {
			yield(from, to)
		}
	}
}

// joined reports whether only an apostrophe lies between two Latin letters.
func joined(text string, from, to int) bool {
	switch text[from:to] {
	case "'", "’", "ʼ", "`":
		return ascii(text[from-1]) && ascii(text[to])
	}
	return false
}

func ascii(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

// Key gives one word's key: small Latin letters and digits for everything written in Cyrillic or Latin. Other scripts stay as
// folded.
func Key(word string) string { return keyOf(word, fold.Word(word)) }

func keyOf(raw, folded string) string {
	if signed(raw) {
		folded = fold.Word(unsign(raw))
	}
	if strings.ContainsAny(folded, "0123456789") {
		return rough(folded) // codes and numbers are spelt in one way
	}
	if same(folded) {
		return rough(folded) // ыыы is no ы
	}
	return string(single([]byte(squeeze(rough(folded)))))
}

// same reports whether a word is one letter, three times and more.
func same(word string) bool {
	first, size := utf8.DecodeRuneInString(word)
	return len(word) >= 3*size && strings.Trim(word, string(first)) == ""
}

// Doubled gives a word's key with its doubled letters.
func Doubled(word string) string { return squeeze(rough(fold.Word(word))) }

// signed reports whether a word may have Latin letters whose sign is part of their sound.
func signed(raw string) bool {
	for _, r := range raw {
		if r >= 0xC0 && r < 0x370 {
			return true
		}
	}
	return false
}

// unsign writes Latin letters that lose their sound with their sign as several plain ones: Kazakh's of 2018 and 2021, and those of the
// scholarly transliteration of Russian.
func unsign(raw string) string {
	return strings.NewReplacer(
		"ş", "sh", "Ş", "sh", "š", "sh", "Š", "sh", "ŝ", "sh", "Ŝ", "sh", "ç", "ch", "Ç", "ch", "č", "ch", "Č", "ch", "ž", "zh", "Ž", "zh",
		"ý", "u", "Ý", "u", "ı", "y", "â", "ya", "Â", "ya", "û", "yu", "Û", "yu", "s\u0327", "sh", "S\u0327", "sh", "c\u0327", "ch", "y\u0301", "u", "ʹ", "", "ʼ", "", "ʺ", "",
	).Replace(raw)
}

// rough writes Cyrillic in Latin, letter by letter.
func rough(folded string) string {
	plain := true
	for i := 0; i < len(folded) && plain; i++ {
		plain = folded[i] < utf8.RuneSelf
	}
	if plain {
		return folded
	}
	var b strings.Builder
	b.Grow(len(folded))
	for _, r := range folded {
		if s, ok := latin(r); ok {
			b.WriteString(s)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

func latin(r rune) (string, bool) {
	if r < 'а' || r > 'я' {
		return "", false
	}
	return [...]string{"a", "b", "v", "g", "d", "e", "zh", "z", "i", "i", "k", "l", "m", "n", "o", "p", "r", "s", "t", "u", "f", "kh", "ts", "ch",
		"sh", "shch", "", "i", "", "e", "iu", "ia"}[r-'а'], true
}

// squeeze makes one letter of each group that stands for one sound. ш and щ become w, ч becomes q: letters that nothing else
// uses afterwards.
func squeeze(s string) string {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); {
		c, n := s[i], 1
		if i+1 < len(s) && s[i+1] == 'h' {
			if to := withH(c); to != 0 {
				c, n = to, 2
			}
		}
		switch {
		case n == 2:
			if c == 'w' && strings.HasPrefix(s[i+2:], "ch") { // shch
				n = 4
			}
		case c == 's' && strings.HasPrefix(s[i+1:], "ch"):
			c, n = 'w', 3
		case c == 't' && i+1 < len(s) && s[i+1] == 's':
			c, n = 'c', 2
		default:
			c = alike(c)
		}
		out = append(out, c)
		i += n
	}
	return string(out)
}

// single makes one letter of two equal ones; three and more are no spelling of anything, but for i, which stands for и, й, ы and і.
func single(s []byte) []byte {
	out := s[:0]
	for i := 0; i < len(s); {
		n := 1
		for i+n < len(s) && s[i+n] == s[i] {
			n++
		}
		c := s[i]
		i += n
		if c >= 'a' && c <= 'z' && (n == 2 || c == 'i') {
			n = 1
		}
		for range n {
			out = append(out, c)
		}
	}
	return out
}

// withH is the sound of a letter followed by h, 0 for none.
func withH(c byte) byte {
	switch c {
	case 's':
		return 'w'
	case 'c':
		return 'q'
	case 'z':
		return 'j'
	case 'k':
		return 'h'
	case 'g':
		return 'g'
	case 'p':
		return 'f'
	}
	return 0
}

func alike(c byte) byte {
	switch c {
	case 'q':
		return 'k'
	case 'w':
		return 'v'
	case 'y':
		return 'i'
	case 'x':
		return 'h'
	}
	return c
}

// Variants gives further keys of a word in Latin letters, for spellings that contradict each other: w for ш, j for й, x for кс, c for к, yo for ё, h
// for х in сх.
func Variants(word string) []string {
	if !IsLatin(word) {
		return nil
	}
	var out []string
	own := Key(word)
	folded := fold.Word(word)
	for _, pair := range [][2]string{{"w", "sh"}, {"j", "y"}, {"x", "ks"}, {"c", "k"}, {"yo", "e"}, {"ye", "e"}, {"jo", "e"}, {"ja", "ya"}, {"ju", "yu"}, {"sh", "skh"}} {
		if k := Key(strings.ReplaceAll(folded, pair[0], pair[1])); k != own {
			out = append(out, k)
		}
	}
	return out
}

// IsLatin reports whether all letters of a word are Latin and there is one.
func IsLatin(word string) bool {
	some := false
	for _, r := range fold.Word(word) {
		switch {
		case r >= 'a' && r <= 'z':
			some = true
		case r < '0' || r > '9':
			return false
		}
	}
	return some
}

// IsKazakh reports whether a word has a letter that only Kazakh has.
func IsKazakh(word string) bool {
	return strings.ContainsAny(word, "әғқңөұүһіӘҒҚҢӨҰҮҺІ")
}
