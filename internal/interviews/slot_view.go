package interviews

import (
	"context"
	"slices"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/selection"
	"github.com/orynda/orynda/internal/storage"
)

// SlotView is a slot as one viewer may see it. Slot is a copy without what is withheld.
type SlotView struct {
	Slot            *Slot
	State           SlotState
	Free            int       // seats the viewer could take now
	HeldUntil       time.Time // end of the viewer's hold
	BookingID       string    // the viewer's, or the ward's, live booking
	Mine            bool      // it is the viewer's own
	Bookable        bool      // whether the viewer may hold or book it now
	Movable         bool      // whether the viewer may hold it and move the own booking there now
	InterviewerName string
	Room            *directory.Room
	Attendees       []Attendee // staff only
}

// Attendee is who comes to a slot, or came.
type Attendee struct {
	Booking  *Booking
	FullName string
}

// SlotFilter narrows a list of slots.
type SlotFilter struct {
	From, To time.Time
	States   []SlotState
	Cursor   storage.Cursor
	Limit    int
}

// viewer is how someone looks at a place's slots.
type viewer struct {
	staff       bool
	interviewer string                 // sees only the own slots
	app         *selection.Application // the live application, the own or a ward's
	own         bool                   // the application is the actor's
	rel         []accounts.Relation
}

// viewerOf finds the actor's place among those who may see a place's slots; the policy decides.
func (s *Service) viewerOf(ctx context.Context, a accounts.Actor, op, placementID string) (viewer, error) {
	p, err := s.Placements.Placement(ctx, placementID)
	if err != nil {
		return viewer{}, err
	}
	v := viewer{rel: s.Placements.RelationsTo(a, p)}
	hr := slices.Contains(v.rel, accounts.EnterpriseHR) || a.IsSystem()
	v.staff = hr || slices.Contains(v.rel, accounts.EnterpriseInterviewer)
	if v.staff && !hr {
		v.interviewer = a.PersonID
	}
	if !v.staff && !a.Anonymous() {
		if err := s.addApplicant(ctx, a, placementID, &v); err != nil {
			return v, err
		}
	}
	return v, s.Policy.Permit(a, op, v.rel...)
}

// addApplicant looks for a live application of the actor, else of a confirmed ward.
func (s *Service) addApplicant(ctx context.Context, a accounts.Actor, placementID string, v *viewer) error {
	wards, err := s.Directory.Wards(ctx, a.PersonID)
	if err != nil {
		return err
	}
	people := []string{a.PersonID}
	for _, g := range wards {
		if g.State == directory.GuardianConfirmed {
			people = append(people, g.WardID)
		}
	}
	for _, person := range people {
		app, err := s.Selection.LiveFor(ctx, person, placementID)
		if storage.IsNotFound(err) {
			continue
		}
		if err != nil {
			return err
		}
		if v.own = person == a.PersonID; v.own {
			v.rel = append(v.rel, accounts.Self)
		} else {
			v.rel = append(v.rel, accounts.Guardian)
		}
		v.app = app
		return nil
	}
	return nil
}

// view computes a slot for a viewer. Link, number and interviewer are for staff and who booked; where it is and what to bring one may know before.
func (v viewer) view(slot *Slot, now time.Time) SlotView {
	shown := *slot
	shown.Seats = nil
	out := SlotView{Slot: &shown, State: slot.StateAt(now), Free: max(0, slot.Free("", now))}
	if v.staff {
		return out
	}
	if v.app != nil {
		v.applicant(&out, slot, now)
	}
	if out.BookingID == "" {
		shown.InterviewerID, shown.Link, shown.Phone = "", "", ""
	}
	return out
}

// applicant adds what the slot is to the viewer's application.
func (v viewer) applicant(out *SlotView, slot *Slot, now time.Time) {
	for _, seat := range slot.Seats {
		if seat.ApplicationID == v.app.ID && seat.Until.IsZero() {
			out.BookingID, out.Mine = seat.Ref, v.own
		}
	}
	if !v.own {
		return // a hold is visible to its holder
	}
	if hold, ok := slot.HoldOf(v.app.ID, now); ok {
		out.HeldUntil = hold.Until
	}
	out.Free = max(0, slot.Free(v.app.ID, now))
	open := out.BookingID == "" && slot.Bookable(v.app.ID, now) == nil
	if iv := v.app.Interview; iv != nil && iv.Live {
		out.Movable = open && movable(iv.StartsAt, now) == nil
	} else {
		out.Bookable = open && v.app.Invited() == nil
	}
}

// GetSlot gives one slot to the place's enterprise and to its live applicants and their guardians.
func (s *Service) GetSlot(ctx context.Context, a accounts.Actor, slotID string) (SlotView, error) {
	if a.Anonymous() {
		return SlotView{}, s.Policy.Permit(a, "getSlot")
	}
	slot, err := s.slots.Get(ctx, slotID)
	if err != nil {
		return SlotView{}, hidden(err)
	}
	v, err := s.viewerOf(ctx, a, "getSlot", slot.PlacementID)
	if err != nil {
		return SlotView{}, err
	}
	if v.interviewer != "" && v.interviewer != slot.InterviewerID {
		return SlotView{}, errs.New(errs.Forbidden, "forbidden")
	}
	return s.viewOne(ctx, v, slot)
}

func (s *Service) viewOne(ctx context.Context, v viewer, slot *Slot) (SlotView, error) {
	views, err := s.views(ctx, v, []*Slot{slot})
	if err != nil {
		return SlotView{}, err
	}
	return views[0], nil
}

// views computes slots for a viewer, with the names of what may be seen.
func (s *Service) views(ctx context.Context, v viewer, slots []*Slot) ([]SlotView, error) {
	now := s.Clock.Now()
	n := s.names()
	out := make([]SlotView, 0, len(slots))
	for _, slot := range slots {
		view := v.view(slot, now)
		var err error
		if view.InterviewerName, err = n.person(ctx, view.Slot.InterviewerID); err != nil {
			return nil, err
		}
		if view.Room, err = n.room(ctx, view.Slot.RoomID); err != nil {
			return nil, err
		}
		if v.staff {
			if view.Attendees, err = s.attendees(ctx, n, slot); err != nil {
				return nil, err
			}
		}
		out = append(out, view)
	}
	return out, nil
}

// attendees lists who booked a slot and did not cancel.
func (s *Service) attendees(ctx context.Context, n *names, slot *Slot) ([]Attendee, error) {
	var out []Attendee
	for _, seat := range slot.Seats {
		if !seat.Until.IsZero() {
			continue
		}
		b, err := s.bookings.Get(ctx, seat.Ref)
		if err != nil {
			return nil, err
		}
		name, err := n.person(ctx, b.StudentID)
		if err != nil {
			return nil, err
		}
		out = append(out, Attendee{Booking: b, FullName: name})
	}
	return out, nil
}

// ListSlots gives a place's slots, earliest first, to the same people. Applicants see upcoming ones unless they ask for states; an interviewer sees the own.
func (s *Service) ListSlots(ctx context.Context, a accounts.Actor, placementID string, f SlotFilter) (storage.Page[SlotView], error) {
	var out storage.Page[SlotView]
	v, err := s.viewerOf(ctx, a, "listSlots", placementID)
	if err != nil {
		return out, err
	}
	page, err := s.slots.Page(ctx, f.query(v, placementID, s.Clock.Now()))
	if err != nil {
		return out, err
	}
	views, err := s.views(ctx, v, page.Items)
	if err != nil {
		return out, err
	}
	out.Next = page.Next
	for _, view := range views {
		if len(f.States) == 0 || slices.Contains(f.States, view.State) {
			out.Items = append(out.Items, view)
		}
	}
	return out, nil
}

// query narrows as far as keys can tell: whether a hold makes a slot full is seen afterwards.
func (f SlotFilter) query(v viewer, placementID string, now time.Time) storage.Query {
	conds := []storage.Cond{storage.Eq("placement", placementID)}
	if v.interviewer != "" {
		conds = append(conds, storage.Eq("interviewer", v.interviewer))
	}
	all := len(f.States) == 0
	upcoming := all && !v.staff || !all && !slices.Contains(f.States, SlotPast) && !slices.Contains(f.States, SlotCancelled)
	if upcoming && f.From.Before(now) {
		f.From = now
	}
	if upcoming || !all && !slices.Contains(f.States, SlotCancelled) {
		conds = append(conds, storage.Eq("cancelled", false))
	}
	if !f.From.IsZero() {
		conds = append(conds, storage.Gte("starts", f.From))
	}
	if !f.To.IsZero() {
		conds = append(conds, storage.Lt("starts", f.To))
	}
	return storage.Where(conds...).By("starts").From(f.Cursor).Take(f.Limit)
}
