package selection

import (
	"context"
	"slices"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/storage"
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

// lens looks at many applications of one actor and reads each other thing once.
type lens struct {
	s           *Service
	actor       accounts.Actor
	places      map[string]*placements.Placement
	enterprises map[string]string
	colleges    map[string]*directory.College
}

// View shows an application to somebody who was let at it: call it with what the other methods gave.
func (s *Service) View(ctx context.Context, a accounts.Actor, app *Application) (*View, error) {
	return s.lens(a).view(ctx, app)
}

// Views is View for a list.
func (s *Service) Views(ctx context.Context, a accounts.Actor, apps []*Application) ([]*View, error) {
	l := s.lens(a)
	out := make([]*View, 0, len(apps))
	for _, app := range apps {
		v, err := l.view(ctx, app)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

func (s *Service) lens(a accounts.Actor) *lens {
	return &lens{s: s, actor: a, places: map[string]*placements.Placement{}, enterprises: map[string]string{}, colleges: map[string]*directory.College{}}
}

func (l *lens) view(ctx context.Context, app *Application) (*View, error) {
	rel, err := l.s.RelationsTo(ctx, l.actor, app)
	if err != nil {
		return nil, err
	}
	v := &View{Viewer: viewerOf(rel)}
	if v.Place, err = l.place(ctx, app.PlacementID); err != nil {
		return nil, err
	}
	if v.EnterpriseName, err = l.enterprise(ctx, app.EnterpriseID); err != nil {
		return nil, err
	}
	who, err := l.applicant(ctx, app, v.Viewer)
	if err != nil {
		return nil, err
	}
	v.Applicant = who.shown
	v.App = app.shown(v.Viewer)
	v.Wait = app.WaitingFor(l.s.Clock.Now(), who.shown.EnrolmentComplete || app.Kind == Citizen)
	if v.Viewer.Staff() {
		v.Fit, err = l.s.fit(ctx, app, v.Place, who)
	}
	return v, err
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

func (l *lens) applicant(ctx context.Context, app *Application, v Viewer) (seen, error) {
	who := seen{shown: Applicant{Kind: app.Kind}}
	p, err := l.s.Accounts.Person(ctx, app.StudentID)
	if err != nil || p.Deleted() {
		return who, err
	}
	identity, err := l.s.Accounts.Identity(ctx, app.StudentID)
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
	return who, l.studies(ctx, app, v, &who)
}

// studies adds what the college says. An applicant who left the roster keeps the college's name only.
func (l *lens) studies(ctx context.Context, app *Application, v Viewer, who *seen) error {
	var err error
	if who.college, err = l.college(ctx, app.CollegeID); err != nil {
		return err
	}
	who.shown.College, who.shown.EnrolmentKnown = who.college, true
	e, err := l.s.Directory.Enrolment(ctx, app.StudentID)
	if storage.IsNotFound(err) || (err == nil && e.CollegeID != app.CollegeID) {
		return nil
	}
	if err != nil {
		return err
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

func (l *lens) place(ctx context.Context, id string) (*placements.Placement, error) {
	if p := l.places[id]; p != nil {
		return p, nil
	}
	p, err := l.s.Placements.Placement(ctx, id)
	if err == nil {
		l.places[id] = p
	}
	return p, err
}

func (l *lens) enterprise(ctx context.Context, id string) (string, error) {
	if name, ok := l.enterprises[id]; ok {
		return name, nil
	}
	e, err := l.s.Directory.Enterprise(ctx, id)
	if err != nil {
		return "", err
	}
	l.enterprises[id] = e.Name
	return e.Name, nil
}

func (l *lens) college(ctx context.Context, id string) (*directory.College, error) {
	if c := l.colleges[id]; c != nil {
		return c, nil
	}
	c, err := l.s.Directory.College(ctx, id)
	if err == nil {
		l.colleges[id] = c
	}
	return c, err
}
