// Package apptest boots the whole program on a free port and drives it as a client would, over HTTP. Every answer it gets is checked against the contract.
package apptest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3filter"

	"github.com/orynda/orynda/api"
	"github.com/orynda/orynda/internal/httpapi/contract"
)

// Doc is a JSON object of an answer.
type Doc map[string]any

// S gives a text by its path ("match.id"); it is "" where there is none.
func (d Doc) S(path string) string {
	s, _ := d.at(path).(string)
	return s
}

// N gives a number by its path.
func (d Doc) N(path string) float64 {
	n, _ := d.at(path).(float64)
	return n
}

// Items gives the list under a name as objects.
func (d Doc) Items(name string) []Doc {
	list, _ := d.at(name).([]any)
	out := make([]Doc, 0, len(list))
	for _, v := range list {
		if m, ok := v.(map[string]any); ok {
			out = append(out, m)
		}
	}
	return out
}

// Has reports whether there is a value at a path.
func (d Doc) Has(path string) bool { return d.at(path) != nil }

func (d Doc) at(path string) any {
	var v any = map[string]any(d)
	for _, step := range strings.Split(path, ".") {
		m, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = m[step]
	}
	return v
}

// Client makes requests as one person, or as nobody.
type Client struct {
	t       testing.TB
	base    string
	token   string
	lang    string
	checker *contract.Checker
	http    *http.Client
}

// loadContract reads the contract once per program under test.
func loadContract(t testing.TB) *contract.Checker {
	t.Helper()
	c, err := contract.Load(context.Background(), api.OpenAPI())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Answer is what came back.
type Answer struct {
	Status int
	Header http.Header
	Raw    []byte
	Doc    Doc
}

// Option changes a request before it is sent.
type Option func(*http.Request)

// Header sets a header.
func Header(name, value string) Option { return func(r *http.Request) { r.Header.Set(name, value) } }

// Do sends a request and checks the answer against the contract. body is JSON, or the bytes themselves for a []byte.
func (c *Client) Do(method, path string, body any, options ...Option) Answer {
	c.t.Helper()
	a, err := c.Try(method, path, body, options...)
	if err != nil {
		c.t.Fatalf("%s %s: %v", method, path, err)
	}
	return a
}

// Try is Do that may be called from any goroutine: it gives the error.
func (c *Client) Try(method, path string, body any, options ...Option) (Answer, error) {
	req, err := c.request(method, path, body, options)
	if err != nil {
		return Answer{}, err
	}
	res, err := c.http.Do(req)
	if err != nil {
		return Answer{}, err
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		return Answer{}, err
	}
	a := Answer{Status: res.StatusCode, Header: res.Header, Raw: raw}
	if strings.Contains(res.Header.Get("Content-Type"), "json") {
		_ = json.Unmarshal(raw, &a.Doc) // lists and empty bodies leave it empty; the contract check sees what is malformed
	}
	return a, c.conforms(req, a)
}

func (c *Client) request(method, path string, body any, options []Option) (*http.Request, error) {
	var payload io.Reader
	kind := ""
	switch b := body.(type) {
	case nil:
	case []byte:
		payload = bytes.NewReader(b)
	default:
		data, err := json.Marshal(b)
		if err != nil {
			return nil, err
		}
		payload, kind = bytes.NewReader(data), "application/json"
	}
	req, err := http.NewRequest(method, c.base+path, payload)
	if err != nil {
		return nil, err
	}
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	req.Header.Set("Accept-Language", c.lang)
	for _, o := range options {
		o(req)
	}
	return req, nil
}

// conforms checks an answer against the contract; paths outside it are not judged.
func (c *Client) conforms(req *http.Request, a Answer) error {
	op, found := c.checker.Find(req.Method, req.URL.Path)
	if !found || op.Route == nil {
		return nil
	}
	in := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: req, PathParams: op.Path, Route: op.Route},
		Status:                 a.Status, Header: a.Header,
		Options: &openapi3filter.Options{IncludeResponseStatus: true, AuthenticationFunc: openapi3filter.NoopAuthenticationFunc},
	}
	in.SetBodyBytes(a.Raw)
	if strings.Contains(a.Header.Get("Content-Type"), "json") {
		if err := openapi3filter.ValidateResponse(req.Context(), in); err != nil {
			return fmt.Errorf("the answer of %s breaks the contract: %w\n%s", op.ID, err, a.Raw)
		}
	}
	return nil
}

// Want sends a request that must answer with a status, and gives the body.
func (c *Client) Want(status int, method, path string, body any, options ...Option) Doc {
	c.t.Helper()
	a := c.Do(method, path, body, options...)
	if a.Status != status {
		c.t.Fatalf("%s %s: status %d, want %d\n%s", method, path, a.Status, status, a.Raw)
	}
	return a.Doc
}

// Refused sends a request that must be refused with a status and a code.
func (c *Client) Refused(status int, code, method, path string, body any, options ...Option) Doc {
	c.t.Helper()
	d := c.Want(status, method, path, body, options...)
	if d.S("code") != code {
		c.t.Fatalf("%s %s: code %q, want %q (%v)", method, path, d.S("code"), code, d)
	}
	if d.S("detail") == "" || strings.HasPrefix(d.S("detail"), "error.") {
		c.t.Fatalf("%s %s: %s has no sentence: %q", method, path, code, d.S("detail"))
	}
	return d
}

// Get is Want with GET and 200.
func (c *Client) Get(path string) Doc {
	c.t.Helper()
	return c.Want(http.StatusOK, http.MethodGet, path, nil)
}

// Post is Want with POST and one of the success statuses.
func (c *Client) Post(path string, body any, options ...Option) Doc {
	c.t.Helper()
	a := c.Do(http.MethodPost, path, body, options...)
	if a.Status/100 != 2 {
		c.t.Fatalf("POST %s: status %d\n%s", path, a.Status, a.Raw)
	}
	return a.Doc
}

// Patch is Want with PATCH and 200.
func (c *Client) Patch(path string, body any, options ...Option) Doc {
	c.t.Helper()
	return c.Want(http.StatusOK, http.MethodPatch, path, body, options...)
}

// Eventually asks until fn is content or the time is up.
func Eventually(t testing.TB, within time.Duration, what string, fn func() bool) {
	t.Helper()
	for end := time.Now().Add(within); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if fn() {
			return
		}
	}
	t.Fatalf("not within %s: %s", within, what)
}
