package webui

import (
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/orynda/orynda/internal/agreements"
	"github.com/orynda/orynda/internal/interviews"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/selection"
	"github.com/orynda/orynda/web/ui"
)

// standing is what is known of one application when its way is drawn. Only App is always there.
type standing struct {
	App       *selection.Application
	Wait      *selection.Wait // whose turn it is, as selection says
	Booking   *interviews.Booking
	Offer     *selection.Offer
	Agreement *agreements.Summary
	Own       bool // the reader is the applicant
	Guardian  bool // the reader is the applicant's guardian
}

// words are what a way is told with: sentences of the catalogues, and an instant as people write it.
type words struct {
	say  func(key string, pairs ...any) string
	when func(time.Time) string
}

// wayOf draws where an application stands between search and register, who must act and until when (domain.md, life cycles). It decides nothing:
// whose turn it is comes from selection and agreements.
func wayOf(s standing, w words) ui.Way {
	way := ui.Way{WithoutRegister: s.App.Regime == string(placements.R361), At: ui.AtInterview}
	switch {
	case s.App.State == selection.Accepted:
		s.agreed(&way, w)
	case !s.App.State.Live():
		way.At, way.Left, way.Says = s.furthest(), true, s.farewell(w)
	default:
		s.underway(&way, w)
	}
	return way
}

// underway is the way of a live application.
func (s standing) underway(way *ui.Way, w words) {
	if s.App.State == selection.Interviewed || s.App.State == selection.Reserve || s.App.State == selection.Offered {
		way.At = ui.AtSelection
	}
	if s.Wait == nil {
		way.Says = w.say("site.student.way.reserve")
		return
	}
	action := s.Wait.Action
	switch {
	case action == "answer" && s.App.Missed:
		action = "missed"
	case action == "attend":
		way.Says = w.say("site.student.way.attend", "when", w.when(s.Wait.Until))
		way.Clock = &ui.Clock{Until: s.Wait.Until}
		return
	}
	way.Mine = s.Own && s.Wait.Party == selection.WaitsForStudent
	way.Says = w.say("site.student.way." + action + side(way.Mine))
	if !s.Wait.Until.IsZero() {
		way.Clock = &ui.Clock{From: s.since(), Until: s.Wait.Until}
	}
}

// since is when the running clock began, zero where that isn't known.
func (s standing) since() time.Time {
	switch {
	case s.App.State == selection.Offered && s.Offer != nil:
		return s.Offer.CreatedAt
	case s.App.State != selection.Offered && s.App.ClockFrom.Valid():
		return s.App.ClockFrom.Start()
	}
	return time.Time{}
}

// furthest is the station at which an application that ended was left.
func (s standing) furthest() ui.Station {
	a := s.App
	switch {
	case a.MatchID != "":
		return ui.AtAgreement
	case a.OfferID != "", s.Booking != nil && s.Booking.State == interviews.Attended:
		return ui.AtSelection
	}
	return ui.AtInterview
}

// farewell says how an application ended.
func (s standing) farewell(w words) string {
	a := s.App
	switch {
	case a.State == selection.Rejected:
		return w.say("site.student.way.rejected", "reason", lowered(w.say("reason.reject."+string(a.RejectReason))))
	case a.State == selection.Withdrawn && a.ClosedReason != "", a.State == selection.Closed && a.ClosedReason != "":
		return w.say("site.student.way."+string(a.State)+"_because", "reason", lowered(w.say("reason.closed."+string(a.ClosedReason))))
	}
	return w.say("site.student.way." + string(a.State))
}

// agreed is the way from the match on.
func (s standing) agreed(way *ui.Way, w words) {
	way.At = ui.AtAgreement
	if s.Agreement == nil {
		way.Says = w.say("site.student.way.agreement")
		return
	}
	*way = wayOfAgreement(s.Agreement.Agreement, s.Agreement.Waiting, s.mine, w, "site.student.way.")
}

func (s standing) mine(p agreements.Party) bool {
	return s.Own && p == agreements.ByStudent || s.Guardian && p == agreements.ByGuardian
}

// finished reports whether nothing more will happen on the way.
func (s standing) finished() bool {
	if s.App.State.Live() {
		return false
	}
	if s.App.State != selection.Accepted {
		return true
	}
	return s.Agreement != nil && !s.Agreement.Agreement.State.Live()
}

// rank orders the ways: what waits for the reader first, open offers before all, then what lies ahead, what others must do, and what has arrived.
func (s standing) rank(way ui.Way) int {
	switch {
	case s.App.State == selection.Offered && way.Mine:
		return 0
	case s.App.State == selection.Accepted && way.Mine:
		return 1
	case way.Mine:
		return 2
	case s.Wait != nil && s.Wait.Action == "attend":
		return 3
	case s.App.State == selection.Offered:
		return 4
	case way.Done:
		return 7
	case s.App.State == selection.Reserve:
		return 6
	}
	return 5
}

// lowered begins a text with a small letter, because it stands within a sentence.
func lowered(text string) string {
	r, size := utf8.DecodeRuneInString(text)
	if size == 0 {
		return text
	}
	return string(unicode.ToLower(r)) + text[size:]
}
