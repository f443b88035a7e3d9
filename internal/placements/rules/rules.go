package rules

import (
	"slices"

	"github.com/orynda/orynda/internal/cal"
)

// Regime says which Rules apply.
type Regime string

// The regimes: Order No. 50 of 21.01.2016 for colleges and training centres, Order No. 361 of 27.07.2023 for universities.
const (
	R50  Regime = "r50"
	R361 Regime = "r361"
)

// The names of the rules, as problems carry them in `rule`.
const (
	Share        = "share"
	Mentor       = "mentor"
	Supervisor   = "supervisor"
	Curriculum   = "curriculum"
	Schedule     = "schedule"
	Workplace    = "workplace"
	Profile      = "profile"
	Compensation = "compensation"
	Insurance    = "insurance"
	HoursAndAge  = "hours_and_age"
	Minors       = "minors"
	Parties      = "parties"
	Authority    = "authority"
	Overlap      = "overlap"
	Verified     = "enterprise_verified"
	Citizens     = "citizens"
	Posting      = "posting" // our own limits of a posting: texts, seats, dates; no act behind them
)

// Names lists the rules.
func Names() []string {
	return []string{
		Share, Mentor, Supervisor, Curriculum, Schedule, Workplace, Profile, Compensation, Insurance, HoursAndAge, Minors, Parties,
		Authority, Overlap, Verified, Citizens, Posting,
	}
}

// Source gives the paragraph of a rule under a regime; "" where it is our own.
func Source(rule string, regime Regime) string {
	both := map[string][2]string{
		Share:        {"R50 10", "R361 8-9, 11"},
		Mentor:       {"R50 4.4, 22.9", "R50 4.4, 22.9"},
		Supervisor:   {"R50 21.11", ""},
		Curriculum:   {"R50 4.2", "R361 4.2-4.3, 12"},
		Schedule:     {"R50 11, 21.10", "R50 11, 21.10"},
		Workplace:    {"R50 4.3, 22.7-22.8", "R50 4.3, 22.7-22.8"},
		Profile:      {"R50 9", "R361 13"},
		Compensation: {"R50 13-14", "R361 2(4)"},
		Insurance:    {"R50 8", ""},
		HoursAndAge:  {"Labour Code 31, 68, 69, 76", "Labour Code 31, 68, 69, 76"},
		Minors:       {"Civil Code 22", "Civil Code 22"},
		Parties:      {"R50 2.7, 5", "R50 2.7, 5"},
		Verified:     {"R50 25.1", "R50 25.1"},
		Citizens:     {"R50 6.2", ""},
	}
	if regime == R361 {
		return both[rule][1]
	}
	return both[rule][0]
}

// HourLimit is the most hours a week up to an age, in full years.
type HourLimit struct {
	UpTo  int
	Hours int
}

// Rules are the numbers in force from a day on.
type Rules struct {
	Version string  // stored with every check
	From    cal.Day // first day

	ShareR50  int // percent of the hours of all modules together, at the enterprise (R50 10)
	ShareR361 int // percent of the hours of each discipline (R361 8-9, 11)

	MentorTrainees int // most trainees of a mentor at once; our own number

	YoungestAge    int         // youngest trainee (Labour Code 31)
	UsualAge       int         // youngest age of a place that doesn't say one
	AdultAge       int         // from here on hazardous and night work is allowed
	Hours          []HourLimit // by rising age (Labour Code 68, 69)
	HazardousHours int         // at hazardous places at any age (Labour Code 69)

	DeadlineAhead int // days from publication to apply_by at least; our own number
	StartAfter    int // days from apply_by to starts_on at least; our own number
}

// All lists the editions, oldest first. The last amendment of Order No. 50 that they know is No. 98 of 30.04.2025.
func All() []Rules {
	return []Rules{{
		Version: "2025-04-30.1", From: "2016-01-21",
		ShareR50: 60, ShareR361: 40,
		MentorTrainees: 5,
		YoungestAge:    14, UsualAge: 16, AdultAge: 18,
		Hours:          []HourLimit{{UpTo: 15, Hours: 24}, {UpTo: 17, Hours: 36}, {UpTo: 200, Hours: 40}},
		HazardousHours: 36,
		DeadlineAhead:  3, StartAfter: 14,
	}}
}

// InForce gives the rules of a day. Before the first edition it is the first.
func InForce(day cal.Day) Rules {
	all := All()
	out := all[0]
	for _, r := range all {
		if r.From <= day {
			out = r
		}
	}
	return out
}

// ByVersion finds the rules that judged something; ok is false for an unknown version.
func ByVersion(version string) (r Rules, ok bool) {
	all := All()
	i := slices.IndexFunc(all, func(r Rules) bool { return r.Version == version })
	if i < 0 {
		return Rules{}, false
	}
	return all[i], true
}

// WeeklyHours is the most hours a week for a person of this age at such a place.
func (r Rules) WeeklyHours(age int, hazardous bool) int {
	most := 0
	for _, l := range r.Hours {
		if most = l.Hours; age <= l.UpTo {
			break
		}
	}
	if hazardous {
		most = min(most, r.HazardousHours)
	}
	return most
}

// DefaultAge is the minimum age of a place that doesn't state one: the usual youngest, or the adult age where hours, night work or hazard
// need it.
func (r Rules) DefaultAge(weekly int, night, hazardous bool) int {
	if night || hazardous || weekly > r.WeeklyHours(r.UsualAge, false) {
		return r.AdultAge
	}
	return r.UsualAge
}
