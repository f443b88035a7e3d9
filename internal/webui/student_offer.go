package webui

import (
	"strings"

	"github.com/orynda/orynda/internal/notifications/dates"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/selection"
	"github.com/orynda/orynda/web/pages/student"
	"github.com/orynda/orynda/web/ui"
)

// offerPage is one offer. The place's enterprise sees its own page.
func (s *site) offerPage(v *visit) error {
	view, err := s.offerView(v)
	if err != nil {
		return err
	}
	if view.Viewer.Staff() {
		return s.enterpriseOffer(v, view)
	}
	d, err := s.offerData(v, view)
	if err != nil {
		return err
	}
	return v.show(student.Offer(d))
}

func (s *site) offerView(v *visit) (*selection.OfferView, error) {
	offer, err := s.Selection.GetOffer(v.ctx(), v.actor, v.param("id"))
	if err != nil {
		return nil, err
	}
	return s.Selection.OfferView(v.ctx(), v.actor, offer)
}

func (s *site) offerData(v *visit, view *selection.OfferView) (student.OfferData, error) {
	o, p := view.Offer, view.Place
	d := student.OfferData{
		ID: o.ID, State: v.say("state.offer." + string(o.State)), Open: o.State == selection.OfferOpen, Own: view.Viewer == selection.ViewOwner,
		Whose: view.StudentName, Place: placeBrief(p, view.EnterpriseName), Clock: ui.Clock{From: o.CreatedAt, Until: o.ExpiresAt},
		Until: dates.Until(v.lang, o.ExpiresAt), Reason: o.WithdrawReason,
	}
	mentor, err := s.mentorOf(v, p)
	if err != nil {
		return d, err
	}
	d.Rows = []ui.Row{
		{Term: v.say("site.student.offer.workplace"), Text: v.address(view.Workplace)},
		{Term: v.say("site.student.offer.period"), Text: v.spanWords(o.From, o.To)},
		{Term: v.say("site.student.offer.hours"), Text: v.hours(p.WeeklyHours), Note: v.timeModel(p)},
		{Term: v.say("site.student.offer.pay"), Text: payWords(v.ctx(), p.Compensation)},
		{Term: v.say("site.student.offer.mentor"), Text: mentor},
	}
	if view.College != nil {
		d.Rows = append(d.Rows, ui.Row{Term: v.say("site.student.offer.college"), Text: view.College.Name})
	}
	if o.Reason != "" {
		d.Rows = append(d.Rows, ui.Row{Term: v.say("site.student.offer.reason"), Text: o.Reason})
	}
	switch o.State {
	case selection.OfferAccepted:
		d.Kind = "good"
		if o.AgreementID != "" && view.Viewer != selection.ViewCollege {
			d.Steps = []student.Step{{Path: "/agreements/" + o.AgreementID, Label: v.say("site.student.step.agreement")}}
		}
	case selection.OfferOpen:
		if d.Own {
			d.Steps = []student.Step{
				{Path: "/offers/" + o.ID + "/accept", Label: v.say("site.student.accept.do")},
				{Path: "/offers/" + o.ID + "/decline", Label: v.say("site.student.decline.do"), Kind: "quiet"},
			}
		}
		d.Others, err = s.giveWay(v, o)
	default:
		d.Kind = "bad"
	}
	return d, err
}

func (v *visit) timeModel(p *placements.Placement) string {
	if p.TimeModel == "" {
		return ""
	}
	return v.say("site.student.offer.model", "model", v.say("value.time_model."+string(p.TimeModel)))
}

func (s *site) mentorOf(v *visit, p *placements.Placement) (string, error) {
	if p.MentorID == "" {
		return "", nil
	}
	return s.Placements.MentorName(v.ctx(), p.MentorID)
}

// giveWay lists the applications that a yes would withdraw.
func (s *site) giveWay(v *visit, o *selection.Offer) ([]student.Effect, error) {
	apps, err := s.Selection.AcceptancePreview(v.ctx(), v.actor, o.ID)
	if err != nil {
		return nil, err
	}
	views, err := s.Selection.Views(v.ctx(), v.actor, apps)
	if err != nil {
		return nil, err
	}
	var out []student.Effect
	for _, one := range views {
		out = append(out, student.Effect{Place: placeBrief(one.Place, one.EnterpriseName), State: v.say("state.application." + string(one.App.State))})
	}
	return out, nil
}

// answering reads an offer that the reader may answer; done when it was answered or ran out already, and the reader is led to what came of it.
func (s *site) answering(v *visit) (view *selection.OfferView, done bool, err error) {
	view, err = s.offerView(v)
	if err != nil {
		return nil, false, err
	}
	if view.Viewer != selection.ViewOwner {
		return nil, false, forbidden()
	}
	if view.Offer.State != selection.OfferOpen {
		return view, true, v.goTo("/offers/"+view.Offer.ID, "")
	}
	return view, false, nil
}

func (s *site) acceptPage(v *visit) error {
	view, done, err := s.answering(v)
	if err != nil || done {
		return err
	}
	d, err := s.acceptance(v, view, &ui.Form{})
	if err != nil {
		return err
	}
	return v.show(student.Confirm(d))
}

func (s *site) acceptance(v *visit, view *selection.OfferView, f *ui.Form) (student.ConfirmData, error) {
	o := view.Offer
	place := placeBrief(view.Place, view.EnterpriseName)
	place.Lines = []string{v.spanWords(o.From, o.To)}
	d := student.ConfirmData{
		Title: v.say("site.student.accept.title"), Lead: v.say("site.student.accept.says"), Place: &place, Form: f, Says: v.say("site.student.offer.effect_none"),
		Action: "/offers/" + o.ID + "/accept", Button: v.say("site.student.accept.do"),
		Back: student.Step{Path: "/offers/" + o.ID, Label: v.say("site.student.offer.title")},
	}
	var err error
	d.Effects, err = s.giveWay(v, o)
	d.EffectsHead = v.say("site.student.offer.effect_others", "Count", len(d.Effects))
	return d, err
}

func (s *site) acceptOffer(v *visit) error {
	done, err := s.Selection.AcceptOffer(v.ctx(), v.actor, v.param("id"))
	if err == nil {
		return v.goTo("/agreements/"+done.Match.AgreementID, "offer_accepted")
	}
	return v.refusedAct(err, "/offers/"+v.param("id"))
}

func (s *site) declinePage(v *visit) error {
	view, done, err := s.answering(v)
	if err != nil || done {
		return err
	}
	return v.show(student.Confirm(v.refusing(view, &ui.Form{})))
}

func (v *visit) refusing(view *selection.OfferView, f *ui.Form) student.ConfirmData {
	place := placeBrief(view.Place, view.EnterpriseName)
	return student.ConfirmData{
		Title: v.say("site.student.decline.title"), Lead: v.say("site.student.decline.says"), Place: &place, Form: f, Reason: true,
		Hint: v.say("site.student.decline.hint"), Action: "/offers/" + view.Offer.ID + "/decline", Button: v.say("site.student.decline.do"), Kind: "danger",
		Back: student.Step{Path: "/offers/" + view.Offer.ID, Label: v.say("site.student.offer.title")},
	}
}

func (s *site) declineOffer(v *visit) error {
	f := v.form()
	o, err := s.Selection.DeclineOffer(v.ctx(), v.actor, v.param("id"), strings.TrimSpace(f.Value("reason")))
	if err == nil {
		return v.goTo("/applications/"+o.ApplicationID, "offer_declined")
	}
	return v.refusedAct(err, "/offers/"+v.param("id"))
}
