package meili

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	meilisearch "github.com/meilisearch/meilisearch-go"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/search"
)

// Search implements search.Engine.
func (e *Engine) Search(ctx context.Context, q search.Query) (*search.Result, error) {
	if err := q.Validate(); err != nil {
		return nil, err
	}
	q = q.Normal()
	ctx, cancel := bounded(ctx, e.o.SearchTimeout)
	defer cancel()
	readings := e.read(q)
	if len(readings) == 0 {
		if q.Blank() {
			return e.page(ctx, q, search.Reading{})
		}
		return nothing(q), typed(ctx, ctx.Err())
	}
	return e.answer(ctx, q, readings)
}

// answer gives the page of the first reading that finds something, else that of the main one: from the first call where it can.
func (e *Engine) answer(ctx context.Context, q search.Query, readings []search.Reading) (*search.Result, error) {
	n, sure := ahead(readings)
	rest := readings[n:]
	var others []search.Reading
	if !sure {
		others = certain(rest)
	}
	pages, counts, err := e.pagesAnd(ctx, q, readings[:n], others)
	if err != nil {
		return nil, err
	}
	if last := pages[len(pages)-1]; last.Total > 0 {
		return last, nil
	}
	if sure {
		if counts, err = e.totals(ctx, q, certain(rest)); err != nil {
			return nil, err
		}
	}
	chosen, err := e.choose(ctx, q, rest, counts)
	if err != nil {
		return nil, err
	}
	if chosen != nil {
		return e.page(ctx, q, *chosen)
	}
	return pages[min(search.Main(readings), n-1)], nil
}

// mostAhead is how many pages are asked for in the first call at most.
const mostAhead = 3

// ahead tells of how many readings the pages are worth asking for at once: of names, which are quickly answered, and of the first other reading; where that
// has an unknown word, which most often is a misspelt one, of the next too. Sure says that the others need not be counted in the same call.
func ahead(readings []search.Reading) (n int, sure bool) {
	sure = true
	for n < min(mostAhead, len(readings)) && !readings[n].Guess {
		r := readings[n]
		n++
		if r.Scope == search.ByName {
			continue
		}
		if known(r) {
			break
		}
		sure = false
	}
	return max(n, 1), sure
}

func (e *Engine) read(q search.Query) []search.Reading {
	if q.Literally {
		return e.lexicon.ReadLiterally(q.Text)
	}
	return e.lexicon.Read(q.Text)
}

// known reports whether a reading has only known words.
func known(r search.Reading) bool {
	return !slices.ContainsFunc(r.Words, func(w search.Word) bool { return w.Unknown })
}

// certain gives the readings that need no guess.
func certain(readings []search.Reading) []search.Reading {
	return slices.DeleteFunc(slices.Clone(readings), func(r search.Reading) bool { return r.Guess })
}

// nothing is the answer to a text without words.
func nothing(q search.Query) *search.Result {
	res := &search.Result{Hits: []search.Hit{}, Page: q.Page, PerPage: q.PerPage, Facets: map[search.Facet][]search.FacetCount{}}
	for _, f := range q.Facets {
		res.Facets[f] = search.FinishFacet(f, nil, q.Selected(f))
	}
	for _, s := range q.Seats {
		if res.Seats == nil {
			res.Seats = map[search.Seats][]search.FacetCount{}
		}
		res.Seats[s] = search.SumSeats(nil)
	}
	return res
}

// choose gives the first reading that finds something, nil for none, by how many places the certain ones find; it asks for guesses only where they may decide.
func (e *Engine) choose(ctx context.Context, q search.Query, readings []search.Reading, counts []int) (*search.Reading, error) {
	sure := 0
	var guesses []search.Reading
	for i := range readings {
		if !readings[i].Guess {
			if sure++; counts[sure-1] == 0 {
				continue
			}
			return e.guessBefore(ctx, q, guesses, &readings[i])
		}
		guesses = append(guesses, readings[i])
	}
	return e.guessBefore(ctx, q, guesses, nil)
}

// guessBefore gives the first guess that finds something, else what follows the guesses.
func (e *Engine) guessBefore(ctx context.Context, q search.Query, guesses []search.Reading, after *search.Reading) (*search.Reading, error) {
	if len(guesses) == 0 {
		return after, nil
	}
	guessed, err := e.guess(ctx, guesses)
	if err != nil || len(guessed) == 0 {
		return after, err
	}
	counts, err := e.totals(ctx, q, guessed)
	if err != nil {
		return nil, err
	}
	for i := range guessed {
		if counts[i] > 0 {
			return &guessed[i], nil
		}
	}
	return after, nil
}

// totals counts what readings find, in one call.
func (e *Engine) totals(ctx context.Context, q search.Query, readings []search.Reading) ([]int, error) {
	if len(readings) == 0 {
		return nil, nil
	}
	var queries []*meilisearch.SearchRequest
	for i := range readings {
		queries = append(queries, e.query(q, &readings[i], ""))
	}
	answers, err := e.multi(ctx, queries)
	if err != nil {
		return nil, err
	}
	return totals(answers), nil
}

func totals(answers []meilisearch.SearchResponse) []int {
	out := make([]int, len(answers))
	for i, a := range answers {
		out[i] = int(a.TotalHits)
	}
	return out
}

// page asks for the page of one reading.
func (e *Engine) page(ctx context.Context, q search.Query, r search.Reading) (*search.Result, error) {
	pages, _, err := e.pagesAnd(ctx, q, []search.Reading{r}, nil)
	if err != nil {
		return nil, err
	}
	return pages[0], nil
}

// pagesAnd asks, in one call, for the pages of readings and for how many places other readings find. What comes after a page that has something is left out.
func (e *Engine) pagesAnd(ctx context.Context, q search.Query, readings, others []search.Reading) ([]*search.Result, []int, error) {
	var queries []*meilisearch.SearchRequest
	asked := make([]asking, len(readings))
	for i, r := range readings {
		asked[i] = e.asking(q, r)
		queries = append(queries, asked[i].queries...)
	}
	for i := range others {
		queries = append(queries, e.query(q, &others[i], ""))
	}
	answers, err := e.multi(ctx, queries)
	if err != nil {
		return nil, nil, err
	}
	var pages []*search.Result
	for _, a := range asked {
		page, err := a.result(answers[:len(a.queries)])
		if err != nil {
			return nil, nil, err
		}
		if pages = append(pages, page); page.Total > 0 {
			return pages, nil, nil
		}
		answers = answers[len(a.queries):]
	}
	return pages, totals(answers), nil
}

// asking is what is asked for the page of one reading: the page with the counts of all groups that don't filter, and for each group that filters its
// counts without itself.
type asking struct {
	q       search.Query
	reading search.Reading
	queries []*meilisearch.SearchRequest
	own     []search.Facet // the groups of the queries after the first
}

func (e *Engine) asking(q search.Query, r search.Reading) asking {
	if q.Near == nil {
		q.Near = r.Around
	}
	page := e.query(q, &r, "")
	page.Page, page.HitsPerPage = int64(q.Page), ptr(int64(q.PerPage))
	page.Sort = order(q)
	page.AttributesToRetrieve = []string{attrPlace}
	if q.Near != nil {
		page.AttributesToRetrieve = append(page.AttributesToRetrieve, attrPoints)
	}
	a := asking{q: q, reading: r, queries: []*meilisearch.SearchRequest{page}}
	for _, f := range q.Facets {
		if search.FilterValues(f, q.Selected(f)) == nil {
			page.Facets = append(page.Facets, facetOf(f))
			continue
		}
		count := e.query(q, &r, f)
		count.Facets = []string{facetOf(f)}
		a.queries, a.own = append(a.queries, count), append(a.own, f)
	}
	for _, s := range q.Seats {
		page.Facets = append(page.Facets, seatsOf(s))
	}
	return a
}

// result reads the answers.
func (a *asking) result(answers []meilisearch.SearchResponse) (*search.Result, error) {
	q := a.q
	res := &search.Result{
		Total: int(answers[0].TotalHits), Page: q.Page, PerPage: q.PerPage, Reading: a.reading, Facets: map[search.Facet][]search.FacetCount{},
	}
	var err error
	if res.Hits, err = hits(answers[0].Hits, q.Near); err != nil {
		return nil, err
	}
	counted := make([]map[string]map[string]int, len(answers))
	for i := range answers {
		if counted[i], err = counts(answers[i]); err != nil {
			return nil, err
		}
	}
	for _, f := range q.Facets {
		from := counted[1+slices.Index(a.own, f)] // the page's where the group doesn't filter
		res.Facets[f] = search.FinishFacet(f, decodeCounts(from[facetOf(f)]), q.Selected(f))
	}
	for _, s := range q.Seats {
		if res.Seats == nil {
			res.Seats = map[search.Seats][]search.FacetCount{}
		}
		res.Seats[s] = search.SumSeats(decodeCounts(counted[0][seatsOf(s)]))
	}
	return res, nil
}

// query is a question without a page: it only counts. The filter of one group may be left out.
func (e *Engine) query(q search.Query, r *search.Reading, without search.Facet) *meilisearch.SearchRequest {
	req := &meilisearch.SearchRequest{
		IndexUID: e.o.Index, Query: text(r), MatchingStrategy: meilisearch.All, Filter: filter(q, r, without),
		Page: 1, HitsPerPage: ptr(int64(0)), AttributesToRetrieve: []string{attrPlace},
	}
	if r.Scope != search.Anywhere && len(r.Words) > 0 {
		for f := range search.FieldCount {
			if r.Scope.Has(f) {
				req.AttributesToSearchOn = append(req.AttributesToSearchOn, wordsOf(f))
			}
		}
	}
	if byPoint(q) {
		req.Distinct = attrPlace
	}
	return req
}

// text writes the words. What stands in quotes is met whole and by nothing else; an open word at the end also by what begins with it.
func text(r *search.Reading) string {
	out := make([]string, len(r.Words))
	for i, w := range r.Words {
		if out[i] = `"` + w.Token + `"`; w.Prefix {
			out[i] = w.Token
		}
	}
	return strings.Join(out, " ")
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

// filter writes the filters, all but those of one group, and the places that the reading names.
func filter(q search.Query, r *search.Reading, without search.Facet) string {
	var parts []string
	add := func(format string, args ...any) { parts = append(parts, fmt.Sprintf(format, args...)) }
	in := func(f search.Facet, values []string) {
		if len(values) > 0 {
			add(`%s IN ["%s"]`, facetOf(f), strings.Join(encodeAll(values), `","`))
		}
	}
	if !byPoint(q) {
		add("%s = 0", attrExtra)
	}
	for _, f := range search.Facets() {
		if values := search.FilterValues(f, q.Selected(f)); values != nil && f != without {
			in(f, values)
		}
	}
	in(search.FacetCity, r.Cities)
	in(search.FacetRegion, r.Regions)
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

// counts reads how many places have each value, by attribute.
func counts(a meilisearch.SearchResponse) (map[string]map[string]int, error) {
	all := map[string]map[string]int{}
	if len(a.FacetDistribution) > 0 {
		if err := json.Unmarshal(a.FacetDistribution, &all); err != nil {
			return nil, unreadable(err)
		}
	}
	return all, nil
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
	answers, err := e.multi(ctx, []*meilisearch.SearchRequest{e.query(search.Query{Full: search.FullInclude}, &search.Reading{}, "")})
	if err != nil {
		return 0, err
	}
	return int(answers[0].TotalHits), nil
}
