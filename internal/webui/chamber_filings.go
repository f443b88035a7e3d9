package webui

import (
	"context"
	"strconv"
	"strings"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/web/pages/chamber"
	"github.com/orynda/orynda/web/pages/enterprise"
	"github.com/orynda/orynda/web/ui"
)

func (s *site) chamberFilings(v *visit) error {
	_, head, err := s.chamberOf(v, "filings")
	if err != nil {
		return err
	}
	after, err := v.cursor()
	if err != nil {
		return err
	}
	d := chamber.Filings{Head: head, State: string(placements.Filed)}
	if d.Changes, err = s.changesOf(v, head.ID, listFilings, "/chambers/"+head.ID+"/looked", otherChanged(v, "/chambers/"+head.ID+"/filings")); err != nil {
		return err
	}
	q := placements.FilingQuery{Cursor: after, Limit: queuePerPage, Since: d.Changes.From()}
	if d.Changes.Only {
		d.State = "all" // what was decided has changed too
	}
	switch state := v.query("state"); placements.FilingState(state) {
	case placements.Accepted, placements.Remarks:
		d.State = state
	case "all":
		d.State = state
	}
	if d.State != "all" {
		q.States = []placements.FilingState{placements.FilingState(d.State)}
	}
	page, err := s.Placements.Filings(v.ctx(), v.actor, head.ID, q)
	if err != nil {
		return err
	}
	d.Items = page.Items
	if !page.Next.IsZero() {
		d.Next = "/chambers/" + head.ID + "/filings?state=" + d.State + "&cursor=" + page.Next.String()
		if d.Changes.Only {
			d.Next += "&changed=true"
		}
	}
	return v.show(chamber.FilingsPage(d))
}

func (s *site) filingPage(v *visit) error {
	d, err := s.filingOf(v, &ui.Form{})
	if err != nil {
		return err
	}
	return v.show(chamber.FilingPage(d))
}

func (s *site) filingOf(v *visit, f *ui.Form) (chamber.Filing, error) {
	_, head, err := s.chamberOf(v, "filings")
	if err != nil {
		return chamber.Filing{}, err
	}
	view, err := s.Placements.ReadFiling(v.ctx(), v.actor, v.param("one"))
	if err != nil {
		return chamber.Filing{}, err
	}
	if view.Filing.ChamberID != head.ID {
		return chamber.Filing{}, errs.New(errs.NotFound, "not_found")
	}
	d := chamber.Filing{Head: head, View: view, Form: f}
	for _, field := range filedFields(view.Place) {
		text, err := s.filedWords(v, view.Place, field)
		if err != nil {
			return d, err
		}
		d.Facts = append(d.Facts, chamber.Fact{Field: field, Label: filedLabel(v, field), Text: text, Lang: filedLang(v.ctx(), view.Place, field)})
	}
	d.Changed, err = s.filedChanges(v, view)
	return d, err
}

// filedFields are what a chamber looks at in a filing, and may remark on.
func filedFields(p *placements.Placement) []string {
	trade := "qualification_code"
	if p.Regime == placements.R361 {
		trade = "programme_code"
	}
	return []string{
		"title", trade, "seats", "workplaces", "starts_on", "ends_on", "apply_by", "time_model", "weekly_hours", "night_work", "compensation", "insurance",
		"mentor_id", "min_age", "hazardous", "modules", "tasks", "conditions",
	}
}

// filedLabel names a field of a place; a remark may name a part of one.
func filedLabel(v *visit, field string) string {
	switch field {
	case "qualification_code", "programme_code":
		return v.say("site.enterprise.f.trade")
	case "compensation", "insurance":
		return v.say("site.chamber.filing." + field)
	}
	return enterprise.Label(v.ctx(), field)
}

// filedWords say what stands in a field; "" for nothing.
func (s *site) filedWords(v *visit, p *placements.Placement, field string) (string, error) {
	ctx := v.ctx()
	yesNo := func(b bool) string { return v.say("value." + strconv.FormatBool(b)) }
	switch field {
	case "title":
		return ui.In(ctx, p.Title), nil
	case "qualification_code":
		return joinSaid(" · ", p.QualificationCode, s.tradeName(v, p.QualificationCode)), nil
	case "programme_code":
		return joinSaid(" · ", p.ProgrammeCode, s.tradeName(v, p.ProgrammeCode)), nil
	case "seats":
		return v.say("site.chamber.seats", "Count", p.Seats), nil
	case "workplaces":
		var list []string
		for _, w := range p.Workplaces {
			list = append(list, s.address(ctx, w.Region, w.City, w.Address)+" ("+v.say("value.workplace_kind."+string(w.Kind))+")")
		}
		return strings.Join(list, "; "), nil
	case "starts_on":
		return ui.Day(ctx, p.StartsOn), nil
	case "ends_on":
		return ui.Day(ctx, p.EndsOn), nil
	case "apply_by":
		return ui.Day(ctx, p.ApplyBy), nil
	case "time_model":
		return ui.TOr(ctx, "", "value.time_model."+string(p.TimeModel)), nil
	case "weekly_hours":
		return v.say("value.weekly_hours", "Count", p.WeeklyHours), nil
	case "night_work":
		return yesNo(p.NightWork), nil
	case "compensation":
		return payWords(ctx, p.Compensation), nil
	case "insurance":
		if p.Insurance.Taken == nil {
			return "", nil
		}
		return joinSaid(": ", v.say("value.insurance."+strconv.FormatBool(*p.Insurance.Taken)), p.Insurance.Note), nil
	case "mentor_id":
		return s.Placements.MentorName(ctx, p.MentorID)
	case "min_age":
		return v.say("value.min_age", "Count", p.MinAge), nil
	case "hazardous":
		return yesNo(p.Hazardous), nil
	case "modules":
		return moduleSaid(v, p.Modules), nil
	case "tasks":
		return ui.In(ctx, p.Tasks), nil
	case "conditions":
		return p.Conditions, nil
	}
	return "", nil
}

// filedLang is the language of a text that an enterprise wrote, because a page shows another where its own is missing; "" for what the page says itself.
func filedLang(ctx context.Context, p *placements.Placement, field string) string {
	switch field {
	case "title":
		return ui.InLang(ctx, p.Title)
	case "tasks":
		return ui.InLang(ctx, p.Tasks)
	}
	return ""
}

func moduleSaid(v *visit, list []placements.Module) string {
	var out []string
	for _, m := range list {
		out = append(out, v.say("site.chamber.filing.module", "name", ui.In(v.ctx(), m.Name), "hours", m.Hours, "enterprise", m.EnterpriseHours))
	}
	return strings.Join(out, "\n")
}

// filedChanges is what the enterprise changed since the chamber last decided.
func (s *site) filedChanges(v *visit, view *placements.FilingView) ([]enterprise.Difference, error) {
	var out []enterprise.Difference
	seen := map[string]bool{}
	for _, path := range view.Changes {
		field := path
		if i := strings.IndexAny(path, ".["); i > 0 {
			field = path[:i]
		}
		if seen[field] {
			continue
		}
		seen[field] = true
		before, err := s.filedWords(v, view.Filing.Decided, field)
		if err != nil {
			return nil, err
		}
		after, err := s.filedWords(v, view.Place, field)
		if err != nil {
			return nil, err
		}
		out = append(out, enterprise.Difference{Label: filedLabel(v, field), Before: before, After: after})
	}
	return out, nil
}

// filing accepts a filing, or remarks on the ticked fields, by the button that was pressed.
func (s *site) filing(v *visit) error {
	if _, _, err := s.chamberOf(v, "filings"); err != nil {
		return err
	}
	f := v.form()
	in := placements.Decision{State: placements.FilingState(f.Value("do")), Comment: strings.TrimSpace(f.Value("comment")), Fields: f.All("fields")}
	_, err := s.Placements.DecideFiling(v.ctx(), v.actor, v.param("one"), in)
	if err == nil {
		return v.goTo("/chambers/"+v.param("id")+"/filings", "chamber."+string(in.State))
	}
	if !v.refused(err, f, func(field string) string {
		if strings.HasPrefix(field, "fields") {
			return "fields"
		}
		return field
	}) {
		return err
	}
	f.Labels = map[string]string{"fields": v.say("site.chamber.filing.fields"), "comment": v.say("site.chamber.filing.comment")}
	d, wrong := s.filingOf(v, f)
	if wrong != nil {
		return wrong
	}
	return v.again(chamber.FilingPage(d))
}
