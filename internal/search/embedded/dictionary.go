package embedded

import (
	"cmp"
	"slices"
	"strings"
)

// dictionary numbers the words of an index and finds those that begin with some letters.
type dictionary struct {
	ids    map[string]uint32
	words  []string
	sorted []uint32 // by word, without the fresh ones
	fresh  []uint32 // not yet sorted in
}

// maxFresh bounds what a question has to look through beside the sorted words.
const maxFresh = 512

func newDictionary() dictionary { return dictionary{ids: map[string]uint32{}} }

// intern gives a word's number, a new one for a new word.
func (d *dictionary) intern(word string) uint32 {
	if id, ok := d.ids[word]; ok {
		return id
	}
	id := uint32(len(d.words))
	d.ids[word] = id
	d.words = append(d.words, word)
	d.fresh = append(d.fresh, id)
	return id
}

// settle sorts the fresh words in when there are many.
func (d *dictionary) settle(limit int) {
	if len(d.fresh) <= limit {
		return
	}
	byWord := func(a, b uint32) int { return strings.Compare(d.words[a], d.words[b]) }
	slices.SortFunc(d.fresh, byWord)
	merged := make([]uint32, 0, len(d.sorted)+len(d.fresh))
	i, j := 0, 0
	for i < len(d.sorted) && j < len(d.fresh) {
		if byWord(d.sorted[i], d.fresh[j]) < 0 {
			merged = append(merged, d.sorted[i])
			i++
		} else {
			merged = append(merged, d.fresh[j])
			j++
		}
	}
	d.sorted = append(append(merged, d.sorted[i:]...), d.fresh[j:]...)
	d.fresh = d.fresh[:0]
}

// beginning calls with each word that is longer than the prefix and begins with it.
func (d *dictionary) beginning(prefix string, each func(id uint32)) {
	at, _ := slices.BinarySearchFunc(d.sorted, prefix, func(id uint32, p string) int { return cmp.Compare(d.words[id], p) })
	for ; at < len(d.sorted); at++ {
		w := d.words[d.sorted[at]]
		if !strings.HasPrefix(w, prefix) {
			break
		}
		if len(w) > len(prefix) {
			each(d.sorted[at])
		}
	}
	for _, id := range d.fresh {
		if w := d.words[id]; len(w) > len(prefix) && strings.HasPrefix(w, prefix) {
			each(id)
		}
	}
}
