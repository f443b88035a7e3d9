package meili

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	meilisearch "github.com/meilisearch/meilisearch-go"

	"github.com/orynda/orynda/internal/search"
)

// writeBatch is how many documents go to the server in one request.
const writeBatch = 1000

// Put implements search.Engine.
func (e *Engine) Put(ctx context.Context, docs []search.Document) error {
	ctx, cancel := bounded(ctx, e.o.WriteTimeout)
	defer cancel()
	e.writes.RLock()
	defer e.writes.RUnlock()
	e.note(func(j *journal) {
		for i := range docs {
			j.put(docs[i])
		}
	})
	return e.put(ctx, e.o.Index, docs)
}

// put sends documents to an index, deletes the records of points that they no longer have, and waits.
func (e *Engine) put(ctx context.Context, name string, docs []search.Document) error {
	index := e.client.Index(name)
	scribe := e.lexicon.Scribe()
	var tasks []*meilisearch.TaskInfo
	for part := range slices.Chunk(docs, writeBatch) {
		stale, err := e.stale(ctx, name, part)
		if err != nil {
			return err
		}
		var batch []record
		for i := range part {
			batch = append(batch, records(scribe, &part[i])...)
		}
		task, err := index.AddDocumentsWithContext(ctx, batch, primaryKey())
		if err != nil {
			return typed(ctx, err)
		}
		tasks = append(tasks, task)
		// Nobody waits for the words: a name can be misspelt a moment later.
		if _, err := e.addWords(ctx, e.wordsOfIndex(name), batch); err != nil {
			return typed(ctx, err)
		}
		if len(stale) > 0 {
			if task, err = index.DeleteDocumentsWithContext(ctx, stale, nil); err != nil {
				return typed(ctx, err)
			}
			tasks = append(tasks, task)
		}
	}
	return e.allDone(ctx, tasks)
}

// stale finds the records that an index holds of further points which the documents don't have any more. To look first costs a
// millisecond, a needless deletion would cost a second task.
func (e *Engine) stale(ctx context.Context, name string, docs []search.Document) ([]string, error) {
	wanted := map[string]bool{}
	ids := make([]string, 0, len(docs))
	for i := range docs {
		ids = append(ids, docs[i].ID)
		for n := range docs[i].Points() {
			wanted[recordID(docs[i].ID, n)] = true
		}
	}
	answers, err := e.multi(ctx, []*meilisearch.SearchRequest{{
		IndexUID: name, Filter: fmt.Sprintf(`%s > 0 AND %s IN ["%s"]`, attrExtra, attrPlace, strings.Join(encodeAll(ids), `","`)),
		Limit: int64(maxPoints * len(ids)), AttributesToRetrieve: []string{"id"},
	}})
	if code := refusal(err); code == "index_not_found" || code == "invalid_search_filter" {
		return nil, nil // never built: there is nothing, or it will be built anew
	}
	if err != nil {
		return nil, err
	}
	var out []string
	for _, h := range answers[0].Hits {
		var id string
		if err := json.Unmarshal(h["id"], &id); err != nil {
			return nil, unreadable(err)
		}
		if !wanted[id] {
			out = append(out, id)
		}
	}
	return out, nil
}

// allDone waits for tasks in their order, which is the server's.
func (e *Engine) allDone(ctx context.Context, tasks []*meilisearch.TaskInfo) error {
	for _, t := range tasks {
		if err := e.done(ctx, t, nil); err != nil {
			return err
		}
	}
	return nil
}

func primaryKey() *meilisearch.DocumentOptions {
	key := "id"
	return &meilisearch.DocumentOptions{PrimaryKey: &key}
}

// Delete implements search.Engine.
func (e *Engine) Delete(ctx context.Context, ids []string) error {
	ctx, cancel := bounded(ctx, e.o.WriteTimeout)
	defer cancel()
	e.writes.RLock()
	defer e.writes.RUnlock()
	e.note(func(j *journal) {
		for _, id := range ids {
			j.remove(id)
		}
	})
	return e.remove(ctx, e.o.Index, ids)
}

func (e *Engine) remove(ctx context.Context, name string, ids []string) error {
	if len(ids) == 0 {
		return typed(ctx, ctx.Err())
	}
	var all []string
	for _, id := range ids {
		for n := range maxPoints {
			all = append(all, recordID(id, n))
		}
	}
	task, err := e.client.Index(name).DeleteDocumentsWithContext(ctx, all, nil)
	err = e.done(ctx, task, err)
	var failed *TaskError
	if errors.As(err, &failed) && failed.Code == "index_not_found" {
		return nil // nothing was ever built: the documents aren't there
	}
	return err
}

// note tells a running rebuild of a write.
func (e *Engine) note(write func(*journal)) {
	e.noting.Lock()
	defer e.noting.Unlock()
	if e.journal != nil {
		write(e.journal)
	}
}
