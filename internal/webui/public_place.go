package webui

import (
	"context"
	"errors"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/web/pages/public"
	"github.com/orynda/orynda/web/ui"
)

func itoa(n int) string { return strconv.Itoa(n) }

// mostSimilar is how many places like it a page shows.
const mostSimilar = 3

// place is the page of one place; for strangers a closed one is gone, with others like it.
func (s *site) place(v *visit) error {
	view, err := s.Placements.Get(v.ctx(), v.actor, v.param("id"))
	if err != nil {
		return err
	}
	if view.Gone {
		return v.send(fiber.StatusGone, public.Gone(public.GoneData{
			Reference: view.Place.Reference, Reason: ui.TOr(v.ctx(), "", "state.placement.closed."+string(view.Place.ClosedReason)),
			Similar: s.places(v.ctx(), view.Similar),
		}))
	}
	d, err := s.placeData(v, view)
	if err != nil {
		return err
	}
	return v.show(public.Place(d))
}

// placeData gathers what the page of a place shows.
func (s *site) placeData(v *visit, view *placements.View) (public.PlaceData, error) {
	ctx, p := v.ctx(), view.Place
	d := public.PlaceData{
		ID: p.ID, Reference: p.Reference, Title: ui.In(ctx, p.Title), TitleLang: ui.InLang(ctx, p.Title), Summary: ui.In(ctx, p.Summary),
		SummaryLang: ui.InLang(ctx, p.Summary), Tasks: blocks(ui.In(ctx, p.Tasks)), TasksLang: ui.InLang(ctx, p.Tasks), Conditions: blocks(p.Conditions),
		Enterprise: public.Named{Path: "/enterprises/" + p.EnterpriseID, Name: view.Enterprise.Name}, Verified: verified(view.Enterprise), City: s.cityOf(ctx, p),
		Mentor: view.MentorName, Skills: p.Skills, Seats: seatsOf(view.Sheet), Pay: payWords(ctx, p.Compensation),
		Answers: answerWords(ctx, view.Rate), WithoutRegister: p.Regime == placements.R361, Live: p.State == placements.Published,
		State: ui.TOr(ctx, "", "state.placement."+string(p.State)),
	}
	d.Trade, d.TradeLang = s.trade(ctx, p)
	for _, m := range p.Modules {
		d.Modules = append(d.Modules, public.Module{Name: ui.In(ctx, m.Name), Lang: ui.InLang(ctx, m.Name), Hours: m.Hours, EnterpriseHours: m.EnterpriseHours})
	}
	if len(p.Modules) > 0 {
		d.Share = fraction(ctx, p.SharePercent())
	}
	for _, w := range p.Workplaces {
		d.Workplaces = append(d.Workplaces, public.Workplace{Address: s.address(ctx, w.Region, w.City, w.Address), Kind: ui.TOr(ctx, "", "value.workplace_kind."+string(w.Kind))})
	}
	if _, ok := p.DaysLeft(ui.Of(ctx).Now); ok {
		d.Clock = ui.DayClock("", p.ApplyBy)
		d.Clock.From = p.PublishedAt
	}
	d.Time, d.Care, d.Safety = timeRows(ctx, p), careRows(ctx, p), safetyRows(ctx, p)
	if d.Live {
		d.JSONLD = s.jobPosting(ctx, view)
		d.Card = "/placements/" + p.ID + "/card.png?lang=" + string(v.lang)
	}
	return d, s.aroundPlace(v, view, &d)
}

// aroundPlace adds who it is open to, what the reader may do, and places like it.
func (s *site) aroundPlace(v *visit, view *placements.View, d *public.PlaceData) (err error) {
	ctx, p := v.ctx(), view.Place
	if d.Colleges, err = s.collegeNames(ctx, p); err != nil {
		return err
	}
	if p.OpenToCitizens {
		d.Citizens = v.say("site.public.place.citizens")
	}
	if view.Inner {
		d.Manage = "/enterprises/" + p.EnterpriseID + "/desk"
		if v.actor.MemberOf(p.EnterpriseID, accounts.RoleAdmin, accounts.RoleHR, accounts.RoleInterviewer) {
			d.Manage = "/placements/" + p.ID + "/applicants"
		}
	}
	if err := s.readersPart(v, view, d); err != nil {
		return err
	}
	if err := s.savedPart(v, d); err != nil {
		return err
	}
	if !d.Live || s.Placements.Similar == nil {
		return nil
	}
	ids, err := s.Placements.Similar(ctx, p)
	if err != nil {
		// Places like it are an offer; the page answers without them.
		s.Log.WarnContext(ctx, "similar places", "placement", p.ID, "error", err.Error())
		return nil
	}
	views, err := s.Placements.PublicViews(ctx, ids[:min(len(ids), mostSimilar)])
	d.Similar = s.places(ctx, views)
	return err
}

// readersPart says how the place concerns the reader: whether an application is taken, and what became of the reader's own.
func (s *site) readersPart(v *visit, view *placements.View, d *public.PlaceData) error {
	refusal := view.Sheet.CanApply(ui.Of(v.ctx()).Now)
	prospect, err := s.Selection.Prospect(v.ctx(), v.actor, view.Place)
	if err != nil {
		return err
	}
	if prospect != nil {
		refusal = prospect.Refusal
		if prospect.TradeMismatch {
			d.Warning = v.say("notice.trade_mismatch")
		}
		if prospect.App != nil {
			d.Own = &public.Named{Path: "/applications/" + prospect.App.ID, Name: ui.TOr(v.ctx(), "", "state.application."+string(prospect.App.State))}
		}
	}
	d.Refusal = v.refusal(refusal)
	var typed *errs.Error
	if errors.As(refusal, &typed) && (typed.Code == "email_unverified" || typed.Kind == errs.Unauthorized) {
		d.Refusal = "" // the form of the application leads on
	}
	d.CanApply = view.Place.State == placements.Published && d.Refusal == "" && (v.actor.Anonymous() || prospect != nil)
	return nil
}

func timeRows(ctx context.Context, p *placements.Placement) []ui.Row {
	rows := []ui.Row{
		{Term: ui.T(ctx, "site.public.place.period"), Text: ui.T(ctx, "site.public.place.from_to", "from", ui.Day(ctx, p.StartsOn), "to", ui.Day(ctx, p.EndsOn))},
		{Term: ui.T(ctx, "site.public.place.hours"), Text: ui.T(ctx, "value.weekly_hours", "Count", p.WeeklyHours), Note: nightWords(ctx, p.NightWork)},
	}
	if p.TimeModel != "" {
		rows = append(rows, ui.Row{
			Term: ui.T(ctx, "site.public.place.time_model"), Text: ui.T(ctx, "facet.time_model."+string(p.TimeModel)), Note: ui.T(ctx, "site.public.place.time_model."+string(p.TimeModel)),
		})
	}
	if len(p.Languages) > 0 {
		text := ""
		for i, l := range p.Languages {
			if i > 0 {
				text += ", "
			}
			text += ui.T(ctx, "value.language."+string(l))
		}
		rows = append(rows, ui.Row{Term: ui.T(ctx, "site.public.place.languages"), Text: text})
	}
	return rows
}

func nightWords(ctx context.Context, night bool) string {
	return ui.T(ctx, "site.public.place.night."+strconv.FormatBool(night))
}

// careRows are money, food, housing and transport; what isn't given is said too, because parents ask.
func careRows(ctx context.Context, p *placements.Placement) []ui.Row {
	yes := func(given bool) string { return ui.T(ctx, "site.public.place.given."+strconv.FormatBool(given)) }
	rows := []ui.Row{{Term: ui.T(ctx, "site.public.place.pay"), Text: payWords(ctx, p.Compensation), Note: payNote(ctx, p)}}
	return append(rows,
		ui.Row{Term: ui.T(ctx, "site.public.place.meals"), Text: yes(p.Benefits.Meals)},
		ui.Row{Term: ui.T(ctx, "site.public.place.dormitory"), Text: yes(p.Benefits.Dormitory)},
		ui.Row{Term: ui.T(ctx, "site.public.place.transport"), Text: yes(p.Benefits.Transport)},
		ui.Row{Term: ui.T(ctx, "site.public.place.clothing"), Text: yes(p.Benefits.Clothing)},
	)
}

func payNote(ctx context.Context, p *placements.Placement) string {
	if p.Regime == placements.R361 {
		return ""
	}
	return ui.T(ctx, "site.public.place.pay_note")
}

func safetyRows(ctx context.Context, p *placements.Placement) []ui.Row {
	var rows []ui.Row
	if p.MinAge > 0 {
		rows = append(rows, ui.Row{Term: ui.T(ctx, "site.public.place.min_age"), Text: ui.T(ctx, "value.min_age", "Count", p.MinAge), Note: ui.T(ctx, "site.public.place.min_age_note")})
	}
	rows = append(rows,
		ui.Row{Term: ui.T(ctx, "site.public.place.hazard"), Text: ui.T(ctx, "site.public.place.hazard."+strconv.FormatBool(p.Hazardous))},
		ui.Row{Term: ui.T(ctx, "site.public.place.protection"), Text: ui.T(ctx, "site.public.place.protection_text")},
	)
	if p.Insurance.Taken != nil {
		rows = append(rows, ui.Row{
			Term: ui.T(ctx, "site.public.place.insurance"), Text: ui.T(ctx, "value.insurance."+strconv.FormatBool(*p.Insurance.Taken)), Note: p.Insurance.Note,
		})
	}
	return rows
}

// langOf reads the language of a picture or a feed from its question.
func langOf(text string) i18n.Lang {
	for _, l := range i18n.Langs() {
		if string(l) == text {
			return l
		}
	}
	return i18n.KK
}
