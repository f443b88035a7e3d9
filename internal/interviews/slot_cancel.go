package interviews

import (
	"context"
	"strings"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/storage"
)

// CancelSlot ends a slot that has not begun with its bookings and holds (hr): Conflict wrong_state, Invalid bad_request (a reason of more than MostReason
// letters). Interviewer and room are free again.
func (s *Service) CancelSlot(ctx context.Context, a accounts.Actor, slotID, reason string) (SlotView, error) {
	if a.Anonymous() {
		return SlotView{}, s.Policy.Permit(a, "cancelSlot")
	}
	seen, err := s.slots.Get(ctx, slotID)
	if err != nil {
		return SlotView{}, hidden(err)
	}
	v, err := s.viewerOf(ctx, a, "cancelSlot", seen.PlacementID)
	if err != nil {
		return SlotView{}, err
	}
	reason = strings.TrimSpace(reason)
	if bad := errs.Longer("reason", reason, MostReason); bad != nil {
		return SlotView{}, errs.InvalidFields(bad)
	}
	var out *Slot
	err = s.DB.Tx(ctx, func(ctx context.Context) error {
		out, err = s.cancelSlot(ctx, a, slotID, PartyEnterprise, reason)
		return err
	})
	if err != nil {
		return SlotView{}, err
	}
	return s.viewOne(ctx, v, out)
}

func (s *Service) cancelSlot(ctx context.Context, a accounts.Actor, slotID string, by Party, reason string) (*Slot, error) {
	now := s.Clock.Now()
	seen, err := s.slots.Get(ctx, slotID)
	if err != nil {
		return nil, err
	}
	busy := seen.busy()
	ids := [][]string{calendarIDs(busyInterviewer, seen.InterviewerID, busy), calendarIDs(busyRoom, seen.RoomID, busy)}
	for _, seat := range seen.Seats {
		ids = append(ids, calendarIDs(busyStudent, seat.StudentID, busy))
	}
	d, err := s.takeDays(ctx, sorted(ids...))
	if err != nil {
		return nil, err
	}
	// Read above and taken here in one transaction: the seats are the same, or the transaction runs again.
	slot, err := s.slots.Lock(ctx, slotID)
	if err != nil {
		return nil, err
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
		if err := s.endSeat(ctx, a, seat, by, reason, now); err != nil {
			return nil, err
		}
	}
	return slot, s.note(ctx, a, EventSlotCanceled, slot.ID, slot.PlacementID, nil)
}

// endSeat ends the booking or hold of a cancelled slot's seat.
func (s *Service) endSeat(ctx context.Context, a accounts.Actor, seat Seat, by Party, reason string, now time.Time) error {
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
	if err := b.Cancel(by, reason, now); err != nil {
		return err
	}
	if err := s.bookings.Save(ctx, b); err != nil {
		return err
	}
	if err := s.note(ctx, a, EventCancelled, b.ID, b.PlacementID, map[string]string{"by": string(by)}); err != nil {
		return err
	}
	return s.Selection.Unbooked(ctx, b.ApplicationID, "cancelled")
}

func ignoreMissing(err error) error {
	if storage.IsNotFound(err) {
		return nil
	}
	return err
}

// ClosePlacement ends the coming slots of a closed place, so that interviewers and rooms are free. Its applications, and with them the bookings, are ended
// first, so that nobody is sent back to choose another time. It may be repeated and interrupted.
func (s *Service) ClosePlacement(ctx context.Context, placementID string) error {
	p, err := s.Placements.Placement(ctx, placementID)
	if err != nil || p.State != placements.Closed {
		return err
	}
	if err := s.Selection.CloseApplications(ctx, placementID); err != nil {
		return err
	}
	coming, err := s.slots.Find(ctx, storage.Where(
		storage.Eq("placement", placementID), storage.Eq("cancelled", false), storage.Gt("starts", s.Clock.Now())).By("starts"))
	if err != nil {
		return err
	}
	for _, slot := range coming {
		err := s.DB.Tx(ctx, func(ctx context.Context) error {
			_, err := s.cancelSlot(ctx, accounts.SystemActor("closing"), slot.ID, PartySystem, "")
			return err
		})
		if err != nil && !errs.Has(err, "wrong_state") { // cancelled or begun meanwhile
			return err
		}
	}
	return nil
}
