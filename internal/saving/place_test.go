package saving_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/saving"
	"github.com/orynda/orynda/internal/storage"
)

func (w *world) save(personID string, ids ...string) {
	w.t.Helper()
	for _, id := range ids {
		if err := w.SavePlace(w.t.Context(), by(personID), id); err != nil {
			w.t.Fatal(err)
		}
	}
}

func TestPlacesAreSavedOnceAndSeenByTheirOwner(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		for _, id := range []string{"plc_1", "plc_2", "plc_3"} {
			w.publish(id)
			w.save("psn_a", id, id)
			_ = w.advance(time.Minute)
		}
		w.save("psn_b", "plc_2")
		w.place("plc_1").State = placements.Closed
		page, err := w.Places(ctx, by("psn_a"), storage.Cursor{}, 2)
		if err != nil || len(page.Items) != 2 || page.Items[0].Saved.PlacementID != "plc_3" || page.Items[0].View == nil || page.Next.IsZero() {
			t.Fatalf("%+v, %v", page, err)
		}
		page, err = w.Places(ctx, by("psn_a"), page.Next, 2)
		if err != nil || len(page.Items) != 1 || page.Items[0].View != nil || page.Items[0].Place.Reference != "OR-plc_1" || !page.Next.IsZero() {
			t.Fatalf("a closed place: %+v, %v", page, err)
		}
		saved, err := w.Saved(ctx, by("psn_b"), "plc_1", "plc_2", "plc_9")
		if err != nil || len(saved) != 1 || !saved["plc_2"] {
			t.Errorf("%v, %v", saved, err)
		}
		for range 2 {
			if err := w.ForgetPlace(ctx, by("psn_b"), "plc_2"); err != nil {
				t.Fatal(err)
			}
		}
		if saved, _ = w.Saved(ctx, by("psn_b"), "plc_2"); len(saved) != 0 {
			t.Error("a forgotten place is still saved")
		}
		if saved, _ = w.Saved(ctx, by("psn_a"), "plc_2"); !saved["plc_2"] {
			t.Error("somebody else's went too")
		}
		for _, nobody := range []accounts.Actor{{}, {PersonID: "psn_a"}} {
			if saved, err := w.Saved(ctx, nobody, "plc_2"); err != nil || len(saved) != 0 {
				t.Errorf("%+v: %v, %v", nobody, saved, err)
			}
		}
	})
}

func TestWhatCantBeSaved(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		w.publish("plc_1")
		w.publish("plc_closed")
		w.publish("plc_draft")
		w.place("plc_closed").State = placements.Closed
		w.place("plc_draft").State, w.place("plc_draft").PublishedAt = placements.Draft, time.Time{}
		w.gone["psn_gone"] = true
		for name, c := range map[string]struct {
			by   accounts.Actor
			id   string
			code string
		}{
			"nobody": {accounts.Actor{}, "plc_1", "unauthorized"}, "unproved": {accounts.Actor{PersonID: "psn_a"}, "plc_1", "email_unverified"},
			"unknown": {by("psn_a"), "plc_9", "placement_not_found"}, "closed": {by("psn_a"), "plc_closed", "placement_closed"},
			"draft": {by("psn_a"), "plc_draft", "placement_not_found"}, "deleted account": {by("psn_gone"), "plc_1", "unauthorized"},
		} {
			if err := w.SavePlace(t.Context(), c.by, c.id); !errs.Has(err, c.code) {
				t.Errorf("%s: %v, want %s", name, err, c.code)
			}
		}
		w.save("psn_a", "plc_1")
		w.place("plc_1").State = placements.Closed
		w.save("psn_a", "plc_1") // it is saved already
	})
}

// The limit is kept by the database.
func TestTooManyPlacesAtOnce(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		const callers, room = 40, 3
		for i := range saving.MostPlaces - room {
			id := fmt.Sprintf("plc_%d", i)
			w.publish(id)
			w.save("psn_a", id)
		}
		for i := range callers {
			w.publish(fmt.Sprintf("new_%d", i))
		}
		codes := atOnce(callers, func(i int) error { return w.SavePlace(t.Context(), by("psn_a"), fmt.Sprintf("new_%d", i)) })
		if codes[""] != room || codes["saved_placements_limit"] != callers-room {
			t.Errorf("%v, want %d saved", codes, room)
		}
		codes = atOnce(callers, func(int) error { return w.SavePlace(t.Context(), by("psn_b"), "new_0") })
		page, err := w.Places(t.Context(), by("psn_b"), storage.Cursor{}, 100)
		if codes[""] != callers || err != nil || len(page.Items) != 1 {
			t.Errorf("one place by forty hands: %v, saved %d times, %v", codes, len(page.Items), err)
		}
	})
}

// atOnce calls from many sides and counts the codes that came back, "" for success.
func atOnce(callers int, call func(i int) error) map[string]int {
	var all sync.WaitGroup
	var mu sync.Mutex
	codes, start := map[string]int{}, make(chan struct{})
	for i := range callers {
		all.Go(func() {
			<-start
			code := errs.CodeOf(call(i))
			mu.Lock()
			defer mu.Unlock()
			codes[code]++
		})
	}
	close(start)
	all.Wait()
	return codes
}
