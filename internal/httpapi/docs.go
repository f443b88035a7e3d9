package httpapi

import (
	"github.com/gofiber/fiber/v2"

	"github.com/orynda/orynda/web"
)

// docsPolicy lets the page of the contract run its own script and make its own styles, and reach nothing else.
const docsPolicy = "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; img-src data:; font-src data:; worker-src blob:; connect-src 'self'; frame-ancestors 'none'"

// MountDocs serves the contract: /api/openapi.yaml as written, /api/docs as a page to read.
func MountDocs(app *fiber.App, contract []byte) {
	app.Get("/api/openapi.yaml", func(c *fiber.Ctx) error {
		c.Set(fiber.HeaderContentType, "application/yaml; charset=utf-8")
		return c.Send(contract)
	})
	app.Get("/api/docs", docsFile("index.html", "text/html; charset=utf-8"))
	app.Get("/api/docs/redoc.standalone.js", docsFile("redoc.standalone.js", "text/javascript; charset=utf-8"))
}

func docsFile(name, contentType string) fiber.Handler {
	return func(c *fiber.Ctx) error {
		data, err := web.Static().ReadFile("static/apidocs/" + name)
		if err != nil {
			return err
		}
		c.Set(fiber.HeaderContentSecurityPolicy, docsPolicy)
		c.Set(fiber.HeaderContentType, contentType)
		return c.Send(data)
	}
}
