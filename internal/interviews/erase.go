package interviews

import (
	"context"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/storage"
)

// Erase removes what names a person who deletes the account, in the same transaction (accounts' OnErase), after selection has ended the
// applications: the calendar feed, reasons written and notes about the person.
func (s *Service) Erase(ctx context.Context, p *accounts.Person) error {
	return s.DB.Tx(ctx, func(ctx context.Context) error {
		if err := s.feeds.Delete(ctx, p.ID); err != nil && !storage.IsNotFound(err) {
			return err
		}
		bookings, err := s.bookings.Find(ctx, storage.Where(storage.Eq("student", p.ID)))
		if err != nil {
			return err
		}
		for _, b := range bookings {
			b.Reason = ""
			if err := s.bookings.Save(ctx, b); err != nil {
				return err
			}
			if err := s.eraseNote(ctx, b); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *Service) eraseNote(ctx context.Context, b *Booking) error {
	if b.ScorecardID == "" {
		return nil
	}
	card, err := s.scorecards.Lock(ctx, b.ScorecardID)
	if err != nil {
		return ignoreMissing(err)
	}
	card.Note = ""
	return s.scorecards.Save(ctx, card)
}

// Records lists the interviews of a person, for the export of an account (accounts' Records). Scorecards are the enterprise's.
func (s *Service) Records(ctx context.Context, personID string) ([]accounts.Record, error) {
	bookings, err := s.bookings.Find(ctx, storage.Where(storage.Eq("student", personID)).By("starts"))
	if err != nil {
		return nil, err
	}
	var out []accounts.Record
	for _, b := range bookings {
		data := map[string]any{
			"state": string(b.State), "slot_id": b.SlotID, "placement_id": b.PlacementID, "application_id": b.ApplicationID,
			"enterprise_id": b.EnterpriseID, "starts_at": b.StartsAt, "ends_at": b.EndsAt, "sequence": b.Sequence,
		}
		if b.Reason != "" {
			data["reason"] = b.Reason
		}
		if b.State == Cancelled {
			data["cancelled_by"], data["cancelled_at"], data["late"] = string(b.CancelledBy), b.CancelledAt, b.Late
		}
		out = append(out, accounts.Record{Kind: "booking", ID: b.ID, CreatedAt: b.CreatedAt, Data: data})
	}
	return out, nil
}
