package webui

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/httpd"
	"github.com/orynda/orynda/internal/i18n"
	demopages "github.com/orynda/orynda/web/pages/demo"
	"github.com/orynda/orynda/web/pages/gallery"
)

// demoRoutes are the bar's steps, the page of sent mails and the gallery of components, which only the demo has.
func (s *site) demoRoutes() {
	if s.Demo == nil {
		return
	}
	for _, lang := range i18n.Langs() {
		s.app.Post("/"+string(lang)+"/demo/switch", s.visited(lang, s.ownForm(s.demoSwitch)))
		s.app.Post("/"+string(lang)+"/demo/clock", s.visited(lang, s.ownForm(s.demoClock)))
	}
	s.get("/demo/mails", s.demoMails)
	s.get("/demo/mails/:id", s.demoMail)
	s.get("/gallery", func(v *visit) error { return v.show(gallery.Gallery()) })
}

// ownForm lets a form of the demo's bar through. The bar stands on every page, also on those that strangers share, so it brings no proof; where
// the form comes from is checked all the same, and the demo listens to this machine only.
func (s *site) ownForm(h handler) handler {
	return func(v *visit) error {
		if !s.fromHere(v.c) {
			return errs.New(errs.Forbidden, "foreign_form")
		}
		return h(v)
	}
}

// demoSwitch signs in as another account of the demo. Where everybody may be, the page stays; else the other begins where their work waits.
func (s *site) demoSwitch(v *visit) error {
	f := v.form()
	token, err := s.Accounts.SignInBrowser(v.ctx(), accounts.SignIn{
		Email: f.Value("email"), Password: s.Demo.Password, Device: v.device(), Client: httpd.Address(v.ctx()),
	})
	if err != nil {
		return v.refusedAct(err, "/")
	}
	if err := s.enter(v, token); err != nil {
		return err
	}
	if !open(f.Value("back")) {
		return v.back("/start", "/")
	}
	return v.back(f.Value("back"), "/")
}

// open reports whether everybody may see a page.
func open(path string) bool {
	path, _, _ = strings.Cut(path, "?")
	parts := strings.Split(strings.Trim(path, "/"), "/")
	switch parts[0] {
	case "", "about", "verify":
		return true
	case "placements", "enterprises":
		return len(parts) <= 2 && parts[len(parts)-1] != "new"
	}
	return false
}

func (s *site) demoClock(v *visit) error {
	f := v.form()
	if err := s.Demo.Advance(v.ctx(), f.Value("advance")); err != nil {
		return v.refusedAct(err, "/")
	}
	return v.back(f.Value("back"), "/")
}

func (s *site) demoMails(v *visit) error {
	list, err := s.Demo.Mails(v.ctx())
	if err != nil {
		return err
	}
	mails := make([]demopages.Mail, 0, len(list))
	for _, m := range list {
		mails = append(mails, demopages.Mail(m))
	}
	return v.show(demopages.Mails(mails))
}

// mailPolicy shows a mail as a mail program does: its own styles, nothing loaded, nothing run.
const mailPolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-popups allow-top-navigation-by-user-activation; frame-ancestors 'none'"

func (s *site) demoMail(v *visit) error {
	list, err := s.Demo.Mails(v.ctx())
	if err != nil {
		return err
	}
	for _, m := range list {
		if m.ID == v.param("id") && m.HTML != "" {
			v.c.Set(fiber.HeaderContentSecurityPolicy, mailPolicy)
			v.c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
			return v.c.SendString(m.HTML)
		}
	}
	return errs.Missing("mail")
}
