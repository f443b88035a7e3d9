package webui

import (
	"strings"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/interviews"
	"github.com/orynda/orynda/internal/notifications/dates"
	"github.com/orynda/orynda/web/pages/student"
	"github.com/orynda/orynda/web/ui"
)

// bookingPage is one interview. The enterprise and the interviewer see their own page.
func (s *site) bookingPage(v *visit) error {
	b, err := s.Interviews.GetBooking(v.ctx(), v.actor, v.param("id"))
	if err != nil {
		return err
	}
	if b.Staff {
		return s.enterpriseBooking(v)
	}
	return v.show(student.Booking(v.bookingData(b)))
}

func (v *visit) bookingData(view *interviews.BookingView) student.BookingData {
	b, slot, now := view.Booking, view.Slot, v.site.Clock.Now()
	d := student.BookingData{
		ID: b.ID, State: v.say("state.booking." + string(b.State)), When: dates.Moment(v.lang, b.StartsAt), Place: placeBrief(view.Place, view.EnterpriseName),
		Live: b.State == interviews.Booked, Reason: b.Reason, Application: b.ApplicationID, Instructions: slot.Instructions,
	}
	own := b.StudentID == v.actor.PersonID
	if !own {
		d.Whose = view.StudentName
	}
	switch b.State {
	case interviews.Booked, interviews.Attended:
		d.Kind = "good"
	case interviews.Cancelled, interviews.StudentAbsent, interviews.EnterpriseAbsent:
		d.Kind = "bad"
	}
	d.Rows = []ui.Row{
		{Term: v.say("site.student.booking.form"), Text: v.say("form." + string(slot.Form)), Note: v.say("site.student.minutes", "Count", int(b.EndsAt.Sub(b.StartsAt).Minutes()))},
		{Term: v.say("site.student.booking.where"), Text: v.room(view.Room)},
		{Term: v.say("site.student.booking.who"), Text: view.InterviewerName},
	}
	if d.Live {
		d.Link, d.Phone, d.Calendar = slot.Link, slot.Phone, "/bookings/"+b.ID+"/calendar.ics"
	}
	if !d.Live || !own {
		return d
	}
	if now.Before(b.StartsAt) {
		if until := b.StartsAt.Add(-interviews.MoveUntil); now.Before(until) {
			d.MoveUntil = v.say("site.student.booking.move_until", "when", dates.Moment(v.lang, until))
			d.Steps = append(d.Steps, student.Step{Path: "/bookings/" + b.ID + "/move", Label: v.say("site.student.booking.move"), Kind: "quiet"})
		} else {
			d.MoveUntil = v.say("site.student.booking.late")
		}
		d.Steps = append(d.Steps, student.Step{Path: "/bookings/" + b.ID + "/cancel", Label: v.say("site.student.booking.cancel"), Kind: "danger"})
	}
	d.Absent = !now.Before(b.StartsAt)
	return d
}

// bookingCalendar gives the interview as a file for calendars.
func (s *site) bookingCalendar(v *visit) error {
	file, err := s.Interviews.BookingCalendar(v.ctx(), v.actor, v.param("id"), v.lang, s.Catalogue.Say)
	if err != nil {
		return err
	}
	return v.file("orynda.ics", "text/calendar; charset=utf-8", file)
}

// ownBooking reads a booking for the applicant only.
func (s *site) ownBooking(v *visit) (*interviews.BookingView, error) {
	b, err := s.Interviews.GetBooking(v.ctx(), v.actor, v.param("id"))
	if err == nil && b.Booking.StudentID != v.actor.PersonID {
		return nil, forbidden()
	}
	return b, err
}

func (s *site) movePage(v *visit) error {
	b, err := s.ownBooking(v)
	if err != nil {
		return err
	}
	if b.Booking.State != interviews.Booked {
		return v.goTo("/bookings/"+b.Booking.ID, "")
	}
	d, err := s.moveData(v, b, &ui.Form{}, v.query("week"))
	if err != nil {
		return err
	}
	return v.show(student.Slots(d))
}

func (s *site) moveData(v *visit, b *interviews.BookingView, f *ui.Form, asked string) (student.SlotsData, error) {
	page := "/bookings/" + b.Booking.ID + "/move"
	d := student.SlotsData{
		Place: placeBrief(b.Place, b.EnterpriseName), Form: f, Title: v.say("site.student.move.title"), Action: page, Move: true,
		Now:  dates.Moment(v.lang, b.Booking.StartsAt),
		Back: student.Step{Path: "/bookings/" + b.Booking.ID, Label: v.say("site.student.booking.title")},
	}
	return d, s.fillWeek(v, &d, b.Booking.PlacementID, page, asked)
}

func (s *site) moveBooking(v *visit) error {
	f := v.form()
	err := chosenSlot(f)
	if err == nil {
		_, err = s.Interviews.Move(v.ctx(), v.actor, v.param("id"), f.Value("slot"), strings.TrimSpace(f.Value("reason")))
	}
	if err == nil {
		return v.goTo("/bookings/"+v.param("id"), "moved")
	}
	b, gone := s.ownBooking(v)
	if gone != nil {
		return gone
	}
	if !v.refused(err, f, nil) {
		return err
	}
	f.Labels = map[string]string{"slot": v.say("site.student.slots.one")}
	asked := f.Value("week")
	if slot, e := s.Interviews.Slot(v.ctx(), f.Value("slot")); e == nil && slot.PlacementID == b.Booking.PlacementID {
		asked = string(cal.DayOf(slot.StartsAt))
	}
	d, e := s.moveData(v, b, f, asked)
	if e != nil {
		return e
	}
	return v.again(student.Slots(d))
}

func (s *site) cancelBookingPage(v *visit) error {
	b, err := s.ownBooking(v)
	if err != nil {
		return err
	}
	if b.Booking.State != interviews.Booked {
		return v.goTo("/bookings/"+b.Booking.ID, "")
	}
	return v.show(student.Confirm(v.cancellation(b, &ui.Form{})))
}

func (v *visit) cancellation(b *interviews.BookingView, f *ui.Form) student.ConfirmData {
	place := placeBrief(b.Place, b.EnterpriseName)
	d := student.ConfirmData{
		Title: v.say("site.student.cancel.title"), Lead: v.say("site.student.cancel.says", "when", dates.Moment(v.lang, b.Booking.StartsAt)), Place: &place, Form: f,
		Reason: true, Hint: v.say("site.student.cancel.hint"), Action: "/bookings/" + b.Booking.ID + "/cancel", Button: v.say("site.student.booking.cancel"), Kind: "danger",
		Back: student.Step{Path: "/bookings/" + b.Booking.ID, Label: v.say("site.student.booking.title")},
	}
	if b.Booking.StartsAt.Sub(v.site.Clock.Now()) < interviews.LateFrom {
		d.Says = v.say("site.student.cancel.late")
	}
	return d
}

func (s *site) cancelBooking(v *visit) error {
	f := v.form()
	b, err := s.Interviews.Cancel(v.ctx(), v.actor, v.param("id"), strings.TrimSpace(f.Value("reason")))
	if err == nil {
		return v.goTo("/applications/"+b.ApplicationID, "booking_cancelled")
	}
	view, gone := s.ownBooking(v)
	if gone != nil {
		return gone
	}
	if v.refused(err, f, nil) {
		return v.again(student.Confirm(v.cancellation(view, f)))
	}
	return err
}

// enterpriseAbsent is the applicant's word that nobody of the enterprise came.
func (s *site) enterpriseAbsent(v *visit) error {
	b, err := s.Interviews.RecordAttendance(v.ctx(), v.actor, v.param("id"), interviews.EnterpriseAbsent)
	if err != nil {
		return v.refusedAct(err, "/bookings/"+v.param("id"))
	}
	return v.goTo("/applications/"+b.ApplicationID, "absence_noted")
}
