package agreements

import (
	"slices"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/placements/rules"
)

// Gap is a piece that is missing or a legal check that fails, and who can mend it.
type Gap struct {
	Field errs.Field
	Party Party
}

// checker gathers the gaps of one agreement.
type checker struct {
	a        *Agreement
	p        *Parties
	day      cal.Day
	r        rules.Rules
	overlaps bool // another live agreement of the student shares a day
	gaps     []Gap
}

func (c *checker) add(party Party, rule, field, code string) {
	c.gaps = append(c.gaps, Gap{Field: rules.Fail(rule, c.a.Regime, field, code), Party: party})
}

func (c *checker) addWith(party Party, rule, field, code string, params map[string]any) {
	c.gaps = append(c.gaps, Gap{Field: rules.FailWith(rule, c.a.Regime, field, code, params), Party: party})
}

// need reports a gap unless something is there.
func (c *checker) need(ok bool, party Party, rule, field, code string) {
	if !ok {
		c.add(party, rule, field, code)
	}
}

func (c *checker) r50() bool { return c.a.Regime == rules.R50 }

// CheckReady judges an agreement at moment R (domain.md, "Legal checks"): every failing rule at once, in the order of the document. overlaps says
// whether another live agreement of the student shares a day with it.
func CheckReady(a *Agreement, p *Parties, day cal.Day, r rules.Rules, overlaps bool) []Gap {
	c := &checker{a: a, p: p, day: day, r: r, overlaps: overlaps}
	c.enrolment()
	c.student()
	c.guardian()
	c.organisations()
	c.workplace()
	c.mentor()
	c.supervisor()
	c.curriculum()
	c.profile()
	c.schedule()
	c.share()
	c.hours()
	c.money()
	c.period()
	return c.gaps
}

// CheckSigning judges what is judged again at each signature (S): mentor, hours and age, overlap. The parties are the fixed ones.
func CheckSigning(a *Agreement, p *Parties, day cal.Day, r rules.Rules, overlaps bool) []Gap {
	c := &checker{a: a, p: p, day: day, r: r, overlaps: overlaps}
	c.mentor()
	c.hours()
	if overlaps {
		c.add(ByStudent, rules.Overlap, "starts_on", "overlapping_match")
	}
	return c.gaps
}

func (c *checker) enrolment() {
	switch {
	case c.a.Citizen && c.a.Enrolment == nil:
		c.add(ByCollege, rules.Citizens, "enrolment", "enrolment_missing")
	case c.p.Student.EnrolmentState != string(directory.EnrolmentConfirmed):
		c.add(ByCollege, rules.Parties, "enrolment", "enrolment_unconfirmed")
	}
}

func (c *checker) student() {
	s := c.p.Student
	carried, err := accounts.ValidIIN(s.IIN)
	switch {
	case s.IIN == "":
		c.add(ByStudent, rules.Parties, "parties.student.iin", "iin_missing")
	case err != nil:
		c.add(ByStudent, rules.Parties, "parties.student.iin", "iin_invalid")
	case !s.BirthDate.Valid() || (carried != "" && s.Declared != "" && carried != s.Declared):
		c.add(ByStudent, rules.Parties, "parties.student.birth_date", "birth_date_mismatch")
	}
	c.need(s.Contacts.Phone != "", ByStudent, rules.Parties, "contacts.phone", "contacts_missing")
	c.need(s.Contacts.Address != "", ByStudent, rules.Parties, "contacts.address", "contacts_missing")
}

// guardian: under 18 today somebody confirmed by the college must be there to consent (Civil Code 22), whose contacts aren't the ward's (I13).
func (c *checker) guardian() {
	if !c.p.Student.Minor(c.day) {
		return
	}
	g := c.p.Guardian
	switch {
	case g == nil:
		c.add(ByStudent, rules.Minors, "parties.guardian", "guardian_missing")
		return
	case !g.Confirmed || g.PersonID == "":
		party := ByCollege
		if g.PersonID == "" {
			party = ByGuardian // the invitation waits
		}
		c.add(party, rules.Minors, "parties.guardian", "guardian_unconfirmed")
		return
	}
	c.need(g.Contacts.Phone != "", ByGuardian, rules.Parties, "contacts.phone", "contacts_missing")
	if _, err := accounts.ValidIIN(g.IIN); g.IIN != "" && err != nil {
		c.add(ByGuardian, rules.Parties, "parties.guardian.iin", "iin_invalid")
	}
	if shares(contactOfStudent(c.p), contactOfGuardian(c.p)) {
		c.add(ByGuardian, rules.Authority, "parties.guardian", "contact_shared")
	}
}

func (c *checker) organisations() {
	e, k := c.p.Enterprise, c.p.College
	if e.BIN == "" && e.IIN != "" {
		if _, err := accounts.ValidIIN(e.IIN); err != nil {
			c.add(ByEnterprise, rules.Parties, "parties.enterprise.iin", "iin_invalid")
		}
	} else if accounts.ValidBIN(e.BIN) != nil {
		c.add(ByEnterprise, rules.Parties, "parties.enterprise.bin", "bin_invalid")
	}
	if accounts.ValidBIN(k.BIN) != nil {
		c.add(ByCollege, rules.Parties, "parties.college.bin", "bin_invalid")
	}
	c.requisites(ByEnterprise, "parties.enterprise.", e.Name, e.City, e.Address, e.HeadName, e.HeadPosition, e.HeadAuthority)
	c.requisites(ByCollege, "parties.college.", k.Name, k.City, k.Address, k.HeadName, k.HeadPosition, k.HeadAuthority)
	if c.r50() && c.p.Chamber == nil {
		c.add(ByChamber, rules.Parties, "chamber_id", "requisites_missing")
	}
}

// requisites asks for what the paper prints of an organisation.
func (c *checker) requisites(party Party, at string, values ...string) {
	names := []string{"name", "city", "address", "head_name", "head_position", "head_authority"}
	for i, v := range values {
		c.need(v != "", party, rules.Parties, at+names[i], "requisites_missing")
	}
}

func (c *checker) workplace() {
	w := c.a.Terms.Workplace
	bad := c.r.CheckWorkplace(c.a.Regime, w.Region, w.City, w.Address, w.Kind, "workplace")
	if w.ID == "" || len(bad) > 0 {
		c.add(ByEnterprise, rules.Workplace, "workplace_id", "workplace_missing")
	}
}

// mentor asks for a mentor of this enterprise with room for this trainee (R50 4.4, 22.9); the own place counts for an agreement that holds it.
func (c *checker) mentor() {
	m := c.p.Mentor
	if m == nil || m.EnterpriseID != c.a.EnterpriseID || m.Ended {
		c.add(ByEnterprise, rules.Mentor, "mentor_id", "mentor_missing")
		return
	}
	others := 0
	for _, trainee := range m.Trainees {
		if trainee != c.a.ID {
			others++
		}
	}
	if others >= c.r.MentorTrainees {
		c.addWith(ByEnterprise, rules.Mentor, "mentor_id", "mentor_full", map[string]any{"max": c.r.MentorTrainees})
	}
}

func (c *checker) supervisor() {
	v := c.p.Supervisor
	switch {
	case v != nil && v.CollegeID == c.a.CollegeID && !v.Ended:
	case v == nil && !c.r50():
	default:
		c.add(ByCollege, rules.Supervisor, "supervisor_id", "supervisor_missing")
	}
}

func (c *checker) curriculum() {
	k := c.a.Terms.Curriculum
	c.need(k != nil && k.Title != "" && k.Number != "" && k.Date.Valid(), ByCollege, rules.Curriculum, "curriculum", "curriculum_missing")
}

// profile: a qualification outside the student's specialty needs the college's written reason (R50 9).
func (c *checker) profile() {
	if !c.r50() || c.a.Terms.ProfileReason != "" || ProfileMatches(c.p.Student.SpecialtyCode, c.a.Terms.QualificationCode) {
		return
	}
	c.add(ByCollege, rules.Profile, "profile_reason", "profile_reason_missing")
}

// ProfileMatches reports whether a qualification belongs to a specialty: the first six digits of both codes agree. An unknown code never disagrees.
func ProfileMatches(specialty, qualification string) bool {
	s, q := digits(specialty), digits(qualification)
	return len(s) < 8 || len(q) < 8 || s[:6] == q[:6]
}

// digits drops the prefix of a code, 3W, 4S or 5AB.
func digits(code string) string {
	if len(code) < 8 {
		return code
	}
	return code[len(code)-8:]
}

// schedule asks for phases within the period, of which some are at the enterprise (R50 11, 21.10).
func (c *checker) schedule() {
	t := c.a.Terms
	if !slices.ContainsFunc(t.Schedule, func(p Phase) bool { return p.Where == AtEnterprise }) {
		c.add(ByCollege, rules.Schedule, "schedule", "schedule_missing")
		return
	}
	for i, p := range t.Schedule {
		if p.From < t.StartsOn || p.To > t.EndsOn {
			c.add(ByCollege, rules.Schedule, path("schedule", i, "from"), "schedule_outside_period")
		}
	}
}

// share judges the plan (R50 10; R361 8-9, 11).
func (c *checker) share() {
	if len(c.a.Terms.Plan) == 0 {
		c.add(ByCollege, rules.Share, "plan", "plan_missing")
		return
	}
	for _, f := range c.a.Terms.shareFaults(c.a.Regime, c.r) {
		if f.Code == "modules_missing" { // a plan of nothing that counts
			f.Code, f.Params = "share_too_low", map[string]any{"min": c.a.Terms.Share(c.a.Regime, c.r).Required, "have": 0}
		}
		c.gaps = append(c.gaps, Gap{Field: f, Party: ByCollege})
	}
}

// hours judges hours and age on the first day, when the student is youngest (legal-facts.md 6).
func (c *checker) hours() {
	t := c.a.Terms
	age := c.p.Student.Age(t.StartsOn)
	if age < 0 {
		return // the missing birth date is reported as such
	}
	h := t.Hours(age, c.r)
	codes := map[string]string{
		"age_too_low": "under_age", "hazardous_under_18": "under_age", "night_under_18": "night_work", "hours_missing": "schedule_missing",
		"hours_over_limit": "hours_exceeded",
	}
	weekly := (h.WeeklyMinutes + 59) / 60 // a minute above the limit is above it
	seen := map[string]bool{}
	for _, f := range c.r.CheckHours(c.a.Regime, rules.WorkTime{Age: age, Weekly: weekly, Night: h.Night, Hazardous: t.Workplace.Hazardous}, "starts_on") {
		f.Code = codes[f.Code]
		switch f.Code {
		case "schedule_missing":
			continue // judged with the schedule
		case "under_age":
			f.Field = "parties.student.birth_date"
			delete(f.Params, "age")
		default:
			f.Field = "schedule"
		}
		if !seen[f.Code] {
			seen[f.Code] = true
			delete(f.Params, "age") // a person's age is nobody's sentence
			c.gaps = append(c.gaps, Gap{Field: f, Party: hoursParty(f.Code)})
		}
	}
}

func hoursParty(code string) Party {
	if code == "under_age" {
		return ByEnterprise
	}
	return ByCollege
}

// money asks that payment, insurance and duties are said (R50 8, 13-14).
func (c *checker) money() {
	t := c.a.Terms
	if t.Compensation == nil || len(c.r.CheckCompensation(c.a.Regime, t.Compensation.Kind, t.Compensation.Amount)) > 0 {
		c.add(ByEnterprise, rules.Compensation, "compensation", "compensation_missing")
	}
	if c.r50() {
		c.need(t.Insurance != nil, ByEnterprise, rules.Insurance, "insurance", "insurance_not_stated")
	}
	c.need(!t.Duties.IsZero(), ByEnterprise, rules.Profile, "duties", "duties_missing")
}

// period: nothing may be signed on or after starts_on, and no other agreement may share a day.
func (c *checker) period() {
	if c.day >= c.a.Terms.StartsOn {
		c.add(ByEnterprise, rules.Overlap, "starts_on", "period_passed")
	}
	if c.overlaps {
		c.add(ByStudent, rules.Overlap, "starts_on", "overlapping_match")
	}
}

// contact is by what a signatory is reached.
type contact struct{ person, email, phone string }

func contactOfStudent(p *Parties) contact {
	return contact{p.Student.PersonID, p.Student.Email, normalPhone(p.Student.Contacts.Phone)}
}

func contactOfGuardian(p *Parties) contact {
	if p.Guardian == nil {
		return contact{}
	}
	return contact{p.Guardian.PersonID, p.Guardian.Email, normalPhone(p.Guardian.Contacts.Phone)}
}

// shares reports whether two signatories share an account, a mail address or a phone (I13).
func shares(x, y contact) bool {
	same := func(a, b string) bool { return a != "" && a == b }
	return same(x.person, y.person) || same(x.email, y.email) || same(x.phone, y.phone)
}
