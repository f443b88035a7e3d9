package httpapi

import (
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// specificFirst collects routes and registers the plain ones before those with parameters: the generated code lists them by the alphabet, in which ":id" comes
// before "suggest", and fiber takes the first that fits.
type specificFirst struct {
	fiber.Router
	routes []collectedRoute
}

type collectedRoute struct {
	method, path string
	handlers     []fiber.Handler
}

func (r *specificFirst) add(method, path string, handlers []fiber.Handler) fiber.Router {
	r.routes = append(r.routes, collectedRoute{method, path, handlers})
	return r
}

// Get implements fiber.Router by keeping the route for later; so do the others.
func (r *specificFirst) Get(path string, handlers ...fiber.Handler) fiber.Router {
	return r.add(fiber.MethodGet, path, handlers)
}

// Post keeps a route.
func (r *specificFirst) Post(path string, handlers ...fiber.Handler) fiber.Router {
	return r.add(fiber.MethodPost, path, handlers)
}

// Put keeps a route.
func (r *specificFirst) Put(path string, handlers ...fiber.Handler) fiber.Router {
	return r.add(fiber.MethodPut, path, handlers)
}

// Patch keeps a route.
func (r *specificFirst) Patch(path string, handlers ...fiber.Handler) fiber.Router {
	return r.add(fiber.MethodPatch, path, handlers)
}

// Delete keeps a route.
func (r *specificFirst) Delete(path string, handlers ...fiber.Handler) fiber.Router {
	return r.add(fiber.MethodDelete, path, handlers)
}

// register registers what was kept.
func (r *specificFirst) register() {
	// Behind every other letter of a path, a parameter sorts last among its sisters.
	last := func(path string) string { return strings.ReplaceAll(path, ":", "\x7f") }
	slices.SortStableFunc(r.routes, func(a, b collectedRoute) int { return strings.Compare(last(a.path), last(b.path)) })
	for _, one := range r.routes {
		r.Add(one.method, one.path, one.handlers...)
	}
}
