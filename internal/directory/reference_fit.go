package directory

import (
	"slices"
	"strings"
)

// question is a folded q.
type question struct {
	code  string
	forms [2]askedPhrase // folded, skeleton
	empty bool
	rows  [3][]int // room for nearPrefix, so that it isn't made anew for every word
}

// askedPhrase is q in one form, cut into words.
type askedPhrase struct {
	whole string
	words []askedWord
}

type askedWord struct {
	text    string
	letters []rune
	typos   int // how many typing errors it may have
}

// maxAsk is how many words of a question count: names have fewer, and each is compared with every name.
const maxAsk = 8

func newQuestion(q string) question {
	f := foldName(q)
	ask := question{empty: f == ""}
	longest := 0
	for i, text := range []string{f, skeletonName(q)} {
		words := strings.Fields(text)
		words = words[:min(len(words), maxAsk)]
		ask.forms[i].whole = strings.Join(words, " ")
		for _, w := range words {
			letters := []rune(w)
			ask.forms[i].words = append(ask.forms[i].words, askedWord{w, letters, typos(len(letters))})
			longest = max(longest, len(letters)+typos(len(letters)))
		}
	}
	for i := range ask.rows {
		ask.rows[i] = make([]int, longest+1)
	}
	if len(f) > 0 {
		if code := normalCode(q); strings.ContainsAny(code, "0123456789") {
			ask.code = strings.ToLower(code)
		}
	}
	return ask
}

// belowName puts what people call so behind what the classifier calls so.
const belowName = 2

// fit says how well an entry answers: 0 not at all; the best of its phrases counts. Every word of the question must be met.
func (a *question) fit(e entry) int {
	if a.empty {
		return 1
	}
	for _, c := range e.codes {
		if a.code != "" && strings.HasPrefix(c, a.code) {
			return 100
		}
	}
	return max(a.best(e.names), a.best(e.synonyms)-belowName)
}

// best is the best fit among phrases.
func (a *question) best(list []spelling) int {
	best := 0
	for i := range list {
		for form := range list[i] {
			best = max(best, a.fitPhrase(a.forms[form], &list[i][form])-form) // its own spelling before the rough one
		}
	}
	return best
}

// fitPhrase: 90 the whole phrase, 80 its beginning, then the weakest word: 60 begins a word, 40 stands inside one, 20 with a typing error.
func (a *question) fitPhrase(asked askedPhrase, p *phrase) int {
	switch {
	case len(asked.words) == 0:
		return 0
	case p.text == asked.whole:
		return 90
	case strings.HasPrefix(p.text, asked.whole):
		return 80
	}
	worst := 60
	for _, w := range asked.words {
		if worst = min(worst, a.fitWord(w, p)); worst == 0 {
			break
		}
	}
	return worst
}

func (a *question) fitWord(w askedWord, p *phrase) int {
	best := 0
	for i, o := range p.words {
		switch {
		case strings.HasPrefix(o, w.text):
			return 60
		case len(w.letters) >= 4 && strings.Contains(o, w.text):
			best = 40
		case best < 20 && a.nearPrefix(w.letters, p.letters[i], w.typos):
			best = 20
		}
	}
	return best
}

// typos is how many typing errors a word of so many letters may have (behaviour.md, Search).
func typos(letters int) int {
	switch {
	case letters >= 9:
		return 2
	case letters >= 5:
		return 1
	}
	return 0
}

// nearPrefix reports whether some beginning of word is at most k typing errors (one letter wrong, missing, added, or two swapped) away
// from w.
func (a *question) nearPrefix(w, word []rune, k int) bool {
	if k == 0 || len(word)+k < len(w) {
		return false
	}
	word = word[:min(len(word), len(w)+k)]
	before, row, next := a.rows[0][:len(word)+1], a.rows[1][:len(word)+1], a.rows[2][:len(word)+1]
	for j := range row {
		row[j] = j
	}
	least, leastBefore := 0, 0
	for i := 1; i <= len(w); i++ {
		next[0] = i
		for j := 1; j <= len(word); j++ {
			cost := 1
			if w[i-1] == word[j-1] {
				cost = 0
			}
			next[j] = min(row[j]+1, next[j-1]+1, row[j-1]+cost)
			if i > 1 && j > 1 && w[i-1] == word[j-2] && w[i-2] == word[j-1] {
				next[j] = min(next[j], before[j-2]+1)
			}
		}
		before, row, next = row, next, before
		// Every later row grows from the last two.
		if leastBefore, least = least, slices.Min(row); least > k && leastBefore > k {
			return false
		}
	}
	return least <= k
}
