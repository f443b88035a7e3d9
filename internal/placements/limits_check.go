package placements

import (
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/i18n"
)

// limitCheck gathers what is out of the limits that hold for drafts too: lengths, ranges and closed lists.
type limitCheck struct{ out []errs.Field }

func (c *limitCheck) add(field, code string, params map[string]any) {
	c.out = append(c.out, errs.Field{Field: field, Code: code, Params: params})
}

func (c *limitCheck) length(field, s string, most int) {
	if utf8.RuneCountInString(s) > most {
		c.add(field, "too_long", map[string]any{"max": most})
	}
}

func (c *limitCheck) text(field string, t i18n.Text, most int) {
	for _, l := range i18n.Langs() {
		if t.Has(l) {
			c.length(field+"."+string(l), t.In(l), most)
		}
	}
}

// number judges a value that may be 0 for unsaid.
func (c *limitCheck) number(field string, n, least, most int) {
	switch {
	case n == 0:
	case n < least:
		c.add(field, "too_small", map[string]any{"min": least})
	case n > most:
		c.add(field, "too_large", map[string]any{"max": most})
	}
}

func (c *limitCheck) count(field string, n, most int) {
	if n > most {
		c.add(field, "too_many", map[string]any{"max": most})
	}
}

func (c *limitCheck) day(field string, d cal.Day) {
	if d != "" && !d.Valid() {
		c.add(field, "bad_format", nil)
	}
}

// oneOf judges a value of a closed list; "" is unsaid.
func oneOf[T ~string](c *limitCheck, field string, value T, allowed ...T) {
	if value != "" && !slices.Contains(allowed, value) {
		c.add(field, "unknown_value", nil)
	}
}

// unique refuses empty and repeated values of a list.
func unique[T ~string](c *limitCheck, field string, list []T) {
	for i, v := range list {
		path := fmt.Sprintf("%s[%d]", field, i)
		if v == "" {
			c.add(path, "required", nil)
		} else if slices.Index(list, v) != i {
			c.add(path, "not_unique", nil)
		}
	}
}

// textLengths judges the longest lengths of the texts.
func textLengths(p *Placement) []errs.Field {
	var c limitCheck
	c.text("title", p.Title, MaxTitle)
	c.text("summary", p.Summary, MaxSummary)
	c.text("tasks", p.Tasks, MaxTasks)
	return c.out
}

// checkLimits judges everything that a draft must keep already.
func checkLimits(p *Placement) []errs.Field {
	c := limitCheck{out: textLengths(p)}
	c.length("conditions", p.Conditions, MaxConditions)
	c.modules(p.Modules)
	c.count("skills", len(p.Skills), MaxSkills)
	unique(&c, "skills", p.Skills)
	for i, s := range p.Skills {
		c.length(fmt.Sprintf("skills[%d]", i), s, MaxSkill)
	}
	c.count("questions", len(p.Questions), MaxQuestions)
	for i, q := range p.Questions {
		c.length(fmt.Sprintf("questions[%d]", i), q, MaxQuestion)
		if q == "" {
			c.add(fmt.Sprintf("questions[%d]", i), "required", nil)
		}
	}
	c.workplaces(p.Workplaces)
	c.terms(p)
	return c.out
}

func (c *limitCheck) modules(list []Module) {
	c.count("modules", len(list), MaxModules)
	for i, m := range list {
		path := fmt.Sprintf("modules[%d]", i)
		c.text(path+".name", m.Name, MaxModuleName)
		c.number(path+".hours", m.Hours, 1, MaxModuleHours)
		c.number(path+".enterprise_hours", m.EnterpriseHours, 0, MaxModuleHours)
	}
}

func (c *limitCheck) workplaces(list []Workplace) {
	c.count("workplaces", len(list), MaxWorkplaces)
	for i, w := range list {
		path := fmt.Sprintf("workplaces[%d]", i)
		c.length(path+".address", w.Address, MaxAddress)
		if w.Address != "" && utf8.RuneCountInString(w.Address) < MinAddress {
			c.add(path+".address", "too_short", map[string]any{"min": MinAddress})
		}
		if w.Lat < -90 || w.Lat > 90 {
			c.add(path+".lat", "bad_format", nil)
		}
		if w.Lon < -180 || w.Lon > 180 {
			c.add(path+".lon", "bad_format", nil)
		}
		oneOf(c, path+".kind", w.Kind, AtWorkplace, AtTrainingCentre, AtCollege)
	}
}

func (c *limitCheck) terms(p *Placement) {
	oneOf(c, "regime", p.Regime, R50, R361)
	oneOf(c, "level", p.Level, Worker, Specialist, Bachelor)
	if p.Level != "" && (p.Level == Bachelor) != (p.Regime == R361) {
		c.add("level", "level_of_other_regime", nil)
	}
	c.number("seats", p.Seats, 1, MaxSeats)
	c.day("starts_on", p.StartsOn)
	c.day("ends_on", p.EndsOn)
	c.day("apply_from", p.ApplyFrom)
	c.day("apply_by", p.ApplyBy)
	oneOf(c, "time_model", p.TimeModel, Block, Parallel)
	c.number("weekly_hours", p.WeeklyHours, 1, MaxWeeklyHours)
	oneOf(c, "compensation.kind", p.Compensation.Kind, PayNone, PayMonthly, PayTotal)
	if p.Compensation.Amount < 0 {
		c.add("compensation.amount", "too_small", map[string]any{"min": 1})
	}
	if p.Compensation.Amount > MaxAmount {
		c.add("compensation.amount", "too_large", map[string]any{"max": MaxAmount})
	}
	c.length("insurance.note", p.Insurance.Note, MaxNote)
	unique(c, "languages", p.Languages)
	for i, l := range p.Languages {
		oneOf(c, fmt.Sprintf("languages[%d]", i), l, i18n.KK, i18n.RU, i18n.EN)
	}
	c.number("min_age", p.MinAge, MinAgeLimit, MaxAgeLimit)
	c.count("colleges", len(p.Colleges), MaxColleges)
	unique(c, "colleges", p.Colleges)
	c.length("external_reference", p.ExternalReference, MaxReference)
}
