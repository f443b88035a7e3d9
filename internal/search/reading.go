package search

import (
	"slices"
	"strings"
)

// MaxWords is how many words of a question are used; further ones are ignored.
const MaxWords = 10

// maxText is how many bytes of a question's text are read: room for ten long words, and no work for a flood.
const maxText = 4096

// How says where a reading comes from.
type How string

// The readings of a question, in the order in which they are tried.
const (
	Typed     How = "typed"     // as it was typed
	Corrected How = "corrected" // without typing errors
	Layout    How = "layout"    // as typed with another keyboard
	Fewer     How = "fewer"     // without some words
)

// Reading is one way to understand a question's text. A place answers it when it has all of Words and lies in one of the Cities and one of the
// Regions (none named: anywhere).
type Reading struct {
	How     How
	Words   []Word
	Cities  []string
	Regions []string
	Around  *Point // of the city, to count distances from where the question names no point
	Scope   Scope
	// Guess wants the engine to replace each unknown word by the nearest of the words that its places have in those fields ([Nearer]);
	// the reading is void when it has none for one of them.
	Guess    bool
	Meanings []Meaning
	// Dropped are the words, as typed, that this reading gives up.
	Dropped []string
}

// Scope says in which fields a reading wants its words.
type Scope int

// The scopes.
const (
	Anywhere Scope = iota // in any field
	Strongly              // in the fields that say what and where a place is
	ByName                // in the enterprise's name
)

// Has reports whether a field is in the scope.
func (s Scope) Has(f Field) bool {
	switch s {
	case ByName:
		return f == FieldEnterprise
	case Strongly:
		return f < Strong
	}
	return true
}

// Word is a word that a place must have.
type Word struct {
	Token   string   // as places hold it (see [Lexicon.Words])
	Prefix  bool     // the beginning of a word is enough
	Unknown bool     // neither a trade nor a place has it
	Letters int      // of the typed word: how many typing errors it may have
	Parts   []string // the words of a phrase, for marking them; nil for a single word

	raw string // as typed, for its stems
}

// Meaning is a part of a question with what it was understood as.
type Meaning struct {
	Text    string // as it was typed
	Kind    Kind   // what it names; KindWord for just a word
	Value   string // of what it names
	Entry   *Entry // what it names; nil for a word
	Without string // the question's text without this part

	trade bool // it names a trade, perhaps one of several
}

// KindWord is a part of a question that names nothing known.
const KindWord Kind = "word"

// Text says what is used of the question.
func (r *Reading) Text() string {
	var out []string
	for _, t := range r.Meanings {
		out = append(out, t.Text)
	}
	return strings.Join(out, " ")
}

// Main gives the number of the reading that says what a question that nothing answers was understood as: the first that is neither an enterprise's name
// nor a guess, else the first.
func Main(readings []Reading) int {
	return max(0, slices.IndexFunc(readings, func(r Reading) bool { return r.Scope != ByName && !r.Guess }))
}

// Guessed replaces the unknown words of a reading that wants it by the nearest that near knows, which may be the word itself; false when it knows none for one of them. Until somebody
// who has the texts says better, a replaced word is shown as its token.
func (r Reading) Guessed(near func(Word) string) (Reading, bool) {
	words, meanings := slices.Clone(r.Words), slices.Clone(r.Meanings)
	for i, w := range words {
		if !w.Unknown {
			continue
		}
		token := near(w)
		if token == "" {
			return r, false
		}
		words[i] = Word{Token: token, Letters: w.Letters}
		for j := range meanings {
			if meanings[j].Text == strings.ToLower(w.raw) {
				meanings[j].Text = token
			}
		}
	}
	r.Words, r.Meanings, r.Guess = words, meanings, false
	return r, true
}
