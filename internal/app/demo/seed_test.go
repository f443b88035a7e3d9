package demo_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/agreements"
	"github.com/orynda/orynda/internal/app/demo"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/interviews"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/placements/rules"
	"github.com/orynda/orynda/internal/selection"
	"github.com/orynda/orynda/internal/storage"
	"github.com/orynda/orynda/internal/storage/storagetest"
)

const (
	places        = 60
	student       = "student@demo.orynda.kz"
	minor         = "minor@demo.orynda.kz"
	guardian      = "guardian@demo.orynda.kz"
	citizen       = "citizen@demo.orynda.kz"
	undergraduate = "undergraduate@demo.orynda.kz"
	hrSaryarqa    = "hr@saryarqa-energo.demo.orynda.kz"
	hrTemir       = "hr@temir-motors.demo.orynda.kz"
	newcomer      = "new@enterprise.demo.orynda.kz"
	college       = "college@karaganda.demo.orynda.kz"
	semey         = "college@semey.demo.orynda.kz"
	university    = "university@almaty.demo.orynda.kz"
	registrar     = "chamber@karaganda.demo.orynda.kz"
	admin         = "admin@demo.orynda.kz"
	karaganda     = "350000000"
)

func TestSeed(t *testing.T) {
	for _, e := range storagetest.Engines(t) {
		t.Run(e.Name, func(t *testing.T) {
			m := newMachine(t, e.Open(t))
			m.must(demo.Seed(t.Context(), m.Deps, demo.Options{Places: places, Seed: 1}))
			m.clock.advance(time.Minute)
			m.settle()
			m.checkPeople()
			m.checkOrganisations()
			m.checkStudies()
			m.checkPlaces()
			m.checkSlots()
			m.checkAgreements()
			m.checkLog()
			before := m.snapshot()
			m.must(demo.Seed(t.Context(), m.Deps, demo.Options{Places: 2 * places, Seed: 7}))
			if after := m.snapshot(); after != before {
				t.Errorf("a second Seed changed the world: %+v, was %+v", after, before)
			}
		})
	}
}

// checkPeople signs everybody in and looks for gaps in the profiles and for shared contacts (I13).
func (m *machine) checkPeople() {
	m.t.Helper()
	if n := len(demo.Emails()); n != 15 {
		m.t.Errorf("%d accounts", n)
	}
	contacts := map[string]string{}
	for _, email := range demo.Emails() {
		me, err := m.Accounts.Me(m.t.Context(), m.as(email))
		m.must(err)
		who := me.Identity
		birth, err := accounts.ValidIIN(who.IIN)
		if err != nil || birth != who.BirthDate || who.Phone == "" || who.Address == "" || me.Person.City == "" || me.Person.Region == "" {
			m.t.Errorf("%s: the profile isn't complete", email)
		}
		for _, c := range []string{who.IIN, who.Phone} {
			if contacts[c] != "" {
				m.t.Errorf("%s and %s share an IIN or a phone", email, contacts[c])
			}
			contacts[c] = email
		}
		age := cal.Age(who.BirthDate, m.day())
		if later := cal.Age(who.BirthDate, m.day().Add(300)); email == minor && (age != 17 || later != 17) {
			m.t.Errorf("the minor is %d, and %d in 300 days", age, later)
		} else if email != minor && age < 18 {
			m.t.Errorf("%s is %d", email, age)
		}
	}
}

func (m *machine) day() cal.Day { return cal.DayOf(m.clock.Now()) }

// checkOrganisations looks at memberships, authorities and everything that an organisation needs.
func (m *machine) checkOrganisations() {
	m.t.Helper()
	ctx := m.t.Context()
	chambers, err := m.Directory.ListChambers(ctx, "", "", storage.Cursor{}, 100)
	m.must(err)
	if len(chambers.Items) != 20 {
		m.t.Errorf("%d chambers", len(chambers.Items))
	}
	regions := map[string]bool{}
	colleges, err := m.Directory.ListColleges(ctx, directory.CollegeFilter{}, storage.Cursor{}, 100)
	m.must(err)
	for _, c := range colleges.Items {
		regions[c.Region] = true
	}
	if len(regions) != 20 {
		m.t.Errorf("colleges in %d regions", len(regions))
	}
	for email, roles := range map[string][]accounts.OrgRole{
		hrSaryarqa: {accounts.RoleAdmin, accounts.RoleSignatory}, hrTemir: {accounts.RoleAdmin, accounts.RoleSignatory}, newcomer: {accounts.RoleAdmin},
		college: {accounts.RoleCoordinator, accounts.RoleSignatory}, semey: {accounts.RoleCoordinator, accounts.RoleSignatory},
		university: {accounts.RoleCoordinator, accounts.RoleSignatory}, registrar: {accounts.RoleRegistrar}, admin: {accounts.RoleAdmin},
	} {
		m.checkMember(email, roles)
	}
	m.checkEnterprise(hrSaryarqa, 2, 2)
	m.checkEnterprise(hrTemir, 1, 1)
	fresh, err := m.Directory.Enterprise(ctx, m.organisation(newcomer))
	m.must(err)
	if fresh.State != directory.EnterpriseNew || fresh.Region != karaganda {
		m.t.Errorf("the new enterprise is %s in %s", fresh.State, fresh.Region)
	}
	if _, err := m.Directory.SubmitVerification(ctx, m.as(newcomer), fresh.ID, ""); err != nil {
		m.t.Errorf("the new enterprise can't be submitted: %v", err)
	}
}

func (m *machine) checkMember(email string, roles []accounts.OrgRole) {
	m.t.Helper()
	ctx, a := m.t.Context(), m.as(email)
	for _, role := range roles {
		if !a.MemberOf(a.Memberships[0].OrganisationID, role) {
			m.t.Errorf("%s isn't %s", email, role)
		}
		if role == accounts.RoleSignatory {
			g, err := m.Directory.Authority(ctx, a.Memberships[0].OrganisationID, a.PersonID, m.day())
			if err != nil || g.Ground == "" {
				m.t.Errorf("%s has no authority: %v", email, err)
				continue
			}
			m.signsAsThePaperSays(a.Memberships[0], g)
		}
	}
	if a.Memberships[0].Kind == accounts.KindCollege {
		list, err := m.Directory.ListSupervisors(ctx, a, a.Memberships[0].OrganisationID, "", storage.Cursor{}, 10)
		m.must(err)
		if len(list.Items) == 0 {
			m.t.Errorf("the college of %s has no supervisor", email)
		}
	}
}

func (m *machine) checkEnterprise(email string, mentors, rooms int) {
	m.t.Helper()
	ctx, by, id := m.t.Context(), m.as(email), m.organisation(email)
	e, err := m.Directory.Enterprise(ctx, id)
	m.must(err)
	if e.State != directory.EnterpriseVerified || e.Region != karaganda || !strings.Contains(e.Name, "демо") {
		m.t.Errorf("%s: %s in %s, called %s", email, e.State, e.Region, e.Name)
	}
	ms, err := m.Directory.ListMentors(ctx, by, id, "", storage.Cursor{}, 100)
	m.must(err)
	rs, err := m.Directory.ListRooms(ctx, by, id, "", storage.Cursor{}, 100)
	m.must(err)
	if len(ms.Items) < mentors || len(rs.Items) < rooms {
		m.t.Errorf("%s has %d mentors and %d rooms", email, len(ms.Items), len(rs.Items))
	}
	if len(ms.Items[0].Trainees) != 0 {
		m.t.Errorf("%s: the first mentor has %d trainees already", email, len(ms.Items[0].Trainees))
	}
}

// checkStudies looks at enrolments, rosters and the guardian.
func (m *machine) checkStudies() {
	m.t.Helper()
	ctx := m.t.Context()
	for _, s := range []struct{ email, college string }{
		{student, college}, {"student2@demo.orynda.kz", college}, {"student3@demo.orynda.kz", college}, {minor, college}, {undergraduate, university},
	} {
		e, err := m.Directory.Enrolment(ctx, m.as(s.email).PersonID)
		m.must(err)
		if e.State != directory.EnrolmentConfirmed || e.CollegeID != m.organisation(s.college) || e.QualificationCode+e.ProgrammeCode == "" {
			m.t.Errorf("%s: enrolment %s", s.email, e.State)
		}
		mine, err := m.Selection.ListMine(ctx, m.as(s.email), selection.Filter{})
		m.must(err)
		if len(mine.Items) > 0 {
			m.t.Errorf("%s has applications", s.email)
		}
	}
	if _, err := m.Directory.Enrolment(ctx, m.as(citizen).PersonID); !storage.IsNotFound(err) {
		m.t.Errorf("the citizen is enrolled: %v", err)
	}
	roster, err := m.Directory.ListRoster(ctx, m.as(college), m.organisation(college), directory.RosterFilter{}, storage.Cursor{}, 100)
	m.must(err)
	strangers := 0
	for _, row := range roster.Items {
		if row.PersonID == "" {
			strangers++
		}
	}
	first, own := roster.Items[0].Studies.QualificationCode, m.enrolment(student).QualificationCode
	if strangers == 0 || first == "" || first != own {
		m.t.Errorf("%d rows without account; the first row's code is %q, the student's %q", strangers, first, own)
	}
	wards, err := m.Directory.Wards(ctx, m.as(guardian).PersonID)
	m.must(err)
	if len(wards) != 1 || wards[0].State != directory.GuardianConfirmed || wards[0].WardID != m.as(minor).PersonID {
		m.t.Errorf("the guardian isn't confirmed: %d wards", len(wards))
	}
}

func (m *machine) enrolment(email string) *directory.Enrolment {
	m.t.Helper()
	e, err := m.Directory.Enrolment(m.t.Context(), m.as(email).PersonID)
	m.must(err)
	return e
}

// open lists the published places of an enterprise that still take applications.
func (m *machine) open(email string) []*placements.View {
	m.t.Helper()
	page, err := m.Placements.ListOwn(m.t.Context(), m.as(email), m.organisation(email), placements.OwnQuery{
		States: []placements.State{placements.Published}, Limit: 100,
	})
	m.must(err)
	return slices.DeleteFunc(page.Items, func(v *placements.View) bool {
		return v.Sheet.Free() == 0 || v.Sheet.CanApply(m.clock.Now()) != nil || v.Place.ApplyBy <= m.day()
	})
}

// checkPlaces looks for the places that the demo accounts walk the chain on.
func (m *machine) checkPlaces() {
	m.t.Helper()
	code, programme, r := m.enrolment(student).QualificationCode, m.enrolment(undergraduate).ProgrammeCode, rules.InForce(m.day())
	var students, minors, citizens, undergraduates int
	for _, v := range m.open(hrSaryarqa) {
		p := v.Place
		if p.QualificationCode != code || !slices.Contains(p.Colleges, m.organisation(college)) || !m.ready(v) {
			continue
		}
		students++
		if p.MinAge <= 16 && !p.Hazardous && p.FitsMinors(r) {
			minors++
		}
		if p.OpenToCitizens {
			citizens++
		}
	}
	for _, v := range m.open(hrTemir) {
		if v.Place.Regime == placements.R361 && v.Place.ProgrammeCode == programme && slices.Contains(v.Place.Colleges, m.organisation(university)) && m.ready(v) {
			undergraduates++
		}
	}
	if students < 3 || minors == 0 || citizens == 0 || undergraduates == 0 {
		m.t.Errorf("%d places for students, %d for minors, %d for citizens, %d for the undergraduate", students, minors, citizens, undergraduates)
	}
	live, err := m.Placements.CountByState(m.t.Context(), placements.Published)
	m.must(err)
	if live < places/2 {
		m.t.Errorf("%d places are published", live)
	}
}

// ready reports whether agreements can follow from a place: its mentor has room for all the free seats. A mentor who is full doesn't count.
func (m *machine) ready(v *placements.View) bool {
	m.t.Helper()
	mentor, err := m.Directory.Mentor(m.t.Context(), v.Place.MentorID)
	m.must(err)
	room := m.Directory.MentorLimitOn(m.day()) - len(mentor.Trainees)
	if len(v.Place.Questions) > 0 || (room > 0 && room < v.Sheet.Free()) {
		m.t.Errorf("place %s asks %d questions, its mentor has room for %d, %d seats are free", v.Place.Reference, len(v.Place.Questions), room, v.Sheet.Free())
	}
	return room > 0
}

// checkSlots wants a free interview time on every weekday of the coming two weeks for each place of the demo.
func (m *machine) checkSlots() {
	m.t.Helper()
	for _, email := range []string{hrSaryarqa, hrTemir} {
		for _, v := range m.open(email) {
			m.checkSlotsOf(email, v.Place)
		}
	}
}

func (m *machine) checkSlotsOf(email string, p *placements.Placement) {
	m.t.Helper()
	tomorrow := m.day().Add(1)
	page, err := m.Interviews.ListSlots(m.t.Context(), m.as(email), p.ID, interviews.SlotFilter{From: tomorrow.Start(), Limit: 500})
	m.must(err)
	free := map[cal.Day]bool{}
	for _, s := range page.Items {
		free[cal.DayOf(s.Slot.StartsAt)] = free[cal.DayOf(s.Slot.StartsAt)] || s.State == interviews.SlotOpen
		if s.Slot.InterviewerID == m.as(email).PersonID {
			m.t.Errorf("%s: the account itself is taken at %s", p.Reference, s.Slot.StartsAt)
		}
	}
	for d := tomorrow; d < tomorrow.Add(14); d = d.Add(1) {
		weekend := d.Weekday() == time.Saturday || d.Weekday() == time.Sunday
		if free[d] == weekend {
			m.t.Errorf("%s of %s on %s (%s): a free time is %v", p.Reference, email, d, d.Weekday(), free[d])
		}
	}
}

// states counts the agreements that an account sees by state.
func (m *machine) states(email string) map[agreements.State]int {
	m.t.Helper()
	out := map[agreements.State]int{}
	page, err := m.Agreements.List(m.t.Context(), m.as(email), agreements.Filter{Limit: 100})
	m.must(err)
	for _, a := range page.Items {
		out[a.Agreement.State]++
		if slices.ContainsFunc(demo.Emails(), func(e string) bool {
			p, err := m.Accounts.PersonByEmail(m.t.Context(), e)
			return err == nil && p.ID == a.Agreement.StudentID
		}) {
			m.t.Errorf("agreement %s is of a demo account", a.Agreement.ID)
		}
	}
	return out
}

// checkAgreements wants one in each state, for the college and the enterprise to see.
func (m *machine) checkAgreements() {
	m.t.Helper()
	for _, email := range []string{college, hrSaryarqa} {
		have := m.states(email)
		for _, s := range []agreements.State{
			agreements.Draft, agreements.Ready, agreements.Signing, agreements.Awaiting, agreements.Concluded, agreements.Registered,
			agreements.Completed, agreements.Terminated, agreements.Cancelled,
		} {
			if have[s] != 1 {
				m.t.Errorf("%s sees %d agreements in state %s", email, have[s], s)
			}
		}
	}
}

// checkLog wants no personal data in the log.
func (m *machine) checkLog() {
	m.t.Helper()
	log := m.log.String()
	for _, email := range demo.Emails() {
		p, err := m.Accounts.PersonByEmail(m.t.Context(), email)
		m.must(err)
		who, err := m.Accounts.Identity(m.t.Context(), p.ID)
		m.must(err)
		for _, secret := range []string{email, p.FullName, who.IIN, who.Phone, who.Address, string(who.BirthDate)} {
			if strings.Contains(log, secret) {
				m.t.Errorf("the log holds personal data of %s", email)
			}
		}
	}
}

// sizes is what a second Seed must not change.
type sizes struct {
	published, colleges, roster, own, agreements int
	first                                        string
}

func (m *machine) snapshot() sizes {
	m.t.Helper()
	ctx := m.t.Context()
	live, err := m.Placements.CountByState(ctx, placements.Published)
	m.must(err)
	colleges, err := m.Directory.ListColleges(ctx, directory.CollegeFilter{}, storage.Cursor{}, 100)
	m.must(err)
	roster, err := m.Directory.ListRoster(ctx, m.as(college), m.organisation(college), directory.RosterFilter{}, storage.Cursor{}, 100)
	m.must(err)
	own := m.open(hrSaryarqa)
	n := 0
	for _, c := range m.states(college) {
		n += c
	}
	return sizes{int(live), len(colleges.Items), len(roster.Items), len(own), n, own[0].Place.ID}
}

// The chain can be walked again and again: what was used up or has expired is there again after the clock was moved.
func TestTopUp(t *testing.T) {
	for _, e := range storagetest.Engines(t) {
		t.Run(e.Name, func(t *testing.T) {
			m := newMachine(t, e.Open(t))
			if err := demo.TopUp(t.Context(), m.Deps); err == nil {
				t.Fatal("there was nothing to top up")
			}
			m.must(demo.Seed(t.Context(), m.Deps, demo.Options{Places: places, Seed: 1}))
			m.settle()
			m.useUp()
			m.settle()
			m.checkPlaces()
			m.checkSlots()
			for range 3 {
				m.clock.advance(60 * 24 * time.Hour)
				m.settle()
				m.checkPlaces()
				m.checkSlots()
			}
			before := m.snapshot()
			m.settle()
			if after := m.snapshot(); after != before {
				t.Errorf("nothing was missing, and yet: %+v, was %+v", after, before)
			}
		})
	}
}

// useUp fills the mentors of one demo place of each enterprise and closes the others.
func (m *machine) useUp() {
	m.t.Helper()
	for _, email := range []string{hrSaryarqa, hrTemir} {
		for i, v := range m.open(email) {
			if i > 0 {
				_, err := m.Placements.Close(m.t.Context(), m.as(email), v.Place.ID, "")
				m.must(err)
				continue
			}
			for n := range m.Directory.MentorLimitOn(m.day()) {
				m.must(m.Directory.TakeTrainee(m.t.Context(), v.Place.MentorID, fmt.Sprintf("agr_%d", n), 5))
			}
		}
		if n := len(m.open(email)); n != 1 {
			m.t.Fatalf("%d places of %s are open", n, email)
		}
	}
}

// signsAsThePaperSays: whom the agreement names for an organisation is who signs it there, on the ground that it names.
func (m *machine) signsAsThePaperSays(of accounts.Membership, g *directory.Signatory) {
	m.t.Helper()
	var head, position, ground string
	if of.Kind == accounts.KindCollege {
		c, err := m.Directory.College(m.t.Context(), of.OrganisationID)
		m.must(err)
		head, position, ground = c.HeadName, c.HeadPosition, c.HeadAuthority
	} else {
		e, err := m.Directory.Enterprise(m.t.Context(), of.OrganisationID)
		m.must(err)
		head, position, ground = e.HeadName, e.HeadPosition, e.HeadAuthority
	}
	if g.FullName != head || g.Position != position || g.Ground != ground {
		m.t.Errorf("the paper names %s, %s (%s); %s, %s (%s) signs", head, position, ground, g.FullName, g.Position, g.Ground)
	}
}
