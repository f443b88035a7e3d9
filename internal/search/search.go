// Package search finds places: the documents that are indexed, the questions that may be asked, how both are read, and the port that every engine
// keeps.
//
// Two engines stand behind [Engine]: embedded (in memory) and meili (a Meilisearch server). Both hold words and know no language: a [Lexicon], made of
// the trades and places of the reference data, turns documents into words ([Scribe]) and a question's text into an ordered list of [Reading]s, of which
// the first that finds something is the answer. Package searchtest holds the suite that both pass whole; what it doesn't demand is not promised.
// Package golden judges what is found.
//
// What is found:
//
//   - Words. A place answers a reading when it has each of its words, in any field of the reading's scope and in any language; the last word may also be
//     the beginning of one that is still being typed. Words are compared by their keys (package language), so spelling, script and Kazakh letters don't
//     matter; known words also by their other forms. Phrases of several words that name a trade are one word.
//   - Readings, in this order: an enterprise's name as typed; the words as typed, with the towns and regions in them as filters; the name with a
//     slip; without typing errors; as typed with another keyboard; the same in any field; unknown words as the nearest that places have; and with
//     fewer words, from the end, as long as a trade is left. Result.Reading says which one it was, [Query.Literally] undoes it.
//   - Filters. Values of one parameter are alternatives, parameters narrow each other.
//   - Facets. The counts of a group are those of the question without that group's own selection; a selected value that
//     finds nothing stays in the list with 0.
//   - Order. For relevance: how near the words of the reading stand (several words only; the embedded engine orders the best 1,000 so), then the field of
//     the match (reference, name of the trade, title, qualification, …), then whole words before beginnings, then the newest. Typing errors are mended
//     before, so exact and mended hits never mix. With another sort its value alone decides. What remains equal is ordered by id, so pages never overlap.
//   - Totals are exact.
//
// Limits: ten words of a question are used, 64 letters of a word. Engines hold words and values, not texts: who answers a reader
// takes the texts of a place from the store and marks the found words with [Lexicon.Mark].
package search

import (
	"context"
	"iter"
	"time"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/i18n"
)

// Document is one published place as search sees it. It holds nothing personal. Fields that are empty don't take part.
type Document struct {
	ID        string // the placement's id
	Reference string // "OR-7K2M9Q"; a question that is exactly this finds it first

	Title, Summary, Tasks i18n.Text
	Modules               []i18n.Text // names of the modules trained

	EnterpriseID, EnterpriseName string

	Specialty     Term // of the classifier; zero for university places
	Qualification Term // zero where only the specialty is known
	Programme     Term // university programme; zero for college places

	Regime    string // r50 | r361
	Level     string // worker | specialist | bachelor
	TimeModel string // block | parallel

	Workplaces []Workplace

	CompensationKind   string // none | monthly | total
	CompensationAmount int64  // tenge; a month's or the whole period's by kind

	WeeklyHours      int
	StartsOn, EndsOn cal.Day
	ApplyBy          cal.Day
	PublishedAt      time.Time

	Languages      []string // working languages: kk, ru, en
	Dormitory      bool
	Colleges       []string // ids of the colleges it is open to; none: open to every college
	MinAge         int
	Under18        bool // people under 18 may take it, as package placements judges age, hours and hazard
	OpenToCitizens bool
	Hazardous      bool

	Seats      int
	SeatsFree  int
	Applicants int // live applications

	Revision Revision // what of the store it was made of; nothing that is found
}

// Revision names the state of the store that a document was made of, so that an index can be compared with the store without reading places: the
// versions of the place and of the sheet of its seats.
type Revision struct{ Place, Sheet int64 }

// Term is an entry of a classifier: its code, its names, and other words it is known by.
type Term struct {
	Code     string
	Names    i18n.Text
	Synonyms []string
}

// Workplace is where the training happens.
type Workplace struct {
	Region      string    // KATO code
	RegionNames i18n.Text // official names
	City        string    // key of the city: the same string that Query.Cities carries (its Russian name)
	CityNames   i18n.Text
	Aliases     []string // old and everyday names of the city

	RegionAliases []string // those of the region
	Point         *Point   // nil: not known; such a workplace is never within a radius
}

// Point is a place on earth in degrees (WGS 84).
type Point struct{ Lat, Lon float64 }

// Paid reports whether money is promised.
func (d *Document) Paid() bool {
	return d.CompensationKind != "" && d.CompensationKind != "none" && d.CompensationAmount > 0
}

// MonthlyPay is the payment in tenge a month, which makes both kinds comparable for filter and sort: the whole
// sum is divided by the length of the period (in twelfths of 365 days, at least one month).
func (d *Document) MonthlyPay() int64 {
	if !d.Paid() {
		return 0
	}
	if d.CompensationKind != "total" || !d.StartsOn.Valid() || !d.EndsOn.Valid() {
		return d.CompensationAmount
	}
	days := int64(d.StartsOn.DaysUntil(d.EndsOn) + 1)
	if days*12 < 365 {
		return d.CompensationAmount
	}
	// The sum is whole tenge of people's pay, far below the 7e14 where this would overflow; a wild value is only capped.
	return min(d.CompensationAmount, 1<<46) * 365 / (days * 12)
}

// Engine is a search engine. All methods may be called in parallel. Each keeps to the deadline of its context; when the engine can't be
// reached or doesn't answer in time the error is Unavailable search_unavailable, never a wait beyond the deadline.
type Engine interface {
	// Name is "embedded" or "meilisearch", for logs and health pages.
	Name() string

	// Ready is nil when the engine answers and its index was built whole by this version of the program; else Unavailable with
	// search_unavailable (no answer) or search_not_built (call Rebuild; until then searches may be incomplete or fail).
	Ready(ctx context.Context) error

	// Put adds the documents or replaces those with the same id. When it returns nil the documents are visible to every search
	// that begins afterwards. When it fails, some may be; repeating it is safe. A write that the engine refused is
	// Internal search_write_failed.
	Put(ctx context.Context, docs []Document) error

	// Delete removes documents by id; ids that aren't there are no error. Visibility and errors as Put.
	Delete(ctx context.Context, ids []string) error

	// Search answers one question. A malformed question (see Query.Validate) is Invalid bad_request with every bad field.
	Search(ctx context.Context, q Query) (*Result, error)

	// Suggest completes what is being typed, only with what places on offer (with a free seat) have; empty for no letters.
	Suggest(ctx context.Context, q SuggestQuery) (Suggestions, error)

	// Rebuild makes a whole new index of docs and puts it in the place of the present one at once: searches before that see the old
	// index, later ones the new. Put and Delete may go on meanwhile through the same engine value and win over docs. When
	// several processes write, the caller must, after Rebuild, put (or delete) again what changed since it began. An error
	// of docs or of the engine leaves the present index. One Rebuild at a time; another waits its turn within its deadline.
	Rebuild(ctx context.Context, docs iter.Seq2[Document, error]) error

	// Count is the number of documents in the index.
	Count(ctx context.Context) (int, error)

	// Close frees what the engine holds. Nothing may be called afterwards.
	Close() error
}
