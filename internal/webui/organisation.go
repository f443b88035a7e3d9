package webui

import (
	"strings"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/storage"
	"github.com/orynda/orynda/web/pages/desk"
	"github.com/orynda/orynda/web/pages/people"
	"github.com/orynda/orynda/web/ui"
)

// What the pages of colleges and chambers share: what is new, members, signatories.

// deskNews is how many notices a desk shows.
const deskNews = 8

// newsOf are the reader's newest notices. What wasn't read yet is what has changed since the last look.
func (s *site) newsOf(v *visit) ([]desk.News, error) {
	if !v.actor.EmailProved {
		return nil, nil
	}
	page, err := s.Notifications.ListNotices(v.ctx(), v.actor, v.lang, false, storage.Cursor{}, deskNews)
	if err != nil {
		return nil, err
	}
	var out []desk.News
	for _, n := range page.Items {
		out = append(out, desk.News{Title: n.Title, Text: n.Text, Path: n.Path, At: n.CreatedAt, Fresh: n.ReadAt.IsZero()})
	}
	return out, nil
}

// seen marks the news as read and leads back to the desk.
func (s *site) seen(deskOf func(id string) string) handler {
	return func(v *visit) error {
		if _, err := s.Notifications.MarkAllRead(v.ctx(), v.actor); err != nil {
			return v.refusedAct(err, deskOf(v.param("id")))
		}
		return v.goTo(deskOf(v.param("id")), "")
	}
}

// membersOf is the part of members for an organisation of a kind.
func (s *site) membersOf(v *visit, id string, kind accounts.OrgKind, path string, f *ui.Form) (people.Members, error) {
	p := people.Members{Path: path, Form: f, Roles: accounts.RolesOf(kind), Runs: v.actor.MemberOf(id, accounts.ManagerRole(kind))}
	after, err := v.cursor()
	if err != nil {
		return p, err
	}
	page, err := s.Accounts.Members(v.ctx(), v.actor, id, "", after, peoplePerPage)
	if err != nil {
		return p, err
	}
	for _, m := range gatherMembers(v, page.Items) {
		p.List = append(p.List, people.Member(m))
	}
	if !page.Next.IsZero() {
		p.Next = path + "?cursor=" + page.Next.String()
	}
	if !p.Runs {
		return p, nil
	}
	open, err := s.Accounts.Invitations(v.ctx(), v.actor, id, accounts.InvitationOpen, storage.Cursor{}, invitationsOpen)
	for _, i := range open.Items {
		if i.Invitation.Role != accounts.RoleGuardian {
			p.Invitations = append(p.Invitations, i)
		}
	}
	return p, err
}

// signatoriesOf is the part of those who sign for a college.
func (s *site) signatoriesOf(v *visit, id string, runs bool, path string, f *ui.Form) (people.Signatories, error) {
	p := people.Signatories{Path: path, Form: f, Runs: runs, Today: s.Directory.Today()}
	after, err := v.cursor()
	if err != nil {
		return p, err
	}
	page, err := s.Directory.ListSignatories(v.ctx(), v.actor, id, "", after, peoplePerPage)
	if err != nil {
		return p, err
	}
	p.List = page.Items
	if !page.Next.IsZero() {
		p.Next = path + "?cursor=" + page.Next.String()
	}
	if !runs {
		return p, nil
	}
	members, err := s.Accounts.Members(v.ctx(), v.actor, id, "", storage.Cursor{}, peoplePerPage)
	if err != nil {
		return p, err
	}
	for _, m := range gatherMembers(v, members.Items) {
		p.Choices = append(p.Choices, ui.Option{Value: m.PersonID, Label: m.FullName})
	}
	return p, nil
}

func (s *site) addSignatory(v *visit, id string, f *ui.Form) error {
	_, err := s.Directory.CreateSignatory(v.ctx(), v.actor, id, directory.SignatoryInput{
		PersonID: f.Value("person_id"), Position: f.Value("position"), Ground: f.Value("ground"), From: cal.Day(f.Value("from")), To: cal.Day(f.Value("to")),
	})
	return err
}

func (s *site) inviteMember(v *visit, id string, f *ui.Form) error {
	_, err := s.Accounts.CreateInvitation(v.ctx(), v.actor, id, accounts.InvitationRequest{Email: f.Value("email"), Role: accounts.OrgRole(f.Value("role"))})
	return err
}

// memberRoutes register the steps on members below a page of them.
func (s *site) memberRoutes(path string, page func(id string) string) {
	step := func(do func(v *visit, id, one string) error) handler {
		return func(v *visit) error {
			id := v.param("id")
			if err := do(v, id, v.param("one")); err != nil {
				return v.refusedAct(err, page(id))
			}
			if !v.stillMember(id) {
				return v.goTo("/", "people.ended")
			}
			return v.goTo(page(id), "people.ended")
		}
	}
	s.change(path+"/invitations/:one/withdraw", step(func(v *visit, id, one string) error {
		return s.Accounts.WithdrawInvitation(v.ctx(), v.actor, id, one)
	}))
	s.change(path+"/:one/remove", step(func(v *visit, id, one string) error {
		return s.Accounts.RemoveMember(v.ctx(), v.actor, id, one, accounts.OrgRole(v.form().Value("role")))
	}))
}

// stillMember asks anew, because the reader may just have left.
func (v *visit) stillMember(id string) bool {
	if v.param("one") != v.actor.PersonID {
		return true
	}
	in, err := v.site.Accounts.HasRole(v.ctx(), v.actor.PersonID, id)
	return err == nil && in
}

// nameFields names the fields of a refused form in its summary, by keys below prefix.
func nameFields(v *visit, f *ui.Form, prefix string) {
	if f.Labels == nil {
		f.Labels = map[string]string{}
	}
	for _, e := range f.Errors {
		f.Labels[e.Field] = ui.TOr(v.ctx(), strings.TrimPrefix(e.Field, "word-"), prefix+e.Field)
	}
}
