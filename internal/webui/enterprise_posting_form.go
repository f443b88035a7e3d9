package webui

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/web/pages/enterprise"
	"github.com/orynda/orynda/web/ui"
)

// postingField is the control that holds a field of the contract: "modules[0].hours" is modules.0.hours.
func postingField(field string) string {
	name := strings.NewReplacer("[", ".", "]", "").Replace(field)
	root, rest, _ := strings.Cut(name, ".")
	switch root {
	case "qualification_code", "programme_code":
		return "trade"
	case "skills", "colleges", "languages":
		return root
	case "compensation", "insurance":
		if rest == "" {
			return map[string]string{"compensation": "compensation.kind", "insurance": "insurance.taken"}[root]
		}
	case "workplaces":
		for _, part := range []string{".region", ".lat", ".lon"} {
			if before, ok := strings.CutSuffix(name, part); ok {
				return before + ".city"
			}
		}
		if strings.HasSuffix(name, ".id") {
			return root
		}
	}
	return name
}

// postingNames are the fields of a step in their order, with as many rows as the form has.
func postingNames(step string, f *ui.Form) []string {
	switch step {
	case enterprise.StepWhat:
		return []string{
			"regime", "trade", "level", "title.kk", "summary.kk", "tasks.kk", "title.ru", "summary.ru", "tasks.ru", "title.en", "summary.en", "tasks.en",
			"conditions", "skills", "external_reference",
		}
	case enterprise.StepWhen:
		out := []string{"apply_from", "apply_by", "starts_on", "ends_on", "time_model", "weekly_hours", "night_work"}
		for i := range formRows(f, "modules") {
			out = append(out, formRowNames("modules", i, moduleParts())...)
		}
		return out
	case enterprise.StepWhere:
		var out []string
		for i := range formRows(f, "workplaces") {
			out = append(out, formRowNames("workplaces", i, []string{"city", "address", "kind"})...)
		}
		return append(out, "mentor_id", "seats", "min_age", "hazardous", "colleges", "open_to_citizens")
	case enterprise.StepTerms:
		return []string{
			"compensation.kind", "compensation.amount", "insurance.taken", "insurance.note", "benefits.meals", "benefits.dormitory", "benefits.transport",
			"benefits.clothing", "languages", "questions.0", "questions.1", "auto_offer",
		}
	}
	return nil
}

func moduleParts() []string {
	return []string{"name.kk", "name.ru", "name.en", "hours", "enterprise_hours"}
}

func workplaceParts() []string { return []string{"id", "city", "address", "kind"} }

func formRowNames(list string, i int, parts []string) []string {
	var out []string
	for _, part := range parts {
		out = append(out, formRow(list, i, part))
	}
	return out
}

func formRow(list string, i int, part string) string {
	return list + "." + strconv.Itoa(i) + "." + part
}

// formRows counts the rows of a list in a form: each has its first text field, typed into or not.
func formRows(f *ui.Form, list string) int {
	part := map[string]string{"modules": "hours", "workplaces": "address"}[list]
	most := map[string]int{"modules": placements.MaxModules, "workplaces": placements.MaxWorkplaces}[list]
	n := 0
	for n <= most && f.Values.Has(formRow(list, n, part)) {
		n++
	}
	return n
}

// postingValues is a place as the fields of its form.
func (s *site) postingValues(p *placements.Placement, lang i18n.Lang) url.Values {
	values := url.Values{}
	set := func(name, value string) { values.Set(name, value) }
	flag := func(name string, on bool) {
		if on {
			values.Set(name, "true")
		}
	}
	set("regime", string(p.Regime))
	set("trade", s.tradeWords(p, lang))
	set("level", string(p.Level))
	for name, t := range map[string]i18n.Text{"title": p.Title, "summary": p.Summary, "tasks": p.Tasks} {
		setFormText(values, name, t)
	}
	set("conditions", p.Conditions)
	set("skills", strings.Join(p.Skills, ", "))
	set("external_reference", p.ExternalReference)
	set("starts_on", string(p.StartsOn))
	set("ends_on", string(p.EndsOn))
	set("apply_from", string(p.ApplyFrom))
	set("apply_by", string(p.ApplyBy))
	set("time_model", string(p.TimeModel))
	set("weekly_hours", countInForm(p.WeeklyHours))
	flag("night_work", p.NightWork)
	for i, m := range p.Modules {
		setFormText(values, formRow("modules", i, "name"), m.Name)
		set(formRow("modules", i, "hours"), countInForm(m.Hours))
		set(formRow("modules", i, "enterprise_hours"), strconv.Itoa(m.EnterpriseHours))
	}
	for i, w := range p.Workplaces {
		set(formRow("workplaces", i, "id"), w.ID)
		set(formRow("workplaces", i, "city"), cityValue(w.Region, w.City))
		set(formRow("workplaces", i, "address"), w.Address)
		set(formRow("workplaces", i, "kind"), string(w.Kind))
	}
	set("mentor_id", p.MentorID)
	set("seats", countInForm(p.Seats))
	set("min_age", countInForm(p.MinAge))
	flag("hazardous", p.Hazardous)
	flag("open_to_citizens", p.OpenToCitizens)
	flag("auto_offer", p.AutoOffer)
	values["colleges"] = slices.Clone(p.Colleges)
	set("compensation.kind", string(p.Compensation.Kind))
	set("compensation.amount", countInForm(int(p.Compensation.Amount)))
	if p.Insurance.Taken != nil {
		set("insurance.taken", strconv.FormatBool(*p.Insurance.Taken))
	}
	set("insurance.note", p.Insurance.Note)
	flag("benefits.meals", p.Benefits.Meals)
	flag("benefits.dormitory", p.Benefits.Dormitory)
	flag("benefits.transport", p.Benefits.Transport)
	flag("benefits.clothing", p.Benefits.Clothing)
	for _, l := range p.Languages {
		values.Add("languages", string(l))
	}
	for i := range placements.MaxQuestions {
		if i < len(p.Questions) {
			set("questions."+strconv.Itoa(i), p.Questions[i])
		}
	}
	return values
}

func setFormText(values url.Values, name string, t i18n.Text) {
	values.Set(name+".kk", t.KK)
	values.Set(name+".ru", t.RU)
	values.Set(name+".en", t.EN)
}

// countInForm writes a number; 0 is unsaid.
func countInForm(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// stepReading reads a step's fields and gathers those that can't be read.
type stepReading struct {
	v   *visit
	f   *ui.Form
	bad []ui.FieldError
}

func (r *stepReading) fail(name, code string, pairs ...any) {
	r.bad = append(r.bad, ui.FieldError{Field: name, Message: r.v.say("field."+code, pairs...)})
}

// text gives a field without the carriage returns that browsers send.
func (r *stepReading) text(name string) *string {
	value := strings.ReplaceAll(r.f.Value(name), "\r\n", "\n")
	return &value
}

func (r *stepReading) texts(name string) *i18n.Text {
	return &i18n.Text{KK: *r.text(name + ".kk"), RU: *r.text(name + ".ru"), EN: *r.text(name + ".en")}
}

// count reads a whole number with blanks between its digits; nothing is 0.
func (r *stepReading) count(name string) *int {
	text := strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "").Replace(r.f.Value(name))
	if text == "" {
		return new(int)
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		r.fail(name, "bad_format")
	}
	return &n
}

func (r *stepReading) flag(name string) *bool {
	on := r.f.Value(name) == "true"
	return &on
}

func (r *stepReading) day(name string) *cal.Day {
	d := cal.Day(strings.TrimSpace(r.f.Value(name)))
	return &d
}

func wordPointer[T ~string](s *string) *T {
	value := T(strings.TrimSpace(*s))
	return &value
}

// postingInput reads a step. What can't be read is named by the controls.
func (s *site) postingInput(v *visit, step string, f *ui.Form, before *placements.Placement) (placements.Input, []ui.FieldError) {
	r := &stepReading{v: v, f: f}
	var in placements.Input
	switch step {
	case enterprise.StepWhen:
		r.when(&in)
	case enterprise.StepWhere:
		s.whereInput(r, &in, before)
	case enterprise.StepTerms:
		r.terms(&in)
	default:
		s.whatInput(r, &in, before)
	}
	return in, r.bad
}

func (s *site) whatInput(r *stepReading, in *placements.Input, before *placements.Placement) {
	in.Title, in.Summary, in.Tasks = r.texts("title"), r.texts("summary"), r.texts("tasks")
	in.Conditions, in.ExternalReference = r.text("conditions"), r.text("external_reference")
	in.Level = wordPointer[placements.Level](r.text("level"))
	skills := []string{}
	for _, skill := range strings.FieldsFunc(r.f.Value("skills"), func(c rune) bool { return c == ',' || c == ';' || c == '\n' || c == '\r' }) {
		if skill = strings.TrimSpace(skill); skill != "" {
			skills = append(skills, skill)
		}
	}
	in.Skills = &skills
	if before != nil && before.Live() {
		return
	}
	in.Regime = wordPointer[placements.Regime](r.text("regime"))
	code, programme, ok := s.tradeCode(r.f)
	if !ok {
		r.fail("trade", "unknown_code")
		return
	}
	none := ""
	in.QualificationCode, in.ProgrammeCode = &code, &none
	if programme {
		in.QualificationCode, in.ProgrammeCode = &none, &code
	}
}

func (r *stepReading) when(in *placements.Input) {
	in.StartsOn, in.EndsOn, in.ApplyFrom, in.ApplyBy = r.day("starts_on"), r.day("ends_on"), r.day("apply_from"), r.day("apply_by")
	in.TimeModel = wordPointer[placements.TimeModel](r.text("time_model"))
	in.WeeklyHours, in.NightWork = r.count("weekly_hours"), r.flag("night_work")
	list := []placements.Module{}
	for i := range formRows(r.f, "modules") {
		if r.empty(formRowNames("modules", i, moduleParts())) {
			continue
		}
		name := func(part string) string { return formRow("modules", i, part) }
		list = append(list, placements.Module{
			Name:  i18n.Text{KK: strings.TrimSpace(r.f.Value(name("name.kk"))), RU: strings.TrimSpace(r.f.Value(name("name.ru"))), EN: strings.TrimSpace(r.f.Value(name("name.en")))},
			Hours: *r.count(name("hours")), EnterpriseHours: *r.count(name("enterprise_hours")),
		})
	}
	in.Modules = &list
}

func (r *stepReading) empty(names []string) bool {
	return !slices.ContainsFunc(names, func(name string) bool { return strings.TrimSpace(r.f.Value(name)) != "" })
}

func (s *site) whereInput(r *stepReading, in *placements.Input, before *placements.Placement) {
	list := []placements.WorkplaceInput{}
	for i := range formRows(r.f, "workplaces") {
		if r.empty(formRowNames("workplaces", i, []string{"city", "address", "kind"})) {
			continue
		}
		region, city := cityParts(r.f.Value(formRow("workplaces", i, "city")))
		w := placements.WorkplaceInput{
			ID: r.f.Value(formRow("workplaces", i, "id")), Region: region, City: city, Address: r.f.Value(formRow("workplaces", i, "address")),
			Kind: placements.WorkplaceKind(r.f.Value(formRow("workplaces", i, "kind"))),
		}
		if old, ok := before.WorkplaceByID(w.ID); ok && old.Region == region && old.City == city {
			w.Lat, w.Lon = &old.Lat, &old.Lon // the exact point, which this form doesn't show
		}
		list = append(list, w)
	}
	in.Workplaces = &list
	in.MentorID, in.Seats, in.MinAge = r.text("mentor_id"), r.count("seats"), r.count("min_age")
	in.Hazardous, in.OpenToCitizens = r.flag("hazardous"), r.flag("open_to_citizens")
	colleges := append([]string{}, r.f.All("colleges")...)
	in.Colleges = &colleges
}

func (r *stepReading) terms(in *placements.Input) {
	in.Compensation = &placements.Compensation{Kind: placements.PayKind(r.f.Value("compensation.kind")), Amount: int64(*r.count("compensation.amount"))}
	in.Insurance = &placements.Insurance{Note: strings.TrimSpace(r.f.Value("insurance.note"))}
	if r.f.Value("insurance.taken") != "" {
		in.Insurance.Taken = r.flag("insurance.taken")
	}
	in.Benefits = &placements.Benefits{
		Meals: *r.flag("benefits.meals"), Dormitory: *r.flag("benefits.dormitory"), Transport: *r.flag("benefits.transport"), Clothing: *r.flag("benefits.clothing"),
	}
	languages := []i18n.Lang{}
	for _, l := range r.f.All("languages") {
		languages = append(languages, i18n.Lang(l))
	}
	in.Languages = &languages
	questions := []string{}
	for i := range placements.MaxQuestions {
		if q := strings.TrimSpace(*r.text("questions." + strconv.Itoa(i))); q != "" {
			questions = append(questions, q)
		}
	}
	in.Questions = &questions
	in.AutoOffer = r.flag("auto_offer")
}
