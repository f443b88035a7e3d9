package interviews_test

import (
	"strings"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/interviews"
	it "github.com/orynda/orynda/internal/interviews/interviewstest"
	"github.com/orynda/orynda/internal/placements"
)

func TestHoldToMove(t *testing.T) { it.OnEngines(t, holdToMove) }

func holdToMove(t *testing.T, w *it.World) {
	ctx := t.Context()
	place := w.Place(t, it.Seats(3))
	student, rival := w.Student(t), w.Student(t)
	app, theirs := w.Shortlisted(t, student, place.ID), w.Shortlisted(t, rival, place.ID)
	from, wanted, third := w.Slot(t, place.ID, 3*day, 1), w.Slot(t, place.ID, 4*day, 1), w.Slot(t, place.ID, 5*day, 1)
	b, err := w.Interviews.Book(ctx, student, from.ID, app.ID)
	it.Ok(t, err)
	movable := func(slot *interviews.Slot) interviews.SlotView {
		t.Helper()
		v, err := w.Interviews.GetSlot(ctx, student, slot.ID)
		it.Ok(t, err)
		if v.Bookable {
			t.Errorf("%s is bookable for who has booked", slot.ID)
		}
		return v
	}
	if movable(from).Movable || !movable(wanted).Movable {
		t.Error("one may move to another time, never to the own one")
	}
	_, err = w.Interviews.HoldSlot(ctx, student, from.ID, app.ID)
	it.Refused(t, err, "already_booked")

	// Nobody else sees or gets the place while it is held.
	_, err = w.Interviews.HoldSlot(ctx, student, wanted.ID, app.ID)
	it.Ok(t, err)
	if v := movable(wanted); v.HeldUntil.IsZero() || !v.Movable {
		t.Errorf("the holder sees %+v", v)
	}
	other, err := w.Interviews.GetSlot(ctx, rival, wanted.ID)
	it.Ok(t, err)
	if other.Free != 0 || other.Bookable || !other.HeldUntil.IsZero() {
		t.Errorf("somebody else sees %+v", other)
	}
	_, err = w.Interviews.Book(ctx, rival, wanted.ID, theirs.ID)
	it.Refused(t, err, "slot_full")

	for _, reason := range []string{" ", strings.Repeat("я", interviews.MostReason+1)} {
		_, err := w.Interviews.Move(ctx, student, b.ID, wanted.ID, reason)
		it.Refused(t, err, "bad_request")
		_, err = w.Interviews.Cancel(ctx, student, b.ID, reason)
		it.Refused(t, err, "bad_request")
	}
	moved, err := w.Interviews.Move(ctx, student, b.ID, wanted.ID, "Экзамен")
	it.Ok(t, err)
	if moved.SlotID != wanted.ID {
		t.Errorf("moved to %+v", moved)
	}
	seats := func(slot *interviews.Slot, want int) {
		t.Helper()
		s, err := w.Interviews.Slot(ctx, slot.ID)
		it.Ok(t, err)
		if len(s.Seats) != want {
			t.Errorf("%d seats are taken, want %d: %+v", len(s.Seats), want, s.Seats)
		}
	}
	seats(from, 0)
	seats(wanted, 1)

	// A hold on one time ends when the booking moves to another.
	_, err = w.Interviews.HoldSlot(ctx, student, from.ID, app.ID)
	it.Ok(t, err)
	_, err = w.Interviews.Move(ctx, student, b.ID, third.ID, "Снова экзамен")
	it.Ok(t, err)
	seats(from, 0)
	seats(wanted, 0)
	if _, err = w.Interviews.Book(ctx, rival, from.ID, theirs.ID); err != nil {
		t.Errorf("the time that was held: %v", err)
	}

	// What ran out holds nothing back.
	_, err = w.Interviews.HoldSlot(ctx, student, wanted.ID, app.ID)
	it.Ok(t, err)
	w.Clock.Advance(interviews.HoldLife)
	late := w.Student(t)
	_, err = w.Interviews.Book(ctx, late, wanted.ID, w.Shortlisted(t, late, place.ID).ID)
	it.Ok(t, err)
	_, err = w.Interviews.Move(ctx, student, b.ID, wanted.ID, "x")
	it.Refused(t, err, "slot_full")

	w.Clock.Advance(5*day - interviews.MoveUntil)
	_, err = w.Interviews.HoldSlot(ctx, student, w.Slot(t, place.ID, 2*day, 1).ID, app.ID)
	it.Refused(t, err, "too_late")
}

// The time that one moves away from is no obstacle, any other is.
func TestHoldBesideOwnTime(t *testing.T) { it.OnEngines(t, holdBesideOwnTime) }

func holdBesideOwnTime(t *testing.T, w *it.World) {
	ctx := t.Context()
	place, elsewhere := w.Place(t, nil), w.Place(t, nil)
	student := w.Student(t)
	app, second := w.Shortlisted(t, student, place.ID), w.Shortlisted(t, student, elsewhere.ID)
	offer := func(p *placements.Placement, at time.Duration) string {
		t.Helper()
		begin := w.Clock.Now().Add(at)
		made, _, err := w.Interviews.CreateSlots(ctx, w.HR, p.ID, interviews.NewSlots{
			StartsAt: begin, EndsAt: begin.Add(time.Hour), Form: interviews.ByPhone, Phone: "+77212000000", InterviewerID: w.Member(t, accounts.RoleInterviewer).PersonID,
		})
		it.Ok(t, err)
		return made[0].Slot.ID
	}
	b, err := w.Interviews.Book(ctx, student, offer(place, 3*day), app.ID)
	it.Ok(t, err)
	half := offer(place, 3*day+30*time.Minute)
	_, err = w.Interviews.HoldSlot(ctx, student, half, app.ID)
	it.Ok(t, err)
	// Both the own time and the held one are taken for the other application.
	for _, at := range []time.Duration{3*day - 30*time.Minute, 3*day + 75*time.Minute} {
		_, err = w.Interviews.HoldSlot(ctx, student, offer(elsewhere, at), second.ID)
		it.Refused(t, err, "booking_overlap")
	}
	_, err = w.Interviews.Move(ctx, student, b.ID, half, "На полчаса позже")
	it.Ok(t, err)
	_, err = w.Interviews.HoldSlot(ctx, student, offer(elsewhere, 3*day-30*time.Minute), second.ID)
	it.Ok(t, err) // touches, doesn't overlap
}

func TestNoticeAndHorizon(t *testing.T) { it.OnEngines(t, noticeAndHorizon) }

// noticeAndHorizon: a time can be booked from its horizon to its notice, and whose turn it is follows that.
func noticeAndHorizon(t *testing.T, w *it.World) {
	ctx := t.Context()
	place := w.Place(t, nil)
	student := w.Student(t)
	app := w.Shortlisted(t, student, place.ID)
	begin := w.Clock.Now().Add(5 * day) // Saturday, 9:00
	made, _, err := w.Interviews.CreateSlots(ctx, w.HR, place.ID, interviews.NewSlots{
		StartsAt: begin, EndsAt: begin.Add(time.Hour), Form: interviews.ByPhone, Phone: "+77212000000", Notice: 24 * time.Hour, Horizon: 3,
	})
	it.Ok(t, err)
	slot := made[0].Slot
	bookable := func(want bool) {
		t.Helper()
		is, err := w.Interviews.HasBookableSlot(ctx, place.ID, w.Clock.Now())
		it.Ok(t, err)
		v, err := w.Interviews.GetSlot(ctx, student, slot.ID)
		it.Ok(t, err)
		if is != want || v.Bookable != want {
			t.Errorf("at %v the place has a time %v, the applicant may book %v; want %v", w.Clock.Now(), is, v.Bookable, want)
		}
	}
	bookable(false)
	_, err = w.Interviews.HoldSlot(ctx, student, slot.ID, app.ID)
	it.Refused(t, err, "slot_not_open_yet")
	w.Clock.Advance(2*day - 9*time.Hour) // Wednesday, 0:00
	bookable(true)
	w.Clock.Advance(2*day + 9*time.Hour) // Friday, 9:00
	bookable(true)
	w.Clock.Advance(time.Millisecond)
	bookable(false)
	_, err = w.Interviews.Book(ctx, student, slot.ID, app.ID)
	it.Refused(t, err, "slot_too_soon")
}

// Before one books, the place and what to bring are shown; link, number and interviewer are not.
func TestSlotBeforeBooking(t *testing.T) { it.OnEngines(t, slotBeforeBooking) }

func slotBeforeBooking(t *testing.T, w *it.World) {
	ctx := t.Context()
	place := w.Place(t, nil)
	student := w.Student(t)
	w.Shortlisted(t, student, place.ID)
	begin := w.Clock.Now().Add(day)
	made, _, err := w.Interviews.CreateSlots(ctx, w.HR, place.ID, interviews.NewSlots{
		StartsAt: begin, EndsAt: begin.Add(time.Hour), Form: interviews.InPerson, RoomID: w.Room.ID, Phone: "+77212000000", Link: "https://meet.example.kz/a",
		Instructions: "Возьмите удостоверение",
	})
	it.Ok(t, err)
	v, err := w.Interviews.GetSlot(ctx, student, made[0].Slot.ID)
	it.Ok(t, err)
	if v.Room == nil || v.Room.Address == "" || v.Slot.Instructions == "" {
		t.Errorf("an applicant doesn't see where it is: %+v", v.Slot)
	}
	if v.Slot.Link != "" || v.Slot.Phone != "" || v.Slot.InterviewerID != "" || v.InterviewerName != "" {
		t.Errorf("an applicant sees before booking: %+v", v.Slot)
	}
}
