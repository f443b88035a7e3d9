package browsertest

import (
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// target is where a control is, in pixels of the window.
type target struct {
	X     float64 `json:"x"`
	Y     float64 `json:"y"`
	Error string  `json:"error"` // why it can't be used
}

// Click clicks a link, a button, a summary or a labelled control by its visible words (the whole of them before a part; the first visible one), or, for what has
// no words, by a CSS selector that begins with one of # . [ . It waits until what follows is there. What is covered or can't be seen can't be clicked.
func (w *Window) Click(what string) {
	w.t.Helper()
	w.must("click "+what, w.click(what))
}

func (w *Window) click(what string) error {
	var at target
	if err := w.ask(&at, "clickable", what); err != nil {
		return err
	}
	if at.Error != "" {
		return fmt.Errorf("%s", at.Error)
	}
	if err := w.clickAt(at.X, at.Y); err != nil {
		return err
	}
	w.settle()
	return nil
}

func (w *Window) clickAt(x, y float64) error {
	for _, kind := range []input.DispatchMouseEventType{input.DispatchMouseEventTypeMouseMoved, input.DispatchMouseEventTypeMousePressed, input.DispatchMouseEventTypeMouseReleased} {
		p := input.DispatchMouseEventParams{Type: kind, X: x, Y: y}
		if kind != input.DispatchMouseEventTypeMouseMoved {
			p.Button, p.ClickCount = input.MouseButtonLeft, 1
		}
		if _, err := call(w, input.DispatchMouseEvent, p); err != nil {
			return err
		}
	}
	return nil
}

// Fill puts a value into the field that has a visible label, as typed; dates are 2027-09-01, times 16:30. What stood there goes.
func (w *Window) Fill(label, value string) {
	w.t.Helper()
	w.must("fill "+label, w.fill(label, value))
}

func (w *Window) fill(label, value string) error {
	var how struct{ Error, Kind string }
	if err := w.ask(&how, "focusField", label, value); err != nil {
		return err
	}
	if how.Error != "" {
		return fmt.Errorf("%s", how.Error)
	}
	if how.Kind == "set" {
		w.settle()
		return nil
	}
	if _, err := call(w, input.InsertText, input.InsertTextParams{Text: value}); err != nil {
		return err
	}
	var got string
	if err := w.ask(&got, "focusedValue"); err != nil {
		return err
	}
	if strings.ReplaceAll(got, "\r\n", "\n") != value {
		return fmt.Errorf("the field took %q instead of %q", got, value)
	}
	w.settle()
	return nil
}

// Choose ticks a box or a radio button by its label; with an option it chooses that of the list, or of the group of radio buttons, that the label or legend names.
func (w *Window) Choose(label string, option ...string) {
	w.t.Helper()
	w.must("choose "+label, w.choose(label, option...))
}

func (w *Window) choose(label string, option ...string) error {
	var at struct {
		target
		Done bool `json:"done"`
	}
	if err := w.ask(&at, "choice", label, strings.Join(option, "")); err != nil {
		return err
	}
	if at.Error != "" {
		return fmt.Errorf("%s", at.Error)
	}
	if !at.Done {
		if err := w.clickAt(at.X, at.Y); err != nil {
			return err
		}
		var ok bool
		if err := w.ask(&ok, "chosen"); err != nil {
			return err
		}
		if !ok {
			return fmt.Errorf("%q is not chosen after the click", label)
		}
	}
	w.settle()
	return nil
}

// Upload gives files to the field that has a visible label.
func (w *Window) Upload(label string, files ...string) {
	w.t.Helper()
	for i, f := range files {
		abs, err := filepath.Abs(f)
		w.must("upload", err)
		files[i] = abs
	}
	yes := true
	field, err := call(w, runtime.Evaluate, runtime.EvaluateParams{Expression: askFor("fileField", []any{label}), Silent: &yes})
	w.must("upload to "+label, err)
	if field.Result == nil || field.Result.ObjectID == "" {
		w.fail("no field for files has the label %q", label)
	}
	_, err = call(w, dom.SetFileInputFiles, dom.SetFileInputFilesParams{Files: files, ObjectID: field.Result.ObjectID})
	w.must("upload to "+label, err)
	w.settle()
}

// Press presses keys as a person without a mouse does: names (Tab, Shift+Tab, Enter, Space, Escape, ArrowDown …, Home, End, PageDown), separated by blanks, each after
// the other. It waits until what follows is there.
func (w *Window) Press(keys string) {
	w.t.Helper()
	for _, name := range strings.Fields(keys) {
		w.must("press "+name, w.press(name))
	}
	w.settle()
}

func (w *Window) press(name string) error {
	key, shift := strings.CutPrefix(name, "Shift+")
	codes := map[string]string{
		"Tab": kb.Tab, "Enter": kb.Enter, "Space": " ", "Escape": kb.Escape, "ArrowDown": kb.ArrowDown, "ArrowUp": kb.ArrowUp, "ArrowLeft": kb.ArrowLeft,
		"ArrowRight": kb.ArrowRight, "Home": kb.Home, "End": kb.End, "PageDown": kb.PageDown, "PageUp": kb.PageUp, "Backspace": kb.Backspace, "Delete": kb.Delete,
	}
	code := codes[key]
	if code == "" {
		return fmt.Errorf("unknown key %q; Type writes text", name)
	}
	// A keyboard's own press is a raw one: where a page takes it for itself, the browser makes no letter of it and sends no form.
	opts := []chromedp.KeyOption{func(k *input.DispatchKeyEventParams) {
		if k.Type == kb.KeyDown {
			k.Type = kb.KeyRawDown
		}
	}}
	if shift {
		opts = append(opts, chromedp.KeyModifiers(chromedp.ModifierShift))
	}
	return chromedp.Do(w.ctx, chromedp.KeyEvent(code, opts...))
}

// Type writes text where the focus is, replacing what is marked.
func (w *Window) Type(text string) {
	w.t.Helper()
	_, err := call(w, input.InsertText, input.InsertTextParams{Text: text})
	w.must("type", err)
	w.settle()
}

// mostTabs is how many steps with the tabulator a page may need.
const mostTabs = 250

// TabTo presses Tab until the control with these words or this label has the focus, seen by its ring. It fails when the page can't be walked so.
func (w *Window) TabTo(words string) {
	w.t.Helper()
	w.must("tab to "+words, w.tabTo(words))
}

func (w *Window) tabTo(words string) error {
	var passed []string
	for range mostTabs {
		if err := w.press("Tab"); err != nil {
			return err
		}
		var f struct {
			Name  string `json:"name"`
			Match bool   `json:"match"`
			Ring  bool   `json:"ring"`
			Seen  bool   `json:"seen"`
		}
		if err := w.ask(&f, "focused", words); err != nil {
			return err
		}
		passed = append(passed, f.Name)
		if !f.Match {
			continue
		}
		if !f.Ring {
			return fmt.Errorf("%q has the focus but nothing shows it", f.Name)
		}
		if !f.Seen {
			return fmt.Errorf("%q has the focus outside the window or below something else", f.Name)
		}
		return nil
	}
	return fmt.Errorf("not reached in %d steps; passed %q", mostTabs, passed[:min(len(passed), 60)])
}

// Text is what the page shows: soft hyphens gone, all blanks one.
func (w *Window) Text() string {
	w.t.Helper()
	var out string
	w.must("text", w.ask(&out, "text"))
	return out
}

// Has reports whether the page shows some words now.
func (w *Window) Has(words string) bool {
	w.t.Helper()
	var ok bool
	w.must("text", w.ask(&ok, "has", words))
	return ok
}

// Wait waits until the page shows some words.
func (w *Window) Wait(words string) {
	w.t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(25 * time.Millisecond) {
		var ok bool
		if err := w.ask(&ok, "has", words); err == nil && ok { // a page that is just going away can't be asked
			w.settle()
			return
		}
	}
	w.fail("%q doesn't come", words)
}

// Lacks fails when the page shows some words.
func (w *Window) Lacks(words string) {
	w.t.Helper()
	if w.Has(words) {
		w.fail("%q is shown", words)
	}
}

// Back goes back in the window's history.
func (w *Window) Back() {
	w.t.Helper()
	w.must("back", chromedp.Do(w.ctx, chromedp.NavigateBack()))
	w.settle()
}
