package selection_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/errs"
	it "github.com/orynda/orynda/internal/interviews/interviewstest"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/selection"
)

func TestTextsOfSteps(t *testing.T) { it.OnEngines(t, textsOfSteps) }

// textsOfSteps: what is too long is refused by the rule itself, whichever edge it came by, and changes nothing.
func textsOfSteps(t *testing.T, w *it.World) {
	ctx := t.Context()
	place := w.Place(t, func(in *placements.Input) { in.Questions = &[]string{"Допуск?"} })
	student := w.Student(t)
	long := func(most int) string { return strings.Repeat("ұ", most+1) }
	fits := func(most int) string { return strings.Repeat("ұ", most) }
	_, err := w.Selection.Apply(ctx, student, place.ID, selection.Request{Answers: []string{long(selection.MostAnswer)}})
	tooLong(t, "an answer", "answers[0]", err)
	app, err := w.Selection.Apply(ctx, student, place.ID, selection.Request{Answers: []string{fits(selection.MostAnswer)}})
	it.Ok(t, err)
	for name, c := range map[string]struct {
		field string
		step  func() error
	}{
		"shortlist": {"comment", func() error { return second(w.Selection.Shortlist(ctx, w.HR, app.ID, long(selection.MostWord))) }},
		"consider":  {"comment", func() error { return second(w.Selection.Consider(ctx, w.HR, app.ID, long(selection.MostWord))) }},
		"reject":    {"comment", func() error { return second(w.Selection.Reject(ctx, w.HR, app.ID, "other", long(selection.MostWord))) }},
		"withdraw": {"reason", func() error {
			return second(w.Selection.Withdraw(ctx, student, app.ID, long(selection.MostReason), ""))
		}},
		"withdraw, a word": {"comment", func() error { return second(w.Selection.Withdraw(ctx, student, app.ID, "", long(selection.MostWord))) }},
		"offer": {"reason", func() error {
			return second(w.Selection.MakeOffer(ctx, w.HR, app.ID, selection.NewOffer{Reason: long(selection.MostWord)}))
		}},
		"ranking": {"reason", func() error {
			return second(w.Selection.UpdateRanking(ctx, w.HR, place.ID, nil, long(selection.MostWord), 0))
		}},
	} {
		tooLong(t, name, c.field, c.step())
	}
	state(t, w, app.ID, selection.Submitted)
	it.Refused(t, second(w.Selection.Reject(ctx, w.HR, app.ID, "", "")), "bad_request")
	_, err = w.Selection.Shortlist(ctx, w.HR, app.ID, fits(selection.MostWord))
	it.Ok(t, err)

	o := w.Offered(t, w.Student(t), w.Place(t, nil).ID)
	tooLong(t, "taking back", "reason", second(w.Selection.WithdrawOffer(ctx, w.HR, o.ID, long(selection.MostReason))))
	offer(t, w, o.ID, selection.OfferOpen)
	_, err = w.Selection.WithdrawOffer(ctx, w.HR, o.ID, fits(selection.MostReason))
	it.Ok(t, err)
	w.Clock.Advance(time.Minute)
	mine := w.Student(t)
	o = w.Offered(t, mine, w.Place(t, nil).ID)
	tooLong(t, "declining", "reason", second(w.Selection.DeclineOffer(ctx, mine, o.ID, long(selection.MostReason))))
	offer(t, w, o.ID, selection.OfferOpen)
}

func second[T any](_ T, err error) error { return err }

func tooLong(t *testing.T, name, field string, err error) {
	t.Helper()
	var e *errs.Error
	if !errors.As(err, &e) || len(e.Fields) != 1 || e.Fields[0].Field != field || e.Fields[0].Code != "too_long" {
		t.Errorf("%s: %v", name, err)
	}
}
