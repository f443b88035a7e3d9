package agreements_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/orynda/orynda/internal/agreements"
	"github.com/orynda/orynda/internal/agreements/paper"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/placements/rules"
)

// whole is an agreement that every rule of R lets pass, with its parties.
func whole() (*agreements.Agreement, *agreements.Parties) {
	part := collegePart()
	a := &agreements.Agreement{
		ID: "agr_1", Regime: rules.R50, EnterpriseID: enterprise, CollegeID: college, StudentID: student,
		Terms: agreements.Terms{
			StartsOn: "2027-02-01", EndsOn: "2027-05-14", QualificationCode: "4S07130202", SpecialtyCode: "07130200", TimeModel: "parallel", WeeklyHours: 24,
			Workplace: agreements.Workplace{ID: "wpl_1", Region: "350000000", City: "Қарағанды", Address: "ул. 1", Kind: "workplace"},
			MentorID:  mentor, SupervisorID: supervisor, Curriculum: part.Curriculum, Schedule: *part.Schedule, Plan: *part.Plan,
			Compensation: &agreements.Compensation{Kind: "none"}, Insurance: &agreements.Insurance{}, Duties: i18n.Text{RU: "осмотр"},
		},
	}
	p := &agreements.Parties{
		Student: agreements.StudentParty{
			PersonID: student, FullName: "С", IIN: "080515500017", BirthDate: "2008-05-15", Declared: "2008-05-15", Email: "s@demo.orynda.kz",
			Contacts: agreements.Contacts{Phone: "+77010000017", Address: "ул. 5"}, EnrolmentState: "confirmed", SpecialtyCode: "07130200",
		},
		Enterprise: agreements.EnterpriseParty{BIN: "200140000014", Name: "Э", City: "Қ", Address: "1", HeadName: "А", HeadPosition: "директор", HeadAuthority: "Устав"},
		College:    agreements.CollegeParty{BIN: "200140000501", Name: "К", City: "Қ", Address: "1", HeadName: "А", HeadPosition: "директор", HeadAuthority: "Устав"},
		Chamber:    &agreements.ChamberParty{ID: chamber, Name: "П"},
		Mentor:     &agreements.MentorParty{ID: mentor, EnterpriseID: enterprise, FullName: "Н"},
		Supervisor: &agreements.SupervisorParty{ID: supervisor, CollegeID: college, FullName: "Р"},
	}
	return a, p
}

func minorParty(p *agreements.Parties) {
	p.Student.IIN, p.Student.BirthDate, p.Student.Declared = "100101600019", "2010-01-01", "2010-01-01"
	p.Guardian = &agreements.GuardianParty{
		PersonID: guardian, FullName: "О", Ground: "parent", Confirmed: true, Email: "g@demo.orynda.kz", Contacts: agreements.Contacts{Phone: "+77010000018"},
	}
}

func hours(a *agreements.Agreement, days []int, minutes int) {
	a.Terms.Schedule = []agreements.Phase{{
		From: "2027-02-01", To: "2027-05-14", Weekdays: days, Minutes: minutes, Where: agreements.AtEnterprise, DayFrom: "08:00", DayTo: "20:00",
	}}
}

// Every rule of R, alone: what breaks it, and where and to whom it is said.
func TestReadyRules(t *testing.T) {
	type world struct {
		a *agreements.Agreement
		p *agreements.Parties
	}
	cases := []struct {
		name  string
		spoil func(w world)
		want  string // "field code party rule", "" for nothing
	}{
		{"whole", func(world) {}, ""},
		{"share below 60 %", func(w world) { w.a.Terms.Plan = []agreements.PlanItem{{Name: "М", Hours: 1000, EnterpriseHours: 599}} }, "plan share_too_low college share"},
		{"share of 60 %", func(w world) { w.a.Terms.Plan = []agreements.PlanItem{{Name: "М", Hours: 1000, EnterpriseHours: 600}} }, ""},
		{"other subjects don't count", func(w world) {
			w.a.Terms.Plan = []agreements.PlanItem{{Name: "М", Hours: 100, EnterpriseHours: 60}, {Name: "Физкультура", Hours: 900, Kind: "other"}}
		}, ""},
		{"only other subjects", func(w world) {
			w.a.Terms.Plan = []agreements.PlanItem{{Name: "Физкультура", Hours: 900, EnterpriseHours: 900, Kind: "other"}}
		}, "plan share_too_low college share"},
		{"college workshop", func(w world) { w.a.Terms.Workplace.Kind = "college_workshop" }, "plan share_too_low college share"},
		{"no plan", func(w world) { w.a.Terms.Plan = nil }, "plan plan_missing college share"},
		{"no mentor", func(w world) { w.p.Mentor = nil }, "mentor_id mentor_missing enterprise mentor"},
		{"mentor of another", func(w world) { w.p.Mentor.EnterpriseID = "ent_x" }, "mentor_id mentor_missing enterprise mentor"},
		{"mentor full", func(w world) { w.p.Mentor.Trainees = []string{"a", "b", "c", "d", "e"} }, "mentor_id mentor_full enterprise mentor"},
		{"own place with the mentor", func(w world) { w.p.Mentor.Trainees = []string{"a", "b", "c", "d", "agr_1"} }, ""},
		{"no supervisor", func(w world) { w.p.Supervisor = nil }, "supervisor_id supervisor_missing college supervisor"},
		{"no curriculum", func(w world) { w.a.Terms.Curriculum = nil }, "curriculum curriculum_missing college curriculum"},
		{"no schedule", func(w world) { w.a.Terms.Schedule = nil }, "schedule schedule_missing college schedule"},
		{"schedule outside", func(w world) { w.a.Terms.Schedule[1].To = "2027-05-15" }, "schedule[1].from schedule_outside_period college schedule"},
		{"no workplace", func(w world) { w.a.Terms.Workplace.Address = "" }, "workplace_id workplace_missing enterprise workplace"},
		{"another specialty", func(w world) { w.p.Student.SpecialtyCode = "07150100" }, "profile_reason profile_reason_missing college profile"},
		{"another specialty with a reason", func(w world) {
			w.p.Student.SpecialtyCode, w.a.Terms.ProfileReason = "07150100", "общие модули"
		}, ""},
		{"silent pay", func(w world) { w.a.Terms.Compensation = nil }, "compensation compensation_missing enterprise compensation"},
		{"silent insurance", func(w world) { w.a.Terms.Insurance = nil }, "insurance insurance_not_stated enterprise insurance"},
		{"no duties", func(w world) { w.a.Terms.Duties = i18n.Text{} }, "duties duties_missing enterprise profile"},
		{"40 hours for an adult", func(w world) { hours(w.a, []int{1, 2, 3, 4, 5}, 480) }, ""},
		{"40 hours and a minute", func(w world) { hours(w.a, []int{1, 2, 3, 4, 5}, 481) }, "schedule hours_exceeded college hours_and_age"},
		{"36 hours at 17", func(w world) { minorParty(w.p); hours(w.a, []int{1, 2, 3, 4, 5}, 432) }, ""},
		{"40 hours at 17", func(w world) { minorParty(w.p); hours(w.a, []int{1, 2, 3, 4, 5}, 480) }, "schedule hours_exceeded college hours_and_age"},
		{"hazardous at 36 hours", func(w world) { w.a.Terms.Workplace.Hazardous = true; hours(w.a, []int{1, 2, 3, 4, 5}, 433) }, "schedule hours_exceeded college hours_and_age"},
		{"night of an adult", func(w world) { w.a.Terms.Schedule[0].DayTo = "23:00" }, ""},
		{"night at 17", func(w world) { minorParty(w.p); w.a.Terms.Schedule[0].DayTo = "22:30" }, "schedule night_work college hours_and_age"},
		{"until 22:00 at 17", func(w world) { minorParty(w.p); w.a.Terms.Schedule[0].DayTo = "22:00" }, ""},
		{"a place with night work and no times", func(w world) {
			minorParty(w.p)
			w.a.Terms.NightWork, w.a.Terms.Schedule[0].DayFrom, w.a.Terms.Schedule[0].DayTo = true, "", ""
		}, "schedule night_work college hours_and_age"},
		{"hazardous at 17", func(w world) { minorParty(w.p); w.a.Terms.Workplace.Hazardous = true }, "parties.student.birth_date under_age enterprise hours_and_age"},
		{"minor without guardian", func(w world) { minorParty(w.p); w.p.Guardian = nil }, "parties.guardian guardian_missing student minors"},
		{"guardian not confirmed", func(w world) { minorParty(w.p); w.p.Guardian.Confirmed = false }, "parties.guardian guardian_unconfirmed college minors"},
		{"guardian without phone", func(w world) { minorParty(w.p); w.p.Guardian.Contacts.Phone = "" }, "contacts.phone contacts_missing guardian parties"},
		{"guardian with the ward's phone", func(w world) { minorParty(w.p); w.p.Guardian.Contacts.Phone = "8 (701) 000-00-17" }, "parties.guardian contact_shared guardian authority"},
		{"no IIN", func(w world) { w.p.Student.IIN = "" }, "parties.student.iin iin_missing student parties"},
		{"IIN with a wrong digit", func(w world) { w.p.Student.IIN = "080515500018" }, "parties.student.iin iin_invalid student parties"},
		{"another birth date", func(w world) { w.p.Student.Declared = "2008-05-16" }, "parties.student.birth_date birth_date_mismatch student parties"},
		{"wrong BIN", func(w world) { w.p.Enterprise.BIN = "200140000015" }, "parties.enterprise.bin bin_invalid enterprise parties"},
		{"sole entrepreneur", func(w world) { w.p.Enterprise.BIN, w.p.Enterprise.IIN = "", "791028302728" }, ""},
		{"no head", func(w world) { w.p.College.HeadName = "" }, "parties.college.head_name requisites_missing college parties"},
		{"no address of the student", func(w world) { w.p.Student.Contacts.Address = "" }, "contacts.address contacts_missing student parties"},
		{"not confirmed", func(w world) { w.p.Student.EnrolmentState = "claimed" }, "enrolment enrolment_unconfirmed college parties"},
		{"citizen", func(w world) { w.a.Citizen, w.p.Student.EnrolmentState = true, "" }, "enrolment enrolment_missing college citizens"},
		{"first day is today", func(w world) { w.a.Terms.StartsOn = "2026-11-22"; w.a.Terms.Schedule[0].From = "2026-11-22" }, "starts_on period_passed enterprise overlap"},
		{"r361 asks no insurance, supervisor, chamber", func(w world) {
			w.a.Regime, w.p.Supervisor, w.p.Chamber, w.a.Terms.Insurance = rules.R361, nil, nil, nil
		}, ""},
		{"r361: 40 % of each", func(w world) {
			w.a.Regime = rules.R361
			w.a.Terms.Plan = []agreements.PlanItem{{Name: "А", Hours: 100, EnterpriseHours: 90, Kind: "basic_cycle"}, {Name: "Б", Hours: 100, EnterpriseHours: 39, Kind: "profile_cycle"}}
		}, "plan[1].enterprise_hours share_too_low college share"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			a, p := whole()
			c.spoil(world{a, p})
			var got []string
			for _, g := range agreements.CheckReady(a, p, "2026-11-22", rules.InForce("2026-11-22"), false) {
				got = append(got, fmt.Sprintf("%s %s %s %s", g.Field.Field, g.Field.Code, g.Party, g.Field.Rule))
			}
			if strings.Join(got, "; ") != c.want {
				t.Errorf("got %q\nwant %q", strings.Join(got, "; "), c.want)
			}
		})
	}
}

// All failing rules are named at once.
func TestReadyNamesEverything(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		id := w.draft()
		_, err := w.Ready(t.Context(), theCoordinator(), id, 0)
		wantCode(t, err, "agreement_incomplete")
		v, err2 := w.Get(t.Context(), theCoordinator(), id)
		if err2 != nil {
			t.Fatal(err2)
		}
		var codes []string
		for _, g := range v.Gaps {
			codes = append(codes, g.Field.Code)
		}
		want := []string{"supervisor_missing", "curriculum_missing", "schedule_missing", "plan_missing", "insurance_not_stated"}
		if !slices.Equal(codes, want) {
			t.Errorf("%v", codes)
		}
		if w.get(id).Number != "" {
			t.Error("an incomplete draft got a number")
		}
		if len(v.Waiting) != 2 || v.Waiting[0].Party != agreements.ByEnterprise || v.Waiting[1] != (agreements.Waiting{Party: agreements.ByCollege, Action: agreements.ActFillIn, Until: "2027-02-15"}) {
			t.Errorf("%+v", v.Waiting)
		}
		page, err := w.List(t.Context(), theCoordinator(), agreements.Filter{WaitingFor: agreements.ByCollege})
		if err != nil || len(page.Items) != 1 || page.Items[0].Missing != 5 {
			t.Errorf("%v %+v", err, page.Items)
		}
		if page, err = w.List(t.Context(), theCoordinator(), agreements.Filter{WaitingFor: agreements.ByStudent}); err != nil || len(page.Items) != 0 {
			t.Errorf("%v %+v", err, page.Items)
		}
	})
}

// Weekly hours are the most of any calendar week, within the period only.
func TestHours(t *testing.T) {
	terms := agreements.Terms{StartsOn: "2027-02-03", EndsOn: "2027-02-16", Schedule: []agreements.Phase{
		{From: "2027-01-01", To: "2027-02-10", Weekdays: []int{1, 2, 3, 4, 5, 6, 7}, Minutes: 60, Where: agreements.AtEnterprise},
		{From: "2027-02-08", To: "2027-02-12", Weekdays: []int{1, 5}, Minutes: 90, Where: agreements.AtEnterprise},
		{From: "2027-02-08", To: "2027-12-31", Weekdays: []int{2}, Minutes: 600, Where: agreements.AtCollege},
	}}
	h := terms.Hours(17, rules.InForce("2027-01-01"))
	if h.WeeklyMinutes != 3*60+2*90 || h.AtEnterpriseMinutes != 8*60+180 || h.TotalMinutes != 8*60+180+1200 || h.Limit != 36 || h.Reason != "age_16_17" {
		t.Errorf("%+v", h)
	}
}

// The renderer prints what ready asks for, in both regimes, for minors and citizens: no data set that passes the checks is unprintable.
func TestPaperTakesWhatPassesTheChecks(t *testing.T) {
	renderer, err := paper.New()
	if err != nil {
		t.Fatal(err)
	}
	onEngines(t, func(t *testing.T, w *world) {
		w.Papers = renderer
		a := w.ready()
		f, err := w.Document(t.Context(), theStudent(), a.ID, agreements.WantedDocument{})
		if err != nil || !strings.HasPrefix(string(f.Body), "%PDF-") || len(f.Body) < 10_000 {
			t.Fatalf("%v %d bytes", err, len(f.Body))
		}
		if a, err = w.sign(theStudent(), a); err != nil {
			t.Fatal(err)
		}
		for _, want := range []agreements.WantedDocument{{Format: "pdf"}, {Language: i18n.KK}, {Sheet: true}} {
			if _, err := w.Document(t.Context(), theStudent(), a.ID, want); err != nil {
				t.Errorf("%+v: %v", want, err)
			}
		}
		if err := w.Cancelled(a.ID); err != nil {
			t.Fatal(err)
		}
		w.low.minor()
		id := w.draft(citizen)
		w.complete(id)
		_, err = w.Ready(t.Context(), theCoordinator(), id, 0)
		wantCode(t, err, "agreement_incomplete")
		if _, err := w.Update(t.Context(), theCoordinator(), id, agreements.Patch{Enrolment: &agreements.Enrolment{OrderNumber: "214-с", OrderDate: "2026-11-18"}}, 0); err != nil {
			t.Fatal(err)
		}
		langs := []i18n.Lang{i18n.KK, i18n.RU, i18n.EN}
		if _, err := w.Update(t.Context(), theStudent(), id, agreements.Patch{Languages: &langs}, 0); err != nil {
			t.Fatal(err)
		}
		if a, err = w.Ready(t.Context(), theCoordinator(), id, 0); err != nil {
			t.Fatal(err)
		}
		if err := w.Cancelled(a.ID); err != nil {
			t.Fatal(err)
		}
		university(w.low)
		a = w.ready(func(m *matchOf) { m.Regime = "r361" })
		if a.ChamberID != "" {
			t.Error("a university's agreement has a chamber")
		}
	})
}

// university turns college and place into those of r361.
func university(l *lower) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.colleges[college].Kind = "university"
	p := l.places[place]
	p.Regime, p.QualificationCode, p.SpecialtyCode, p.ProgrammeCode, p.Level = "r361", "", "", "6B061", "bachelor"
	l.enrolments[student].SpecialtyCode = ""
}

func TestInForce(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		a := w.ready()
		v, err := w.TermsOn(t.Context(), theStudent(), a.ID, "2027-03-01")
		if err != nil || v.InForce {
			t.Fatalf("%v %v", err, v.InForce)
		}
		if err := w.Cancelled(a.ID); err != nil {
			t.Fatal(err)
		}
		b := w.concluded()
		for day, want := range map[cal.Day]bool{"2026-11-21": false, "2026-11-22": true, "2027-05-14": true, "2027-05-15": false} {
			if v, err = w.TermsOn(t.Context(), theStudent(), b.ID, day); err != nil || v.InForce != want {
				t.Errorf("%s: %v %v", day, err, v.InForce)
			}
		}
		err = w.Amend(t.Context(), theHR(), b.ID)
		wantCode(t, err, "not_implemented_yet")
		wantCode(t, w.Amend(t.Context(), actor(stranger), b.ID), "not_found")
		wantCode(t, w.Evidence(t.Context(), theStudent(), b.ID), "not_implemented_yet")
	})
}
