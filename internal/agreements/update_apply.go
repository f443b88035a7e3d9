package agreements

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/placements/rules"
)

// form gathers the fields of a patch that are wrong.
type form struct{ bad []errs.Field }

func (f *form) add(field, code string) { f.bad = append(f.bad, errs.Field{Field: field, Code: code}) }

func (f *form) unless(ok bool, field, code string) {
	if !ok {
		f.add(field, code)
	}
}

// text trims a text and checks its length.
func (f *form) text(field string, v *string, most int) {
	*v = strings.TrimSpace(*v)
	if utf8.RuneCountInString(*v) > most {
		f.bad = append(f.bad, errs.Field{Field: field, Code: "too_long", Params: map[string]any{"max": most}})
	}
}

// needed is text that must not be empty.
func (f *form) needed(field string, v *string, most int) {
	if f.text(field, v, most); *v == "" {
		f.add(field, "required")
	}
}

func (f *form) day(field string, d cal.Day) { f.unless(d == "" || d.Valid(), field, "bad_format") }

func (f *form) err() error {
	if len(f.bad) == 0 {
		return nil
	}
	return errs.New(errs.Unprocessable, "validation_failed").WithFields(f.bad...)
}

// apply checks a patch and puts it into the agreement, all failing fields at once.
func (s *Service) apply(ctx context.Context, w *acting, p Patch) error {
	f := &form{}
	a := w.a
	if err := a.applyDates(p, f); err != nil {
		return err
	}
	a.applyCollege(p, f)
	a.applyEnterprise(p, f)
	if p.Languages != nil {
		a.applyLanguages(*p.Languages, f)
	}
	if err := s.applyPeople(ctx, w, p, f); err != nil {
		return err
	}
	if p.Contacts != nil {
		if err := s.applyContacts(w, *p.Contacts, f); err != nil {
			return err
		}
	}
	return f.err()
}

// applyDates moves the period, only later: Unprocessable date_not_later.
func (a *Agreement) applyDates(p Patch, f *form) error {
	var early []errs.Field
	move := func(field string, to *cal.Day, into *cal.Day) {
		switch {
		case to == nil:
		case !to.Valid():
			f.add(field, "bad_format")
		case *to < *into:
			early = append(early, errs.Field{Field: field, Code: "date_not_later"})
		default:
			*into = *to
		}
	}
	move("starts_on", p.StartsOn, &a.Terms.StartsOn)
	move("ends_on", p.EndsOn, &a.Terms.EndsOn)
	if len(early) > 0 {
		return errs.New(errs.Unprocessable, "date_not_later").WithFields(early...)
	}
	f.unless(a.Terms.StartsOn <= a.Terms.EndsOn, "ends_on", "ends_before_start")
	f.unless(a.Terms.EndsOn <= a.Terms.StartsOn.Add(366*MaxTrainingYears), "ends_on", "too_large")
	return nil
}

func (a *Agreement) applyCollege(p Patch, f *form) {
	t := &a.Terms
	if c := p.Curriculum; c != nil {
		next := *c
		f.needed("curriculum.title", &next.Title, 300)
		f.needed("curriculum.number", &next.Number, 60)
		f.unless(next.Date.Valid(), "curriculum.date", "bad_format")
		t.Curriculum = &next
	}
	if p.Schedule != nil {
		t.Schedule = checkSchedule(*p.Schedule, f)
	}
	if p.Plan != nil {
		t.Plan = checkPlan(*p.Plan, f)
	}
	if p.ProfileReason != nil {
		reason := *p.ProfileReason
		f.text("profile_reason", &reason, 1000)
		t.ProfileReason = reason
	}
	if e := p.Enrolment; e != nil {
		next := *e
		f.needed("enrolment.order_number", &next.OrderNumber, 60)
		f.unless(next.OrderDate.Valid(), "enrolment.order_date", "bad_format")
		f.text("enrolment.group", &next.Group, 60)
		f.text("enrolment.study_form", &next.StudyForm, 60)
		f.unless(next.Course >= 0 && next.Course <= 7, "enrolment.course", "too_large")
		f.unless(slices.Contains([]string{"", "state_order", "paid"}, next.Funding), "enrolment.funding", "unknown_value")
		f.unless(a.Regime == rules.R50 || next.SpecialtyCode == "", "enrolment.specialty_code", "not_allowed")
		a.Enrolment = &next
	}
}

func checkSchedule(in []Phase, f *form) []Phase {
	f.unless(len(in) <= MaxSchedule, "schedule", "too_many")
	if len(in) == 0 || len(in) > MaxSchedule {
		return nil
	}
	out := slices.Clone(in)
	for i := range out {
		p := &out[i]
		p.Weekdays = slices.Clone(p.Weekdays)
		slices.Sort(p.Weekdays)
		p.Weekdays = slices.Compact(p.Weekdays)
		at := func(part string) string { return path("schedule", i, part) }
		f.unless(p.From.Valid(), at("from"), "bad_format")
		f.unless(p.To.Valid() && p.From <= p.To, at("to"), "ends_before_start")
		f.unless(len(p.Weekdays) > 0 && p.Weekdays[0] >= 1 && p.Weekdays[len(p.Weekdays)-1] <= 7, at("weekdays"), "unknown_value")
		f.unless(p.Minutes >= 30 && p.Minutes <= 12*60, at("hours_per_day"), "too_large")
		f.unless(slices.Contains([]Where{AtEnterprise, AtCollege, AtDistance}, p.Where), at("where"), "unknown_value")
		f.unless((p.DayFrom == "") == (p.DayTo == ""), at("day_to"), "required")
		f.unless(clock(p.DayFrom), at("day_from"), "bad_format")
		f.unless(clock(p.DayTo), at("day_to"), "bad_format")
		f.text(at("note"), &p.Note, 300)
	}
	return out
}

// clock reports whether s is "" or a time of day.
func clock(s string) bool {
	if s == "" {
		return true
	}
	var h, m int
	n, err := fmt.Sscanf(s, "%02d:%02d", &h, &m)
	return err == nil && n == 2 && len(s) == 5 && h >= 0 && h < 24 && m >= 0 && m < 60
}

func checkPlan(in []PlanItem, f *form) []PlanItem {
	f.unless(len(in) <= MaxPlan, "plan", "too_many")
	if len(in) == 0 || len(in) > MaxPlan {
		return nil
	}
	out := slices.Clone(in)
	known := append([]string{"", "other"}, append(PlanKinds(rules.R50), PlanKinds(rules.R361)...)...)
	for i := range out {
		p := &out[i]
		f.needed(path("plan", i, "name"), &p.Name, MaxPlanName)
		f.unless(p.Hours >= 1 && p.Hours <= 10000, path("plan", i, "hours"), "too_large")
		f.unless(p.EnterpriseHours >= 0 && p.EnterpriseHours <= p.Hours, path("plan", i, "enterprise_hours"), "enterprise_hours_exceed")
		f.unless(slices.Contains(known, p.Kind), path("plan", i, "kind"), "unknown_value")
	}
	return out
}

func (a *Agreement) applyEnterprise(p Patch, f *form) {
	t := &a.Terms
	if i := p.Insurance; i != nil {
		next := *i
		f.text("insurance.note", &next.Note, 500)
		t.Insurance = &next
	}
	if c := p.Compensation; c != nil {
		next := *c
		f.unless(slices.Contains([]string{"none", "monthly", "total"}, next.Kind), "compensation.kind", "unknown_value")
		if next.Kind == "none" {
			f.unless(next.Amount == 0, "compensation.amount", "not_allowed")
		} else {
			f.unless(next.Amount > 0, "compensation.amount", "required")
		}
		f.unless(next.Amount <= 100_000_000, "compensation.amount", "too_large")
		f.unless(next.PaymentDay >= 0 && next.PaymentDay <= 31, "compensation.payment_day", "too_large")
		f.text("compensation.basis", &next.Basis, 300)
		t.Compensation = &next
	}
	if p.Duties != nil {
		duties := *p.Duties
		f.text("duties", &duties, MaxDuties)
		if !saysAlready(t.Duties, duties) {
			t.Duties = one(duties)
		}
	}
}

// saysAlready reports whether a text is what is there in some language: sending it back changes nothing.
func saysAlready(t i18n.Text, s string) bool {
	for _, l := range i18n.Langs() {
		if t.In(l) == s {
			return true
		}
	}
	return false
}

func (a *Agreement) applyLanguages(in []i18n.Lang, f *form) {
	if !slices.Contains(in, i18n.KK) || !slices.Contains(in, i18n.RU) {
		f.add("languages", "languages_incomplete")
		return
	}
	a.Languages = []i18n.Lang{i18n.KK, i18n.RU}
	if slices.Contains(in, i18n.EN) {
		a.Languages = append(a.Languages, i18n.EN)
	}
}

// applyPeople sets what names other records: supervisor, mentor, workplace. Each must be of the right organisation and still there.
func (s *Service) applyPeople(ctx context.Context, w *acting, p Patch, f *form) error {
	t := &w.a.Terms
	if p.SupervisorID != nil && *p.SupervisorID != t.SupervisorID {
		v, err := found(s.Directory.Supervisor(ctx, *p.SupervisorID))
		if err != nil {
			return err
		}
		switch {
		case *p.SupervisorID == "":
			t.SupervisorID = ""
		case v == nil || v.CollegeID != w.a.CollegeID || !v.EndedAt.IsZero():
			f.add("supervisor_id", "supervisor_elsewhere")
		default:
			t.SupervisorID = v.ID
		}
	}
	if p.MentorID != nil && *p.MentorID != t.MentorID {
		if err := s.applyMentor(ctx, w, *p.MentorID, f); err != nil {
			return err
		}
	}
	if p.WorkplaceID == nil || *p.WorkplaceID == t.Workplace.ID {
		return nil
	}
	place, err := s.Placements.Placement(ctx, w.a.PlacementID)
	if err != nil {
		return err
	}
	at, ok := workplaceOf(place, *p.WorkplaceID)
	if f.unless(ok, "workplace_id", "workplace_elsewhere"); ok {
		t.Workplace = copyWorkplace(place, at)
	}
	return nil
}

// applyMentor names another mentor with room for one more: Conflict mentor_full.
func (s *Service) applyMentor(ctx context.Context, w *acting, mentorID string, f *form) error {
	m, err := found(s.Directory.Mentor(ctx, mentorID))
	if err != nil {
		return err
	}
	if m == nil || m.EnterpriseID != w.a.EnterpriseID || !m.EndedAt.IsZero() {
		f.add("mentor_id", "mentor_elsewhere")
		return nil
	}
	if most := rules.InForce(today(w.now)).MentorTrainees; len(m.Trainees) >= most && !slices.Contains(m.Trainees, w.a.ID) {
		return errs.New(errs.Conflict, "mentor_full").With("max", most)
	}
	w.a.Terms.MentorID = m.ID
	return nil
}

// applyContacts merges the caller's own contacts.
func (s *Service) applyContacts(w *acting, p ContactsPatch, f *form) error {
	sealed := &w.a.SealedStudent
	if w.party == ByGuardian {
		sealed = &w.a.SealedGuardian
	}
	var c Contacts
	if err := openJSON(s, *sealed, sealContacts, &c); err != nil {
		return err
	}
	was := c
	set := func(from *string, into *string, field string, most int) {
		if from != nil {
			v := *from
			f.text("contacts."+field, &v, most)
			*into = v
		}
	}
	set(p.Address, &c.Address, "address", accounts.MaxAddress)
	set(p.IDCardNumber, &c.IDCardNumber, "id_card_number", 20)
	set(p.IDCardIssuedBy, &c.IDCardIssuedBy, "id_card_issued_by", 100)
	set(p.Phone, &c.Phone, "phone", 25)
	if p.Phone != nil && c.Phone != "" {
		n, ok := accounts.NormalPhone(c.Phone)
		f.unless(ok, "contacts.phone", "phone_malformed")
		c.Phone = n
	}
	if p.IDCardIssuedOn != nil {
		f.day("contacts.id_card_issued_on", *p.IDCardIssuedOn)
		c.IDCardIssuedOn = *p.IDCardIssuedOn
	}
	if c == was {
		return nil // sealing anew would look like a change
	}
	var err error
	*sealed, err = sealJSON(s, c, sealContacts)
	return err
}
