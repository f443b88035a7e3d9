package webui

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/orynda/orynda/internal/agreements"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/interviews"
	"github.com/orynda/orynda/internal/notifications/dates"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/selection"
	"github.com/orynda/orynda/internal/storage"
	"github.com/orynda/orynda/web/pages/student"
	"github.com/orynda/orynda/web/ui"
)

// applicationPage is one application. The place's enterprise sees its own page.
func (s *site) applicationPage(v *visit) error {
	view, err := s.studentView(v, v.param("id"))
	if err != nil {
		return err
	}
	if view.Viewer.Staff() {
		return s.enterpriseApplication(v)
	}
	d, err := s.applicationData(v, view)
	if err != nil {
		return err
	}
	return v.show(student.Application(d))
}

func (s *site) applicationData(v *visit, view *selection.View) (student.ApplicationData, error) {
	app := view.App
	d := student.ApplicationData{
		ID: app.ID, Place: v.placeLines(view.Place, view.EnterpriseName), PlaceOpen: view.Place.State != placements.Draft,
		State: v.say("state.application." + string(app.State)), Motivation: app.Motivation, Withdraw: view.Viewer == selection.ViewOwner && app.State.Live(),
	}
	if app.State != selection.Withdrawn {
		d.Comment = app.Comment
	}
	for _, a := range app.Answers {
		d.Answers = append(d.Answers, student.Answer{Question: a.Question, Answer: a.Answer})
	}
	if view.Viewer != selection.ViewOwner {
		d.Whose = view.Applicant.FullName
	}
	st, err := s.wholeStanding(v, view)
	if err != nil {
		return d, err
	}
	d.Way = wayOf(st, v.words())
	d.Steps = v.stepsOf(st, d.Way)
	d.History = v.history(st)
	if view.Viewer != selection.ViewCollege {
		if d.Meeting, err = s.liveMeeting(v, app); err != nil {
			return d, err
		}
	}
	d.Changed, err = s.changedTerms(v, app)
	return d, err
}

// wholeStanding reads everything the way of one application may need.
func (s *site) wholeStanding(v *visit, view *selection.View) (standing, error) {
	st := v.standing(view, nil)
	app := view.App
	if app.Interview != nil {
		b, err := s.Interviews.Booking(v.ctx(), app.Interview.BookingID)
		if err != nil && !storage.IsNotFound(err) {
			return st, err
		}
		st.Booking = b
	}
	if app.OfferID != "" {
		o, err := s.Selection.Offer(v.ctx(), app.OfferID)
		if err != nil {
			return st, err
		}
		st.Offer = o
	}
	if app.AgreementID != "" {
		page, err := s.Agreements.List(v.ctx(), v.actor, agreements.Filter{ApplicationID: app.ID, Limit: 1})
		if err != nil {
			return st, err
		}
		if len(page.Items) > 0 {
			st.Agreement = page.Items[0]
		}
	}
	return st, nil
}

// liveMeeting is the interview that lies ahead or goes on, nil without one.
func (s *site) liveMeeting(v *visit, app *selection.Application) (*student.Meeting, error) {
	if app.Interview == nil || !app.Interview.Live {
		return nil, nil //nolint:nilnil // documented
	}
	b, err := s.Interviews.GetBooking(v.ctx(), v.actor, app.Interview.BookingID)
	if err != nil {
		return nil, err
	}
	m := v.meetingOf(b)
	return &m, nil
}

// history tells in words what happened to an application, oldest first.
func (v *visit) history(st standing) []student.Line {
	type event struct {
		at   time.Time
		what string
	}
	a := st.App
	var all []event
	add := func(at time.Time, key string, pairs ...any) {
		if !at.IsZero() {
			all = append(all, event{at, v.say("site.student.history."+key, pairs...)})
		}
	}
	add(a.CreatedAt, "submitted")
	add(a.OpenedAt, "opened")
	add(a.ConsideredAt, "considered")
	if b := st.Booking; b != nil {
		add(b.CreatedAt, "booked", "when", dates.Short(v.lang, b.StartsAt))
		add(b.MovedAt, "moved", "when", dates.Short(v.lang, b.StartsAt))
		add(b.CancelledAt, "cancelled_by."+string(b.CancelledBy))
		if b.State != interviews.Cancelled {
			add(b.AttendanceAt, string(b.State))
		}
	}
	if o := st.Offer; o != nil {
		add(o.CreatedAt, "offered")
		if o.State != selection.OfferOpen {
			add(o.AnsweredAt, "offer_"+string(o.State))
		}
	}
	if p := st.Agreement; p != nil && p.Agreement.Document != nil {
		add(p.Agreement.Document.ReadyAt, "agreement_ready")
		add(p.Agreement.ConcludedAt, "agreement_concluded")
		if r := p.Agreement.Registration; r != nil {
			add(r.At, "agreement_registered")
		}
	}
	if !a.State.Live() && !slices.Contains([]selection.State{selection.Accepted, selection.Declined, selection.Expired}, a.State) && !a.EndedAt.IsZero() {
		all = append(all, event{a.EndedAt, st.farewell(v.words())})
	}
	slices.SortStableFunc(all, func(x, y event) int { return x.at.Compare(y.at) })
	out := make([]student.Line, 0, len(all))
	for _, e := range all {
		out = append(out, student.Line{When: dates.Moment(v.lang, e.at), What: e.what})
	}
	return out
}

// changedTerms tells what the enterprise changed of the place since the application was sent, newest first.
func (s *site) changedTerms(v *visit, app *selection.Application) ([]student.Changed, error) {
	page, err := s.Placements.Versions(v.ctx(), v.actor, app.PlacementID, storage.Cursor{}, mostListed)
	if err != nil {
		return nil, err
	}
	var out []student.Changed
	for _, ver := range page.Items {
		if !ver.Material || !ver.CreatedAt.After(app.CreatedAt) {
			continue
		}
		one := student.Changed{When: dates.Moment(v.lang, ver.CreatedAt)}
		for _, term := range materialTerms(ver.Changes) {
			before, err := s.termWords(v, &ver.Before, term)
			if err != nil {
				return nil, err
			}
			after, err := s.termWords(v, &ver.After, term)
			if err != nil {
				return nil, err
			}
			if before != after {
				one.Changes = append(one.Changes, student.Change{Term: v.say("site.student.term." + term), Before: before, After: after})
			}
		}
		if len(one.Changes) > 0 {
			out = append(out, one)
		}
	}
	return out, nil
}

// materialTerms are those of the changed fields that applicants are told of, each once.
func materialTerms(paths []string) []string {
	var out []string
	for _, path := range paths {
		name := path
		if i := strings.IndexAny(path, ".["); i >= 0 {
			name = path[:i]
		}
		if placements.Material([]string{name}) && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}

// termWords says one term of a place in words.
func (s *site) termWords(v *visit, p *placements.Placement, name string) (string, error) {
	switch name {
	case "mentor_id":
		return s.Placements.MentorName(v.ctx(), p.MentorID)
	case "compensation":
		return payWords(v.ctx(), p.Compensation), nil
	case "workplaces":
		var all []string
		for _, w := range p.Workplaces {
			all = append(all, v.address(w))
		}
		return strings.Join(all, "; "), nil
	case "starts_on", "ends_on":
		day, _ := placements.At(p, name)
		text, _ := day.(string)
		return dates.Day(v.lang, cal.Day(text)), nil
	case "weekly_hours":
		return v.hours(p.WeeklyHours), nil
	case "min_age":
		if p.MinAge == 0 {
			return "", nil
		}
		return v.say("value.min_age", "Count", p.MinAge), nil
	case "time_model":
		return v.say("value.time_model." + string(p.TimeModel)), nil
	}
	value, _ := placements.At(p, name)
	yes, _ := value.(bool)
	return v.say("value." + strconv.FormatBool(yes)), nil
}

func (s *site) withdrawPage(v *visit) error {
	view, err := s.ownView(v, v.param("id"))
	if err != nil {
		return err
	}
	if !view.App.State.Live() {
		return v.goTo("/applications/"+view.App.ID, "")
	}
	return v.show(student.Confirm(v.withdrawal(view, &ui.Form{})))
}

func (v *visit) withdrawal(view *selection.View, f *ui.Form) student.ConfirmData {
	place := placeBrief(view.Place, view.EnterpriseName)
	d := student.ConfirmData{
		Title: v.say("site.student.withdraw.title"), Lead: v.say("site.student.withdraw.says"), Place: &place, Form: f, Reason: true,
		Hint: v.say("site.student.withdraw.hint"), Action: "/applications/" + view.App.ID + "/withdraw", Button: v.say("site.student.withdraw.do"), Kind: "danger",
		Back: student.Step{Path: "/applications/" + view.App.ID, Label: v.say("site.student.application.title")},
	}
	switch {
	case view.App.State == selection.Offered:
		d.Says = v.say("site.student.withdraw.offer")
	case view.App.Interview != nil && view.App.Interview.Live:
		d.Says = v.say("site.student.withdraw.booking")
	}
	return d
}

func (s *site) withdraw(v *visit) error {
	f := v.form()
	_, err := s.Selection.Withdraw(v.ctx(), v.actor, v.param("id"), strings.TrimSpace(f.Value("reason")), "")
	if err == nil {
		return v.goTo("/applications/"+v.param("id"), "withdrawn")
	}
	view, gone := s.ownView(v, v.param("id"))
	if gone != nil {
		return gone
	}
	if v.refused(err, f, nil) {
		return v.again(student.Confirm(v.withdrawal(view, f)))
	}
	return err
}
