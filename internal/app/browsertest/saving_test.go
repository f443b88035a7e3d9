package browsertest

import (
	"net/http"
	"net/url"
)

// savingRows are the pages of what a seeker wants to find again, and of what nobody finds.
func savingRows() []row {
	return []row{
		{name: "change a saved search", path: "/{lang}/saved/searches/{saved_search}/edit", who: student},
		{name: "saved", path: "/{lang}/saved", who: student},
		{name: "results with saved places", path: "/{lang}/placements", who: student},
		{name: "a saved place", path: "/{lang}/placements/{place}", who: student},
		{name: "save a search", path: "/{lang}/saved/searches/new?q=%D1%8D%D0%BB%D0%B5%D0%BA%D1%82%D1%80&region=350000000", who: student},
		{name: "save a search, refused", path: "/{lang}/saved/searches/new?q=8%20701%20234%2056%2078", who: student, do: func(w *Window) { w.Click("[action$='/saved/searches'] .button") }},
		{name: "nothing saved", path: "/{lang}/saved", who: guardian},
		{name: "searches in vain", path: "/{lang}/admin/searches?days={vain}", who: admin},
	}
}

// savedSearch saves the newest places and a search for the student, and gives the search's id.
func savedSearch(w *world) string {
	w.saving.Do(func() { w.saved = saveThings(w) })
	return w.saved
}

func saveThings(w *world) string {
	for _, at := range []string{"items.0.id", "items.1.id"} {
		w.do(student, http.MethodPut, "/api/v1/me/saved-placements/"+w.get("", "/api/v1/placements?per_page=2").at(at))
	}
	return w.api(student, http.MethodPost, "/api/v1/me/saved-searches", map[string]string{
		"name": "Электрик, Караганда", "query": "region=350000000&q=" + url.QueryEscape("электр"), "alerts": "weekly",
	}).at("id")
}

// inVain asks for what nobody offers, often enough to be told, and gives the period of the report about it.
func inVain(w *world) string {
	for range 6 {
		w.get("", "/api/v1/placements?region=620000000&specialty=07150500&max_weekly_hours=1&q="+url.QueryEscape("бортпроводник"))
	}
	w.Advance("PT0S")
	return "30"
}
