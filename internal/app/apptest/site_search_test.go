package apptest

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// results opens the page of results for a question and gives it, and its links by their words.
func (w *world) results(lang, question string) (page string, links map[string]url.Values) {
	w.t.Helper()
	q, err := url.ParseQuery(question)
	must(w.t, err)
	page = w.page(http.StatusOK, "/"+lang+"/placements?"+q.Encode())
	links = map[string]url.Values{}
	for _, m := range regexp.MustCompile(`(?s)<a [^>]*href="(/[^"]*)"[^>]*>(.*?)</a>`).FindAllStringSubmatch(page, -1) {
		u, err := url.Parse(html.UnescapeString(m[1]))
		must(w.t, err)
		links[strings.TrimSpace(strings.Split(words(m[2]), "×")[0])] = u.Query()
	}
	return page, links
}

// words are what a part of a page says.
func words(markup string) string {
	return strings.Join(strings.Fields(html.UnescapeString(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(markup, ""))), " ")
}

// The line that says how a question was read, and the ways back.
func TestQuestionsAreSaidAsTheyWereRead(t *testing.T) {
	w := boot(t, embeddedEngine())
	for name, c := range map[string]struct {
		lang, ask, says, link string
		leads                 url.Values
	}{
		"a typing error": {"ru", "q=элктромонтер&paid=true", "Показано по «электромонтер»", "Искать «элктромонтер»",
			url.Values{"q": {"элктромонтер"}, "literal": {"true"}, "paid": {"true"}}},
		"in Kazakh": {"kk", "q=элктромонтер", "«электромонтер» бойынша көрсетілді", "«элктромонтер» деп іздеу",
			url.Values{"q": {"элктромонтер"}, "literal": {"true"}}},
		"another keyboard": {"ru", "q='ktrnhjvjynth", "другая раскладка клавиатуры: показано по «электромонтер»", "Искать «'ktrnhjvjynth»",
			url.Values{"q": {"'ktrnhjvjynth"}, "literal": {"true"}}},
		"fewer words": {"en", "q=электромонтер ночью", "Not all of “электромонтер ночью” was found together, so this is shown for “электромонтер”",
			"Search for “электромонтер ночью”", url.Values{"q": {"электромонтер ночью"}, "literal": {"true"}}},
		"a town":           {"kk", "q=электромонтер караганда", "", "Қарағанды", url.Values{"q": {"электромонтер"}}},
		"a town alone":     {"ru", "q=karagandy&level=worker", "", "Караганда", url.Values{"level": {"worker"}}},
		"a region":         {"ru", "q=электромонтер Қарағанды облысы", "", "Карагандинская область", url.Values{"q": {"электромонтер"}}},
		"a better word":    {"ru", "q=електромнтер&literal=true", "Возможно, вы искали:", "электромонтер", url.Values{"q": {"электромонтер"}}},
		"not as typed":     {"ru", "q=електромнтер&literal=true", "Таких мест не нашлось.", "Искать и похожие слова", url.Values{"q": {"електромнтер"}}},
		"a filter to lift": {"ru", "q=электромонтер&region=110000000", "Поможет одно из изменений:", "Убрать: регион", url.Values{"q": {"электромонтер"}}},
		"a wider radius": {"ru", "q=электромонтер&city=Темиртау&radius_km=5", "Поможет одно из изменений:", "Расширить расстояние до 100 км",
			url.Values{"q": {"электромонтер"}, "city": {"Темиртау"}, "radius_km": {"100"}}},
		"nothing helps": {"ru", "q=zzzzzz", "Проверьте, как написаны слова", "Показать все места", url.Values{}},
	} {
		t.Run(name, func(t *testing.T) {
			page, links := w.results(c.lang, c.ask)
			if !strings.Contains(words(page), c.says) {
				t.Errorf("the page doesn't say %q", c.says)
			}
			if got, ok := links[c.link]; !ok || got.Encode() != c.leads.Encode() {
				t.Errorf("%q leads to %v (%v), want %v", c.link, got, ok, c.leads)
			}
		})
	}

	if page, _ := w.results("ru", "q=электромонтер"); strings.Contains(page, `class="understood"`) || strings.Contains(page, `name="literal"`) {
		t.Error("a question that was read as typed is explained")
	}
	if page, links := w.results("ru", "q=электромонтер караганда&literal=true"); !regexp.MustCompile(`name="literal" value="true" checked`).MatchString(page) ||
		links["Караганда"] != nil {
		t.Error("a literal question doesn't say that it is one, or a town in it narrows it")
	}
}
