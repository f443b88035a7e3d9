package meili

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	meilisearch "github.com/meilisearch/meilisearch-go"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/search"
)

// Search implements search.Engine. It makes one multi-search call; only a question of several words that finds nothing needs two more.
func (e *Engine) Search(ctx context.Context, q search.Query) (*search.Result, error) {
	if err := q.Validate(); err != nil {
		return nil, err
	}
	q = q.Normal()
	ctx, cancel := bounded(ctx, e.o.SearchTimeout)
	defer cancel()
	u := search.Read(q.Text)
	res, err := e.ask(ctx, q, u)
	if err != nil || res.Total > 0 || len(u.Words) < 2 {
		return res, err
	}
	n, err := e.longest(ctx, q, u)
	if err != nil || n == 0 {
		return res, err
	}
	return e.ask(ctx, q, u.Keep(n))
}

// ask asks one reading of the question: the page with the counts of all groups that don't filter, and for each group that filters its
// counts without itself.
func (e *Engine) ask(ctx context.Context, q search.Query, u search.Understood) (*search.Result, error) {
	page := e.query(q, u, "")
	page.Page, page.HitsPerPage = int64(q.Page), ptr(int64(q.PerPage))
	page.Sort = order(q)
	page.AttributesToRetrieve = []string{attrPlace}
	if q.Near != nil {
		page.AttributesToRetrieve = append(page.AttributesToRetrieve, attrPoints)
	}
	queries := []*meilisearch.SearchRequest{page}
	var own []search.Facet
	for _, f := range q.Facets {
		if search.FilterValues(f, q.Selected(f)) == nil {
			page.Facets = append(page.Facets, facetOf(f))
			continue
		}
		count := e.query(q, u, f)
		count.Facets = []string{facetOf(f)}
		queries, own = append(queries, count), append(own, f)
	}
	for _, s := range q.Seats {
		page.Facets = append(page.Facets, seatsOf(s))
	}
	answers, err := e.multi(ctx, queries)
	if err != nil {
		return nil, err
	}
	res := &search.Result{Total: int(answers[0].TotalHits), Page: q.Page, PerPage: q.PerPage, Understood: u,
		Facets: map[search.Facet][]search.FacetCount{}}
	if res.Hits, err = hits(answers[0].Hits, q.Near); err != nil {
		return nil, err
	}
	for _, f := range q.Facets {
		from := answers[0]
		for i, o := range own {
			if o == f {
				from = answers[i+1]
			}
		}
		counts, err := counts(from, facetOf(f))
		if err != nil {
			return nil, err
		}
		res.Facets[f] = search.FinishFacet(f, decodeCounts(counts), q.Selected(f))
	}
	return res, sumSeats(q, answers[0], res)
}

// sumSeats adds up what the page's answer counted.
func sumSeats(q search.Query, from meilisearch.SearchResponse, res *search.Result) error {
	for _, s := range q.Seats {
		counts, err := counts(from, seatsOf(s))
		if err != nil {
			return err
		}
		if res.Seats == nil {
			res.Seats = map[search.Seats][]search.FacetCount{}
		}
		res.Seats[s] = search.SumSeats(decodeCounts(counts))
	}
	return nil
}

// longest gives how many of the first words some place has together, 0 for none, knowing that none has all.
func (e *Engine) longest(ctx context.Context, q search.Query, u search.Understood) (int, error) {
	var queries []*meilisearch.SearchRequest
	for n := len(u.Words) - 1; n > 0; n-- {
		queries = append(queries, e.query(q, u.Keep(n), ""))
	}
	answers, err := e.multi(ctx, queries)
	if err != nil {
		return 0, err
	}
	for i, a := range answers {
		if a.TotalHits > 0 {
			return len(u.Words) - 1 - i, nil
		}
	}
	return 0, nil
}

// query is a question without a page: it only counts. The filter of one group may be left out.
func (e *Engine) query(q search.Query, u search.Understood, without search.Facet) *meilisearch.SearchRequest {
	r := &meilisearch.SearchRequest{
		IndexUID: e.o.Index, Query: text(u), MatchingStrategy: meilisearch.All, Filter: filter(q, without),
		Page: 1, HitsPerPage: ptr(int64(0)), AttributesToRetrieve: []string{attrPlace},
	}
	if byPoint(q) {
		r.Distinct = attrPlace
	}
	return r
}

// text writes the words; a space at the end says that the last one is whole.
func text(u search.Understood) string {
	if len(u.Words) > 0 && !u.Prefix {
		return u.Text() + " "
	}
	return u.Text()
}

// byPoint tells whether the question is about single points, so that the records of further ones take part.
func byPoint(q search.Query) bool { return q.RadiusKM > 0 || q.Sort == search.Distance }

// order writes the sort; nothing for relevance, which is the ranking rules' own.
func order(q search.Query) []string {
	by := func(attr, direction string) []string { return []string{attr + ":" + direction, attrPlace + ":asc"} }
	switch q.Sort {
	case search.Newest:
		return by(attrPublished, "desc")
	case search.ClosingSoon:
		return by(attrApplyBy, "asc")
	case search.StartsOn:
		return by(attrStartsOn, "asc")
	case search.Compensation:
		return by(attrPay, "desc")
	case search.FewestApplicants:
		return by(attrApplicants, "asc")
	case search.Distance:
		return by(fmt.Sprintf("_geoPoint(%s)", point(*q.Near)), "asc")
	default:
		return nil
	}
}

func point(p search.Point) string { return fmt.Sprintf("%.7f, %.7f", p.Lat, p.Lon) }

// filter writes the filters, all but those of one group.
func filter(q search.Query, without search.Facet) string {
	var parts []string
	add := func(format string, args ...any) { parts = append(parts, fmt.Sprintf(format, args...)) }
	if !byPoint(q) {
		add("%s = 0", attrExtra)
	}
	for _, f := range search.Facets() {
		if values := search.FilterValues(f, q.Selected(f)); values != nil && f != without {
			add(`%s IN ["%s"]`, facetOf(f), strings.Join(encodeAll(values), `","`))
		}
	}
	if q.MinCompensation > 0 {
		add("%s >= %d", attrPay, q.MinCompensation)
	}
	if q.MaxWeeklyHours > 0 {
		add("%s <= %d", attrHours, q.MaxWeeklyHours)
	}
	if q.StartsFrom != "" {
		add("%s >= %d", attrStartsOn, dayNumber(q.StartsFrom))
	}
	if q.StartsTo != "" {
		add("%s <= %d", attrStartsOn, dayNumber(q.StartsTo))
	}
	if q.RadiusKM > 0 {
		add("_geoRadius(%s, %.1f)", point(*q.Near), q.RadiusKM*1000)
	}
	return strings.Join(parts, " AND ")
}

// multi makes one call for several queries.
func (e *Engine) multi(ctx context.Context, queries []*meilisearch.SearchRequest) ([]meilisearch.SearchResponse, error) {
	res, err := e.client.MultiSearchWithContext(ctx, &meilisearch.MultiSearchRequest{Queries: queries})
	if err != nil {
		return nil, typed(ctx, err)
	}
	if len(res.Results) != len(queries) {
		return nil, unavailable(fmt.Errorf("%d answers to %d queries", len(res.Results), len(queries)))
	}
	return res.Results, nil
}

func hits(from meilisearch.Hits, near *search.Point) ([]search.Hit, error) {
	out := make([]search.Hit, 0, len(from))
	for _, h := range from {
		var hit search.Hit
		if err := json.Unmarshal(h[attrPlace], &hit.ID); err != nil {
			return nil, unreadable(err)
		}
		if near != nil {
			var pairs [][2]float64
			if err := json.Unmarshal(h[attrPoints], &pairs); err != nil {
				return nil, unreadable(err)
			}
			var points []search.Point
			for _, p := range pairs {
				points = append(points, search.Point{Lat: p[0], Lon: p[1]})
			}
			hit.DistanceKM = search.NearestKM(*near, points)
		}
		out = append(out, hit)
	}
	return out, nil
}

// unreadable is the error of an answer that isn't ours: something else answers at this address, or another version built the index.
func unreadable(err error) error {
	return errs.New(errs.Unavailable, "search_unavailable").WithCause(err)
}

// counts reads the counts of one attribute.
func counts(a meilisearch.SearchResponse, attr string) (map[string]int, error) {
	all := map[string]map[string]int{}
	if len(a.FacetDistribution) > 0 {
		if err := json.Unmarshal(a.FacetDistribution, &all); err != nil {
			return nil, unreadable(err)
		}
	}
	return all[attr], nil
}

func decodeCounts(in map[string]int) map[string]int {
	out := make(map[string]int, len(in))
	for v, n := range in {
		out[decode(v)] = n
	}
	return out
}

func ptr[T any](v T) *T { return &v }

// Count implements search.Engine.
func (e *Engine) Count(ctx context.Context) (int, error) {
	ctx, cancel := bounded(ctx, e.o.SearchTimeout)
	defer cancel()
	answers, err := e.multi(ctx, []*meilisearch.SearchRequest{e.query(search.Query{Full: search.FullInclude}, search.Understood{}, "")})
	if err != nil {
		return 0, err
	}
	return int(answers[0].TotalHits), nil
}
