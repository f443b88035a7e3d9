package httpapi

import (
	"context"

	"github.com/orynda/orynda/internal/httpapi/apigen"
	"github.com/orynda/orynda/internal/httpd"
	"github.com/orynda/orynda/internal/interviews"
)

// BookSlot answers bookSlot.
func (a *InterviewsAPI) BookSlot(ctx context.Context, r apigen.BookSlotRequestObject) (apigen.BookSlotResponseObject, error) {
	b, err := a.Service.Book(ctx, httpd.Actor(ctx), r.ID, r.Body.ApplicationID)
	if err != nil {
		return nil, err
	}
	out, err := a.booking(ctx, b)
	return apigen.BookSlot201JSONResponse(out), err
}

// ListMyBookings answers listMyBookings.
func (a *InterviewsAPI) ListMyBookings(ctx context.Context, r apigen.ListMyBookingsRequestObject) (apigen.ListMyBookingsResponseObject, error) {
	p := r.Params
	c, n, err := cursorOf(p.Cursor, p.Limit)
	if err != nil {
		return nil, err
	}
	f := interviews.BookingFilter{From: deref(p.From), To: deref(p.To), Cursor: c, Limit: n}
	for _, s := range deref(p.State) {
		f.States = append(f.States, interviews.BookingState(s))
	}
	page, err := a.Service.ListMyBookings(ctx, httpd.Actor(ctx), f)
	if err != nil {
		return nil, err
	}
	out := apigen.ListMyBookings200JSONResponse{Items: []apigen.Booking{}, NextCursor: some(page.Next.String())}
	for _, v := range page.Items {
		out.Items = append(out.Items, a.bookingView(ctx, v))
	}
	return out, nil
}

// GetBooking answers getBooking.
func (a *InterviewsAPI) GetBooking(ctx context.Context, r apigen.GetBookingRequestObject) (apigen.GetBookingResponseObject, error) {
	v, err := a.Service.GetBooking(ctx, httpd.Actor(ctx), r.ID)
	if err != nil {
		return nil, err
	}
	return apigen.GetBooking200JSONResponse(a.bookingView(ctx, v)), nil
}

// MoveBooking answers moveBooking.
func (a *InterviewsAPI) MoveBooking(ctx context.Context, r apigen.MoveBookingRequestObject) (apigen.MoveBookingResponseObject, error) {
	b, err := a.Service.Move(ctx, httpd.Actor(ctx), r.ID, r.Body.SlotID, r.Body.Reason)
	if err != nil {
		return nil, err
	}
	out, err := a.booking(ctx, b)
	return apigen.MoveBooking200JSONResponse(out), err
}

// CancelBooking answers cancelBooking.
func (a *InterviewsAPI) CancelBooking(ctx context.Context, r apigen.CancelBookingRequestObject) (apigen.CancelBookingResponseObject, error) {
	b, err := a.Service.Cancel(ctx, httpd.Actor(ctx), r.ID, r.Body.Reason)
	if err != nil {
		return nil, err
	}
	out, err := a.booking(ctx, b)
	return apigen.CancelBooking200JSONResponse(out), err
}

// RecordAttendance answers recordAttendance.
func (a *InterviewsAPI) RecordAttendance(ctx context.Context, r apigen.RecordAttendanceRequestObject) (apigen.RecordAttendanceResponseObject, error) {
	b, err := a.Service.RecordAttendance(ctx, httpd.Actor(ctx), r.ID, interviews.BookingState(r.Body.Outcome))
	if err != nil {
		return nil, err
	}
	out, err := a.booking(ctx, b)
	return apigen.RecordAttendance200JSONResponse(out), err
}

// RecordScorecard answers recordScorecard.
func (a *InterviewsAPI) RecordScorecard(ctx context.Context, r apigen.RecordScorecardRequestObject) (apigen.RecordScorecardResponseObject, error) {
	card, created, err := a.Service.RecordScorecard(ctx, httpd.Actor(ctx), r.ID, newScorecard(r.Body))
	switch {
	case err != nil:
		return nil, err
	case created:
		return apigen.RecordScorecard201JSONResponse(scorecard(card)), nil
	}
	return apigen.RecordScorecard200JSONResponse(scorecard(card)), nil
}

func (a *InterviewsAPI) booking(ctx context.Context, b *interviews.Booking) (apigen.Booking, error) {
	v, err := a.Service.BookingView(ctx, httpd.Actor(ctx), b)
	if err != nil {
		return apigen.Booking{}, err
	}
	return a.bookingView(ctx, v), nil
}
