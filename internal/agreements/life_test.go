package agreements_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/agreements"
	"github.com/orynda/orynda/internal/cal"
)

// The whole way: drafted, filled in, ready, signed, countersigned, registered, completed.
func TestLife(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		a := w.concluded()
		wantState(t, a, agreements.Concluded)
		if a.Number != "1/2026" || a.ChamberID != chamber || w.low.concluded != 1 || len(a.Signatures) != 3 {
			t.Fatalf("number %q chamber %q seats %d signatures %d", a.Number, a.ChamberID, w.low.concluded, len(a.Signatures))
		}
		if a.RegisterBy != "2026-11-25" {
			t.Errorf("register by %s: three working days after Sunday 2026-11-22 are due on the 25th", a.RegisterBy)
		}
		for _, s := range a.Signatures {
			if !w.SealHolds(s) {
				t.Errorf("the seal of %s doesn't hold", s.Party)
			}
			s.SHA256 = "00"
			if w.SealHolds(s) {
				t.Errorf("a changed signature of %s holds", s.Party)
			}
		}
		a, err := w.Register(ctx, theRegistrar(), a.ID)
		if err != nil {
			t.Fatal(err)
		}
		wantState(t, a, agreements.Registered)
		again, err := w.Register(ctx, theRegistrar(), a.ID)
		if err != nil || again.Registration.Number != "1/2026" || again.Version != a.Version {
			t.Fatalf("a repeat: %v %+v", err, again.Registration)
		}
		_, err = w.Complete(ctx, theCoordinator(), a.ID, agreements.ConfirmInput{Date: "2027-05-14"})
		wantCode(t, err, "too_early")
		w.setDay("2027-05-20")
		if a, err = w.Complete(ctx, theCoordinator(), a.ID, agreements.ConfirmInput{Date: "2027-05-14"}); err != nil {
			t.Fatal(err)
		}
		wantState(t, a, agreements.Registered)
		hired := true
		_, err = w.Complete(ctx, theCoordinator(), a.ID, agreements.ConfirmInput{Date: "2027-05-14", Hired: &hired})
		wantCode(t, err, "validation_failed")
		if a, err = w.Complete(ctx, theHR(), a.ID, agreements.ConfirmInput{Date: "2027-05-15", Hired: &hired}); err != nil {
			t.Fatal(err)
		}
		wantState(t, a, agreements.Completed)
		if a.Completion.CompletedOn != "2027-05-15" || !w.low.completed[a.MatchID] || len(w.low.mentors[mentor].Trainees) != 0 {
			t.Errorf("completion %+v, match %v, mentor %v", a.Completion, w.low.completed, w.low.mentors[mentor].Trainees)
		}
		_, err = w.Terminate(ctx, theStudent(), a.ID, "нет", "2027-05-20")
		wantCode(t, err, "wrong_state")
		if n := len(w.seen(agreements.EventConcluded)); n != 1 {
			t.Errorf("%d conclusions told", n)
		}
	})
}

// The document is what was signed: stored sealed, given out byte for byte.
func TestStoredBytes(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		a := w.ready()
		f, err := w.Document(t.Context(), theStudent(), a.ID, agreements.WantedDocument{})
		if err != nil {
			t.Fatal(err)
		}
		if f.SHA256 != a.Document.SHA256 || !bytes.HasPrefix(f.Body, []byte("%PDF 1/2026 r1")) || int64(len(f.Body)) != a.Document.Size {
			t.Errorf("%s %q", f.SHA256, f.Body)
		}
		if f.Name != "agreement-1-2026-r1.pdf" {
			t.Error(f.Name)
		}
		_, err = w.Document(t.Context(), actor(stranger), a.ID, agreements.WantedDocument{})
		wantCode(t, err, "not_found")
		_, err = w.Document(t.Context(), theStudent(), a.ID, agreements.WantedDocument{Format: "docx"})
		wantCode(t, err, "not_implemented_yet")
		_, err = w.Document(t.Context(), theStudent(), a.ID, agreements.WantedDocument{Format: "pdf", Revision: 1})
		wantCode(t, err, "format_not_available")
		_, err = w.Document(t.Context(), theStudent(), a.ID, agreements.WantedDocument{Language: "en"})
		wantCode(t, err, "language_not_in_agreement")
		if _, err = w.Return(t.Context(), theHR(), a.ID, "поправить часы"); err != nil {
			t.Fatal(err)
		}
		_, err = w.Document(t.Context(), theStudent(), a.ID, agreements.WantedDocument{})
		wantCode(t, err, "document_not_ready")
		old, err := w.Document(t.Context(), theStudent(), a.ID, agreements.WantedDocument{Revision: 1})
		if err != nil || !bytes.Equal(old.Body, f.Body) {
			t.Errorf("the first revision's bytes are lost: %v", err)
		}
	})
}

// Every way back to draft begins a revision and voids the signatures of the one before.
func TestBackToDraft(t *testing.T) {
	amount := agreements.Compensation{Kind: "monthly", Amount: 45000}
	ways := []struct {
		name  string
		cause agreements.Cause
		back  func(w *world, a *agreements.Agreement) error
	}{
		{"changed", agreements.CauseChanged, func(w *world, a *agreements.Agreement) error {
			_, err := w.Update(w.t.Context(), theHR(), a.ID, agreements.Patch{Compensation: &amount}, 0)
			return err
		}},
		{"returned", agreements.CauseReturned, func(w *world, a *agreements.Agreement) error {
			_, err := w.Return(w.t.Context(), theRector(), a.ID, "не те часы")
			return err
		}},
		{"refused", agreements.CauseRefused, func(w *world, a *agreements.Agreement) error {
			_, err := w.Refuse(w.t.Context(), theBoss(), a.ID, "не согласны", 1)
			return err
		}},
		{"signing expired", agreements.CauseSigningExpired, func(w *world, _ *agreements.Agreement) error {
			w.advance(15 * 24 * time.Hour)
			w.runJobs()
			return nil
		}},
		{"period passed", agreements.CausePeriodPassed, func(w *world, _ *agreements.Agreement) error {
			w.setDay("2027-02-01")
			w.runJobs()
			return nil
		}},
		{"left the roster", agreements.CauseReturned, func(w *world, _ *agreements.Agreement) error {
			return w.EndFor(w.t.Context(), student, "expelled")
		}},
	}
	onEngines(t, func(t *testing.T, w *world) {
		for _, way := range ways {
			t.Run(way.name, func(t *testing.T) {
				w := newWorld(t, w.db)
				a := w.ready()
				a, err := w.sign(theStudent(), a)
				if err != nil {
					t.Fatal(err)
				}
				wantState(t, a, agreements.Signing)
				if err := way.back(w, a); err != nil {
					t.Fatal(err)
				}
				b := w.get(a.ID)
				wantState(t, b, agreements.Draft)
				if b.Revision != 2 || b.Number != a.Number || b.Document != nil || len(b.Signatures) != 0 || b.HeldMentor != "" {
					t.Errorf("%+v", b)
				}
				page, err := w.ListRevisions(t.Context(), theStudent(), a.ID, "ru", noCursor(), 10)
				if err != nil {
					t.Fatal(err)
				}
				r := page.Items[0]
				if len(page.Items) != 2 || !r.Current || r.Revision.Cause != way.cause || len(r.Revision.Voided) != 1 || r.Revision.Voided[0].Party != agreements.ByStudent {
					t.Errorf("revision %+v", r.Revision)
				}
				if way.cause == agreements.CauseChanged {
					if len(r.Changes) != 1 || r.Changes[0].Label != "Компенсационная выплата, тенге" || r.Changes[0].Before != "40\u00a0000" || r.Changes[0].After != "45\u00a0000" {
						t.Errorf("changes %+v", r.Changes)
					}
				}
				if way.cause == agreements.CauseRefused && (len(b.Refusals) != 1 || b.Refusals[0].Party != agreements.ByEnterprise) {
					t.Errorf("refusals %+v", b.Refusals)
				}
				if err := w.Cancelled(a.ID); err != nil { // the next way needs the student free
					t.Fatal(err)
				}
			})
		}
	})
}

// Cancelled gives a test's agreement up.
func (w *world) Cancelled(id string) error {
	_, err := w.Cancel(w.t.Context(), theCoordinator(), id, "конец проверки")
	return err
}

func TestCancelAndTerminate(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		a := w.ready()
		_, err := w.Terminate(ctx, theStudent(), a.ID, "рано", "2026-11-22")
		wantCode(t, err, "not_concluded")
		a, err = w.Cancel(ctx, theStudent(), a.ID, "переезжаю")
		if err != nil {
			t.Fatal(err)
		}
		if !a.NumberVoid || w.low.dissolved[a.MatchID] != "agreement_cancelled" || len(w.low.mentors[mentor].Trainees) != 0 {
			t.Errorf("void %v dissolved %v", a.NumberVoid, w.low.dissolved)
		}
		again, err := w.Cancel(ctx, theStudent(), a.ID, "ещё раз")
		if err != nil || again.Version != a.Version {
			t.Errorf("a repeat changes: %v", err)
		}
		_, err = w.Return(ctx, theStudent(), a.ID, "назад")
		wantCode(t, err, "wrong_state")

		b := w.concluded()
		if b.Number != "2/2026" {
			t.Errorf("number %s: the void one is not given again", b.Number)
		}
		_, err = w.Cancel(ctx, theStudent(), b.ID, "поздно")
		wantCode(t, err, "agreement_concluded")
		for day, code := range map[cal.Day]string{"2026-11-23": "date_in_future", "2026-11-21": "date_before_conclusion"} {
			_, err = w.Terminate(ctx, theHR(), b.ID, "причина", day)
			wantCode(t, err, code)
		}
		b, err = w.Terminate(ctx, theHR(), b.ID, "причина", "2026-11-22")
		if err != nil {
			t.Fatal(err)
		}
		if b.Termination.TrainingBegan || w.low.dissolved[b.MatchID] != "agreement_terminated" || w.low.concluded != 0 {
			t.Errorf("%+v %v seats %d", b.Termination, w.low.dissolved, w.low.concluded)
		}
	})
}

// The clocks that give a match up: a draft whose first day is long past, a citizen without enrolment, a student who left.
func TestClocksGiveUp(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		stale := w.draft()
		w.setDay("2027-02-15")
		w.runJobs()
		wantState(t, w.get(stale), agreements.Draft)
		w.setDay("2027-02-16")
		w.runJobs()
		a := w.get(stale)
		wantState(t, a, agreements.Cancelled)
		if a.Cancellation.Reason != "period_passed" || a.Cancellation.Party != agreements.BySystem || w.low.dissolved[a.MatchID] == "" {
			t.Errorf("%+v", a.Cancellation)
		}
	})
	onEngines(t, func(t *testing.T, w *world) {
		id := w.draft(citizen)
		gone := w.draft(func(m *matchOf) { m.From, m.To = "2027-06-01", "2027-07-01" })
		if err := w.EndFor(t.Context(), student, "expelled"); err != nil {
			t.Fatal(err)
		}
		w.advance(30 * 24 * time.Hour)
		w.runJobs()
		wantState(t, w.get(id), agreements.Draft)
		w.advance(24 * time.Hour)
		delete(w.low.enrolments, student)
		w.runJobs()
		for _, x := range []string{id, gone} {
			a := w.get(x)
			wantState(t, a, agreements.Cancelled)
			if w.low.dissolved[a.MatchID] != "enrolment_missing" {
				t.Errorf("dissolved for %q", w.low.dissolved[a.MatchID])
			}
		}
	})
}

// Reminders: nothing before three days, then at most one in 24 hours.
func TestReminders(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		w.ready()
		count := func() int { return len(w.seen(agreements.EventReminded)) }
		w.advance(71 * time.Hour)
		w.runJobs()
		if n := count(); n != 0 {
			t.Fatalf("%d reminders before three days", n)
		}
		w.advance(2 * time.Hour)
		w.runJobs()
		w.advance(23 * time.Hour)
		w.runJobs()
		if n := count(); n != 1 {
			t.Fatalf("%d reminders within 24 hours, want 1", n)
		}
		w.advance(2 * time.Hour)
		w.runJobs()
		if n := count(); n != 2 {
			t.Errorf("%d reminders, want 2", n)
		}
		if got := w.seen(agreements.EventReminded)[0].Data["waiting"]; got != "student,enterprise" {
			t.Errorf("reminded %q", got)
		}
	})
}

// A signature on or after the first day sends the agreement back, although the call fails.
func TestPeriodPassedAtSigning(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		a := w.ready(func(m *matchOf) { m.From = "2026-11-24" })
		w.setDay("2026-11-23")
		proof, err := w.code(theStudent(), item(a))
		if err != nil {
			t.Fatal(err)
		}
		w.mu.Lock()
		w.now = cal.Day("2026-11-24").Start()
		w.mu.Unlock()
		proof2, err := w.code(theStudent(), item(a))
		if err != nil {
			t.Fatal(err)
		}
		_ = proof
		_, err = w.Sign(t.Context(), theStudent(), item(a), proof2)
		wantCode(t, err, "period_passed")
		b := w.get(a.ID)
		wantState(t, b, agreements.Draft)
		if b.Revision != 2 {
			t.Errorf("revision %d", b.Revision)
		}
	})
}

// Who may see and do what: strangers get 404, wrong roles 403, the registrar only from conclusion on.
func TestRelations(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		a := w.ready()
		_, err := w.Get(ctx, actor(stranger), a.ID)
		wantCode(t, err, "not_found")
		_, err = w.Get(ctx, accounts.Actor{}, a.ID)
		wantCode(t, err, "unauthorized")
		_, err = w.Get(ctx, theRegistrar(), a.ID)
		wantCode(t, err, "not_found")
		_, err = w.Register(ctx, theRegistrar(), a.ID)
		wantCode(t, err, "not_concluded")
		_, err = w.Ready(ctx, theHR(), a.ID, 0)
		wantCode(t, err, "forbidden")
		_, err = w.Get(ctx, actor("psn_hr", member(enterprise, accounts.KindEnterprise, accounts.RoleInterviewer)), a.ID)
		wantCode(t, err, "not_found")
		_, err = w.Get(ctx, actor("psn_admin", member("platform", accounts.KindPlatform, accounts.RoleAdmin)), a.ID)
		wantCode(t, err, "not_found")
		_, err = w.Return(ctx, theRegistrar(), a.ID, "нет")
		wantCode(t, err, "not_found")

		v, err := w.Get(ctx, theStudent(), a.ID)
		if err != nil || v.Trainees != -1 {
			t.Errorf("the student sees the mentor's load: %v %d", err, v.Trainees)
		}
		if v, err = w.Get(ctx, theHR(), a.ID); err != nil || v.Trainees != 1 {
			t.Errorf("hr: %v %d", err, v.Trainees)
		}
		for who, n := range map[string]int{"student": 1, "stranger": 0, "registrar": 0} {
			by := map[string]accounts.Actor{"student": theStudent(), "stranger": actor(stranger), "registrar": theRegistrar()}[who]
			page, err := w.List(ctx, by, agreements.Filter{})
			if err != nil || len(page.Items) != n {
				t.Errorf("%s lists %d, want %d: %v", who, len(page.Items), n, err)
			}
		}
	})
}
