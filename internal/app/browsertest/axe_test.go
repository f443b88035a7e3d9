package browsertest

import (
	"fmt"
	"os"
	"strings"
	"sync"
)

// axeSource is axe-core, read once.
var axeSource = sync.OnceValues(func() (string, error) {
	path, err := tool("axe/axe.min.js", "axe")
	if err != nil {
		return "", err
	}
	raw, err := os.ReadFile(path)
	return string(raw), err
})

// Violation is a rule of axe-core that the page breaks, with the elements that break it.
type Violation struct {
	ID     string `json:"id"`
	Impact string `json:"impact"`
	Help   string `json:"help"`
	Nodes  []struct {
		Target  []any  `json:"target"`
		HTML    string `json:"html"`
		Summary string `json:"failureSummary"`
	} `json:"nodes"`
}

func (v Violation) String() string {
	out := []string{fmt.Sprintf("%s (%s): %s", v.ID, v.Impact, v.Help)}
	for i, n := range v.Nodes {
		if i == 5 {
			out = append(out, fmt.Sprintf("    … and %d more", len(v.Nodes)-i))
			break
		}
		html := n.HTML
		if len(html) > 160 {
			html = html[:160] + "…"
		}
		out = append(out, fmt.Sprintf("    %v %s\n      %s", n.Target, html, strings.ReplaceAll(n.Summary, "\n", " ")))
	}
	return strings.Join(out, "\n")
}

// axeRun asks for all rules that axe-core applies by itself, and the size of targets, which it leaves to the caller.
const axeRun = `axe.run(document, {resultTypes: ['violations'], rules: {'target-size': {enabled: true}}}).then(r => r.violations)`

// Axe judges the page as it is now by axe-core. The script goes in through the debugger, so the page's policy needs no exception.
func (w *Window) Axe() []Violation {
	w.t.Helper()
	source, err := axeSource()
	if err != nil {
		missing(w.t, err)
	}
	var there bool
	w.Eval(&there, "typeof window.axe === 'object'")
	if !there {
		w.Eval(nil, source+"\n;0")
	}
	var out []Violation
	w.must("axe", w.eval(&out, axeRun, true))
	return out
}

// MustBeAccessible fails the test for each rule of axe-core that the page breaks as it is now.
func (w *Window) MustBeAccessible() {
	w.t.Helper()
	for _, v := range w.Axe() {
		w.t.Errorf("%s at %s: %s", w.name, w.Path(), v)
	}
}
