package apptest

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/app"
	"github.com/orynda/orynda/internal/httpd"
	"github.com/orynda/orynda/internal/outbox"
)

// What stands in front of every operation, and what only an operator sees.
func TestEdge(t *testing.T) {
	w := boot(t, embeddedEngine())
	for _, c := range []struct {
		name string
		run  func(t *testing.T, w *world)
	}{
		{"refusals speak three languages", refusalsSpeak},
		{"versions and entity tags", entityTags},
		{"tokens", tokensAreChecked},
		{"a closed place", closedPlace},
		{"calendars", calendars},
		{"the register as tables", registerTables},
		{"the agreement's document", documentTag},
		{"operations", operatorsView},
		{"a roster as a file", importRoster},
		{"places as a file", importPlaces},
		{"guessing a password", lockOut},
	} {
		w.run(c.name, c.run)
	}
}

// refusalsSpeak provokes one refusal of each kind; each must say in the asked language what happened.
func refusalsSpeak(t *testing.T, w *world) {
	hr, student := w.as(demo("hr@saryarqa-energo")), w.as("student@demo.orynda.kz")
	enterprise := organisationOf(hr, "enterprise")
	place := w.anonymous().Get("/api/v1/placements?per_page=1").Items("items")[0].S("id")
	for _, c := range []struct {
		who          *Client
		method, path string
		body         any
		options      []Option
		status       int
		code, field  string // field: "name code" of one of the errors
	}{
		{w.anonymous(), "GET", "/api/v1/me", nil, nil, 401, "unauthorized", ""},
		{student, "POST", "/api/v1/placements", example(w, "createPlacement"), nil, 404, "not_found", ""},
		{student, "PATCH", "/api/v1/enterprises/" + enterprise, Doc{"address": "Абай, 1"}, nil, 403, "forbidden", ""},
		{w.anonymous(), "GET", "/api/v1/placements/plc_none", nil, nil, 404, "not_found", ""},
		{w.anonymous(), "GET", "/api/v1/nothing", nil, nil, 404, "not_found", ""},
		{w.anonymous(), "DELETE", "/api/v1/placements", nil, nil, 404, "method_not_allowed", ""},
		{w.anonymous(), "GET", "/api/v1/placements?colour=red&page=0", nil, nil, 400, "bad_request", "colour unknown_field"},
		{w.anonymous(), "GET", "/api/v1/placements?near=somewhere", nil, nil, 400, "bad_request", ""},
		{w.anonymous(), "GET", "/api/v1/placements?city=Atlantis", nil, nil, 400, "unknown_city", "city unknown_city"},
		{w.anonymous(), "GET", "/api/v1/placements?sort=distance", nil, nil, 400, "sort_needs_point", ""},
		{w.anonymous(), "POST", "/demo/clock", Doc{"advance": "P500D"}, nil, 400, "bad_request", "advance too_large"},
		{student, "GET", "/api/v1/me/applications?cursor=%21%21", nil, nil, 400, "bad_cursor", ""},
		{hr, "POST", "/api/v1/placements", []byte(`{"seats":`), []Option{Header("Content-Type", "application/json")}, 400, "bad_request", "body bad_json"},
		{hr, "POST", "/api/v1/placements", []byte(`<a/>`), []Option{Header("Content-Type", "text/xml")}, 415, "unsupported_media_type", ""},
		{hr, "POST", "/api/v1/placements", []byte(`{}`), nil, 415, "unsupported_media_type", ""},
		{hr, "POST", "/api/v1/enterprises/" + enterprise + "/mentors", Doc{"full_name": 7, "colour": "red"}, nil, 400, "bad_request", "colour unknown_field"},
		{hr, "PATCH", "/api/v1/enterprises/" + enterprise, Doc{"address": "Абай, 1"}, []Option{Header("If-Match", `"nine"`)}, 400, "bad_request", "If-Match bad_format"},
		{hr, "POST", "/api/v1/enterprises/" + enterprise + "/placements/import", make([]byte, 11<<20), []Option{Header("Content-Type", "text/csv")}, 413, "payload_too_large", ""},
		{hr, "POST", "/api/v1/placements/" + place + "/close", Doc{"reason": "bored"}, nil, 400, "bad_request", "reason unknown_value"},
	} {
		sentences := map[string]bool{}
		for _, lang := range []string{"kk", "ru", "en"} {
			a := c.who.Do(c.method, c.path, c.body, append(c.options, Header("Accept-Language", lang))...)
			detail := a.Doc.S("detail")
			if a.Status != c.status || a.Doc.S("code") != c.code {
				t.Errorf("%s %s: %d %s, want %d %s", c.method, c.path, a.Status, a.Doc.S("code"), c.status, c.code)
				break
			}
			if detail == "" || strings.HasPrefix(detail, "error.") || strings.Contains(detail, "<no value>") || sentences[detail] {
				t.Errorf("%s in %s: %q", c.code, lang, detail)
			}
			sentences[detail] = true
			if a.Header.Get("Content-Language") != lang || a.Header.Get("X-Request-Id") != a.Doc.S("request_id") || a.Doc.S("title") == "" ||
				a.Doc.S("type") != "/problems/"+c.code || int(a.Doc.N("status")) != c.status {
				t.Errorf("%s in %s: %v %v", c.code, lang, a.Header, a.Doc)
			}
			found := c.field == ""
			for _, e := range a.Doc.Items("errors") {
				found = found || e.S("field")+" "+e.S("code") == c.field
				if m := e.S("message"); m == "" || strings.HasPrefix(m, "field.") || strings.HasPrefix(m, "error.") || strings.Contains(m, "<no value>") {
					t.Errorf("%s in %s: the field %s says %q", c.code, lang, e.S("field"), m)
				}
			}
			if !found {
				t.Errorf("%s %s: %v doesn't name %s", c.method, c.path, a.Doc.Items("errors"), c.field)
			}
		}
	}
}

func entityTags(t *testing.T, w *world) {
	hr := w.as(demo("hr@saryarqa-energo"))
	path := "/api/v1/enterprises/" + organisationOf(hr, "enterprise")
	first := hr.Do("GET", path, nil)
	tag := `"` + strconv.Itoa(int(first.Doc.N("version"))) + `"`
	if first.Header.Get("ETag") != tag {
		t.Fatalf("ETag %s, version %v", first.Header.Get("ETag"), first.Doc.N("version"))
	}
	changed := hr.Do("PATCH", path, Doc{"phone": "+77212000042"}, Header("If-Match", tag))
	if changed.Status != 200 || changed.Header.Get("ETag") == tag {
		t.Fatalf("%d %s\n%s", changed.Status, changed.Header.Get("ETag"), changed.Raw)
	}
	stale := hr.Do("PATCH", path, Doc{"phone": "+77212000043"}, Header("If-Match", tag))
	if stale.Status != 412 || stale.Doc.S("code") != "stale_version" || stale.Doc.N("current_version") != changed.Doc.N("version") {
		t.Fatalf("stale: %s", stale.Raw)
	}
	if now := hr.Get(path); now.S("phone") != "+77212000042" {
		t.Fatalf("the stale edit was carried out: %v", now.S("phone"))
	}
	hr.Patch(path, Doc{"phone": "+77212000044"}, Header("If-Match", "*"))
}

func closedPlace(t *testing.T, w *world) {
	c := &chain{t: t, w: w, enterprise: w.as(demo("hr@saryarqa-energo")), college: w.as(demo("college@karaganda"))}
	c.enterpriseID, c.collegeID = organisationOf(c.enterprise, "enterprise"), organisationOf(c.college, "college")
	c.post()
	path := "/api/v1/placements/" + c.placement
	place := w.anonymous().Get(path)
	c.enterprise.Post(path+"/close", Doc{"reason": "withdrawn"})
	gone := w.anonymous().Refused(410, "placement_closed", "GET", path, nil)
	if gone.S("closed_reason") != "withdrawn" || len(gone.Items("similar")) == 0 {
		t.Errorf("gone: %v", gone)
	}
	for _, other := range gone.Items("similar") {
		if other.S("id") == c.placement || other.S("state") != "published" {
			t.Errorf("similar: %v %v", other.S("id"), other.S("state"))
		}
	}
	c.enterprise.Get(path) // the enterprise goes on seeing it
	Eventually(t, 2*time.Second, "the closed place is out of the search", func() bool {
		return len(w.anonymous().Get("/api/v1/placements?q="+url.QueryEscape(place.S("reference"))).Items("items")) == 0
	})
	c.enterprise.Refused(409, "wrong_state", "POST", path+"/publish", nil)
}

func calendars(t *testing.T, w *world) {
	c := &chain{t: t, w: w, applicant: w.as("student3@demo.orynda.kz"), enterprise: w.as(demo("hr@saryarqa-energo")), college: w.as(demo("college@karaganda"))}
	c.enterpriseID, c.collegeID = organisationOf(c.enterprise, "enterprise"), organisationOf(c.college, "college")
	c.post()
	c.apply()
	start := c.book()
	feed := c.applicant.Want(201, "POST", "/api/v1/me/calendar-feed", nil).S("url")
	for path, who := range map[string]*Client{"/api/v1/bookings/" + c.booking + "/calendar.ics": c.applicant, feed[strings.Index(feed, "/api/"):]: w.anonymous()} {
		a := who.Do("GET", path, nil)
		text := string(a.Raw)
		if a.Status != 200 || !strings.HasPrefix(a.Header.Get("Content-Type"), "text/calendar") {
			t.Fatalf("%d %s\n%s", a.Status, a.Header.Get("Content-Type"), text)
		}
		for _, part := range []string{"BEGIN:VCALENDAR\r\n", "UID:" + c.booking + "@", "SEQUENCE:0\r\n", "DTSTART:" + start.UTC().Format("20060102T150405Z"), "END:VCALENDAR\r\n"} {
			if !strings.Contains(text, part) {
				t.Errorf("%q isn't in the calendar:\n%s", part, text)
			}
		}
	}
	c.applicant.Post("/api/v1/bookings/"+c.booking+"/cancel", Doc{"reason": "Экзамен."})
	if text := string(c.applicant.Do("GET", "/api/v1/bookings/"+c.booking+"/calendar.ics", nil).Raw); !strings.Contains(text, "METHOD:CANCEL") || !strings.Contains(text, "SEQUENCE:1") {
		t.Errorf("cancelled:\n%s", text)
	}
	c.applicant.Post("/api/v1/applications/"+c.application+"/withdraw", Doc{})
	c.applicant.Want(201, "POST", "/api/v1/me/calendar-feed", nil)
	w.anonymous().Want(404, "GET", feed[strings.Index(feed, "/api/"):], nil)
}

func registerTables(t *testing.T, w *world) {
	registrar := w.as(demo("chamber@karaganda"))
	path := "/api/v1/chambers/" + organisationOf(registrar, "chamber") + "/register"
	rows := len(registrar.Get(path + "?limit=100").Items("items"))
	if rows == 0 {
		t.Fatal("the demo's register is empty")
	}
	csv := registrar.Do("GET", path+"?format=csv", nil)
	lines := strings.Split(strings.TrimSpace(string(csv.Raw)), "\n")
	if csv.Status != 200 || !strings.HasPrefix(string(csv.Raw), "\xef\xbb\xbf") || len(lines) != rows+1 || !strings.Contains(lines[0], ";") {
		t.Errorf("csv: %d, %d lines for %d rows\n%.300s", csv.Status, len(lines), rows, csv.Raw)
	}
	if !strings.Contains(csv.Header.Get("Content-Disposition"), ".csv") {
		t.Errorf("csv: %v", csv.Header)
	}
	xlsx := registrar.Do("GET", path+"?format=xlsx", nil)
	cells := readSheet(t, xlsx.Raw)
	if xlsx.Status != 200 || len(cells) != rows+1 {
		t.Errorf("xlsx: %d, %d rows, want %d", xlsx.Status, len(cells), rows+1)
	}
}

func documentTag(t *testing.T, w *world) {
	hr := w.as(demo("hr@saryarqa-energo"))
	list := hr.Get("/api/v1/agreements?state=concluded").Items("items")
	if len(list) == 0 {
		t.Fatal("the demo has no concluded agreement")
	}
	path := "/api/v1/agreements/" + list[0].S("id")
	sum := hr.Get(path).S("document_sha256")
	document := hr.Do("GET", path+"/document", nil)
	if document.Status != 200 || document.Header.Get("ETag") != `"`+sum+`"` || !strings.HasPrefix(string(document.Raw), "%PDF") {
		t.Fatalf("%d %v, sum %s", document.Status, document.Header, sum)
	}
	if again := hr.Do("GET", path+"/document", nil, Header("If-None-Match", `"`+sum+`"`)); again.Status != 304 || len(again.Raw) != 0 {
		t.Errorf("known document: %d, %d bytes", again.Status, len(again.Raw))
	}
	if other := hr.Do("GET", path+"/document", nil, Header("If-None-Match", `"00"`)); other.Status != 200 {
		t.Errorf("another document: %d", other.Status)
	}
}

func operatorsView(t *testing.T, w *world) {
	admin, nobody := w.as("admin@demo.orynda.kz"), w.anonymous()
	if nobody.Get("/healthz").S("status") != "ok" || nobody.Get("/readyz").S("status") != "ready" {
		t.Error("the program doesn't say that it is ready")
	}
	if meta := nobody.Get("/api/v1/meta"); meta.at("demo") != true || meta.S("storage") != "sqlite" || meta.S("search_engine") != "embedded" {
		t.Errorf("meta: %v", meta)
	}
	made := admin.Want(201, "POST", "/api/v1/admin/reindex", nil).S("id")
	Eventually(t, 10*time.Second, "the running program rebuilds the index", func() bool {
		return admin.Get("/api/v1/admin/reindex/"+made).S("state") == "done"
	})
	if total := nobody.Get("/api/v1/placements?per_page=1").N("total"); total < demoPlaces/2 {
		t.Errorf("%v places after the rebuild", total)
	}
	admin.Get("/api/v1/admin/outbox?limit=5")
	if dead := admin.Get("/api/v1/admin/dead-letters").Items("items"); len(dead) != 0 {
		t.Errorf("something is dead: %v", dead)
	}
	w.backdoor().bury("test.happened")
	dead := admin.Get("/api/v1/admin/dead-letters?state=dead").Items("items")
	if len(dead) != 1 || dead[0].S("kind") != "test.happened" || dead[0].S("error_code") != "busy" || dead[0].N("attempts") != outbox.MaxAttempts {
		t.Fatalf("dead letters: %v", dead)
	}
	retry := "/api/v1/admin/dead-letters/" + dead[0].S("id") + "/retry"
	if back := admin.Post(retry, nil); back.S("state") != "retried" {
		t.Errorf("retried: %v", back)
	}
	admin.Post(retry, nil) // a repeat changes nothing
	if left := admin.Get("/api/v1/admin/dead-letters?state=dead").Items("items"); len(left) != 0 {
		t.Errorf("still dead: %v", left)
	}
	admin.Refused(404, "not_found", "POST", "/api/v1/admin/dead-letters/dlv_none/retry", nil)
	docs := nobody.Do("GET", "/api/docs", nil)
	if docs.Status != 200 || !strings.Contains(docs.Header.Get("Content-Type"), "text/html") {
		t.Errorf("/api/docs: %d %s", docs.Status, docs.Header.Get("Content-Type"))
	}
}

// lockOut: after ten wrong passwords the right one is refused too.
func lockOut(t *testing.T, w *world) {
	c := w.anonymous()
	email := demo("new@enterprise")
	for i := range 10 {
		a := c.Do("POST", "/api/v1/auth/login", Doc{"email": email, "password": fmt.Sprintf("wrong-password-%d", i)})
		if a.Status != 401 && (i < 9 || a.Status != 429) {
			t.Fatalf("try %d: %d\n%s", i, a.Status, a.Raw)
		}
	}
	a := c.Do("POST", "/api/v1/auth/login", Doc{"email": email, "password": "orynda-demo"})
	if a.Status != 429 || a.Header.Get("Retry-After") == "" {
		t.Fatalf("the right password after ten wrong ones: %d %v\n%s", a.Status, a.Header.Get("Retry-After"), a.Raw)
	}
	w.anonymous().Post("/api/v1/auth/login", Doc{"email": "student@demo.orynda.kz", "password": "orynda-demo"})
}

// What serve has and the demo hasn't, and the other way round; with small limits.
func TestServe(t *testing.T) {
	free, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	metrics := free.Addr().String()
	must(t, free.Close())
	dir := t.TempDir()
	a, err := app.New(t.Context(), app.Config{Addr: "127.0.0.1:0", DataDir: dir, SecretsFile: dir + "/keys.json", PublicURL: "http://127.0.0.1", MetricsAddr: metrics},
		app.Options{Limits: httpd.Limits{SignIn: 5, Codes: 3, Writes: 4}})
	must(t, err)
	must(t, a.Start(t.Context(), nil))
	t.Cleanup(func() { must(t, a.Stop(context.WithoutCancel(t.Context()))) })
	c := &Client{t: t, base: "http://" + a.Addr(), lang: "kk", checker: loadContract(t), http: &http.Client{Timeout: time.Minute}}

	c.Want(404, "GET", "/demo/mail", nil)
	c.Want(404, "GET", "/demo/clock", nil)
	c.Want(404, "POST", "/demo/clock", Doc{"advance": "PT1H"})
	c.Want(404, "GET", "/metrics", nil)
	if c.Get("/api/v1/meta").at("demo") != false {
		t.Error("serve says that it is the demo")
	}
	answer, err := http.Get("http://" + metrics + "/metrics")
	must(t, err)
	must(t, answer.Body.Close())
	if answer.StatusCode != 200 {
		t.Errorf("metrics: %d", answer.StatusCode)
	}
	limited := func(name string, most int, send func() Answer) {
		for i := range most + 1 {
			a := send()
			if i < most && a.Status == 429 {
				t.Errorf("%s: refused at request %d of %d", name, i+1, most)
			}
			if i == most && (a.Status != 429 || a.Doc.S("code") != "rate_limited" || a.Header.Get("Retry-After") == "" || a.Header.Get("Retry-After") == "0") {
				t.Errorf("%s: request %d: %d %v\n%s", name, i+1, a.Status, a.Header.Get("Retry-After"), a.Raw)
			}
		}
	}
	limited("sign-in", 5, func() Answer {
		return c.Do("POST", "/api/v1/auth/login", Doc{"email": "who@example.kz", "password": "no-such-password"})
	})
	asked := 0
	limited("codes", 3, func() Answer {
		asked++
		return c.Do("POST", "/api/v1/auth/resend-code", Doc{"email": fmt.Sprintf("who%d@example.kz", asked)})
	})
	limited("writes", 4, func() Answer { return c.Do("POST", "/api/v1/me/calendar-feed", nil) })
	for range 50 {
		c.Get("/api/v1/placements")
	}
}
