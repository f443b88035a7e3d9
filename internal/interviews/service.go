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

func slotSpec() storage.Spec {
	return storage.Spec{
		Name: "slots",
		Keys: []storage.Key{
			{Name: "placement"}, {Name: "interviewer"}, {Name: "starts", Kind: storage.Int}, {Name: "cancelled", Kind: storage.Int},
			{Name: "room_left", Kind: storage.Int},
		},
		Indexes: []storage.Index{{Name: "placement", Keys: []string{"placement", "starts"}}, {Name: "interviewer", Keys: []string{"interviewer", "starts"}}},
	}
}

func bookingSpec() storage.Spec {
	return storage.Spec{
		Name: "bookings",
		Keys: []storage.Key{
			{Name: "slot"}, {Name: "application"}, {Name: "student"}, {Name: "interviewer"}, {Name: "enterprise"},
			{Name: "starts", Kind: storage.Int}, {Name: "state"}, {Name: "live"},
		},
		Indexes: []storage.Index{
			{Name: "live", Keys: []string{"live"}, Unique: true},
			{Name: "application", Keys: []string{"application"}},
			{Name: "student", Keys: []string{"student", "starts"}},
			{Name: "interviewer", Keys: []string{"interviewer", "starts"}},
			{Name: "slot", Keys: []string{"slot"}},
			{Name: "state", Keys: []string{"state", "starts"}},
		},
	}
}

func holdSpec() storage.Spec {
	return storage.Spec{
		Name: "slot_holds", Keys: []storage.Key{{Name: "expires", Kind: storage.Int}},
		Indexes: []storage.Index{{Name: "expires", Keys: []string{"expires"}}},
	}
}

func scorecardSpec() storage.Spec {
	return storage.Spec{
		Name: "scorecards", Keys: []storage.Key{{Name: "booking"}, {Name: "application"}},
		Indexes: []storage.Index{{Name: "booking", Keys: []string{"booking"}, Unique: true}, {Name: "application", Keys: []string{"application"}}},
	}
}

func feedSpec() storage.Spec {
	return storage.Spec{
		Name: "calendar_feeds", Keys: []storage.Key{{Name: "token"}},
		Indexes: []storage.Index{{Name: "token", Keys: []string{"token"}, Unique: true}},
	}
}

// Specs declares the collections.
func Specs() []storage.Spec {
	return []storage.Spec{slotSpec(), bookingSpec(), holdSpec(), scorecardSpec(), {Name: "calendars"}, feedSpec()}
}

// New makes the service.
func New(d Deps) *Service {
	return &Service{
		Deps:       d,
		slots:      storage.Open[Slot](d.DB, slotSpec()),
		bookings:   storage.Open[Booking](d.DB, bookingSpec()),
		holds:      storage.Open[Hold](d.DB, holdSpec()),
		scorecards: storage.Open[Scorecard](d.DB, scorecardSpec()),
		calendars:  storage.Open[Calendar](d.DB, storage.Spec{Name: "calendars"}),
		feeds:      storage.Open[Feed](d.DB, feedSpec()),
	}
}

// Grants is this domain's part of the policy table.
func Grants() []accounts.Grant {
	hr := []accounts.Relation{accounts.EnterpriseHR}
	self := []accounts.Relation{accounts.Self}
	staff := []accounts.Relation{accounts.EnterpriseHR, accounts.EnterpriseInterviewer}
	viewers := append([]accounts.Relation{accounts.Self, accounts.Guardian}, staff...)
	return []accounts.Grant{
		{Operation: "createSlots", Relations: hr},
		{Operation: "cancelSlot", Relations: hr},
		{Operation: "listSlots", Relations: viewers},
		{Operation: "getSlot", Relations: viewers},
		{Operation: "holdSlot", Relations: self},
		{Operation: "bookSlot", Relations: self},
		{Operation: "listMyBookings", Relations: self, Unverified: true},
		{Operation: "getBooking", Relations: viewers},
		{Operation: "getBookingCalendar", Relations: viewers},
		{Operation: "moveBooking", Relations: self},
		{Operation: "cancelBooking", Relations: []accounts.Relation{accounts.Self, accounts.EnterpriseHR}},
		{Operation: "recordAttendance", Relations: append([]accounts.Relation{accounts.Self}, staff...)},
		{Operation: "recordScorecard", Relations: staff},
		{Operation: "createCalendarFeed", Relations: self},
		{Operation: "getCalendarFeed", Relations: []accounts.Relation{accounts.Anyone}},
	}
}

// The event types of this domain. Their subject is the place, slot or booking.
const (
	EventSlotsOffered = "slots.offered"
	EventSlotCanceled = "slot.cancelled"
	EventBooked       = "booking.booked"
	EventMoved        = "booking.moved"
	EventCancelled    = "booking.cancelled"
	EventAttended     = "booking.attended"
	EventAbsent       = "booking.absent"
	EventReminder     = "booking.reminder"
	EventScored       = "scorecard.recorded"
	EventScoreDue     = "scorecard.due"
)

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

// HasBookableSlot reports whether the place offers a time that can still be booked.
func (s *Service) HasBookableSlot(ctx context.Context, placementID string, now time.Time) (bool, error) {
	q := storage.Where(
		storage.Eq("placement", placementID), storage.Eq("cancelled", false), storage.Gt("room_left", 0), storage.Gte("starts", now.Add(MinimumNotice)))
	_, err := s.slots.First(ctx, q.By("starts"))
	if storage.IsNotFound(err) {
		return false, nil
	}
	return err == nil, err
}

// note writes a step into the trail of the place and tells whom it concerns, in the caller's transaction.
func (s *Service) note(ctx context.Context, by accounts.Actor, event, subject, placementID string, data map[string]string) error {
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

func (d days) free(kind busyKind, owner string, b Busy, now time.Time) bool {
	for _, id := range calendarIDs(kind, owner, b) {
		if !d.taken[id].Free(b, now) {
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
