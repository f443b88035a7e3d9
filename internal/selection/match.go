package selection

import (
	"slices"
	"time"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/storage"
)

// MatchState is where a match stands.
type MatchState string

// The states of a match.
const (
	MatchActive    MatchState = "active"
	MatchDissolved MatchState = "dissolved"
	MatchCompleted MatchState = "completed"
)

// Match is an accepted offer: the seat is the person's. It always has an agreement, made in the same transaction (I5).
type Match struct {
	ID              string     `json:"id"`
	Version         int64      `json:"version"`
	CreatedAt       time.Time  `json:"created_at"`
	State           MatchState `json:"state"`
	OfferID         string     `json:"offer_id"`
	ApplicationID   string     `json:"application_id"`
	PlacementID     string     `json:"placement_id"`
	EnterpriseID    string     `json:"enterprise_id"`
	StudentID       string     `json:"student_id"`
	CollegeID       string     `json:"college_id"`
	WorkplaceID     string     `json:"workplace_id"`
	Kind            Kind       `json:"kind"`
	Regime          string     `json:"regime"`
	From            cal.Day    `json:"from"`
	To              cal.Day    `json:"to"`
	AgreementID     string     `json:"agreement_id"`
	DissolvedAt     time.Time  `json:"dissolved_at,omitzero"`
	DissolvedReason string     `json:"dissolved_reason,omitempty"` // agreement_cancelled, agreement_terminated, enrolment_missing
}

// Identity implements storage.Document.
func (m *Match) Identity() (string, *int64) { return m.ID, &m.Version }

// Keys implements storage.Document. The key "offer" is unique: an offer makes one match.
func (m *Match) Keys() storage.Keys {
	return storage.Keys{
		"offer": m.OfferID, "application": m.ApplicationID, "placement": m.PlacementID, "student": m.StudentID,
		"college": m.CollegeID, "enterprise": m.EnterpriseID, "state": m.State,
	}
}

func (m *Match) wrongState() error {
	return errs.New(errs.Conflict, "wrong_state").With("state", string(m.State))
}

// Dissolve ends an active match for a reason.
func (m *Match) Dissolve(reason string, now time.Time) error {
	if m.State != MatchActive {
		return m.wrongState()
	}
	m.State, m.DissolvedAt, m.DissolvedReason = MatchDissolved, now, reason
	return nil
}

// Complete ends an active match whose training was completed.
func (m *Match) Complete() error {
	if m.State != MatchActive {
		return m.wrongState()
	}
	m.State = MatchCompleted
	return nil
}

// Period is the training period of an active match.
type Period struct {
	MatchID string  `json:"match_id"`
	From    cal.Day `json:"from"`
	To      cal.Day `json:"to"`
}

// StudentSheet is the owner document of a person's counts (I3): at most MostLiveApplications live applications, no two active matches whose
// periods overlap. Everything that changes them locks it.
type StudentSheet struct {
	ID      string   `json:"id"` // the person's id
	Version int64    `json:"version"`
	Live    []string `json:"live,omitempty"`
	Matches []Period `json:"matches,omitempty"`
}

// Identity implements storage.Document.
func (s *StudentSheet) Identity() (string, *int64) { return s.ID, &s.Version }

// Keys implements storage.Document.
func (s *StudentSheet) Keys() storage.Keys { return nil }

// Add takes one of the person's live applications: Conflict too_many_applications beyond the limit.
func (s *StudentSheet) Add(applicationID string) error {
	if slices.Contains(s.Live, applicationID) {
		return nil
	}
	if len(s.Live) >= MostLiveApplications {
		return s.full()
	}
	s.Live = append(s.Live, applicationID)
	return nil
}

func (s *StudentSheet) full() error {
	return errs.New(errs.Conflict, "too_many_applications").With("Count", MostLiveApplications)
}

// Remove frees the place of an application that is no longer live.
func (s *StudentSheet) Remove(applicationID string) {
	s.Live = slices.DeleteFunc(s.Live, func(x string) bool { return x == applicationID })
}

// Room reports whether another live application fits.
func (s *StudentSheet) Room() bool { return len(s.Live) < MostLiveApplications }

// Bind takes a training period for a match: Conflict overlapping_match when another active match overlaps. A second call for the same match
// moves its period.
func (s *StudentSheet) Bind(matchID string, from, to cal.Day) error {
	at := -1
	for i, p := range s.Matches {
		if p.MatchID == matchID {
			at = i
			continue
		}
		if cal.Overlap(p.From, p.To, from, to) {
			return errs.New(errs.Conflict, "overlapping_match")
		}
	}
	p := Period{MatchID: matchID, From: from, To: to}
	if at >= 0 {
		s.Matches[at] = p
	} else {
		s.Matches = append(s.Matches, p)
	}
	return nil
}

// Unbind frees the period of a match that is no longer active.
func (s *StudentSheet) Unbind(matchID string) {
	s.Matches = slices.DeleteFunc(s.Matches, func(p Period) bool { return p.MatchID == matchID })
}

// Overlaps reports whether an active match shares a day with the period.
func (s *StudentSheet) Overlaps(from, to cal.Day) bool {
	return slices.ContainsFunc(s.Matches, func(p Period) bool { return cal.Overlap(p.From, p.To, from, to) })
}
