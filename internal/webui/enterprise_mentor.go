package webui

import (
	"cmp"
	"net/url"
	"strconv"

	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/web/pages/enterprise"
	"github.com/orynda/orynda/web/ui"
)

func (s *site) mentorPage(v *visit) error {
	m, p, err := s.ownMentor(v)
	if err != nil {
		return err
	}
	p.Form = ui.NewForm(mentorValues(m))
	return v.show(enterprise.MentorPage(p))
}

// ownMentor reads the mentor of a page for those who may change it. One who is off the list has no page.
func (s *site) ownMentor(v *visit) (*directory.Mentor, enterprise.Mentor, error) {
	_, head, err := s.enterpriseOf(v, "people")
	if err != nil {
		return nil, enterprise.Mentor{}, err
	}
	if !head.Hires {
		return nil, enterprise.Mentor{}, forbidden()
	}
	m, err := s.Directory.ReadMentor(v.ctx(), v.actor, head.ID, v.param("one"))
	if err == nil && !m.EndedAt.IsZero() {
		err = errs.New(errs.NotFound, "not_found")
	}
	if err != nil {
		return nil, enterprise.Mentor{}, err
	}
	return m, enterprise.Mentor{
		Head: head, MentorID: m.ID, Version: strconv.FormatInt(m.Version, 10), Trainees: len(m.Trainees), Most: s.Directory.MentorLimitOn(s.Directory.Today()),
	}, nil
}

func mentorValues(m *directory.Mentor) url.Values {
	out := url.Values{
		"full_name": {m.FullName}, "position": {m.Position}, "qualification": {m.Qualification}, "order_number": {m.OrderNumber}, "order_date": {string(m.OrderDate)},
		"phone": {m.Phone}, "email": {m.Email}, "languages": m.Languages,
	}
	if m.ExperienceYears != nil {
		out.Set("experience_years", strconv.Itoa(*m.ExperienceYears))
	}
	return out
}

// mentorSave stores what was typed. What the form has no field for stays as it is.
func (s *site) mentorSave(v *visit) error {
	f := v.form()
	m, p, err := s.ownMentor(v)
	if err != nil {
		return err
	}
	in := mentorInput(f)
	in.PersonID = m.PersonID
	_, err = s.Directory.UpdateMentor(v.ctx(), v.actor, p.ID, m.ID, f.Version(), in)
	if err == nil {
		return v.goTo(peoplePath(p.ID, enterprise.PeopleMentors), "enterprise.mentor_saved")
	}
	if !v.refused(err, f, nil) {
		return err
	}
	nameFields(v, f, below(enterprise.Label, enterprise.PeopleMentors+"."))
	p.Form = f
	if errs.KindOf(err) == errs.Stale {
		p.Newer = storedOtherwise(v, m, f)
	}
	return v.again(enterprise.MentorPage(p))
}

// storedOtherwise is what is stored of a mentor where it isn't what was typed.
func storedOtherwise(v *visit, m *directory.Mentor, f *ui.Form) []ui.Row {
	var out []ui.Row
	stored := mentorValues(m)
	for _, name := range []string{"full_name", "position", "qualification", "experience_years", "order_number", "order_date", "phone", "email"} {
		if stored.Get(name) == typed(f, name) {
			continue
		}
		out = append(out, ui.Row{Term: enterprise.Label(v.ctx(), enterprise.PeopleMentors+"."+name), Text: cmp.Or(stored.Get(name), "—")})
	}
	return out
}
