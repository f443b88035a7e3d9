package placements_test

import (
	"testing"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/placements"
)

func TestDeadlinesRunByTheClock(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		v := w.published() // apply_by 2027-01-22, starts 2027-02-15
		id := v.Place.ID
		state := func() placements.State {
			p, err := w.Placement(ctx, id)
			if err != nil {
				t.Fatal(err)
			}
			return p.State
		}
		for _, s := range []struct {
			day       cal.Day
			state     placements.State
			reminders int
		}{
			{"2027-01-14", placements.Published, 0},
			{"2027-01-15", placements.Published, 1},
			{"2027-01-16", placements.Published, 1},
			{"2027-01-21", placements.Published, 2},
			{"2027-01-22", placements.Published, 2}, // the deadline includes its day
			{"2027-01-23", placements.Selecting, 2},
			{"2027-02-14", placements.Selecting, 2},
			{"2027-02-15", placements.Closed, 2},
		} {
			w.clock.set(s.day)
			w.jobs()
			w.jobs()
			if got := state(); got != s.state {
				t.Fatalf("%s: %s, want %s", s.day, got, s.state)
			}
			if n := w.count(placements.EventDeadlineNear, id); n != s.reminders {
				t.Fatalf("%s: %d reminders, want %d", s.day, n, s.reminders)
			}
		}
		p, _ := w.Placement(ctx, id)
		if p.ClosedReason != placements.Expired || w.count(placements.EventSelecting, id) != 1 || w.count(placements.EventClosed, id) != 1 {
			t.Errorf("closed as %s", p.ClosedReason)
		}
	})
}

func TestLaterDeadlineIsRemindedAnewAndFixedWhileSelecting(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		id := w.published().Place.ID
		w.clock.set("2027-01-21")
		w.jobs()
		if n := w.count(placements.EventDeadlineNear, id); n != 1 {
			t.Fatalf("of two reminders due at once one goes out, not %d", n)
		}
		if _, err := w.Update(t.Context(), w.hr, id, placements.Input{ApplyBy: ptr(cal.Day("2027-01-29"))}, 0); err != nil {
			t.Fatal(err)
		}
		w.clock.set("2027-01-22")
		w.jobs()
		if n := w.count(placements.EventDeadlineNear, id); n != 2 {
			t.Fatalf("%d reminders after a later deadline", n)
		}
		w.clock.set("2027-01-30")
		w.jobs()
		_, err := w.Update(t.Context(), w.hr, id, placements.Input{ApplyBy: ptr(cal.Day("2027-01-31"))}, 0)
		wantCode(t, err, "fixed_after_publication")
	})
}

func TestFilledWhenEverySeatIsConcluded(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		id := w.published().Place.ID
		tx := func(fn func(ctx ctxT) error) {
			t.Helper()
			if err := w.db.Tx(ctx, fn); err != nil {
				t.Fatal(err)
			}
		}
		tx(func(ctx ctxT) error { return w.SeatConcluded(ctx, id) })
		tx(func(ctx ctxT) error { return w.SeatReopened(ctx, id) })
		tx(func(ctx ctxT) error { return w.SeatConcluded(ctx, id) })
		if p, _ := w.Placement(ctx, id); p.State != placements.Published {
			t.Fatalf("one of two seats: %s", p.State)
		}
		tx(func(ctx ctxT) error { return w.SeatConcluded(ctx, id) })
		p, _ := w.Placement(ctx, id)
		if p.State != placements.Closed || p.ClosedReason != placements.Filled || w.count(placements.EventClosed, id) != 1 {
			t.Fatalf("both seats: %s %s", p.State, p.ClosedReason)
		}
	})
}

func TestTenUnansweredInARowPauseThePlaces(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		first, second := w.published().Place.ID, w.published().Place.ID
		draft := w.draft(complete()).Place.ID
		record := func(answered bool) {
			t.Helper()
			if err := w.db.Tx(ctx, func(ctx ctxT) error { return w.RecordAnswer(ctx, ent, answered, 48*hour) }); err != nil {
				t.Fatal(err)
			}
		}
		for range 9 {
			record(false)
		}
		record(true)
		for range 9 {
			record(false)
		}
		w.drain()
		if p, _ := w.Placement(ctx, first); p.State != placements.Published {
			t.Fatal("nine in a row must not pause")
		}
		record(false)
		w.drain()
		for _, id := range []string{first, second} {
			if p, _ := w.Placement(ctx, id); p.State != placements.Paused || p.PausedFor != "unanswered" {
				t.Fatalf("%s is %s", id, p.State)
			}
		}
		rate, err := w.ResponseRate(ctx, ent)
		if err != nil || rate.Cases != 20 || rate.Answered != 1 || rate.Days() != 2 || !rate.Shown() {
			t.Fatalf("rate: %+v %v", rate, err)
		}
		waiting := 3
		w.AwaitingAnswer = func(ctxT, string) (int, error) { return waiting, nil }
		_, err = w.Resume(ctx, w.hr, first)
		wantCode(t, err, "answers_overdue")
		_, err = w.Publish(ctx, w.hr, draft)
		wantCode(t, err, "answers_overdue")
		waiting = 0
		if _, err = w.Resume(ctx, w.hr, first); err != nil {
			t.Fatal(err)
		}
		if _, err = w.Publish(ctx, w.hr, draft); err != nil {
			t.Fatal(err)
		}
	})
}
