package selection

import (
	"context"
	"slices"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/placements"
)

// Shortlist invites an applicant to an interview (hr): Unprocessable bad_request (a comment of more than MostWord letters), Conflict wrong_state or
// placement_closed.
func (s *Service) Shortlist(ctx context.Context, a accounts.Actor, applicationID, comment string) (*Application, error) {
	return s.act(ctx, a, "shortlistApplication", applicationID, func(ctx context.Context, app *Application, o owners, now time.Time) (string, error) {
		if err := texts(MostWord, "comment", comment); err != nil {
			return "", err
		}
		if err := open(o.place); err != nil {
			return "", err
		}
		bookable, err := s.HasBookableSlot(ctx, app.PlacementID, now)
		if err != nil {
			return "", err
		}
		app.Open(now)
		if err := app.Shortlist(now, bookable, comment); err != nil {
			return "", err
		}
		return EventShortlisted, s.answered(ctx, app, now)
	})
}

// Consider gives the enterprise more time, once (hr): Unprocessable bad_request (a comment of more than MostWord letters), Conflict already_considered or
// wrong_state.
func (s *Service) Consider(ctx context.Context, a accounts.Actor, applicationID, comment string) (*Application, error) {
	return s.act(ctx, a, "considerApplication", applicationID, func(_ context.Context, app *Application, _ owners, now time.Time) (string, error) {
		if err := texts(MostWord, "comment", comment); err != nil {
			return "", err
		}
		app.Open(now)
		return EventConsidered, app.Consider(now, comment)
	})
}

// Reject refuses an applicant with a listed reason and an optional word (hr): Invalid or Unprocessable bad_request (another reason, a word of more than MostWord
// letters), Conflict wrong_state. An open offer and live bookings end with it.
func (s *Service) Reject(ctx context.Context, a accounts.Actor, applicationID string, reason RejectReason, comment string) (*Application, error) {
	switch {
	case reason == "":
		return nil, errs.InvalidFields([]errs.Field{{Field: "reason", Code: "required"}})
	case !slices.Contains(RejectReasons(), reason):
		return nil, errs.InvalidFields([]errs.Field{{Field: "reason", Code: "unknown_value"}})
	}
	return s.act(ctx, a, "rejectApplication", applicationID, func(ctx context.Context, app *Application, o owners, now time.Time) (string, error) {
		if err := texts(MostWord, "comment", comment); err != nil {
			return "", err
		}
		app.Open(now)
		if err := s.endOfferWith(ctx, a, app, o, ByRejection); err != nil {
			return "", err
		}
		if err := app.Reject(reason, comment, now); err != nil {
			return "", err
		}
		if err := s.CancelBookings(ctx, app.ID, string(ByRejection)); err != nil {
			return "", err
		}
		return EventRejected, s.answered(ctx, app, now)
	})
}

// Withdraw ends the actor's own application: Unprocessable bad_request (a reason of more than MostReason letters, a comment of more than MostWord), Conflict
// wrong_state. Its bookings and its open offer end with it.
func (s *Service) Withdraw(ctx context.Context, a accounts.Actor, applicationID, reason, comment string) (*Application, error) {
	return s.act(ctx, a, "withdrawApplication", applicationID, func(ctx context.Context, app *Application, o owners, now time.Time) (string, error) {
		if err := texts(MostReason, "reason", reason); err != nil {
			return "", err
		}
		if err := texts(MostWord, "comment", comment); err != nil {
			return "", err
		}
		if err := s.endOfferWith(ctx, a, app, o, ByWithdrawal); err != nil {
			return "", err
		}
		if err := app.Withdraw(reason, comment, now); err != nil {
			return "", err
		}
		return EventWithdrawn, s.CancelBookings(ctx, app.ID, string(ByWithdrawal))
	})
}

// open says whether a place still takes steps of selection: Conflict placement_closed else.
func open(sheet *placements.Sheet) error {
	if sheet.State == placements.Closed {
		return placementClosed()
	}
	return nil
}

// answered counts the enterprise's first answer to an application for its public rate, once for each application.
func (s *Service) answered(ctx context.Context, app *Application, now time.Time) error {
	if !app.Answer(now) {
		return nil
	}
	return s.Placements.RecordAnswer(ctx, app.EnterpriseID, true, now.Sub(app.CreatedAt))
}
