package meili

import (
	"context"
	"iter"

	meilisearch "github.com/meilisearch/meilisearch-go"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/search"
)

// journal is what was written while a rebuild ran: per id the last document, nil for a deletion.
type journal struct {
	last  map[string]*search.Document
	order []string
}

func (j *journal) put(d search.Document) { j.note(d.ID, &d) }

func (j *journal) remove(id string) { j.note(id, nil) }

func (j *journal) note(id string, d *search.Document) {
	if _, ok := j.last[id]; !ok {
		j.order = append(j.order, id)
	}
	j.last[id] = d
}

// meta is the one document of the meta index.
type meta struct {
	ID      string `json:"id"` // metaID
	Version int    `json:"settings_version"`
	Lexicon string `json:"lexicon"`
}

const metaID = "build"

// Ready implements search.Engine: the server answers and says that this SettingsVersion and this lexicon built the index.
func (e *Engine) Ready(ctx context.Context) error {
	ctx, cancel := bounded(ctx, e.o.SearchTimeout)
	defer cancel()
	var m meta
	err := e.client.Index(e.metaName()).GetDocumentWithContext(ctx, metaID, nil, &m)
	if err := typed(ctx, err); errs.KindOf(err) == errs.Unavailable {
		return err
	}
	if err != nil || m.Version != SettingsVersion || m.Lexicon != e.lexicon.Version() {
		return notBuilt()
	}
	return nil
}

// Rebuild implements search.Engine. Its context should have a generous deadline; without one Options.WriteTimeout holds for the whole.
func (e *Engine) Rebuild(ctx context.Context, docs iter.Seq2[search.Document, error]) error {
	ctx, cancel := bounded(ctx, e.o.WriteTimeout)
	defer cancel()
	select {
	case e.rebuilding <- struct{}{}:
		defer func() { <-e.rebuilding }()
	case <-ctx.Done():
		return unavailable(ctx.Err())
	}
	e.setJournal(&journal{last: map[string]*search.Document{}})
	defer e.setJournal(nil)
	if err := e.begin(ctx); err != nil {
		return err
	}
	if err := e.fill(ctx, docs); err != nil {
		return err
	}
	if err := e.swap(ctx); err != nil {
		return err
	}
	return e.finish(ctx)
}

func (e *Engine) setJournal(j *journal) {
	e.noting.Lock()
	defer e.noting.Unlock()
	e.journal = j
}

// begin makes the empty next index, in place of one that an interrupted rebuild left.
func (e *Engine) begin(ctx context.Context) error {
	e.words.forget()
	if err := e.empty(ctx, e.nextName(), settings()); err != nil {
		return err
	}
	return e.empty(ctx, e.nextWordsName(), wordSettings())
}

// empty makes an empty index.
func (e *Engine) empty(ctx context.Context, name string, s *meilisearch.Settings) error {
	if err := e.drop(ctx, name); err != nil {
		return err
	}
	task, err := e.client.CreateIndexWithContext(ctx, &meilisearch.IndexConfig{Uid: name, PrimaryKey: "id"})
	if err := e.done(ctx, task, err); err != nil {
		return err
	}
	task, err = e.client.Index(name).UpdateSettingsWithContext(ctx, s)
	return e.done(ctx, task, err)
}

// drop deletes an index; that it isn't there is fine.
func (e *Engine) drop(ctx context.Context, name string) error {
	task, err := e.client.DeleteIndexWithContext(ctx, name)
	return accept(e.done(ctx, task, err), "index_not_found")
}

// accept takes one code of a failed task for success.
func accept(err error, code string) error {
	if failed, ok := asTask(err); ok && failed.Code == code {
		return nil
	}
	return err
}

// fill sends all documents to the next index, then waits for all of it.
func (e *Engine) fill(ctx context.Context, docs iter.Seq2[search.Document, error]) error {
	next := e.client.Index(e.nextName())
	scribe := e.lexicon.Scribe()
	var tasks []*meilisearch.TaskInfo
	var batch []record
	flush := func() error {
		task, err := next.AddDocumentsWithContext(ctx, batch, primaryKey())
		if err != nil {
			return typed(ctx, err)
		}
		tasks = append(tasks, task)
		task, err = e.addWords(ctx, e.nextWordsName(), batch)
		if task != nil {
			tasks = append(tasks, task)
		}
		batch = nil
		return typed(ctx, err)
	}
	for d, err := range docs {
		if err != nil {
			return err
		}
		if batch = append(batch, records(scribe, &d)...); len(batch) >= writeBatch {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	if len(batch) > 0 {
		if err := flush(); err != nil {
			return err
		}
	}
	return e.allDone(ctx, tasks)
}

// swap brings the next index up to date with what was written meanwhile and puts it in the live one's place. Writes wait.
func (e *Engine) swap(ctx context.Context) error {
	e.writes.Lock()
	defer e.writes.Unlock()
	if err := e.replay(ctx); err != nil {
		return err
	}
	// A swap needs both; on a new server there is no live index yet.
	for _, name := range []string{e.o.Index, e.wordsName()} {
		task, err := e.client.CreateIndexWithContext(ctx, &meilisearch.IndexConfig{Uid: name, PrimaryKey: "id"})
		if err := accept(e.done(ctx, task, err), "index_already_exists"); err != nil {
			return err
		}
	}
	task, err := e.client.SwapIndexesWithContext(ctx, []*meilisearch.SwapIndexesParams{
		{Indexes: []string{e.o.Index, e.nextName()}}, {Indexes: []string{e.wordsName(), e.nextWordsName()}},
	})
	if err := e.done(ctx, task, err); err != nil {
		return err
	}
	e.setJournal(nil)
	return nil
}

func (e *Engine) replay(ctx context.Context) error {
	var docs []search.Document
	var gone []string
	e.noting.Lock()
	for _, id := range e.journal.order {
		if d := e.journal.last[id]; d != nil {
			docs = append(docs, *d)
		} else {
			gone = append(gone, id)
		}
	}
	e.noting.Unlock()
	if err := e.put(ctx, e.nextName(), docs); err != nil || len(gone) == 0 {
		return err
	}
	return e.remove(ctx, e.nextName(), gone)
}

// finish notes what built the live index and deletes the old one.
func (e *Engine) finish(ctx context.Context) error {
	task, err := e.client.Index(e.metaName()).AddDocumentsWithContext(ctx, []meta{{ID: metaID, Version: SettingsVersion, Lexicon: e.lexicon.Version()}}, primaryKey())
	if err := e.done(ctx, task, err); err != nil {
		return err
	}
	if err := e.drop(ctx, e.nextName()); err != nil {
		return err
	}
	return e.drop(ctx, e.nextWordsName())
}
