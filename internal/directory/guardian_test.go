package directory_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/storage"
)

func zeroCursor() storage.Cursor { return storage.Cursor{} }

func mother() directory.GuardianInput {
	return directory.GuardianInput{FullName: "Оспанова Гүлнар", Email: "Gulnar@example.kz", Phone: "87020000019", Ground: directory.GroundParent}
}

// minor makes a student of sixteen with a claim at a college.
func (w *world) minor(c *directory.College) accounts.Actor {
	w.t.Helper()
	p := w.person("dana@example.kz", accounts.AsStudent, accounts.Identity{IIN: dana, BirthDate: "2010-01-01", Phone: "+77010000017"})
	a := w.actor(p)
	_, err := w.ClaimEnrolment(w.t.Context(), a, claimOf(c, dana))
	w.ok(err)
	return a
}

// acceptGuardian accepts the invitation of a guardian with a new account.
func (w *world) acceptGuardian(g *directory.Guardian) *accounts.Person {
	w.t.Helper()
	ctx := w.t.Context()
	p := w.person(g.Email, accounts.AsGuardian, accounts.Identity{})
	inv, err := w.accounts.Invitation(ctx, g.InvitationID)
	w.ok(err)
	w.ok(w.db.Tx(ctx, func(ctx context.Context) error { return w.InvitationAccepted(ctx, inv, p) }))
	return p
}

func TestGuardian(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		c := w.college(directory.TVET, 1)
		by := w.coordinator(c)
		nobody := w.actor(w.person("nobody@example.kz", accounts.AsStudent, accounts.Identity{}))
		_, err := w.NameGuardian(ctx, nobody, mother())
		w.refused(err, "birth_date_missing")
		grown := w.actor(w.person("grown@example.kz", accounts.AsStudent, accounts.Identity{IIN: aibek}))
		_, err = w.NameGuardian(ctx, grown, mother())
		w.refused(err, "guardian_not_needed")

		ward := w.minor(c)
		in := mother()
		in.Email, in.Phone = "dana@example.kz", "8 701 000 00 17"
		_, err = w.NameGuardian(ctx, ward, in)
		w.fields(err, "contact_shared", "email contact_shared", "phone contact_shared")
		_, err = w.NameGuardian(ctx, ward, directory.GuardianInput{FullName: "X", Ground: "aunt"})
		w.fields(err, "validation_failed", "full_name too_short", "email required", "phone required", "ground unknown_value")

		g, err := w.NameGuardian(ctx, ward, mother())
		w.ok(err)
		if g.State != directory.GuardianNamed || g.Phone != "+77020000019" || g.Email != "gulnar@example.kz" {
			t.Fatalf("%+v", g)
		}
		same, err := w.NameGuardian(ctx, ward, mother())
		w.ok(err)
		if same.ID != g.ID || w.count(directory.EventGuardianNamed) != 1 || w.count(accounts.EventInvited) != 2 {
			t.Error("naming again isn't the same")
		}
		// The college's word may come first; seeing takes both.
		_, err = w.ConfirmGuardian(ctx, w.coordinator(w.college(directory.TVET, 2)), g.ID, "")
		w.refused(err, "not_found")
		_, err = w.ConfirmGuardian(ctx, ward, g.ID, "")
		w.refused(err, "forbidden")
		g, err = w.ConfirmGuardian(ctx, by, g.ID, "Туу туралы куәлік көрсетілді.")
		w.ok(err)
		if g.State != directory.GuardianNamed || g.ConfirmedAt.IsZero() {
			t.Fatalf("%+v", g.Guardian)
		}
		parent := w.acceptGuardian(&g.Guardian)
		is, err := w.Represents(ctx, parent.ID, ward.PersonID)
		if err != nil || !is {
			t.Fatal("accepted and confirmed, and no guardian")
		}
		rows := w.list(by, c, directory.RosterFilter{GuardianState: directory.GuardianConfirmed})
		if len(rows) != 1 || len(rows[0].Guardians) != 1 || rows[0].Guardians[0].Phone != "+77020000019" {
			t.Fatalf("%+v", rows)
		}
		wards, err := w.NamedWards(ctx, parent.ID)
		w.ok(err)
		if len(wards) != 1 || wards[0].Ward.ID != ward.PersonID {
			t.Errorf("%+v", wards)
		}
		refused, err := w.RefuseGuardian(ctx, by, g.ID, "Құжат көрсетілмеді.")
		w.ok(err)
		if refused.State != directory.GuardianRefused {
			t.Errorf("%+v", refused.Guardian)
		}
		if is, err = w.Represents(ctx, parent.ID, ward.PersonID); err != nil || is {
			t.Error("a refused guardian represents")
		}
		_, err = w.ConfirmGuardian(ctx, by, g.ID, "")
		w.refused(err, "guardian_refused")
	})
}

func TestTwoGuardiansAtMost(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		c := w.college(directory.TVET, 1)
		ward := w.minor(c)
		got := w.together(func(ctx context.Context, i int) error {
			in := mother()
			in.Email, in.Phone = fmt.Sprintf("g%d@example.kz", i), fmt.Sprintf("+770200000%02d", i)
			_, err := w.NameGuardian(ctx, ward, in)
			return err
		})
		w.want(got, map[string]int{"": 2, "guardian_limit": callers - 2})
		list, err := w.Guardians(ctx, ward.PersonID)
		w.ok(err)
		if len(list) != 2 {
			t.Fatalf("%d guardians", len(list))
		}
		_, err = w.RefuseGuardian(ctx, w.coordinator(c), list[0].ID, "Қате.")
		w.ok(err)
		_, err = w.NameGuardian(ctx, ward, mother())
		w.ok(err) // a refused one makes room
	})
}

func TestCollegeNamesGuardian(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		c := w.college(directory.TVET, 1)
		by := w.coordinator(c)
		ward := w.minor(c)
		req := accounts.InvitationRequest{
			Email: "gulnar@example.kz", Role: accounts.RoleGuardian, StudentID: ward.PersonID, FullName: "Оспанова Гүлнар", Phone: "+77020000019",
			Ground: directory.GroundParent,
		}
		stranger := w.person("stranger@example.kz", accounts.AsStudent, accounts.Identity{})
		wrong := req
		wrong.StudentID = stranger.ID
		_, err := w.accounts.CreateInvitation(ctx, by, c.ID, wrong)
		w.refused(err, "not_own_student")
		wrong = req
		wrong.Phone = "+77010000017"
		_, err = w.accounts.CreateInvitation(ctx, by, c.ID, wrong)
		w.refused(err, "contact_shared")
		sent, err := w.accounts.CreateInvitation(ctx, by, c.ID, req)
		w.ok(err)
		list, err := w.Guardians(ctx, ward.PersonID)
		w.ok(err)
		if len(list) != 1 || list[0].ID != sent.Invitation.GuardianID || list[0].CollegeID != c.ID {
			t.Fatalf("%+v", list)
		}
		w.ok(w.accounts.WithdrawInvitation(ctx, by, c.ID, sent.Invitation.ID))
		if list, err = w.Guardians(ctx, ward.PersonID); err != nil || len(list) != 0 {
			t.Errorf("%+v %v", list, err)
		}
		// A citizen's guardian is confirmed by the college that the draft names.
		w.DraftColleges = func(context.Context, string) ([]string, error) { return []string{c.ID}, nil }
		citizen := w.actor(w.person("citizen@example.kz", accounts.AsCitizen, accounts.Identity{IIN: iin("2010-05-05", 1), BirthDate: "2010-05-05"}))
		g, err := w.NameGuardian(ctx, citizen, mother())
		w.ok(err)
		_, err = w.ConfirmGuardian(ctx, by, g.ID, "")
		w.ok(err)
	})
}

func TestWardIsNoGuardian(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		c := w.college(directory.TVET, 1)
		ward := w.minor(c)
		g, err := w.NameGuardian(ctx, ward, mother())
		w.ok(err)
		inv, err := w.accounts.Invitation(ctx, g.InvitationID)
		w.ok(err)
		self, err := w.accounts.Person(ctx, ward.PersonID)
		w.ok(err)
		w.refused(w.db.Tx(ctx, func(ctx context.Context) error { return w.InvitationAccepted(ctx, inv, self) }), "contact_shared")
		// The guardian's own account took the ward's phone meanwhile.
		parent, err := w.accounts.ImportPerson(ctx, accounts.NewPerson{
			Email: g.Email, FullName: "Оспанова Гүлнар", Role: accounts.AsGuardian, Locale: i18n.KK, EmailProved: true,
			Identity: accounts.Identity{Phone: "+77010000017"},
		})
		w.ok(err)
		w.ok(w.db.Tx(ctx, func(ctx context.Context) error { return w.InvitationAccepted(ctx, inv, parent) }))
		_, err = w.ConfirmGuardian(ctx, w.coordinator(c), g.ID, "")
		w.refused(err, "contact_shared")
	})
}
