package search

import (
	_ "embed" // the list of common words
	"slices"
	"strings"

	"github.com/orynda/orynda/internal/search/language"
)

// Everyday words of the three languages that name no trade, in their base forms. They are never taken for a misspelt trade or town: who asks for an огород wants no
// город. Lines that begin with # are comments, [kk], [ru] and [en] begin a language.
//
//go:embed common.txt
var commonText string

// commonWords are the common words of one language by their keys and stems.
type commonWords struct{ keys, stems map[string]bool }

func readCommon(text string) (out [3]commonWords) {
	for i := range out {
		out[i] = commonWords{map[string]bool{}, map[string]bool{}}
	}
	lang := 0
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, "#"):
			continue
		case strings.HasPrefix(line, "["):
			lang = map[string]int{"[kk]": 0, "[ru]": 1, "[en]": 2}[line]
			continue
		}
		for t := range language.Tokens(line) {
			out[lang].keys[t.Key] = true
			out[lang].stems[stemIn(lang, t.Raw, t.Key)] = true
		}
	}
	return out
}

// mostEnding is how long an English ending is: Snowball cuts more, and what remains is another word's stem too.
const mostEnding = 2

// leastCommon is how many letters of a word must stay to know it as a form of a common one.
const leastCommon = 4

// inCommon reports whether the list has a word.
func (l *Lexicon) inCommon(key string) bool {
	return slices.ContainsFunc(l.common[:], func(c commonWords) bool { return c.keys[key] })
}

// isCommon reports whether a word that is not known is a common one or a form of it.
func (l *Lexicon) isCommon(t language.Token) bool {
	if l.inCommon(t.Key) {
		return true
	}
	langs := langsOf(t)
	for lang := range l.common {
		c := l.common[lang]
		if langs&(1<<lang) == 0 || language.IsLatin(t.Raw) && langSet(1)<<lang != english {
			continue
		}
		stem := stemIn(lang, t.Raw, t.Key)
		if langSet(1)<<lang == english && len(t.Key) > len(stem)+mostEnding {
			continue
		}
		if len(stem) >= leastCommon && c.stems[stem] {
			return true
		}
		if langSet(1)<<lang == russian && c.stems[language.RussianFleeting(t.Raw)] {
			return true
		}
		if langSet(1)<<lang == kazakh {
			for _, f := range language.KazakhForms(t.Key)[1:] {
				if len(f) >= leastCommon && c.keys[f] {
					return true
				}
			}
		}
	}
	return false
}
