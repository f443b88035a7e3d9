package agreements

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/orynda/orynda/internal/i18n"
)

// leaf is one value of an agreement by its path in the contract.
type leaf struct {
	field   string
	value   string
	private bool // personal data
}

// difference is one leaf that changed; "" is none.
type difference struct {
	field, before, after string
	private              bool
}

// flatten lists every value that a patch may change, in the order of the document. Empty values are left out. Mentors and supervisors stand by name.
func flatten(s snapshot, names map[string]string) []leaf {
	var out []leaf
	add := func(field, value string) {
		if value != "" {
			out = append(out, leaf{field: field, value: value})
		}
	}
	t := s.Terms
	add("starts_on", string(t.StartsOn))
	add("ends_on", string(t.EndsOn))
	add("workplace_id", joined(t.Workplace.City, t.Workplace.Address))
	add("mentor_id", named(t.MentorID, names))
	add("supervisor_id", named(t.SupervisorID, names))
	if c := t.Curriculum; c != nil {
		add("curriculum.title", c.Title)
		add("curriculum.number", c.Number)
		add("curriculum.date", string(c.Date))
	}
	flattenSchedule(t.Schedule, add)
	flattenPlan(t.Plan, add)
	add("profile_reason", t.ProfileReason)
	flattenEnrolment(s.Enrolment, add)
	if i := t.Insurance; i != nil {
		add("insurance.taken", strconv.FormatBool(i.Taken))
		add("insurance.note", i.Note)
	}
	if c := t.Compensation; c != nil {
		add("compensation.kind", c.Kind)
		add("compensation.amount", number(int(c.Amount)))
		add("compensation.basis", c.Basis)
		add("compensation.payment_day", number(c.PaymentDay))
	}
	add("duties", t.Duties.In(i18n.KK))
	var langs []string
	for _, l := range s.Languages {
		langs = append(langs, string(l))
	}
	add("languages", strings.Join(langs, ", "))
	out = append(out, flattenContacts("contacts", s.Student)...)
	return append(out, flattenContacts("guardian_contacts", s.Guardian)...)
}

func named(id string, names map[string]string) string {
	if n := names[id]; n != "" {
		return n
	}
	return id
}

// number writes a count; nothing for 0.
func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func flattenSchedule(phases []Phase, add func(field, value string)) {
	for i, p := range phases {
		add(path("schedule", i, "from"), string(p.From))
		add(path("schedule", i, "to"), string(p.To))
		days := make([]string, len(p.Weekdays))
		for n, d := range p.Weekdays {
			days[n] = strconv.Itoa(d)
		}
		add(path("schedule", i, "weekdays"), strings.Join(days, ","))
		add(path("schedule", i, "hours_per_day"), strconv.FormatFloat(p.HoursPerDay(), 'f', -1, 64))
		add(path("schedule", i, "where"), string(p.Where))
		add(path("schedule", i, "day_from"), p.DayFrom)
		add(path("schedule", i, "day_to"), p.DayTo)
		add(path("schedule", i, "note"), p.Note)
	}
}

func flattenPlan(items []PlanItem, add func(field, value string)) {
	for i, p := range items {
		add(path("plan", i, "name"), p.Name)
		add(path("plan", i, "hours"), strconv.Itoa(p.Hours))
		add(path("plan", i, "enterprise_hours"), strconv.Itoa(p.EnterpriseHours))
		add(path("plan", i, "kind"), p.Kind)
	}
}

func flattenEnrolment(e Enrolment, add func(field, value string)) {
	add("enrolment.order_number", e.OrderNumber)
	add("enrolment.order_date", string(e.OrderDate))
	add("enrolment.group", e.Group)
	add("enrolment.course", number(e.Course))
	add("enrolment.study_form", e.StudyForm)
	add("enrolment.funding", e.Funding)
	add("enrolment.specialty_code", e.SpecialtyCode)
}

func flattenContacts(of string, c Contacts) []leaf {
	var out []leaf
	for _, v := range []struct{ name, value string }{
		{"phone", c.Phone}, {"address", c.Address}, {"id_card_number", c.IDCardNumber}, {"id_card_issued_by", c.IDCardIssuedBy},
		{"id_card_issued_on", string(c.IDCardIssuedOn)},
	} {
		if v.value != "" {
			out = append(out, leaf{field: of + "." + v.name, value: v.value, private: true})
		}
	}
	return out
}

// diff gives what differs, in the order of the newer list; what was removed comes last.
func diff(before, after []leaf) []difference {
	old := map[string]string{}
	for _, l := range before {
		old[l.field] = l.value
	}
	now := map[string]bool{}
	var out []difference
	for _, l := range after {
		now[l.field] = true
		if old[l.field] != l.value {
			out = append(out, difference{l.field, old[l.field], l.value, l.private})
		}
	}
	for _, l := range before {
		if !now[l.field] {
			out = append(out, difference{l.field, l.value, "", l.private})
		}
	}
	return out
}

// ReadableChange is a change written for a reader.
type ReadableChange struct {
	Change
	Label         string
	Before, After string
}

// readable writes a change in a language. The words come from the catalogue: agreement.field.<path without numbers> and the values of choices.
func (s *Service) readable(c Change, lang i18n.Lang) (ReadableChange, error) {
	before, after := c.Before, c.After
	if len(c.Sealed) > 0 {
		var both [2]string
		if err := openJSON(s, c.Sealed, sealChange, &both); err != nil {
			return ReadableChange{}, err
		}
		before, after = both[0], both[1]
	}
	out := ReadableChange{Change: c, Label: s.fieldLabel(c.Field, lang)}
	out.Field = strings.Replace(c.Field, "guardian_contacts.", "contacts.", 1) // the contract names both alike; the party tells them apart
	out.Before, out.After = s.readableValue(c.Field, before, lang), s.readableValue(c.Field, after, lang)
	return out, nil
}

// fieldLabel names a field; in a list with its place, counted from one.
func (s *Service) fieldLabel(field string, lang i18n.Lang) string {
	name, place := field, 0
	if from, to := strings.Index(field, "["), strings.Index(field, "]"); from >= 0 && to > from {
		n, err := strconv.Atoi(field[from+1 : to])
		if err == nil {
			place = n + 1
		}
		name = field[:from] + field[to+1:]
	}
	label := s.Catalogue.Say(lang, "agreement.field."+name, nil)
	if place > 0 {
		return fmt.Sprintf("%s, № %d", label, place)
	}
	return label
}

// readableValue writes a stored value as people do.
func (s *Service) readableValue(field, value string, lang i18n.Lang) string {
	if value == "" {
		return ""
	}
	last := field[strings.LastIndexAny(field, ".")+1:]
	switch last {
	case "kind":
		if strings.HasPrefix(field, "plan") {
			return s.Catalogue.Say(lang, "agreement.plan_kind."+value, nil)
		}
		return s.Catalogue.Say(lang, "agreement.pay_kind."+value, nil)
	case "taken", "where", "funding":
		return s.Catalogue.Say(lang, "agreement."+last+"."+value, nil)
	case "amount":
		return grouped(value)
	case "weekdays":
		days := strings.Split(value, ",")
		for i, d := range days {
			days[i] = s.Catalogue.Say(lang, "agreement.weekday."+d, nil)
		}
		return strings.Join(days, ", ")
	}
	if slices.Contains([]string{"starts_on", "ends_on", "date", "order_date", "from", "to", "id_card_issued_on"}, last) && len(value) == 10 {
		return value[8:] + "." + value[5:7] + "." + value[:4]
	}
	return value
}

// grouped writes an amount with thin groups of three digits.
func grouped(digits string) string {
	var groups []string
	for len(digits) > 3 {
		groups = append([]string{digits[len(digits)-3:]}, groups...)
		digits = digits[:len(digits)-3]
	}
	return strings.Join(append([]string{digits}, groups...), "\u00a0")
}
