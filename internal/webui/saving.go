package webui

import (
	"context"
	"net/url"
	"strings"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/finding"
	"github.com/orynda/orynda/internal/finding/questions"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/saving"
	"github.com/orynda/orynda/web/pages/public"
	pages "github.com/orynda/orynda/web/pages/saving"
	"github.com/orynda/orynda/web/ui"
)

// savedPerPage is how many saved places one page shows.
const savedPerPage = 20

const savedPage = "/saved"

// savingRoutes are the pages of saved places and searches.
func (s *site) savingRoutes() {
	s.own(savedPage, s.saved)
	s.change("/saved/places", s.savePlace)
	s.own("/saved/searches/new", s.newSearch)
	s.change("/saved/searches", s.saveSearch)
	s.own("/saved/searches/:id", s.openSearch)
	s.own("/saved/searches/:id/edit", s.editSearch)
	s.change("/saved/searches/:id/edit", s.changeSearch)
	s.change("/saved/searches/:id/delete", s.forgetSearch)
}

// saved is what the reader wants to find again.
func (s *site) saved(v *visit) error {
	after, err := v.cursor()
	if err != nil {
		return err
	}
	searches, err := s.Saving.Searches(v.ctx(), v.actor)
	if err != nil {
		return err
	}
	places, err := s.Saving.Places(v.ctx(), v.actor, after, savedPerPage)
	if err != nil {
		return err
	}
	d := pages.Data{Most: saving.MostSearches}
	for _, one := range searches {
		d.Searches = append(d.Searches, s.searchLine(v, one))
	}
	for _, one := range places.Items {
		d.Places = append(d.Places, s.savedLine(v.ctx(), one))
	}
	if !places.Next.IsZero() {
		d.Next = savedPage + "?cursor=" + url.QueryEscape(places.Next.String())
	}
	return v.show(pages.List(d))
}

func (s *site) searchLine(v *visit, one *saving.Search) pages.Search {
	a := askOf(one.Query)
	out := pages.Search{
		ID: one.ID, Name: one.Name, Words: s.questionWords(v.ctx(), a), Path: a.path(resultsPage), Feed: ui.Link(v.ctx(), a.without("sort", "").path("/placements.atom")),
		Alerts: v.say("site.saving.alerts." + string(one.Alerts)),
	}
	if !one.DueAt.IsZero() {
		out.Next = v.say("site.saving.next", "when", ui.Short(v.ctx(), one.DueAt))
	}
	return out
}

func (s *site) savedLine(ctx context.Context, one saving.SavedPlace) pages.Place {
	p := one.Place
	out := pages.Place{ID: p.ID, Reference: p.Reference, State: ui.TOr(ctx, "", "state.placement."+string(p.State))}
	if one.View != nil {
		r := s.result(ctx, one.View)
		out.Result = &r
	} else if p.State != placements.Closed {
		out.Title, out.Lang = ui.In(ctx, p.Title), ui.InLang(ctx, p.Title)
	}
	return out
}

// savePlace saves a place, or forgets it, and leads back to where its button stood.
func (s *site) savePlace(v *visit) error {
	f, back := v.form(), v.page.Path
	if strings.HasPrefix(back, "/saved/places") { // a browser that doesn't say where it was
		back = savedPage
	}
	id, done := f.Value("forget"), "place_forgotten"
	act := s.Saving.ForgetPlace
	if id == "" {
		id, done, act = f.Value("save"), "place_saved", s.Saving.SavePlace
	}
	if err := act(v.ctx(), v.actor, id); err != nil {
		return v.refusedAct(err, back)
	}
	return v.goTo(back, done)
}

// ownResults says of places found what the reader has done with them.
func (s *site) ownResults(v *visit, found []finding.Item, shown []public.Result) error {
	if v.actor.Anonymous() {
		return nil
	}
	ids := make([]string, len(found))
	for i, one := range found {
		ids[i] = one.View.Place.ID
	}
	saved, err := s.Saving.Saved(v.ctx(), v.actor, ids...)
	if err != nil {
		return err
	}
	apps, err := s.Selection.OwnFor(v.ctx(), v.actor, ids...)
	if err != nil {
		return err
	}
	for i, id := range ids {
		shown[i].Saved = saved[id]
		if shown[i].Saved {
			shown[i].Badges = append(shown[i].Badges, v.say("site.saving.badge"))
		}
		app := apps[id]
		switch {
		case app == nil:
		case app.Interview != nil && app.Interview.Live:
			shown[i].Badges = append(shown[i].Badges, v.say("site.saving.interview", "when", ui.Short(v.ctx(), app.Interview.StartsAt)))
		default:
			shown[i].Badges = append(shown[i].Badges, v.say("site.saving.applied", "state", v.say("state.application."+string(app.State))))
		}
	}
	return nil
}

// savedPart says whether the reader has saved a place; a stranger is led to the sign-in first.
func (s *site) savedPart(v *visit, d *public.PlaceData) error {
	if v.actor.Anonymous() {
		d.SignIn = "/signin?next=" + url.QueryEscape("/placements/"+d.ID)
		return nil
	}
	saved, err := s.Saving.Saved(v.ctx(), v.actor, d.ID)
	d.Saving, d.Saved = v.actor.EmailProved, saved[d.ID]
	return err
}

// newSearch is the form that saves a question, which its address brings.
func (s *site) newSearch(v *visit) error {
	a := v.asked().without(wholeParam, "")
	f := ui.NewForm(url.Values{})
	f.Set("query", a.values.Encode())
	f.Set("name", s.searchName(v, a))
	f.Set("alerts", string(saving.Daily))
	return v.show(pages.Edit(f, s.editing(v, a, "")))
}

func (s *site) saveSearch(v *visit) error {
	f := v.form()
	one, err := s.Saving.SaveSearch(v.ctx(), v.actor, saving.Input{Name: f.Value("name"), Query: f.Value("query"), Alerts: saving.Alerts(f.Value("alerts"))})
	if err == nil {
		done := "search_saved"
		if one.Alerts == saving.Off {
			done = "search_saved_quiet"
		}
		return v.goTo(savedPage, done)
	}
	return s.searchAgain(v, f, err, askOf(f.Value("query")), "")
}

// openSearch leads to what a saved search finds now, the newest first.
func (s *site) openSearch(v *visit) error {
	one, err := s.Saving.OwnSearch(v.ctx(), v.actor, v.param("id"))
	if err != nil {
		return err
	}
	return v.goTo(askOf(one.Query).with("sort", "newest").path(resultsPage), "")
}

func (s *site) editSearch(v *visit) error {
	one, err := s.Saving.OwnSearch(v.ctx(), v.actor, v.param("id"))
	if err != nil {
		return err
	}
	f := ui.NewForm(url.Values{})
	f.Set("name", one.Name)
	f.Set("alerts", string(one.Alerts))
	return v.show(pages.Edit(f, s.editing(v, askOf(one.Query), one.ID)))
}

func (s *site) changeSearch(v *visit) error {
	f := v.form()
	name, alerts := f.Value("name"), saving.Alerts(f.Value("alerts"))
	_, err := s.Saving.UpdateSearch(v.ctx(), v.actor, v.param("id"), saving.Change{Name: &name, Alerts: &alerts}, 0)
	if err == nil {
		return v.goTo(savedPage, "search_changed")
	}
	one, gone := s.Saving.OwnSearch(v.ctx(), v.actor, v.param("id"))
	if gone != nil {
		return gone
	}
	return s.searchAgain(v, f, err, askOf(one.Query), one.ID)
}

// searchAgain shows a refused form with what was typed. What is wrong with the question itself stands on top.
func (s *site) searchAgain(v *visit, f *ui.Form, err error, a ask, searchID string) error {
	if !v.refused(err, f, nil) {
		return err
	}
	f.Labels = map[string]string{"name": v.say("site.saving.name"), "alerts": v.say("site.saving.alerts")}
	kept := f.Errors[:0]
	for _, e := range f.Errors {
		if e.Field == "name" || e.Field == "alerts" {
			kept = append(kept, e)
			continue
		}
		if !strings.Contains(f.Problem, e.Message) {
			f.Problem = strings.TrimSpace(f.Problem + " " + e.Message)
		}
	}
	f.Errors = kept
	return v.again(pages.Edit(f, s.editing(v, a, searchID)))
}

func (s *site) forgetSearch(v *visit) error {
	if err := s.Saving.ForgetSearch(v.ctx(), v.actor, v.param("id")); err != nil && errs.KindOf(err) != errs.NotFound {
		return v.refusedAct(err, savedPage)
	}
	return v.goTo(savedPage, "search_deleted")
}

// editing is what the form of a saved search shows beside its fields; a new one has no id.
func (s *site) editing(v *visit, a ask, searchID string) pages.EditData {
	d := pages.EditData{ID: searchID, Words: s.questionWords(v.ctx(), a), Path: a.path(resultsPage), MaxName: saving.MostName}
	for _, one := range saving.AllAlerts() {
		d.Alerts = append(d.Alerts, ui.Option{Value: string(one), Label: v.say("site.saving.alerts." + string(one))})
	}
	return d
}

// askOf reads a question that was kept.
func askOf(query string) ask {
	values, err := url.ParseQuery(query)
	if err != nil {
		values = url.Values{} // a form of somebody's own making
	}
	return ask{values: questions.Normal(values)}
}

// questionWords says what a question asks for: its words, then its filters.
func (s *site) questionWords(ctx context.Context, a ask) []string {
	var out []string
	if q := a.first("q"); q != "" {
		out = append(out, q)
	}
	for _, c := range s.chips(ctx, a, nil) {
		out = append(out, c.Label)
	}
	if len(out) == 0 {
		out = append(out, ui.T(ctx, "site.saving.everything"))
	}
	return out
}

// searchName proposes a name for a question.
func (s *site) searchName(v *visit, a ask) string {
	name := []rune(strings.Join(s.questionWords(v.ctx(), a), ", "))
	if len(name) > saving.MostName {
		name = append(name[:saving.MostName-1], '…')
	}
	return string(name)
}
