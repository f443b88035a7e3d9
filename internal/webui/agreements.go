package webui

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/agreements"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/storage"
	pages "github.com/orynda/orynda/web/pages/agreements"
	"github.com/orynda/orynda/web/pages/desk"
	"github.com/orynda/orynda/web/ui"
)

// agreementRoutes are the pages of agreements, for all their parties and the registrar.
func (s *site) agreementRoutes() {
	s.own("/agreements", s.agreementList)
	s.change("/agreements/looked", s.noteLook(
		func(*visit) error { return nil },
		func(_, list string) string { return "/" + list },
		listAgreements,
	))
	s.own("/agreements/:id", s.agreementPage)
	s.own("/agreements/:id/document.pdf", s.agreementDocument)
	s.own("/agreements/:id/draft", s.draftPage)
	s.change("/agreements/:id/draft", s.draft)
	s.change("/agreements/:id/ready", s.agreementReady)
	s.change("/agreements/:id/register", s.agreementRegister)
	s.own("/agreements/:id/sign", s.signPage)
	s.change("/agreements/:id/sign", s.requestSignature)
	s.change("/agreements/:id/sign/code", s.signature)
	s.own("/signing", s.signingPage)
	s.change("/signing", s.requestSignatures)
	s.change("/signing/code", s.signatures)
	for _, st := range agreementSteps() {
		s.own("/agreements/:id/"+st.key, s.stepPage(st))
		s.change("/agreements/:id/"+st.key, s.step(st))
	}
}

// shownAgreements is how many a page of the list has; mostWaiting how many that wait for the reader are put before them.
const (
	shownAgreements = 20
	mostWaiting     = 100
)

// sides tells which sides of an agreement the reader speaks for. It reads what the lists of many agreements need once.
type sides struct {
	actor accounts.Actor
	wards []string
}

func (s *site) sidesOf(v *visit) (sides, error) {
	out := sides{actor: v.actor}
	wards, err := s.Directory.Wards(v.ctx(), v.actor.PersonID)
	for _, w := range wards {
		if w.State == directory.GuardianConfirmed {
			out.wards = append(out.wards, w.WardID)
		}
	}
	return out, err
}

// of tells which parties of one agreement are the reader's.
func (r sides) of(a *agreements.Agreement) func(agreements.Party) bool {
	return func(p agreements.Party) bool {
		switch p {
		case agreements.ByStudent:
			return r.actor.PersonID == a.StudentID
		case agreements.ByGuardian:
			return slices.Contains(r.wards, a.StudentID)
		case agreements.ByEnterprise:
			return r.actor.MemberOf(a.EnterpriseID, accounts.RoleAdmin, accounts.RoleHR, accounts.RoleSignatory)
		case agreements.ByCollege:
			return r.actor.MemberOf(a.CollegeID, accounts.RoleCoordinator, accounts.RoleSignatory)
		case agreements.ByChamber:
			return a.ChamberID != "" && r.actor.MemberOf(a.ChamberID, accounts.RoleRegistrar)
		}
		return false
	}
}

// signs reports whether it is the reader who signs for a party.
func (r sides) signs(a *agreements.Agreement, p agreements.Party) bool {
	switch p {
	case agreements.ByEnterprise:
		return r.actor.MemberOf(a.EnterpriseID, accounts.RoleSignatory)
	case agreements.ByCollege:
		return r.actor.MemberOf(a.CollegeID, accounts.RoleSignatory)
	case agreements.ByChamber:
		return false
	}
	return r.of(a)(p)
}

// parties lists the sides for which anything may wait for the reader at all.
func (r sides) parties() []agreements.Party {
	out := []agreements.Party{agreements.ByStudent}
	if len(r.wards) > 0 {
		out = append(out, agreements.ByGuardian)
	}
	for _, of := range []struct {
		kind  accounts.OrgKind
		party agreements.Party
	}{{accounts.KindEnterprise, agreements.ByEnterprise}, {accounts.KindCollege, agreements.ByCollege}, {accounts.KindChamber, agreements.ByChamber}} {
		if len(r.actor.Organisations(of.kind, accounts.RoleAdmin, accounts.RoleHR, accounts.RoleSignatory, accounts.RoleCoordinator, accounts.RoleRegistrar)) > 0 {
			out = append(out, of.party)
		}
	}
	return out
}

// agreementGroup is a choice of states above the list.
type agreementGroup struct {
	key    string
	states []agreements.State
}

func agreementGroups() []agreementGroup {
	return []agreementGroup{
		{"all", nil},
		{"waiting", nil},
		{"drafts", []agreements.State{agreements.Draft}},
		{"signing", []agreements.State{agreements.Ready, agreements.Signing, agreements.Awaiting}},
		{"binding", []agreements.State{agreements.Concluded, agreements.Registered}},
		{"ended", []agreements.State{agreements.Completed, agreements.Terminated, agreements.Cancelled}},
	}
}

// agreementList is the list, what waits for the reader first.
func (s *site) agreementList(v *visit) error {
	r, err := s.sidesOf(v)
	if err != nil {
		return err
	}
	groups := agreementGroups()
	chosen := groups[0]
	if i := slices.IndexFunc(groups, func(g agreementGroup) bool { return g.key == v.query("show") }); i > 0 {
		chosen = groups[i]
	}
	cursor, err := storage.ParseCursor(v.query("cursor"))
	if err != nil {
		return err
	}
	d := pages.ListData{All: chosen.key == "all"}
	changes, err := s.changesOf(v, "", listAgreements, "/agreements/looked", otherChanged(v, "/agreements"))
	if err != nil {
		return err
	}
	if len(v.actor.Organisations(accounts.KindCollege))+len(v.actor.Organisations(accounts.KindChamber)) > 0 {
		d.Changes = &changes
	}
	waiting, err := s.waitingFor(v, r)
	if err != nil {
		return err
	}
	for _, one := range waiting {
		if turn := turnOf(one.Waiting, r.of(one.Agreement)); turn != nil && (turn.Action == agreements.ActSign || turn.Action == agreements.ActCountersign) && r.signs(one.Agreement, turn.Party) {
			d.Sign++
		}
	}
	d.Tabs = agreementTabs(v.ctx(), chosen.key, len(waiting))
	switch {
	case chosen.key == "waiting":
		d.Rows = s.agreementRows(v, r, changes, waiting)
		return v.show(pages.List(d))
	case chosen.key == "all" && cursor.IsZero() && !changes.Only:
		d.Waiting = s.agreementRows(v, r, changes, waiting)
	}
	page, err := s.Agreements.List(v.ctx(), v.actor, agreements.Filter{States: chosen.states, Since: changes.From(), Cursor: cursor, Limit: shownAgreements})
	if err != nil {
		return err
	}
	others := page.Items
	if chosen.key == "all" && !changes.Only {
		others = besides(page.Items, waiting)
	}
	if d.Rows = s.agreementRows(v, r, changes, others); !page.Next.IsZero() {
		d.Next = "/agreements?show=" + chosen.key + "&cursor=" + page.Next.String()
		if changes.Only {
			d.Next += "&changed=true"
		}
	}
	return v.show(pages.List(d))
}

// agreementsChanged adds to a desk how many of the reader's agreements changed since the last look.
func (s *site) agreementsChanged(v *visit, to []desk.Count) ([]desk.Count, error) {
	return s.changed(v, to, "", listAgreements, v.say("site.agreements.list.title"), "/agreements", func(since time.Time) (int, bool, error) {
		page, err := s.Agreements.List(v.ctx(), v.actor, agreements.Filter{Since: since, Limit: countedChanges})
		return len(page.Items), !page.Next.IsZero(), err
	})
}

// besides leaves out of a list what stands above it.
func besides(list, above []*agreements.Summary) []*agreements.Summary {
	return slices.DeleteFunc(slices.Clone(list), func(x *agreements.Summary) bool {
		return slices.ContainsFunc(above, func(y *agreements.Summary) bool { return x.Agreement.ID == y.Agreement.ID })
	})
}

func agreementTabs(ctx context.Context, chosen string, waiting int) []ui.Tab {
	var out []ui.Tab
	for _, g := range agreementGroups() {
		t := ui.Tab{Path: "/agreements", Label: ui.T(ctx, "site.agreements.group."+g.key), Current: g.key == chosen}
		if g.key != "all" {
			t.Path += "?show=" + g.key
		}
		if g.key == "waiting" {
			t.Count = waiting
		}
		out = append(out, t)
	}
	return out
}

// waitingFor lists the live agreements in which it is the reader's turn, the nearest deadline first.
func (s *site) waitingFor(v *visit, r sides) ([]*agreements.Summary, error) {
	var out []*agreements.Summary
	seen := map[string]bool{}
	for _, p := range r.parties() {
		page, err := s.Agreements.List(v.ctx(), v.actor, agreements.Filter{WaitingFor: p, States: liveStates(), Limit: mostWaiting})
		if err != nil {
			return nil, err
		}
		for _, one := range page.Items {
			if !seen[one.Agreement.ID] && r.of(one.Agreement)(p) {
				seen[one.Agreement.ID] = true
				out = append(out, one)
			}
		}
	}
	slices.SortStableFunc(out, func(x, y *agreements.Summary) int {
		return strings.Compare(untilOf(x, r), untilOf(y, r))
	})
	return out, nil
}

func liveStates() []agreements.State {
	return []agreements.State{agreements.Draft, agreements.Ready, agreements.Signing, agreements.Awaiting, agreements.Concluded, agreements.Registered}
}

// untilOf is the deadline of the reader's turn; what has none comes last.
func untilOf(one *agreements.Summary, r sides) string {
	if turn := turnOf(one.Waiting, r.of(one.Agreement)); turn != nil && turn.Until.Valid() {
		return string(turn.Until)
	}
	return "9999"
}

func (s *site) agreementRows(v *visit, r sides, changes desk.Changes, list []*agreements.Summary) []pages.Row {
	out := make([]pages.Row, 0, len(list))
	for _, one := range list {
		row := v.agreementRow(r, one)
		row.Changed = changes.Marks(one.Agreement.UpdatedAt)
		out = append(out, row)
	}
	return out
}

func (v *visit) agreementRow(r sides, one *agreements.Summary) pages.Row {
	ctx, a := v.ctx(), one.Agreement
	way := wayOfAgreement(a, one.Waiting, r.of(a), v.words(), agreementWords)
	row := pages.Row{
		ID: a.ID, Number: a.Number, Title: ui.In(ctx, a.PlacementTitle), TitleLang: ui.InLang(ctx, a.PlacementTitle), Student: a.StudentName,
		Enterprise: a.EnterpriseName, College: a.CollegeName, Period: v.period(a.Terms), Kind: agreementKind(a.State, way.Mine),
		State: v.say("state.agreement." + string(a.State)), Mine: way.Mine, Clock: way.Clock,
	}
	if a.State.Live() && len(one.Waiting) > 0 {
		row.Says = way.Says
	}
	if a.State == agreements.Draft {
		row.Missing = one.Missing
	}
	if a.Registration != nil {
		row.Registered = a.Registration.Number
	}
	return row
}

func (v *visit) period(t agreements.Terms) string {
	return v.spanWords(t.StartsOn, t.EndsOn)
}

// agreementKind is the badge of a state.
func agreementKind(state agreements.State, mine bool) string {
	switch {
	case mine:
		return "mine"
	case state == agreements.Concluded, state == agreements.Registered, state == agreements.Completed:
		return "good"
	case state == agreements.Terminated, state == agreements.Cancelled:
		return "bad"
	case state == agreements.Draft:
		return ""
	}
	return "wait"
}
