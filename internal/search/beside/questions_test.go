package beside_test

import (
	"strings"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/search/query"

	"github.com/orynda/orynda/internal/search"
)

// kind is a kind of question, as both engines hear it.
type kind struct {
	name  string
	words []string                       // asked in turn; none asks without words
	ours  search.Query                   // what we are asked beside the words
	bleve func(words string) query.Query // the same for bleve
	order []string                       // of bleve's answers; none: by its score
	bare  bool                           // no group is counted
}

// kinds are the questions. Those of BenchmarkPlaces in internal/app/apptest are the model; left out is what bleve can't be asked.
func kinds() []kind {
	trades := []string{"электрик", "сварщик", "дәнекерлеуші", "повар", "аспаз", "бухгалтер", "слесарь", "механик", "тігінші", "медсестра"}
	return []kind{
		{name: "a word", bleve: match, words: trades},
		{name: "a word, nothing counted", bleve: match, words: trades, bare: true},
		{name: "a beginning of 2 or 3 letters", bleve: beginning, words: []string{"эл", "бу", "сва", "дән", "пов", "мех", "тіг"}},
		{name: "a typing error", bleve: misspelt, words: []string{"сварщк", "дәнекерлуші", "бухгалтр", "механк", "медсстра", "слесрь"}},
		{name: "words, two filters", bleve: filtered, words: []string{"слесарь по ремонту", "электромонтёр", "механик", "повар"},
			ours: search.Query{Regions: []string{region}, Levels: []string{level}}},
		{name: "everything, newest first", bleve: everything, order: []string{"-" + published}, ours: search.Query{Sort: search.Newest}},
		{name: "a trade and a town", bleve: match, words: []string{"сварщик караганда", "повар Алматы", "электрик Астана", "тігінші Шымкент"}},
	}
}

// The two filters: the region of Karaganda, and workers' trades.
const region, level = "350000000", "worker"

// groups are those that are counted.
func (k kind) groups() []search.Facet {
	if k.bare {
		return nil
	}
	return search.Facets()
}

// nth is the n-th text of a kind.
func (k kind) nth(n int) string {
	if len(k.words) == 0 {
		return ""
	}
	return k.words[n%len(k.words)]
}

// analysers are what bleve reads words with. A question doesn't say its language, so it is read with each.
func analysers() []string { return []string{"ru", "en", "standard"} }

// match asks for places that have every word, as one of the analysers reads them.
func match(words string) query.Query { return matchNear(words, 0) }

// misspelt asks for every word, or one that is a letter off.
func misspelt(words string) query.Query { return matchNear(words, 1) }

func matchNear(words string, lettersOff int) query.Query {
	either := bleve.NewDisjunctionQuery()
	for _, a := range analysers() {
		q := bleve.NewMatchQuery(words)
		q.Analyzer = a
		q.SetOperator(query.MatchQueryOperatorAnd)
		q.SetFuzziness(lettersOff)
		either.AddQuery(q)
	}
	return either
}

// beginning asks for words that begin so. bleve doesn't read a beginning, so it is brought to small letters here.
func beginning(words string) query.Query { return bleve.NewPrefixQuery(strings.ToLower(words)) }

func filtered(words string) query.Query {
	return bleve.NewConjunctionQuery(match(words), value(search.FacetRegion, region), value(search.FacetLevel, level))
}

// value asks for places that have a value in a group.
func value(f search.Facet, v string) query.Query {
	q := bleve.NewTermQuery(v)
	q.SetField(string(f))
	return q
}

func everything(string) query.Query { return bleve.NewMatchAllQuery() }
