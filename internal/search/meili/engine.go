// Package meili is the search engine on a Meilisearch server (1.13 or later; tried with 1.50).
//
// A document is stored as the words that the lexicon makes of it (the fields of package search, in their order), the values to filter, count and sort
// by, and its points; texts stay in the store. Settings are code with a version: an index that another version built is not ready
// and is built anew beside the old one, which then takes its place at once.
//
// Meilisearch knows one point a document, so a place with several known points has a record for each further one; only questions
// about distance see those, counted once a place.
//
// Every write waits until the server has carried it out. No call outlasts the deadline of its context; without one, searches end
// after Options.SearchTimeout and writes after Options.WriteTimeout.
//
// A question whose words are known takes one multi-search call. Where nothing answers its first reading, a second call counts what the others find (for a
// question with an unknown word the first call does that), a third asks for the page of the one that was chosen; guessing a misspelt name from an
// index of words of its own takes one more before that.
//
// Limits: the server's own typing tolerance is off in the places, because the lexicon corrects alike in both engines. Facets count at most
// 1,000 values of a group.
package meili

import (
	"context"
	"net/http"
	"regexp"
	"sync"
	"time"

	meilisearch "github.com/meilisearch/meilisearch-go"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/search"
)

// Options say where the server is.
type Options struct {
	URL   string // "http://127.0.0.1:7700"
	Key   string // empty: the server asks for none
	Index string // name of the index; default "placements". Letters, digits, - and _

	SearchTimeout time.Duration // of a search whose context has no deadline; default 3 s
	WriteTimeout  time.Duration // of a write whose context has no deadline; default 60 s

	// Transport replaces the one made by Transport(), for recordings.
	Transport http.RoundTripper
}

// Engine implements search.Engine. Make it with New.
type Engine struct {
	o          Options
	lexicon    *search.Lexicon
	client     meilisearch.ServiceManager
	http       *http.Client
	rebuilding chan struct{} // holds one token: who has it rebuilds

	writes  sync.RWMutex // held shared by every write, alone by the end of a rebuild
	noting  sync.Mutex   // guards journal
	journal *journal     // not nil while a rebuild runs

	words wordMemory
}

// The port is kept.
func _(e *Engine) search.Engine { return e }

// New makes an engine that reads with a lexicon; it doesn't call the server. A bad name of the index is Invalid search_index_name.
func New(l *search.Lexicon, o Options) (*Engine, error) {
	if o.Index == "" {
		o.Index = "placements"
	}
	if !regexp.MustCompile(`^[A-Za-z0-9_-]{1,200}$`).MatchString(o.Index) {
		return nil, errs.New(errs.Invalid, "search_index_name").With("name", o.Index)
	}
	if o.SearchTimeout == 0 {
		o.SearchTimeout = 3 * time.Second
	}
	if o.WriteTimeout == 0 {
		o.WriteTimeout = time.Minute
	}
	if o.Transport == nil {
		o.Transport = Transport()
	}
	e := &Engine{o: o, lexicon: l, http: &http.Client{Transport: steady{o.Transport}}, rebuilding: make(chan struct{}, 1)}
	// The library's retries wait whole seconds; who asks decides whether to ask again.
	e.client = meilisearch.New(o.URL, meilisearch.WithAPIKey(o.Key), meilisearch.WithCustomClient(e.http), meilisearch.DisableRetries())
	return e, nil
}

// Name is "meilisearch".
func (e *Engine) Name() string { return "meilisearch" }

// Close lets go of idle connections.
func (e *Engine) Close() error {
	e.http.CloseIdleConnections()
	return nil
}

// bounded gives a context a deadline when it has none.
func bounded(ctx context.Context, limit time.Duration) (context.Context, context.CancelFunc) {
	if _, ok := ctx.Deadline(); ok {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, limit)
}

// nextName is the index being built, metaName the one that says what built the live one, wordsName the one of words to guess from.
func (e *Engine) nextName() string      { return e.o.Index + "_next" }
func (e *Engine) metaName() string      { return e.o.Index + "_meta" }
func (e *Engine) wordsName() string     { return e.o.Index + "_words" }
func (e *Engine) nextWordsName() string { return e.o.Index + "_words_next" }
