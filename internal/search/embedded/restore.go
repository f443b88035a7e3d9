package embedded

import (
	"bufio"
	"context"
	"hash/crc32"
	"io"
	"math"
	"slices"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/orynda/orynda/internal/search"
)

// Restore puts the index that a snapshot holds in place of the present one: for a start, before anything else is written. It checks everything that a
// later search relies on, so that no file, whatever it holds, does harm. The errors: *SnapshotError for a snapshot that is damaged, cut off, or
// made with another lexicon, stamp or format; what r fails with; Unavailable search_unavailable when ctx ends. Then the present index is
// untouched.
func (e *Engine) Restore(ctx context.Context, r io.Reader, stamp string) error {
	fresh, err := restore(ctx, r, e.lexicon, stamp)
	if err != nil {
		return err
	}
	e.writing.Lock()
	defer e.writing.Unlock()
	e.reading.Lock()
	defer e.reading.Unlock()
	e.index, e.built = fresh, true
	e.changes++
	return nil
}

func restore(ctx context.Context, from io.Reader, l *search.Lexicon, stamp string) (*index, error) {
	r := &summedReader{from: bufio.NewReaderSize(from, 1<<16), sum: crc32.New(castagnoli()), used: make(chan []byte, 8)}
	docs, words, err := r.header(l.Version(), stamp)
	if err != nil {
		return nil, err
	}
	s := newRestorer(l, docs, words)
	if err := s.read(ctx, r); err != nil {
		return nil, err
	}
	if err := r.checksum(); err != nil {
		return nil, err
	}
	return s.finish()
}

// header reads what stands before the blocks.
func (r *summedReader) header(lexicon, stamp string) (docs, words int, err error) {
	magic, err := r.bytes(len(snapshotMagic))
	if err == nil && string(magic) != snapshotMagic {
		err = &SnapshotError{Why: "no snapshot of a search index"}
	}
	if err == nil {
		err = r.same("format", snapshotFormat)
	}
	if err == nil {
		err = r.sameText("lexicon", lexicon)
	}
	if err == nil {
		err = r.sameText("program", stamp)
	}
	if err == nil {
		docs, err = r.total()
	}
	if err == nil {
		words, err = r.total()
	}
	return docs, words, err
}

func (r *summedReader) same(what string, want uint64) error {
	have, err := r.number()
	if err == nil && have != want {
		err = &SnapshotError{Why: "made with another " + what}
	}
	return err
}

func (r *summedReader) sameText(what, want string) error {
	have, err := r.string()
	if err == nil && have != want {
		err = &SnapshotError{Why: "made with another " + what}
	}
	return err
}

// total reads how many documents or words there are; their numbers fit 32 bits.
func (r *summedReader) total() (int, error) {
	n, err := r.number()
	if err == nil && n >= math.MaxInt32 {
		err = damaged("a count")
	}
	return int(n), err
}

// restorer makes an index of blocks. The parts of an index don't touch each other before finish, so each is read by a goroutine of its own.
type restorer struct {
	ix          *index
	docs, words int // as the header promises
	columns     []*column
	valued      int      // columns whose values were read
	faceted     uint32   // documents whose facets were read
	list        []uint32 // of the last facets
	alive       []uint32 // documents
	docLists    slab[uint32]
	fieldLists  slab[fieldSet]
}

// These bound the room that is made for what the header promises; beyond it lists grow with what comes.
const (
	mostRoom  = 1 << 17 // documents
	mostWords = 1 << 18
)

func newRestorer(l *search.Lexicon, docs, words int) *restorer {
	ix, room := newIndex(l), min(docs, mostRoom)
	ix.ids, ix.references = make([]string, 0, room), make([]string, 0, room)
	ix.rows, ix.published, ix.revisions = make([]row, 0, room), make([]int64, 0, room), make([]search.Revision, 0, room)
	ix.flowEnds = make([]uint32, 0, room)
	ix.post = make([]postings, 0, min(words, mostWords))
	return &restorer{ix: ix, docs: docs, words: words, columns: ix.allColumns()}
}

// part is one goroutine's work: blocks of its kinds, in their order. end is called after the last one.
type part struct {
	kinds []byte
	entry func(b *block)
	end   func() (ok bool)
	in    chan *block
	bad   string
}

func (s *restorer) parts() []*part {
	ix := s.ix
	return []*part{
		{kinds: []byte{blockWords}, entry: s.word, end: s.endWords},
		{kinds: []byte{blockTexts}, entry: s.texts, end: func() bool { return len(ix.ids) == s.docs }},
		{kinds: []byte{blockRows}, entry: s.row, end: func() bool { return len(ix.rows) == s.docs }},
		{kinds: []byte{blockPost}, entry: s.post, end: func() bool { return len(ix.post) == s.words }},
		{kinds: []byte{blockFlow}, entry: s.flow, end: func() bool { return len(ix.flowEnds) == s.docs }},
		{kinds: []byte{blockValues, blockFacets}, entry: s.facets, end: func() bool { return s.valued == len(s.columns) && int(s.faceted) == s.docs }},
		{kinds: []byte{blockLabels}, entry: s.label, end: func() bool { return true }},
	}
}

// run reads the part's blocks. After a bad one the rest is passed over.
func (p *part) run(r *summedReader) {
	for b := range p.in {
		for p.bad == "" && b.more() {
			p.entry(b)
		}
		if p.bad == "" {
			p.bad = b.bad
		}
		r.again(b)
	}
	if p.bad == "" && !p.end() {
		p.bad = "entries are missing"
	}
}

// read hands the blocks to the parts and waits for them.
func (s *restorer) read(ctx context.Context, r *summedReader) error {
	parts, to := s.parts(), [blockKinds]*part{}
	var all sync.WaitGroup
	for _, p := range parts {
		p.in = make(chan *block, 2)
		for _, kind := range p.kinds {
			to[kind] = p
		}
		all.Go(func() { p.run(r) })
	}
	err := hand(ctx, r, to)
	for _, p := range parts {
		close(p.in)
	}
	all.Wait()
	for _, p := range parts {
		if err == nil && p.bad != "" {
			err = damaged(p.bad)
		}
	}
	return err
}

func hand(ctx context.Context, r *summedReader, to [blockKinds]*part) error {
	for {
		b, err := r.next()
		if err == nil {
			err = late(ctx)
		}
		if err != nil || b.kind == blockEnd {
			return err
		}
		to[b.kind].in <- b
	}
}

// finish joins the parts.
func (s *restorer) finish() (*index, error) {
	ix := s.ix
	ix.flow = slices.Clip(slices.Clone(ix.flow)) // it grew, and may be larger by a quarter than what it holds
	ix.live.AddMany(s.alive)
	ix.numbers = make(map[string]uint32, len(s.alive))
	for _, doc := range s.alive {
		ix.numbers[ix.ids[doc]] = doc
	}
	if len(ix.numbers) != len(s.alive) {
		return nil, damaged("an id stands twice")
	}
	return ix, nil
}

func (s *restorer) word(b *block) {
	d := &s.ix.dict
	word := b.string()
	form := b.number()
	if len(d.words) > 0 && word <= d.words[len(d.words)-1] || word == "" || form>>1 >= uint64(s.words) || len(d.words) == s.words {
		b.fail("a word")
		return
	}
	d.sorted = append(d.sorted, uint32(len(d.words)))
	d.words = append(d.words, word)
	s.ix.forms, s.ix.strong = append(s.ix.forms, uint32(form>>1)), append(s.ix.strong, false)
	if form&1 == 1 {
		s.ix.strengthen(uint32(len(d.words) - 1))
	}
}

func (s *restorer) endWords() bool {
	d := &s.ix.dict
	d.ids = make(map[string]uint32, len(d.words))
	for id, word := range d.words {
		d.ids[word] = uint32(id)
	}
	return len(d.words) == s.words
}

func (s *restorer) texts(b *block) {
	ix := s.ix
	ix.ids, ix.references, ix.titles = append(ix.ids, b.string()), append(ix.references, b.string()), append(ix.titles, b.names())
}

func (s *restorer) row(b *block) {
	ix, doc := s.ix, uint32(len(s.ix.rows))
	if b.below(2, "a document") == 1 {
		s.alive = append(s.alive, doc)
	}
	ix.revisions = append(ix.revisions, search.Revision{Place: b.signed(), Sheet: b.signed()})
	ix.published = append(ix.published, b.signed())
	ix.rows = append(ix.rows, row{
		pay: b.signed(), applyBy: b.int32(), startsOn: b.int32(), hours: b.int32(), applicants: b.int32(),
	})
	for range b.count() {
		p := search.Point{Lat: b.float(), Lon: b.float()}
		if !(math.Abs(p.Lat) <= 90 && math.Abs(p.Lon) <= 180) { // no number fails every comparison
			b.fail("a point")
			return
		}
		ix.sites = append(ix.sites, newSite(p, doc))
	}
	ix.siteEnds = append(ix.siteEnds, uint32(len(ix.sites)))
}

func (s *restorer) post(b *block) {
	var list postings
	if at := b.below(len(s.ix.post)+1, "a word"); at > 0 {
		list.docs = slices.Clip(s.ix.post[at-1].docs)
	} else {
		list.docs = s.docLists.take(b.count())
		s.rising(b, list.docs)
	}
	if b.below(2, "a word") == 1 {
		if len(list.docs) > len(b.b)-b.at { // each takes a byte at least
			b.fail("a word")
			return
		}
		list.fields = s.fieldLists.take(len(list.docs))
		for i := range list.fields {
			list.fields[i] = fieldsIn(b)
		}
	} else {
		list.only = fieldsIn(b)
	}
	s.ix.post = append(s.ix.post, list)
}

func fieldsIn(b *block) fieldSet { return fieldSet(b.below(1<<search.FieldCount, "a field")) }

// rising reads documents in their order.
func (s *restorer) rising(b *block, into []uint32) {
	next := uint64(0) // the least that may come
	for i := range into {
		n := b.number()
		if i > 0 {
			n--
		}
		next += n
		if n >= uint64(s.docs) || next >= uint64(s.docs) {
			b.fail("a document")
			return
		}
		into[i] = uint32(next)
		next++
	}
}

func (s *restorer) flow(b *block) {
	for range b.count() {
		at := b.below(s.words+1, "a word of a document")
		s.ix.flow = append(s.ix.flow, at-1) // 0 becomes noWord
	}
	s.ix.flowEnds = append(s.ix.flowEnds, uint32(len(s.ix.flow)))
}

func (s *restorer) facets(b *block) {
	if b.kind == blockValues {
		s.values(b)
		return
	}
	if s.valued < len(s.columns) {
		b.fail("facets without values")
		return
	}
	for _, c := range s.columns {
		s.list = s.list[:0]
		for range b.count() {
			s.list = append(s.list, b.below(len(c.values), "a value"))
		}
		if b.bad != "" {
			return
		}
		c.addNumbers(s.faceted, s.list)
	}
	s.faceted++
}

func (s *restorer) values(b *block) {
	if s.valued == len(s.columns) {
		b.fail("a column")
		return
	}
	c := s.columns[s.valued]
	for n := range b.count() {
		if c.intern(b.string()) != uint32(n) {
			b.fail("a value stands twice")
			return
		}
	}
	s.valued++
}

func (s *restorer) label(b *block) {
	kinds := labelKinds()
	kind := kinds[b.below(len(kinds), "a label")]
	value := b.string()
	l := &label{names: b.names(), words: make([]string, b.count()), docs: roaring.New()}
	for i := range l.words {
		l.words[i] = b.string()
	}
	docs := make([]uint32, b.count())
	s.rising(b, docs)
	if s.ix.labels[kind][value] != nil {
		b.fail("a label stands twice")
	}
	if b.bad == "" {
		l.docs.AddMany(docs)
		s.ix.labels[kind][value] = l
	}
}

// slab gives room for many short lists at once; long ones get their own, so that it can be freed when such a list has moved.
type slab[T any] struct{ free []T }

const (
	slabSize = 1 << 14
	slabList = 64
)

func (s *slab[T]) take(n int) []T {
	if n >= slabList {
		return make([]T, n)
	}
	if len(s.free) < n {
		s.free = make([]T, slabSize)
	}
	out := s.free[:n:n]
	s.free = s.free[n:]
	return out
}
