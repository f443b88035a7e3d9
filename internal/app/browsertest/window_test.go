package browsertest

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/audits"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// Widths that every page is looked at in.
const (
	phone  = 360
	tablet = 768
	desk   = 1280
)

// patience is how long anything may take to come: on two cores this package shares them with others that boot the whole program too.
const patience = 60 * time.Second

// pageScript is what is asked of a page: an expression whose value has the functions.
//
//go:embed page.js
var pageScript string

// Look is how somebody sees the site. The zero value is a phone, in Kazakh, light.
type Look struct {
	Lang  string // kk, ru or en; kk when empty
	Width int    // phone, tablet or desk; phone when 0
	Dark  bool
}

func (l Look) lang() string {
	if l.Lang == "" {
		return "kk"
	}
	return l.Lang
}

func (l Look) width() int {
	if l.Width == 0 {
		return phone
	}
	return l.Width
}

// Window is one person's own window on the site: no cookie and no cached file is shared with another. Its methods fail the test when they can't do what they say.
// A window belongs to one goroutine.
type Window struct {
	t    testing.TB
	name string // who sits in front of it, for messages
	base string
	ctx  context.Context
	look Look
	wire *wire
	noJS bool
	// Tolerate says which complaints of the browser are no failure; nil tolerates none.
	Tolerate func(complaint string) bool
}

// Open opens a window on a site, on about:blank. It is closed, and judged by what the browser complained of, at the end of the test.
func Open(t testing.TB, name, base string, look Look) *Window {
	t.Helper()
	w, err := open(t, name, base, look)
	if err != nil {
		t.Fatalf("%s: opening a window: %v", name, err)
	}
	t.Cleanup(func() {
		w.t = t
		w.MustBeCalm()
	})
	return w
}

func open(t testing.TB, name, base string, look Look) (*Window, error) {
	t.Helper()
	parent := needBrowser(t)
	w := &Window{t: t, name: name, base: base, look: look, wire: &wire{base: base, byID: map[network.RequestID]*Request{}}}
	ctx, cancel := chromedp.NewContext(parent, chromedp.WithNewBrowserContext(), chromedp.WithListener(w.wire.hear))
	t.Cleanup(cancel)
	w.ctx = ctx
	if err := chromedp.Do(ctx); err != nil {
		return nil, err
	}
	_, err := chromedp.Call(ctx, audits.Enable, cdp.Empty{})
	if err == nil {
		_, err = chromedp.Call(ctx, emulation.SetUserAgentOverride, emulation.SetUserAgentOverrideParams{
			UserAgent: strings.ReplaceAll(theBrowser.userAgent, "HeadlessChrome", "Chrome"), AcceptLanguage: look.lang(),
		})
	}
	if err == nil {
		_, err = chromedp.Call(ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: shiftScript})
	}
	if err == nil {
		err = w.apply()
	}
	return w, err
}

// shiftScript notes every shift of the layout from the first frame on. Those that the browser puts down to an input count too: in an emulated window the browser
// takes the first half second of each page for one, and nobody touches a page while it loads here.
const shiftScript = `(() => { const all = []; Object.defineProperty(window, '__shifts', {value: all});
new PerformanceObserver(l => { for (const e of l.getEntries()) all.push(e); }).observe({type: 'layout-shift', buffered: true}); })()`

// call runs a command of the browser's protocol in the window.
func call[P, R any](w *Window, cmd cdp.Command[P, R], params P) (R, error) {
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	return chromedp.Call(ctx, cmd, params)
}

// apply sets size and theme.
func (w *Window) apply() error {
	height := map[int]int64{phone: 740, tablet: 1024}[w.look.width()]
	if height == 0 {
		height = 800
	}
	return w.applyHeight(height)
}

func (w *Window) applyHeight(height int64) error {
	width := w.look.width()
	_, err := call(w, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: int64(width), Height: height, DeviceScaleFactor: 1, Mobile: width < desk,
	})
	theme := "light"
	if w.look.Dark {
		theme = "dark"
	}
	if err == nil {
		_, err = call(w, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: theme}, {Name: "prefers-reduced-motion", Value: "reduce"},
		}})
	}
	return err
}

// Resize changes the width; the page stays.
func (w *Window) Resize(width int) {
	w.t.Helper()
	w.look.Width = width
	w.must("resize", w.apply())
	w.frame()
}

// Dark switches between the themes; the page stays.
func (w *Window) Dark(on bool) {
	w.t.Helper()
	w.look.Dark = on
	w.must("theme", w.apply())
	w.frame()
}

// mostHeight bounds how tall a window may be made.
const mostHeight = 12_000

// tall does something while the window is as tall as the page, so that a bar at its lower edge covers nothing that a person could scroll out from under it.
func (w *Window) tall(do func()) {
	w.t.Helper()
	var height int64
	w.Eval(&height, "document.scrollingElement.scrollHeight")
	w.must("height", w.applyHeight(min(height, mostHeight)))
	w.frame()
	do()
	w.must("height", w.apply())
	w.frame()
}

// JS switches the scripts of the pages on or off, from the next page on.
func (w *Window) JS(on bool) {
	w.t.Helper()
	w.noJS = !on
	_, err := call(w, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on})
	w.must("scripts", err)
}

// Slow makes the network that of a phone with bad reception, or lets it be.
func (w *Window) Slow(on bool) {
	w.t.Helper()
	var rules []*network.Conditions
	if on {
		// Fonts come after the text was painted, always: else chance decides whether a shift by them is seen.
		rules = []*network.Conditions{
			{URLPattern: "*://*:*/*.woff2", Latency: 500, DownloadThroughput: 150_000, UploadThroughput: 60_000},
			{Latency: 80, DownloadThroughput: 150_000, UploadThroughput: 60_000},
		}
	}
	_, err := call(w, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{MatchedNetworkConditions: append([]*network.Conditions{}, rules...)})
	w.must("network", err)
}

// Cold empties the caches, so that the next page comes as at the first visit.
func (w *Window) Cold() {
	w.t.Helper()
	_, err := call(w, network.ClearBrowserCache, cdp.Empty{})
	for _, off := range []bool{true, false} { // switching it off empties the cache in memory too
		if err == nil {
			_, err = call(w, network.SetCacheDisabled, network.SetCacheDisabledParams{CacheDisabled: off})
		}
	}
	w.must("cache", err)
}

// Go opens a page: an address that begins with a slash, {lang} in it is the window's language. It returns when the page has loaded, and gives its status.
func (w *Window) Go(path string) int {
	w.t.Helper()
	w.wire.forget()
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	path = strings.ReplaceAll(path, "{lang}", w.look.lang())
	r, err := chromedp.Run(ctx, chromedp.NavigateResponse(w.base+path))
	w.must("open "+path, err)
	w.settle()
	if r == nil {
		return 0
	}
	return int(r.Status)
}

// Path is the address of the page without scheme and host.
func (w *Window) Path() string {
	w.t.Helper()
	var out string
	w.must("address", w.ask(&out, "address"))
	return out
}

// grace is how long nothing may happen before a page counts as at rest.
const grace = 70 * time.Millisecond

// settle waits until the page and what it loads are there.
func (w *Window) settle() {
	w.t.Helper()
	calm, waited := time.Now(), ""
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if on := w.wire.busy(); on != "" {
			calm, waited = time.Now(), on
		} else if time.Since(calm) >= grace {
			return
		}
	}
	w.fail("not at rest after %s, waiting for %s", patience, waited)
}

// frame waits until what was changed is painted.
func (w *Window) frame() {
	w.t.Helper()
	if w.noJS {
		time.Sleep(grace)
		return
	}
	w.must("frame", w.askAwait(nil, "frame"))
}

// Eval evaluates an expression in the page into out, which may be nil.
func (w *Window) Eval(out any, expression string) {
	w.t.Helper()
	w.must("evaluate", w.eval(out, expression, false))
}

func (w *Window) eval(out any, expression string, await bool) error {
	ctx, cancel := context.WithTimeout(w.ctx, 2*patience)
	defer cancel()
	opts := []chromedp.EvaluateOption{}
	if await {
		opts = append(opts, chromedp.EvalAwaitPromise)
	}
	raw, err := chromedp.Run(ctx, chromedp.Evaluate[[]byte](expression, opts...))
	if err != nil || out == nil || len(raw) == 0 {
		return err
	}
	return json.Unmarshal(raw, out)
}

// ask calls a function of page.js.
func (w *Window) ask(out any, function string, args ...any) error {
	return w.eval(out, askFor(function, args), false)
}

// askAwait is ask for a function that gives a promise.
func (w *Window) askAwait(out any, function string, args ...any) error {
	return w.eval(out, askFor(function, args), true)
}

func askFor(function string, args []any) string {
	list := make([]string, len(args))
	for i, a := range args {
		raw, err := json.Marshal(a)
		if err != nil {
			raw = []byte("null")
		}
		list[i] = string(raw)
	}
	return "(" + strings.TrimSuffix(strings.TrimSpace(pageScript), ";") + ")." + function + "(" + strings.Join(list, ",") + ")"
}

// Requests are the exchanges since the last Go.
func (w *Window) Requests() []Request { return w.wire.list() }

// Transferred is how many bytes came over the wire since the last Go.
func (w *Window) Transferred() int64 {
	sum := int64(0)
	for _, r := range w.wire.list() {
		sum += r.Bytes
	}
	return sum
}

// Complaints gives what the browser complained of since the last call, less what is tolerated.
func (w *Window) Complaints() []string {
	var out []string
	for _, c := range w.wire.take() {
		if w.Tolerate == nil || !w.Tolerate(c) {
			out = append(out, c)
		}
	}
	return out
}

// MustBeCalm fails the test if the browser complained of anything. It is done at the end of each test anyway.
func (w *Window) MustBeCalm() {
	w.t.Helper()
	if c := w.Complaints(); len(c) > 0 {
		w.t.Errorf("%s: the browser complains:\n  %s", w.name, strings.Join(c, "\n  "))
	}
}

// Screenshot writes a picture of the whole page into the folder of ORYNDA_TEST_SCREENSHOTS; without that it does nothing.
func (w *Window) Screenshot(name string) {
	w.t.Helper()
	folder := os.Getenv("ORYNDA_TEST_SCREENSHOTS")
	if folder == "" {
		return
	}
	w.must("picture", os.MkdirAll(folder, 0o755))
	w.tall(func() {
		shot, err := call(w, page.CaptureScreenshot, page.CaptureScreenshotParams{})
		w.must("picture", err)
		w.must("picture", os.WriteFile(filepath.Join(folder, name+".png"), shot.Data, 0o644))
	})
}

func (w *Window) must(what string, err error) {
	if err != nil {
		w.t.Helper()
		w.fail("%s: %v", what, err)
	}
}

// fail ends the test, saying where the window is and what it shows.
func (w *Window) fail(format string, args ...any) {
	w.t.Helper()
	var at, text string
	_ = w.ask(&at, "address") // what can't be read can't be shown
	_ = w.ask(&text, "text")
	if len(text) > 1500 {
		text = text[:1500] + " …"
	}
	w.t.Fatalf("%s at %s: %s\ncomplaints: %q\nthe page shows:\n%s", w.name, at, fmt.Sprintf(format, args...), w.Complaints(), text)
}
