package webui

import (
	"slices"
	"strconv"
	"strings"

	"github.com/orynda/orynda/internal/agreements"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/web/ui"
)

// draftInput reads a form of the draft. own gathers what is wrong with the typing itself, by the form's names.
type draftInput struct {
	v   *visit
	f   *ui.Form
	r   *reading
	own map[string]string
	// unsent says that something is wrong which the service would not see.
	unsent bool
}

func (in *draftInput) patch(side agreements.Party) agreements.Patch {
	p := agreements.Patch{}
	switch side {
	case agreements.ByCollege:
		in.college(&p)
	case agreements.ByEnterprise:
		in.enterprise(&p)
	default:
		p.Contacts = in.contacts(in.r.contacts(side))
	}
	if want := in.f.Value("english") == "true"; want != english(in.r.Agreement) {
		langs := []i18n.Lang{i18n.KK, i18n.RU}
		if want {
			langs = append(langs, i18n.EN)
		}
		p.Languages = &langs
	}
	return p
}

// text is what was typed; browsers send lines of text areas with two characters between them.
func (in *draftInput) text(name string) string {
	return strings.TrimSpace(strings.ReplaceAll(in.f.Value(name), "\r\n", "\n"))
}

// sent is a text that the form had a field for.
func (in *draftInput) sent(name string) *string {
	if !in.f.Values.Has(name) {
		return nil
	}
	value := in.text(name)
	return &value
}

// number reads a whole number, 0 for nothing and -1 for what isn't one.
func (in *draftInput) number(name string, required bool) int {
	text := strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "").Replace(in.text(name))
	if text == "" {
		in.need(!required, name)
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		in.own[name] = "bad_format"
		return -1
	}
	return n
}

func (in *draftInput) need(ok bool, name string) {
	if !ok {
		in.own[name] = "required"
	}
}

func (in *draftInput) college(p *agreements.Patch) {
	p.SupervisorID, p.ProfileReason = in.sent("supervisor_id"), in.sent("profile_reason")
	title, number, day := in.text("curriculum-title"), in.text("curriculum-number"), in.text("curriculum-date")
	if title+number+day != "" {
		p.Curriculum = &agreements.Curriculum{Title: title, Number: number, Date: cal.Day(day)}
		in.need(day != "", "curriculum-date")
	}
	p.Enrolment = in.enrolment()
	plan, phases := in.plan(), in.phases()
	p.Plan, p.Schedule = &plan, &phases
}

func (in *draftInput) enrolment() *agreements.Enrolment {
	e := agreements.Enrolment{
		OrderNumber: in.text("enrolment-order_number"), OrderDate: cal.Day(in.text("enrolment-order_date")), Group: in.text("enrolment-group"),
		StudyForm: in.text("enrolment-study_form"), Funding: in.text("enrolment-funding"),
	}
	if e == (agreements.Enrolment{}) && in.text("enrolment-course") == "" {
		return nil
	}
	e.Course = in.number("enrolment-course", false)
	in.need(e.OrderDate != "", "enrolment-order_date")
	if was := in.r.Agreement.Enrolment; was != nil {
		e.SpecialtyCode = was.SpecialtyCode
	}
	return &e
}

func (in *draftInput) plan() []agreements.PlanItem {
	out := []agreements.PlanItem{}
	for n := range rowCount(in.f, "plan") {
		at := func(part string) string { return "plan-" + itoa(n) + "-" + part }
		out = append(out, agreements.PlanItem{
			Name: in.text(at("name")), Hours: in.number(at("hours"), true), EnterpriseHours: in.number(at("enterprise_hours"), true), Kind: in.text(at("kind")),
		})
	}
	return out
}

func (in *draftInput) phases() []agreements.Phase {
	out := []agreements.Phase{}
	for n := range rowCount(in.f, "schedule") {
		at := func(part string) string { return "schedule-" + itoa(n) + "-" + part }
		p := agreements.Phase{
			From: cal.Day(in.text(at("from"))), To: cal.Day(in.text(at("to"))), Minutes: in.minutes(at("hours_per_day")), Where: agreements.Where(in.text(at("where"))),
			DayFrom: in.text(at("day_from")), DayTo: in.text(at("day_to")), Note: in.text(at("note")),
		}
		for _, d := range in.f.All(at("weekdays")) {
			if day, err := strconv.Atoi(d); err == nil {
				p.Weekdays = append(p.Weekdays, day)
			}
		}
		for part, there := range map[string]bool{"from": p.From != "", "to": p.To != "", "where": p.Where != "", "weekdays": len(p.Weekdays) > 0} {
			in.need(there, at(part))
		}
		out = append(out, p)
	}
	return out
}

// minutes reads hours a day, with a comma or a point.
func (in *draftInput) minutes(name string) int {
	text := strings.Replace(in.text(name), ",", ".", 1)
	if text == "" {
		in.need(false, name)
		return 0
	}
	hours, err := strconv.ParseFloat(text, 64)
	if err != nil || hours < 0 || hours > 24 {
		in.own[name] = "bad_format"
		return -1
	}
	return agreements.MinutesOf(hours)
}

func (in *draftInput) enterprise(p *agreements.Patch) {
	p.WorkplaceID, p.MentorID, p.Duties = in.sent("workplace_id"), in.sent("mentor_id"), in.sent("duties")
	for name, into := range map[string]**cal.Day{"starts_on": &p.StartsOn, "ends_on": &p.EndsOn} {
		day := cal.Day(in.text(name))
		*into = &day
		in.need(day != "", name)
	}
	c := agreements.Compensation{
		Kind: in.text("compensation-kind"), Amount: int64(in.number("compensation-amount", false)), Basis: in.text("compensation-basis"),
		PaymentDay: in.number("compensation-payment_day", false),
	}
	if c != (agreements.Compensation{}) {
		p.Compensation = &c
		in.need(c.Kind != "", "compensation-kind")
	}
	if taken := in.text("insurance-taken"); taken != "" {
		p.Insurance = &agreements.Insurance{Taken: taken == "true", Note: in.text("insurance-note")}
	} else if in.text("insurance-note") != "" {
		in.need(false, "insurance-taken")
		in.unsent = true // the note alone can't be sent, so the service wouldn't refuse it
	}
}

// contacts sends only what differs from what the paper would print anyway: the profile's phone sent back is no change.
func (in *draftInput) contacts(was agreements.Contacts) *agreements.ContactsPatch {
	p, any := agreements.ContactsPatch{}, false
	for _, one := range []struct {
		name string
		was  string
		into **string
	}{
		{"phone", was.Phone, &p.Phone}, {"address", was.Address, &p.Address}, {"id_card_number", was.IDCardNumber, &p.IDCardNumber},
		{"id_card_issued_by", was.IDCardIssuedBy, &p.IDCardIssuedBy},
	} {
		if value := in.sent("contacts-" + one.name); value != nil && *value != one.was {
			*one.into, any = value, true
		}
	}
	if value := in.sent("contacts-id_card_issued_on"); value != nil && *value != string(was.IDCardIssuedOn) {
		day := cal.Day(*value)
		p.IDCardIssuedOn, any = &day, true
	}
	if !any {
		return nil
	}
	return &p
}

// addOwn puts what is wrong with the typing beside the fields, instead of what the service made of it.
func (in *draftInput) addOwn() {
	f := in.f
	for i, e := range f.Errors {
		if code := in.own[e.Field]; code != "" {
			f.Errors[i] = ui.FieldError{Field: e.Field, Message: in.v.say("field." + code)}
			delete(in.own, e.Field)
		}
	}
	names := make([]string, 0, len(in.own))
	for name := range in.own {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		f.Errors = append(f.Errors, ui.FieldError{Field: name, Message: in.v.say("field." + in.own[name])})
	}
}
