// Package httpd is the fiber application that both edges mount on: request ids, deadlines, sign-in, languages, limits, headers, and
// the one place that turns errors into answers.
//
// *fiber.Ctx never leaves the edges: handlers get a context.Context that carries the actor, the language and the request id.
// Strings from a request may be kept, because the application runs with Immutable (without it fiber reuses their memory).
package httpd

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/recover"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/id"
)

// Limits of a request. Reports of bulk imports are the largest bodies.
const (
	BodyLimit      = 20 << 20
	requestTimeout = 20 * time.Second
	idleTimeout    = 90 * time.Second
)

// Config is what the application needs.
type Config struct {
	Catalogue *i18n.Catalogue
	Log       *slog.Logger
	// Authenticate turns a bearer token into the actor of this moment, with the memberships read now. The error is errs.Unauthorized.
	Authenticate func(ctx context.Context, token string) (accounts.Actor, error)
	// TrustedProxies are the addresses or networks whose X-Forwarded-For is believed.
	TrustedProxies []string
	// Begin is told of each request and gives what is told of its end: the route's pattern and the status. nil for nobody.
	Begin func(method string) (end func(route string, status int))
	// Page answers a refusal as a page, where a page was asked for; it tells whether it did. nil where there are no pages. Requests that are refused
	// before they have an id (a body that is too long) come here too.
	Page func(c *fiber.Ctx, e *errs.Error) (bool, error)
	// HTTPS says that the public address is https, so that browsers may be told to insist on it.
	HTTPS bool
}

// New makes the application. Routes are mounted on it by the edges.
func New(cfg Config) *fiber.App {
	e := &edge{cfg: cfg}
	app := fiber.New(fiber.Config{
		AppName:                 "orynda",
		Immutable:               true,
		DisableStartupMessage:   true,
		BodyLimit:               BodyLimit,
		ReadTimeout:             requestTimeout + 10*time.Second,
		IdleTimeout:             idleTimeout,
		ErrorHandler:            e.answerError,
		EnableTrustedProxyCheck: true,
		TrustedProxies:          cfg.TrustedProxies,
		ProxyHeader:             proxyHeader(cfg.TrustedProxies),
	})
	app.Use(e.begin)
	app.Use(recover.New(recover.Config{EnableStackTrace: true, StackTraceHandler: e.panicked}))
	app.Use(e.signIn)
	return app
}

// proxyHeader believes the header only where proxies are named.
func proxyHeader(proxies []string) string {
	if len(proxies) == 0 {
		return ""
	}
	return fiber.HeaderXForwardedFor
}

type edge struct{ cfg Config }

// begin gives the request its id, language, deadline and safe headers, and logs it once at its end.
func (e *edge) begin(c *fiber.Ctx) error {
	start := time.Now()
	end := func(string, int) {}
	if e.cfg.Begin != nil {
		end = e.cfg.Begin(c.Method())
	}
	r := &request{id: id.New("req"), lang: i18n.Negotiate(c.Get(fiber.HeaderAcceptLanguage)), address: c.IP()}
	ctx, cancel := context.WithTimeout(context.WithValue(c.UserContext(), requestKey{}, r), requestTimeout)
	defer cancel()
	c.SetUserContext(ctx)
	c.Set("X-Request-Id", r.id)
	c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	c.Set(fiber.HeaderXFrameOptions, "DENY")
	c.Set(fiber.HeaderReferrerPolicy, "strict-origin-when-cross-origin")
	c.Set(fiber.HeaderContentSecurityPolicy, "default-src 'none'; frame-ancestors 'none'")
	if e.cfg.HTTPS {
		c.Set(fiber.HeaderStrictTransportSecurity, "max-age=31536000")
	}
	// Rendered here, so that the log line below sees the final status.
	if err := c.Next(); err != nil {
		if err := e.answerError(c, err); err != nil {
			return err
		}
	}
	end(c.Route().Path, c.Response().StatusCode())
	e.cfg.Log.LogAttrs(ctx, slog.LevelDebug, "request",
		slog.String("request_id", r.id), slog.String("method", c.Method()), slog.String("route", c.Route().Path),
		slog.Int("status", c.Response().StatusCode()), slog.Duration("took", time.Since(start)), slog.String("actor", r.actor.ID()))
	return nil
}

// signIn reads the bearer token, if there is one. A bad token is refused even where none is needed: its owner believes to be signed in.
func (e *edge) signIn(c *fiber.Ctx) error {
	header := c.Get(fiber.HeaderAuthorization)
	if header == "" {
		return c.Next()
	}
	scheme, token, ok := strings.Cut(header, " ")
	if !ok || !strings.EqualFold(scheme, "bearer") {
		return errs.New(errs.Unauthorized, "unauthorized")
	}
	actor, err := e.cfg.Authenticate(c.UserContext(), strings.TrimSpace(token))
	if err != nil {
		return err
	}
	requestOf(c.UserContext()).actor = actor
	return c.Next()
}

func (e *edge) panicked(c *fiber.Ctx, value any) {
	e.cfg.Log.ErrorContext(c.UserContext(), "panic", "request_id", RequestID(c.UserContext()), "value", value)
}

// answerError is the one place that turns an error into an answer, and logs what must stay inside.
func (e *edge) answerError(c *fiber.Ctx, err error) error {
	ctx := c.UserContext()
	typed := classify(err)
	if typed.Kind == errs.Internal {
		e.cfg.Log.ErrorContext(ctx, "internal error", "request_id", RequestID(ctx), "route", c.Route().Path, "error", err.Error())
	}
	lang := Lang(ctx)
	p := NewProblem(typed, e.cfg.Catalogue, lang, RequestID(ctx))
	if typed.RetryAfter > 0 {
		c.Set(fiber.HeaderRetryAfter, seconds(typed.RetryAfter))
	}
	if p.CurrentVersion > 0 {
		c.Set(fiber.HeaderETag, ETag(p.CurrentVersion))
	}
	if typed.Kind == errs.Unauthorized {
		c.Set(fiber.HeaderWWWAuthenticate, `Bearer realm="orynda"`)
	}
	c.Set(fiber.HeaderContentLanguage, string(lang))
	if e.cfg.Page != nil {
		if done, err := e.cfg.Page(c, typed); done || err != nil {
			return err
		}
	}
	return c.Status(p.Status).JSON(p, "application/problem+json")
}

// oneAbsence gives everything that isn't there the same code and sentence as what is hidden from the reader: else the difference would tell which
// hidden things exist.
func oneAbsence(e *errs.Error) *errs.Error {
	if e.Kind == errs.NotFound && strings.HasSuffix(e.Code, "_not_found") {
		return errs.New(errs.NotFound, "not_found").WithCause(e)
	}
	return e
}

// classify finds the typed error; fiber's own errors (unknown route, malformed body) become typed here.
func classify(err error) *errs.Error {
	var typed *errs.Error
	if errors.As(err, &typed) {
		return oneAbsence(typed)
	}
	var fe *fiber.Error
	if errors.As(err, &fe) {
		switch fe.Code {
		case fiber.StatusNotFound:
			return errs.New(errs.NotFound, "not_found")
		case fiber.StatusMethodNotAllowed:
			return errs.New(errs.NotFound, "method_not_allowed")
		case fiber.StatusRequestEntityTooLarge:
			return errs.New(errs.TooLarge, "payload_too_large")
		case fiber.StatusRequestTimeout:
			return errs.New(errs.Unavailable, "busy")
		}
		if fe.Code >= 400 && fe.Code < 500 {
			return errs.New(errs.Invalid, "bad_request")
		}
	}
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return errs.New(errs.Unavailable, "busy").WithCause(err)
	}
	return errs.New(errs.Internal, "internal").WithCause(err)
}
