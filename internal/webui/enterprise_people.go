package webui

import (
	"slices"
	"strconv"
	"strings"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/storage"
	"github.com/orynda/orynda/web/pages/enterprise"
	"github.com/orynda/orynda/web/ui"
)

// How many people a page holds.
const (
	peoplePerPage   = 50
	invitationsOpen = 100
)

func (s *site) peopleRoutes() {
	for _, part := range enterprise.PeopleParts() {
		path := "/enterprises/:id/people"
		if part != enterprise.PeopleMentors {
			path += "/" + part
		}
		s.own(path, func(v *visit) error { return s.peoplePage(v, part) })
		s.change(path, func(v *visit) error { return s.peopleAdd(v, part) })
	}
	s.own("/enterprises/:id/people/mentors/:one", s.mentorPage)
	s.change("/enterprises/:id/people/mentors/:one", s.mentorSave)
	s.change("/enterprises/:id/people/mentors/:one/end", s.peopleEnd(enterprise.PeopleMentors, s.peopleEndMentor))
	s.change("/enterprises/:id/people/rooms/:one/end", s.peopleEnd(enterprise.PeopleRooms, s.peopleEndRoom))
	s.change("/enterprises/:id/people/signatories/:one/end", s.peopleEnd(enterprise.PeopleSignatories, s.peopleEndSignatory))
	s.change("/enterprises/:id/people/members/:one/remove", s.peopleEnd(enterprise.PeopleMembers, s.peopleRemoveMember))
	s.change("/enterprises/:id/people/invitations/:one/withdraw", s.peopleEnd(enterprise.PeopleMembers, s.peopleWithdraw))
}

func peoplePath(id, part string) string {
	if part == enterprise.PeopleMentors {
		return "/enterprises/" + id + "/people"
	}
	return "/enterprises/" + id + "/people/" + part
}

func (s *site) peoplePage(v *visit, part string) error {
	p, err := s.peopleOf(v, part, &ui.Form{})
	if err != nil {
		return err
	}
	return v.show(enterprise.PeoplePage(p))
}

// peopleOf is one part of the page, with the list that belongs to it.
func (s *site) peopleOf(v *visit, part string, f *ui.Form) (enterprise.People, error) {
	_, head, err := s.enterpriseOf(v, "people")
	if err != nil {
		return enterprise.People{}, err
	}
	p := enterprise.People{Head: head, Part: part, Form: f, Today: s.Directory.Today()}
	after, err := v.cursor()
	if err != nil {
		return p, err
	}
	var next storage.Cursor
	switch part {
	case enterprise.PeopleRooms:
		next, err = s.peopleListRooms(v, &p, after)
	case enterprise.PeopleSignatories:
		next, err = s.peopleListSignatories(v, &p, after)
	case enterprise.PeopleMembers:
		next, err = s.peopleListMembers(v, &p, after)
	default:
		p.Most = s.Directory.MentorLimitOn(p.Today)
		var page directory.Page[*directory.Mentor]
		page, err = s.Directory.ListMentors(v.ctx(), v.actor, p.ID, "", after, peoplePerPage)
		p.Mentors, next = page.Items, page.Next
	}
	if !next.IsZero() {
		p.Next = peoplePath(p.ID, part) + "?cursor=" + next.String()
	}
	return p, err
}

func (s *site) peopleListRooms(v *visit, p *enterprise.People, after storage.Cursor) (storage.Cursor, error) {
	page, err := s.Directory.ListRooms(v.ctx(), v.actor, p.ID, "", after, peoplePerPage)
	p.Rooms, p.Cities, p.CityNames = page.Items, s.cityOptions(v), map[string]string{}
	for _, r := range page.Items {
		p.CityNames[r.ID] = s.Reference.CityName(r.Region, r.City, v.lang)
	}
	return page.Next, err
}

func (s *site) peopleListSignatories(v *visit, p *enterprise.People, after storage.Cursor) (storage.Cursor, error) {
	page, err := s.Directory.ListSignatories(v.ctx(), v.actor, p.ID, "", after, peoplePerPage)
	if err != nil {
		return page.Next, err
	}
	p.Signatories = page.Items
	if !p.Runs {
		return page.Next, nil
	}
	members, err := s.Accounts.Members(v.ctx(), v.actor, p.ID, "", storage.Cursor{}, peoplePerPage)
	if err != nil {
		return page.Next, err
	}
	for _, m := range gatherMembers(v, members.Items) {
		p.Choices = append(p.Choices, ui.Option{Value: m.PersonID, Label: m.FullName})
	}
	return page.Next, nil
}

func (s *site) peopleListMembers(v *visit, p *enterprise.People, after storage.Cursor) (storage.Cursor, error) {
	page, err := s.Accounts.Members(v.ctx(), v.actor, p.ID, "", after, peoplePerPage)
	if err != nil {
		return page.Next, err
	}
	p.Members = gatherMembers(v, page.Items)
	if !p.Runs {
		return page.Next, nil
	}
	open, err := s.Accounts.Invitations(v.ctx(), v.actor, p.ID, "", storage.Cursor{}, invitationsOpen)
	p.Invitations = open.Items
	return page.Next, err
}

// gatherMembers puts the roles of one person together.
func gatherMembers(v *visit, list []*accounts.Member) []enterprise.Member {
	var out []enterprise.Member
	for _, m := range list {
		i := slices.IndexFunc(out, func(o enterprise.Member) bool { return o.PersonID == m.Membership.PersonID })
		if i < 0 {
			out = append(out, enterprise.Member{
				PersonID: m.Membership.PersonID, FullName: m.FullName, Email: m.Email, Self: m.Membership.PersonID == v.actor.PersonID,
			})
			i = len(out) - 1
		}
		out[i].Roles = append(out[i].Roles, m.Membership.Role)
	}
	return out
}

// peopleAdd carries out the form of a part.
func (s *site) peopleAdd(v *visit, part string) error {
	f := v.form()
	id := v.param("id")
	add := map[string]func(*visit, string, *ui.Form) error{
		enterprise.PeopleMentors: s.peopleAddMentor, enterprise.PeopleRooms: s.peopleAddRoom, enterprise.PeopleSignatories: s.peopleAddSignatory,
		enterprise.PeopleMembers: s.peopleInvite,
	}[part]
	err := add(v, id, f)
	if err == nil {
		return v.goTo(peoplePath(id, part), "enterprise.added_"+part)
	}
	if !v.refused(err, f, peopleField) {
		return err
	}
	labelFields(v, f, part+".")
	p, wrong := s.peopleOf(v, part, f)
	if wrong != nil {
		return err
	}
	return v.again(enterprise.PeoplePage(p))
}

// peopleField is the control that holds a field of the contract.
func peopleField(field string) string {
	if field == "region" {
		return "city"
	}
	return field
}

func (s *site) peopleAddMentor(v *visit, id string, f *ui.Form) error {
	_, err := s.Directory.CreateMentor(v.ctx(), v.actor, id, mentorInput(f))
	return err
}

func mentorInput(f *ui.Form) directory.MentorInput {
	in := directory.MentorInput{
		FullName: f.Value("full_name"), Position: f.Value("position"), Qualification: f.Value("qualification"), OrderNumber: f.Value("order_number"),
		OrderDate: cal.Day(f.Value("order_date")), Phone: f.Value("phone"), Email: f.Value("email"), Languages: f.All("languages"),
	}
	if text := strings.TrimSpace(f.Value("experience_years")); text != "" {
		years := wholeOrBad(text)
		in.ExperienceYears = &years
	}
	return in
}

// wholeOrBad reads a whole number; what is none becomes one that the service refuses, together with everything else that is wrong.
func wholeOrBad(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		return -1
	}
	return n
}

func (s *site) peopleAddRoom(v *visit, id string, f *ui.Form) error {
	in := directory.RoomInput{Name: f.Value("name"), Address: f.Value("address"), Directions: f.Value("directions")}
	in.Region, in.City = cityParts(f.Value("city"))
	if text := strings.TrimSpace(f.Value("seats")); text != "" {
		in.Seats = wholeOrBad(text)
	}
	_, err := s.Directory.CreateRoom(v.ctx(), v.actor, id, in)
	return err
}

func (s *site) peopleAddSignatory(v *visit, id string, f *ui.Form) error {
	_, err := s.Directory.CreateSignatory(v.ctx(), v.actor, id, directory.SignatoryInput{
		PersonID: f.Value("person_id"), Position: f.Value("position"), Ground: f.Value("ground"), From: cal.Day(f.Value("from")), To: cal.Day(f.Value("to")),
	})
	return err
}

func (s *site) peopleInvite(v *visit, id string, f *ui.Form) error {
	_, err := s.Accounts.CreateInvitation(v.ctx(), v.actor, id, accounts.InvitationRequest{Email: f.Value("email"), Role: accounts.OrgRole(f.Value("role"))})
	return err
}

// peopleEnd is a step of one button on somebody or something of a part.
func (s *site) peopleEnd(part string, end func(v *visit, id, one string) error) handler {
	return func(v *visit) error {
		id := v.param("id")
		if err := end(v, id, v.param("one")); err != nil {
			return v.refusedAct(err, peoplePath(id, part))
		}
		if !v.actor.MemberOf(id) {
			return v.goTo("/", "enterprise.ended")
		}
		return v.goTo(peoplePath(id, part), "enterprise.ended")
	}
}

func (s *site) peopleEndMentor(v *visit, id, one string) error {
	return s.Directory.EndMentor(v.ctx(), v.actor, id, one)
}

func (s *site) peopleEndRoom(v *visit, id, one string) error {
	return s.Directory.EndRoom(v.ctx(), v.actor, id, one)
}

func (s *site) peopleEndSignatory(v *visit, id, one string) error {
	return s.Directory.EndSignatory(v.ctx(), v.actor, id, one)
}

func (s *site) peopleWithdraw(v *visit, id, one string) error {
	return s.Accounts.WithdrawInvitation(v.ctx(), v.actor, id, one)
}

func (s *site) peopleRemoveMember(v *visit, id, one string) error {
	return s.Accounts.RemoveMember(v.ctx(), v.actor, id, one, accounts.OrgRole(v.form().Value("role")))
}
