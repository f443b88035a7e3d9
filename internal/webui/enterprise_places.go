package webui

import (
	"net/url"

	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/web/pages/enterprise"
	"github.com/orynda/orynda/web/ui"
)

// placesPerPage is how many places a page of the list holds.
const placesPerPage = 20

func (s *site) enterprisePlaces(v *visit) error {
	e, head, err := s.enterpriseOf(v, "placements")
	if err != nil {
		return err
	}
	after, err := v.cursor()
	if err != nil {
		return err
	}
	p := enterprise.Places{Head: head, State: v.query("state"), Words: v.query("q")}
	q := placements.OwnQuery{Words: p.Words, Cursor: after, Limit: placesPerPage}
	if p.State != "" {
		q.States = []placements.State{placements.State(p.State)}
	}
	page, err := s.Placements.ListOwn(v.ctx(), v.actor, e.ID, q)
	if err != nil {
		return err
	}
	p.Items, p.Start = page.Items, placesPath(e.ID, p.State, p.Words, "")
	if !page.Next.IsZero() {
		p.Next = placesPath(e.ID, p.State, p.Words, page.Next.String())
	}
	return v.show(enterprise.PlacesPage(p))
}

func placesPath(id, state, words, cursor string) string {
	q := url.Values{}
	for name, value := range map[string]string{"state": state, "q": words, "cursor": cursor} {
		if value != "" {
			q.Set(name, value)
		}
	}
	path := "/enterprises/" + id + "/placements"
	if len(q) > 0 {
		path += "?" + q.Encode()
	}
	return path
}

// placePublish publishes a draft. What it lacks is shown on the last step of the form, every rule at once.
func (s *site) placePublish(v *visit) error {
	view, err := s.Placements.Publish(v.ctx(), v.actor, v.param("id"))
	if err == nil {
		v.keepNotice(noticeGood, v.say("site.done.enterprise.published"))
		return v.goTo("/placements/"+view.Place.ID, "")
	}
	f := &ui.Form{}
	if !v.refused(err, f, nil) {
		return err
	}
	f.Errors = nil // the page lists them with their steps
	p, wrong := s.postingPreview(v, f)
	if wrong != nil {
		return err
	}
	return v.again(enterprise.PreviewPage(p))
}

func (s *site) placePause(v *visit) error {
	view, err := s.Placements.Pause(v.ctx(), v.actor, v.param("id"))
	return s.placeStep(v, view, err, "enterprise.paused")
}

func (s *site) placeResume(v *visit) error {
	view, err := s.Placements.Resume(v.ctx(), v.actor, v.param("id"))
	return s.placeStep(v, view, err, "enterprise.resumed")
}

// placeStep leads back to the list that a step's button stood in.
func (s *site) placeStep(v *visit, view *placements.View, err error, done string) error {
	back := v.form().Value("back")
	if err != nil {
		if !ownPath(back) {
			back = "/placements/" + v.param("id") + "/edit?step=" + enterprise.StepPreview
		}
		return v.refusedAct(err, back)
	}
	if !ownPath(back) {
		back = placesPath(view.Place.EnterpriseID, "", "", "")
	}
	return v.goTo(back, done)
}

func (s *site) placeClone(v *visit) error {
	view, err := s.Placements.Clone(v.ctx(), v.actor, v.param("id"))
	if err != nil {
		return err
	}
	return v.goTo("/placements/"+view.Place.ID+"/edit?step="+enterprise.StepWhen, "enterprise.cloned")
}

func (s *site) placeClosePage(v *visit) error {
	c, err := s.placeClosing(v, &ui.Form{})
	if err != nil {
		return err
	}
	return v.show(enterprise.ClosePage(c))
}

func (s *site) placeClosing(v *visit, f *ui.Form) (enterprise.Closing, error) {
	view, head, err := s.ownPlaceOf(v)
	if err == nil {
		err = mustHire(head)
	}
	return enterprise.Closing{Head: head, View: view, Form: f}, err
}

func (s *site) placeClose(v *visit) error {
	f := v.form()
	view, err := s.Placements.Close(v.ctx(), v.actor, v.param("id"), f.Value("comment"))
	if err == nil {
		return v.goTo(placesPath(view.Place.EnterpriseID, "", "", ""), "enterprise.closed")
	}
	if !v.refused(err, f, nil) {
		return err
	}
	c, wrong := s.placeClosing(v, f)
	if wrong != nil {
		return err
	}
	return v.again(enterprise.ClosePage(c))
}

// filingsPerPage is how many filings a page holds; a place has one with each chamber.
const filingsPerPage = 50

func (s *site) placeFilings(v *visit) error {
	view, head, err := s.ownPlaceOf(v)
	if err != nil {
		return err
	}
	after, err := v.cursor()
	if err != nil {
		return err
	}
	page, err := s.Placements.PlacementFilings(v.ctx(), v.actor, view.Place.ID, after, filingsPerPage)
	if err != nil {
		return err
	}
	out := enterprise.Filings{Head: head, Place: view.Place}
	for _, f := range page.Items {
		one, err := s.placeFiling(v, f)
		if err != nil {
			return err
		}
		out.Items = append(out.Items, one)
	}
	if !page.Next.IsZero() {
		out.Next = "/placements/" + view.Place.ID + "/filings?cursor=" + url.QueryEscape(page.Next.String())
	}
	return v.show(enterprise.FilingsPage(out))
}

func (s *site) placeFiling(v *visit, f *placements.FilingView) (enterprise.Filing, error) {
	out := enterprise.Filing{Number: f.Filing.Number, State: f.Filing.State, FiledAt: f.Filing.FiledAt}
	c, err := s.Directory.Chamber(v.ctx(), f.Filing.ChamberID)
	if err != nil {
		return out, err
	}
	out.Chamber = c.Name
	if f.Filing.State == placements.Filed {
		out.Due = &ui.Clock{From: f.Filing.FiledAt, Until: f.Filing.DueAt}
		return out, nil
	}
	out.Comment = f.Filing.Comment
	for _, field := range f.Filing.Fields {
		control := postingField(field)
		out.Fields = append(out.Fields, enterprise.Remark{
			Label: enterprise.Label(v.ctx(), control), Path: "/placements/" + f.Place.ID + "/edit?step=" + enterprise.StepOf(field) + "#f-" + control,
		})
	}
	return out, nil
}
