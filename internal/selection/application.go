package selection

import (
	"slices"
	"time"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/storage"
)

// Limits of an application and its clock (R50 6; habits of the field). All of them in one place.
const (
	MostLiveApplications = 8   // per person (I3)
	AnswerDays           = 15  // the enterprise's time for its next step
	ConsiderDays         = 15  // added once by "under consideration"
	MostMotivationWords  = 300 // a student's motivation
	MostFreeText         = 4000
	MostStudentAbsences  = 1 // after the first absence the applicant may book once more by himself
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
	From            cal.Day   `json:"from"` // the place's training period, for overlaps
	To              cal.Day   `json:"to"`
	Motivation      string    `json:"motivation,omitempty"`
	Answers         []Answer  `json:"answers,omitempty"`
	OpenedAt        time.Time `json:"opened_at,omitzero"`
	ConsideredAt    time.Time `json:"considered_at,omitzero"`
	ClockFrom       cal.Day   `json:"clock_from,omitempty"` // first day of the enterprise's turn; "" while it is not its turn
	AnswerBy        cal.Day   `json:"answer_by,omitempty"`  // last day of its turn, included
	Reminders       int       `json:"reminders,omitempty"`  // sent in this turn
	StudentAbsences int       `json:"student_absences,omitempty"`
	WasShortlisted  bool      `json:"was_shortlisted,omitempty"`

	Outcome      *Outcome     `json:"outcome,omitempty"`
	OfferID      string       `json:"offer_id,omitempty"`
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

// Keys implements storage.Document. The key "live" is unique: one live application per person and place.
func (a *Application) Keys() storage.Keys {
	k := storage.Keys{
		"placement": a.PlacementID, "enterprise": a.EnterpriseID, "student": a.StudentID, "college": a.CollegeID,
		"state": a.State, "created": a.CreatedAt, "match": a.MatchID, "withdrawn_by": a.WithdrawnBy,
	}
	if a.State.Live() {
		k["live"] = a.StudentID + "|" + a.PlacementID
		k["answer_by"] = a.AnswerBy
	}
	return k
}

// wrongState is the answer to a step that the present state doesn't allow.
func (a *Application) wrongState() error {
	return errs.New(errs.Conflict, "wrong_state").With("state", string(a.State))
}

func (a *Application) in(states ...State) bool { return slices.Contains(states, a.State) }

// move changes the state. It stops the enterprise's clock; a step that makes it the enterprise's turn starts it again.
func (a *Application) move(to State, now time.Time) {
	a.State, a.UpdatedAt = to, now
	a.stopClock()
	if !to.Live() && to != Accepted {
		a.EndedAt = now
	}
}

func (a *Application) stopClock() { a.ClockFrom, a.AnswerBy, a.Reminders = "", "", 0 }

// StartClock makes it the enterprise's turn from now on, unless it is already. An application in reserve has no clock.
func (a *Application) StartClock(now time.Time) {
	if a.AnswerBy != "" || a.State == Reserve || a.State == Offered || !a.State.Live() {
		return
	}
	a.ClockFrom = cal.DayOf(now)
	a.AnswerBy = a.ClockFrom.Add(AnswerDays)
}

// PauseClock ends the enterprise's turn because the next step is the applicant's (times are on offer).
func (a *Application) PauseClock() { a.stopClock() }

// Submit begins a new application: it is the enterprise's turn.
func (a *Application) Submit(now time.Time) {
	a.State, a.CreatedAt, a.UpdatedAt = Submitted, now, now
	a.StartClock(now)
}

// Open notes that the enterprise looked, once. It reports whether this was the first time.
func (a *Application) Open(now time.Time) bool {
	if !a.OpenedAt.IsZero() || !a.State.Live() {
		return false
	}
	a.OpenedAt, a.UpdatedAt = now, now
	return true
}

// Shortlist invites the applicant to an interview; bookable says whether times are on offer, so that it is the applicant's turn. From submitted, and
// from interviewing after a second absence.
func (a *Application) Shortlist(now time.Time, bookable bool, comment string) error {
	if !a.in(Submitted) && (a.State != Interviewing || a.StudentAbsences <= MostStudentAbsences) {
		return a.wrongState()
	}
	a.move(Shortlisted, now)
	a.WasShortlisted, a.Comment = true, comment
	if !bookable {
		a.StartClock(now)
	}
	return nil
}

// Consider gives the enterprise ConsiderDays more, once: Conflict already_considered, or wrong_state when it isn't its turn.
func (a *Application) Consider(now time.Time, comment string) error {
	if !a.ConsideredAt.IsZero() {
		return errs.New(errs.Conflict, "already_considered")
	}
	if a.AnswerBy == "" || !a.State.Live() {
		return a.wrongState()
	}
	a.ConsideredAt, a.UpdatedAt, a.Comment = now, now, comment
	a.AnswerBy = a.AnswerBy.Add(ConsiderDays)
	return nil
}

// Invited reports whether the applicant may take an interview time: Unprocessable not_invited else.
func (a *Application) Invited() error {
	if a.State == Shortlisted || (a.State == Interviewing && a.StudentAbsences <= MostStudentAbsences) {
		return nil
	}
	return errs.New(errs.Unprocessable, "not_invited")
}

// Book notes a booked interview.
func (a *Application) Book(now time.Time) error {
	if err := a.Invited(); err != nil {
		return err
	}
	a.move(Interviewing, now)
	return nil
}

// Unbook notes that the last live booking is gone, or that the enterprise did not come: back to shortlisted.
func (a *Application) Unbook(now time.Time, bookable bool) error {
	if !a.in(Interviewing) {
		return a.wrongState()
	}
	a.move(Shortlisted, now)
	if !bookable {
		a.StartClock(now)
	}
	return nil
}

// StudentAbsent notes an absence: shortlisted the first time; then it stays interviewing until the enterprise shortlists or rejects.
func (a *Application) StudentAbsent(now time.Time, bookable bool) error {
	if !a.in(Interviewing) {
		return a.wrongState()
	}
	a.StudentAbsences++
	if a.StudentAbsences <= MostStudentAbsences {
		return a.Unbook(now, bookable)
	}
	a.UpdatedAt = now
	a.StartClock(now)
	return nil
}

// Attend notes that the interview took place; from its end the clock is the enterprise's.
func (a *Application) Attend(now time.Time) error {
	if !a.in(Interviewing) {
		return a.wrongState()
	}
	a.move(Interviewed, now)
	a.StartClock(now)
	return nil
}

// Score keeps a scorecard's outcome. A later one replaces it while no offer rests on it.
func (a *Application) Score(o Outcome, now time.Time) error {
	if !a.in(Interviewed, Reserve) {
		return a.wrongState()
	}
	a.Outcome, a.UpdatedAt = &o, now
	if a.State == Reserve && !o.Recommends() {
		a.move(Interviewed, now)
		a.StartClock(now)
	}
	return nil
}

// Rank puts an interviewed application into the reserve or takes it out, as its place in the enterprise's list says.
func (a *Application) Rank(listed bool, now time.Time) {
	switch {
	case a.State == Interviewed && listed && a.Outcome.Recommends():
		a.move(Reserve, now)
	case a.State == Reserve && !listed:
		a.move(Interviewed, now)
		a.StartClock(now)
	}
}

// CanOffer says whether an offer may be made (I4): a student after an interview that recommends (R50 6.1; R361 6), a citizen also on the free-form
// application alone, with a reason (R50 6.2). The errors are Conflict offer_exists or wrong_state, Unprocessable interview_required,
// not_recommended or reason_required.
func (a *Application) CanOffer(reason string) error {
	switch {
	case a.State == Offered:
		return errs.New(errs.Conflict, "offer_exists")
	case !a.State.Live():
		return a.wrongState()
	case a.in(Interviewed, Reserve) && a.Outcome.Recommends():
		return nil
	case a.in(Interviewed, Reserve) && a.Outcome != nil:
		return errs.New(errs.Unprocessable, "not_recommended")
	case a.Kind == Citizen && a.Regime == "r50" && a.in(Submitted, Shortlisted):
		if reason == "" {
			return errs.New(errs.Unprocessable, "reason_required").WithFields(errs.Field{Field: "reason", Code: "required", Rule: "selection", Source: "R50 6.2"})
		}
		return nil
	}
	return errs.New(errs.Unprocessable, "interview_required").WithFields(errs.Field{Field: "application_id", Code: "interview_required", Rule: "selection", Source: "R50 6.1"})
}

// OfferMade moves to offered. The caller checked CanOffer.
func (a *Application) OfferMade(offerID string, now time.Time) {
	a.BeforeOffer, a.OfferID = a.State, offerID
	a.move(Offered, now)
}

// OfferEnded follows the end of its offer: accepted, declined and expired end the application so, withdrawn leads back.
func (a *Application) OfferEnded(how OfferState, now time.Time) error {
	if a.State != Offered {
		return a.wrongState()
	}
	switch how {
	case OfferAccepted:
		a.move(Accepted, now)
	case OfferDeclined:
		a.move(Declined, now)
	case OfferExpired:
		a.move(Expired, now)
	case OfferWithdrawn:
		a.move(a.BeforeOffer, now)
		a.StartClock(now)
	default:
		return a.wrongState()
	}
	return nil
}

// Reject refuses a live application; an open offer must have been withdrawn before.
func (a *Application) Reject(reason RejectReason, comment string, now time.Time) error {
	if !a.State.Live() || a.State == Offered {
		return a.wrongState()
	}
	a.RejectReason, a.Comment = reason, comment
	a.move(Rejected, now)
	return nil
}

// Withdraw ends a live application by its owner.
func (a *Application) Withdraw(reason, comment string, now time.Time) error {
	if !a.State.Live() {
		return a.wrongState()
	}
	a.Reason, a.Comment = reason, comment
	a.move(Withdrawn, now)
	return nil
}

// Supersede withdraws it for a match of the same person in an overlapping period.
func (a *Application) Supersede(matchID string, now time.Time) error {
	if !a.State.Live() {
		return a.wrongState()
	}
	a.WithdrawnBy, a.ClosedReason = matchID, Superseded
	a.move(Withdrawn, now)
	return nil
}

// LeaveRoster withdraws it because the enrolment ended.
func (a *Application) LeaveRoster(now time.Time) error {
	if !a.State.Live() {
		return a.wrongState()
	}
	a.ClosedReason = EnrolmentEnded
	a.move(Withdrawn, now)
	return nil
}

// Close ends it with its place, or after its match was dissolved.
func (a *Application) Close(why ClosedReason, now time.Time) error {
	if !a.State.Live() && (a.State != Accepted || why != DissolvedMatch) {
		return a.wrongState()
	}
	a.ClosedReason = why
	a.move(Closed, now)
	return nil
}

// Overdue reports whether the enterprise's turn has passed unused on day today.
func (a *Application) Overdue(today cal.Day) bool {
	return a.AnswerBy != "" && a.AnswerBy < today && a.in(Submitted, Shortlisted, Interviewing, Interviewed)
}

// Lapse ends an overdue application as unanswered.
func (a *Application) Lapse(now time.Time) error {
	if !a.Overdue(cal.DayOf(now)) {
		return a.wrongState()
	}
	a.move(Unanswered, now)
	return nil
}

// ReminderDue reports whether a reminder of the running clock is due on day today.
func (a *Application) ReminderDue(today cal.Day) bool {
	days := ReminderDays()
	return a.ClockFrom != "" && a.Reminders < len(days) && !a.Overdue(today) && a.ClockFrom.DaysUntil(today) >= days[a.Reminders]
}

// Reopen brings a superseded application back after that match was dissolved: without bookings, with a scorecard to interviewed (or
// reserve, where it is listed), else to shortlisted where it had been shortlisted, or submitted.
func (a *Application) Reopen(listed, bookable bool, now time.Time) error {
	if a.State != Withdrawn || a.WithdrawnBy == "" {
		return a.wrongState()
	}
	a.WithdrawnBy, a.ClosedReason, a.EndedAt, a.OfferID, a.BeforeOffer = "", "", time.Time{}, "", ""
	switch {
	case a.Outcome != nil:
		a.move(Interviewed, now)
		a.StartClock(now)
		a.Rank(listed, now)
	case a.WasShortlisted:
		a.move(Shortlisted, now)
		if !bookable {
			a.StartClock(now)
		}
	default:
		a.move(Submitted, now)
		a.StartClock(now)
	}
	return nil
}

// againAllowed reports whether the person may apply for the place once more: after the own withdrawal or a dissolved match.
func (a *Application) againAllowed() bool {
	switch a.State {
	case Withdrawn:
		return a.ClosedReason == ""
	case Closed:
		return a.ClosedReason == DissolvedMatch
	}
	return false
}
