package browsertest

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// leastScore is what each of Lighthouse's four scores must reach.
const leastScore = 95

// TestLighthouse measures home, results and a place of a demo of its own on Lighthouse's mobile profile. make lighthouse runs it; it needs npm, so nothing else does.
func TestLighthouse(t *testing.T) {
	version := os.Getenv("ORYNDA_TEST_LIGHTHOUSE")
	if version == "" {
		t.Skip("make lighthouse runs it")
	}
	chromium, err := findChromium()
	if err != nil {
		t.Fatal(err)
	}
	world := boot(t)
	t.Logf("%-10s %s", "page", "performance, accessibility, best practices, search engines")
	for _, name := range []string{"home", "results", "place"} {
		for _, r := range table() {
			if r.name == name {
				t.Run(name, func(t *testing.T) { scorePage(t, version, chromium, name, world.base+langOf(world.fill(r.path))) })
			}
		}
	}
}

// langOf writes Kazakh into an address.
func langOf(path string) string { return strings.ReplaceAll(path, "{lang}", "kk") }

func scorePage(t *testing.T, version, chromium, name, address string) {
	out := filepath.Join(t.TempDir(), name+".json")
	run := exec.Command("npx", "--yes", "lighthouse@"+version, address, "--quiet", "--output=json", "--output-path="+out,
		"--only-categories=performance,accessibility,best-practices,seo",
		"--chrome-flags=--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync --disable-dev-shm-usage")
	run.Env = append(os.Environ(), "CHROME_PATH="+chromium)
	if said, err := run.CombinedOutput(); err != nil {
		t.Fatalf("lighthouse: %v\n%s", err, said)
	}
	raw, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	var report struct {
		Categories map[string]struct {
			Score     float64
			AuditRefs []struct {
				ID     string
				Weight float64
			}
		}
		Audits map[string]struct {
			Title        string
			Score        *float64
			DisplayValue string
			Details      json.RawMessage // of many shapes
		}
	}
	if err := json.Unmarshal(raw, &report); err != nil {
		t.Fatal(err)
	}
	line := fmt.Sprintf("%-10s", name)
	for _, c := range []string{"performance", "accessibility", "best-practices", "seo"} {
		score := int(math.Round(report.Categories[c].Score * 100))
		line += fmt.Sprintf(" %4d", score)
		if score < leastScore {
			t.Errorf("%s: %s %d, at least %d", name, c, score, leastScore)
		}
		for _, ref := range report.Categories[c].AuditRefs { // what the points were lost by
			a := report.Audits[ref.ID]
			if ref.Weight == 0 || a.Score == nil || *a.Score >= 0.9 {
				continue
			}
			t.Logf("  %s: %s (%.2f) %s", c, a.Title, *a.Score, a.DisplayValue)
			for _, n := range nodesOf(a.Details) {
				t.Logf("    %s %s", n.Snippet, strings.ReplaceAll(n.Explanation, "\n", " "))
			}
		}
	}
	t.Log(line)
}

// node is an element that an audit found fault with.
type node struct{ Snippet, Explanation string }

// nodesOf are the elements that an audit names, where it names any.
func nodesOf(details json.RawMessage) []node {
	var list struct{ Items []struct{ Node node } }
	if json.Unmarshal(details, &list) != nil {
		return nil
	}
	var out []node
	for _, item := range list.Items {
		if item.Node.Snippet != "" {
			out = append(out, item.Node)
		}
	}
	return out
}
