package apptest

import (
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
)

// enterpriseHR and enterpriseNew are demo accounts of two enterprises; the second isn't verified.
const (
	enterpriseHR  = "hr@saryarqa-energo.demo.orynda.kz"
	enterpriseNew = "new@enterprise.demo.orynda.kz"
)

// deskVisitor is somebody at a browser without script, on the pages of an enterprise.
type deskVisitor struct {
	t      *testing.T
	base   string
	http   *http.Client
	status int
	path   string
	body   string
}

func (w *world) deskVisitor(t *testing.T, email string) *deskVisitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	must(t, err)
	v := &deskVisitor{t: t, base: w.base, http: &http.Client{Jar: jar, Timeout: time.Minute}}
	if email != "" {
		v.open("/signin")
		v.send("/signin", "email", email, "password", "orynda-demo")
	}
	return v
}

func (v *deskVisitor) took(r *http.Response, err error) *deskVisitor {
	v.t.Helper()
	must(v.t, err)
	defer r.Body.Close()
	raw, err := io.ReadAll(r.Body)
	must(v.t, err)
	v.status, v.path, v.body = r.StatusCode, r.Request.URL.Path, html.UnescapeString(string(raw))
	return v
}

func (v *deskVisitor) open(path string) *deskVisitor {
	v.t.Helper()
	return v.took(v.http.Get(v.base + "/ru" + path))
}

// send posts a form with the proof of the page that is open, by pairs of name and value.
func (v *deskVisitor) send(path string, pairs ...string) *deskVisitor {
	v.t.Helper()
	values := url.Values{"_csrf": {v.find(`name="_csrf" value="([^"]*)"`)}}
	for i := 0; i+1 < len(pairs); i += 2 {
		values.Add(pairs[i], pairs[i+1])
	}
	return v.took(v.http.PostForm(v.base+"/ru"+path, values))
}

func (v *deskVisitor) find(pattern string) string {
	v.t.Helper()
	m := regexp.MustCompile(pattern).FindStringSubmatch(v.body)
	if m == nil {
		v.t.Fatalf("%s (%d) has no %s", v.path, v.status, pattern)
	}
	return m[1]
}

func (v *deskVisitor) mustBe(status int, words ...string) {
	v.t.Helper()
	if v.status != status {
		v.t.Fatalf("%s: %d, not %d", v.path, v.status, status)
	}
	for _, word := range words {
		if !strings.Contains(v.body, word) {
			v.t.Errorf("%s (%d) doesn't say %q", v.path, v.status, word)
		}
	}
}

func (v *deskVisitor) lacks(words ...string) {
	v.t.Helper()
	for _, word := range words {
		if strings.Contains(v.body, word) {
			v.t.Errorf("%s says %q", v.path, word)
		}
	}
}

func (v *deskVisitor) version() string { return v.find(`name="version" value="(\d+)"`) }

// home is the id of the visitor's enterprise.
func (v *deskVisitor) home() string {
	v.t.Helper()
	return v.open("/").find(`/enterprises/(ent_[^/"]+)/desk`)
}

func TestSiteEnterprise(t *testing.T) {
	w := boot(t, embeddedEngine())
	own := w.deskVisitor(t, enterpriseHR)
	id := own.home()
	w.run("only members get in", func(t *testing.T, w *world) { siteEnterpriseDoors(t, w, id) })
	w.run("posting", func(t *testing.T, w *world) { siteEnterprisePosting(t, w, id) })
	w.run("import", func(t *testing.T, w *world) { siteEnterpriseImport(t, w, id) })
	w.run("filings", func(t *testing.T, w *world) { siteEnterpriseFilings(t, w, id) })
	w.run("people", func(t *testing.T, w *world) { siteEnterprisePeople(t, w, id) })
	w.run("profile and verification", siteEnterpriseProfile)
}

// siteEnterprisePages are the pages of an enterprise.
func siteEnterprisePages(id string) []string {
	var out []string
	for _, page := range []string{
		"desk", "placements", "placements/new", "people", "people/rooms", "people/signatories", "people/members", "profile", "import", "import/template.csv",
	} {
		out = append(out, "/enterprises/"+id+"/"+page)
	}
	return out
}

func siteEnterpriseDoors(t *testing.T, w *world, id string) {
	own, other, nobody := w.deskVisitor(t, enterpriseHR), w.deskVisitor(t, enterpriseNew), w.deskVisitor(t, "")
	for _, page := range siteEnterprisePages(id) {
		own.open(page).mustBe(http.StatusOK)
		own.lacks("site.enterprise.")
		other.open(page).mustBe(http.StatusNotFound)
		if nobody.open(page); nobody.path != "/ru/signin" {
			t.Errorf("%s: a stranger comes to %s", page, nobody.path)
		}
	}
	// An interviewer looks but neither posts nor imports.
	interviewer := siteInterviewer(w, own, id)
	interviewer.open("/enterprises/" + id + "/desk").mustBe(http.StatusOK)
	interviewer.open("/enterprises/" + id + "/placements/new").mustBe(http.StatusForbidden)
	interviewer.open("/enterprises/" + id + "/import").mustBe(http.StatusForbidden)
	// Steps are no pages: following their address changes nothing.
	place := own.open("/enterprises/" + id + "/placements?state=published").find(`/placements/(plc_[^/"?]+)/pause`)
	for _, step := range []string{"publish", "pause", "resume", "clone"} {
		own.open("/placements/" + place + "/" + step).mustBe(http.StatusNotFound)
	}
	other.open("/placements/" + place + "/edit").mustBe(http.StatusNotFound)
	other.open("/placements/" + place + "/filings").mustBe(http.StatusNotFound)
	own.open("/placements/"+place+"/edit").mustBe(http.StatusOK, "После публикации не меняется")
	own.open("/placements/" + place + "/filings").mustBe(http.StatusOK)
	own.open("/placements/"+place+"/close").mustBe(http.StatusOK, "Закрыть место навсегда")
	own.open("/enterprises/"+id+"/placements?state=published").mustBe(http.StatusOK, "/placements/"+place+"/pause")
}

// siteInterviewer invites somebody as interviewer and accepts for that person.
func siteInterviewer(w *world, own *deskVisitor, id string) *deskVisitor {
	w.t.Helper()
	const email = "citizen@demo.orynda.kz"
	members := "/enterprises/" + id + "/people/members"
	own.open(members).send(members, "email", email, "role", "interviewer").mustBe(http.StatusOK, email)
	token := ""
	Eventually(w.t, 5*time.Second, "the invitation is mailed", func() bool {
		for _, m := range w.anonymous().Get("/demo/mail?to=" + email).Items("items") {
			if found := regexp.MustCompile(`/invitations/([\w-]+)`).FindStringSubmatch(m.S("text")); found != nil {
				token = found[1]
			}
		}
		return token != ""
	})
	w.as(email).Post("/api/v1/invitations/"+token+"/accept", Doc{})
	return w.deskVisitor(w.t, email)
}

func siteEnterprisePosting(t *testing.T, w *world, id string) {
	v := w.deskVisitor(t, enterpriseHR)
	first := "/enterprises/" + id + "/placements/new"
	// Words that name no trade: what was typed stays, and the nearest are offered.
	v.open(first).send(first, "regime", "r50", "trade", "электромонт", "title.ru", "Ученик у щитов", "do", "next")
	v.mustBe(http.StatusUnprocessableEntity, `value="электромонт"`, `value="Ученик у щитов"`, `name="pick"`)
	pick := v.find(`name="pick" value="([^"]+)"`)
	v.send(first, "regime", "r50", "trade", "электромонт", "pick", pick, "title.ru", "Ученик у щитов", "do", "next").mustBe(http.StatusOK)
	place := "/placements/" + v.find(`(plc_[0-9a-f]+)/edit`)

	// Publishing names every failing rule at once, with its paragraph and the step to mend it in.
	v.send(place+"/publish").mustBe(http.StatusUnprocessableEntity, "Для публикации не хватает", "step=what#f-summary.", "step=when#f-modules", "step=when#f-starts_on",
		"step=where#f-workplaces", "step=where#f-mentor_id", "step=where#f-seats", "step=terms#f-compensation.kind", "приказ №\u00a050, п. 10", "приказ №\u00a050, п. 13-14")

	siteEnterpriseSteps(v, w, place)
	v.open(place+"/edit?step=preview").mustBe(http.StatusOK, "Все требования соблюдены")
	v.lacks("Для публикации не хватает")
	// The page as a student will see it is for the enterprise alone until then.
	v.open(place).mustBe(http.StatusOK, "Ученик у щитов", "Сборка щитов")
	w.deskVisitor(t, "").open(place).mustBe(http.StatusNotFound)
	v.open(place + "/edit?step=preview")
	v.send(place + "/publish")
	// It is found at once by everybody, by its own words.
	Eventually(t, 10*time.Second, "the place is found", func() bool {
		return strings.Contains(w.deskVisitor(t, "").open("/placements?q="+url.QueryEscape("Ученик у щитов")).body, strings.TrimPrefix(place, "/placements/"))
	})
	siteEnterpriseLive(v, place)
}

// siteEnterpriseSteps fills in a draft, with a refusal on the way.
func siteEnterpriseSteps(v *deskVisitor, w *world, place string) {
	v.t.Helper()
	today := w.today()
	when := func(do, hours, enterprise string) {
		v.send(place+"/edit?step=when", "version", v.version(), "apply_by", string(today.Add(20)), "starts_on", string(today.Add(40)), "ends_on", string(today.Add(120)),
			"time_model", "block", "weekly_hours", hours, "modules.0.name.ru", "Монтаж щитов", "modules.0.hours", "100", "modules.0.enterprise_hours", enterprise, "do", do)
	}
	v.open(place + "/edit?step=when")
	when("next", "тридцать", "50")
	v.mustBe(http.StatusUnprocessableEntity, `value="тридцать"`, `value="Монтаж щитов"`, "f-weekly_hours")
	when("recount", "30", "50")
	v.mustBe(http.StatusOK, "Недостаточно", "50\u202f%")
	when("add_module", "30", "50")
	v.mustBe(http.StatusOK, "modules.1.hours")
	when("remove_module.1", "30", "50")
	v.mustBe(http.StatusOK, `value="Монтаж щитов"`)
	v.lacks("modules.1.hours")
	when("next", "30", "70")
	v.mustBe(http.StatusOK, "mentor_id")
	v.send(place+"/edit?step=where", "version", v.version(), "workplaces.0.city", v.find(`<option value="(\d+/[^"]+)" selected`), "workplaces.0.address", "Заводская, 1",
		"workplaces.0.kind", "workplace", "mentor_id", v.find(`<option value="(mnt_[^"]+)"`), "seats", "2", "do", "next").mustBe(http.StatusOK)
	v.send(place+"/edit?step=terms", "version", v.version(), "compensation.kind", "monthly", "compensation.amount", "60 000", "languages", "ru", "do", "next").mustBe(http.StatusOK)
	// A step that somebody else overtook comes back with the difference.
	what := []string{
		"regime", "r50", "trade", v.open(place + "/edit").find(`name="trade"[^>]*value="([^"]+)"`), "title.ru", "Ученик у щитов",
		"summary.ru", "Собираете щиты и тянете кабель в опытной бригаде, учат и платят.", "tasks.ru", "Сборка щитов, прокладка кабеля, измерения.", "do", "next",
	}
	current := v.version()
	v.send(place+"/edit", append(what, "version", "1")...).mustBe(http.StatusUnprocessableEntity, "Тем временем", "Собираете щиты и тянете кабель")
	if v.version() != current {
		v.t.Errorf("the refused form carries version %s, not %s", v.version(), current)
	}
	v.send(place+"/edit", append(what, "version", current)...).mustBe(http.StatusOK)
}

// siteEnterpriseLive changes a public place: first before and after are shown, then it is saved.
func siteEnterpriseLive(v *deskVisitor, place string) {
	v.t.Helper()
	v.open(place + "/edit?step=terms")
	values := []string{"version", v.version(), "compensation.kind", "monthly", "compensation.amount", "75000", "languages", "ru"}
	v.send(place+"/edit?step=terms", append(values, "do", "next")...).mustBe(http.StatusOK, "Что изменится", "75\u202f000", "60\u202f000", "открытых заявок сейчас нет")
	v.open(place+"/edit?step=terms").mustBe(http.StatusOK, `value="60000"`)
	v.send(place+"/edit?step=terms", append(values, "do", "confirm")...).mustBe(http.StatusOK, "75\u202f000")
	v.open(place+"/edit?step=terms").mustBe(http.StatusOK, `value="75000"`)
	v.open(place + "/edit?step=where")
	v.send(place+"/close", "comment", strings.Repeat("а", 501)).mustBe(http.StatusUnprocessableEntity, strings.Repeat("а", 501))
	v.send(place + "/close").mustBe(http.StatusOK)
	v.open(place + "/edit").mustBe(http.StatusConflict)
}
