package interviews_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/interviews"
)

func monday() time.Time { return time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC) }

func slotAt(in time.Duration, capacity int) *interviews.Slot {
	return &interviews.Slot{ID: "slt_1", PlacementID: "plc_1", StartsAt: monday().Add(in), EndsAt: monday().Add(in + time.Hour), Capacity: capacity}
}

func TestSlot(t *testing.T) {
	now := monday()
	cancelled := slotAt(24*time.Hour, 1)
	cancelled.Cancelled = true
	full := slotAt(24*time.Hour, 1)
	full.Take(interviews.Seat{Ref: "bkg_1", ApplicationID: "app_1"}, now)
	held := slotAt(24*time.Hour, 1)
	held.Take(interviews.Seat{Ref: "hld_1", ApplicationID: "app_1", Until: now.Add(interviews.HoldLife)}, now)
	ranOut := slotAt(24*time.Hour, 1)
	ranOut.Take(interviews.Seat{Ref: "hld_1", ApplicationID: "app_1", Until: now}, now.Add(-time.Minute))
	for name, c := range map[string]struct {
		slot  *interviews.Slot
		state interviews.SlotState
		mine  string // code for app_1
		other string // code for app_2
	}{
		"open":              {slotAt(24*time.Hour, 1), interviews.SlotOpen, "", ""},
		"notice":            {slotAt(interviews.MinimumNotice, 1), interviews.SlotOpen, "", ""},
		"within the notice": {slotAt(interviews.MinimumNotice-time.Millisecond, 1), interviews.SlotOpen, "slot_too_soon", "slot_too_soon"},
		"begun":             {slotAt(0, 1), interviews.SlotPast, "slot_too_soon", "slot_too_soon"},
		"cancelled":         {cancelled, interviews.SlotCancelled, "slot_cancelled", "slot_cancelled"},
		"full":              {full, interviews.SlotFull, "slot_full", "slot_full"},
		"held":              {held, interviews.SlotFull, "", "slot_full"},
		"hold ran out":      {ranOut, interviews.SlotOpen, "", ""},
	} {
		if s := c.slot.StateAt(now); s != c.state {
			t.Errorf("%s: is %s, want %s", name, s, c.state)
		}
		for app, want := range map[string]string{"app_1": c.mine, "app_2": c.other} {
			if err := c.slot.Bookable(app, now); errs.CodeOf(err) != want {
				t.Errorf("%s: for %s %v, want %q", name, app, err, want)
			}
		}
		begun := c.state == interviews.SlotPast || c.state == interviews.SlotCancelled
		if err := c.slot.Cancel("x", now); errs.Has(err, "wrong_state") != begun {
			t.Errorf("%s: cancelling says %v", name, err)
		}
	}
}

func TestHoldOfSlot(t *testing.T) {
	now := monday()
	s := slotAt(24*time.Hour, 2)
	s.Take(interviews.Seat{Ref: "hld_1", ApplicationID: "app_1", Until: now.Add(interviews.HoldLife)}, now)
	if hold, ok := s.HoldOf("app_1", now); !ok || hold.Ref != "hld_1" {
		t.Errorf("hold %+v", hold)
	}
	if _, ok := s.HoldOf("app_2", now); ok {
		t.Error("somebody else sees the hold as his")
	}
	if _, ok := s.HoldOf("app_1", now.Add(interviews.HoldLife)); ok {
		t.Error("a hold outlives its end")
	}
	s.Take(interviews.Seat{Ref: "bkg_1", ApplicationID: "app_1"}, now)
	if s.Free("", now) != 1 || len(s.Seats) != 1 {
		t.Errorf("booking doesn't use up the hold: %+v", s.Seats)
	}
	s.Release("bkg_1")
	if s.Free("", now) != 2 {
		t.Errorf("seats %+v", s.Seats)
	}
}

func TestBookingSteps(t *testing.T) {
	starts := monday().Add(24 * time.Hour)
	made := func(s interviews.BookingState) *interviews.Booking {
		return &interviews.Booking{ID: "bkg_1", SlotID: "slt_1", State: s, StartsAt: starts, EndsAt: starts.Add(time.Hour)}
	}
	target := &interviews.Slot{ID: "slt_2", StartsAt: starts.Add(48 * time.Hour), EndsAt: starts.Add(49 * time.Hour), InterviewerID: "psn_2"}
	all := []interviews.BookingState{interviews.Booked, interviews.Attended, interviews.StudentAbsent, interviews.EnterpriseAbsent, interviews.Cancelled}
	for _, from := range all {
		for name, c := range map[string]struct {
			step func(b *interviews.Booking) error
			to   interviews.BookingState
			code string // from booked
		}{
			"move":              {func(b *interviews.Booking) error { return b.Move(target, "x", monday()) }, interviews.Booked, ""},
			"move at the limit": {func(b *interviews.Booking) error { return b.Move(target, "x", starts.Add(-interviews.MoveUntil)) }, interviews.Booked, ""},
			"move late": {func(b *interviews.Booking) error {
				return b.Move(target, "x", starts.Add(time.Millisecond-interviews.MoveUntil))
			}, interviews.Booked, "too_late"},
			"cancel":              {func(b *interviews.Booking) error { return b.Cancel(interviews.PartyStudent, "x", monday()) }, interviews.Cancelled, ""},
			"cancel at the begin": {func(b *interviews.Booking) error { return b.Cancel(interviews.PartyStudent, "x", starts) }, interviews.Cancelled, "too_late"},
			"system cancels":      {func(b *interviews.Booking) error { return b.Cancel(interviews.PartySystem, "x", starts) }, interviews.Cancelled, ""},
		} {
			b := made(from)
			err := c.step(b)
			want := c.code
			if from != interviews.Booked {
				want = "wrong_state"
			}
			if errs.CodeOf(err) != want || (err == nil && (b.State != c.to || b.Sequence != 1)) || (err != nil && (b.State != from || b.Sequence != 0)) {
				t.Errorf("%s of %s: %v, want %q; now %s, sequence %d", name, from, err, want, b.State, b.Sequence)
			}
		}
		for _, outcome := range []interviews.BookingState{interviews.Attended, interviews.StudentAbsent, interviews.EnterpriseAbsent} {
			b := made(from)
			changed, err := b.Attend(outcome, interviews.PartyEnterprise, starts)
			want := map[bool]string{true: "", false: "attendance_recorded"}[from == interviews.Booked || from == outcome]
			if from == interviews.Cancelled {
				want = "wrong_state"
			}
			if errs.CodeOf(err) != want || changed != (from == interviews.Booked) {
				t.Errorf("%s recorded on %s: %v, changed %v, want %q", outcome, from, err, changed, want)
			}
		}
	}
	if _, err := made(interviews.Booked).Attend(interviews.Attended, interviews.PartyEnterprise, starts.Add(-time.Millisecond)); !errs.Has(err, "too_early") {
		t.Errorf("recorded before the begin: %v", err)
	}
	late := made(interviews.Booked)
	if err := late.Cancel(interviews.PartyStudent, "x", starts.Add(time.Millisecond-interviews.LateFrom)); err != nil || !late.Late {
		t.Errorf("a late cancelling is marked: %v, %v", late.Late, err)
	}
	same := made(interviews.Booked)
	if err := same.Move(&interviews.Slot{ID: same.SlotID}, "x", monday()); !errs.Has(err, "wrong_state") {
		t.Errorf("moved to where it is: %v", err)
	}
}

func TestRemindersDue(t *testing.T) {
	starts := monday().Add(3 * 24 * time.Hour)
	b := &interviews.Booking{State: interviews.Booked, CreatedAt: monday(), StartsAt: starts}
	for before, want := range map[time.Duration]int{30 * time.Hour: 0, 24 * time.Hour: 1, 3 * time.Hour: 1, 2 * time.Hour: 2, time.Minute: 2, 0: 0} {
		if n := b.RemindersDue(starts.Add(-before)); n != want {
			t.Errorf("%v before: %d, want %d", before, n, want)
		}
	}
	b.CreatedAt = starts.Add(-3 * time.Hour) // booked too late for the day before
	if n := b.RemindersDue(starts.Add(-2 * time.Hour)); n != 1 {
		t.Errorf("booked in the last hours: %d, want 1", n)
	}
	b.State = interviews.Cancelled
	if n := b.RemindersDue(starts.Add(-time.Hour)); n != 0 {
		t.Error("reminded of what was cancelled")
	}
}

func TestCalendarGaps(t *testing.T) {
	now := monday()
	at := func(from, to, buffer int) interviews.Busy {
		return interviews.Busy{Ref: "slt_x", From: now.Add(time.Duration(from) * time.Minute), To: now.Add(time.Duration(to) * time.Minute), Buffer: time.Duration(buffer) * time.Minute}
	}
	c := &interviews.Calendar{ID: "room:rom_1:2026-11-23"}
	first := at(60, 120, 10)
	first.Ref = "slt_1"
	c.Take(first, now)
	for name, f := range map[string]struct {
		busy interviews.Busy
		free bool
	}{
		"before":         {at(0, 50, 0), true},
		"in the buffer":  {at(0, 51, 0), false},
		"shared buffer":  {at(130, 190, 10), true},
		"own buffer":     {at(135, 190, 20), false},
		"within":         {at(80, 90, 0), false},
		"around":         {at(0, 300, 0), false},
		"after a buffer": {at(140, 190, 20), true},
	} {
		if got := c.Free(f.busy, now); got != f.free {
			t.Errorf("%s: free %v, want %v", name, got, f.free)
		}
	}
	again := at(60, 120, 10)
	again.Ref = "slt_1"
	if !c.Free(again, now) {
		t.Error("an entry is in its own way")
	}
	hold := at(200, 260, 0)
	hold.Ref, hold.Until = "hld_1", now.Add(interviews.HoldLife)
	c.Take(hold, now)
	if c.Free(at(200, 260, 0), now) || !c.Free(at(200, 260, 0), now.Add(interviews.HoldLife)) {
		t.Error("a hold counts exactly until its end")
	}
	c.Release("slt_1")
	if !c.Free(at(80, 90, 0), now) {
		t.Error("what was released is still taken")
	}
}

// TestCalendarModel takes and releases times at random: a time is given exactly when no other one is nearer than the larger of both buffers.
func TestCalendarModel(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		now := monday()
		c := &interviews.Calendar{}
		model := map[string]interviews.Busy{}
		for range rapid.IntRange(1, 40).Draw(rt, "steps") {
			ref := rapid.StringMatching("[a-e]").Draw(rt, "ref")
			if rapid.IntRange(0, 3).Draw(rt, "step") == 0 {
				c.Release(ref)
				delete(model, ref)
				continue
			}
			from := now.Add(time.Duration(rapid.IntRange(0, 200).Draw(rt, "from")) * time.Minute)
			b := interviews.Busy{
				Ref: ref, From: from, To: from.Add(time.Duration(rapid.IntRange(10, 60).Draw(rt, "length")) * time.Minute),
				Buffer: time.Duration(rapid.IntRange(0, 20).Draw(rt, "buffer")) * time.Minute,
			}
			want := true
			for other, o := range model {
				gap := max(o.Buffer, b.Buffer)
				if other != ref && b.From.Sub(o.To) < gap && o.From.Sub(b.To) < gap {
					want = false
				}
			}
			if got := c.Free(b, now); got != want {
				rt.Fatalf("%+v among %+v: free %v", b, model, got)
			}
			if want {
				c.Take(b, now)
				model[ref] = b
			}
			if len(c.Taken) != len(model) {
				rt.Fatalf("%d entries for %d", len(c.Taken), len(model))
			}
		}
	})
}

// TestSlotModel takes seats at random: bookings and running holds never exceed the capacity.
func TestSlotModel(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		now := monday()
		s := slotAt(48*time.Hour, rapid.IntRange(1, 4).Draw(rt, "capacity"))
		for i := range rapid.IntRange(1, 40).Draw(rt, "steps") {
			app := "app_" + rapid.StringMatching("[a-f]").Draw(rt, "app")
			ref := string(rune('A' + i))
			switch rapid.IntRange(0, 3).Draw(rt, "step") {
			case 0:
				now = now.Add(time.Duration(rapid.IntRange(1, 10).Draw(rt, "minutes")) * time.Minute)
			case 1:
				if len(s.Seats) > 0 {
					s.Release(s.Seats[rapid.IntRange(0, len(s.Seats)-1).Draw(rt, "seat")].Ref)
				}
			default:
				if s.Bookable(app, now) != nil {
					continue
				}
				seat := interviews.Seat{Ref: ref, ApplicationID: app}
				if rapid.Bool().Draw(rt, "hold") {
					seat.Until = now.Add(interviews.HoldLife)
				}
				s.Take(seat, now)
			}
			taken := 0
			for _, seat := range s.Seats {
				if seat.Until.IsZero() || now.Before(seat.Until) {
					taken++
				}
			}
			if taken > s.Capacity || s.Free("", now) != s.Capacity-taken {
				rt.Fatalf("%d of %d seats are taken, %d free", taken, s.Capacity, s.Free("", now))
			}
		}
	})
}
