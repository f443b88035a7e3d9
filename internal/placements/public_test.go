package placements_test

import (
	"encoding/json"
	"testing"

	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/placements"
)

// What everybody sees is what is stored now, whichever copy of the program wrote it, although unchanged places are kept decoded.
func TestPublicViewsAreFresh(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		elsewhere := newWorld(t, w.db)
		first, second := w.published(), w.published()
		ids := []string{second.Place.ID, "plc_none", first.Place.ID}
		see := func() []*placements.View {
			t.Helper()
			views, err := w.PublicViews(t.Context(), ids)
			if err != nil {
				t.Fatal(err)
			}
			return views
		}
		views := see()
		if len(views) != 2 || views[0].Place.ID != second.Place.ID || views[1].Place.ID != first.Place.ID {
			t.Fatalf("%d views, or not in the order of the ids", len(views))
		}
		if again := see(); again[0].Place != views[0].Place || again[0].Sheet != views[0].Sheet {
			t.Error("an unchanged place is decoded twice")
		}
		in := placements.Input{Title: &i18n.Text{RU: "Электромонтер подстанции, вторая смена"}}
		if _, err := elsewhere.Update(t.Context(), w.hr, first.Place.ID, in, 0); err != nil {
			t.Fatal(err)
		}
		if err := elsewhere.seat(second.Place.ID, "ofr_1"); err != nil {
			t.Fatal(err)
		}
		views = see()
		if got := views[1].Place.Title.RU; got != in.Title.RU {
			t.Errorf("another copy changed the title, it is still %q", got)
		}
		if free := views[0].Sheet.Free(); free != 1 {
			t.Errorf("%d seats free of two after another copy gave one away", free)
		}
		if _, err := elsewhere.Pause(t.Context(), w.hr, first.Place.ID); err != nil {
			t.Fatal(err)
		}
		if views = see(); len(views) != 1 || views[0].Place.ID != second.Place.ID {
			t.Errorf("%d views after one place was paused", len(views))
		}
	})
}

// The views are shared: reading a place in every other way, and changing what those ways give, leaves them as they are.
func TestPublicViewsStayAsTheyAre(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		v := w.published()
		shared, err := w.PublicViews(t.Context(), []string{v.Place.ID})
		if err != nil {
			t.Fatal(err)
		}
		before := asJSON(t, shared)
		own, err := w.Get(t.Context(), w.hr, v.Place.ID)
		if err != nil {
			t.Fatal(err)
		}
		own.Place.Title.RU, own.Place.Modules[0].Hours, own.Sheet.Seats = "другое", 1, 9
		if err := w.seat(v.Place.ID, "ofr_1"); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Clone(t.Context(), w.hr, v.Place.ID); err != nil {
			t.Fatal(err)
		}
		if after := asJSON(t, shared); after != before {
			t.Errorf("a view that was given changed:\n%s\n%s", before, after)
		}
	})
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
