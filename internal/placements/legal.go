package placements

import (
	"fmt"
	"unicode/utf8"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/placements/rules"
)

// codeNotVerified is the one failure that has a refusal of its own: the enterprise may not publish at all.
const codeNotVerified = "enterprise_not_verified"

// CheckPublish judges a place at moment P (domain.md, "Legal checks"): it gives every field to mend at once, in the order of the form, and
// nothing when the place may be published on this day. mentor is nil where none is named or it doesn't exist.
func CheckPublish(p *Placement, e *directory.Enterprise, mentor *directory.Mentor, ref *directory.Reference, day cal.Day, r rules.Rules) []errs.Field {
	return append(CheckStanding(p, e, mentor, ref, r), checkDeadline(p, day, r)...)
}

// CheckStanding is CheckPublish without what only the moment of publication asks: how far ahead the deadline lies. It judges changes
// of a place that is public already.
func CheckStanding(p *Placement, e *directory.Enterprise, mentor *directory.Mentor, ref *directory.Reference, r rules.Rules) []errs.Field {
	var out []errs.Field
	out = append(out, checkParty(p, e)...)
	out = append(out, checkTexts(p)...)
	out = append(out, checkModules(p, r)...)
	out = append(out, checkTrade(p, ref)...)
	out = append(out, checkSeats(p)...)
	out = append(out, checkWorkplaces(p, r)...)
	out = append(out, checkDates(p, r)...)
	out = append(out, checkTerms(p, r)...)
	out = append(out, checkMentor(p, mentor)...)
	return append(out, checkCitizens(p)...)
}

// posting makes a field of our own limits.
func posting(p *Placement, field, code string, params map[string]any) errs.Field {
	return rules.FailWith(rules.Posting, p.Regime, field, code, params)
}

func checkParty(p *Placement, e *directory.Enterprise) []errs.Field {
	var out []errs.Field
	if e.State != directory.EnterpriseVerified {
		out = append(out, rules.Fail(rules.Verified, p.Regime, "enterprise_id", codeNotVerified))
	}
	// A sole entrepreneur's number is sealed; the directory checked it when it was given.
	if e.BIN == "" && len(e.SealedIIN) == 0 || e.BIN != "" && accounts.ValidBIN(e.BIN) != nil {
		out = append(out, rules.Fail(rules.Parties, p.Regime, "enterprise_id", "party_number_invalid"))
	}
	return out
}

// checkTexts asks for one complete language and judges the lengths of all. Where none is complete it names what the fullest
// one lacks.
func checkTexts(p *Placement) []errs.Field {
	out := textLengths(p)
	for _, l := range i18n.Langs() {
		if s := p.Summary.In(l); p.Summary.Has(l) && utf8.RuneCountInString(s) < MinSummary {
			out = append(out, posting(p, "summary."+string(l), "too_short", map[string]any{"min": MinSummary}))
		}
	}
	best, missing := i18n.KK, missingTexts(p, i18n.KK)
	for _, l := range i18n.Langs() {
		if m := missingTexts(p, l); len(m) < len(missing) {
			best, missing = l, m
		}
	}
	for _, name := range missing {
		out = append(out, posting(p, name+"."+string(best), "language_incomplete", nil))
	}
	return out
}

func missingTexts(p *Placement, l i18n.Lang) []string {
	var out []string
	for _, t := range []struct {
		name string
		text i18n.Text
	}{{"title", p.Title}, {"summary", p.Summary}, {"tasks", p.Tasks}} {
		if !t.text.Has(l) {
			out = append(out, t.name)
		}
	}
	return out
}

// checkModules asks that the tasks name what they train, and judges the share at the enterprise.
func checkModules(p *Placement, r rules.Rules) []errs.Field {
	var out []errs.Field
	for i, m := range p.Modules {
		path := fmt.Sprintf("modules[%d]", i)
		if m.Name.IsZero() {
			out = append(out, rules.Fail(rules.Profile, p.Regime, path+".name", "module_unnamed"))
		}
		if m.Hours < 1 {
			out = append(out, rules.Fail(rules.Share, p.Regime, path+".hours", "module_hours_missing"))
		}
		if m.EnterpriseHours < 0 || m.EnterpriseHours > m.Hours {
			out = append(out, rules.FailWith(rules.Share, p.Regime, path+".enterprise_hours", "module_hours_exceeded", map[string]any{"max": m.Hours}))
		}
	}
	if len(out) > 0 {
		return out // a share of wrong hours would only confuse
	}
	hours, counted := p.ModuleHours()
	return r.CheckShare(p.Regime, hours, counted, "modules")
}

// checkTrade asks for what the place trains: a qualification or specialty under r50, a field of training under r361.
func checkTrade(p *Placement, ref *directory.Reference) []errs.Field {
	field, code := "qualification_code", p.QualificationCode
	if p.Regime == R361 {
		field, code = "programme_code", p.ProgrammeCode
	}
	if code == "" {
		return []errs.Field{rules.Fail(rules.Profile, p.Regime, field, "trade_missing")}
	}
	if _, ok := tradeOf(p, ref); !ok {
		return []errs.Field{rules.Fail(rules.Profile, p.Regime, field, "unknown_code")}
	}
	return nil
}

func checkSeats(p *Placement) []errs.Field {
	if p.Seats < 1 || p.Seats > MaxSeats {
		return []errs.Field{posting(p, "seats", "seats_missing", map[string]any{"max": MaxSeats})}
	}
	return nil
}

func checkWorkplaces(p *Placement, r rules.Rules) []errs.Field {
	if len(p.Workplaces) == 0 {
		return []errs.Field{rules.Fail(rules.Workplace, p.Regime, "workplaces", "workplace_missing")}
	}
	var out []errs.Field
	for i, w := range p.Workplaces {
		out = append(out, r.CheckWorkplace(p.Regime, w.Region, w.City, w.Address, string(w.Kind), fmt.Sprintf("workplaces[%d]", i))...)
	}
	return out
}

// checkDates judges the dates among themselves.
func checkDates(p *Placement, r rules.Rules) []errs.Field {
	var out []errs.Field
	for _, d := range []struct {
		field string
		day   cal.Day
	}{{"starts_on", p.StartsOn}, {"ends_on", p.EndsOn}, {"apply_by", p.ApplyBy}} {
		if d.day == "" {
			out = append(out, posting(p, d.field, "date_missing", nil))
		}
	}
	if p.StartsOn != "" && p.ApplyBy != "" && p.StartsOn < p.ApplyBy.Add(r.StartAfter) {
		out = append(out, posting(p, "starts_on", "start_too_close", map[string]any{"days": r.StartAfter, "earliest": string(p.ApplyBy.Add(r.StartAfter))}))
	}
	if p.StartsOn != "" && p.EndsOn != "" && p.EndsOn < p.StartsOn {
		out = append(out, posting(p, "ends_on", "ends_before_start", nil))
	}
	if p.ApplyFrom != "" && p.ApplyBy != "" && p.ApplyFrom > p.ApplyBy {
		out = append(out, posting(p, "apply_from", "apply_from_after_deadline", nil))
	}
	return out
}

// checkDeadline judges how far ahead apply_by lies.
func checkDeadline(p *Placement, day cal.Day, r rules.Rules) []errs.Field {
	if p.ApplyBy == "" || p.ApplyBy >= day.Add(r.DeadlineAhead) {
		return nil
	}
	return []errs.Field{posting(p, "apply_by", "deadline_too_close", map[string]any{"days": r.DeadlineAhead, "earliest": string(day.Add(r.DeadlineAhead))})}
}

// checkTerms judges time, hours, age and pay.
func checkTerms(p *Placement, r rules.Rules) []errs.Field {
	var out []errs.Field
	if p.TimeModel == "" {
		out = append(out, rules.Fail(rules.Schedule, p.Regime, "time_model", "time_model_missing"))
	}
	age := p.MinAge
	if age == 0 {
		age = r.DefaultAge(p.WeeklyHours, p.NightWork, p.Hazardous)
	}
	out = append(out, r.CheckHours(p.Regime, rules.WorkTime{Age: age, Weekly: p.WeeklyHours, Night: p.NightWork, Hazardous: p.Hazardous}, "min_age")...)
	return append(out, r.CheckCompensation(p.Regime, string(p.Compensation.Kind), p.Compensation.Amount)...)
}

// checkMentor asks for a named mentor of this enterprise (R50 4.4, 22.9).
func checkMentor(p *Placement, m *directory.Mentor) []errs.Field {
	switch {
	case p.MentorID == "" || m == nil || m.State() != directory.StateActive:
		return []errs.Field{rules.Fail(rules.Mentor, p.Regime, "mentor_id", "mentor_missing")}
	case m.EnterpriseID != p.EnterpriseID:
		return []errs.Field{rules.Fail(rules.Mentor, p.Regime, "mentor_id", "mentor_elsewhere")}
	}
	return nil
}

// checkCitizens: a citizen's agreement needs a college (R50 6.2), so a place open to citizens names at least one.
func checkCitizens(p *Placement) []errs.Field {
	switch {
	case p.OpenToCitizens && p.Regime == R361:
		return []errs.Field{rules.Fail(rules.Citizens, p.Regime, "open_to_citizens", "citizens_r50_only")}
	case p.OpenToCitizens && len(p.Colleges) == 0:
		return []errs.Field{rules.Fail(rules.Citizens, p.Regime, "colleges", "citizens_need_college")}
	}
	return nil
}
