package webui

import (
	"bytes"
	"context"
	"errors"
	"net/url"
	"strings"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/httpd"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/web/ui"
)

// pagePolicy lets a page load its own files and nothing else, and send forms home only.
const pagePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// visit is one request to the site, with its reader and the page being made.
type visit struct {
	c     *fiber.Ctx
	site  *site
	lang  i18n.Lang
	actor accounts.Actor
	page  *ui.Page
	// personal says that the page holds what belongs to this browser alone: it is kept by nobody.
	personal bool
}

// privately is how what belongs to one reader is kept: by nobody.
const privately = "private, no-store"

// onPage marks requests whose refusals are shown as pages.
const onPage = "orynda.page"

// visited makes the visit of a request: who reads it, in which language.
func (s *site) visited(lang i18n.Lang, h handler) fiber.Handler {
	return func(c *fiber.Ctx) error {
		v, err := s.visit(c, lang)
		if err != nil {
			return err
		}
		return h(v)
	}
}

// visit makes the page before it learns who reads it, so that a refusal on the way is a page too.
func (s *site) visit(c *fiber.Ctx, lang i18n.Lang) (*visit, error) {
	ctx := c.UserContext()
	httpd.Speak(ctx, lang)
	c.Set(fiber.HeaderContentSecurityPolicy, pagePolicy)
	c.Set(fiber.HeaderContentLanguage, string(lang))
	c.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(self), payment=()")
	c.Set("Cross-Origin-Opener-Policy", "same-origin")
	v := &visit{c: c, site: s, lang: lang}
	v.page = &ui.Page{
		Lang: lang, Catalogue: s.Catalogue, Path: pagePath(c, lang), PublicURL: s.PublicURL, Now: s.Clock.Now(), CSRF: v.proof, Assets: s.assets.url,
	}
	c.SetUserContext(ui.With(ctx, v.page))
	c.Locals(onPage, v)
	if err := s.recognise(v); err != nil {
		return nil, err
	}
	if err := s.introduce(v); err != nil {
		return nil, err
	}
	v.page.Notice, v.page.NoticeBad = v.keptNotice()
	return v, nil
}

// address is the path that was asked for with its question, without the host that may stand before it in a request as proxies get it.
func address(c *fiber.Ctx) string {
	uri := c.Request().URI()
	if q := uri.QueryString(); len(q) > 0 {
		return string(uri.PathOriginal()) + "?" + string(q)
	}
	return string(uri.PathOriginal())
}

// pagePath is the address without language of the page that is shown: of a posted form that of the page it stood on, which can be read again.
func pagePath(c *fiber.Ctx, lang i18n.Lang) string {
	prefix, path := "/"+string(lang), address(c)
	if from := ownReferer(c); strings.HasPrefix(from, prefix+"/") {
		path = from
	}
	if path = strings.TrimPrefix(path, prefix); !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	return path
}

// recognise reads the session cookie. A session that is over is forgotten; its owner goes on as a stranger.
func (s *site) recognise(v *visit) error {
	token := v.cookie(sessionCookie)
	if token == "" {
		return nil
	}
	actor, next, err := s.Accounts.BrowserSession(v.ctx(), token)
	switch {
	case errs.KindOf(err) == errs.Unauthorized:
		v.forget(sessionCookie)
		return nil
	case err != nil:
		return err
	}
	if next != nil {
		v.keepSession(*next)
	}
	v.actor = actor
	v.c.Set(fiber.HeaderCacheControl, privately) // files as well as pages
	httpd.SignedIn(v.ctx(), actor)
	return nil
}

// introduce tells the page who reads it.
func (s *site) introduce(v *visit) error {
	if s.Demo != nil {
		v.page.Demo = &ui.Demo{Accounts: s.Demo.Accounts}
	}
	if v.actor.Anonymous() {
		return nil
	}
	r, err := s.reader(v.ctx(), v.actor)
	if err != nil {
		return err
	}
	v.page.Reader = r
	if v.page.Demo != nil {
		v.page.Demo.Current = r.Email
	}
	return nil
}

// reader gathers what the frame of a page says of the signed-in.
func (s *site) reader(ctx context.Context, actor accounts.Actor) (*ui.Reader, error) {
	p, err := s.Accounts.Person(ctx, actor.PersonID)
	if err != nil {
		return nil, err
	}
	wards, err := s.Directory.Wards(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	r := &ui.Reader{
		PersonID: p.ID, Name: p.FullName, Email: p.Email, Proved: actor.EmailProved, Guardian: p.Role == accounts.AsGuardian || len(wards) > 0,
		Student: p.Role == accounts.AsStudent || p.Role == accounts.AsCitizen,
	}
	if actor.EmailProved {
		if r.Unread, err = s.Notifications.CountUnread(ctx, actor); err != nil {
			return nil, err
		}
	}
	for _, m := range actor.Memberships {
		if m.Kind == accounts.KindPlatform {
			r.Admin = true
			continue
		}
		if i := homeOf(r.Homes, m.OrganisationID); i >= 0 {
			r.Homes[i].Roles = append(r.Homes[i].Roles, string(m.Role))
			continue
		}
		o, err := s.Directory.FindOrganisation(ctx, m.OrganisationID)
		if err != nil {
			return nil, err
		}
		r.Homes = append(r.Homes, ui.Home{ID: o.ID, Name: o.Name, Kind: string(o.Kind), Roles: []string{string(m.Role)}})
	}
	return r, nil
}

func homeOf(homes []ui.Home, id string) int {
	for i, h := range homes {
		if h.ID == id {
			return i
		}
	}
	return -1
}

// ctx is the context of the request; components find the page in it.
func (v *visit) ctx() context.Context { return v.c.UserContext() }

// say says a sentence of the catalogues in the page's language.
func (v *visit) say(key string, pairs ...any) string { return ui.T(v.ctx(), key, pairs...) }

// param is a part of the address; query a value of its question.
func (v *visit) param(name string) string { return v.c.Params(name) }

func (v *visit) query(name string) string { return v.c.Query(name) }

// show sends a page.
func (v *visit) show(page templ.Component) error { return v.send(fiber.StatusOK, page) }

// again sends the page of a refused form.
func (v *visit) again(page templ.Component) error {
	return v.send(fiber.StatusUnprocessableEntity, page)
}

func (v *visit) send(status int, page templ.Component) error {
	var b bytes.Buffer
	if err := page.Render(v.ctx(), &b); err != nil {
		return err
	}
	if v.page.Notice != "" && v.c.Method() != fiber.MethodHead {
		v.forget(noticeCookie)
	}
	switch {
	case v.personal || v.page.Reader != nil || v.c.Method() != fiber.MethodGet:
		v.personal = true
		v.c.Set(fiber.HeaderCacheControl, privately)
	case v.c.GetRespHeader(fiber.HeaderCacheControl) == "":
		v.c.Set(fiber.HeaderCacheControl, "private, no-cache") // who signs in sees another page at this address
	}
	v.c.Set(fiber.HeaderContentType, "text/html; charset=utf-8")
	v.c.Vary(fiber.HeaderAcceptEncoding, "HX-Request")
	v.c.Status(status)
	return v.site.pages.squeeze(v.c, b.Bytes())
}

// partial reports whether only a part of the page was asked for, by htmx.
func (v *visit) partial() bool {
	return v.c.Get("HX-Request") == "true" && v.c.Get("HX-Boosted") != "true"
}

// goTo leads on after a form was carried out. path is without language. done is the key of a sentence below site.done for the next page, "" for none.
func (v *visit) goTo(path, done string) error {
	if done != "" {
		v.keepNotice(noticeGood, v.say("site.done."+done))
	}
	return v.c.Redirect("/"+string(v.lang)+path, fiber.StatusSeeOther)
}

// back leads to an own page that a form names, else to the one given. Anything that isn't a plain own path is not followed.
func (v *visit) back(named, otherwise string) error {
	if !ownPath(named) {
		named = otherwise
	}
	return v.c.Redirect("/"+string(v.lang)+named, fiber.StatusSeeOther)
}

// ownPath reports whether a path without language leads to a page of the site: no host, no scheme, nothing a browser might read as one.
func ownPath(path string) bool {
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.ContainsAny(path, "\\\r\n\t") {
		return false
	}
	u, err := url.Parse(path)
	return err == nil && u.Host == "" && u.Scheme == ""
}

// form is what was posted.
func (v *visit) form() *ui.Form {
	values := url.Values{}
	if m, err := v.c.MultipartForm(); err == nil && m != nil {
		for k, list := range m.Value {
			values[k] = list
		}
		return ui.NewForm(values)
	}
	v.c.Request().PostArgs().VisitAll(func(k, val []byte) { values.Add(string(k), string(val)) })
	return ui.NewForm(values)
}

// refused puts an error of a service into the form that caused it, and reports whether it could: what isn't the form's fault (nobody signed in, nothing
// there, a failure inside) is for the page of refusals. rename tells the form's own name of a field; nil where they are the same.
func (v *visit) refused(err error, f *ui.Form, rename func(field string) string) bool {
	var typed *errs.Error
	if !errors.As(err, &typed) {
		return false
	}
	switch typed.Kind {
	case errs.Internal, errs.Unauthorized, errs.NotFound, errs.Gone, errs.NotImplemented:
		return false
	}
	p := httpd.NewProblem(typed, v.site.Catalogue, v.lang, "")
	f.Problem = p.Detail
	for _, e := range p.Errors {
		field := e.Field
		if rename != nil {
			field = rename(field)
		}
		f.Errors = append(f.Errors, ui.FieldError{Field: field, Message: e.Message, Source: e.Source})
	}
	return true
}

// refusal is the sentence of an error that a form may show, "" for one that it may not.
func (v *visit) refusal(err error) string {
	var typed *errs.Error
	if !errors.As(err, &typed) || typed.Kind == errs.Internal || typed.Kind == errs.NotFound {
		return ""
	}
	return httpd.NewProblem(typed, v.site.Catalogue, v.lang, "").Detail
}

// refusedAct answers a step of one button that was refused: the page it stood on (without language), with the reason on top.
func (v *visit) refusedAct(err error, page string) error {
	f := &ui.Form{}
	if !v.refused(err, f, nil) {
		return err
	}
	text := f.Problem
	for _, e := range f.Errors {
		text += " " + e.Message
	}
	v.keepNotice(noticeBad, text)
	return v.c.Redirect("/"+string(v.lang)+page, fiber.StatusSeeOther)
}

// signedIn leads strangers to the sign-in, and back afterwards. What a stranger posted is kept: see resume.
func signedIn(h handler) handler {
	return func(v *visit) error {
		if !v.actor.Anonymous() {
			return h(v)
		}
		if v.c.Method() == fiber.MethodPost {
			return v.resume("site.resume.signed_out")
		}
		return v.c.Redirect("/"+string(v.lang)+"/signin?next="+url.QueryEscape(v.page.Path), fiber.StatusSeeOther)
	}
}
