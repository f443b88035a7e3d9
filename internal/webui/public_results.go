package webui

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/finding"
	"github.com/orynda/orynda/internal/httpd"
	"github.com/orynda/orynda/internal/search"
	"github.com/orynda/orynda/web/pages/public"
	"github.com/orynda/orynda/web/ui"
)

const resultsPage = "/placements"

// shownFacets are the groups of filters, in the order in which people ask for them.
func shownFacets() []search.Facet {
	return []search.Facet{
		search.FacetRegion, search.FacetSpecialty, search.FacetPaid, search.FacetLevel, search.FacetTimeModel, search.FacetUnder18, search.FacetDormitory,
		search.FacetLanguage, search.FacetRegime, search.FacetQualification, search.FacetProgramme, search.FacetOpenToCollege, search.FacetFull,
	}
}

// onlySelected are groups that show nothing but what was chosen elsewhere: in suggestions, on a college's page.
func onlySelected(f search.Facet) bool {
	return f == search.FacetQualification || f == search.FacetProgramme || f == search.FacetOpenToCollege
}

// searchPage is the page of results, or by htmx its part that changes.
func (s *site) searchPage(v *visit) error {
	a := v.asked()
	d, err := s.found(v, a)
	if err != nil {
		return err
	}
	// One address has two forms, and a browser that goes back must not be shown the part for the whole.
	v.c.Vary("HX-Request")
	v.c.Set(fiber.HeaderCacheControl, "private, no-cache")
	page := public.Results(d)
	if v.partial() && v.c.Get("HX-History-Restore-Request") != "true" {
		v.c.Set("HX-Push-Url", ui.Link(v.ctx(), a.path(resultsPage)))
		page = public.ResultsPart(d)
	}
	if d.Problem != "" {
		return v.again(page)
	}
	return v.show(page)
}

// found asks and words the answer. A question that can't be answered as it is gives the page with the reason.
func (s *site) found(v *visit, a ask) (public.ResultsData, error) {
	q := a.question()
	q.Facets, q.Page, q.PerPage = shownFacets(), max(1, v.c.QueryInt("page", 1)), search.DefaultPerPage
	d := public.ResultsData{
		Query: a.first("q"), Literal: q.Literally, City: a.first("city"), Radius: a.first("radius_km"), Near: a.first("near"), MinPay: a.first("min_compensation"),
		MaxHours: a.first("max_weekly_hours"), StartsFrom: a.first("starts_from"), StartsTo: a.first("starts_to"), Path: a.path(resultsPage),
		Feed: ui.Link(v.ctx(), a.without("sort", "").without(wholeParam, "").path("/placements.atom")),
		Save: a.without("sort", "").without(wholeParam, "").path("/saved/searches/new"), Saving: v.actor.EmailProved,
	}
	found, err := s.Finding.Find(v.ctx(), q, v.lang)
	if why := v.unanswerable(err); why != "" {
		d.Problem = why
		d.Chips = s.chips(v.ctx(), a, nil)
		return d, nil
	}
	if err != nil {
		return d, err
	}
	d.Total, d.Items, d.Facets = found.Total, s.results(v.ctx(), found.Items), s.groups(v.ctx(), a, found.Facets)
	d.Chips, d.Sorts = s.chips(v.ctx(), a, found.Facets), sorts(v.ctx(), q)
	d.Prev, d.Next = pagesAround(a, found)
	d.From = (found.Page-1)*found.PerPage + 1
	s.understood(v.ctx(), a, found, &d)
	return d, s.ownResults(v, found.Items, d.Items)
}

// unanswerable is the sentence for a question that no engine can answer, "" for any other error.
func (v *visit) unanswerable(err error) string {
	var typed *errs.Error
	if !errors.As(err, &typed) || typed.Kind != errs.Invalid {
		return ""
	}
	p := httpd.NewProblem(typed, v.site.Catalogue, v.lang, "")
	if typed.Code != "bad_request" {
		return p.Detail // its sentence says it all
	}
	out := []string{p.Detail}
	for _, e := range p.Errors {
		if e.Message != p.Detail {
			out = append(out, e.Message)
		}
	}
	return strings.Join(out, " ")
}

// groups words the groups of filters.
func (s *site) groups(ctx context.Context, a ask, facets []finding.Facet) []public.Group {
	var out []public.Group
	for _, f := range facets {
		if f.Name == search.FacetFull {
			continue // one box of its own
		}
		g := public.Group{Name: string(f.Name), Label: ui.T(ctx, "site.public.facet."+string(f.Name))}
		for _, value := range f.Values {
			if onlySelected(f.Name) && !value.Selected || hiddenValue(f.Name, value.Value) {
				continue
			}
			g.Values = append(g.Values, public.Value{Value: value.Value, Label: value.Label, Count: value.Count, Selected: value.Selected})
			g.Open = g.Open || value.Selected
		}
		if f.More > 0 && !onlySelected(f.Name) {
			more := a.clone()
			more.values.Add(wholeParam, string(f.Name))
			g.More = more.path(resultsPage) + "#filters"
		}
		if len(g.Values) > 0 {
			out = append(out, g)
		}
	}
	return out
}

// hiddenValue leaves out what nobody looks for: a place without a dormitory, a place for adults only.
func hiddenValue(f search.Facet, value string) bool {
	return value == "false" && (f == search.FacetDormitory || f == search.FacetUnder18)
}

// chips are the applied filters, each with the address without it.
func (s *site) chips(ctx context.Context, a ask, facets []finding.Facet) []public.Chip {
	var out []public.Chip
	for _, name := range a.filters() {
		for _, value := range a.values[name] {
			out = append(out, public.Chip{Label: s.chipLabel(ctx, a, facets, name, value), Path: a.without(name, value).path(resultsPage)})
		}
	}
	return out
}

func (s *site) chipLabel(ctx context.Context, a ask, facets []finding.Facet, name, value string) string {
	for _, f := range facets {
		i := slices.IndexFunc(f.Values, func(v finding.Value) bool { return v.Value == value })
		if string(f.Name) == name && i >= 0 {
			return f.Values[i].Label
		}
	}
	switch name {
	case "city":
		if km := a.number("radius_km"); km > 0 {
			return ui.T(ctx, "site.public.chip.around", "town", value, "km", ui.Number(int(km)))
		}
		return value
	case "near":
		if km := a.number("radius_km"); km > 0 {
			return ui.T(ctx, "site.public.chip.near_within", "km", ui.Number(int(km)))
		}
		return ui.T(ctx, "site.public.chip.near")
	case "min_compensation":
		return ui.T(ctx, "site.public.chip.min_compensation", "amount", ui.Money(int(a.number(name))))
	case "max_weekly_hours":
		return ui.T(ctx, "site.public.chip.max_weekly_hours", "Count", int(a.number(name)))
	case "starts_from", "starts_to":
		if day := cal.Day(value); day.Valid() {
			return ui.T(ctx, "site.public.chip."+name, "day", ui.Day(ctx, day))
		}
	case "region":
		if r, ok := s.Reference.Region(value); ok {
			return r.Name.In(ui.Of(ctx).Lang)
		}
	case "specialty", "qualification":
		if t, ok := s.Reference.Trade(value); ok {
			return ui.In(ctx, t.Name)
		}
		if name == "specialty" {
			return ui.T(ctx, "site.public.chip.specialties", "code", value)
		}
	}
	return ui.TOr(ctx, value, "facet."+name+"."+value)
}

// sorts are the orders that this question can have.
func sorts(ctx context.Context, q finding.Question) []public.Sort {
	var out []public.Sort
	usual := search.Relevance
	if q.Text == "" {
		usual = search.Newest
	}
	for _, o := range search.Sorts() {
		if o == search.Distance && q.Near == nil && q.City == "" || o == search.Relevance && q.Text == "" {
			continue
		}
		one := public.Sort{Value: string(o), Label: ui.T(ctx, "site.public.sort."+string(o)), Current: o == q.Sort || q.Sort == "" && o == usual}
		if o == usual {
			one.Value = "" // the usual order needs no word in the address
		}
		out = append(out, one)
	}
	return out
}

// pagesAround are the addresses of the pages before and after, "" where there is none.
func pagesAround(a ask, found *finding.Page) (prev, next string) {
	at := func(page int) string { return a.with("page", itoa(page)).path(resultsPage) }
	if found.Page == 2 {
		prev = a.path(resultsPage)
	} else if found.Page > 2 {
		prev = at(found.Page - 1)
	}
	if found.Page*found.PerPage < found.Total {
		next = at(found.Page + 1)
	}
	return prev, next
}
