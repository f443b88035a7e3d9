package browsertest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/chromedp/chromedp"
)

// hands are how a person acts on a page. The chain knows nothing else, so that it is walked by mouse and by keyboard alike.
type hands interface {
	// press follows a link or presses a button, by its words.
	press(w *Window, words string)
	// fill writes into the field with a label, in place of what stood there. Dates are 2027-09-01, times 16:30.
	fill(w *Window, label, value string)
	// choose ticks a box or a round button, by its label or by its group's name and its own; or chooses an option of a list.
	choose(w *Window, label string, option ...string)
}

// mouse is a hand on a mouse, or a thumb.
type mouse struct{}

func (mouse) press(w *Window, words string)       { w.t.Helper(); w.Click(words) }
func (mouse) fill(w *Window, label, value string) { w.t.Helper(); w.Fill(label, value) }
func (mouse) choose(w *Window, label string, option ...string) {
	w.t.Helper()
	w.Choose(label, option...)
}

// keyboard is a person who has nothing else: the focus goes on from where it is, and is seen wherever it is used.
type keyboard struct{}

func (k keyboard) press(w *Window, words string) {
	w.t.Helper()
	k.reach(w, words)
	w.Press("Enter")
}

func (k keyboard) fill(w *Window, label, value string) {
	w.t.Helper()
	k.reach(w, label)
	at := k.at(w)
	switch at.Kind {
	case "date":
		year, month, day := value[:4], value[5:7], value[8:]
		k.digits(w, value, month+day+year, day+month+year, year+month+day)
	case "time":
		k.digits(w, value, twelve(value), strings.ReplaceAll(value, ":", ""))
	default:
		w.must("mark all", chromedp.Do(w.ctx, chromedp.KeyEvent("a", chromedp.KeyModifiers(chromedp.ModifierCtrl))))
		w.Type(value)
	}
	if got := strings.ReplaceAll(k.at(w).Value, "\r\n", "\n"); got != value {
		w.fail("%s: typed %q, it holds %q", label, value, got)
	}
}

// digits types a date or a time part by part, in the first of several orders that the browser understands: which one that is depends on its language.
func (keyboard) digits(w *Window, value string, orders ...string) {
	w.t.Helper()
	for _, typed := range orders {
		w.must("type "+typed, chromedp.Do(w.ctx, chromedp.KeyEvent(typed)))
		w.settle()
		if (keyboard{}).at(w).Value == value {
			return
		}
		for range 3 { // back to the first part
			w.must("back", w.press("ArrowLeft"))
		}
	}
}

// twelve is a time as a clock of twelve hours shows it: 2130 is 0930PM.
func twelve(value string) string {
	var hour, minute int
	_, _ = fmt.Sscanf(value, "%d:%d", &hour, &minute)
	half := "AM"
	if hour >= 12 {
		half = "PM"
	}
	return fmt.Sprintf("%02d%02d%s", (hour+11)%12+1, minute, half)
}

// mostOptions is how many steps with the arrow keys a group or a list may need.
const mostOptions = 60

func (k keyboard) choose(w *Window, label string, option ...string) {
	w.t.Helper()
	want := label
	if len(option) > 0 {
		want = option[0]
		if !k.reachGroup(w, label, want) {
			k.reach(w, label+" > "+want)
		}
	} else if !k.reachGroup(w, "", label) {
		k.reach(w, label)
	}
	at := k.at(w)
	if at.Kind == "checkbox" {
		if !at.Checked {
			w.Press("Space")
		}
	} else {
		k.arrow(w, want)
	}
	if at = k.at(w); at.Kind != "select-one" && !at.Checked {
		w.fail("%s %s is not chosen", label, want)
	}
}

// arrow walks a list or a group of round buttons until the wanted one is chosen.
func (k keyboard) arrow(w *Window, want string) {
	w.t.Helper()
	var passed []string
	for range mostOptions {
		at := k.at(w)
		if passed = append(passed, at.Says); strings.Contains(strings.ToLower(at.Says), strings.ToLower(want)) {
			if at.Kind == "radio" && !at.Checked {
				w.Press("Space")
			}
			return
		}
		w.Press("ArrowDown")
	}
	w.fail("%s isn't among %q", want, passed)
}

// reach walks with the tabulator to what has exactly these words; where nothing has, to the first that holds them.
func (k keyboard) reach(w *Window, words string) {
	w.t.Helper()
	var passed []string
	for {
		w.TabTo(words)
		var f struct {
			Name string `json:"name"`
		}
		w.must("focus", w.ask(&f, "focused", words))
		name, want := strings.ToLower(f.Name), strings.ToLower(words)
		if name == want || slices.Contains(passed, name) {
			return
		}
		passed = append(passed, name)
	}
}

// reachGroup walks to a group of round buttons or a list that has an option. It reports false, with the focus where it was, when the page has none.
func (k keyboard) reachGroup(w *Window, label, option string) bool {
	w.t.Helper()
	var group string
	w.Eval(&group, fmt.Sprintf(`(() => { const low = (s) => (s || '').normalize('NFC').replace(/\u00ad/g, '').replace(/\s+/g, ' ').trim().toLowerCase();
		for (const r of document.querySelectorAll('input[type=radio]:not(:disabled)')) {
			const set = r.closest('fieldset'), legend = set ? low((set.querySelector(':scope > legend') || {}).innerText) : '';
			if (legend.includes(low(%q)) && [...r.labels].some((l) => low(l.innerText).includes(low(%q)))) return 'radio ' + r.name;
		}
		for (const s of document.querySelectorAll('select')) {
			if (%q && [...s.labels].some((l) => low(l.innerText).startsWith(low(%q)))) return 'select-one ' + s.name;
		}
		return ''; })()`, label, option, label, label))
	if group == "" {
		return false
	}
	for range mostTabs {
		w.must("tab", w.press("Tab"))
		if at := k.at(w); at.Kind+" "+at.Name == group {
			var f struct {
				Ring, Seen bool
			}
			w.must("focus", w.ask(&f, "focused", ""))
			if !f.Ring || !f.Seen {
				w.fail("%s %s has the focus: its ring shows: %t, it can be seen: %t", label, option, f.Ring, f.Seen)
			}
			return true
		}
	}
	w.fail("the group %s with %s isn't reached", label, option)
	return false
}

// standing is what has the focus.
type focus struct {
	Kind    string `json:"kind"`
	Name    string `json:"name"`
	Value   string `json:"value"`
	Says    string `json:"says"` // its label, or the chosen option
	Checked bool   `json:"checked"`
}

func (keyboard) at(w *Window) focus {
	w.t.Helper()
	var out focus
	w.Eval(&out, `(() => { const a = document.activeElement, said = a.localName === 'select' ? (a.selectedOptions[0] || {}).textContent : a.labels && a.labels[0] && a.labels[0].innerText;
		return {kind: a.type || a.localName, name: a.name || '', value: a.value === undefined ? '' : String(a.value), says: (said || '').replace(/\u00ad/g, '').replace(/\s+/g, ' ').trim(), checked: !!a.checked}; })()`)
	return out
}
