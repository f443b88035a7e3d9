package apptest

import (
	"bytes"
	"database/sql"
	"fmt"
	"hash/fnv"
	"html"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/orynda/orynda/internal/webui"
)

// probe is what a page must never hold but as text.
const probe = `"'><script>alert(1)</script><img src=x onerror=alert(2)><b style=color:red>`

// sitePolicy is the content policy of every page.
const sitePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// browserOf is a signed-in person's browser without script that shows where it is led instead of going there; "" is a stranger's.
func (w *world) browserOf(email string) *http.Client {
	w.t.Helper()
	jar, err := cookiejar.New(nil)
	must(w.t, err)
	c := &http.Client{Jar: jar, Timeout: time.Minute, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	if email != "" {
		a := w.fill(c, "/ru/signin", "/ru/signin", url.Values{"email": {email}, "password": {"orynda-demo"}})
		if a.Status != http.StatusSeeOther {
			w.t.Fatalf("%s can't sign in: %d", email, a.Status)
		}
	}
	return c
}

// ask sends one request of a browser, by pairs of header and value.
func (w *world) ask(c *http.Client, method, path string, body io.Reader, headers ...string) Answer {
	w.t.Helper()
	req, err := http.NewRequest(method, w.base+path, body)
	must(w.t, err)
	req.Header.Set("Accept", "text/html")
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := c.Do(req)
	must(w.t, err)
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	must(w.t, err)
	return Answer{Status: res.StatusCode, Header: res.Header, Raw: raw}
}

// fill opens a page and posts a form with its proof.
func (w *world) fill(c *http.Client, page, action string, form url.Values) Answer {
	w.t.Helper()
	m := studentProof.FindSubmatch(w.ask(c, http.MethodGet, page, nil).Raw)
	if m == nil {
		w.t.Fatalf("%s holds no form", page)
	}
	form.Set("_csrf", html.UnescapeString(string(m[1])))
	return w.ask(c, http.MethodPost, action, strings.NewReader(form.Encode()), "Content-Type", "application/x-www-form-urlencoded")
}

// The site against bad input and bad company.
func TestSiteSecurity(t *testing.T) {
	w := boot(t, embeddedEngine())
	w.run("pages are safe, personal pages are nobody else's, and reading changes nothing", siteReading)
	w.run("a session's cookie", siteSession)
	w.run("a session goes on under new tokens", siteRotation)
	w.run("ways on lead home", siteWaysOn)
	w.run("a sentence of the step before is shown once, after every way on", siteNotice)
	w.run("pages of strangers are kept for strangers", siteKept)
	w.run("files", siteFiles)
	w.run("asking for the head alone", siteHeads)
	w.run("proofs are of one session", siteProofs)
}

// Behind https the cookies are bound to the host and to safe connections.
func TestSiteCookiesBehindHTTPS(t *testing.T) {
	w := boot(t, embeddedEngine(), func(c *app.Config) { c.PublicURL = "https://orynda.example" })
	a := w.ask(w.browserOf(""), http.MethodGet, "/kk/signin", nil)
	cookies := (&http.Response{Header: a.Header}).Cookies()
	if len(cookies) == 0 {
		t.Fatal("no cookie to look at")
	}
	for _, c := range cookies {
		if !strings.HasPrefix(c.Name, "__Host-") || !c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" {
			t.Errorf("cookie %s", c)
		}
	}
	if a.Header.Get("Strict-Transport-Security") == "" {
		t.Error("browsers aren't told to insist on https")
	}
}

// The site counts sign-ins and codes like the edge for programs, and together with it.
func TestSiteLimits(t *testing.T) {
	a, err := app.StartDemo(t.Context(), app.Config{Addr: "127.0.0.1:0", DataDir: t.TempDir()}, app.DemoOptions{
		Places: 1, Seed: 1, Options: app.Options{Limits: httpd.Limits{SignIn: 4, Codes: 3, Writes: 1000}},
	})
	must(t, err)
	t.Cleanup(func() { must(t, a.Stop(t.Context())) })
	w := worldOf(t, a, app.Config{})
	c := w.browserOf("")
	bad := func() url.Values { return url.Values{"email": {"student@demo.orynda.kz"}, "password": {"wrong"}} }
	for range 2 {
		if a := w.fill(c, "/ru/signin", "/ru/signin", bad()); a.Status != http.StatusUnprocessableEntity {
			t.Fatalf("a wrong password: %d", a.Status)
		}
		w.anonymous().Want(http.StatusUnauthorized, http.MethodPost, "/api/v1/auth/login", Doc{"email": "student@demo.orynda.kz", "password": "wrong"})
	}
	if a := w.fill(c, "/ru/signin", "/ru/signin", bad()); a.Status != http.StatusTooManyRequests || a.Header.Get("Retry-After") == "" {
		t.Errorf("the fifth sign-in of an address: %d", a.Status)
	}
	w.anonymous().Refused(http.StatusTooManyRequests, "rate_limited", http.MethodPost, "/api/v1/auth/login", Doc{"email": "student@demo.orynda.kz", "password": "wrong"})
	for i := range 4 {
		a := w.fill(c, "/ru/account/reset", "/ru/account/reset", url.Values{"email": {"student@demo.orynda.kz"}})
		if want := map[bool]int{true: http.StatusSeeOther, false: http.StatusTooManyRequests}[i < 3]; a.Status != want {
			t.Errorf("code %d of an address: %d, want %d", i+1, a.Status, want)
		}
	}
}
