package interviews

import (
	"context"
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
	seen, app, err := s.candidate(ctx, a, "bookSlot", slotID, applicationID)
	if err != nil {
		return nil, err
	}
	var out *Booking
	err = s.DB.Tx(ctx, func(ctx context.Context) error {
		t, err := s.begin(ctx, seen, app)
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
		if err := s.Selection.Booked(ctx, app.ID); err != nil {
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

// permitted reads a booking with its application and asks the policy.
func (s *Service) permitted(ctx context.Context, a accounts.Actor, op, bookingID string) (*Booking, []accounts.Relation, error) {
	b, err := s.Booking(ctx, bookingID)
	if err != nil {
		return nil, nil, err
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
	all, err := s.Selection.RelationsTo(ctx, a, app)
	if err != nil {
		return nil, err
	}
	var out []accounts.Relation
	for _, r := range all {
		switch {
		case r == accounts.CollegeCoordinator || r == accounts.CollegeSignatory:
		case r == accounts.EnterpriseInterviewer && a.PersonID != interviewerID:
			out = append(out, accounts.Visible)
		default:
			out = append(out, r)
		}
	}
	return out, nil
}

// Move puts the actor's booking on another slot of the same place in one step; id and UID stay, the sequence rises. Its refusals: Conflict wrong_state, slot_full,
// booking_overlap, slot_cancelled; Unprocessable too_late, slot_too_soon, other_placement.
func (s *Service) Move(ctx context.Context, a accounts.Actor, bookingID, slotID, reason string) (*Booking, error) {
	seen, _, err := s.permitted(ctx, a, "moveBooking", bookingID)
	if err != nil {
		return nil, err
	}
	target, err := s.Slot(ctx, slotID)
	if err != nil {
		return nil, err
	}
	if target.PlacementID != seen.PlacementID {
		return nil, errs.New(errs.Unprocessable, "other_placement").WithFields(errs.Field{Field: "slot_id", Code: "other_placement"})
	}
	var out *Booking
	err = s.DB.Tx(ctx, func(ctx context.Context) error {
		out, err = s.move(ctx, a, seen, target, reason)
		return err
	})
	return out, err
}

func (s *Service) move(ctx context.Context, a accounts.Actor, seen *Booking, target *Slot, reason string) (*Booking, error) {
	now := s.Clock.Now()
	wanted := Busy{Ref: seen.ID, From: target.StartsAt, To: target.EndsAt}
	d, err := s.takeDays(ctx, sorted(calendarIDs(busyStudent, seen.StudentID, seen.busy()), calendarIDs(busyStudent, seen.StudentID, wanted)))
	if err != nil {
		return nil, err
	}
	from, to, err := s.lockTwo(ctx, seen.SlotID, target.ID)
	if err != nil {
		return nil, err
	}
	b, err := s.bookings.Lock(ctx, seen.ID)
	if err != nil {
		return nil, err
	}
	if b.SlotID != seen.SlotID {
		return nil, errs.New(errs.Conflict, "wrong_state").With("state", string(b.State)) // moved meanwhile, in another window
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
	for _, slot := range []*Slot{from, to} {
		if err := s.slots.Save(ctx, slot); err != nil {
			return nil, err
		}
	}
	if err := d.save(ctx); err != nil {
		return nil, err
	}
	if err := s.bookings.Save(ctx, b); err != nil {
		return nil, err
	}
	return b, s.note(ctx, a, EventMoved, b.ID, b.PlacementID, map[string]string{"from": from.ID, "to": to.ID})
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
		return nil, nil, missing(err, "slot")
	}
	second, err := s.slots.Lock(ctx, b)
	return first, second, missing(err, "slot")
}

// Cancel ends a live booking before it begins, by its owner or the enterprise: Conflict wrong_state, Unprocessable too_late. The application is shortlisted again.
func (s *Service) Cancel(ctx context.Context, a accounts.Actor, bookingID, reason string) (*Booking, error) {
	seen, rel, err := s.permitted(ctx, a, "cancelBooking", bookingID)
	if err != nil {
		return nil, err
	}
	by := partyOf(rel)
	var out *Booking
	err = s.DB.Tx(ctx, func(ctx context.Context) error {
		b, err := s.cancel(ctx, a, seen, by, reason, s.Clock.Now())
		if err != nil {
			return err
		}
		out = b
		return s.Selection.Unbooked(ctx, b.ApplicationID, reason)
	})
	return out, err
}

func partyOf(rel []accounts.Relation) Party {
	for _, r := range rel {
		if r == accounts.Self {
			return PartyStudent
		}
	}
	return PartyEnterprise
}

// cancel ends one booking and frees its seat and time, in the caller's transaction. It leaves the application alone.
func (s *Service) cancel(ctx context.Context, a accounts.Actor, seen *Booking, by Party, reason string, now time.Time) (*Booking, error) {
	d, err := s.takeDays(ctx, sorted(calendarIDs(busyStudent, seen.StudentID, seen.busy())))
	if err != nil {
		return nil, err
	}
	slot, err := s.slots.Lock(ctx, seen.SlotID)
	if err != nil {
		return nil, err
	}
	b, err := s.bookings.Lock(ctx, seen.ID)
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

// CancelBookings ends the live booking and the hold of an application that ends, in the caller's transaction, without touching the application.
func (s *Service) CancelBookings(ctx context.Context, applicationID, reason string) error {
	live, err := s.bookings.Find(ctx, storage.Where(storage.Eq("live", applicationID)))
	if err != nil {
		return err
	}
	for _, b := range live {
		if _, err := s.cancel(ctx, accounts.SystemActor("selection"), b, PartySystem, reason, s.Clock.Now()); err != nil {
			return err
		}
	}
	return s.dropHold(ctx, applicationID)
}

// dropHold frees the seat of a running hold.
func (s *Service) dropHold(ctx context.Context, applicationID string) error {
	h, err := s.holds.Get(ctx, applicationID)
	if storage.IsNotFound(err) {
		return nil
	}
	now := s.Clock.Now()
	if err != nil || !h.Active(now) {
		return err
	}
	d, err := s.takeDays(ctx, sorted(calendarIDs(busyStudent, h.StudentID, Busy{From: h.StartsAt, To: h.EndsAt})))
	if err != nil {
		return err
	}
	slot, err := s.slots.Lock(ctx, h.SlotID)
	if err != nil {
		return err
	}
	slot.Release(h.HoldID)
	d.release(h.HoldID)
	h.HoldID = ""
	if err := s.slots.Save(ctx, slot); err != nil {
		return err
	}
	if err := d.save(ctx); err != nil {
		return err
	}
	return s.holds.Save(ctx, h)
}

// CancelSlot ends a slot that has not begun with its bookings and holds (hr): Conflict wrong_state. Interviewer and room are free again.
func (s *Service) CancelSlot(ctx context.Context, a accounts.Actor, slotID, reason string) (*Slot, error) {
	seen, err := s.Slot(ctx, slotID)
	if err != nil {
		return nil, err
	}
	if err := s.Policy.Permit(a, "cancelSlot", s.slotRelations(a, seen)...); err != nil {
		return nil, err
	}
	var out *Slot
	err = s.DB.Tx(ctx, func(ctx context.Context) error {
		out, err = s.cancelSlot(ctx, a, seen, reason)
		return err
	})
	return out, err
}

func (s *Service) slotRelations(a accounts.Actor, slot *Slot) []accounts.Relation {
	return a.RelationsTo(accounts.KindEnterprise, slot.EnterpriseID)
}

func (s *Service) cancelSlot(ctx context.Context, a accounts.Actor, seen *Slot, reason string) (*Slot, error) {
	now := s.Clock.Now()
	busy := seen.busy()
	ids := [][]string{calendarIDs(busyInterviewer, seen.InterviewerID, busy), calendarIDs(busyRoom, seen.RoomID, busy)}
	for _, seat := range seen.Seats {
		ids = append(ids, calendarIDs(busyStudent, seat.StudentID, busy))
	}
	d, err := s.takeDays(ctx, sorted(ids...))
	if err != nil {
		return nil, err
	}
	slot, err := s.slots.Lock(ctx, seen.ID)
	if err != nil {
		return nil, err
	}
	if slot.Version != seen.Version {
		return nil, errs.New(errs.Conflict, "conflict") // a seat was taken since: asking again sees it
	}
	if err := slot.Cancel(reason, now); err != nil {
		return nil, err
	}
	seats := slot.Seats
	slot.Seats = nil
	d.release(slot.ID)
	for _, seat := range seats {
		d.release(seat.Ref)
	}
	if err := s.slots.Save(ctx, slot); err != nil {
		return nil, err
	}
	if err := d.save(ctx); err != nil {
		return nil, err
	}
	for _, seat := range seats {
		if err := s.endSeat(ctx, a, seat, reason, now); err != nil {
			return nil, err
		}
	}
	return slot, s.note(ctx, a, EventSlotCanceled, slot.ID, slot.PlacementID, map[string]string{"placement": slot.PlacementID})
}

// endSeat ends the booking or hold of a cancelled slot's seat.
func (s *Service) endSeat(ctx context.Context, a accounts.Actor, seat Seat, reason string, now time.Time) error {
	if !seat.Until.IsZero() {
		h, err := s.holds.Lock(ctx, seat.ApplicationID)
		if err != nil || h.HoldID != seat.Ref {
			return ignoreMissing(err)
		}
		h.HoldID = ""
		return s.holds.Save(ctx, h)
	}
	b, err := s.bookings.Lock(ctx, seat.Ref)
	if err != nil || b.State != Booked {
		return ignoreMissing(err)
	}
	if err := b.Cancel(PartyEnterprise, reason, now); err != nil {
		return err
	}
	if err := s.bookings.Save(ctx, b); err != nil {
		return err
	}
	if err := s.note(ctx, a, EventCancelled, b.ID, b.PlacementID, map[string]string{"by": string(PartyEnterprise)}); err != nil {
		return err
	}
	return s.Selection.Unbooked(ctx, b.ApplicationID, reason)
}

func ignoreMissing(err error) error {
	if storage.IsNotFound(err) {
		return nil
	}
	return err
}
