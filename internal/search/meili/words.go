package meili

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"sync"

	meilisearch "github.com/meilisearch/meilisearch-go"

	"github.com/orynda/orynda/internal/search"
)

// The words of the places' strong fields stand in an index of their own, where the server's typing tolerance is on: the words to guess a misspelt name
// from. Each stands there also backwards, because the server counts an error in the first letter twice. Words of places that are gone stay until the
// next rebuild; a guess that finds nothing is not taken.

// attributes of a word's record.
const (
	attrWord      = "word"
	attrBackwards = "backwards"
)

func wordSettings() *meilisearch.Settings {
	off := "disabled"
	return &meilisearch.Settings{
		SearchableAttributes: []string{attrWord, attrBackwards}, FilterableAttributes: []string{}, RankingRules: []string{"typo", "words"},
		// How many errors a word may have is for search.Nearer to say, which counts the letters as they were typed.
		TypoTolerance: &meilisearch.TypoTolerance{
			Enabled: true, MinWordSizeForTypos: meilisearch.MinWordSizeForTypos{OneTypo: 3, TwoTypos: 255}, DisableOnWords: []string{}, DisableOnAttributes: []string{},
		},
		PrefixSearch: &off,
	}
}

// wordMemory knows which words were sent, so that they aren't sent again with every place.
type wordMemory struct {
	mu   sync.Mutex
	sent map[string]bool
}

// maxSent bounds the memory; after it everything may be sent once more.
const maxSent = 1 << 18

func (m *wordMemory) forget() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sent = nil
}

// fresh gives the words that were not sent, each once, and notes them.
func (m *wordMemory) fresh(words []string) []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.sent) > maxSent || m.sent == nil {
		m.sent = map[string]bool{}
	}
	var out []string
	for _, w := range words {
		if !m.sent[w] {
			m.sent[w] = true
			out = append(out, w)
		}
	}
	return out
}

// wordsOfIndex is the index of words beside an index of places.
func (e *Engine) wordsOfIndex(name string) string {
	if name == e.nextName() {
		return e.nextWordsName()
	}
	return e.wordsName()
}

// addWords sends the words of records that the server may not have yet; nil when there are none.
func (e *Engine) addWords(ctx context.Context, index string, batch []record) (*meilisearch.TaskInfo, error) {
	var words []string
	for _, r := range batch {
		for f := range search.Strong {
			lines, _ := r[wordsOf(f)].([]string)
			for _, w := range strings.Fields(strings.Join(lines, " ")) {
				if w[0] != 'x' {
					words = append(words, w)
				}
			}
		}
	}
	words = e.words.fresh(words)
	if len(words) == 0 {
		return nil, nil
	}
	records := make([]record, len(words))
	for i, w := range words {
		records[i] = record{"id": hex.EncodeToString([]byte(w))[:min(2*len(w), 400)], attrWord: w, attrBackwards: backwards(w)}
	}
	return e.client.Index(index).AddDocumentsWithContext(ctx, records, primaryKey())
}

func (e *Engine) wordQuery(attr, text string) *meilisearch.SearchRequest {
	return &meilisearch.SearchRequest{
		IndexUID: e.wordsName(), Query: text, MatchingStrategy: meilisearch.All, Limit: mostNear, AttributesToSearchOn: []string{attr},
		AttributesToRetrieve: []string{attrWord},
	}
}

func backwards(w string) string {
	r := []rune(w)
	slices.Reverse(r)
	return string(r)
}

// mostNear is how many words the server is asked for; ours are chosen among them.
const mostNear = 100

// guess replaces the unknown words of readings, all in one call; readings with a word that nothing is near to are left out.
func (e *Engine) guess(ctx context.Context, readings []search.Reading) ([]search.Reading, error) {
	var tokens []string
	for _, r := range readings {
		for _, w := range r.Words {
			if w.Unknown && !slices.Contains(tokens, w.Token) {
				tokens = append(tokens, w.Token)
			}
		}
	}
	var queries []*meilisearch.SearchRequest
	for _, t := range tokens {
		queries = append(queries, e.wordQuery(attrWord, t), e.wordQuery(attrBackwards, backwards(t)))
	}
	answers, err := e.multi(ctx, queries)
	if err != nil {
		return nil, err
	}
	near := map[string][]string{}
	for i, a := range answers {
		for _, h := range a.Hits {
			var word string
			if err := json.Unmarshal(h[attrWord], &word); err != nil {
				return nil, unreadable(err)
			}
			near[tokens[i/2]] = append(near[tokens[i/2]], word)
		}
	}
	var out []search.Reading
	for _, r := range readings {
		if guessed, ok := r.Guessed(func(w search.Word) string { return search.Nearer(w, near[w.Token]) }); ok {
			out = append(out, guessed)
		}
	}
	return out, nil
}
