package httpapi

import (
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"

	"github.com/orynda/orynda/internal/httpapi/apigen"
)

// Every operation is reached by its own address: no other route that fits comes first.
func TestEveryRouteIsReached(t *testing.T) {
	app := fiber.New()
	routes := &specificFirst{Router: app}
	apigen.RegisterHandlers(routes, nil)
	routes.register()
	checked := 0
	for _, of := range app.Stack() {
		for i, own := range of {
			for _, before := range of[:i] {
				if before.Path != own.Path && fiber.RoutePatternMatch(own.Path, before.Path) && strings.Count(own.Path, ":") < strings.Count(before.Path, ":") {
					t.Errorf("%s %s is answered by %s", own.Method, own.Path, before.Path)
				}
			}
			checked++
		}
	}
	if checked < 100 {
		t.Errorf("only %d routes looked at", checked)
	}
}
