package saving_test

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/saving"
	"github.com/orynda/orynda/internal/storage"
)

func (w *world) search(personID, query string, a saving.Alerts) *saving.Search {
	w.t.Helper()
	one, err := w.SaveSearch(w.t.Context(), by(personID), saving.Input{Name: "My search", Query: query, Alerts: a})
	if err != nil {
		w.t.Fatal(err)
	}
	return one
}

func TestNextAlert(t *testing.T) {
	at := func(day cal.Day, hour int) time.Time { return day.Start().Add(time.Duration(hour) * time.Hour) }
	for _, c := range []struct {
		alerts    saving.Alerts
		now, want time.Time
	}{
		{saving.Daily, at("2026-11-23", 7), at("2026-11-23", 8)},
		{saving.Daily, at("2026-11-23", 8), at("2026-11-24", 8)},
		{saving.Daily, at("2026-11-23", 23), at("2026-11-24", 8)},
		{saving.Weekly, at("2026-11-23", 7), at("2026-11-23", 8)}, // a Monday
		{saving.Weekly, at("2026-11-23", 8), at("2026-11-30", 8)},
		{saving.Weekly, at("2026-11-25", 12), at("2026-11-30", 8)},
		{saving.Weekly, at("2026-11-29", 23), at("2026-11-30", 8)}, // a Sunday
		{saving.Off, at("2026-11-23", 7), time.Time{}},
	} {
		if got := saving.NextAlert(c.alerts, c.now); !got.Equal(c.want) {
			t.Errorf("%s from %s: %s, want %s", c.alerts, c.now.In(cal.Zone()), got.In(cal.Zone()), c.want.In(cal.Zone()))
		}
	}
}

func TestSearchesAreKept(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		one := w.search("psn_a", "?region=350000000&q=+welder+&page=4&near=49.80194,73.10212&radius_km=10", saving.Off)
		if values, err := url.ParseQuery(one.Query); err != nil || values.Get("q") != "welder" || values.Get("near") != "49.8,73.1" || values.Has("page") || one.Version != 1 {
			t.Fatalf("%+v, %v", one, err)
		}
		name, daily := "Жақын маңда", saving.Daily
		changed, err := w.UpdateSearch(ctx, by("psn_a"), one.ID, saving.Change{Name: &name, Alerts: &daily}, 1)
		if err != nil || changed.Name != name || changed.Version != 2 || changed.DueAt.IsZero() {
			t.Fatalf("%+v, %v", changed, err)
		}
		if same, err := w.UpdateSearch(ctx, by("psn_a"), one.ID, saving.Change{Name: &name}, 0); err != nil || same.Version != 2 {
			t.Errorf("the same again: %+v, %v", same, err)
		}
		if _, err := w.UpdateSearch(ctx, by("psn_a"), one.ID, saving.Change{Name: &name}, 1); !errs.Has(err, "stale_version") {
			t.Errorf("a stale edit: %v", err)
		}
		for _, err := range []error{
			second(w.UpdateSearch(ctx, by("psn_b"), one.ID, saving.Change{Name: &name}, 0)), w.ForgetSearch(ctx, by("psn_b"), one.ID),
			second(w.OwnSearch(ctx, by("psn_b"), one.ID)), w.ForgetSearch(ctx, by("psn_a"), "srh_none"),
		} {
			if !errs.Has(err, "saved_search_not_found") {
				t.Errorf("somebody else's search: %v", err)
			}
		}
		if list, err := w.Searches(ctx, by("psn_a")); err != nil || len(list) != 1 || list[0].Name != name {
			t.Errorf("%+v, %v", list, err)
		}
		if err := w.ForgetSearch(ctx, by("psn_a"), one.ID); err != nil {
			t.Fatal(err)
		}
		if list, err := w.Searches(ctx, by("psn_a")); err != nil || len(list) != 0 {
			t.Errorf("%+v, %v", list, err)
		}
	})
}

func second[T any](_ T, err error) error { return err }

func TestWhatCantBeSearchedCantBeSaved(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		_, err := w.SaveSearch(t.Context(), by("psn_a"), saving.Input{Query: "q=Ivan+990101300123&salary=5&paid=yes&level=master", Alerts: "hourly"})
		var typed *errs.Error
		var got []string
		if errors.As(err, &typed) {
			for _, f := range typed.Fields {
				got = append(got, f.Field+" "+f.Code)
			}
		}
		want := []string{
			"name required", "alerts unknown_value", "query.salary unknown_field", "query.paid bad_format", "query.level unknown_value", "query.q personal_data",
		}
		if !slices.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
		for query, code := range map[string]string{"city=Atlantis": "unknown_city", "q=%zz": "bad_request", "q=\xff": "bad_request"} {
			if _, err := w.SaveSearch(t.Context(), by("psn_a"), saving.Input{Name: "x", Query: query}); !errs.Has(err, code) {
				t.Errorf("%q: %v, want %s", query, err, code)
			}
		}
		for _, name := range []string{strings.Repeat("ә", saving.MostName+1), "a\x00b", "+7 701 234 56 78"} {
			if _, err := w.SaveSearch(t.Context(), by("psn_a"), saving.Input{Name: name}); !errs.Has(err, "bad_request") {
				t.Errorf("the name %q: %v", name, err)
			}
		}
		if list, _ := w.Searches(t.Context(), by("psn_a")); len(list) != 0 {
			t.Errorf("something was saved: %+v", list)
		}
	})
}

// Ten, and each question once, also for forty callers at once.
func TestTooManySearchesAtOnce(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		const callers = 40
		codes := atOnce(callers, func(i int) error {
			_, err := w.SaveSearch(t.Context(), by("psn_a"), saving.Input{Name: "n", Query: fmt.Sprintf("q=trade+%d", i)})
			return err
		})
		if codes[""] != saving.MostSearches || codes["saved_searches_limit"] != callers-saving.MostSearches {
			t.Errorf("%v, want %d saved", codes, saving.MostSearches)
		}
		codes = atOnce(callers, func(int) error {
			_, err := w.SaveSearch(t.Context(), by("psn_b"), saving.Input{Name: "n", Query: "q=welder"})
			return err
		})
		if codes[""] != 1 || codes["saved_search_known"] != callers-1 {
			t.Errorf("one question: %v", codes)
		}
		if list, err := w.Searches(t.Context(), by("psn_a")); err != nil || len(list) != saving.MostSearches {
			t.Errorf("%d searches, %v", len(list), err)
		}
	})
}

func TestExportAndErase(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		w.publish("plc_1")
		for _, who := range []string{"psn_a", "psn_b"} {
			w.save(who, "plc_1")
			w.search(who, "q=welder", saving.Weekly)
		}
		records, err := w.Records(ctx, "psn_a")
		if err != nil || len(records) != 2 || records[0].Kind != "saved_placement" || records[0].ID != "plc_1" || records[1].Kind != "saved_search" ||
			records[1].Data["query"] != "q=welder" || records[1].Data["alerts"] != "weekly" {
			t.Errorf("%+v, %v", records, err)
		}
		for _, who := range []string{"psn_a", "psn_nothing"} {
			if err := w.db.Tx(ctx, func(ctx context.Context) error { return w.Erase(ctx, &accounts.Person{ID: who}) }); err != nil {
				t.Fatal(err)
			}
			if records, err := w.Records(ctx, who); err != nil || len(records) != 0 {
				t.Errorf("%s: %+v, %v", who, records, err)
			}
		}
		if records, _ := w.Records(ctx, "psn_b"); len(records) != 2 {
			t.Errorf("somebody else's: %+v", records)
		}
		for _, spec := range saving.Specs() {
			if n, err := w.db.Count(ctx, spec, storage.Query{}); err != nil || n != 1 {
				t.Errorf("%s holds %d, want what the other has (%v)", spec.Name, n, err)
			}
		}
	})
}
