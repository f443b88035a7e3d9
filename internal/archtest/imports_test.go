package archtest

import (
	"slices"
	"strings"
	"testing"
)

// layer is one step of the order: a folder with what lies in it.
type layer struct{ dir, reason string }

// order is the tree from the top down. A package may import what stands below it, never what stands above; the reason is what is lost otherwise.
func order() []layer {
	return []layer{
		{"cmd/orynda", "the command only starts the program"},
		{"internal/app", "the composition root knows everybody, so nobody may know it: else a part can't be tested or moved without the whole"},
		{"internal/webui", "an edge calls services; a service that knew an edge would answer one audience only"},
		{"internal/httpapi", "an edge calls services; a service that knew an edge would answer one audience only"},
		{"internal/httpd", "the fiber application carries the edges and knows no operation"},
		{"web", "a page shows what the domains hold; a domain that knew its page would have one look only"},
		{"internal/notifications", "messages follow from what happened; nothing that happens may wait for a message"},
		{"internal/agreements", "an agreement is drafted from a match; selection reaches it through a function that app sets"},
		{"internal/interviews", "interviews serve applications; selection reaches them through functions that app sets"},
		{"internal/selection", "applications, offers and matches rest on places; a place knows only how many seats are taken"},
		{"internal/saving", "who saves a search asks for it later; a search knows nobody who saved it"},
		{"internal/asking", "what is asked is noted behind the answer; an answer never waits for its note"},
		{"internal/finding", "both edges ask one search; what fills the index needs none of its words"},
		{"internal/search/golden", "the examiner makes its places as the index does; what it examines may not know it"},
		{"internal/indexing", "the index is made from places; a place that knew the index would fail when it does"},
		{"internal/search", "search is a port over plain documents and knows no store"},
		{"internal/placements", "places rest on the directory; an enterprise knows none of its places"},
		{"internal/directory", "organisations rest on accounts; an account knows no organisation's data"},
		{"internal/accounts", "people come first: every service asks who acts"},
		{"internal/obs", "logs and figures look at the base only"},
		{"internal/audit", "the trail is written by all domains and knows none"},
		{"internal/outbox", "events are carried for all domains and known by none"},
		{"internal/audit/plain", "what keeps personal data out of events and the trail stands below both"},
		{"internal/storage", "the document port knows documents, not what they mean"},
		{"internal/secrets", "keys know nothing of what they seal"},
		{"internal/i18n", "catalogues know languages, not domains"},
		{"internal/search/language", "keys and stems of words know no use of them; names of towns are compared by them too"},
		{"internal/fold", "the search alphabet folds text and knows no use of it"},
		{"internal/cal", "time is below everything that happens in it"},
		{"internal/id", "identifiers mean nothing"},
		{"internal/errs", "the one error type crosses every border, so it stands below all"},
		{"api", "the contract is data"},
	}
}

// aside are packages that only tests and developers run.
func aside() []string {
	return []string{"internal/archtest", "internal/search/beside", "deploy", "docs"}
}

// rank gives the place of a folder in the order, by the longest entry that holds it; -1 when there is none.
func rank(dir string) int {
	best, length := -1, -1
	for i, l := range order() {
		if under(dir, l.dir) && len(l.dir) > length {
			best, length = i, len(l.dir)
		}
	}
	return best
}

// Imports go down only (docs/architecture.md).
func TestImportsGoDown(t *testing.T) {
	layers := order()
	for _, s := range load(t).files {
		if s.test || slices.ContainsFunc(aside(), func(a string) bool { return under(s.dir, a) }) {
			continue
		}
		from := rank(s.dir)
		if from < 0 {
			t.Errorf("%s: %s has no place in the order of packages; give it one in internal/archtest/imports_test.go", s.path, s.dir)
			continue
		}
		for _, path := range s.imports() {
			dir, own := strings.CutPrefix(path, module)
			if !own {
				continue
			}
			switch to := rank(dir); {
			case to < 0:
				t.Errorf("%s imports %s, which has no place in the order of packages", s.path, dir)
			case to < from:
				t.Errorf("%s imports %s, which stands above it: %s", s.path, dir, layers[to].reason)
			}
		}
	}
}

// use says who may import a library, and why nobody else.
type use struct {
	library string // an import path and what lies below it
	by      []string
	reason  string
}

func uses() []use {
	const edge = "*fiber.Ctx and HTTP types stay at the edges: fiber reuses a request's memory, and a rule that reads HTTP answers one audience only"
	const engine = "only app chooses an engine; whoever names one can't run on the other"
	const driver = "what a database can do is the port's to say; a driver's type in a domain would tie its rules to one engine"
	edges := []string{"internal/app", "internal/httpd", "internal/httpapi", "internal/webui"}
	return []use{
		{"github.com/gofiber/fiber", edges, edge},
		{"github.com/valyala/fasthttp", edges, edge},
		{"github.com/oapi-codegen/runtime", []string{"internal/httpapi"}, edge},
		{"github.com/getkin/kin-openapi", []string{"internal/httpapi", "internal/app/apptest"}, "the contract is checked in front of the edge"},
		{"net/http", append(edges, "cmd/orynda", "internal/search/meili", "internal/obs"), edge},
		{"html/template", []string{"internal/httpapi", "internal/webui", "internal/notifications/letter"}, "a page is made at the edge, a mail where mails are made"},
		{"text/template", []string{"internal/agreements/paper"}, "sentences stand in the catalogues; only the paper's wording is a text with blanks"},
		{"github.com/a-h/templ", []string{"internal/webui", "web"}, "a page is made at the edge"},
		{"database/sql", []string{"internal/storage/sqlitedb"}, driver},
		{"modernc.org/sqlite", []string{"internal/storage/sqlitedb"}, driver},
		{"go.mongodb.org/mongo-driver", []string{"internal/storage/mongodb", "internal/storage/storagetest"}, driver},
		{"github.com/meilisearch/meilisearch-go", []string{"internal/search/meili"}, driver},
		{"github.com/blevesearch/bleve", nil, "we are measured beside it, by tests in a module of their own; the program doesn't rest on it"},
		{"github.com/wneessen/go-mail", []string{"internal/notifications/smtpmail"}, "mail leaves through one port, so that tests and the demo can read it"},
		{"net/smtp", nil, "mail leaves through one port, so that tests and the demo can read it"},
		{"codeberg.org/go-pdf/fpdf", []string{"internal/agreements/paper"}, "the paper is data for everybody else, so that its bytes have one origin"},
		{"github.com/golang-jwt/jwt", []string{"internal/accounts"}, "tokens are made and read in one place"},
		{"github.com/go-webauthn", []string{"internal/accounts"}, "passkeys are made and read in one place"},
		{"github.com/prometheus", []string{"internal/obs"}, "figures are counted by the handle that app hands down"},
		{"github.com/nicksnyder/go-i18n", []string{"internal/i18n"}, "sentences are asked from the catalogue, which was loaded at start"},
		{"github.com/google/uuid", []string{"internal/id"}, "identifiers are made in one place"},
		{module + "internal/storage/sqlitedb", []string{"internal/app", "internal/storage/storagetest"}, engine},
		{module + "internal/storage/mongodb", []string{"internal/app", "internal/storage/storagetest"}, engine},
		{module + "internal/search/embedded", []string{"internal/app"}, engine},
		{module + "internal/search/meili", []string{"internal/app"}, engine},
		{module + "internal/notifications/smtpmail", []string{"internal/app"}, engine},
		{module + "internal/notifications/demobox", []string{"internal/app"}, engine},
	}
}

// allowed reports whether a folder may use a library; the library's own folder may.
func (u use) allowed(dir string) bool {
	own, ours := strings.CutPrefix(u.library, module)
	return ours && under(dir, own) || slices.ContainsFunc(u.by, func(by string) bool { return under(dir, by) })
}

// Each library has its place; the rest of the tree doesn't know it.
func TestLibrariesStayInPlace(t *testing.T) {
	for _, s := range load(t).files {
		for _, path := range s.imports() {
			for _, u := range uses() {
				if under(path, u.library) && !s.test && !u.allowed(s.dir) {
					t.Errorf("%s imports %s, which only %s may: %s", s.path, path, users(u.by), u.reason)
				}
			}
		}
	}
}

// A rule that no input can break is none: the tests above must see a wrong import when there is one.
func TestOrderSeesViolations(t *testing.T) {
	for _, c := range []struct {
		from, to string
		down     bool
	}{
		{"internal/agreements", "internal/selection", true},
		{"internal/selection", "internal/agreements", false},
		{"internal/search/embedded", "internal/search", true},
		{"internal/outbox", "internal/audit/plain", true},
		{"internal/outbox", "internal/audit", false},
		{"internal/errs", "internal/id", false},
	} {
		if down := rank(c.to) >= rank(c.from); down != c.down {
			t.Errorf("%s importing %s: allowed is %t, want %t", c.from, c.to, down, c.down)
		}
	}
	if rank("internal/somewhere") != -1 {
		t.Error("an unknown package has a place in the order")
	}
	if (use{library: "github.com/gofiber/fiber", by: []string{"internal/httpd"}}).allowed("internal/placements") {
		t.Error("a domain may use fiber")
	}
}

func users(by []string) string {
	if len(by) == 0 {
		return "nobody"
	}
	return strings.Join(by, ", ")
}
