package browsertest

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const form = `<h1>Өтінім</h1><form action="/echo" method="post">
<p><label for="name">Аты-жөні <span>*</span></label> <input id="name" name="name" value="Бұрынғы"></p>
<p><label>Күні <input type="date" name="day"></label></p>
<p><label for="note">Хат</label> <textarea id="note" name="note"></textarea></p>
<p><label for="city">Қала</label> <select id="city" name="city"><option value="">Таңдаңыз</option><option value="kar">Қарағанды</option></select></p>
<p><label><input type="checkbox" name="agree" value="yes"> Келісемін</label></p>
<fieldset><legend>Уақыты</legend><label><input type="radio" name="slot" value="a"> Таңертең</label> <label><input type="radio" name="slot" value="b"> Кешке</label></fieldset>
<fieldset><legend>Орны</legend><label><input type="radio" name="place" value="a"> Кешке</label></fieldset>
<p><span>Атаусыз</span> <input name="nameless"></p>
<p><button>Жіберу</button> <button disabled name="x">Күте тұрыңыз</button></p></form>`

// A person's acts reach the server as typed, with scripts and without.
func TestActs(t *testing.T) {
	t.Parallel()
	base := goodSite(t, map[string]string{"/form": markup("kk", goodHead, form)})
	for _, js := range []bool{true, false} {
		w := Open(t, "tooling", base, Look{})
		w.JS(js)
		w.Go("/form")
		var on string
		if w.Eval(&on, "document.documentElement.dataset.js || ''"); (on == "on") != js {
			t.Fatalf("scripts: %q, want %t", on, js)
		}
		w.Fill("Аты-жөні", "Айгерім Сәрсенова")
		w.Fill("Күні", "2027-09-01")
		w.Fill("Хат", "Бірінші жол\nЕкінші жол")
		w.Choose("Қала", "Қарағанды")
		w.Choose("Келісемін")
		w.Choose("Уақыты", "Кешке")
		w.Click("Жіберу")
		w.Wait("Жіберілді")
		var sent string
		w.Eval(&sent, "document.querySelector('pre').textContent")
		got, _ := url.ParseQuery(sent)
		want := url.Values{
			"name": {"Айгерім Сәрсенова"}, "day": {"2027-09-01"}, "note": {"Бірінші жол\r\nЕкінші жол"}, "city": {"kar"}, "agree": {"yes"}, "slot": {"b"}, "nameless": {""},
		}
		if got.Encode() != want.Encode() {
			t.Errorf("scripts %t: sent %v, want %v", js, got, want)
		}
		if w.Path() != "/echo" {
			t.Errorf("at %s", w.Path())
		}
	}
}

// What a person can't do, a window can't do either.
func TestActsCanFail(t *testing.T) {
	t.Parallel()
	w := Open(t, "tooling", goodSite(t, map[string]string{
		"/form":    markup("kk", goodHead, form),
		"/covered": markup("kk", goodHead, `<h1>Бет</h1><p><a href="/form">Әрі қарай</a></p><div class="cover">Хабарландыру</div>`),
		"/quiet":   markup("kk", goodHead, `<h1>Бет</h1><p><a class="quiet" href="/form">Әрі қарай</a></p>`),
	}), Look{})
	try := func(name string, err error, want string) {
		t.Helper()
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", name, err, want)
		}
	}
	w.Go("/form")
	try("a field without a label", w.fill("Атаусыз", "x"), "no field has the label")
	try("a list is no field", w.fill("Қала", "x"), "Choose")
	try("an option that isn't there", w.choose("Қала", "Астана"), "has no Астана")
	try("a choice that isn't there", w.choose("Уақыты", "Түнде"), "no choice")
	try("a button that isn't there", w.click("Өшіру"), "nothing to click")
	try("a disabled button", w.click("Күте тұрыңыз"), "disabled")
	try("a date that is none", w.fill("Күні", "ертең"), "doesn't take")
	w.Go("/covered")
	try("a covered link", w.click("Әрі қарай"), "covered by")
	w.Go("/quiet")
	try("a focus that nothing shows", w.tabTo("Әрі қарай"), "nothing shows it")
	w.Go("/form")
	try("what Tab never reaches", w.tabTo("Өшіру"), "not reached")
	if w.Go("/none") != http.StatusNotFound || w.Has("Өтінім") {
		t.Error("a page that isn't there")
	}
	if w.Go("/refused"); len(w.Complaints()) != 0 {
		t.Error("a refused form is no fault of the page")
	}
}

// The keyboard alone fills in and sends a form.
func TestKeyboard(t *testing.T) {
	t.Parallel()
	w := Open(t, "tooling", goodSite(t, map[string]string{"/form": markup("kk", goodHead, form)}), Look{Width: desk})
	w.Go("/form")
	w.TabTo("Аты-жөні")
	w.Type("Ерлан")
	w.TabTo("Қала")
	w.Press("ArrowDown")
	w.TabTo("Келісемін")
	w.Press("Space")
	w.TabTo("Уақыты > Таңертең")
	w.Press("Space ArrowDown")
	w.TabTo("Жіберу")
	w.Press("Enter")
	w.Wait("Жіберілді")
	for _, want := range []string{"city=kar", "agree=yes", "slot=b", "name=%D0%95%D1%80%D0%BB%D0%B0%D0%BD"} {
		if !w.Has(want) {
			t.Errorf("%s wasn't sent: %s", want, w.Text())
		}
	}
}

// Windows share nothing: no cookie of one is seen by the other. Each says its own language.
func TestWindowsAreApart(t *testing.T) {
	t.Parallel()
	server := goodServer(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/in" {
			http.SetCookie(w, &http.Cookie{Name: "who", Value: "aigerim", HttpOnly: true, SameSite: http.SameSiteLaxMode})
		}
		c, err := r.Cookie("who")
		who := "nobody"
		if err == nil {
			who = c.Value
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(markup("kk", `<title>Бет</title><link rel="icon" href="data:,">`, "<h1>"+who+" "+r.Header.Get("Accept-Language")+"</h1>")))
	})
	one, two := Open(t, "one", server, Look{Lang: "kk"}), Open(t, "two", server, Look{Lang: "ru"})
	one.Go("/in")
	one.Go("/")
	two.Go("/")
	if !one.Has("aigerim kk") || !two.Has("nobody ru") {
		t.Errorf("one: %s; two: %s", one.Text(), two.Text())
	}
}

// Pictures land where they are asked for, as wide as the window.
func TestScreenshot(t *testing.T) {
	folder := t.TempDir()
	t.Setenv("ORYNDA_TEST_SCREENSHOTS", folder)
	w := Open(t, "tooling", goodSite(t, map[string]string{"/form": markup("kk", goodHead, form)}), Look{Width: tablet})
	w.Go("/form")
	w.Screenshot("form")
	raw, err := os.ReadFile(filepath.Join(folder, "form.png"))
	if err != nil || len(raw) < 5000 {
		t.Fatalf("%d bytes: %v", len(raw), err)
	}
	if width := int(raw[18])<<8 | int(raw[19]); width != tablet {
		t.Errorf("%d px wide", width)
	}
}

// Files reach the server.
func TestUpload(t *testing.T) {
	t.Parallel()
	var got string
	server := goodServer(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		if f, h, err := r.FormFile("roster"); err == nil {
			got = h.Filename
			_ = f.Close()
		}
		_, _ = w.Write([]byte(markup("kk", `<title>Бет</title><link rel="icon" href="data:,">`, `<h1>Тізім</h1><form method="post" enctype="multipart/form-data">
<p><label for="f">Тізім файлы</label> <input id="f" type="file" name="roster"></p><p><button>Жүктеу</button></p></form>`)))
	})
	file := filepath.Join(t.TempDir(), "roster.csv")
	if err := os.WriteFile(file, []byte("a;b\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	w := Open(t, "tooling", server, Look{})
	w.Go("/")
	w.Upload("Тізім файлы", file)
	w.Click("Жүктеу")
	if got != "roster.csv" {
		t.Errorf("got %q", got)
	}
}
