package httpapi

import (
	"context"

	"github.com/oapi-codegen/runtime/types"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/finding"
	"github.com/orynda/orynda/internal/httpapi/apigen"
	"github.com/orynda/orynda/internal/httpd"
	"github.com/orynda/orynda/internal/saving"
	"github.com/orynda/orynda/internal/search"
	"github.com/orynda/orynda/internal/selection"
)

// SearchAPI serves the public search.
type SearchAPI struct {
	Finding *finding.Service
	Views   *PlacementsAPI // how a place is written
	Saving  *saving.Service
	// Selection knows the reader's own applications.
	Selection *selection.Service

	written writtenPlaces
}

// SearchGrants is the search's part of the policy table.
func SearchGrants() []accounts.Grant {
	anyone := []accounts.Relation{accounts.Anyone}
	return []accounts.Grant{{Operation: "searchPlacements", Relations: anyone}, {Operation: "suggestPlacements", Relations: anyone}}
}

// SearchPlacements answers searchPlacements.
func (a *SearchAPI) SearchPlacements(ctx context.Context, r apigen.SearchPlacementsRequestObject) (apigen.SearchPlacementsResponseObject, error) {
	page, err := a.Finding.Find(ctx, asked(r.Params), httpd.Lang(ctx))
	if err != nil {
		return nil, err
	}
	out := &foundPlaces{
		page: apigen.PlacementSearchResult{
			Total: page.Total, Facets: facets(page.Facets), Page: page.Page, PerPage: page.PerPage, Understood: understood(page.Understood),
			TookMs: int(page.Took.Milliseconds()),
		},
		items: make([]foundPlace, len(page.Items)),
	}
	if page.Degraded {
		out.page.Facets, out.page.Degraded, out.page.TotalIsLeast = map[string][]apigen.FacetValue{}, some(true), some(page.Cut)
	}
	viewers, err := a.viewers(ctx, page.Items)
	if err != nil {
		return nil, err
	}
	for i, found := range page.Items {
		written, err := a.written.write(ctx, a.Views, found.View)
		if err != nil {
			return nil, err
		}
		out.items[i] = foundPlace{written, placeInAnswer{found.DistanceKM, found.Highlights, viewers[found.View.Place.ID]}}
	}
	return out, nil
}

// viewers says how places concern whoever is signed in, by place; nothing to a stranger.
func (a *SearchAPI) viewers(ctx context.Context, items []finding.Item) (map[string]*apigen.PlacementSearchViewer, error) {
	actor := httpd.Actor(ctx)
	if actor.Anonymous() {
		return nil, nil
	}
	ids := make([]string, len(items))
	for i := range items {
		ids[i] = items[i].View.Place.ID
	}
	saved, err := a.Saving.Saved(ctx, actor, ids...)
	if err != nil {
		return nil, err
	}
	apps, err := a.Selection.OwnFor(ctx, actor, ids...)
	if err != nil {
		return nil, err
	}
	out := make(map[string]*apigen.PlacementSearchViewer, len(ids))
	for _, id := range ids {
		v := &apigen.PlacementSearchViewer{Saved: saved[id]}
		if app := apps[id]; app != nil {
			v.ApplicationID, v.ApplicationState = some(app.ID), some(apigen.ApplicationState(app.State))
			if app.Interview != nil && app.Interview.Live {
				v.InterviewAt = timeOf(app.Interview.StartsAt)
			}
		}
		out[id] = v
	}
	return out, nil
}

// asked reads the parameters. The contract's check has refused what is malformed.
func asked(p apigen.SearchPlacementsParams) finding.Question {
	return finding.Question{
		Text: deref(p.Q), Literally: deref(p.Literal), Region: deref(p.Region), City: deref(p.City), Near: point(p.Near), RadiusKM: deref(p.RadiusKm), Specialty: deref(p.Specialty),
		Qualification: deref(p.Qualification), Programme: deref(p.Programme), Regime: string(deref(p.Regime)), Level: words(p.Level),
		TimeModel: string(deref(p.TimeModel)), Language: words(p.Language), Paid: p.Paid, Dormitory: p.Dormitory, Under18: p.Under18,
		OpenToCollege: deref(p.OpenToCollege), MinCompensation: deref(p.MinCompensation), MaxWeeklyHours: deref(p.MaxWeeklyHours),
		StartsFrom: dayOf(p.StartsFrom), StartsTo: dayOf(p.StartsTo), Full: search.Full(deref(p.Full)), Sort: search.Sort(deref(p.Sort)),
		Facets: groups(p.Facets), Page: deref(p.Page), PerPage: deref(p.PerPage),
	}
}

// groups are the asked groups of counts; all where none is named.
func groups[T ~string](asked *[]T) []search.Facet {
	if len(deref(asked)) == 0 {
		return search.Facets()
	}
	var out []search.Facet
	for _, name := range *asked {
		out = append(out, search.Facet(name))
	}
	return out
}

// point is nil without a text.
func point(text *string) *search.Point {
	if text == nil {
		return nil
	}
	p := search.ParsePoint(*text)
	return &p
}

// dayOf is "" without a date.
func dayOf(d *types.Date) cal.Day {
	if d == nil {
		return ""
	}
	return cal.Day(d.String())
}

// words gives the texts of a list of enumerated values.
func words[T ~string](list *[]T) []string {
	var out []string
	for _, v := range deref(list) {
		out = append(out, string(v))
	}
	return out
}

func understood(u finding.Understood) apigen.SearchUnderstood {
	out := apigen.SearchUnderstood{
		Query: u.Query, Terms: make([]apigen.SearchTerm, 0, len(u.Terms)), ShownFor: some(u.ShownFor), DidYouMean: some(u.DidYouMean),
		LayoutSwitched: some(u.Layout),
	}
	if len(u.Dropped) > 0 {
		out.Dropped = &u.Dropped
	}
	for _, t := range u.Terms {
		kind := apigen.SearchTermKind(t.Kind)
		if t.Kind == search.KindPlacement {
			kind = apigen.SearchTermKindReference
		}
		out.Terms = append(out.Terms, apigen.SearchTerm{Text: t.Text, Kind: kind, Value: some(t.Value), Label: t.Label, Without: some(t.Without)})
	}
	if len(u.Relax) > 0 {
		relax := make([]apigen.SearchRelaxation, 0, len(u.Relax))
		for _, r := range u.Relax {
			relax = append(relax, apigen.SearchRelaxation{Parameter: r.Parameter, Value: some(r.Value), Instead: some(r.Instead), Total: r.Total})
		}
		out.Relax = &relax
	}
	return out
}

func facets(list []finding.Facet) map[string][]apigen.FacetValue {
	out := make(map[string][]apigen.FacetValue, len(list))
	for _, f := range list {
		values := make([]apigen.FacetValue, 0, len(f.Values))
		for _, v := range f.Values {
			values = append(values, apigen.FacetValue{Value: v.Value, Label: v.Label, Count: v.Count})
		}
		out[string(f.Name)] = values
	}
	return out
}

// SuggestPlacements answers suggestPlacements.
func (a *SearchAPI) SuggestPlacements(ctx context.Context, r apigen.SuggestPlacementsRequestObject) (apigen.SuggestPlacementsResponseObject, error) {
	found, err := a.Finding.Suggest(ctx, r.Params.Q, deref(r.Params.Limit), httpd.Lang(ctx))
	if err != nil {
		return nil, err
	}
	out := apigen.SuggestPlacements200JSONResponse{Items: make([]apigen.PlacementSuggestion, 0, len(found))}
	for _, s := range found {
		out.Items = append(out.Items, apigen.PlacementSuggestion{
			Kind: apigen.PlacementSuggestionKind(s.Kind), Value: s.Value, Label: s.Label, Count: some(s.Count), PlacementID: some(s.PlacementID),
			Highlight: some(s.Highlight),
		})
	}
	return out, nil
}
