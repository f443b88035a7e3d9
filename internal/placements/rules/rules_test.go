package rules_test

import (
	"testing"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/placements/rules"
)

func codes(fields []errs.Field) map[string]string {
	out := map[string]string{}
	for _, f := range fields {
		out[f.Field] = f.Code
	}
	return out
}

func same(a, b map[string]string) bool {
	if len(a) != len(b) {
		return false
	}
	for k, v := range a {
		if b[k] != v {
			return false
		}
	}
	return true
}

func TestShare(t *testing.T) {
	r := rules.InForce("2026-11-23")
	for _, c := range []struct {
		name    string
		regime  rules.Regime
		modules []rules.ModuleHours
		counted bool
		want    map[string]string
	}{
		{"none", rules.R50, nil, true, map[string]string{"plan": "modules_missing"}},
		{"exactly 60 %", rules.R50, []rules.ModuleHours{{10, 6}}, true, map[string]string{}},
		{"59.9 %", rules.R50, []rules.ModuleHours{{1000, 599}}, true, map[string]string{"plan": "share_too_low"}},
		{"one low, together 60 %", rules.R50, []rules.ModuleHours{{100, 20}, {100, 100}}, true, map[string]string{}},
		{"workshop only", rules.R50, []rules.ModuleHours{{10, 10}}, false, map[string]string{"plan": "share_too_low"}},
		{"4 of 7 hours are less than 60 %", rules.R50, []rules.ModuleHours{{7, 4}}, true, map[string]string{"plan": "share_too_low"}},
		{"university, each 40 %", rules.R361, []rules.ModuleHours{{10, 4}, {5, 2}}, true, map[string]string{}},
		{"university, one low", rules.R361, []rules.ModuleHours{{10, 10}, {100, 39}}, true, map[string]string{"plan[1].enterprise_hours": "share_too_low"}},
		{"university, workshop", rules.R361, []rules.ModuleHours{{10, 10}}, false, map[string]string{"plan[0].enterprise_hours": "share_too_low"}},
		{"no hours at all", rules.R361, []rules.ModuleHours{{0, 0}}, true, map[string]string{"plan[0].enterprise_hours": "share_too_low"}},
	} {
		got := r.CheckShare(c.regime, c.modules, c.counted, "plan")
		if !same(codes(got), c.want) {
			t.Errorf("%s: %v, want %v", c.name, codes(got), c.want)
		}
		for _, f := range got {
			if f.Rule != "share" || f.Source == "" {
				t.Errorf("%s: %+v names no rule or paragraph", c.name, f)
			}
		}
	}
	if got := rules.SharePercent([]rules.ModuleHours{{300, 200}, {240, 160}}, true); got != 66.6 {
		t.Errorf("share: %v", got)
	}
}

func TestHoursAndAge(t *testing.T) {
	r := rules.InForce("2026-11-23")
	for _, c := range []struct {
		time rules.WorkTime
		want map[string]string
	}{
		{rules.WorkTime{Age: 14, Weekly: 24}, map[string]string{}},
		{rules.WorkTime{Age: 15, Weekly: 25}, map[string]string{"weekly_hours": "hours_over_limit"}},
		{rules.WorkTime{Age: 16, Weekly: 36}, map[string]string{}},
		{rules.WorkTime{Age: 17, Weekly: 37}, map[string]string{"weekly_hours": "hours_over_limit"}},
		{rules.WorkTime{Age: 18, Weekly: 40, Night: true}, map[string]string{}},
		{rules.WorkTime{Age: 30, Weekly: 41}, map[string]string{"weekly_hours": "hours_over_limit"}},
		{rules.WorkTime{Age: 30, Weekly: 36, Hazardous: true}, map[string]string{}},
		{rules.WorkTime{Age: 30, Weekly: 37, Hazardous: true}, map[string]string{"weekly_hours": "hours_over_limit"}},
		{rules.WorkTime{Age: 17, Weekly: 20, Hazardous: true, Night: true}, map[string]string{"min_age": "hazardous_under_18", "night_work": "night_under_18"}},
		{rules.WorkTime{Age: 13, Weekly: 0}, map[string]string{"min_age": "age_too_low", "weekly_hours": "hours_missing"}},
	} {
		if got := codes(r.CheckHours(rules.R50, c.time, "min_age")); !same(got, c.want) {
			t.Errorf("%+v: %v, want %v", c.time, got, c.want)
		}
	}
	for _, c := range []struct {
		weekly           int
		night, hazardous bool
		want             int
	}{{24, false, false, 16}, {36, false, false, 16}, {37, false, false, 18}, {24, true, false, 18}, {24, false, true, 18}} {
		if got := r.DefaultAge(c.weekly, c.night, c.hazardous); got != c.want {
			t.Errorf("%+v: %d", c, got)
		}
	}
}

func TestCompensationAndWorkplace(t *testing.T) {
	r := rules.InForce("2026-11-23")
	for _, c := range []struct {
		kind   string
		amount int64
		want   string
	}{{"", 0, "compensation_unsaid"}, {"none", 0, ""}, {"none", 5, "amount_with_none"}, {"monthly", 0, "amount_missing"}, {"total", 1, ""}} {
		got := ""
		for _, code := range codes(r.CheckCompensation(rules.R361, c.kind, c.amount)) {
			got = code
		}
		if got != c.want {
			t.Errorf("%s %d: %q, want %q", c.kind, c.amount, got, c.want)
		}
	}
	if got := codes(r.CheckWorkplace(rules.R50, "350000000", "Қарағанды", "", "", "w")); !same(got, map[string]string{"w.address": "workplace_address_missing", "w.kind": "workplace_kind_missing"}) {
		t.Errorf("workplace: %v", got)
	}
}

func TestEditionsAreDated(t *testing.T) {
	all := rules.All()
	for i, r := range all {
		if got, ok := rules.ByVersion(r.Version); !ok || got.Version != r.Version {
			t.Errorf("%s isn't found", r.Version)
		}
		if rules.InForce(r.From).Version != r.Version {
			t.Errorf("%s isn't in force on its first day", r.Version)
		}
		if i > 0 && all[i-1].From >= r.From {
			t.Errorf("%s comes before its predecessor", r.Version)
		}
	}
	if _, ok := rules.ByVersion("none"); ok {
		t.Error("an unknown version is found")
	}
	for _, name := range rules.Names() {
		ours := name == rules.Posting || name == rules.Authority || name == rules.Overlap // no act names them
		if ours != (rules.Source(name, rules.R50) == "") {
			t.Errorf("%s: paragraph %q", name, rules.Source(name, rules.R50))
		}
	}
}
