package webui

import (
	"slices"
	"strings"

	"github.com/orynda/orynda/internal/placements/rules"
	pages "github.com/orynda/orynda/web/pages/agreements"
	"github.com/orynda/orynda/web/ui"
)

// terms writes the terms of an agreement in the order of the document.
type terms struct {
	v       *visit
	site    *site
	r       *reading
	changed map[string]bool
}

// termSections are all terms in reading order; what somebody else changed since the reader's last look is marked.
func (v *visit) termSections(s *site, r *reading, changed map[string]bool) []pages.Section {
	t := terms{v: v, site: s, r: r, changed: changed}
	return []pages.Section{t.subject(), t.people(), t.place(), t.schedule(), t.plan(), t.money(), t.parties()}
}

// fact is one term; fields are those of the contract whose change marks it.
func (t terms) fact(term, text string, fields ...string) pages.Fact {
	return pages.Fact{Term: t.v.say(term), Text: text, Changed: slices.ContainsFunc(fields, func(f string) bool { return t.changed[f] })}
}

func (t terms) own(f pages.Fact, note string) pages.Fact {
	f.Own, f.Note = true, note
	return f
}

// anyChanged reports whether anything in a list changed.
func (t terms) anyChanged(list string) bool {
	for f := range t.changed {
		if f == list || strings.HasPrefix(f, list+"[") || strings.HasPrefix(f, list+".") {
			return true
		}
	}
	return false
}

func (t terms) section(key string, facts ...pages.Fact) pages.Section {
	return pages.Section{ID: key, Title: t.v.say("site.agreements.section." + key), Facts: facts}
}

func (t terms) subject() pages.Section {
	a, ctx := t.r.Agreement, t.v.ctx()
	facts := []pages.Fact{t.fact("site.agreements.period", t.v.period(a.Terms), "starts_on", "ends_on")}
	if a.Regime == rules.R361 {
		if p, ok := t.site.Reference.Programme(a.Terms.ProgrammeCode); ok {
			facts = append(facts, t.fact("site.agreements.programme", p.Code+" "+ui.In(ctx, p.Name)))
		}
	} else {
		facts = append(facts, t.fact("agreement.register.specialty_code", t.coded(t.r.Parties.Student.SpecialtyCode), "enrolment.specialty_code"),
			t.fact("agreement.register.qualification_code", t.coded(a.Terms.QualificationCode)))
		if !t.r.ProfileMatches || a.Terms.ProfileReason != "" {
			facts = append(facts, t.own(t.fact("agreement.field.profile_reason", a.Terms.ProfileReason, "profile_reason"), ""))
		}
	}
	title, note := "", ""
	if c := a.Terms.Curriculum; c != nil {
		title, note = c.Title, "№\u00a0"+c.Number+", "+ui.Day(ctx, c.Date)
	}
	facts = append(facts, t.own(t.fact("agreement.field.curriculum.title", title, "curriculum.title", "curriculum.number", "curriculum.date"), note))
	if e := a.Enrolment; e != nil || a.Citizen {
		text := ""
		if e != nil {
			text = "№\u00a0" + e.OrderNumber + ", " + ui.Day(ctx, e.OrderDate)
		}
		facts = append(facts, t.own(t.fact("site.agreements.draft.enrolment", text, "enrolment.order_number", "enrolment.order_date"), ""))
	}
	return t.section("subject", facts...)
}

// coded names a code of the classifiers.
func (t terms) coded(code string) string {
	if s, ok := t.site.Reference.Specialty(code); ok {
		return code + " " + ui.In(t.v.ctx(), s.Name)
	}
	if q, ok := t.site.Reference.Trade(code); ok {
		return code + " " + ui.In(t.v.ctx(), q.Name)
	}
	return code
}

func (t terms) people() pages.Section {
	p := t.r.Parties
	mentor, position := "", ""
	if m := p.Mentor; m != nil {
		mentor, position = m.FullName, m.Position
		if t.r.Trainees >= 0 {
			position = strings.TrimPrefix(position+", "+t.v.say("site.agreements.trainees", "Count", t.r.Trainees), ", ")
		}
	}
	supervisor, role := "", ""
	if s := p.Supervisor; s != nil {
		supervisor, role = s.FullName, s.Position
	}
	return t.section("people", t.own(t.fact("agreement.field.mentor_id", mentor, "mentor_id"), position),
		t.own(t.fact("agreement.field.supervisor_id", supervisor, "supervisor_id"), role))
}

func (t terms) place() pages.Section {
	w := t.r.Agreement.Terms.Workplace
	address := ""
	if w.ID != "" {
		address = t.site.address(t.v.ctx(), w.Region, w.City, w.Address)
	}
	kind := t.fact("site.agreements.workplace_kind", ui.TOr(t.v.ctx(), "", "value.workplace_kind."+w.Kind))
	if w.Hazardous {
		kind.Note = t.v.say("site.agreements.hazardous")
	}
	duties := t.fact("agreement.field.duties", ui.In(t.v.ctx(), t.r.Agreement.Terms.Duties), "duties")
	return t.section("place", t.fact("agreement.field.workplace_id", address, "workplace_id"), kind, t.own(duties, ""))
}

func (t terms) schedule() pages.Section {
	v := t.v
	s := t.section("schedule")
	s.Changed = t.anyChanged("schedule")
	s.Heads = []string{v.say("site.agreements.period"), v.say("agreement.field.schedule.weekdays"), v.say("agreement.field.schedule.hours_per_day"), v.say("agreement.field.schedule.where")}
	for _, p := range t.r.Agreement.Terms.Schedule {
		var days []string
		for _, d := range p.Weekdays {
			days = append(days, v.say("agreement.weekday."+itoa(d)))
		}
		hours := fraction(v.ctx(), p.HoursPerDay())
		if p.DayFrom != "" {
			hours += " (" + p.DayFrom + "–" + p.DayTo + ")"
		}
		where := v.say("agreement.where." + string(p.Where))
		if p.Note != "" {
			where += ". " + p.Note
		}
		s.Rows = append(s.Rows, []string{v.spanWords(p.From, p.To), strings.Join(days, ", "), hours, where})
	}
	weekly := t.fact("site.agreements.share.week", "")
	if t.r.Hours.Scheduled {
		weekly.Text = v.say("site.agreements.share.hours", "hours", fraction(v.ctx(), t.r.Hours.Weekly()))
		weekly.Note = v.say("site.agreements.share.limit", "hours", itoa(t.r.Hours.Limit), "reason", v.say("site.agreements.limit."+t.r.Hours.Reason))
	}
	s.Facts = []pages.Fact{weekly}
	return s
}

func (t terms) plan() pages.Section {
	v := t.v
	s := t.section("plan")
	s.Changed = t.anyChanged("plan")
	s.Heads = []string{v.say("agreement.field.plan.name"), v.say("agreement.field.plan.hours"), v.say("agreement.field.plan.enterprise_hours")}
	for _, i := range t.r.Agreement.Terms.Plan {
		name := i.Name
		if i.Kind != "" {
			name += " (" + v.say("agreement.plan_kind."+i.Kind) + ")"
		}
		s.Rows = append(s.Rows, []string{name, ui.Number(i.Hours), ui.Number(i.EnterpriseHours)})
	}
	share := t.fact("site.agreements.share.title", "")
	if t.r.Share.Known {
		share.Text = fraction(v.ctx(), t.r.Share.Percent) + "\u00a0%"
		share.Note = v.say("site.agreements.share.least", "percent", itoa(t.r.Share.Required))
	}
	s.Facts = []pages.Fact{share}
	return s
}

func (t terms) money() pages.Section {
	terms, v := t.r.Agreement.Terms, t.v
	pay := t.fact("agreement.register.compensation_kind", v.payOf(terms.Compensation), "compensation.kind", "compensation.amount", "compensation.basis", "compensation.payment_day")
	if c := terms.Compensation; c != nil && c.Kind != "none" {
		pay.Note = c.Basis
		if c.PaymentDay > 0 {
			pay.Note = strings.TrimPrefix(pay.Note+". "+v.say("site.agreements.payment_day", "day", itoa(c.PaymentDay)), ". ")
		}
	}
	insurance := t.fact("agreement.field.insurance.taken", "", "insurance.taken", "insurance.note")
	if i := terms.Insurance; i != nil {
		insurance.Text, insurance.Note = v.say("agreement.taken."+boolWord(i.Taken)), i.Note
	}
	facts := []pages.Fact{pay, insurance}
	var given []string
	for _, b := range terms.Benefits {
		given = append(given, v.say("agreement.benefit."+b))
	}
	if len(given) > 0 {
		facts = append(facts, t.fact("site.agreements.benefits", strings.Join(given, ", ")))
	}
	return t.section("money", facts...)
}

// parties are the requisites that the paper will print.
func (t terms) parties() pages.Section {
	p, v := t.r.Parties, t.v
	student := strings.Join(without(p.Student.FullName, p.Student.Contacts.Address, p.Student.Contacts.Phone), ", ")
	facts := []pages.Fact{t.own(t.fact("agreement.party.student", student, "contacts.phone", "contacts.address"), strings.Join(without(p.Student.Group, p.Student.StudyForm), ", "))}
	if g := p.Guardian; g != nil {
		facts = append(facts, t.own(t.fact("agreement.party.guardian", g.FullName), v.say("agreement.ground."+g.Ground)))
	}
	facts = append(facts,
		t.own(t.fact("agreement.party.enterprise", p.Enterprise.Name), strings.Join(without(numbered(v, "bin", p.Enterprise.BIN), p.Enterprise.Address, p.Enterprise.HeadName), ", ")),
		t.own(t.fact("site.agreements.college", p.College.Name), strings.Join(without(numbered(v, "bin", p.College.BIN), p.College.Address, p.College.HeadName), ", ")))
	if p.Chamber != nil {
		facts = append(facts, t.own(t.fact("agreement.party.chamber", p.Chamber.Name), ""))
	}
	return t.section("parties", facts...)
}

func numbered(v *visit, key, number string) string {
	if number == "" {
		return ""
	}
	return v.say("site.agreements."+key) + " " + number
}

// without leaves out the empty texts.
func without(texts ...string) []string {
	return slices.DeleteFunc(texts, func(s string) bool { return s == "" })
}
