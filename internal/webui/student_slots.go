package webui

import (
	"time"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/interviews"
	"github.com/orynda/orynda/internal/notifications/dates"
	"github.com/orynda/orynda/internal/selection"
	"github.com/orynda/orynda/internal/storage"
	"github.com/orynda/orynda/web/pages/student"
	"github.com/orynda/orynda/web/ui"
)

// mostSlots is how many times of one week are shown at most.
const mostSlots = 300

// week is a Monday and the days after it.
type slotWeek struct{ monday cal.Day }

func slotWeekOf(d cal.Day) slotWeek { return slotWeek{d.Add(-(int(d.Weekday()) + 6) % 7)} }

func (w slotWeek) from() time.Time { return w.monday.Start() }
func (w slotWeek) to() time.Time   { return w.monday.Add(7).Start() }

// slotsPage lets the applicant choose a time.
func (s *site) slotsPage(v *visit) error {
	view, err := s.ownView(v, v.param("id"))
	if err != nil {
		return err
	}
	switch i := view.App.Interview; {
	case i != nil && i.Live:
		return v.goTo("/bookings/"+i.BookingID, "")
	case view.App.Invited() != nil:
		return v.refusedAct(view.App.Invited(), "/applications/"+view.App.ID)
	}
	d, err := s.slotsData(v, view, &ui.Form{}, v.query("week"))
	if err != nil {
		return err
	}
	return v.show(student.Slots(d))
}

// slotsData is the week view of an application. asked is a day of the week that is wanted; the first one with a free time otherwise.
func (s *site) slotsData(v *visit, view *selection.View, f *ui.Form, asked string) (student.SlotsData, error) {
	page := "/applications/" + view.App.ID + "/slots"
	d := student.SlotsData{
		Place: placeBrief(view.Place, view.EnterpriseName), Form: f, Title: v.say("site.student.slots.title"), Action: page,
		Back: student.Step{Path: "/applications/" + view.App.ID, Label: v.say("site.student.application.title")},
	}
	return d, s.fillWeek(v, &d, view.App.PlacementID, page, asked)
}

// fillWeek puts the times of one week into a page, with the ways to the weeks beside it.
func (s *site) fillWeek(v *visit, d *student.SlotsData, placementID, page, asked string) error {
	now := s.Clock.Now()
	w, err := s.weekFor(v, placementID, asked)
	if err != nil {
		return err
	}
	d.Form.Set("week", string(w.monday))
	d.Week = v.say("site.student.slots.week", "from", dates.Weekday(v.lang, w.monday), "to", dates.Weekday(v.lang, w.monday.Add(6)))
	list, err := s.slotsBetween(v, placementID, w.from(), w.to(), mostSlots)
	if err != nil {
		return err
	}
	d.Days, d.Any = v.timesByDay(list, now)
	if w.from().After(now) {
		d.Prev = page + "?week=" + string(w.monday.Add(-7))
	}
	later, err := s.slotsBetween(v, placementID, w.to(), time.Time{}, 1)
	if err != nil {
		return err
	}
	if len(later) > 0 {
		d.Next = page + "?week=" + string(slotWeekOf(cal.DayOf(later[0].Slot.StartsAt)).monday)
	}
	return nil
}

// weekFor is the week that was asked for, else the one of the first time that can be taken, else of the first time at all.
func (s *site) weekFor(v *visit, placementID, asked string) (slotWeek, error) {
	now := s.Clock.Now()
	if day := cal.Day(asked); day.Valid() && day.Add(7).Start().After(now) {
		return slotWeekOf(day), nil
	}
	list, err := s.slotsBetween(v, placementID, now, time.Time{}, mostSlots)
	if err != nil {
		return slotWeek{}, err
	}
	for _, slot := range list {
		if choosable(slot) {
			return slotWeekOf(cal.DayOf(slot.Slot.StartsAt)), nil
		}
	}
	return slotWeekOf(cal.DayOf(now)), nil
}

func (s *site) slotsBetween(v *visit, placementID string, from, to time.Time, most int) ([]interviews.SlotView, error) {
	var out []interviews.SlotView
	f := interviews.SlotFilter{From: from, To: to, Limit: min(most, mostListed)}
	for len(out) < most {
		page, err := s.Interviews.ListSlots(v.ctx(), v.actor, placementID, f)
		if err != nil {
			return nil, err
		}
		out = append(out, page.Items...)
		if f.Cursor = page.Next; f.Cursor == (storage.Cursor{}) {
			break
		}
	}
	return out, nil
}

// choosable reports whether a time can be taken, by who books or by who moves.
func choosable(s interviews.SlotView) bool { return s.Bookable || s.Movable }

// timesByDay groups times by day. any says whether one can be chosen.
func (v *visit) timesByDay(list []interviews.SlotView, now time.Time) (days []student.SlotDay, any bool) {
	last := cal.Day("")
	for _, one := range list {
		if day := cal.DayOf(one.Slot.StartsAt); day != last {
			days = append(days, student.SlotDay{Name: dates.Weekday(v.lang, day)})
			last = day
		}
		slot := v.slotChoice(one, now)
		any = any || slot.Free
		d := &days[len(days)-1]
		d.Slots = append(d.Slots, slot)
	}
	return days, any
}

func (v *visit) slotChoice(one interviews.SlotView, now time.Time) student.Slot {
	s := one.Slot
	out := student.Slot{
		ID: s.ID, From: dates.Clock(s.StartsAt) + "–" + dates.Clock(s.EndsAt), Minutes: v.say("site.student.minutes", "Count", int(s.EndsAt.Sub(s.StartsAt).Minutes())),
		Form: v.say("form." + string(s.Form)), Where: v.room(one.Room), Free: choosable(one), Instructions: s.Instructions,
	}
	switch {
	case one.BookingID != "":
		out.Left = v.say("site.student.slots.mine")
	case !one.HeldUntil.IsZero():
		out.Left = v.say("site.student.slots.held")
	case one.Free == 0:
		out.Left = v.say("site.student.slots.taken")
	case !out.Free && now.Before(s.BookableFrom()):
		out.Left = v.say("site.student.slots.later", "from", dates.Day(v.lang, cal.DayOf(s.BookableFrom())))
	case !out.Free:
		out.Left = v.say("site.student.slots.too_soon")
	default:
		out.Left = v.say("site.student.slots.left", "Count", one.Free)
	}
	return out
}

// chosenSlot puts the missing choice into a form, as a service would.
func chosenSlot(f *ui.Form) error {
	if f.Value("slot") != "" {
		return nil
	}
	return errs.New(errs.Unprocessable, "validation_failed").WithFields(errs.Field{Field: "slot", Code: "required"})
}

// holdSlot keeps the chosen time for a few minutes, and asks to confirm it.
func (s *site) holdSlot(v *visit) error {
	f := v.form()
	err := chosenSlot(f)
	if err == nil {
		_, err = s.Interviews.HoldSlot(v.ctx(), v.actor, f.Value("slot"), v.param("id"))
	}
	if err == nil {
		return v.goTo("/applications/"+v.param("id")+"/slots/"+f.Value("slot"), "")
	}
	return s.slotsAgain(v, f, err)
}

// slotsAgain shows the week anew, with what is free now, when a time could not be taken.
func (s *site) slotsAgain(v *visit, f *ui.Form, err error) error {
	view, gone := s.ownView(v, v.param("id"))
	if gone != nil {
		return gone
	}
	if i := view.App.Interview; i != nil && i.Live { // booked in another window
		return v.refusedAct(err, "/bookings/"+i.BookingID)
	}
	if !v.refused(err, f, nil) {
		return err
	}
	d, e := s.slotsData(v, view, f, s.chosenWeek(v, f, view.App.PlacementID))
	if e != nil {
		return e
	}
	return v.again(student.Slots(d))
}

// chosenWeek names the choice of a refused form, and gives a day of the week in which it was made.
func (s *site) chosenWeek(v *visit, f *ui.Form, placementID string) string {
	f.Labels = map[string]string{"slot": v.say("site.student.slots.one")}
	if slot, err := s.Interviews.Slot(v.ctx(), f.Value("slot")); err == nil && slot.PlacementID == placementID {
		return string(cal.DayOf(slot.StartsAt))
	}
	return f.Value("week")
}

// heldPage asks to confirm a held time, while the hold lasts.
func (s *site) heldPage(v *visit) error {
	view, err := s.ownView(v, v.param("id"))
	if err != nil {
		return err
	}
	if i := view.App.Interview; i != nil && i.Live {
		return v.goTo("/bookings/"+i.BookingID, "")
	}
	slot, err := s.Interviews.GetSlot(v.ctx(), v.actor, v.param("slot"))
	if err != nil {
		return err
	}
	d := v.heldData(slot, placeBrief(view.Place, view.EnterpriseName), "/applications/"+view.App.ID+"/slots")
	if slot.Slot.PlacementID != view.App.PlacementID || slot.HeldUntil.IsZero() {
		return v.holdOver(d)
	}
	d.Action = "/applications/" + view.App.ID + "/book"
	return v.show(student.Held(d))
}

// heldData is a held time that was chosen on a page of weeks.
func (v *visit) heldData(slot interviews.SlotView, place student.Place, weeks string) student.HeldData {
	return student.HeldData{
		Place: place, Slot: v.slotChoice(slot, v.site.Clock.Now()), When: dates.Moment(v.lang, slot.Slot.StartsAt), Form: &ui.Form{},
		Clock: ui.Clock{From: slot.HeldUntil.Add(-interviews.HoldLife), Until: slot.HeldUntil},
		Back:  student.Step{Path: weeks + "?week=" + string(cal.DayOf(slot.Slot.StartsAt)), Label: v.say("site.student.slots.title")},
	}
}

// holdOver leads back to the weeks when the time is held no longer.
func (v *visit) holdOver(d student.HeldData) error {
	v.keepNotice(noticeBad, v.say("site.student.held.over"))
	return v.goTo(d.Back.Path, "")
}

// bookSlot takes the time. It needs no hold: one that ran out a moment ago takes nothing away while the time is free.
func (s *site) bookSlot(v *visit) error {
	f := v.form()
	b, err := s.Interviews.Book(v.ctx(), v.actor, f.Value("slot"), v.param("id"))
	if err == nil {
		return v.goTo("/bookings/"+b.ID, "booked")
	}
	return s.slotsAgain(v, f, err)
}
