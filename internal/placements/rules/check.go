package rules

import (
	"fmt"

	"github.com/orynda/orynda/internal/errs"
)

// fail makes a field of a rule.
func fail(rule string, regime Regime, field, code string, params map[string]any) errs.Field {
	return errs.Field{Field: field, Code: code, Params: params, Rule: rule, Source: Source(rule, regime)}
}

// Fail makes the field of a rule that a domain checks itself.
func Fail(rule string, regime Regime, field, code string) errs.Field {
	return fail(rule, regime, field, code, nil)
}

// FailWith is Fail with values for the sentence.
func FailWith(rule string, regime Regime, field, code string, params map[string]any) errs.Field {
	return fail(rule, regime, field, code, params)
}

// ModuleHours are the hours of one module or discipline.
type ModuleHours struct{ Total, Enterprise int }

// CheckShare judges the share of training at the enterprise: under r50 of all modules together, under r361 of each discipline
// alone. counted is false where the hours are in a college's workshop only: those don't count. list is the name of the list in the
// request ("modules", "plan"). Codes: modules_missing, share_too_low.
func (r Rules) CheckShare(regime Regime, modules []ModuleHours, counted bool, list string) []errs.Field {
	if len(modules) == 0 {
		return []errs.Field{Fail(Share, regime, list, "modules_missing")}
	}
	if regime == R361 {
		return r.eachShare(modules, counted, list)
	}
	var sum ModuleHours
	for _, m := range modules {
		sum.Total += m.Total
		sum.Enterprise += m.Enterprise
	}
	if counted && reaches(sum, r.ShareR50) {
		return nil
	}
	return []errs.Field{fail(Share, regime, list, "share_too_low", shareParams(sum, counted, r.ShareR50))}
}

func (r Rules) eachShare(modules []ModuleHours, counted bool, list string) []errs.Field {
	var out []errs.Field
	for i, m := range modules {
		if !counted || !reaches(m, r.ShareR361) {
			path := fmt.Sprintf("%s[%d].enterprise_hours", list, i)
			out = append(out, fail(Share, R361, path, "share_too_low", shareParams(m, counted, r.ShareR361)))
		}
	}
	return out
}

// reaches compares in whole numbers: 60 % of 7 hours is more than 4.
func reaches(m ModuleHours, percent int) bool {
	return m.Total > 0 && int64(m.Enterprise)*100 >= int64(percent)*int64(m.Total)
}

func shareParams(m ModuleHours, counted bool, least int) map[string]any {
	have := int64(0)
	if counted && m.Total > 0 {
		have = int64(m.Enterprise) * 100 / int64(m.Total)
	}
	return map[string]any{"min": least, "have": have}
}

// SharePercent is the share of all modules together in percent, rounded to one decimal; 0 without hours.
func SharePercent(modules []ModuleHours, counted bool) float64 {
	var sum ModuleHours
	for _, m := range modules {
		sum.Total += m.Total
		sum.Enterprise += m.Enterprise
	}
	if sum.Total == 0 || !counted {
		return 0
	}
	return float64(int64(sum.Enterprise)*1000/int64(sum.Total)) / 10
}

// WorkTime is what the limits of hours and age look at. Age is the youngest trainee's: the place's minimum age, or the age of the one student.
type WorkTime struct {
	Age       int
	Weekly    int
	Night     bool // between 22:00 and 06:00
	Hazardous bool
}

// CheckHours judges hours and age (legal-facts.md 6): weekly hours by age and hazard, no night and no hazardous work for minors. ageField is
// the name of the age in the request. Codes: hours_missing, hours_over_limit, age_too_low, hazardous_under_18, night_under_18.
func (r Rules) CheckHours(regime Regime, t WorkTime, ageField string) []errs.Field {
	var out []errs.Field
	add := func(field, code string, params map[string]any) {
		out = append(out, fail(HoursAndAge, regime, field, code, params))
	}
	if t.Age < r.YoungestAge {
		add(ageField, "age_too_low", map[string]any{"min": r.YoungestAge})
	}
	if t.Hazardous && t.Age < r.AdultAge {
		add(ageField, "hazardous_under_18", map[string]any{"min": r.AdultAge})
	}
	if t.Night && t.Age < r.AdultAge {
		add("night_work", "night_under_18", map[string]any{"min": r.AdultAge})
	}
	most := r.WeeklyHours(t.Age, t.Hazardous)
	switch {
	case t.Weekly <= 0:
		add("weekly_hours", "hours_missing", map[string]any{"max": most})
	case t.Weekly > most:
		add("weekly_hours", "hours_over_limit", map[string]any{"max": most, "age": t.Age})
	}
	return out
}

// CheckCompensation judges that the payment is said: an amount and what it covers, or an explicit "none" (R50 13-14). kind is none, monthly or
// total. Codes: compensation_unsaid, amount_missing, amount_with_none.
func (r Rules) CheckCompensation(regime Regime, kind string, amount int64) []errs.Field {
	switch {
	case kind == "":
		return []errs.Field{Fail(Compensation, regime, "compensation", "compensation_unsaid")}
	case kind == "none" && amount != 0:
		return []errs.Field{Fail(Compensation, regime, "compensation.amount", "amount_with_none")}
	case kind != "none" && amount <= 0:
		return []errs.Field{Fail(Compensation, regime, "compensation.amount", "amount_missing")}
	}
	return nil
}

// CheckWorkplace judges that a workplace has an address and a kind (R50 4.3, 22.7-22.8). path is its place in the request
// ("workplaces[0]"). Codes: workplace_region_missing, workplace_city_missing, workplace_address_missing, workplace_kind_missing.
func (r Rules) CheckWorkplace(regime Regime, region, city, address, kind, path string) []errs.Field {
	var out []errs.Field
	for _, c := range []struct{ value, field, code string }{
		{region, "region", "workplace_region_missing"},
		{city, "city", "workplace_city_missing"},
		{address, "address", "workplace_address_missing"},
		{kind, "kind", "workplace_kind_missing"},
	} {
		if c.value == "" {
			out = append(out, Fail(Workplace, regime, path+"."+c.field, c.code))
		}
	}
	return out
}
