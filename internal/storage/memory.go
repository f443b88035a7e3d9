package storage

import (
	"container/list"
	"context"
	"sync"
)

// Memory reads documents by id and keeps the last used ones decoded, for pages that many readers see. Before a kept document is given, the store is
// asked for its present version, so an answer is as fresh as [Collection.GetMany]'s, whichever program wrote last: what is saved is reading and
// decoding bodies.
//
// What it gives is shared by all readers, in this moment and later: nobody may change it or what it points to. It relies on versions that never come
// again, so it isn't for collections where an id may be deleted and inserted anew.
type Memory[T any, P pointer[T]] struct {
	from *Collection[T, P]
	room int

	mu   sync.Mutex               // guards what follows
	kept map[string]*list.Element // by id
	used *list.List               // of P, the last used in front
}

// NewMemory keeps at most room documents of a collection.
func NewMemory[T any, P pointer[T]](from *Collection[T, P], room int) *Memory[T, P] {
	return &Memory[T, P]{from: from, room: room, kept: map[string]*list.Element{}, used: list.New()}
}

// GetMany gives the documents that exist of some ids, by id, for reading only. In a transaction it keeps nothing: what is read there may be rolled back.
func (m *Memory[T, P]) GetMany(ctx context.Context, ids ...string) (map[string]P, error) {
	if m.from.engine.InTx(ctx) {
		return m.from.GetMany(ctx, ids...)
	}
	out := make(map[string]P, len(ids))
	var unknown []string
	q, err := m.from.spec.Checked(Where(In(KeyID, ids...)))
	if err != nil {
		return nil, err
	}
	q.Bare = true
	err = m.from.engine.Find(ctx, m.from.spec, q, func(f Found) error {
		if doc := m.recall(f.ID, f.Version); doc != nil {
			out[f.ID] = doc
		} else {
			unknown = append(unknown, f.ID)
		}
		return nil
	})
	if err != nil || len(unknown) == 0 {
		return out, err
	}
	read, err := m.from.GetMany(ctx, unknown...)
	for id, doc := range read {
		m.keep(id, doc)
		out[id] = doc
	}
	return out, err
}

// recall gives a kept document if it has this version, else nil.
func (m *Memory[T, P]) recall(id string, version int64) P {
	m.mu.Lock()
	defer m.mu.Unlock()
	at := m.kept[id]
	if at == nil {
		return nil
	}
	doc := at.Value.(P)
	if _, v := doc.Identity(); *v != version {
		return nil
	}
	m.used.MoveToFront(at)
	return doc
}

// keep takes a document in; the one that was longest unused makes room.
func (m *Memory[T, P]) keep(id string, doc P) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if at := m.kept[id]; at != nil {
		at.Value = doc
		m.used.MoveToFront(at)
		return
	}
	m.kept[id] = m.used.PushFront(doc)
	if m.used.Len() > m.room {
		last := m.used.Back()
		old, _ := m.used.Remove(last).(P).Identity()
		delete(m.kept, old)
	}
}
