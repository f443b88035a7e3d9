package selection

import (
	"time"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"
)

func (a *Application) stopClock() { a.ClockFrom, a.AnswerBy, a.Reminders = "", "", 0 }

// StartClock makes it the enterprise's turn from now on, unless its clock runs already. In reserve and while offered there is no clock.
func (a *Application) StartClock(now time.Time) { a.startClock(cal.DayOf(now)) }

func (a *Application) startClock(from cal.Day) {
	if a.AnswerBy != "" || a.State == Reserve || a.State == Offered || !a.State.Live() {
		return
	}
	a.ClockFrom = from
	a.AnswerBy = from.Add(AnswerDays)
}

// PauseClock ends the enterprise's turn because the next step is the applicant's: times are on offer.
func (a *Application) PauseClock() { a.stopClock() }

// Turn reports whether the next step is the enterprise's. While an interview lies ahead its clock is set but nobody waits for the enterprise.
func (a *Application) Turn(now time.Time) bool {
	return a.AnswerBy != "" && !a.ahead(now)
}

// ahead reports whether a booked interview isn't over yet.
func (a *Application) ahead(now time.Time) bool {
	return a.State == Interviewing && !a.Missed && a.Interview != nil && now.Before(a.Interview.EndsAt)
}

// Consider gives the enterprise ConsiderDays more, once: Conflict already_considered, or wrong_state when it isn't its turn.
func (a *Application) Consider(now time.Time, comment string) error {
	if !a.ConsideredAt.IsZero() {
		return errs.New(errs.Conflict, "already_considered")
	}
	if !a.Turn(now) || a.Overdue(cal.DayOf(now)) {
		return a.wrongState()
	}
	a.ConsideredAt, a.UpdatedAt, a.Comment = now, now, comment
	a.AnswerBy = a.AnswerBy.Add(ConsiderDays)
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

// RemindersDue counts the reminders of the running turn whose day has come, 0 once the turn is over.
func (a *Application) RemindersDue(today cal.Day) int {
	if a.ClockFrom == "" || a.Overdue(today) {
		return 0
	}
	due := 0
	for _, d := range ReminderDays() {
		if a.ClockFrom.Add(d) <= today {
			due++
		}
	}
	return due
}

// nextClock is the next day on which the clock does something: a reminder, or the end.
func (a *Application) nextClock() cal.Day {
	end := a.AnswerBy.Add(1)
	if days := ReminderDays(); a.Reminders < len(days) {
		return min(a.ClockFrom.Add(days[a.Reminders]), end)
	}
	return end
}

// Parties and actions of a [Wait].
const (
	WaitsForStudent    = "student"
	WaitsForEnterprise = "enterprise"
	WaitsForCollege    = "college"
)

// Wait says who must act next and until when; Until is zero where no clock runs.
type Wait struct {
	Party, Action string
	Until         time.Time
}

// WaitingFor says whose turn it is, nil when it is nobody's: in reserve and at the end. confirmed says whether the applicant's enrolment is (a
// citizen needs none).
func (a *Application) WaitingFor(now time.Time, confirmed bool) *Wait {
	enterprise := func(action string) *Wait {
		w := &Wait{Party: WaitsForEnterprise, Action: action}
		if a.AnswerBy != "" {
			w.Until = a.AnswerBy.End()
		}
		return w
	}
	switch {
	case a.State == Submitted, a.State == Interviewing && a.Missed:
		return enterprise("answer")
	case a.State == Shortlisted && a.AnswerBy == "":
		return &Wait{Party: WaitsForStudent, Action: "choose_time"}
	case a.State == Shortlisted:
		return enterprise("offer_times")
	case a.State == Interviewing && a.ahead(now):
		return &Wait{Party: WaitsForStudent, Action: "attend", Until: a.Interview.StartsAt}
	case a.State == Interviewing, a.State == Interviewed && a.Outcome == nil:
		return enterprise("record_result")
	case a.State == Interviewed && a.Outcome.Recommends() && !confirmed:
		w := enterprise("confirm_enrolment")
		w.Party = WaitsForCollege
		return w
	case a.State == Interviewed:
		return enterprise("decide")
	case a.State == Offered:
		return &Wait{Party: WaitsForStudent, Action: "answer_offer", Until: a.OfferUntil}
	}
	return nil
}
