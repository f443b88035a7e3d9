package paper

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/orynda/orynda/internal/i18n"
)

// table makes the content of a table that a template names.
func (v version) table(name string, d Data) (table, error) {
	switch name {
	case "schedule":
		return v.schedule(d)
	case "plan":
		return v.plan(d)
	case "workplace":
		return v.workplace(d), nil
	case "briefings":
		return v.briefings(), nil
	default:
		return table{}, fmt.Errorf("no table %q", name)
	}
}

func (v version) schedule(d Data) (table, error) {
	l := v.labels
	t := table{columns: []column{{weight: 10, head: l["schedule.number"]}, {weight: 44, head: l["schedule.period"]}, {weight: 28, head: l["schedule.weekdays"]},
		{weight: 26, head: l["schedule.daily"]}, {weight: 24, head: l["schedule.clock"]}, {weight: 38, head: l["schedule.where"]}}}
	var days []string
	for i := 1; i <= 7; i++ {
		days = append(days, l["weekday."+strconv.Itoa(i)])
	}
	for i, r := range d.Schedule {
		from, err := shortDate(r.From)
		if err != nil {
			return t, err
		}
		to, err := shortDate(r.To)
		if err != nil {
			return t, err
		}
		clock := "—"
		if r.DayFrom != "" {
			clock = r.DayFrom + "–" + r.DayTo
		}
		t.rows = append(t.rows, []string{strconv.Itoa(i + 1), from + " – " + to, weekdayList(r.Weekdays, days),
			duration(r.MinutesPerDay, l["unit.hour"], l["unit.minute"]), clock, l["where."+string(r.Where)]})
	}
	return t, nil
}

func (v version) plan(d Data) (table, error) {
	l := v.labels
	t := table{total: true, columns: []column{{weight: 9, head: l["plan.number"]}, {weight: 60, head: l["plan.name"]}, {weight: 15, head: l["plan.hours"], right: true},
		{weight: 19, head: l["plan.enterprise"], right: true}, {weight: 14, head: l["plan.share"], right: true}}}
	hours, enterprise := 0, 0
	add := func(number, name string, part, whole int) error {
		share, err := percent(v.lang, part, whole)
		t.rows = append(t.rows, []string{number, name, grouped(v.lang, int64(whole)), grouped(v.lang, int64(part)), share})
		return err
	}
	for i, r := range d.Plan {
		name := r.Name.In(v.lang)
		if !r.Kind.IsZero() {
			name += " (" + r.Kind.In(v.lang) + ")"
		}
		if err := add(strconv.Itoa(i+1), name, r.EnterpriseHours, r.Hours); err != nil {
			return t, err
		}
		hours, enterprise = hours+r.Hours, enterprise+r.EnterpriseHours
	}
	return t, add("", l["plan.total"], enterprise, hours)
}

// sheetRows collects the rows of a two-column table and skips what is not given.
type sheetRows struct {
	rows [][]string
}

func (s *sheetRows) add(label, value string) {
	if value != "" {
		s.rows = append(s.rows, []string{label, value})
	}
}

func pairs(rows [][]string) table {
	return table{columns: []column{{weight: 52}, {weight: 118}}, rows: rows, labels: true}
}

func (v version) workplace(d Data) table {
	l, s := v.labels, sheetRows{}
	s.add(l["workplace.kind"], l["place."+string(d.Workplace.Kind)])
	s.add(l["workplace.address"], d.Workplace.Address.In(v.lang))
	s.add(l["workplace.unit"], d.Workplace.Unit.In(v.lang))
	s.add(l["workplace.equipment"], d.Workplace.Equipment.In(v.lang))
	conditions := "workplace.normal"
	if d.Workplace.Hazardous {
		conditions = "workplace.hazardous"
	}
	s.add(l["workplace.conditions"], l[conditions])
	s.add(l["workplace.mentor"], d.Mentor.FullName+", "+d.Mentor.Position.In(v.lang))
	return pairs(s.rows)
}

// briefings is a form to be filled in by hand: the two briefings that always come, and empty lines.
func (v version) briefings() table {
	l := v.labels
	t := table{least: 11, keep: true, columns: []column{{weight: 11, head: l["briefing.number"]}, {weight: 20, head: l["briefing.date"]}, {weight: 44, head: l["briefing.kind"]},
		{weight: 46, head: l["briefing.by"]}, {weight: 24, head: l["briefing.bysign"]}, {weight: 28, head: l["briefing.student"]}}}
	kinds := []string{l["briefing.intro"], l["briefing.place"], "", "", "", "", "", ""}
	for i, kind := range kinds {
		t.rows = append(t.rows, []string{strconv.Itoa(i + 1), "", kind, "", "", ""})
	}
	return t
}

// joint speaks in several languages at once, for the pages that all versions share.
type joint []version

// say joins a label in all languages, each once.
func (j joint) say(key string) string {
	return j.each(func(v version) string { return v.labels[key] })
}

// text puts a text in all languages, each wording once and on a line of its own.
func (j joint) text(t i18n.Text) string {
	return j.lines(func(v version) string { return t.In(v.lang) })
}

// lines puts one line for each language.
func (j joint) lines(of func(version) string) string { return strings.Join(j.distinct(of), "\n") }

// values puts a label in all languages, a line for each.
func (j joint) values(key string) string {
	return j.lines(func(v version) string { return v.labels[key] })
}

// each joins what every language says.
func (j joint) each(of func(version) string) string { return strings.Join(j.distinct(of), " / ") }

func (j joint) distinct(of func(version) string) []string {
	var out []string
	for _, v := range j {
		if s := of(v); s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}
