package interviews

import (
	"context"
	"slices"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/storage"
)

// BookingView is a booking as one viewer may see it.
type BookingView struct {
	Booking         *Booking
	Slot            *Slot
	Place           *placements.Placement
	EnterpriseName  string
	InterviewerName string
	Room            *directory.Room // nil without one
	StudentName     string          // for the enterprise and a guardian
	Staff           bool            // sees the scorecard's id and date
}

// BookingFilter narrows a list of bookings.
type BookingFilter struct {
	From, To time.Time
	States   []BookingState
	Cursor   storage.Cursor
	Limit    int
}

func (f BookingFilter) query(conds ...storage.Cond) storage.Query {
	if !f.From.IsZero() {
		conds = append(conds, storage.Gte("starts", f.From))
	}
	if !f.To.IsZero() {
		conds = append(conds, storage.Lt("starts", f.To))
	}
	if len(f.States) > 0 {
		conds = append(conds, storage.In("state", f.States...))
	}
	return storage.Where(conds...).By("starts").From(f.Cursor).Take(f.Limit)
}

// GetBooking gives one booking to its owner, the owner's guardian, the enterprise and the slot's interviewer.
func (s *Service) GetBooking(ctx context.Context, a accounts.Actor, bookingID string) (*BookingView, error) {
	b, _, err := s.permitted(ctx, a, "getBooking", bookingID)
	if err != nil {
		return nil, err
	}
	return s.BookingView(ctx, a, b)
}

// BookingView shows a booking to somebody who was let at it: call it with what the other methods gave.
func (s *Service) BookingView(ctx context.Context, a accounts.Actor, b *Booking) (*BookingView, error) {
	return s.bookingView(ctx, s.names(), a, b)
}

func (s *Service) bookingView(ctx context.Context, n *names, a accounts.Actor, b *Booking) (*BookingView, error) {
	app, err := s.Selection.Application(ctx, b.ApplicationID)
	if err != nil {
		return nil, err
	}
	rel, err := s.relations(ctx, a, app, b.InterviewerID)
	if err != nil {
		return nil, err
	}
	own := slices.Contains(rel, accounts.Self)
	v := &BookingView{Booking: b}
	v.Staff = !own && (slices.Contains(rel, accounts.EnterpriseHR) || slices.Contains(rel, accounts.EnterpriseInterviewer))
	if v.Slot, err = s.Slot(ctx, b.SlotID); err != nil {
		return nil, err
	}
	if v.Place, err = s.Placements.Placement(ctx, b.PlacementID); err != nil {
		return nil, err
	}
	enterprise, err := s.Directory.Enterprise(ctx, b.EnterpriseID)
	if err != nil {
		return nil, err
	}
	v.EnterpriseName = enterprise.Name
	if v.InterviewerName, err = n.person(ctx, b.InterviewerID); err != nil {
		return nil, err
	}
	if v.Room, err = n.room(ctx, v.Slot.RoomID); err != nil {
		return nil, err
	}
	if !own {
		v.StudentName, err = n.person(ctx, b.StudentID)
	}
	return v, err
}

// ListMyBookings gives the actor's own interviews, those of confirmed wards, and those the actor holds as interviewer, earliest first.
func (s *Service) ListMyBookings(ctx context.Context, a accounts.Actor, f BookingFilter) (storage.Page[*BookingView], error) {
	var out storage.Page[*BookingView]
	if err := s.Policy.Permit(a, "listMyBookings", selfOf(a)...); err != nil {
		return out, err
	}
	wards, err := s.Directory.Wards(ctx, a.PersonID)
	if err != nil {
		return out, err
	}
	people := []string{a.PersonID}
	for _, g := range wards {
		if g.State == directory.GuardianConfirmed {
			people = append(people, g.WardID)
		}
	}
	page, err := s.bookings.Page(ctx, f.query(storage.Has("people", people...)))
	if err != nil {
		return out, err
	}
	out.Next = page.Next
	n := s.names()
	for _, b := range page.Items {
		v, err := s.bookingView(ctx, n, a, b)
		if err != nil {
			return out, err
		}
		out.Items = append(out.Items, v)
	}
	return out, nil
}

// selfOf is the relation of a signed-in person to what is the person's own.
func selfOf(a accounts.Actor) []accounts.Relation {
	if a.PersonID == "" {
		return nil
	}
	return []accounts.Relation{accounts.Self}
}

// names reads people and rooms once each for a list.
type names struct {
	s      *Service
	people map[string]string
	rooms  map[string]*directory.Room
}

func (s *Service) names() *names {
	return &names{s: s, people: map[string]string{}, rooms: map[string]*directory.Room{}}
}

// person gives a person's name, "" for nobody and for a deleted account.
func (n *names) person(ctx context.Context, id string) (string, error) {
	if name, ok := n.people[id]; ok || id == "" {
		return name, nil
	}
	p, err := n.s.Accounts.Person(ctx, id)
	if err != nil {
		return "", err
	}
	n.people[id] = p.FullName
	return p.FullName, nil
}

// room gives a room, nil for none.
func (n *names) room(ctx context.Context, id string) (*directory.Room, error) {
	if r, ok := n.rooms[id]; ok || id == "" {
		return r, nil
	}
	r, err := n.s.Directory.Room(ctx, id)
	if err == nil {
		n.rooms[id] = r
	}
	return r, err
}
