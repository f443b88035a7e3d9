package directory_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/storage"
)

// The numbers of a roster add up to its list, by group, trade and state, and one row is read by its college only.
func TestRosterNumbers(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		c, other := w.college(directory.TVET, 1), w.college(directory.TVET, 2)
		by, stranger := w.coordinator(c), w.coordinator(other)
		w.person("aibek.seitov@example.kz", accounts.AsStudent, accounts.Identity{})
		w.StudentStates = everyoneOffered
		w.roster(by, c, rosterCSV, directory.ImportOptions{})
		got, err := w.CountRoster(ctx, by, c.ID)
		w.ok(err)
		want := "[{ТМ-24-2 07150100 map[offered:1] 1} {ТМ-26-1 07150100 map[none:1] 1}]"
		if fmt.Sprint(got) != want {
			t.Errorf("%v, want %s", got, want)
		}
		for trade, n := range map[string]int{"07150100": 2, "07130100": 0} {
			if rows := w.list(by, c, directory.RosterFilter{Trade: trade}); len(rows) != n {
				t.Errorf("%s: %d rows, want %d", trade, len(rows), n)
			}
		}
		row := w.list(by, c, directory.RosterFilter{State: "offered"})[0]
		one, err := w.ReadRosterRow(ctx, by, c.ID, row.ID)
		w.ok(err)
		if one.FullName != row.FullName || one.State != "offered" || one.IINMasked != "0805••••••17" {
			t.Errorf("%+v", one)
		}
		_, err = w.ReadRosterRow(ctx, stranger, other.ID, row.ID)
		w.refused(err, "not_found")
		_, err = w.ReadRosterRow(ctx, stranger, c.ID, row.ID)
		w.refused(err, "forbidden")
		_, err = w.CountRoster(ctx, stranger, c.ID)
		w.refused(err, "forbidden")
		page, err := w.ListRoster(ctx, by, other.ID, directory.RosterFilter{}, storage.Cursor{}, 1)
		w.refused(err, "forbidden")
		if len(page.Items) > 0 {
			t.Error("a refusal gave rows")
		}
	})
}

// everyoneOffered plays selection.
func everyoneOffered(_ context.Context, personIDs ...string) (map[string]string, error) {
	out := map[string]string{}
	for _, p := range personIDs {
		out[p] = "offered"
	}
	return out, nil
}
