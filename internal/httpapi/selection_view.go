package httpapi

import (
	"context"
	"errors"

	types "github.com/oapi-codegen/runtime/types"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/httpapi/apigen"
	"github.com/orynda/orynda/internal/httpd"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/selection"
)

// applicationView maps a view; what is withheld is empty in it and left out here.
func applicationView(v *selection.View, lang i18n.Lang, ref *directory.Reference) apigen.Application {
	a := v.App
	out := apigen.Application{
		ID: a.ID, State: apigen.ApplicationState(a.State), Version: a.Version, CreatedAt: a.CreatedAt, UpdatedAt: timeOf(a.UpdatedAt),
		PlacementID: a.PlacementID, PlacementReference: v.Place.Reference, PlacementTitle: texts(v.Place.Title),
		PlacementState: apigen.PlacementState(v.Place.State), EnterpriseID: a.EnterpriseID, EnterpriseName: v.EnterpriseName,
		StudentID: a.StudentID, Applicant: applicantView(v.Applicant, lang, ref), Motivation: some(a.Motivation), Answers: []apigen.ApplicationAnswer{},
		OpenedAt: timeOf(a.OpenedAt), ConsideredAt: timeOf(a.ConsideredAt), OfferID: some(a.OfferID), MatchID: some(a.MatchID),
		AgreementID: some(a.AgreementID), RejectReason: some(apigen.ApplicationRejectReason(a.RejectReason)), Reason: some(a.Reason),
		Comment: some(a.Comment), ClosedReason: some(apigen.ApplicationClosedReason(a.ClosedReason)), EndedAt: timeOf(a.EndedAt),
	}
	for _, answer := range a.Answers {
		out.Answers = append(out.Answers, apigen.ApplicationAnswer{Question: answer.Question, Answer: answer.Answer})
	}
	if i := a.Interview; i != nil {
		out.BookingID, out.SlotID, out.InterviewAt = some(i.BookingID), some(i.SlotID), timeOf(i.StartsAt)
	}
	if w := v.Wait; w != nil {
		out.WaitingFor = &apigen.ApplicationWait{Party: apigen.ApplicationWaitParty(w.Party), Action: apigen.ApplicationWaitAction(w.Action), Until: timeOf(w.Until)}
	}
	if f := v.Fit; f != nil {
		out.Fit = &apigen.ApplicationFit{Trade: f.Trade, Dates: f.Dates, AgeRule: f.AgeRule, DistanceKm: f.DistanceKM}
	}
	return out
}

func applicantView(p selection.Applicant, lang i18n.Lang, ref *directory.Reference) apigen.ApplicationApplicant {
	out := apigen.ApplicationApplicant{
		Kind: apigen.ApplicantKind(p.Kind), FullName: p.FullName, AgeBand: some(apigen.ApplicationApplicantAgeBand(p.AgeBand)),
		Email: some(types.Email(p.Email)), Phone: some(p.Phone), Group: some(p.Group),
	}
	if p.EnrolmentKnown {
		out.EnrolmentConfirmed = &p.EnrolmentComplete
	}
	if p.College != nil {
		out.CollegeID, out.CollegeName = some(p.College.ID), some(p.College.Name)
	}
	if e := p.Enrolment; e != nil {
		out.Course, out.SpecialtyCode, out.QualificationCode, out.ProgrammeCode = some(e.Course), some(e.SpecialtyCode), some(e.QualificationCode), some(e.ProgrammeCode)
		if sp, ok := ref.Specialty(e.SpecialtyCode); ok {
			out.SpecialtyName = some(sp.Name.In(lang))
		}
	}
	return out
}

func offerView(v *selection.OfferView, lang i18n.Lang, ref *directory.Reference) apigen.Offer {
	o := v.Offer
	out := apigen.Offer{
		ID: o.ID, State: apigen.OfferState(o.State), Version: o.Version, CreatedAt: o.CreatedAt, ApplicationID: o.ApplicationID,
		PlacementID: o.PlacementID, PlacementReference: v.Place.Reference, PlacementTitle: texts(v.Place.Title), EnterpriseID: o.EnterpriseID,
		EnterpriseName: v.EnterpriseName, StudentID: o.StudentID, StudentName: some(v.StudentName), WorkplaceID: some(o.WorkplaceID),
		Workplace: workplaceView(v.Workplace, lang, ref), CollegeID: some(o.CollegeID), ExpiresAt: o.ExpiresAt, StartsOn: dateOf(o.From), EndsOn: dateOf(o.To),
		Compensation: compensationOrNil(v.Place.Compensation), Reason: some(o.Reason), Automatic: o.Automatic, AnsweredAt: timeOf(o.AnsweredAt),
		DeclineReason: some(o.DeclineReason), WithdrawReason: some(o.WithdrawReason), MatchID: some(o.MatchID), AgreementID: some(o.AgreementID),
	}
	if v.College != nil {
		out.CollegeName = some(v.College.Name)
	}
	return out
}

func workplaceView(w placements.Workplace, lang i18n.Lang, ref *directory.Reference) apigen.PlacementWorkplace {
	out := apigen.PlacementWorkplace{
		ID: w.ID, Region: w.Region, City: ref.CityName(w.Region, w.City, lang), Address: some(w.Address), Lat: &w.Lat, Lon: &w.Lon,
		Kind: some(apigen.PlacementWorkplaceKind(w.Kind)),
	}
	if r, ok := ref.Region(w.Region); ok {
		out.RegionName = some(r.Name.In(lang))
	}
	return out
}

func matchView(m *selection.Match) apigen.Match {
	return apigen.Match{
		ID: m.ID, State: apigen.MatchState(m.State), Version: m.Version, CreatedAt: m.CreatedAt, OfferID: m.OfferID, ApplicationID: m.ApplicationID,
		PlacementID: m.PlacementID, EnterpriseID: m.EnterpriseID, StudentID: m.StudentID, CollegeID: m.CollegeID, WorkplaceID: m.WorkplaceID,
		StartsOn: dateOf(m.From), EndsOn: dateOf(m.To), AgreementID: m.AgreementID, DissolvedAt: timeOf(m.DissolvedAt),
		DissolvedReason: some(apigen.MatchDissolvedReason(m.DissolvedReason)),
	}
}

func rankingView(r *selection.Ranked) apigen.Ranking {
	out := apigen.Ranking{
		ID: r.PlacementID, State: apigen.RankingStateDraft, Version: r.Version, CreatedAt: r.CreatedAt, PlacementID: r.PlacementID,
		Items: []apigen.RankingItem{}, Changes: []apigen.RankingChange{},
	}
	if r.Ordered {
		out.State = apigen.RankingStateOrdered
	}
	for i, app := range r.Applications {
		out.Items = append(out.Items, apigen.RankingItem{
			Position: i + 1, ApplicationID: app.ID, StudentID: app.StudentID, FullName: r.Names[app.ID],
			ApplicationState: apigen.ApplicationState(app.State), Average: some(app.Outcome.Average), Recommendation: some(apigen.Recommendation(app.Outcome.Recommendation)),
		})
	}
	for _, c := range r.Changes {
		out.Changes = append(out.Changes, apigen.RankingChange{At: c.At, By: some(c.By), Reason: c.Reason, ApplicationIds: listOf(c.Applications)})
	}
	return out
}

// PlacementViewer tells a student or citizen how a place concerns them; nil for everybody else. It fits PlacementsAPI.Viewer.
func (a *SelectionAPI) PlacementViewer(ctx context.Context, actor accounts.Actor, v *placements.View) (*apigen.PlacementViewer, error) {
	p, err := a.Service.Prospect(ctx, actor, v.Place)
	if err != nil || p == nil {
		return nil, err
	}
	lang := httpd.Lang(ctx)
	out := &apigen.PlacementViewer{CanApply: p.Refusal == nil}
	if p.App != nil {
		out.ApplicationID, out.ApplicationState = some(p.App.ID), some(apigen.ApplicationState(p.App.State))
		if i := p.App.Interview; i != nil && i.Live {
			out.BookingID, out.InterviewAt = some(i.BookingID), timeOf(i.StartsAt)
		}
	}
	var notices []apigen.PlacementNotice
	var refusal *errs.Error
	if errors.As(p.Refusal, &refusal) {
		blocking := true
		notices = append(notices, apigen.PlacementNotice{Code: refusal.Code, Message: a.Catalogue.Say(lang, "error."+refusal.Code, refusal.Params), Blocking: &blocking})
	}
	if p.TradeMismatch {
		blocking := false
		notices = append(notices, apigen.PlacementNotice{Code: "trade_mismatch", Message: a.Catalogue.Say(lang, "notice.trade_mismatch", nil), Blocking: &blocking})
	}
	if len(notices) > 0 {
		out.Notices = &notices
	}
	return out, nil
}
