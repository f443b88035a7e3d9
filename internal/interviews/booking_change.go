package interviews

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/id"
	"github.com/orynda/orynda/internal/selection"
	"github.com/orynda/orynda/internal/storage"
)

// Book takes a seat for an invited application of the actor, with or without a hold before. Its refusals: Conflict slot_full, booking_overlap,
// already_booked, slot_cancelled, placement_closed; Unprocessable slot_too_soon, not_invited, other_placement.
func (s *Service) Book(ctx context.Context, a accounts.Actor, slotID, applicationID string) (*Booking, error) {
	app, err := s.candidate(ctx, a, "bookSlot", slotID, applicationID)
	if err != nil {
		return nil, err
	}
	var out *Booking
	err = s.DB.Tx(ctx, func(ctx context.Context) error {
		t, err := s.begin(ctx, slotID, app, false)
		if err != nil {
			return err
		}
		out = newBooking(t)
		t.days.release(t.hold.HoldID)
		t.hold.HoldID = ""
		t.slot.Take(Seat{Ref: out.ID, ApplicationID: app.ID, StudentID: app.StudentID}, t.now)
		t.days.take(busyStudent, app.StudentID, out.busy(), t.now)
		if err := s.saveTaking(ctx, t); err != nil {
			return err
		}
		if err := s.bookings.Insert(ctx, out); err != nil {
			if storage.ConflictOn(err, "live") {
				return errs.New(errs.Conflict, "already_booked")
			}
			return err
		}
		if err := s.Selection.Booked(ctx, app.ID, out.interview()); err != nil {
			return err
		}
		return s.note(ctx, a, EventBooked, out.ID, out.PlacementID, nil)
	})
	return out, err
}

func newBooking(t *taking) *Booking {
	return &Booking{
		ID: id.New("bkg"), CreatedAt: t.now, State: Booked, SlotID: t.slot.ID, PlacementID: t.slot.PlacementID, ApplicationID: t.app.ID,
		StudentID: t.app.StudentID, EnterpriseID: t.slot.EnterpriseID, InterviewerID: t.slot.InterviewerID, StartsAt: t.slot.StartsAt, EndsAt: t.slot.EndsAt,
	}
}

// permitted reads a booking and asks the policy: NotFound not_found for everybody without a relation to it.
func (s *Service) permitted(ctx context.Context, a accounts.Actor, op, bookingID string) (*Booking, []accounts.Relation, error) {
	if a.Anonymous() {
		return nil, nil, s.Policy.Permit(a, op)
	}
	b, err := s.bookings.Get(ctx, bookingID)
	if err != nil {
		return nil, nil, hidden(err)
	}
	app, err := s.Selection.Application(ctx, b.ApplicationID)
	if err != nil {
		return nil, nil, err
	}
	rel, err := s.relations(ctx, a, app, b.InterviewerID)
	if err != nil {
		return nil, nil, err
	}
	return b, rel, s.Policy.Permit(a, op, rel...)
}

// relations tells how an actor stands to an interview. The student's college has none to it; an interviewer only to the own slots.
func (s *Service) relations(ctx context.Context, a accounts.Actor, app *selection.Application, interviewerID string) ([]accounts.Relation, error) {
	rel, err := s.Selection.RelationsTo(ctx, a, app)
	if err != nil {
		return nil, err
	}
	rel = slices.DeleteFunc(rel, func(r accounts.Relation) bool {
		return r == accounts.CollegeCoordinator || r == accounts.CollegeSignatory || r == accounts.EnterpriseInterviewer
	})
	if a.MemberOf(app.EnterpriseID, accounts.RoleInterviewer) && a.PersonID == interviewerID {
		rel = append(rel, accounts.EnterpriseInterviewer)
	} else if a.MemberOf(app.EnterpriseID) {
		rel = append(rel, accounts.Visible)
	}
	return rel, nil
}

// Move puts the actor's booking on another slot of the same place in one step, with or without a hold on it before; id and UID stay, the sequence rises, and a
// hold of the application ends. Its refusals: Invalid bad_request (a reason of 1 to MostReason letters), Conflict wrong_state, slot_full, booking_overlap,
// slot_cancelled, placement_closed; Unprocessable too_late, slot_too_soon, slot_not_open_yet, other_placement.
func (s *Service) Move(ctx context.Context, a accounts.Actor, bookingID, slotID, reason string) (*Booking, error) {
	seen, _, err := s.permitted(ctx, a, "moveBooking", bookingID)
	if err != nil {
		return nil, err
	}
	reason = strings.TrimSpace(reason)
	if bad := errs.Needed("reason", reason, MostReason); bad != nil {
		return nil, errs.InvalidFields(bad)
	}
	target, err := s.slots.Get(ctx, slotID)
	if err != nil {
		return nil, hidden(err)
	}
	if target.PlacementID != seen.PlacementID {
		return nil, errs.New(errs.Unprocessable, "other_placement").WithFields(errs.Field{Field: "slot_id", Code: "other_placement"})
	}
	var out *Booking
	err = s.DB.Tx(ctx, func(ctx context.Context) error {
		out, err = s.move(ctx, a, seen, slotID, reason)
		return err
	})
	return out, err
}

func (s *Service) move(ctx context.Context, a accounts.Actor, seen *Booking, slotID, reason string) (*Booking, error) {
	now := s.Clock.Now()
	target, err := s.slots.Get(ctx, slotID)
	if err != nil {
		return nil, err
	}
	wanted := Busy{Ref: seen.ID, From: target.StartsAt, To: target.EndsAt}
	held, times, err := s.heldTime(ctx, seen.ApplicationID)
	if err != nil {
		return nil, err
	}
	b, d, err := s.takeBooking(ctx, seen.ID, append(times, wanted)...)
	if err != nil {
		return nil, err
	}
	if held {
		if err := s.endHold(ctx, d, b.ApplicationID, slotID); err != nil {
			return nil, err
		}
	}
	from, to, err := s.lockTwo(ctx, b.SlotID, slotID)
	if err != nil {
		return nil, err
	}
	if err := b.Move(to, reason, now); err != nil {
		return nil, err
	}
	if err := to.Bookable(b.ApplicationID, now); err != nil {
		return nil, err
	}
	if !d.free(busyStudent, b.StudentID, wanted, now) {
		return nil, errs.New(errs.Conflict, "booking_overlap")
	}
	from.Release(b.ID)
	to.Take(Seat{Ref: b.ID, ApplicationID: b.ApplicationID, StudentID: b.StudentID}, now)
	d.release(b.ID)
	d.take(busyStudent, b.StudentID, b.busy(), now)
	if err := s.saveMove(ctx, b, from, to, d); err != nil {
		return nil, err
	}
	if err := s.Selection.Rebooked(ctx, b.ApplicationID, b.interview()); err != nil {
		return nil, err
	}
	return b, s.note(ctx, a, EventMoved, b.ID, b.PlacementID, map[string]string{"from": from.ID, "to": to.ID})
}

func (s *Service) saveMove(ctx context.Context, b *Booking, from, to *Slot, d days) error {
	for _, slot := range []*Slot{from, to} {
		if err := s.slots.Save(ctx, slot); err != nil {
			return err
		}
	}
	if err := d.save(ctx); err != nil {
		return err
	}
	return s.bookings.Save(ctx, b)
}

// takeBooking takes the days of a booking's owner, those of more times too, and then the booking.
func (s *Service) takeBooking(ctx context.Context, bookingID string, more ...Busy) (*Booking, days, error) {
	seen, err := s.bookings.Get(ctx, bookingID)
	if err != nil {
		return nil, days{}, err
	}
	ids := [][]string{calendarIDs(busyStudent, seen.StudentID, seen.busy())}
	for _, b := range more {
		ids = append(ids, calendarIDs(busyStudent, seen.StudentID, b))
	}
	d, err := s.takeDays(ctx, sorted(ids...))
	if err != nil {
		return nil, d, err
	}
	// Read above and taken here in one transaction: it is the same booking, or the transaction runs again.
	b, err := s.bookings.Lock(ctx, bookingID)
	return b, d, err
}

// lockTwo takes two slots in the order of their ids. The same slot twice is left to Booking.Move to refuse.
func (s *Service) lockTwo(ctx context.Context, a, b string) (*Slot, *Slot, error) {
	if a == b {
		slot, err := s.slots.Lock(ctx, a)
		return slot, slot, err
	}
	if a > b {
		second, first, err := s.lockTwo(ctx, b, a)
		return first, second, err
	}
	first, err := s.slots.Lock(ctx, a)
	if err != nil {
		return nil, nil, err
	}
	second, err := s.slots.Lock(ctx, b)
	return first, second, err
}

// Cancel ends a live booking before it begins, by its owner or the enterprise: Invalid bad_request (a reason of 1 to MostReason letters), Conflict wrong_state,
// Unprocessable too_late. The application is shortlisted again.
func (s *Service) Cancel(ctx context.Context, a accounts.Actor, bookingID, reason string) (*Booking, error) {
	seen, rel, err := s.permitted(ctx, a, "cancelBooking", bookingID)
	if err != nil {
		return nil, err
	}
	reason = strings.TrimSpace(reason)
	if bad := errs.Needed("reason", reason, MostReason); bad != nil {
		return nil, errs.InvalidFields(bad)
	}
	by := partyOf(rel)
	var out *Booking
	err = s.DB.Tx(ctx, func(ctx context.Context) error {
		if out, err = s.cancel(ctx, a, seen.ID, by, reason, s.Clock.Now()); err != nil {
			return err
		}
		return s.Selection.Unbooked(ctx, out.ApplicationID, "cancelled")
	})
	return out, err
}

func partyOf(rel []accounts.Relation) Party {
	if slices.Contains(rel, accounts.Self) {
		return PartyStudent
	}
	return PartyEnterprise
}

// cancel ends one booking and frees its seat and time, in the caller's transaction. It leaves the application alone.
func (s *Service) cancel(ctx context.Context, a accounts.Actor, bookingID string, by Party, reason string, now time.Time) (*Booking, error) {
	b, d, err := s.takeBooking(ctx, bookingID)
	if err != nil {
		return nil, err
	}
	slot, err := s.slots.Lock(ctx, b.SlotID)
	if err != nil {
		return nil, err
	}
	if err := b.Cancel(by, reason, now); err != nil {
		return nil, err
	}
	slot.Release(b.ID)
	d.release(b.ID)
	if err := s.slots.Save(ctx, slot); err != nil {
		return nil, err
	}
	if err := d.save(ctx); err != nil {
		return nil, err
	}
	if err := s.bookings.Save(ctx, b); err != nil {
		return nil, err
	}
	return b, s.note(ctx, a, EventCancelled, b.ID, b.PlacementID, map[string]string{"by": string(by)})
}

// CancelBookings ends the live booking and the hold of an application that ends, in the caller's transaction, without touching the application. reason is a
// code.
func (s *Service) CancelBookings(ctx context.Context, applicationID, reason string) error {
	live, err := s.bookings.Find(ctx, storage.Where(storage.Eq("live", applicationID)))
	if err != nil {
		return err
	}
	for _, b := range live {
		if _, err := s.cancel(ctx, accounts.SystemActor("selection"), b.ID, PartySystem, reason, s.Clock.Now()); err != nil {
			return err
		}
	}
	return s.dropHold(ctx, applicationID)
}

// dropHold frees the seat of a running hold.
func (s *Service) dropHold(ctx context.Context, applicationID string) error {
	seen, err := s.holds.Get(ctx, applicationID)
	if storage.IsNotFound(err) {
		return nil
	}
	if err != nil || !seen.Active(s.Clock.Now()) {
		return err
	}
	d, err := s.takeDays(ctx, sorted(calendarIDs(busyStudent, seen.StudentID, seen.busy())))
	if err != nil {
		return err
	}
	if err := s.endHold(ctx, d, applicationID, ""); err != nil {
		return err
	}
	return d.save(ctx)
}

// heldTime is the time that a running hold of an application takes, none without one.
func (s *Service) heldTime(ctx context.Context, applicationID string) (held bool, times []Busy, err error) {
	h, err := s.holds.Get(ctx, applicationID)
	if storage.IsNotFound(err) {
		return false, nil, nil
	}
	if err != nil || !h.Active(s.Clock.Now()) {
		return false, nil, err
	}
	return true, []Busy{h.busy()}, nil
}

// endHold ends a running hold whose days are taken. The seat on the slot used is left to who takes it for good.
func (s *Service) endHold(ctx context.Context, d days, applicationID, used string) error {
	h, err := s.holds.Lock(ctx, applicationID)
	if err != nil {
		return err
	}
	d.release(h.HoldID)
	if h.SlotID != used {
		slot, err := s.slots.Lock(ctx, h.SlotID)
		if err != nil {
			return err
		}
		slot.Release(h.HoldID)
		if err := s.slots.Save(ctx, slot); err != nil {
			return err
		}
	}
	h.HoldID = ""
	return s.holds.Save(ctx, h)
}

// hidden makes an absence look like something the actor may not see.
func hidden(err error) error {
	if storage.IsNotFound(err) {
		return errs.New(errs.NotFound, "not_found")
	}
	return err
}
