package apptest

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
)

// Saved places and searches from the API to the mail and back, and the report of what nobody finds.
func TestSaving(t *testing.T) {
	for _, e := range engines(t) {
		t.Run(e.name, func(t *testing.T) {
			w := boot(t, e)
			w.run("places", savePlaces)
			w.run("an alert and its end", alertAndItsEnd)
			w.run("what is kept and erased", savedIsExported)
			w.run("what is searched for in vain", searchedInVain)
		})
	}
}

func savePlaces(t *testing.T, w *world) {
	student, hr := w.as("student@demo.orynda.kz"), w.as("hr@saryarqa-energo.demo.orynda.kz")
	found := w.anonymous().Get("/api/v1/placements?per_page=2&sort=newest").Items("items")
	one, other := found[0].S("id"), found[1].S("id")
	if found[0].Has("viewer") {
		t.Error("a stranger is told of a viewer")
	}
	for _, c := range []*Client{student, student, hr} {
		c.Want(204, "PUT", "/api/v1/me/saved-placements/"+one, nil)
	}
	student.Want(204, "PUT", "/api/v1/me/saved-placements/"+other, nil)
	student.Refused(404, "not_found", "PUT", "/api/v1/me/saved-placements/plc_none", nil)
	for _, item := range student.Get("/api/v1/placements?per_page=3&sort=newest").Items("items") {
		if saved := item.S("id") == one || item.S("id") == other; item.at("viewer.saved") != saved {
			t.Errorf("%s among the results: %v", item.S("id"), item["viewer"])
		}
	}
	if v := student.Get("/api/v1/placements/" + one); v.at("viewer.saved") != true {
		t.Errorf("the place: %v", v["viewer"])
	}
	if v := hr.Get("/api/v1/placements/" + one); v.at("viewer.saved") != true || v.at("viewer.can_apply") != false {
		t.Errorf("the place for who can't apply: %v", v["viewer"])
	}
	page := student.Get("/api/v1/me/saved-placements?limit=1")
	if items := page.Items("items"); len(items) != 1 || items[0].S("id") != other || items[0].S("placement.id") != other || items[0].S("placement_state") != "published" {
		t.Errorf("%v", page)
	}
	if items := student.Get("/api/v1/me/saved-placements?limit=1&cursor=" + page.S("next_cursor")).Items("items"); len(items) != 1 || items[0].S("id") != one {
		t.Errorf("the second page: %v", items)
	}
	for range 2 {
		student.Want(204, "DELETE", "/api/v1/me/saved-placements/"+other, nil)
	}
	if items := student.Get("/api/v1/me/saved-placements").Items("items"); len(items) != 1 {
		t.Errorf("%d places are left", len(items))
	}
}

// nextMorning moves the demo's clock to nine on the next day.
func (w *world) nextMorning() { w.advanceTo(w.today().Add(1).Start().Add(9 * time.Hour)) }

// alertMails are the mails to an address whose subject begins with a search's name.
func (w *world) alertMails(to, name string) []Doc {
	var out []Doc
	for _, m := range w.anonymous().Get("/demo/mail?to=" + to).Items("items") {
		if strings.HasPrefix(m.S("subject"), name+": ") {
			out = append(out, m)
		}
	}
	return out
}

func alertAndItsEnd(t *testing.T, w *world) {
	const email, name = "student@demo.orynda.kz", "Электрик, Караганда"
	student := w.as(email)
	query := url.Values{"region": {"350000000"}, "q": {"электромонтёр"}}.Encode()
	made := student.Want(201, "POST", "/api/v1/me/saved-searches", Doc{"name": name, "query": query + "&page=2", "alerts": "daily"})
	student.Refused(409, "saved_search_known", "POST", "/api/v1/me/saved-searches", Doc{"name": "x", "query": query})
	student.Refused(400, "unknown_city", "POST", "/api/v1/me/saved-searches", Doc{"name": "x", "query": "city=Atlantis"})
	student.Refused(400, "bad_request", "POST", "/api/v1/me/saved-searches", Doc{"name": "x", "query": "salary=1"})
	if made.S("query") != query || made.S("next_alert_at") == "" {
		t.Fatalf("%v", made)
	}
	w.nextMorning()
	if mails := w.alertMails(email, name); len(mails) != 0 {
		t.Fatalf("a mail without news: %v", mails)
	}
	c := sitePlace(w, "student2@demo.orynda.kz")
	c.find()
	w.nextMorning()
	w.advance("PT2H")
	mails := w.alertMails(email, name)
	if len(mails) != 1 {
		t.Fatalf("%d mails, want one", len(mails))
	}
	text := mails[0].S("text")
	stop := regexp.MustCompile(`(/(?:kk|ru|en))(/notices/stop/[\w-]+)`).FindStringSubmatch(text)
	if stop == nil || !strings.Contains(text, "/placements/"+c.placement) {
		t.Fatalf("the mail:\n%s", text)
	}
	if n := student.Get("/api/v1/me/notices?limit=1").Items("items")[0]; n.S("group") != "saved_searches" || n.S("path") != "/saved/searches/"+made.S("id") {
		t.Errorf("the notice: %v", n)
	}
	alertEnds(t, w, student, stop[1]+stop[2])
}

// alertEnds opens a mail's link as scanners do, posts to it as a mail program does, and by its form.
func alertEnds(t *testing.T, w *world, student *Client, link string) {
	alerts := func() string { return student.Get("/api/v1/me/saved-searches").Items("items")[0].S("alerts") }
	form := func(path string, values url.Values) *http.Response {
		t.Helper()
		client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
		res, err := client.PostForm(w.base+path, values)
		must(t, err)
		must(t, res.Body.Close())
		return res
	}
	if page := w.page(http.StatusOK, link); !strings.Contains(page, "Электрик, Караганда") || alerts() != "daily" {
		t.Error("opening the link doesn't ask, or ends the mails")
	}
	if res := form(link, url.Values{}); res.StatusCode != http.StatusForbidden || alerts() != "daily" {
		t.Errorf("a form without a proof: %d, alerts %s", res.StatusCode, alerts())
	}
	oneClick := url.Values{"List-Unsubscribe": {"One-Click"}}
	if res := form(link+"A", oneClick); res.StatusCode != http.StatusNotFound || alerts() != "daily" {
		t.Errorf("another token: %d", res.StatusCode)
	}
	for range 2 { // a redirect is what RFC 8058 forbids
		if res := form(link, oneClick); res.StatusCode != http.StatusOK || alerts() != "off" {
			t.Errorf("one click: %d, alerts %s", res.StatusCode, alerts())
		}
	}
	id := student.Get("/api/v1/me/saved-searches").Items("items")[0].S("id")
	student.Refused(412, "stale_version", "PATCH", "/api/v1/me/saved-searches/"+id, Doc{"alerts": "weekly"}, Header("If-Match", `"1"`))
	if d := student.Patch("/api/v1/me/saved-searches/"+id, Doc{"alerts": "weekly", "name": "Электрик"}); d.S("name") != "Электрик" || d.S("alerts") != "weekly" {
		t.Errorf("%v", d)
	}
	w.as("student2@demo.orynda.kz").Refused(404, "not_found", "DELETE", "/api/v1/me/saved-searches/"+id, nil)
}

func savedIsExported(t *testing.T, w *world) {
	kinds := map[string]int{}
	for _, r := range w.as("student@demo.orynda.kz").Get("/api/v1/me/export").Items("records") {
		kinds[r.S("kind")]++
	}
	if kinds["saved_placement"] != 1 || kinds["saved_search"] != 1 {
		t.Errorf("%v", kinds)
	}
	door, leaver := w.backdoor(), w.as("citizen@demo.orynda.kz")
	before := door.state()
	leaver.Want(204, "PUT", "/api/v1/me/saved-placements/"+w.anonymous().Get("/api/v1/placements?per_page=1").Items("items")[0].S("id"), nil)
	leaver.Want(201, "POST", "/api/v1/me/saved-searches", Doc{"name": "x", "query": ""})
	leaver.Want(204, "DELETE", "/api/v1/me", nil)
	for _, line := range difference(before, door.state()) {
		if strings.HasPrefix(line, "saved_") {
			t.Errorf("left behind: %s", line)
		}
	}
}

func searchedInVain(t *testing.T, w *world) {
	stranger, admin := w.anonymous(), w.as("admin@demo.orynda.kz")
	ask := func(times int, text, rest string) {
		for range times {
			stranger.Get("/api/v1/placements?max_weekly_hours=1&q=" + url.QueryEscape(text) + rest)
		}
	}
	ask(5, "бортпроводник", "&region=620000000")
	ask(4, "сосед Ерлан", "")
	ask(6, "990101300123", "")
	for range 7 {
		w.page(http.StatusOK, "/ru/placements.atom?max_weekly_hours=1&q=bariste")
	}
	w.advance("PT0S")
	report := admin.Get("/api/v1/search-reports/nothing-found?days=7")
	texts := report.Items("texts")
	if len(texts) != 1 || texts[0].S("value") != "бортпроводник" || texts[0].N("count") != 5 || report.N("in_vain") < 15 || len(report.Items("regions")) != 1 {
		t.Errorf("%v", report)
	}
	if narrow := admin.Get("/api/v1/search-reports/nothing-found?days=7&region=620000000"); narrow.N("in_vain") != 5 {
		t.Errorf("one region: %v", narrow)
	}
	if narrow := admin.Get("/api/v1/search-reports/nothing-found?days=7&region=350000000"); narrow.N("in_vain") != 0 {
		t.Errorf("another region: %v", narrow)
	}
	file := admin.Do("GET", "/api/v1/search-reports/nothing-found?days=7&format=csv", nil)
	if file.Status != 200 || !strings.Contains(string(file.Raw), ";бортпроводник;5") || !strings.Contains(file.Header.Get("Content-Disposition"), "nothing-found-7.csv") {
		t.Errorf("the file: %d %v\n%s", file.Status, file.Header, file.Raw)
	}
	admin.Refused(400, "bad_request", "GET", "/api/v1/search-reports/nothing-found?region=999999999", nil)
	w.as("student2@demo.orynda.kz").Refused(403, "forbidden", "GET", "/api/v1/search-reports/nothing-found", nil)
}

// The pages of it, by their forms alone.
func TestSiteOfSaving(t *testing.T) {
	w := boot(t, embeddedEngine())
	found := w.anonymous().Get("/api/v1/placements?per_page=2&sort=newest").Items("items")
	one := found[0].S("id")
	if page := w.page(http.StatusOK, "/ru/placements/"+one); strings.Contains(page, "_csrf") || !strings.Contains(page, "/ru/signin?next=%2Fplacements%2F"+one) {
		t.Error("a stranger's page holds a form, or doesn't lead to the sign-in")
	}
	if page := w.page(http.StatusOK, "/ru/placements"); strings.Contains(page, "_csrf") || strings.Contains(page, `form="saving"`) {
		t.Error("the results hold a form for strangers")
	}
	b := w.studentBrowser("student@demo.orynda.kz")
	b.open("/ru/placements?sort=newest")
	b.says(`form="saving"`, `name="save"`)
	b.send("/ru/saved/places", url.Values{"save": {one}})
	b.want(200)
	b.says("Место сохранено.")
	b.open("/ru/placements?sort=newest")
	b.says(`name="forget"`, "сохранено")
	b.open("/ru/placements/" + one)
	b.says("Убрать из сохранённого")
	b.open("/ru/saved")
	b.says(one, "Сохранённых поисков пока нет")
	b.send("/ru/saved/places", url.Values{"forget": {one}})
	b.says("Место убрано из сохранённого.", "Сохранённых мест пока нет")

	b.open("/ru/placements?q=zzzzzz&region=350000000")
	b.says("Сообщить, когда появится", "/ru/saved/searches/new?q=zzzzzz&region=350000000")
	b.open("/ru/saved/searches/new?q=zzzzzz&region=350000000&page=3&whole=region")
	b.says("zzzzzz, Карагандинская область", `value="q=zzzzzz&region=350000000"`)
	b.send("/ru/saved/searches", url.Values{"name": {" "}, "query": {"q=zzzzzz&region=350000000"}, "alerts": {"weekly"}})
	b.want(422)
	b.says("Название", `value="q=zzzzzz&region=350000000"`)
	b.send("/ru/saved/searches", url.Values{"name": {"Редкое"}, "query": {"q=zzzzzz&region=350000000"}, "alerts": {"weekly"}})
	b.want(200)
	b.says("Поиск сохранён.", "Редкое", "по понедельникам")
	id := regexp.MustCompile(`/saved/searches/(srh_\w+)/edit`).FindStringSubmatch(b.page)
	if id == nil {
		t.Fatal(b.main())
	}
	b.open("/ru/saved/searches/new?q=zzzzzz&region=350000000")
	b.send("/ru/saved/searches", url.Values{"name": {"Опять"}, "query": {"q=zzzzzz&region=350000000"}, "alerts": {"off"}})
	b.want(422)
	b.says("Этот поиск уже сохранён", `value="Опять"`)
	b.open("/ru/saved/searches/" + id[1])
	if b.path != "/ru/placements" || !strings.Contains(b.page, `value="zzzzzz"`) {
		t.Errorf("a saved search leads to %s", b.path)
	}
	b.open("/ru/saved/searches/" + id[1] + "/edit")
	b.send("/ru/saved/searches/"+id[1]+"/edit", url.Values{"name": {"Очень редкое"}, "alerts": {"off"}})
	b.says("Поиск изменён.", "Очень редкое", "Не присылать")
	other := w.studentBrowser("student2@demo.orynda.kz")
	other.open("/ru/saved/searches/" + id[1] + "/edit")
	other.want(404)
	b.send("/ru/saved/searches/"+id[1]+"/delete", url.Values{})
	b.says("Поиск удалён.", "Сохранённых поисков пока нет")
	b.open("/ru/admin/searches")
	b.want(404)

	adminOf := w.studentBrowser("admin@demo.orynda.kz")
	adminOf.open("/ru/admin/searches?days=90")
	adminOf.want(200)
	adminOf.says("90 дней", "/ru/admin/searches.csv?days=90")
	adminOf.open("/ru/admin/searches.csv?days=90")
	adminOf.want(200)
	adminOf.open("/ru/admin/searches?days=8")
	adminOf.want(400)
}
