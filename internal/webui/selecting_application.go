package webui

import (
	"strconv"

	"github.com/orynda/orynda/internal/agreements"
	"github.com/orynda/orynda/internal/interviews"
	"github.com/orynda/orynda/internal/notifications/dates"
	"github.com/orynda/orynda/internal/selection"
	"github.com/orynda/orynda/internal/storage"
	"github.com/orynda/orynda/web/pages/selecting"
	"github.com/orynda/orynda/web/ui"
)

// staffView reads an application for the place's enterprise and its interviewer; for others there is none.
func (s *site) staffView(v *visit, applicationID string) (*selection.View, error) {
	view, err := s.studentView(v, applicationID)
	if err == nil && !view.Viewer.Staff() {
		return nil, forbidden()
	}
	return view, err
}

// selected is the page of one applicant. invite and refuse are its forms as they were typed.
func (s *site) selected(v *visit, view *selection.View, invite, refuse *ui.Form) (selecting.Application, error) {
	app, now := view.App, s.Clock.Now()
	d := selecting.Application{
		ID: app.ID, Name: view.Applicant.FullName, AppState: v.say("state.application." + string(app.State)), Kind: kindOf(app.State), Rows: v.applicantRows(view),
		Fit: v.marks(view.Fit), Email: view.Applicant.Email, Phone: view.Applicant.Phone, Motivation: app.Motivation, Steps: v.stepsFor(view),
		Invite: invite, Refuse: refuse, Reasons: v.rejectReasons(),
	}
	var err error
	if _, d.Head, err = s.selectingHeadOf(v, app.PlacementID, ""); err != nil {
		return d, err
	}
	for _, a := range app.Answers {
		d.Answers = append(d.Answers, selecting.Answer{Question: a.Question, Answer: a.Answer})
	}
	if app.State == selection.Withdrawn {
		d.Outcome, d.Comment = app.Reason, ""
	} else {
		d.Comment = app.Comment
	}
	if view.Viewer == selection.ViewEnterprise {
		d.Shortlist = would(app, func(a *selection.Application) error { return a.Shortlist(now, false, "") })
		d.Consider = would(app, func(a *selection.Application) error { return a.Consider(now, "") })
		d.Reject = app.State.Live()
	}
	st, err := s.wholeStanding(v, view)
	if err != nil {
		return d, err
	}
	d.Way = v.staffWay(st, view)
	for _, l := range v.history(st) {
		d.History = append(d.History, selecting.Line{When: l.When, What: l.What})
	}
	d.Card, err = s.cardOf(v, app)
	return d, err
}

// staffWay is the way of an application as the enterprise reads it.
func (v *visit) staffWay(st standing, view *selection.View) ui.Way {
	way := wayOf(st, v.words())
	if view.App.State.Live() {
		if says, mine, clock := v.nextOf(view); says != "" {
			way.Says, way.Mine, way.Clock = says, mine && (view.Viewer == selection.ViewEnterprise || nextKey(view) == "scorecard"), clock
		}
		return way
	}
	if st.Agreement != nil && !way.Left && !way.Done {
		turn := turnOf(st.Agreement.Waiting, func(p agreements.Party) bool { return p == agreements.ByEnterprise })
		way.Mine = turn != nil && turn.Party == agreements.ByEnterprise && view.Viewer == selection.ViewEnterprise
	}
	return way
}

// applicantRows are the applicant as the reader may see them now.
func (v *visit) applicantRows(view *selection.View) []ui.Row {
	a := view.Applicant
	rows := []ui.Row{{Term: v.say("site.selecting.row.kind"), Text: v.say("site.selecting.kind." + string(a.Kind))}}
	add := func(key, text, note string) {
		rows = append(rows, ui.Row{Term: v.say("site.selecting.row." + key), Text: text, Note: note})
	}
	if a.College != nil {
		add("college", a.College.Name, "")
	}
	if e := a.Enrolment; e != nil {
		if t, ok := v.site.Reference.Trade(e.QualificationCode); ok {
			add("trade", t.Name.In(v.lang), "")
		} else if sp, ok := v.site.Reference.Specialty(e.SpecialtyCode); ok {
			add("trade", sp.Name.In(v.lang), "")
		} else if p, ok := v.site.Reference.Programme(e.ProgrammeCode); ok {
			add("trade", p.Name.In(v.lang), "")
		}
		if e.Course > 0 {
			add("course", strconv.Itoa(e.Course), "")
		}
	}
	if a.EnrolmentKnown {
		if a.EnrolmentComplete {
			add("enrolment", v.say("site.selecting.enrolment.yes"), "")
		} else {
			add("enrolment", v.say("site.selecting.enrolment.no"), v.say("site.selecting.enrolment.note"))
		}
	}
	if a.AgeBand != "" {
		add("age", v.say("site.selecting.age."+a.AgeBand), "")
	}
	add("applied", dates.Moment(v.lang, view.App.CreatedAt), "")
	return rows
}

// cardOf is the scorecard of an application, nil without one.
func (s *site) cardOf(v *visit, app *selection.Application) (*selecting.Card, error) {
	if app.Outcome == nil {
		return nil, nil //nolint:nilnil // documented
	}
	c, err := s.Interviews.ScorecardOf(v.ctx(), app.ID)
	if storage.IsNotFound(err) {
		return nil, nil //nolint:nilnil // documented
	}
	if err != nil {
		return nil, err
	}
	return v.card(c, app), nil
}

func (v *visit) card(c *interviews.Scorecard, app *selection.Application) *selecting.Card {
	out := &selecting.Card{
		Average: fraction(v.ctx(), c.Average), Recommendation: v.say("recommendation." + string(c.Recommendation)), Kind: recommendationKind(c.Recommendation),
		Note: c.Note, When: dates.Moment(v.lang, c.CreatedAt),
	}
	for _, p := range c.Criteria {
		out.Points = append(out.Points, selecting.Point{Name: p.Name, Score: p.Score})
	}
	if would(app, func(a *selection.Application) error {
		return a.Score(selection.Outcome{Recommendation: c.Recommendation}, v.site.Clock.Now())
	}) {
		out.Correct = "/bookings/" + c.BookingID + "/scorecard"
	}
	return out
}

// answerOne invites, keeps waiting or refuses one applicant.
func (s *site) answerOne(v *visit) error {
	f, id := v.form(), v.param("id")
	act := f.Value("act")
	app, err := s.answer(v, f, act, id)
	if err == nil {
		if f.Value("back") == "board" {
			return v.goTo(applicantsPath(app.PlacementID, "board", "", "", ""), "selecting."+act)
		}
		return v.goTo("/applications/"+id, "selecting."+act)
	}
	view, wrong := s.staffView(v, id)
	if wrong != nil {
		return wrong
	}
	if !v.refused(err, f, func(field string) string {
		if field == "comment" && act == "shortlist" {
			return "word"
		}
		return field
	}) {
		return err
	}
	f.Labels = map[string]string{
		"reason": v.say("site.selecting.reject.reason"), "comment": v.say("site.selecting.reject.comment"), "word": v.say("site.selecting.invite.word"),
	}
	invite, refuse := &ui.Form{}, &ui.Form{}
	d, wrong := s.selected(v, view, invite, refuse)
	if wrong != nil {
		return wrong
	}
	switch {
	case act == "shortlist" && d.Shortlist:
		d.Invite = f
	case act == "reject" && d.Reject:
		d.Refuse = f
	default: // the form it came from is gone: the step is no longer possible
		return v.refusedAct(err, "/applications/"+id)
	}
	return v.again(selecting.ApplicationPage(d))
}
