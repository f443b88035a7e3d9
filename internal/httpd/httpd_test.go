package httpd_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/httpd"
	"github.com/orynda/orynda/internal/i18n"
)

// application is the edge with a few routes, and the log it writes.
func application(t *testing.T) (*fiber.App, *strings.Builder) {
	t.Helper()
	say, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	log := &strings.Builder{}
	app := httpd.New(httpd.Config{
		Catalogue: say, Log: slog.New(slog.NewTextHandler(log, nil)),
		Authenticate: func(_ context.Context, token string) (accounts.Actor, error) {
			if token != "good" {
				return accounts.Actor{}, errs.New(errs.Unauthorized, "unauthorized")
			}
			return accounts.Actor{PersonID: "psn_1"}, nil
		},
	})
	return app, log
}

func ask(t *testing.T, app *fiber.App, path string, headers ...string) (int, map[string]any, map[string][]string) {
	t.Helper()
	req := httptest.NewRequest("GET", path, nil)
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := app.Test(req, -1)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	var body map[string]any
	_ = json.Unmarshal(raw, &body) // plain answers leave it empty
	return res.StatusCode, body, res.Header
}

func TestInternalErrorsStayInside(t *testing.T) {
	app, log := application(t)
	app.Get("/boom", func(*fiber.Ctx) error { return errors.New("dial tcp 10.1.2.3: the password is 1234") })
	app.Get("/panic", func(*fiber.Ctx) error { panic("secret state") })
	for _, path := range []string{"/boom", "/panic"} {
		status, body, _ := ask(t, app, path, "Accept-Language", "ru")
		text, _ := json.Marshal(body)
		if status != 500 || body["code"] != "internal" {
			t.Errorf("%s: %d %s", path, status, text)
		}
		if strings.Contains(string(text), "password") || strings.Contains(string(text), "secret") {
			t.Errorf("%s tells what is inside: %s", path, text)
		}
		if !strings.Contains(log.String(), body["request_id"].(string)) {
			t.Errorf("%s: the log doesn't name the request", path)
		}
	}
}

func TestProblemsSpeakTheReadersLanguage(t *testing.T) {
	app, _ := application(t)
	app.Get("/busy", func(*fiber.Ctx) error { return errs.New(errs.Unavailable, "busy").After(1500 * time.Millisecond) })
	for lang, word := range map[string]string{"kk": "қайталаңыз", "ru": "Повторите", "en": "Try again", "fr": "қайталаңыз"} {
		status, body, header := ask(t, app, "/busy", "Accept-Language", lang)
		if status != 503 || !strings.Contains(body["detail"].(string), word) {
			t.Errorf("%s: %d %v", lang, status, body["detail"])
		}
		if header["Retry-After"][0] != "2" || header["Content-Type"][0] != "application/problem+json" {
			t.Errorf("headers %v", header)
		}
	}
}

func TestABadTokenIsRefusedEverywhere(t *testing.T) {
	app, _ := application(t)
	app.Get("/who", func(c *fiber.Ctx) error { return c.JSON(fiber.Map{"person": httpd.Actor(c.UserContext()).PersonID}) })
	for header, want := range map[string]int{"": 200, "Bearer good": 200, "bearer good": 200, "Bearer bad": 401, "Basic good": 401, "good": 401, "Bearer ": 401} {
		status, body, answered := ask(t, app, "/who", "Authorization", header)
		if status != want {
			t.Errorf("%q: %d, want %d", header, status, want)
		}
		if want == 401 && len(answered["Www-Authenticate"]) == 0 {
			t.Errorf("%q: no challenge", header)
		}
		if strings.HasSuffix(header, "earer good") && body["person"] != "psn_1" {
			t.Errorf("%q: %v", header, body)
		}
	}
}

// Without Immutable, fiber reuses the memory of parameters: what a handler kept would change under it.
func TestKeptParametersDontChange(t *testing.T) {
	app, _ := application(t)
	var kept []string
	app.Get("/slots/:id", func(c *fiber.Ctx) error {
		kept = append(kept, c.Params("id"))
		return c.SendStatus(200)
	})
	for _, id := range []string{"AAAA", "BBBB", "CCCC"} {
		ask(t, app, "/slots/slot-"+id)
	}
	if got := strings.Join(kept, " "); got != "slot-AAAA slot-BBBB slot-CCCC" {
		t.Errorf("kept: %s", got)
	}
}

func TestEveryRequestHasADeadlineAndSafeHeaders(t *testing.T) {
	app, _ := application(t)
	app.Get("/deadline", func(c *fiber.Ctx) error {
		_, ok := c.UserContext().Deadline()
		return c.JSON(fiber.Map{"deadline": ok, "id": httpd.RequestID(c.UserContext())})
	})
	_, body, header := ask(t, app, "/deadline")
	if body["deadline"] != true || body["id"] == "" {
		t.Errorf("%v", body)
	}
	for _, name := range []string{"X-Request-Id", "X-Content-Type-Options", "Content-Security-Policy", "X-Frame-Options"} {
		if len(header[name]) == 0 {
			t.Errorf("no header %s", name)
		}
	}
}

func TestExpected(t *testing.T) {
	text := func(s string) *string { return &s }
	for _, c := range []struct {
		header *string
		want   int64
		bad    bool
	}{{nil, 0, false}, {text("*"), 0, false}, {text(`"7"`), 7, false}, {text(`W/"7"`), 7, false}, {text("7"), 7, false}, {text(`"x"`), 0, true}, {text(`"-1"`), 0, true}, {text(`"0"`), 0, true}} {
		got, err := httpd.Expected(c.header)
		if got != c.want || (err != nil) != c.bad {
			t.Errorf("%v: %d, %v", c.header, got, err)
		}
	}
	if httpd.ETag(7) != `"7"` {
		t.Error("an entity tag is a quoted version")
	}
}
