package placements_test

import (
	"context"
	"testing"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/placements/rules"
)

var _ placements.Directory = (*directory.Service)(nil)

// good is a place that keeps every rule on today.
func good() *placements.Placement {
	return &placements.Placement{
		EnterpriseID: ent, Regime: placements.R50, Title: i18n.Text{KK: "Электромонтер"},
		Summary: i18n.Text{KK: "Қосалқы станция жабдықтарын тәжірибелі тәлімгермен бірге тексеру, жөндеу."}, Tasks: i18n.Text{KK: "Жабдықты тексеру."},
		Modules: []placements.Module{{Name: i18n.Text{KK: "Монтаж"}, Hours: 100, EnterpriseHours: 60}}, QualificationCode: "07130201", Seats: 1,
		Workplaces: []placements.Workplace{{ID: "wpl_1", Region: karaUnda, City: "Қарағанды", Address: "Складская 14", Kind: placements.AtWorkplace}},
		ApplyBy:    "2026-11-26", StartsOn: "2026-12-10", EndsOn: "2027-06-01", TimeModel: placements.Block, WeeklyHours: 36, MinAge: 16,
		Compensation: placements.Compensation{Kind: placements.PayNone}, MentorID: "mnt_1",
	}
}

func TestCheckPublish(t *testing.T) {
	ref, err := directory.LoadReference()
	if err != nil {
		t.Fatal(err)
	}
	people := newPeople()
	type change func(p *placements.Placement)
	for _, c := range []struct {
		name string
		make change
		want map[string]string // field → code
	}{
		{"good", func(*placements.Placement) {}, nil},
		{"deadline two days ahead", func(p *placements.Placement) { p.ApplyBy = "2026-11-25" }, map[string]string{"apply_by": "deadline_too_close"}},
		{"start 13 days after the deadline", func(p *placements.Placement) { p.StartsOn = "2026-12-09" }, map[string]string{"starts_on": "start_too_close"}},
		{"one day of training", func(p *placements.Placement) { p.EndsOn = p.StartsOn }, nil},
		{"ends before the start", func(p *placements.Placement) { p.EndsOn = "2026-12-09" }, map[string]string{"ends_on": "ends_before_start"}},
		{"applications begin after the deadline", func(p *placements.Placement) { p.ApplyFrom = "2026-11-27" }, map[string]string{"apply_from": "apply_from_after_deadline"}},
		{"second language unfinished", func(p *placements.Placement) { p.Title.EN = "Electrician" }, nil},
		{"no language complete", func(p *placements.Placement) { p.Tasks = i18n.Text{RU: "Осмотр"} }, map[string]string{"tasks.kk": "language_incomplete"}},
		{"summary of 49 in a second language", func(p *placements.Placement) { p.Summary.RU = "коротко" }, map[string]string{"summary.ru": "too_short"}},
		{"workshop only", func(p *placements.Placement) { p.Workplaces[0].Kind = placements.AtCollege }, map[string]string{"modules": "share_too_low"}},
		{"workshop beside a workplace", func(p *placements.Placement) {
			w := p.Workplaces[0]
			w.Kind = placements.AtCollege
			p.Workplaces = append(p.Workplaces, w)
		}, nil},
		{"hours beyond the module", func(p *placements.Placement) { p.Modules[0].EnterpriseHours = 101 }, map[string]string{"modules[0].enterprise_hours": "module_hours_exceeded"}},
		{"unnamed module", func(p *placements.Placement) { p.Modules[0].Name = i18n.Text{} }, map[string]string{"modules[0].name": "module_unnamed"}},
		{"unknown trade", func(p *placements.Placement) { p.QualificationCode = "99999999" }, map[string]string{"qualification_code": "unknown_code"}},
		{"specialty in place of a qualification", func(p *placements.Placement) { p.QualificationCode = "07130200" }, nil},
		{"university without programme", func(p *placements.Placement) { p.Regime = placements.R361 }, map[string]string{"programme_code": "trade_missing"}},
		{"university", func(p *placements.Placement) {
			p.Regime, p.QualificationCode, p.ProgrammeCode = placements.R361, "", "6B071"
			p.Modules[0].EnterpriseHours = 40
		}, nil},
		{"university, 39 %", func(p *placements.Placement) {
			p.Regime, p.QualificationCode, p.ProgrammeCode = placements.R361, "", "6B071"
			p.Modules[0].EnterpriseHours = 39
		}, map[string]string{"modules[0].enterprise_hours": "share_too_low"}},
		{"university open to citizens", func(p *placements.Placement) {
			p.Regime, p.QualificationCode, p.ProgrammeCode, p.OpenToCitizens = placements.R361, "", "6B071", true
		}, map[string]string{"open_to_citizens": "citizens_r50_only"}},
		{"mentor of another enterprise", func(p *placements.Placement) { p.MentorID = "mnt_2" }, map[string]string{"mentor_id": "mentor_elsewhere"}},
		{"mentor who left", func(p *placements.Placement) { p.MentorID = "mnt_x" }, map[string]string{"mentor_id": "mentor_missing"}},
		{"age unsaid, 40 hours", func(p *placements.Placement) { p.MinAge, p.WeeklyHours = 0, 40 }, nil},
		{"age unsaid, 41 hours", func(p *placements.Placement) { p.MinAge, p.WeeklyHours = 0, 41 }, map[string]string{"weekly_hours": "hours_over_limit"}},
		{"amount forgotten", func(p *placements.Placement) { p.Compensation.Kind = placements.PayMonthly }, map[string]string{"compensation.amount": "amount_missing"}},
		{"address forgotten", func(p *placements.Placement) { p.Workplaces[0].Address = "" }, map[string]string{"workplaces[0].address": "workplace_address_missing"}},
		{"501 seats", func(p *placements.Placement) { p.Seats = 501 }, map[string]string{"seats": "seats_missing"}},
	} {
		p := good()
		c.make(p)
		m, _ := people.Mentor(context.Background(), p.MentorID)
		got := map[string]string{}
		for _, f := range placements.CheckPublish(p, people.enterprises[ent], m, ref, today, rules.InForce(today)) {
			got[f.Field] = f.Code
			if f.Rule == "" {
				t.Errorf("%s: %s names no rule", c.name, f.Code)
			}
		}
		if len(got) != len(c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
		for field, code := range c.want {
			if got[field] != code {
				t.Errorf("%s: %s is %q, want %q", c.name, field, got[field], code)
			}
		}
	}
	e := *people.enterprises[ent]
	e.BIN, e.State = "200140000015", directory.EnterpriseRefused
	fields := placements.CheckPublish(good(), &e, people.mentors["mnt_1"], ref, today, rules.InForce(today))
	if len(fields) != 2 || fields[0].Code != "enterprise_not_verified" || fields[1].Code != "party_number_invalid" {
		t.Errorf("the enterprise: %v", fields)
	}
	e.BIN, e.SealedIIN, e.State = "", []byte{1}, directory.EnterpriseVerified
	if fields := placements.CheckPublish(good(), &e, people.mentors["mnt_1"], ref, today, rules.InForce(today)); len(fields) != 0 {
		t.Errorf("a sole entrepreneur: %v", fields)
	}
}

func TestTransitionsOfAClosedLife(t *testing.T) {
	at := func(d cal.Day) func(p *placements.Placement) error {
		return func(p *placements.Placement) error { return p.Select(d.Start()) }
	}
	states := []placements.State{placements.Draft, placements.Published, placements.Paused, placements.Selecting, placements.Closed}
	for _, c := range []struct {
		name string
		step func(p *placements.Placement) error
		from []placements.State // where it is allowed
		to   placements.State
	}{
		{"publish", func(p *placements.Placement) error { return p.Publish("v", today.Start()) }, states[:1], placements.Published},
		{"pause", func(p *placements.Placement) error { return p.Pause("") }, states[1:2], placements.Paused},
		{"resume", func(p *placements.Placement) error { return p.Resume(today.Start()) }, states[2:3], placements.Published},
		{"resume on the last day", func(p *placements.Placement) error { return p.Resume(p.ApplyBy.End().Add(-hour)) }, states[2:3], placements.Published},
		{"resume after the deadline", func(p *placements.Placement) error { return p.Resume(p.ApplyBy.End()) }, nil, ""},
		{"select on the last day", at("2026-11-26"), nil, ""},
		{"select after it", at("2026-11-27"), states[1:3], placements.Selecting},
		{"withdraw", func(p *placements.Placement) error { return p.Close(placements.Withdrawn, "", today.Start()) }, states[:4], placements.Closed},
		{"fill", func(p *placements.Placement) error { return p.Close(placements.Filled, "", today.Start()) }, states[1:4], placements.Closed},
		{"expire too early", func(p *placements.Placement) error {
			return p.Close(placements.Expired, "", p.StartsOn.Add(-1).Start())
		}, nil, ""},
		{"expire", func(p *placements.Placement) error { return p.Close(placements.Expired, "", p.StartsOn.Start()) }, states[1:4], placements.Closed},
	} {
		for _, from := range states {
			p := good()
			p.State = from
			err := c.step(p)
			allowed := false
			for _, s := range c.from {
				allowed = allowed || s == from
			}
			switch {
			case allowed && (err != nil || p.State != c.to):
				t.Errorf("%s from %s: %v, %s", c.name, from, err, p.State)
			case !allowed && (err == nil || p.State != from):
				t.Errorf("%s from %s must fail and change nothing: %v, %s", c.name, from, err, p.State)
			}
		}
	}
}

func TestBadgesAndDaysLeft(t *testing.T) {
	p := good()
	p.State, p.ApplyBy, p.PublishedAt = placements.Published, "2026-12-10", today.Start()
	for _, c := range []struct {
		day  cal.Day
		left int
		ok   bool
		want string
	}{{today, 17, true, "new"}, {"2026-11-25", 15, true, "new"}, {"2026-11-26", 14, true, ""}, {"2026-12-03", 7, true, "closing_soon"}, {"2026-12-10", 0, true, "closing_soon"}, {"2026-12-11", 0, false, ""}} {
		now := c.day.Start().Add(hour)
		left, ok := p.DaysLeft(now)
		got := ""
		for _, b := range p.Badges(now) {
			got += b
		}
		if left != c.left || ok != c.ok || got != c.want {
			t.Errorf("%s: %d %v %q, want %+v", c.day, left, ok, got, c)
		}
	}
}
