package accounts_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/storage"
)

func (w *world) login(email, pass, client string) error {
	_, err := w.Login(w.t.Context(), accounts.SignIn{Email: email, Password: pass, Client: client})
	return err
}

func TestLockOutPerAccount(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		w.proved("a@example.kz")
		w.proved("b@example.kz")
		for _, email := range []string{"a@example.kz", "unknown@example.kz"} { // alike
			for i := range 10 {
				w.refused(w.login(strings.ToUpper(email), "wrong-password", fmt.Sprintf("192.0.2.%d", i)), "invalid_credentials")
			}
			w.refused(w.login(email, password, "198.51.100.1"), "rate_limited")
		}
		w.ok(w.login("b@example.kz", password, "198.51.100.1"))
		// Another copy of the program knows the lock.
		copyOf := accounts.New(accounts.Deps{
			DB: w.db, Clock: w.rules, RealClock: w.real, Ring: w.ring, Box: w.box, Trail: w.trail, Passwords: cheap(),
		})
		_, err := copyOf.Login(t.Context(), accounts.SignIn{Email: "a@example.kz", Password: password})
		w.refused(err, "rate_limited")
		w.rules.advance(time.Hour) // the demo's clock doesn't lift it
		w.refused(w.login("a@example.kz", password, ""), "rate_limited")
		w.real.advance(15 * time.Minute)
		w.ok(w.login("a@example.kz", password, ""))
	})
}

func TestRightPasswordClearsTheCount(t *testing.T) {
	w := newWorld(t, nilless(t))
	w.proved("a@example.kz")
	for range 3 {
		for range 9 {
			w.refused(w.login("a@example.kz", "wrong-password", ""), "invalid_credentials")
		}
		w.ok(w.login("a@example.kz", password, ""))
	}
	for range 9 {
		w.refused(w.login("a@example.kz", "wrong-password", ""), "invalid_credentials")
	}
	w.real.advance(15 * time.Minute) // the window is over
	w.refused(w.login("a@example.kz", "wrong-password", ""), "invalid_credentials")
	w.ok(w.login("a@example.kz", password, ""))
}

func TestLockOutPerClient(t *testing.T) {
	w := newWorld(t, nilless(t))
	w.proved("a@example.kz")
	for i := range 100 {
		w.refused(w.login(fmt.Sprintf("u%d@example.kz", i), "wrong-password", "192.0.2.7"), "invalid_credentials")
		if i == 50 {
			w.ok(w.login("a@example.kz", password, "192.0.2.7")) // doesn't clear the client's count
		}
	}
	w.refused(w.login("a@example.kz", password, "192.0.2.7"), "rate_limited")
	w.ok(w.login("a@example.kz", password, "192.0.2.8"))
}

func TestFortyGuessesLearnNoMoreThanTen(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		w.proved("a@example.kz")
		got := w.together(func(ctx context.Context, i int) error {
			_, err := w.Login(ctx, accounts.SignIn{Email: "a@example.kz", Password: "wrong-password"})
			return err
		})
		w.want(got, map[string]int{"invalid_credentials": 10, "rate_limited": callers - 10})
		w.refused(w.login("a@example.kz", password, ""), "rate_limited")
	})
}

func TestFortySignInsOfOneAccount(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		w.proved("a@example.kz")
		got := w.together(func(ctx context.Context, i int) error {
			_, err := w.Login(ctx, accounts.SignIn{Email: "a@example.kz", Password: password, Client: "192.0.2.1"})
			return err
		})
		w.want(got, map[string]int{"": callers})
	})
}

func TestAFloodOfSignInsIsToldBusy(t *testing.T) {
	w := newWorld(t, nilless(t))
	w.proved("a@example.kz")
	narrow := accounts.New(accounts.Deps{
		DB: w.db, Clock: w.rules, RealClock: w.real, Ring: w.ring, Box: w.box, Trail: w.trail,
		Passwords: accounts.PasswordSettings{MemoryKiB: 32 * 1024, Passes: 8, Lanes: 1, Parallel: 1, Wait: 10 * time.Millisecond},
	})
	var mu sync.Mutex
	got := map[string]int{}
	w.together(func(ctx context.Context, i int) error {
		_, err := narrow.HashPassword(ctx, password)
		mu.Lock()
		defer mu.Unlock()
		got[codeOf(err)]++
		return nil
	})
	if got["busy"] == 0 || got[""] == 0 || got[""]+got["busy"] != callers {
		t.Errorf("%v", got)
	}
}

func TestOldHashesAreMadeAnew(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		w.proved("a@example.kz")
		settings := cheap()
		settings.MemoryKiB = 128
		later := accounts.New(accounts.Deps{
			DB: w.db, Clock: w.rules, RealClock: w.real, Ring: w.ring, Box: w.box, Trail: w.trail, Passwords: settings,
		})
		for range 2 {
			_, err := later.Login(t.Context(), accounts.SignIn{Email: "a@example.kz", Password: password})
			w.ok(err)
		}
		p, err := w.PersonByEmail(t.Context(), "a@example.kz")
		w.ok(err)
		if !strings.HasPrefix(p.PasswordHash, "$argon2id$v=19$m=128,t=1,p=1$") {
			t.Error(p.PasswordHash)
		}
	})
}

func TestResetPassword(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		p := w.register("a@example.kz") // not proved: somebody else may have registered the address
		_, pair := w.signIn(p.Email)
		sent, err := w.RequestPasswordReset(ctx, p.Email)
		w.ok(err)
		unknown, err := w.RequestPasswordReset(ctx, "unknown@example.kz")
		w.ok(err)
		if unknown.Email = sent.Email; unknown != sent {
			t.Error("the answer tells whether the address is known")
		}
		_, err = w.RequestPasswordReset(ctx, p.Email)
		w.refused(err, "rate_limited")
		digits := w.secret(accounts.EventResetRequested)
		for range 10 {
			w.refused(w.login(p.Email, "wrong-password", ""), "invalid_credentials")
		}
		const fresh = "Tobyl-ozeni-boiynda-7"
		w.refused(w.ResetPassword(ctx, "unknown@example.kz", digits, fresh), "code_invalid")
		w.refused(w.ResetPassword(ctx, p.Email, other(digits), fresh), "code_invalid")
		w.refused(w.ResetPassword(ctx, p.Email, digits, "password"), "password_weak")
		w.refused(w.ResetPassword(ctx, p.Email, digits, "short"), "validation_failed")
		w.refused(w.VerifyEmail(ctx, p.Email, digits), "code_invalid") // a code serves one purpose
		w.ok(w.ResetPassword(ctx, p.Email, digits, fresh))
		w.refused(w.ResetPassword(ctx, p.Email, digits, fresh), "code_invalid") // spent
		_, err = w.Authenticate(ctx, pair.AccessToken)
		w.refused(err, "unauthorized")
		_, err = w.Refresh(ctx, pair.RefreshToken)
		w.refused(err, "token_invalid")
		w.ok(w.login(p.Email, fresh, "")) // the lock is lifted
		w.refused(w.login(p.Email, password, ""), "invalid_credentials")
		if after, _ := w.PersonByEmail(ctx, p.Email); !after.EmailProved() {
			t.Error("the code from the mail proves the address")
		}
	})
}

func TestFortyResetsWithOneCode(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		p := w.register("a@example.kz")
		_, err := w.RequestPasswordReset(t.Context(), p.Email)
		w.ok(err)
		digits := w.secret(accounts.EventResetRequested)
		got := w.together(func(ctx context.Context, i int) error {
			return w.ResetPassword(ctx, p.Email, digits, fmt.Sprintf("Tobyl-ozeni-%d-boiynda", i))
		})
		w.want(got, map[string]int{"": 1, "code_invalid": callers - 1})
	})
}

func TestFortyWrongCodesCountFive(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		p := w.register("a@example.kz")
		digits := w.secret(accounts.EventCodeIssued)
		got := w.together(func(ctx context.Context, i int) error { return w.VerifyEmail(ctx, p.Email, other(digits)) })
		w.want(got, map[string]int{"code_invalid": callers})
		w.refused(w.VerifyEmail(t.Context(), p.Email, digits), "code_invalid") // used up
	})
}

func TestChangePassword(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		a, here := w.proved("a@example.kz")
		_, there := w.signIn("a@example.kz")
		const fresh = "Zhana-zhusan-isi-2027"
		w.refused(w.ChangePassword(ctx, accounts.Actor{}, password, fresh, ""), "unauthorized")
		w.refused(w.ChangePassword(ctx, a, "wrong-password", fresh, ""), "current_password_wrong")
		w.refused(w.ChangePassword(ctx, a, password, "qwerty123", ""), "password_weak")
		w.ok(w.ChangePassword(ctx, a, password, fresh, ""))
		w.actor(here)
		_, err := w.Refresh(ctx, here.RefreshToken)
		w.ok(err)
		_, err = w.Authenticate(ctx, there.AccessToken)
		w.refused(err, "unauthorized")
		w.refused(w.ChangePassword(ctx, a, password, fresh, ""), "current_password_wrong") // a repeat
		for range 8 {
			w.refused(w.ChangePassword(ctx, a, password, fresh, ""), "current_password_wrong")
		}
		w.refused(w.login("a@example.kz", "wrong-password", ""), "invalid_credentials") // the tenth
		w.refused(w.ChangePassword(ctx, a, fresh, password, ""), "rate_limited")
	})
}

func TestUnprovedMayOnlyFillTheProfile(t *testing.T) {
	w := newWorld(t, nilless(t))
	ctx := t.Context()
	w.register("a@example.kz")
	a, _ := w.signIn("a@example.kz")
	if _, err := w.Me(ctx, a); err != nil {
		t.Fatal(err)
	}
	ru := i18n.RU
	_, err := w.UpdateMe(ctx, a, accounts.PersonChange{Locale: &ru}, 0)
	w.ok(err)
	w.refused(w.DeleteMe(ctx, a), "email_unverified")
	w.refused(second(w.ExportMe(ctx, a)), "email_unverified")
	w.refused(second(w.Sessions(ctx, a, storage.Cursor{}, 20)), "email_unverified")
	w.refused(w.EndSession(ctx, a, a.SessionID), "email_unverified")
	w.refused(w.ChangePassword(ctx, a, password, "Zhana-zhusan-isi-2027", ""), "email_unverified")
}
