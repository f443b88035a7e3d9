package webui

import (
	"slices"
	"strconv"
	"strings"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/agreements"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/placements/rules"
	"github.com/orynda/orynda/internal/storage"
	pages "github.com/orynda/orynda/web/pages/agreements"
	"github.com/orynda/orynda/web/ui"
)

// mostChoices is how many mentors or supervisors a form offers.
const mostChoices = 100

// draftSides lists the sides whose part of the draft the reader may complete.
func (r *reading) draftSides() []agreements.Party {
	var out []agreements.Party
	for _, side := range []struct {
		relation accounts.Relation
		party    agreements.Party
	}{
		{accounts.CollegeCoordinator, agreements.ByCollege}, {accounts.EnterpriseHR, agreements.ByEnterprise}, {accounts.Self, agreements.ByStudent},
		{accounts.Guardian, agreements.ByGuardian},
	} {
		if slices.Contains(r.Relations, side.relation) {
			out = append(out, side.party)
		}
	}
	return out
}

// draftSide is the side that a form is for: the one asked for, else the reader's first.
func (r *reading) draftSide(asked string) (agreements.Party, error) {
	all := r.draftSides()
	switch {
	case len(all) == 0:
		return "", forbidden()
	case slices.Contains(all, agreements.Party(asked)):
		return agreements.Party(asked), nil
	}
	return all[0], nil
}

// draftPage is the form of one side. A concluded agreement is read, no longer written.
func (s *site) draftPage(v *visit) error {
	r, err := s.read(v)
	if err != nil {
		return err
	}
	side, err := r.draftSide(v.query("side"))
	if err != nil {
		return err
	}
	if !r.Agreement.State.Open() {
		return v.goTo("/agreements/"+r.Agreement.ID, "agreement_closed")
	}
	d, err := s.draftData(v, r, side, ui.NewForm(v.draftValues(r, side)))
	if err != nil {
		return err
	}
	return v.show(pages.Draft(d))
}

// draft takes the form: it saves, or shows it once more with a row more or less, or only counts.
func (s *site) draft(v *visit) error {
	r, err := s.read(v)
	if err != nil {
		return err
	}
	f := v.form()
	side, err := r.draftSide(f.Value("side"))
	if err != nil {
		return err
	}
	rows := compactRows(f)
	if do := f.Value("do"); do != "save" && do != "" {
		rows.change(f, do, r.Agreement)
		d, err := s.draftData(v, r, side, f)
		if err != nil {
			return err
		}
		return v.show(pages.Draft(d))
	}
	in := &draftInput{v: v, f: f, r: r, own: map[string]string{}}
	patch := in.patch(side)
	if in.unsent {
		return s.draftAgain(v, r, side, in, nil)
	}
	version := f.Version()
	a, err := s.Agreements.Update(v.ctx(), v.actor, r.Agreement.ID, patch, version)
	if err != nil {
		return s.draftAgain(v, r, side, in, err)
	}
	view, err := s.Agreements.ViewFor(v.ctx(), v.actor, a)
	if err != nil {
		return err
	}
	done := "agreement_draft"
	if len(view.Gaps) == 0 {
		done = "agreement_draft_whole"
	}
	return v.goTo("/agreements/"+a.ID, done)
}

// draftAgain shows a refused form with everything that was typed. One that was based on an older version shows what stands in the agreement by now.
func (s *site) draftAgain(v *visit, r *reading, side agreements.Party, in *draftInput, err error) error {
	f := in.f
	if err != nil && !v.refused(err, f, formName) {
		return err
	}
	in.addOwn()
	d, failed := s.draftData(v, r, side, f)
	if failed != nil {
		return failed
	}
	if errs.KindOf(err) == errs.Stale {
		d.Newer = v.newer(f, r, side, d)
	}
	return v.again(pages.Draft(d))
}

// draftData gathers what the form of a side offers.
func (s *site) draftData(v *visit, r *reading, side agreements.Party, f *ui.Form) (pages.DraftData, error) {
	ctx, a := v.ctx(), r.Agreement
	d := pages.DraftData{
		ID: a.ID, Title: ui.In(ctx, a.PlacementTitle), TitleLang: ui.InLang(ctx, a.PlacementTitle), Version: strconv.FormatInt(a.Version, 10), Side: string(side),
		Form: f, Frozen: a.State.Frozen(), Citizen: a.Citizen, University: a.Regime == rules.R361, Source: draftSources(a), DutiesLang: ui.InLang(ctx, a.Terms.Duties),
		From: ui.Day(ctx, a.Terms.StartsOn), To: ui.Day(ctx, a.Terms.EndsOn), FromDay: string(a.Terms.StartsOn), ToDay: string(a.Terms.EndsOn),
		Profile: !r.ProfileMatches || a.Terms.ProfileReason != "", Phases: rowCount(f, "schedule"), Modules: rowCount(f, "plan"),
	}
	for _, one := range r.draftSides() {
		d.Sides = append(d.Sides, ui.Tab{Path: "/agreements/" + a.ID + "/draft?side=" + string(one), Label: v.say("agreement.party." + string(one)), Current: one == side})
	}
	for _, g := range r.Gaps {
		if g.Party == side {
			d.Gaps = append(d.Gaps, v.gap(r, g))
		}
	}
	f.Labels = v.draftLabels(d.Modules, d.Phases)
	switch side {
	case agreements.ByCollege:
		return d, s.collegeChoices(v, r, &d)
	case agreements.ByEnterprise:
		return d, s.enterpriseChoices(v, r, &d)
	}
	return d, nil
}

// draftSources names the paragraphs that the groups of the form rest on.
func draftSources(a *agreements.Agreement) map[string]string {
	out := map[string]string{}
	for key, rule := range map[string]string{
		"supervisor": rules.Supervisor, "curriculum": rules.Curriculum, "profile": rules.Profile, "schedule": rules.Schedule, "workplace": rules.Workplace,
		"mentor": rules.Mentor, "compensation": rules.Compensation, "insurance": rules.Insurance, "enrolment": rules.Citizens,
	} {
		if key != "enrolment" || a.Citizen {
			out[key] = ruleSource(rule, a)
		}
	}
	return out
}

// draftLabels names the fields that stand in rows, for the summary of errors.
func (v *visit) draftLabels(modules, phases int) map[string]string {
	out := map[string]string{}
	row := func(list, word string, n int, parts []string) {
		for _, part := range parts {
			name := list + "-" + itoa(n) + "-" + part
			out[name] = v.say("site.agreements.draft."+word, "n", itoa(n+1)) + ", " + v.say("agreement.field."+list+"."+part)
		}
	}
	for n := range modules {
		row("plan", "module", n, planParts())
	}
	for n := range phases {
		row("schedule", "phase", n, phaseParts())
	}
	return out
}

func (s *site) collegeChoices(v *visit, r *reading, d *pages.DraftData) error {
	a := r.Agreement
	list, err := s.Directory.ListSupervisors(v.ctx(), v.actor, a.CollegeID, "", storage.Cursor{}, mostChoices)
	if err != nil {
		return err
	}
	for _, one := range list.Items {
		d.Supervisors = append(d.Supervisors, ui.Option{Value: one.ID, Label: strings.Join(without(one.FullName, one.Position), ", ")})
	}
	d.NoSupervisor = "/colleges/" + a.CollegeID + "/supervisors"
	for _, k := range append(agreements.PlanKinds(a.Regime), "other") {
		d.Kinds = append(d.Kinds, ui.Option{Value: k, Label: v.say("agreement.plan_kind." + k)})
	}
	d.Share = v.share(r, d.Form)
	return nil
}

func (s *site) enterpriseChoices(v *visit, r *reading, d *pages.DraftData) error {
	ctx, a := v.ctx(), r.Agreement
	list, err := s.Directory.ListMentors(ctx, v.actor, a.EnterpriseID, "", storage.Cursor{}, mostChoices)
	if err != nil {
		return err
	}
	most := rules.InForce(ui.Today(ctx)).MentorTrainees
	for _, one := range list.Items {
		o := ui.Option{Value: one.ID, Label: strings.Join(without(one.FullName, one.Position), ", ") + " · " + v.say("site.agreements.trainees_of", "now", itoa(len(one.Trainees)), "most", itoa(most))}
		o.Disabled = len(one.Trainees) >= most && !slices.Contains(one.Trainees, a.ID) && one.ID != a.Terms.MentorID
		d.Mentors = append(d.Mentors, o)
	}
	d.NoMentor = "/enterprises/" + a.EnterpriseID + "/mentors"
	place, err := s.Placements.Placement(ctx, a.PlacementID)
	if err != nil {
		return err
	}
	known := false
	for _, w := range place.Workplaces {
		known = known || w.ID == a.Terms.Workplace.ID
		d.Workplaces = append(d.Workplaces, ui.Option{Value: w.ID, Label: s.address(ctx, w.Region, w.City, w.Address)})
	}
	if w := a.Terms.Workplace; !known && w.ID != "" {
		d.Workplaces = append(d.Workplaces, ui.Option{Value: w.ID, Label: s.address(ctx, w.Region, w.City, w.Address)})
	}
	return nil
}

// share counts what stands in the form, by the same functions that judge the agreement.
func (v *visit) share(r *reading, f *ui.Form) pages.Share {
	a := r.Agreement
	in := &draftInput{v: v, f: f, r: r, own: map[string]string{}}
	t := a.Terms
	t.Plan, t.Schedule = in.plan(), in.phases()
	for i := range t.Plan {
		t.Plan[i].Hours, t.Plan[i].EnterpriseHours = max(0, t.Plan[i].Hours), max(0, t.Plan[i].EnterpriseHours)
	}
	for i := range t.Schedule {
		t.Schedule[i].Minutes = max(0, t.Schedule[i].Minutes)
	}
	law := rules.InForce(ui.Today(v.ctx()))
	share, hours := t.Share(a.Regime, law), t.Hours(r.Parties.Student.Age(t.StartsOn), law)
	of := func(minutes int) string { return fraction(v.ctx(), float64(minutes)/60) }
	out := pages.Share{
		Percent: fraction(v.ctx(), share.Percent), Required: itoa(share.Required), Hours: ui.Number(share.Hours), AtEnterprise: ui.Number(share.EnterpriseHours),
		Known: share.Known && share.Hours > 0, Met: share.Met, Weekly: fraction(v.ctx(), hours.Weekly()), Limit: itoa(hours.Limit), Over: hours.WeeklyMinutes > hours.Limit*60,
		LimitReason: v.say("site.agreements.limit." + hours.Reason), Scheduled: hours.TotalMinutes > 0, Total: of(hours.TotalMinutes), TotalAtEnterprise: of(hours.AtEnterpriseMinutes),
		ShareSource: ruleSource(rules.Share, a), HoursSource: ruleSource(rules.HoursAndAge, a),
	}
	if a.Regime == rules.R361 {
		for _, i := range share.Items {
			if i.Counted {
				out.Items = append(out.Items, pages.ShareItem{Name: i.Name, Percent: fraction(v.ctx(), i.Percent)})
			}
		}
	}
	return out
}

// newer tells for every field that differs from what was typed what stands in the agreement by now.
func (v *visit) newer(f *ui.Form, r *reading, side agreements.Party, d pages.DraftData) map[string]string {
	out := map[string]string{}
	now := v.draftValues(r, side)
	for name, values := range now {
		if !slices.Equal(values, f.All(name)) && strings.Join(values, "") != strings.Join(f.All(name), "") {
			out[name] = v.readableValues(name, values, d)
		}
	}
	return out
}

// readableValues writes the values of a field as people read them.
func (v *visit) readableValues(name string, values []string, d pages.DraftData) string {
	words := make([]string, 0, len(values))
	for _, value := range values {
		words = append(words, v.readableValue(name[strings.LastIndex(name, "-")+1:], value, d))
	}
	return strings.Join(words, ", ")
}

func (v *visit) readableValue(part, value string, d pages.DraftData) string {
	for _, options := range [][]ui.Option{d.Supervisors, d.Mentors, d.Workplaces, d.Kinds} {
		for _, o := range options {
			if o.Value == value {
				return o.Label
			}
		}
	}
	for key, known := range map[string]string{"weekdays": "agreement.weekday.", "where": "agreement.where.", "taken": "agreement.taken.", "funding": "agreement.funding.", "kind": "agreement.pay_kind."} {
		if part == key && v.site.Catalogue.Has(known+value) {
			return v.say(known + value)
		}
	}
	if day := cal.Day(value); day.Valid() {
		return ui.Day(v.ctx(), day)
	}
	return value
}

// english reports whether an agreement has an English version too.
func english(a *agreements.Agreement) bool { return slices.Contains(a.Languages, i18n.EN) }
