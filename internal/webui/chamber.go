package webui

import (
	"slices"
	"time"

	"github.com/a-h/templ"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/agreements"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/storage"
	"github.com/orynda/orynda/web/pages/chamber"
	"github.com/orynda/orynda/web/pages/desk"
	"github.com/orynda/orynda/web/ui"
)

// How much a registrar's pages show.
const (
	chamberRows  = 10 // of each kind on the desk
	queuePerPage = 30
)

// chamberRoutes are the pages of a chamber's registrars.
func (s *site) chamberRoutes() {
	const at = "/chambers/:id"
	s.own(at+"/desk", s.chamberDesk)
	s.change(at+"/seen", s.seen(func(id string) string { return "/chambers/" + id + "/desk" }))
	s.change(at+"/looked", s.noteLook(
		func(v *visit) error { _, _, err := s.chamberOf(v, ""); return err },
		func(id, list string) string { return "/chambers/" + id + "/" + list },
		listVerifications, listFilings, listRegister,
	))
	s.own(at+"/verifications", s.chamberQueue)
	s.own(at+"/verifications/:one", s.reviewPage)
	s.change(at+"/verifications/:one", s.review)
	s.change(at+"/verifications/:one/claim", s.reviewClaim)
	s.own(at+"/filings", s.chamberFilings)
	s.own(at+"/filings/:one", s.filingPage)
	s.change(at+"/filings/:one", s.filing)
	s.own(at+"/register", s.chamberRegister)
	s.own(at+"/register.csv", s.registerExport("csv", "text/csv; charset=utf-8"))
	s.own(at+"/register.xlsx", s.registerExport("xlsx", xlsxType))
	s.own(at+"/people", s.chamberPeople)
	s.change(at+"/people", s.chamberInvite)
	s.memberRoutes(at+"/people", chamberPeoplePath)
}

func chamberPeoplePath(id string) string { return "/chambers/" + id + "/people" }

// chamberOf reads a chamber for its registrars, with the head of its pages; for others there is none.
func (s *site) chamberOf(v *visit, at string) (*directory.Chamber, chamber.Head, error) {
	id := v.param("id")
	if !v.actor.MemberOf(id) {
		return nil, chamber.Head{}, errs.New(errs.NotFound, "not_found")
	}
	c, err := s.Directory.ReadChamber(v.ctx(), v.actor, id)
	if err != nil {
		return nil, chamber.Head{}, err
	}
	return c, chamber.Head{ID: c.ID, Name: c.Name, At: at}, nil
}

func (s *site) chamberDesk(v *visit) error {
	_, head, err := s.chamberOf(v, "desk")
	if err != nil {
		return err
	}
	d := chamber.Desk{Head: head}
	for _, fill := range []func(*visit, *chamber.Desk) error{s.deskQueue, s.deskFilings, s.deskRegister} {
		if err := fill(v, &d); err != nil {
			return err
		}
	}
	if d.Changed, err = s.chamberChanged(v, head.ID); err != nil {
		return err
	}
	if d.News, err = s.newsOf(v); err != nil {
		return err
	}
	return v.show(chamber.DeskPage(d))
}

// chamberChanged counts what changed in the lists since the reader looked through each.
func (s *site) chamberChanged(v *visit, id string) (out []desk.Count, err error) {
	ctx, by := v.ctx(), v.actor
	for _, of := range []struct {
		list  string
		count func(since time.Time) (int, bool, error)
	}{
		{listVerifications, func(since time.Time) (int, bool, error) {
			page, err := s.Directory.ListVerifications(ctx, by, id, directory.QueueFilter{Since: since}, storage.Cursor{}, countedChanges)
			return len(page.Items), !page.Next.IsZero(), err
		}},
		{listFilings, func(since time.Time) (int, bool, error) {
			page, err := s.Placements.Filings(ctx, by, id, placements.FilingQuery{Since: since, Limit: countedChanges})
			return len(page.Items), !page.Next.IsZero(), err
		}},
		{listRegister, func(since time.Time) (int, bool, error) {
			page, err := s.Agreements.ListRegister(ctx, by, id, agreements.RegisterFilter{Since: since, Limit: countedChanges})
			return len(page.Items), !page.Next.IsZero(), err
		}},
	} {
		if out, err = s.changed(v, out, id, of.list, v.say("site.chamber.tab."+of.list), "/chambers/"+id+"/"+of.list, of.count); err != nil {
			return nil, err
		}
	}
	return s.agreementsChanged(v, out)
}

func (s *site) deskQueue(v *visit, d *chamber.Desk) error {
	page, err := s.Directory.ListVerifications(v.ctx(), v.actor, d.ID, directory.QueueFilter{}, storage.Cursor{}, chamberRows)
	if err != nil {
		return err
	}
	d.MoreQueue = !page.Next.IsZero()
	for _, e := range page.Items {
		t := desk.Task{
			What: e.Enterprise.Name, Own: true, Path: "/chambers/" + d.ID + "/verifications/" + e.EnterpriseID, Note: v.say("state.verification." + string(e.State)),
			Clock: &ui.Clock{From: e.CreatedAt, Until: e.DueAt},
		}
		if e.State == directory.VerificationClaimed {
			t.Who = e.Claimant.FullName
		}
		d.Queue = append(d.Queue, t)
	}
	return nil
}

func (s *site) deskFilings(v *visit, d *chamber.Desk) error {
	page, err := s.Placements.Filings(v.ctx(), v.actor, d.ID, placements.FilingQuery{States: []placements.FilingState{placements.Filed}, Limit: chamberRows})
	if err != nil {
		return err
	}
	d.MoreFilings = !page.Next.IsZero()
	for _, f := range page.Items {
		d.Filings = append(d.Filings, desk.Task{
			What: f.Filing.Number, Own: true, Path: "/chambers/" + d.ID + "/filings/" + f.Filing.ID, Who: f.Enterprise.Name, Note: ui.In(v.ctx(), f.Place.Title),
			Lang: ui.InLang(v.ctx(), f.Place.Title), Clock: &ui.Clock{From: f.Filing.FiledAt, Until: f.Filing.DueAt},
		})
	}
	slices.SortStableFunc(d.Filings, byClock)
	return nil
}

// deskRegister are the agreements that the chamber has three working days to enter.
func (s *site) deskRegister(v *visit, d *chamber.Desk) error {
	page, err := s.Agreements.List(v.ctx(), v.actor, agreements.Filter{
		WaitingFor: agreements.ByChamber, States: []agreements.State{agreements.Concluded}, Limit: mostWaiting,
	})
	if err != nil {
		return err
	}
	for _, sum := range page.Items {
		if sum.Agreement.ChamberID != d.ID {
			continue
		}
		for _, w := range sum.Waiting {
			if w.Party == agreements.ByChamber {
				t := agreementTask(v, sum, w)
				if sum.Agreement.Returned != nil {
					t.Note, t.Lang = v.say("site.chamber.desk.returned"), ""
				}
				d.Register = append(d.Register, t)
			}
		}
	}
	slices.SortStableFunc(d.Register, byClock)
	if len(d.Register) > chamberRows {
		d.Register, d.MoreToEnter = d.Register[:chamberRows], true
	}
	return nil
}

func (s *site) chamberPeople(v *visit) error { return s.chamberPeopleWith(v, &ui.Form{}, v.show) }

func (s *site) chamberPeopleWith(v *visit, f *ui.Form, send func(page templ.Component) error) error {
	_, head, err := s.chamberOf(v, "people")
	if err != nil {
		return err
	}
	p := chamber.People{Head: head}
	if p.Members, err = s.membersOf(v, head.ID, accounts.KindChamber, chamberPeoplePath(head.ID), f); err != nil {
		return err
	}
	return send(chamber.PeoplePage(p))
}

func (s *site) chamberInvite(v *visit) error {
	f, id := v.form(), v.param("id")
	err := s.inviteMember(v, id, f)
	if err == nil {
		return v.goTo(chamberPeoplePath(id), "people.added_members")
	}
	if !v.refused(err, f, nil) {
		return err
	}
	nameFields(v, f, keyed("site.people.f."))
	return s.chamberPeopleWith(v, f, v.again)
}
