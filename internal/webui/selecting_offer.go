package webui

import (
	"slices"
	"time"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/notifications/dates"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/selection"
	"github.com/orynda/orynda/internal/storage"
	"github.com/orynda/orynda/web/pages/selecting"
	"github.com/orynda/orynda/web/ui"
)

func (s *site) newOfferPage(v *visit) error {
	view, err := s.offeringTo(v)
	if err != nil {
		return err
	}
	d, err := s.offerForm(v, view, ui.NewForm(nil), v.query("q"))
	if err != nil {
		return err
	}
	if why := s.hindered(d, view); why != nil {
		v.offerRefused(&d, view, why)
	}
	return v.show(selecting.NewOfferPage(d))
}

// offeringTo reads an application for those who make offers.
func (s *site) offeringTo(v *visit) (*selection.View, error) {
	view, err := s.staffView(v, v.param("id"))
	if err == nil && view.Viewer != selection.ViewEnterprise {
		return nil, forbidden()
	}
	return view, err
}

// hindered is why no offer could be made now, whatever is filled in; the service decides when one is made.
func (s *site) hindered(d selecting.NewOffer, view *selection.View) error {
	if err := view.App.CanOffer("-"); err != nil {
		return err
	}
	switch {
	case !d.Open:
		return errs.New(errs.Conflict, "placement_closed")
	case view.App.Kind == selection.Student && !view.Applicant.EnrolmentComplete:
		return errs.New(errs.Unprocessable, "enrolment_unconfirmed")
	case d.Seats.Free == 0:
		return errs.New(errs.Conflict, "no_free_seat")
	}
	return nil
}

// offerForm is the form of an offer with what may be chosen.
func (s *site) offerForm(v *visit, view *selection.View, f *ui.Form, query string) (selecting.NewOffer, error) {
	app, p := view.App, view.Place
	d := selecting.NewOffer{
		Form: f, ID: app.ID, Name: view.Applicant.FullName, Citizen: app.Kind == selection.Citizen, Query: query,
		Reason: app.Kind == selection.Citizen && !app.Outcome.Recommends(),
	}
	var err error
	if _, d.Head, err = s.selectingHeadOf(v, app.PlacementID, ""); err != nil {
		return d, err
	}
	st, err := s.wholeStanding(v, view)
	if err != nil {
		return d, err
	}
	d.Way = v.staffWay(st, view)
	d.Rows = []ui.Row{
		{Term: v.say("site.selecting.offer.period"), Text: v.spanWords(p.StartsOn, p.EndsOn)},
		{Term: v.say("site.selecting.offer.hours"), Text: v.hours(p.WeeklyHours)},
		{Term: v.say("site.selecting.offer.pay"), Text: payWords(v.ctx(), p.Compensation)},
	}
	if len(p.Workplaces) > 1 {
		for _, w := range p.Workplaces {
			d.Workplaces = append(d.Workplaces, ui.Option{Value: w.ID, Label: v.address(w)})
		}
	} else if len(p.Workplaces) == 1 {
		d.Rows = append(d.Rows, ui.Row{Term: v.say("site.selecting.offer.workplace"), Text: v.address(p.Workplaces[0])})
	}
	today := cal.DayOf(s.Clock.Now())
	latest := min(today.Add(selection.MostOfferDays), p.StartsOn.Add(-1))
	d.First, d.Latest = string(today.Add(selection.LeastOfferDay)), string(latest)
	if !f.Values.Has("expires_at") {
		f.Set("expires_at", string(min(today.Add(selection.OfferDays), latest)))
	}
	if d.Citizen {
		err = s.collegesFor(v, &d, p, f)
	}
	return d, err
}

// collegesFor lists the colleges that may train a citizen: the place's, or those found by name where it names none.
func (s *site) collegesFor(v *visit, d *selecting.NewOffer, p *placements.Placement, f *ui.Form) error {
	ids := p.Colleges
	if d.Search = len(ids) == 0; d.Search {
		if d.Query != "" {
			page, err := s.Directory.ListColleges(v.ctx(), directory.CollegeFilter{Q: d.Query}, storage.Cursor{}, mostColleges)
			if err != nil {
				return err
			}
			for _, c := range page.Items {
				if c.Kind.Regime() == string(p.Regime) {
					ids = append(ids, c.ID)
				}
			}
		}
		if chosen := f.Value("college_id"); chosen != "" && !slices.Contains(ids, chosen) {
			ids = append(ids, chosen)
		}
	}
	for _, id := range ids {
		c, err := s.Directory.College(v.ctx(), id)
		if storage.IsNotFound(err) {
			continue
		}
		if err != nil {
			return err
		}
		d.Colleges = append(d.Colleges, ui.Option{Value: c.ID, Label: c.Name, Hint: s.Reference.CityName(c.Region, c.City, v.lang)})
	}
	if len(d.Colleges) == 1 && !d.Search && !f.Values.Has("college_id") {
		f.Set("college_id", d.Colleges[0].Value)
	}
	return nil
}

// makeOffer proposes the seat.
func (s *site) makeOffer(v *visit) error {
	view, err := s.offeringTo(v)
	if err != nil {
		return err
	}
	f := v.form()
	in := selection.NewOffer{WorkplaceID: f.Value("workplace_id"), Reason: typed(f, "reason"), CollegeID: f.Value("college_id")}
	if in.ExpiresAt, err = expiryIn(f); err == nil {
		var o *selection.Offer
		if o, err = s.Selection.MakeOffer(v.ctx(), v.actor, view.App.ID, in); err == nil {
			return v.goTo("/offers/"+o.ID, "selecting.offered")
		}
	}
	if !v.refused(err, f, nil) {
		return err
	}
	f.Labels = map[string]string{
		"workplace_id": v.say("site.selecting.offer.workplace"), "expires_at": v.say("site.selecting.offer.expires"), "reason": v.say("site.selecting.offer.reason"),
		"college_id": v.say("site.selecting.offer.college"), "application_id": view.Applicant.FullName,
	}
	d, wrong := s.offerForm(v, view, f, f.Value("q"))
	if wrong != nil {
		return wrong
	}
	if why := s.hindered(d, view); why != nil {
		v.offerRefused(&d, view, why)
		f.Errors, f.Problem = nil, d.Refused
		d.Refused = d.Todo
		d.Todo = ""
	}
	return v.again(selecting.NewOfferPage(d))
}

// expiryIn reads the last day of an offer: the offer stands until its end.
func expiryIn(f *ui.Form) (time.Time, error) {
	text := f.Value("expires_at")
	if text == "" {
		return time.Time{}, nil
	}
	day := cal.Day(text)
	if !day.Valid() {
		return time.Time{}, errs.InvalidFields([]errs.Field{{Field: "expires_at", Code: "bad_format"}})
	}
	return day.End(), nil
}

// offerRefused says why there can be no offer, and what to do about it.
func (v *visit) offerRefused(d *selecting.NewOffer, view *selection.View, why error) {
	code := errs.CodeOf(why)
	d.Refused = v.refusal(why)
	app := view.App
	step := func(path, key, kind string) {
		d.Steps = append(d.Steps, selecting.Step{Path: path, Label: v.say("site.selecting.step." + key), Kind: kind})
	}
	switch code {
	case "interview_required":
		d.Todo = v.say("site.selecting.todo.interview_required." + string(app.State))
		switch {
		case app.State == selection.Submitted || app.Missed:
			step("/applications/"+app.ID, "application", "")
		case app.State == selection.Shortlisted:
			step("/placements/"+app.PlacementID+"/slots/new", "offer_times", "")
		case app.State == selection.Interviewed && app.Interview != nil:
			step("/bookings/"+app.Interview.BookingID+"/scorecard", "scorecard", "")
		case app.Interview != nil:
			step("/bookings/"+app.Interview.BookingID, "booking", "")
		}
	case "not_recommended":
		d.Todo = v.say("site.selecting.todo.not_recommended")
		step("/bookings/"+app.Outcome.BookingID+"/scorecard", "correct", "")
		step("/placements/"+app.PlacementID+"/applicants", "applicants", "quiet")
	case "enrolment_unconfirmed":
		d.Todo = v.say("site.selecting.todo.enrolment_unconfirmed")
		if view.Applicant.College != nil {
			step("/colleges/"+view.Applicant.College.ID, "college", "")
		}
	case "no_free_seat":
		d.Todo = v.say("site.selecting.todo.no_free_seat")
		step(applicantsPath(app.PlacementID, "", string(selection.Offered), "", ""), "offers", "")
		step("/placements/"+app.PlacementID+"/edit", "seats", "quiet")
	case "offer_exists":
		step("/offers/"+app.OfferID, "offer", "")
	default:
		step("/applications/"+app.ID, "application", "")
	}
}

// staffOffer is the page of an offer; f is the form that takes it back.
func (s *site) staffOffer(v *visit, view *selection.OfferView, f *ui.Form) (selecting.Offer, error) {
	o, p := view.Offer, view.Place
	d := selecting.Offer{
		Form: f, ID: o.ID, Name: view.StudentName, OfferState: v.say("state.offer." + string(o.State)), Open: o.State == selection.OfferOpen,
		Clock: ui.Clock{From: o.CreatedAt, Until: o.ExpiresAt}, Until: dates.Until(v.lang, o.ExpiresAt), Automatic: o.Automatic, Application: o.ApplicationID,
	}
	var err error
	if _, d.Head, err = s.selectingHeadOf(v, o.PlacementID, ""); err != nil {
		return d, err
	}
	d.Rows = []ui.Row{
		{Term: v.say("site.selecting.offer.expires"), Text: d.Until},
		{Term: v.say("site.selecting.offer.workplace"), Text: v.address(view.Workplace)},
		{Term: v.say("site.selecting.offer.period"), Text: v.spanWords(o.From, o.To)},
		{Term: v.say("site.selecting.offer.hours"), Text: v.hours(p.WeeklyHours)},
		{Term: v.say("site.selecting.offer.pay"), Text: payWords(v.ctx(), p.Compensation)},
	}
	if view.College != nil {
		d.Rows = append(d.Rows, ui.Row{Term: v.say("site.selecting.offer.college"), Text: view.College.Name})
	}
	if o.Reason != "" {
		d.Rows = append(d.Rows, ui.Row{Term: v.say("site.selecting.offer.reason"), Text: o.Reason})
	}
	switch o.State {
	case selection.OfferOpen:
		d.Kind = "wait"
		return d, nil
	case selection.OfferAccepted:
		d.Kind = "good"
		if o.AgreementID != "" {
			d.Steps = append(d.Steps, selecting.Step{Path: "/agreements/" + o.AgreementID, Label: v.say("site.selecting.step.agreement")})
		}
	default:
		d.Kind = "bad"
		d.Steps = append(d.Steps, selecting.Step{Path: "/placements/" + o.PlacementID + "/ranking", Label: v.say("site.selecting.step.ranking"), Kind: "quiet"})
	}
	d.Gone = v.say("site.selecting.offer.gone." + string(o.State))
	d.Answer = joined("\n", o.DeclineReason, o.WithdrawReason)
	return d, nil
}

// withdrawOffer takes an open offer back.
func (s *site) withdrawOffer(v *visit) error {
	f := v.form()
	o, err := s.Selection.WithdrawOffer(v.ctx(), v.actor, v.param("id"), typed(f, "reason"))
	if err == nil {
		return v.goTo("/applications/"+o.ApplicationID, "selecting.offer_withdrawn")
	}
	view, wrong := s.offerView(v)
	if wrong != nil {
		return wrong
	}
	if !view.Viewer.Staff() {
		return forbidden()
	}
	d, wrong := s.staffOffer(v, view, f)
	if wrong != nil {
		return wrong
	}
	if !d.Open {
		return v.refusedAct(err, "/offers/"+d.ID)
	}
	if !v.refused(err, f, nil) {
		return err
	}
	f.Labels = map[string]string{"reason": v.say("site.selecting.reason")}
	return v.again(selecting.OfferPage(d))
}
