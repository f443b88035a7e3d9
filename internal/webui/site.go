// Package webui is the edge for people: the pages of the site in Kazakh, Russian and English. Each domain has a file with its pages; a handler
// takes the reader and the language from the visit, calls the same services as the edge for programs, and shows a page of package web. It holds
// no rules.
//
// # Addresses
//
// Every page is /{language}/…; the same address without a language leads to the reader's. Nothing changes by GET. A form that was refused comes
// back with everything that was typed and what is wrong beside the fields (422); one that was carried out leads on (303), so that going back or
// loading anew repeats nothing.
//
// # Safety
//
// A strict content policy without inline script or style; a proof in every form beside the check where a request comes from; a session cookie
// that script can't read and that other sites don't send; ways on only to own pages; personal data never in addresses.
package webui

import (
	"context"
	"log/slog"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/agreements"
	"github.com/orynda/orynda/internal/asking"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/finding"
	"github.com/orynda/orynda/internal/httpd"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/interviews"
	"github.com/orynda/orynda/internal/notifications"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/saving"
	"github.com/orynda/orynda/internal/secrets"
	"github.com/orynda/orynda/internal/selection"
	"github.com/orynda/orynda/web/ui"
)

// Deps is what the site is made of.
type Deps struct {
	Accounts      *accounts.Service
	Directory     *directory.Service
	Reference     *directory.Reference
	Placements    *placements.Service
	Finding       *finding.Service
	Selection     *selection.Service
	Interviews    *interviews.Service
	Agreements    *agreements.Service
	Notifications *notifications.Service
	Saving        *saving.Service
	Asking        *asking.Service
	Quietly       *finding.Service // finds for programs: nobody's asking
	Catalogue     *i18n.Catalogue
	Ring          *secrets.Ring // for the proofs in forms
	Clock         cal.Clock     // of the rules
	Limits        *httpd.Limiter
	PublicURL     string // without a slash at the end
	HTTPS         bool   // that address is https: cookies insist on it
	Log           *slog.Logger
	// Export gathers everything kept about who is signed in in the request, in the shape that the contract gives exportMe.
	Export     func(ctx context.Context) (any, error)
	Demo       *Demo       // nil outside the demo
	Operations *Operations // for the platform's administrator; nil: no such pages
}

// Demo is what only the demo can do.
type Demo struct {
	Accounts []ui.DemoAccount
	Password string // of all its accounts
	// Advance moves the clock of the rules and carries out what that makes due; by is an ISO 8601 duration.
	Advance func(ctx context.Context, by string) error
	// Mails are those the demo has sent, newest first.
	Mails func(ctx context.Context) ([]DemoMail, error)
}

// DemoMail is one mail that the demo has sent.
type DemoMail struct {
	ID, To, Subject, Text, Code, HTML string
	SentAt                            time.Time
}

// site is the edge at work.
type site struct {
	Deps
	app    *fiber.App
	assets *assets
	kept   publicState
	pages  *pageCache
}

// Mount registers every page on the application, and gives what shows its refusals.
func Mount(app *fiber.App, d Deps) (Refusals, error) {
	a, err := loadAssets()
	if err != nil {
		return nil, err
	}
	s := &site{Deps: d, app: app, assets: a, pages: newPageCache()}
	a.mount(app)
	s.enterpriseRoutes()
	s.collegeRoutes()
	s.chamberRoutes()
	s.adminRoutes()
	s.publicRoutes()
	s.accountRoutes()
	s.startRoutes()
	s.noticeRoutes()
	s.savingRoutes()
	s.studentRoutes()
	s.selectingRoutes()
	s.agreementRoutes()
	s.demoRoutes()
	return s.refusals, nil
}

// handler writes one page or carries out one form.
type handler func(v *visit) error

// get registers a page in all languages, and leads from its address without a language to the reader's.
func (s *site) get(path string, h handler) {
	for _, lang := range i18n.Langs() {
		s.app.Get("/"+string(lang)+path, s.visited(lang, h))
	}
	s.app.Get(path, toLanguage)
}

// public registers a page whose form for strangers is kept for a moment.
func (s *site) public(path string, h handler) { s.get(path, s.pages.kept(h)) }

// own registers a page for the signed-in; others are led to the sign-in and back.
func (s *site) own(path string, h handler) { s.get(path, signedIn(h)) }

// post registers a form's address, for everybody.
func (s *site) post(path string, class httpd.Class, h handler) {
	for _, lang := range i18n.Langs() {
		s.app.Post("/"+string(lang)+path, s.visited(lang, s.guarded(class, h)))
	}
}

// change registers a form's address for the signed-in.
func (s *site) change(path string, h handler) {
	for _, lang := range i18n.Langs() {
		s.app.Post("/"+string(lang)+path, s.visited(lang, s.guarded(httpd.Writes, signedIn(h))))
	}
}

// toLanguage leads an address without a language to the one the reader's browser asks for.
func toLanguage(c *fiber.Ctx) error {
	c.Vary(fiber.HeaderAcceptLanguage)
	path := "/" + string(httpd.Lang(c.UserContext())) + c.Path()
	if q := c.Request().URI().QueryString(); len(q) > 0 {
		path += "?" + string(q)
	}
	return c.Redirect(path, fiber.StatusFound)
}
