package httpapi

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/httpapi/apigen"
	"github.com/orynda/orynda/internal/httpd"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/search"
)

// SearchAPI serves the public search: the engine finds, the store shows.
type SearchAPI struct {
	Engine     search.Engine
	Placements *placements.Service
	Views      *PlacementsAPI // how a place is written
	Directory  *directory.Service
	Reference  *directory.Reference
	Catalogue  *i18n.Catalogue
}

// SearchGrants is the search's part of the policy table.
func SearchGrants() []accounts.Grant {
	anyone := []accounts.Relation{accounts.Anyone}
	return []accounts.Grant{{Operation: "searchPlacements", Relations: anyone}, {Operation: "suggestPlacements", Relations: anyone}}
}

// facetValues is how many values of a facet are shown beside the selected ones.
const facetValues = 10

// SearchPlacements answers searchPlacements.
func (a *SearchAPI) SearchPlacements(ctx context.Context, r apigen.SearchPlacementsRequestObject) (apigen.SearchPlacementsResponseObject, error) {
	start := time.Now()
	q, err := a.query(r.Params)
	if err != nil {
		return nil, err
	}
	found, err := a.Engine.Search(ctx, q)
	if err != nil {
		return nil, err
	}
	items, err := a.items(ctx, found)
	if err != nil {
		return nil, err
	}
	facets, err := a.facets(ctx, q, found.Facets)
	if err != nil {
		return nil, err
	}
	return apigen.SearchPlacements200JSONResponse{
		Items: items, Total: found.Total, Facets: facets, Page: found.Page, PerPage: found.PerPage,
		Understood: understood(deref(r.Params.Q), found.Understood), TookMs: int(time.Since(start).Milliseconds()),
	}, nil
}

// query reads the parameters. The contract's check has refused what is malformed; here unknown towns are.
func (a *SearchAPI) query(p apigen.SearchPlacementsParams) (search.Query, error) {
	q := search.Query{
		Text: deref(p.Q), Regions: deref(p.Region), Specialties: trades(p.Specialty), Qualifications: a.qualifications(p.Qualification),
		Programmes: upper(p.Programme), Levels: words(p.Level), Languages: words(p.Language), Paid: p.Paid, Dormitory: p.Dormitory, Under18: p.Under18,
		MinCompensation: deref(p.MinCompensation), MaxWeeklyHours: deref(p.MaxWeeklyHours), OpenToCollege: deref(p.OpenToCollege),
		RadiusKM: float64(deref(p.RadiusKm)), Full: search.Full(deref(p.Full)), Sort: search.Sort(deref(p.Sort)), Facets: search.Facets(),
		Page: deref(p.Page), PerPage: deref(p.PerPage),
	}
	if p.Regime != nil {
		q.Regimes = []string{string(*p.Regime)}
	}
	if p.TimeModel != nil {
		q.TimeModels = []string{string(*p.TimeModel)}
	}
	if p.StartsFrom != nil {
		q.StartsFrom = cal.Day(p.StartsFrom.String())
	}
	if p.StartsTo != nil {
		q.StartsTo = cal.Day(p.StartsTo.String())
	}
	if p.Near != nil {
		lat, lon, _ := strings.Cut(*p.Near, ",")
		point := search.Point{}
		point.Lat, _ = strconv.ParseFloat(lat, 64) // the contract's pattern lets only numbers pass; Validate judges their range
		point.Lon, _ = strconv.ParseFloat(lon, 64)
		q.Near = &point
	}
	if err := a.town(deref(p.City), &q); err != nil {
		return q, err
	}
	return q, q.Validate()
}

// town makes a town a filter, or with a radius the middle of one; it also is where distances are counted from.
func (a *SearchAPI) town(name string, q *search.Query) error {
	if name == "" {
		return nil
	}
	city, ok := a.Reference.City("", name)
	if !ok {
		return errs.New(errs.Invalid, "unknown_city").WithFields(errs.Field{Field: "city", Code: "unknown_city"})
	}
	if q.Near == nil {
		q.Near = &search.Point{Lat: city.Lat, Lon: city.Lon}
	}
	if q.RadiusKM == 0 {
		q.Cities = []string{city.Key()}
	}
	return nil
}

// qualifications brings codes into the classifier's form; unknown ones stay and find nothing.
func (a *SearchAPI) qualifications(codes *[]string) []string {
	var out []string
	for _, c := range deref(codes) {
		if q, ok := a.Reference.Qualification(c); ok {
			c = q.Code
		}
		out = append(out, c)
	}
	return out
}

// trades drops a level's prefix from specialties' codes.
func trades(codes *[]string) []string {
	var out []string
	for _, c := range deref(codes) {
		out = append(out, c[max(0, len(c)-8):])
	}
	return out
}

func upper(codes *[]string) []string {
	var out []string
	for _, c := range deref(codes) {
		out = append(out, strings.ToUpper(c))
	}
	return out
}

// words gives the texts of a list of enumerated values.
func words[T ~string](list *[]T) []string {
	var out []string
	for _, v := range deref(list) {
		out = append(out, string(v))
	}
	return out
}

// items shows the hits from the store. A place closed since it was indexed is left out.
func (a *SearchAPI) items(ctx context.Context, found *search.Result) ([]apigen.PlacementSearchItem, error) {
	ids := make([]string, len(found.Hits))
	distance := make(map[string]*float64, len(found.Hits))
	for i, h := range found.Hits {
		ids[i], distance[h.ID] = h.ID, h.DistanceKM
	}
	views, err := a.Placements.PublicViews(ctx, ids)
	if err != nil {
		return nil, err
	}
	lang := httpd.Lang(ctx)
	items := make([]apigen.PlacementSearchItem, 0, len(views))
	for _, v := range views {
		item := a.Views.SearchItem(ctx, v)
		item.DistanceKm = distance[v.Place.ID]
		item.Highlights = highlights(found.Understood, lang, v)
		items = append(items, item)
	}
	return items, nil
}

// highlights marks the found words in what a result shows.
func highlights(u search.Understood, lang i18n.Lang, v *placements.View) *map[string]string {
	out := map[string]string{}
	for field, text := range map[string]string{
		"title": v.Place.Title.In(lang), "summary": v.Place.Summary.In(lang), "enterprise": v.Enterprise.Name,
	} {
		if marked, ok := u.Mark(text); ok {
			out[field] = marked
		}
	}
	if len(out) == 0 {
		return nil
	}
	return &out
}

// understood says how the question was read: its words, and the reading that was carried out where words had to be dropped.
func understood(query string, u search.Understood) apigen.SearchUnderstood {
	out := apigen.SearchUnderstood{Query: query, Terms: []apigen.SearchTerm{}}
	for _, w := range u.Words {
		out.Terms = append(out.Terms, apigen.SearchTerm{Text: w, Kind: apigen.SearchTermKindWord, Label: w})
	}
	if len(u.Dropped) > 0 {
		out.ShownFor = some(u.Text())
	}
	return out
}

// facets names the values in the reader's language: the ten most frequent, and every selected one.
func (a *SearchAPI) facets(ctx context.Context, q search.Query, counted map[search.Facet][]search.FacetCount) (map[string][]apigen.FacetValue, error) {
	out := make(map[string][]apigen.FacetValue, len(counted))
	for facet, counts := range counted {
		shown := shownCounts(counts, q.Selected(facet))
		colleges, err := a.colleges(ctx, facet, shown)
		if err != nil {
			return nil, err
		}
		values := make([]apigen.FacetValue, 0, len(shown))
		for _, c := range shown {
			values = append(values, apigen.FacetValue{Value: c.Value, Label: a.label(ctx, facet, c.Value, colleges), Count: c.Count})
		}
		out[string(facet)] = values
	}
	return out, nil
}

// shownCounts are the most frequent values and every selected one.
func shownCounts(counts []search.FacetCount, selected []string) []search.FacetCount {
	var out []search.FacetCount
	for i, c := range counts {
		if i < facetValues || slices.Contains(selected, c.Value) {
			out = append(out, c)
		}
	}
	return out
}

// colleges reads those that a facet names; for the other facets there are none.
func (a *SearchAPI) colleges(ctx context.Context, facet search.Facet, shown []search.FacetCount) (map[string]*directory.College, error) {
	if facet != search.FacetOpenToCollege {
		return nil, nil
	}
	ids := make([]string, len(shown))
	for i, c := range shown {
		ids[i] = c.Value
	}
	return a.Directory.Colleges(ctx, ids...)
}

// label is a facet value's name in the reader's language.
func (a *SearchAPI) label(ctx context.Context, facet search.Facet, value string, colleges map[string]*directory.College) string {
	lang := httpd.Lang(ctx)
	switch facet {
	case search.FacetRegion:
		if r, ok := a.Reference.Region(value); ok {
			return r.Name.In(lang)
		}
	case search.FacetCity:
		return a.Reference.CityName("", value, lang)
	case search.FacetSpecialty:
		if s, ok := a.Reference.Specialty(value); ok {
			return s.Name.In(lang)
		}
	case search.FacetQualification:
		if q, ok := a.Reference.Qualification(value); ok {
			return q.Name.In(lang)
		}
	case search.FacetProgramme:
		if p, ok := a.Reference.Programme(value); ok {
			return p.Name.In(lang)
		}
	case search.FacetOpenToCollege:
		if c := colleges[value]; c != nil {
			return c.Name
		}
	default:
		if key := "facet." + string(facet) + "." + value; a.Catalogue.Has(key) {
			return a.Catalogue.Say(lang, key, nil)
		}
	}
	return value
}

// SuggestPlacements answers suggestPlacements.
func (a *SearchAPI) SuggestPlacements(ctx context.Context, r apigen.SuggestPlacementsRequestObject) (apigen.SuggestPlacementsResponseObject, error) {
	found, err := a.Engine.Suggest(ctx, search.SuggestQuery{Text: r.Params.Q, Limit: deref(r.Params.Limit)})
	if err != nil {
		return nil, err
	}
	reading, lang := search.Read(r.Params.Q), httpd.Lang(ctx)
	out := apigen.SuggestPlacements200JSONResponse{Items: []apigen.PlacementSuggestion{}}
	for _, s := range found {
		label := s.Names.In(lang)
		item := apigen.PlacementSuggestion{
			Kind: apigen.PlacementSuggestionKind(s.Kind), Value: s.Value, Label: label, Count: some(s.Count), PlacementID: some(s.PlacementID),
		}
		if marked, ok := reading.Mark(label); ok {
			item.Highlight = &marked
		}
		out.Items = append(out.Items, item)
	}
	return out, nil
}
