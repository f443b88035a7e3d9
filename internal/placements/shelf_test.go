package placements_test

import (
	"slices"
	"testing"

	"github.com/orynda/orynda/internal/placements"
)

// The shelf has what is published, by what it is about, as it is now.
func TestShelf(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		first, second, draft := w.published(), w.published(), w.draft(complete())
		see := func(q placements.ShelfQuery) (ids []string, more bool) {
			t.Helper()
			if q.Limit == 0 {
				q.Limit = 10
			}
			list, more, err := w.Shelf(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range list {
				ids = append(ids, p.Place.ID)
				if p.Sheet == nil || p.Enterprise == nil {
					t.Errorf("%s has no sheet or no enterprise", p.Place.ID)
				}
			}
			return ids, more
		}
		want := func(what string, q placements.ShelfQuery, ids ...string) {
			t.Helper()
			if got, more := see(q); !slices.Equal(got, ids) || more {
				t.Errorf("%s: %v, more %v, want %v", what, got, more, ids)
			}
		}
		about := func(groups ...[]string) placements.ShelfQuery { return placements.ShelfQuery{About: groups} }
		kara := []string{placements.About(placements.AboutRegion, karaUnda)}
		want("all, the last drafted first", placements.ShelfQuery{}, second.Place.ID, first.Place.ID)
		want("a region and a trade", about(kara, []string{"specialty:none", placements.About(placements.AboutSpecialty, "07130200")}), second.Place.ID, first.Place.ID)
		want("a qualification and a town", about([]string{"qualification:07130201"}, []string{placements.About(placements.AboutCity, "Қарағанды")}), second.Place.ID, first.Place.ID)
		want("a region and another trade", about(kara, []string{"specialty:07150500"}))
		want("a reference", placements.ShelfQuery{Reference: first.Place.Reference}, first.Place.ID)
		want("a draft's reference", placements.ShelfQuery{Reference: draft.Place.Reference})
		if ids, more := see(placements.ShelfQuery{Limit: 1}); len(ids) != 1 || !more {
			t.Errorf("one of two: %v, more %v", ids, more)
		}
		if _, err := w.Pause(t.Context(), w.hr, second.Place.ID); err != nil {
			t.Fatal(err)
		}
		want("after a pause", about(kara), first.Place.ID)
	})
}
