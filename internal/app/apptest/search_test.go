package apptest

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"
)

// Found places are kept decoded and shared by all readers: whoever asks in between, and in whichever language, the same question has the same answer.
func TestSearchAnswersAlike(t *testing.T) {
	for _, e := range engines(t) {
		t.Run(e.name, func(t *testing.T) {
			w := boot(t, e)
			ask := func(lang, query string) Doc {
				t.Helper()
				c := w.anonymous()
				c.lang = lang
				answer := c.Get("/api/v1/placements?per_page=50&" + query)
				delete(answer, "took_ms")
				return answer
			}
			queries := []string{"sort=newest", "q=" + url.QueryEscape("электр"), "sort=distance&near=49.8,73.1", "full=include&region=350000000"}
			first := map[string]string{}
			for round := range 3 {
				for _, q := range queries {
					for _, lang := range []string{"kk", "ru", "en"} {
						answer := ask(lang, q)
						if len(answer.Items("items")) == 0 {
							t.Fatalf("%s finds nothing", q)
						}
						text, err := json.Marshal(answer)
						must(t, err)
						if round == 0 {
							first[lang+q] = string(text)
						} else if first[lang+q] != string(text) {
							t.Errorf("%s in %s: the answer has changed\n%s\n%s", q, lang, first[lang+q], text)
						}
					}
				}
			}
			searchShowsTheStore(t, w, ask("ru", queries[1]))
		})
	}
}

// searchShowsTheStore compares what was found with the places as they are read one by one.
func searchShowsTheStore(t *testing.T, w *world, answer Doc) {
	t.Helper()
	marked := 0
	for _, item := range answer.Items("items") {
		place := w.anonymous().Get("/api/v1/placements/" + item.S("id"))
		for _, field := range []string{"reference", "title.ru", "enterprise.name", "mentor_name", "apply_by", "qualification_name"} {
			if item.S(field) != place.S(field) {
				t.Errorf("%s of %s is %q in the search, %q in the place", field, item.S("reference"), item.S(field), place.S(field))
			}
		}
		if item.N("version") != place.N("version") || item.N("seats_free") != place.N("seats_free") {
			t.Errorf("%s: version or free seats differ from the place's", item.S("reference"))
		}
		if strings.Contains(item.S("highlights.title"), "<mark>") {
			marked++
		}
	}
	if marked == 0 {
		t.Error("the word is marked in no title")
	}
}
