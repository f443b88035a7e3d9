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

// readAs says what was shown where it isn't what was asked, with the way to just that. What a degraded answer leaves aside, its own note says.
func readAs(ctx context.Context, a ask, u finding.Understood, degraded bool) *public.Understood {
	if u.ShownFor == "" || degraded && len(u.Dropped) > 0 {
		return nil
	}
	out := &public.Understood{
		Says:        said(ctx, "site.public.understood", "shown", u.ShownFor),
		Literal:     a.with("literal", "true").path(resultsPage),
		LiteralText: said(ctx, "site.public.understood_literal", "asked", u.Query),
	}
	switch {
	case len(u.Dropped) > 0:
		out.Says = said(ctx, "site.public.understood_fewer", "shown", u.ShownFor, "asked", u.Query)
	case u.Layout:
		out.Says = said(ctx, "site.public.understood_layout", "shown", u.ShownFor)
	}
	return out
}

// said is a sentence with somebody's own words apart: they are in no language of ours.
func said(ctx context.Context, key string, own ...string) []public.Said {
	const mark = "\x00"
	values, words := make([]any, len(own)), map[string]string{}
	for i := 0; i < len(own); i += 2 {
		values[i], values[i+1] = own[i], mark+own[i]+mark
		words[own[i]] = own[i+1]
	}
	var out []public.Said
	for i, part := range strings.Split(ui.T(ctx, key, values...), mark) {
		if i%2 == 1 { // between two marks
			out = append(out, public.Said{Text: words[part], Own: true})
		} else if part != "" {
			out = append(out, public.Said{Text: part})
		}
	}
	return out
}

// degradedWords says that the search isn't whole, and what of the question was left aside.
func degradedWords(ctx context.Context, found *finding.Page) []public.Said {
	out := said(ctx, "site.public.degraded")
	add := func(more []public.Said) { out = append(append(out, public.Said{Text: " "}), more...) }
	if words := found.Understood.Dropped; len(words) > 0 {
		add(said(ctx, "site.public.degraded_ignored", "words", strings.Join(words, " ")))
	}
	if found.Cut {
		add(said(ctx, "site.public.degraded_cut"))
	}
	add(said(ctx, "site.public.degraded_later"))
	return out
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
	case r.Parameter == "q" && r.Instead != "":
		return ui.T(ctx, "site.public.lift_place", "words", r.Instead)
	case r.Parameter == "full":
		return ui.T(ctx, "site.public.lift_full")
	case r.Parameter == "literal":
		return ui.T(ctx, "site.public.lift_literal")
	}
	return ui.T(ctx, "site.public.lift", "filter", ui.T(ctx, "site.public.param."+r.Parameter))
}
