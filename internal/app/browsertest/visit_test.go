package browsertest

import (
	"fmt"
	"strings"
)

// mostBytes is what the first visit of a page may cost, all of it, over the wire.
const mostBytes = 100 << 10

// leastShift is what counts as a shift of the layout: what is less is 0.00 in every measure, a line that moves by part of a pixel when its font comes.
const leastShift = 0.005

// visit is one look at a page: what is wrong is noted, so that one look tells everything.
type visit struct {
	w     *Window
	name  string // for messages and pictures
	found []string
}

func (v *visit) note(format string, args ...any) {
	v.found = append(v.found, fmt.Sprintf(format, args...))
}

func (v *visit) all(what string, list []string) {
	if len(list) > 0 {
		v.note("%s:\n    %s", what, strings.Join(list, "\n    "))
	}
}

// ask calls a function of page.js that gives a list of faults.
func (v *visit) ask(function string, args ...any) []string {
	v.w.t.Helper()
	var out []string
	v.w.must(function, v.w.ask(&out, function, args...))
	return out
}

// load opens the page as at a first visit, with bad reception, and judges how it came. It reports whether it is the page that was asked for.
func (v *visit) load(path string, status int) bool {
	v.w.t.Helper()
	v.w.Cold()
	v.w.Slow(true)
	got := v.w.Go(path)
	v.w.Slow(false)
	v.w.frame()
	if got != status {
		v.note("status %d, want %d", got, status)
		return false
	}
	if n := v.w.Transferred(); n > mostBytes {
		list := []string{}
		for _, r := range v.w.Requests() {
			list = append(list, fmt.Sprintf("%7d %s %s", r.Bytes, r.Type, r.URL))
		}
		v.all(fmt.Sprintf("%d bytes over the wire, at most %d", n, mostBytes), list)
	}
	v.all("the layout shifts", v.ask("shifts", leastShift))
	return true
}

// judge looks at the page as it is now, in the window's width.
func (v *visit) judge() {
	v.w.t.Helper()
	var s struct {
		Lang, Title string
		H1          int
		Doctype     bool
	}
	v.w.must("shape", v.w.ask(&s, "shape"))
	lang := v.w.look.lang()
	if s.Lang != lang {
		v.note("lang=%q, want %q", s.Lang, lang)
	}
	if s.H1 != 1 {
		v.note("%d h1, want one", s.H1)
	}
	if s.Title == "" {
		v.note("no title")
	}
	if !s.Doctype {
		v.note("quirks mode: no doctype")
	}
	v.all("keys or values without words", v.ask("unsaid"))
	if lang != "en" {
		v.all("Latin letters (a name needs translate=\"no\", an English text lang=\"en\", a code <code>)", v.ask("latin"))
	}
	v.fit()
}

// fit judges the width: nothing may stick out, be cut off, lie under something or break in the middle of a word.
func (v *visit) fit() {
	v.w.t.Helper()
	width := v.w.look.width()
	v.all(fmt.Sprintf("wider than the window of %d px", width), v.ask("overflow", width))
	v.all(fmt.Sprintf("words cut off at %d px", width), v.ask("clipped"))
	v.w.tall(func() { v.all(fmt.Sprintf("controls under something else at %d px", width), v.ask("covered")) })
	v.all(fmt.Sprintf("words broken in the middle at %d px", width), v.ask("broken"))
}

// axe judges accessibility in the window's width and theme.
func (v *visit) axe() {
	v.w.t.Helper()
	theme := "light"
	if v.w.look.Dark {
		theme = "dark"
	}
	var found []Violation
	v.w.tall(func() { found = v.w.Axe() })
	for _, violation := range found {
		v.note("axe, %d px, %s: %s", v.w.look.width(), theme, violation)
	}
}

// calm takes what the browser complained of.
func (v *visit) calm() { v.all("the browser complains", v.w.Complaints()) }

// report fails the test with all that was found.
func (v *visit) report() {
	v.w.t.Helper()
	if len(v.found) > 0 {
		v.w.t.Errorf("%s (%s):\n  %s", v.name, v.w.Path(), strings.Join(v.found, "\n  "))
	}
}
