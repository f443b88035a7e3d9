package apptest

import (
	"bytes"
	"context"
	"fmt"
	"html"
	"io"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/app"
	"github.com/orynda/orynda/internal/httpd"
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
	w.run("one's own data is one file", siteExport)
	w.run("an old sign-in is asked for the password", siteConfirm)
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
	t.Cleanup(func() { must(t, a.Stop(context.WithoutCancel(t.Context()))) })
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
		a := w.fill(c, "/ru/account/reset", "/ru/account/reset", url.Values{"email": {fmt.Sprintf("stranger%d@example.kz", i)}})
		if want := map[bool]int{true: http.StatusSeeOther, false: http.StatusTooManyRequests}[i < 3]; a.Status != want {
			t.Errorf("code %d of an address: %d, want %d", i+1, a.Status, want)
		}
	}
}

func siteWaysOn(t *testing.T, w *world) {
	home := regexp.MustCompile(`^/(kk|ru|en)/([^/\\]|$)`)
	for _, to := range []string{
		"//evil.example", `/\evil.example`, `\\evil.example`, "https://evil.example", "https:evil.example", "/%2f%2fevil.example", "/%5cevil.example", "javascript:alert(1)",
		"///evil.example", "/\t/evil.example", "/a\r\nSet-Cookie: x=y", "@evil.example", ".evil.example", "/../..//evil.example", "",
	} {
		c := w.browserOf("")
		a := w.fill(c, "/ru/signin", "/ru/signin", url.Values{"email": {"minor@demo.orynda.kz"}, "password": {"orynda-demo"}, "next": {to}})
		if at := a.Header.Get("Location"); a.Status != http.StatusSeeOther || !home.MatchString(at) || a.Header.Get("Set-Cookie") == "x=y" {
			t.Errorf("signing in with next=%q leads to %q (%d)", to, at, a.Status)
		}
		b := w.ask(c, http.MethodGet, "/ru/signin?next="+url.QueryEscape(to), nil) // signed in already
		if at := b.Header.Get("Location"); b.Status != http.StatusSeeOther || !home.MatchString(at) {
			t.Errorf("the sign-in with next=%q leads to %q (%d)", to, at, b.Status)
		}
		for _, bar := range []string{"/ru/demo/switch", "/ru/demo/clock"} {
			form := url.Values{"back": {to}, "email": {"minor@demo.orynda.kz"}, "advance": {"PT1S"}}
			d := w.ask(c, http.MethodPost, bar, strings.NewReader(form.Encode()), "Content-Type", "application/x-www-form-urlencoded")
			if at := d.Header.Get("Location"); d.Status != http.StatusSeeOther || !home.MatchString(at) {
				t.Errorf("%s with back=%q leads to %q (%d)", bar, to, at, d.Status)
			}
		}
		shown := w.ask(w.browserOf(""), http.MethodGet, "/ru/signin?next="+url.QueryEscape(to), nil)
		if regexp.MustCompile(`(?:href|action)="[^"]*evil`).Match(regexp.MustCompile(`href="/[a-z]+/signin[^"]*"`).ReplaceAll(shown.Raw, nil)) {
			t.Errorf("the sign-in page leads to %q", to)
		}
	}
}

func siteNotice(t *testing.T, w *world) {
	c := w.browserOf("citizen@demo.orynda.kz")
	said := "Вы вышли"
	if a := w.fill(c, "/ru/account/security", "/ru/signout", url.Values{}); a.Status != http.StatusSeeOther {
		t.Fatalf("signing out: %d", a.Status)
	}
	notice := cookieOf(c, w.base, "orynda_notice")
	if notice == "" {
		t.Fatal("signing out says nothing")
	}
	w.ask(c, http.MethodGet, "/ru/me", nil)                               // leads on
	w.ask(c, http.MethodHead, "/ru/", nil)                                // shows nothing
	w.ask(c, http.MethodGet, "/ru/placements", nil, "HX-Request", "true") // a part
	w.ask(c, http.MethodGet, "/ru/placements.atom", nil)                  // no page
	if a := w.ask(c, http.MethodGet, "/ru/", nil); !strings.Contains(string(a.Raw), said) || !strings.Contains(a.Header.Get("Cache-Control"), "no-store") {
		t.Errorf("the sentence is lost on the way, or kept (%s)", a.Header.Get("Cache-Control"))
	}
	if a := w.ask(c, http.MethodGet, "/ru/", nil); strings.Contains(string(a.Raw), said) {
		t.Error("the sentence is said twice")
	}
	if a := w.ask(w.browserOf(""), http.MethodGet, "/ru/", nil); strings.Contains(string(a.Raw), said) {
		t.Error("the sentence is said to somebody else")
	}
	withCookie(c, w.base, "orynda_notice", "bad.PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg")
	if a := w.ask(c, http.MethodGet, "/ru/", nil); strings.Contains(string(a.Raw), "<script>alert") {
		t.Error("a forged sentence is markup")
	}
	for _, forged := range []string{"bad.***", "x", ".", strings.Repeat("A", 3000)} {
		withCookie(c, w.base, "orynda_notice", forged)
		if a := w.ask(c, http.MethodGet, "/ru/", nil); a.Status != http.StatusOK {
			t.Errorf("a forged sentence: %d", a.Status)
		}
	}
}

// siteKept asks the same addresses as strangers and as people at once: nobody gets what is another's.
func siteKept(t *testing.T, w *world) {
	student, hr := w.browserOf("student2@demo.orynda.kz"), w.browserOf("hr@temir-motors.demo.orynda.kz")
	place := w.anonymous().Get("/api/v1/placements?per_page=1").Items("items")[0].S("id")
	marks := map[*http.Client]string{}
	for c, who := range map[*http.Client]string{student: "student2@demo.orynda.kz", hr: "hr@temir-motors.demo.orynda.kz"} {
		marks[c] = `translate="no">` + who
	}
	var all sync.WaitGroup
	for _, path := range []string{"/ru/", "/ru/placements", "/ru/placements/" + place, "/ru/about", "/ru/placements?q=%D1%8D"} {
		for i := range 24 {
			all.Go(func() {
				c := []*http.Client{student, hr, {}, {}}[i%4]
				a := w.ask(c, http.MethodGet, path, nil)
				page := string(a.Raw)
				if a.Status != http.StatusOK {
					t.Errorf("%s: %d", path, a.Status)
				}
				for other, name := range marks {
					if strings.Contains(page, name) != (other == c) {
						t.Errorf("%s: %s on the page of reader %d: %t", path, name, i%4, other != c)
					}
				}
				if i%4 > 1 && (a.Header.Get("Set-Cookie") != "" || strings.Contains(page, `name="_csrf"`) || strings.Contains(page, "button small quiet here")) {
					t.Errorf("%s: a page for strangers is somebody's", path)
				}
			})
		}
	}
	all.Wait()
	// a part and a whole page have one address
	whole := w.ask(&http.Client{}, http.MethodGet, "/ru/placements?sort=newest", nil)
	part := w.ask(&http.Client{}, http.MethodGet, "/ru/placements?sort=newest", nil, "HX-Request", "true")
	again := w.ask(&http.Client{}, http.MethodGet, "/ru/placements?sort=newest", nil)
	if !bytes.Contains(whole.Raw, []byte("<html")) || bytes.Contains(part.Raw, []byte("<html")) || !bytes.Contains(again.Raw, []byte("<html")) {
		t.Error("a part is kept for the whole, or the whole for a part")
	}
}

func siteHeads(t *testing.T, w *world) {
	for _, who := range []string{"", "student@demo.orynda.kz"} {
		c := w.browserOf(who)
		for _, path := range []string{"/kk/", "/kk/placements", "/kk/about", "/kk/me", "/kk/nothing", "/kk/signin", "/robots.txt", "/sitemap.xml"} {
			get, head := w.ask(c, http.MethodGet, path, nil), w.ask(c, http.MethodHead, path, nil)
			if get.Status != head.Status || len(head.Raw) != 0 || get.Header.Get("Content-Type") != head.Header.Get("Content-Type") {
				t.Errorf("%s: GET %d, HEAD %d with %d bytes", path, get.Status, head.Status, len(head.Raw))
			}
		}
	}
}

// siteProofs posts a form with the proof of another session, and with one from before the own one began.
func siteProofs(t *testing.T, w *world) {
	mine, theirs := w.browserOf("student@demo.orynda.kz"), w.browserOf("minor@demo.orynda.kz")
	proofOn := func(c *http.Client) string {
		return html.UnescapeString(string(studentProof.FindSubmatch(w.ask(c, http.MethodGet, "/ru/account/security", nil).Raw)[1]))
	}
	for name, proof := range map[string]string{"another's": proofOn(theirs), "a changed one": proofOn(mine) + "A", "none": ""} {
		form := url.Values{"_csrf": {proof}, "full_name": {"Набранное"}}
		before := w.settled()
		a := w.ask(mine, http.MethodPost, "/ru/account/signout-everywhere", strings.NewReader(form.Encode()), "Content-Type", "application/x-www-form-urlencoded")
		if a.Status != http.StatusForbidden || !strings.Contains(string(a.Raw), `value="Набранное"`) {
			t.Errorf("with %s: %d", name, a.Status)
		}
		if after := w.settled(); !maps.Equal(before, after) {
			t.Errorf("with %s something was done", name)
		}
	}
	a := w.fill(mine, "/ru/account/security", "/ru/account/signout-everywhere", url.Values{})
	if a.Status != http.StatusSeeOther {
		t.Errorf("with the own proof: %d", a.Status)
	}
}
