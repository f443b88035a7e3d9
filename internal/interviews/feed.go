package interviews

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/id"
	"github.com/orynda/orynda/internal/storage"
)

// Feed is a person's secret address for calendar programs. Only the token's hash is kept.
type Feed struct {
	ID        string    `json:"id"` // the person's id
	Version   int64     `json:"version"`
	CreatedAt time.Time `json:"created_at"`
	TokenHash string    `json:"token_hash"`
}

// Identity implements storage.Document.
func (f *Feed) Identity() (string, *int64) { return f.ID, &f.Version }

// Keys implements storage.Document.
func (f *Feed) Keys() storage.Keys { return storage.Keys{"token": f.TokenHash} }

func tokenHash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// CreateFeed makes a new secret token for the actor's feed; the former stops working at once. The token is not kept and can't be shown again.
func (s *Service) CreateFeed(ctx context.Context, a accounts.Actor) (*Feed, string, error) {
	if a.Anonymous() {
		return nil, "", s.Policy.Permit(a, "createCalendarFeed")
	}
	if err := s.Policy.Permit(a, "createCalendarFeed", accounts.Self); err != nil {
		return nil, "", err
	}
	token := id.Token(24)
	var out *Feed
	err := s.DB.Tx(ctx, func(ctx context.Context) error {
		f, err := s.feeds.LockOrNew(ctx, a.PersonID, &Feed{ID: a.PersonID})
		if err != nil {
			return err
		}
		f.TokenHash, f.CreatedAt = tokenHash(token), s.Clock.Now()
		out = f
		return s.feeds.Save(ctx, f)
	})
	return out, token, err
}

// FeedCalendar gives the interviews of a token's owner from FeedPast ago on as an RFC 5545 calendar: NotFound feed_not_found for an unknown token.
// It names no other applicant.
func (s *Service) FeedCalendar(ctx context.Context, token string, say Words) ([]byte, error) {
	f, err := s.feeds.First(ctx, storage.Where(storage.Eq("token", tokenHash(token))))
	if err != nil {
		return nil, missing(err, "feed")
	}
	since := storage.Gte("starts", s.Clock.Now().Add(-FeedPast))
	own, err := s.bookings.Find(ctx, storage.Where(storage.Eq("student", f.ID), since).By("starts"))
	if err != nil {
		return nil, err
	}
	held, err := s.bookings.Find(ctx, storage.Where(storage.Eq("interviewer", f.ID), since).By("starts"))
	if err != nil {
		return nil, err
	}
	person, err := s.Accounts.Person(ctx, f.ID)
	if err != nil {
		return nil, err
	}
	c := newCalendar(ics.MethodPublish)
	for _, b := range append(own, held...) {
		slot, err := s.Slot(ctx, b.SlotID)
		if err != nil {
			return nil, err
		}
		bare := *slot // whoever has the address reads the feed: no phone number in it
		bare.Phone = ""
		if err := s.addEvent(ctx, c, b, &bare, person.Locale, say); err != nil {
			return nil, err
		}
	}
	return []byte(c.Serialize(ics.WithNewLineWindows)), nil
}

// Words says a sentence of the catalogues.
type Words func(lang i18n.Lang, key string, values map[string]any) string

// BookingCalendar gives one booking as an RFC 5545 file for those who may see it: METHOD:PUBLISH, or METHOD:CANCEL once cancelled. It names no
// attendee: the same file goes to both sides, and the enterprise doesn't know the applicant's address yet.
func (s *Service) BookingCalendar(ctx context.Context, a accounts.Actor, bookingID string, lang i18n.Lang, say Words) ([]byte, error) {
	b, _, err := s.permitted(ctx, a, "getBookingCalendar", bookingID)
	if err != nil {
		return nil, err
	}
	slot, err := s.Slot(ctx, b.SlotID)
	if err != nil {
		return nil, err
	}
	return s.CalendarOf(ctx, b, slot, lang, say)
}

// CalendarOf is BookingCalendar for services: mails carry the same file.
func (s *Service) CalendarOf(ctx context.Context, b *Booking, slot *Slot, lang i18n.Lang, say Words) ([]byte, error) {
	method := ics.MethodPublish
	if b.State == Cancelled {
		method = ics.MethodCancel
	}
	c := newCalendar(method)
	if err := s.addEvent(ctx, c, b, slot, lang, say); err != nil {
		return nil, err
	}
	return []byte(c.Serialize(ics.WithNewLineWindows)), nil
}

func newCalendar(method ics.Method) *ics.Calendar {
	c := ics.NewCalendar()
	c.SetMethod(method)
	c.SetProductId("-//Orynda//Interviews//EN")
	return c
}

// addEvent writes one booking. The stamp is the booking's last change, so that the same state gives the same file.
func (s *Service) addEvent(ctx context.Context, c *ics.Calendar, b *Booking, slot *Slot, lang i18n.Lang, say Words) error {
	p, err := s.Placements.Placement(ctx, b.PlacementID)
	if err != nil {
		return err
	}
	enterprise, err := s.Directory.Enterprise(ctx, b.EnterpriseID)
	if err != nil {
		return err
	}
	e := c.AddEvent(b.UID())
	e.SetSequence(b.Sequence)
	e.SetDtStampTime(b.changedAt())
	e.SetModifiedAt(b.changedAt())
	if s.Organiser != "" {
		e.SetOrganizer("mailto:"+s.Organiser, ics.WithCN(enterprise.Name))
	}
	e.SetStartAt(b.StartsAt)
	e.SetEndAt(b.EndsAt)
	e.SetSummary(say(lang, "calendar.summary", map[string]any{"enterprise": enterprise.Name, "title": p.Title.In(lang)}))
	where, err := s.where(ctx, slot)
	if err != nil {
		return err
	}
	if where != "" {
		e.SetLocation(where)
	}
	if slot.Instructions != "" {
		e.SetDescription(slot.Instructions)
	}
	status := ics.ObjectStatusConfirmed
	if b.State == Cancelled {
		status = ics.ObjectStatusCancelled
	}
	e.SetStatus(status)
	return nil
}

// changedAt is when the booking last changed as calendars see it.
func (b *Booking) changedAt() time.Time {
	at := b.CreatedAt
	for _, t := range []time.Time{b.MovedAt, b.CancelledAt} {
		if t.After(at) {
			at = t
		}
	}
	return at
}

// where is the place of an interview as one line.
func (s *Service) where(ctx context.Context, slot *Slot) (string, error) {
	switch {
	case slot.Form == ByVideo:
		return slot.Link, nil
	case slot.Form == ByPhone:
		return slot.Phone, nil
	case slot.RoomID == "":
		return "", nil
	}
	room, err := s.Directory.Room(ctx, slot.RoomID)
	if err != nil {
		return "", err
	}
	return strings.Join(slices.DeleteFunc([]string{room.City, room.Address, room.Name}, func(s string) bool { return s == "" }), ", "), nil
}
