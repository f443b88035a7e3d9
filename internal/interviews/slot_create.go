package interviews

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/id"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/storage"
)

// NewSlots is what an enterprise offers: one time, or a weekly pattern.
type NewSlots struct {
	StartsAt, EndsAt time.Time
	Buffer           time.Duration
	Notice           time.Duration // how long before a begin nobody may book any more; 0 means MinimumNotice
	Horizon          int           // how many days before its day a time may be booked; 0 means at once
	Pattern          *Pattern
	Capacity         int // 0 means 1
	Form             Form
	InterviewerID    string // "" means the actor
	RoomID           string
	Link             string
	Phone            string
	Instructions     string
}

// Skipped is a time of a pattern that could not be offered, and why: in_the_past, interviewer_busy or room_busy.
type Skipped struct {
	StartsAt, EndsAt time.Time
	Reason           string
}

// CreateSlots offers interview times (hr) while the place is published, paused or selecting. A single time that collides is refused with
// Conflict interviewer_busy or room_busy; colliding and past times of a pattern are skipped and named, so a pattern may be sent again to fill gaps. More
// refusals: Conflict placement_closed, wrong_state (a draft); Unprocessable no_slots, too_many_slots, bad_request with every bad field.
func (s *Service) CreateSlots(ctx context.Context, a accounts.Actor, placementID string, in NewSlots) ([]SlotView, []Skipped, error) {
	p, err := s.Placements.Placement(ctx, placementID)
	if err != nil {
		return nil, nil, err
	}
	v := viewer{staff: true, rel: s.Placements.RelationsTo(a, p)}
	if err := s.Policy.Permit(a, "createSlots", v.rel...); err != nil {
		return nil, nil, err
	}
	in = in.by(a)
	if err := s.glanceBusy(ctx, in); err != nil {
		return nil, nil, err
	}
	var made []*Slot
	var skipped []Skipped
	err = s.DB.Tx(ctx, func(ctx context.Context) error {
		made, skipped, err = s.offer(ctx, a, p, in)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	views, err := s.views(ctx, v, made)
	return views, skipped, err
}

// by fills in what was left out by the one who offers.
func (in NewSlots) by(a accounts.Actor) NewSlots {
	if in.InterviewerID == "" {
		in.InterviewerID = a.PersonID
	}
	if in.Capacity == 0 {
		in.Capacity = 1
	}
	if in.Notice == 0 {
		in.Notice = MinimumNotice
	}
	in.Link, in.Phone, in.Instructions = strings.TrimSpace(in.Link), strings.TrimSpace(in.Phone), strings.TrimSpace(in.Instructions)
	return in
}

// glanceBusy refuses a single time that collides already, before anything is taken. What it lets pass is checked again with everything taken.
func (s *Service) glanceBusy(ctx context.Context, in NewSlots) error {
	now := s.Clock.Now()
	if in.Pattern != nil || len(in.check(now)) > 0 {
		return nil // a bad offer hears what is wrong with it
	}
	t := Busy{From: in.StartsAt, To: in.EndsAt, Buffer: in.Buffer}
	for _, c := range []struct {
		kind        busyKind
		owner, code string
	}{{busyInterviewer, in.InterviewerID, "interviewer_busy"}, {busyRoom, in.RoomID, "room_busy"}} {
		for _, id := range calendarIDs(c.kind, c.owner, t) {
			day, err := s.calendars.Get(ctx, id)
			if storage.IsNotFound(err) {
				continue
			}
			if err != nil {
				return err
			}
			if !day.Free(t, now) {
				return errs.New(errs.Conflict, c.code)
			}
		}
	}
	return nil
}

// offer makes the slots, in the caller's transaction.
func (s *Service) offer(ctx context.Context, a accounts.Actor, p *placements.Placement, in NewSlots) ([]*Slot, []Skipped, error) {
	sheet, err := s.Placements.LockSheet(ctx, p.ID)
	if err != nil {
		return nil, nil, err
	}
	switch sheet.State {
	case placements.Closed:
		return nil, nil, errs.New(errs.Conflict, "placement_closed")
	case placements.Draft:
		return nil, nil, errs.New(errs.Conflict, "wrong_state").With("state", string(placements.Draft))
	}
	now := s.Clock.Now()
	bad := in.check(now)
	var times []Busy
	if len(bad) == 0 {
		if times, err = in.times(); err != nil {
			return nil, nil, err
		}
	}
	d, err := s.takeDays(ctx, in.calendars(times))
	if err != nil {
		return nil, nil, err
	}
	more, err := s.checkPeople(ctx, p, in) // the room's gate is taken: it can't be ended now
	if err != nil {
		return nil, nil, err
	}
	if bad = append(bad, more...); len(bad) > 0 {
		return nil, nil, errs.New(errs.Unprocessable, "bad_request").WithFields(bad...)
	}
	made, skipped, err := s.fill(ctx, d, p, in, times, now)
	if err != nil || len(made) == 0 {
		return nil, skipped, err
	}
	if err := d.save(ctx); err != nil {
		return nil, nil, err
	}
	return made, skipped, s.note(ctx, a, EventSlotsOffered, p.ID, p.ID, nil)
}

// calendars names everything that the times take.
func (in NewSlots) calendars(times []Busy) []string {
	var ids [][]string
	if in.RoomID != "" {
		ids = append(ids, []string{roomGate(in.RoomID)})
	}
	for _, t := range times {
		ids = append(ids, calendarIDs(busyInterviewer, in.InterviewerID, t), calendarIDs(busyRoom, in.RoomID, t))
	}
	return sorted(ids...)
}

// fill stores a slot for each time that is free.
func (s *Service) fill(ctx context.Context, d days, p *placements.Placement, in NewSlots, times []Busy, now time.Time) (made []*Slot, skipped []Skipped, err error) {
	for _, t := range times {
		if code := d.collision(in, t, now); code != "" {
			if in.Pattern == nil {
				return nil, nil, errs.New(errs.Conflict, code)
			}
			skipped = append(skipped, Skipped{StartsAt: t.From, EndsAt: t.To, Reason: code})
			continue
		}
		slot := newSlot(p, in, t, now)
		d.take(busyInterviewer, slot.InterviewerID, slot.busy(), now)
		d.take(busyRoom, slot.RoomID, slot.busy(), now)
		if err := s.slots.Insert(ctx, slot); err != nil {
			return nil, nil, err
		}
		made = append(made, slot)
	}
	return made, skipped, nil
}

// times gives the begins and ends: Unprocessable no_slots or too_many_slots. The caller checked in.
func (in NewSlots) times() ([]Busy, error) {
	if in.Pattern == nil {
		return []Busy{{From: cal.Trim(in.StartsAt), To: cal.Trim(in.EndsAt), Buffer: in.Buffer}}, nil
	}
	times := in.Pattern.times()
	switch {
	case len(times) == 0:
		return nil, errs.New(errs.Unprocessable, "no_slots")
	case len(times) > MostSlots:
		return nil, errs.New(errs.Unprocessable, "too_many_slots").With("Count", MostSlots)
	}
	return times, nil
}

// check looks at everything that needs no store.
func (in NewSlots) check(now time.Time) []errs.Field {
	var bad []errs.Field
	add := func(field, code string) { bad = append(bad, errs.Field{Field: field, Code: code}) }
	if in.Capacity < 1 || in.Capacity > MostCapacity {
		add("capacity", "too_large")
	}
	switch days := time.Duration(in.Horizon) * 24 * time.Hour; {
	case in.Notice < MinimumNotice:
		add("notice_hours", "too_small")
	case in.Notice > MostNotice:
		add("notice_hours", "too_large")
	case in.Horizon < 0 || (in.Horizon > 0 && days <= in.Notice):
		add("horizon_days", "too_small")
	case in.Horizon > MostDays:
		add("horizon_days", "too_large")
	}
	bad = append(bad, in.checkForm()...)
	if in.Pattern != nil {
		if !in.StartsAt.IsZero() || !in.EndsAt.IsZero() {
			add("pattern", "not_allowed")
		}
		return append(bad, in.Pattern.check()...)
	}
	length := in.EndsAt.Sub(in.StartsAt)
	switch {
	case in.StartsAt.IsZero():
		add("starts_at", "required")
	case in.EndsAt.IsZero():
		add("ends_at", "required")
	case !in.StartsAt.After(now):
		add("starts_at", "in_the_past")
	case length < LeastLength || length > MostLength:
		add("ends_at", "slot_length")
	}
	if in.Buffer < 0 || in.Buffer > MostBuffer {
		add("buffer_min", "too_large")
	}
	return bad
}

// checkForm looks at how the interview takes place.
func (in NewSlots) checkForm() []errs.Field {
	bad := slices.Concat(errs.Longer("link", in.Link, MostLink), errs.Longer("instructions", in.Instructions, MostInstructions))
	add := func(field, code string) { bad = append(bad, errs.Field{Field: field, Code: code}) }
	switch {
	case !slices.Contains([]Form{InPerson, ByPhone, ByVideo}, in.Form):
		add("form", "required")
	case in.Form == InPerson && in.RoomID == "":
		add("room_id", "required")
	case in.Form == ByVideo && in.Link == "":
		add("link", "required")
	case in.Form == ByPhone && in.Phone == "":
		add("phone", "required")
	}
	if in.Link != "" && !strings.HasPrefix(in.Link, "https://") {
		add("link", "bad_format")
	}
	if in.Phone != "" && !diallable(in.Phone) {
		add("phone", "bad_format")
	}
	return bad
}

// diallable reports whether a text is a number to call: 5 to 20 digits, blanks, brackets and lines, with a plus at most in front. Short numbers of an
// exchange count, so it need not be a whole number of the country.
func diallable(phone string) bool {
	return regexp.MustCompile(`^\+?[0-9 ()-]{5,19}$`).MatchString(phone)
}

// checkPeople looks the interviewer and the room up.
func (s *Service) checkPeople(ctx context.Context, p *placements.Placement, in NewSlots) ([]errs.Field, error) {
	var bad []errs.Field
	member, err := s.Accounts.HasRole(ctx, in.InterviewerID, p.EnterpriseID, accounts.RoleAdmin, accounts.RoleHR, accounts.RoleInterviewer)
	if err != nil {
		return nil, err
	}
	if !member {
		bad = append(bad, errs.Field{Field: "interviewer_id", Code: "unknown_value"})
	}
	if in.RoomID == "" {
		return bad, nil
	}
	room, err := s.Directory.Room(ctx, in.RoomID)
	switch {
	case err != nil && errs.KindOf(err) != errs.NotFound:
		return nil, err
	case err != nil || room.EnterpriseID != p.EnterpriseID || !room.EndedAt.IsZero():
		bad = append(bad, errs.Field{Field: "room_id", Code: "unknown_value"})
	}
	return bad, nil
}

// collision names why a time can't be offered, "" when it can.
func (d days) collision(in NewSlots, t Busy, now time.Time) string {
	switch {
	case !t.From.After(now):
		return "in_the_past"
	case !d.free(busyInterviewer, in.InterviewerID, t, now):
		return "interviewer_busy"
	case !d.free(busyRoom, in.RoomID, t, now):
		return "room_busy"
	}
	return ""
}

func newSlot(p *placements.Placement, in NewSlots, t Busy, now time.Time) *Slot {
	return &Slot{
		ID: id.New("slt"), CreatedAt: now, PlacementID: p.ID, EnterpriseID: p.EnterpriseID, StartsAt: t.From, EndsAt: t.To, Buffer: t.Buffer,
		Notice: in.Notice, Horizon: in.Horizon, Capacity: in.Capacity, Form: in.Form, InterviewerID: in.InterviewerID, RoomID: in.RoomID, Link: in.Link, Phone: in.Phone,
		Instructions: in.Instructions,
	}
}
