package storage

import (
	"context"
	"errors"
	"fmt"
)

// Document is a stored type: a pointer to a struct with json tags.
type Document interface {
	// Identity gives the id and the place of the version, which the collection raises on each write.
	Identity() (id string, version *int64)
	// Keys gives the values of the collection's declared keys.
	Keys() Keys
}

// pointer says that *T is a Document.
type pointer[T any] interface {
	*T
	Document
}

// Collection is the typed door to one collection of an engine. Make it with [Open].
type Collection[T any, P pointer[T]] struct {
	engine Engine
	spec   Spec
}

// Open declares a collection of documents of type T. It does not touch the store: [Ensure] does.
func Open[T any, P pointer[T]](engine Engine, spec Spec) *Collection[T, P] {
	return &Collection[T, P]{engine: engine, spec: spec}
}

// Spec gives the declaration.
func (c *Collection[T, P]) Spec() Spec { return c.spec }

// Get reads one document: errs.NotFound if there is none.
func (c *Collection[T, P]) Get(ctx context.Context, id string) (P, error) {
	doc := P(new(T))
	version, err := c.engine.Get(ctx, c.spec, id, doc)
	return c.loaded(doc, version, err)
}

// Lock reads one document and takes it for the transaction of ctx: errs.NotFound if there is none.
func (c *Collection[T, P]) Lock(ctx context.Context, id string) (P, error) {
	doc := P(new(T))
	version, err := c.engine.Lock(ctx, c.spec, id, doc, nil)
	return c.loaded(doc, version, err)
}

// LockOrNew is Lock for owner documents that come into being with their first use: it makes fresh (whose Identity must give
// id) when there is none.
func (c *Collection[T, P]) LockOrNew(ctx context.Context, id string, fresh P) (P, error) {
	rec, err := c.record(fresh, 1)
	if err != nil {
		return nil, err
	}
	if rec.ID != id {
		return nil, errors.New("storage: LockOrNew of another id")
	}
	doc := P(new(T))
	version, err := c.engine.Lock(ctx, c.spec, id, doc, &rec)
	return c.loaded(doc, version, err)
}

func (c *Collection[T, P]) loaded(doc P, version int64, err error) (P, error) {
	if err != nil {
		return nil, err
	}
	_, v := doc.Identity()
	*v = version
	return doc, nil
}

// Insert adds a document with version 1; a taken id or unique key is a *ConflictError.
func (c *Collection[T, P]) Insert(ctx context.Context, doc P) error {
	_, v := doc.Identity()
	before := *v
	*v = 1
	rec, err := c.record(doc, 1)
	if err == nil {
		err = c.engine.Insert(ctx, c.spec, rec)
	}
	if err != nil {
		*v = before
	}
	return err
}

// Save writes a document that was read before and raises its version; errs.Stale when somebody else wrote it since.
func (c *Collection[T, P]) Save(ctx context.Context, doc P) error {
	_, v := doc.Identity()
	*v++
	rec, err := c.record(doc, *v)
	if err == nil {
		err = c.engine.Replace(ctx, c.spec, rec)
	}
	if err != nil {
		*v--
	}
	return err
}

// Delete removes a document; errs.NotFound if there is none.
func (c *Collection[T, P]) Delete(ctx context.Context, id string) error {
	return c.engine.Delete(ctx, c.spec, id)
}

// Find gives all documents that match, in order.
func (c *Collection[T, P]) Find(ctx context.Context, q Query) ([]P, error) {
	var out []P
	err := c.Each(ctx, q, func(doc P) error {
		out = append(out, doc)
		return nil
	})
	return out, err
}

// GetMany gives the documents that exist of some ids, by id, in one look.
func (c *Collection[T, P]) GetMany(ctx context.Context, ids ...string) (map[string]P, error) {
	out := make(map[string]P, len(ids))
	err := c.Each(ctx, Where(In(KeyID, ids...)), func(doc P) error {
		id, _ := doc.Identity()
		out[id] = doc
		return nil
	})
	return out, err
}

// errStop ends an Each early without being an error of its own.
var errStop = errors.New("storage: stop")

// First gives the first document that matches: errs.NotFound if there is none.
func (c *Collection[T, P]) First(ctx context.Context, q Query) (P, error) {
	var out P
	err := c.Each(ctx, q.Take(1), func(doc P) error {
		out = doc
		return errStop
	})
	if err != nil && !errors.Is(err, errStop) {
		return nil, err
	}
	if out == nil {
		return nil, ErrNotFound()
	}
	return out, nil
}

// Each calls fn for every document that matches, in order, without gathering them. fn may not use the engine with the
// same transaction.
func (c *Collection[T, P]) Each(ctx context.Context, q Query, fn func(doc P) error) error {
	checked, err := c.spec.Checked(q)
	if err != nil {
		return err
	}
	checked.Bare = false // documents are whole
	return c.engine.Find(ctx, c.spec, checked, func(f Found) error {
		doc := P(new(T))
		if err := f.Decode(doc); err != nil {
			return err
		}
		_, v := doc.Identity()
		*v = f.Version
		return fn(doc)
	})
}

// Versions calls fn with the id and version of every document that matches, in order, without reading the documents: to learn what changed.
func (c *Collection[T, P]) Versions(ctx context.Context, q Query, fn func(id string, version int64) error) error {
	checked, err := c.spec.Checked(q)
	if err != nil {
		return err
	}
	checked.Bare = true
	return c.engine.Find(ctx, c.spec, checked, func(f Found) error { return fn(f.ID, f.Version) })
}

// IDs gives the ids of the documents that match, in order, without reading the documents.
func (c *Collection[T, P]) IDs(ctx context.Context, q Query) ([]string, error) {
	var ids []string
	err := c.Versions(ctx, q, func(id string, _ int64) error {
		ids = append(ids, id)
		return nil
	})
	return ids, err
}

// Page is one page of a list and the way to the next.
type Page[P any] struct {
	Items []P
	Next  Cursor // zero when this is the last page
}

// Page gives at most q.Limit documents (20 without a limit) and the cursor after them.
func (c *Collection[T, P]) Page(ctx context.Context, q Query) (Page[P], error) {
	limit := q.Limit
	if limit <= 0 {
		limit = 20
	}
	q.Limit = limit + 1
	docs, err := c.Find(ctx, q)
	if err != nil || len(docs) <= limit {
		return Page[P]{Items: docs}, err
	}
	next, err := c.cursorAfter(q, docs[limit-1])
	return Page[P]{Items: docs[:limit], Next: next}, err
}

func (c *Collection[T, P]) cursorAfter(q Query, doc P) (Cursor, error) {
	id, _ := doc.Identity()
	if q.Sort == "" {
		return Cursor{ID: id}, nil
	}
	keys, err := c.spec.Normalise(doc.Keys())
	if err != nil {
		return Cursor{}, err
	}
	if text, ok := keys[q.Sort].(string); ok && len(text) > MaxSortKey {
		return Cursor{}, fmt.Errorf("storage: %s.%s of %s is too long to page by: %d bytes", c.spec.Name, q.Sort, id, len(text))
	}
	return Cursor{Value: keys[q.Sort], ID: id}, nil
}

// Count counts the documents that match.
func (c *Collection[T, P]) Count(ctx context.Context, q Query) (int64, error) {
	checked, err := c.spec.Checked(q)
	if err != nil {
		return 0, err
	}
	return c.engine.Count(ctx, c.spec, checked)
}

// Rekey writes every document again in batches, so that keys declared since are computed. It is a step of a migration and may be
// repeated; documents changed meanwhile are right already and are skipped.
func (c *Collection[T, P]) Rekey(ctx context.Context) error {
	const batch = 200
	q := Query{Limit: batch}
	for {
		docs, err := c.Find(ctx, q)
		if err != nil {
			return err
		}
		for _, doc := range docs {
			if err := c.Save(ctx, doc); err != nil && !isStaleOrGone(err) {
				return err
			}
		}
		if len(docs) < batch {
			return nil
		}
		id, _ := docs[batch-1].Identity()
		q.After = Cursor{ID: id}
	}
}

func (c *Collection[T, P]) record(doc P, version int64) (Record, error) {
	id, _ := doc.Identity()
	keys, err := c.spec.Normalise(doc.Keys())
	return Record{ID: id, Version: version, Keys: keys, Body: doc}, err
}
