package webui

import (
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/interviews"
	"github.com/orynda/orynda/internal/notifications/dates"
	"github.com/orynda/orynda/web/pages/selecting"
	"github.com/orynda/orynda/web/ui"
)

// slotsPerPage is how many times a page of the list holds.
const slotsPerPage = 60

func (s *site) slotList(v *visit) error {
	_, head, err := s.selectingPlace(v, "slots")
	if err != nil {
		return err
	}
	after, err := v.cursor()
	if err != nil {
		return err
	}
	d := selecting.Slots{Head: head, Past: v.query("show") == "all"}
	path := "/placements/" + head.Place + "/slots"
	d.Views = []ui.Tab{
		{Path: path, Label: v.say("site.selecting.slots.coming"), Current: !d.Past},
		{Path: path + "?show=all", Label: v.say("site.selecting.slots.every"), Current: d.Past},
	}
	q := interviews.SlotFilter{Cursor: after, Limit: slotsPerPage}
	next := path + "?cursor="
	if d.Past {
		next = path + "?show=all&cursor="
	} else {
		q.From, q.States = cal.DayOf(s.Clock.Now()).Start(), []interviews.SlotState{interviews.SlotOpen, interviews.SlotFull, interviews.SlotPast}
	}
	page, err := s.Interviews.ListSlots(v.ctx(), v.actor, head.Place, q)
	if err != nil {
		return err
	}
	d.Days = v.staffSlotDays(head, page.Items)
	if !page.Next.IsZero() {
		d.Next = next + page.Next.String()
	}
	return v.show(selecting.SlotsPage(d))
}

// staffSlotDays puts times under their days.
func (v *visit) staffSlotDays(head selecting.Head, list []interviews.SlotView) []selecting.SlotDay {
	var out []selecting.SlotDay
	last := cal.Day("")
	for _, view := range list {
		if day := cal.DayOf(view.Slot.StartsAt); day != last {
			out, last = append(out, selecting.SlotDay{Name: v.dayName(day)}), day
		}
		d := &out[len(out)-1]
		d.Slots = append(d.Slots, v.staffSlot(head, view))
	}
	return out
}

// dayName is a day with its weekday.
func (v *visit) dayName(d cal.Day) string {
	return dates.Day(v.lang, d) + ", " + v.say("site.selecting.weekday."+weekdayKey(d))
}

// weekdayKey is "1" for Monday to "7" for Sunday.
func weekdayKey(d cal.Day) string { return string(rune('1' + (int(d.Weekday())+6)%7)) }

func (v *visit) staffSlot(head selecting.Head, view interviews.SlotView) selecting.Slot {
	slot := view.Slot
	out := selecting.Slot{
		From: dates.Clock(slot.StartsAt), To: dates.Clock(slot.EndsAt), State: v.say("state.slot." + string(view.State)), Form: v.say("form." + string(slot.Form)),
		Where: joined(", ", v.room(view.Room), slot.Phone, slot.Link), Who: view.InterviewerName, Reason: slot.Reason,
	}
	switch view.State {
	case interviews.SlotOpen:
		out.Kind, out.Left = "good", v.say("site.selecting.slots.left", "free", view.Free, "all", slot.Capacity)
	case interviews.SlotFull:
		out.Kind = "wait"
	case interviews.SlotCancelled:
		out.Kind = "bad"
	}
	for _, a := range view.Attendees {
		p := selecting.Person{Name: a.FullName, Path: "/bookings/" + a.Booking.ID, State: v.say("state.booking." + string(a.Booking.State)), Kind: bookingKind(a.Booking.State)}
		switch {
		case a.Booking.State == interviews.Attended && a.Booking.ScorecardID == "":
			p.State, p.Kind = v.say("site.selecting.slots.unscored"), "mine"
		case a.Booking.State == interviews.Booked && !v.site.Clock.Now().Before(slot.EndsAt):
			p.State, p.Kind = v.say("site.selecting.slots.unmarked"), "mine"
		}
		out.People = append(out.People, p)
	}
	if head.Hires && (view.State == interviews.SlotOpen || view.State == interviews.SlotFull) {
		out.Cancel = "/slots/" + slot.ID + "/cancel"
	}
	return out
}

func bookingKind(s interviews.BookingState) string {
	switch s {
	case interviews.Attended:
		return "good"
	case interviews.Booked:
		return "wait"
	}
	return "bad"
}

func (s *site) cancelSlotPage(v *visit) error {
	d, err := s.slotCancelling(v, &ui.Form{})
	if err != nil {
		return err
	}
	return v.show(selecting.CancelSlotPage(d))
}

// slotCancelling tells what is cancelled and who hears of it.
func (s *site) slotCancelling(v *visit, f *ui.Form) (selecting.CancelSlot, error) {
	view, err := s.Interviews.GetSlot(v.ctx(), v.actor, v.param("id"))
	if err != nil {
		return selecting.CancelSlot{}, err
	}
	d := selecting.CancelSlot{ID: view.Slot.ID, When: dates.Moment(v.lang, view.Slot.StartsAt), Form: f}
	if _, d.Head, err = s.selectingHeadOf(v, view.Slot.PlacementID, "slots"); err != nil {
		return d, err
	}
	if !d.Hires {
		return d, forbidden()
	}
	for _, a := range view.Attendees {
		if a.Booking.State == interviews.Booked {
			d.People = append(d.People, a.FullName)
		}
	}
	return d, nil
}

func (s *site) cancelSlot(v *visit) error {
	f := v.form()
	d, err := s.slotCancelling(v, f)
	if err != nil {
		return err
	}
	if len(d.People) > 0 && f.Value("reason") == "" { // programs may leave it out; a person owes it to those who booked
		err = errs.InvalidFields([]errs.Field{{Field: "reason", Code: "required"}})
	} else {
		_, err = s.Interviews.CancelSlot(v.ctx(), v.actor, d.ID, f.Value("reason"))
	}
	if err == nil {
		return v.goTo("/placements/"+d.Place+"/slots", "selecting.slot_cancelled")
	}
	if !v.refused(err, f, nil) {
		return err
	}
	f.Labels = map[string]string{"reason": v.say("site.selecting.reason")}
	return v.again(selecting.CancelSlotPage(d))
}

// skippedWords tells which times could not be offered, and why.
func (v *visit) skippedWords(list []interviews.Skipped) []string {
	var out []string
	for _, one := range list {
		out = append(out, v.say("site.selecting.skipped."+one.Reason, "when", dates.Short(v.lang, one.StartsAt)))
	}
	return out
}
