package webui

import (
	"slices"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/agreements"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/selection"
	"github.com/orynda/orynda/web/pages/enterprise"
	"github.com/orynda/orynda/web/ui"
)

// How much a desk looks at and shows.
const (
	deskPlaces     = 100 // places looked at, the last changed ones first
	deskApplicants = 500 // live applications looked at, the most urgent ones first
	deskTasks      = 40  // shown
	deskRows       = 8   // places shown
)

// enterpriseDesk is what waits for the enterprise, clocks first.
func (s *site) enterpriseDesk(v *visit) error {
	e, head, err := s.enterpriseOf(v, "desk")
	if err != nil {
		return err
	}
	d := enterprise.Desk{Head: head, Enterprise: e}
	page, err := s.Placements.ListOwn(v.ctx(), v.actor, e.ID, placements.OwnQuery{Limit: deskPlaces})
	if err != nil {
		return err
	}
	for _, view := range page.Items {
		s.deskPlace(&d, view)
	}
	if head.Hires || v.actor.MemberOf(e.ID, accounts.RoleInterviewer) {
		if err := s.deskApplications(v, &d); err != nil {
			return err
		}
	}
	if err := s.deskAgreements(v, &d); err != nil {
		return err
	}
	d.Places, d.MorePlaces = page.Items, len(page.Items) > deskRows
	d.Places = d.Places[:min(len(d.Places), deskRows)]
	sortDesk(&d)
	return v.show(enterprise.DeskPage(d))
}

// deskPlace notes what waits at the place itself: a draft to finish, a filing to mend.
func (s *site) deskPlace(d *enterprise.Desk, view *placements.View) {
	p := view.Place
	for _, f := range view.Filings {
		if f.State == placements.Remarks && p.Live() {
			d.Tasks = append(d.Tasks, enterprise.Task{What: "remarks", Who: f.Number, Place: p.Title, Path: "/placements/" + p.ID + "/filings"})
		}
	}
	if !d.Hires {
		return
	}
	switch {
	case p.State == placements.Draft:
		d.Tasks = append(d.Tasks, enterprise.Task{What: "draft", Who: p.Reference, Place: p.Title, Path: "/placements/" + p.ID + "/edit?step=" + enterprise.StepPreview})
	case p.State == placements.Paused && p.PausedFor != "":
		d.Tasks = append(d.Tasks, enterprise.Task{What: "paused", Who: p.Reference, Place: p.Title, Path: "/placements/" + p.ID + "/applicants"})
	}
}

// deskApplications sorts the live applications by whose turn it is.
func (s *site) deskApplications(v *visit, d *enterprise.Desk) error {
	page, err := s.Selection.ListOfEnterprise(v.ctx(), v.actor, d.ID, selection.Filter{Live: true, Limit: deskApplicants})
	if err != nil {
		return err
	}
	list, err := s.Selection.Views(v.ctx(), v.actor, page.Items)
	if err != nil {
		return err
	}
	now := s.Clock.Now()
	soon := cal.DayOf(now).Add(2).Start()
	for _, a := range list {
		if !a.Place.Live() {
			continue // it is closing: its applications are being answered
		}
		path := "/applications/" + a.App.ID
		switch iv := a.App.Interview; {
		case a.App.State == selection.Offered:
			d.Offers = append(d.Offers, enterprise.OpenOffer{Who: a.Applicant.FullName, Place: a.Place.Title, Clock: &ui.Clock{Until: a.App.OfferUntil}, Path: path})
		case a.Wait != nil && a.Wait.Party == selection.WaitsForEnterprise:
			d.Tasks = append(d.Tasks, enterprise.Task{
				Clock: answerClock(a), What: deskTask(a), Who: a.Applicant.FullName, Place: a.Place.Title, Path: path,
			})
		case a.App.State == selection.Interviewing && iv != nil && iv.Live && iv.StartsAt.Before(soon) && now.Before(iv.EndsAt):
			d.Meetings = append(d.Meetings, enterprise.Meeting{At: iv.StartsAt, End: iv.EndsAt, Who: a.Applicant.FullName, Place: a.Place.Title, Path: path})
		}
	}
	return nil
}

// deskTask is the word for a turn of the enterprise.
func deskTask(a *selection.View) string {
	switch {
	case a.Wait.Action == "record_result" && a.App.State == selection.Interviewed:
		return "scorecard"
	case a.Wait.Action == "record_result":
		return "attendance"
	}
	return a.Wait.Action
}

func answerClock(a *selection.View) *ui.Clock {
	if a.Wait.Until.IsZero() {
		return nil
	}
	c := &ui.Clock{Until: a.Wait.Until}
	if a.App.ClockFrom.Valid() {
		c.From = a.App.ClockFrom.Start()
	}
	return c
}

// deskAgreements adds the agreements whose next step is the enterprise's.
func (s *site) deskAgreements(v *visit, d *enterprise.Desk) error {
	page, err := s.Agreements.List(v.ctx(), v.actor, agreements.Filter{EnterpriseID: d.ID, WaitingFor: agreements.ByEnterprise, Limit: deskTasks})
	if err != nil {
		return err
	}
	for _, sum := range page.Items {
		for _, w := range sum.Waiting {
			if w.Party != agreements.ByEnterprise {
				continue
			}
			t := enterprise.Task{What: "agreement_" + string(w.Action), Who: sum.Agreement.StudentName, Place: sum.Agreement.PlacementTitle, Path: "/agreements/" + sum.Agreement.ID}
			if w.Until.Valid() {
				t.Clock = ui.DayClock("", w.Until)
			}
			d.Tasks = append(d.Tasks, t)
			break
		}
	}
	return nil
}

// sortDesk puts what runs out first, and what has no clock last.
func sortDesk(d *enterprise.Desk) {
	slices.SortStableFunc(d.Tasks, func(a, b enterprise.Task) int {
		switch {
		case a.Clock == nil && b.Clock == nil:
			return 0
		case a.Clock == nil:
			return 1
		case b.Clock == nil:
			return -1
		}
		return a.Clock.Until.Compare(b.Clock.Until)
	})
	slices.SortStableFunc(d.Meetings, func(a, b enterprise.Meeting) int { return a.At.Compare(b.At) })
	slices.SortStableFunc(d.Offers, func(a, b enterprise.OpenOffer) int { return a.Clock.Until.Compare(b.Clock.Until) })
	if over := len(d.Tasks) - deskTasks; over > 0 {
		d.Tasks, d.MoreTasks = d.Tasks[:deskTasks], over
	}
}
