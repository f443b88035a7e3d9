package enterprise

import (
	"context"
	"strconv"

	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/placements/rules"
	"github.com/orynda/orynda/web/ui"
)

func postingTitle(ctx context.Context, p Posting) string {
	if p.View == nil {
		return ui.T(ctx, "site.enterprise.posting.new")
	}
	return ui.T(ctx, "site.enterprise.posting.title")
}

// number is a field for a whole number. It is a line of text, because browsers drop what isn't a number from fields of that kind, and nothing
// that was typed is to be lost.
func number(c ui.Control) ui.Control {
	c.InputMode, c.MaxLength = "numeric", "15"
	return c
}

func date(c ui.Control, needed bool) ui.Control {
	c.Type, c.Required = "date", needed
	return c
}

func area(c ui.Control, rows string, most int) ui.Control {
	c.Rows, c.MaxLength = rows, strconv.Itoa(most)
	return c
}

func options(c ui.Control, list []ui.Option) ui.Control {
	c.Options = list
	return c
}

func multiple(c ui.Control) ui.Control {
	c.Multiple = true
	return c
}

func chosen(c ui.Control, list []ui.Option, empty string) ui.Control {
	c.Options, c.Empty = list, empty
	return c
}

func langField(c ui.Control, lang string) ui.Control {
	c.Lang, c.MaxLength = lang, strconv.Itoa(placements.MaxModuleName)
	return c
}

// closed are the choices of a closed list, worded by keys below prefix.
func closed(ctx context.Context, prefix string, values ...string) []ui.Option {
	var out []ui.Option
	for _, v := range values {
		out = append(out, ui.Option{Value: v, Label: ui.T(ctx, prefix+"."+v)})
	}
	return out
}

func kinds(ctx context.Context) []ui.Option {
	return closed(ctx, "value.workplace_kind", string(placements.AtWorkplace), string(placements.AtTrainingCentre), string(placements.AtCollege))
}

func regime(ctx context.Context, p Posting) ui.Control {
	c := options(ui.Required(p.control(ctx, "regime")), closed(ctx, "value.regime", string(placements.R50), string(placements.R361)))
	c.Hint = ui.T(ctx, "site.enterprise.h.regime")
	return c
}

func level(ctx context.Context, p Posting) ui.Control {
	levels := []string{string(placements.Worker), string(placements.Specialist)}
	if p.Live() && p.Regime == placements.R361 {
		levels = []string{string(placements.Bachelor)}
	} else if !p.Live() {
		levels = append(levels, string(placements.Bachelor))
	}
	return chosen(p.control(ctx, "level"), closed(ctx, "value.level", levels...), ui.T(ctx, "site.enterprise.posting.level_auto"))
}

func timeModel(ctx context.Context, p Posting) ui.Control {
	c := ui.Required(p.hinted(ctx, "time_model", p.law(ctx, "schedule", rules.Schedule)))
	for _, m := range []placements.TimeModel{placements.Block, placements.Parallel} {
		c.Options = append(c.Options, ui.Option{
			Value: string(m), Label: ui.T(ctx, "facet.time_model."+string(m)), Hint: ui.T(ctx, "site.enterprise.h.time_model."+string(m)),
		})
	}
	return c
}

func mentor(ctx context.Context, p Posting) ui.Control {
	return chosen(ui.Required(p.hinted(ctx, "mentor_id", p.law(ctx, "mentor", rules.Mentor, "most", p.Rules.MentorTrainees))), p.Mentors, ui.T(ctx, "site.enterprise.choose"))
}

// worded is a text in one of the three languages.
func worded(ctx context.Context, p Posting, field, lang, most, rows string) ui.Control {
	return ui.Control{
		Form: p.Form, Name: field + "." + lang, Label: ui.T(ctx, "site.enterprise.f."+field), Hint: ui.TOr(ctx, "", "site.enterprise.h."+field),
		MaxLength: most, Lang: lang, Rows: rows,
	}
}

func quietIf(quiet bool) string {
	if quiet {
		return "quiet"
	}
	return ""
}
