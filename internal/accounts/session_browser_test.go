package accounts_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/storage"
)

const quarter = 15 * time.Minute // the age from which a browser's token is replaced

func (w *world) openBrowser(email string) string {
	w.t.Helper()
	token, err := w.SignInBrowser(w.t.Context(), accounts.SignIn{Email: email, Password: password, Device: "Chrome, Android", Client: "192.0.2.1"})
	w.ok(err)
	return token.Value
}

// visit asks for a page and gives the token for the cookie from then on.
func (w *world) visit(token string) string {
	w.t.Helper()
	_, next, err := w.BrowserSession(w.t.Context(), token)
	w.ok(err)
	if next == nil {
		return token
	}
	return next.Value
}

func (w *world) turnedAway(token, code string) {
	w.t.Helper()
	actor, next, err := w.BrowserSession(w.t.Context(), token)
	w.refused(err, code)
	if !actor.Anonymous() || next != nil {
		w.t.Fatalf("refused, and yet %+v %v", actor, next)
	}
}

func TestBrowserTokenIsReplacedByAge(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		a, _ := w.proved("a@example.kz")
		w.ok(w.AddMembership(ctx, a.PersonID, "ent_1", accounts.KindEnterprise, accounts.RoleHR))
		first := w.openBrowser("a@example.kz")
		actor, next, err := w.BrowserSession(ctx, first)
		w.ok(err)
		if actor.PersonID != a.PersonID || !actor.EmailProved || !actor.MemberOf("ent_1", accounts.RoleHR) || next != nil {
			t.Fatalf("%+v %v", actor, next)
		}
		w.rules.advance(365 * 24 * time.Hour) // the demo's clock doesn't count
		w.real.advance(quarter - time.Second)
		before := w.stored()
		if w.visit(first) != first || w.stored() != before {
			t.Fatal("a page request wrote")
		}
		w.real.advance(time.Second)
		_, next, err = w.BrowserSession(ctx, first)
		w.ok(err)
		if next == nil || next.Value == first || !next.ExpiresAt.Equal(w.real.Now().Add(30*24*time.Hour)) {
			t.Fatalf("%v", next)
		}
		second := next.Value
		w.real.advance(29 * time.Second)
		if w.visit(first) != second { // on its way when the answer was
			t.Error("another successor within the grace")
		}
		if w.visit(second) != second || w.visit(first) != second {
			t.Error("the new token was replaced at once")
		}
		w.real.advance(2 * time.Second)
		w.turnedAway(first, "token_reused")
		w.turnedAway(second, "token_invalid")
		w.turnedAway(first, "token_invalid")
		if n := w.count(accounts.EventSessionStolen); n != 1 {
			t.Errorf("the owner was told %d times", n)
		}
	})
}

// A phone in a bus: the answer with the new cookie never came. The old one goes on, and the lost one is dead.
func TestBrowserTokenLostOnTheWay(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		w.proved("a@example.kz")
		first := w.openBrowser("a@example.kz")
		w.real.advance(quarter)
		lost := w.visit(first)
		w.real.advance(2 * time.Minute)
		got := sync.Map{} // five tabs at once
		w.want(w.together(func(ctx context.Context, _ int) error {
			_, next, err := w.BrowserSession(ctx, first)
			if err == nil {
				got.Store(next.Value, true)
			}
			return err
		}), map[string]int{"": callers})
		var tokens []string
		got.Range(func(k, _ any) bool { tokens = append(tokens, k.(string)); return true })
		if len(tokens) != 1 || tokens[0] == lost {
			t.Fatalf("%d successors", len(tokens))
		}
		w.visit(tokens[0])
		w.visit(lost) // within its 30 seconds nobody can tell
		w.real.advance(31 * time.Second)
		w.turnedAway(lost, "token_reused")
		w.turnedAway(tokens[0], "token_invalid")
	})
}

// Whoever has a copy of a token and comes after the owner went on is found out, also when nobody came for long.
func TestBrowserTokenReplayed(t *testing.T) {
	w := newWorld(t, nilless(t))
	w.proved("a@example.kz")
	first := w.openBrowser("a@example.kz")
	token := first
	for range 5 {
		w.real.advance(20 * time.Minute)
		token = w.visit(token)
	}
	if token == first {
		t.Fatal("never replaced")
	}
	w.turnedAway(first, "token_reused")
	w.turnedAway(token, "token_invalid")
}

func TestFortyPagesAtOnce(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		w.proved("a@example.kz")
		token := w.openBrowser("a@example.kz")
		for round := range 3 {
			w.real.advance(quarter)
			var mu sync.Mutex
			next := map[string]int{}
			w.want(w.together(func(ctx context.Context, _ int) error {
				_, n, err := w.BrowserSession(ctx, token)
				if err == nil {
					mu.Lock()
					defer mu.Unlock()
					next[n.Value]++
				}
				return err
			}), map[string]int{"": callers})
			if len(next) != 1 {
				t.Fatalf("round %d: %d successors", round, len(next))
			}
			for token = range next {
				w.visit(token)
			}
		}
	})
}

// Of forty copies that come too late one ends the session; the rest find it over.
func TestFortyReplays(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		w.proved("a@example.kz")
		first := w.openBrowser("a@example.kz")
		w.real.advance(quarter)
		w.visit(w.visit(first))
		w.real.advance(time.Minute)
		w.want(w.together(func(ctx context.Context, _ int) error {
			_, _, err := w.BrowserSession(ctx, first)
			return err
		}), map[string]int{"token_reused": 1, "token_invalid": callers - 1})
		if n := w.count(accounts.EventSessionStolen); n != 1 {
			t.Errorf("the owner was told %d times", n)
		}
	})
}

func TestBrowserSessionsEnd(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		a, _ := w.proved("a@example.kz")
		used := w.openBrowser("a@example.kz")
		for range 6 { // 6 × 29 days: used each time
			w.real.advance(29 * 24 * time.Hour)
			used = w.visit(used)
		}
		w.real.advance(7 * 24 * time.Hour)
		w.turnedAway(used, "token_invalid") // beyond the longest life
		idle := w.openBrowser("a@example.kz")
		w.real.advance(30 * 24 * time.Hour)
		w.turnedAway(idle, "token_invalid")
		left, reset, other := w.openBrowser("a@example.kz"), w.openBrowser("a@example.kz"), w.openBrowser("a@example.kz")
		for _, junk := range []string{"", "bt_junk", left[:len(left)-1], strings.Replace(left, "bt_", "rt_", 1)} {
			w.ok(w.SignOutBrowser(ctx, junk, true))
			w.turnedAway(junk, "token_invalid")
		}
		w.ok(w.SignOutBrowser(ctx, left, false))
		w.ok(w.SignOutBrowser(ctx, left, true)) // over: it ends nobody else's
		w.turnedAway(left, "token_invalid")
		w.visit(other)
		w.ok(second(w.RequestPasswordReset(ctx, "a@example.kz")))
		w.ok(w.ResetPassword(ctx, "a@example.kz", w.secret(accounts.EventResetRequested), password))
		w.turnedAway(reset, "token_invalid") // another epoch
		everywhere, here := w.openBrowser("a@example.kz"), w.openBrowser("a@example.kz")
		w.ok(w.SignOutBrowser(ctx, here, true))
		w.turnedAway(everywhere, "token_invalid")
		last := w.openBrowser("a@example.kz")
		actor, _, err := w.BrowserSession(ctx, last)
		w.ok(err)
		page, err := w.Sessions(ctx, actor, storage.Cursor{}, 20)
		w.ok(err)
		if len(page.Items) != 1 || page.Items[0].ID != actor.SessionID || page.Items[0].Kind != accounts.SessionBrowser {
			t.Errorf("%+v", page.Items)
		}
		w.refused(w.EndSession(ctx, accounts.Actor{PersonID: "psn_other", EmailProved: true}, actor.SessionID), "not_found")
		w.ok(w.EndSession(ctx, actor, actor.SessionID))
		w.turnedAway(last, "token_invalid")
		gone := w.openBrowser("a@example.kz")
		w.ok(w.DeleteMe(ctx, a))
		w.turnedAway(gone, "token_invalid")
	})
}

// A browser's token is no refresh token and the other way round, whatever it is dressed as.
func TestTokensOfOneKindAreWorthNothingAsTheOther(t *testing.T) {
	w := newWorld(t, nilless(t))
	ctx := t.Context()
	_, pair := w.proved("a@example.kz")
	browser := w.openBrowser("a@example.kz")
	for _, token := range []string{browser, strings.Replace(browser, "bt_", "rt_", 1)} {
		w.refused(second(w.Refresh(ctx, token)), "token_invalid")
		w.refused(second(w.Authenticate(ctx, token)), "unauthorized")
		w.ok(w.Logout(ctx, accounts.Actor{}, token, true))
	}
	for _, token := range []string{pair.RefreshToken, strings.Replace(pair.RefreshToken, "rt_", "bt_", 1), pair.AccessToken} {
		w.turnedAway(token, "token_invalid")
		w.ok(w.SignOutBrowser(ctx, token, true))
	}
	w.visit(browser)
	w.ok(second(w.Refresh(ctx, pair.RefreshToken)))
	if strings.Contains(w.stored(), browser) || strings.Contains(w.log.String(), browser) {
		t.Error("a token is stored or logged")
	}
	if s := slog.AnyValue(accounts.BrowserToken{Value: browser}).Resolve().String() + fmt.Sprint(slog.Any("t", accounts.BrowserToken{Value: browser}).Value.Resolve()); strings.Contains(s, browser) {
		t.Error("a token can be logged")
	}
}

func TestPasswordChangeGivesTheBrowserANewToken(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		_, pair := w.proved("a@example.kz")
		mine, other := w.openBrowser("a@example.kz"), w.openBrowser("a@example.kz")
		actor, _, err := w.BrowserSession(ctx, mine)
		w.ok(err)
		w.refused(second(w.ChangePasswordBrowser(ctx, actor, "wrong-wrong-1", "Tobyl-ozeni-boiynda-7", "")), "current_password_wrong")
		w.visit(mine)
		next, err := w.ChangePasswordBrowser(ctx, actor, password, "Tobyl-ozeni-boiynda-7", "192.0.2.1")
		w.ok(err)
		w.turnedAway(mine, "token_invalid") // who held a copy is out as well
		w.turnedAway(other, "token_invalid")
		w.refused(second(w.Authenticate(ctx, pair.AccessToken)), "unauthorized")
		again, _, err := w.BrowserSession(ctx, next.Value)
		w.ok(err)
		page, err := w.Sessions(ctx, again, storage.Cursor{}, 20)
		w.ok(err)
		if again.SessionID == actor.SessionID || len(page.Items) != 1 || page.Items[0].Device != "Chrome, Android" {
			t.Errorf("%+v", page.Items)
		}
		if n := w.count(accounts.EventSessionStolen); n != 0 {
			t.Error("taken for theft")
		}
	})
}

func TestProvingTheAddressSignsTheBrowserIn(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		p := w.register("a@example.kz")
		w.refused(second(w.VerifyEmailBrowser(ctx, "a@example.kz", "000000", "")), "code_invalid")
		w.refused(second(w.VerifyEmailBrowser(ctx, "x@example.kz", "000000", "")), "code_invalid")
		digits := w.secret(accounts.EventCodeIssued)
		token, err := w.VerifyEmailBrowser(ctx, "a@example.kz", digits, "Firefox, Windows")
		w.ok(err)
		actor, _, err := w.BrowserSession(ctx, token.Value)
		w.ok(err)
		if actor.PersonID != p.ID || !actor.EmailProved {
			t.Errorf("%+v", actor)
		}
		again, err := w.VerifyEmailBrowser(ctx, "a@example.kz", digits, "")
		w.ok(err)
		if again != (accounts.BrowserToken{}) {
			t.Error("a used code signs in")
		}
	})
}

func TestAcceptingAnInvitationSignsTheBrowserIn(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		a, _ := w.proved("a@example.kz")
		w.ok(w.AddMembership(ctx, a.PersonID, "ent_1", accounts.KindEnterprise, accounts.RoleAdmin))
		boss, _ := w.signIn("a@example.kz")
		invite := func(email string, role accounts.OrgRole) string {
			_, err := w.CreateInvitation(ctx, boss, "ent_1", accounts.InvitationRequest{Email: email, Role: role})
			w.ok(err)
			return w.secret(accounts.EventInvited)
		}
		link := invite("d@example.kz", accounts.RoleInterviewer)
		accepted, token, err := w.AcceptInvitationBrowser(ctx, accounts.Actor{}, link,
			accounts.Acceptance{Password: password, FullName: "Ахметов Данияр", Locale: "ru"}, "Chrome, Android")
		w.ok(err)
		actor, _, err := w.BrowserSession(ctx, token.Value)
		w.ok(err)
		if !accepted.AccountCreated || !actor.MemberOf("ent_1", accounts.RoleInterviewer) {
			t.Errorf("%+v %+v", accepted, actor)
		}
		_, next, err := w.AcceptInvitationBrowser(ctx, actor, invite("d@example.kz", accounts.RoleHR), accounts.Acceptance{}, "")
		w.ok(err)
		w.turnedAway(token.Value, "token_invalid")
		actor, _, err = w.BrowserSession(ctx, next.Value)
		w.ok(err)
		if !actor.MemberOf("ent_1", accounts.RoleHR) {
			t.Errorf("%+v", actor)
		}
		_, none, err := w.AcceptInvitationBrowser(ctx, accounts.Actor{}, link, accounts.Acceptance{}, "")
		w.refused(err, "invitation_used")
		if none != (accounts.BrowserToken{}) {
			t.Error("a used link signs in")
		}
	})
}

func TestDeviceName(t *testing.T) {
	for agent, want := range map[string]string{
		"Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Mobile Safari/537.36":                                "Chrome, Android",
		"Mozilla/5.0 (Linux; Android 14; SM-A057F) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36":     "Samsung Internet, Android",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1":        "Safari, iPhone",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/138.0.7204.53 Mobile/15E148 Safari/604.1": "Chrome, iPhone",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0":                                                               "Firefox, Windows",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 YaBrowser/25.6.0 Safari/537.36":               "Yandex Browser, Windows",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36 Edg/138.0.0.0":                  "Edge, Windows",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15":                          "Safari, macOS",
		"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/138.0.0.0 Safari/537.36":                                  "Chrome, Linux",
		"curl/8.5.0": "", "": "", "\xff\xfe": "",
	} {
		if got := accounts.DeviceName(agent); got != want {
			t.Errorf("%s: %q, want %q", agent, got, want)
		}
	}
}
