package webui

import (
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

// holdMove keeps the chosen time for a few minutes, and asks to confirm the move.
func (s *site) holdMove(v *visit) error {
	f := v.form()
	b, gone := s.ownBooking(v)
	if gone != nil {
		return gone
	}
	err := chosenSlot(f)
	if err == nil {
		_, err = s.Interviews.HoldSlot(v.ctx(), v.actor, f.Value("slot"), b.Booking.ApplicationID)
	}
	if err == nil {
		return v.goTo("/bookings/"+b.Booking.ID+"/move/"+f.Value("slot"), "")
	}
	return s.moveAgain(v, b, f, err)
}

// moveAgain shows the week anew, with what is free now, when a time could not be taken.
func (s *site) moveAgain(v *visit, b *interviews.BookingView, f *ui.Form, err error) error {
	if !v.refused(err, f, nil) {
		return err
	}
	d, e := s.moveData(v, b, f, s.chosenWeek(v, f, b.Booking.PlacementID))
	if e != nil {
		return e
	}
	return v.again(student.Slots(d))
}

// heldMove is the page that asks to confirm a move to a held time. over says that it is held no longer.
func (s *site) heldMove(v *visit, b *interviews.BookingView) (d student.HeldData, over bool, err error) {
	slot, err := s.Interviews.GetSlot(v.ctx(), v.actor, v.param("slot"))
	if err != nil {
		return d, false, err
	}
	page := "/bookings/" + b.Booking.ID + "/move"
	d = v.heldData(slot, placeBrief(b.Place, b.EnterpriseName), page)
	d.Action, d.Move, d.Now = page+"/"+slot.Slot.ID, true, dates.Moment(v.lang, b.Booking.StartsAt)
	return d, slot.Slot.PlacementID != b.Booking.PlacementID || slot.HeldUntil.IsZero(), nil
}

func (s *site) heldMovePage(v *visit) error {
	b, err := s.ownBooking(v)
	if err != nil {
		return err
	}
	if b.Booking.State != interviews.Booked {
		return v.goTo("/bookings/"+b.Booking.ID, "")
	}
	d, over, err := s.heldMove(v, b)
	switch {
	case err != nil:
		return err
	case over:
		return v.holdOver(d)
	}
	return v.show(student.Held(d))
}

// moveBooking moves the interview. It needs no hold: one that ran out a moment ago takes nothing away while the time is free.
func (s *site) moveBooking(v *visit) error {
	f := v.form()
	b, gone := s.ownBooking(v)
	if gone != nil {
		return gone
	}
	_, err := s.Interviews.Move(v.ctx(), v.actor, b.Booking.ID, v.param("slot"), f.Value("reason"))
	if err == nil {
		return v.goTo("/bookings/"+b.Booking.ID, "moved")
	}
	d, over, gone := s.heldMove(v, b)
	if gone != nil || over {
		f.Set("slot", v.param("slot"))
		return s.moveAgain(v, b, f, err)
	}
	if !v.refused(err, f, nil) {
		return err
	}
	f.Labels = map[string]string{"reason": v.say("site.student.move.reason")}
	d.Form = f
	return v.again(student.Held(d))
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
	b, err := s.Interviews.Cancel(v.ctx(), v.actor, v.param("id"), f.Value("reason"))
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
