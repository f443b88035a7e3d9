package apptest

import (
	"fmt"
	"html"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	demodata "github.com/orynda/orynda/internal/app/demo"
	"github.com/orynda/orynda/internal/webui"
)

// siteRoutes are the patterns of the site's addresses that answer a method, without language.
func siteRoutes(t *testing.T, method string) []*regexp.Regexp {
	t.Helper()
	all := fiber.New()
	if _, err := webui.Mount(all, webui.Deps{Demo: &webui.Demo{}}); err != nil {
		t.Fatal(err)
	}
	var out []*regexp.Regexp
	for _, r := range all.GetRoutes(true) {
		if path, ok := strings.CutPrefix(r.Path, "/kk"); ok && r.Method == method {
			out = append(out, regexp.MustCompile("^"+regexp.MustCompile(`:\w+`).ReplaceAllString(regexp.QuoteMeta(path), `[^/]+`)+"$"))
		}
	}
	return out
}

func patternOf(routes []*regexp.Regexp, path string) string {
	for _, r := range routes {
		if r.MatchString(path) {
			return r.String()
		}
	}
	return ""
}

// infect makes one trainee's way with markup in every text that somebody may write.
func infect(w *world) *chain {
	c := sitePlace(w, "student@demo.orynda.kz")
	text := Doc{"kk": probe, "ru": probe, "en": probe}
	draft := c.enterprise.Post("/api/v1/placements/"+c.placement+"/clone", nil)
	c.placement = draft.S("id")
	c.enterprise.Patch("/api/v1/placements/"+c.placement, Doc{
		"title": text, "summary": text, "tasks": text, "questions": []string{probe}, "insurance": Doc{"taken": true, "note": probe},
		"modules":    []Doc{{"name": text, "hours": 300, "enterprise_hours": 200}},
		"workplaces": []Doc{{"region": "350000000", "city": "Караганда", "address": probe, "lat": 49.81, "lon": 73.09, "kind": "workplace"}},
	})
	c.enterprise.Post("/api/v1/placements/"+c.placement+"/publish", nil)
	c.application = c.applicant.Want(201, "POST", "/api/v1/placements/"+c.placement+"/applications", Doc{"motivation": probe, "answers": []string{probe}}).S("id")
	start := c.book()
	w.advanceTo(start.Add(40 * time.Minute))
	c.enterprise.Post("/api/v1/bookings/"+c.booking+"/attendance", Doc{"outcome": "attended"})
	c.enterprise.Post("/api/v1/bookings/"+c.booking+"/scorecard", Doc{"criteria": []Doc{{"name": probe, "score": 5}}, "recommendation": "select", "note": probe})
	c.offer()
	c.accept()
	c.completeDraft()
	// What a service refuses in a text is no matter of the pages.
	for _, one := range []struct {
		who  *Client
		path string
		body Doc
	}{
		{c.applicant, "/api/v1/me", Doc{"about": probe}}, {c.applicant, "/api/v1/me", Doc{"address": probe}}, {c.applicant, "/api/v1/me", Doc{"full_name": probe}},
		{c.enterprise, "/api/v1/enterprises/" + c.enterpriseID, Doc{"about": text}}, {c.enterprise, "/api/v1/enterprises/" + c.enterpriseID, Doc{"description": text}},
		{c.enterprise, "/api/v1/enterprises/" + c.enterpriseID, Doc{"address": probe}}, {c.enterprise, "/api/v1/enterprises/" + c.enterpriseID, Doc{"name": probe}},
		{c.college, "/api/v1/colleges/" + c.collegeID, Doc{"address": probe}},
	} {
		one.who.Do("PATCH", one.path, one.body)
	}
	c.enterprise.Do("POST", "/api/v1/enterprises/"+c.enterpriseID+"/mentors", Doc{"full_name": probe, "position": probe, "qualification": probe, "experience_years": 5})
	return c
}

// reading is one person's walk over all pages that links lead to.
type reading struct {
	w        *world
	t        *testing.T
	who      string
	lang     string
	browser  *http.Client
	routes   []*regexp.Regexp
	personal *regexp.Regexp // what no address may hold
	seen     map[string]bool
	turns    map[string]int
	infected map[string]bool // patterns of pages that hold the probe, as text
}

// mostTurns is how many pages of one kind a person reads.
const mostTurns = 3

var (
	tagsOf  = regexp.MustCompile(`<([a-zA-Z][a-zA-Z0-9-]*)((?:\s+[^\s=>"'/]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+))?)*)\s*/?>`)
	leadsTo = regexp.MustCompile(`\s(href|action|src|formaction|data-hx-get|data-hx-post)="([^"]*)"`)
	byEvent = regexp.MustCompile(`(?i)\s(on[a-z]+|style|srcdoc|hx-on[a-z:-]*)\s*=`)
)

func (r *reading) walk(from ...string) {
	for next := from; len(next) > 0; {
		path := next[0]
		next = next[1:]
		own, ok := strings.CutPrefix(path, "/"+r.lang)
		bare, _, _ := strings.Cut(own, "?")
		kind := patternOf(r.routes, bare)
		if !ok || kind == "" || r.seen[path] || r.turns[kind] >= mostTurns || strings.HasPrefix(own, "/demo/mails/") {
			continue
		}
		r.seen[path], r.turns[kind] = true, r.turns[kind]+1
		a := r.w.ask(r.browser, http.MethodGet, path, nil)
		if a.Status >= 300 && a.Status < 400 {
			next = append(next, a.Header.Get("Location"))
			continue
		}
		next = append(next, r.judge(path, kind, a)...)
	}
}

// judge looks one page through and gives the links in it.
func (r *reading) judge(path, kind string, a Answer) (links []string) {
	page := string(a.Raw)
	fail := func(format string, args ...any) { r.t.Errorf("%s, %s: %s", r.who, path, fmt.Sprintf(format, args...)) }
	if a.Status >= 500 {
		fail("status %d", a.Status)
	}
	if r.who != "" && !strings.Contains(a.Header.Get("Content-Type"), "atom") && !strings.Contains(a.Header.Get("Cache-Control"), "no-store") {
		fail("kept as %q", a.Header.Get("Cache-Control"))
	}
	if !strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") {
		return nil
	}
	if got := a.Header.Get("Content-Security-Policy"); got != sitePolicy {
		fail("content policy %q", got)
	}
	if a.Header.Get("X-Content-Type-Options") != "nosniff" || a.Header.Get("Cache-Control") == "" {
		fail("headers %v", a.Header)
	}
	if strings.Contains(html.UnescapeString(page), probe) {
		r.infected[kind] = true
	}
	for _, tag := range tagsOf.FindAllStringSubmatch(page, -1) {
		name, attributes := strings.ToLower(tag[1]), tag[2]
		bare := regexp.MustCompile(`"[^"]*"|'[^']*'`).ReplaceAllString(attributes, `""`)
		switch {
		case byEvent.MatchString(bare):
			fail("an attribute that the policy forbids in %s", tag[0])
		case name == "style", name == "iframe", name == "object", name == "embed", name == "base", name == "b" && strings.Contains(attributes, "color"):
			fail("an element that doesn't belong: %s", tag[0])
		case name == "script" && !strings.Contains(attributes, ` src="/static/`) && strings.TrimSpace(attributes) != `type="application/ld+json"`:
			fail("script in the page: %s", tag[0])
		case name == "form" && strings.Contains(attributes, `method="post"`) && !strings.Contains(attributes, `/demo/`) && !formHasProof(page, tag[0]):
			fail("a form without a proof: %s", tag[0])
		}
		for _, m := range leadsTo.FindAllStringSubmatch(attributes, -1) {
			to := html.UnescapeString(m[2])
			if m[1] != "action" || name != "form" || !strings.Contains(attributes, `method="post"`) {
				links = append(links, to)
			}
			r.judgeAddress(fail, name, to)
		}
	}
	return links
}

func (r *reading) judgeAddress(fail func(format string, args ...any), name, to string) {
	plain, err := url.QueryUnescape(to)
	if err != nil {
		fail("an address that can't be read: %s", to)
	}
	switch lower := strings.ToLower(strings.TrimSpace(plain)); {
	case strings.HasPrefix(lower, "tel:"), strings.HasPrefix(lower, "mailto:"), strings.HasPrefix(lower, "data:image/"):
	case regexp.MustCompile(`^[a-z+.-]+:`).MatchString(lower) && !strings.HasPrefix(lower, "https:") && !strings.HasPrefix(lower, "http:"):
		fail("an address that runs: %s", to)
	case name == "form" && !strings.HasPrefix(to, "/"), !strings.HasPrefix(to, "#") && !strings.HasPrefix(to, "/") && !strings.HasPrefix(to, "?") && !strings.HasPrefix(to, "http"),
		strings.HasPrefix(to, "//"):
		fail("a form or link that leads elsewhere: %s", to)
	case strings.HasPrefix(to, "/") && r.personal.MatchString(plain):
		fail("personal data in the address %s", to)
	}
}

func formHasProof(page, tag string) bool {
	for rest := page; ; {
		_, after, ok := strings.Cut(rest, tag)
		if !ok {
			return true
		}
		form, further, _ := strings.Cut(after, "</form>")
		if !studentProof.MatchString(form) {
			return false
		}
		rest = further
	}
}

// siteReading walks all pages as many people, after markup was written into every text.
func siteReading(t *testing.T, w *world) {
	c := infect(w)
	people := append([]string{""}, demodata.Emails()...)
	starts := func(lang string) []string {
		own := []string{"/", "/start", "/me", "/placements", "/signin", "/register", "/account/verify", "/account/reset", "/account/reset/confirm", "/account/security", "/account/data",
			"/verify", "/notices", "/notices/choices", "/profile", "/signing", "/admin", "/gallery", "/suggest?q=a", "/placements.atom",
			"/placements/" + c.placement, "/applications/" + c.application, "/bookings/" + c.booking, "/agreements/" + c.agreement, "/offers/" + c.offerID,
			"/enterprises/" + c.enterpriseID, "/enterprises/" + c.enterpriseID + "/desk", "/colleges/" + c.collegeID + "/desk", "/placements/" + c.placement + "/edit", "/enterprises/new",
			"/invitations/nobody", "/notices/stop/nobody"}
		for path, steps := range map[string][]string{
			"/applications/" + c.application: {"/withdraw", "/slots", "/slots/" + c.slot, "/offer"},
			"/bookings/" + c.booking:         {"/calendar.ics", "/move", "/cancel", "/scorecard"},
			"/offers/" + c.offerID:           {"/accept", "/decline"},
			"/agreements/" + c.agreement:     {"/complete", "/terminate"},
		} {
			for _, step := range steps {
				own = append(own, path+step)
			}
		}
		for i := range own {
			own[i] = "/" + lang + own[i]
		}
		return own
	}
	words := []string{`\b\d{12}\b`, `@`, `\+7\d`, `\b87\d{9}\b`}
	browsers := map[string]*http.Client{}
	for _, who := range people {
		browsers[who] = w.browserOf(who)
		w.ask(browsers[who], http.MethodGet, "/kk/", nil) // the session's first page is written down
		if who == "" {
			continue
		}
		me := w.as(who).Get("/api/v1/me")
		if surname, _, ok := strings.Cut(me.S("full_name"), " "); ok {
			words = append(words, regexp.QuoteMeta(surname))
		}
	}
	routes, kinds, infected := siteRoutes(t, http.MethodGet), map[string]bool{}, map[string]bool{}
	before := w.settled()
	for i, who := range people {
		r := &reading{
			w: w, t: t, who: who, lang: []string{"kk", "ru", "en"}[i%3], browser: browsers[who], routes: routes, personal: regexp.MustCompile(strings.Join(words, "|")),
			seen: map[string]bool{}, turns: map[string]int{}, infected: infected,
		}
		r.walk(starts(r.lang)...)
		for kind := range r.turns {
			kinds[kind] = true
		}
	}
	after := w.settled()
	for name, sum := range after {
		if before[name] != sum {
			t.Errorf("reading pages changed %s: %s, and before %s", name, sum, before[name])
		}
	}
	var missed []string
	for _, r := range routes {
		if !kinds[r.String()] {
			missed = append(missed, r.String())
		}
	}
	t.Logf("%d kinds of pages read; not reached by links: %v", len(kinds), missed)
	if len(kinds) < 60 {
		t.Errorf("only %d kinds of pages were read", len(kinds))
	}
	if len(infected) < 10 {
		t.Errorf("the probe stands on %v only", slices.Sorted(maps.Keys(infected)))
	}
}
