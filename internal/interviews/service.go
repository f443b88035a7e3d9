package interviews

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/audit"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/outbox"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/selection"
	"github.com/orynda/orynda/internal/storage"
)

// Deps is what the service needs.
type Deps struct {
	DB         storage.Engine
	Clock      cal.Clock
	Policy     accounts.Policy
	Box        *outbox.Box
	Trail      *audit.Trail
	Log        *slog.Logger
	Accounts   *accounts.Service
	Directory  *directory.Service
	Placements *placements.Service
	Selection  *selection.Service
	Organiser  string // mail address that calendar files name as organiser; "" names none
}

// Service is the interviews' operations.
type Service struct {
	Deps
	slots      *storage.Collection[Slot, *Slot]
	bookings   *storage.Collection[Booking, *Booking]
	holds      *storage.Collection[Hold, *Hold]
	scorecards *storage.Collection[Scorecard, *Scorecard]
	calendars  *storage.Collection[Calendar, *Calendar]
	feeds      *storage.Collection[Feed, *Feed]
}

// New makes the service.
func New(d Deps) *Service {
	return &Service{
		Deps:       d,
		slots:      storage.Open[Slot](d.DB, slotSpec()),
		bookings:   storage.Open[Booking](d.DB, bookingSpec()),
		holds:      storage.Open[Hold](d.DB, holdSpec()),
		scorecards: storage.Open[Scorecard](d.DB, scorecardSpec()),
		calendars:  storage.Open[Calendar](d.DB, calendarSpec()),
		feeds:      storage.Open[Feed](d.DB, feedSpec()),
	}
}

// Slot reads one slot, without asking who wants it: NotFound slot_not_found.
func (s *Service) Slot(ctx context.Context, id string) (*Slot, error) {
	slot, err := s.slots.Get(ctx, id)
	return slot, missing(err, "slot")
}

// Booking reads one booking, without asking who wants it: NotFound booking_not_found.
func (s *Service) Booking(ctx context.Context, id string) (*Booking, error) {
	b, err := s.bookings.Get(ctx, id)
	return b, missing(err, "booking")
}

// LatestBooking gives the live booking of an application, else the latest one: NotFound booking_not_found when there was none.
func (s *Service) LatestBooking(ctx context.Context, applicationID string) (*Booking, error) {
	all, err := s.bookings.Find(ctx, storage.Where(storage.Eq("application", applicationID)).ByDesc("starts"))
	if err != nil {
		return nil, err
	}
	if i := slices.IndexFunc(all, func(b *Booking) bool { return b.State == Booked }); i >= 0 {
		return all[i], nil
	}
	if len(all) == 0 {
		return nil, errs.Missing("booking")
	}
	return all[0], nil
}

// missing names the thing that a store did not find.
func missing(err error, thing string) error {
	if storage.IsNotFound(err) {
		return errs.Missing(thing)
	}
	return err
}

// HasBookableSlot reports whether the place offers a time that can be booked now.
func (s *Service) HasBookableSlot(ctx context.Context, placementID string, now time.Time) (bool, error) {
	q := storage.Where(
		storage.Eq("placement", placementID), storage.Eq("cancelled", false), storage.Gt("room_left", 0), storage.Gte("starts", now.Add(MinimumNotice)),
		storage.Lte("opens", now), storage.Gte("closes", now))
	_, err := s.slots.First(ctx, q.By("starts"))
	if storage.IsNotFound(err) {
		return false, nil
	}
	return err == nil, err
}

// RoomInUse reports whether a coming slot is in a room, inside the transaction that would end the room (directory's RoomInUse). It takes what [Service.CreateSlots]
// takes, so that no slot slips in.
func (s *Service) RoomInUse(ctx context.Context, roomID string) (bool, error) {
	if _, err := s.takeDays(ctx, []string{roomGate(roomID)}); err != nil {
		return false, err
	}
	n, err := s.slots.Count(ctx, storage.Where(storage.Eq("room", roomID), storage.Eq("cancelled", false), storage.Gt("starts", s.Clock.Now())))
	return n > 0, err
}

// roomGate is the owner document of whether a room can be used at all.
func roomGate(roomID string) string { return string(busyRoom) + ":" + roomID + ":open" }

// note writes a step into the trail of the place and tells whom it concerns, in the caller's transaction. The data always names the place.
func (s *Service) note(ctx context.Context, by accounts.Actor, event, subject, placementID string, more map[string]string) error {
	data := map[string]string{"placement": placementID}
	for k, v := range more {
		data[k] = v
	}
	entry := audit.Entry{Stream: "placement:" + placementID, Action: event, Actor: by.ID(), Session: by.SessionID, Data: map[string]string{"subject": subject}}
	for k, v := range data {
		entry.Data[k] = v
	}
	if err := s.Trail.Append(ctx, entry); err != nil {
		return err
	}
	return s.Box.Emit(ctx, event, subject, data)
}

// days are the calendars of one transaction, taken once each.
type days struct {
	s     *Service
	taken map[string]*Calendar
}

// takeDays locks calendars in the order given, which must be sorted.
func (s *Service) takeDays(ctx context.Context, ids []string) (days, error) {
	d := days{s: s, taken: map[string]*Calendar{}}
	for _, id := range ids {
		c, err := s.calendars.LockOrNew(ctx, id, &Calendar{ID: id})
		if err != nil {
			return d, err
		}
		d.taken[id] = c
	}
	return d, nil
}

func (d days) free(kind busyKind, owner string, b Busy, now time.Time, but ...string) bool {
	for _, id := range calendarIDs(kind, owner, b) {
		if !d.taken[id].Free(b, now, but...) {
			return false
		}
	}
	return true
}

func (d days) take(kind busyKind, owner string, b Busy, now time.Time) {
	for _, id := range calendarIDs(kind, owner, b) {
		d.taken[id].Take(b, now)
	}
}

func (d days) release(ref string) {
	for _, c := range d.taken {
		c.Release(ref)
	}
}

func (d days) save(ctx context.Context) error {
	for _, c := range d.taken {
		if err := d.s.calendars.Save(ctx, c); err != nil {
			return err
		}
	}
	return nil
}
