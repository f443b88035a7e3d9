package directory_test

import (
	"context"
	"testing"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/i18n"
)

func claimOf(c *directory.College, number string) directory.Claim {
	birth, err := accounts.ValidIIN(number)
	if err != nil {
		panic(err)
	}
	return directory.Claim{CollegeID: c.ID, Group: "ТМ-26-1", IIN: number, BirthDate: birth}
}

func TestClaimAndConfirm(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		c := w.college(directory.TVET, 1)
		by := w.coordinator(c)
		w.roster(by, c, rosterCSV, directory.ImportOptions{})
		student := w.actor(w.person("dana@example.kz", accounts.AsStudent, accounts.Identity{}))

		_, err := w.ClaimEnrolment(ctx, student, directory.Claim{CollegeID: "col_none", Group: "A", IIN: "100101600018", BirthDate: "2010-01-02"})
		w.fields(err, "validation_failed", "college_id unknown_college", "iin iin_check_digit")
		_, err = w.ClaimEnrolment(ctx, student, directory.Claim{CollegeID: c.ID, Group: "A", IIN: dana, BirthDate: "2010-01-02"})
		w.fields(err, "validation_failed", "birth_date iin_birth_date_mismatch")

		e, err := w.ClaimEnrolment(ctx, student, claimOf(c, dana))
		w.ok(err)
		// The roster knows her trade; the answer doesn't tell.
		if e.State != directory.EnrolmentClaimed || e.QualificationCode != "" || e.Group != "ТМ-26-1" {
			t.Fatalf("%+v", e.Enrolment)
		}
		who, err := w.accounts.Identity(ctx, student.PersonID)
		w.ok(err)
		if who.IIN != dana || who.BirthDate != "2010-01-01" {
			t.Error("the claim didn't reach the profile")
		}
		rows := w.list(by, c, directory.RosterFilter{EnrolmentState: directory.EnrolmentClaimed})
		if len(rows) != 1 || rows[0].Match != directory.MatchIINAndBirthDate || !rows[0].InRoster || rows[0].EnrolmentID != e.ID {
			t.Fatalf("%+v", rows)
		}
		// Only the college's coordinator decides; others don't know of it, the student does and may not.
		_, err = w.ConfirmEnrolment(ctx, w.coordinator(w.college(directory.TVET, 2)), e.ID, directory.Studies{})
		w.refused(err, "not_found")
		_, err = w.ConfirmEnrolment(ctx, student, e.ID, directory.Studies{})
		w.refused(err, "forbidden")
		_, err = w.ConfirmEnrolment(ctx, by, e.ID, directory.Studies{QualificationCode: "99999999", ProgrammeCode: "6B071"})
		w.fields(err, "validation_failed", "qualification_code code_unknown", "programme_code code_wrong_regime")
		done, err := w.ConfirmEnrolment(ctx, by, e.ID, directory.Studies{OrderNumber: "41-о"})
		w.ok(err)
		if done.State != directory.EnrolmentConfirmed || done.QualificationCode != "4S07150106" || done.SpecialtyCode != "07150100" || done.OrderNumber != "41-о" {
			t.Fatalf("%+v", done.Enrolment)
		}
		again, err := w.ConfirmEnrolment(ctx, by, e.ID, directory.Studies{})
		w.ok(err)
		if again.Version != done.Version || w.count(directory.EventEnrolmentConfirmed) != 1 {
			t.Error("a repeat changed something")
		}
		_, err = w.ClaimEnrolment(ctx, student, claimOf(c, dana))
		w.refused(err, "enrolment_exists")
		locked, err := w.IdentityLocked(ctx, student.PersonID)
		if err != nil || !locked {
			t.Error("the identity isn't locked")
		}

		_, err = w.EndEnrolment(ctx, by, e.ID, directory.Ending{EndedOn: "2026-11-24"})
		w.refused(err, "date_in_future")
		_, err = w.EndEnrolment(ctx, by, e.ID, directory.Ending{Reason: directory.EndClaimRefused})
		w.refused(err, "reason_not_fitting")
		var told *directory.Enrolment
		w.OnEnrolmentEnded = func(_ context.Context, e *directory.Enrolment) error { told = e; return nil }
		done, err = w.EndEnrolment(ctx, by, e.ID, directory.Ending{Reason: directory.EndTransferred, EndedOn: "2026-11-20"})
		w.ok(err)
		if done.State != directory.EnrolmentEnded || told == nil || told.PersonID != student.PersonID {
			t.Fatalf("%+v", done.Enrolment)
		}
		told = nil
		_, err = w.EndEnrolment(ctx, by, e.ID, directory.Ending{Reason: directory.EndTransferred})
		w.ok(err)
		if told != nil {
			t.Error("told twice")
		}
		_, err = w.ConfirmEnrolment(ctx, by, e.ID, directory.Studies{})
		w.refused(err, "enrolment_ended")
	})
}

func TestClaimsAreReplacedAndRefused(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		a, b := w.college(directory.TVET, 1), w.college(directory.TVET, 2)
		byA, byB := w.coordinator(a), w.coordinator(b)
		w.OnEnrolmentEnded = func(context.Context, *directory.Enrolment) error { t.Error("told of a claim"); return nil }
		student := w.actor(w.person("dana@example.kz", accounts.AsStudent, accounts.Identity{}))
		first, err := w.ClaimEnrolment(ctx, student, claimOf(a, dana))
		w.ok(err)
		second, err := w.ClaimEnrolment(ctx, student, claimOf(b, dana))
		w.ok(err)
		live, err := w.Enrolment(ctx, student.PersonID)
		w.ok(err)
		if live.ID != second.ID {
			t.Fatal("the first claim lives")
		}
		_, err = w.ConfirmEnrolment(ctx, byA, first.ID, directory.Studies{})
		w.refused(err, "enrolment_ended")
		if rows := w.list(byA, a, directory.RosterFilter{}); len(rows) != 0 {
			t.Errorf("%+v", rows)
		}
		rows := w.list(byB, b, directory.RosterFilter{})
		if len(rows) != 1 || rows[0].InRoster || rows[0].Match != directory.MatchNone {
			t.Fatalf("%+v", rows)
		}
		refused, err := w.EndEnrolment(ctx, byB, second.ID, directory.Ending{})
		w.ok(err)
		if refused.EndReason != directory.EndClaimRefused {
			t.Errorf("%+v", refused.Enrolment)
		}
		// The IIN is the first account's for good.
		other := w.actor(w.person("other@example.kz", accounts.AsStudent, accounts.Identity{}))
		_, err = w.ClaimEnrolment(ctx, other, claimOf(a, dana))
		w.refused(err, "iin_taken")
		_, err = w.ClaimEnrolment(ctx, student, claimOf(a, aibek))
		w.fields(err, "validation_failed", "iin iin_differs_from_profile")
		// A confirmed claim that the roster doesn't know puts its row on the roster, and the roster takes it over.
		third, err := w.ClaimEnrolment(ctx, student, claimOf(a, dana))
		w.ok(err)
		_, err = w.ConfirmEnrolment(ctx, byA, third.ID, directory.Studies{})
		w.ok(err)
		if got := counts(w.roster(byA, a, rosterCSV, directory.ImportOptions{})); got != "done 2: +1 ~1 =0 linked 0 ended 0" {
			t.Fatal(got)
		}
		live, err = w.Enrolment(ctx, student.PersonID)
		w.ok(err)
		if live.QualificationCode != "4S07150106" {
			t.Errorf("%+v", live)
		}
	})
}

func TestProvedMailLinks(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		c := w.college(directory.TVET, 1)
		by := w.coordinator(c)
		w.roster(by, c, rosterCSV, directory.ImportOptions{})
		// An account with another IIN isn't linked by mail alone.
		wrong := w.person("aibek.seitov@example.kz", accounts.AsStudent, accounts.Identity{IIN: dana})
		_, err := w.Enrolment(ctx, wrong.ID)
		w.refused(err, "enrolment_not_found")

		c2 := w.college(directory.TVET, 2)
		w.roster(w.coordinator(c2), c2, rosterCSV[:len("full_name,iin,birth_date,group,course,qualification_code,email\n")]+
			"Жаңа Білім Алушы,"+iin("2009-03-03", 3)+",2009-03-03,ТМ-26-1,1,4S07150106,zhana@example.kz\n", directory.ImportOptions{})
		p, err := w.accounts.ImportPerson(ctx, accounts.NewPerson{Email: "zhana@example.kz", FullName: "Жаңа", Role: accounts.AsStudent, Locale: i18n.KK})
		w.ok(err)
		_, err = w.Enrolment(ctx, p.ID)
		w.refused(err, "enrolment_not_found") // not proved yet
		p.EmailProvedAt = w.clock.Now()
		w.ok(w.MailProved(ctx, p))
		e, err := w.Enrolment(ctx, p.ID)
		w.ok(err)
		if e.State != directory.EnrolmentConfirmed || e.CollegeID != c2.ID || e.FullName != "Жаңа Білім Алушы" {
			t.Fatalf("%+v", e)
		}
		w.ok(w.MailProved(ctx, p))
		if w.count(directory.EventEnrolmentConfirmed) != 1 {
			t.Error("linked twice")
		}
	})
}

// The IIN of a linked row that another account holds must neither undo the link nor stop the handlers.
func TestLinkWithTakenIIN(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		c := w.college(directory.TVET, 1)
		w.person("thief@example.kz", accounts.AsStudent, accounts.Identity{IIN: aibek})
		w.roster(w.coordinator(c), c, rosterCSV, directory.ImportOptions{})
		p := w.person("aibek.seitov@example.kz", accounts.AsStudent, accounts.Identity{})
		if w.count(directory.EventEnrolmentConfirmed) != 1 {
			t.Error("not linked")
		}
		who, err := w.accounts.Identity(ctx, p.ID)
		w.ok(err)
		if who.IIN != "" {
			t.Error("two accounts with one IIN")
		}
		dead, err := w.box.Dead(ctx, zeroCursor(), 10)
		w.ok(err)
		if len(dead.Items) != 0 {
			t.Error("dead letters")
		}
	})
}

func TestOneLiveEnrolment(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		a, b := w.college(directory.TVET, 1), w.college(directory.TVET, 2)
		p := w.person("dana@example.kz", accounts.AsStudent, accounts.Identity{IIN: dana, BirthDate: "2010-01-01"})
		got := w.together(func(ctx context.Context, i int) error {
			c := a
			if i%2 == 1 {
				c = b
			}
			_, err := w.RecordEnrolment(ctx, accounts.SystemActor("test"), p.ID, c.ID, directory.Studies{Group: "A"})
			return err
		})
		w.want(got, map[string]int{"": callers / 2, "enrolment_exists": callers / 2})
		if n := w.count(directory.EventEnrolmentConfirmed); n != 1 {
			t.Errorf("%d confirmations", n)
		}
	})
}

func TestEraseParts(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		c := w.college(directory.TVET, 1)
		by := w.coordinator(c)
		p := w.person("aibek.seitov@example.kz", accounts.AsStudent, accounts.Identity{})
		w.roster(by, c, rosterCSV, directory.ImportOptions{})
		records, err := w.Records(ctx, p.ID)
		w.ok(err)
		if len(records) != 1 || records[0].Kind != "enrolment" {
			t.Errorf("%+v", records)
		}
		w.ok(w.accounts.DeleteMe(ctx, w.actor(p)))
		_, err = w.Enrolment(ctx, p.ID)
		w.refused(err, "enrolment_not_found")
		if rows := w.list(by, c, directory.RosterFilter{EnrolmentState: directory.EnrolmentEnded}); len(rows) != 0 {
			t.Errorf("%+v", rows)
		}
	})
}
