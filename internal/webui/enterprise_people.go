package webui

import (
	"context"
	"strconv"
	"strings"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/storage"
	"github.com/orynda/orynda/web/pages/enterprise"
	"github.com/orynda/orynda/web/pages/people"
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
	s.change("/enterprises/:id/people/mentors/:one/end", s.peopleEnd(enterprise.PeopleMentors, s.Directory.EndMentor))
	s.change("/enterprises/:id/people/rooms/:one/end", s.peopleEnd(enterprise.PeopleRooms, s.Directory.EndRoom))
	s.change("/enterprises/:id/people/signatories/:one/end", s.peopleEnd(enterprise.PeopleSignatories, s.Directory.EndSignatory))
	s.memberRoutes("/enterprises/:id/people/members", func(id string) string { return peoplePath(id, enterprise.PeopleMembers) })
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
	p := enterprise.People{Head: head, Part: part, Form: f}
	switch part {
	case enterprise.PeopleSignatories:
		p.Signatories, err = s.signatoriesOf(v, head.ID, head.Runs, peoplePath(head.ID, part), f)
		return p, err
	case enterprise.PeopleMembers:
		p.Members, err = s.membersOf(v, head.ID, accounts.KindEnterprise, peoplePath(head.ID, part), f)
		return p, err
	}
	after, err := v.cursor()
	if err != nil {
		return p, err
	}
	var next storage.Cursor
	if part == enterprise.PeopleRooms {
		next, err = s.peopleListRooms(v, &p, after)
	} else {
		p.Most = s.Directory.MentorLimitOn(s.Directory.Today())
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

// peopleAdd carries out the form of a part.
func (s *site) peopleAdd(v *visit, part string) error {
	f := v.form()
	id := v.param("id")
	add := map[string]func(*visit, string, *ui.Form) error{
		enterprise.PeopleMentors: s.peopleAddMentor, enterprise.PeopleRooms: s.peopleAddRoom, enterprise.PeopleSignatories: s.addSignatory,
		enterprise.PeopleMembers: s.inviteMember,
	}[part]
	err := add(v, id, f)
	if err == nil {
		return v.goTo(peoplePath(id, part), "enterprise.added_"+part)
	}
	if !v.refused(err, f, peopleField) {
		return err
	}
	if part == enterprise.PeopleSignatories || part == enterprise.PeopleMembers {
		nameFields(v, f, people.Label)
	} else {
		nameFields(v, f, below(enterprise.Label, part+"."))
	}
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

// peopleEnd is a step of one button on somebody or something of a part.
func (s *site) peopleEnd(part string, end func(ctx context.Context, by accounts.Actor, id, one string) error) handler {
	return endOne(end, func(id string) string { return peoplePath(id, part) })
}
