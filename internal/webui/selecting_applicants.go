package webui

import (
	"net/url"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/notifications/dates"
	"github.com/orynda/orynda/internal/selection"
	"github.com/orynda/orynda/web/pages/selecting"
	"github.com/orynda/orynda/web/ui"
)

// How many applicants a page looks at.
const (
	applicantsPerPage = 25
	applicantsBoard   = 100 // on the board, the most urgent ones
	mostAnswered      = 100 // in one bulk answer
)

// Filters of the list beside the single states.
const (
	liveApplicants  = ""
	endedApplicants = "ended"
	everyApplicant  = "all"
)

func endedStates() []selection.State {
	return []selection.State{
		selection.Rejected, selection.Unanswered, selection.Declined, selection.Expired, selection.Withdrawn, selection.Closed,
	}
}

// boardStates are the columns of the board, in the order of the way.
func boardStates() []selection.State {
	return append(selection.LiveStates(), selection.Accepted)
}

func (s *site) applicantsPage(v *visit) error {
	d, err := s.applicantsOf(v, &ui.Form{})
	if err != nil {
		return err
	}
	return v.show(selecting.ApplicantsPage(d))
}

// applicantsOf gathers the list that the address asks for.
func (s *site) applicantsOf(v *visit, f *ui.Form) (selecting.Applicants, error) {
	view, head, err := s.selectingPlace(v, "applicants")
	if err != nil {
		return selecting.Applicants{}, err
	}
	d := selecting.Applicants{Head: head, Form: f, Board: v.query("view") == "board", Reasons: v.rejectReasons()}
	counts, err := s.Selection.CountOfPlacement(v.ctx(), v.actor, view.Place.ID)
	if err != nil {
		return d, err
	}
	d.All, d.Waiting = counts.All, counts.Waiting
	state, sort := v.query("state"), v.query("sort")
	d.Action = applicantsPath(head.Place, "", state, sort, v.query("cursor"))
	d.Views = []ui.Tab{
		{Path: applicantsPath(head.Place, "", state, sort, ""), Label: v.say("site.selecting.applicants.rows"), Current: !d.Board},
		{Path: applicantsPath(head.Place, "board", "", "", ""), Label: v.say("site.selecting.applicants.board"), Current: d.Board},
	}
	if d.Board {
		d.Columns, err = s.boardOf(v, view.Place.ID)
		return d, err
	}
	d.Filters = v.applicantFilters(head.Place, state, sort, counts)
	for _, one := range []selection.Sort{selection.SortDeadline, selection.SortNewest, selection.SortOldest} {
		d.Sorts = append(d.Sorts, selecting.Choice{
			Path: applicantsPath(head.Place, "", state, string(one), ""), Label: v.say("site.selecting.sort." + string(one)),
			Current: string(one) == sort || sort == "" && one == selection.SortDeadline,
		})
	}
	return d, s.applicantRows(v, &d, state, sort)
}

// applicantRows reads one page of rows.
func (s *site) applicantRows(v *visit, d *selecting.Applicants, state, sort string) error {
	after, err := v.cursor()
	if err != nil {
		return err
	}
	q := selection.Filter{Sort: selection.Sort(sort), Cursor: after, Limit: applicantsPerPage}
	switch state {
	case liveApplicants:
		q.Live = true
	case endedApplicants:
		q.States = endedStates()
	case everyApplicant:
	default:
		q.States = []selection.State{selection.State(state)}
	}
	page, err := s.Selection.ListOfPlacement(v.ctx(), v.actor, d.Place, q)
	if err != nil {
		return err
	}
	if d.Items, err = s.applicantItems(v, page.Items); err != nil {
		return err
	}
	if !page.Next.IsZero() {
		d.Next = applicantsPath(d.Place, "", state, sort, page.Next.String())
	}
	return nil
}

func applicantsPath(place, view, state, sort, cursor string) string {
	q := url.Values{}
	for name, value := range map[string]string{"view": view, "state": state, "sort": sort, "cursor": cursor} {
		if value != "" {
			q.Set(name, value)
		}
	}
	path := "/placements/" + place + "/applicants"
	if len(q) > 0 {
		path += "?" + q.Encode()
	}
	return path
}

// applicantFilters are the states that there are, with how many.
func (v *visit) applicantFilters(place, state, sort string, counts selection.Counts) []selecting.Choice {
	choice := func(value, label string, n int) selecting.Choice {
		return selecting.Choice{Path: applicantsPath(place, "", value, sort, ""), Label: label, Count: n, Current: value == state}
	}
	out := []selecting.Choice{choice(liveApplicants, v.say("site.selecting.filter.live"), counts.Of(selection.LiveStates()...))}
	for _, one := range boardStates() {
		if n := counts.Of(one); n > 0 || string(one) == state {
			out = append(out, choice(string(one), v.say("state.application."+string(one)), n))
		}
	}
	if n := counts.Of(endedStates()...); n > 0 || state == endedApplicants {
		out = append(out, choice(endedApplicants, v.say("site.selecting.filter.ended"), n))
	}
	if counts.All > out[0].Count || state == everyApplicant {
		out = append(out, choice(everyApplicant, v.say("site.selecting.filter.all"), counts.All))
	}
	return out
}

// boardOf puts the applicants that are on the way into their columns.
func (s *site) boardOf(v *visit, placementID string) ([]selecting.Column, error) {
	page, err := s.Selection.ListOfPlacement(v.ctx(), v.actor, placementID, selection.Filter{States: boardStates(), Limit: applicantsBoard})
	if err != nil {
		return nil, err
	}
	items, err := s.applicantItems(v, page.Items)
	if err != nil {
		return nil, err
	}
	var out []selecting.Column
	for _, state := range boardStates() {
		c := selecting.Column{State: string(state), Name: v.say("state.application." + string(state))}
		for i, app := range page.Items {
			if app.State == state {
				c.Items = append(c.Items, items[i])
			}
		}
		out = append(out, c)
	}
	return out, nil
}

// applicantItems shows applications as the reader may see them.
func (s *site) applicantItems(v *visit, apps []*selection.Application) ([]selecting.Applicant, error) {
	views, err := s.Selection.Views(v.ctx(), v.actor, apps)
	if err != nil {
		return nil, err
	}
	out := make([]selecting.Applicant, 0, len(views))
	for _, view := range views {
		out = append(out, v.applicantItem(view))
	}
	return out, nil
}

func (v *visit) applicantItem(view *selection.View) selecting.Applicant {
	app, now := view.App, v.site.Clock.Now()
	a := selecting.Applicant{
		ID: app.ID, Name: view.Applicant.FullName, State: v.say("state.application." + string(app.State)), StateKind: kindOf(app.State), Studies: v.studies(view.Applicant),
		Applied: v.say("site.selecting.applied", "when", dates.Short(v.lang, app.CreatedAt)), Fit: v.marks(view.Fit),
		Shortlist: would(app, func(a *selection.Application) error { return a.Shortlist(now, false, "") }), Reject: app.State.Live(),
	}
	if view.Applicant.AgeBand != "" {
		a.Age = v.say("site.selecting.age." + view.Applicant.AgeBand)
	}
	a.Next, a.Mine, a.Clock = v.nextOf(view)
	if view.Viewer == selection.ViewEnterprise || nextKey(view) == "scorecard" {
		a.Steps = v.stepsFor(view)
	}
	return a
}

// stepsFor are the pages on which an applicant is taken on.
func (v *visit) stepsFor(view *selection.View) []selecting.Step {
	app, id := view.App, "/applications/"+view.App.ID
	var out []selecting.Step
	add := func(path, key, kind string) {
		out = append(out, selecting.Step{Path: path, Label: v.say("site.selecting.step." + key), Kind: kind})
	}
	hires := view.Viewer == selection.ViewEnterprise
	switch nextKey(view) {
	case "offer_times":
		if hires {
			add("/placements/"+app.PlacementID+"/slots/new", "offer_times", "")
		}
	case "attend":
		add("/bookings/"+app.Interview.BookingID, "booking", "quiet")
	case "record_result":
		if app.Interview != nil {
			add("/bookings/"+app.Interview.BookingID, "attendance", "")
		}
	case "scorecard":
		if app.Interview != nil {
			add("/bookings/"+app.Interview.BookingID+"/scorecard", "scorecard", "")
		}
	}
	if !hires {
		return out
	}
	switch {
	case app.State == selection.Offered:
		add("/offers/"+app.OfferID, "offer", "quiet")
	case app.State == selection.Accepted && app.AgreementID != "":
		add("/agreements/"+app.AgreementID, "agreement", "quiet")
	case app.CanOffer("-") == nil && app.Outcome.Recommends():
		add(id+"/offer", "make_offer", "")
	case app.CanOffer("-") == nil:
		add(id+"/offer", "make_offer", "quiet")
	}
	if app.Outcome != nil && (app.State == selection.Interviewed || app.State == selection.Reserve) {
		add("/placements/"+app.PlacementID+"/ranking", "ranking", "quiet")
	}
	return out
}

// answerMany invites or refuses the chosen applicants, each on its own, and tells what came of each.
func (s *site) answerMany(v *visit) error {
	f := v.form()
	act, ids := f.Value("act"), f.All("app")
	if err := bulkFault(f, act, ids); err != nil {
		d, wrong := s.applicantsOf(v, f)
		if wrong != nil {
			return wrong
		}
		v.refused(err, f, nil)
		f.Labels = map[string]string{
			"app": v.say("site.selecting.tab.applicants"), "reason": v.say("site.selecting.reject.reason"), "comment": v.say("site.selecting.reject.comment"),
		}
		for i, e := range f.Errors {
			if e.Field == "app" && len(ids) == 0 {
				f.Errors[i].Message = v.say("site.selecting.bulk.none")
			}
		}
		return v.again(selecting.ApplicantsPage(d))
	}
	if _, _, err := s.selectingPlace(v, ""); err != nil {
		return err
	}
	results, done, err := s.answerEach(v, f, act, ids)
	if err != nil {
		return err
	}
	d, err := s.applicantsOf(v, &ui.Form{})
	if err != nil {
		return err
	}
	d.Results, d.Says = results, v.say("site.selecting.bulk."+act+"_said", "done", done, "all", len(ids))
	return v.show(selecting.ApplicantsPage(d))
}

// bulkFault is what is wrong with a bulk answer before anybody is answered.
func bulkFault(f *ui.Form, act string, ids []string) error {
	var bad []errs.Field
	if len(ids) == 0 {
		bad = append(bad, errs.Field{Field: "app", Code: "required"})
	}
	if len(ids) > mostAnswered {
		bad = append(bad, errs.Field{Field: "app", Code: "too_many", Params: map[string]any{"max": mostAnswered}})
	}
	switch act {
	case "shortlist":
	case "reject":
		if !knownReason(f.Value("reason")) {
			bad = append(bad, errs.Field{Field: "reason", Code: "required"})
		}
	default:
		return errs.New(errs.Invalid, "bad_request")
	}
	// One word goes to everybody: when it is too long, nobody gets it.
	return errs.InvalidFields(append(bad, errs.Longer("comment", typed(f, "comment"), selection.MostWord)...))
}

func (s *site) answerEach(v *visit, f *ui.Form, act string, ids []string) (results []selecting.Result, done int, err error) {
	for _, id := range ids {
		r := selecting.Result{Path: "/applications/" + id}
		app, err := s.Selection.Application(v.ctx(), id)
		if err == nil && app.PlacementID != v.param("id") {
			err = errs.Missing("application")
		}
		if err == nil {
			if app, err = s.answer(v, f, act, id); err == nil {
				r.Done, r.Says = true, v.say("state.application."+string(app.State))
				done++
			}
		}
		switch errs.KindOf(err) {
		case errs.Unauthorized, errs.Forbidden:
			if err != nil {
				return nil, 0, err
			}
		case errs.NotFound:
			r.Path, r.Says = "", v.say("error.application_not_found")
		default:
			if err != nil {
				if r.Says = v.refusal(err); r.Says == "" {
					s.Log.ErrorContext(v.ctx(), "bulk answer", "err", err)
					r.Says = v.say("site.selecting.bulk.failed")
				}
			}
		}
		if r.Path != "" {
			if r.Name, err = s.nameOf(v, id); err != nil {
				return nil, 0, err
			}
		}
		results = append(results, r)
	}
	return results, done, nil
}

// nameOf is an applicant's name, for those who may see it.
func (s *site) nameOf(v *visit, applicationID string) (string, error) {
	app, err := s.Selection.Application(v.ctx(), applicationID)
	if err != nil {
		return "", err
	}
	view, err := s.Selection.View(v.ctx(), v.actor, app)
	if err != nil || !view.Viewer.Staff() {
		return "", err
	}
	return view.Applicant.FullName, nil
}

// answer is one answer of the enterprise to one applicant.
func (s *site) answer(v *visit, f *ui.Form, act, id string) (*selection.Application, error) {
	switch act {
	case "shortlist":
		return s.Selection.Shortlist(v.ctx(), v.actor, id, typed(f, "word"))
	case "consider":
		return s.Selection.Consider(v.ctx(), v.actor, id, "")
	case "reject":
		return s.Selection.Reject(v.ctx(), v.actor, id, selection.RejectReason(f.Value("reason")), typed(f, "comment"))
	}
	return nil, errs.New(errs.Invalid, "bad_request")
}
