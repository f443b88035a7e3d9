package selection

import (
	"slices"
	"time"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"
)

// wrongState is the answer to a step that the present state doesn't allow.
func (a *Application) wrongState() error {
	return errs.New(errs.Conflict, "wrong_state").With("state", string(a.State))
}

func (a *Application) in(states ...State) bool { return slices.Contains(states, a.State) }

// move changes the state. It stops the enterprise's clock; a step that makes it the enterprise's turn starts it again. What ends takes its live booking
// along.
func (a *Application) move(to State, now time.Time) {
	a.State, a.UpdatedAt, a.Missed = to, now, false
	a.stopClock()
	if to != Offered {
		a.OfferUntil = time.Time{}
	}
	if to.Live() || to == Accepted {
		return
	}
	a.EndedAt = now
	a.unbind(false)
}

// unbind notes that the live booking is over. Who interviewed, or waited in vain, keeps the applicant in view.
func (a *Application) unbind(took bool) {
	if a.Interview == nil || !a.Interview.Live {
		return
	}
	past := *a.Interview
	past.Live = false
	a.Interview = &past
	if !took {
		a.InterviewerID = ""
	}
}

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

// Answer notes the enterprise's first answer. It reports whether this was the first one.
func (a *Application) Answer(now time.Time) bool {
	if !a.AnsweredAt.IsZero() {
		return false
	}
	a.AnsweredAt = now
	return true
}

// Shortlist invites the applicant to an interview; bookable says whether times are on offer, so that it is the applicant's turn. From submitted, and
// from interviewing after a second absence.
func (a *Application) Shortlist(now time.Time, bookable bool, comment string) error {
	if !a.in(Submitted) && (a.State != Interviewing || !a.Missed) {
		return a.wrongState()
	}
	a.shortlist(now, bookable)
	a.Comment = comment
	return nil
}

func (a *Application) shortlist(now time.Time, bookable bool) {
	a.move(Shortlisted, now)
	a.WasShortlisted = true
	if !bookable {
		a.StartClock(now)
	}
}

// Invited reports whether the applicant may take an interview time: Unprocessable not_invited else.
func (a *Application) Invited() error {
	if a.State == Shortlisted || (a.State == Interviewing && !a.Missed) {
		return nil
	}
	return errs.New(errs.Unprocessable, "not_invited")
}

// Book notes a booked interview: from its end on the clock is the enterprise's.
func (a *Application) Book(iv Interview, now time.Time) error {
	if err := a.Invited(); err != nil {
		return err
	}
	a.move(Interviewing, now)
	a.meet(iv)
	return nil
}

// Rebook notes that the live booking was moved.
func (a *Application) Rebook(iv Interview, now time.Time) error {
	if a.State != Interviewing || a.Interview == nil || !a.Interview.Live {
		return a.wrongState()
	}
	a.UpdatedAt = now
	a.stopClock()
	a.meet(iv)
	return nil
}

func (a *Application) meet(iv Interview) {
	iv.Live = true
	a.Interview, a.InterviewerID = &iv, iv.InterviewerID
	a.startClock(cal.DayOf(iv.EndsAt))
}

// Unbook notes that the last live booking was cancelled, or that the enterprise did not come (absent): back to shortlisted.
func (a *Application) Unbook(absent, bookable bool, now time.Time) error {
	if !a.in(Interviewing) {
		return a.wrongState()
	}
	a.unbind(absent)
	a.shortlist(now, bookable)
	return nil
}

// StudentAbsent notes an absence: shortlisted the first time; then it stays interviewing until the enterprise shortlists or rejects.
func (a *Application) StudentAbsent(now time.Time, bookable bool) error {
	if !a.in(Interviewing) || a.Missed {
		return a.wrongState()
	}
	a.StudentAbsences++
	a.unbind(true)
	if a.StudentAbsences <= MostStudentAbsences {
		a.shortlist(now, bookable)
		return nil
	}
	a.Missed, a.UpdatedAt = true, now
	a.StartClock(now)
	return nil
}

// Attend notes that the interview took place. The enterprise's clock goes on: it runs from the interview's end, not from the note.
func (a *Application) Attend(now time.Time) error {
	if !a.in(Interviewing) || a.Missed {
		return a.wrongState()
	}
	a.unbind(true)
	a.State, a.UpdatedAt = Interviewed, now
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
	case a.State == Reserve && (!listed || !a.Outcome.Recommends()):
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
	source := "R50 6.1"
	if a.Regime == "r361" {
		source = "R361 6"
	}
	return errs.New(errs.Unprocessable, "interview_required").WithFields(errs.Field{Field: "application_id", Code: "interview_required", Rule: "selection", Source: source})
}

// OfferMade moves to offered. The caller checked CanOffer.
func (a *Application) OfferMade(offerID string, until, now time.Time) {
	a.BeforeOffer, a.OfferID = a.State, offerID
	a.move(Offered, now)
	a.OfferUntil = until
}

// OfferEnded follows the end of its offer: accepted, declined and expired end the application so, withdrawn leads back; bookable says whether times
// are on offer.
func (a *Application) OfferEnded(how OfferState, bookable bool, now time.Time) error {
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
		if a.State != Shortlisted || !bookable {
			a.StartClock(now)
		}
	default:
		return a.wrongState()
	}
	return nil
}

// Reject refuses a live application; the caller ends an open offer with it.
func (a *Application) Reject(reason RejectReason, comment string, now time.Time) error {
	if !a.State.Live() {
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
	if (a.State == Accepted) != (why == DissolvedMatch) || (a.State != Accepted && !a.State.Live()) {
		return a.wrongState()
	}
	a.ClosedReason = why
	a.move(Closed, now)
	return nil
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
		a.shortlist(now, bookable)
	default:
		a.move(Submitted, now)
		a.StartClock(now)
	}
	return nil
}

// StayEnded leaves a superseded application ended although that match was dissolved, because it could not be reopened. Its owner may apply again.
func (a *Application) StayEnded(now time.Time) error {
	if a.State != Withdrawn || a.WithdrawnBy == "" {
		return a.wrongState()
	}
	a.WithdrawnBy, a.UpdatedAt = "", now
	return nil
}

// againAllowed reports whether the person may apply for the place once more: after the own withdrawal or a dissolved match.
func (a *Application) againAllowed() bool {
	switch a.State {
	case Withdrawn:
		return a.ClosedReason == "" || (a.ClosedReason == Superseded && a.WithdrawnBy == "")
	case Closed:
		return a.ClosedReason == DissolvedMatch
	}
	return false
}

// forget erases what the person wrote, when the account is deleted.
func (a *Application) forget() {
	a.Motivation, a.Reason, a.Comment, a.WithdrawnBy = "", "", "", ""
	for i := range a.Answers {
		a.Answers[i].Answer = ""
	}
}
