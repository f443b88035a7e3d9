// Package httpapi is the edge for programs: the JSON API of api/openapi.yaml. Each domain has a file with its operations; a handler takes the
// actor and the language from the context, calls one method of a service and maps the result. It holds no rules.
//
// In front of the handlers, for every operation alike, stand the contract's check ([contract.Checker]), the limits against floods, safe
// repeats by Idempotency-Key and the entity tags.
package httpapi

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/httpapi/apigen"
	"github.com/orynda/orynda/internal/httpapi/contract"
	"github.com/orynda/orynda/internal/httpd"
	"github.com/orynda/orynda/internal/storage"
)

// API is the whole server of the contract, joined from the domains' parts.
type API struct {
	*AccountsAPI
	*DirectoryAPI
	*PlacementsAPI
	*SearchAPI
	*SavingAPI
	*AskingAPI
	*SelectionAPI
	*InterviewsAPI
	*AgreementsAPI
	*NotificationsAPI
	*OperationsAPI
}

// Deps is what stands in front of the handlers.
type Deps struct {
	Contract *contract.Checker
	Policy   accounts.Policy
	DB       storage.Engine
	Clock    cal.Clock // of the machine: keys and limits live in real time
	Limits   *httpd.Limiter
}

// longTimeout is the deadline of operations that read files, render papers or act on many things.
const longTimeout = 10 * time.Minute

// Mount registers every operation of the contract on the application.
func Mount(app *fiber.App, api apigen.StrictServerInterface, d Deps) {
	front := &front{
		Deps: d, keys: newKeys(d.DB, d.Clock), tagged: taggedOperations(d.Contract), open: openOperations(d.Policy),
	}
	app.Use(front.check)
	handler := apigen.NewStrictHandler(api, []apigen.StrictMiddlewareFunc{front.repeatable})
	routes := &specificFirst{Router: app}
	apigen.RegisterHandlers(routes, handler)
	routes.register()
}

// front is what every request of the contract passes.
type front struct {
	Deps
	keys   *keys
	tagged map[string]bool
	open   map[string]bool // to nobody too
}

// openOperations are those that anyone may ask for, signed in or not.
func openOperations(policy accounts.Policy) map[string]bool {
	out := map[string]bool{}
	for _, g := range policy.Grants() {
		out[g.Operation] = slices.Contains(g.Relations, accounts.Anyone)
	}
	return out
}

// operationKey carries the operation of a request in its locals.
const operationKey = "orynda.operation"

// check finds the operation, and refuses what the contract or the limits refuse, and nobody whatever isn't open to all: before anything is looked up, so
// that the refusal doesn't tell what exists. Paths outside the contract go on to the other edges.
func (f *front) check(c *fiber.Ctx) error {
	op, found := f.Contract.Find(c.Method(), c.Path())
	switch {
	case !found:
		return c.Next()
	case op.Route == nil:
		return errs.New(errs.NotFound, "method_not_allowed")
	}
	ctx := c.UserContext()
	if err := f.Limits.Allow(classOf(op.ID, c.Method()), httpd.Address(ctx), httpd.Actor(ctx).PersonID); err != nil {
		return err
	}
	if httpd.Actor(ctx).Anonymous() && !f.open[op.ID] {
		return errs.New(errs.Unauthorized, "unauthorized")
	}
	if err := f.Contract.Check(ctx, op, requestOf(c)); err != nil {
		return err
	}
	if long(op.ID) {
		longer, cancel := context.WithTimeout(context.WithoutCancel(ctx), longTimeout)
		defer cancel()
		c.SetUserContext(longer)
	}
	emptyBody(c, op)
	c.Locals(operationKey, op.ID)
	if err := c.Next(); err != nil {
		return err
	}
	f.tag(c, op.ID)
	return nil
}

// long names the operations that may take longer than a page's patience.
func long(operation string) bool {
	switch operation {
	case "importRoster", "importPlacements", "readyAgreement", "countersignAgreements", "listRegister":
		return true
	}
	return false
}

// claimsFirst names the operations that can't run inside the transaction of their key: long ones, those that count a wrong code although they refuse, and the one
// that hashes a password.
func claimsFirst(operation string) bool {
	switch operation {
	case "signAgreement", "countersignAgreement", "acceptInvitation":
		return true
	}
	return long(operation)
}

func requestOf(c *fiber.Ctx) contract.Request {
	header := http.Header{}
	c.Request().Header.VisitAll(func(k, v []byte) { header.Add(string(k), string(v)) })
	return contract.Request{
		Method: c.Method(), Path: c.Path(), Query: string(c.Request().URI().QueryString()), Header: header, Body: c.Body(),
	}
}

// emptyBody makes a missing optional JSON body an empty object: the generated server wants one.
func emptyBody(c *fiber.Ctx, op contract.Operation) {
	body := op.Route.Operation.RequestBody
	if body != nil && !body.Value.Required && len(c.Body()) == 0 && body.Value.Content["application/json"] != nil {
		c.Request().SetBodyString("{}")
		c.Request().Header.SetContentType("application/json")
	}
}

// taggedOperations are those whose answer is one versioned resource.
func taggedOperations(c *contract.Checker) map[string]bool {
	out := map[string]bool{}
	for _, item := range c.Doc().Paths.Map() {
		for _, op := range item.Operations() {
			for _, status := range []string{"200", "201"} {
				r := op.Responses.Value(status)
				if r == nil || r.Value.Content["application/json"] == nil {
					continue
				}
				schema := r.Value.Content["application/json"].Schema
				if schema != nil && schema.Value.Properties["version"] != nil {
					out[op.OperationID] = true
				}
			}
		}
	}
	return out
}

// tag sets the entity tag of an answer that is one versioned resource, and answers 304 to a reader who has it.
func (f *front) tag(c *fiber.Ctx, operation string) {
	status := c.Response().StatusCode()
	if !f.tagged[operation] || (status != fiber.StatusOK && status != fiber.StatusCreated) || len(c.Response().Header.Peek(fiber.HeaderETag)) > 0 {
		return
	}
	var body struct {
		Version int64 `json:"version"`
	}
	if json.Unmarshal(c.Response().Body(), &body) != nil || body.Version == 0 {
		return
	}
	c.Set(fiber.HeaderETag, httpd.ETag(body.Version))
	c.Set(fiber.HeaderCacheControl, "private, no-cache")
}

// deref gives the value of an optional field, the zero value without one.
func deref[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}

// some gives an optional field its value, nothing for the zero value.
func some[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}

// cursorOf reads a list's cursor and limit.
func cursorOf(cursor *string, limit *int) (storage.Cursor, int, error) {
	c, err := storage.ParseCursor(deref(cursor))
	n := deref(limit)
	if n == 0 {
		n = 20
	}
	return c, n, err
}

// comma joins words for a sentence.
func comma(words []string) string { return strings.Join(words, ", ") }
