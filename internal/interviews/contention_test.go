package interviews_test

import (
	"context"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/interviews"
	it "github.com/orynda/orynda/internal/interviews/interviewstest"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/selection"
)

const day = 24 * time.Hour

// Forty callers at once: exactly as many succeed as may, and everybody else hears why (I1).
func TestContention(t *testing.T) {
	it.OnEngines(t, func(t *testing.T, w *it.World) {
		t.Run("last place of a slot", func(t *testing.T) { lastPlace(t, w) })
		t.Run("one interviewer", func(t *testing.T) { oneInterviewer(t, w) })
		t.Run("one room", func(t *testing.T) { oneRoom(t, w) })
		t.Run("one student", func(t *testing.T) { oneStudent(t, w) })
		t.Run("one application", func(t *testing.T) { oneApplication(t, w) })
		t.Run("moving to the last place", func(t *testing.T) { movingTo(t, w) })
		t.Run("moving away and cancelling", func(t *testing.T) { movingAway(t, w) })
	})
}

func lastPlace(t *testing.T, w *it.World) {
	const capacity = 3
	place := w.Place(t, it.Seats(it.Callers))
	slot := w.Slot(t, place.ID, 2*day, capacity)
	var who [it.Callers]accounts.Actor
	var apps [it.Callers]string
	for i := range who {
		who[i] = w.Student(t)
		apps[i] = w.Shortlisted(t, who[i], place.ID).ID
	}
	got := it.Together(t, func(ctx context.Context, i int) error {
		if i%2 == 0 {
			_, err := w.Interviews.HoldSlot(ctx, who[i], slot.ID, apps[i])
			return err
		}
		_, err := w.Interviews.Book(ctx, who[i], slot.ID, apps[i])
		return err
	})
	it.Want(t, got, map[string]int{"": capacity, "slot_full": it.Callers - capacity})
	if s, err := w.Interviews.Slot(t.Context(), slot.ID); err != nil || len(s.Seats) != capacity {
		t.Errorf("seats %+v, %v", s.Seats, err)
	}
}

// offering offers an hour that begins within the same hour as everybody else's.
func offering(w *it.World, i int, interviewer, room string) interviews.NewSlots {
	begin := w.Clock.Now().Add(5*day + time.Duration(i)*time.Minute)
	in := interviews.NewSlots{
		StartsAt: begin, EndsAt: begin.Add(time.Hour), Buffer: 10 * time.Minute, Form: interviews.ByPhone, Phone: "+77212000000", InterviewerID: interviewer,
	}
	if room != "" {
		in.Form, in.RoomID = interviews.InPerson, room
	}
	return in
}

func oneInterviewer(t *testing.T, w *it.World) {
	place := w.Place(t, nil)
	interviewer := w.Member(t, accounts.RoleInterviewer).PersonID
	got := it.Together(t, func(ctx context.Context, i int) error {
		_, _, err := w.Interviews.CreateSlots(ctx, w.HR, place.ID, offering(w, i, interviewer, ""))
		return err
	})
	it.Want(t, got, map[string]int{"": 1, "interviewer_busy": it.Callers - 1})
}

func oneRoom(t *testing.T, w *it.World) {
	place := w.Place(t, nil)
	room := w.NewRoom(t, "Переговорная").ID
	var who [it.Callers]string
	for i := range who {
		who[i] = w.Member(t, accounts.RoleInterviewer).PersonID
	}
	got := it.Together(t, func(ctx context.Context, i int) error {
		_, _, err := w.Interviews.CreateSlots(ctx, w.HR, place.ID, offering(w, i, who[i], room))
		return err
	})
	it.Want(t, got, map[string]int{"": 1, "room_busy": it.Callers - 1})
}

// oneStudent books overlapping times of eight applications.
func oneStudent(t *testing.T, w *it.World) {
	student := w.Student(t)
	var apps, slots [selection.MostLiveApplications]string
	for i := range apps {
		place := w.Place(t, nil)
		apps[i] = w.Shortlisted(t, student, place.ID).ID
		slots[i] = w.Slot(t, place.ID, 3*day+time.Duration(i)*time.Minute, 1).ID
	}
	got := it.Together(t, func(ctx context.Context, i int) error {
		_, err := w.Interviews.Book(ctx, student, slots[i%len(slots)], apps[i%len(apps)])
		return err
	})
	// Those who ask once more for the application that won hear of its booking.
	it.Want(t, got, map[string]int{"": 1, "already_booked": it.Callers/len(apps) - 1, "booking_overlap": it.Callers - it.Callers/len(apps)})
}

// oneApplication books forty times of its place.
func oneApplication(t *testing.T, w *it.World) {
	place, student := w.Place(t, nil), w.Student(t)
	app := w.Shortlisted(t, student, place.ID)
	var slots [it.Callers]string
	for i := range slots {
		slots[i] = w.Slot(t, place.ID, 3*day+time.Duration(i)*2*time.Hour, 1).ID
	}
	got := it.Together(t, func(ctx context.Context, i int) error {
		_, err := w.Interviews.Book(ctx, student, slots[i], app.ID)
		return err
	})
	it.Want(t, got, map[string]int{"": 1, "already_booked": it.Callers - 1})
	taken := 0
	for _, id := range slots {
		s, err := w.Interviews.Slot(t.Context(), id)
		it.Ok(t, err)
		taken += len(s.Seats)
	}
	if taken != 1 {
		t.Errorf("%d seats are taken by one application", taken)
	}
}

// movingTo lets everybody who has booked one time hold or take the last place of another: one gets it, and all keep what they have.
func movingTo(t *testing.T, w *it.World) {
	ctx := t.Context()
	place := w.Place(t, it.Seats(it.Callers))
	from, to := w.Slot(t, place.ID, 6*day, it.Callers), w.Slot(t, place.ID, 7*day, 1)
	var who [it.Callers]accounts.Actor
	var bookings [it.Callers]*interviews.Booking
	for i := range who {
		who[i] = w.Student(t)
		var err error
		bookings[i], err = w.Interviews.Book(ctx, who[i], from.ID, w.Shortlisted(t, who[i], place.ID).ID)
		it.Ok(t, err)
	}
	got := it.Together(t, func(ctx context.Context, i int) error {
		if i%2 == 0 {
			_, err := w.Interviews.HoldSlot(ctx, who[i], to.ID, bookings[i].ApplicationID)
			return err
		}
		_, err := w.Interviews.Move(ctx, who[i], bookings[i].ID, to.ID, "x")
		return err
	})
	it.Want(t, got, map[string]int{"": 1, "slot_full": it.Callers - 1})
	left, err := w.Interviews.Slot(ctx, from.ID)
	it.Ok(t, err)
	taken, err := w.Interviews.Slot(ctx, to.ID)
	it.Ok(t, err)
	booked := len(left.Seats)
	for _, seat := range taken.Seats {
		if seat.Until.IsZero() {
			booked++
		}
	}
	if len(taken.Seats) != 1 || booked != it.Callers {
		t.Errorf("%d seats left, taken %+v", len(left.Seats), taken.Seats)
	}
}

// movingAway moves, cancels and calls off one booking at once: no seat and no time stays taken by nobody.
func movingAway(t *testing.T, w *it.World) {
	ctx := t.Context()
	place := w.Place(t, func(in *placements.Input) { in.Seats = ptr(1) })
	student := w.Student(t)
	app := w.Shortlisted(t, student, place.ID)
	from, to := w.Slot(t, place.ID, 3*day, 1), w.Slot(t, place.ID, 4*day, 1)
	b, err := w.Interviews.Book(ctx, student, from.ID, app.ID)
	it.Ok(t, err)
	it.Together(t, func(ctx context.Context, i int) error {
		var err error
		switch i % 5 {
		case 0:
			_, err = w.Interviews.Move(ctx, student, b.ID, to.ID, "x")
		case 4:
			_, err = w.Interviews.HoldSlot(ctx, student, to.ID, app.ID)
		case 1:
			_, err = w.Interviews.Cancel(ctx, student, b.ID, "x")
		case 2:
			_, err = w.Interviews.CancelSlot(ctx, w.HR, from.ID, "x")
		default:
			_, err = w.Selection.Withdraw(ctx, student, app.ID, "", "")
		}
		return err
	})
	after, err := w.Interviews.Booking(ctx, b.ID)
	it.Ok(t, err)
	if after.State != interviews.Cancelled {
		t.Fatalf("booking is %s", after.State)
	}
	for _, id := range []string{from.ID, to.ID} {
		s, err := w.Interviews.Slot(ctx, id)
		it.Ok(t, err)
		if len(s.Seats) != 0 {
			t.Errorf("a cancelled booking keeps %+v", s.Seats)
		}
	}
	// The student's time is free again, on both days.
	for _, at := range []time.Duration{3 * day, 4 * day} {
		other := w.Place(t, nil)
		again := w.Shortlisted(t, student, other.ID)
		_, err := w.Interviews.Book(ctx, student, w.Slot(t, other.ID, at, 1).ID, again.ID)
		it.Ok(t, err)
	}
}
