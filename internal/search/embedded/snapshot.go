package embedded

import (
	"io"
	"iter"
	"maps"
	"slices"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/search"
)

// Snapshot writes the whole index as it is at one moment. stamp says what else it depends on than the lexicon; [Engine.Restore] takes it with the
// same one only. Searches go on; writes wait while the parts that change in place are copied, some milliseconds at 100,000 places. Before the first
// Rebuild or Restore it is Unavailable search_not_built.
func (e *Engine) Snapshot(w io.Writer, stamp string) error {
	f, built := e.freeze()
	if !built {
		return errs.New(errs.Unavailable, "search_not_built")
	}
	return f.write(newSnapshotWriter(w), e.lexicon.Version(), stamp)
}

// Changes counts the changes of the index since the program began: while it stays the same, so does a snapshot.
func (e *Engine) Changes() uint64 {
	e.reading.RLock()
	defer e.reading.RUnlock()
	return e.changes
}

// Revisions gives the id and revision of every document as they are when the walk begins, in no order.
func (e *Engine) Revisions() iter.Seq2[string, search.Revision] {
	return func(yield func(string, search.Revision) bool) {
		e.reading.RLock()
		ids, revisions, live := e.index.ids, e.index.revisions, e.index.live.Clone()
		e.reading.RUnlock()
		for it := live.Iterator(); it.HasNext(); {
			if doc := it.Next(); !yield(ids[doc], revisions[doc]) {
				return
			}
		}
	}
}

// freeze gives the index as it is now, for one reader: writers of the index don't touch it. Most of it is lists that are only appended to, so their
// present length is enough; what is changed in place is copied.
func (e *Engine) freeze() (f *index, built bool) {
	e.writing.Lock()
	defer e.writing.Unlock()
	ix := e.index
	f = &index{
		lexicon: ix.lexicon, live: ix.live.Clone(),
		ids: ix.ids, references: ix.references, titles: ix.titles, revisions: ix.revisions, rows: ix.rows, published: ix.published,
		sites: ix.sites, siteEnds: ix.siteEnds, flow: ix.flow, flowEnds: ix.flowEnds,
		dict: dictionary{words: ix.dict.words, sorted: ix.dict.sorted, fresh: slices.Clone(ix.dict.fresh)},
		post: slices.Clone(ix.post), strong: slices.Clone(ix.strong), forms: slices.Clone(ix.forms),
		labels: map[search.Kind]map[string]*label{},
	}
	for _, c := range ix.columns {
		f.columns = append(f.columns, &column{values: c.values, of: c.of, lists: c.lists})
	}
	for _, c := range ix.seats {
		f.seats = append(f.seats, &column{values: c.values, of: c.of, lists: c.lists})
	}
	for k, labels := range ix.labels {
		f.labels[k] = make(map[string]*label, len(labels))
		for value, l := range labels {
			f.labels[k][value] = &label{names: l.names, words: l.words, docs: l.docs.Clone()}
		}
	}
	return f, e.built
}

// write writes a frozen index. Words get new numbers in the order of their letters, which spares the reader the sorting.
func (ix *index) write(w *snapshotWriter, lexicon, stamp string) error {
	ix.dict.settle(0)
	order := ix.dict.sorted
	renamed := make([]uint32, len(order))
	for at, id := range order {
		renamed[id] = uint32(at)
	}
	w.b = append(w.b, snapshotMagic...)
	w.number(snapshotFormat)
	w.text(lexicon)
	w.text(stamp)
	w.number(uint64(len(ix.ids)))
	w.number(uint64(len(order)))
	w.raw(w.b)
	w.b = w.b[:0]
	ix.writeWords(w, order, renamed)
	ix.writeDocs(w)
	ix.writePost(w, order)
	ix.writeFlow(w, renamed)
	ix.writeFacets(w)
	ix.writeLabels(w)
	return w.finish()
}

func (ix *index) writeWords(w *snapshotWriter, order, renamed []uint32) {
	w.begin(blockWords)
	for _, id := range order {
		strong := uint64(0)
		if ix.strong[id] {
			strong = 1
		}
		w.text(ix.dict.words[id])
		w.number(uint64(renamed[ix.forms[id]])<<1 | strong)
		w.entry()
	}
}

func (ix *index) writeDocs(w *snapshotWriter) {
	w.begin(blockTexts)
	for doc := range ix.ids {
		w.text(ix.ids[doc])
		w.text(ix.references[doc])
		w.names(ix.titles[doc])
		w.entry()
	}
	w.begin(blockRows)
	for doc := range uint32(len(ix.ids)) {
		alive := uint64(0)
		if ix.live.Contains(doc) {
			alive = 1
		}
		w.number(alive)
		r, from := &ix.rows[doc], ix.revisions[doc]
		w.signed(from.Place)
		w.signed(from.Sheet)
		w.signed(ix.published[doc])
		w.signed(r.pay)
		for _, n := range []int32{r.applyBy, r.startsOn, r.hours, r.applicants} {
			w.signed(int64(n))
		}
		sites := ix.sitesOf(doc)
		w.number(uint64(len(sites)))
		for _, s := range sites {
			w.float(s.point.Lat)
			w.float(s.point.Lon)
		}
		w.entry()
	}
}

func (ix *index) writePost(w *snapshotWriter, order []uint32) {
	w.begin(blockPost)
	type lists struct {
		first *uint32
		n     int
	}
	written := map[lists]int{} // which word, counted from 1, has the list
	for i, id := range order {
		list := &ix.post[id]
		own := lists{n: len(list.docs)}
		if own.n > 0 {
			own.first = &list.docs[0]
		}
		if at := written[own]; at > 0 {
			w.number(uint64(at))
		} else {
			written[own] = i + 1
			w.number(0)
			w.number(uint64(len(list.docs)))
			w.rising(list.docs)
		}
		if list.fields == nil {
			w.number(0)
			w.number(uint64(list.only))
		} else {
			w.number(1)
			for _, fields := range list.fields {
				w.number(uint64(fields))
			}
		}
		w.entry()
	}
}

// rising writes numbers that rise by what each adds to the one before.
func (w *snapshotWriter) rising(list []uint32) {
	last := uint32(0)
	for _, n := range list {
		w.number(uint64(n - last))
		last = n
	}
}

func (ix *index) writeFlow(w *snapshotWriter, renamed []uint32) {
	w.begin(blockFlow)
	for doc := range uint32(len(ix.ids)) {
		flow := ix.flowOf(doc)
		w.number(uint64(len(flow)))
		for _, id := range flow {
			if id == noWord {
				w.number(0)
				continue
			}
			w.number(uint64(renamed[id]) + 1)
		}
		w.entry()
	}
}

// allColumns are those of the facets and those of the seats.
func (ix *index) allColumns() []*column { return slices.Concat(ix.columns, ix.seats) }

func (ix *index) writeFacets(w *snapshotWriter) {
	columns := ix.allColumns()
	w.begin(blockValues)
	for _, c := range columns {
		w.number(uint64(len(c.values)))
		for _, v := range c.values {
			w.text(v)
		}
	}
	w.begin(blockFacets)
	for doc := range uint32(len(ix.ids)) {
		for _, c := range columns {
			list := c.valuesOf(doc)
			w.number(uint64(len(list)))
			for _, id := range list {
				w.number(uint64(id))
			}
		}
		w.entry()
	}
}

func (ix *index) writeLabels(w *snapshotWriter) {
	w.begin(blockLabels)
	for at, kind := range labelKinds() {
		for _, value := range slices.Sorted(maps.Keys(ix.labels[kind])) {
			l := ix.labels[kind][value]
			w.number(uint64(at))
			w.text(value)
			w.names(l.names)
			w.number(uint64(len(l.words)))
			for _, word := range l.words {
				w.text(word)
			}
			docs := l.docs.ToArray()
			w.number(uint64(len(docs)))
			w.rising(docs)
			w.entry()
		}
	}
}
