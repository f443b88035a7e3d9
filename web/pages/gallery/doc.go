// Package gallery shows every component in every state on one page, for those who build the site. It is served by the demo only and written in
// English.
package gallery

import (
	"context"
	"net/url"
	"time"

	"github.com/orynda/orynda/web/ui"
)

// ways are the present stations, and the ends.
func ways(ctx context.Context) []ui.Way {
	now := ui.Of(ctx).Now
	clock := func(before, left time.Duration) *ui.Clock {
		return &ui.Clock{From: now.Add(-before), Until: now.Add(left)}
	}
	return []ui.Way{
		{At: ui.AtSearch, Says: "The enterprise answers", Clock: clock(24*time.Hour, 9*24*time.Hour)},
		{At: ui.AtInterview, Mine: true, Says: "Pick a time", Clock: clock(24*time.Hour, 5*time.Hour)},
		{At: ui.AtSelection, Mine: true, Says: "Answer the offer", Clock: clock(5*24*time.Hour, 6*time.Hour)},
		{At: ui.AtSelection, Left: true, Says: "Declined by the enterprise"},
		{At: ui.AtAgreement, Says: "Waits for the enterprise's signature"},
		{At: ui.AtCountersignature, WithoutRegister: true, Says: "The college signs last", Clock: clock(time.Hour, -time.Hour)},
		{At: ui.AtRegister, Done: true, Says: "In the register"},
	}
}

// refused is a form with everything wrong.
func refused() *ui.Form {
	return &ui.Form{
		Values: url.Values{"name": {"A"}, "about": {"…"}, "trade": {"welder"}, "days": {"1", "3"}}, Problem: "Two things are to be mended.",
		Errors: []ui.FieldError{{Field: "name", Message: "Too short: at least 2 characters."}, {Field: "days", Message: "Choose three days.", Source: "R50 10"}},
		Labels: map[string]string{"name": "Name", "days": "Days"},
	}
}

func choices() []ui.Option {
	return []ui.Option{{Value: "1", Label: "Monday"}, {Value: "2", Label: "Tuesday", Hint: "with a hint"}, {Value: "3", Label: "Wednesday", Disabled: true}}
}

func tiles() []ui.Tile {
	var out []ui.Tile
	for i, seats := range []int{0, 3, 12, 40, 96} {
		out = append(out, ui.Tile{Name: "Region", Short: "Қарағанды", Col: i, Row: i % 3, Seats: seats, Link: "#", Current: i == 2})
	}
	return out
}
