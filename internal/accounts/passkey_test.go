package accounts_test

import (
	"context"
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/accounts/accountstest"
)

const origin = "https://orynda.example.kz"

func phone() *accountstest.Authenticator { return &accountstest.Authenticator{Origin: origin} }

// addPasskey goes through the whole ceremony.
func (w *world) addPasskey(a accounts.Actor, with *accountstest.Authenticator, name string) *accounts.Passkey {
	w.t.Helper()
	k, err := w.tryPasskey(a, with, name)
	w.ok(err)
	return k
}

func (w *world) tryPasskey(a accounts.Actor, with *accountstest.Authenticator, name string) (*accounts.Passkey, error) {
	w.t.Helper()
	asked, err := w.BeginPasskey(w.t.Context(), a)
	if err != nil {
		return nil, err
	}
	answer, err := with.Create(asked.PublicKey)
	w.ok(err)
	return w.AddPasskey(w.t.Context(), a, name, answer)
}

// passkeyAnswer is a right answer to a fresh question.
func (w *world) passkeyAnswer(with *accountstest.Authenticator) json.RawMessage {
	w.t.Helper()
	asked, err := w.BeginPasskeySignIn(w.t.Context())
	w.ok(err)
	answer, err := with.Get(asked.PublicKey)
	w.ok(err)
	return answer
}

func (w *world) passkeyLogin(with *accountstest.Authenticator) (accounts.TokenPair, error) {
	w.t.Helper()
	return w.PasskeyLogin(w.t.Context(), accounts.PasskeySignIn{Answer: w.passkeyAnswer(with), Device: "Chrome, Android"})
}

func TestPasskeyFromAddingToRemoval(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		a, _ := w.proved("a@example.kz")
		mine := phone()
		mine.Synced = true
		k := w.addPasskey(a, mine, "  Менің   телефоным ")
		if k.Name != "Менің телефоным" || !k.Synced || k.Suspect() || !k.LastUsedAt.IsZero() {
			t.Errorf("%+v", k)
		}
		if n := w.count(accounts.EventPasskeyAdded); n != 1 {
			t.Errorf("the owner was told %d times", n)
		}
		w.real.advance(time.Hour)
		pair, err := w.passkeyLogin(mine)
		w.ok(err)
		if got := w.actor(pair); got.PersonID != a.PersonID || got.SessionID == a.SessionID {
			t.Errorf("%+v", got)
		}
		token, err := w.PasskeyLoginBrowser(ctx, accounts.PasskeySignIn{Answer: w.passkeyAnswer(mine)})
		w.ok(err)
		if got, _, err := w.BrowserSession(ctx, token.Value); err != nil || got.PersonID != a.PersonID {
			t.Errorf("%+v %v", got, err)
		}
		list, err := w.Passkeys(ctx, a)
		w.ok(err)
		if len(list) != 1 || !list[0].LastUsedAt.Equal(w.real.Now()) {
			t.Errorf("%+v", list)
		}
		export, err := w.ExportMe(ctx, a)
		w.ok(err)
		if len(export.Records) != 1 || export.Records[0].Kind != "passkey" || export.Records[0].Data["name"] != k.Name {
			t.Errorf("%+v", export.Records)
		}
		b, _ := w.proved("b@example.kz")
		w.refused(second(w.RenamePasskey(ctx, b, k.ID, "x")), "not_found")
		w.wantFields(second(w.RenamePasskey(ctx, a, k.ID, " ")), "name required")
		named, err := w.RenamePasskey(ctx, a, k.ID, " Ескі  телефон ")
		w.ok(err)
		if named.Name != "Ескі телефон" || named.Version <= list[0].Version {
			t.Errorf("renamed to %+v", named)
		}
		w.refused(w.RemovePasskey(ctx, b, k.ID), "not_found")
		w.refused(w.RemovePasskey(ctx, a, k.ID), "confirmation_needed") // signed in an hour ago
		w.ok(w.ConfirmPassword(ctx, a, password, ""))
		w.ok(w.RemovePasskey(ctx, a, k.ID))
		w.refused(w.RemovePasskey(ctx, a, k.ID), "not_found")
		w.refused(second(w.passkeyLogin(mine)), "passkey_refused")
		w.actor(pair) // what it opened goes on
	})
}

// A device that was left open adds no passkey: the sign-in is old, and the password isn't known.
func TestPasskeyNeedsAFreshSession(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		a, _ := w.proved("a@example.kz")
		k := w.addPasskey(a, phone(), "x")
		w.real.advance(accounts.ConfirmLife - time.Millisecond)
		w.addPasskey(a, phone(), "y")
		late := phone()
		asked, err := w.BeginPasskey(ctx, a)
		w.ok(err)
		answer, err := late.Create(asked.PublicKey)
		w.ok(err)
		w.real.advance(time.Millisecond)
		w.refused(second(w.BeginPasskey(ctx, a)), "confirmation_needed")
		w.refused(w.RemovePasskey(ctx, a, k.ID), "confirmation_needed")
		if is, err := w.Confirmed(ctx, a); err != nil || is {
			t.Errorf("confirmed %v, %v", is, err)
		}
		if _, err := w.AddPasskey(ctx, a, "z", answer); err != nil { // asked for in time
			t.Errorf("what was begun in time: %v", err)
		}
		w.refused(w.ConfirmPassword(ctx, a, "not the password", ""), "current_password_wrong")
		w.refused(w.ConfirmPassword(ctx, accounts.Actor{}, password, ""), "unauthorized")
		w.refused(second(w.BeginPasskey(ctx, a)), "confirmation_needed")
		w.ok(w.ConfirmPassword(ctx, a, password, ""))
		w.addPasskey(a, phone(), "z")
		again, _ := w.signIn("a@example.kz") // another window: only its own sign-in counts
		w.real.advance(accounts.ConfirmLife)
		w.ok(w.ConfirmPassword(ctx, again, password, ""))
		w.refused(w.RemovePasskey(ctx, a, k.ID), "confirmation_needed")
		w.ok(w.RemovePasskey(ctx, again, k.ID))
	})
}

func TestPasskeyNeedsAProvedAddressAndOnesOwnSession(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		w.register("new@example.kz")
		fresh, _ := w.signIn("new@example.kz")
		w.refused(second(w.BeginPasskey(ctx, fresh)), "email_unverified")
		w.refused(second(w.AddPasskey(ctx, fresh, "x", nil)), "email_unverified")
		w.refused(second(w.Passkeys(ctx, accounts.Actor{})), "unauthorized")
		w.refused(second(w.BeginPasskey(ctx, accounts.Actor{})), "unauthorized")
		a, _ := w.proved("a@example.kz")
		b, _ := w.proved("b@example.kz")
		for name, other := range map[string]accounts.Actor{"another person": b, "another session": func() accounts.Actor { o, _ := w.signIn("a@example.kz"); return o }()} {
			mine := phone()
			asked, err := w.BeginPasskey(ctx, a)
			w.ok(err)
			answer, err := mine.Create(asked.PublicKey)
			w.ok(err)
			if _, err := w.AddPasskey(ctx, other, "x", answer); err == nil {
				t.Errorf("%s finishes", name)
			}
			w.refused(second(w.AddPasskey(ctx, a, "x", answer)), "passkey_expired") // spent by that
		}
		asked, err := w.BeginPasskey(ctx, a) // the question of an adding doesn't sign in
		w.ok(err)
		mine := phone()
		w.addPasskey(a, mine, "x")
		answer, err := mine.Get(json.RawMessage(strings.Replace(string(asked.PublicKey), `"rp":{`, `"rpId":"orynda.example.kz","rp":{`, 1)))
		w.ok(err)
		w.refused(second(w.PasskeyLogin(ctx, accounts.PasskeySignIn{Answer: answer})), "passkey_expired")
	})
}

func TestPasskeyAnswersThatAreRefused(t *testing.T) {
	w := newWorld(t, nilless(t))
	ctx := t.Context()
	a, _ := w.proved("a@example.kz")
	w.wantFields(second(w.AddPasskey(ctx, a, " ", nil)), "name required")
	w.wantFields(second(w.AddPasskey(ctx, a, strings.Repeat("ә", 61), nil)), "name too_long")
	for name, spoil := range map[string]func(*accountstest.Authenticator){
		"another site": func(m *accountstest.Authenticator) { m.Origin = "https://orynda.example.kz.evil.example" },
		"plain http":   func(m *accountstest.Authenticator) { m.Origin = "http://orynda.example.kz" },
		"no finger":    func(m *accountstest.Authenticator) { m.Unproved = true },
	} {
		bad := phone()
		spoil(bad)
		if _, err := w.tryPasskey(a, bad, "x"); err == nil {
			t.Errorf("adding: %s passes", name)
		} else {
			w.refused(err, "passkey_refused")
		}
		good := phone()
		w.addPasskey(a, good, "x")
		spoil(good)
		if _, err := w.passkeyLogin(good); err == nil {
			t.Errorf("sign-in: %s passes", name)
		} else {
			w.refused(err, "passkey_refused")
		}
	}
	for _, junk := range []string{"", "null", "{}", "[]", `{"id":"x"}`, strings.Repeat("a", 1<<20)} {
		w.refused(second(w.AddPasskey(ctx, a, "x", json.RawMessage(junk))), "passkey_refused")
		w.refused(second(w.PasskeyLogin(ctx, accounts.PasskeySignIn{Answer: json.RawMessage(junk)})), "passkey_refused")
	}
	stranger := phone() // a key that nobody added
	asked, err := w.BeginPasskey(ctx, a)
	w.ok(err)
	_, err = stranger.Create(asked.PublicKey)
	w.ok(err)
	w.refused(second(w.passkeyLogin(stranger)), "passkey_refused")
}

func TestPasskeyQuestionsAreForOnceAndForFiveMinutes(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		a, _ := w.proved("a@example.kz")
		mine := phone()
		w.addPasskey(a, mine, "x")
		answer := w.passkeyAnswer(mine)
		w.real.advance(accounts.PasskeyLife - time.Second)
		w.rules.advance(24 * time.Hour) // the demo's clock doesn't count
		w.ok(second(w.PasskeyLogin(ctx, accounts.PasskeySignIn{Answer: answer})))
		w.refused(second(w.PasskeyLogin(ctx, accounts.PasskeySignIn{Answer: answer})), "passkey_expired")
		late := w.passkeyAnswer(mine)
		w.real.advance(accounts.PasskeyLife)
		w.refused(second(w.PasskeyLogin(ctx, accounts.PasskeySignIn{Answer: late})), "passkey_expired")
		once := w.passkeyAnswer(mine)
		w.want(w.together(func(ctx context.Context, _ int) error {
			return second(w.PasskeyLogin(ctx, accounts.PasskeySignIn{Answer: once}))
		}), map[string]int{"": 1, "passkey_expired": callers - 1})
		w.passkeyAnswer(mine) // never answered
		w.real.advance(time.Hour)
		w.job("accounts.prune")
		if strings.Contains(w.stored(), "ceremonies ") {
			t.Error("questions stay")
		}
	})
}

func TestCopiedPasskeyIsFoundOut(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		a, _ := w.proved("a@example.kz")
		mine := phone()
		w.addPasskey(a, mine, "x")
		thief := mine.Copy()
		w.ok(second(w.passkeyLogin(mine)))
		w.ok(second(w.passkeyLogin(mine)))
		w.refused(second(w.passkeyLogin(thief)), "passkey_refused")
		w.refused(second(w.passkeyLogin(mine)), "passkey_refused") // nobody can tell which is which
		list, err := w.Passkeys(t.Context(), a)
		w.ok(err)
		if !list[0].Suspect() || !strings.Contains(w.stored(), "passkey.suspected") {
			t.Errorf("%+v", list[0])
		}
		silent := phone() // one that doesn't count, as synced ones
		silent.Frozen = true
		w.addPasskey(a, silent, "y")
		for range 3 {
			w.ok(second(w.passkeyLogin(silent)))
		}
	})
}

func TestPasskeyLimits(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		a, _ := w.proved("a@example.kz")
		mine := phone()
		first := w.addPasskey(a, mine, "x")
		asked, err := w.BeginPasskey(ctx, a)
		w.ok(err)
		if _, err := mine.Create(asked.PublicKey); err == nil || !strings.Contains(string(asked.PublicKey), first.Credential) {
			t.Error("a device is asked for a second passkey")
		}
		// Forty windows finish at once: exactly the rest of the limit comes in.
		answers := make([]json.RawMessage, callers)
		for i := range answers {
			asked, err := w.BeginPasskey(ctx, a)
			w.ok(err)
			answers[i], err = phone().Create(asked.PublicKey)
			w.ok(err)
		}
		w.want(w.together(func(ctx context.Context, i int) error { return second(w.AddPasskey(ctx, a, "x", answers[i])) }),
			map[string]int{"": accounts.MaxPasskeys - 1, "passkey_limit": callers - accounts.MaxPasskeys + 1})
		w.refused(second(w.BeginPasskey(ctx, a)), "passkey_limit")
		w.ok(w.RemovePasskey(ctx, a, first.ID))
		w.addPasskey(a, phone(), "z")
	})
}

// One device's credential belongs to one account, even when two finish at once.
func TestPasskeyIsKnownOnce(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		a, _ := w.proved("a@example.kz")
		mine := phone()
		w.addPasskey(a, mine, "x")
		b, _ := w.proved("b@example.kz")
		asked, err := w.BeginPasskey(ctx, b)
		w.ok(err)
		answer, err := mine.Recreate(asked.PublicKey)
		w.ok(err)
		w.refused(second(w.AddPasskey(ctx, b, "x", answer)), "passkey_known")
	})
}

func TestWrongPasskeysLockTheClientOnly(t *testing.T) {
	w := newWorld(t, nilless(t))
	ctx := t.Context()
	a, _ := w.proved("a@example.kz")
	mine := phone()
	w.addPasskey(a, mine, "x")
	for range 100 {
		w.refused(second(w.PasskeyLogin(ctx, accounts.PasskeySignIn{Answer: json.RawMessage("{}"), Client: "192.0.2.9"})), "passkey_refused")
	}
	w.refused(second(w.PasskeyLogin(ctx, accounts.PasskeySignIn{Answer: w.passkeyAnswer(mine), Client: "192.0.2.9"})), "rate_limited")
	w.ok(second(w.PasskeyLogin(ctx, accounts.PasskeySignIn{Answer: w.passkeyAnswer(mine), Client: "192.0.2.10"})))
	for range 10 { // somebody guesses the password; the passkey isn't concerned
		w.refused(second(w.Login(ctx, accounts.SignIn{Email: "a@example.kz", Password: "wrong-wrong-1"})), "invalid_credentials")
	}
	w.ok(second(w.PasskeyLogin(ctx, accounts.PasskeySignIn{Answer: w.passkeyAnswer(mine), Client: "192.0.2.10"})))
}

func TestPasskeysOutliveAPasswordAndNotTheAccount(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		a, _ := w.proved("a@example.kz")
		mine := phone()
		w.addPasskey(a, mine, "x")
		pair, err := w.passkeyLogin(mine)
		w.ok(err)
		w.ok(second(w.RequestPasswordReset(ctx, "a@example.kz")))
		w.ok(w.ResetPassword(ctx, "a@example.kz", w.secret(accounts.EventResetRequested), "Tobyl-ozeni-boiynda-7"))
		w.refused(second(w.Authenticate(ctx, pair.AccessToken)), "unauthorized") // sessions end
		pair, err = w.passkeyLogin(mine)
		w.ok(err)
		answer := w.passkeyAnswer(mine)
		w.ok(w.DeleteMe(ctx, w.actor(pair)))
		w.refused(second(w.PasskeyLogin(ctx, accounts.PasskeySignIn{Answer: answer})), "passkey_refused")
		if strings.Contains(w.stored(), "passkeys ") {
			t.Error("a passkey stays")
		}
	})
}

func TestPasskeyOrigin(t *testing.T) {
	db := nilless(t)
	for public, want := range map[string]string{
		"https://orynda.kz": "https://orynda.kz", "https://Orynda.KZ:443": "https://orynda.kz", "https://dual.orynda.kz:8443": "https://dual.orynda.kz:8443",
		"http://127.0.0.1:8080": "http://localhost:8080", "http://localhost:8080": "http://localhost:8080", "http://[::1]:8080": "http://localhost:8080",
		"http://:8080": "http://localhost:8080", "http://0.0.0.0:80": "http://localhost", "http://orynda.kz": "", "https://192.0.2.1": "",
		"https://intranet": "", "": "", "://": "",
	} {
		if got := accounts.New(accounts.Deps{DB: db, Ring: newRing(t), PublicURL: public}).PasskeyOrigin(); got != want {
			t.Errorf("%q: %q, want %q", public, got, want)
		}
	}
	bare := accounts.New(accounts.Deps{DB: db, Ring: newRing(t), PublicURL: "http://orynda.kz"})
	if _, err := bare.BeginPasskeySignIn(t.Context()); codeOf(err) != "passkeys_unavailable" {
		t.Error(err)
	}
	if _, err := bare.PasskeyLogin(t.Context(), accounts.PasskeySignIn{}); codeOf(err) != "passkeys_unavailable" {
		t.Error(err)
	}
}

// A thief's device and the owner's sign in at the same time: the counter is compared in one line, so at most one of equal counts comes in.
func TestFortySignInsWithOneCount(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		a, _ := w.proved("a@example.kz")
		mine := phone()
		w.addPasskey(a, mine, "x")
		var mu sync.Mutex
		answers := make([]json.RawMessage, 0, callers)
		for range callers {
			answers = append(answers, w.passkeyAnswer(mine.Copy())) // every copy counts 1
		}
		w.want(w.together(func(ctx context.Context, i int) error {
			mu.Lock()
			answer := answers[i]
			mu.Unlock()
			return second(w.PasskeyLogin(ctx, accounts.PasskeySignIn{Answer: answer}))
		}), map[string]int{"": 1, "passkey_refused": callers - 1})
	})
}
