package storage

import (
	"container/list"
	"context"
	"sync"
)

// Memory reads documents by id and keeps the last used ones decoded, for pages that many readers see. Before a kept document is given, the store is
// asked for its present version, or, where the engine can tell ([Pulser]), whether anything was written since that was asked last. So an answer is as
// fresh as [Collection.GetMany]'s, whichever program wrote last: what is saved is reading and decoding bodies. That an id has no document is kept only
// where the engine can tell.
//
// What it gives is shared by all readers, in this moment and later: nobody may change it or what it points to. It relies on versions that never come
// again, so it isn't for collections where an id may be deleted and inserted anew.
type Memory[T any, P pointer[T]] struct {
	from *Collection[T, P]
	room int

	mu   sync.Mutex               // guards what follows
	kept map[string]*list.Element // by id
	used *list.List               // of *keptDoc, the last used in front
}

// keptDoc is a document, or nil for its absence, with the engine's pulse before it was last known to be the present one.
type keptDoc[P any] struct {
	id    string
	doc   P
	pulse int64
	sure  bool // the engine has a pulse
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
	pulse, can := PulseOf(ctx, m.from.engine)
	out := make(map[string]P, len(ids))
	ask := ids
	if can {
		ask = m.unchanged(pulse, ids, out)
	}
	if len(ask) == 0 {
		return out, nil
	}
	var unknown []string
	q, err := m.from.spec.Checked(Where(In(KeyID, ask...)))
	if err != nil {
		return nil, err
	}
	q.Bare = true
	exist := make(map[string]bool, len(ask))
	err = m.from.engine.Find(ctx, m.from.spec, q, func(f Found) error {
		exist[f.ID] = true
		if doc := m.recall(f.ID, f.Version, pulse, can); doc != nil {
			out[f.ID] = doc
		} else {
			unknown = append(unknown, f.ID)
		}
		return nil
	})
	if err != nil {
		return out, err
	}
	for _, id := range ask {
		if can && !exist[id] {
			m.keep(&keptDoc[P]{id, nil, pulse, can})
		}
	}
	if len(unknown) == 0 {
		return out, nil
	}
	read, err := m.from.GetMany(ctx, unknown...)
	for id, doc := range read {
		m.keep(&keptDoc[P]{id, doc, pulse, can})
		out[id] = doc
	}
	return out, err
}

// unchanged puts the documents into out that are kept since this pulse, and gives the ids that must be asked for: not those known to be absent.
func (m *Memory[T, P]) unchanged(pulse int64, ids []string, out map[string]P) []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	var ask []string
	for _, id := range ids {
		if at := m.kept[id]; at != nil {
			if k := at.Value.(*keptDoc[P]); k.sure && k.pulse == pulse {
				if k.doc != nil {
					out[id] = k.doc
				}
				m.used.MoveToFront(at)
				continue
			}
		}
		ask = append(ask, id)
	}
	return ask
}

// recall gives a kept document if it has this version, else nil, and notes that it is still the present one.
func (m *Memory[T, P]) recall(id string, version, pulse int64, sure bool) P {
	m.mu.Lock()
	defer m.mu.Unlock()
	at := m.kept[id]
	if at == nil {
		return nil
	}
	k := at.Value.(*keptDoc[P])
	if k.doc == nil {
		return nil
	}
	if _, v := k.doc.Identity(); *v != version {
		return nil
	}
	k.pulse, k.sure = pulse, sure
	m.used.MoveToFront(at)
	return k.doc
}

// keep takes a document or its absence in; what was longest unused makes room.
func (m *Memory[T, P]) keep(k *keptDoc[P]) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if at := m.kept[k.id]; at != nil {
		at.Value = k
		m.used.MoveToFront(at)
		return
	}
	m.kept[k.id] = m.used.PushFront(k)
	if m.used.Len() > m.room {
		old := m.used.Remove(m.used.Back()).(*keptDoc[P])
		delete(m.kept, old.id)
	}
}
