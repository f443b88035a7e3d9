package accounts_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/i18n"
)

func codeOf(err error) string { return errs.CodeOf(err) }

func ptr[T any](v T) *T { return &v }

func TestProfile(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		p := w.register("a@example.kz")
		a, _ := w.signIn(p.Email)
		me, err := w.UpdateMe(ctx, a, accounts.PersonChange{
			IIN: ptr("080515500017"), BirthDate: ptr(cal.Day("2008-05-15")), Phone: ptr("8 701 000 00 17"), Address: ptr(" Ерубаев көшесі 10 "),
			Languages: ptr([]string{"kk", "ru"}), About: ptr("Токарь."), FullName: ptr("Сейітов  Айбек"), Locale: ptr(i18n.RU),
		}, p.Version)
		w.ok(err)
		want := accounts.Identity{IIN: "080515500017", BirthDate: "2008-05-15", Phone: "+77010000017", Address: "Ерубаев көшесі 10"}
		if me.Identity != want || me.Person.FullName != "Сейітов Айбек" || me.Person.Locale != i18n.RU || me.GuardianRequired {
			t.Fatalf("%+v %+v", me, me.Person)
		}
		_, err = w.UpdateMe(ctx, a, accounts.PersonChange{About: ptr("x")}, p.Version)
		w.refused(err, "stale_version")
		_, err = w.UpdateMe(ctx, a, accounts.PersonChange{
			IIN: ptr("080515500018"), BirthDate: ptr(cal.Day("2030-01-01")), Phone: ptr("8-800"), Languages: ptr([]string{"kk", "kk"}),
			FullName: ptr(" "), Locale: ptr(i18n.Lang("de")), About: ptr(strings.Repeat("ә", 1001)), Address: ptr(strings.Repeat("ә", 301)),
		}, 0)
		w.wantFields(err, "full_name required", "locale unknown_value", "profile.iin iin_check_digit", "profile.birth_date birth_date_impossible",
			"profile.phone phone_malformed", "profile.address too_long", "profile.languages not_unique", "profile.about too_long")
		_, err = w.UpdateMe(ctx, a, accounts.PersonChange{BirthDate: ptr(cal.Day("2008-05-16"))}, 0)
		w.wantFields(err, "profile.birth_date iin_birth_date_mismatch")
		after, err := w.Me(ctx, a)
		w.ok(err)
		if after.Person.Version != me.Person.Version || after.Identity != want {
			t.Error("a refused change left something")
		}
		empty, err := w.UpdateMe(ctx, a, accounts.PersonChange{
			IIN: ptr(""), BirthDate: ptr(cal.Day("")), Phone: ptr(""), Address: ptr(""), Languages: ptr([]string{}), About: ptr(""),
		}, 0)
		w.ok(err)
		if empty.Identity != (accounts.Identity{}) || len(empty.Person.Languages) != 0 || empty.Person.About != "" {
			t.Errorf("not emptied: %+v", empty)
		}
	})
}

func TestGuardianRequiredUnder18(t *testing.T) {
	w := newWorld(t, nilless(t))
	p := w.register("a@example.kz")
	a, _ := w.signIn(p.Email)
	w.ok(w.SetIdentity(t.Context(), p.ID, accounts.Identity{BirthDate: "2008-11-23"})) // 18 tomorrow
	if me, err := w.Me(t.Context(), a); err != nil || !me.GuardianRequired {
		t.Fatalf("%+v %v", me, err)
	}
	w.rules.advance(14 * time.Hour) // 19:00 UTC is the next day here
	if me, err := w.Me(t.Context(), a); err != nil || me.GuardianRequired {
		t.Fatalf("%+v %v", me, err)
	}
}

func TestIdentityLockAndPlaces(t *testing.T) {
	w := newWorld(t, nilless(t))
	ctx := t.Context()
	p := w.register("a@example.kz")
	a, _ := w.signIn(p.Email)
	w.IdentityLocked = func(context.Context, string) (bool, error) { return true, nil }
	w.FindPlace = func(region, city string) (string, string, []errs.Field) {
		if region == "000000000" {
			return "", "", []errs.Field{{Field: "region", Code: "unknown_region"}, {Field: "city", Code: "unknown_city"}}
		}
		return region, strings.ToUpper(city), nil
	}
	_, err := w.UpdateMe(ctx, a, accounts.PersonChange{IIN: ptr("080515500017")}, 0) // filling in is no change
	w.ok(err)
	_, err = w.UpdateMe(ctx, a, accounts.PersonChange{IIN: ptr("080515500808")}, 0)
	w.refused(err, "identity_locked")
	_, err = w.UpdateMe(ctx, a, accounts.PersonChange{IIN: ptr("")}, 0)
	w.refused(err, "identity_locked")
	_, err = w.UpdateMe(ctx, a, accounts.PersonChange{Phone: ptr("87010000017")}, 0)
	w.ok(err)
	_, err = w.UpdateMe(ctx, a, accounts.PersonChange{Region: ptr("000000000"), City: ptr("x")}, 0)
	w.wantFields(err, "profile.region unknown_region", "profile.city unknown_city")
	me, err := w.UpdateMe(ctx, a, accounts.PersonChange{Region: ptr("350000000"), City: ptr("temirtau")}, 0)
	w.ok(err)
	if me.Person.City != "TEMIRTAU" {
		t.Error(me.Person.City)
	}
}

func TestOneIINOneAccount(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		a, b := w.register("a@example.kz"), w.register("b@example.kz")
		in := accounts.Identity{IIN: "080515500017", BirthDate: "2008-05-15"}
		w.ok(w.SetIdentity(ctx, a.ID, in))
		w.ok(w.SetIdentity(ctx, a.ID, accounts.Identity{Phone: "87010000017"})) // leaves the rest
		w.refused(w.SetIdentity(ctx, b.ID, in), "iin_taken")
		other, _ := w.signIn(b.Email)
		_, err := w.UpdateMe(ctx, other, accounts.PersonChange{IIN: ptr("080515500017")}, 0)
		w.refused(err, "iin_taken")
		w.refused(w.SetIdentity(ctx, "psn_unknown", in), "not_found")
		w.wantFields(w.SetIdentity(ctx, a.ID, accounts.Identity{BirthDate: "2008-05-16"}), "birth_date iin_birth_date_mismatch")
		w.wantFields(w.SetIdentity(ctx, b.ID, accounts.Identity{IIN: "080230500017"}), "iin iin_malformed")
		got, err := w.Identity(ctx, a.ID)
		w.ok(err)
		if got.IIN != in.IIN || got.BirthDate != in.BirthDate || got.Phone != "+77010000017" {
			t.Errorf("%+v", got)
		}
		if got, _ := w.Identity(ctx, b.ID); got != (accounts.Identity{}) {
			t.Errorf("%+v", got)
		}
	})
}

func TestFortyClaimOneIIN(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		var ids []string
		for i := range callers {
			p, err := w.ImportPerson(t.Context(), accounts.NewPerson{
				Email: fmt.Sprintf("u%d@example.kz", i), FullName: "Асан", Role: accounts.AsStudent, Locale: i18n.KK,
			})
			w.ok(err)
			ids = append(ids, p.ID)
		}
		got := w.together(func(ctx context.Context, i int) error {
			return w.SetIdentity(ctx, ids[i], accounts.Identity{IIN: "080515500017", BirthDate: "2008-05-15"})
		})
		w.want(got, map[string]int{"": 1, "iin_taken": callers - 1})
	})
}

func TestImportMayBeRepeated(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		hash, err := w.HashPassword(ctx, "orynda-demo")
		w.ok(err)
		in := accounts.NewPerson{
			Email: "Student@demo.orynda.kz", FullName: "Асан", Role: accounts.AsStudent, Locale: i18n.KK, PasswordHash: hash, EmailProved: true,
			Identity: accounts.Identity{IIN: "080515500017", BirthDate: "2008-05-15", Phone: "87010000017"},
		}
		var first, again *accounts.Person
		w.ok(w.db.Tx(ctx, func(ctx context.Context) (err error) { first, err = w.ImportPerson(ctx, in); return err }))
		again, err = w.ImportPerson(ctx, in)
		w.ok(err)
		if first.ID != again.ID || !again.EmailProved() {
			t.Errorf("%v %v", first, again)
		}
		w.ok(w.login("student@demo.orynda.kz", "orynda-demo", ""))
		if n := len(w.drained()); n != 0 {
			t.Errorf("%d mails", n)
		}
		in.Email, in.FullName, in.Identity.IIN = "bad", "", "1"
		_, err = w.ImportPerson(ctx, in)
		w.wantFields(err, "email bad_format", "full_name required", "iin iin_malformed")
	})
}

func TestDeleteMe(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		a, pair := w.proved("gone@example.kz")
		b, _ := w.proved("stays@example.kz")
		w.ok(w.SetIdentity(ctx, a.PersonID, accounts.Identity{IIN: "080515500017", BirthDate: "2008-05-15", Address: "Ерубаев көшесі 10"}))
		w.ok(w.AddMembership(ctx, a.PersonID, "ent_1", accounts.KindEnterprise, accounts.RoleAdmin))
		a = w.actor(pair)
		w.refused(w.DeleteMe(ctx, a), "last_admin")
		w.ok(w.AddMembership(ctx, b.PersonID, "ent_1", accounts.KindEnterprise, accounts.RoleAdmin))
		w.OnErase = func(context.Context, *accounts.Person) error { return errs.New(errs.Conflict, "agreement_alive") }
		w.refused(w.DeleteMe(ctx, a), "agreement_alive")
		if members, err := w.MembersOf(ctx, "ent_1"); err != nil || len(members) != 2 {
			t.Fatalf("a refused deletion left %d members, %v", len(members), err)
		}
		w.OnErase = nil
		w.ok(w.DeleteMe(ctx, a))
		if got := w.secret(accounts.EventDeleted); got != "gone@example.kz" {
			t.Error("the farewell goes to", got)
		}
		w.refused(second(w.Authenticate(ctx, pair.AccessToken)), "unauthorized")
		w.refused(w.login("gone@example.kz", password, ""), "invalid_credentials")
		w.refused(second(w.PersonByEmail(ctx, "gone@example.kz")), "not_found")
		shell, err := w.Person(ctx, a.PersonID)
		w.ok(err)
		if !shell.Deleted() || shell.FullName != "" || shell.Email != "" || len(shell.SealedAddress) != 0 || shell.IINHash != "" {
			t.Errorf("%+v", shell)
		}
		if members, _ := w.MembersOf(ctx, "ent_1"); len(members) != 1 || members[0].PersonID != b.PersonID {
			t.Errorf("%v", members)
		}
		if all := w.stored(); strings.Contains(all, "gone@example") || strings.Contains(all, "Redmi Note 12\",\"epoch\":0,\"ended") {
			t.Error("something of the person is left")
		}
		w.ok(w.SetIdentity(ctx, b.PersonID, accounts.Identity{IIN: "080515500017", BirthDate: "2008-05-15"})) // free again
		w.register("gone@example.kz")
		if len(accounts.Retained()) == 0 {
			t.Error("nothing is named as kept")
		}
	})
}

func TestExport(t *testing.T) {
	w := newWorld(t, nilless(t))
	ctx := t.Context()
	a, _ := w.proved("a@example.kz")
	w.ok(w.SetIdentity(ctx, a.PersonID, accounts.Identity{IIN: "080515500017"}))
	w.Records = append(w.Records, func(_ context.Context, personID string) ([]accounts.Record, error) {
		return []accounts.Record{{Kind: "offer", ID: "ofr_2", CreatedAt: w.rules.Now()}, {Kind: "application", ID: "app_1"}}, nil
	})
	out, err := w.ExportMe(ctx, a)
	w.ok(err)
	if out.Me.Identity.IIN != "080515500017" || len(out.Sessions) != 1 || len(out.Records) != 2 || out.Records[0].ID != "app_1" {
		t.Errorf("%+v", out)
	}
	for range 9 {
		_, err = w.ExportMe(ctx, a)
		w.ok(err)
	}
	w.refused(second(w.ExportMe(ctx, a)), "rate_limited")
	w.rules.advance(24 * time.Hour)
	_, err = w.ExportMe(ctx, a)
	w.ok(err)
}

// Nothing that opens a door, and no personal data, stands readable in the store or in the log.
func TestSecretsAreNotReadable(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		p := w.register("a@example.kz")
		digits := w.secret(accounts.EventCodeIssued)
		w.ok(w.VerifyEmail(ctx, p.Email, digits))
		a, pair := w.signIn(p.Email)
		next, err := w.Refresh(ctx, pair.RefreshToken)
		w.ok(err)
		_, err = w.UpdateMe(ctx, a, accounts.PersonChange{
			IIN: ptr("080515500017"), BirthDate: ptr(cal.Day("2008-05-15")), Phone: ptr("+77019998877"), Address: ptr("Құпия көше"),
		}, 0)
		w.ok(err)
		_, err = w.RequestPasswordReset(ctx, p.Email)
		w.ok(err)
		reset := w.secret(accounts.EventResetRequested)
		_, err = w.Invite(ctx, a, accounts.NewInvitation{
			Email: "b@example.kz", OrganisationID: "ent_1", Kind: accounts.KindEnterprise, Role: accounts.RoleHR,
		})
		w.ok(err)
		token := w.secret(accounts.EventInvited)
		_ = w.login(p.Email, "wrong-Secret-word", "192.0.2.99")
		_, _ = w.Authenticate(ctx, pair.AccessToken+"x")
		everything := w.stored() + w.log.String()
		for name, secret := range map[string]string{
			"password": password, "wrong password": "wrong-Secret-word", "client address": "192.0.2.99",
			"refresh token": pair.RefreshToken, "its hash": pair.RefreshToken[strings.LastIndex(pair.RefreshToken[:50], "_")+1:],
			"next refresh token": next.RefreshToken, "access token": pair.AccessToken, "invitation": token,
			"iin": "080515500017", "birth date": "2008-05-15", "phone": "9998877", "address": "Құпия",
		} {
			if strings.Contains(everything, secret) {
				t.Errorf("%s is readable", name)
			}
		}
		for name, code := range map[string]string{"code": digits, "reset code": reset} {
			if strings.Contains(everything, `"`+code+`"`) || strings.Contains(w.log.String(), code) {
				t.Errorf("the %s is readable", name)
			}
		}
		if !strings.Contains(everything, p.ID) {
			t.Error("this test sees nothing")
		}
		text := fmt.Sprint(errs.New(errs.Internal, "x").WithCause(fmt.Errorf("%w", second(w.Authenticate(ctx, pair.AccessToken+"x")))))
		if strings.Contains(text, pair.AccessToken[:20]) {
			t.Error("an error quotes the token")
		}
	})
}

func TestPrune(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		w.register("a@example.kz")
		a, _ := w.signIn("a@example.kz")
		w.refused(w.login("a@example.kz", "wrong-password", "192.0.2.9"), "invalid_credentials")
		job := accounts.Jobs(w.Service)[0]
		w.ok(job.Run(t.Context(), w.rules.Now()))
		for _, name := range []string{"codes ", "quotas ", "guesses ", "sessions "} {
			if !strings.Contains(w.stored(), "\n"+name) {
				t.Errorf("%s pruned too early", name)
			}
		}
		w.rules.advance(61 * 24 * time.Hour)
		w.real.advance(61 * 24 * time.Hour)
		w.ok(job.Run(t.Context(), w.rules.Now()))
		for _, name := range []string{"codes ", "quotas ", "guesses ", "sessions "} {
			if strings.Contains(w.stored(), "\n"+name) {
				t.Errorf("%s not pruned", name)
			}
		}
		if _, err := w.Person(t.Context(), a.PersonID); err != nil {
			t.Error(err)
		}
	})
}
