package webui

import (
	"slices"
	"strings"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/httpd"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/storage"
	"github.com/orynda/orynda/web/pages/enterprise"
	"github.com/orynda/orynda/web/ui"
)

// postingPreview is the last step: the place as it will be, and every rule that it doesn't keep yet.
func (s *site) postingPreview(v *visit, f *ui.Form) (enterprise.Preview, error) {
	p, err := s.postingStep(v, f)
	if err != nil {
		return enterprise.Preview{}, err
	}
	p.Step = enterprise.StepPreview
	out := enterprise.Preview{Posting: p}
	if out.Failing, err = s.postingFailing(v, p); err != nil {
		return out, err
	}
	stored := p
	stored.Form = ui.NewForm(s.postingValues(p.View.Place, v.lang))
	stored.Cities = s.cityOptions(v)
	if err := s.offerColleges(v, &stored); err != nil {
		return out, err
	}
	for _, step := range enterprise.Steps() {
		g := enterprise.Group{Step: step}
		for _, name := range postingNames(step, stored.Form) {
			if !strings.HasPrefix(name, "modules.") && !strings.HasPrefix(name, "workplaces.") {
				g.Rows = append(g.Rows, ui.Row{Term: enterprise.Label(v.ctx(), name), Text: s.postingWords(v, stored, name, stored.Form.All(name)), Lang: otherLang(v, name)})
			}
		}
		g.Rows = append(g.Rows, s.previewRows(v, step, stored)...)
		if len(g.Rows) > 0 {
			out.Facts = append(out.Facts, g)
		}
	}
	return out, nil
}

// otherLang is the language of a field that is filled in for each language ("title.en"), "" where it is the page's own.
func otherLang(v *visit, field string) string {
	if lang, ok := i18n.ParseLang(field[strings.LastIndex(field, ".")+1:]); ok && lang != v.lang {
		return string(lang)
	}
	return ""
}

// previewRows are the lists of a step, one row of the form in one line.
func (s *site) previewRows(v *visit, step string, p enterprise.Posting) []ui.Row {
	place := p.View.Place
	var out []ui.Row
	switch step {
	case enterprise.StepWhen:
		for i, m := range place.Modules {
			out = append(out, ui.Row{
				Term: v.say("site.enterprise.posting.module."+string(p.Regime), "n", i+1), Text: m.Name.In(v.lang),
				Note: v.say("site.enterprise.preview.hours", "total", m.Hours, "enterprise", m.EnterpriseHours),
			})
		}
		if len(place.Modules) > 0 {
			s.postingShare(v, &p)
			out = append(out, ui.Row{Term: v.say("site.enterprise.preview.share"), Text: p.Share})
		}
	case enterprise.StepWhere:
		for i, w := range place.Workplaces {
			out = append(out, ui.Row{
				Term: v.say("site.enterprise.posting.workplace", "n", i+1), Text: s.Reference.CityName(w.Region, w.City, v.lang) + ", " + w.Address,
				Note: ui.TOr(v.ctx(), "", "value.workplace_kind."+string(w.Kind)),
			})
		}
	}
	return out
}

// postingFailing asks the rules of publication what the place lacks, and says where each is mended.
func (s *site) postingFailing(v *visit, p enterprise.Posting) ([]enterprise.Failing, error) {
	place := p.View.Place
	var mentor *directory.Mentor
	if place.MentorID != "" {
		var err error
		if mentor, err = s.Directory.Mentor(v.ctx(), place.MentorID); err != nil && !storage.IsNotFound(err) {
			return nil, err
		}
	}
	var fields []errs.Field
	if place.Live() {
		fields = placements.CheckStanding(place, p.View.Enterprise, mentor, s.Reference, p.Rules)
	} else {
		fields = placements.CheckPublish(place, p.View.Enterprise, mentor, s.Reference, cal.DayOf(s.Clock.Now()), p.Rules)
	}
	said := httpd.NewProblem(errs.New(errs.Unprocessable, "legal_check_failed").WithFields(fields...), s.Catalogue, v.lang, "")
	var out []enterprise.Failing
	for _, e := range said.Errors {
		control := postingField(e.Field)
		one := enterprise.Failing{Message: e.Message, Source: ui.Source(v.ctx(), e.Source), Field: enterprise.Label(v.ctx(), control)}
		if e.Field == "enterprise_id" {
			one.Path = "/enterprises/" + p.ID + "/profile"
		} else {
			one.Path = "/placements/" + place.ID + "/edit?step=" + enterprise.StepOf(e.Field) + "#f-" + control
		}
		out = append(out, one)
	}
	return out, nil
}

// postingConfirm shows before and after of a public place, and who will be told, before it is changed.
func (s *site) postingConfirm(v *visit, f *ui.Form) error {
	p, err := s.postingStep(v, f)
	if err != nil {
		return err
	}
	p.Version = f.Value("version")
	if p.Step == enterprise.StepWhere {
		// Names of what was there before are needed too.
		stored := p
		stored.Form = ui.NewForm(s.postingValues(p.View.Place, v.lang))
		stored.Colleges = nil
		if err := s.offerColleges(v, &stored); err != nil {
			return err
		}
		p.Colleges = append(p.Colleges, stored.Colleges...)
	}
	c := enterprise.Confirmation{Posting: p, Changes: s.postingDifferences(v, p)}
	if len(c.Changes) == 0 {
		return v.goTo("/placements/"+p.View.Place.ID+"/edit?step="+p.Step, "enterprise.unchanged")
	}
	c.Told = s.changesMaterial(v, p)
	for name := range f.Values {
		if name != "do" && name != "_csrf" {
			c.Names = append(c.Names, name)
		}
	}
	slices.Sort(c.Names)
	return v.show(enterprise.ConfirmPage(c))
}

// changesMaterial reports whether applicants are told of what changes.
func (s *site) changesMaterial(v *visit, p enterprise.Posting) bool {
	stored := ui.NewForm(s.postingValues(p.View.Place, v.lang))
	var changed []string
	for _, name := range append(postingNames(p.Step, p.Form), postingNames(p.Step, stored)...) {
		if !sameInForm(stored.All(name), p.Form.All(name)) {
			changed = append(changed, name)
		}
	}
	return placements.Material(changed)
}

// postingWords say what stands in a field as people read it; "" for nothing.
func (s *site) postingWords(v *visit, p enterprise.Posting, name string, values []string) string {
	var out []string
	for _, value := range values {
		if value = strings.TrimSpace(value); value != "" {
			out = append(out, s.postingWord(v, p, name, value))
		}
	}
	return strings.Join(out, ", ")
}

func (s *site) postingWord(v *visit, p enterprise.Posting, name, value string) string {
	root, _, _ := strings.Cut(name, ".")
	keyed := func(prefix string) string { return ui.TOr(v.ctx(), value, prefix+"."+value) }
	switch root {
	case "starts_on", "ends_on", "apply_from", "apply_by":
		if d := cal.Day(value); d.Valid() {
			return ui.Day(v.ctx(), d)
		}
	case "regime", "level":
		return keyed("value." + root)
	case "time_model":
		return keyed("facet.time_model")
	case "languages":
		return keyed("value.language")
	case "mentor_id":
		return optionLabel(p.Mentors, value, p.View.MentorName)
	case "colleges":
		return optionLabel(p.Colleges, value, value)
	case "night_work", "hazardous", "open_to_citizens", "auto_offer", "benefits":
		return keyed("value")
	}
	switch {
	case name == "compensation.kind":
		return keyed("site.enterprise.pay")
	case name == "compensation.amount":
		return tengeWords(value)
	case name == "insurance.taken":
		return keyed("value.insurance")
	case root == "workplaces" && strings.HasSuffix(name, ".city"):
		return optionLabel(p.Cities, value, value)
	case root == "workplaces" && strings.HasSuffix(name, ".kind"):
		return keyed("value.workplace_kind")
	}
	return value
}

func optionLabel(list []ui.Option, value, otherwise string) string {
	for _, o := range list {
		if o.Value == value {
			return o.Label
		}
	}
	return otherwise
}

func tengeWords(value string) string {
	n := 0
	for _, c := range value {
		if c >= '0' && c <= '9' {
			n = min(n*10+int(c-'0'), placements.MaxAmount)
		}
	}
	return ui.Money(n)
}
