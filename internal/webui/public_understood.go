package webui

import (
	"context"
	"strings"

	"github.com/orynda/orynda/internal/finding"
	"github.com/orynda/orynda/web/pages/public"
	"github.com/orynda/orynda/web/ui"
)

// understood words how the question was read: what was shown instead of it, the places it names as filters to take away, and, where nothing was
// found, the ways out.
func (s *site) understood(ctx context.Context, a ask, found *finding.Page, d *public.ResultsData) {
	u := found.Understood
	d.Understood = readAs(ctx, a, u, found.Degraded)
	if found.Degraded {
		d.Degraded = degradedWords(ctx, found)
	}
	d.Chips = append(placeChips(a, u), d.Chips...)
	if u.DidYouMean != "" {
		d.DidYouMean = &public.Named{Path: a.without("q", "").with("q", u.DidYouMean).path(resultsPage), Name: u.DidYouMean}
	}
	for _, r := range u.Relax {
		d.Lift = append(d.Lift, public.Lift{Path: a.relaxed(r).path(resultsPage), Says: liftWords(ctx, r), Count: r.Total})
	}
}

// readAs says what was shown where it isn't what was asked, with the way to just that.
func readAs(ctx context.Context, a ask, u finding.Understood, degraded bool) *public.Understood {
	if u.ShownFor == "" {
		return nil
	}
	out := &public.Understood{
		Says:        ui.T(ctx, "site.public.understood", "shown", u.ShownFor),
		Literal:     a.with("literal", "true").path(resultsPage),
		LiteralText: ui.T(ctx, "site.public.understood_literal", "asked", u.Query),
	}
	switch {
	case len(u.Dropped) > 0 && !degraded:
		out.Says = ui.T(ctx, "site.public.understood_fewer", "shown", u.ShownFor, "asked", u.Query)
	case u.Layout:
		out.Says = ui.T(ctx, "site.public.understood_layout", "shown", u.ShownFor)
	}
	return out
}

// degradedWords says that the search isn't whole, and what of the question was left aside.
func degradedWords(ctx context.Context, found *finding.Page) string {
	out := []string{ui.T(ctx, "site.public.degraded")}
	if words := found.Understood.Dropped; len(words) > 0 {
		out = append(out, ui.T(ctx, "site.public.degraded_ignored", "words", strings.Join(words, " ")))
	}
	if found.Cut {
		out = append(out, ui.T(ctx, "site.public.degraded_cut"))
	}
	return strings.Join(append(out, ui.T(ctx, "site.public.degraded_later")), " ")
}

// placeChips are the towns and regions that the words name, each with the address of the question without it.
func placeChips(a ask, u finding.Understood) []public.Chip {
	var out []public.Chip
	for _, t := range u.Terms {
		if !t.Place() {
			continue
		}
		without := a.without("q", "")
		if t.Without != "" {
			without = without.with("q", t.Without)
		}
		out = append(out, public.Chip{Label: t.Label, Path: without.path(resultsPage)})
	}
	return out
}

// relaxed is the question as a piece of advice changes it.
func (a ask) relaxed(r finding.Relaxation) ask {
	if r.Instead != "" {
		return a.with(r.Parameter, r.Instead)
	}
	return a.without(r.Parameter, "")
}

func liftWords(ctx context.Context, r finding.Relaxation) string {
	switch {
	case r.Parameter == "radius_km" && r.Instead != "":
		return ui.T(ctx, "site.public.lift_radius", "km", r.Instead)
	case r.Parameter == "full":
		return ui.T(ctx, "site.public.lift_full")
	case r.Parameter == "literal":
		return ui.T(ctx, "site.public.lift_literal")
	}
	return ui.T(ctx, "site.public.lift", "filter", ui.T(ctx, "site.public.param."+r.Parameter))
}
