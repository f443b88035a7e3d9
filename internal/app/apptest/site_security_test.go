package apptest

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"hash/fnv"
	"html"
	"io"
	"maps"
	"mime/multipart"
	"net"
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

	"github.com/orynda/orynda/internal/app"
	demodata "github.com/orynda/orynda/internal/app/demo"
	"github.com/orynda/orynda/internal/httpd"
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

// siteRoutes are the patterns of the site's addresses that answer a method, without language.
func siteRoutes(t *testing.T, method string) []*regexp.Regexp {
	t.Helper()
	all := fiber.New()
	if _, err := webui.Mount(all, webui.Deps{Demo: &webui.Demo{}}); err != nil {
		t.Fatal(err)
	}
	var out []*regexp.Regexp
	for _, r := range all.GetRoutes(true) {
		if path, ok := strings.CutPrefix(r.Path, "/kk"); ok && r.Method == method {
			out = append(out, regexp.MustCompile("^"+regexp.MustCompile(`:\w+`).ReplaceAllString(regexp.QuoteMeta(path), `[^/]+`)+"$"))
		}
	}
	return out
}

func patternOf(routes []*regexp.Regexp, path string) string {
	for _, r := range routes {
		if r.MatchString(path) {
			return r.String()
		}
	}
	return ""
}

// infect makes one trainee's way with markup in every text that somebody may write.
func infect(w *world) *chain {
	c := sitePlace(w, "student@demo.orynda.kz")
	text := Doc{"kk": probe, "ru": probe, "en": probe}
	draft := c.enterprise.Post("/api/v1/placements/"+c.placement+"/clone", nil)
	c.placement = draft.S("id")
	c.enterprise.Patch("/api/v1/placements/"+c.placement, Doc{
		"title": text, "summary": text, "tasks": text, "questions": []string{probe}, "insurance": Doc{"taken": true, "note": probe},
		"modules":    []Doc{{"name": text, "hours": 300, "enterprise_hours": 200}},
		"workplaces": []Doc{{"region": "350000000", "city": "Караганда", "address": probe, "lat": 49.81, "lon": 73.09, "kind": "workplace"}},
	})
	c.enterprise.Post("/api/v1/placements/"+c.placement+"/publish", nil)
	c.application = c.applicant.Want(201, "POST", "/api/v1/placements/"+c.placement+"/applications", Doc{"motivation": probe, "answers": []string{probe}}).S("id")
	start := c.book()
	w.advanceTo(start.Add(40 * time.Minute))
	c.enterprise.Post("/api/v1/bookings/"+c.booking+"/attendance", Doc{"outcome": "attended"})
	c.enterprise.Post("/api/v1/bookings/"+c.booking+"/scorecard", Doc{"criteria": []Doc{{"name": probe, "score": 5}}, "recommendation": "select", "note": probe})
	c.offer()
	c.accept()
	c.completeDraft()
	// What a service refuses in a text is no matter of the pages.
	for _, one := range []struct {
		who  *Client
		path string
		body Doc
	}{
		{c.applicant, "/api/v1/me", Doc{"about": probe}}, {c.applicant, "/api/v1/me", Doc{"address": probe}}, {c.applicant, "/api/v1/me", Doc{"full_name": probe}},
		{c.enterprise, "/api/v1/enterprises/" + c.enterpriseID, Doc{"about": text}}, {c.enterprise, "/api/v1/enterprises/" + c.enterpriseID, Doc{"description": text}},
		{c.enterprise, "/api/v1/enterprises/" + c.enterpriseID, Doc{"address": probe}}, {c.enterprise, "/api/v1/enterprises/" + c.enterpriseID, Doc{"name": probe}},
		{c.college, "/api/v1/colleges/" + c.collegeID, Doc{"address": probe}},
	} {
		one.who.Do("PATCH", one.path, one.body)
	}
	c.enterprise.Do("POST", "/api/v1/enterprises/"+c.enterpriseID+"/mentors", Doc{"full_name": probe, "position": probe, "qualification": probe, "experience_years": 5})
	return c
}

// reading is one person's walk over all pages that links lead to.
type reading struct {
	w        *world
	t        *testing.T
	who      string
	lang     string
	browser  *http.Client
	routes   []*regexp.Regexp
	personal *regexp.Regexp // what no address may hold
	seen     map[string]bool
	turns    map[string]int
	infected map[string]bool // patterns of pages that hold the probe, as text
}

// mostTurns is how many pages of one kind a person reads.
const mostTurns = 3

var (
	tagsOf  = regexp.MustCompile(`<([a-zA-Z][a-zA-Z0-9-]*)((?:\s+[^\s=>"'/]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+))?)*)\s*/?>`)
	leadsTo = regexp.MustCompile(`\s(href|action|src|formaction|data-hx-get|data-hx-post|data-live)="([^"]*)"`)
	byEvent = regexp.MustCompile(`(?i)\s(on[a-z]+|style|srcdoc|hx-on[a-z:-]*)\s*=`)
)

func (r *reading) walk(from ...string) {
	for next := from; len(next) > 0; {
		path := next[0]
		next = next[1:]
		own, ok := strings.CutPrefix(path, "/"+r.lang)
		bare, _, _ := strings.Cut(own, "?")
		kind := patternOf(r.routes, bare)
		if !ok || kind == "" || r.seen[path] || r.turns[kind] >= mostTurns || strings.HasPrefix(own, "/demo/mails/") {
			continue
		}
		r.seen[path], r.turns[kind] = true, r.turns[kind]+1
		a := r.w.ask(r.browser, http.MethodGet, path, nil)
		if a.Status >= 300 && a.Status < 400 {
			next = append(next, a.Header.Get("Location"))
			continue
		}
		next = append(next, r.judge(path, kind, a)...)
	}
}

// judge looks one page through and gives the links in it.
func (r *reading) judge(path, kind string, a Answer) (links []string) {
	page := string(a.Raw)
	fail := func(format string, args ...any) { r.t.Errorf("%s, %s: %s", r.who, path, fmt.Sprintf(format, args...)) }
	if a.Status >= 500 {
		fail("status %d", a.Status)
	}
	if r.who != "" && !strings.Contains(a.Header.Get("Content-Type"), "atom") && !strings.Contains(a.Header.Get("Cache-Control"), "no-store") {
		fail("kept as %q", a.Header.Get("Cache-Control"))
	}
	if !strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") {
		return nil
	}
	if got := a.Header.Get("Content-Security-Policy"); got != sitePolicy {
		fail("content policy %q", got)
	}
	if a.Header.Get("X-Content-Type-Options") != "nosniff" || a.Header.Get("Cache-Control") == "" {
		fail("headers %v", a.Header)
	}
	if strings.Contains(html.UnescapeString(page), probe) {
		r.infected[kind] = true
	}
	for _, tag := range tagsOf.FindAllStringSubmatch(page, -1) {
		name, attributes := strings.ToLower(tag[1]), tag[2]
		bare := regexp.MustCompile(`"[^"]*"|'[^']*'`).ReplaceAllString(attributes, `""`)
		switch {
		case byEvent.MatchString(bare):
			fail("an attribute that the policy forbids in %s", tag[0])
		case name == "style", name == "iframe", name == "object", name == "embed", name == "base", name == "b" && strings.Contains(attributes, "color"):
			fail("an element that doesn't belong: %s", tag[0])
		case name == "script" && !strings.Contains(attributes, ` src="/static/`) && strings.TrimSpace(attributes) != `type="application/ld+json"`:
			fail("script in the page: %s", tag[0])
		case name == "form" && strings.Contains(attributes, `method="post"`) && !strings.Contains(attributes, `/demo/`) && !formHasProof(page, tag[0]):
			fail("a form without a proof: %s", tag[0])
		}
		for _, m := range leadsTo.FindAllStringSubmatch(attributes, -1) {
			to := html.UnescapeString(m[2])
			if m[1] != "action" || name != "form" || !strings.Contains(attributes, `method="post"`) {
				links = append(links, to)
			}
			r.judgeAddress(fail, name, to)
		}
	}
	return links
}

func (r *reading) judgeAddress(fail func(format string, args ...any), name, to string) {
	plain, err := url.QueryUnescape(to)
	if err != nil {
		fail("an address that can't be read: %s", to)
	}
	switch lower := strings.ToLower(strings.TrimSpace(plain)); {
	case strings.HasPrefix(lower, "tel:"), strings.HasPrefix(lower, "mailto:"), strings.HasPrefix(lower, "data:image/"):
	case regexp.MustCompile(`^[a-z+.-]+:`).MatchString(lower) && !strings.HasPrefix(lower, "https:") && !strings.HasPrefix(lower, "http:"):
		fail("an address that runs: %s", to)
	case name == "form" && !strings.HasPrefix(to, "/"), !strings.HasPrefix(to, "#") && !strings.HasPrefix(to, "/") && !strings.HasPrefix(to, "?") && !strings.HasPrefix(to, "http"),
		strings.HasPrefix(to, "//"):
		fail("a form or link that leads elsewhere: %s", to)
	case strings.HasPrefix(to, "/") && r.personal.MatchString(plain):
		fail("personal data in the address %s", to)
	}
}

func formHasProof(page, tag string) bool {
	for rest := page; ; {
		_, after, ok := strings.Cut(rest, tag)
		if !ok {
			return true
		}
		form, further, _ := strings.Cut(after, "</form>")
		if !studentProof.MatchString(form) {
			return false
		}
		rest = further
	}
}

// siteReading walks all pages as many people, after markup was written into every text.
func siteReading(t *testing.T, w *world) {
	c := infect(w)
	people := append([]string{""}, demodata.Emails()...)
	starts := func(lang string) []string {
		own := []string{"/", "/start", "/me", "/placements", "/signin", "/register", "/account/verify", "/account/reset", "/account/reset/confirm", "/account/security", "/account/data",
			"/verify", "/notices", "/notices/choices", "/profile", "/signing", "/admin", "/gallery", "/suggest?q=a", "/placements.atom",
			"/placements/" + c.placement, "/applications/" + c.application, "/bookings/" + c.booking, "/agreements/" + c.agreement, "/offers/" + c.offerID,
			"/enterprises/" + c.enterpriseID, "/enterprises/" + c.enterpriseID + "/desk", "/colleges/" + c.collegeID + "/desk", "/placements/" + c.placement + "/edit", "/enterprises/new",
			"/invitations/nobody", "/notices/stop/nobody"}
		for path, steps := range map[string][]string{
			"/applications/" + c.application: {"/withdraw", "/slots", "/slots/" + c.slot, "/offer"},
			"/bookings/" + c.booking:         {"/calendar.ics", "/move", "/cancel", "/scorecard"},
			"/offers/" + c.offerID:           {"/accept", "/decline"},
			"/agreements/" + c.agreement:     {"/complete", "/terminate"},
		} {
			for _, step := range steps {
				own = append(own, path+step)
			}
		}
		for i := range own {
			own[i] = "/" + lang + own[i]
		}
		return own
	}
	words := []string{`\b\d{12}\b`, `@`, `\+7\d`, `\b87\d{9}\b`}
	browsers := map[string]*http.Client{}
	for _, who := range people {
		browsers[who] = w.browserOf(who)
		w.ask(browsers[who], http.MethodGet, "/kk/", nil) // the session's first page is written down
		if who == "" {
			continue
		}
		me := w.as(who).Get("/api/v1/me")
		if surname, _, ok := strings.Cut(me.S("full_name"), " "); ok {
			words = append(words, regexp.QuoteMeta(surname))
		}
	}
	routes, kinds, infected := siteRoutes(t, http.MethodGet), map[string]bool{}, map[string]bool{}
	before := w.settled()
	for i, who := range people {
		r := &reading{
			w: w, t: t, who: who, lang: []string{"kk", "ru", "en"}[i%3], browser: browsers[who], routes: routes, personal: regexp.MustCompile(strings.Join(words, "|")),
			seen: map[string]bool{}, turns: map[string]int{}, infected: infected,
		}
		r.walk(starts(r.lang)...)
		for kind := range r.turns {
			kinds[kind] = true
		}
	}
	after := w.settled()
	for name, sum := range after {
		if before[name] != sum {
			t.Errorf("reading pages changed %s: %s, and before %s", name, sum, before[name])
		}
	}
	var missed []string
	for _, r := range routes {
		if !kinds[r.String()] {
			missed = append(missed, r.String())
		}
	}
	t.Logf("%d kinds of pages read; not reached by links: %v", len(kinds), missed)
	if len(kinds) < 60 {
		t.Errorf("only %d kinds of pages were read", len(kinds))
	}
	if len(infected) < 10 {
		t.Errorf("the probe stands on %v only", slices.Sorted(maps.Keys(infected)))
	}
}

// settled is a checksum of each stored table once nothing is at work any more, without what the program does by itself.
func (w *world) settled() map[string]string {
	w.t.Helper()
	last := w.tables()
	for range 100 {
		time.Sleep(150 * time.Millisecond)
		now := w.tables()
		if maps.Equal(last, now) {
			return now
		}
		last = now
	}
	w.t.Fatal("the tables never come to rest")
	return nil
}

func (w *world) tables() map[string]string {
	w.t.Helper()
	db := w.database()
	defer db.Close()
	names, err := db.QueryContext(w.t.Context(), `SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'c\_%' ESCAPE '\'`)
	must(w.t, err)
	var tables []string
	for names.Next() {
		var name string
		must(w.t, names.Scan(&name))
		tables = append(tables, name)
	}
	must(w.t, names.Err())
	must(w.t, names.Close())
	out := map[string]string{}
	for _, name := range tables {
		if name == "c_outbox_jobs" || name == "c_quotas" { // when each chore is due next; how often one took the file of one's data
			continue
		}
		rows, err := db.QueryContext(w.t.Context(), `SELECT id, v, body FROM "`+name+`" ORDER BY id`)
		must(w.t, err)
		sum, n := fnv.New64a(), 0
		for rows.Next() {
			var id string
			var v int64
			var body []byte
			must(w.t, rows.Scan(&id, &v, &body))
			fmt.Fprintln(sum, id, v, body)
			n++
		}
		must(w.t, rows.Err())
		must(w.t, rows.Close())
		out[name] = fmt.Sprintf("%d, %x", n, sum.Sum64())
	}
	return out
}

// database is the world's own, beside the program.
func (w *world) database() *sql.DB {
	w.t.Helper()
	files, err := filepath.Glob(w.cfg.DataDir + "/*.db")
	must(w.t, err)
	if len(files) != 1 {
		all, _ := os.ReadDir(w.cfg.DataDir)
		w.t.Fatalf("no single database in %v", all)
	}
	db, err := sql.Open("sqlite", "file:"+files[0]+"?_pragma=busy_timeout(5000)")
	must(w.t, err)
	return db
}

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

func siteFiles(t *testing.T, w *world) {
	hr := w.browserOf("hr@saryarqa-energo.demo.orynda.kz")
	college := w.browserOf("college@karaganda.demo.orynda.kz")
	enterprisePage := "/ru/enterprises/" + organisationOf(w.as("hr@saryarqa-energo.demo.orynda.kz"), "enterprise") + "/import"
	collegePage := "/ru/colleges/" + organisationOf(w.as("college@karaganda.demo.orynda.kz"), "college") + "/roster"
	for _, one := range []struct {
		who  *http.Client
		page string
	}{{hr, enterprisePage}, {college, collegePage}} {
		m := studentProof.FindSubmatch(w.ask(one.who, http.MethodGet, one.page, nil).Raw)
		if m == nil {
			t.Fatalf("%s holds no form", one.page)
		}
		for name, file := range map[string][]byte{
			"a picture": []byte("\x89PNG\r\n\x1a\n" + strings.Repeat("\x00", 200)), "a program": []byte("MZ" + strings.Repeat("\x90\x00", 500)), "nothing": {},
			"a page": []byte("<html><script>alert(1)</script>"), "too much": bytes.Repeat([]byte("a;b;c\n"), 2<<20), "a bomb": zipBomb(t), "half an archive": []byte("PK\x03\x04half"),
		} {
			var body bytes.Buffer
			form := multipart.NewWriter(&body)
			must(t, form.WriteField("_csrf", html.UnescapeString(string(m[1]))))
			part, err := form.CreateFormFile("file", `<img src=x onerror=alert(1)>.csv`)
			must(t, err)
			_, err = part.Write(file)
			must(t, err)
			must(t, form.Close())
			start := time.Now()
			a := w.ask(one.who, http.MethodPost, one.page, &body, "Content-Type", form.FormDataContentType())
			if a.Status != http.StatusUnprocessableEntity || !bytes.Contains(a.Raw, []byte(`<html lang="ru"`)) || !bytes.Contains(a.Raw, []byte("data-focus")) {
				t.Errorf("%s of %s: %d", one.page, name, a.Status)
			}
			if bytes.Contains(a.Raw, []byte("<img src=x")) || bytes.Contains(a.Raw, []byte("<script>alert")) {
				t.Errorf("%s of %s: the file's markup stands in the page", one.page, name)
			}
			if took := time.Since(start); took > 5*time.Second {
				t.Errorf("%s of %s took %s", one.page, name, took)
			}
		}
	}
	// longer than any request may be: refused before it has arrived
	conn, err := net.Dial("tcp", strings.TrimPrefix(w.base, "http://"))
	must(t, err)
	defer conn.Close()
	_, err = fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: orynda.test\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: %d\r\n\r\n", enterprisePage, httpd.BodyLimit+1)
	must(t, err)
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	must(t, err)
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	must(t, err)
	if res.StatusCode != http.StatusRequestEntityTooLarge || !bytes.Contains(raw, []byte(`<html lang="ru"`)) {
		t.Errorf("a body beyond the limit: %d %.200s", res.StatusCode, raw)
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

// zipBomb is a sheet of a few kilobytes that unpacks to hundreds of megabytes.
func zipBomb(t *testing.T) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for name, text := range map[string]string{
		"[Content_Types].xml": `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`,
		"xl/workbook.xml":     `<?xml version="1.0"?><workbook/>`,
	} {
		f, err := z.Create(name)
		must(t, err)
		_, err = f.Write([]byte(text))
		must(t, err)
	}
	f, err := z.Create("xl/worksheets/sheet1.xml")
	must(t, err)
	for range 300 {
		_, err = f.Write(make([]byte, 1<<20))
		must(t, err)
	}
	must(t, z.Close())
	return out.Bytes()
}
