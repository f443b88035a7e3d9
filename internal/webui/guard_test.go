package webui

import (
	"bytes"
	"html"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/httpd"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/id"
	"github.com/orynda/orynda/internal/secrets"
	"github.com/orynda/orynda/web/ui"
)

// bare is the whole site without a single service behind it: whatever passes the guard into a handler fails loudly.
func bare(t *testing.T, settings ...func(*Deps)) *fiber.App {
	t.Helper()
	say, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	ring, err := secrets.Generate(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	quiet := slog.New(slog.DiscardHandler)
	d := Deps{
		Catalogue: say, Ring: ring, Clock: cal.System(), Limits: httpd.NewLimiter(httpd.Limits{SignIn: 1e6, Codes: 1e6, Writes: 1e6}),
		PublicURL: "http://orynda.test", Log: quiet, Demo: &Demo{},
	}
	for _, set := range settings {
		set(&d)
	}
	var pages Refusals
	app := httpd.New(httpd.Config{
		Catalogue: say, Log: quiet, Page: func(c *fiber.Ctx, e *errs.Error) (bool, error) { return pages(c, e) },
	})
	if pages, err = Mount(app, d); err != nil {
		t.Fatal(err)
	}
	app.Use(func(*fiber.Ctx) error { return fiber.ErrNotFound })
	return app
}

// posts are the addresses of all forms, with something for each part that varies.
func posts(t *testing.T, app *fiber.App) []string {
	t.Helper()
	var out []string
	for _, r := range app.GetRoutes(true) {
		if r.Method == http.MethodPost {
			out = append(out, regexp.MustCompile(`:\w+`).ReplaceAllString(r.Path, "x"))
		}
	}
	if len(out) < 3*50 {
		t.Fatalf("%d forms: the list is not that of the site", len(out))
	}
	return out
}

type answer struct {
	status int
	header http.Header
	body   string
}

func send(t *testing.T, app *fiber.App, method, path, body string, headers ...string) answer {
	t.Helper()
	req := httptest.NewRequest(method, "http://orynda.test"+path, strings.NewReader(body))
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i < len(headers); i += 2 {
		if headers[i] == "Host" {
			req.Host = headers[i+1]
		}
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := app.Test(req, -1)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{res.StatusCode, res.Header, string(raw)}
}

// isDemo are the forms of the demo's bar, which bring no proof: see ownForm.
func isDemo(path string) bool { return strings.Contains(path, "/demo/") }

// Without a proof nothing is done: what was typed comes back to be sent once more, but for secrets.
func TestEveryFormNeedsItsProof(t *testing.T) {
	app := bare(t)
	typed := url.Values{
		"motivation": {`Қазақша "мәтін" <b>`}, "many": {"one", "two"}, "password": {"hidden-1"}, "current_password": {"hidden-2"}, "code": {"hidden-3"},
	}
	for _, path := range posts(t, app) {
		if isDemo(path) {
			continue
		}
		for name, proof := range map[string]string{"none": "", "made up": "AAAA.BBBB", "no salt": "." + strings.Repeat("A", 43)} {
			typed.Set("_csrf", proof)
			a := send(t, app, http.MethodPost, path, typed.Encode(), "Sec-Fetch-Site", "same-origin", "Cookie", visitorCookie+"=somebody")
			if a.status != http.StatusForbidden {
				t.Errorf("%s with proof %s: %d", path, name, a.status)
				continue
			}
			text := html.UnescapeString(a.body)
			for _, want := range []string{`action="` + path + `"`, `name="motivation" value="Қазақша "мәтін" <b>"`, `name="many" value="one"`, `name="many" value="two"`} {
				if !strings.Contains(text, want) {
					t.Errorf("%s doesn't give back %s", path, want)
				}
			}
			if strings.Contains(a.body, "hidden-") || strings.Contains(a.body, "<b>") {
				t.Errorf("%s repeats a secret, or what was typed as markup", path)
			}
			if a.header.Get("Cache-Control") != privately {
				t.Errorf("%s: kept as %q", path, a.header.Get("Cache-Control"))
			}
		}
	}
}

// Browsers tell where a form comes from; one from elsewhere doesn't reach the proof, nor the limits.
func TestFormsFromElsewhereAreRefused(t *testing.T) {
	app := bare(t)
	foreign := [][]string{
		{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Sec-Fetch-Site", "cross-site", "Origin", "http://orynda.test"},
		{"Origin", "https://evil.example"}, {"Origin", "null"}, {"Origin", "http://orynda.test.evil.example"}, {"Origin", "http://evil.example:80"},
		{"Origin", "http://orynda.test@evil.example"}, {"Origin", "http://orynda.test:8080"},
	}
	for _, path := range posts(t, app) {
		for _, headers := range foreign {
			a := send(t, app, http.MethodPost, path, "motivation=kept", headers...)
			if a.status != http.StatusForbidden || strings.Contains(a.body, `value="kept"`) {
				t.Errorf("%s from %v: %d", path, headers, a.status)
			}
		}
	}
}

// A page leads home, whatever host a request names before its path.
func TestAPageNamesNoOtherHost(t *testing.T) {
	app := bare(t)
	for _, target := range []string{"http://evil.example/kk/register", "//evil.example/kk/register", "http://evil.example/kk//evil.example"} {
		req := httptest.NewRequest(http.MethodPost, "/", strings.NewReader("motivation=kept"))
		req.RequestURI, req.Host = target, "orynda.test"
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Accept", "text/html")
		res, err := app.Test(req, -1)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		for _, out := range regexp.MustCompile(`(?:href|action)="([^"]*evil[^"]*)"`).FindAllStringSubmatch(string(raw), -1) {
			if !regexp.MustCompile(`^/(kk|ru|en)/`).MatchString(out[1]) {
				t.Errorf("asked as %s, the page (%d) leads to %s", target, res.StatusCode, out[1])
			}
		}
		if res.StatusCode < 400 {
			t.Errorf("%s: %d", target, res.StatusCode)
		}
	}
}

// A proof is of one browser and one session.
func TestProofsAreOfOneBrowserAndSession(t *testing.T) {
	ring, err := secrets.Generate(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	app := fiber.New()
	as := func(visitor, session string, fn func(v *visit)) {
		t.Helper()
		app.Get("/", func(c *fiber.Ctx) error {
			c.Request().Header.SetCookie(visitorCookie, visitor)
			fn(&visit{c: c, site: &site{Deps: Deps{Ring: ring}}, actor: accounts.Actor{SessionID: session}, page: &ui.Page{}})
			return nil
		})
		if _, err := app.Test(httptest.NewRequest(http.MethodGet, "/", nil), -1); err != nil {
			t.Fatal(err)
		}
		app = fiber.New()
	}
	var first, second string
	as("aidos", "session1", func(v *visit) { first, second = v.proof(), v.proof() })
	if first == second {
		t.Error("two pages have the same proof: squeezing could give it away")
	}
	for _, c := range []struct {
		visitor, session string
		want             bool
	}{
		{"aidos", "session1", true}, {"aidos", "session2", false}, {"aidos", "", false}, {"dana", "session1", false}, {"aidos|session1", "", false},
	} {
		as(c.visitor, c.session, func(v *visit) {
			if got := v.proved(first); got != c.want {
				t.Errorf("of %s in %q: %t", c.visitor, c.session, got)
			}
			if v.proved("") || v.proved(".") || v.proved(strings.Split(first, ".")[0]+".") {
				t.Error("an empty proof passes")
			}
		})
	}
}

// Files and malformed bodies without a proof are refused like any other form.
func TestOddBodiesAreRefused(t *testing.T) {
	app := bare(t)
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	if err := m.WriteField("replace", "true"); err != nil {
		t.Fatal(err)
	}
	part, err := m.CreateFormFile("file", "<img src=x>.csv")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := part.Write([]byte("title")); err != nil {
		t.Fatal(err)
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string][2]string{
		"a file": {m.FormDataContentType(), body.String()}, "no boundary": {"multipart/form-data", "x"},
		"JSON": {"application/json", `{"_csrf":"x"}`}, "bytes": {"application/octet-stream", "\xff\xfe\x00"}, "nothing": {"", ""},
	} {
		a := send(t, app, http.MethodPost, "/kk/enterprises/x/import", c[1], "Content-Type", c[0])
		if a.status != http.StatusForbidden || !strings.Contains(a.body, "<html") || strings.Contains(a.body, "<img src=x") {
			t.Errorf("%s: %d", name, a.status)
		}
	}
}

// What isn't there, or is refused before it gets to a page, is a page in the reader's language nevertheless; programs get theirs.
func TestRefusalsArePages(t *testing.T) {
	app := bare(t)
	browser := []string{"Accept", "text/html,application/xhtml+xml,*/*;q=0.8", "Accept-Language", "ru"}
	for _, c := range []struct {
		method, path, lang string
		headers            []string
		status             int
	}{
		{"GET", "/kk/nothing/there", "kk", browser, 404}, {"GET", "/en/nothing", "en", nil, 404}, {"GET", "/fr/placements", "ru", browser, 404},
		{"GET", "/nothing", "ru", browser, 404}, {"POST", "/en/nothing", "en", browser, 404}, {"POST", "/kk/placements", "kk", browser, 404},
		{"GET", "/nothing", "", []string{"Accept", "application/json"}, 404}, {"GET", "/api/v1/nothing", "", browser, 404},
		{"GET", "/kk/%2f%2fevil.example", "kk", browser, 404}, {"GET", "/kk/%00", "kk", browser, 404}, {"GET", "/kk/%ff%fe?%ff=%ff", "kk", browser, 404},
	} {
		a := send(t, app, c.method, c.path, "", c.headers...)
		if a.status != c.status {
			t.Errorf("%s %s: %d", c.method, c.path, a.status)
		}
		if c.lang == "" {
			if !strings.HasPrefix(a.header.Get("Content-Type"), "application/problem+json") {
				t.Errorf("%s %s for a program: %s", c.method, c.path, a.header.Get("Content-Type"))
			}
			continue
		}
		if !strings.Contains(a.body, `<html lang="`+c.lang+`"`) || a.header.Get("Content-Language") != c.lang || a.header.Get("Content-Security-Policy") != pagePolicy {
			t.Errorf("%s %s: no page in %s (%s, %s)", c.method, c.path, c.lang, a.header.Get("Content-Language"), a.header.Get("Content-Security-Policy"))
		}
	}
}

// What fails inside is a page that tells nothing but the number to ask with.
func TestFailuresArePagesWithoutDetails(t *testing.T) {
	app := bare(t) // without services every real page fails
	for _, path := range []string{"/ru/", "/ru/placements", "/ru/placements/plc_1"} {
		a := send(t, app, http.MethodGet, path, "")
		number := a.header.Get("X-Request-Id")
		if a.status != http.StatusInternalServerError || !strings.Contains(a.body, `<html lang="ru"`) || number == "" || !strings.Contains(a.body, number) {
			t.Errorf("%s: %d\n%s", path, a.status, a.body)
		}
		for _, inside := range []string{"nil pointer", "runtime error", "goroutine", ".go:", "invalid memory"} {
			if strings.Contains(a.body, inside) {
				t.Errorf("%s tells %q", path, inside)
			}
		}
	}
	// not even the session can be read
	token := "bt_" + strings.TrimPrefix(id.New("ses"), "ses_") + "_1_hash"
	if a := send(t, app, http.MethodGet, "/ru/about", "", "Cookie", sessionCookie+"="+token); a.status != http.StatusInternalServerError || !strings.Contains(a.body, `<html lang="ru"`) {
		t.Errorf("an unreadable session: %d %s", a.status, a.body)
	}
}

// Floods of forms are refused on the site's own count too, before anything else is asked of them.
func TestFormsHaveLimits(t *testing.T) {
	limits := httpd.NewLimiter(httpd.Limits{SignIn: 3, Codes: 2, Writes: 4})
	app := bare(t, func(d *Deps) { d.Limits = limits })
	for path, most := range map[string]int{"/kk/signin": 3, "/kk/register": 2, "/kk/signout": 4} {
		for i := range most + 1 {
			a := send(t, app, http.MethodPost, path, "email=a")
			if want := map[bool]int{true: http.StatusForbidden, false: http.StatusTooManyRequests}[i < most]; a.status != want {
				t.Errorf("%s, try %d: %d, want %d", path, i, a.status, want)
			} else if i == most && (a.header.Get("Retry-After") == "" || !strings.Contains(a.body, `<html lang="kk"`)) {
				t.Errorf("%s: no page, or nothing about when to try again", path)
			}
		}
	}
	// one count for both edges
	if err := limits.Allow(httpd.SignIns, "0.0.0.0", ""); errs.KindOf(err) != errs.RateLimited {
		t.Errorf("the other edge counts for itself: %v", err)
	}
}

func TestOwnPath(t *testing.T) {
	for path, want := range map[string]bool{
		"/": true, "/me": true, "/placements?q=a//b": true, "": false, "me": false, "//evil.example": false, `/\evil.example`: false, `\\evil.example`: false,
		"https://evil.example": false, "javascript:alert(1)": false, "/\t/evil.example": false, "/a\r\nSet-Cookie: x": false, "/%2f%2fevil.example": true,
		"///evil.example": false, "/x\\@evil": false,
	} {
		if got := ownPath(path); got != want {
			t.Errorf("%q: %t", path, got)
		}
	}
}
