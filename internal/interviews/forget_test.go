package interviews_test

import (
	"slices"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/interviews"
	it "github.com/orynda/orynda/internal/interviews/interviewstest"
	"github.com/orynda/orynda/internal/storage"
)

func TestForgetDays(t *testing.T) { it.OnEngines(t, forgetDays) }

func forgetDays(t *testing.T, w *it.World) {
	ctx := t.Context()
	specs := interviews.Specs()
	at := slices.IndexFunc(specs, func(s storage.Spec) bool { return s.Name == "calendars" })
	days := storage.Open[interviews.Calendar](w.DB, specs[at])
	left := func() []string {
		all, err := days.Find(ctx, storage.Query{})
		it.Ok(t, err)
		var ids []string
		for _, d := range all {
			ids = append(ids, d.ID)
		}
		return ids
	}
	place := w.Place(t, nil)
	student := w.Student(t)
	app := w.Shortlisted(t, student, place.ID)
	slot := w.Slot(t, place.ID, 2*day, 1)
	_, err := w.Interviews.Book(ctx, student, slot.ID, app.ID)
	it.Ok(t, err)
	taken := len(left())
	if taken == 0 {
		t.Fatal("a booking takes no day")
	}
	for i := range 450 { // more than one batch
		it.Ok(t, days.Insert(ctx, &interviews.Calendar{ID: "room:rom_" + time.Duration(i).String() + ":2020-01-01"}))
	}
	run := func() {
		for _, j := range interviews.Jobs(w.Interviews) {
			if j.Name == "interviews.forget_days" {
				it.Ok(t, j.Run(ctx, w.Clock.Now()))
			}
		}
	}
	run()
	if got := left(); len(got) != taken {
		t.Fatalf("%d days are left, want the %d of the booking", len(got), taken)
	}
	w.Clock.Advance(2*day + 60*day)
	run()
	if got := left(); len(got) != taken {
		t.Errorf("60 days after it %d days are left, want %d", len(got), taken)
	}
	w.Clock.Advance(day)
	run()
	run()
	if got := left(); len(got) != 0 {
		t.Errorf("61 days after it there are still %v", got)
	}
	if _, err := w.Interviews.Slot(ctx, slot.ID); err != nil {
		t.Errorf("the slot went with its day: %v", err)
	}
}
