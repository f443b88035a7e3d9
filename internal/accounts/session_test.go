package accounts_test

import (
	"context"
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/storage"
	"github.com/orynda/orynda/internal/storage/storagetest"
)

// nilless opens the first engine, for tests of rules that don't depend on it.
func nilless(t *testing.T) storage.Engine { return storagetest.Engines(t)[0].Open(t) }

func TestAccessTokenLife(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		a, pair := w.proved("a@example.kz")
		if a.SessionID == "" || pair.ExpiresIn != 15*time.Minute {
			t.Fatalf("%+v %v", a, pair.ExpiresIn)
		}
		w.rules.advance(365 * 24 * time.Hour) // the demo's clock doesn't touch tokens
		w.actor(pair)
		_, err := w.Refresh(ctx, pair.RefreshToken)
		w.ok(err)
		w.real.advance(14 * time.Minute)
		w.actor(pair)
		w.real.advance(time.Minute)
		_, err = w.Authenticate(ctx, pair.AccessToken)
		w.refused(err, "unauthorized")
	})
}

func TestForeignTokensAreRefused(t *testing.T) {
	w := newWorld(t, nilless(t))
	_, pair := w.proved("a@example.kz")
	stranger := newWorld(t, nilless(t))
	_, foreign := stranger.proved("a@example.kz")
	key := w.ring.TokenKeys()[0]
	parts := strings.Split(pair.AccessToken, ".")
	none := jwt.NewWithClaims(jwt.SigningMethodNone, jwt.MapClaims{"sub": "psn_x", "sid": "ses_x", "exp": 9999999999, "iss": "orynda"})
	none.Header["kid"] = key.ID
	unsigned, _ := none.SignedString(jwt.UnsafeAllowNoneSignatureType)
	hmac := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{"sub": "psn_x", "sid": "ses_x", "exp": 9999999999, "iss": "orynda"})
	hmac.Header["kid"] = key.ID
	confused, _ := hmac.SignedString([]byte(key.Public))
	endless := jwt.NewWithClaims(jwt.SigningMethodEdDSA, jwt.MapClaims{"sub": "psn_x", "sid": "ses_x", "iss": "orynda"})
	endless.Header["kid"] = key.ID
	eternal, _ := endless.SignedString(key.Private)
	for name, token := range map[string]string{
		"empty": "", "another ring's": foreign.AccessToken, "unsigned": unsigned, "confused algorithm": confused, "without end": eternal,
		"cut": parts[0] + "." + parts[1], "changed": parts[0] + "." + parts[1] + "x." + parts[2], "a refresh token": pair.RefreshToken,
		"huge": strings.Repeat("a", 1<<20),
	} {
		if _, err := w.Authenticate(t.Context(), token); err == nil {
			t.Errorf("%s was accepted", name)
		} else {
			w.refused(err, "unauthorized")
		}
	}
}

func TestKeysCheckTokens(t *testing.T) {
	w := newWorld(t, nilless(t))
	_, pair := w.proved("a@example.kz")
	token, _, err := jwt.NewParser().ParseUnverified(pair.AccessToken, jwt.MapClaims{})
	w.ok(err)
	keys := w.Keys()
	if len(keys) != 1 || keys[0].ID != token.Header["kid"] || token.Header["alg"] != "EdDSA" {
		t.Fatalf("keys %v, header %v", keys, token.Header)
	}
	claims := token.Claims.(jwt.MapClaims)
	if len(claims) != 5 { // iss, sub, sid, iat, exp: nothing about the person
		t.Errorf("claims %v", claims)
	}
}

func TestRefreshRotatesWithGrace(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		_, first := w.proved("a@example.kz")
		second, err := w.Refresh(ctx, first.RefreshToken)
		w.ok(err)
		if second.RefreshToken == first.RefreshToken {
			t.Fatal("the token wasn't replaced")
		}
		w.real.advance(29 * time.Second)
		again, err := w.Refresh(ctx, first.RefreshToken) // the answer was lost on the way
		w.ok(err)
		_, err = w.Refresh(ctx, first.RefreshToken)
		w.refused(err, "token_reused") // ends nothing
		third, err := w.Refresh(ctx, again.RefreshToken)
		w.ok(err)
		_, err = w.Refresh(ctx, first.RefreshToken) // two back, still within its 30 s
		w.refused(err, "token_reused")
		w.actor(third)
		w.real.advance(31 * time.Second)
		_, err = w.Refresh(ctx, first.RefreshToken) // theft
		w.refused(err, "token_reused")
		_, err = w.Refresh(ctx, third.RefreshToken)
		w.refused(err, "token_invalid")
		_, err = w.Authenticate(ctx, third.AccessToken)
		w.refused(err, "unauthorized")
		if n := w.count(accounts.EventSessionStolen); n != 1 {
			t.Errorf("the owner was told %d times", n)
		}
	})
}

func TestJustReplacedTokenAfterTheGraceIsTheft(t *testing.T) {
	w := newWorld(t, nilless(t))
	_, first := w.proved("a@example.kz")
	second, err := w.Refresh(t.Context(), first.RefreshToken)
	w.ok(err)
	w.real.advance(31 * time.Second)
	_, err = w.Refresh(t.Context(), first.RefreshToken)
	w.refused(err, "token_reused")
	_, err = w.Refresh(t.Context(), second.RefreshToken)
	w.refused(err, "token_invalid")
}

func TestFortyRefreshes(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		_, pair := w.proved("a@example.kz")
		var mu sync.Mutex
		var won []accounts.TokenPair
		got := w.together(func(ctx context.Context, i int) error {
			p, err := w.Refresh(ctx, pair.RefreshToken)
			if err == nil {
				mu.Lock()
				defer mu.Unlock()
				won = append(won, p)
			}
			return err
		})
		w.want(got, map[string]int{"": 2, "token_reused": callers - 2})
		for _, p := range won {
			w.actor(p)
		}
		_, err := w.Refresh(t.Context(), won[0].RefreshToken)
		w.ok(err) // the session goes on
	})
}

func TestSessionsEndUnused(t *testing.T) {
	w := newWorld(t, nilless(t))
	_, pair := w.proved("a@example.kz")
	var err error
	for range 6 { // 6 × 29 days: used each time
		w.real.advance(29 * 24 * time.Hour)
		pair, err = w.Refresh(t.Context(), pair.RefreshToken)
		w.ok(err)
	}
	w.real.advance(29 * 24 * time.Hour) // beyond the longest life
	_, err = w.Refresh(t.Context(), pair.RefreshToken)
	w.refused(err, "token_invalid")
	_, other := w.signIn("a@example.kz")
	w.real.advance(30 * 24 * time.Hour)
	_, err = w.Refresh(t.Context(), other.RefreshToken)
	w.refused(err, "token_invalid")
}

func TestSessionsListAndEnd(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		a, phone := w.proved("a@example.kz")
		w.real.advance(time.Minute)
		_, laptop := w.signIn("a@example.kz")
		b, _ := w.proved("b@example.kz")
		page, err := w.Sessions(ctx, a, storage.Cursor{}, 20)
		w.ok(err)
		if len(page.Items) != 2 || page.Items[1].ID != a.SessionID || page.Items[0].Device != "Redmi Note 12" {
			t.Fatalf("%+v", page.Items)
		}
		w.refused(w.EndSession(ctx, b, a.SessionID), "not_found")
		w.refused(w.EndSession(ctx, a, "ses_unknown"), "not_found")
		w.ok(w.EndSession(ctx, a, page.Items[0].ID))
		w.ok(w.EndSession(ctx, a, page.Items[0].ID)) // over already
		_, err = w.Authenticate(ctx, laptop.AccessToken)
		w.refused(err, "unauthorized")
		w.actor(phone)
		w.refused(second(w.Sessions(ctx, accounts.Actor{}, storage.Cursor{}, 20)), "unauthorized")
	})
}

func second[T any](_ T, err error) error { return err }

func TestLogout(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		nobody := accounts.Actor{}
		a, one := w.proved("a@example.kz")
		_, two := w.signIn("a@example.kz")
		_, three := w.signIn("a@example.kz")
		for _, junk := range []string{"", "rt_junk", "junk", one.RefreshToken[:len(one.RefreshToken)-1] + "!"} {
			w.ok(w.Logout(ctx, nobody, junk, true))
		}
		w.actor(one)
		w.ok(w.Logout(ctx, nobody, two.RefreshToken, false))
		w.ok(w.Logout(ctx, nobody, two.RefreshToken, false))
		_, err := w.Authenticate(ctx, two.AccessToken)
		w.refused(err, "unauthorized")
		w.actor(three)
		w.ok(w.Logout(ctx, a, "", false)) // the bearer's own
		_, err = w.Authenticate(ctx, one.AccessToken)
		w.refused(err, "unauthorized")
		_, four := w.signIn("a@example.kz")
		w.ok(w.Logout(ctx, nobody, three.RefreshToken, true))
		for _, p := range []accounts.TokenPair{three, four} {
			_, err = w.Refresh(ctx, p.RefreshToken)
			w.refused(err, "token_invalid")
		}
		w.signIn("a@example.kz")
	})
}

func FuzzAuthenticate(f *testing.F) {
	for _, s := range []string{"", "a.b.c", "eyJhbGciOiJub25lIn0.e30.", "rt_0_1_x", "bt_0_1_x", `{"id":"eA","rawId":"eA","type":"public-key","response":{}}`, "ey\xff", strings.Repeat(".", 300)} {
		f.Add(s)
	}
	e, err := storagetestOpen(f)
	if err != nil {
		f.Skip(err)
	}
	f.Fuzz(func(t *testing.T, s string) {
		w := e(t)
		if _, err := w.Authenticate(t.Context(), s); err == nil {
			t.Errorf("%q signs in", s)
		} else {
			w.refused(err, "unauthorized")
		}
		if _, err := w.Refresh(t.Context(), s); err == nil {
			t.Errorf("%q refreshes", s)
		} else {
			w.refused(err, "token_invalid")
		}
		w.ok(w.Logout(t.Context(), accounts.Actor{}, s, true))
		w.turnedAway(s, "token_invalid")
		w.ok(w.SignOutBrowser(t.Context(), s, true))
		w.refused(second(w.PasskeyLogin(t.Context(), accounts.PasskeySignIn{Answer: json.RawMessage(s)})), "passkey_refused")
		w.refused(second(w.ReceivedInvitation(t.Context(), s)), "not_found")
	})
}
