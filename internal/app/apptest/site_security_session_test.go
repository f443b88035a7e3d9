package apptest

import (
	"encoding/json"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"
)

func cookieOf(c *http.Client, base, name string) string {
	u, _ := url.Parse(base)
	for _, one := range c.Jar.Cookies(u) {
		if one.Name == name {
			return one.Value
		}
	}
	return ""
}

func withCookie(c *http.Client, base, name, value string) {
	u, _ := url.Parse(base)
	c.Jar.SetCookies(u, []*http.Cookie{{Name: name, Value: value, Path: "/"}})
}

const sessionCookieName = "orynda_session"

func siteSession(t *testing.T, w *world) {
	c := w.browserOf("")
	a := w.fill(c, "/ru/signin", "/ru/signin", url.Values{"email": {"student@demo.orynda.kz"}, "password": {"orynda-demo"}})
	var found bool
	for _, cookie := range (&http.Response{Header: a.Header}).Cookies() {
		if !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode || cookie.Path != "/" || cookie.Domain != "" {
			t.Errorf("cookie %s", cookie)
		}
		found = found || cookie.Name == sessionCookieName && cookie.MaxAge > 0
	}
	if !found {
		t.Fatal("signing in gives no session")
	}
	token := cookieOf(c, w.base, sessionCookieName)
	if a := w.ask(c, http.MethodGet, "/ru/account/security", nil); a.Status != http.StatusOK {
		t.Fatalf("signed in: %d", a.Status)
	}
	// signing in anew ends the session the browser had
	w.fill(c, "/ru/account/verify", "/ru/signin", url.Values{"email": {"student@demo.orynda.kz"}, "password": {"orynda-demo"}})
	second := cookieOf(c, w.base, sessionCookieName)
	if second == token {
		t.Fatal("a second sign-in keeps the session")
	}
	old := w.browserOf("")
	withCookie(old, w.base, sessionCookieName, token)
	if a := w.ask(old, http.MethodGet, "/ru/account/security", nil); a.Status != http.StatusSeeOther {
		t.Errorf("the session before goes on: %d", a.Status)
	}
	if a := w.fill(c, "/ru/account/security", "/ru/signout", url.Values{}); a.Status != http.StatusSeeOther || cookieOf(c, w.base, sessionCookieName) != "" {
		t.Errorf("signing out: %d", a.Status)
	}
	withCookie(old, w.base, sessionCookieName, second)
	if a := w.ask(old, http.MethodGet, "/ru/account/security", nil); a.Status != http.StatusSeeOther || !strings.HasPrefix(a.Header.Get("Location"), "/ru/signin?next=") {
		t.Errorf("a session goes on after its end: %d", a.Status)
	}
	if cookieOf(old, w.base, sessionCookieName) != "" {
		t.Error("a cookie of a session that is over is kept")
	}
	// a forged token is nobody's, and no failure
	for _, forged := range []string{"x", "bt_x_1_x", strings.Replace(second, "_1_", "_2_", 1), second + "x", strings.Repeat("a", 3000)} {
		withCookie(old, w.base, sessionCookieName, forged)
		if a := w.ask(old, http.MethodGet, "/ru/me", nil); a.Status != http.StatusSeeOther {
			t.Errorf("a forged token: %d", a.Status)
		}
	}
}

// age makes every browser's session as old as if time had passed; a test can't wait for it.
func (w *world) age(by time.Duration) {
	w.t.Helper()
	db := w.database()
	defer db.Close()
	_, err := db.ExecContext(w.t.Context(), `UPDATE c_sessions SET body = json_set(body, '$.rotated_at', ?) WHERE json_extract(body, '$.kind') = 'browser'`,
		time.Now().Add(-by).UTC().Format("2006-01-02T15:04:05.000Z"))
	must(w.t, err)
}

func siteRotation(t *testing.T, w *world) {
	c := w.browserOf("guardian@demo.orynda.kz")
	w.ask(c, http.MethodGet, "/ru/me", nil)
	first := cookieOf(c, w.base, sessionCookieName)
	w.age(16 * time.Minute)
	var tabs sync.WaitGroup
	for range 5 {
		tabs.Go(func() {
			if a := w.ask(c, http.MethodGet, "/ru/account/security", nil); a.Status != http.StatusOK {
				t.Errorf("a tab is signed out: %d", a.Status)
			}
		})
	}
	tabs.Wait()
	second := cookieOf(c, w.base, sessionCookieName)
	if second == first || second == "" {
		t.Fatal("after a quarter of an hour the token is the same")
	}
	if a := w.ask(c, http.MethodGet, "/ru/account/security", nil); a.Status != http.StatusOK { // its successor came back
		t.Fatalf("with the new token: %d", a.Status)
	}
	w.replacedLongAgo()
	thief := w.browserOf("")
	withCookie(thief, w.base, sessionCookieName, first)
	if a := w.ask(thief, http.MethodGet, "/ru/account/security", nil); a.Status != http.StatusSeeOther {
		t.Errorf("a copy of the old token works: %d", a.Status)
	}
	if a := w.ask(c, http.MethodGet, "/ru/account/security", nil); a.Status != http.StatusSeeOther {
		t.Errorf("the session goes on after a copy turned up: %d", a.Status)
	}
}

// replacedLongAgo lets the moments pass in which a replaced token still works.
func (w *world) replacedLongAgo() {
	w.t.Helper()
	db := w.database()
	defer db.Close()
	_, err := db.ExecContext(w.t.Context(), `UPDATE c_sessions SET body = json_set(body, '$.replaced', json('[]')) WHERE json_extract(body, '$.kind') = 'browser'`)
	must(w.t, err)
}

// siteConfirm: adding and removing passkeys asks for the password when the sign-in is old.
func siteConfirm(t *testing.T, w *world) {
	c := w.browserOf("guardian@demo.orynda.kz")
	const page = "/ru/account/security"
	shows := func(words string, want bool) {
		t.Helper()
		if a := w.ask(c, http.MethodGet, page, nil); a.Status != http.StatusOK || strings.Contains(string(a.Raw), words) != want {
			t.Errorf("%d, %q is shown: %v", a.Status, words, !want)
		}
	}
	shows(`data-passkey="create"`, true) // signed in a moment ago
	db := w.database()
	defer db.Close()
	_, err := db.ExecContext(t.Context(), `UPDATE c_sessions SET body = json_set(body, '$.created_at', ?) WHERE json_extract(body, '$.kind') = 'browser'`,
		time.Now().Add(-16*time.Minute).UTC().Format("2006-01-02T15:04:05.000Z"))
	must(t, err)
	shows(`data-passkey="create"`, false)
	shows(`name="confirm_password"`, true)
	a := w.fill(c, page, "/ru/account/passkeys/begin", url.Values{})
	if a.Status != http.StatusConflict || !strings.Contains(string(a.Raw), "недавний вход") {
		t.Errorf("begun by an old sign-in: %d %s", a.Status, a.Raw)
	}
	w.fill(c, page, "/ru/account/passkeys/psk_none/remove", url.Values{})
	shows("недавний вход", true)
	if a := w.fill(c, page, "/ru/account/confirm", url.Values{"confirm_password": {"not it"}}); a.Status != http.StatusUnprocessableEntity ||
		!strings.Contains(string(a.Raw), "#f-confirm_password") {
		t.Errorf("a wrong password: %d", a.Status)
	}
	shows(`data-passkey="create"`, false)
	if a := w.fill(c, page, "/ru/account/confirm", url.Values{"confirm_password": {"orynda-demo"}}); a.Status != http.StatusSeeOther {
		t.Errorf("the right password: %d", a.Status)
	}
	shows(`data-passkey="create"`, true)
	if a := w.fill(c, page, "/ru/account/passkeys/psk_none/rename", url.Values{"name-psk_none": {"Телефон"}}); a.Status != http.StatusNotFound {
		t.Errorf("renaming nobody's passkey: %d", a.Status)
	}
}

// siteExport: the file of one's own data is the same on the site and from the API.
func siteExport(t *testing.T, w *world) {
	a := w.ask(w.browserOf("student@demo.orynda.kz"), http.MethodGet, "/ru/account/data/export.json", nil)
	if a.Status != http.StatusOK || !strings.Contains(a.Header.Get("Content-Disposition"), "orynda.json") {
		t.Fatalf("%d %v", a.Status, a.Header)
	}
	var file Doc
	must(t, json.Unmarshal(a.Raw, &file))
	answer := w.as("student@demo.orynda.kz").Get("/api/v1/me/export")
	for _, part := range []string{"me", "records"} {
		if file[part] == nil || !reflect.DeepEqual(file[part], answer[part]) {
			t.Errorf("%s on the site %v, from the API %v", part, file[part], answer[part])
		}
	}
	if len(file.Items("records")) == 0 || len(file.Items("sessions")) == 0 || file["generated_at"] == nil || len(file) != len(answer) {
		t.Errorf("the file holds %v", file)
	}
}
