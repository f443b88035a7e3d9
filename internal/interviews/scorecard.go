package interviews

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/id"
	"github.com/orynda/orynda/internal/selection"
	"github.com/orynda/orynda/internal/storage"
)

// Limits of a scorecard.
const (
	LeastScore    = 1
	MostScore     = 5
	MostCriteria  = 10
	MostCriterion = 100 // letters of a criterion's name
	MostNote      = 2000
)

// Criterion is one judged point: 1 is weak, 3 enough for training, 5 outstanding.
type Criterion struct {
	Name  string `json:"name"`
	Score int    `json:"score"`
}

// Scorecard is the outcome of one interview. The applicant never sees it.
type Scorecard struct {
	ID             string                   `json:"id"`
	Version        int64                    `json:"version"`
	CreatedAt      time.Time                `json:"created_at"`
	BookingID      string                   `json:"booking_id"`
	ApplicationID  string                   `json:"application_id"`
	PlacementID    string                   `json:"placement_id"`
	StudentID      string                   `json:"student_id"`
	RecordedBy     string                   `json:"recorded_by"`
	Criteria       []Criterion              `json:"criteria"`
	Average        float64                  `json:"average"`
	Recommendation selection.Recommendation `json:"recommendation"`
	Note           string                   `json:"note,omitempty"`
}

// Identity implements storage.Document.
func (c *Scorecard) Identity() (string, *int64) { return c.ID, &c.Version }

// Keys implements storage.Document. The key "booking" is unique: one scorecard per interview.
func (c *Scorecard) Keys() storage.Keys {
	return storage.Keys{"booking": c.BookingID, "application": c.ApplicationID}
}

// NewScorecard is what an interviewer records.
type NewScorecard struct {
	Criteria       []Criterion
	Recommendation selection.Recommendation
	Note           string
}

// Check looks at everything that needs no store: Unprocessable bad_request with every bad field. RecordScorecard asks it first, and so does who does something
// else before that.
func (in NewScorecard) Check() error {
	var bad []errs.Field
	add := func(field, code string) { bad = append(bad, errs.Field{Field: field, Code: code}) }
	if len(in.Criteria) == 0 {
		add("criteria", "required")
	}
	if len(in.Criteria) > MostCriteria {
		add("criteria", "too_many")
	}
	names := map[string]bool{}
	for i, c := range in.Criteria {
		field, name := "criteria["+strconv.Itoa(i)+"]", strings.ToLower(strings.TrimSpace(c.Name))
		switch {
		case c.Score < LeastScore || c.Score > MostScore:
			add(field+".score", "score_range")
		case name == "":
			add(field+".name", "required")
		case names[name]:
			add(field+".name", "not_unique")
		}
		names[name] = true
		bad = append(bad, errs.Longer(field+".name", c.Name, MostCriterion)...)
	}
	if !slices.Contains([]selection.Recommendation{selection.RecommendSelect, selection.RecommendReserve, selection.RecommendReject}, in.Recommendation) {
		add("recommendation", "unknown_value")
	}
	bad = append(bad, errs.Longer("note", in.Note, MostNote)...)
	if len(bad) == 0 {
		return nil
	}
	return errs.New(errs.Unprocessable, "bad_request").WithFields(bad...)
}

// average is the mean of the criteria, to two decimals.
func average(criteria []Criterion) float64 {
	sum := 0
	for _, c := range criteria {
		sum += c.Score
	}
	return float64(sum*100/len(criteria)) / 100
}

// RecordScorecard records an interview's outcome once attendance is recorded (hr, the slot's interviewer); a second call corrects the first while no
// offer rests on it; created says which it was. Conflict attendance_missing, offer_exists, wrong_state.
func (s *Service) RecordScorecard(ctx context.Context, a accounts.Actor, bookingID string, in NewScorecard) (card *Scorecard, created bool, err error) {
	seen, _, err := s.permitted(ctx, a, "recordScorecard", bookingID)
	if err != nil {
		return nil, false, err
	}
	if err := in.Check(); err != nil {
		return nil, false, err
	}
	err = s.DB.Tx(ctx, func(ctx context.Context) error {
		card, created, err = s.score(ctx, a, seen.ID, in)
		return err
	})
	return card, created, err
}

func (s *Service) score(ctx context.Context, a accounts.Actor, bookingID string, in NewScorecard) (*Scorecard, bool, error) {
	b, err := s.bookings.Lock(ctx, bookingID)
	if err != nil {
		return nil, false, err
	}
	if b.State != Attended {
		return nil, false, errs.New(errs.Conflict, "attendance_missing")
	}
	now := s.Clock.Now()
	card := &Scorecard{ID: id.New("scd"), CreatedAt: now, BookingID: b.ID, ApplicationID: b.ApplicationID, PlacementID: b.PlacementID, StudentID: b.StudentID}
	created := b.ScorecardID == ""
	if !created {
		if card, err = s.scorecards.Lock(ctx, b.ScorecardID); err != nil {
			return nil, false, err
		}
	}
	card.RecordedBy, card.Criteria, card.Average = a.PersonID, in.Criteria, average(in.Criteria)
	card.Recommendation, card.Note = in.Recommendation, in.Note
	outcome := selection.Outcome{BookingID: b.ID, Recommendation: card.Recommendation, Average: card.Average, At: now}
	if err := s.Selection.Scored(ctx, b.ApplicationID, outcome); err != nil {
		return nil, false, err
	}
	if err := s.storeCard(ctx, b, card, created); err != nil {
		return nil, false, err
	}
	return card, created, s.note(ctx, a, EventScored, card.ID, card.PlacementID, map[string]string{"recommendation": string(card.Recommendation)})
}

func (s *Service) storeCard(ctx context.Context, b *Booking, card *Scorecard, created bool) error {
	if !created {
		return s.scorecards.Save(ctx, card)
	}
	if err := s.scorecards.Insert(ctx, card); err != nil {
		return err
	}
	b.ScorecardID = card.ID
	return s.bookings.Save(ctx, b)
}

// ScorecardOf gives the latest scorecard of an application, for services: NotFound scorecard_not_found when there is none.
func (s *Service) ScorecardOf(ctx context.Context, applicationID string) (*Scorecard, error) {
	c, err := s.scorecards.First(ctx, storage.Where(storage.Eq("application", applicationID)).ByDesc(""))
	return c, missing(err, "scorecard")
}
