package browsertest

import (
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// policy is the site's own.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// goodHead, goodBody make a page that nothing is wrong with; the bad ones differ from it in one thing each.
const (
	goodHead = `<title>Орын іздеу</title><link rel="stylesheet" href="/site.css"><script src="/site.js" defer></script>`
	goodBody = `<h1>Орындар</h1><p>Колледж студенттеріне арналған 1 орын, <span translate="no">Temir Motors</span>, OR-7K2F9Q, PDF, <a href="mailto:hr@temir.kz">hr@temir.kz</a>.</p>`
)

func markup(lang, head, body string) string {
	return `<!DOCTYPE html><html lang="` + lang + `"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">` + head +
		`</head><body><main>` + body + `</main></body></html>`
}

const siteCSS = `:root{color-scheme:light dark}body{margin:16px;font:17px/26px sans-serif;color:#15202B;background:#fff}a{color:#005F6B}
.pale{color:#bbb}.wide{width:500px}.cut{width:60px;overflow:hidden;white-space:nowrap}.narrow{width:60px;overflow-wrap:anywhere}.cover{position:fixed;inset:0;background:#fff}
.bar{position:fixed;bottom:0;left:0;right:0;height:80px;background:#fff}.room{height:80px}.quiet:focus{outline:none}.visually-hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
button,input,select,textarea{font:inherit;min-height:32px}
@media (prefers-color-scheme:dark){body{color:#E9EEF1;background:#0F171D}a{color:#63C5D2}.dim{color:#333}}`

// goodSite serves pages by path with the site's policy, the style and a script.
func goodSite(t *testing.T, pages map[string]string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", policy)
		switch r.URL.Path {
		case "/site.css":
			w.Header().Set("Content-Type", "text/css")
			fmt.Fprint(w, siteCSS)
		case "/site.js":
			w.Header().Set("Content-Type", "text/javascript")
			fmt.Fprint(w, "document.documentElement.dataset.js='on'")
		case "/throw.js":
			w.Header().Set("Content-Type", "text/javascript")
			fmt.Fprint(w, "console.error('said aloud'); throw new Error('broken on purpose')")
		case "/late.js": // pushes the text down after it was painted, as a late banner does
			w.Header().Set("Content-Type", "text/javascript")
			fmt.Fprint(w, "setTimeout(()=>{const d=document.createElement('p');d.textContent='Хабарландыру';document.querySelector('main').prepend(d)},300); fetch('/slow')")
		case "/favicon.ico":
			w.WriteHeader(http.StatusNoContent)
		case "/slow":
			time.Sleep(600 * time.Millisecond)
		case "/heavy.js":
			w.Header().Set("Content-Type", "text/javascript")
			fmt.Fprint(w, "//"+strings.Repeat("x", mostBytes))
		case "/refused":
			w.WriteHeader(http.StatusUnprocessableEntity)
			fmt.Fprint(w, markup("kk", goodHead, "<h1>Қате</h1>"))
		case "/echo":
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_ = r.ParseForm()
			fmt.Fprint(w, markup("kk", goodHead, "<h1>Жіберілді</h1><pre>"+html.EscapeString(r.Form.Encode())+"</pre>"))
		default:
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			body, ok := pages[r.URL.Path]
			if !ok {
				w.WriteHeader(http.StatusNotFound)
				body = markup("kk", goodHead, "<h1>Мұндай бет жоқ</h1>")
			}
			fmt.Fprint(w, body)
		}
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// Every check fails on what it is there for, and on nothing of a good page.
func TestChecksCanFail(t *testing.T) {
	t.Parallel()
	good := func(body string) string { return markup("kk", goodHead, goodBody+body) }
	rows := []struct{ name, html, want string }{
		{"good", good(""), ""},
		{"status", "", "status 404"},
		{"language", markup("ru", goodHead, goodBody), `lang="ru", want "kk"`},
		{"heading", good("<h1>Тағы бір</h1>"), "2 h1"},
		{"title", markup("kk", strings.Replace(goodHead, "Орын іздеу", "", 1), goodBody), "no title"},
		{"quirks", strings.TrimPrefix(good(""), "<!DOCTYPE html>"), "quirks mode"},
		{"overflow", good(`<p class="wide">Ұзын</p>`), "wider than the window"},
		{"clipped", good(`<p class="cut">Жабдықтарына бағдарламалық қамтамасыз ету</p>`), "words cut off"},
		{"broken word", good(`<p class="narrow">Жабдықтарына</p>`), "words broken in the middle"},
		{"latin", good("<p>Apply now</p>"), `Latin letters`},
		{"latin in a Cyrillic word", good("<p>бiлiм</p>"), `Latin letters`},
		{"latin in an attribute", good(`<p><input aria-label="Search"></p>`), `aria-label "Search"`},
		{"a key", good("<p>site.home.search.title</p>"), "site.home.search.title"},
		{"a value", good("<p>{{.count}} орын</p>"), "{{"},
		{"contrast", good(`<p class="pale">Сұр</p>`), "color-contrast"},
		{"label", good(`<p><input name="q"></p>`), "axe, 360 px, light: label"},
		{"weight", markup("kk", goodHead+`<script src="/heavy.js" defer></script>`, goodBody), "bytes over the wire"},
		{"shift", markup("kk", goodHead+`<script src="/late.js" defer></script>`, goodBody), "the layout shifts"},
		{"script", markup("kk", goodHead+`<script src="/throw.js" defer></script>`, goodBody), "broken on purpose"},
		{"console", markup("kk", goodHead+`<script src="/throw.js" defer></script>`, goodBody), "said aloud"},
		{"inline style", good(`<p style="color:#000">Мәтін</p>`), "policy: style-src"},
		{"inline script", good(`<script>document.title='x'</script>`), "policy: script-src"},
		{"missing file", good(`<p><img src="/none.png" alt="Сурет" width="1" height="1"></p>`), "/none.png: status 404"},
		{"foreign file", good(`<p><img src="http://127.0.0.1:9/x.png" alt="Сурет" width="1" height="1"></p>`), "foreign request"},
	}
	pages := map[string]string{}
	for i, r := range rows {
		if r.html != "" {
			pages[fmt.Sprintf("/%d", i)] = r.html
		}
	}
	w := Open(t, "tooling", goodSite(t, pages), Look{})
	for i, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			w.t = t
			v := &visit{w: w, name: r.name}
			v.load(fmt.Sprintf("/%d", i), http.StatusOK)
			v.judge()
			v.axe()
			v.calm()
			found := strings.Join(v.found, "\n")
			if r.want == "" && found != "" {
				t.Errorf("a good page fails: %s", found)
			}
			if !strings.Contains(found, r.want) {
				t.Errorf("not found: %s; found:\n%s", r.want, found)
			}
		})
	}
}

// Contrast is judged in the dark theme too, and overflow at every width.
func TestThemesAndWidthsAreReal(t *testing.T) {
	t.Parallel()
	w := Open(t, "tooling", goodSite(t, map[string]string{
		"/dim": markup("kk", goodHead, goodBody+`<p class="dim">Мәтін</p>`), "/wide": markup("kk", goodHead, goodBody+`<p class="wide">Мәтін</p>`),
	}), Look{})
	w.Go("/dim")
	if v := w.Axe(); len(v) != 0 {
		t.Errorf("light: %v", v)
	}
	w.Dark(true)
	if v := w.Axe(); len(v) != 1 || v[0].ID != "color-contrast" {
		t.Errorf("dark: %v", v)
	}
	w.Dark(false)
	w.Go("/wide")
	for width, faults := range map[int]bool{phone: true, tablet: false, desk: false} {
		w.Resize(width)
		v := &visit{w: w}
		if v.fit(); (len(v.found) > 0) != faults {
			t.Errorf("%d px: %v", width, v.found)
		}
	}
}

// A bar at the lower edge covers nothing that can be scrolled out from under it; one that stays over the end of the page does.
func TestBarsAreJudgedFairly(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("<p>Мәтін</p>", 19) + strings.Repeat(`<p><a href="/x">Сілтеме</a></p>`, 20)
	w := Open(t, "tooling", goodSite(t, map[string]string{
		"/fair": markup("kk", goodHead, goodBody+long+`<p class="room"></p><div class="bar">Демо</div>`), "/unfair": markup("kk", goodHead, goodBody+long+`<div class="bar">Демо</div>`),
	}), Look{})
	for path, faults := range map[string]bool{"/fair": false, "/unfair": true} {
		w.Go(path)
		v := &visit{w: w}
		v.axe()
		if v.fit(); (len(v.found) > 0) != faults {
			t.Errorf("%s: %v", path, v.found)
		}
	}
}

// Only what came over the wire counts, and a second visit with a warm cache costs less.
func TestWeightIsOfTheWire(t *testing.T) {
	t.Parallel()
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/site.css" {
			w.Header().Set("Content-Type", "text/css")
			w.Header().Set("Cache-Control", "max-age=3600")
			fmt.Fprint(w, "body{margin:0}/*"+strings.Repeat("x", 50_000)+"*/")
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, markup("kk", `<title>Бет</title><link rel="stylesheet" href="/site.css"><link rel="icon" href="data:,">`, goodBody))
	}))
	t.Cleanup(site.Close)
	w := Open(t, "tooling", site.URL, Look{})
	for _, c := range []struct {
		name       string
		cold       bool
		least, max int64
	}{{"first", true, 50_000, 53_000}, {"again", false, 300, 3_000}, {"cold again", true, 50_000, 53_000}} {
		if c.cold {
			w.Cold()
		}
		w.Go("/")
		if n := w.Transferred(); n < c.least || n > c.max {
			t.Errorf("%s: %d bytes, want %d to %d: %+v", c.name, n, c.least, c.max, w.Requests())
		}
	}
}

// The validator finds an invalid page and names it, and lets a good one be.
func TestValidatorCanFail(t *testing.T) {
	t.Parallel()
	needValidator(t)
	found, err := invalidHTML(map[string]savedPage{
		"a": {"good", []byte(markup("kk", goodHead, goodBody))},
		"b": {"bad", []byte(markup("kk", goodHead, `<h1>Орын</h1><p><div>Ішінде</div></p><p hx-get="/x">Мәтін</p>`))},
	})
	if err != nil {
		t.Fatal(err)
	}
	all := strings.Join(found, "\n")
	if strings.Contains(all, "good line") || !strings.Contains(all, "bad line 1: No “p” element in scope") || !strings.Contains(all, "“hx-get” not allowed") {
		t.Errorf("found:\n%s", all)
	}
}

// goodServer serves by a handler of the test's own.
func goodServer(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return server.URL
}
