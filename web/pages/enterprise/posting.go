package enterprise

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/placements/rules"
	"github.com/orynda/orynda/web/ui"
)

// The steps of the form that posts a place, in order.
const (
	StepWhat    = "what"
	StepWhen    = "when"
	StepWhere   = "where"
	StepTerms   = "terms"
	StepPreview = "preview"
)

// Steps lists the steps in order.
func Steps() []string { return []string{StepWhat, StepWhen, StepWhere, StepTerms, StepPreview} }

// StepOf is the step in which a field stands, by its name in the contract.
func StepOf(field string) string {
	root := field
	if i := strings.IndexAny(field, ".["); i >= 0 {
		root = field[:i]
	}
	for step, fields := range map[string][]string{
		StepWhen:  {"starts_on", "ends_on", "apply_from", "apply_by", "time_model", "weekly_hours", "night_work", "modules"},
		StepWhere: {"workplaces", "mentor_id", "seats", "colleges", "open_to_citizens", "min_age", "hazardous"},
		StepTerms: {"compensation", "insurance", "benefits", "languages", "questions", "auto_offer"},
	} {
		if slices.Contains(fields, root) {
			return step
		}
	}
	return StepWhat
}

// Posting is one step of the form that posts a place.
type Posting struct {
	Head
	View    *placements.View // nil before the first step is saved
	Step    string
	Form    *ui.Form
	Rules   rules.Rules
	Regime  placements.Regime
	Version string
	Newer   []Difference // what somebody else saved meanwhile

	Trades []string    // of the reference, as they may be typed
	Picks  []ui.Option // those that fit what was typed
	Trade  string      // the fixed one of a public place, in words

	Modules    int // rows in the form
	Workplaces int
	Share      string // computed of what is typed, in percent; "" while nothing is
	ShareGood  bool

	Cities   []ui.Option
	Mentors  []ui.Option
	Colleges []ui.Option // chosen and found
}

// Live reports whether the place is public already.
func (p Posting) Live() bool { return p.View != nil && p.View.Place.Live() }

func (p Posting) action() string {
	if p.View == nil {
		return p.path("/placements/new")
	}
	return p.stepPath(p.Step)
}

func (p Posting) stepPath(step string) string {
	return "/placements/" + p.View.Place.ID + "/edit?step=" + step
}

func (p Posting) steps(ctx context.Context) []ui.Tab {
	var out []ui.Tab
	for i, step := range Steps() {
		t := ui.Tab{Label: strconv.Itoa(i+1) + ". " + ui.T(ctx, "site.enterprise.step."+step), Current: step == p.Step}
		if p.View != nil {
			t.Path = p.stepPath(step)
		}
		out = append(out, t)
	}
	return out
}

// law is a sentence of the Rules with its paragraph, as the hint beside a field.
func (p Posting) law(ctx context.Context, key, rule string, pairs ...any) string {
	says := ui.T(ctx, "site.enterprise.law."+key, pairs...)
	if source := rules.Source(rule, p.Regime); source != "" {
		says = strings.TrimSuffix(says, ".") + " (" + ui.Source(ctx, source) + ")."
	}
	return says
}

func (p Posting) lawShare(ctx context.Context) string {
	if p.Regime == placements.R361 {
		return p.law(ctx, "share_r361", rules.Share, "percent", p.Rules.ShareR361)
	}
	return p.law(ctx, "share_r50", rules.Share, "percent", p.Rules.ShareR50)
}

func (p Posting) lawHours(ctx context.Context) string {
	return p.law(ctx, "hours", rules.HoursAndAge, "young", p.Rules.WeeklyHours(p.Rules.YoungestAge, false), "minor",
		p.Rules.WeeklyHours(p.Rules.AdultAge-1, false), "adult", p.Rules.WeeklyHours(p.Rules.AdultAge, false), "hazardous", p.Rules.HazardousHours)
}

// control is a field of the form with its own label. In a list of rows the row's heading says which one it is.
func (p Posting) control(ctx context.Context, name string) ui.Control {
	label := name
	if parts := strings.SplitN(name, ".", 3); len(parts) == 3 && (parts[0] == "modules" || parts[0] == "workplaces") {
		label = parts[0] + "." + parts[2]
	}
	return ui.Control{Form: p.Form, Name: name, Label: Label(ctx, label)}
}

func (p Posting) hinted(ctx context.Context, name, hint string) ui.Control {
	c := p.control(ctx, name)
	c.Hint = hint
	return c
}

func row(list string, i int, field string) string { return list + "." + strconv.Itoa(i) + "." + field }

// Failing is one rule that a place doesn't keep yet.
type Failing struct {
	Path    string // where to mend it
	Field   string
	Message string
	Source  string
}

// Preview is the last step: the place as it will be, and what is missing.
type Preview struct {
	Posting
	Failing []Failing
	Facts   []Group
}

// Group is a part of the preview.
type Group struct {
	Step string
	Rows []ui.Row
}

// Confirmation shows before and after of a public place, and who will be told.
type Confirmation struct {
	Posting
	Changes []Difference
	Told    bool // applicants are told of it
	Names   []string
}
