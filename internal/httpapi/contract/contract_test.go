package contract_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/orynda/orynda/api"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/httpapi/contract"
)

func load(t testing.TB) *contract.Checker {
	t.Helper()
	c, err := contract.Load(t.Context(), api.OpenAPI())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func check(t *testing.T, method, path, query, contentType, body string) error {
	t.Helper()
	c := load(t)
	op, found := c.Find(method, path)
	if !found || op.Route == nil {
		t.Fatalf("%s %s isn't in the contract", method, path)
	}
	h := http.Header{}
	if contentType != "" {
		h.Set("Content-Type", contentType)
	}
	return c.Check(t.Context(), op, contract.Request{Method: method, Path: path, Query: query, Header: h, Body: []byte(body)})
}

// fields gives "field code" of each complaint, sorted.
func fields(err error) []string {
	var e *errs.Error
	if !errors.As(err, &e) {
		return nil
	}
	var out []string
	for _, f := range e.Fields {
		out = append(out, f.Field+" "+f.Code)
	}
	slices.Sort(out)
	return out
}

func TestEveryBadFieldIsNamedAtOnce(t *testing.T) {
	for _, c := range []struct {
		name, method, path, query, body string
		want                            []string
	}{
		{"a body", "POST", "/api/v1/auth/register", "", `{"email":"a@b.kz","password":"x","role":"king","extra":1}`,
			[]string{"extra unknown_field", "full_name required", "locale required", "password too_short", "role unknown_value"}},
		{"a nested body", "POST", "/api/v1/placements", "", `{"enterprise_id":"ent_1","regime":"r50","title":{"ru":"Сварщик"},"seats":0,"modules":[{"name":{"ru":"М"},"hours":10}]}`,
			[]string{"modules[0].enterprise_hours required", "seats too_small"}},
		{"not JSON", "POST", "/api/v1/auth/login", "", `{"email":`, []string{"body bad_json"}},
		{"query parameters", "GET", "/api/v1/placements", "page=0&sort=best&colour=red&radius_km=x", "",
			[]string{"colour unknown_field", "page too_small", "radius_km bad_type", "sort unknown_value"}},
		{"a cursor too long", "GET", "/api/v1/me/applications", "cursor=" + strings.Repeat("a", 2049), "", []string{"cursor too_long"}},
	} {
		contentType := ""
		if c.body != "" {
			contentType = "application/json"
		}
		err := check(t, c.method, c.path, c.query, contentType, c.body)
		if got := fields(err); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
		if errs.KindOf(err) != errs.Invalid {
			t.Errorf("%s: kind %v", c.name, errs.KindOf(err))
		}
	}
}

func TestOtherMediaTypesAreRefused(t *testing.T) {
	for _, kind := range []string{"", "text/plain", "application/x-www-form-urlencoded"} {
		if err := check(t, "POST", "/api/v1/auth/login", "", kind, `{"email":"a@b.kz","password":"12345678"}`); errs.KindOf(err) != errs.UnsupportedMedia {
			t.Errorf("%q: %v", kind, err)
		}
	}
	for _, kind := range []string{"text/csv", "text/csv; charset=utf-8", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"} {
		if err := check(t, "POST", "/api/v1/colleges/col_1/roster/import", "", kind, "iin;name"); err != nil {
			t.Errorf("%q: %v", kind, err)
		}
	}
}

func TestFind(t *testing.T) {
	c := load(t)
	for _, tc := range []struct{ method, path, want, value string }{
		{"GET", "/api/v1/placements", "searchPlacements", ""},
		{"GET", "/api/v1/placements/suggest", "suggestPlacements", ""},
		{"GET", "/api/v1/placements/plc_1", "getPlacement", "plc_1"},
		{"GET", "/healthz", "health", ""},
	} {
		op, found := c.Find(tc.method, tc.path)
		if !found || op.ID != tc.want || op.Path["id"] != tc.value {
			t.Errorf("%s %s: %v %q %v", tc.method, tc.path, found, op.ID, op.Path)
		}
	}
	if op, found := c.Find("GET", "/api/v1/calendar/secret.ics"); !found || op.ID != "getCalendarFeed" || op.Path["token"] != "secret" {
		t.Errorf("a value with text behind it: %v %v", op, found)
	}
	if _, found := c.Find("GET", "/api/v1/nothing"); found {
		t.Error("a path outside the contract is found")
	}
	if op, found := c.Find("DELETE", "/api/v1/placements"); !found || op.Route != nil {
		t.Error("a method that a path lacks is found")
	}
}

func TestContractIsValidWithItsExamples(t *testing.T) {
	if err := load(t).Doc().Validate(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// Every example of a request in the contract must pass its own check, so that what readers copy works.
func TestExamplesOfRequestsPass(t *testing.T) {
	c := load(t)
	examples := 0
	for path, item := range c.Doc().Paths.Map() {
		for method, o := range item.Operations() {
			if o.RequestBody == nil || o.RequestBody.Value.Content["application/json"] == nil {
				continue
			}
			media := o.RequestBody.Value.Content["application/json"]
			if len(media.Examples) == 0 && o.RequestBody.Value.Required {
				t.Errorf("%s has no example of its body", o.OperationID)
			}
			for name, ex := range media.Examples {
				examples++
				if err := checkExample(t, c, method, path, ex.Value); err != nil {
					t.Errorf("%s, example %s: %v", o.OperationID, name, err)
				}
			}
		}
	}
	if examples < 60 {
		t.Errorf("only %d examples were checked", examples)
	}
}

func checkExample(t *testing.T, c *contract.Checker, method, path string, ex *openapi3.Example) error {
	t.Helper()
	body := mustJSON(t, ex.Value)
	for i := strings.Index(path, "{"); i >= 0; i = strings.Index(path, "{") {
		path = path[:i] + strings.Repeat("x", 43) + path[strings.Index(path, "}")+1:]
	}
	op, found := c.Find(method, path)
	if !found {
		return errors.New("the path isn't found: " + path)
	}
	return c.Check(t.Context(), op, contract.Request{
		Method: method, Path: path, Header: http.Header{"Content-Type": {"application/json"}}, Body: body,
	})
}

func FuzzCheck(f *testing.F) {
	c := load(f)
	f.Add("GET", "/api/v1/placements", "q=a&near=1,2", "")
	f.Add("POST", "/api/v1/auth/login", "", `{"email":"a@b.kz","password":"12345678"}`)
	f.Add("POST", "/api/v1/placements", "%zz", `[[[[`)
	f.Add("PATCH", "/api/v1/agreements/%2e%2e", ";", `{"schedule":[null]}`)
	f.Fuzz(func(t *testing.T, method, path, query, body string) {
		op, found := c.Find(method, path)
		if !found || op.Route == nil {
			return
		}
		err := c.Check(t.Context(), op, contract.Request{
			Method: method, Path: path, Query: query, Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte(body),
		})
		if err != nil && errs.KindOf(err) == errs.Internal {
			t.Errorf("an internal error for bad input: %v", err)
		}
	})
}

func mustJSON(t *testing.T, v any) []byte {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
