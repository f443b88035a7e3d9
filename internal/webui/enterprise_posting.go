package webui

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/placements/rules"
	"github.com/orynda/orynda/internal/storage"
	"github.com/orynda/orynda/web/pages/enterprise"
	"github.com/orynda/orynda/web/ui"
)

// How much the form offers.
const (
	mentorsOffered  = 100
	collegesOffered = 12
	tradesOffered   = 8
)

// postingNewPage is the first step of a place that isn't there yet.
func (s *site) postingNewPage(v *visit) error {
	_, head, err := s.enterpriseOf(v, "placements")
	if err != nil {
		return err
	}
	if err := mustHire(head); err != nil {
		return err
	}
	f := &ui.Form{}
	f.Set("regime", string(placements.R50))
	return v.show(enterprise.PostingPage(s.newPosting(v, head, f)))
}

func (s *site) newPosting(v *visit, head enterprise.Head, f *ui.Form) enterprise.Posting {
	p := enterprise.Posting{
		Head: head, Step: enterprise.StepWhat, Form: f, Rules: rules.InForce(cal.DayOf(s.Clock.Now())), Regime: placements.Regime(f.Value("regime")),
		Trades: s.tradesTyped(v.lang),
	}
	if _, _, ok := s.tradeCode(f); !ok {
		p.Picks = s.tradePicks(f, v.lang)
	}
	return p
}

// postingNew saves the first step as a draft.
func (s *site) postingNew(v *visit) error {
	_, head, err := s.enterpriseOf(v, "placements")
	if err != nil {
		return err
	}
	f := v.form()
	in, bad := s.postingInput(v, enterprise.StepWhat, f, nil)
	if len(bad) == 0 {
		view, err := s.Placements.Create(v.ctx(), v.actor, head.ID, in)
		if err == nil {
			return v.goTo("/placements/"+view.Place.ID+"/edit?step="+enterprise.StepWhen, "enterprise.drafted")
		}
		if !v.refused(err, f, postingField) {
			return err
		}
	}
	s.postingMisread(v, f, bad)
	return v.again(enterprise.PostingPage(s.newPosting(v, head, f)))
}

// postingMisread puts what couldn't be read into a form, before what a service refused.
func (s *site) postingMisread(v *visit, f *ui.Form, bad []ui.FieldError) {
	if len(bad) > 0 && f.Problem == "" {
		f.Problem = v.say("error.bad_request")
	}
	f.Errors = append(bad, f.Errors...)
	nameFields(v, f, enterprise.Label)
}

// stepAsked is the step in the address; the first one without.
func stepAsked(v *visit) string {
	if step := v.query("step"); slices.Contains(enterprise.Steps(), step) {
		return step
	}
	return enterprise.StepWhat
}

// postingPage is one step of a place that is there.
func (s *site) postingPage(v *visit) error {
	if stepAsked(v) == enterprise.StepPreview {
		p, err := s.postingPreview(v, &ui.Form{})
		if err != nil {
			return err
		}
		return v.show(enterprise.PreviewPage(p))
	}
	p, err := s.postingStep(v, nil)
	if err != nil {
		return err
	}
	return v.show(enterprise.PostingPage(p))
}

// postingStep is the page of a step with what is stored, or with what was typed.
func (s *site) postingStep(v *visit, typed *ui.Form) (enterprise.Posting, error) {
	view, head, err := s.ownPlaceOf(v)
	if err == nil {
		err = mustHire(head)
	}
	if err == nil && view.Place.State == placements.Closed {
		err = errs.New(errs.Conflict, "placement_closed")
	}
	if err != nil {
		return enterprise.Posting{}, err
	}
	p := enterprise.Posting{
		Head: head, View: view, Step: stepAsked(v), Form: typed, Rules: rules.InForce(cal.DayOf(s.Clock.Now())), Regime: view.Place.Regime,
		Version: strconv.FormatInt(view.Place.Version, 10), Trade: s.tradeWords(view.Place, v.lang),
	}
	if typed == nil {
		p.Form = ui.NewForm(s.postingValues(view.Place, v.lang))
		s.postingFirstRows(&p)
	}
	return p, s.postingFurnish(v, &p)
}

// postingFirstRows gives an empty list one row to begin with; the first workplace is the enterprise's own address.
func (s *site) postingFirstRows(p *enterprise.Posting) {
	if formRows(p.Form, "modules") == 0 {
		addFormRow(p.Form, "modules", moduleParts())
	}
	if formRows(p.Form, "workplaces") == 0 {
		addFormRow(p.Form, "workplaces", workplaceParts())
		e := p.View.Enterprise
		p.Form.Set("workplaces.0.city", cityValue(e.Region, e.City))
		p.Form.Set("workplaces.0.address", e.Address)
		p.Form.Set("workplaces.0.kind", string(placements.AtWorkplace))
	}
}

// postingFurnish adds what the step's controls offer.
func (s *site) postingFurnish(v *visit, p *enterprise.Posting) error {
	p.Modules, p.Workplaces = formRows(p.Form, "modules"), formRows(p.Form, "workplaces")
	switch p.Step {
	case enterprise.StepWhat:
		p.Trades = s.tradesTyped(v.lang)
		if _, _, ok := s.tradeCode(p.Form); !ok {
			p.Picks = s.tradePicks(p.Form, v.lang)
		}
	case enterprise.StepWhen:
		s.postingShare(v, p)
	case enterprise.StepWhere:
		p.Cities = s.cityOptions(v)
		if err := s.offerMentors(v, p); err != nil {
			return err
		}
		return s.offerColleges(v, p)
	}
	return nil
}

// postingShare computes the share at the enterprise of what stands in the form.
func (s *site) postingShare(v *visit, p *enterprise.Posting) {
	in, _ := s.postingInput(v, enterprise.StepWhen, p.Form, p.View.Place)
	typed := *p.View.Place
	typed.Modules = *in.Modules
	hours, counted := typed.ModuleHours()
	total := 0
	for _, h := range hours {
		total += h.Total
	}
	if total == 0 {
		return
	}
	p.Share = strconv.FormatFloat(typed.SharePercent(), 'f', -1, 64) + "\u202f%"
	if v.lang != "en" {
		p.Share = strings.Replace(p.Share, ".", ",", 1)
	}
	p.ShareGood = len(p.Rules.CheckShare(p.Regime, hours, counted, "modules")) == 0
}

func (s *site) offerMentors(v *visit, p *enterprise.Posting) error {
	page, err := s.Directory.ListMentors(v.ctx(), v.actor, p.ID, "", storage.Cursor{}, mentorsOffered)
	if err != nil {
		return err
	}
	most := s.Directory.MentorLimitOn(s.Directory.Today())
	for _, m := range page.Items {
		p.Mentors = append(p.Mentors, ui.Option{
			Value: m.ID, Label: v.say("site.enterprise.posting.mentor", "name", m.FullName, "have", len(m.Trainees), "most", most),
		})
	}
	return nil
}

// offerColleges gives the colleges that are chosen and those found by the words typed.
func (s *site) offerColleges(v *visit, p *enterprise.Posting) error {
	for _, id := range p.Form.All("colleges") {
		name, err := s.Placements.CollegeName(v.ctx(), id)
		if err != nil {
			return err
		}
		if name != "" {
			p.Colleges = append(p.Colleges, ui.Option{Value: id, Label: name})
		}
	}
	words := strings.TrimSpace(p.Form.Value("college_q"))
	if words == "" {
		return nil
	}
	page, err := s.Directory.ListColleges(v.ctx(), directory.CollegeFilter{Q: words}, storage.Cursor{}, collegesOffered)
	if err != nil {
		return err
	}
	found := false
	for _, c := range page.Items {
		if c.Regime() != string(p.Regime) {
			continue
		}
		found = true
		if !slices.Contains(p.Form.All("colleges"), c.ID) {
			p.Colleges = append(p.Colleges, ui.Option{Value: c.ID, Label: c.Name, Hint: s.Reference.CityName(c.Region, c.City, v.lang)})
		}
	}
	if !found {
		p.Form.Errors = append(p.Form.Errors, ui.FieldError{Field: "college_q", Message: v.say("site.enterprise.posting.no_college")})
	}
	return nil
}

// posting saves a step, or rearranges what was typed.
func (s *site) posting(v *visit) error {
	f := v.form()
	do := f.Value("do")
	if rearrangeStep(f, do) {
		p, err := s.postingStep(v, f)
		if err != nil {
			return err
		}
		return v.show(enterprise.PostingPage(p))
	}
	view, _, err := s.ownPlaceOf(v)
	if err != nil {
		return err
	}
	step := stepAsked(v)
	in, bad := s.postingInput(v, step, f, view.Place)
	if len(bad) > 0 {
		return s.postingAgain(v, f, bad, nil)
	}
	if view.Place.Live() && do != "confirm" {
		return s.postingConfirm(v, f)
	}
	if _, err := s.Placements.Update(v.ctx(), v.actor, view.Place.ID, in, f.Version()); err != nil {
		if !v.refused(err, f, postingField) {
			return err
		}
		return s.postingAgain(v, f, nil, err)
	}
	next, done := stepAfter(step), "enterprise.step_saved"
	switch {
	case view.Place.Live():
		next, done = enterprise.StepPreview, "enterprise.changed"
	case do == "save":
		next = step
	}
	return v.goTo("/placements/"+view.Place.ID+"/edit?step="+next, done)
}

func stepAfter(step string) string {
	all := enterprise.Steps()
	return all[min(slices.Index(all, step)+1, len(all)-1)]
}

// postingAgain shows a refused step with all that was typed; where somebody else saved meanwhile, with the difference.
func (s *site) postingAgain(v *visit, f *ui.Form, bad []ui.FieldError, why error) error {
	s.postingMisread(v, f, bad)
	p, err := s.postingStep(v, f)
	if err != nil {
		return err
	}
	if errs.KindOf(why) == errs.Stale {
		p.Newer = s.postingDifferences(v, p)
	}
	if p.Step == enterprise.StepPreview {
		return errs.New(errs.NotFound, "not_found")
	}
	return v.again(enterprise.PostingPage(p))
}

// rearrangeStep carries out a button that saves nothing: rows added and removed, colleges looked for, the share computed anew.
func rearrangeStep(f *ui.Form, do string) bool {
	what, row, _ := strings.Cut(do, ".")
	i, err := strconv.Atoi(row)
	switch {
	case what == "add_module":
		addFormRow(f, "modules", moduleParts())
	case what == "add_workplace":
		addFormRow(f, "workplaces", workplaceParts())
	case what == "remove_module" && err == nil:
		removeFormRow(f, "modules", moduleParts(), i)
	case what == "remove_workplace" && err == nil:
		removeFormRow(f, "workplaces", workplaceParts(), i)
	case what == "find_colleges", what == "recount", what == "back":
	default:
		return false
	}
	return true
}

func addFormRow(f *ui.Form, list string, parts []string) {
	for _, name := range formRowNames(list, formRows(f, list), parts) {
		f.Set(name, "")
	}
}

func removeFormRow(f *ui.Form, list string, parts []string, at int) {
	n := formRows(f, list)
	if at < 0 || at >= n {
		return
	}
	for i := at; i < n-1; i++ {
		for _, part := range parts {
			f.Set(formRow(list, i, part), f.Value(formRow(list, i+1, part)))
		}
	}
	for _, name := range formRowNames(list, n-1, parts) {
		f.Values.Del(name)
	}
}

// tradeWords are what a place trains, as it may be typed: name and code.
func (s *site) tradeWords(p *placements.Placement, lang i18n.Lang) string {
	if p.Regime == placements.R361 {
		if g, ok := s.Reference.Programme(p.ProgrammeCode); ok {
			return tradeTyped(g.Name.In(lang), g.Code)
		}
		return p.ProgrammeCode
	}
	if t, ok := s.Reference.Trade(p.QualificationCode); ok {
		return tradeTyped(t.Name.In(lang), t.Code)
	}
	return p.QualificationCode
}

const tradeMark = " · "

func tradeTyped(name, code string) string { return name + tradeMark + code }

// tradesTyped lists everything that may be typed as a trade.
func (s *site) tradesTyped(lang i18n.Lang) []string {
	var out []string
	for _, q := range s.Reference.Qualifications() {
		out = append(out, tradeTyped(q.Name.In(lang), q.Code))
	}
	for _, q := range s.Reference.Specialties() {
		out = append(out, tradeTyped(q.Name.In(lang), q.Code))
	}
	for _, q := range s.Reference.Programmes() {
		out = append(out, tradeTyped(q.Name.In(lang), q.Code))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// tradeCode reads the trade: one that was picked, else a code alone or behind its name. ok is false for words that name none.
func (s *site) tradeCode(f *ui.Form) (code string, programme, ok bool) {
	typed := strings.TrimSpace(f.Value("trade"))
	if pick := f.Value("pick"); pick != "" {
		typed = pick
	}
	if typed == "" {
		return "", false, true
	}
	if i := strings.LastIndex(typed, tradeMark); i >= 0 {
		typed = typed[i+len(tradeMark):]
	}
	if t, ok := s.Reference.Trade(typed); ok {
		return t.Code, false, true
	}
	if g, ok := s.Reference.Programme(typed); ok {
		return g.Code, true, true
	}
	return "", false, false
}

// tradePicks are the trades of the chosen Rules that fit the words best.
func (s *site) tradePicks(f *ui.Form, lang i18n.Lang) []ui.Option {
	words := strings.TrimSpace(f.Value("trade"))
	var out []ui.Option
	add := func(name, code, note string) {
		if len(out) < tradesOffered {
			out = append(out, ui.Option{Value: tradeTyped(name, code), Label: name, Hint: code + note})
		}
	}
	if f.Value("regime") == string(placements.R361) {
		for _, g := range s.Reference.FindProgrammes(words) {
			add(g.Name.In(lang), g.Code, "")
		}
		return out
	}
	for _, q := range s.Reference.FindQualifications(words, "") {
		add(q.Name.In(lang), q.Code, "")
	}
	for _, sp := range s.Reference.FindSpecialties(words) {
		add(sp.Name.In(lang), sp.Code, "")
	}
	return out
}

// postingDifferences is what is stored now, against what stands in the form.
func (s *site) postingDifferences(v *visit, p enterprise.Posting) []enterprise.Difference {
	stored := ui.NewForm(s.postingValues(p.View.Place, v.lang))
	var out []enterprise.Difference
	names := postingNames(p.Step, p.Form)
	for _, name := range postingNames(p.Step, stored) {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for _, name := range names {
		if p.Live() && (name == "regime" || name == "trade") {
			continue
		}
		before, after := stored.All(name), p.Form.All(name)
		if sameInForm(before, after) {
			continue
		}
		out = append(out, enterprise.Difference{
			Label: enterprise.Label(v.ctx(), name), Before: s.postingWords(v, p, name, before), After: s.postingWords(v, p, name, after),
		})
	}
	return out
}

// sameInForm compares what stands in a field, blanks and line ends aside.
func sameInForm(a, b []string) bool {
	clean := func(list []string) string {
		var out []string
		for _, value := range list {
			if value = strings.TrimSpace(strings.ReplaceAll(value, "\r\n", "\n")); value != "" {
				out = append(out, value)
			}
		}
		slices.Sort(out)
		return fmt.Sprint(len(out), strings.Join(out, "\x00"))
	}
	return clean(a) == clean(b)
}
