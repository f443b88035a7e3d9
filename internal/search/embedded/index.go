package embedded

import (
	"math"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/search"
)

// index is the data of the engine. A changed document is a new one and its old number is dead; numbers only rise, so every
// list of documents is in order by being appended to.
type index struct {
	lexicon *search.Lexicon
	numbers map[string]uint32 // id → number of the living document
	live    *roaring.Bitmap

	ids        []string // by number, as are the following
	references []string
	titles     []i18n.Text
	revisions  []search.Revision
	rows       []row
	published  []int64  // milliseconds; apart from the rows, because most orders need nothing else of them
	sites      []site   // of all documents, in their order
	siteEnds   []uint32 // where a document's sites end; they begin where those of the one before end
	flow       []uint32 // words of all documents in their order, for nearness
	flowEnds   []uint32

	dict    dictionary
	post    []postings    // by word
	strong  []bool        // by word: it stands, or stood, in one of the strong fields
	widths  map[int]*wide // those words by their length in bytes
	forms   []uint32      // by word: the one that stands for its forms, as it was last met
	columns []*column     // by the order of search.Facets
	seats   []*column     // by the order of search.AllSeats
	labels  map[search.Kind]map[string]*label
}

// postings are the documents a word stands in, with its fields there. Most words stand in the same fields everywhere, and then they are kept once.
type postings struct {
	docs   []uint32
	fields []fieldSet // by document; nil while it is only for all
	only   fieldSet
}

// add appends a document.
func (p *postings) add(doc uint32, in fieldSet) {
	switch {
	case len(p.docs) == 0:
		p.only = in
	case p.fields == nil && in != p.only:
		p.fields = slices.Repeat([]fieldSet{p.only}, len(p.docs))
	}
	p.docs = append(p.docs, doc)
	if p.fields != nil {
		p.fields = append(p.fields, in)
	}
}

// in gives the fields at the i-th document.
func (p *postings) in(i int) fieldSet {
	if p.fields == nil {
		return p.only
	}
	return p.fields[i]
}

// site is a workplace's point, also as a point of the unit sphere: comparing chords is much cheaper than arcs.
type site struct {
	point   search.Point
	x, y, z float64
	doc     uint32
}

// label is a thing to suggest, with the words it answers to.
type label struct {
	names i18n.Text
	words []string
	docs  *roaring.Bitmap
}

func newIndex(l *search.Lexicon) *index {
	ix := &index{lexicon: l, widths: map[int]*wide{}, numbers: map[string]uint32{}, live: roaring.New(), dict: newDictionary(), labels: map[search.Kind]map[string]*label{}}
	for range search.Facets() {
		ix.columns = append(ix.columns, newColumn())
	}
	for range search.AllSeats() {
		ix.seats = append(ix.seats, newColumn())
	}
	for _, k := range labelKinds() {
		ix.labels[k] = map[string]*label{}
	}
	return ix
}

// put adds a document or replaces the one with its id.
func (ix *index) put(p *prepared) {
	ix.remove(p.id)
	doc := uint32(len(ix.ids))
	ix.numbers[p.id] = doc
	ix.live.Add(doc)
	ix.ids = append(ix.ids, p.id)
	ix.references = append(ix.references, p.reference)
	ix.titles = append(ix.titles, p.title)
	ix.revisions = append(ix.revisions, p.revision)
	ix.rows = append(ix.rows, p.row)
	ix.published = append(ix.published, p.published)
	for _, at := range p.points {
		ix.sites = append(ix.sites, newSite(at, doc))
	}
	ix.siteEnds = append(ix.siteEnds, uint32(len(ix.sites)))
	ix.enterWords(p, doc)
	for i, values := range p.facets {
		ix.columns[i].add(doc, values)
	}
	for i, values := range p.seats {
		ix.seats[i].add(doc, values)
	}
	for i, k := range labelKinds() {
		for _, l := range p.labels[i] {
			ix.addLabel(k, l, doc)
		}
	}
}

// wide are words of one length, one behind the other, so that comparing one with all of them reads memory in its order.
type wide struct {
	ids  []uint32
	text []byte
}

// strengthen notes that a word stands in one of the strong fields.
func (ix *index) strengthen(id uint32) {
	if !ix.strong[id] {
		ix.strong[id] = true
		word := ix.dict.words[id]
		have := ix.widths[len(word)]
		if have == nil {
			have = &wide{}
			ix.widths[len(word)] = have
		}
		have.ids, have.text = append(have.ids, id), append(have.text, word...)
	}
}

// enterWords notes in which fields a document has its words, and their order.
func (ix *index) enterWords(p *prepared, doc uint32) {
	numbers := make([]uint32, len(p.words))
	for i, w := range p.words {
		id := ix.dict.intern(w.word)
		if int(id) == len(ix.post) {
			ix.post, ix.strong, ix.forms = append(ix.post, postings{}), append(ix.strong, false), append(ix.forms, id)
		}
		ix.post[id].add(doc, w.fields)
		if w.fields&strongFields != 0 {
			ix.strengthen(id)
		}
		numbers[i] = id
	}
	for i, w := range p.words {
		if int(w.form) != i {
			ix.forms[numbers[i]] = numbers[w.form]
		}
	}
	for _, at := range p.flow {
		word := uint32(noWord)
		if at != breakInFlow {
			word = numbers[at]
		}
		ix.flow = append(ix.flow, word)
	}
	ix.flowEnds = append(ix.flowEnds, uint32(len(ix.flow)))
}

func (ix *index) addLabel(k search.Kind, l search.Label, doc uint32) {
	have, ok := ix.labels[k][l.Value]
	if !ok {
		have = &label{docs: roaring.New()}
		ix.labels[k][l.Value] = have
	}
	if have.names != l.Names || have.words == nil { // the newest name wins
		have.names, have.words = l.Names, ix.lexicon.LabelWords(l)
	}
	have.docs.Add(doc)
}

// remove kills a document; false when there is none.
func (ix *index) remove(id string) bool {
	doc, ok := ix.numbers[id]
	if ok {
		delete(ix.numbers, id)
		ix.live.Remove(doc)
	}
	return ok
}

// Compaction begins when there are many dead documents, in themselves and beside the living.
const (
	minDead  = 1000
	deadPart = 4 // one in so many of all
)

func (ix *index) wantsCompaction() bool {
	dead := len(ix.ids) - len(ix.numbers)
	return dead > minDead && dead > len(ix.ids)/deadPart
}

// compacted gives the same index without the dead. It only reads.
func (ix *index) compacted() *index {
	out := newIndex(ix.lexicon)
	renumber := make([]uint32, len(ix.ids))
	for i := range renumber {
		renumber[i] = math.MaxUint32
	}
	for it := ix.live.Iterator(); it.HasNext(); {
		old := it.Next()
		doc := uint32(len(out.ids))
		renumber[old] = doc
		out.numbers[ix.ids[old]] = doc
		out.live.Add(doc)
		out.ids = append(out.ids, ix.ids[old])
		out.references = append(out.references, ix.references[old])
		out.titles = append(out.titles, ix.titles[old])
		out.revisions = append(out.revisions, ix.revisions[old])
		out.rows = append(out.rows, ix.rows[old])
		out.published = append(out.published, ix.published[old])
		for _, s := range ix.sitesOf(old) {
			s.doc = doc
			out.sites = append(out.sites, s)
		}
		out.siteEnds = append(out.siteEnds, uint32(len(out.sites)))
		for i, c := range ix.columns {
			out.columns[i].add(doc, c.names(old))
		}
		for i, c := range ix.seats {
			out.seats[i].add(doc, c.names(old))
		}
	}
	words := ix.compactWords(out, renumber)
	ix.compactFlow(out, words)
	ix.compactLabels(out, renumber)
	out.trim()
	return out
}

// compactWords gives the new number of each word, noWord for those that nothing has any more.
func (ix *index) compactWords(out *index, renumber []uint32) []uint32 {
	words := make([]uint32, len(ix.post))
	for id := range ix.post {
		var kept postings
		for i, old := range ix.post[id].docs {
			if doc := renumber[old]; doc != math.MaxUint32 {
				kept.add(doc, ix.post[id].in(i))
			}
		}
		words[id] = noWord
		if len(kept.docs) > 0 {
			words[id] = out.dict.intern(ix.dict.words[id])
			out.post, out.strong, out.forms = append(out.post, kept), append(out.strong, false), append(out.forms, words[id])
			if ix.strong[id] {
				out.strengthen(words[id])
			}
		}
	}
	for id, form := range ix.forms {
		if words[id] != noWord && words[form] != noWord {
			out.forms[words[id]] = words[form]
		}
	}
	out.dict.settle(0)
	return words
}

func (ix *index) compactFlow(out *index, words []uint32) {
	for it := ix.live.Iterator(); it.HasNext(); {
		for _, id := range ix.flowOf(it.Next()) {
			if id != noWord {
				id = words[id]
			}
			out.flow = append(out.flow, id)
		}
		out.flowEnds = append(out.flowEnds, uint32(len(out.flow)))
	}
}

func (ix *index) compactLabels(out *index, renumber []uint32) {
	for k, labels := range ix.labels {
		for value, l := range labels {
			docs := roaring.New()
			for it := l.docs.Iterator(); it.HasNext(); {
				if doc := renumber[it.Next()]; doc != math.MaxUint32 {
					docs.Add(doc)
				}
			}
			if !docs.IsEmpty() {
				out.labels[k][value] = &label{names: l.names, words: l.words, docs: docs}
			}
		}
	}
}

// names gives a document's values.
func (c *column) names(doc uint32) []string {
	var out []string
	for _, id := range c.valuesOf(doc) {
		out = append(out, c.values[id])
	}
	return out
}

// sitesOf gives a document's sites.
func (ix *index) sitesOf(doc uint32) []site {
	start := uint32(0)
	if doc > 0 {
		start = ix.siteEnds[doc-1]
	}
	return ix.sites[start:ix.siteEnds[doc]]
}

func newSite(p search.Point, doc uint32) site {
	lat, lon := p.Lat*math.Pi/180, p.Lon*math.Pi/180
	return site{point: p, x: math.Cos(lat) * math.Cos(lon), y: math.Cos(lat) * math.Sin(lon), z: math.Sin(lat), doc: doc}
}

// chord is the squared straight distance on the unit sphere; it grows with the arc.
func (s site) chord(o site) float64 {
	dx, dy, dz := s.x-o.x, s.y-o.y, s.z-o.z
	return dx*dx + dy*dy + dz*dz
}

// nearest is the least chord to a document's sites, infinite when it has none.
func (ix *index) nearest(from site, doc uint32) float64 {
	best := math.Inf(1)
	for _, s := range ix.sitesOf(doc) {
		best = min(best, from.chord(s))
	}
	return best
}
