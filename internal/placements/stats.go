package placements

import (
	"context"
	"slices"
	"time"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/storage"
)

// keptAnswers is how many of the last answers make the usual time of one.
const keptAnswers = 101

// Stats is the owner document of how an enterprise answers.
type Stats struct {
	ID       string  `json:"id"` // the enterprise's
	Version  int64   `json:"version"`
	Cases    int     `json:"cases"`    // applications that were answered, or ended without an answer
	Answered int     `json:"answered"` // of them
	InRow    int     `json:"in_row"`   // unanswered since the last answer
	Minutes  []int64 `json:"minutes,omitempty"`
}

// Identity implements storage.Document.
func (s *Stats) Identity() (string, *int64) { return s.ID, &s.Version }

// Keys implements storage.Document.
func (s *Stats) Keys() storage.Keys { return nil }

func statsSpec() storage.Spec { return storage.Spec{Name: "enterprise_answers"} }

// record counts a case and reports whether it was the one that made too many in a row.
func (s *Stats) record(answered bool, took time.Duration) (tooMany bool) {
	s.Cases++
	if !answered {
		s.InRow++
		return s.InRow == UnansweredInRow
	}
	s.Answered++
	s.InRow = 0
	s.Minutes = append(s.Minutes, int64(max(0, took)/time.Minute))
	if extra := len(s.Minutes) - keptAnswers; extra > 0 {
		s.Minutes = slices.Delete(s.Minutes, 0, extra)
	}
	return false
}

// Rate is how an enterprise answers, as everybody may see it.
type Rate struct {
	Cases       int
	Answered    int
	MedianHours float64 // from the application to the first answer, of the last hundred answers
}

// Shown reports whether there are cases enough to show it.
func (r Rate) Shown() bool { return r.Cases >= ShownFrom }

// Share is the share answered, 0 to 1.
func (r Rate) Share() float64 {
	if r.Cases == 0 {
		return 0
	}
	return float64(r.Answered) / float64(r.Cases)
}

// Days is the usual number of days to an answer, rounded up.
func (r Rate) Days() int { return int((r.MedianHours + 23.999) / 24) }

func (s *Stats) rate() Rate {
	r := Rate{Cases: s.Cases, Answered: s.Answered}
	if n := len(s.Minutes); n > 0 {
		sorted := slices.Clone(s.Minutes)
		slices.Sort(sorted)
		r.MedianHours = float64(sorted[n/2]+sorted[(n-1)/2]) / 2 / 60
	}
	return r
}

// RecordAnswer counts one application of an enterprise as answered in time or ended without an answer, in the caller's transaction. Ten unanswered
// in a row pause its places, soon after and by the system.
func (s *Service) RecordAnswer(ctx context.Context, enterpriseID string, answered bool, took time.Duration) error {
	return s.d.DB.Tx(ctx, func(ctx context.Context) error {
		st, err := s.stats.LockOrNew(ctx, enterpriseID, &Stats{ID: enterpriseID})
		if err != nil {
			return err
		}
		tooMany := st.record(answered, took)
		if err := s.stats.Save(ctx, st); err != nil {
			return err
		}
		if !tooMany {
			return nil
		}
		return s.d.Box.Emit(ctx, EventUnresponsive, enterpriseID, nil)
	})
}

// ResponseRate gives how an enterprise answers; the zero Rate before the first case.
func (s *Service) ResponseRate(ctx context.Context, enterpriseID string) (Rate, error) {
	st, err := s.stats.Get(ctx, enterpriseID)
	if storage.IsNotFound(err) {
		return Rate{}, nil
	}
	if err != nil {
		return Rate{}, err
	}
	return st.rate(), nil
}

// ResponseRates gives how several enterprises answer, by enterprise; those without a case are left out.
func (s *Service) ResponseRates(ctx context.Context, enterpriseIDs ...string) (map[string]Rate, error) {
	stats, err := s.stats.GetMany(ctx, enterpriseIDs...)
	out := make(map[string]Rate, len(stats))
	for enterpriseID, st := range stats {
		out[enterpriseID] = st.rate()
	}
	return out, err
}

// answersDue refuses to make a place public while too many applications in a row went unanswered and others wait: Conflict
// answers_overdue. Once nobody waits, the row is forgotten. It takes the stats, so that it can't cross the counting of the tenth.
func (s *Service) answersDue(ctx context.Context, enterpriseID string) error {
	st, err := s.stats.LockOrNew(ctx, enterpriseID, &Stats{ID: enterpriseID})
	if err != nil || st.InRow < UnansweredInRow {
		return err
	}
	if s.AwaitingAnswer != nil {
		n, err := s.AwaitingAnswer(ctx, enterpriseID)
		if err != nil {
			return err
		}
		if n > 0 {
			return errs.New(errs.Conflict, "answers_overdue").With("Count", n)
		}
	}
	st.InRow = 0
	return s.stats.Save(ctx, st)
}
