package interviews

import (
	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/storage"
)

func slotSpec() storage.Spec {
	return storage.Spec{
		Name: "slots",
		Keys: []storage.Key{
			{Name: "placement"}, {Name: "interviewer"}, {Name: "starts", Kind: storage.Int}, {Name: "cancelled", Kind: storage.Int},
			{Name: "room_left", Kind: storage.Int}, {Name: "room"}, {Name: "opens", Kind: storage.Int}, {Name: "closes", Kind: storage.Int},
		},
		Indexes: []storage.Index{
			{Name: "placement", Keys: []string{"placement", "starts"}},
			{Name: "interviewer", Keys: []string{"interviewer", "starts"}},
			{Name: "room", Keys: []string{"room", "starts"}},
		},
	}
}

func bookingSpec() storage.Spec {
	return storage.Spec{
		Name: "bookings",
		Keys: []storage.Key{
			{Name: "slot"}, {Name: "application"}, {Name: "student"}, {Name: "interviewer"}, {Name: "enterprise"},
			{Name: "starts", Kind: storage.Int}, {Name: "state"}, {Name: "live"}, {Name: "people", Kind: storage.Strings},
		},
		Indexes: []storage.Index{
			{Name: "live", Keys: []string{"live"}, Unique: true},
			{Name: "application", Keys: []string{"application"}},
			{Name: "student", Keys: []string{"student", "starts"}},
			{Name: "interviewer", Keys: []string{"interviewer", "starts"}},
			{Name: "slot", Keys: []string{"slot"}},
			{Name: "state", Keys: []string{"state", "starts"}},
			{Name: "people", Keys: []string{"people"}},
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

func calendarSpec() storage.Spec {
	return storage.Spec{Name: "calendars", Keys: []storage.Key{{Name: "day"}}, Indexes: []storage.Index{{Name: "day", Keys: []string{"day"}}}}
}

// Migrations change what earlier versions stored.
func Migrations(db storage.Engine) []storage.Migration {
	return []storage.Migration{
		{ID: "0001_calendars_by_day", Up: storage.Open[Calendar](db, calendarSpec()).Rekey},
		{ID: "0002_slots_opening", Up: storage.Open[Slot](db, slotSpec()).Rekey},
	}
}

// Specs declares the collections.
func Specs() []storage.Spec {
	return []storage.Spec{slotSpec(), bookingSpec(), holdSpec(), scorecardSpec(), calendarSpec(), feedSpec()}
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
		{Operation: "listMyBookings", Relations: self},
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

// Events lists the event types of this domain.
func Events() []string {
	return []string{
		EventSlotsOffered, EventSlotCanceled, EventBooked, EventMoved, EventCancelled, EventAttended, EventAbsent, EventReminder, EventScored, EventScoreDue,
	}
}
