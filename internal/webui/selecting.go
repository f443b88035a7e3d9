package webui

import (
	"slices"
	"strings"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/selection"
	"github.com/orynda/orynda/web/pages/enterprise"
	"github.com/orynda/orynda/web/pages/selecting"
	"github.com/orynda/orynda/web/ui"
)

// selectingRoutes are the pages on which an enterprise chooses among a place's applicants. The pages of an application, an interview and an offer have one
// address for both sides: see dispatch.go.
func (s *site) selectingRoutes() {
	s.own("/placements/:id/applicants", s.applicantsPage)
	s.change("/placements/:id/applicants", s.answerMany)
	s.change("/applications/:id/answer", s.answerOne)
	s.own("/applications/:id/offer", s.newOfferPage)
	s.change("/applications/:id/offer", s.makeOffer)
	s.change("/offers/:id/withdraw", s.withdrawOffer)
	s.own("/placements/:id/slots", s.slotList)
	s.own("/placements/:id/slots/new", s.newSlotsPage)
	s.change("/placements/:id/slots/new", s.newSlots)
	s.own("/slots/:id/cancel", s.cancelSlotPage)
	s.change("/slots/:id/cancel", s.cancelSlot)
	s.change("/bookings/:id/attendance", s.recordAttendance)
	s.change("/bookings/:id/call-off", s.callOff)
	s.own("/bookings/:id/scorecard", s.scorecardPage)
	s.change("/bookings/:id/scorecard", s.recordScorecard)
	s.own("/placements/:id/ranking", s.rankingPage)
	s.change("/placements/:id/ranking", s.rank)
}

// selectingPlace reads a place for its enterprise's people; for others there is none.
func (s *site) selectingPlace(v *visit, at string) (*placements.View, selecting.Head, error) {
	view, _, err := s.ownPlaceOf(v)
	if err != nil {
		return nil, selecting.Head{}, err
	}
	return view, v.selectingHead(view, at), nil
}

// selectingHeadOf is selectingPlace for a page whose address names something else of the place.
func (s *site) selectingHeadOf(v *visit, placementID, at string) (*placements.View, selecting.Head, error) {
	view, err := s.Placements.Get(v.ctx(), v.actor, placementID)
	if err != nil {
		return nil, selecting.Head{}, err
	}
	if view.Gone || !view.Inner {
		return nil, selecting.Head{}, errs.New(errs.NotFound, "not_found")
	}
	return view, v.selectingHead(view, at), nil
}

func (v *visit) selectingHead(view *placements.View, at string) selecting.Head {
	p := view.Place
	h := selecting.Head{
		Place: p.ID, Title: p.Title, Reference: p.Reference, State: enterprise.PlaceState(v.ctx(), p), Enterprise: p.EnterpriseID, Open: p.State != placements.Closed,
		At: at, Hires: enterpriseHead(v, view.Enterprise, "").Hires, Seats: seatRow(view),
	}
	switch p.State {
	case placements.Published:
		h.StateKind = "good"
	case placements.Paused, placements.Selecting:
		h.StateKind = "wait"
	}
	return h
}

// seatRow is the row of a place's squares: open offers hold, matches take.
func seatRow(view *placements.View) ui.Seats {
	taken, held := len(view.Sheet.Taken), 0
	if view.SeatUse {
		held = min(view.Offers, taken)
	}
	return ui.Seats{Free: view.Sheet.Free(), Taken: taken - held, Held: held}
}

// typed is what stands in a field, without the blanks around it.
func typed(f *ui.Form, field string) string { return strings.TrimSpace(f.Value(field)) }

// would reports whether the rules would let an application take a step now. The application stays as it is.
func would(app *selection.Application, step func(*selection.Application) error) bool {
	copied := *app
	return step(&copied) == nil
}

// kindOf is the badge of an application's state.
func kindOf(s selection.State) string {
	switch s {
	case selection.Accepted, selection.Interviewed, selection.Reserve:
		return "good"
	case selection.Submitted, selection.Shortlisted, selection.Interviewing, selection.Offered:
		return "wait"
	case selection.Closed:
		return ""
	}
	return "bad"
}

// recommendationKind is the badge of a scorecard's advice.
func recommendationKind(r selection.Recommendation) string {
	switch r {
	case selection.RecommendSelect:
		return "good"
	case selection.RecommendReserve:
		return "wait"
	}
	return "bad"
}

func (v *visit) rejectReasons() []ui.Option {
	var out []ui.Option
	for _, r := range selection.RejectReasons() {
		out = append(out, ui.Option{Value: string(r), Label: v.say("reason.reject." + string(r))})
	}
	return out
}

func knownReason(r string) bool {
	return slices.Contains(selection.RejectReasons(), selection.RejectReason(r))
}

// marks says how an applicant fits, in words. What can't be said is left out.
func (v *visit) marks(f *selection.Fit) []selecting.Mark {
	if f == nil {
		return nil
	}
	var out []selecting.Mark
	add := func(name string, yes *bool) {
		switch {
		case yes == nil:
		case *yes:
			out = append(out, selecting.Mark{Kind: "good", Word: v.say("site.selecting.fit." + name + ".yes")})
		default:
			out = append(out, selecting.Mark{Kind: "bad", Word: v.say("site.selecting.fit." + name + ".no")})
		}
	}
	add("trade", f.Trade)
	add("dates", f.Dates)
	add("age", f.AgeRule)
	if f.DistanceKM != nil {
		out = append(out, selecting.Mark{Word: v.say("site.selecting.fit.distance", "km", ui.Number(int(*f.DistanceKM)))})
	}
	return out
}

// studies is where and what an applicant learns, in one line.
func (v *visit) studies(a selection.Applicant) string {
	if a.College == nil {
		return ""
	}
	course := ""
	if a.Enrolment != nil && a.Enrolment.Course > 0 {
		course = v.say("site.selecting.course", "course", a.Enrolment.Course)
	}
	return joined(", ", a.College.Name, course)
}

// nextKey is the word for what comes next: whose turn it is comes from selection.
func nextKey(view *selection.View) string {
	app, w := view.App, view.Wait
	switch {
	case w == nil && app.State == selection.Reserve:
		return "reserve"
	case w == nil:
		return ""
	case w.Action == "answer" && app.Missed:
		return "missed"
	case w.Action == "record_result" && app.State == selection.Interviewed:
		return "scorecard"
	case w.Action == "decide" && !app.Outcome.Recommends():
		return "decide_against"
	}
	return w.Action
}

// nextOf says what comes next for the enterprise, when it is its turn, and until when.
func (v *visit) nextOf(view *selection.View) (says string, mine bool, clock *ui.Clock) {
	key := nextKey(view)
	if key == "" {
		return "", false, nil
	}
	if view.Wait == nil {
		return v.say("site.selecting.next." + key), false, nil
	}
	mine = view.Wait.Party == selection.WaitsForEnterprise
	pairs := []any{}
	if key == "attend" {
		pairs = []any{"when", v.words().when(view.Wait.Until)}
	}
	if !view.Wait.Until.IsZero() {
		clock = answerClock(view)
	}
	return v.say("site.selecting.next."+key, pairs...), mine, clock
}
