package webui

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/selection"
	"github.com/orynda/orynda/web/pages/student"
	"github.com/orynda/orynda/web/ui"
)

func (s *site) applyPage(v *visit) error {
	place, err := s.Placements.Get(v.ctx(), v.actor, v.param("id"))
	if err != nil {
		return err
	}
	if place.Gone {
		return v.goTo("/placements/"+v.param("id"), "")
	}
	d, err := s.applyData(v, place, &ui.Form{})
	if err != nil {
		return err
	}
	return v.show(student.Apply(d))
}

// applyData is the page of an application to be: what the enterprise will see, and everything that stands in the way.
func (s *site) applyData(v *visit, place *placements.View, f *ui.Form) (student.ApplyData, error) {
	d := student.ApplyData{
		Place: v.placeLines(place.Place, place.Enterprise.Name), Form: f, Questions: place.Place.Questions,
		MostWords: selection.MostMotivationWords, MostLetter: selection.MostFreeText,
	}
	who, err := s.Selection.ApplicantPreview(v.ctx(), v.actor)
	if err != nil {
		return d, err
	}
	d.Citizen = who.Kind == selection.Citizen
	d.Seen = v.seenFirst(who)
	prospect, err := s.Selection.Prospect(v.ctx(), v.actor, place.Place)
	if err != nil {
		return d, err
	}
	if prospect == nil { // acts for an organisation: the service says so
		return d, forbidden()
	}
	if prospect.TradeMismatch {
		d.Warning = v.say("notice.trade_mismatch")
	}
	v.hindrance(&d, prospect)
	return d, nil
}

// seenFirst is the applicant as the enterprise sees them at first.
func (v *visit) seenFirst(who selection.Applicant) []ui.Row {
	rows := []ui.Row{{Term: v.say("site.student.seen.name"), Text: who.FullName}}
	if who.College != nil {
		rows = append(rows, ui.Row{Term: v.say("site.student.seen.college"), Text: who.College.Name})
	}
	if e := who.Enrolment; e != nil {
		if t, ok := v.site.Reference.Trade(e.QualificationCode); ok {
			rows = append(rows, ui.Row{Term: v.say("site.student.seen.trade"), Text: t.Name.In(v.lang)})
		} else if sp, ok := v.site.Reference.Specialty(e.SpecialtyCode); ok {
			rows = append(rows, ui.Row{Term: v.say("site.student.seen.trade"), Text: sp.Name.In(v.lang)})
		} else if p, ok := v.site.Reference.Programme(e.ProgrammeCode); ok {
			rows = append(rows, ui.Row{Term: v.say("site.student.seen.trade"), Text: p.Name.In(v.lang)})
		}
		if e.Course > 0 {
			rows = append(rows, ui.Row{Term: v.say("site.student.seen.course"), Text: strconv.Itoa(e.Course)})
		}
	}
	if who.AgeBand != "" {
		rows = append(rows, ui.Row{Term: v.say("site.student.seen.age"), Text: v.say("site.student.age." + who.AgeBand)})
	}
	return rows
}

// hindrance tells what stands in the way, before anything was typed or after it was refused.
func (v *visit) hindrance(d *student.ApplyData, p *selection.Prospect) {
	var refusal *errs.Error
	if !errors.As(p.Refusal, &refusal) {
		return
	}
	if !d.Form.Failed() {
		v.refused(refusal, d.Form, applyField)
	}
	v.explainRefusal(d, refusal)
	if refusal.Code == "already_applied" && p.App != nil {
		d.Instead = student.Step{Path: "/applications/" + p.App.ID, Label: v.say("site.student.apply.see")}
	}
}

// explainRefusal leads on from a refusal: to the profile for what is missing there, elsewhere for what no text can change.
func (v *visit) explainRefusal(d *student.ApplyData, refusal *errs.Error) {
	switch refusal.Code {
	case "profile_incomplete":
		d.Needs = nil
		for _, hole := range refusal.Fields {
			name := applyField(hole.Field)
			d.Needs = append(d.Needs, student.Need{Field: name, Label: v.say("site.student.need." + name)})
			if name == "profile_enrolment" {
				d.Profile = "enrolment"
			}
		}
		d.Form.Labels = map[string]string{
			"profile_enrolment": v.say("site.student.need.profile_enrolment"), "profile_birth_date": v.say("site.student.need.profile_birth_date"),
		}
		d.Form.Errors = slices.DeleteFunc(d.Form.Errors, func(e ui.FieldError) bool { return e.Field == "profile_enrolment" || e.Field == "profile_birth_date" })
	case "guardian_missing":
		d.Profile = "guardian"
	case "too_many_applications":
		d.Refused, d.Instead = true, student.Step{Path: "/me", Label: v.say("site.student.apply.mine")}
	case "motivation_too_long", "bad_request", "email_unverified":
	default:
		d.Refused, d.Instead = true, student.Step{Path: "/placements", Label: v.say("site.student.home.search")}
	}
}

// applyField is the form's own name of a field of the service.
func applyField(field string) string {
	switch field {
	case "profile.birth_date":
		return "profile_birth_date"
	case "enrolment":
		return "profile_enrolment"
	}
	if number, ok := strings.CutPrefix(field, "answers["); ok {
		return "answer" + strings.TrimSuffix(number, "]")
	}
	return field
}

func (s *site) apply(v *visit) error {
	place, err := s.Placements.Get(v.ctx(), v.actor, v.param("id"))
	if err != nil {
		return err
	}
	if place.Gone {
		return v.goTo("/placements/"+v.param("id"), "")
	}
	f := v.form()
	in := selection.Request{Motivation: f.Value("motivation")}
	for i := range place.Place.Questions {
		in.Answers = append(in.Answers, f.Value("answer"+strconv.Itoa(i)))
	}
	app, err := s.Selection.Apply(v.ctx(), v.actor, place.Place.ID, in)
	if err == nil {
		return v.goTo("/applications/"+app.ID, "applied")
	}
	if !v.refused(err, f, applyField) {
		return err
	}
	d, again := s.applyData(v, place, f)
	if again != nil {
		return again
	}
	var refusal *errs.Error
	if errors.As(err, &refusal) {
		if refusal.Code == "motivation_too_long" {
			f.Errors, f.Problem = append(f.Errors, ui.FieldError{Field: "motivation", Message: f.Problem}), ""
		}
		v.explainRefusal(&d, refusal)
	}
	return v.again(student.Apply(d))
}

// begunApplication shows the form of an application with what was typed before the profile was completed.
func (s *site) begunApplication(v *visit, c student.Carry) error {
	place, err := s.Placements.Get(v.ctx(), v.actor, c.Place)
	if err != nil {
		return err
	}
	if place.Gone {
		return v.goTo("/placements/"+c.Place, "")
	}
	f := &ui.Form{}
	f.Set("motivation", c.Motivation)
	for i, a := range c.Answers {
		f.Set("answer"+strconv.Itoa(i), a)
	}
	d, err := s.applyData(v, place, f)
	if err != nil {
		return err
	}
	return v.show(student.Apply(d))
}
