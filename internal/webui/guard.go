package webui

import (
	"net/url"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/httpd"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/web/pages/common"
	"github.com/orynda/orynda/web/ui"
)

// guarded lets a form through that comes from a page of the site, within the limits against floods. A form from elsewhere is refused. One
// from an own page whose proof is too old (the session changed meanwhile) is shown once more to be confirmed, so that nothing typed is lost.
func (s *site) guarded(class httpd.Class, h handler) handler {
	return func(v *visit) error {
		if !s.fromHere(v.c) {
			return errs.New(errs.Forbidden, "foreign_form")
		}
		if err := s.Limits.Allow(class, httpd.Address(v.ctx()), v.actor.PersonID); err != nil {
			return err
		}
		if !v.proved(v.form().Value("_csrf")) {
			return v.resume("site.resume.old_page")
		}
		return h(v)
	}
}

// fromHere judges where a form comes from: browsers say it themselves (Sec-Fetch-Site, Origin), and those that say nothing must bring the proof.
func (s *site) fromHere(c *fiber.Ctx) bool {
	switch c.Get("Sec-Fetch-Site") {
	case "same-origin", "none":
		return true
	case "":
	default:
		return false
	}
	origin := c.Get(fiber.HeaderOrigin)
	if origin == "" {
		return true
	}
	if u, err := url.Parse(origin); err == nil && u.Host != "" && (u.Host == string(c.Request().Host()) || origin == s.PublicURL) {
		return true
	}
	return false
}

// resume shows what was posted as a form to send once more. Passwords, codes and files are not repeated.
func (v *visit) resume(why string) error {
	f := v.form()
	names := make([]string, 0, len(f.Values))
	for name := range f.Values {
		if name != "_csrf" && !strings.Contains(name, "password") && name != "code" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	page := common.Resume(common.ResumeData{
		Action: address(v.c), Why: v.say(why), Names: names, Values: f.Values, SignedOut: v.actor.Anonymous() && why == "site.resume.signed_out",
	})
	return v.send(fiber.StatusForbidden, page)
}

// Refusals answers a refusal as a page and tells whether it did; for httpd.Config.Page.
type Refusals func(c *fiber.Ctx, e *errs.Error) (bool, error)

// refusals shows refusals of pages. Addresses that no page has, and requests that are refused before they reach one, get a page if a browser asks.
func (s *site) refusals(c *fiber.Ctx, e *errs.Error) (bool, error) {
	number := httpd.RequestID(c.UserContext())
	if c.Locals(onPage) == nil {
		lang, asked := pageAsked(c)
		if !asked {
			return false, nil
		}
		if _, err := s.visit(c, lang); err != nil {
			s.Log.ErrorContext(c.UserContext(), "a refusal's page without its reader", "request_id", number, "error", err.Error())
		}
	}
	v, ok := c.Locals(onPage).(*visit)
	if !ok {
		return false, nil
	}
	p := httpd.NewProblem(e, s.Catalogue, v.lang, number)
	if p.Status == fiber.StatusUnauthorized && c.Method() == fiber.MethodGet {
		return true, v.c.Redirect("/"+string(v.lang)+"/signin?next="+url.QueryEscape(v.page.Path), fiber.StatusSeeOther)
	}
	if p.Status < fiber.StatusInternalServerError {
		number = "" // nobody needs to look it up
	}
	messages := make([]string, 0, len(p.Errors))
	for _, e := range p.Errors {
		messages = append(messages, e.Message)
	}
	return true, v.send(p.Status, common.Refusal(ui.Meta{Title: p.Title, NoIndex: true}, p.Detail, messages, number, ownReferer(c)))
}

// pageAsked tells whether an address without a route is asked for by a person, and the language to answer in.
func pageAsked(c *fiber.Ctx) (i18n.Lang, bool) {
	first, _, _ := strings.Cut(strings.TrimPrefix(c.Path(), "/"), "/")
	for _, lang := range i18n.Langs() {
		if first == string(lang) {
			return lang, true
		}
	}
	return i18n.Negotiate(c.Get(fiber.HeaderAcceptLanguage)), first != "api" && strings.Contains(c.Get(fiber.HeaderAccept), fiber.MIMETextHTML)
}

// ownReferer is the own page that a refused form stood on, "" when it isn't known.
func ownReferer(c *fiber.Ctx) string {
	u, err := url.Parse(c.Get(fiber.HeaderReferer))
	if err != nil || c.Method() == fiber.MethodGet || u.Host != string(c.Request().Host()) || !ownPath(u.Path) {
		return ""
	}
	return u.RequestURI()
}
