package httpapi

import (
	"context"
	"time"

	"github.com/oapi-codegen/runtime/types"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/httpapi/apigen"
	"github.com/orynda/orynda/internal/httpd"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/placements"
)

// placement is a place as the contract writes it, with the inner fields where the view has them.
func (a *PlacementsAPI) placement(ctx context.Context, v *placements.View) apigen.Placement {
	p, lang, now := v.Place, httpd.Lang(ctx), a.Clock.Now()
	out := apigen.Placement{
		ID: p.ID, Reference: p.Reference, State: apigen.PlacementState(p.State), ClosedReason: some(apigen.PlacementClosedReason(p.ClosedReason)),
		Version: p.Version, CreatedAt: p.CreatedAt, UpdatedAt: some(p.UpdatedAt), PublishedAt: some(p.PublishedAt), ClosedAt: some(p.ClosedAt),
		Enterprise: enterpriseOf(v), Regime: apigen.PlacementRegime(p.Regime), Title: texts(p.Title), Summary: textsOrNil(p.Summary),
		Tasks: textsOrNil(p.Tasks), Conditions: some(p.Conditions), Modules: modules(p.Modules),
		QualificationCode: some(p.QualificationCode), SpecialtyCode: some(p.SpecialtyCode), ProgrammeCode: some(p.ProgrammeCode),
		Level: some(apigen.PlacementLevel(p.Level)), Skills: listOf(p.Skills), Seats: some(p.Seats), Workplaces: a.workplaces(p.Workplaces, lang),
		StartsOn: dateOrNil(p.StartsOn), EndsOn: dateOrNil(p.EndsOn), ApplyFrom: dateOrNil(p.ApplyFrom), ApplyBy: dateOrNil(p.ApplyBy),
		Badges: badges[apigen.PlacementBadges](p.Badges(now)), TimeModel: some(apigen.PlacementTimeModel(p.TimeModel)), WeeklyHours: some(p.WeeklyHours),
		NightWork: p.NightWork, Compensation: compensationOrNil(p.Compensation), Insurance: insuranceOrNil(p.Insurance), Benefits: benefits(p.Benefits),
		Languages: languages(p.Languages), MinAge: some(p.MinAge), Hazardous: p.Hazardous, MentorID: some(p.MentorID), MentorName: some(v.MentorName),
		Colleges: listOf(p.Colleges), OpenToCitizens: p.OpenToCitizens, Questions: listOf(p.Questions),
	}
	if len(p.Modules) > 0 {
		share := p.SharePercent()
		out.EnterpriseSharePercent = &share
	}
	if p.Seats > 0 {
		free := v.Sheet.Free()
		out.SeatsFree = &free
	}
	if left, ok := p.DaysLeft(now); ok {
		out.DaysLeft = &left
	}
	out.QualificationName, out.SpecialtyName, out.ProgrammeName = a.tradeNames(p, lang)
	a.inner(v, &out)
	return out
}

// inner adds what only the own enterprise and the registrar see.
func (a *PlacementsAPI) inner(v *placements.View, out *apigen.Placement) {
	if v.Inner {
		p, sh := v.Place, v.Sheet
		out.AutoOffer, out.ExternalReference, out.ApplicationsOpen = &p.AutoOffer, some(p.ExternalReference), &sh.Live
		if v.SeatUse {
			out.OffersOpen, out.MatchesActive = &v.Offers, &v.Matches
		}
	}
	if len(v.Filings) == 0 {
		return
	}
	filings := make([]apigen.PlacementFiling, 0, len(v.Filings))
	for _, f := range v.Filings {
		filings = append(filings, apigen.PlacementFiling{ID: f.ID, ChamberID: f.ChamberID, Number: f.Number, State: apigen.FilingState(f.State)})
	}
	out.Filings = &filings
}

// SearchItem is a published place as search answers it: without tasks, conditions and questions. The search edge adds highlights and
// distance.
func (a *PlacementsAPI) SearchItem(ctx context.Context, v *placements.View) apigen.PlacementSearchItem {
	full := a.placement(ctx, v)
	item := apigen.PlacementSearchItem{
		ID: full.ID, Reference: full.Reference, State: full.State, Version: full.Version, CreatedAt: full.CreatedAt, UpdatedAt: full.UpdatedAt,
		PublishedAt: full.PublishedAt, Enterprise: full.Enterprise, Regime: full.Regime, Title: full.Title, Summary: deref(full.Summary),
		Modules: full.Modules, EnterpriseSharePercent: full.EnterpriseSharePercent, QualificationCode: full.QualificationCode,
		QualificationName: full.QualificationName, SpecialtyCode: full.SpecialtyCode, SpecialtyName: full.SpecialtyName,
		ProgrammeCode: full.ProgrammeCode, ProgrammeName: full.ProgrammeName, Level: full.Level, Skills: full.Skills, Seats: deref(full.Seats),
		SeatsFree: deref(full.SeatsFree), Workplaces: full.Workplaces, StartsOn: deref(full.StartsOn), EndsOn: deref(full.EndsOn),
		ApplyFrom: full.ApplyFrom, ApplyBy: deref(full.ApplyBy), DaysLeft: full.DaysLeft,
		Badges: badges[apigen.PlacementSearchItemBadges](v.Place.Badges(a.Clock.Now())), TimeModel: full.TimeModel, WeeklyHours: full.WeeklyHours,
		NightWork: full.NightWork, Compensation: deref(full.Compensation), Insurance: full.Insurance, Benefits: full.Benefits, Languages: full.Languages,
		MinAge: full.MinAge, Hazardous: full.Hazardous, MentorID: full.MentorID, MentorName: full.MentorName, Colleges: full.Colleges,
		OpenToCitizens: full.OpenToCitizens,
	}
	return item
}

func enterpriseOf(v *placements.View) apigen.PlacementEnterprise {
	out := apigen.PlacementEnterprise{ID: v.Enterprise.ID, Name: v.Enterprise.Name}
	if v.Rate.Shown() {
		share, days := v.Rate.Share(), v.Rate.Days()
		out.ResponseRate = &share
		if v.Rate.Answered > 0 {
			out.ResponseDays = &days
		}
	}
	return out
}

// tradeNames gives the names of the codes in a language.
func (a *PlacementsAPI) tradeNames(p *placements.Placement, lang i18n.Lang) (qualification, specialty, programme *string) {
	if t, ok := a.Reference.Trade(p.QualificationCode); ok {
		qualification = some(t.Name.In(lang))
	}
	if s, ok := a.Reference.Specialty(p.SpecialtyCode); ok {
		specialty = some(s.Name.In(lang))
	}
	if g, ok := a.Reference.Programme(p.ProgrammeCode); ok {
		programme = some(g.Name.In(lang))
	}
	return qualification, specialty, programme
}

func (a *PlacementsAPI) workplaces(list []placements.Workplace, lang i18n.Lang) []apigen.PlacementWorkplace {
	out := make([]apigen.PlacementWorkplace, 0, len(list))
	for _, w := range list {
		out = append(out, a.workplace(w, lang))
	}
	return out
}

func (a *PlacementsAPI) workplace(w placements.Workplace, lang i18n.Lang) apigen.PlacementWorkplace {
	out := apigen.PlacementWorkplace{
		ID: w.ID, Region: w.Region, City: a.Reference.CityName(w.Region, w.City, lang), Address: some(w.Address), Lat: &w.Lat, Lon: &w.Lon,
		Kind: some(apigen.PlacementWorkplaceKind(w.Kind)),
	}
	if r, ok := a.Reference.Region(w.Region); ok {
		out.RegionName = some(r.Name.In(lang))
	}
	return out
}

// texts is a text in its languages.
func texts(t i18n.Text) apigen.Text {
	return apigen.Text{Kk: some(t.KK), Ru: some(t.RU), En: some(t.EN)}
}

func textsOrNil(t i18n.Text) *apigen.Text {
	if t.IsZero() {
		return nil
	}
	out := texts(t)
	return &out
}

func modules(list []placements.Module) []apigen.PlacementModule {
	out := make([]apigen.PlacementModule, 0, len(list))
	for _, m := range list {
		out = append(out, apigen.PlacementModule{Name: texts(m.Name), Hours: m.Hours, EnterpriseHours: m.EnterpriseHours})
	}
	return out
}

func compensationOrNil(c placements.Compensation) *apigen.PlacementCompensation {
	if c.Kind == "" {
		return nil
	}
	return &apigen.PlacementCompensation{Kind: apigen.PlacementCompensationKind(c.Kind), Amount: some(c.Amount)}
}

func insuranceOrNil(i placements.Insurance) *apigen.PlacementInsurance {
	if i.Taken == nil {
		return nil
	}
	return &apigen.PlacementInsurance{Taken: *i.Taken, Note: some(i.Note)}
}

func benefits(b placements.Benefits) apigen.PlacementBenefits {
	return apigen.PlacementBenefits{Meals: &b.Meals, Dormitory: &b.Dormitory, Transport: &b.Transport, Clothing: &b.Clothing}
}

func languages(list []i18n.Lang) []apigen.PlacementLanguage {
	out := make([]apigen.PlacementLanguage, 0, len(list))
	for _, l := range list {
		out = append(out, apigen.PlacementLanguage(l))
	}
	return out
}

func badges[T ~string](list []string) []T {
	out := make([]T, 0, len(list))
	for _, b := range list {
		out = append(out, T(b))
	}
	return out
}

// listOf is never null in an answer.
func listOf(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

// dateOrNil writes a day; "" is left out.
func dateOrNil(d cal.Day) *types.Date {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return nil
	}
	return &types.Date{Time: t}
}
