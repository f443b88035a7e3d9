package browsertest

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/chromedp"
)

func TestMain(m *testing.M) {
	flag.Parse()
	if err := flag.Set("test.parallel", fmt.Sprint(windows)); err != nil {
		panic(err)
	}
	code := m.Run()
	code = max(code, reportHTML())
	theBrowser.stop()
	os.Exit(code)
}

// windows is how many tests may look at pages at the same time: most of a visit is waiting for the network that it is slowed to.
const windows = 4

// theBrowser is the one Chromium of this test process.
var theBrowser chromium

type chromium struct {
	once      sync.Once
	ctx       context.Context
	err       error
	userAgent string
}

// errNoChromium says what to do.
var errNoChromium = errors.New("no Chromium: install it (apt-get install chromium), or name one in ORYNDA_TEST_CHROMIUM")

func findChromium() (string, error) {
	if path := os.Getenv("ORYNDA_TEST_CHROMIUM"); path != "" {
		return exec.LookPath(path)
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errNoChromium
}

// chromiumFlags are those that work without a network, without a screen and as root.
func chromiumFlags() []chromedp.ExecAllocatorOption {
	flags := []chromedp.ExecAllocatorOption{chromedp.Flag("headless", true)}
	for _, name := range []string{
		"no-sandbox", "disable-gpu", "disable-quic", "no-first-run", "no-default-browser-check", "disable-background-networking", "disable-component-update",
		"disable-sync", "disable-dev-shm-usage", "disable-extensions", "disable-default-apps", "disable-breakpad", "disable-renderer-backgrounding",
		"disable-background-timer-throttling", "disable-backgrounding-occluded-windows", "disable-popup-blocking", "metrics-recording-only", "mute-audio",
	} {
		flags = append(flags, chromedp.Flag(name, true))
	}
	return append(flags,
		chromedp.Flag("password-store", "basic"),
		chromedp.Flag("force-color-profile", "srgb"),
		chromedp.Flag("disable-features", "Translate,OptimizationHints,MediaRouter,AutofillServerCommunication"),
		// Whatever a page asks of another machine must fail here as it would in a village without reception.
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"),
	)
}

// start starts the browser at the first call and gives its context.
func (c *chromium) start() (context.Context, error) {
	c.once.Do(func() {
		path, err := findChromium()
		if err != nil {
			c.err = err
			return
		}
		// stop ends the browser and with it both contexts.
		alloc, _ := chromedp.NewExecAllocator(context.Background(), append(chromiumFlags(), chromedp.ExecPath(path))...)
		c.ctx, _ = chromedp.NewContext(alloc)
		version, err := chromedp.CallBrowser(c.ctx, browser.GetVersion, cdp.Empty{})
		if err == nil {
			err = chromedp.Do(c.ctx)
		}
		c.err, c.userAgent = err, version.UserAgent
	})
	return c.ctx, c.err
}

func (c *chromium) stop() {
	c.once.Do(func() { c.err = errNoChromium }) // from here on nobody starts one
	if c.ctx == nil {
		return
	}
	ctx, cancel := context.WithTimeout(c.ctx, 10*time.Second)
	defer cancel()
	if err := chromedp.Cancel(ctx); err != nil && !errors.Is(err, context.Canceled) {
		shout("ending Chromium: " + err.Error())
	}
}

// needBrowser gives the browser, or leaves the test out loudly; with CI=true it fails.
func needBrowser(t testing.TB) context.Context {
	t.Helper()
	ctx, err := theBrowser.start()
	if err != nil {
		missing(t, err)
	}
	return ctx
}

// missing leaves a test out because a tool isn't there.
func missing(t testing.TB, err error) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf("NOT RUN: %v", err)
	}
	shout("NOT RUN: " + t.Name() + ": " + err.Error())
	t.Skip(err)
}

// shout writes to stderr. go test hides even that when a package passes and -v is missing, so CI=true turns what is missing into a failure.
func shout(text string) { fmt.Fprintln(os.Stderr, "\n!!! "+text+"\n") }

// full reports whether every width and theme is wanted.
func full() bool { return os.Getenv("ORYNDA_TEST_BROWSER") == "full" }

// root is the folder with go.mod.
func root() string {
	dir, err := os.Getwd()
	for err == nil && dir != filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		dir = filepath.Dir(dir)
	}
	return "."
}

// tool gives the path of a tool in .tools, or what to do when it isn't there.
func tool(path, target string) (string, error) {
	full := filepath.Join(root(), ".tools", path)
	if _, err := os.Stat(full); err != nil {
		return "", fmt.Errorf("no .tools/%s: run make %s", path, target)
	}
	return full, nil
}
