package asking

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/finding"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/storage"
)

// The bounds of what waits and of what is kept.
const (
	mostPending = 8192   // questions in memory
	mostRows    = 50_000 // rows that one copy of the program writes a day
	flushEvery  = 10 * time.Second
	settle      = 5 * time.Second // how long a text may still grow
	writeBatch  = 200
)

// Deps is what a service needs.
type Deps struct {
	DB        storage.Engine
	Clock     cal.Clock // of the rules: it dates the questions
	Policy    accounts.Policy
	Log       *slog.Logger
	Reference *directory.Reference
	Catalogue *i18n.Catalogue
	Dropped   func(n int) // is told of questions that aren't kept; it may be nil
}

// Service keeps the log of questions. Make it with [New]; its methods are safe for parallel use.
type Service struct {
	d    Deps
	rows *storage.Collection[Row, *Row]

	mu      sync.Mutex
	pending []question
	lost    int

	writing sync.Mutex // held by the one flush at a time
	day     cal.Day    // of the machine, on which written rows were written
	written int
}

// New makes the service. The collections ([Specs]) must exist before it writes.
func New(d Deps) *Service { return &Service{d: d, rows: storage.Open[Row](d.DB, rowSpec())} }

// question is one question in memory, as it was asked.
type question struct {
	at    time.Time // by the clock of the rules
	since time.Time // by the machine's
	text  string
	found int
	lang  i18n.Lang
	asked finding.Question // without its text; lists are shared with who asked and only read
	named []finding.Term   // what its words name
}

// Note takes a question that was answered, with its answer. It returns at once and never fails; see the package comment for what becomes of it.
func (s *Service) Note(q finding.Question, answer *finding.Page, lang i18n.Lang) {
	if q.Page > 1 {
		return
	}
	one := question{
		at: s.d.Clock.Now(), since: time.Now(), text: strings.Clone(cut(q.Text)), found: answer.Total, lang: lang, asked: q, named: answer.Understood.Terms,
	}
	one.asked.Text = ""
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.pending) >= mostPending {
		s.lost++
		return
	}
	s.pending = append(s.pending, one)
}

// cut bounds a text by characters, without looking at more of it than it keeps.
func cut(text string) string {
	n := 0
	for at := range text {
		if n++; n > MaxText {
			return text[:at]
		}
	}
	return text
}

// Run writes what gathers until ctx ends, and then the rest.
func (s *Service) Run(ctx context.Context) {
	tick := time.NewTicker(flushEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
			defer cancel()
			s.Flush(last)
			return
		case now := <-tick.C:
			s.write(ctx, s.take(now.Add(-settle)))
		}
	}
}

// Flush writes everything that waits, also what somebody may still be typing.
func (s *Service) Flush(ctx context.Context) { s.write(ctx, s.take(time.Now())) }

// take takes the questions that nobody has gone on typing since, without those that grew into others. It looks at them without holding up who asks.
func (s *Service) take(until time.Time) []question {
	s.mu.Lock()
	list, lost := s.pending, s.lost
	s.pending, s.lost = nil, 0
	s.mu.Unlock()
	s.drop(lost)
	kept := grown(list)
	n := slices.IndexFunc(kept, func(q question) bool { return q.since.After(until) })
	if n < 0 {
		return kept
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pending = append(slices.Clone(kept[n:]), s.pending...)
	return kept[:n]
}

// grown leaves out questions whose text somebody went on typing: a longer one that begins with it came soon, under the same filters. They are in the order in
// which they came.
func grown(list []question) []question {
	out := make([]question, 0, len(list))
	for i, one := range list {
		typed := one.text != "" && slices.ContainsFunc(list[i+1:min(len(list), i+1+mostBetween)], func(later question) bool {
			return later.since.Sub(one.since) <= settle && len(later.text) > len(one.text) && strings.HasPrefix(later.text, one.text) && later.lang == one.lang &&
				sameFilters(later.asked, one.asked)
		})
		if !typed {
			out = append(out, one)
		}
	}
	return out
}

// mostBetween bounds how many questions are looked through for one that goes on with a text.
const mostBetween = 500

func (s *Service) drop(n int) {
	if n > 0 && s.d.Dropped != nil {
		s.d.Dropped(n)
	}
}

// write keeps questions as rows. Rows that can't be written are lost: nobody waits for them.
func (s *Service) write(ctx context.Context, list []question) {
	s.writing.Lock()
	defer s.writing.Unlock()
	rows := s.merged(list)
	if today := cal.DayOf(time.Now()); today != s.day {
		s.day, s.written = today, 0
	}
	if room := mostRows - s.written; len(rows) > room {
		s.drop(asks(rows[room:]))
		rows = rows[:room]
	}
	s.written += len(rows)
	for batch := range slices.Chunk(rows, writeBatch) {
		err := s.d.DB.Tx(ctx, func(ctx context.Context) error {
			for _, r := range batch {
				if err := s.rows.Insert(ctx, r); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			s.d.Log.WarnContext(ctx, "questions aren't kept", "rows", len(batch), "error", err.Error())
			s.drop(asks(batch))
		}
	}
}

// asks is how many questions rows stand for.
func asks(rows []*Row) int {
	n := 0
	for _, r := range rows {
		n += int(r.Count)
	}
	return n
}
