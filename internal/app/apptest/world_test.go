package apptest

import (
	"context"
	"net/http"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/app"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/httpapi/contract"
	"github.com/orynda/orynda/internal/httpd"
	"github.com/orynda/orynda/internal/storage/storagetest"
)

func TestMain(m *testing.M) { os.Exit(storagetest.Main(m)) }

// engine is a storage engine to run the whole program on.
type engine struct {
	name string
	uri  func(t *testing.T) string // "" for the embedded one
}

func engines(t *testing.T) []engine {
	out := []engine{}
	for _, e := range storagetest.Engines(t) {
		switch e.Name {
		case "sqlite":
			out = append(out, embeddedEngine())
		case "mongodb":
			out = append(out, engine{"mongodb", storagetest.MongoDBURI})
		}
	}
	return out
}

// embeddedEngine is the one for what no database has a say in.
func embeddedEngine() engine { return engine{"sqlite", func(*testing.T) string { return "" }} }

// world is a running demo.
type world struct {
	t       *testing.T
	app     *app.App
	cfg     app.Config
	base    string
	checker *contract.Checker
	clients map[string]*Client
	next    time.Time         // the last time given by freeTime
	used    map[string]string // the code last read, by address
}

// demoPlaces is how many invented places a test's world has beside those of the demo accounts.
const demoPlaces = 40

func boot(t *testing.T, e engine, settings ...func(*app.Config)) *world {
	t.Helper()
	return bootWith(t, e, app.Options{}, settings...)
}

// bootWith is boot with options of the program; nothing is limited.
func bootWith(t *testing.T, e engine, opt app.Options, settings ...func(*app.Config)) *world {
	t.Helper()
	opt.Limits = httpd.Limits{SignIn: 100000, Codes: 100000, Writes: 100000}
	dir := t.TempDir()
	cfg := app.Config{Addr: "127.0.0.1:0", DataDir: dir, SecretsFile: dir + "/keys.json", MongoDBURI: e.uri(t), PublicURL: "http://127.0.0.1"}
	for _, set := range settings {
		set(&cfg)
	}
	a, err := app.StartDemo(t.Context(), cfg, app.DemoOptions{Places: demoPlaces, Seed: 1, Options: opt})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Stop(context.WithoutCancel(t.Context())); err != nil { // the test's own context is cancelled by now
			t.Error(err)
		}
	})
	return worldOf(t, a, cfg)
}

// worldOf drives a running program.
func worldOf(t *testing.T, a *app.App, cfg app.Config) *world {
	t.Helper()
	return &world{t: t, app: a, cfg: cfg, base: "http://" + a.Addr(), checker: loadContract(t), clients: map[string]*Client{}, used: map[string]string{}}
}

func (w *world) anonymous() *Client {
	return &Client{t: w.t, base: w.base, lang: "ru", checker: w.checker, http: &http.Client{Timeout: 60 * time.Second}}
}

// as signs a demo account in. Access tokens live for fifteen minutes of real time, longer than a test.
func (w *world) as(email string) *Client {
	w.t.Helper()
	if c := w.clients[email]; c != nil {
		return c
	}
	c := w.anonymous()
	c.token = c.Post("/api/v1/auth/login", Doc{"email": email, "password": "orynda-demo"}).S("access_token")
	w.clients[email] = c
	return c
}

// say runs one trainee's way as a subtest.
func (w *world) say(name string, fn func(c *chain)) {
	w.run(name, func(t *testing.T, w *world) { fn(&chain{t: t, w: w}) })
}

// run runs a subtest in the same world.
func (w *world) run(name string, fn func(t *testing.T, w *world)) {
	w.t.Run(name, func(t *testing.T) {
		for _, c := range w.clients {
			c.t = t
		}
		outer := w.t
		w.t = t
		defer func() { w.t = outer }()
		fn(t, w)
	})
}

func (w *world) now() time.Time {
	w.t.Helper()
	now, err := time.Parse(time.RFC3339, w.anonymous().Get("/demo/clock").S("now"))
	if err != nil {
		w.t.Fatal(err)
	}
	return now
}

func (w *world) today() cal.Day { return cal.DayOf(w.now()) }

func day(s string) cal.Day { return cal.Day(s) }

func (w *world) advance(by string) { w.anonymous().Post("/demo/clock", Doc{"advance": by}) }

func (w *world) advanceTo(t time.Time) {
	seconds := int(t.Sub(w.now()).Seconds()) + 1
	if seconds > 0 {
		w.advance("PT" + strconv.Itoa(seconds) + "S")
	}
}

// freeTime gives a time that no test has used, outside the demo's own working hours.
func (w *world) freeTime() time.Time {
	start := cal.DayOf(w.now()).Add(2).Start().Add(21 * time.Hour)
	if !start.After(w.next) {
		start = w.next.Add(time.Hour)
	}
	w.next = start
	return start
}

// code reads the newest code mailed to a client's account.
func (w *world) code(who *Client) string {
	w.t.Helper()
	email := who.Get("/api/v1/me").S("email")
	var code string
	Eventually(w.t, 5*time.Second, "a code is mailed to "+email, func() bool {
		for _, m := range w.anonymous().Get("/demo/mail?to=" + email).Items("items") {
			if c := m.S("code"); c != "" {
				fresh := c != w.used[email]
				code = c
				return fresh
			}
		}
		return false
	})
	w.used[email] = code
	return code
}
