package browsertest

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/chromedp/chromedp"
)

// hands are how a person acts on a page. The chain knows nothing else, so that it is walked by mouse and by keyboard alike.
type hands interface {
	// press follows a link or presses a button, by its words; "group > words" within a named part of the page or an item of a list.
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
		for range 3 { // to the first part, wherever the tabulator has come in
			w.must("back", w.press("ArrowLeft"))
		}
		w.must("type "+typed, chromedp.Do(w.ctx, chromedp.KeyEvent(typed)))
		w.settle()
		if (keyboard{}).at(w).Value == value {
			return
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
	want, legend, path := label, "", label
	if len(option) > 0 {
		want, legend, path = option[0], label, label+" > "+option[0]
	}
	group, list := k.group(w, legend, want)
	switch {
	case group != "":
		k.reachGroup(w, group, want)
		k.arrow(w, want)
	case list:
		k.reach(w, label)
		k.arrow(w, want)
		return
	default:
		k.reach(w, path)
		if !k.at(w).Checked {
			w.Press("Space")
		}
	}
	if !k.at(w).Checked {
		w.fail("%s %s is not chosen", label, want)
	}
}

// group gives the name of the round buttons, under a legend, one of which has a label; or says that there is a list with the legend as its label.
func (keyboard) group(w *Window, legend, label string) (group string, list bool) {
	w.t.Helper()
	var found struct {
		Group string `json:"group"`
		List  bool   `json:"list"`
	}
	w.Eval(&found, fmt.Sprintf(`(() => { const low = (s) => (s || '').normalize('NFC').replace(/\u00ad/g, '').replace(/\s+/g, ' ').trim().toLowerCase();
		const legend = low(%q), label = low(%q), own = legend.slice(legend.lastIndexOf(' > ') + 1).replace(/^> /, '');
		for (const r of document.querySelectorAll('input[type=radio]:not(:disabled)')) {
			const set = r.closest('fieldset'), of = set ? low((set.querySelector(':scope > legend') || {}).innerText) : '';
			if (of.includes(legend) && [...r.labels].some((l) => low(l.innerText).includes(label))) return {group: r.name};
		}
		return {list: legend !== '' && [...document.querySelectorAll('select')].some((s) => [...s.labels].some((l) => low(l.innerText).startsWith(own)))}; })()`, legend, label))
	return found.Group, found.List
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

// reach walks with the tabulator to what has these words, or begins with them, or, when the page has been walked once, holds them; within a group for
// "group > words". Where it has got to, the focus must be seen.
func (k keyboard) reach(w *Window, words string) {
	w.t.Helper()
	group := ""
	if cut := strings.LastIndex(words, " > "); cut >= 0 {
		group, words = words[:cut], words[cut+len(" > "):]
	}
	want := strings.ToLower(words)
	var passed []string
	again := false
	for range mostTabs {
		w.must("tab", w.press("Tab"))
		var f struct {
			Name string `json:"name"`
			Ring bool   `json:"ring"`
			Seen bool   `json:"seen"`
		}
		w.must("focus", w.ask(&f, "focused", words))
		name := strings.ToLower(f.Name)
		if cut := strings.LastIndex(name, " > "); cut >= 0 {
			name = name[cut+len(" > "):]
		}
		again = again || len(passed) > 5 && name == passed[0]
		if (!begins(name, want) && (!again || !strings.Contains(name, want))) || !k.within(w, group) {
			passed = append(passed, name)
			continue
		}
		if !f.Ring || !f.Seen {
			w.fail("%q has the focus: its ring shows: %t, it can be seen: %t", f.Name, f.Ring, f.Seen)
		}
		return
	}
	w.fail("%s > %s is not reached in %d steps, passed %q", group, words, mostTabs, passed[:min(len(passed), 80)])
}

// begins reports whether a name begins with words, as words.
func begins(name, words string) bool {
	rest, ok := strings.CutPrefix(name, words)
	next, _ := utf8.DecodeRuneInString(rest)
	return ok && !unicode.IsLetter(next)
}

// within reports whether what has the focus stands in a group of that name.
func (keyboard) within(w *Window, group string) bool {
	w.t.Helper()
	if group == "" {
		return true
	}
	var ok bool
	w.Eval(&ok, fmt.Sprintf(`(() => { const low = (s) => (s || '').normalize('NFC').replace(/\u00ad/g, '').replace(/\s+/g, ' ').trim().toLowerCase();
		for (let e = document.activeElement.closest('fieldset'); e; e = e.parentElement.closest('fieldset')) {
			if (low((e.querySelector(':scope > legend') || {}).innerText).startsWith(low(%[1]q))) return true;
		}
		const nav = document.activeElement.closest('nav[aria-label]'), item = document.activeElement.closest('li,tr,article');
		return !!nav && low(nav.ariaLabel).startsWith(low(%[1]q)) || !!item && low(item.innerText).includes(low(%[1]q)); })()`, group))
	return ok
}

// reachGroup walks to a group of round buttons: the tabulator stops at one of them.
func (k keyboard) reachGroup(w *Window, group, option string) {
	w.t.Helper()
	for range mostTabs {
		w.must("tab", w.press("Tab"))
		at := k.at(w)
		if at.Kind != "radio" || at.Name != group {
			continue
		}
		var f struct {
			Ring bool `json:"ring"`
			Seen bool `json:"seen"`
		}
		w.must("focus", w.ask(&f, "focused", ""))
		if !f.Ring || !f.Seen {
			w.fail("a button of %s has the focus: its ring shows: %t, it can be seen: %t", group, f.Ring, f.Seen)
		}
		return
	}
	w.fail("the group of %s isn't reached", option)
}

// focus is what has the focus.
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

// The keyboard writes what the mouse writes: into dates and times, over what stood in a field, within the right one of two groups.
func TestHands(t *testing.T) {
	t.Parallel()
	base := goodSite(t, map[string]string{"/form": markup("kk", goodHead, form), "/groups": markup("kk", goodHead, `<h1>Өтінім</h1><form action="/echo" method="post">
<fieldset><legend>Кезең 1</legend><p><label for="a">Басы</label> <input id="a" name="a" value="Бұрынғы"></p></fieldset>
<fieldset><legend>Кезең 2</legend><p><label for="b">Басы</label> <input id="b" name="b" value="Бұрынғы"></p>
<p><label for="h">Сағаты</label> <input id="h" type="time" name="h"></p></fieldset><p><button>Жіберу</button></p></form>`)})
	for name, by := range map[string]hands{"mouse": mouse{}, "keyboard": keyboard{}} {
		w := Open(t, "tooling", base, Look{Width: desk})
		w.Go("/form")
		by.fill(w, "Аты-жөні", "Айгерім")
		by.fill(w, "Күні", "2027-09-01")
		by.fill(w, "Хат", "Сәлем")
		by.choose(w, "Қала", "Қарағанды")
		by.choose(w, "Келісемін")
		by.choose(w, "Уақыты", "Кешке")
		by.press(w, "Жіберу")
		wrote(t, w, name, url.Values{"name": {"Айгерім"}, "day": {"2027-09-01"}, "note": {"Сәлем"}, "city": {"kar"}, "agree": {"yes"}, "slot": {"b"}, "nameless": {""}})
		w.Go("/groups")
		by.fill(w, "Кезең 2 > Басы", "Жаңа")
		by.fill(w, "Кезең 2 > Сағаты", "16:30")
		by.press(w, "Жіберу")
		wrote(t, w, name, url.Values{"a": {"Бұрынғы"}, "b": {"Жаңа"}, "h": {"16:30"}})
	}
}

func wrote(t *testing.T, w *Window, name string, want url.Values) {
	t.Helper()
	w.Wait("Жіберілді")
	var sent string
	w.Eval(&sent, "document.querySelector('pre').textContent")
	if got, err := url.ParseQuery(sent); err != nil || got.Encode() != want.Encode() {
		t.Errorf("%s: sent %v (%v), want %v", name, got, err, want)
	}
}
