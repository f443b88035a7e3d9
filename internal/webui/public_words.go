package webui

import (
	"context"
	"math"
	"strconv"
	"strings"

	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/finding"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/web/pages/public"
	"github.com/orynda/orynda/web/ui"
)

// results words the places found, without asking any service: what they show is in the views.
func (s *site) results(ctx context.Context, list []finding.Item) []public.Result {
	out := make([]public.Result, 0, len(list))
	for _, i := range list {
		r := s.result(ctx, i.View)
		r.TitleMarked, r.EnterpriseMarked = i.Highlights["title"], i.Highlights["enterprise"]
		if i.DistanceKM != nil {
			r.Distance = ui.T(ctx, "site.public.distance", "km", distance(ctx, *i.DistanceKM))
		}
		out = append(out, r)
	}
	return out
}

// places words places that were not searched for.
func (s *site) places(ctx context.Context, list []*placements.View) []public.Result {
	out := make([]public.Result, 0, len(list))
	for _, v := range list {
		out = append(out, s.result(ctx, v))
	}
	return out
}

// distance rounds as people say it: below ten kilometres to one digit.
func distance(ctx context.Context, km float64) string {
	if km < 10 {
		return fraction(ctx, math.Round(km*10)/10)
	}
	return ui.Number(int(math.Round(km)))
}

// fraction writes a fraction with the comma of Kazakh and Russian, or the point of English.
func fraction(ctx context.Context, n float64) string {
	text := strconv.FormatFloat(n, 'f', -1, 64)
	if ui.Of(ctx).Lang != i18n.EN {
		text = strings.Replace(text, ".", ",", 1)
	}
	return text
}

func (s *site) result(ctx context.Context, v *placements.View) public.Result {
	p, now := v.Place, ui.Of(ctx).Now
	r := public.Result{
		ID:   p.ID,
		Path: "/placements/" + p.ID, Title: ui.In(ctx, p.Title), TitleLang: ui.InLang(ctx, p.Title), Enterprise: v.Enterprise.Name, City: s.cityOf(ctx, p),
		Pay: payWords(ctx, p.Compensation), Hours: ui.T(ctx, "value.weekly_hours", "Count", p.WeeklyHours),
		Start: ui.T(ctx, "site.public.starts", "day", ui.Day(ctx, p.StartsOn)), Seats: seatsOf(v.Sheet), Answers: answerWords(ctx, v.Rate),
	}
	if _, ok := p.DaysLeft(now); ok {
		r.Clock = ui.DayClock("", p.ApplyBy)
		r.Clock.From = p.PublishedAt
	}
	for _, b := range p.Badges(now) {
		r.Badges = append(r.Badges, ui.T(ctx, "site.public.badge."+b))
	}
	return r
}

// cityOf names the town of the first workplace, and how many more there are.
func (s *site) cityOf(ctx context.Context, p *placements.Placement) string {
	if len(p.Workplaces) == 0 {
		return ""
	}
	w := p.Workplaces[0]
	name := s.Reference.CityName(w.Region, w.City, ui.Of(ctx).Lang)
	towns := map[string]bool{}
	for _, w := range p.Workplaces {
		towns[w.City] = true
	}
	if more := len(towns) - 1; more > 0 {
		return ui.T(ctx, "site.public.towns", "town", name, "Count", more)
	}
	return name
}

// seatsOf is the row of squares. Open offers and matches both take a seat; which of them is nobody else's business.
func seatsOf(sh *placements.Sheet) ui.Seats {
	if sh == nil {
		return ui.Seats{}
	}
	free := sh.Free()
	return ui.Seats{Free: free, Taken: max(0, sh.Seats-free)}
}

// payWords says what is paid; that nothing is paid it says too.
func payWords(ctx context.Context, c placements.Compensation) string {
	switch c.Kind {
	case placements.PayMonthly:
		return ui.T(ctx, "site.public.pay.monthly", "amount", ui.Money(int(c.Amount)))
	case placements.PayTotal:
		return ui.T(ctx, "site.public.pay.total", "amount", ui.Money(int(c.Amount)))
	case placements.PayNone:
		return ui.T(ctx, "site.public.pay.none")
	}
	return ""
}

// answerWords says how an enterprise answers; "" under the number of cases from which it is shown.
func answerWords(ctx context.Context, r placements.Rate) string {
	if !r.Shown() {
		return ""
	}
	return rateWords(ctx, r.Share(), r.Days(), r.Answered > 0)
}

func rateWords(ctx context.Context, share float64, days int, known bool) string {
	percent := int(math.Round(share * 100))
	if !known {
		return ui.T(ctx, "site.public.answers_none")
	}
	return ui.T(ctx, "site.public.answers", "percent", percent, "Count", max(1, days))
}

// address writes a stored address with its town and region in the reader's language.
func (s *site) address(ctx context.Context, region, city, street string) string {
	lang := ui.Of(ctx).Lang
	out := s.Reference.CityName(region, city, lang)
	if r, ok := s.Reference.Region(region); ok && r.Name.In(lang) != out {
		out = r.Name.In(lang) + ", " + out
	}
	if street != "" {
		out += ", " + street
	}
	return out
}

// trade names what a place trains for.
func (s *site) trade(ctx context.Context, p *placements.Placement) (name, lang string) {
	if t, ok := s.Reference.Trade(p.QualificationCode); ok {
		return ui.In(ctx, t.Name), ui.InLang(ctx, t.Name)
	}
	if g, ok := s.Reference.Programme(p.ProgrammeCode); ok {
		return ui.In(ctx, g.Name), ui.InLang(ctx, g.Name)
	}
	return "", ui.Lang(ctx)
}

// collegeNames names the institutions that a place is open to, in one read; none means every one of its Rules.
func (s *site) collegeNames(ctx context.Context, p *placements.Placement) ([]public.Named, error) {
	if len(p.Colleges) == 0 {
		return nil, nil
	}
	found, err := s.Directory.Colleges(ctx, p.Colleges...)
	if err != nil {
		return nil, err
	}
	var out []public.Named
	for _, id := range p.Colleges {
		if c := found[id]; c != nil {
			out = append(out, public.Named{Path: "/colleges/" + id, Name: c.Name})
		}
	}
	return out, nil
}

// verified reports whether a chamber has confirmed the enterprise.
func verified(e *directory.Enterprise) bool { return e.State == directory.EnterpriseVerified }
