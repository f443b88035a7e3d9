package httpapi

import (
	"context"
	"encoding/json"
	"strings"
	"sync"

	"github.com/gofiber/fiber/v2"

	"github.com/orynda/orynda/internal/httpapi/apigen"
	"github.com/orynda/orynda/internal/httpd"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/placements"
)

// foundPlaces is a page of results whose places are written already: the same ones come again with other questions, and writing them would take most
// of an answer's time.
type foundPlaces struct {
	page  apigen.PlacementSearchResult // without Items
	items []foundPlace
}

// foundPlace is a place in results: what is the same for everybody, written and without its closing brace, and what belongs to this answer.
type foundPlace struct {
	written []byte
	answer  placeInAnswer
}

// placeInAnswer has the fields of apigen.PlacementSearchItem that SearchItem leaves to the search.
type placeInAnswer struct {
	DistanceKm *float64                      `json:"distance_km,omitempty"`
	Highlights map[string]string             `json:"highlights,omitempty"`
	Viewer     *apigen.PlacementSearchViewer `json:"viewer,omitempty"`
}

// VisitSearchPlacementsResponse writes the answer: the JSON of apigen.PlacementSearchResult.
func (f *foundPlaces) VisitSearchPlacementsResponse(c *fiber.Ctx) error {
	page, err := json.Marshal(struct {
		Items *struct{} `json:"items,omitempty"` // hides those of the page
		*apigen.PlacementSearchResult
	}{nil, &f.page})
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSON)
	out := c.Response()
	out.AppendBodyString(`{"items":[`)
	for i := range f.items {
		if i > 0 {
			out.AppendBodyString(",")
		}
		answer, err := json.Marshal(&f.items[i].answer)
		if err != nil {
			return err
		}
		out.AppendBody(f.items[i].written)
		if len(answer) > len("{}") {
			answer[0] = ','
		} else {
			answer = answer[1:]
		}
		out.AppendBody(answer)
	}
	out.AppendBodyString(`],`)
	out.AppendBody(page[1:])
	return nil
}

// rememberedPlaces is how many written places are remembered, some 3 kB each.
const rememberedPlaces = 2000

// writtenPlaces remembers how places are written in results. It is safe for parallel use.
type writtenPlaces struct {
	mu    sync.RWMutex
	known map[writtenPlace][]byte
}

// writtenPlace is all that decides how SearchItem writes a place.
type writtenPlace struct {
	id                       string
	place, sheet, enterprise int64 // versions
	rate                     placements.Rate
	mentor                   string
	lang                     i18n.Lang
	daysLeft                 int
	badges                   string
}

// placeOf tells what decides how a place is written now.
func (a *PlacementsAPI) placeOf(ctx context.Context, v *placements.View) writtenPlace {
	now := a.Clock.Now()
	left, open := v.Place.DaysLeft(now)
	if !open {
		left = -1
	}
	return writtenPlace{
		id: v.Place.ID, place: v.Place.Version, sheet: v.Sheet.Version, enterprise: v.Enterprise.Version, rate: v.Rate, mentor: v.MentorName,
		lang: httpd.Lang(ctx), daysLeft: left, badges: strings.Join(v.Place.Badges(now), " "),
	}
}

// write gives SearchItem of a place as JSON without the closing brace. Nobody may change it.
func (w *writtenPlaces) write(ctx context.Context, a *PlacementsAPI, v *placements.View) ([]byte, error) {
	key := a.placeOf(ctx, v)
	w.mu.RLock()
	written := w.known[key]
	w.mu.RUnlock()
	if written != nil {
		return written, nil
	}
	item := a.SearchItem(ctx, v)
	written, err := json.Marshal(&item)
	if err != nil {
		return nil, err
	}
	written = written[:len(written)-1]
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.known == nil || len(w.known) >= rememberedPlaces {
		w.known = map[writtenPlace][]byte{}
	}
	w.known[key] = written
	return written, nil
}
