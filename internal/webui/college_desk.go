package webui

import (
	"slices"
	"strings"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/agreements"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/selection"
	"github.com/orynda/orynda/internal/storage"
	"github.com/orynda/orynda/web/pages/college"
	"github.com/orynda/orynda/web/pages/desk"
	"github.com/orynda/orynda/web/ui"
)

// How much an institution's desk shows.
const (
	collegeDrafts   = 12 // with everything they lack
	collegeSigns    = 8  // listed; the page of signatures has all
	collegeConfirms = 30
	collegeGaps     = 6  // of one draft
	collegeStarts   = 15 // trainings that begin soon
	startsWithin    = 30 // days
)

func (s *site) collegeDesk(v *visit) error {
	_, head, err := s.collegeOf(v, "desk")
	if err != nil {
		return err
	}
	d := college.Desk{Head: head, Signatory: v.actor.MemberOf(head.ID, accounts.RoleSignatory)}
	if head.Runs {
		if err := s.deskConfirms(v, &d); err != nil {
			return err
		}
	}
	for _, fill := range []func(*visit, *college.Desk) error{s.deskTurns, s.deskDrafts, s.deskStarts} {
		if err := fill(v, &d); err != nil {
			return err
		}
	}
	if head.Runs {
		if d.Changed, err = s.collegeChanged(v, head.ID); err != nil {
			return err
		}
	}
	if d.News, err = s.newsOf(v); err != nil {
		return err
	}
	d.Empty = d.Signs+len(d.Confirm)+len(d.Drafts)+len(d.Returned)+len(d.Completions) == 0
	return v.show(college.DeskPage(d))
}

// deskConfirms are those who say to study here, and guardians who accepted.
func (s *site) deskConfirms(v *visit, d *college.Desk) error {
	claims, err := s.Directory.ListRoster(v.ctx(), v.actor, d.ID, directory.RosterFilter{EnrolmentState: directory.EnrolmentClaimed}, storage.Cursor{}, collegeConfirms)
	if err != nil {
		return err
	}
	guardians, err := s.Directory.ListRoster(v.ctx(), v.actor, d.ID, directory.RosterFilter{GuardianState: directory.GuardianAccepted}, storage.Cursor{}, collegeConfirms)
	if err != nil {
		return err
	}
	for _, r := range claims.Items {
		d.Confirm = append(d.Confirm, desk.Task{
			What: v.say("site.college.desk.claim"), Who: r.FullName, Note: r.Studies.Group, Path: "/colleges/" + d.ID + "/students/" + r.ID,
		})
	}
	for _, r := range guardians.Items {
		for _, g := range r.Guardians {
			if g.State == directory.GuardianAccepted {
				d.Confirm = append(d.Confirm, desk.Task{
					What: v.say("site.college.desk.guardian"), Who: g.FullName, Note: v.say("site.college.desk.ward", "who", r.FullName),
					Path: "/colleges/" + d.ID + "/students/" + r.ID,
				})
			}
		}
	}
	return nil
}

// deskTurns are the agreements whose next step is the institution's, but for drafts.
func (s *site) deskTurns(v *visit, d *college.Desk) error {
	page, err := s.Agreements.List(v.ctx(), v.actor, agreements.Filter{
		CollegeID: d.ID, WaitingFor: agreements.ByCollege, Limit: mostWaiting,
		States: []agreements.State{agreements.Awaiting, agreements.Concluded, agreements.Registered},
	})
	if err != nil {
		return err
	}
	for _, sum := range page.Items {
		for _, w := range sum.Waiting {
			if w.Party != agreements.ByCollege {
				continue
			}
			t := agreementTask(v, sum, w)
			switch w.Action {
			case agreements.ActCountersign:
				d.Sign = append(d.Sign, t)
			case agreements.ActMendDefects:
				t.Note = sum.Agreement.Returned.Comment
				t.Lang = ""
				d.Returned = append(d.Returned, t)
			case agreements.ActConfirm:
				d.Completions = append(d.Completions, t)
			}
		}
	}
	slices.SortStableFunc(d.Sign, byClock)
	d.Signs = len(d.Sign)
	d.Sign = d.Sign[:min(len(d.Sign), collegeSigns)]
	return nil
}

// agreementTask is an agreement as a thing that waits.
func agreementTask(v *visit, sum *agreements.Summary, w agreements.Waiting) desk.Task {
	a := sum.Agreement
	t := desk.Task{
		What: a.StudentName, Own: true, Path: "/agreements/" + a.ID, Who: a.EnterpriseName, Note: ui.In(v.ctx(), a.PlacementTitle),
		Lang: ui.InLang(v.ctx(), a.PlacementTitle),
	}
	if a.Number != "" {
		t.Who += " · №\u00a0" + a.Number
	}
	if w.Until.Valid() {
		t.Clock = ui.DayClock("", w.Until)
		if a.Document != nil {
			t.Clock.From = a.Document.ReadyAt
		}
		if w.Action == agreements.ActRegister {
			t.Clock.From = a.ConcludedAt
		}
	}
	return t
}

// byClock puts what runs out first, and what has no clock last.
func byClock(a, b desk.Task) int {
	switch {
	case a.Clock == nil && b.Clock == nil:
		return 0
	case a.Clock == nil:
		return 1
	case b.Clock == nil:
		return -1
	}
	return a.Clock.Until.Compare(b.Clock.Until)
}

// deskDrafts are the drafts with what they lack: the own pieces listed, those of others counted.
func (s *site) deskDrafts(v *visit, d *college.Desk) error {
	page, err := s.Agreements.List(v.ctx(), v.actor, agreements.Filter{CollegeID: d.ID, States: []agreements.State{agreements.Draft}, Limit: collegeDrafts})
	if err != nil {
		return err
	}
	d.MoreDrafts = !page.Next.IsZero()
	drafts := make([]*agreements.Agreement, len(page.Items))
	for i, sum := range page.Items {
		drafts[i] = sum.Agreement
	}
	views, err := s.Agreements.Views(v.ctx(), v.actor, drafts)
	if err != nil {
		return err
	}
	own, err := s.sidesOf(v)
	if err != nil {
		return err
	}
	for _, view := range views {
		d.Drafts = append(d.Drafts, v.deskDraft(&reading{View: view, sides: own}))
	}
	slices.SortStableFunc(d.Drafts, func(a, b college.Draft) int { return draftRank(a) - draftRank(b) })
	return nil
}

// draftRank puts first what the institution can do something about.
func draftRank(d college.Draft) int {
	switch {
	case d.Ready:
		return 0
	case len(d.Own) > 0:
		return 1
	}
	return 2
}

func (v *visit) deskDraft(r *reading) college.Draft {
	a := r.Agreement
	out := college.Draft{
		ID: a.ID, Student: a.StudentName, Title: ui.In(v.ctx(), a.PlacementTitle), TitleLang: ui.InLang(v.ctx(), a.PlacementTitle),
		Enterprise: a.EnterpriseName, Ready: len(r.Gaps) == 0,
	}
	for _, g := range v.gapsOf(r) {
		if !g.Mine {
			out.Others = append(out.Others, v.say("site.college.desk.draft_others", "who", strings.ToLower(g.Who), "Count", len(g.List)))
			continue
		}
		for i, one := range g.List {
			if i == collegeGaps {
				out.More = len(g.List) - i
				break
			}
			out.Own = append(out.Own, college.Gap(one))
		}
	}
	if turn := turnOf(r.Waiting, r.mine); turn != nil && turn.Until.Valid() {
		out.Clock = ui.DayClock("", turn.Until)
	}
	return out
}

// deskStarts are the trainings that begin soon.
func (s *site) deskStarts(v *visit, d *college.Desk) error {
	today := s.Directory.Today()
	page, err := s.Agreements.List(v.ctx(), v.actor, agreements.Filter{
		CollegeID: d.ID, States: []agreements.State{agreements.Concluded, agreements.Registered}, StartsFrom: today, StartsTo: today.Add(startsWithin), Limit: collegeStarts,
	})
	if err != nil {
		return err
	}
	slices.SortStableFunc(page.Items, func(a, b *agreements.Summary) int {
		return strings.Compare(string(a.Agreement.Terms.StartsOn), string(b.Agreement.Terms.StartsOn))
	})
	for _, sum := range page.Items {
		t := agreementTask(v, sum, agreements.Waiting{})
		t.When = ui.Day(v.ctx(), sum.Agreement.Terms.StartsOn)
		d.Starts = append(d.Starts, t)
	}
	return nil
}

// collegeChanged counts what changed in the lists since the reader looked through each.
func (s *site) collegeChanged(v *visit, id string) (out []desk.Count, err error) {
	ctx, by := v.ctx(), v.actor
	out, err = s.changed(v, out, id, listStudents, v.say("site.college.tab.students"), "/colleges/"+id+"/students", func(since time.Time) (int, bool, error) {
		page, err := s.Directory.ListRoster(ctx, by, id, directory.RosterFilter{Since: since, Changed: true}, storage.Cursor{}, countedChanges)
		return len(page.Items), !page.Next.IsZero(), err
	})
	if err != nil {
		return nil, err
	}
	out, err = s.changed(v, out, id, listApplications, v.say("site.college.tab.applications"), "/colleges/"+id+"/applications", func(since time.Time) (int, bool, error) {
		page, err := s.Selection.ListOfCollege(ctx, by, id, selection.Filter{Since: since, Limit: countedChanges})
		return len(page.Items), !page.Next.IsZero(), err
	})
	if err != nil {
		return nil, err
	}
	return s.agreementsChanged(v, out)
}
