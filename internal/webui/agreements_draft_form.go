package webui

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/orynda/orynda/internal/agreements"
	"github.com/orynda/orynda/web/ui"
)

// The parts of a row, in the words of the contract.
func planParts() []string { return []string{"name", "hours", "enterprise_hours", "kind"} }

func phaseParts() []string {
	return []string{"from", "to", "weekdays", "hours_per_day", "where", "day_from", "day_to", "note"}
}

// draftValues is what stands in a side's part of the agreement, as the form holds it.
func (v *visit) draftValues(r *reading, side agreements.Party) url.Values {
	a, out := r.Agreement, url.Values{}
	if english(a) {
		out.Set("english", "true")
	}
	switch side {
	case agreements.ByCollege:
		collegeValues(a, out)
	case agreements.ByEnterprise:
		v.enterpriseValues(a, out)
	default:
		c := r.contacts(side)
		for name, value := range map[string]string{
			"phone": c.Phone, "address": c.Address, "id_card_number": c.IDCardNumber, "id_card_issued_by": c.IDCardIssuedBy, "id_card_issued_on": string(c.IDCardIssuedOn),
		} {
			out.Set("contacts-"+name, value)
		}
	}
	return out
}

// contacts are those that the paper would print of a person now.
func (r *reading) contacts(side agreements.Party) agreements.Contacts {
	if side == agreements.ByStudent {
		return r.Parties.Student.Contacts
	}
	if r.Parties.Guardian != nil && r.Parties.Guardian.PersonID == r.sides.actor.PersonID {
		return r.Parties.Guardian.Contacts
	}
	return agreements.Contacts{}
}

func collegeValues(a *agreements.Agreement, out url.Values) {
	t := a.Terms
	out.Set("supervisor_id", t.SupervisorID)
	out.Set("profile_reason", t.ProfileReason)
	if c := t.Curriculum; c != nil {
		out.Set("curriculum-title", c.Title)
		out.Set("curriculum-number", c.Number)
		out.Set("curriculum-date", string(c.Date))
	}
	if e := a.Enrolment; e != nil {
		out.Set("enrolment-order_number", e.OrderNumber)
		out.Set("enrolment-order_date", string(e.OrderDate))
		out.Set("enrolment-group", e.Group)
		out.Set("enrolment-course", plain(e.Course))
		out.Set("enrolment-study_form", e.StudyForm)
		out.Set("enrolment-funding", e.Funding)
	}
	for n, i := range t.Plan {
		set := func(part, value string) { out.Set("plan-"+itoa(n)+"-"+part, value) }
		set("name", i.Name)
		set("hours", itoa(i.Hours))
		set("enterprise_hours", itoa(i.EnterpriseHours))
		set("kind", i.Kind)
	}
	for n, p := range t.Schedule {
		set := func(part string, values ...string) { out["schedule-"+itoa(n)+"-"+part] = values }
		set("from", string(p.From))
		set("to", string(p.To))
		var days []string
		for _, d := range p.Weekdays {
			days = append(days, itoa(d))
		}
		set("weekdays", days...)
		set("hours_per_day", strconv.FormatFloat(p.HoursPerDay(), 'f', -1, 64))
		set("where", string(p.Where))
		set("day_from", p.DayFrom)
		set("day_to", p.DayTo)
		set("note", p.Note)
	}
	if len(t.Plan) == 0 {
		out.Set("plan-0-name", "")
	}
	if len(t.Schedule) == 0 {
		firstPhase(out, 0, a)
	}
}

// firstPhase begins a row of the schedule with the whole period at the enterprise.
func firstPhase(out url.Values, n int, a *agreements.Agreement) {
	out.Set("schedule-"+itoa(n)+"-from", string(a.Terms.StartsOn))
	out.Set("schedule-"+itoa(n)+"-to", string(a.Terms.EndsOn))
}

// plain writes a number; nothing for 0.
func plain(n int) string {
	if n == 0 {
		return ""
	}
	return itoa(n)
}

func (v *visit) enterpriseValues(a *agreements.Agreement, out url.Values) {
	t := a.Terms
	out.Set("workplace_id", t.Workplace.ID)
	out.Set("mentor_id", t.MentorID)
	out.Set("starts_on", string(t.StartsOn))
	out.Set("ends_on", string(t.EndsOn))
	out.Set("duties", ui.In(v.ctx(), t.Duties))
	if c := t.Compensation; c != nil {
		out.Set("compensation-kind", c.Kind)
		out.Set("compensation-amount", plain(int(c.Amount)))
		out.Set("compensation-basis", c.Basis)
		out.Set("compensation-payment_day", plain(c.PaymentDay))
	}
	if i := t.Insurance; i != nil {
		out.Set("insurance-taken", boolWord(i.Taken))
		out.Set("insurance-note", i.Note)
	}
}

// draftRows are the rows of the plan and of the schedule in a form.
type draftRows struct{ plan, schedule int }

// rowCount is how many rows of a list a form has.
func rowCount(f *ui.Form, list string) int {
	most := 0
	for name := range f.Values {
		if n, ok := rowOf(name, list); ok {
			most = max(most, n+1)
		}
	}
	return most
}

// mostDraftRows bounds what a form may carry; the service has its own limits.
const mostDraftRows = agreements.MaxSchedule + 1

func rowOf(name, list string) (int, bool) {
	rest, ok := strings.CutPrefix(name, list+"-")
	if !ok {
		return 0, false
	}
	digits, _, ok := strings.Cut(rest, "-")
	n, err := strconv.Atoi(digits)
	return n, ok && err == nil && n >= 0 && n < mostDraftRows
}

// compactRows drops rows in which nothing was typed and numbers the rest anew, so that the errors of the service stand beside the right ones.
func compactRows(f *ui.Form) draftRows {
	return draftRows{plan: compact(f, "plan", planParts(), nil), schedule: compact(f, "schedule", phaseParts(), []string{"from", "to"})}
}

// compact keeps the rows in which a part beside those that the form itself fills in was typed.
func compact(f *ui.Form, list string, parts, given []string) int {
	var rows []map[string][]string
	for n := range rowCount(f, list) {
		row, typed := map[string][]string{}, false
		for _, part := range parts {
			values := f.Values[list+"-"+itoa(n)+"-"+part]
			delete(f.Values, list+"-"+itoa(n)+"-"+part)
			row[part] = values
			typed = typed || !slices.Contains(given, part) && strings.TrimSpace(strings.Join(values, "")) != ""
		}
		if typed {
			rows = append(rows, row)
		}
	}
	for n, row := range rows {
		for part, values := range row {
			f.Values[list+"-"+itoa(n)+"-"+part] = values
		}
	}
	return len(rows)
}

// change adds or drops a row, as the pressed button says.
func (rows draftRows) change(f *ui.Form, do string, a *agreements.Agreement) {
	switch do {
	case "add-module":
		f.Set("plan-"+itoa(rows.plan)+"-name", "")
	case "add-phase":
		firstPhase(f.Values, rows.schedule, a)
	default:
		drop(f, do, "drop-module-", "plan", planParts())
		drop(f, do, "drop-phase-", "schedule", phaseParts())
		compactRows(f)
	}
	if rowCount(f, "plan") == 0 {
		f.Set("plan-0-name", "")
	}
	if rowCount(f, "schedule") == 0 {
		firstPhase(f.Values, 0, a)
	}
}

func drop(f *ui.Form, do, prefix, list string, parts []string) {
	n, ok := strings.CutPrefix(do, prefix)
	if !ok {
		return
	}
	for _, part := range parts {
		delete(f.Values, list+"-"+n+"-"+part)
	}
}
