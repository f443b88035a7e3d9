package interviews_test

import (
	"testing"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/interviews"
	it "github.com/orynda/orynda/internal/interviews/interviewstest"
)

func TestAPlanIsWhatWouldBeMade(t *testing.T) { it.OnEngines(t, plans) }

func plans(t *testing.T, w *it.World) {
	ctx := t.Context()
	place := w.Place(t, nil)
	week := interviews.NewSlots{Form: interviews.InPerson, RoomID: w.Room.ID, Pattern: &interviews.Pattern{
		Weekdays: []int{1, 3}, From: "08:30", To: "11:00", Length: 30 * time.Minute, Buffer: 10 * time.Minute, FirstDay: "2026-11-23", LastDay: "2026-12-02",
	}}
	plan, err := w.Interviews.PlanSlots(ctx, w.HR, place.ID, week)
	it.Ok(t, err)
	page, err := w.Interviews.ListSlots(ctx, w.HR, place.ID, interviews.SlotFilter{})
	it.Ok(t, err)
	if len(page.Items) != 0 {
		t.Fatalf("a plan made %d times", len(page.Items))
	}
	made, skipped, err := w.Interviews.CreateSlots(ctx, w.HR, place.ID, week)
	it.Ok(t, err)
	if len(made) == 0 || len(plan.Times) != len(made) || len(plan.Skipped) != len(skipped) {
		t.Fatalf("planned %d and skipped %d; made %d and skipped %d", len(plan.Times), len(plan.Skipped), len(made), len(skipped))
	}
	for i, slot := range made {
		if !slot.Slot.StartsAt.Equal(plan.Times[i].From) || !slot.Slot.EndsAt.Equal(plan.Times[i].To) {
			t.Errorf("time %d: planned %v, made %v", i, plan.Times[i].From, slot.Slot.StartsAt)
		}
	}
	again, err := w.Interviews.PlanSlots(ctx, w.HR, place.ID, week)
	it.Ok(t, err)
	if len(again.Times) != 0 || len(again.Skipped) != len(made)+len(skipped) {
		t.Errorf("planned again: %d times, %d skipped", len(again.Times), len(again.Skipped))
	}
	single := interviews.NewSlots{Form: interviews.InPerson, RoomID: w.Room.ID, StartsAt: plan.Times[0].From, EndsAt: plan.Times[0].To}
	over, err := w.Interviews.PlanSlots(ctx, w.HR, place.ID, single)
	it.Ok(t, err)
	if len(over.Times) != 0 || len(over.Skipped) != 1 || over.Skipped[0].Reason != "interviewer_busy" {
		t.Errorf("a single time over another: %+v", over)
	}
	_, err = w.Interviews.PlanSlots(ctx, w.HR, place.ID, interviews.NewSlots{Form: interviews.ByVideo})
	it.Refused(t, err, "bad_request")
	_, err = w.Interviews.PlanSlots(ctx, accounts.Actor{PersonID: "psn_stranger"}, place.ID, week)
	it.Refused(t, err, "forbidden")
}
