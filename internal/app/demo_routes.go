package app

import (
	"encoding/json"
	"regexp"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/orynda/orynda/internal/errs"
)

// mountDemo adds what only the demo has: its mails to read and its clock to move.
func (a *App) mountDemo(app *fiber.App) {
	app.Get("/demo/mail", a.demoMail)
	app.Get("/demo/clock", func(c *fiber.Ctx) error { return c.JSON(fiber.Map{"now": a.clock.Now()}) })
	app.Post("/demo/clock", a.advanceDemoClock)
}

// mostDemoMails is how many mails one answer shows.
const mostDemoMails = 100

func (a *App) demoMail(c *fiber.Ctx) error {
	items, err := a.demoBox.List(c.UserContext(), c.Query("to"), mostDemoMails)
	if err != nil {
		return err
	}
	return c.JSON(fiber.Map{"items": items})
}

func (a *App) advanceDemoClock(c *fiber.Ctx) error {
	var in struct {
		Advance string `json:"advance"`
	}
	if json.Unmarshal(c.Body(), &in) != nil {
		return errs.InvalidFields([]errs.Field{{Field: "advance", Code: "bad_format"}})
	}
	if err := a.advanceDemo(c.UserContext(), in.Advance); err != nil {
		return err
	}
	return c.JSON(fiber.Map{"now": a.clock.Now()})
}

// isoDuration is what the demo's clock reads of ISO 8601: weeks, days, hours, minutes and seconds.
const isoDuration = `^P(?:(\d{1,3})W)?(?:(\d{1,4})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,8})S)?)?$`

func parseDuration(s string) (time.Duration, bool) {
	m := regexp.MustCompile(isoDuration).FindStringSubmatch(s)
	if m == nil || s == "P" || s[len(s)-1] == 'T' {
		return 0, false
	}
	units := []time.Duration{7 * 24 * time.Hour, 24 * time.Hour, time.Hour, time.Minute, time.Second}
	var sum time.Duration
	for i, unit := range units {
		n, _ := strconv.Atoi("0" + m[i+1]) // digits only, and few: the pattern says so
		sum += time.Duration(n) * unit
	}
	return sum, true
}
