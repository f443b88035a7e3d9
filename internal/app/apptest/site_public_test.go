package apptest

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"image/png"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// The pages for everybody, each in the three languages.
func TestPublicPages(t *testing.T) {
	w := boot(t, embeddedEngine())
	any := w.anonymous()
	found := any.Get("/api/v1/placements?per_page=1").Items("items")[0]
	place, enterprise := "/placements/"+found.S("id"), "/enterprises/"+found.S("enterprise.id")
	college := w.as("college@karaganda.demo.orynda.kz").Get("/api/v1/me").Items("memberships")[0].S("organisation.id")
	chamber := w.as("chamber@karaganda.demo.orynda.kz").Get("/api/v1/me").Items("memberships")[0].S("organisation.id")

	w.run("each answers in three languages", func(t *testing.T, w *world) {
		for _, path := range []string{
			"/", "/placements", "/placements?q=%D1%8D%D0%BB%D0%B5%D0%BA%D1%82%D1%80&page=2", place, enterprise, "/colleges/" + college, "/chambers/" + chamber,
			"/about", "/about/students", "/about/organisations", "/verify",
		} {
			for _, lang := range []string{"kk", "ru", "en"} {
				page := w.page(http.StatusOK, "/"+lang+path)
				if !strings.Contains(page, `<html lang="`+lang+`"`) || strings.Count(page, "<h1") != 1 || strings.Contains(page, "site.public.") {
					t.Errorf("/%s%s: no page in its language with one heading, or a sentence is missing", lang, path)
				}
			}
			answer := w.raw(path)
			if answer.StatusCode != http.StatusFound || !regexp.MustCompile(`^/(kk|ru|en)`+regexp.QuoteMeta(path)+"$").MatchString(answer.Header.Get("Location")) {
				t.Errorf("%s without a language: %d to %q", path, answer.StatusCode, answer.Header.Get("Location"))
			}
		}
		w.page(http.StatusNotFound, "/kk/placements/plc_nowhere")
		w.page(http.StatusNotFound, "/kk/enterprises/ent_nowhere")
	})
	w.run("a home page leads to regions and trades", func(t *testing.T, w *world) {
		page := w.page(http.StatusOK, "/kk/")
		if n := strings.Count(page, "/kk/placements?region="); n != 20 {
			t.Errorf("%d regions on the map", n)
		}
		if !strings.Contains(page, "/kk/placements?specialty=") {
			t.Error("no trade beside the map")
		}
	})
	w.run("results", resultsHold)
	w.run("a place says itself to machines", func(t *testing.T, w *world) { placeForMachines(t, w, place) })
	w.run("feeds and maps", func(t *testing.T, w *world) { feedsAreXML(t, w, place) })
	w.run("a draft and a closed place", func(t *testing.T, w *world) { hiddenPlaces(t, w) })
	w.run("an agreement is checked by its code", codeIsChecked)
}

// page reads a page as a stranger.
func (w *world) page(status int, path string, options ...Option) string {
	w.t.Helper()
	a := w.anonymous().Do(http.MethodGet, path, nil, options...)
	if a.Status != status {
		w.t.Fatalf("%s: status %d, want %d\n%s", path, a.Status, status, a.Raw)
	}
	return string(a.Raw)
}

// raw reads an address without following where it leads.
func (w *world) raw(path string) *http.Response {
	w.t.Helper()
	c := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := c.Get(w.base + path)
	if err != nil {
		w.t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		w.t.Fatal(err)
	}
	must(w.t, res.Body.Close())
	return res
}

func resultsHold(t *testing.T, w *world) {
	page := w.page(http.StatusOK, "/ru/placements?region=350000000&paid=true&level=worker&city=&sort=compensation")
	for _, name := range []string{`name="region" value="350000000"`, `name="paid" value="true"`, `name="level" value="worker"`} {
		if !regexp.MustCompile(regexp.QuoteMeta(name) + `[^>]*checked`).MatchString(page) {
			t.Errorf("%s isn't chosen", name)
		}
	}
	chips := regexp.MustCompile(`class="chip" href="([^"]+)"`).FindAllStringSubmatch(page, -1)
	if len(chips) != 3 {
		t.Fatalf("%d removable filters, want 3", len(chips))
	}
	u, err := url.Parse(strings.ReplaceAll(chips[0][1], "&amp;", "&"))
	must(t, err)
	if q := u.Query(); q.Has("region") || q.Get("paid") != "true" || q.Get("level") != "worker" || q.Get("sort") != "compensation" || q.Has("city") {
		t.Errorf("the address without the region is %s", u)
	}
	if next := regexp.MustCompile(`rel="next" href="([^"]+)"`).FindStringSubmatch(w.page(http.StatusOK, "/kk/placements?time_model=block&full=include")); next == nil ||
		!strings.Contains(next[1], "time_model=block") || !strings.Contains(next[1], "page=2") {
		t.Errorf("the next page is %q", next)
	}

	part := w.page(http.StatusOK, "/kk/placements?q=%D1%8D%D0%BB%D0%B5%D0%BA%D1%82%D1%80", Header("HX-Request", "true"))
	if strings.Contains(part, "<html") || !strings.Contains(part, `id="results"`) || !strings.Contains(part, `id="facets"`) {
		t.Error("the part that changes isn't the part")
	}
	if whole := w.page(http.StatusOK, "/kk/placements", Header("HX-Request", "true"), Header("HX-History-Restore-Request", "true")); !strings.Contains(whole, "<html") {
		t.Error("going back gives a part for the whole")
	}

	probe := w.page(http.StatusOK, "/kk/placements?q="+url.QueryEscape(`"><script>alert(1)</script><img src=x onerror=alert(1)>`))
	if strings.Contains(probe, "<script>alert") || strings.Contains(probe, "<img src=x") {
		t.Error("what was asked stands in the page as markup")
	}
	if hints := w.page(http.StatusOK, "/kk/suggest?q="+url.QueryEscape(`<script>alert(1)</script>`)); strings.Contains(hints, "<script") {
		t.Error("what was typed stands in the completions as markup")
	}

	unknown := w.page(http.StatusUnprocessableEntity, "/ru/placements?city=%D0%90%D1%82%D0%BB%D0%B0%D0%BD%D1%82%D0%B8%D0%B4%D0%B0")
	if !strings.Contains(unknown, "Такого города нет") || !strings.Contains(unknown, `value="Атлантида"`) {
		t.Error("an unknown town isn't said, or isn't kept")
	}
	empty := w.page(http.StatusOK, "/ru/placements?region=350000000&programme=6B999")
	if !strings.Contains(empty, "Убрать: ") || !strings.Contains(empty, "Найдено 0 мест") {
		t.Error("an empty answer doesn't say what to take away")
	}
}

func placeForMachines(t *testing.T, w *world, place string) {
	page := w.page(http.StatusOK, "/ru"+place)
	found := regexp.MustCompile(`(?s)<script type="application/ld\+json">(.*?)</script>`).FindStringSubmatch(page)
	if found == nil {
		t.Fatal("no structured data")
	}
	var job Doc
	must(t, json.Unmarshal([]byte(found[1]), &job))
	for _, field := range []string{"title", "description", "datePosted", "validThrough", "employmentType", "hiringOrganization.name", "identifier.value"} {
		if job.S(field) == "" {
			t.Errorf("structured data without %s", field)
		}
	}
	at := job.Items("jobLocation")
	if job.S("@type") != "JobPosting" || len(at) == 0 || at[0].S("address.addressCountry") != "KZ" || at[0].S("address.addressLocality") == "" {
		t.Errorf("structured data: %v", job)
	}
	picture := regexp.MustCompile(`property="og:image" content="[^"]*?(/placements/[^"]+)"`).FindStringSubmatch(page)
	if picture == nil {
		t.Fatal("no picture")
	}
	a := w.anonymous().Do(http.MethodGet, picture[1], nil)
	img, err := png.Decode(bytes.NewReader(a.Raw))
	must(t, err)
	if b := img.Bounds(); b.Dx() != 1200 || b.Dy() != 630 || a.Header.Get("Cache-Control") == "" {
		t.Errorf("the picture is %v, kept %q", b, a.Header.Get("Cache-Control"))
	}
}

func feedsAreXML(t *testing.T, w *world, place string) {
	wellFormed := func(text string) {
		t.Helper()
		d := xml.NewDecoder(strings.NewReader(text))
		for {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				return
			} else if err != nil {
				t.Fatalf("%v in %.200s", err, text)
			}
		}
	}
	siteMap := w.page(http.StatusOK, "/sitemap.xml")
	wellFormed(siteMap)
	for _, lang := range []string{"kk", "ru", "en"} {
		if !strings.Contains(siteMap, "<loc>http://127.0.0.1/"+lang+place+"</loc>") {
			t.Errorf("the map has no %s", lang+place)
		}
	}
	w.page(http.StatusNotFound, "/sitemap/99.xml")
	robots := w.page(http.StatusOK, "/robots.txt")
	if !strings.Contains(robots, "Disallow: /kk/me\n") || !strings.Contains(robots, "Sitemap: http") || strings.Contains(robots, "Disallow: /kk/placements\n") {
		t.Errorf("robots: %s", robots)
	}
	atom := w.page(http.StatusOK, "/ru/placements.atom?q=%D1%8D%D0%BB%D0%B5%D0%BA%D1%82%D1%80&paid=true")
	wellFormed(atom)
	if !strings.Contains(atom, "<entry>") || !strings.Contains(atom, "paid=true") {
		t.Errorf("the feed: %.400s", atom)
	}
	feedIsStable(t, w, atom)
}

// feedIsStable: a feed changed when its latest entry did; an empty one doesn't change with each look, and the page of the question names its feed.
func feedIsStable(t *testing.T, w *world, atom string) {
	times := regexp.MustCompile(`<updated>([^<]+)</updated>`).FindAllStringSubmatch(atom, -1)
	latest := ""
	for _, one := range times[1:] {
		latest = max(latest, one[1])
	}
	if times[0][1] != latest {
		t.Errorf("the feed is of %s, its latest entry of %s", times[0][1], latest)
	}
	const empty = "/kk/placements.atom?q=zzzzzz"
	if a, b := w.page(http.StatusOK, empty), w.page(http.StatusOK, empty); a != b || !strings.Contains(a, `xml:lang="kk"`) && !strings.Contains(a, `lang="kk"`) {
		t.Errorf("an empty feed: %s\n%s", a, b)
	}
	page := w.page(http.StatusOK, "/kk/placements?q=zzzzzz&paid=true&sort=newest&whole=region")
	if !strings.Contains(page, `<link rel="alternate" type="application/atom+xml" href="/kk/placements.atom?paid=true&amp;q=zzzzzz"`) {
		t.Error("the page of a question doesn't name its feed")
	}
}

// hiddenPlaces: a draft is nobody's but its enterprise's; a closed place is gone, and still open to its parties.
func hiddenPlaces(t *testing.T, w *world) {
	hr := w.as("hr@saryarqa-energo.demo.orynda.kz")
	enterprise := hr.Get("/api/v1/me").Items("memberships")[0].S("organisation.id")
	own := hr.Get("/api/v1/enterprises/" + enterprise + "/placements?state=published").Items("items")[0]
	draft := hr.Post("/api/v1/placements/"+own.S("id")+"/clone", nil).S("id")
	w.page(http.StatusNotFound, "/kk/placements/"+draft)
	w.page(http.StatusNotFound, "/placements/"+draft+"/card.png")
	hr.Post("/api/v1/placements/"+own.S("id")+"/close", Doc{"reason": "withdrawn"})
	gone := w.page(http.StatusGone, "/kk/placements/"+own.S("id"))
	if !strings.Contains(gone, own.S("reference")) || strings.Contains(gone, "JobPosting") || !strings.Contains(gone, `content="noindex"`) {
		t.Error("a closed place isn't said to be gone")
	}
}

// codeIsChecked: what the paper's address shows, without a language too, and nothing of the persons.
func codeIsChecked(t *testing.T, w *world) {
	college := w.as("college@karaganda.demo.orynda.kz")
	var one Doc
	for _, a := range college.Get("/api/v1/agreements?limit=100").Items("items") {
		if s := a.S("state"); s == "registered" || s == "concluded" {
			one = college.Get("/api/v1/agreements/" + a.S("id"))
		}
	}
	code := one.S("verification_code")
	if code == "" {
		t.Fatal("the demo has no concluded agreement")
	}
	if res := w.raw("/verify/" + url.PathEscape(code)); res.StatusCode != http.StatusFound || !strings.HasSuffix(res.Header.Get("Location"), "/verify/"+url.PathEscape(code)) {
		t.Errorf("the paper's address leads to %q", res.Header.Get("Location"))
	}
	seen := w.anonymous().Get("/api/v1/verify/" + url.PathEscape(code))
	hash := seen.S("document_sha256")
	page := w.page(http.StatusOK, "/ru/verify/"+url.PathEscape(strings.ToLower(code)))
	if !strings.Contains(page, hash) || !strings.Contains(page, one.S("number")) || !strings.Contains(page, "действителен") {
		t.Error("the check doesn't show hash, number and that it is valid")
	}
	for _, personal := range []string{one.S("student_name"), one.S("student.full_name"), one.S("mentor_name")} {
		if personal != "" && strings.Contains(page, personal) {
			t.Errorf("the check shows %s", personal)
		}
	}
	if same := w.page(http.StatusOK, "/ru/verify/"+url.PathEscape(code)+"?document_sha256="+hash); !strings.Contains(same, "Файл совпадает") {
		t.Error("the right file isn't recognised")
	}
	if other := w.page(http.StatusOK, "/ru/verify/"+url.PathEscape(code)+"?document_sha256="+strings.Repeat("0", 64)); !strings.Contains(other, "не подписанный файл") {
		t.Error("another file passes")
	}
	w.page(http.StatusNotFound, "/kk/verify/NOSUCHCODE")
	if res := w.raw("/kk/verify?code=" + url.QueryEscape(code)); res.StatusCode != http.StatusSeeOther {
		t.Errorf("the field leads nowhere: %d", res.StatusCode)
	}
}
