package httpapi

import (
	"context"

	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/httpapi/apigen"
	"github.com/orynda/orynda/internal/httpd"
	"github.com/orynda/orynda/internal/interviews"
)

func (a *InterviewsAPI) slots(ctx context.Context, list []interviews.SlotView) []apigen.InterviewSlot {
	out := make([]apigen.InterviewSlot, 0, len(list))
	for _, v := range list {
		out = append(out, a.slot(ctx, v))
	}
	return out
}

// slot maps a view; what is withheld is empty in it and left out here.
func (a *InterviewsAPI) slot(ctx context.Context, v interviews.SlotView) apigen.InterviewSlot {
	s := v.Slot
	from, until := s.BookableFrom(), s.BookableUntil()
	out := apigen.InterviewSlot{
		ID: s.ID, State: apigen.InterviewSlotState(v.State), Version: s.Version, CreatedAt: s.CreatedAt, PlacementID: s.PlacementID,
		StartsAt: s.StartsAt, EndsAt: s.EndsAt, Capacity: s.Capacity, BufferMin: some(int(s.Buffer.Minutes())), Form: apigen.InterviewForm(s.Form),
		Free: v.Free, HeldByMe: !v.HeldUntil.IsZero(), HoldExpiresAt: timeOf(v.HeldUntil), Mine: v.Mine, Bookable: v.Bookable, Movable: some(v.Movable), BookableFrom: &from,
		BookableUntil: &until, NoticeHours: some(int(s.StartsAt.Sub(until).Hours())), HorizonDays: some(s.Horizon),
		BookingID: some(v.BookingID), InterviewerID: some(s.InterviewerID), InterviewerName: some(v.InterviewerName), RoomID: some(s.RoomID),
		Instructions: some(s.Instructions), Link: some(s.Link), Phone: some(s.Phone), Reason: some(s.Reason),
	}
	out.RoomName, out.Address = a.room(ctx, v.Room)
	if len(v.Attendees) > 0 {
		bookings := make([]apigen.SlotBooking, 0, len(v.Attendees))
		for _, who := range v.Attendees {
			b := who.Booking
			bookings = append(bookings, apigen.SlotBooking{
				BookingID: b.ID, ApplicationID: b.ApplicationID, StudentID: b.StudentID, FullName: who.FullName, State: apigen.BookingState(b.State),
			})
		}
		out.Bookings = &bookings
	}
	return out
}

// room gives a room's name and its address with the city.
func (a *InterviewsAPI) room(ctx context.Context, r *directory.Room) (name, address *string) {
	if r == nil {
		return nil, nil
	}
	city := a.Reference.CityName(r.Region, r.City, httpd.Lang(ctx))
	var parts []string
	for _, part := range []string{city, r.Address} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return some(r.Name), some(comma(parts))
}

func (a *InterviewsAPI) bookingView(ctx context.Context, v *interviews.BookingView) apigen.Booking {
	b, s := v.Booking, v.Slot
	out := apigen.Booking{
		ID: b.ID, State: apigen.BookingState(b.State), Version: b.Version, CreatedAt: b.CreatedAt, UID: b.UID(), Sequence: b.Sequence, SlotID: b.SlotID,
		PlacementID: b.PlacementID, PlacementTitle: texts(v.Place.Title), ApplicationID: b.ApplicationID, StudentID: b.StudentID,
		StudentName: some(v.StudentName), EnterpriseID: b.EnterpriseID, EnterpriseName: v.EnterpriseName, StartsAt: b.StartsAt, EndsAt: b.EndsAt,
		Form: apigen.InterviewForm(s.Form), InterviewerID: some(b.InterviewerID), InterviewerName: some(v.InterviewerName), RoomID: some(s.RoomID),
		Instructions: some(s.Instructions), Link: some(s.Link), Phone: some(s.Phone), MovedAt: timeOf(b.MovedAt), Reason: some(b.Reason),
		CancelledAt: timeOf(b.CancelledAt), CancelledBy: some(apigen.BookingCancelledBy(b.CancelledBy)), Late: some(b.Late),
		AttendanceAt: timeOf(b.AttendanceAt), AttendanceBy: some(apigen.BookingAttendanceBy(b.AttendanceBy)),
	}
	out.RoomName, out.Address = a.room(ctx, v.Room)
	if b.State == interviews.Booked {
		move, cancel := b.StartsAt.Add(-interviews.MoveUntil), b.StartsAt
		out.MoveUntil, out.CancelUntil = &move, &cancel
	}
	if v.Staff {
		out.ScorecardID = some(b.ScorecardID)
		if b.State == interviews.Attended {
			due := b.EndsAt.Add(interviews.ScorecardDue)
			out.ScorecardDueAt = &due
		}
	}
	return out
}
