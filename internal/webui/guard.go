package webui

import (
	"net/url"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/httpd"
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
		Action: v.c.OriginalURL(), Why: v.say(why), Names: names, Values: f.Values, SignedOut: v.actor.Anonymous() && why == "site.resume.signed_out",
	})
	return v.send(fiber.StatusForbidden, page)
}

// Refusals answers refusals of pages as pages; for httpd.Config.Page.
func Refusals(c *fiber.Ctx, p httpd.Problem) (bool, error) {
	v, ok := c.Locals(onPage).(*visit)
	if !ok || v.page == nil {
		return false, nil
	}
	if p.Status == fiber.StatusUnauthorized && c.Method() == fiber.MethodGet {
		c.Status(fiber.StatusSeeOther)
		return true, v.c.Redirect("/"+string(v.lang)+"/signin?next="+url.QueryEscape(v.page.Path), fiber.StatusSeeOther)
	}
	number := ""
	if p.Status >= 500 {
		number = p.RequestID
	}
	messages := make([]string, 0, len(p.Errors))
	for _, e := range p.Errors {
		messages = append(messages, e.Message)
	}
	return true, v.send(p.Status, common.Refusal(ui.Meta{Title: p.Title, NoIndex: true}, p.Detail, messages, number, ownReferer(c)))
}

// ownReferer is the own page that a refused form stood on, "" when it isn't known.
func ownReferer(c *fiber.Ctx) string {
	u, err := url.Parse(c.Get(fiber.HeaderReferer))
	if err != nil || c.Method() == fiber.MethodGet || u.Host != string(c.Request().Host()) || !ownPath(u.Path) {
		return ""
	}
	return u.RequestURI()
}
