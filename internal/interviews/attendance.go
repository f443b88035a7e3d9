package interviews

import (
	"context"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/id"
	"github.com/orynda/orynda/internal/selection"
	"github.com/orynda/orynda/internal/storage"
)

// RecordAttendance records who came, from the slot's begin on: the enterprise and the slot's interviewer any outcome, the owner only the enterprise's
// absence (Forbidden forbidden else). Conflict attendance_recorded, wrong_state; Unprocessable too_early. The same outcome again changes nothing.
func (s *Service) RecordAttendance(ctx context.Context, a accounts.Actor, bookingID string, outcome BookingState) (*Booking, error) {
	seen, rel, err := s.permitted(ctx, a, "recordAttendance", bookingID)
	if err != nil {
		return nil, err
	}
	by := partyOf(rel)
	if !slices.Contains([]BookingState{Attended, StudentAbsent, EnterpriseAbsent}, outcome) {
		return nil, errs.InvalidFields([]errs.Field{{Field: "outcome", Code: "unknown_value"}})
	}
	if by == PartyStudent && outcome != EnterpriseAbsent {
		return nil, errs.New(errs.Forbidden, "forbidden")
	}
	var out *Booking
	err = s.DB.Tx(ctx, func(ctx context.Context) error {
		b, err := s.bookings.Lock(ctx, seen.ID)
		if err != nil {
			return err
		}
		out = b
		changed, err := b.Attend(outcome, by, s.Clock.Now())
		if err != nil || !changed {
			return err
		}
		if err := s.bookings.Save(ctx, b); err != nil {
			return err
		}
		return s.tellAttendance(ctx, a, b)
	})
	return out, err
}

func (s *Service) tellAttendance(ctx context.Context, a accounts.Actor, b *Booking) error {
	event, tell := EventAbsent, func() error { return s.Selection.Unbooked(ctx, b.ApplicationID, string(b.State)) }
	switch b.State {
	case Attended:
		event, tell = EventAttended, func() error { return s.Selection.Attended(ctx, b.ApplicationID) }
	case StudentAbsent:
		tell = func() error { return s.Selection.StudentAbsent(ctx, b.ApplicationID) }
	}
	if err := tell(); err != nil {
		return err
	}
	return s.note(ctx, a, event, b.ID, b.PlacementID, map[string]string{"outcome": string(b.State)})
}

// Limits of a scorecard.
const (
	LeastScore   = 1
	MostScore    = 5
	MostCriteria = 10
	MostNote     = 2000
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

func (in NewScorecard) check() error {
	var bad []errs.Field
	add := func(field, code string) { bad = append(bad, errs.Field{Field: field, Code: code}) }
	if len(in.Criteria) == 0 {
		add("criteria", "required")
	}
	if len(in.Criteria) > MostCriteria {
		add("criteria", "too_many")
	}
	names := map[string]bool{}
	for _, c := range in.Criteria {
		if c.Score < LeastScore || c.Score > MostScore {
			add("criteria", "score_range")
		}
		if names[c.Name] {
			add("criteria", "not_unique")
		}
		names[c.Name] = true
	}
	if !slices.Contains([]selection.Recommendation{selection.RecommendSelect, selection.RecommendReserve, selection.RecommendReject}, in.Recommendation) {
		add("recommendation", "unknown_value")
	}
	if utf8.RuneCountInString(in.Note) > MostNote {
		add("note", "too_long")
	}
	return errs.InvalidFields(bad)
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
	if err := in.check(); err != nil {
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
	app, err := s.Selection.Application(ctx, b.ApplicationID)
	if err != nil {
		return nil, false, err
	}
	if app.State == selection.Offered || app.State == selection.Accepted {
		return nil, false, errs.New(errs.Conflict, "offer_exists")
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
	if err := s.storeCard(ctx, b, card, created); err != nil {
		return nil, false, err
	}
	outcome := selection.Outcome{BookingID: b.ID, Recommendation: card.Recommendation, Average: card.Average, At: now}
	if err := s.Selection.Scored(ctx, b.ApplicationID, outcome); err != nil {
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
