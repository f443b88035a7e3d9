package interviews

import (
	"slices"
	"time"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/storage"
)

// Limits of slots, in one place.
const (
	MinimumNotice    = 2 * time.Hour       // before a slot's begin nobody may book any more, whatever the enterprise says
	MostNotice       = 14 * 24 * time.Hour // that the enterprise may ask for
	HoldLife         = 5 * time.Minute
	LeastLength      = 10 * time.Minute
	MostLength       = 4 * time.Hour
	MostSlots        = 500 // of one pattern
	MostDays         = 92  // of one pattern, and of a horizon
	MostBuffer       = 2 * time.Hour
	MostCapacity     = 50
	MostLink         = 500  // letters
	MostInstructions = 1000 // letters
	MostReason       = 300  // letters: why something is moved, cancelled or called off
)

// Form is how an interview takes place.
type Form string

// The forms.
const (
	InPerson Form = "in_person"
	ByPhone  Form = "phone"
	ByVideo  Form = "video"
)

// SlotState is where a slot stands at an instant.
type SlotState string

// The states. Open, full and past follow from the seats and the clock; only cancelled is stored.
const (
	SlotOpen      SlotState = "open"
	SlotFull      SlotState = "full"
	SlotPast      SlotState = "past"
	SlotCancelled SlotState = "cancelled"
)

// Slot is a bookable time of a place's interviewer, the owner document of its seats.
type Slot struct {
	ID            string        `json:"id"`
	Version       int64         `json:"version"`
	CreatedAt     time.Time     `json:"created_at"`
	PlacementID   string        `json:"placement_id"`
	EnterpriseID  string        `json:"enterprise_id"`
	StartsAt      time.Time     `json:"starts_at"`
	EndsAt        time.Time     `json:"ends_at"`
	Buffer        time.Duration `json:"buffer,omitempty"`
	Notice        time.Duration `json:"notice,omitempty"`  // before the begin nobody may book any more; less than MinimumNotice counts as that
	Horizon       int           `json:"horizon,omitempty"` // how many days before its day booking opens; 0 for at once
	Capacity      int           `json:"capacity"`
	Form          Form          `json:"form"`
	InterviewerID string        `json:"interviewer_id"` // a member of the enterprise
	RoomID        string        `json:"room_id,omitempty"`
	Link          string        `json:"link,omitempty"`
	Phone         string        `json:"phone,omitempty"`
	Instructions  string        `json:"instructions,omitempty"`
	Seats         []Seat        `json:"seats,omitempty"`
	Cancelled     bool          `json:"cancelled,omitempty"`
	Reason        string        `json:"reason,omitempty"`
}

// Seat is a taken seat: a booking, or a hold until its end.
type Seat struct {
	Ref           string    `json:"ref"` // booking or hold id
	ApplicationID string    `json:"application_id"`
	StudentID     string    `json:"student_id"`
	Until         time.Time `json:"until,omitzero"` // a hold's end; zero for a booking
}

func (s Seat) live(now time.Time) bool { return s.Until.IsZero() || now.Before(s.Until) }

// Identity implements storage.Document.
func (s *Slot) Identity() (string, *int64) { return s.ID, &s.Version }

// Keys implements storage.Document. "room_left" counts the seats without bookings, holds not counted. It may be booked from "opens" until "closes".
func (s *Slot) Keys() storage.Keys {
	return storage.Keys{
		"placement": s.PlacementID, "interviewer": s.InterviewerID, "starts": s.StartsAt, "cancelled": s.Cancelled,
		"room_left": s.Capacity - s.booked(), "room": s.RoomID, "opens": s.BookableFrom(), "closes": s.BookableUntil(),
	}
}

// booked counts the seats of bookings.
func (s *Slot) booked() int {
	n := 0
	for _, seat := range s.Seats {
		if seat.Until.IsZero() {
			n++
		}
	}
	return n
}

// BookableFrom is the first moment at which the slot may be booked: when it was offered, or the begin (UTC+5) of the day its horizon names.
func (s *Slot) BookableFrom() time.Time {
	if s.Horizon == 0 {
		return s.CreatedAt
	}
	return cal.DayOf(s.StartsAt).Add(-s.Horizon).Start()
}

// BookableUntil is the last moment at which the slot may be booked.
func (s *Slot) BookableUntil() time.Time { return s.StartsAt.Add(-max(s.Notice, MinimumNotice)) }

// StateAt gives the state at an instant.
func (s *Slot) StateAt(now time.Time) SlotState {
	switch {
	case s.Cancelled:
		return SlotCancelled
	case !now.Before(s.StartsAt):
		return SlotPast
	case s.Free("", now) <= 0:
		return SlotFull
	}
	return SlotOpen
}

// Free counts the seats that an application could take: its own hold doesn't stand in its way.
func (s *Slot) Free(applicationID string, now time.Time) int {
	free := s.Capacity
	for _, seat := range s.Seats {
		if seat.live(now) && (applicationID == "" || seat.ApplicationID != applicationID || seat.Until.IsZero()) {
			free--
		}
	}
	return free
}

// HoldOf gives the running hold of an application.
func (s *Slot) HoldOf(applicationID string, now time.Time) (Seat, bool) {
	for _, seat := range s.Seats {
		if seat.ApplicationID == applicationID && !seat.Until.IsZero() && seat.live(now) {
			return seat, true
		}
	}
	return Seat{}, false
}

// Bookable says whether a seat may be taken now: Conflict slot_cancelled or slot_full, Unprocessable slot_too_soon within the notice, slot_not_open_yet
// before the horizon.
func (s *Slot) Bookable(applicationID string, now time.Time) error {
	switch {
	case s.Cancelled:
		return errs.New(errs.Conflict, "slot_cancelled")
	case now.After(s.BookableUntil()):
		return errs.New(errs.Unprocessable, "slot_too_soon")
	case now.Before(s.BookableFrom()):
		return errs.New(errs.Unprocessable, "slot_not_open_yet")
	case s.Free(applicationID, now) <= 0:
		return errs.New(errs.Conflict, "slot_full")
	}
	return nil
}

// Take gives a seat to a booking or a hold; a hold of the same application and expired holds go. The caller checked Bookable.
func (s *Slot) Take(seat Seat, now time.Time) {
	s.Seats = slices.DeleteFunc(s.Seats, func(x Seat) bool {
		return !x.live(now) || (x.ApplicationID == seat.ApplicationID && !x.Until.IsZero())
	})
	s.Seats = append(s.Seats, seat)
}

// Release frees the seat of a booking or hold.
func (s *Slot) Release(ref string) {
	s.Seats = slices.DeleteFunc(s.Seats, func(x Seat) bool { return x.Ref == ref })
}

// Cancel ends a slot that has not begun: Conflict wrong_state else. Its seats are for the caller to end.
func (s *Slot) Cancel(reason string, now time.Time) error {
	if s.Cancelled || !now.Before(s.StartsAt) {
		return errs.New(errs.Conflict, "wrong_state").With("state", string(s.StateAt(now)))
	}
	s.Cancelled, s.Reason = true, reason
	return nil
}

// busy is what the slot takes of its interviewer and room.
func (s *Slot) busy() Busy {
	return Busy{Ref: s.ID, From: s.StartsAt, To: s.EndsAt, Buffer: s.Buffer}
}
