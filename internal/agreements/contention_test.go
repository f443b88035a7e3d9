package agreements_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/agreements"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/storage"
)

// crowd makes n complete drafts, each with a student and mentor of its own.
func (w *world) crowd(n int) []string {
	w.t.Helper()
	ids := make([]string, n)
	for i := range n {
		who, guide := fmt.Sprintf("psn_s%d", i), fmt.Sprintf("mnt_%d", i)
		w.low.people[who] = &accounts.Person{ID: who, Email: who + "@demo.orynda.kz", FullName: "Студент " + who}
		identity := w.low.identities[student]
		identity.Phone = fmt.Sprintf("+770200000%02d", i)
		w.low.identities[who] = identity
		w.low.enrolments[who] = &directory.Enrolment{PersonID: who, CollegeID: college, SpecialtyCode: "07130200", State: directory.EnrolmentConfirmed}
		w.low.mentors[guide] = &directory.Mentor{ID: guide, EnterpriseID: enterprise, FullName: "Наставник", Position: "мастер"}
		ids[i] = w.draft(func(m *matchOf) { m.StudentID, m.ID = who, fmt.Sprintf("mat_crowd_%d", i) })
		w.complete(ids[i])
		if _, err := w.Update(w.t.Context(), theHR(), ids[i], agreements.Patch{MentorID: &guide}, 0); err != nil {
			w.t.Fatal(err)
		}
	}
	return ids
}

// gapless wants the numbers 1/2026 … n/2026, each once.
func gapless(t *testing.T, numbers []string, n int) {
	t.Helper()
	slices.Sort(numbers)
	var want []string
	for i := range n {
		want = append(want, fmt.Sprintf("%d/2026", i+1))
	}
	slices.Sort(want)
	if !slices.Equal(numbers, want) {
		t.Errorf("numbers %v", numbers)
	}
}

// Forty agreements made ready at once get 1…40; forty registrations at once likewise; a bulk countersigning concludes all forty.
func TestNumbersAreGapless(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ids := w.crowd(callers)
		got := together(callers, func(i int) error {
			_, err := w.Ready(context.Background(), theCoordinator(), ids[i], 0)
			return err
		})
		if got[""] != callers {
			t.Fatalf("ready: %v", got)
		}
		var numbers []string
		var items []agreements.SigningItem
		for i, id := range ids {
			a := w.get(id)
			numbers = append(numbers, a.Number)
			for _, by := range []accounts.Actor{actor(fmt.Sprintf("psn_s%d", i)), theBoss()} {
				var err error
				w.advance(3 * time.Minute) // the boss signs more often than an hour allows
				if a, err = w.sign(by, a); err != nil {
					t.Fatal(err)
				}
			}
			items = append(items, item(a))
		}
		gapless(t, numbers, callers)
		w.bulk(items)
		got = together(callers, func(i int) error {
			_, err := w.Register(context.Background(), theRegistrar(), ids[i])
			return err
		})
		if got[""] != callers {
			t.Fatalf("registration: %v", got)
		}
		numbers = nil
		page, err := w.ListRegister(t.Context(), theRegistrar(), chamber, agreements.RegisterFilter{Limit: 100})
		if err != nil {
			t.Fatal(err)
		}
		for i, e := range page.Items {
			numbers = append(numbers, e.Agreement.Registration.Number)
			if i > 0 && e.Agreement.Registration.Seq >= page.Items[i-1].Agreement.Registration.Seq {
				t.Error("the register is not highest first")
			}
		}
		gapless(t, numbers, callers)
	})
}

// bulk countersigns all but a changed one, repeats, and finds the same.
func (w *world) bulk(items []agreements.SigningItem) {
	w.t.Helper()
	ctx := w.t.Context()
	proof, err := w.code(theRector(), items...)
	if err != nil {
		w.t.Fatal(err)
	}
	_, err = w.CountersignAll(ctx, theRector(), items[1:], proof)
	wantCode(w.t, err, "code_other_items")
	// One agreement goes back to draft after the code was asked for: it alone fails.
	if _, err := w.Return(ctx, theBoss(), items[0].AgreementID, "ошибка в датах"); err != nil {
		w.t.Fatal(err)
	}
	slices.Reverse(items) // the order of the list doesn't matter
	for range 2 {
		results, err := w.CountersignAll(ctx, theRector(), items, proof)
		if err != nil {
			w.t.Fatal(err)
		}
		for i, r := range results[:len(results)-1] {
			if !r.Concluded || r.State != agreements.Concluded || r.AgreementID != items[i].AgreementID {
				w.t.Fatalf("%+v", r)
			}
		}
		last := results[len(results)-1]
		if last.Concluded || last.State != agreements.Draft {
			w.t.Fatalf("%+v", last)
		}
		wantCode(w.t, last.Err, "out_of_turn")
	}
	a, err := w.Ready(ctx, theCoordinator(), items[len(items)-1].AgreementID, 0)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, by := range []accounts.Actor{actor(a.StudentID), theBoss()} {
		w.advance(3 * time.Minute)
		if a, err = w.sign(by, a); err != nil {
			w.t.Fatal(err)
		}
	}
	if proof, err = w.code(theRector(), item(a)); err != nil {
		w.t.Fatal(err)
	}
	if _, err = w.Countersign(ctx, theRector(), item(a), proof); err != nil {
		w.t.Fatal(err)
	}
}

// Of forty signatures of one party at once one is given, of forty countersignatures one concludes; forty ready calls make one document.
func TestOneSignature(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		id := w.draft()
		w.complete(id)
		got := together(callers, func(int) error {
			_, err := w.Ready(context.Background(), theCoordinator(), id, 0)
			return err
		})
		if got[""]+got["draft_changed"] != callers || got[""] == 0 {
			t.Fatalf("ready: %v", got)
		}
		a := w.get(id)
		wantState(t, a, agreements.Ready)
		if a.Number != "1/2026" || len(w.seen(agreements.EventReady)) != 1 {
			t.Fatalf("number %s, %d times ready", a.Number, len(w.seen(agreements.EventReady)))
		}
		for _, by := range []accounts.Actor{theStudent(), theBoss(), theRector()} {
			proof, err := w.code(by, item(a))
			if err != nil {
				t.Fatal(err)
			}
			got := together(callers, func(int) error {
				var err error
				if by.PersonID == rector {
					_, err = w.Countersign(context.Background(), by, item(a), proof)
				} else {
					_, err = w.Sign(context.Background(), by, item(a), proof)
				}
				return err
			})
			if got[""] != 1 || got["already_signed"] != callers-1 {
				t.Fatalf("%s: %v", by.PersonID, got)
			}
			a = w.get(id)
		}
		if len(a.Signatures) != 3 || a.State != agreements.Concluded || len(w.seen(agreements.EventConcluded)) != 1 {
			t.Errorf("%d signatures, %s, %d conclusions", len(a.Signatures), a.State, len(w.seen(agreements.EventConcluded)))
		}
	})
}

// A mentor with four trainees has one place: of several drafts one becomes ready.
func TestLastPlaceOfMentor(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ids := w.crowd(8)
		guide := mentor
		for _, id := range ids {
			if _, err := w.Update(t.Context(), theHR(), id, agreements.Patch{MentorID: &guide}, 0); err != nil {
				t.Fatal(err)
			}
		}
		w.low.mentors[mentor].Trainees = []string{"agr_1", "agr_2", "agr_3", "agr_4"}
		got := together(len(ids), func(i int) error {
			_, err := w.Ready(context.Background(), theCoordinator(), ids[i], 0)
			return err
		})
		if got[""] != 1 || got["mentor_full"]+got["agreement_incomplete"] != len(ids)-1 {
			t.Errorf("%v", got)
		}
	})
}

// A crash after the number was claimed: the draft owns it and the next ready uses it; nobody else gets it.
func TestCrashAfterNumber(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ids := w.crowd(2)
		w.paper.before = func(int) error { return errors.New("the power failed") }
		if _, err := w.Ready(t.Context(), theCoordinator(), ids[0], 0); err == nil {
			t.Fatal("ready without a document")
		}
		a := w.get(ids[0])
		wantState(t, a, agreements.Draft)
		if a.Number != "1/2026" || a.HeldMentor != "" {
			t.Errorf("number %q, mentor %q", a.Number, a.HeldMentor)
		}
		w.paper.before = nil
		other, err := w.Ready(t.Context(), theCoordinator(), ids[1], 0)
		if err != nil || other.Number != "2/2026" {
			t.Fatalf("%v %v", err, other)
		}
		if a, err = w.Ready(t.Context(), theCoordinator(), ids[0], 0); err != nil || a.Number != "1/2026" {
			t.Fatalf("%v %v", err, a)
		}
	})
}

// A draft or a party's record that changes while the document is made: the document is made again of the new data.
func TestChangedWhileRendering(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		id := w.draft()
		w.complete(id)
		w.paper.before = func(n int) error {
			switch n {
			case 1:
				_, err := w.Update(context.Background(), theHR(), id, agreements.Patch{Compensation: &agreements.Compensation{Kind: "none"}}, 0)
				return err
			case 2:
				w.low.mu.Lock()
				w.low.people[student].FullName = "Сейтқали Әлихан Дәуренұлы"
				w.low.mu.Unlock()
			}
			return nil
		}
		a, err := w.Ready(t.Context(), theCoordinator(), id, 0)
		if err != nil {
			t.Fatal(err)
		}
		f, err := w.Document(t.Context(), theStudent(), id, agreements.WantedDocument{})
		if err != nil {
			t.Fatal(err)
		}
		if want := "%PDF 1/2026 r1 Сейтқали Әлихан Дәуренұлы none"; string(f.Body) != want || w.paper.made != 3 {
			t.Errorf("%q after %d papers", f.Body, w.paper.made)
		}
		if a.StudentName != "Сейтқали Әлихан Дәуренұлы" {
			t.Error(a.StudentName)
		}
		other := w.draft(func(m *matchOf) { m.From, m.To = "2027-06-01", "2027-07-01" })
		w.complete(other)
		part := collegePart()
		if _, err := w.Update(t.Context(), theCoordinator(), other, agreements.Patch{Schedule: shifted(*part.Schedule, "2027-06-01", "2027-07-01")}, 0); err != nil {
			t.Fatal(err)
		}
		w.paper.before = func(n int) error {
			_, err := w.Update(context.Background(), theHR(), other, agreements.Patch{Compensation: &agreements.Compensation{Kind: "monthly", Amount: int64(n)}}, 0)
			return err
		}
		_, err = w.Ready(t.Context(), theCoordinator(), other, 0)
		wantCode(t, err, "draft_changed")
		w.paper.before, w.paper.size = nil, agreements.MaxDocument+1
		_, err = w.Ready(t.Context(), theCoordinator(), other, 0)
		wantCode(t, err, "document_too_large")
	})
}

func shifted(in []agreements.Phase, from, to cal.Day) *[]agreements.Phase {
	out := slices.Clone(in)
	for i := range out {
		out[i].From, out[i].To = from, to
	}
	return &out
}

// The draft comes and goes with the transaction of its match.
func TestDraftIsPartOfTheMatch(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		if _, err := w.DraftFromMatch(t.Context(), &matchOf{ID: "mat_x"}); err == nil {
			t.Error("a draft outside a transaction")
		}
		id := ""
		err := w.db.Tx(t.Context(), func(ctx context.Context) (err error) {
			id, err = w.DraftFromMatch(ctx, &matchOf{
				ID: "mat_1", PlacementID: place, EnterpriseID: enterprise, StudentID: student, CollegeID: college, Regime: "r50", From: "2027-02-01", To: "2027-05-14",
			})
			if err != nil {
				return err
			}
			return errors.New("the acceptance failed")
		})
		if err == nil || id == "" {
			t.Fatal(err)
		}
		if _, err = w.Agreement(t.Context(), id); !storage.IsNotFound(err) {
			t.Errorf("the draft stayed: %v", err)
		}
	})
}
