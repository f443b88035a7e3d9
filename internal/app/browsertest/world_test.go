package browsertest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/app"
	"github.com/orynda/orynda/internal/app/demo"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/httpd"
)

// demoPlaces is how many invented places a test's world has beside those of the demo accounts.
const demoPlaces = 40

// world is a running demo on the embedded engines, with the names that addresses are filled with.
type world struct {
	t    testing.TB
	app  *app.App
	cfg  app.Config
	base string

	mu     sync.Mutex
	known  map[string]string // what a {name} in an address stands for
	tokens map[string]string
	used   map[string]string // the code last read, by address

	selecting sync.Once
	selected  map[string]string // see selecting

	saving sync.Once
	saved  string // see savedSearch
}

// boot starts the whole program with the demo world, and stops it at the end of the test.
func boot(t testing.TB) *world {
	t.Helper()
	needBrowser(t) // before anything costs time
	dir := t.TempDir()
	addr := freeAddr(t)
	cfg := app.Config{Addr: addr, DataDir: dir, SecretsFile: filepath.Join(dir, "keys.json"), PublicURL: "http://" + addr}
	const many = 100_000
	a, err := app.StartDemo(t.Context(), cfg, app.DemoOptions{
		Places: demoPlaces, Seed: 1, Options: app.Options{Limits: httpd.Limits{SignIn: many, Codes: many, Writes: many}},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Stop(context.WithoutCancel(t.Context())); err != nil { // the test's own context is cancelled by now
			t.Error(err)
		}
	})
	return &world{t: t, app: a, cfg: cfg, base: "http://" + a.Addr(), known: map[string]string{}, tokens: map[string]string{}, used: map[string]string{}}
}

// freeAddr gives an address that is free now: the program must know its public address before it listens.
func freeAddr(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// Window opens a window in which nobody is signed in.
func (w *world) Window(t testing.TB, look Look) *Window {
	t.Helper()
	return Open(t, "visitor", w.base, look)
}

// As opens a window of its own for a demo account and signs in there, as its owner would.
func (w *world) As(t testing.TB, email string, look Look) *Window {
	t.Helper()
	win := Open(t, email, w.base, look)
	win.SignIn(email)
	return win
}

// SignIn signs a demo account in on the page for it. The fields are found by their kind, so it holds in every language.
func (w *Window) SignIn(email string) {
	w.t.Helper()
	w.Go("/{lang}/signin")
	for selector, value := range map[string]string{"main input[type=email]": email, "main input[type=password]": demo.Password} {
		var ok bool
		w.Eval(&ok, fmt.Sprintf("(() => { const e = document.querySelector(%q); if (!e) return false; e.focus(); e.select(); return document.activeElement === e; })()", selector))
		if !ok {
			w.fail("sign-in: no %s", selector)
		}
		w.Type(value)
	}
	w.Press("Enter")
	if strings.Contains(w.Path(), "/signin") {
		w.fail("sign-in of %s: still there", email)
	}
}

// doc is a JSON object of an answer.
type doc map[string]any

// at gives the text at a path ("items.0.id"), "" where there is none.
func (d doc) at(path string) string {
	var v any = map[string]any(d)
	for _, step := range strings.Split(path, ".") {
		switch x := v.(type) {
		case map[string]any:
			v = x[step]
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i >= len(x) {
				return ""
			}
			v = x[i]
		default:
			return ""
		}
	}
	switch v.(type) {
	case nil, map[string]any, []any:
		return ""
	}
	return fmt.Sprint(v)
}

// api asks the JSON API as a demo account, or as nobody for "". Tests use it to look things up, never in place of a person's act.
func (w *world) api(who, method, path string, body any) doc {
	w.t.Helper()
	raw := w.ask(who, method, path, body)
	var out doc
	if err := json.Unmarshal(raw, &out); err != nil {
		w.t.Fatalf("%s %s: %v", method, path, err)
	}
	return out
}

// do is api for what answers nothing.
func (w *world) do(who, method, path string) {
	w.t.Helper()
	w.ask(who, method, path, nil)
}

func (w *world) ask(who, method, path string, body any) []byte {
	w.t.Helper()
	raw, _ := json.Marshal(body)
	req, err := http.NewRequest(method, w.base+path, bytes.NewReader(raw))
	if err != nil {
		w.t.Fatal(err)
	}
	req.Header.Set("Accept", "application/json")
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if who != "" {
		req.Header.Set("Authorization", "Bearer "+w.token(who))
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer res.Body.Close()
	raw, _ = io.ReadAll(res.Body)
	if res.StatusCode/100 != 2 {
		w.t.Fatalf("%s %s as %q: status %d: %s", method, path, who, res.StatusCode, raw)
	}
	return raw
}

func (w *world) get(who, path string) doc { w.t.Helper(); return w.api(who, http.MethodGet, path, nil) }

func (w *world) token(email string) string {
	w.t.Helper()
	w.mu.Lock()
	token := w.tokens[email]
	w.mu.Unlock()
	if token == "" {
		token = w.api("", http.MethodPost, "/api/v1/auth/login", map[string]string{"email": email, "password": demo.Password}).at("access_token")
		w.mu.Lock()
		w.tokens[email] = token
		w.mu.Unlock()
	}
	return token
}

// Code gives the newest code mailed to an account, waiting for one that wasn't read yet.
func (w *world) Code(email string) string {
	w.t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(25 * time.Millisecond) {
		mails, _ := w.get("", "/demo/mail?to="+url.QueryEscape(email))["items"].([]any)
		for _, m := range mails {
			code := doc(m.(map[string]any)).at("code")
			if code == "" {
				continue
			}
			w.mu.Lock()
			fresh := code != w.used[email]
			w.used[email] = code
			w.mu.Unlock()
			if fresh {
				return code
			}
			break
		}
	}
	w.t.Fatalf("no new code was mailed to %s", email)
	return ""
}

// Now is the time by the demo's clock.
func (w *world) Now() time.Time {
	w.t.Helper()
	now, err := time.Parse(time.RFC3339, w.get("", "/demo/clock").at("now"))
	if err != nil {
		w.t.Fatal(err)
	}
	return now
}

// Today is the day by the demo's clock.
func (w *world) Today() cal.Day { w.t.Helper(); return cal.DayOf(w.Now()) }

// Advance moves the demo's clock on, "P2D" or "PT3H".
func (w *world) Advance(by string) {
	w.t.Helper()
	w.api("", http.MethodPost, "/demo/clock", map[string]string{"advance": by})
}

// names say what a {name} in an address of the table stands for. Each is looked up once a world.
func names() map[string]func(w *world) string {
	known := map[string]func(w *world) string{
		"place":      func(w *world) string { return w.get("", "/api/v1/placements?per_page=1").at("items.0.id") },
		"enterprise": func(w *world) string { return w.get(enterprise, "/api/v1/me").at("memberships.0.organisation.id") },
		"own_place": func(w *world) string {
			return w.get(enterprise, w.fill("/api/v1/enterprises/{enterprise}/placements?state=published")).at("items.0.id")
		},
		"college":      organisation("college"),
		"chamber":      organisation("chamber"),
		"placed":       organisation("placed"),
		"minor":        organisation("minor"),
		"filing":       organisation("filing"),
		"reviewed":     organisation("reviewed"),
		"selecting":    selecting("place"),
		"waiting":      selecting("waiting"),
		"invited":      selecting("invited"),
		"judged":       selecting("judged"),
		"slot":         selecting("slot"),
		"booking":      selecting("booking"),
		"held":         selecting("held"),
		"past place":   selecting("past place"),
		"offer":        selecting("offer"),
		"saved_search": savedSearch,
		"vain":         inVain,
		"mentor": func(w *world) string {
			return w.get(enterprise, w.fill("/api/v1/enterprises/{enterprise}/mentors")).at("items.0.id")
		},
	}
	for _, state := range []string{"draft", "ready", "awaiting_countersignature", "concluded", "registered", "terminated", "cancelled"} {
		known["agreement "+state] = agreement(state)
	}
	return known
}

// fill puts what the world knows into the {names} of an address. {lang} is left to the window.
func (w *world) fill(path string) string {
	w.t.Helper()
	for name, find := range names() {
		if !strings.Contains(path, "{"+name+"}") {
			continue
		}
		w.mu.Lock()
		value := w.known[name]
		w.mu.Unlock()
		if value == "" {
			if value = find(w); value == "" {
				w.t.Fatalf("the world has no {%s}", name)
			}
			w.mu.Lock()
			w.known[name] = value
			w.mu.Unlock()
		}
		path = strings.ReplaceAll(path, "{"+name+"}", value)
	}
	return path
}
