package webui

import (
	"slices"
	"strconv"
	"strings"

	"github.com/orynda/orynda/internal/interviews"
	"github.com/orynda/orynda/internal/notifications/dates"
	"github.com/orynda/orynda/internal/selection"
	"github.com/orynda/orynda/web/pages/selecting"
	"github.com/orynda/orynda/web/ui"
)

// ownCriteria are the criteria that a scorecard begins with; the interviewer may add one.
const ownCriteria = 4

// meetingOf reads an interview for the place's enterprise and its interviewer, with its application.
func (s *site) meetingOf(v *visit) (*interviews.BookingView, *selection.Application, error) {
	b, err := s.Interviews.GetBooking(v.ctx(), v.actor, v.param("id"))
	if err != nil {
		return nil, nil, err
	}
	if !b.Staff {
		return nil, nil, forbidden()
	}
	app, err := s.Selection.Application(v.ctx(), b.Booking.ApplicationID)
	return b, app, err
}

// staffBooking is the page of an interview; f is the form that cancels it.
func (s *site) staffBooking(v *visit, f *ui.Form) (selecting.Booking, error) {
	view, app, err := s.meetingOf(v)
	if err != nil {
		return selecting.Booking{}, err
	}
	b, slot, now := view.Booking, view.Slot, s.Clock.Now()
	d := selecting.Booking{
		ID: b.ID, Name: view.StudentName, When: dates.Moment(v.lang, b.StartsAt), State: v.say("state.booking." + string(b.State)), Kind: bookingKind(b.State), Form: f,
		Link: slot.Link, Phone: slot.Phone, Instructions: slot.Instructions, Reason: b.Reason, Application: b.ApplicationID,
		Attend: b.State == interviews.Booked, Started: !now.Before(b.StartsAt),
	}
	if _, d.Head, err = s.selectingHeadOf(v, b.PlacementID, ""); err != nil {
		return d, err
	}
	d.Rows = []ui.Row{
		{Term: v.say("site.selecting.booking.form"), Text: v.say("form." + string(slot.Form)), Note: v.say("site.student.minutes", "Count", int(b.EndsAt.Sub(b.StartsAt).Minutes()))},
		{Term: v.say("site.selecting.booking.where"), Text: v.room(view.Room)},
		{Term: v.say("site.selecting.booking.who"), Text: view.InterviewerName},
	}
	if d.Attend {
		d.Cancel, d.Calendar = d.Hires && !d.Started, "/bookings/"+b.ID+"/calendar.ics"
	}
	if b.State == interviews.Attended && b.ScorecardID == "" {
		d.Score, d.Due = "/bookings/"+b.ID+"/scorecard", &ui.Clock{From: b.EndsAt, Until: b.EndsAt.Add(interviews.ScorecardDue)}
	}
	if b.ScorecardID != "" && app.Outcome != nil && app.Outcome.BookingID == b.ID {
		d.Card, err = s.cardOf(v, app)
	}
	return d, err
}

// recordAttendance notes who came. Whoever came is judged next.
func (s *site) recordAttendance(v *visit) error {
	id := v.param("id")
	b, err := s.Interviews.RecordAttendance(v.ctx(), v.actor, id, interviews.BookingState(v.form().Value("outcome")))
	if err != nil {
		return v.refusedAct(err, "/bookings/"+id)
	}
	if b.State == interviews.Attended {
		return v.goTo("/bookings/"+id+"/scorecard", "selecting.attended")
	}
	return v.goTo("/bookings/"+id, "selecting."+string(b.State))
}

// callOff cancels an interview for the enterprise.
func (s *site) callOff(v *visit) error {
	f := v.form()
	b, err := s.Interviews.Cancel(v.ctx(), v.actor, v.param("id"), f.Value("reason"))
	if err == nil {
		return v.goTo("/applications/"+b.ApplicationID, "selecting.called_off")
	}
	d, wrong := s.staffBooking(v, f)
	if wrong != nil {
		return wrong
	}
	if !d.Cancel {
		return v.refusedAct(err, "/bookings/"+d.ID)
	}
	if !v.refused(err, f, nil) {
		return err
	}
	f.Labels = map[string]string{"reason": v.say("site.selecting.reason")}
	return v.again(selecting.BookingPage(d))
}

func (s *site) scorecardPage(v *visit) error {
	f := ui.NewForm(nil)
	d, err := s.scorecardOf(v, f, true)
	if err != nil {
		return err
	}
	return v.show(selecting.ScorecardPage(d))
}

// scorecardOf is the form of a scorecard. fresh fills it with what was recorded before, or with the usual criteria.
func (s *site) scorecardOf(v *visit, f *ui.Form, fresh bool) (selecting.Scorecard, error) {
	view, _, err := s.meetingOf(v)
	if err != nil {
		return selecting.Scorecard{}, err
	}
	b := view.Booking
	d := selecting.Scorecard{
		Booking: b.ID, Name: view.StudentName, When: dates.Moment(v.lang, b.StartsAt), Form: f, Attend: b.State == interviews.Booked, Correct: b.ScorecardID != "",
		Most: strconv.Itoa(interviews.MostNote),
	}
	if _, d.Head, err = s.selectingHeadOf(v, b.PlacementID, ""); err != nil {
		return d, err
	}
	if !d.Correct {
		d.Due = &ui.Clock{From: b.EndsAt, Until: b.EndsAt.Add(interviews.ScorecardDue)}
	}
	for _, r := range []selection.Recommendation{selection.RecommendSelect, selection.RecommendReserve, selection.RecommendReject} {
		d.Recommendations = append(d.Recommendations, ui.Option{
			Value: string(r), Label: v.say("recommendation." + string(r)), Hint: v.say("site.selecting.recommendation." + string(r)),
		})
	}
	if fresh {
		if err := s.fillScorecard(v, f, b); err != nil {
			return d, err
		}
	}
	for i := range interviews.MostCriteria {
		name := "name." + strconv.Itoa(i)
		if !f.Values.Has(name) {
			break
		}
		d.Criteria = append(d.Criteria, selecting.Criterion{Index: i, Name: f.Value(name), Own: f.Value("own") == strconv.Itoa(i)})
	}
	if n := len(d.Criteria); n > 0 && n < interviews.MostCriteria && !slices.ContainsFunc(d.Criteria, func(c selecting.Criterion) bool { return c.Own }) {
		d.Criteria = append(d.Criteria, selecting.Criterion{Index: n, Own: true})
	}
	return d, nil
}

// fillScorecard puts the recorded scorecard into the form, or the usual criteria without scores.
func (s *site) fillScorecard(v *visit, f *ui.Form, b *interviews.Booking) error {
	if b.ScorecardID == "" {
		for i := range ownCriteria {
			f.Set("name."+strconv.Itoa(i), v.say("site.selecting.criterion."+strconv.Itoa(i+1)))
		}
		return nil
	}
	c, err := s.Interviews.ScorecardOf(v.ctx(), b.ApplicationID)
	if err != nil {
		return err
	}
	for i, one := range c.Criteria {
		f.Set("name."+strconv.Itoa(i), one.Name)
		f.Set("score."+strconv.Itoa(i), strconv.Itoa(one.Score))
	}
	f.Set("recommendation", string(c.Recommendation))
	f.Set("note", c.Note)
	return nil
}

// scorecardIn reads the form. at tells which row of it each criterion came from. A row of the interviewer's own without name and score is left out.
func scorecardIn(f *ui.Form) (in interviews.NewScorecard, at []int) {
	in = interviews.NewScorecard{Recommendation: selection.Recommendation(f.Value("recommendation")), Note: typed(f, "note")}
	for i := range interviews.MostCriteria {
		n := strconv.Itoa(i)
		name, score := typed(f, "name."+n), f.Value("score."+n)
		if name == "" && score == "" {
			continue
		}
		in.Criteria = append(in.Criteria, interviews.Criterion{Name: name, Score: number(score)})
		at = append(at, i)
	}
	return in, at
}

// recordScorecard records an interview's outcome, and before it that the applicant came where the form says so.
func (s *site) recordScorecard(v *visit) error {
	f, id := v.form(), v.param("id")
	in, at := scorecardIn(f)
	err := in.Check() // a card that will be refused is no reason to note that somebody came
	if err == nil && f.Value("attended") == "true" {
		_, err = s.Interviews.RecordAttendance(v.ctx(), v.actor, id, interviews.Attended)
	}
	if err == nil {
		var card *interviews.Scorecard
		if card, _, err = s.Interviews.RecordScorecard(v.ctx(), v.actor, id, in); err == nil {
			return v.goTo("/applications/"+card.ApplicationID, "selecting.scored")
		}
	}
	if !v.refused(err, f, func(field string) string { return criterionField(field, at) }) {
		return err
	}
	d, wrong := s.scorecardOf(v, f, false)
	if wrong != nil {
		return wrong
	}
	f.Labels = map[string]string{
		"recommendation": v.say("site.selecting.card.recommendation"), "note": v.say("site.selecting.card.note"), "attended": v.say("site.selecting.attendance.attended"),
	}
	for _, c := range d.Criteria {
		n := strconv.Itoa(c.Index)
		f.Labels["score."+n], f.Labels["name."+n] = c.Name, v.say("site.selecting.card.own")
	}
	return v.again(selecting.ScorecardPage(d))
}

// criterionField is the form's own name of "criteria[1].score": its row may be another one, because empty rows are left out.
func criterionField(field string, at []int) string {
	rest, ok := strings.CutPrefix(field, "criteria[")
	if !ok {
		if field == "criteria" {
			return "score.0"
		}
		return field
	}
	index, part, _ := strings.Cut(rest, "].")
	i := number(index)
	if i < 0 || i >= len(at) {
		return field
	}
	return part + "." + strconv.Itoa(at[i])
}
