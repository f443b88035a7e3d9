package webui

import (
	"slices"
	"strconv"
	"strings"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/notifications/dates"
	"github.com/orynda/orynda/internal/selection"
	"github.com/orynda/orynda/web/pages/selecting"
	"github.com/orynda/orynda/web/ui"
)

// rankingPage is the saved order, or the draft that follows from the scorecards.
func (s *site) rankingPage(v *visit) error {
	d, _, err := s.rankingOf(v, ui.NewForm(nil))
	if err != nil {
		return err
	}
	return v.show(selecting.RankingPage(d))
}

// movable tells who may still be ranked; the others have an offer.
func movable(app *selection.Application) bool {
	return app.State == selection.Interviewed || app.State == selection.Reserve
}

// rankingOf shows the ranking in its saved order.
func (s *site) rankingOf(v *visit, f *ui.Form) (selecting.Ranking, *selection.Ranked, error) {
	view, head, err := s.selectingPlace(v, "ranking")
	if err != nil {
		return selecting.Ranking{}, nil, err
	}
	r, err := s.Selection.Ranking(v.ctx(), v.actor, head.Place)
	if err != nil {
		return selecting.Ranking{}, nil, err
	}
	d := selecting.Ranking{Head: head, Form: f, Version: strconv.FormatInt(r.Version, 10), Ordered: r.Ordered, Auto: view.Place.AutoOffer}
	for _, app := range r.Applications {
		row := v.rankedRow(r, app)
		if movable(app) {
			row.Listed = app.State == selection.Reserve || !r.Ordered && row.Recommended
			d.Items = append(d.Items, row)
		} else {
			d.Fixed = append(d.Fixed, row)
		}
	}
	renumber(d.Items)
	for _, c := range r.Changes {
		d.History = append(d.History, selecting.Line{When: dates.Moment(v.lang, c.At), What: c.Reason})
	}
	return d, r, nil
}

func (v *visit) rankedRow(r *selection.Ranked, app *selection.Application) selecting.Ranked {
	o := app.Outcome
	return selecting.Ranked{
		ID: app.ID, Name: r.Names[app.ID], Path: "/applications/" + app.ID, State: v.say("state.application." + string(app.State)), Kind: kindOf(app.State),
		Average: fraction(v.ctx(), o.Average), Recommendation: v.say("recommendation." + string(o.Recommendation)),
		RecommendationKind: recommendationKind(o.Recommendation), Recommended: o.Recommends(), Fixed: !movable(app),
	}
}

// renumber writes the positions anew, from 1.
func renumber(items []selecting.Ranked) {
	for i := range items {
		items[i].Position, items[i].First, items[i].Last = strconv.Itoa(i+1), i == 0, i == len(items)-1
	}
}

// asTyped puts the rows in the order of the numbers typed beside them, and ticks what was ticked.
func asTyped(items []selecting.Ranked, f *ui.Form) {
	at := func(r selecting.Ranked) int {
		if n := number(typed(f, "position."+r.ID)); n >= 0 {
			return n
		}
		return len(items) + 1
	}
	slices.SortStableFunc(items, func(a, b selecting.Ranked) int { return at(a) - at(b) })
	for i := range items {
		items[i].Listed = f.Has("listed", items[i].ID)
	}
	renumber(items)
}

// shift moves one row up or down.
func shift(items []selecting.Ranked, id string, by int) {
	i := slices.IndexFunc(items, func(r selecting.Ranked) bool { return r.ID == id })
	if i < 0 || i+by < 0 || i+by >= len(items) {
		return
	}
	items[i], items[i+by] = items[i+by], items[i]
	renumber(items)
}

// rank moves rows about without saving, or saves the order with its reason.
func (s *site) rank(v *visit) error {
	f := v.form()
	d, _, err := s.rankingOf(v, f)
	if err != nil {
		return err
	}
	asTyped(d.Items, f)
	d.Changed = true
	act, id, _ := strings.Cut(f.Value("act"), ":")
	switch act {
	case "up", "down":
		shift(d.Items, id, map[string]int{"up": -1, "down": 1}[act])
	case "sort":
	default:
		return s.saveRanking(v, f, d)
	}
	d.Version = f.Value("version") // still what the reader saw: a newer order is told of on saving
	return v.show(selecting.RankingPage(d))
}

func (s *site) saveRanking(v *visit, f *ui.Form, d selecting.Ranking) error {
	ids := []string{}
	for _, r := range d.Items {
		if r.Listed {
			ids = append(ids, r.ID)
		}
	}
	_, err := s.Selection.UpdateRanking(v.ctx(), v.actor, d.Place, ids, typed(f, "reason"), f.Version())
	if err == nil {
		return v.goTo("/placements/"+d.Place+"/ranking", "selecting.ranked")
	}
	if !v.refused(err, f, func(field string) string {
		if strings.HasPrefix(field, "application_ids") {
			return "application_ids"
		}
		return field
	}) {
		return err
	}
	if errs.Has(err, "stale_version") {
		f.Problem = v.say("site.selecting.ranking.stale")
	}
	f.Labels = map[string]string{"reason": v.say("site.selecting.ranking.reason"), "application_ids": v.say("site.selecting.ranking.title")}
	return v.again(selecting.RankingPage(d))
}
