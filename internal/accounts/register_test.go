package accounts_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/i18n"
)

func TestRegisterAndProve(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		proved := 0
		w.OnProved = func(_ context.Context, p *accounts.Person) error { proved++; return nil }
		p := w.register("Aibek.Seitov@Example.kz")
		if p.Email != "aibek.seitov@example.kz" || p.EmailProved() {
			t.Fatalf("%+v", p)
		}
		digits := w.secret(accounts.EventCodeIssued)
		w.refused(w.VerifyEmail(ctx, "nobody@example.kz", digits), "code_invalid")
		w.refused(w.VerifyEmail(ctx, p.Email, other(digits)), "code_invalid")
		w.ok(w.VerifyEmail(ctx, " AIBEK.seitov@example.kz", digits))
		w.ok(w.VerifyEmail(ctx, p.Email, digits)) // once more while it lives
		if proved != 1 {
			t.Errorf("OnProved was told %d times", proved)
		}
		if a, _ := w.signIn(p.Email); !a.EmailProved || a.PersonID != p.ID {
			t.Errorf("%+v", a)
		}
		w.rules.advance(31 * time.Minute)
		w.refused(w.VerifyEmail(ctx, p.Email, digits), "code_invalid")
	})
}

// other gives six other digits.
func other(digits string) string {
	if digits[0] == '0' {
		return "1" + digits[1:]
	}
	return "0" + digits[1:]
}

func TestCodeTriesAndResend(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		p := w.register("a@example.kz")
		first := w.secret(accounts.EventCodeIssued)
		for range 5 {
			w.refused(w.VerifyEmail(ctx, p.Email, other(first)), "code_invalid")
		}
		w.refused(w.VerifyEmail(ctx, p.Email, first), "code_invalid") // used up
		_, err := w.ResendCode(ctx, p.Email)
		w.refused(err, "rate_limited") // the registration's mail counts
		for i := range 9 {
			w.rules.advance(time.Minute)
			_, err := w.ResendCode(ctx, p.Email)
			w.ok(err)
			if w.count(accounts.EventCodeIssued) != i+2 {
				t.Fatalf("%d codes after %d mails", w.count(accounts.EventCodeIssued), i+2)
			}
		}
		w.rules.advance(time.Minute)
		_, err = w.ResendCode(ctx, p.Email)
		w.refused(err, "rate_limited") // ten a day
		w.ok(w.VerifyEmail(ctx, p.Email, w.secret(accounts.EventCodeIssued)))
		w.rules.advance(24 * time.Hour)
		sent, err := w.ResendCode(ctx, p.Email)
		w.ok(err)
		unknown, err := w.ResendCode(ctx, "unknown@example.kz")
		w.ok(err)
		unknown.Email = sent.Email
		if sent != unknown {
			t.Errorf("a proved address answers %v, an unknown one %v", sent, unknown)
		}
		if n := w.count(accounts.EventCodeIssued); n != 10 {
			t.Errorf("%d codes", n)
		}
	})
}

func TestKnownAddressAnswersTheSame(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		in := accounts.Registration{Email: "known@example.kz", Password: password, FullName: "Айбек", Role: accounts.AsStudent, Locale: i18n.KK}
		first, err := w.Register(ctx, in)
		w.ok(err)
		w.ok(w.VerifyEmail(ctx, in.Email, w.secret(accounts.EventCodeIssued)))
		before, err := w.PersonByEmail(ctx, in.Email)
		w.ok(err)
		w.rules.advance(2 * time.Minute)
		in.Password, in.FullName, in.Role = "Someone-elses-77", "Басқа Адам", accounts.AsEnterprise
		second, err := w.Register(ctx, in)
		w.ok(err)
		if first != second {
			t.Errorf("answers differ: %v, %v", first, second)
		}
		after, err := w.PersonByEmail(ctx, in.Email)
		w.ok(err)
		if before.Version != after.Version || after.FullName != "Айбек" {
			t.Errorf("the account changed: %+v", after)
		}
		if n := w.count(accounts.EventKnownAddress); n != 1 {
			t.Errorf("the owner was told %d times", n)
		}
		if n := w.count(accounts.EventCodeIssued); n != 1 {
			t.Errorf("%d codes", n)
		}
		w.signIn(in.Email) // the old password still holds
	})
}

func TestFortyRegistrationsOfOneAddress(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		got := w.together(func(ctx context.Context, i int) error {
			_, err := w.Register(ctx, accounts.Registration{
				Email: "one@example.kz", Password: password, FullName: "Айбек", Role: accounts.AsStudent, Locale: i18n.KK,
			})
			return err
		})
		w.want(got, map[string]int{"": callers})
		if n := strings.Count(w.stored(), "people psn_"); n != 1 {
			t.Errorf("%d accounts", n)
		}
		if n := w.count(accounts.EventCodeIssued) + w.count(accounts.EventKnownAddress); n != 1 {
			t.Errorf("%d mails", n)
		}
	})
}

func TestRegistrationNamesEveryField(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		_, err := w.Register(t.Context(), accounts.Registration{Email: "no address", Password: "short", FullName: "1", Role: "admin", Locale: "de"})
		w.wantFields(err, "email bad_format", "password too_short", "full_name too_short", "role unknown_value", "locale unknown_value")
		_, err = w.Register(t.Context(), accounts.Registration{
			Email: "a@example.kz", Password: "қазақстан1", FullName: "Айбек", Role: accounts.AsStudent, Locale: i18n.KK,
		})
		w.refused(err, "password_weak")
		if strings.Contains(w.stored(), "people ") {
			t.Error("a refused registration left an account")
		}
	})
}

func TestPasswordRules(t *testing.T) {
	w := newWorld(t, nilless(t))
	for _, c := range []struct{ password, email, name, code string }{
		{"zhusan-dala-2026", "aibek.seitov@example.kz", "Сейітов Айбек", ""},
		{"tandyr-nan-38-Kostanay", "hr@altyn-nan.example.kz", "Ли Виктория Олеговна", ""},
		{"құлыптас-тау-9", "a@example.kz", "Асан", ""},
		{"Password1", "a@example.kz", "Асан", "password_weak"},
		{"PASSWORD", "a@example.kz", "Асан", "password_weak"},
		{"йцукен123", "a@example.kz", "Асан", "password_weak"},
		{"aaaaaaaaaa", "a@example.kz", "Асан", "password_weak"},
		{"23456789", "a@example.kz", "Асан", "password_weak"},
		{"zyxwvuts", "a@example.kz", "Асан", "password_weak"},
		{"xy7!xy7!xy7!", "a@example.kz", "Асан", "password_weak"},
		{"aibek.seitov@example.kz", "aibek.seitov@example.kz", "Асан", "password_weak"},
		{"my-aibek.seitov@example.kz-mail", "aibek.seitov@example.kz", "Асан", "password_weak"},
		{"aibek.seitov1", "aibek.seitov@example.kz", "Асан", "password_weak"},
		{"Айбек2008", "a@example.kz", "Сейітов Айбек", "password_weak"},
		{"сейітов айбек и ещё", "a@example.kz", "Сейітов Айбек", "password_weak"},
		{"aibek-buried-among-words", "aibek@example.kz", "Асан", ""},
		{"1234567", "a@example.kz", "Асан", "validation_failed"},
		{strings.Repeat("абвг", 33), "a@example.kz", "Асан", "validation_failed"},
	} {
		_, err := w.Register(t.Context(), accounts.Registration{
			Email: c.email, Password: c.password, FullName: c.name, Role: accounts.AsStudent, Locale: i18n.KK,
		})
		if c.code == "" {
			w.ok(err)
			continue
		}
		w.refused(err, c.code)
	}
}

func TestPasswordsFromOtherKeyboards(t *testing.T) {
	w := newWorld(t, nilless(t))
	const composed, decomposed = "қойшы-й-2026", "қои\u0306шы-и\u0306-2026"
	hash, err := w.HashPassword(t.Context(), composed)
	w.ok(err)
	_, err = w.ImportPerson(t.Context(), accounts.NewPerson{
		Email: "a@example.kz", FullName: "Асан", Role: accounts.AsStudent, Locale: i18n.KK, PasswordHash: hash, EmailProved: true,
	})
	w.ok(err)
	_, err = w.Login(t.Context(), accounts.SignIn{Email: "a@example.kz", Password: decomposed})
	w.ok(err)
}
