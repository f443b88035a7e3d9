package webui

import (
	"context"
	"slices"
	"strings"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/storage"
	"github.com/orynda/orynda/web/pages/desk"
	"github.com/orynda/orynda/web/pages/people"
	"github.com/orynda/orynda/web/ui"
)

// What the pages of organisations share: what is new, members, signatories.

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
	p.List = gatherMembers(v, page.Items)
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

// gatherMembers puts the roles of one person together.
func gatherMembers(v *visit, list []*accounts.Member) []people.Member {
	var out []people.Member
	for _, m := range list {
		i := slices.IndexFunc(out, func(o people.Member) bool { return o.PersonID == m.Membership.PersonID })
		if i < 0 {
			out = append(out, people.Member{
				PersonID: m.Membership.PersonID, FullName: m.FullName, Email: m.Email, Self: m.Membership.PersonID == v.actor.PersonID,
			})
			i = len(out) - 1
		}
		out[i].Roles = append(out[i].Roles, m.Membership.Role)
	}
	return out
}

// signatoriesOf is the part of those who sign for an enterprise or a college.
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

// endOne is a step of one button that ends something of an organisation, on the page that lists it.
func endOne(end func(ctx context.Context, by accounts.Actor, id, one string) error, page func(id string) string) handler {
	return func(v *visit) error {
		id := v.param("id")
		if err := end(v.ctx(), v.actor, id, v.param("one")); err != nil {
			return v.refusedAct(err, page(id))
		}
		return v.goTo(page(id), "people.ended")
	}
}

// nameFields names the fields of a refused form in its summary. What two fields of the contract say about one control is said once.
func nameFields(v *visit, f *ui.Form, name func(ctx context.Context, field string) string) {
	if f.Labels == nil {
		f.Labels = map[string]string{}
	}
	var once []ui.FieldError
	for _, e := range f.Errors {
		if !slices.Contains(once, e) {
			once = append(once, e)
		}
		f.Labels[e.Field] = name(v.ctx(), e.Field)
	}
	f.Errors = once
}

// below names fields as name does for those below a prefix.
func below(name func(ctx context.Context, field string) string, prefix string) func(ctx context.Context, field string) string {
	return func(ctx context.Context, field string) string { return name(ctx, prefix+field) }
}

// keyed names fields by the keys below a prefix; a field without one is named as it is.
func keyed(prefix string) func(ctx context.Context, field string) string {
	return func(ctx context.Context, field string) string {
		return ui.TOr(ctx, strings.TrimPrefix(field, "word-"), prefix+field)
	}
}
