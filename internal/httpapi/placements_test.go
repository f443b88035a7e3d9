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
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/gofiber/fiber/v2"

	"github.com/orynda/orynda/api"
	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/audit"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/httpapi/contract"
	"github.com/orynda/orynda/internal/httpd"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/outbox"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/storage"
	"github.com/orynda/orynda/internal/storage/sqlitedb"
)

type placementsOnly struct {
	rest
	*PlacementsAPI
}

// placeDirectory knows one enterprise, its mentor, a college and a chamber.
type placeDirectory struct{}

func (placeDirectory) Enterprise(_ context.Context, id string) (*directory.Enterprise, error) {
	if id != "ent_1" {
		return nil, errs.Missing("enterprise")
	}
	return &directory.Enterprise{ID: id, State: directory.EnterpriseVerified, BIN: "200140000014", Name: "ТОО «Сарыарқа Энерго» (демо)"}, nil
}

func (d placeDirectory) Enterprises(ctx context.Context, ids ...string) (map[string]*directory.Enterprise, error) {
	out := map[string]*directory.Enterprise{}
	for _, id := range ids {
		if e, err := d.Enterprise(ctx, id); err == nil {
			out[id] = e
		}
	}
	return out, nil
}

func (d placeDirectory) Mentors(ctx context.Context, ids ...string) (map[string]*directory.Mentor, error) {
	out := map[string]*directory.Mentor{}
	for _, id := range ids {
		if m, err := d.Mentor(ctx, id); err == nil {
			out[id] = m
		}
	}
	return out, nil
}

func (placeDirectory) College(_ context.Context, id string) (*directory.College, error) {
	if id != "col_1" {
		return nil, errs.Missing("college")
	}
	return &directory.College{ID: id, Kind: directory.TVET, Name: "Политехнический колледж (демо)"}, nil
}

func (placeDirectory) Chamber(_ context.Context, id string) (*directory.Chamber, error) {
	if id != "chm_1" {
		return nil, errs.Missing("chamber")
	}
	return &directory.Chamber{ID: id, Region: "350000000"}, nil
}

func (d placeDirectory) ChamberOf(ctx context.Context, region string) (*directory.Chamber, error) {
	if region != "350000000" {
		return nil, errs.Missing("chamber")
	}
	return d.Chamber(ctx, "chm_1")
}

func (placeDirectory) Mentor(_ context.Context, id string) (*directory.Mentor, error) {
	names := map[string]string{"mnt_1": "Ерлан Сапарұлы", "mnt_2": "Асель Нұрланқызы"}
	if names[id] == "" {
		return nil, errs.Missing("mentor")
	}
	return &directory.Mentor{ID: id, EnterpriseID: "ent_1", FullName: names[id]}, nil
}

// placesClient calls the operations of places over HTTP as a member of its choice, and checks every answer against the contract.
type placesClient struct {
	t        *testing.T
	app      *fiber.App
	contract *contract.Checker
	as       string // hr | registrar | stranger | "" for nobody
	lang     string
}

// tokens stand for people.
func authenticate(_ context.Context, token string) (accounts.Actor, error) {
	member := func(kind accounts.OrgKind, org string, role accounts.OrgRole) accounts.Actor {
		return accounts.Actor{PersonID: "psn_" + token, EmailProved: true, Memberships: []accounts.Membership{{OrganisationID: org, Kind: kind, Role: role}}}
	}
	switch token {
	case "hr":
		return member(accounts.KindEnterprise, "ent_1", accounts.RoleHR), nil
	case "registrar":
		return member(accounts.KindChamber, "chm_1", accounts.RoleRegistrar), nil
	case "stranger":
		return accounts.Actor{PersonID: "psn_stranger", EmailProved: true}, nil
	}
	return accounts.Actor{}, errs.New(errs.Unauthorized, "unauthorized")
}

func newPlacesClient(t *testing.T) *placesClient {
	t.Helper()
	ctx := t.Context()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	db, err := sqlitedb.Open(ctx, filepath.Join(t.TempDir(), "places.db"))
	must(err)
	t.Cleanup(func() { _ = db.Close(context.Background()) })
	must(storage.Ensure(ctx, db, append(append(append(placements.Specs(), outbox.Specs()...), audit.Specs()...), Specs()...)...))
	clock := cal.ClockFunc(func() time.Time { return time.Date(2026, 11, 23, 5, 30, 0, 0, time.UTC) })
	log := slog.New(slog.DiscardHandler)
	policy, err := accounts.NewPolicy(placements.Grants())
	must(err)
	ref, err := directory.LoadReference()
	must(err)
	catalogue, err := i18n.Load()
	must(err)
	service := placements.New(placements.Deps{
		DB: db, Clock: clock, Policy: policy, Box: outbox.New(db, clock, log), Trail: audit.New(db, clock), Log: log, Directory: placeDirectory{},
		Reference: ref,
	})
	c := &placesClient{t: t, lang: "ru"}
	c.app = httpd.New(httpd.Config{Catalogue: catalogue, Log: log, Authenticate: authenticate})
	c.contract, err = contract.Load(ctx, api.OpenAPI())
	must(err)
	Mount(c.app, placementsOnly{PlacementsAPI: &PlacementsAPI{Service: service, Reference: ref, Catalogue: catalogue, Clock: clock}}, Deps{
		Contract: c.contract, Policy: policy, DB: db, Clock: cal.System(), Limits: httpd.NewLimiter(httpd.DefaultLimits()),
	})
	return c
}

// call sends a request, wants the status and gives the body.
func (c *placesClient) call(method, path, body string, want int, headers ...string) map[string]any {
	c.t.Helper()
	req, err := http.NewRequestWithContext(c.t.Context(), method, "http://127.0.0.1/api/v1"+path, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	req.Header.Set("Accept-Language", c.lang)
	if c.as != "" {
		req.Header.Set("Authorization", "Bearer "+c.as)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
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
	op, _ := c.contract.Find(req.Method, req.URL.Path)
	if err := openapi3filter.ValidateResponse(c.t.Context(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: req, Route: op.Route},
		Status:                 res.StatusCode, Header: res.Header, Body: io.NopCloser(bytes.NewReader(data)),
	}); err != nil {
		c.t.Errorf("%s %s: the answer breaks the contract: %v", method, path, err)
	}
	var out map[string]any
	if err := json.Unmarshal(data, &out); err != nil {
		c.t.Fatal(err)
	}
	return out
}

// at follows names and positions into an answer.
func at(v any, steps ...any) any {
	for _, s := range steps {
		switch key := s.(type) {
		case string:
			m, _ := v.(map[string]any)
			v = m[key]
		case int:
			list, _ := v.([]any)
			if key >= len(list) {
				return nil
			}
			v = list[key]
		}
	}
	return v
}

func (c *placesClient) want(v any, value any, steps ...any) {
	c.t.Helper()
	if got := at(v, steps...); got != value {
		c.t.Errorf("%v is %v, want %v", steps, got, value)
	}
}

const wholePlace = `{"enterprise_id":"ent_1","regime":"r50","title":{"ru":"Электромонтер на подстанции"},
	"summary":{"ru":"Осмотр, ремонт и наладка оборудования подстанции 110/10 кВ вместе с опытным наставником."},
	"tasks":{"ru":"Осмотр оборудования, чистка разъединителей."},"modules":[{"name":{"ru":"Монтаж и наладка"},"hours":300,"enterprise_hours":200}],
	"qualification_code":"07130201","seats":4,"workplaces":[{"region":"350000000","city":"Караганда","address":"Складская 14","kind":"workplace"}],
	"starts_on":"2027-02-15","ends_on":"2027-06-11","apply_by":"2027-01-22","time_model":"parallel","weekly_hours":24,
	"compensation":{"kind":"monthly","amount":60000},"insurance":{"taken":true,"note":"договор"},"benefits":{"meals":true},"languages":["kk","ru"],
	"min_age":16,"mentor_id":"mnt_1","colleges":["col_1"],"external_reference":"SE-1","questions":["Есть ли группа допуска?"]}`

func TestPlacesOverHTTP(t *testing.T) {
	c := newPlacesClient(t)
	c.as = "hr"
	draft := c.call("POST", "/placements", wholePlace, 201, "Idempotency-Key", "key-of-the-test-1")
	again := c.call("POST", "/placements", wholePlace, 201, "Idempotency-Key", "key-of-the-test-1")
	id, _ := draft["id"].(string)
	c.want(again, id, "id")
	c.want(draft, "draft", "state")
	c.want(draft, "Караганда", "workplaces", 0, "city")
	c.want(draft, "Карагандинская область", "workplaces", 0, "region_name")
	c.want(draft, "SE-1", "external_reference")
	c.want(draft, 4.0, "seats_free")
	c.want(draft, false, "benefits", "dormitory")
	c.want(draft, 66.6, "enterprise_share_percent")
	taken := c.call("POST", "/placements", wholePlace, 409)
	c.want(taken, "external_reference_taken", "code")

	c.as = ""
	c.want(c.call("GET", "/placements/"+id, "", 404), "not_found", "code")
	c.as = "hr"
	c.call("PATCH", "/placements/"+id, `{"clear":["mentor_id"]}`, 200)
	refused := c.call("POST", "/placements/"+id+"/publish", "", 422)
	c.want(refused, "legal_check_failed", "code")
	c.want(refused, "mentor", "errors", 0, "rule")
	c.want(refused, "R50 4.4, 22.9", "errors", 0, "source")
	c.call("PATCH", "/placements/"+id, `{"mentor_id":"mnt_1"}`, 200)
	live := c.call("POST", "/placements/"+id+"/publish", "", 200)
	c.want(live, "published", "state")
	c.want(live, "35-2026-000001", "filings", 0, "number")
	c.want(live, "Ерлан Сапарұлы", "mentor_name")

	c.as, c.lang = "", "en"
	public := c.call("GET", "/placements/"+id, "", 200)
	c.want(public, nil, "external_reference")
	c.want(public, nil, "filings")
	c.want(public, nil, "applications_open")
	c.want(public, "Karaganda", "workplaces", 0, "city")
	c.want(public, "new", "badges", 0)

	c.as, c.lang = "hr", "ru"
	stale := c.call("PATCH", "/placements/"+id, `{"seats":5}`, 412, "If-Match", `"1"`)
	c.want(stale, "stale_version", "code")
	c.call("PATCH", "/placements/"+id, `{"weekly_hours":30,"compensation":{"kind":"none"},"mentor_id":"mnt_2","starts_on":"2027-02-16",
		"workplaces":[{"region":"350000000","city":"Темиртау","address":"Заводская 1","kind":"training_centre"}]}`, 200)
	versions := c.call("GET", "/placements/"+id+"/versions", "", 200)
	change := map[string][2]any{}
	changes, _ := at(versions, "items", 0, "changes").([]any)
	for _, ch := range changes {
		field, _ := at(ch, "field").(string)
		change[field] = [2]any{at(ch, "before"), at(ch, "after")}
	}
	for field, want := range map[string][2]any{
		"weekly_hours": {"24 часа в неделю", "30 часов в неделю"}, "compensation": {"60\u00a0000 ₸ в месяц", "без выплаты"},
		"mentor_id": {"Ерлан Сапарұлы", "Асель Нұрланқызы"}, "starts_on": {"15.02.2027", "16.02.2027"},
		"workplaces[0].city": {"Караганда", "Темиртау"}, "workplaces[0].kind": {"рабочее место", "учебный центр предприятия"},
	} {
		if change[field] != want {
			t.Errorf("%s: %v, want %v", field, change[field], want)
		}
	}
	c.want(versions, true, "items", 0, "material")
}

func TestFilingsAndClosingOverHTTP(t *testing.T) {
	c := newPlacesClient(t)
	c.as = "hr"
	id, _ := c.call("POST", "/placements", wholePlace, 201)["id"].(string)
	c.call("POST", "/placements/"+id+"/publish", "", 200)
	c.as = "registrar"
	queue := c.call("GET", "/chambers/chm_1/filings?state=filed", "", 200)
	filing, _ := at(queue, "items", 0, "id").(string)
	c.want(queue, "Складская 14", "items", 0, "workplaces", 0, "address")
	decided := c.call("POST", "/filings/"+filing+"/decision", `{"decision":"remarks","fields":["workplaces[0].address"],"comment":"Укажите корпус и цех."}`, 200)
	c.want(decided, "remarks", "state")
	c.want(decided, "workplaces[0].address", "fields", 0)
	c.want(c.call("POST", "/filings/"+filing+"/decision", `{"decision":"accepted"}`, 409), "wrong_state", "code")
	c.as = "hr"
	own := c.call("GET", "/placements/"+id+"/filings", "", 200)
	c.want(own, "Укажите корпус и цех.", "items", 0, "comment")
	c.want(c.call("GET", "/enterprises/ent_1/placements?q=подстанции&limit=1", "", 200), id, "items", 0, "id")
	copied := c.call("POST", "/placements/"+id+"/clone", "", 201)
	c.want(copied, "draft", "state")
	c.call("POST", "/placements/"+id+"/pause", "", 200)
	c.call("POST", "/placements/"+id+"/resume", "", 200)
	closed := c.call("POST", "/placements/"+id+"/close", `{"reason":"withdrawn","comment":"Линия закрыта."}`, 200)
	c.want(closed, "withdrawn", "closed_reason")
	c.as = "stranger"
	gone := c.call("GET", "/placements/"+id, "", 410)
	c.want(gone, "placement_closed", "code")
	c.want(gone, "withdrawn", "closed_reason")
	c.as = "registrar"
	c.want(c.call("GET", "/placements/"+id, "", 200), "closed", "state")
}

func TestImportOverHTTP(t *testing.T) {
	c := newPlacesClient(t)
	c.as = "hr"
	const path = "/enterprises/ent_1/placements/import"
	file := "external_reference,regime,title_ru,seats\nA-1,r50,Электромонтер,2\n"
	c.want(c.call("POST", path+"?dry_run=true", file, 200, "Content-Type", "text/csv"), "checked", "state")
	done := c.call("POST", path, file, 200, "Content-Type", "text/csv")
	c.want(done, "completed", "state")
	c.want(done, "created", "items", 0, "result")
	c.want(c.call("POST", path, file, 200, "Content-Type", "text/csv"), 1.0, "unchanged")
	bad := c.call("POST", path, file+"A-2,r51,,x\n", 422, "Content-Type", "text/csv")
	c.want(bad, "import_invalid", "code")
	fields, _ := bad["errors"].([]any)
	var names []string
	for _, f := range fields {
		name, _ := at(f, "field").(string)
		names = append(names, name)
		if message, _ := at(f, "message").(string); message == "" || strings.Contains(message, "field.") || strings.Contains(message, "error.") {
			t.Errorf("%s says %q", name, message)
		}
	}
	for _, want := range []string{"row 3, column seats", "row 3, column regime", "row 3, column title_ru"} {
		if !strings.Contains(strings.Join(names, "|"), want) {
			t.Errorf("%s isn't named in %v", want, names)
		}
	}
}
