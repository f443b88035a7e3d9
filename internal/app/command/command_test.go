package command

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/storage"
	"github.com/orynda/orynda/internal/storage/mongodb"
	"github.com/orynda/orynda/internal/storage/sqlitedb"
	"github.com/orynda/orynda/internal/storage/storagetest"
)

func TestMain(m *testing.M) { os.Exit(storagetest.Main(m)) }

// screen is an output that is read while it is written.
type screen struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *screen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// place is a data folder with its settings.
type place struct {
	t       *testing.T
	dir     string
	uri     string
	environ []string
}

// onEngines runs a test with the data in a folder and on a server.
func onEngines(t *testing.T, test func(t *testing.T, p *place)) {
	for _, engine := range storagetest.Engines(t) {
		t.Run(engine.Name, func(t *testing.T) {
			p := newPlace(t)
			if engine.Name == "mongodb" {
				p.uri = storagetest.MongoDBURI(t)
				p.environ = append(p.environ, "ORYNDA_MONGODB_URI="+p.uri, "ORYNDA_SECRETS_FILE="+filepath.Join(p.dir, "keys.json"))
			}
			test(t, p)
		})
	}
}

func newPlace(t *testing.T) *place {
	dir := filepath.Join(t.TempDir(), "data")
	return &place{t: t, dir: dir, environ: []string{"ORYNDA_DATA_DIR=" + dir, "ORYNDA_ADDR=127.0.0.1:0"}}
}

// run carries out one command and gives what it wrote.
func (p *place) run(args ...string) (string, error) {
	var out screen
	err := Run(p.t.Context(), Env{Args: args, Environ: p.environ, Out: &out, Err: &out})
	return out.String(), err
}

func (p *place) want(args ...string) string {
	p.t.Helper()
	out, err := p.run(args...)
	if err != nil {
		p.t.Fatalf("orynda %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return out
}

func (p *place) refused(part string, args ...string) {
	p.t.Helper()
	out, err := p.run(args...)
	if err == nil || !strings.Contains(err.Error(), part) {
		p.t.Errorf("orynda %s: %v, want a refusal that names %q\n%s", strings.Join(args, " "), err, part, out)
	}
}

// serve runs the program until stop is called, and gives its address.
func (p *place) serve() (base string, stop func()) {
	p.t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(p.t.Context()))
	var out, log screen
	ended := make(chan error, 1)
	go func() { ended <- Run(ctx, Env{Args: []string{"serve"}, Environ: p.environ, Out: &out, Err: &log}) }()
	address := regexp.MustCompile(`http://127\.0\.0\.1:\d+`)
	for end := time.Now().Add(30 * time.Second); base == "" && time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		base = address.FindString(out.String())
	}
	var once sync.Once
	stop = func() {
		once.Do(func() {
			cancel()
			if err := <-ended; err != nil {
				p.t.Errorf("serve ended with %v", err)
			}
			if !strings.Contains(out.String(), "the data is kept") {
				p.t.Errorf("serve doesn't say how it ended: %s", out.String())
			}
		})
	}
	p.t.Cleanup(stop)
	if base == "" {
		cancel()
		p.t.Fatalf("serve tells no address: %s %s", out.String(), log.String())
	}
	return base, stop
}

// call sends JSON and gives the status and the answer.
func (p *place) call(method, url, token string, body any) (int, map[string]any) {
	p.t.Helper()
	var payload bytes.Buffer
	if body != nil {
		if err := json.NewEncoder(&payload).Encode(body); err != nil {
			p.t.Fatal(err)
		}
	}
	req, err := http.NewRequestWithContext(p.t.Context(), method, url, &payload)
	if err != nil {
		p.t.Fatal(err)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	var doc map[string]any
	_ = json.NewDecoder(res.Body).Decode(&doc) // 204 has no body
	return res.StatusCode, doc
}

func names() []string {
	return []string{
		"ORYNDA_ADDR", "ORYNDA_DATA_DIR", "ORYNDA_PUBLIC_URL", "ORYNDA_SECRETS_FILE", "ORYNDA_MONGODB_URI", "ORYNDA_MEILISEARCH_URL", "ORYNDA_MEILISEARCH_KEY",
		"ORYNDA_SMTP_URL", "ORYNDA_MAIL_FROM", "ORYNDA_TRUSTED_PROXIES", "ORYNDA_METRICS_ADDR", "ORYNDA_LOG_LEVEL", "OTEL_*",
	}
}

func TestHelpListsEverySetting(t *testing.T) {
	p := newPlace(t)
	for _, args := range [][]string{{"serve", "--help"}, {"demo", "-h"}, {"reindex", "--help"}, {"audit", "verify", "--help"}, {"health", "--help"}} {
		out := p.want(args...)
		for _, name := range names() {
			if !strings.Contains(out, name) {
				t.Errorf("orynda %s doesn't name %s", strings.Join(args, " "), name)
			}
		}
	}
	for _, args := range [][]string{nil, {"help"}, {"--help"}} {
		out := p.want(args...)
		for _, name := range []string{"demo", "serve", "admin create", "reindex", "audit verify", "keys rotate", "health", "version"} {
			if !strings.Contains(out, "orynda "+name) {
				t.Errorf("the overview lacks %s:\n%s", name, out)
			}
		}
	}
	if out := p.want("version"); strings.TrimSpace(out) == "" {
		t.Error("no version")
	}
	if _, err := os.Stat(p.dir); err == nil {
		t.Error("asking for help made a data folder")
	}
}

func TestSettingsAreRefusedByEveryCommand(t *testing.T) {
	for _, c := range []struct{ setting, part string }{
		{"ORYNDA_PORT=80", "ORYNDA_PORT is not a setting of this program"},
		{"ORYNDA_ADDR=8080", "ORYNDA_ADDR must be host:port"},
		{"ORYNDA_MEILISEARCH_KEY=secret-key", "ORYNDA_MEILISEARCH_KEY without ORYNDA_MEILISEARCH_URL"},
		{"ORYNDA_MONGODB_URI=mongodb://127.0.0.1:1/x", "needs ORYNDA_SECRETS_FILE"},
		{"ORYNDA_SMTP_URL=smtp://127.0.0.1:25", "ORYNDA_SMTP_URL needs ORYNDA_MAIL_FROM"},
	} {
		p := newPlace(t)
		p.environ = append(p.environ, c.setting)
		for _, command := range []string{"serve", "demo", "admin create a@b.kz", "reindex", "audit verify", "keys rotate", "health"} {
			p.refused(c.part, strings.Fields(command)...)
		}
		if _, err := os.Stat(p.dir); err == nil {
			t.Errorf("%s: a refused command made a data folder", c.setting)
		}
	}
}

func TestUsage(t *testing.T) {
	p := newPlace(t)
	for command, part := range map[string]string{
		"start": `there is no command "start"`, "admin": "usage: orynda admin create EMAIL", "admin create": "usage:", "admin delete a@b.kz": "usage:",
		"audit": "usage: orynda audit verify", "keys": "usage: orynda keys rotate", "demo --places 0": "--places takes a number", "demo --places many": "many",
		"serve now": `no argument "now"`, "reindex --all": "-all", "audit verify trail": `no argument "trail"`, "keys rotate all": "usage:",
	} {
		p.refused(part, strings.Fields(command)...)
	}
	p.environ[1] = "ORYNDA_ADDR=0.0.0.0:0"
	p.refused("--public allows it", "demo")
}

// From an empty folder: the first administrator's invitation is accepted, the rebuild that was asked for before the start is carried out.
func TestAdminAndReindex(t *testing.T) {
	onEngines(t, func(t *testing.T, p *place) {
		const email = "admin@example.kz"
		out := p.want("admin", "create", email)
		token := regexp.MustCompile(`/invitations/([^/]+)/accept`).FindStringSubmatch(out)
		if token == nil {
			t.Fatalf("no invitation in %q", out)
		}
		request := regexp.MustCompile(`idx_[0-9a-f-]+`)
		left := p.want("reindex")
		again := p.want("reindex")
		if !strings.Contains(left, "the request is left") || !strings.Contains(again, "already asked for") || request.FindString(left) == "" ||
			request.FindString(left) != request.FindString(again) {
			t.Errorf("asked twice: %q, %q", left, again)
		}

		base, stop := p.serve()
		status, doc := p.call("POST", base+"/api/v1/invitations/"+token[1]+"/accept", "", map[string]string{
			"password": "ұзын құпиясөз 7341", "full_name": "Әкімші Бірінші", "locale": "kk",
		})
		if status/100 != 2 {
			t.Fatalf("accept: %d %v", status, doc)
		}
		status, doc = p.call("POST", base+"/api/v1/auth/login", "", map[string]string{"email": email, "password": "ұзын құпиясөз 7341"})
		access, _ := doc["access_token"].(string)
		if status != http.StatusOK || access == "" {
			t.Fatalf("login: %d %v", status, doc)
		}
		state := any(nil)
		for end := time.Now().Add(20 * time.Second); state != "done" && time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
			_, doc = p.call("GET", base+"/api/v1/admin/reindex/"+request.FindString(left), access, nil)
			state = doc["state"]
		}
		if state != "done" {
			t.Errorf("the request of before the start: %v", doc)
		}
		if out := p.want("admin", "create", email); !strings.Contains(out, "is platform administrator now") {
			t.Errorf("of a known account: %q", out)
		}
		stop()
		p.want("audit", "verify")
	})
}

// A trail that somebody changed isn't whole, and the command says so and fails.
func TestAuditVerify(t *testing.T) {
	onEngines(t, func(t *testing.T, p *place) {
		for _, email := range []string{"one@example.kz", "two@example.kz"} {
			p.want("admin", "create", email)
		}
		if out := p.want("audit", "verify"); !strings.Contains(out, "the trail is intact") || strings.Contains(out, "entries 0") {
			t.Errorf("a whole trail: %s", out)
		}
		p.refused("no such file", "audit", "verify", "--seals", filepath.Join(p.dir, "nothing.jsonl"))
		p.dropEntry()
		out, err := p.run("audit", "verify")
		if err == nil || !strings.Contains(err.Error(), "not whole") || !strings.Contains(out, "missing") {
			t.Errorf("an entry was removed: %v\n%s", err, out)
		}
	})
}

// The file of seals is gone although a seal was made: that isn't a trail without seals.
func TestAuditVerifyMissesSeals(t *testing.T) {
	p := newPlace(t)
	p.want("admin", "create", "one@example.kz")
	seals := filepath.Join(p.dir, "audit-seals.jsonl")
	_, stop := p.serve() // its first hourly job is due at once
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if info, err := os.Stat(seals); err == nil && info.Size() > 0 {
			break
		}
	}
	stop()
	if out := p.want("audit", "verify"); !strings.Contains(out, "seals 1") {
		t.Errorf("sealed: %s", out)
	}
	if err := os.Rename(seals, seals+".away"); err != nil {
		t.Fatal(err)
	}
	p.refused("not whole", "audit", "verify")
	if out := p.want("audit", "verify", "--seals", seals+".away"); !strings.Contains(out, "seals 1") {
		t.Errorf("by the file named: %s", out)
	}
}

// entry is any entry of the trail.
type entry struct {
	ID      string `json:"id"`
	Version int64  `json:"version"`
}

// Identity implements storage.Document.
func (e *entry) Identity() (string, *int64) { return e.ID, &e.Version }

// Keys implements storage.Document; none is stored through it.
func (e *entry) Keys() storage.Keys { return nil }

// dropEntry removes one entry behind the program's back.
func (p *place) dropEntry() {
	p.t.Helper()
	ctx := p.t.Context()
	var db storage.Engine
	var err error
	if p.uri != "" {
		db, err = mongodb.Open(ctx, p.uri)
	} else {
		db, err = sqlitedb.Open(ctx, filepath.Join(p.dir, "orynda.db"))
	}
	if err != nil {
		p.t.Fatal(err)
	}
	entries := storage.Open[entry](db, storage.Spec{Name: "audit_entries"})
	first, err := entries.First(ctx, storage.Query{})
	if err == nil {
		err = entries.Delete(ctx, first.ID)
	}
	if err != nil {
		p.t.Fatal(err)
	}
	if err := db.Close(ctx); err != nil {
		p.t.Fatal(err)
	}
}

// A new key is published beside the old one after the next start.
func TestKeysRotate(t *testing.T) {
	p := newPlace(t)
	p.refused("keys.json", "keys", "rotate")
	count := func() int {
		base, stop := p.serve()
		defer stop()
		_, doc := p.call("GET", base+"/api/v1/auth/keys", "", nil)
		list, _ := doc["keys"].([]any)
		return len(list)
	}
	before := count()
	if out := p.want("keys", "rotate"); !strings.Contains(out, "a new key") {
		t.Errorf("%q", out)
	}
	if after := count(); before == 0 || after != before+1 {
		t.Errorf("%d keys before, %d after", before, after)
	}
	info, err := os.Stat(filepath.Join(p.dir, "keys.json"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file of keys: %v, %v", info.Mode(), err)
	}
}

func TestHealth(t *testing.T) {
	p := newPlace(t)
	base, stop := p.serve()
	asked := &place{t: t, dir: p.dir, environ: []string{"ORYNDA_DATA_DIR=" + p.dir, "ORYNDA_ADDR=" + strings.TrimPrefix(base, "http://")}}
	asked.want("health")
	stop()
	asked.refused("doesn't answer", "health")
}
