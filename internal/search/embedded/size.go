package embedded

import (
	"reflect"

	"github.com/orynda/orynda/internal/i18n"
)

// Size is what an index holds.
type Size struct {
	Places int   // living documents
	Dead   int   // replaced or deleted documents that wait for compaction
	Words  int   // different words
	Bytes  int64 // memory, counted up from its lists; for maps what they take on average
}

// Size measures the index: for logs and metrics. It looks at every word's list, some milliseconds at 100,000 places, while writes wait.
func (e *Engine) Size() Size {
	e.writing.Lock()
	defer e.writing.Unlock()
	ix := e.index
	return Size{Places: len(ix.numbers), Dead: len(ix.ids) - len(ix.numbers), Words: len(ix.dict.words), Bytes: ix.bytes()}
}

// perEntry is what a map takes for an entry beside key and value: control bytes and free room, at the load of 7/8 to 7/16 between two growths.
const perEntry = 12

func sizeOf[T any]() int64 { return int64(reflect.TypeFor[T]().Size()) }

// listBytes is the memory of a list.
func listBytes[T any](list []T) int64 {
	return int64(cap(list)) * sizeOf[T]()
}

func textBytes(texts ...string) int64 {
	n := int64(0)
	for _, t := range texts {
		n += int64(len(t))
	}
	return n
}

func namesBytes(t i18n.Text) int64 { return textBytes(t.KK, t.RU, t.EN) }

// bytes counts the memory of an index up. Titles that repeat each other share memory when they were read together, so it is rather too much.
func (ix *index) bytes() int64 {
	sum := textBytes(ix.ids...) + textBytes(ix.references...) + textBytes(ix.dict.words...)
	for _, t := range ix.titles {
		sum += namesBytes(t)
	}
	sum += listBytes(ix.ids) + listBytes(ix.references) + listBytes(ix.titles) + listBytes(ix.revisions) + listBytes(ix.rows) + listBytes(ix.published) + listBytes(ix.sites) +
		listBytes(ix.siteEnds) + listBytes(ix.flow) + listBytes(ix.flowEnds) + listBytes(ix.post) + listBytes(ix.strong) + listBytes(ix.forms) +
		listBytes(ix.dict.words) + listBytes(ix.dict.sorted)
	for _, w := range ix.widths {
		sum += listBytes(w.ids) + listBytes(w.text)
	}
	counted := map[*uint32]bool{} // lists that words share
	for i := range ix.post {
		p := &ix.post[i]
		if len(p.docs) > 0 && !counted[&p.docs[0]] {
			counted[&p.docs[0]] = true
			sum += listBytes(p.docs)
		}
		sum += listBytes(p.fields)
	}
	for _, columns := range [][]*column{ix.columns, ix.seats} {
		for _, c := range columns {
			sum += c.bytes()
		}
	}
	for _, labels := range ix.labels {
		for value, l := range labels {
			sum += textBytes(value) + namesBytes(l.names) + textBytes(l.words...) + listBytes(l.words) + int64(l.docs.GetSizeInBytes()) + sizeOf[label]()
		}
	}
	entry := sizeOf[string]() + sizeOf[uint32]() + perEntry // ids and words lead to their numbers
	return sum + entry*int64(len(ix.ids)+len(ix.dict.words))
}

func (c *column) bytes() int64 {
	entry := sizeOf[string]() + sizeOf[uint32]() + perEntry
	sum := listBytes(c.of) + textBytes(c.values...) + listBytes(c.lists) + entry*int64(len(c.ids)+len(c.known))
	for _, docs := range c.docs {
		sum += int64(docs.GetSizeInBytes())
	}
	for _, list := range c.lists {
		sum += 2 * listBytes(list) // with its key
	}
	return sum
}
