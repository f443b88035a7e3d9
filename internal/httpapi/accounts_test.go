package httpapi

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/gofiber/fiber/v2"

	"github.com/orynda/orynda/api"
	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/accounts/accountstest"
	"github.com/orynda/orynda/internal/audit"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/httpapi/apigen"
	"github.com/orynda/orynda/internal/httpapi/contract"
	"github.com/orynda/orynda/internal/httpd"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/outbox"
	"github.com/orynda/orynda/internal/secrets"
	"github.com/orynda/orynda/internal/storage"
	"github.com/orynda/orynda/internal/storage/sqlitedb"
)

// rest stands for the operations that a test doesn't reach.
type rest struct{ apigen.StrictServerInterface }

type accountsOnly struct {
	rest
	*AccountsAPI
}

// client calls the accounts' operations over HTTP and checks every answer against the contract.
type client struct {
	t        *testing.T
	app      *fiber.App
	contract *contract.Checker
	service  *accounts.Service
	mu       sync.Mutex
	mails    []outbox.Event
	box      *outbox.Box
	ring     *secrets.Ring
	token    string
}

func newClient(t *testing.T) *client {
	t.Helper()
	ctx := t.Context()
	c := &client{t: t}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	db, err := sqlitedb.Open(ctx, filepath.Join(t.TempDir(), "edge.db"))
	must(err)
	t.Cleanup(func() { _ = db.Close(context.Background()) })
	must(storage.Ensure(ctx, db, append(append(append(accounts.Specs(), outbox.Specs()...), audit.Specs()...), Specs()...)...))
	c.ring, err = secrets.Generate(time.Now())
	must(err)
	log := slog.New(slog.DiscardHandler)
	c.box = outbox.New(db, cal.System(), log)
	c.box.Handle(outbox.Handler{Name: "mails", Types: accounts.Events(), Run: func(_ context.Context, ev outbox.Event) error {
		c.mu.Lock() // several subjects are handled side by side
		defer c.mu.Unlock()
		c.mails = append(c.mails, ev)
		return nil
	}})
	policy, err := accounts.NewPolicy(accounts.Grants())
	must(err)
	c.service = accounts.New(accounts.Deps{
		DB: db, Clock: cal.System(), RealClock: cal.System(), Ring: c.ring, Box: c.box, Trail: audit.New(db, cal.System()), Policy: policy, Log: log,
		Passwords: accounts.PasswordSettings{MemoryKiB: 64, Passes: 1}, PublicURL: "http://127.0.0.1",
	})
	catalogue, err := i18n.Load()
	must(err)
	c.app = httpd.New(httpd.Config{Catalogue: catalogue, Log: log, Authenticate: c.service.Authenticate})
	c.contract, err = contract.Load(ctx, api.OpenAPI())
	must(err)
	Mount(c.app, accountsOnly{AccountsAPI: &AccountsAPI{Accounts: c.service, Catalogue: catalogue}}, Deps{
		Contract: c.contract, Policy: policy, DB: db, Clock: cal.System(), Limits: httpd.NewLimiter(httpd.DefaultLimits()),
	})
	return c
}

// secret drains the outbox and opens the last secret of this name.
func (c *client) secret(name, purpose string) string {
	c.t.Helper()
	if err := c.box.Drain(c.t.Context()); err != nil {
		c.t.Fatal(err)
	}
	sealed := ""
	for _, ev := range c.mails {
		if v, ok := ev.Data[name]; ok {
			sealed = v
		}
	}
	plain, err := accounts.OpenMailSecret(c.ring, purpose, sealed)
	if err != nil {
		c.t.Fatal(err)
	}
	return plain
}

// call sends a request, wants the status, checks the answer against the contract and gives its body.
func (c *client) call(method, path, body string, want int) map[string]any {
	c.t.Helper()
	req, err := http.NewRequestWithContext(c.t.Context(), method, "http://127.0.0.1"+path, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	req.Header.Set("Accept-Language", "ru")
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	res, err := c.app.Test(req, -1)
	if err != nil {
		c.t.Fatal(err)
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	if res.StatusCode != want {
		c.t.Fatalf("%s %s: %d %s, want %d", method, path, res.StatusCode, data, want)
	}
	c.conforms(req, res, data)
	var out map[string]any
	if len(data) > 0 {
		if err := json.Unmarshal(data, &out); err != nil {
			c.t.Fatal(err)
		}
	}
	return out
}

func (c *client) conforms(req *http.Request, res *http.Response, data []byte) {
	c.t.Helper()
	op, found := c.contract.Find(req.Method, req.URL.Path)
	if !found || op.Route == nil {
		c.t.Fatalf("%s %s isn't in the contract", req.Method, req.URL.Path)
	}
	err := openapi3filter.ValidateResponse(c.t.Context(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: req, Route: op.Route},
		Status:                 res.StatusCode, Header: res.Header, Body: io.NopCloser(bytes.NewReader(data)),
	})
	if err != nil {
		c.t.Errorf("%s %s: the answer breaks the contract: %v", req.Method, req.URL.Path, err)
	}
}

func (c *client) refused(method, path, body string, status int, code string) {
	c.t.Helper()
	got := c.call(method, path, body, status)
	detail, _ := got["detail"].(string)
	if got["code"] != code || detail == "" || strings.HasPrefix(detail, "error.") {
		c.t.Errorf("%s %s: %v, want %s", method, path, got, code)
	}
}

func (c *client) signIn(email, password string) (refresh string) {
	c.t.Helper()
	c.token = ""
	pair := c.call("POST", "/api/v1/auth/login", `{"email":"`+email+`","password":"`+password+`","device":"Firefox"}`, 200)
	c.token, _ = pair["access_token"].(string)
	refresh, _ = pair["refresh_token"].(string)
	return refresh
}

func TestAccountsFromRegistrationToDeletion(t *testing.T) {
	c := newClient(t)
	const email, password, fresh = "aibek@example.kz", "zhusan-dala-2026", "Tobyl-ozeni-boiynda-7"
	c.call("POST", "/api/v1/auth/register", `{"email":"`+email+`","password":"`+password+`","full_name":"Сейітов Айбек","role":"student","locale":"kk"}`, 202)
	c.refused("POST", "/api/v1/auth/register", `{"email":"b@example.kz","password":"password1","full_name":"Айбек","role":"student","locale":"kk"}`, 422, "password_weak")
	c.refused("POST", "/api/v1/auth/verify-email", `{"email":"x@example.kz","code":"000000"}`, 422, "code_invalid")
	c.refused("POST", "/api/v1/auth/resend-code", `{"email":"`+email+`"}`, 429, "rate_limited")
	c.signIn(email, password)
	c.refused("DELETE", "/api/v1/me", "", 403, "email_unverified")
	code := c.secret("sealed_code", accounts.MailCode)
	c.call("POST", "/api/v1/auth/verify-email", `{"email":"`+email+`","code":"`+code+`"}`, 200)
	me := c.call("PATCH", "/api/v1/me", `{"profile":{"iin":"080515500017","birth_date":"2008-05-15","phone":"8 701 000 00 17","languages":["kk"]}}`, 200)
	if profile := me["profile"].(map[string]any); profile["birth_date"] != "2008-05-15" || profile["phone"] != "+77010000017" || me["state"] != "active" {
		t.Errorf("%v", me)
	}
	c.refused("PATCH", "/api/v1/me", `{"profile":{"iin":"080515500018"}}`, 422, "validation_failed")
	c.call("GET", "/api/v1/me", "", 200)
	c.call("GET", "/api/v1/me/export", "", 200)
	c.call("GET", "/api/v1/auth/keys", "", 200)
	refresh := c.signIn(email, password)
	second := c.call("POST", "/api/v1/auth/refresh", `{"refresh_token":"`+refresh+`"}`, 200)
	c.refused("POST", "/api/v1/auth/refresh", `{"refresh_token":"rt_4mVQ0n0dJm1l8o3R2tq9sXb7yKfWcEhZ"}`, 401, "token_invalid")
	list := c.call("GET", "/api/v1/me/sessions?limit=1", "", 200)
	if list["next_cursor"] == nil || list["items"].([]any)[0].(map[string]any)["current"] != true {
		t.Errorf("%v", list)
	}
	c.refused("DELETE", "/api/v1/me/sessions/ses_unknown", "", 404, "not_found")
	c.call("POST", "/api/v1/auth/password", `{"current_password":"`+password+`","password":"`+fresh+`"}`, 204)
	c.refused("POST", "/api/v1/auth/password", `{"current_password":"`+password+`","password":"`+fresh+`"}`, 422, "current_password_wrong")
	c.call("POST", "/api/v1/auth/logout", "", 204)
	c.refused("GET", "/api/v1/me", "", 401, "unauthorized")
	c.token = ""
	c.refused("POST", "/api/v1/auth/refresh", `{"refresh_token":"`+second["refresh_token"].(string)+`"}`, 401, "token_invalid")
	c.refused("POST", "/api/v1/auth/login", `{"email":"`+email+`","password":"`+password+`"}`, 401, "invalid_credentials")
	c.call("POST", "/api/v1/auth/password-reset", `{"email":"`+email+`"}`, 202)
	code = c.secret("sealed_code", accounts.MailCode)
	c.call("POST", "/api/v1/auth/password-reset/confirm", `{"email":"`+email+`","code":"`+code+`","password":"`+password+`"}`, 204)
	c.signIn(email, password)
	preview := c.call("GET", "/api/v1/me/deletion", "", 200)
	if kept := preview["kept"].([]any); len(kept) != len(accounts.Retained()) || strings.HasPrefix(kept[0].(map[string]any)["detail"].(string), "retained.") {
		t.Errorf("%v", preview)
	}
	c.call("DELETE", "/api/v1/me", "", 204)
	c.refused("GET", "/api/v1/me", "", 401, "unauthorized")
}

func TestPasskeys(t *testing.T) {
	c := newClient(t)
	const email, password = "aibek@example.kz", "zhusan-dala-2026"
	hash, err := c.service.HashPassword(t.Context(), password)
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.service.ImportPerson(t.Context(), accounts.NewPerson{
		Email: email, FullName: "Сейітов Айбек", Role: accounts.AsStudent, Locale: i18n.KK, PasswordHash: hash, EmailProved: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	phone := &accountstest.Authenticator{Origin: "http://localhost", Synced: true}
	answer := func(to map[string]any, give func(json.RawMessage) (json.RawMessage, error)) string {
		public, err := json.Marshal(to["public_key"])
		if err != nil {
			t.Fatal(err)
		}
		credential, err := give(public)
		if err != nil {
			t.Fatal(err)
		}
		return string(credential)
	}
	const keys, begin, finish = "/api/v1/me/passkeys", "/api/v1/auth/passkey/begin", "/api/v1/auth/passkey/finish"
	c.refused("POST", keys+"/begin", "", 401, "unauthorized")
	c.signIn(email, password)
	made := `{"name":"Телефон","credential":` + answer(c.call("POST", keys+"/begin", "", 200), phone.Create) + `}`
	k := c.call("POST", keys, made, 201)
	if k["name"] != "Телефон" || k["state"] != "active" || k["synced"] != true || k["last_used_at"] != nil {
		t.Errorf("%v", k)
	}
	c.refused("POST", keys, made, 422, "passkey_expired")
	c.refused("POST", keys, `{"name":"x","credential":{}}`, 422, "passkey_refused")
	c.token = ""
	proof := `{"credential":` + answer(c.call("POST", begin, "", 200), phone.Get) + `,"device":"Chrome, Android"}`
	pair := c.call("POST", finish, proof, 200)
	c.refused("POST", finish, proof, 422, "passkey_expired")
	c.refused("POST", finish, `{"credential":{"id":"x"}}`, 401, "passkey_refused")
	c.token, _ = pair["access_token"].(string)
	list := c.call("GET", keys, "", 200)["items"].([]any)
	if len(list) != 1 || list[0].(map[string]any)["last_used_at"] == nil {
		t.Errorf("%v", list)
	}
	c.refused("DELETE", keys+"/psk_unknown", "", 404, "not_found")
	c.call("DELETE", keys+"/"+k["id"].(string), "", 204)
	c.token = ""
	proof = `{"credential":` + answer(c.call("POST", begin, "", 200), phone.Get) + `}`
	c.refused("POST", finish, proof, 401, "passkey_refused")
}

func TestInvitationsAndMembers(t *testing.T) {
	c := newClient(t)
	hash, err := c.service.HashPassword(t.Context(), "zhusan-dala-2026")
	if err != nil {
		t.Fatal(err)
	}
	p, err := c.service.ImportPerson(t.Context(), accounts.NewPerson{
		Email: "hr@example.kz", FullName: "Ли Виктория", Role: accounts.AsEnterprise, Locale: i18n.RU, PasswordHash: hash, EmailProved: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.service.AddMembership(t.Context(), p.ID, "ent_1", accounts.KindEnterprise, accounts.RoleAdmin); err != nil {
		t.Fatal(err)
	}
	const list = "/api/v1/organisations/ent_1/invitations"
	c.refused("GET", list, "", 401, "unauthorized")
	c.signIn("hr@example.kz", "zhusan-dala-2026")
	sent := c.call("POST", list, `{"email":"d@example.kz","role":"interviewer"}`, 201)
	c.refused("POST", list, `{"email":"d@example.kz","role":"registrar"}`, 422, "role_not_offered")
	c.call("GET", list, "", 200)
	path := "/api/v1/invitations/" + c.secret("sealed_token", accounts.MailToken)
	admin := c.token
	c.refused("POST", path+"/accept", "", 403, "invitation_other_address")
	c.token = ""
	c.call("GET", path, "", 200)
	c.refused("GET", "/api/v1/invitations/AAAAAAAAAAAAAAAAAAAA", "", 404, "not_found")
	c.refused("POST", path+"/accept", "", 422, "account_needed")
	done := c.call("POST", path+"/accept", `{"password":"Kostanay-keshki-shai-5","full_name":"Ахметов Данияр","locale":"ru"}`, 200)
	c.signIn("d@example.kz", "Kostanay-keshki-shai-5")
	members := c.call("GET", "/api/v1/organisations/ent_1/members", "", 200)
	if items := members["items"].([]any); len(items) != 2 || items[0].(map[string]any)["email"] != nil {
		t.Errorf("%v", members)
	}
	c.refused("POST", list, `{"email":"e@example.kz","role":"hr"}`, 403, "forbidden")
	c.token = admin
	c.refused("DELETE", list+"/"+sent["id"].(string), "", 409, "invitation_used")
	c.call("DELETE", "/api/v1/organisations/ent_1/members/"+done["person_id"].(string)+"?role=interviewer", "", 204)
	c.refused("DELETE", "/api/v1/organisations/ent_1/members/"+p.ID, "", 409, "last_admin")
	again := c.call("POST", list, `{"email":"f@example.kz","role":"hr"}`, 201)
	c.call("DELETE", list+"/"+again["id"].(string), "", 204)
	c.token = ""
	c.refused("POST", "/api/v1/invitations/"+c.secret("sealed_token", accounts.MailToken)+"/accept", "", 410, "invitation_expired")
}
