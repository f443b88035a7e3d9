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

// Hold is a short reservation of a seat by an application, to book it or to move its booking there. It ends by itself at ExpiresAt. There is one document
// per application.
type Hold struct {
	ID            string    `json:"id"`
	Version       int64     `json:"version"`
	HoldID        string    `json:"hold_id"`
	CreatedAt     time.Time `json:"created_at"`
	SlotID        string    `json:"slot_id"`
	PlacementID   string    `json:"placement_id"`
	ApplicationID string    `json:"application_id"`
	StudentID     string    `json:"student_id"`
	StartsAt      time.Time `json:"starts_at"`
	EndsAt        time.Time `json:"ends_at"`
	ExpiresAt     time.Time `json:"expires_at"`
}

// Identity implements storage.Document.
func (h *Hold) Identity() (string, *int64) { return h.ID, &h.Version }

// Keys implements storage.Document.
func (h *Hold) Keys() storage.Keys { return storage.Keys{"expires": h.ExpiresAt} }

// Active reports whether the hold still keeps its seat.
func (h *Hold) Active(now time.Time) bool { return h.HoldID != "" && now.Before(h.ExpiresAt) }

// busy is what the hold takes of its owner.
func (h *Hold) busy() Busy {
	return Busy{Ref: h.HoldID, From: h.StartsAt, To: h.EndsAt, Until: h.ExpiresAt}
}

// taking is what one taking of a seat needs, gathered before and locked in its transaction.
type taking struct {
	app  *selection.Application
	slot *Slot
	hold *Hold
	from *Booking // the live booking that is to be moved, nil without one
	days days
	now  time.Time
}

// candidate reads the slot and checks that the actor owns the application and that they belong together: NotFound not_found for what isn't the
// actor's, Unprocessable other_placement.
func (s *Service) candidate(ctx context.Context, a accounts.Actor, op, slotID, applicationID string) (*selection.Application, error) {
	if a.Anonymous() {
		return nil, s.Policy.Permit(a, op)
	}
	app, err := s.Selection.Application(ctx, applicationID)
	if err != nil {
		return nil, hidden(err)
	}
	rel, err := s.Selection.RelationsTo(ctx, a, app)
	if err != nil {
		return nil, err
	}
	if err := s.Policy.Permit(a, op, rel...); err != nil {
		return nil, err
	}
	slot, err := s.slots.Get(ctx, slotID)
	if err != nil {
		return nil, hidden(err)
	}
	if app.PlacementID != slot.PlacementID {
		return nil, errs.New(errs.Unprocessable, "other_placement").WithFields(errs.Field{Field: "application_id", Code: "other_placement"})
	}
	return app, nil
}

// begin takes the owner documents for a seat in their order and checks all rules: Conflict already_booked, booking_overlap, slot_full, slot_cancelled,
// placement_closed; Unprocessable slot_too_soon, slot_not_open_yet, not_invited, too_late. A hold's document is made only to hold: a booking without a hold
// before needs none, because everybody who takes a seat for an application meets at the application. Who holds for a move meets all that happens to the booking
// at the day of the booking.
func (s *Service) begin(ctx context.Context, slotID string, app *selection.Application, hold bool) (*taking, error) {
	t := &taking{now: s.Clock.Now()}
	wanted, err := s.slots.Get(ctx, slotID)
	if err != nil {
		return nil, err
	}
	if t.from, err = s.glance(ctx, wanted, app.ID, hold, t.now); err != nil {
		return nil, err
	}
	former, err := s.holds.Get(ctx, app.ID)
	if err != nil && !storage.IsNotFound(err) {
		return nil, err
	}
	ids := [][]string{calendarIDs(busyStudent, app.StudentID, Busy{From: wanted.StartsAt, To: wanted.EndsAt})}
	if former != nil && former.HoldID != "" {
		ids = append(ids, calendarIDs(busyStudent, app.StudentID, former.busy()))
	}
	if t.from != nil {
		ids = append(ids, calendarIDs(busyStudent, app.StudentID, t.from.busy()))
	}
	if t.days, err = s.takeDays(ctx, sorted(ids...)); err != nil {
		return nil, err
	}
	t.hold = &Hold{ID: app.ID, ApplicationID: app.ID, StudentID: app.StudentID}
	if hold || former != nil {
		if t.hold, err = s.holds.LockOrNew(ctx, app.ID, t.hold); err != nil {
			return nil, err
		}
	}
	if err := s.letGo(ctx, t, slotID); err != nil {
		return nil, err
	}
	if t.slot, err = s.slots.Lock(ctx, slotID); err != nil {
		return nil, err
	}
	// Asked before whether the application is invited: who has booked should hear that.
	if t.from, err = s.standing(ctx, app.ID, slotID, hold, t.now); err != nil {
		return nil, err
	}
	ask := s.Selection.Invited
	if t.from != nil {
		ask = s.Selection.InOpenPlace
	}
	if t.app, err = ask(ctx, app.ID); err != nil {
		return nil, err
	}
	return t, t.allowed()
}

// standing gives the live booking of an application, nil without one: to be moved by who holds another slot, and in the way of who books (Conflict
// already_booked).
func (s *Service) standing(ctx context.Context, applicationID, slotID string, hold bool, now time.Time) (*Booking, error) {
	b, err := s.bookings.First(ctx, storage.Where(storage.Eq("live", applicationID)))
	switch {
	case storage.IsNotFound(err):
		return nil, nil
	case err != nil:
		return nil, err
	case !hold || b.SlotID == slotID:
		return nil, errs.New(errs.Conflict, "already_booked")
	}
	return b, b.Movable(now)
}

// glance refuses what is already lost, before anything is taken: in a rush for the last seat only those who may still win wait for each other.
// What it lets pass is checked again with everything taken.
func (s *Service) glance(ctx context.Context, wanted *Slot, applicationID string, hold bool, now time.Time) (*Booking, error) {
	from, err := s.standing(ctx, applicationID, wanted.ID, hold, now)
	if err != nil {
		return nil, err
	}
	app, err := s.Selection.Application(ctx, applicationID)
	if err != nil || (from == nil && app.Invited() != nil) {
		return from, err // who isn't invited hears that from selection
	}
	return from, wanted.Bookable(applicationID, now)
}

// letGo frees the seat of a running hold on another slot: an application holds one seat at most.
func (s *Service) letGo(ctx context.Context, t *taking, slotID string) error {
	if !t.hold.Active(t.now) || t.hold.SlotID == slotID {
		return nil
	}
	other, err := s.slots.Lock(ctx, t.hold.SlotID)
	if err != nil {
		return err
	}
	other.Release(t.hold.HoldID)
	t.days.release(t.hold.HoldID)
	return s.slots.Save(ctx, other)
}

func (t *taking) allowed() error {
	if err := t.slot.Bookable(t.app.ID, t.now); err != nil {
		return err
	}
	mine := Busy{Ref: t.hold.HoldID, From: t.slot.StartsAt, To: t.slot.EndsAt}
	var left []string
	if t.from != nil {
		left = append(left, t.from.ID) // the time that is to be left is no obstacle
	}
	if !t.days.free(busyStudent, t.app.StudentID, mine, t.now, left...) {
		return errs.New(errs.Conflict, "booking_overlap")
	}
	return nil
}

// HoldSlot keeps one seat for five minutes for an invited application of the actor, or for one whose booking may be moved there. Holding the same slot again
// gives the running hold; holding another lets the former go. Refusals as for Book and, with a booking, as for Move; Conflict already_booked is the
// booking's own slot.
func (s *Service) HoldSlot(ctx context.Context, a accounts.Actor, slotID, applicationID string) (*Hold, error) {
	app, err := s.candidate(ctx, a, "holdSlot", slotID, applicationID)
	if err != nil {
		return nil, err
	}
	var out *Hold
	err = s.DB.Tx(ctx, func(ctx context.Context) error {
		t, err := s.begin(ctx, slotID, app, true)
		if err != nil {
			return err
		}
		out = t.hold
		if t.hold.Active(t.now) && t.hold.SlotID == t.slot.ID {
			return nil // the running hold, with its first end
		}
		t.days.release(t.hold.HoldID) // one that ran out
		t.hold.HoldID, t.hold.CreatedAt, t.hold.ExpiresAt = id.New("hld"), t.now, t.now.Add(HoldLife)
		t.hold.SlotID, t.hold.PlacementID = t.slot.ID, t.slot.PlacementID
		t.hold.StartsAt, t.hold.EndsAt = t.slot.StartsAt, t.slot.EndsAt
		t.slot.Take(Seat{Ref: t.hold.HoldID, ApplicationID: app.ID, StudentID: app.StudentID, Until: t.hold.ExpiresAt}, t.now)
		t.days.take(busyStudent, app.StudentID, t.hold.busy(), t.now)
		return s.saveTaking(ctx, t)
	})
	return out, err
}

func (s *Service) saveTaking(ctx context.Context, t *taking) error {
	if t.hold.Version > 0 {
		if err := s.holds.Save(ctx, t.hold); err != nil {
			return err
		}
	}
	if err := s.slots.Save(ctx, t.slot); err != nil {
		return err
	}
	return t.days.save(ctx)
}
