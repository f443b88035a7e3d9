package college

import (
	"context"

	"github.com/orynda/orynda/web/ui"
)

func numeric(c ui.Control, least, most string) ui.Control {
	c.Type, c.InputMode, c.Min, c.Max = "number", "numeric", least, most
	return c
}

// named is a field without the hint that a field of the same name has elsewhere.
func named(ctx context.Context, f *ui.Form, name string) ui.Control {
	c := field(ctx, f, name)
	c.Hint = ""
	return c
}

// answerField is the word to a guardian's confirmation or refusal. There may be several on the page, so its id holds the guardian's.
func answerField(ctx context.Context, s Student, guardianID string) ui.Control {
	f := s.Answer
	if s.AnswerID != guardianID {
		f = &ui.Form{}
	}
	c := ui.Control{Form: f, Name: "word-" + guardianID, Label: ui.T(ctx, "site.college.guardian.word"), Hint: ui.T(ctx, "site.college.guardian.word_hint")}
	return ui.Limited(c, "1000")
}

func dayField(ctx context.Context, e Ending) ui.Control {
	c := ui.Typed(field(ctx, e.Form, "ended_on"), "date")
	c.Value, c.Max = e.Today, e.Today
	return c
}

func supervisorRole(ctx context.Context, role string) string {
	return ui.TOr(ctx, "—", "site.college.supervisor."+role)
}
