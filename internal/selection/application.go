package selection

import (
	"slices"
	"time"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/storage"
)

// Limits of an application and its clock (R50 6; habits of the field). All of them in one place.
const (
	MostLiveApplications = 8   // per person (I3)
	AnswerDays           = 15  // the enterprise's time for its next step
	ConsiderDays         = 15  // added once by "under consideration"
	MostMotivationWords  = 300 // a student's motivation
	MostFreeText         = 4000
	MostAnswer           = 1000 // letters of an answer to a question of the place
	MostWord             = 500  // letters of a word to the other side, and of the reason for an offer or an order
	MostReason           = 300  // letters: why something is withdrawn, declined or taken back
	MostStudentAbsences  = 1    // after the first absence the applicant may book once more without being asked
)

// ReminderDays are the days of the clock on which the enterprise is reminded.
func ReminderDays() []int { return []int{7, 14} }

// State is where an application stands.
type State string

// The states (domain.md, life cycles). Live are submitted to offered.
const (
	Submitted    State = "submitted"
	Shortlisted  State = "shortlisted"
	Interviewing State = "interviewing"
	Interviewed  State = "interviewed"
	Reserve      State = "reserve"
	Offered      State = "offered"
	Accepted     State = "accepted"
	Declined     State = "declined"
	Expired      State = "expired"
	Unanswered   State = "unanswered"
	Withdrawn    State = "withdrawn"
	Rejected     State = "rejected"
	Closed       State = "closed"
)

// LiveStates lists the states in which an application waits for somebody.
func LiveStates() []State {
	return []State{Submitted, Shortlisted, Interviewing, Interviewed, Reserve, Offered}
}

// Live reports whether somebody still has to act.
func (s State) Live() bool { return slices.Contains(LiveStates(), s) }

// Kind tells students from citizens (R50 6.1, 6.2).
type Kind string

// The kinds of applicants.
const (
	Student Kind = "student"
	Citizen Kind = "citizen"
)

// RejectReason is the enterprise's reason for a refusal, from a closed list.
type RejectReason string

// RejectReasons lists the reasons an enterprise may choose from.
func RejectReasons() []RejectReason {
	return []RejectReason{"other_candidate", "trade_mismatch", "dates_mismatch", "age_rule", "interview_result", "missed_interview", "incomplete", "too_far", "other"}
}

// Interview is what selection keeps of the live or last booking.
type Interview struct {
	BookingID     string    `json:"booking_id"`
	SlotID        string    `json:"slot_id"`
	InterviewerID string    `json:"interviewer_id"`
	StartsAt      time.Time `json:"starts_at"`
	EndsAt        time.Time `json:"ends_at"`
	Live          bool      `json:"live,omitempty"` // neither cancelled nor with attendance recorded
}

// ClosedReason says why an application ended with its place, its match or its enrolment, or was withdrawn by another match.
type ClosedReason string

// The reasons.
const (
	PlacementFilled    ClosedReason = "placement_filled"
	PlacementWithdrawn ClosedReason = "placement_withdrawn"
	PlacementExpired   ClosedReason = "placement_expired"
	PlacementTakenDown ClosedReason = "placement_taken_down"
	DissolvedMatch     ClosedReason = "match_dissolved"
	EnrolmentEnded     ClosedReason = "enrolment_ended"
	Superseded         ClosedReason = "superseded" // withdrawn by another match of the same person
)

// Recommendation is what a scorecard advises. Select and reserve recommend, reject doesn't (I4).
type Recommendation string

// The recommendations.
const (
	RecommendSelect  Recommendation = "select"
	RecommendReserve Recommendation = "reserve"
	RecommendReject  Recommendation = "reject"
)

// Outcome is what selection keeps of a scorecard.
type Outcome struct {
	BookingID      string         `json:"booking_id"`
	Recommendation Recommendation `json:"recommendation"`
	Average        float64        `json:"average"` // mean of the criteria, 1 to 5
	At             time.Time      `json:"at"`
}

// Recommends reports whether an offer may rest on the outcome (R50 6.1).
func (o *Outcome) Recommends() bool {
	return o != nil && (o.Recommendation == RecommendSelect || o.Recommendation == RecommendReserve)
}

// Answer is the reply to one of the place's questions, kept with the question as it was asked.
type Answer struct {
	Question string `json:"question"`
	Answer   string `json:"answer"`
}

// Application is a person's request for a place (R50 6). It holds no contact data: those are read where they may be shown.
type Application struct {
	ID              string    `json:"id"`
	Version         int64     `json:"version"`
	CreatedAt       time.Time `json:"created_at"`
	UpdatedAt       time.Time `json:"updated_at"`
	State           State     `json:"state"`
	Kind            Kind      `json:"kind"`
	PlacementID     string    `json:"placement_id"`
	EnterpriseID    string    `json:"enterprise_id"`
	StudentID       string    `json:"student_id"` // the person, student or citizen
	CollegeID       string    `json:"college_id,omitempty"`
	Regime          string    `json:"regime"`
	Motivation      string    `json:"motivation,omitempty"`
	Answers         []Answer  `json:"answers,omitempty"`
	OpenedAt        time.Time `json:"opened_at,omitzero"`
	ConsideredAt    time.Time `json:"considered_at,omitzero"`
	ClockFrom       cal.Day   `json:"clock_from,omitempty"` // first day of the enterprise's turn; "" while it is not its turn
	AnswerBy        cal.Day   `json:"answer_by,omitempty"`  // last day of its turn, included
	Reminders       int       `json:"reminders,omitempty"`  // sent in this turn
	AnsweredAt      time.Time `json:"answered_at,omitzero"` // the enterprise's first answer
	StudentAbsences int       `json:"student_absences,omitempty"`
	Missed          bool      `json:"missed,omitempty"` // stays interviewing without a booking until the enterprise acts
	WasShortlisted  bool      `json:"was_shortlisted,omitempty"`

	Interview     *Interview `json:"interview,omitempty"`
	InterviewerID string     `json:"interviewer_id,omitempty"` // whose applicant it is: of the live booking, or of the one attended or missed

	Outcome      *Outcome     `json:"outcome,omitempty"`
	OfferID      string       `json:"offer_id,omitempty"`
	OfferUntil   time.Time    `json:"offer_until,omitzero"`   // of the open offer
	BeforeOffer  State        `json:"before_offer,omitempty"` // where a withdrawn offer leads back
	MatchID      string       `json:"match_id,omitempty"`
	AgreementID  string       `json:"agreement_id,omitempty"`
	WithdrawnBy  string       `json:"withdrawn_by,omitempty"` // the match that superseded it
	RejectReason RejectReason `json:"reject_reason,omitempty"`
	ClosedReason ClosedReason `json:"closed_reason,omitempty"`
	Reason       string       `json:"reason,omitempty"`
	Comment      string       `json:"comment,omitempty"`
	EndedAt      time.Time    `json:"ended_at,omitzero"`
}

// Identity implements storage.Document.
func (a *Application) Identity() (string, *int64) { return a.ID, &a.Version }

// Sort keys of those that no clock runs for.
const (
	noClock = "9999-12-30"
	ended   = "9999-12-31"
)

// Keys implements storage.Document. The key "live" is unique: one live application per person and place. "due" sorts by the enterprise's deadline,
// "clock" is the next day on which its clock does something.
func (a *Application) Keys() storage.Keys {
	k := storage.Keys{
		"placement": a.PlacementID, "enterprise": a.EnterpriseID, "student": a.StudentID, "college": a.CollegeID,
		"state": a.State, "created": a.CreatedAt, "withdrawn_by": a.WithdrawnBy, "interviewer": a.InterviewerID, "due": ended,
		"updated": a.UpdatedAt,
	}
	if a.State.Live() {
		k["live"] = liveKey(a.StudentID, a.PlacementID)
		k["due"] = noClock
	}
	if a.AnswerBy != "" {
		k["due"], k["answer_by"], k["clock"] = a.AnswerBy, a.AnswerBy, a.nextClock()
	}
	return k
}

func liveKey(personID, placementID string) string { return personID + "|" + placementID }
