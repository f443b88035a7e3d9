package selection_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/errs"
	it "github.com/orynda/orynda/internal/interviews/interviewstest"
	"github.com/orynda/orynda/internal/outbox"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/selection"
)

const day = 24 * time.Hour

func event(typ, subject string) outbox.Event { return outbox.Event{Type: typ, Subject: subject} }

func TestAnswerClock(t *testing.T) { it.OnEngines(t, answerClock) }

func answerClock(t *testing.T, w *it.World) {
	ctx := t.Context()
	place := w.Place(t, nil)
	left, considered, invited := w.Apply(t, w.Student(t), place.ID), w.Apply(t, w.Student(t), place.ID), w.Shortlisted(t, w.Student(t), place.ID)
	_, err := w.Selection.Consider(ctx, w.HR, considered.ID, "")
	it.Ok(t, err)
	_, err = w.Selection.Consider(ctx, w.HR, considered.ID, "")
	it.Refused(t, err, "already_considered")
	if w.App(t, left.ID).OpenedAt != (time.Time{}) || w.App(t, considered.ID).OpenedAt.IsZero() {
		t.Error("who was considered was opened, and nobody else")
	}
	due := func(app *selection.Application, want int) {
		t.Helper()
		if n := w.Events(t, selection.EventAnswerDue, app.ID); n != want {
			t.Errorf("%d reminders, want %d", n, want)
		}
	}
	w.Clock.Advance(6 * day)
	w.Jobs(t)
	due(left, 0)
	w.Clock.Advance(day)
	w.Jobs(t)
	w.Jobs(t)
	due(left, 1)
	due(invited, 1) // no times are on offer: it is the enterprise's turn
	// From the moment there is a time to choose, the enterprise's clock stands still.
	slot := w.Slot(t, place.ID, 2*day, 1)
	w.Drain(t)
	if app := w.App(t, invited.ID); app.AnswerBy != "" || app.WaitingFor(w.Clock.Now(), true).Action != "choose_time" {
		t.Errorf("with a time on offer the clock says %q", app.AnswerBy)
	}
	if n, err := w.Selection.AwaitingAnswer(ctx, w.Enterprise.ID); err != nil || n != 2 {
		t.Errorf("%d wait for an answer, %v; want 2", n, err)
	}
	w.Clock.Advance(7 * day)
	w.Jobs(t)
	due(left, 2)
	if app := w.App(t, invited.ID); app.AnswerBy == "" {
		t.Errorf("slot %s has passed and nobody's clock runs", slot.ID)
	}
	w.Clock.Advance(day) // day 15 is included
	w.Jobs(t)
	state(t, w, left.ID, selection.Submitted)
	w.Clock.Advance(day)
	w.Jobs(t)
	if app := state(t, w, left.ID, selection.Unanswered); app.EndedAt.IsZero() {
		t.Error("no end is noted")
	}
	state(t, w, considered.ID, selection.Submitted)
	rate, err := w.Placements.ResponseRate(ctx, w.Enterprise.ID)
	it.Ok(t, err)
	if rate.Cases != 2 || rate.Answered != 1 {
		t.Errorf("rate %+v, want one of two", rate)
	}
	w.Clock.Advance(15 * day)
	w.Jobs(t)
	state(t, w, considered.ID, selection.Unanswered)
	state(t, w, invited.ID, selection.Unanswered)
	seats(t, w, place.ID, 2, 0)
}

func TestInterviewClock(t *testing.T) { it.OnEngines(t, interviewClock) }

// interviewClock: from the end of an interview the clock is the enterprise's, whether or not it records anything.
func interviewClock(t *testing.T, w *it.World) {
	ctx := t.Context()
	place := w.Place(t, nil)
	student := w.Student(t)
	app := w.Shortlisted(t, student, place.ID)
	slot := w.Slot(t, place.ID, 3*day, 1)
	b, err := w.Interviews.Book(ctx, student, slot.ID, app.ID)
	it.Ok(t, err)
	_, err = w.Selection.Consider(ctx, w.HR, app.ID, "")
	it.Refused(t, err, "wrong_state") // the interview lies ahead
	w.Clock.Advance(3*day + 2*time.Hour)
	if wait := w.App(t, app.ID).WaitingFor(w.Clock.Now(), true); wait.Action != "record_result" || wait.Until.IsZero() {
		t.Errorf("waits for %+v", wait)
	}
	w.Clock.Advance(15 * day)
	w.Jobs(t)
	state(t, w, app.ID, selection.Interviewing)
	w.Clock.Advance(day)
	w.Jobs(t)
	state(t, w, app.ID, selection.Unanswered)
	if b, err := w.Interviews.Booking(ctx, b.ID); err != nil || b.State != "cancelled" {
		t.Errorf("booking %+v, %v", b, err)
	}
}

func TestUnansweredPause(t *testing.T) { it.OnEngines(t, unansweredPause) }

func unansweredPause(t *testing.T, w *it.World) {
	ctx := t.Context()
	place := w.Place(t, nil)
	for range placements.UnansweredInRow {
		w.Apply(t, w.Student(t), place.ID)
	}
	w.Clock.Advance(8 * day)
	fresh := w.Apply(t, w.Student(t), place.ID)
	w.Clock.Advance(8 * day)
	w.Jobs(t)
	if sh := w.Sheet(t, place.ID); sh.State != placements.Paused {
		t.Fatalf("after ten unanswered the place is %s", sh.State)
	}
	_, err := w.Placements.Resume(ctx, w.HR, place.ID)
	it.Refused(t, err, "answers_overdue")
	_, err = w.Selection.Reject(ctx, w.HR, fresh.ID, "other", "")
	it.Ok(t, err)
	_, err = w.Placements.Resume(ctx, w.HR, place.ID)
	it.Ok(t, err)
}

func TestClosing(t *testing.T) { it.OnEngines(t, closing) }

func closing(t *testing.T, w *it.World) {
	ctx := t.Context()
	place := w.Place(t, it.Seats(3))
	winner, waiting, booked, plain := w.Student(t), w.Student(t), w.Student(t), w.Student(t)
	o := w.Offered(t, winner, place.ID)
	done, err := w.Selection.AcceptOffer(ctx, winner, o.ID)
	it.Ok(t, err)
	open := w.Offered(t, waiting, place.ID)
	invited := w.Shortlisted(t, booked, place.ID)
	slot, empty := w.Slot(t, place.ID, 2*day, 1), w.Slot(t, place.ID, 3*day, 1)
	b, err := w.Interviews.Book(ctx, booked, slot.ID, invited.ID)
	it.Ok(t, err)
	app := w.Apply(t, plain, place.ID)

	_, err = w.Placements.Close(ctx, w.HR, place.ID, "Линия остановлена")
	it.Ok(t, err)
	// Before the job has answered anybody, every step on the closed place is refused.
	_, err = w.Selection.AcceptOffer(ctx, waiting, open.ID)
	it.Refused(t, err, "placement_closed")
	_, err = w.Selection.Shortlist(ctx, w.HR, app.ID, "")
	it.Refused(t, err, "placement_closed")
	_, err = w.Interviews.Move(ctx, booked, b.ID, empty.ID, "x")
	it.Refused(t, err, "placement_closed")
	w.Jobs(t)
	for _, id := range []string{open.ApplicationID, invited.ID, app.ID} {
		if app := state(t, w, id, selection.Closed); app.ClosedReason != selection.PlacementWithdrawn {
			t.Errorf("closed for %q", app.ClosedReason)
		}
	}
	offer(t, w, open.ID, selection.OfferWithdrawn)
	if b, err := w.Interviews.Booking(ctx, b.ID); err != nil || b.State != "cancelled" || b.CancelledBy != "system" {
		t.Errorf("booking %+v, %v", b, err)
	}
	for _, id := range []string{slot.ID, empty.ID} {
		if s, err := w.Interviews.Slot(ctx, id); err != nil || !s.Cancelled {
			t.Errorf("slot %+v, %v", s, err)
		}
	}
	if m, err := w.Selection.Match(ctx, done.Match.ID); err != nil || m.State != selection.MatchActive {
		t.Errorf("the match doesn't go on: %+v, %v", m, err)
	}
	seats(t, w, place.ID, 2, 0)
	if n := w.Events(t, selection.EventClosed, ""); n != 3 {
		t.Errorf("%d were told, want 3", n)
	}
	_, err = w.Selection.Apply(ctx, plain, place.ID, selection.Request{})
	it.Refused(t, err, "already_applied")
}

func TestApplying(t *testing.T) { it.OnEngines(t, applying) }

func applying(t *testing.T, w *it.World) {
	ctx := t.Context()
	place := w.Place(t, func(in *placements.Input) { in.Questions = &[]string{"Есть ли допуск?"} })
	student := w.Student(t)
	answer := selection.Request{Answers: []string{"Есть"}}
	t.Run("refusals", func(t *testing.T) {
		minor := w.Person(t, accounts.AsStudent, "2009-06-01")
		w.Enrol(t, minor)
		for name, c := range map[string]struct {
			who  accounts.Actor
			in   selection.Request
			code string
		}{
			"nobody":           {accounts.Actor{}, answer, "unauthorized"},
			"unproved":         {accounts.Actor{PersonID: student.PersonID}, answer, "email_unverified"},
			"no enrolment":     {w.Person(t, accounts.AsStudent, it.Adult), answer, "profile_incomplete"},
			"no birth date":    {w.Person(t, accounts.AsCitizen, ""), answer, "profile_incomplete"},
			"citizen":          {w.Citizen(t), answer, "not_open_to_citizens"},
			"no guardian":      {minor, answer, "guardian_missing"},
			"no answer":        {student, selection.Request{}, "bad_request"},
			"too many answers": {student, selection.Request{Answers: []string{"a", "b"}}, "bad_request"},
			"long":             {student, selection.Request{Answers: []string{"a"}, Motivation: longText(301)}, "motivation_too_long"},
		} {
			if _, err := w.Selection.Apply(ctx, c.who, place.ID, c.in); errs.CodeOf(err) != c.code {
				t.Errorf("%s: %v, want %s", name, err, c.code)
			}
		}
		_, err := w.Selection.Apply(ctx, student, "plc_none", answer)
		it.Refused(t, err, "placement_not_found")
		seats(t, w, place.ID, 2, 0)
	})
	t.Run("once", func(t *testing.T) {
		app, err := w.Selection.Apply(ctx, student, place.ID, answer)
		it.Ok(t, err)
		_, err = w.Selection.Apply(ctx, student, place.ID, answer)
		it.Refused(t, err, "already_applied")
		_, err = w.Selection.Withdraw(ctx, student, app.ID, "", "")
		it.Ok(t, err)
		again, err := w.Selection.Apply(ctx, student, place.ID, answer)
		it.Ok(t, err)
		_, err = w.Selection.Reject(ctx, w.HR, again.ID, "incomplete", "")
		it.Ok(t, err)
		_, err = w.Selection.Apply(ctx, student, place.ID, answer)
		it.Refused(t, err, "already_applied")
	})
	t.Run("other regime", func(t *testing.T) {
		undergraduate := w.Person(t, accounts.AsStudent, it.Adult)
		_, err := w.Directory.RecordEnrolment(ctx, accounts.SystemActor("test"), undergraduate.PersonID, w.University.ID, studies())
		it.Ok(t, err)
		_, err = w.Selection.Apply(ctx, undergraduate, place.ID, answer)
		it.Refused(t, err, "regime_mismatch")
	})
	t.Run("full", func(t *testing.T) {
		one := w.Place(t, it.Seats(1))
		for range placements.LivePerSeat {
			w.Apply(t, w.Student(t), one.ID)
		}
		_, err := w.Selection.Apply(ctx, w.Student(t), one.ID, selection.Request{})
		it.Refused(t, err, "applications_full")
	})
	t.Run("deletion", func(t *testing.T) {
		leaver := w.Student(t)
		app := w.Apply(t, leaver, w.Place(t, nil).ID)
		it.Ok(t, w.Accounts.DeleteMe(ctx, leaver))
		gone := state(t, w, app.ID, selection.Withdrawn)
		if gone.Motivation != "" {
			t.Error("the words of a deleted account stay")
		}
		v, err := w.Selection.View(ctx, w.HR, gone)
		it.Ok(t, err)
		if v.Applicant.FullName != "" || v.Applicant.Email != "" {
			t.Errorf("a deleted account shows %+v", v.Applicant)
		}
	})
}

func longText(words int) string {
	out := ""
	for i := range words {
		out += fmt.Sprintf("слово%d ", i)
	}
	return out
}

func studies() directory.Studies { return directory.Studies{Group: "EE-21", Course: 3} }

func ending() directory.Ending { return directory.Ending{} }
