// Package contract checks requests against api/openapi.yaml before any handler sees them, and names every bad field at once.
//
// It finds the operation of a request by itself, with the contract's own paths: so it runs in front of the generated server, whose
// own parsing stops at the first error. Unknown query parameters are refused with the list of those that exist. Bodies are read by
// their declared media types; a body in another one is errs.UnsupportedMedia.
package contract

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"sort"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"

	"github.com/orynda/orynda/internal/errs"
)

// Checker knows the contract. It is safe for parallel use.
type Checker struct {
	doc  *openapi3.T
	root *node
}

// Load reads and validates a contract.
func Load(ctx context.Context, yaml []byte) (*Checker, error) {
	loader := openapi3.NewLoader()
	doc, err := loader.LoadFromData(yaml)
	if err != nil {
		return nil, fmt.Errorf("contract: %w", err)
	}
	// The examples are checked by a test: here it would only make every start slower.
	if err := doc.Validate(ctx, openapi3.DisableExamplesValidation()); err != nil {
		return nil, fmt.Errorf("contract: %w", err)
	}
	c := &Checker{doc: doc, root: &node{}}
	for _, path := range doc.Paths.InMatchingOrder() {
		c.root.add(path, doc.Paths.Find(path))
	}
	return c, nil
}

// Doc gives the contract.
func (c *Checker) Doc() *openapi3.T { return c.doc }

// Operation is one operation of the contract and the path values of a request.
type Operation struct {
	ID    string
	Route *routers.Route
	Path  map[string]string
}

// Find gives the operation of a request line. found is false for an unknown path, and Operation.Route nil for a known path without
// that method.
func (c *Checker) Find(method, path string) (op Operation, found bool) {
	values := map[string]string{}
	n := c.root.find(path, values)
	if n == nil {
		return Operation{}, false
	}
	o := n.item.GetOperation(method)
	if o == nil {
		return Operation{}, true
	}
	route := &routers.Route{Spec: c.doc, Path: n.path, PathItem: n.item, Method: method, Operation: o}
	return Operation{ID: o.OperationID, Route: route, Path: values}, true
}

// Operations lists the ids of all operations, sorted.
func (c *Checker) Operations() []string {
	var out []string
	for _, item := range c.doc.Paths.Map() {
		for _, o := range item.Operations() {
			out = append(out, o.OperationID)
		}
	}
	sort.Strings(out)
	return out
}

// Request is a request as the edge hands it over.
type Request struct {
	Method string
	Path   string
	Query  string
	Header http.Header
	Body   []byte
}

// Check looks at a request of an operation. The error is errs.Invalid bad_request with every bad field, or errs.UnsupportedMedia.
func (c *Checker) Check(ctx context.Context, op Operation, r Request) error {
	if err := c.mediaType(op, r); err != nil {
		return err
	}
	query, err := url.ParseQuery(r.Query)
	if err != nil {
		return errs.InvalidFields([]errs.Field{{Field: "query", Code: "bad_format"}})
	}
	fields := unknownQuery(op, query)
	in := &openapi3filter.RequestValidationInput{
		Request: r.http(ctx), PathParams: op.Path, QueryParams: query, Route: op.Route,
		Options: &openapi3filter.Options{
			MultiError:         true,
			AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, // the policy decides
			ExcludeRequestBody: !validatedBody(op, r),
		},
	}
	if err := openapi3filter.ValidateRequest(ctx, in); err != nil {
		fields = append(fields, fieldsOf(err)...)
	}
	return errs.InvalidFields(unique(fields))
}

// http makes the standard library's form of the request, which the validator reads.
func (r Request) http(ctx context.Context) *http.Request {
	req := &http.Request{
		Method: r.Method, URL: &url.URL{Path: r.Path, RawQuery: r.Query}, Header: r.Header,
		Body: io.NopCloser(bytes.NewReader(r.Body)), ContentLength: int64(len(r.Body)),
	}
	return req.WithContext(ctx)
}

// mediaType refuses a body in a form the operation doesn't take.
func (c *Checker) mediaType(op Operation, r Request) error {
	body := op.Route.Operation.RequestBody
	if body == nil || len(r.Body) == 0 {
		return nil
	}
	given, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	var allowed []string
	for t := range body.Value.Content {
		if err == nil && t == given {
			return nil
		}
		allowed = append(allowed, t)
	}
	sort.Strings(allowed)
	return errs.New(errs.UnsupportedMedia, "unsupported_media_type").With("allowed", strings.Join(allowed, ", "))
}

// validatedBody reports whether the validator should read the body: imports are read by their own packages, and an optional body may be
// missing.
func validatedBody(op Operation, r Request) bool {
	body := op.Route.Operation.RequestBody
	if body == nil || (len(r.Body) == 0 && !body.Value.Required) {
		return false
	}
	return body.Value.Content["application/json"] != nil
}

// unknownQuery names the query parameters that the operation doesn't have.
func unknownQuery(op Operation, query url.Values) []errs.Field {
	var known []string
	for _, list := range []openapi3.Parameters{op.Route.Operation.Parameters, op.Route.PathItem.Parameters} {
		for _, p := range list {
			if p.Value.In == openapi3.ParameterInQuery {
				known = append(known, p.Value.Name)
			}
		}
	}
	sort.Strings(known)
	var out []errs.Field
	for name := range query {
		if !slices.Contains(known, name) {
			out = append(out, errs.Field{Field: name, Code: "unknown_field", Params: map[string]any{"allowed": strings.Join(known, ", ")}})
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Field < out[j].Field })
	return out
}

// fieldsOf unfolds the validator's errors.
func fieldsOf(err error) []errs.Field {
	// openapi3.MultiError is also what single schema errors come wrapped in; errors.As would stop at the first of them.
	if multi, ok := err.(openapi3.MultiError); ok { //nolint:errorlint // each element is looked at below
		var out []errs.Field
		for _, e := range multi {
			out = append(out, fieldsOf(e)...)
		}
		return out
	}
	var re *openapi3filter.RequestError
	if !errors.As(err, &re) {
		return []errs.Field{{Field: "", Code: "bad_format"}}
	}
	name := ""
	if re.Parameter != nil {
		name = re.Parameter.Name
	}
	return schemaFields(name, re.Err, re)
}

func schemaFields(name string, err error, whole *openapi3filter.RequestError) []errs.Field {
	if multi, ok := err.(openapi3.MultiError); ok { //nolint:errorlint // each element is looked at below
		var out []errs.Field
		for _, e := range multi {
			out = append(out, schemaFields(name, e, whole)...)
		}
		return out
	}
	var se *openapi3.SchemaError
	if errors.As(err, &se) {
		if se.SchemaField == "properties" || se.SchemaField == "additionalProperties" {
			return unknownProperties(name, se)
		}
		return []errs.Field{schemaField(name, se)}
	}
	var pe *openapi3filter.ParseError
	switch {
	case errors.Is(err, openapi3filter.ErrInvalidRequired), errors.Is(err, openapi3filter.ErrInvalidEmptyValue):
		return []errs.Field{{Field: name, Code: "required"}}
	case errors.As(err, &pe) && whole.Parameter != nil:
		return []errs.Field{{Field: name, Code: "bad_type"}}
	case whole.RequestBody != nil:
		return []errs.Field{{Field: "body", Code: "bad_json"}}
	}
	return []errs.Field{{Field: name, Code: "bad_format"}}
}

// schemaField says what a value violates.
func schemaField(name string, e *openapi3.SchemaError) errs.Field {
	field := pointer(name, e.JSONPointer())
	s := e.Schema
	switch e.SchemaField {
	case "required":
		return errs.Field{Field: missingName(field, e), Code: "required"}
	case "maxLength":
		return errs.Field{Field: field, Code: "too_long", Params: map[string]any{"max": *s.MaxLength}}
	case "minLength":
		if s.MinLength <= 1 {
			return errs.Field{Field: field, Code: "required"}
		}
		return errs.Field{Field: field, Code: "too_short", Params: map[string]any{"min": s.MinLength}}
	case "minimum":
		return errs.Field{Field: field, Code: "too_small", Params: map[string]any{"min": *s.Min}}
	case "maximum":
		return errs.Field{Field: field, Code: "too_large", Params: map[string]any{"max": *s.Max}}
	case "minItems", "minProperties":
		return errs.Field{Field: field, Code: "too_few"}
	case "maxItems", "maxProperties":
		return errs.Field{Field: field, Code: "too_many"}
	case "uniqueItems":
		return errs.Field{Field: field, Code: "not_unique"}
	case "enum":
		return errs.Field{Field: field, Code: "unknown_value", Params: map[string]any{"allowed": listed(s.Enum)}}
	case "type", "nullable":
		return errs.Field{Field: field, Code: "bad_type"}
	}
	return errs.Field{Field: field, Code: "bad_format"}
}

// unknownProperties names what an object has and its schema hasn't: the validator's pointer ends at the object.
func unknownProperties(name string, e *openapi3.SchemaError) []errs.Field {
	object, _ := e.Value.(map[string]any)
	var out []errs.Field
	for property := range object {
		if e.Schema.Properties[property] == nil {
			out = append(out, errs.Field{Field: pointer(name, append(e.JSONPointer(), property)), Code: "unknown_field"})
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Field < out[j].Field })
	if len(out) == 0 {
		return []errs.Field{{Field: pointer(name, e.JSONPointer()), Code: "unknown_field"}}
	}
	return out
}

// pointer writes a place in a body as people do: workplaces[0].city.
func pointer(name string, path []string) string {
	out := name
	for _, p := range path {
		switch {
		case p != "" && strings.Trim(p, "0123456789") == "":
			out += "[" + p + "]"
		case out == "":
			out = p
		default:
			out += "." + p
		}
	}
	return out
}

// missingName completes the path of a missing property: the validator's pointer ends at its name already.
func missingName(field string, e *openapi3.SchemaError) string {
	if field == "" {
		return e.Reason
	}
	return field
}

func listed(values []any) string {
	var out []string
	for _, v := range values {
		out = append(out, fmt.Sprint(v))
	}
	return strings.Join(out, ", ")
}

// unique drops what stands twice, keeping the order.
func unique(fields []errs.Field) []errs.Field {
	seen := map[string]bool{}
	var out []errs.Field
	for _, f := range fields {
		key := f.Field + "\x00" + f.Code
		if !seen[key] {
			seen[key] = true
			out = append(out, f)
		}
	}
	return out
}
