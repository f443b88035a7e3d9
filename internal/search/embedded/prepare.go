package embedded

import (
	"math"
	"strings"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/search"
)

// prepared is all that the index keeps of a document, made before any lock is taken.
type prepared struct {
	id, reference string
	title         i18n.Text
	revision      search.Revision
	words         []wordIn
	flow          []int32    // words of the fields where nearness counts, in their order, by their place in words; breakInFlow between texts
	facets        [][]string // by the order of search.Facets
	seats         [][]string // by the order of search.AllSeats
	labels        [][]search.Label
	points        []search.Point
	published     int64
	row           row
}

// wordIn is a word of a document with the fields it stands in, one bit each.
type wordIn struct {
	word   string
	fields fieldSet
	form   int32 // the place in words of the one that stands for its forms; its own for none
}

// fieldSet has bit n for search.Field n.
type fieldSet uint16

// row holds a document's numbers but for published.
type row struct {
	pay        int64
	applyBy    int32 // days since 1970, noDay for none
	startsOn   int32
	hours      int32 // 0 for not known
	applicants int32
}

// noDay sorts after every day and is in no period.
const noDay = math.MaxInt32

// preparer turns documents into what the index keeps of them; not for parallel use.
type preparer struct {
	scribe *search.Scribe
	seen   map[string]int
}

func newPreparer(l *search.Lexicon) *preparer {
	return &preparer{scribe: l.Scribe(), seen: map[string]int{}}
}

func (p *preparer) prepare(d *search.Document) *prepared {
	out := &prepared{
		id: strings.Clone(d.ID), reference: d.Reference, title: d.Title, revision: d.Revision, points: d.Points(),
		published: d.PublishedAt.UnixMilli(),
		row: row{
			pay: d.MonthlyPay(), applyBy: dayNumber(d.ApplyBy), startsOn: dayNumber(d.StartsOn),
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
		p.addField(out, f, p.scribe.Words(d, f))
	}
	return out
}

// addField enters the words of a field, and their order where nearness counts.
func (p *preparer) addField(out *prepared, f search.Field, words search.FieldWords) {
	for _, text := range words.Texts {
		near := flows(f) && len(text) > 1 // a word alone is near to none, and most everyday names are one
		for _, w := range text {
			at := p.add(out, f, w.Key)
			if w.Form != "" {
				out.words[at].form = int32(p.add(out, f, w.Form))
			}
			if near {
				out.flow = append(out.flow, int32(at))
			}
		}
		if near {
			out.flow = append(out.flow, breakInFlow)
		}
	}
	for _, phrase := range words.Phrases {
		p.add(out, f, phrase)
	}
}

// add enters a word and gives its place among the document's.
func (p *preparer) add(out *prepared, f search.Field, word string) int {
	at, ok := p.seen[word]
	if !ok {
		at = len(out.words)
		p.seen[word] = at
		out.words = append(out.words, wordIn{word: word, form: int32(at)})
	}
	out.words[at].fields |= 1 << f
	return at
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
