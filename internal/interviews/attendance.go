package interviews

import (
	"context"
	"slices"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/selection"
)

// RecordAttendance records who came, from the slot's begin on: the enterprise and the slot's interviewer any outcome, the owner only the enterprise's
// absence (Forbidden forbidden else). Conflict attendance_recorded, wrong_state; Unprocessable too_early. The same outcome again changes nothing.
func (s *Service) RecordAttendance(ctx context.Context, a accounts.Actor, bookingID string, outcome BookingState) (*Booking, error) {
	seen, rel, err := s.permitted(ctx, a, "recordAttendance", bookingID)
	if err != nil {
		return nil, err
	}
	by := partyOf(rel)
	if !slices.Contains([]BookingState{Attended, StudentAbsent, EnterpriseAbsent}, outcome) {
		return nil, errs.New(errs.Unprocessable, "bad_request").WithFields(errs.Field{Field: "outcome", Code: "unknown_value"})
	}
	if by == PartyStudent && outcome != EnterpriseAbsent {
		return nil, errs.New(errs.Forbidden, "forbidden")
	}
	var out *Booking
	err = s.DB.Tx(ctx, func(ctx context.Context) error {
		b, err := s.bookings.Lock(ctx, seen.ID)
		if err != nil {
			return err
		}
		out = b
		changed, err := b.Attend(outcome, by, s.Clock.Now())
		if err != nil || !changed {
			return err
		}
		if err := s.bookings.Save(ctx, b); err != nil {
			return err
		}
		return s.tellAttendance(ctx, a, b)
	})
	return out, err
}

func (s *Service) tellAttendance(ctx context.Context, a accounts.Actor, b *Booking) error {
	event, tell := EventAbsent, func() error { return s.Selection.Unbooked(ctx, b.ApplicationID, selection.EnterpriseAbsent) }
	switch b.State {
	case Attended:
		event, tell = EventAttended, func() error { return s.Selection.Attended(ctx, b.ApplicationID) }
	case StudentAbsent:
		tell = func() error { return s.Selection.StudentAbsent(ctx, b.ApplicationID) }
	}
	if err := tell(); err != nil {
		return err
	}
	return s.note(ctx, a, event, b.ID, b.PlacementID, map[string]string{"outcome": string(b.State)})
}
