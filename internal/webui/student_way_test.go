package webui

import (
	"strings"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/agreements"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/interviews"
	"github.com/orynda/orynda/internal/placements/rules"
	"github.com/orynda/orynda/internal/selection"
	"github.com/orynda/orynda/web/ui"
)

// keys says every sentence as its key, with what is inserted.
func keys() words {
	return words{
		say: func(key string, pairs ...any) string {
			out := strings.TrimPrefix(key, "site.student.way.")
			for i := 1; i < len(pairs); i += 2 {
				out += " " + pairs[i].(string)
			}
			return out
		},
		when: func(t time.Time) string { return t.UTC().Format("02 15:04") },
	}
}

func paperIn(state agreements.State, waiting ...agreements.Waiting) *agreements.Summary {
	return &agreements.Summary{Agreement: &agreements.Agreement{State: state, Regime: rules.R50}, Waiting: waiting}
}

func underR361(s *agreements.Summary) *agreements.Summary {
	s.Agreement.Regime = rules.R361
	return s
}

// Every state of an application and of its agreement, with whose turn it is.
func TestWay(t *testing.T) {
	now := time.Date(2026, 9, 10, 6, 0, 0, 0, time.UTC)
	today := cal.DayOf(now)
	app := func(state selection.State, change ...func(*selection.Application)) *selection.Application {
		a := &selection.Application{State: state, Regime: string(rules.R50)}
		for _, c := range change {
			c(a)
		}
		return a
	}
	clock := func(a *selection.Application) { a.ClockFrom, a.AnswerBy = today, today.Add(15) }
	r361 := func(a *selection.Application) { a.Regime = string(rules.R361) }
	met := func(a *selection.Application) {
		a.Interview = &selection.Interview{StartsAt: now.Add(time.Hour), EndsAt: now.Add(2 * time.Hour), Live: true}
	}
	sign := agreements.Waiting{Party: agreements.ByStudent, Action: agreements.ActSign, Until: today.Add(3)}
	guardianSigns := agreements.Waiting{Party: agreements.ByGuardian, Action: agreements.ActSign, Until: today.Add(3)}
	fill := agreements.Waiting{Party: agreements.ByCollege, Action: agreements.ActFillIn, Until: today.Add(9)}
	counter := agreements.Waiting{Party: agreements.ByCollege, Action: agreements.ActCountersign, Until: today.Add(3)}
	register := agreements.Waiting{Party: agreements.ByChamber, Action: agreements.ActRegister, Until: today.Add(3)}
	type want struct {
		at         ui.Station
		says       string
		mine, done bool
		left       bool
		clock      bool
		stations   bool // five: no register
	}
	for name, c := range map[string]struct {
		s    standing
		want want
	}{
		"submitted":                   {standing{App: app(selection.Submitted, clock), Own: true}, want{at: ui.AtInterview, says: "answer.other", clock: true}},
		"submitted, r361":             {standing{App: app(selection.Submitted, clock, r361), Own: true}, want{at: ui.AtInterview, says: "answer.other", clock: true, stations: true}},
		"shortlisted with times":      {standing{App: app(selection.Shortlisted), Own: true}, want{at: ui.AtInterview, says: "choose_time.mine", mine: true}},
		"shortlisted, a ward":         {standing{App: app(selection.Shortlisted), Guardian: true}, want{at: ui.AtInterview, says: "choose_time.other"}},
		"shortlisted without times":   {standing{App: app(selection.Shortlisted, clock), Own: true}, want{at: ui.AtInterview, says: "offer_times.other", clock: true}},
		"interview ahead":             {standing{App: app(selection.Interviewing, clock, met), Own: true}, want{at: ui.AtInterview, says: "attend 10 07:00", clock: true}},
		"interview over":              {standing{App: app(selection.Interviewing, clock), Own: true}, want{at: ui.AtInterview, says: "record_result.other", clock: true}},
		"interview missed twice":      {standing{App: app(selection.Interviewing, clock, func(a *selection.Application) { a.Missed = true }), Own: true}, want{at: ui.AtInterview, says: "missed.other", clock: true}},
		"interviewed":                 {standing{App: app(selection.Interviewed, clock), Own: true}, want{at: ui.AtSelection, says: "record_result.other", clock: true}},
		"interviewed, to be decided":  {standing{App: app(selection.Interviewed, clock, outcome), Own: true}, want{at: ui.AtSelection, says: "decide.other", clock: true}},
		"reserve":                     {standing{App: app(selection.Reserve), Own: true}, want{at: ui.AtSelection, says: "reserve"}},
		"offered":                     {standing{App: app(selection.Offered, func(a *selection.Application) { a.OfferUntil = now.Add(time.Hour) }), Own: true}, want{at: ui.AtSelection, says: "answer_offer.mine", mine: true, clock: true}},
		"offered, a ward":             {standing{App: app(selection.Offered, func(a *selection.Application) { a.OfferUntil = now.Add(time.Hour) }), Guardian: true}, want{at: ui.AtSelection, says: "answer_offer.other", clock: true}},
		"accepted, nothing known yet": {standing{App: app(selection.Accepted), Own: true}, want{at: ui.AtAgreement, says: "agreement"}},
		"draft":                       {standing{App: app(selection.Accepted), Own: true, Agreement: paperIn(agreements.Draft, fill)}, want{at: ui.AtAgreement, says: "fill_in.other agreement.party.college", clock: true}},
		"ready":                       {standing{App: app(selection.Accepted), Own: true, Agreement: paperIn(agreements.Ready, guardianSigns, sign)}, want{at: ui.AtAgreement, says: "sign.mine agreement.party.student", mine: true, clock: true}},
		"signing, the guardian's":     {standing{App: app(selection.Accepted), Guardian: true, Agreement: paperIn(agreements.Signing, sign, guardianSigns)}, want{at: ui.AtAgreement, says: "sign.mine agreement.party.guardian", mine: true, clock: true}},
		"signing, others":             {standing{App: app(selection.Accepted), Own: true, Agreement: paperIn(agreements.Signing, guardianSigns)}, want{at: ui.AtAgreement, says: "sign.other agreement.party.guardian", clock: true}},
		"awaiting":                    {standing{App: app(selection.Accepted), Own: true, Agreement: paperIn(agreements.Awaiting, counter)}, want{at: ui.AtCountersignature, says: "countersign.other agreement.party.college", clock: true}},
		"concluded":                   {standing{App: app(selection.Accepted), Own: true, Agreement: paperIn(agreements.Concluded, register)}, want{at: ui.AtRegister, says: "register.other agreement.party.chamber", clock: true}},
		"concluded, r361":             {standing{App: app(selection.Accepted, r361), Own: true, Agreement: underR361(paperIn(agreements.Concluded))}, want{at: ui.AtCountersignature, says: "agreement_concluded", done: true, stations: true}},
		"registered":                  {standing{App: app(selection.Accepted), Own: true, Agreement: paperIn(agreements.Registered)}, want{at: ui.AtRegister, says: "agreement_registered", done: true}},
		"completed":                   {standing{App: app(selection.Accepted), Own: true, Agreement: paperIn(agreements.Completed)}, want{at: ui.AtRegister, says: "agreement_completed", done: true}},
		"terminated":                  {standing{App: app(selection.Accepted), Own: true, Agreement: paperIn(agreements.Terminated)}, want{at: ui.AtRegister, says: "agreement_terminated", left: true}},
		"cancelled":                   {standing{App: app(selection.Accepted), Own: true, Agreement: paperIn(agreements.Cancelled)}, want{at: ui.AtAgreement, says: "agreement_cancelled", left: true}},
		"declined":                    {standing{App: app(selection.Declined, offered), Own: true}, want{at: ui.AtSelection, says: "declined", left: true}},
		"expired":                     {standing{App: app(selection.Expired, offered), Own: true}, want{at: ui.AtSelection, says: "expired", left: true}},
		"unanswered":                  {standing{App: app(selection.Unanswered), Own: true}, want{at: ui.AtInterview, says: "unanswered", left: true}},
		"unanswered after interview":  {standing{App: app(selection.Unanswered), Own: true, Booking: &interviews.Booking{State: interviews.Attended}}, want{at: ui.AtSelection, says: "unanswered", left: true}},
		"withdrawn":                   {standing{App: app(selection.Withdrawn), Own: true}, want{at: ui.AtInterview, says: "withdrawn", left: true}},
		"withdrawn by a match":        {standing{App: app(selection.Withdrawn, func(a *selection.Application) { a.ClosedReason = selection.Superseded }), Own: true}, want{at: ui.AtInterview, says: "withdrawn_because reason.closed.superseded", left: true}},
		"rejected":                    {standing{App: app(selection.Rejected, func(a *selection.Application) { a.RejectReason = "too_far" }), Own: true}, want{at: ui.AtInterview, says: "rejected reason.reject.too_far", left: true}},
		"closed with the place":       {standing{App: app(selection.Closed, func(a *selection.Application) { a.ClosedReason = selection.PlacementFilled }), Own: true}, want{at: ui.AtInterview, says: "closed_because reason.closed.placement_filled", left: true}},
		"closed with the match": {standing{App: app(selection.Closed, func(a *selection.Application) {
			a.ClosedReason, a.MatchID = selection.DissolvedMatch, "mat_1"
		}), Own: true}, want{at: ui.AtAgreement, says: "closed_because reason.closed.match_dissolved", left: true}},
	} {
		t.Run(name, func(t *testing.T) {
			s := c.s
			s.Wait = s.App.WaitingFor(now, true)
			way := wayOf(s, keys())
			got := want{at: way.At, says: way.Says, mine: way.Mine, done: way.Done, left: way.Left, clock: way.Clock != nil, stations: way.WithoutRegister}
			if got != c.want {
				t.Errorf("got %+v\nwant %+v", got, c.want)
			}
		})
	}
}

func outcome(a *selection.Application) {
	a.Outcome = &selection.Outcome{Recommendation: selection.RecommendSelect}
}

func offered(a *selection.Application) { a.OfferID = "off_1" }

// What waits for the reader comes first, an open offer before everything.
func TestRank(t *testing.T) {
	rank := func(state selection.State, mine bool, wait string) int {
		s := standing{App: &selection.Application{State: state}, Own: true}
		if wait != "" {
			s.Wait = &selection.Wait{Action: wait}
		}
		return s.rank(ui.Way{Mine: mine})
	}
	order := []int{
		rank(selection.Offered, true, "answer_offer"), rank(selection.Accepted, true, ""), rank(selection.Shortlisted, true, "choose_time"),
		rank(selection.Interviewing, false, "attend"), rank(selection.Submitted, false, "answer"), rank(selection.Reserve, false, ""),
	}
	for i := 1; i < len(order); i++ {
		if order[i] <= order[i-1] {
			t.Errorf("%v doesn't rise", order)
		}
	}
}

// Every sentence a way may say is in the catalogues.
func TestWaySentences(t *testing.T) {
	cat, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	all := []string{
		"reserve", "attend", "missed.other", "answer.other", "offer_times.other", "choose_time.mine", "choose_time.other", "record_result.other", "decide.other",
		"confirm_enrolment.other", "answer_offer.mine", "answer_offer.other", "rejected", "withdrawn", "withdrawn_because", "closed", "closed_because", "declined",
		"expired", "unanswered", "agreement", "fill_in.mine", "fill_in.other", "sign.mine", "sign.other", "record_enrolment.other", "make_ready.other",
		"countersign.other", "register.other", "mend_defects.other", "confirm_completion.other",
	}
	for _, state := range []agreements.State{
		agreements.Draft, agreements.Ready, agreements.Signing, agreements.Awaiting, agreements.Concluded, agreements.Registered, agreements.Completed,
		agreements.Terminated, agreements.Cancelled,
	} {
		all = append(all, "agreement_"+string(state))
	}
	for _, key := range all {
		if !cat.Has("site.student.way." + key) {
			t.Errorf("no sentence site.student.way.%s", key)
		}
	}
}
