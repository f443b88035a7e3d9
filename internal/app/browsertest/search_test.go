package browsertest

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/app"
)

// asks is the address of the results for a question, written as people type it.
func asks(question string) string {
	var out []string
	for _, part := range strings.Split(question, "&") {
		name, value, _ := strings.Cut(part, "=")
		out = append(out, name+"="+url.QueryEscape(value))
	}
	return "/{lang}/placements?" + strings.Join(out, "&")
}

// searchRows are the states of the results that tell how a question was read.
func searchRows() []row {
	return []row{
		{name: "results corrected", path: asks("q=элктромонтер")},
		{name: "results of another keyboard", path: asks("q='ktrnhjvjynth")},
		{name: "results of fewer words", path: asks("q=электромонтер ночью")},
		{name: "results in a town", path: asks("q=электромонтер караганда&paid=true")},
		{name: "results did you mean", path: asks("q=електромнтер&literal=true&region=350000000")},
	}
}

// The field completes what is typed: the beginning of a word, with an error, on another keyboard; it is walked with the keys alone and says so to a screen
// reader. Without script it is a plain form.
func TestCompletions(t *testing.T) {
	needBrowser(t)
	world := boot(t)
	w := world.Window(t, Look{Lang: "ru"})
	state := func() (expanded, active string) {
		t.Helper()
		w.Eval(&expanded, `document.querySelector("#q").getAttribute("aria-expanded")`)
		w.Eval(&active, `document.getElementById(document.querySelector("#q").getAttribute("aria-activedescendant"))?.textContent.trim().replace(/\s+/g, " ") ?? ""`)
		return expanded, active
	}
	for typed, want := range map[string]string{"элек": "Электромонтер", "элктромонтер": "Электромонтер", "'ktrnhjv": "Электромонтер", "караг": "Караганда", "сарыар": "Сарыарқа"} {
		w.Go("/{lang}/")
		w.TabTo("Специальность, предприятие или город")
		w.Type(typed)
		for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(25 * time.Millisecond) {
			if expanded, _ := state(); expanded == "true" {
				break
			}
		}
		if expanded, active := state(); expanded != "true" || active != "" {
			t.Errorf("%s: expanded %s, active %q before a key", typed, expanded, active)
		}
		if !w.Has("Есть подсказки: нажмите стрелку вниз.") {
			t.Errorf("%s: nothing is said to a screen reader", typed)
		}
		w.Press("ArrowDown")
		if _, active := state(); !strings.Contains(active, want) {
			t.Errorf("%s: the first completion is %q, want %q", typed, active, want)
		}
		w.Press("ArrowUp ArrowDown Escape")
		if expanded, active := state(); expanded != "false" || active != "" {
			t.Errorf("%s: after Escape expanded %s, active %q", typed, expanded, active)
		}
		w.Press("ArrowDown Enter")
		if path := w.Path(); path == "/ru/" || strings.Contains(path, "q=") {
			t.Errorf("%s: Enter on a completion leads to %s", typed, path)
		}
	}
	w.MustBeCalm()

	plain := world.Window(t, Look{Lang: "ru"})
	plain.JS(false)
	plain.Go("/{lang}/")
	plain.Fill("Специальность, предприятие или город", "элктромонтер")
	plain.Click("Найти")
	if !plain.Has("Показано по «электромонтер»") {
		t.Errorf("without script: %.300s", plain.Text())
	}
	plain.Click("Искать «элктромонтер»")
	if !plain.Has("Таких мест не нашлось.") || !plain.Has("Искать точно как написано") {
		t.Errorf("the literal question: %.300s", plain.Text())
	}
	plain.Click("Искать точно как написано")
	plain.Click("Найти")
	if !plain.Has("Показано по «электромонтер»") {
		t.Errorf("the literal question is undone: %.300s", plain.Text())
	}
}

// The pages while the search server is away, in three languages.
func TestPagesWithoutSearch(t *testing.T) {
	needBrowser(t)
	needValidator(t)
	if _, err := axeSource(); err != nil {
		missing(t, err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) }))
	t.Cleanup(server.Close)
	world := boot(t)
	if err := world.app.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	cfg := world.cfg
	cfg.Addr, cfg.MeilisearchURL = freeAddr(t), server.URL
	cfg.PublicURL = "http://" + cfg.Addr
	a, err := app.New(t.Context(), cfg, app.Options{Demo: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		defer cancel()
		if err := a.Stop(ctx); err != nil {
			t.Error(err)
		}
	})
	if err := a.Start(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	for i, lang := range languages() {
		w := Open(t, "visitor", "http://"+a.Addr(), Look{Lang: lang})
		visitOne(w, row{name: "home without search"}, "/{lang}/", i)
		visitOne(w, row{name: "results without search"}, asks("q=электромонтер ночью&region=350000000"), i+1)
	}
}
