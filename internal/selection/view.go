package selection

import (
	"context"
	"slices"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/placements"
)

// Viewer is as what somebody looks at an application. It decides what is shown (domain.md, I11).
type Viewer string

// The viewers, from the closest on: who is several looks as the first.
const (
	ViewOwner       Viewer = "owner"
	ViewEnterprise  Viewer = "enterprise"
	ViewInterviewer Viewer = "interviewer" // of the own slots' applicants: no contacts
	ViewGuardian    Viewer = "guardian"
	ViewCollege     Viewer = "college" // no words of the applicant or the enterprise
)

// Staff reports whether the viewer acts for the place's enterprise.
func (v Viewer) Staff() bool { return v == ViewEnterprise || v == ViewInterviewer }

// viewerOf finds the closest relation that lets somebody look, "" for none.
func viewerOf(rel []accounts.Relation) Viewer {
	for _, v := range []struct {
		rel  accounts.Relation
		view Viewer
	}{
		{accounts.Self, ViewOwner}, {accounts.EnterpriseHR, ViewEnterprise}, {accounts.EnterpriseInterviewer, ViewInterviewer},
		{accounts.Guardian, ViewGuardian}, {accounts.CollegeCoordinator, ViewCollege},
	} {
		if slices.Contains(rel, v.rel) {
			return v.view
		}
	}
	return ""
}

// Applicant is the person behind an application, as far as the viewer may see. What is withheld is empty.
type Applicant struct {
	Kind              Kind
	FullName          string
	College           *directory.College   // nil for a citizen
	Enrolment         *directory.Enrolment // the live one; nil without
	AgeBand           string               // from_14_to_15, from_16_to_17 or adult
	Email, Phone      string               // for the enterprise only while an offer is open or accepted
	Group             string               // for the own college, the owner and the guardian
	EnrolmentKnown    bool                 // a student: EnrolmentComplete says something
	EnrolmentComplete bool                 // the college confirmed it
}

// View is an application as one viewer may see it. App is a copy without what is withheld.
type View struct {
	App            *Application
	Viewer         Viewer
	Place          *placements.Placement
	EnterpriseName string
	Applicant      Applicant
	Wait           *Wait
	Fit            *Fit // enterprise only
}

// lens looks at some applications of one actor. All that they name is read when it is made, each kind at once.
type lens struct {
	s           *Service
	actor       accounts.Actor
	wards       map[string]bool // whom the actor represents
	places      map[string]*placements.Placement
	enterprises map[string]*directory.Enterprise
	colleges    map[string]*directory.College
	people      map[string]*accounts.Person
	enrolments  map[string]*directory.Enrolment
	sheets      map[string]*StudentSheet // only where the actor acts for an enterprise
}

// View shows an application to somebody who was let at it: call it with what the other methods gave.
func (s *Service) View(ctx context.Context, a accounts.Actor, app *Application) (*View, error) {
	views, err := s.Views(ctx, a, []*Application{app})
	if err != nil {
		return nil, err
	}
	return views[0], nil
}

// Views is View for a list. How often it asks the store doesn't depend on the list's length.
func (s *Service) Views(ctx context.Context, a accounts.Actor, apps []*Application) ([]*View, error) {
	out := make([]*View, 0, len(apps))
	if len(apps) == 0 {
		return out, nil
	}
	var n named
	for _, app := range apps {
		n.add(app.PlacementID, app.EnterpriseID, app.CollegeID, app.StudentID)
	}
	l, err := s.lens(ctx, a, n)
	if err != nil {
		return nil, err
	}
	for _, app := range apps {
		v, err := l.view(app)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

// named are the ids of what applications or offers name.
type named struct{ places, enterprises, colleges, people []string }

func (n *named) add(place, enterprise, college, person string) {
	n.places, n.enterprises, n.people = append(n.places, place), append(n.enterprises, enterprise), append(n.people, person)
	if college != "" {
		n.colleges = append(n.colleges, college)
	}
}

func (s *Service) lens(ctx context.Context, a accounts.Actor, n named) (*lens, error) {
	l := &lens{s: s, actor: a}
	reads := []func() error{
		func() (err error) { l.wards, err = s.represented(ctx, a); return err },
		func() (err error) { l.places, err = s.Placements.Many(ctx, n.places...); return err },
		func() (err error) { l.enterprises, err = s.Directory.Enterprises(ctx, n.enterprises...); return err },
		func() (err error) { l.people, err = s.Accounts.People(ctx, n.people...); return err },
		func() (err error) { l.enrolments, err = s.Directory.Enrolments(ctx, n.people...); return err },
	}
	if len(n.colleges) > 0 {
		reads = append(reads, func() (err error) { l.colleges, err = s.Directory.Colleges(ctx, n.colleges...); return err })
	}
	if len(a.Organisations(accounts.KindEnterprise)) > 0 {
		reads = append(reads, func() (err error) { l.sheets, err = s.sheets.GetMany(ctx, n.people...); return err })
	}
	for _, read := range reads {
		if err := read(); err != nil {
			return nil, err
		}
	}
	return l, nil
}

// represented are the persons whose confirmed guardian the actor is.
func (s *Service) represented(ctx context.Context, a accounts.Actor) (map[string]bool, error) {
	wards, err := s.Directory.Wards(ctx, a.PersonID)
	out := map[string]bool{}
	for _, g := range wards {
		if g.State == directory.GuardianConfirmed {
			out[g.WardID] = true
		}
	}
	return out, err
}

func (l *lens) view(app *Application) (*View, error) {
	v := &View{Viewer: viewerOf(relations(l.actor, app, l.wards[app.StudentID])), Place: l.places[app.PlacementID]}
	e := l.enterprises[app.EnterpriseID]
	switch {
	case v.Place == nil:
		return nil, errs.Missing("placement")
	case e == nil:
		return nil, errs.Missing("enterprise")
	}
	v.EnterpriseName = e.Name
	who, err := l.applicant(app, v.Viewer)
	if err != nil {
		return nil, err
	}
	v.Applicant = who.shown
	v.App = app.shown(v.Viewer)
	v.Wait = app.WaitingFor(l.s.Clock.Now(), who.shown.EnrolmentComplete || app.Kind == Citizen)
	if v.Viewer.Staff() {
		v.Fit = l.s.fit(app, v.Place, who, l.sheets[app.StudentID])
	}
	return v, nil
}

// shown copies an application without what the viewer may not read.
func (a *Application) shown(v Viewer) *Application {
	c := *a
	if v == ViewCollege || v == "" {
		c.Motivation, c.Answers, c.Reason, c.Comment = "", nil, "", ""
	}
	if !v.Staff() {
		c.Outcome = nil
	}
	return &c
}

// seen is what the lens knows of an applicant; only shown goes out.
type seen struct {
	shown   Applicant
	birth   cal.Day
	college *directory.College
}

func (l *lens) applicant(app *Application, v Viewer) (seen, error) {
	who := seen{shown: Applicant{Kind: app.Kind}}
	p := l.people[app.StudentID]
	if p == nil {
		return who, errs.New(errs.NotFound, "not_found")
	}
	if p.Deleted() {
		return who, nil
	}
	identity, err := l.s.Accounts.IdentityOf(p)
	if err != nil {
		return who, err
	}
	who.birth = identity.Born()
	who.shown.FullName = p.FullName
	who.shown.AgeBand = ageBand(who.birth, cal.DayOf(l.s.Clock.Now()))
	if v == ViewOwner || (v == ViewEnterprise && app.in(Offered, Accepted)) {
		who.shown.Email, who.shown.Phone = p.Email, identity.Phone
	}
	if app.Kind == Citizen {
		return who, nil
	}
	return who, l.studies(app, v, &who)
}

// studies adds what the college says. An applicant who left the roster keeps the college's name only.
func (l *lens) studies(app *Application, v Viewer, who *seen) error {
	if who.college = l.colleges[app.CollegeID]; who.college == nil {
		return errs.Missing("college")
	}
	who.shown.College, who.shown.EnrolmentKnown = who.college, true
	e := l.enrolments[app.StudentID]
	if e == nil || e.CollegeID != app.CollegeID {
		return nil
	}
	who.shown.Enrolment, who.shown.EnrolmentComplete = e, e.State == directory.EnrolmentConfirmed
	if !v.Staff() {
		who.shown.Group = e.Group
	}
	return nil
}

// ageBand is an age in coarse steps, "" where it isn't known.
func ageBand(birth, today cal.Day) string {
	if birth == "" {
		return ""
	}
	switch age := cal.Age(birth, today); {
	case age >= adult:
		return "adult"
	case age >= 16:
		return "from_16_to_17"
	case age >= 14:
		return "from_14_to_15"
	}
	return ""
}
