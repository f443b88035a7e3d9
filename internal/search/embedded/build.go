package embedded

import (
	"context"
	"iter"
	"runtime"
	"slices"
	"sync"

	"github.com/orynda/orynda/internal/search"
)

// journal is what was written while a rebuild ran: per id the last document, nil for a deletion.
type journal struct {
	last  map[string]*prepared
	order []string
}

func newJournal() *journal { return &journal{last: map[string]*prepared{}} }

func (j *journal) put(p *prepared) { j.note(p.id, p) }

func (j *journal) remove(id string) { j.note(id, nil) }

func (j *journal) note(id string, p *prepared) {
	if _, ok := j.last[id]; !ok {
		j.order = append(j.order, id)
	}
	j.last[id] = p
}

func (j *journal) replay(ix *index) {
	for _, id := range j.order {
		if p := j.last[id]; p != nil {
			ix.put(p)
		} else {
			ix.remove(id)
		}
	}
}

// buildBatch is how many documents go from hand to hand at once.
const buildBatch = 128

// build makes an index of all documents. Folding, the larger part of the work, runs on all cores; one goroutine enters.
func build(ctx context.Context, l *search.Lexicon, docs iter.Seq2[search.Document, error]) (*index, error) {
	raw, done := make(chan []search.Document, 4), make(chan []*prepared, 4)
	var readErr error
	go func() {
		defer close(raw)
		readErr = feed(ctx, docs, raw)
	}()
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			p := newPreparer(l)
			for batch := range raw {
				out := make([]*prepared, 0, len(batch))
				for i := range batch {
					out = append(out, p.prepare(&batch[i]))
				}
				done <- out
			}
		})
	}
	go func() {
		workers.Wait()
		close(done)
	}()
	ix := newIndex(l)
	for batch := range done {
		for _, p := range batch {
			ix.put(p)
		}
	}
	ix.dict.settle(0)
	// done is closed after raw, and raw after readErr is set.
	if readErr != nil {
		return nil, readErr
	}
	ix.trim()
	return ix, nil
}

// feed reads the documents in batches until they end or fail or the context ends.
func feed(ctx context.Context, docs iter.Seq2[search.Document, error], out chan<- []search.Document) error {
	batch := make([]search.Document, 0, buildBatch)
	for d, err := range docs {
		if err != nil {
			return err
		}
		if batch = append(batch, d); len(batch) < buildBatch {
			continue
		}
		if err := late(ctx); err != nil {
			return err
		}
		out <- batch
		batch = make([]search.Document, 0, buildBatch)
	}
	out <- batch
	return late(ctx)
}

// trim gives back the room that growing lists keep in reserve, a quarter of the index, and lets words that stand in the same documents share one list,
// as all phrases of a trade do. Whoever appends to a shared list copies it.
func (ix *index) trim() {
	known := map[uint64][][]uint32{}
	for i := range ix.post {
		ix.post[i].docs = shared(ix.post[i].docs, known)
		ix.post[i].fields = slices.Clip(slices.Clone(ix.post[i].fields))
	}
	ix.flow = slices.Clip(slices.Clone(ix.flow))
}

// leastShared is how long a list must be for the search of an equal one to pay.
const leastShared = 4

// shared gives an equal list that is known, else a copy without reserve, which is known from now on.
func shared(docs []uint32, known map[uint64][][]uint32) []uint32 {
	if len(docs) < leastShared {
		return slices.Clip(slices.Clone(docs))
	}
	sum := uint64(len(docs))
	for _, doc := range docs {
		sum = (sum ^ uint64(doc)) * 0x9E3779B97F4A7C15
		sum ^= sum >> 29
	}
	for _, have := range known[sum] {
		if slices.Equal(have, docs) {
			return have
		}
	}
	own := slices.Clip(slices.Clone(docs))
	known[sum] = append(known[sum], own)
	return own
}
