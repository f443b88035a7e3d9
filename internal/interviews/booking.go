package interviews

import (
	"time"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/selection"
	"github.com/orynda/orynda/internal/storage"
)

// Limits of bookings, in one place.
const (
	MoveUntil    = 12 * time.Hour      // before the begin a booking may be moved
	LateFrom     = 12 * time.Hour      // before the begin a cancelling counts as late
	ScorecardDue = 3 * 24 * time.Hour  // after the interview
	FeedPast     = 30 * 24 * time.Hour // how far back a personal feed reaches
)

// BookingState is where a booking stands.
type BookingState string

// The states of a booking.
const (
	Booked           BookingState = "booked"
	Attended         BookingState = "attended"
	StudentAbsent    BookingState = "student_absent"
	EnterpriseAbsent BookingState = "enterprise_absent"
	Cancelled        BookingState = "cancelled"
)

// Party is a side of an interview.
type Party string

// The parties; the system cancels with a slot, an application or a place.
const (
	PartyStudent    Party = "student"
	PartyEnterprise Party = "enterprise"
	PartySystem     Party = "system"
)

// Booking is an applicant's taken seat of a slot. A move keeps its id and calendar UID and raises Sequence (RFC 5545 3.8.7.4).
type Booking struct {
	ID            string       `json:"id"`
	Version       int64        `json:"version"`
	CreatedAt     time.Time    `json:"created_at"`
	State         BookingState `json:"state"`
	SlotID        string       `json:"slot_id"`
	PlacementID   string       `json:"placement_id"`
	ApplicationID string       `json:"application_id"`
	StudentID     string       `json:"student_id"`
	EnterpriseID  string       `json:"enterprise_id"`
	InterviewerID string       `json:"interviewer_id"`
	StartsAt      time.Time    `json:"starts_at"`
	EndsAt        time.Time    `json:"ends_at"`
	Sequence      int          `json:"sequence"`
	Reason        string       `json:"reason,omitempty"`
	MovedAt       time.Time    `json:"moved_at,omitzero"`
	CancelledAt   time.Time    `json:"cancelled_at,omitzero"`
	CancelledBy   Party        `json:"cancelled_by,omitempty"`
	Late          bool         `json:"late,omitempty"`
	AttendanceAt  time.Time    `json:"attendance_at,omitzero"`
	AttendanceBy  Party        `json:"attendance_by,omitempty"`
	ScorecardID   string       `json:"scorecard_id,omitempty"`
	Reminded      int          `json:"reminded,omitempty"` // reminders sent for the present time
	ScoreReminded bool         `json:"score_reminded,omitempty"`
}

// Identity implements storage.Document.
func (b *Booking) Identity() (string, *int64) { return b.ID, &b.Version }

// Keys implements storage.Document. The key "live" is unique: one live booking per application. "people" are both sides.
func (b *Booking) Keys() storage.Keys {
	k := storage.Keys{
		"slot": b.SlotID, "application": b.ApplicationID, "student": b.StudentID, "interviewer": b.InterviewerID,
		"enterprise": b.EnterpriseID, "starts": b.StartsAt, "state": b.State,
		"people": []string{b.StudentID, b.InterviewerID},
	}
	if b.State == Booked {
		k["live"] = b.ApplicationID
	}
	return k
}

// UID is the booking's UID in calendar files (RFC 5545 3.8.4.7).
func (b *Booking) UID() string { return b.ID + "@orynda.kz" }

func (b *Booking) wrongState() error {
	return errs.New(errs.Conflict, "wrong_state").With("state", string(b.State))
}

// Movable says whether the booking may be moved now: Conflict wrong_state, Unprocessable too_late within MoveUntil of its time.
func (b *Booking) Movable(now time.Time) error {
	if b.State != Booked {
		return b.wrongState()
	}
	return movable(b.StartsAt, now)
}

func movable(startsAt, now time.Time) error {
	if now.After(startsAt.Add(-MoveUntil)) {
		return errs.New(errs.Unprocessable, "too_late")
	}
	return nil
}

// Move puts the booking on another slot: Conflict wrong_state, Unprocessable too_late within MoveUntil of the present time.
func (b *Booking) Move(to *Slot, reason string, now time.Time) error {
	if to.ID == b.SlotID {
		return b.wrongState()
	}
	if err := b.Movable(now); err != nil {
		return err
	}
	b.SlotID, b.StartsAt, b.EndsAt, b.InterviewerID = to.ID, to.StartsAt, to.EndsAt, to.InterviewerID
	b.Sequence++
	b.MovedAt, b.Reason, b.Reminded = now, reason, 0
	return nil
}

// Cancel ends a live booking before it begins: Conflict wrong_state, Unprocessable too_late from the begin on. The system cancels at any time.
func (b *Booking) Cancel(by Party, reason string, now time.Time) error {
	if b.State != Booked {
		return b.wrongState()
	}
	if by != PartySystem && !now.Before(b.StartsAt) {
		return errs.New(errs.Unprocessable, "too_late")
	}
	b.State, b.CancelledAt, b.CancelledBy, b.Reason = Cancelled, now, by, reason
	b.Late = by != PartySystem && now.After(b.StartsAt.Add(-LateFrom))
	b.Sequence++
	return nil
}

// Attend records who came, from the begin on: Unprocessable too_early before, Conflict attendance_recorded when another outcome stands, wrong_state when
// cancelled. The same outcome again changes nothing; changed says whether it did.
func (b *Booking) Attend(outcome BookingState, by Party, now time.Time) (changed bool, err error) {
	switch {
	case b.State == outcome:
		return false, nil
	case b.State == Cancelled:
		return false, b.wrongState()
	case b.State != Booked:
		return false, errs.New(errs.Conflict, "attendance_recorded")
	case now.Before(b.StartsAt):
		return false, errs.New(errs.Unprocessable, "too_early")
	}
	b.State, b.AttendanceAt, b.AttendanceBy = outcome, now, by
	return true, nil
}

// reminders are how long before the begin people are reminded.
func reminders() []time.Duration { return []time.Duration{24 * time.Hour, 2 * time.Hour} }

// RemindersDue counts the reminders whose time has come. Those whose time had passed when the booking was made or moved are not due
// any more: nobody needs a day-before note for an interview in three hours.
func (b *Booking) RemindersDue(now time.Time) int {
	if b.State != Booked || !now.Before(b.StartsAt) {
		return 0
	}
	since := b.CreatedAt
	if b.MovedAt.After(since) {
		since = b.MovedAt
	}
	due := 0
	for _, before := range reminders() {
		at := b.StartsAt.Add(-before)
		if !now.Before(at) && at.After(since) {
			due++
		}
	}
	return due
}

// interview is what selection keeps of the booking.
func (b *Booking) interview() selection.Interview {
	return selection.Interview{BookingID: b.ID, SlotID: b.SlotID, InterviewerID: b.InterviewerID, StartsAt: b.StartsAt, EndsAt: b.EndsAt}
}

// busy is what the booking takes of its owner.
func (b *Booking) busy() Busy { return Busy{Ref: b.ID, From: b.StartsAt, To: b.EndsAt} }
