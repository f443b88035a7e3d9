package interviews

import (
	"context"
	"slices"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/selection"
	"github.com/orynda/orynda/internal/storage"
)

// SlotView is a slot as one viewer may see it.
type SlotView struct {
	Slot      *Slot
	State     SlotState
	Free      int       // seats the viewer could take now
	HeldUntil time.Time // end of the viewer's hold
	BookingID string    // the viewer's live booking
	Bookable  bool      // whether the viewer may hold or book it now
	Staff     bool      // sees who comes
	Details   bool      // sees link, number, room and interviewer: staff, and who booked
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
	rel         []accounts.Relation    //
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

// addApplicant looks for a live application of the actor or a ward.
func (s *Service) addApplicant(ctx context.Context, a accounts.Actor, placementID string, v *viewer) error {
	people := map[string]accounts.Relation{a.PersonID: accounts.Self}
	wards, err := s.Directory.Wards(ctx, a.PersonID)
	if err != nil {
		return err
	}
	for _, g := range wards {
		people[g.WardID] = accounts.Guardian
	}
	for person, rel := range people {
		app, err := s.Selection.LiveFor(ctx, person, placementID)
		if storage.IsNotFound(err) {
			continue
		}
		if err != nil {
			return err
		}
		v.rel = append(v.rel, rel)
		if v.app == nil || rel == accounts.Self {
			v.app, v.own = app, rel == accounts.Self
		}
	}
	return nil
}

// view computes a slot for a viewer.
func (v viewer) view(slot *Slot, now time.Time) SlotView {
	out := SlotView{Slot: slot, State: slot.StateAt(now), Staff: v.staff, Details: v.staff, Free: max(0, slot.Free("", now))}
	if v.app == nil {
		return out
	}
	if hold, ok := slot.HoldOf(v.app.ID, now); ok {
		out.HeldUntil = hold.Until
	}
	for _, seat := range slot.Seats {
		if seat.ApplicationID == v.app.ID && seat.Until.IsZero() {
			out.BookingID, out.Details = seat.Ref, true
		}
	}
	out.Free = max(0, slot.Free(v.app.ID, now))
	out.Bookable = v.own && out.BookingID == "" && v.app.Invited() == nil && slot.Bookable(v.app.ID, now) == nil
	return out
}

// GetSlot gives one slot to the place's enterprise and to its live applicants and their guardians.
func (s *Service) GetSlot(ctx context.Context, a accounts.Actor, slotID string) (SlotView, error) {
	slot, err := s.Slot(ctx, slotID)
	if err != nil {
		return SlotView{}, err
	}
	v, err := s.viewerOf(ctx, a, "getSlot", slot.PlacementID)
	if err != nil {
		return SlotView{}, err
	}
	return v.view(slot, s.Clock.Now()), nil
}

// ListSlots gives a place's slots, earliest first, to the same people. Applicants see upcoming ones unless they ask for states; an interviewer sees the own.
func (s *Service) ListSlots(ctx context.Context, a accounts.Actor, placementID string, f SlotFilter) (storage.Page[SlotView], error) {
	var out storage.Page[SlotView]
	v, err := s.viewerOf(ctx, a, "listSlots", placementID)
	if err != nil {
		return out, err
	}
	now := s.Clock.Now()
	conds := []storage.Cond{storage.Eq("placement", placementID)}
	if v.interviewer != "" {
		conds = append(conds, storage.Eq("interviewer", v.interviewer))
	}
	from := f.From
	if !v.staff && len(f.States) == 0 && from.Before(now) {
		from = now
	}
	if !from.IsZero() {
		conds = append(conds, storage.Gte("starts", from))
	}
	if !f.To.IsZero() {
		conds = append(conds, storage.Lt("starts", f.To))
	}
	if len(f.States) == 0 && !v.staff {
		conds = append(conds, storage.Eq("cancelled", false))
	}
	page, err := s.slots.Page(ctx, storage.Where(conds...).By("starts").From(f.Cursor).Take(f.Limit))
	if err != nil {
		return out, err
	}
	out.Next = page.Next
	for _, slot := range page.Items {
		view := v.view(slot, now)
		if len(f.States) == 0 || slices.Contains(f.States, view.State) {
			out.Items = append(out.Items, view)
		}
	}
	return out, nil
}

// BookingFilter narrows a list of bookings.
type BookingFilter struct {
	From, To time.Time
	States   []BookingState
	Cursor   storage.Cursor
	Limit    int
}

// GetBooking gives one booking to its owner, the owner's guardian, the enterprise and the slot's interviewer, with its slot.
func (s *Service) GetBooking(ctx context.Context, a accounts.Actor, bookingID string) (*Booking, *Slot, []accounts.Relation, error) {
	b, rel, err := s.permitted(ctx, a, "getBooking", bookingID)
	if err != nil {
		return nil, nil, nil, err
	}
	slot, err := s.Slot(ctx, b.SlotID)
	return b, slot, rel, err
}

// ListMyBookings gives the actor's own interviews, those of wards, and those the actor holds as interviewer, earliest first.
func (s *Service) ListMyBookings(ctx context.Context, a accounts.Actor, f BookingFilter) (storage.Page[*Booking], error) {
	if a.Anonymous() {
		return storage.Page[*Booking]{}, s.Policy.Permit(a, "listMyBookings")
	}
	if err := s.Policy.Permit(a, "listMyBookings", accounts.Self); err != nil {
		return storage.Page[*Booking]{}, err
	}
	people := []string{a.PersonID}
	wards, err := s.Directory.Wards(ctx, a.PersonID)
	if err != nil {
		return storage.Page[*Booking]{}, err
	}
	for _, g := range wards {
		people = append(people, g.WardID)
	}
	who := storage.In("student", people...)
	if len(a.Organisations(accounts.KindEnterprise)) > 0 {
		who = storage.Eq("interviewer", a.PersonID)
	}
	return s.bookings.Page(ctx, f.query(who))
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
