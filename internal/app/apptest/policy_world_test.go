package apptest

import (
	"slices"
	"strings"

	"github.com/orynda/orynda/internal/accounts"
)

// side is one trainee's affairs: an enterprise, a college, a chamber and what they have with each other. Two sides have nothing in common but
// the registrar of the region where both enterprises sit.
type side struct {
	name                         string
	enterprise, college, chamber string
	ids                          map[string]string // what path parameters and bodies name, by kind
	owner                        map[string]string // whose thing it is, by kind: the name of an actor
	applicants, live             []string          // who applied for the place; whose application lives
	registrar                    map[string]string // the chamber whose registrar has that relation to a kind, where there is one
	interviewer                  map[string]string // whose slot it is
}

// organisation names the organisation of a kind like "college members".
func (s *side) organisation(kind string) string {
	for word, id := range map[string]string{"enterprise": s.enterprise, "college": s.college, "chamber": s.chamber} {
		if strings.Contains(kind, word) {
			return id
		}
	}
	return ""
}

// actor is an account and what it is to whom.
type actor struct {
	name   string
	client *Client
	proved bool
	nobody bool
	roles  map[string][]accounts.Relation // by organisation
	wards  []string
}

func (a *actor) of(organisation string) []accounts.Relation { return a.roles[organisation] }

func (a *actor) platform() bool { return len(a.roles[accounts.PlatformID]) > 0 }

// relations says how an actor stands to a thing, in the words of the design: this is what the program is measured by.
func (a *actor) relations(s *side, kind string) []accounts.Relation {
	if a.nobody {
		return nil
	}
	var out []accounts.Relation
	add := func(r ...accounts.Relation) { out = append(out, r...) }
	visible := func(when bool) {
		if when {
			add(accounts.Visible)
		}
	}
	owner := s.owner[kind]
	own := func(owners ...string) {
		if slices.Contains(owners, a.name) {
			add(accounts.Self)
		}
		if slices.ContainsFunc(a.wards, func(ward string) bool { return slices.Contains(owners, ward) }) {
			add(accounts.Guardian)
		}
	}
	admin := func() {
		if a.platform() {
			add(accounts.PlatformAdmin)
		}
	}
	without := func(list []accounts.Relation, r accounts.Relation) []accounts.Relation {
		return slices.DeleteFunc(slices.Clone(list), func(x accounts.Relation) bool { return x == r })
	}
	registrar := func() {
		if s.registrar[kind] != "" && slices.Contains(a.of(s.registrar[kind]), accounts.ChamberRegistrar) {
			add(accounts.ChamberRegistrar)
		}
	}
	switch kind {
	case "me":
		add(accounts.Self)
	case "platform":
		admin()
		visible(true)
	case "enterprise":
		add(a.of(s.enterprise)...)
		registrar()
		admin()
		visible(true)
	case "college":
		add(a.of(s.college)...)
		admin()
		visible(true)
	case "chamber":
		add(a.of(s.chamber)...)
		admin()
		visible(true)
	case "organisation enterprise", "organisation college", "organisation chamber":
		add(a.of(s.organisation(kind))...)
		admin()
		visible(true)
	case "enterprise members", "college members", "chamber members":
		add(a.of(s.organisation(kind))...)
		admin()
	case "place", "draft place":
		add(a.of(s.enterprise)...)
		registrar()
		admin()
		visible(kind == "place")
	case "place with applicants":
		add(a.of(s.enterprise)...)
		add(a.of(s.college)...)
		registrar()
		admin()
		own(s.applicants...)
		visible(true)
	case "slot":
		mine := a.of(s.enterprise)
		if s.interviewer[kind] != a.name {
			mine = without(mine, accounts.EnterpriseInterviewer)
		}
		add(mine...)
		own(s.live...)
		admin()
		visible(true)
	case "slots":
		add(a.of(s.enterprise)...)
		own(s.live...)
		admin()
		visible(true)
	case "filing":
		add(a.of(s.enterprise)...)
		registrar()
		admin()
	case "application", "live application", "offer", "booking", "live booking":
		own(owner)
		mine := a.of(s.enterprise)
		if s.interviewer[kind] != a.name {
			mine = without(mine, accounts.EnterpriseInterviewer)
		}
		add(mine...)
		if strings.Contains(kind, "booking") { // the student's college has no part in the interview
			visible(len(a.of(s.enterprise)) > 0)
			break
		}
		add(a.of(s.college)...)
		visible(len(a.of(s.enterprise)) > 0)
	case "agreement", "concluded agreement", "agreement to register":
		own(owner)
		add(without(a.of(s.enterprise), accounts.EnterpriseInterviewer)...)
		add(a.of(s.college)...)
		registrar()
	case "agreements to countersign":
		add(accounts.Visible)
		for _, roles := range a.roles {
			if slices.Contains(roles, accounts.CollegeSignatory) {
				add(accounts.CollegeSignatory)
			}
		}
	case "enrolment":
		add(a.of(s.college)...)
		admin()
		visible(owner == a.name)
	case "guardian":
		add(a.of(s.college)...)
		admin()
		visible(owner == a.name || slices.Contains(a.wards, owner))
	}
	return out
}

// policyWorld is two sides with things in several states, and everybody who may ask for them.
type policyWorld struct {
	w      *world
	door   *backdoor
	actors []*actor
	a, b   *side
}

func (p *policyWorld) add(name string, c *Client, roles map[string][]accounts.Relation, wards ...string) {
	p.actors = append(p.actors, &actor{name: name, client: c, proved: true, roles: roles, wards: wards})
}

func (p *policyWorld) actor(name string) *actor {
	for _, a := range p.actors {
		if a.name == name {
			return a
		}
	}
	p.w.t.Fatalf("nobody is called %s", name)
	return nil
}

func newPolicyWorld(w *world) *policyWorld {
	p := &policyWorld{w: w, door: w.backdoor()}
	p.people()
	p.sideA()
	p.sideB()
	p.w.advance("PT0S") // carries out and delivers everything
	return p
}

func demo(name string) string { return name + ".demo.orynda.kz" }

func (p *policyWorld) people() {
	w := p.w
	hrA, hrB := w.as(demo("hr@saryarqa-energo")), w.as(demo("hr@temir-motors"))
	collegeA, collegeB := w.as(demo("college@karaganda")), w.as(demo("university@almaty"))
	chamberA := w.as(demo("chamber@karaganda"))
	p.a = &side{name: "Karaganda", enterprise: organisationOf(hrA, "enterprise"), college: organisationOf(collegeA, "college"), chamber: organisationOf(chamberA, "chamber")}
	p.b = &side{name: "Almaty", enterprise: organisationOf(hrB, "enterprise"), college: organisationOf(collegeB, "college")}
	p.b.chamber = w.anonymous().Get("/api/v1/chambers?region=750000000").Items("items")[0].S("id")

	boss := []accounts.Relation{accounts.EnterpriseAdmin, accounts.EnterpriseHR, accounts.EnterpriseSignatory}
	head := []accounts.Relation{accounts.CollegeCoordinator, accounts.CollegeSignatory}
	in := func(organisation string, roles ...accounts.Relation) map[string][]accounts.Relation {
		return map[string][]accounts.Relation{organisation: roles}
	}
	enterprise := func(email string, role accounts.OrgRole) *Client {
		return p.door.member(email, p.a.enterprise, accounts.KindEnterprise, role)
	}
	p.actors = append(p.actors, &actor{name: "nobody", client: w.anonymous(), nobody: true, proved: true})
	p.actors = append(p.actors, &actor{name: "unproved", client: p.door.person("unproved@test.orynda.kz", false)})
	for _, name := range []string{"student", "student2", "student3", "minor", "citizen", "undergraduate"} {
		p.add(name, w.as(name+"@demo.orynda.kz"), nil)
	}
	p.add("guardian", w.as("guardian@demo.orynda.kz"), nil, "minor")
	p.add("enterprise A: admin, signatory", hrA, in(p.a.enterprise, boss...))
	p.add("enterprise A: hr", enterprise("hr2@test.orynda.kz", accounts.RoleHR), in(p.a.enterprise, accounts.EnterpriseHR))
	p.add("enterprise A: interviewer", enterprise("int1@test.orynda.kz", accounts.RoleInterviewer), in(p.a.enterprise, accounts.EnterpriseInterviewer))
	p.add("enterprise A: other interviewer", enterprise("int2@test.orynda.kz", accounts.RoleInterviewer), in(p.a.enterprise, accounts.EnterpriseInterviewer))
	p.add("enterprise A: signatory", enterprise("sig@test.orynda.kz", accounts.RoleSignatory), in(p.a.enterprise, accounts.EnterpriseSignatory))
	gone := enterprise("gone@test.orynda.kz", accounts.RoleHR)
	p.add("enterprise A: removed member", gone, nil)
	hrA.Want(204, "DELETE", "/api/v1/organisations/"+p.a.enterprise+"/members/"+idOf(gone), nil)
	p.add("enterprise B: admin, signatory", hrB, in(p.b.enterprise, boss...))
	fresh := w.as(demo("new@enterprise"))
	p.add("new enterprise", fresh, in(organisationOf(fresh, "enterprise"), accounts.EnterpriseAdmin, accounts.EnterpriseHR))
	p.add("college A: coordinator, signatory", collegeA, in(p.a.college, head...))
	p.add("college A: signatory", p.door.member("csig@test.orynda.kz", p.a.college, accounts.KindCollege, accounts.RoleSignatory), in(p.a.college, accounts.CollegeSignatory))
	p.add("college B: coordinator, signatory", collegeB, in(p.b.college, head...))
	semey := w.as(demo("college@semey"))
	p.add("another college", semey, in(organisationOf(semey, "college"), head...))
	p.add("chamber A: registrar", chamberA, in(p.a.chamber, accounts.ChamberRegistrar))
	p.add("chamber B: registrar", p.door.member("reg@test.orynda.kz", p.b.chamber, accounts.KindChamber, accounts.RoleRegistrar), in(p.b.chamber, accounts.ChamberRegistrar))
	p.add("platform admin", w.as("admin@demo.orynda.kz"), in(accounts.PlatformID, accounts.PlatformAdmin))
}

// sideA: a minor with a guardian up to a draft, a student with a concluded agreement, one with an open offer, one with a booked interview.
func (p *policyWorld) sideA() {
	w, s := p.w, p.a
	hr, college := p.actor("enterprise A: admin, signatory").client, p.actor("college A: coordinator, signatory").client
	interviewer := p.actor("enterprise A: interviewer")
	adult := &chain{t: w.t, w: w, applicant: p.actor("student").client, enterprise: hr, college: college}
	adult.walk()
	minor := &chain{t: w.t, w: w, applicant: p.actor("minor").client, enterprise: hr, college: college, interviewer: idOf(interviewer.client)}
	minor.enterpriseID, minor.collegeID = s.enterprise, s.college
	minor.post()
	waiting := *minor
	waiting.applicant = p.actor("student2").client
	waiting.apply()
	minor.apply()
	minor.interview()
	minor.offer()
	minor.accept()
	offered := *minor
	offered.applicant, offered.interviewer = p.actor("student3").client, ""
	offered.apply()
	offered.interview()
	offered.offer()
	waiting.book()

	me := p.actor("minor").client.Get("/api/v1/me")
	s.ids = map[string]string{
		"place": minor.placement, "place with applicants": minor.placement, "draft place": hr.Want(201, "POST", "/api/v1/placements/"+minor.placement+"/clone", nil).S("id"),
		"application": minor.application, "live application": waiting.application, "offer": offered.offerID, "booking": minor.booking, "live booking": waiting.booking,
		"slot": waiting.slot, "slots": minor.placement, "agreement": minor.agreement, "concluded agreement": adult.agreement, "agreement to register": adult.agreement,
		"agreements to countersign": minor.agreement, "filing": hr.Get("/api/v1/placements/" + minor.placement + "/filings").Items("items")[0].S("id"),
		"enrolment": me.S("enrolment.id"), "guardian": me.Items("guardians")[0].S("id"),
	}
	s.owner = map[string]string{
		"application": "minor", "live application": "student2", "offer": "student3", "booking": "minor", "live booking": "student2",
		"agreement": "minor", "concluded agreement": "student", "agreement to register": "student", "enrolment": "minor", "guardian": "minor",
	}
	s.applicants, s.live = []string{"minor", "student2", "student3"}, []string{"student2", "student3"}
	s.registrar = map[string]string{
		"enterprise": p.a.chamber, "place": p.a.chamber, "place with applicants": p.a.chamber, "filing": p.a.chamber, "concluded agreement": p.a.chamber,
		"agreement to register": p.a.chamber,
	}
	s.interviewer = map[string]string{
		"slot": interviewer.name, "booking": interviewer.name, "live booking": interviewer.name, "application": interviewer.name, "live application": interviewer.name,
	}
	p.things(s, hr, college)
}

// sideB: an undergraduate up to a draft under the other Rules, with a place in another region than the enterprise's seat.
func (p *policyWorld) sideB() {
	w, s := p.w, p.b
	hr, college := p.actor("enterprise B: admin, signatory").client, p.actor("college B: coordinator, signatory").client
	c := &chain{t: w.t, w: w, applicant: p.actor("undergraduate").client, enterprise: hr, college: college, university: true}
	c.enterpriseID, c.collegeID = s.enterprise, s.college
	c.workplace = Doc{"region": "750000000", "city": "Алматы", "address": "Рысқұлов даңғылы, 57", "lat": 43.27, "lon": 76.87, "kind": "workplace"}
	c.post()
	c.apply()
	c.interview()
	c.offer()
	c.accept()
	filed := *c
	filed.university, filed.college, filed.collegeID = false, p.actor("college A: coordinator, signatory").client, p.a.college
	filed.post()
	s.ids = map[string]string{
		"place": c.placement, "place with applicants": c.placement, "draft place": hr.Want(201, "POST", "/api/v1/placements/"+c.placement+"/clone", nil).S("id"),
		"application": c.application, "live application": c.application, "offer": c.offerID, "booking": c.booking, "live booking": c.booking, "slot": c.slot,
		"slots": c.placement, "agreement": c.agreement, "concluded agreement": c.agreement, "agreement to register": c.agreement, "agreements to countersign": c.agreement,
		"filing":    hr.Get("/api/v1/placements/" + filed.placement + "/filings").Items("items")[0].S("id"),
		"enrolment": c.applicant.Get("/api/v1/me").S("enrolment.id"),
	}
	s.owner = map[string]string{}
	for _, kind := range []string{"application", "live application", "offer", "booking", "live booking", "agreement", "concluded agreement", "agreement to register", "enrolment"} {
		s.owner[kind] = "undergraduate"
	}
	s.applicants = []string{"undergraduate"}
	s.registrar = map[string]string{
		"enterprise": p.a.chamber, "place": p.b.chamber, "place with applicants": p.b.chamber, "filing": p.b.chamber, "agreement to register": p.b.chamber,
	}
	s.interviewer = map[string]string{}
	p.things(s, hr, college)
}

// things makes what organisations have.
func (p *policyWorld) things(s *side, hr, college *Client) {
	path := "/api/v1/enterprises/" + s.enterprise
	s.ids["mentor"] = hr.Want(201, "POST", path+"/mentors", example(p.w, "createMentor")).S("id")
	s.ids["room"] = hr.Want(201, "POST", path+"/rooms", example(p.w, "createRoom")).S("id")
	s.ids["supervisor"] = college.Want(201, "POST", "/api/v1/colleges/"+s.college+"/supervisors", example(p.w, "createSupervisor")).S("id")
	s.ids["signatory"] = hr.Get("/api/v1/organisations/" + s.enterprise + "/signatories").Items("items")[0].S("id")
	s.ids["member enterprise"], s.ids["member college"], s.ids["member chamber"] = idOf(hr), idOf(college), "per_none"
	s.ids["enterprise"], s.ids["college"], s.ids["chamber"] = s.enterprise, s.college, s.chamber
}
