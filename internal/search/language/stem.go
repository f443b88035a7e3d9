package language

import (
	"slices"
	"strings"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/russian"

	"github.com/orynda/orynda/internal/fold"
)

// least is how many letters a stem keeps: shorter ones stand for too many words.
const least = 3

// Russian gives the key of a word's Russian stem (Snowball's). A word in Latin letters is first written back in Cyrillic.
func Russian(word string) string {
	folded := fold.Word(word)
	if IsLatin(word) {
		folded = cyrillic(Key(word))
	}
	env := snowballstem.NewEnv(folded)
	russian.Stem(env)
	stem := key(env.Current())
	if len(stem) < least || likeVerb(folded, env.Current()) {
		return key(folded)
	}
	return stem
}

// likeVerb reports whether a noun lost its end because it looks like a verb's: аудит, салат.
func likeVerb(word, stem string) bool {
	end, ok := strings.CutPrefix(word, stem)
	return ok && slices.Contains([]string{"ит", "ат", "ет", "ут", "ят", "ют"}, end)
}

// RussianFleeting gives the key of the stem of a genitive plural whose vowel flees elsewhere, "" for another word: акушерок, акушерка.
func RussianFleeting(word string) string {
	folded := fold.Word(word)
	for _, end := range []string{"ок", "ек"} {
		if rest, ok := strings.CutSuffix(folded, end); ok && len(rest) > 2*least {
			return Russian(rest + "ка")
		}
	}
	return ""
}

func key(folded string) string { return string(single([]byte(squeeze(rough(folded))))) }

// English gives the key of a word's English stem (Snowball's); a word in other letters is its own stem.
func English(word string) string {
	if !IsLatin(word) {
		return Key(word)
	}
	env := snowballstem.NewEnv(fold.Word(word))
	english.Stem(env)
	stem := key(env.Current())
	if len(stem) < least {
		return Key(word)
	}
	return stem
}

// cyrillic writes a key in Cyrillic, as good as it goes: endings are what counts.
func cyrillic(key string) string {
	var b strings.Builder
	for i := 0; i < len(key); i++ {
		switch {
		case strings.HasPrefix(key[i:], "ia"):
			b.WriteString("я")
			i++
		case strings.HasPrefix(key[i:], "iu"):
			b.WriteString("ю")
			i++
		default:
			b.WriteString(letterOf(key[i]))
		}
	}
	return b.String()
}

func letterOf(c byte) string {
	const latin, cyrillic = "abvgdejziklmnoprstufhcqw", "абвгдежзиклмнопрстуфхцчш"
	if at := strings.IndexByte(latin, c); at >= 0 {
		return cyrillic[2*at : 2*at+2]
	}
	return string(rune(c))
}

// Kazakh gives a word's Kazakh stem by its key: case, possession, plural and -лық taken off, and a final ы or і, so that тігінші and тігіншілер meet.
func Kazakh(key string) string {
	forms := KazakhForms(key)
	last := forms[len(forms)-1]
	if n := len(last) - 1; last[max(n, 0):] == "i" && n >= least {
		last = last[:n]
	}
	return last
}

// KazakhForms gives a key and what remains of it step by step when case, possession, plural and -лық are taken off; the last is the shortest. What ends like
// a suffix without being one is cut too: a known word among the forms is the better stem.
func KazakhForms(key string) []string {
	forms := []string{key}
	word := key
	for _, step := range [][]suffix{persons(), cases(), possessions(), plurals(), abstracts()} {
		shorter, ok := strip(word, step)
		if !ok {
			continue
		}
		word = shorter
		forms = append(forms, word)
	}
	// Before a vowel п, к and қ have become б, г and ғ: кітап, кітабы.
	if n := len(word) - 1; len(forms) > 1 && n > 0 {
		switch word[n] {
		case 'b':
			forms = append(forms, word[:n]+"p")
		case 'g':
			forms = append(forms, word[:n]+"k")
		}
	}
	return forms
}

// Classes of the letter before a suffix: which form of it may follow.
const (
	vowel     = "aeiou"
	liquid    = "rl"
	nasal     = "mn"
	buzzing   = "zj"
	voiceless = "pfktswhcqbvgd" // also voiced ones that only end borrowed words
	narrow    = "i"
	consonant = liquid + nasal + buzzing + voiceless
)

// suffix is an ending in keys and after which letters it stands.
type suffix struct{ text, after string }

// strip takes the longest suffix off that fits and leaves enough. In a key a suffix that begins with the stem's last letter has lost its own:
// электрикке is elektrike.
func strip(word string, of []suffix) (string, bool) {
	best, rest := 0, word
	for _, s := range of {
		if len(s.text) <= best || !strings.HasSuffix(word, s.text) {
			continue
		}
		for _, n := range [2]int{len(word) - len(s.text), len(word) - len(s.text) + 1} {
			if n >= least && strings.IndexByte(s.after, word[n-1]) >= 0 && strings.ContainsAny(word[:n], vowel) {
				best, rest = len(s.text), word[:n]
				break
			}
			if len(s.text) < 2 || strings.IndexByte(vowel, s.text[0]) >= 0 {
				break
			}
		}
	}
	return rest, best > 0
}

func persons() []suffix {
	return []suffix{{"min", vowel + liquid + nasal}, {"bin", buzzing}, {"pin", voiceless}, {"siz", vowel + consonant}}
}

func cases() []suffix {
	const soft = vowel + liquid + nasal + buzzing
	return []suffix{
		{"nin", vowel + nasal}, {"din", liquid + buzzing}, {"tin", voiceless},
		{"ga", soft}, {"ge", soft}, {"ka", voiceless}, {"ke", voiceless}, {"na", narrow}, {"ne", narrow},
		{"ni", vowel}, {"di", liquid + nasal + buzzing}, {"ti", voiceless}, {"n", narrow},
		{"da", soft}, {"de", soft}, {"ta", voiceless}, {"te", voiceless}, {"nda", narrow}, {"nde", narrow},
		{"dan", vowel + liquid + buzzing}, {"den", vowel + liquid + buzzing}, {"tan", voiceless}, {"ten", voiceless},
		{"nan", nasal + narrow}, {"nen", nasal + narrow}, {"men", vowel + liquid + nasal}, {"ben", buzzing}, {"pen", voiceless},
		{"dagi", soft}, {"degi", soft}, {"tagi", voiceless}, {"tegi", voiceless}, {"ndagi", narrow}, {"ndegi", narrow},
	}
}

func possessions() []suffix {
	return []suffix{
		{"si", vowel}, {"i", consonant}, {"im", consonant}, {"m", vowel}, {"in", consonant}, {"imiz", consonant}, {"miz", vowel},
		{"iniz", consonant}, {"niz", vowel},
	}
}

// abstracts make of who does something what they do: аспаз, аспаздық.
func abstracts() []suffix {
	return []suffix{{"lik", vowel + liquid}, {"dik", nasal + buzzing}, {"tik", voiceless}}
}

func plurals() []suffix {
	return []suffix{
		{"lar", vowel + liquid}, {"ler", vowel + liquid}, {"dar", nasal + buzzing}, {"der", nasal + buzzing}, {"tar", voiceless}, {"ter", voiceless},
	}
}
