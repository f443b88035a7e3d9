package httpapi

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/httpapi/apigen"
	"github.com/orynda/orynda/internal/httpd"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/placements"
)

// TestWrittenPlaces changes all that results show of a place, one thing after the other, and wants each answer as if nothing were remembered.
func TestWrittenPlaces(t *testing.T) {
	reference, err := directory.LoadReference()
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2027, 3, 1, 8, 0, 0, 0, time.UTC)
	api := &PlacementsAPI{Reference: reference, Clock: cal.ClockFunc(func() time.Time { return now })}
	v := placements.View{
		Place: &placements.Placement{ID: "plc_1", Version: 1, State: placements.Published, PublishedAt: now.Add(-time.Hour), ApplyBy: "2027-03-20",
			Title: i18n.Text{RU: "Сварщик <1>", KK: "Дәнекерлеуші"}, QualificationCode: "07150501", Seats: 3,
			Workplaces: []placements.Workplace{{ID: "wpl_1", Region: "350000000", City: "351010000"}}},
		Sheet:      &placements.Sheet{ID: "plc_1", Version: 1, Seats: 3},
		Enterprise: &directory.Enterprise{ID: "ent_1", Version: 1, Name: "ТОО «Сарыарқа Энерго»"},
		MentorName: "Ерлан Сапарұлы",
	}
	distance, lang := 4.2, "kk"
	answers := []placeInAnswer{
		{}, {DistanceKm: &distance}, {Highlights: map[string]string{"title": "<mark>Сварщик</mark>"}, Viewer: &apigen.PlacementSearchViewer{Saved: true}},
	}
	var written writtenPlaces
	var want apigen.PlacementSearchResult
	app := httpd.New(httpd.Config{Log: slog.New(slog.DiscardHandler)})
	app.Get("/", func(c *fiber.Ctx) error {
		ctx := c.UserContext()
		want = apigen.PlacementSearchResult{Total: 41, Page: 2, PerPage: 3, Facets: map[string][]apigen.FacetValue{"paid": {{Value: "true", Label: "да", Count: 7}}}}
		out := &foundPlaces{page: want}
		for _, answer := range answers {
			place, err := written.write(ctx, api, &v)
			if err != nil {
				return err
			}
			out.items = append(out.items, foundPlace{place, answer})
			item := api.SearchItem(ctx, &v)
			item.DistanceKm, item.Viewer = answer.DistanceKm, answer.Viewer
			if answer.Highlights != nil {
				item.Highlights = &answer.Highlights
			}
			want.Items = append(want.Items, item)
		}
		return out.VisitSearchPlacementsResponse(c)
	})
	for _, change := range []struct {
		what string
		do   func()
	}{
		{"nothing", func() {}}, {"nothing again", func() {}}, {"the language", func() { lang = "ru" }},
		{"the place", func() { p := *v.Place; p.Title.RU, p.Version = "Другое", 2; v.Place = &p }},
		{"the seats", func() { s := *v.Sheet; s.Taken, s.Version = []string{"ofr_1"}, 2; v.Sheet = &s }},
		{"the enterprise", func() { e := *v.Enterprise; e.Name, e.Version = "ТОО «Иное»", 2; v.Enterprise = &e }},
		{"its answers", func() { v.Rate = placements.Rate{Cases: 20, Answered: 10, MedianHours: 30} }},
		{"the mentor", func() { v.MentorName = "Асель Нұрланқызы" }},
		{"the days", func() { now = now.Add(70 * time.Hour) }},
		{"the hour: no longer new", func() { now = now.Add(90 * time.Minute) }},
		{"the days: closing soon", func() { now = now.Add(11 * 24 * time.Hour) }},
		{"the days: closed", func() { now = now.Add(11 * 24 * time.Hour) }},
	} {
		change.do()
		req := httptest.NewRequest("GET", "/", nil)
		req.Header.Set("Accept-Language", lang)
		res, err := app.Test(req, 10_000)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		if err != nil || res.StatusCode != 200 || res.Header.Get("Content-Type") != "application/json" {
			t.Fatalf("%s: %d %v %s", change.what, res.StatusCode, err, body)
		}
		var got apigen.PlacementSearchResult
		if err := json.Unmarshal(body, &got); err != nil {
			t.Fatalf("%s: %v: %s", change.what, err, body)
		}
		if g, w := asJSON(t, got), asJSON(t, want); g != w {
			t.Errorf("after a change of %s\n%s\nwant\n%s", change.what, g, w)
		}
	}
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	out, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}
