// Package embedded is the search engine that needs no server: an index in memory, made from the store or from a snapshot of itself.
//
// Words lead to the documents they stand in, in which fields; filters and facets are roaring bitmaps and columns; dates,
// payments and points are columns too. Everything is exact, and every read sees every write that returned before it began.
//
// Reads run in parallel with each other and wait only while a write is entered (well under a millisecond a document; folding
// is done before). A changed or deleted document is only marked dead; when a quarter is dead the index is copied without them,
// during which reads go on and writes wait.
//
// A snapshot ([Engine.Snapshot]) is the whole index in a file of a format of its own, for a quick start; what changed since is found by comparing
// [Engine.Revisions] with the store. Reads go on while one is written, writes wait for some milliseconds.
//
// Limits: one process, bounded by its memory ([Engine.Size]). Several processes each hold their own index and must each be told of every
// change.
package embedded

import (
	"context"
	"iter"
	"sync"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/search"
)

// Engine implements search.Engine. Make it with New; it is empty and not ready before Rebuild.
type Engine struct {
	lexicon *search.Lexicon

	rebuilding chan struct{} // holds one token: who has it rebuilds

	writing sync.Mutex // one writer; held around every change of the fields below
	journal *journal   // not nil while a rebuild runs

	reading sync.RWMutex // guards index and what it points to; writers take it on top of writing
	index   *index
	built   bool
	changes uint64 // how often the index was changed

	matchers  sync.Pool
	preparers sync.Pool
}

// New makes an empty engine that reads with a lexicon.
func New(l *search.Lexicon) *Engine {
	return &Engine{
		lexicon:    l,
		rebuilding: make(chan struct{}, 1),
		index:      newIndex(l),
		matchers:   sync.Pool{New: func() any { return &matcher{} }},
		preparers:  sync.Pool{New: func() any { return newPreparer(l) }},
	}
}

// The port is kept.
func _(e *Engine) search.Engine { return e }

// Name is "embedded".
func (e *Engine) Name() string { return "embedded" }

// Ready is nil after the first Rebuild, before that Unavailable search_not_built.
func (e *Engine) Ready(ctx context.Context) error {
	e.reading.RLock()
	defer e.reading.RUnlock()
	if !e.built {
		return errs.New(errs.Unavailable, "search_not_built")
	}
	return late(ctx)
}

// late is the error of a context that has ended.
func late(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return errs.New(errs.Unavailable, "search_unavailable").WithCause(err)
	}
	return nil
}

// Put implements search.Engine. All documents become visible together.
func (e *Engine) Put(ctx context.Context, docs []search.Document) error {
	if err := late(ctx); err != nil {
		return err
	}
	p := e.preparers.Get().(*preparer)
	defer e.preparers.Put(p)
	ready := make([]*prepared, 0, len(docs))
	for i := range docs {
		ready = append(ready, p.prepare(&docs[i]))
	}
	e.write(func(ix *index) {
		for _, d := range ready {
			ix.put(d)
		}
	}, func(j *journal) {
		for _, d := range ready {
			j.put(d)
		}
	})
	return nil
}

// Delete implements search.Engine.
func (e *Engine) Delete(ctx context.Context, ids []string) error {
	if err := late(ctx); err != nil {
		return err
	}
	e.write(func(ix *index) {
		for _, id := range ids {
			ix.remove(id)
		}
	}, func(j *journal) {
		for _, id := range ids {
			j.remove(id)
		}
	})
	return nil
}

// write changes the index, notes the change for a running rebuild, and compacts when it is time.
func (e *Engine) write(change func(*index), note func(*journal)) {
	e.writing.Lock()
	defer e.writing.Unlock()
	if e.journal != nil {
		note(e.journal)
	}
	e.reading.Lock()
	change(e.index)
	e.changes++
	e.index.dict.settle(maxFresh)
	e.reading.Unlock()
	if e.index.wantsCompaction() {
		fresh := e.index.compacted() // writers wait for this, readers don't: it only reads
		e.reading.Lock()
		e.index = fresh
		e.reading.Unlock()
	}
}

// Search implements search.Engine.
func (e *Engine) Search(ctx context.Context, q search.Query) (*search.Result, error) {
	if err := q.Validate(); err != nil {
		return nil, err
	}
	if err := late(ctx); err != nil {
		return nil, err
	}
	readings := e.read(q)
	m := e.matchers.Get().(*matcher)
	defer e.matchers.Put(m)
	e.reading.RLock()
	defer e.reading.RUnlock()
	return e.index.answer(q.Normal(), readings, m), nil
}

func (e *Engine) read(q search.Query) []search.Reading {
	if q.Literally {
		return e.lexicon.ReadLiterally(q.Text)
	}
	return e.lexicon.Read(q.Text)
}

// Suggest implements search.Engine.
func (e *Engine) Suggest(ctx context.Context, q search.SuggestQuery) (search.Suggestions, error) {
	if err := q.Validate(); err != nil {
		return search.Suggestions{}, err
	}
	if err := late(ctx); err != nil {
		return search.Suggestions{}, err
	}
	readings := e.lexicon.ReadTyping(q.Text)
	m := e.matchers.Get().(*matcher)
	defer e.matchers.Put(m)
	e.reading.RLock()
	defer e.reading.RUnlock()
	return e.index.suggest(q.Normal(), readings, m), nil
}

// Count implements search.Engine.
func (e *Engine) Count(ctx context.Context) (int, error) {
	if err := late(ctx); err != nil {
		return 0, err
	}
	e.reading.RLock()
	defer e.reading.RUnlock()
	return len(e.index.numbers), nil
}

// Rebuild implements search.Engine. Both indexes are in memory while it runs.
func (e *Engine) Rebuild(ctx context.Context, docs iter.Seq2[search.Document, error]) error {
	select {
	case e.rebuilding <- struct{}{}:
		defer func() { <-e.rebuilding }()
	case <-ctx.Done():
		return late(ctx)
	}
	e.setJournal(newJournal())
	defer e.setJournal(nil)
	fresh, err := build(ctx, e.lexicon, docs)
	if err != nil {
		return err
	}
	e.writing.Lock()
	defer e.writing.Unlock()
	e.journal.replay(fresh)
	fresh.dict.settle(0)
	e.journal = nil
	e.reading.Lock()
	defer e.reading.Unlock()
	e.index, e.built = fresh, true
	e.changes++
	return nil
}

func (e *Engine) setJournal(j *journal) {
	e.writing.Lock()
	defer e.writing.Unlock()
	e.journal = j
}

// Close drops the index.
func (e *Engine) Close() error {
	e.writing.Lock()
	defer e.writing.Unlock()
	e.reading.Lock()
	defer e.reading.Unlock()
	e.index, e.built = newIndex(e.lexicon), false
	return nil
}
