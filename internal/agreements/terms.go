package agreements

import (
	"math"
	"slices"
	"time"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/placements/rules"
)

// Terms are what the parties agree on. The terms of a day are the base terms with the signed amendments folded in; see [Service.TermsOn].
type Terms struct {
	StartsOn          cal.Day       `json:"starts_on"`
	EndsOn            cal.Day       `json:"ends_on"`
	QualificationCode string        `json:"qualification_code,omitempty"` // r50: what is trained for
	SpecialtyCode     string        `json:"specialty_code,omitempty"`     // r50: of the place
	ProgrammeCode     string        `json:"programme_code,omitempty"`     // r361: the field of training
	Level             string        `json:"level,omitempty"`
	TimeModel         string        `json:"time_model"`
	WeeklyHours       int           `json:"weekly_hours"` // the place's figure
	NightWork         bool          `json:"night_work,omitempty"`
	Workplace         Workplace     `json:"workplace"`
	MentorID          string        `json:"mentor_id,omitempty"`
	SupervisorID      string        `json:"supervisor_id,omitempty"`
	Curriculum        *Curriculum   `json:"curriculum,omitempty"`
	Schedule          []Phase       `json:"schedule,omitempty"`
	Plan              []PlanItem    `json:"plan,omitempty"`
	Compensation      *Compensation `json:"compensation,omitempty"`
	Insurance         *Insurance    `json:"insurance,omitempty"`
	Duties            i18n.Text     `json:"duties"` // copied from the place in its languages; a change is in one text for all
	ProfileReason     string        `json:"profile_reason,omitempty"`
	Benefits          []string      `json:"benefits,omitempty"` // meals, dormitory, transport, clothing
}

// Workplace is the one workplace of an agreement; its region decides which chamber is competent.
type Workplace struct {
	ID        string  `json:"id"`
	Region    string  `json:"region"` // KATO code
	City      string  `json:"city"`
	Address   string  `json:"address"`
	Lat       float64 `json:"lat,omitempty"`
	Lon       float64 `json:"lon,omitempty"`
	Kind      string  `json:"kind"`
	Hazardous bool    `json:"hazardous,omitempty"`
}

// Curriculum names the working curriculum agreed with the enterprise (R50 4.2); under r361 the dual programme written for it.
type Curriculum struct {
	Title  string  `json:"title"`
	Number string  `json:"number"`
	Date   cal.Day `json:"date"`
}

// Where is where a phase of the schedule takes place.
type Where string

// The places of a phase.
const (
	AtEnterprise Where = "enterprise"
	AtCollege    Where = "college"
	AtDistance   Where = "distance"
)

// Phase is a part of the schedule with the same hours on the same days of the week (R50 11, 21.10).
type Phase struct {
	From     cal.Day `json:"from"`
	To       cal.Day `json:"to"`
	Weekdays []int   `json:"weekdays"` // 1 Monday to 7 Sunday
	Minutes  int     `json:"minutes"`  // a day
	Where    Where   `json:"where"`
	DayFrom  string  `json:"day_from,omitempty"` // "09:00"
	DayTo    string  `json:"day_to,omitempty"`
	Note     string  `json:"note,omitempty"`
}

// HoursPerDay is the daily length in hours.
func (p Phase) HoursPerDay() float64 { return float64(p.Minutes) / 60 }

// night reports whether a phase falls between 22:00 and 06:00; told is false when the phase doesn't say its times.
func (p Phase) night() (night, told bool) {
	if p.DayFrom == "" || p.DayTo == "" {
		return false, false
	}
	return p.DayFrom < "06:00" || p.DayFrom >= "22:00" || p.DayTo > "22:00" || p.DayTo <= p.DayFrom, true
}

// PlanItem is a module or discipline with its hours. Hours in a college's workshop are not enterprise hours (R50 10).
type PlanItem struct {
	Name            string `json:"name"`
	Hours           int    `json:"hours"`
	EnterpriseHours int    `json:"enterprise_hours"`
	Kind            string `json:"kind,omitempty"`
}

// PlanKinds lists the kinds of subjects of a regime that count towards the share of training; an item without a kind counts too.
func PlanKinds(regime rules.Regime) []string {
	if regime == rules.R361 {
		return []string{"basic_cycle", "profile_cycle"}
	}
	return []string{"general_professional", "special", "basic_module", "professional_module"}
}

// Counted reports whether the item counts towards the share.
func (i PlanItem) Counted(regime rules.Regime) bool {
	return i.Kind == "" || slices.Contains(PlanKinds(regime), i.Kind)
}

// Compensation is the payment to the student, or an explicit none (R50 13-14).
type Compensation struct {
	Kind       string `json:"kind"` // none, monthly, total
	Amount     int64  `json:"amount,omitempty"`
	Basis      string `json:"basis,omitempty"`
	PaymentDay int    `json:"payment_day,omitempty"`
}

// Insurance says whether accident insurance is taken (R50 8).
type Insurance struct {
	Taken bool   `json:"taken"`
	Note  string `json:"note,omitempty"`
}

// Enrolment is how the college enrolled the trainee.
type Enrolment struct {
	OrderNumber   string  `json:"order_number"`
	OrderDate     cal.Day `json:"order_date"`
	Group         string  `json:"group,omitempty"`
	Course        int     `json:"course,omitempty"`
	StudyForm     string  `json:"study_form,omitempty"`
	Funding       string  `json:"funding,omitempty"` // state_order, paid
	SpecialtyCode string  `json:"specialty_code,omitempty"`
}

// Contacts are what a student or guardian gives for one agreement. They are stored sealed.
type Contacts struct {
	Phone          string  `json:"phone,omitempty"`
	Address        string  `json:"address,omitempty"`
	IDCardNumber   string  `json:"id_card_number,omitempty"`
	IDCardIssuedBy string  `json:"id_card_issued_by,omitempty"`
	IDCardIssuedOn cal.Day `json:"id_card_issued_on,omitempty"`
}

// Share is the computed share of training at the enterprise.
type Share struct {
	Hours           int
	EnterpriseHours int
	Percent         float64 // cut to two decimals
	Known           bool    // false without counted items
	Required        int
	Met             bool
	Items           []ShareItem
}

// ShareItem is the share of one item of the plan.
type ShareItem struct {
	Name    string
	Percent float64
	Counted bool
}

// percent cuts to two decimals, so that a share just below a limit never reads as the limit.
func percent(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return float64(int64(part)*10000/int64(whole)) / 100
}

// Share computes the share of the plan under the rules: of all counted items together under r50, of each one under r361. At a college's workshop
// nothing counts as training at the enterprise.
func (t Terms) Share(regime rules.Regime, r rules.Rules) Share {
	out := Share{Required: r.ShareR50, Items: []ShareItem{}}
	if regime == rules.R361 {
		out.Required = r.ShareR361
	}
	for _, i := range t.Plan {
		at := i.EnterpriseHours
		if t.Workplace.Kind == "college_workshop" {
			at = 0
		}
		counted := i.Counted(regime)
		out.Items = append(out.Items, ShareItem{Name: i.Name, Percent: percent(at, i.Hours), Counted: counted})
		if counted {
			out.Hours += i.Hours
			out.EnterpriseHours += at
			out.Known = true
		}
	}
	out.Percent = percent(out.EnterpriseHours, out.Hours)
	out.Met = out.Known && len(t.shareFaults(regime, r)) == 0
	return out
}

// shareFaults judges the share by the dated rules and names the plan's items where the law asks of each one.
func (t Terms) shareFaults(regime rules.Regime, r rules.Rules) []errs.Field {
	atEnterprise := t.Workplace.Kind != "college_workshop"
	if regime == rules.R361 {
		var out []errs.Field
		for n, i := range t.Plan {
			if !i.Counted(regime) {
				continue
			}
			for _, f := range r.CheckShare(regime, []rules.ModuleHours{{Total: i.Hours, Enterprise: i.EnterpriseHours}}, atEnterprise, "plan") {
				f.Field = path("plan", n, "enterprise_hours")
				out = append(out, f)
			}
		}
		return out
	}
	var counted []rules.ModuleHours
	for _, i := range t.Plan {
		if i.Counted(regime) {
			counted = append(counted, rules.ModuleHours{Total: i.Hours, Enterprise: i.EnterpriseHours})
		}
	}
	return r.CheckShare(regime, counted, atEnterprise, "plan")
}

// Hours are the computed hours of an agreement.
type Hours struct {
	WeeklyMinutes       int // the most at the enterprise in one week; the place's figure without a schedule
	Limit               int // hours a week that the law allows
	Reason              string
	Night               bool
	TotalMinutes        int
	AtEnterpriseMinutes int
	Scheduled           bool
}

// Weekly is the most hours a week at the enterprise.
func (h Hours) Weekly() float64 { return float64(h.WeeklyMinutes) / 60 }

// Hours computes the hours of training for somebody of an age on the first day. An unknown age (below 0) is taken as adult.
func (t Terms) Hours(age int, r rules.Rules) Hours {
	if age < 0 {
		age = r.AdultAge
	}
	h := Hours{WeeklyMinutes: t.WeeklyHours * 60, Limit: r.WeeklyHours(age, t.Workplace.Hazardous), Night: t.NightWork}
	h.Reason = limitReason(age, t.Workplace.Hazardous, h.Limit, r)
	if len(t.Schedule) == 0 {
		return h
	}
	h.Scheduled, h.WeeklyMinutes = true, 0
	weeks := map[cal.Day]int{}
	allTold, anyNight := true, false
	for _, p := range t.Schedule {
		if p.Where == AtEnterprise {
			night, told := p.night()
			allTold, anyNight = allTold && told, anyNight || night
		}
		t.eachDay(p, func(day cal.Day) {
			h.TotalMinutes += p.Minutes
			if p.Where == AtEnterprise {
				h.AtEnterpriseMinutes += p.Minutes
				weeks[monday(day)] += p.Minutes
			}
		})
	}
	for _, m := range weeks {
		h.WeeklyMinutes = max(h.WeeklyMinutes, m)
	}
	h.Night = anyNight || (t.NightWork && !allTold)
	return h
}

// limitReason says which rule gave the limit.
func limitReason(age int, hazardous bool, limit int, r rules.Rules) string {
	switch {
	case hazardous && limit < r.WeeklyHours(age, false):
		return "hazardous"
	case age < 16:
		return "age_14_15"
	case age < r.AdultAge:
		return "age_16_17"
	case hazardous:
		return "hazardous"
	}
	return "adult"
}

// eachDay calls fn for the days of a phase within the agreement's period.
func (t Terms) eachDay(p Phase, fn func(day cal.Day)) {
	from, to := max(p.From, t.StartsOn), min(p.To, t.EndsOn)
	for day := from; day != "" && day <= to; day = day.Add(1) {
		if slices.Contains(p.Weekdays, isoWeekday(day)) {
			fn(day)
		}
	}
}

// isoWeekday is 1 for Monday to 7 for Sunday.
func isoWeekday(day cal.Day) int {
	if w := day.Weekday(); w != time.Sunday {
		return int(w)
	}
	return 7
}

func monday(day cal.Day) cal.Day { return day.Add(1 - isoWeekday(day)) }

// MinutesOf reads hours a day as whole minutes.
func MinutesOf(hours float64) int { return int(math.Round(hours * 60)) }
