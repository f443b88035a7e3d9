package embedded

import (
	"math/bits"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/orynda/orynda/internal/search"
)

// hitMark is what one word of a question found in a document: the best field plus one, and whether the whole word is there.
type hitMark uint8

const (
	noHit     hitMark = 0
	wholeWord hitMark = 1 << 7
	fieldPart hitMark = wholeWord - 1
)

func markOf(fields fieldSet) hitMark { return hitMark(bits.TrailingZeros16(uint16(fields)) + 1) }

// matcher is the working memory of one question's words; it is used again for the next question.
type matcher struct {
	marks  [][]hitMark // by word of the question, by document
	having [][]uint64  // by n: the documents that have the first n+1 words, one bit each
	ran    int         // how many of the first words some document has together
}

// run finds the documents of each word and gives how many of the first words some document has together; it doesn't look further. Only the
// given fields count.
func (m *matcher) run(ix *index, words []search.Word, fields fieldSet) int {
	size := len(ix.ids)
	m.ran = 0
	for i, word := range words {
		marks, having := m.room(i, size)
		if id, ok := ix.dict.ids[word.Token]; ok {
			ix.markPostings(id, fields, marks, having, wholeWord)
		}
		if word.Prefix {
			ix.dict.beginning(word.Token, func(id uint32) { ix.markPostings(id, fields, marks, having, noHit) })
		}
		some := uint64(0)
		for j := range having {
			if i > 0 {
				having[j] &= m.having[i-1][j]
			}
			some |= having[j]
		}
		if some == 0 {
			break
		}
		m.ran = i + 1
	}
	return m.ran
}

// room gives cleared memory for a word.
func (m *matcher) room(i, size int) ([]hitMark, []uint64) {
	if i == len(m.marks) {
		m.marks, m.having = append(m.marks, nil), append(m.having, nil)
	}
	if cap(m.marks[i]) < size {
		m.marks[i], m.having[i] = make([]hitMark, size, size+size/8), make([]uint64, (size+63)/64, (size+size/8+64)/64)
	}
	m.marks[i], m.having[i] = m.marks[i][:size], m.having[i][:(size+63)/64]
	clear(m.marks[i])
	clear(m.having[i])
	return m.marks[i], m.having[i]
}

// markPostings notes the documents of one word; whole is wholeWord when it is the word asked for, else noHit.
func (ix *index) markPostings(id uint32, fields fieldSet, marks []hitMark, having []uint64, whole hitMark) {
	list := &ix.post[id]
	if list.fields == nil {
		if in := list.only & fields; in != 0 {
			markAll(list.docs, markOf(in), marks, having, whole)
		}
		return
	}
	for i, doc := range list.docs {
		if in := list.fields[i] & fields; in != 0 {
			markOne(doc, markOf(in), marks, having, whole)
		}
	}
}

func markAll(docs []uint32, mark hitMark, marks []hitMark, having []uint64, whole hitMark) {
	for _, doc := range docs {
		markOne(doc, mark, marks, having, whole)
	}
}

// markOne keeps the better of an old mark and a new one.
func markOne(doc uint32, mark hitMark, marks []hitMark, having []uint64, whole hitMark) {
	old := marks[doc]
	if part := old & fieldPart; part != 0 && part < mark {
		mark = part
	}
	marks[doc] = mark | old&wholeWord | whole
	having[doc>>6] |= 1 << (doc & 63)
}

// found gives the documents that have the first n words (at least one).
func (m *matcher) found(n int) *roaring.Bitmap { return roaring.FromDense(m.having[n-1], true) }

// worded keeps of a set the documents that have the first n words.
func (m *matcher) worded(set *roaring.Bitmap, n int) *roaring.Bitmap {
	if n > m.ran {
		return roaring.New()
	}
	return roaring.And(set, m.found(n))
}

// relevance ranks a document that has the first n words, less is better: the fields of its words decide, then how many are only beginnings.
func (m *matcher) relevance(n int, doc uint32) int64 {
	var fields, partial int64
	for i := range n {
		mark := m.marks[i][doc]
		fields += int64(mark & fieldPart)
		if mark&wholeWord == 0 {
			partial++
		}
	}
	return fields<<8 | partial
}
