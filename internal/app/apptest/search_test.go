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

// What the search doesn't know is refused with what it knows, and a group of specialties is all of them.
func TestSearchSaysWhatItTakes(t *testing.T) {
	w := boot(t, embeddedEngine())
	for _, c := range []struct{ path, field, code, says string }{
		{"/api/v1/placements?colour=red", "colour", "unknown_field", "city, dormitory, facets, full, language, level, literal, max_weekly_hours, min_compensation, near, open_to_college, page, paid, " +
			"per_page, programme, q, qualification, radius_km, regime, region, sort, specialty, starts_from, starts_to, time_model, under_18"},
		{"/api/v1/placements/suggest?q=a&page=1", "page", "unknown_field", "limit, q"},
		{"/api/v1/placements?sort=best", "sort", "unknown_value", "relevance, newest, closing_soon, starts_on, compensation, distance, fewest_applicants"},
		{"/api/v1/placements?level=king", "level[0]", "unknown_value", "worker, specialist, bachelor"},
		{"/api/v1/placements?page=0", "page", "too_small", "1"},
		{"/api/v1/placements?page=100001", "page", "too_large", "100000"},
		{"/api/v1/placements?per_page=0", "per_page", "too_small", "1"},
		{"/api/v1/placements?per_page=101", "per_page", "too_large", "100"},
		{"/api/v1/placements?per_page=ten", "per_page", "bad_type", ""},
		{"/api/v1/placements/suggest?q=a&limit=21", "limit", "too_large", "20"},
	} {
		a := w.anonymous().Do("GET", c.path, nil)
		bad := a.Doc.Items("errors")
		if a.Status != 400 || a.Doc.S("code") != "bad_request" || len(bad) != 1 || bad[0].S("field") != c.field || bad[0].S("code") != c.code ||
			!strings.Contains(bad[0].S("message"), c.says) {
			t.Errorf("%s: %d %s", c.path, a.Status, a.Raw)
		}
	}
	ask := func(query string) float64 { return w.anonymous().Get("/api/v1/placements?" + query).N("total") }
	group := ask("specialty=0713")
	if each := ask("specialty=07130100&specialty=07130200&specialty=07130400&specialty=07130700"); group != each || group <= ask("specialty=071301") {
		t.Errorf("the group has %v places, its specialties %v", group, each)
	}
	if none := ask("specialty=0799"); none != 0 {
		t.Errorf("a group that isn't there has %v places", none)
	}
}
