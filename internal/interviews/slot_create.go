package interviews

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/id"
	"github.com/orynda/orynda/internal/placements"
)

// NewSlots is what an enterprise offers: one time, or a weekly pattern.
type NewSlots struct {
	StartsAt, EndsAt time.Time
	Buffer           time.Duration
	Pattern          *Pattern
	Capacity         int // 0 means 1
	Form             Form
	InterviewerID    string // "" means the actor
	RoomID           string
	Link             string
	Phone            string
	Instructions     string
}

// Pattern repeats times over days. From and To are hours of the day as "15:04" in UTC+5.
type Pattern struct {
	Weekdays          []int // 1 Monday … 7 Sunday
	From, To          string
	Length, Buffer    time.Duration
	FirstDay, LastDay cal.Day
	Except            []cal.Day
}

// Skipped is a time of a pattern that could not be offered: past, interviewer_busy or room_busy.
type Skipped struct {
	StartsAt time.Time
	Reason   string
}

// CreateSlots offers interview times (hr) while the place is published, paused or selecting. A single time that collides is refused with
// Conflict interviewer_busy or room_busy; colliding and past times of a pattern are skipped and named, so a pattern may be sent again to fill gaps. More
// refusals: Conflict placement_closed, wrong_state (a draft); Unprocessable no_slots, too_many_slots; Invalid with every bad field.
func (s *Service) CreateSlots(ctx context.Context, a accounts.Actor, placementID string, in NewSlots) ([]*Slot, []Skipped, error) {
	p, err := s.Placements.Placement(ctx, placementID)
	if err != nil {
		return nil, nil, err
	}
	if err := s.Policy.Permit(a, "createSlots", s.Placements.RelationsTo(a, p)...); err != nil {
		return nil, nil, err
	}
	if in.InterviewerID == "" {
		in.InterviewerID = a.PersonID
	}
	times, err := s.times(ctx, p, &in)
	if err != nil {
		return nil, nil, err
	}
	var made []*Slot
	var skipped []Skipped
	err = s.DB.Tx(ctx, func(ctx context.Context) error {
		made, skipped, err = s.offer(ctx, a, p, in, times)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	return made, skipped, nil
}

// times checks the offer and gives its begins and ends.
func (s *Service) times(ctx context.Context, p *placements.Placement, in *NewSlots) ([]Busy, error) {
	switch string(p.State) {
	case "closed":
		return nil, errs.New(errs.Conflict, "placement_closed")
	case "draft":
		return nil, errs.New(errs.Conflict, "wrong_state").With("state", "draft")
	}
	if in.Capacity == 0 {
		in.Capacity = 1
	}
	bad := in.check(s.Clock.Now())
	more, err := s.checkPeople(ctx, p, in)
	if err != nil {
		return nil, err
	}
	if err := errs.InvalidFields(append(bad, more...)); err != nil {
		return nil, err
	}
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
func (in *NewSlots) check(now time.Time) []errs.Field {
	var bad []errs.Field
	add := func(field, code string) { bad = append(bad, errs.Field{Field: field, Code: code}) }
	if in.Capacity < 1 || in.Capacity > MostCapacity {
		add("capacity", "too_large")
	}
	switch {
	case in.Form == InPerson && in.RoomID == "":
		add("room_id", "required")
	case in.Form == ByVideo && in.Link == "":
		add("link", "required")
	case in.Form == ByVideo && !strings.HasPrefix(in.Link, "https://"):
		add("link", "bad_format")
	case in.Form == ByPhone && in.Phone == "":
		add("phone", "required")
	}
	if in.Pattern != nil {
		if !in.StartsAt.IsZero() || !in.EndsAt.IsZero() {
			add("starts_at", "not_allowed")
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

func (p *Pattern) check() []errs.Field {
	var bad []errs.Field
	add := func(field, code string) { bad = append(bad, errs.Field{Field: "pattern." + field, Code: code}) }
	from, okFrom := clockOf(p.From)
	to, okTo := clockOf(p.To)
	switch {
	case !okFrom:
		add("from", "bad_format")
	case !okTo:
		add("to", "bad_format")
	case to <= from:
		add("to", "too_small")
	}
	if p.Length < LeastLength || p.Length > MostLength {
		add("length_min", "slot_length")
	}
	if p.Buffer < 0 || p.Buffer > MostBuffer {
		add("buffer_min", "too_large")
	}
	switch {
	case !p.FirstDay.Valid():
		add("first_day", "bad_format")
	case !p.LastDay.Valid():
		add("last_day", "bad_format")
	case p.LastDay < p.FirstDay || p.FirstDay.DaysUntil(p.LastDay) > MostDays:
		add("last_day", "pattern_length")
	}
	if len(p.Weekdays) == 0 || slices.ContainsFunc(p.Weekdays, func(d int) bool { return d < 1 || d > 7 }) {
		add("weekdays", "unknown_value")
	}
	return bad
}

// clockOf reads "15:04" as the time since midnight.
func clockOf(s string) (time.Duration, bool) {
	t, err := time.Parse("15:04", s)
	if err != nil {
		return 0, false
	}
	return time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute, true
}

// times lists the pattern's begins and ends; neighbours share the buffer between them.
func (p *Pattern) times() []Busy {
	from, _ := clockOf(p.From)
	to, _ := clockOf(p.To)
	var out []Busy
	for d := p.FirstDay; d <= p.LastDay; d = d.Add(1) {
		weekday := (int(d.Weekday())+6)%7 + 1
		if !slices.Contains(p.Weekdays, weekday) || slices.Contains(p.Except, d) {
			continue
		}
		for at := from; at+p.Length <= to; at += p.Length + p.Buffer {
			begin := d.Start().Add(at)
			out = append(out, Busy{From: begin, To: begin.Add(p.Length), Buffer: p.Buffer})
		}
	}
	return out
}

// checkPeople looks the interviewer and the room up.
func (s *Service) checkPeople(ctx context.Context, p *placements.Placement, in *NewSlots) ([]errs.Field, error) {
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
	case err != nil || room.EnterpriseID != p.EnterpriseID:
		bad = append(bad, errs.Field{Field: "room_id", Code: "unknown_value"})
	}
	return bad, nil
}

// offer makes the slots in one transaction.
func (s *Service) offer(ctx context.Context, a accounts.Actor, p *placements.Placement, in NewSlots, times []Busy) ([]*Slot, []Skipped, error) {
	var ids [][]string
	for _, t := range times {
		ids = append(ids, calendarIDs(busyInterviewer, in.InterviewerID, t), calendarIDs(busyRoom, in.RoomID, t))
	}
	d, err := s.takeDays(ctx, sorted(ids...))
	if err != nil {
		return nil, nil, err
	}
	now := s.Clock.Now()
	var made []*Slot
	var skipped []Skipped
	for _, t := range times {
		if code := d.collision(in, t, now); code != "" {
			if in.Pattern == nil {
				return nil, nil, errs.New(errs.Conflict, code)
			}
			skipped = append(skipped, Skipped{StartsAt: t.From, Reason: code})
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
	if err := d.save(ctx); err != nil {
		return nil, nil, err
	}
	if len(made) == 0 {
		return nil, skipped, nil
	}
	return made, skipped, s.note(ctx, a, EventSlotsOffered, p.ID, p.ID, map[string]string{"placement": p.ID})
}

// collision names why a time can't be offered, "" when it can.
func (d days) collision(in NewSlots, t Busy, now time.Time) string {
	switch {
	case !t.From.After(now):
		return "past"
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
		Capacity: in.Capacity, Form: in.Form, InterviewerID: in.InterviewerID, RoomID: in.RoomID, Link: in.Link, Phone: in.Phone,
		Instructions: in.Instructions,
	}
}
