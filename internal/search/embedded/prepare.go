package embedded

import (
	"math"
	"strings"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/fold"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/search"
)

// prepared is all that the index keeps of a document, made before any lock is taken.
type prepared struct {
	id, reference string
	title         i18n.Text
	words         []wordIn
	facets        [][]string // by the order of search.Facets
	seats         [][]string // by the order of search.AllSeats
	labels        [][]search.Label
	points        []search.Point
	row           row
}

// wordIn is a word of a document with the fields it stands in, one bit each.
type wordIn struct {
	word   string
	fields fieldSet
}

// fieldSet has bit n for search.Field n.
type fieldSet uint16

// row holds a document's numbers.
type row struct {
	published  int64 // milliseconds
	pay        int64
	applyBy    int32 // days since 1970, noDay for none
	startsOn   int32
	hours      int32 // 0 for not known
	applicants int32
}

// noDay sorts after every day and is in no period.
const noDay = math.MaxInt32

// preparer folds documents. It remembers the words it folded, because the same ones come again and again; not for parallel use.
type preparer struct {
	folded map[string]string
	seen   map[string]int
}

// maxRemembered bounds a preparer's memory to a few megabytes.
const maxRemembered = 1 << 16

func newPreparer() *preparer {
	return &preparer{folded: map[string]string{}, seen: map[string]int{}}
}

func (p *preparer) prepare(d *search.Document) *prepared {
	out := &prepared{
		id: strings.Clone(d.ID), reference: d.Reference, title: d.Title, points: d.Points(),
		row: row{
			published: d.PublishedAt.UnixMilli(), pay: d.MonthlyPay(), applyBy: dayNumber(d.ApplyBy), startsOn: dayNumber(d.StartsOn),
			hours: int32(min(max(d.WeeklyHours, 0), math.MaxInt32)), applicants: int32(min(max(d.Applicants, 0), math.MaxInt32)),
		},
	}
	for _, f := range search.Facets() {
		out.facets = append(out.facets, d.FacetValues(f))
	}
	for _, s := range search.AllSeats() {
		out.seats = append(out.seats, d.SeatValues(s))
	}
	for _, k := range labelKinds() {
		out.labels = append(out.labels, d.Labels(k))
	}
	clear(p.seen)
	for f := range search.FieldCount {
		for _, text := range d.FieldTexts(f) {
			p.addText(out, f, text)
		}
	}
	return out
}

func (p *preparer) addText(out *prepared, f search.Field, text string) {
	for raw := range fold.Raw(text) {
		word := p.word(raw)
		if word == "" {
			continue
		}
		at, ok := p.seen[word]
		if !ok {
			at = len(out.words)
			p.seen[word] = at
			out.words = append(out.words, wordIn{word: word})
		}
		out.words[at].fields |= 1 << f
	}
}

// word folds with memory. Keys and values are copied, so that no document's text is kept alive by them.
func (p *preparer) word(raw string) string {
	if w, ok := p.folded[raw]; ok {
		return w
	}
	if len(p.folded) >= maxRemembered {
		clear(p.folded)
	}
	raw = strings.Clone(raw)
	w := strings.Clone(fold.Word(raw))
	p.folded[raw] = w
	return w
}

// dayNumber counts days since 1970.
func dayNumber(d cal.Day) int32 {
	if !d.Valid() {
		return noDay
	}
	return int32(cal.Day("1970-01-01").DaysUntil(d))
}

func labelKinds() []search.Kind {
	return []search.Kind{search.KindQualification, search.KindSpecialty, search.KindProgramme, search.KindCity, search.KindRegion,
		search.KindEnterprise}
}
