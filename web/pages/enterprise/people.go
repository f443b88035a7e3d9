package enterprise

import (
	"context"

	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/web/pages/people"
	"github.com/orynda/orynda/web/ui"
)

// The parts of the people's page.
const (
	PeopleMentors     = "mentors"
	PeopleRooms       = "rooms"
	PeopleSignatories = "signatories"
	PeopleMembers     = "members"
)

// PeopleParts lists the parts in order.
func PeopleParts() []string {
	return []string{PeopleMentors, PeopleRooms, PeopleSignatories, PeopleMembers}
}

// People is one part of the page of an enterprise's people.
type People struct {
	Head
	Part        string
	Form        *ui.Form
	Mentors     []*directory.Mentor
	Most        int // trainees of a mentor at once
	Rooms       []*directory.Room
	Signatories people.Signatories
	Members     people.Members
	Cities      []ui.Option
	CityNames   map[string]string // of rooms, by id
	Next        string
}

// Mentor is the page of one mentor.
type Mentor struct {
	Head
	MentorID, Version string
	Trainees, Most    int
	Form              *ui.Form
	Newer             []ui.Row // what is stored, where somebody saved meanwhile; the form holds what was typed
}

func ofMentor(ctx context.Context, f *ui.Form, name string) ui.Control {
	return ui.Control{Form: f, Name: name, Label: Label(ctx, PeopleMentors+"."+name)}
}

func (p People) partPath(part string) string {
	if part == PeopleMentors {
		return p.path("/people")
	}
	return p.path("/people/" + part)
}

func (p People) parts(ctx context.Context) []ui.Tab {
	var out []ui.Tab
	for _, part := range PeopleParts() {
		out = append(out, ui.Tab{Path: p.partPath(part), Label: ui.T(ctx, "site.enterprise.people."+part), Current: part == p.Part})
	}
	return out
}

// named is a field of the page's own form.
func (p People) named(ctx context.Context, name string) ui.Control {
	return ui.Control{Form: p.Form, Name: name, Label: Label(ctx, p.Part+"."+name)}
}

func hint(c ui.Control, says string) ui.Control {
	c.Hint = says
	return c
}
