package webui

import (
	"context"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/web/pages/public"
	"github.com/orynda/orynda/web/ui"
)

func publicDay(ctx context.Context, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return ui.Day(ctx, cal.DayOf(t))
}

// longestCode bounds what is taken for a code.
const longestCode = 64

// verifyField is the field for a code; a code that was sent leads to its page.
func (s *site) verifyField(v *visit) error {
	code := strings.TrimSpace(v.query("code"))
	if code == "" {
		return v.show(public.Verify(public.VerifyData{}))
	}
	if len(code) > longestCode {
		return v.send(fiber.StatusNotFound, public.Verify(public.VerifyData{Unknown: true}))
	}
	return v.c.Redirect(ui.Link(v.ctx(), "/verify/"+url.PathEscape(code)), fiber.StatusSeeOther)
}

// verifyCode is what anyone may know of an agreement.
func (s *site) verifyCode(v *visit) error {
	code, err := url.PathUnescape(v.param("code"))
	if err != nil {
		code = ""
	}
	hash := strings.ToLower(strings.TrimSpace(v.query("document_sha256")))
	d := public.VerifyData{Code: code, HashBad: hash != "" && !regexp.MustCompile(`^[0-9a-f]{64}$`).MatchString(hash)}
	if d.HashBad {
		hash = ""
	}
	found, err := s.Agreements.Verify(v.ctx(), code, hash, v.lang)
	if errs.KindOf(err) == errs.NotFound || len(code) > longestCode {
		d.Unknown = true
		return v.send(fiber.StatusNotFound, public.Verify(d))
	}
	if err != nil {
		return err
	}
	ctx, a := v.ctx(), found.Agreement
	d.Code, d.Found, d.Valid, d.SHA256, d.Matches = found.Code, true, found.Valid, found.SHA256, found.Matches
	d.State, d.CheckedAt = ui.TOr(ctx, "", "state.agreement."+string(a.State)), ui.Moment(ctx, found.CheckedAt)
	for _, o := range found.Organisations {
		d.Parties = append(d.Parties, public.Party{Role: v.say("agreement.party." + string(o.Party)), Name: o.Name, BIN: o.BIN})
	}
	for _, m := range found.Signatures {
		d.Signatures = append(d.Signatures, public.Signature{
			Party: v.say("agreement.party." + string(m.Party)), At: ui.Moment(ctx, m.At), Assurance: v.say("site.public.verify.assurance." + string(m.Assurance)),
		})
	}
	d.Rows = []ui.Row{
		{Term: v.say("site.public.verify.period"), Text: v.say("site.public.place.from_to", "from", ui.Day(ctx, a.Terms.StartsOn), "to", ui.Day(ctx, a.Terms.EndsOn))},
		{Term: v.say("site.public.verify.rules"), Text: v.say("value.regime." + string(a.Regime))},
	}
	if found.SHA256 == "" {
		return v.show(public.Verify(d))
	}
	completed, terminated := a.EndedOn()
	d.Number, d.Assurance = a.Number, v.say("site.public.verify.assurance."+string(found.Assurance)+".says")
	d.Rows = append(d.Rows,
		ui.Row{Term: v.say("site.public.verify.concluded"), Text: publicDay(ctx, a.ConcludedAt)},
		ui.Row{Term: v.say("site.public.verify.completed"), Text: ui.Day(ctx, completed)},
		ui.Row{Term: v.say("site.public.verify.terminated"), Text: ui.Day(ctx, terminated)},
	)
	if reg := a.Registration; reg != nil {
		d.RegisterNumber = reg.Number
		d.Rows = append(d.Rows, ui.Row{Term: v.say("site.public.verify.registered"), Text: publicDay(ctx, reg.At)})
	}
	return v.show(public.Verify(d))
}
