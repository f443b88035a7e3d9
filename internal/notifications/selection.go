package notifications

import (
	"context"

	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/notifications/dates"
	"github.com/orynda/orynda/internal/outbox"
	"github.com/orynda/orynda/internal/selection"
)

// candidacy is an application with its place and the applicant's name, which the enterprise sees from the first day.
type candidacy struct {
	*selection.Application
	place place
	name  string
}

func (s *Service) candidacy(ctx context.Context, applicationID string) (candidacy, error) {
	app, err := s.d.Selection.Application(ctx, applicationID)
	if err != nil {
		return candidacy{}, err
	}
	p, err := s.place(ctx, app.PlacementID)
	if err != nil {
		return candidacy{}, err
	}
	name, err := s.name(ctx, app.StudentID)
	return candidacy{app, p, name}, err
}

// values names place, enterprise and applicant, with more values of the mail.
func (c candidacy) values(more func(lang i18n.Lang) map[string]any) func(i18n.Lang) map[string]any {
	return c.place.values(func(lang i18n.Lang) map[string]any {
		out := map[string]any{}
		if more != nil {
			out = more(lang)
		}
		out["applicant"] = c.name
		return out
	})
}

// answerBy is the last day of the enterprise's turn.
func (c candidacy) answerBy(lang i18n.Lang) map[string]any {
	return map[string]any{"until": dates.LastDay(lang, c.AnswerBy)}
}

// toApplicant is a notice to the applicant, with a minor's guardians.
func (s *Service) toApplicant(ctx context.Context, c candidacy, template, link string, more func(i18n.Lang) map[string]any) ([]notice, error) {
	to, err := s.applicant(ctx, c.StudentID)
	return each(to, notice{template: template, link: link, values: c.values(more)}), err
}

// toEnterprise is a notice to those who answer for the place.
func (s *Service) toEnterprise(ctx context.Context, c candidacy, template, link string, more func(i18n.Lang) map[string]any) ([]notice, error) {
	to, err := s.hr(ctx, c.EnterpriseID)
	return each(to, notice{template: template, link: link, values: c.values(more)}), err
}

// toBoth tells the applicant and the enterprise, each in a template of their own.
func (s *Service) toBoth(ctx context.Context, c candidacy, event, link string, more func(i18n.Lang) map[string]any) ([]notice, error) {
	out, err := s.toApplicant(ctx, c, event+".applicant", link, more)
	if err != nil {
		return nil, err
	}
	staff, err := s.toEnterprise(ctx, c, event+".enterprise", link, more)
	return append(out, staff...), err
}

func (s *Service) applicationSubmitted(ctx context.Context, ev outbox.Event) ([]notice, error) {
	c, err := s.candidacy(ctx, ev.Subject)
	if err != nil || !c.State.Live() {
		return nil, err // withdrawn at once: the enterprise has nothing to answer
	}
	return s.toEnterprise(ctx, c, ev.Type, s.link(pathApplication, c.ID), c.answerBy)
}

// applicationShortlisted says whether times can be booked now.
func (s *Service) applicationShortlisted(ctx context.Context, ev outbox.Event) ([]notice, error) {
	c, err := s.candidacy(ctx, ev.Subject)
	if err != nil {
		return nil, err
	}
	bookable, err := s.d.Interviews.HasBookableSlot(ctx, c.PlacementID, s.d.Clock.Now())
	if err != nil {
		return nil, err
	}
	return s.toApplicant(ctx, c, ev.Type, s.link(pathApplication, c.ID), func(i18n.Lang) map[string]any {
		return map[string]any{"bookable": bookable, "comment": c.Comment}
	})
}

func (s *Service) applicationConsidered(ctx context.Context, ev outbox.Event) ([]notice, error) {
	c, err := s.candidacy(ctx, ev.Subject)
	if err != nil || c.AnswerBy == "" {
		return nil, err // answered meanwhile
	}
	return s.toApplicant(ctx, c, ev.Type, s.link(pathApplication, c.ID), func(lang i18n.Lang) map[string]any {
		out := c.answerBy(lang)
		out["comment"] = c.Comment
		return out
	})
}

func (s *Service) applicationRejected(ctx context.Context, ev outbox.Event) ([]notice, error) {
	c, err := s.candidacy(ctx, ev.Subject)
	if err != nil {
		return nil, err
	}
	return s.toApplicant(ctx, c, ev.Type, s.link(pathApplication, c.ID), func(lang i18n.Lang) map[string]any {
		return map[string]any{"reason": s.say(lang, "mail.reject_reason."+string(c.RejectReason), nil), "comment": c.Comment}
	})
}

// applicationWithdrawn tells the enterprise, whether its owner withdrew the application, another match did, or the roster. The applicant did it or is
// told by the cause.
func (s *Service) applicationWithdrawn(ctx context.Context, ev outbox.Event) ([]notice, error) {
	c, err := s.candidacy(ctx, ev.Subject)
	if err != nil {
		return nil, err
	}
	return s.toEnterprise(ctx, c, ev.Type, s.link(pathPlace, c.PlacementID), nil)
}

func (s *Service) applicationUnanswered(ctx context.Context, ev outbox.Event) ([]notice, error) {
	c, err := s.candidacy(ctx, ev.Subject)
	if err != nil {
		return nil, err
	}
	return s.toBoth(ctx, c, ev.Type, s.link(pathApplication, c.ID), nil)
}

func (s *Service) applicationClosed(ctx context.Context, ev outbox.Event) ([]notice, error) {
	c, err := s.candidacy(ctx, ev.Subject)
	if err != nil {
		return nil, err
	}
	return s.toApplicant(ctx, c, ev.Type, s.link(pathApplication, c.ID), func(lang i18n.Lang) map[string]any {
		return map[string]any{"reason": s.say(lang, "mail.closed_reason."+string(c.ClosedReason), nil), "comment": c.place.CloseComment}
	})
}

func (s *Service) applicationReopened(ctx context.Context, ev outbox.Event) ([]notice, error) {
	c, err := s.candidacy(ctx, ev.Subject)
	if err != nil || !c.State.Live() {
		return nil, err
	}
	return s.toBoth(ctx, c, ev.Type, s.link(pathApplication, c.ID), nil)
}

// answerDue reminds the enterprise while it is still its turn.
func (s *Service) answerDue(ctx context.Context, ev outbox.Event) ([]notice, error) {
	c, err := s.candidacy(ctx, ev.Subject)
	if err != nil || c.AnswerBy == "" || string(c.AnswerBy) != ev.Data["answer_by"] {
		return nil, err
	}
	return s.toEnterprise(ctx, c, ev.Type, s.link(pathApplication, c.ID), c.answerBy)
}

// proposal is an offer with its application.
type proposal struct {
	*selection.Offer
	candidacy candidacy
}

func (s *Service) proposal(ctx context.Context, offerID string) (proposal, error) {
	o, err := s.d.Selection.Offer(ctx, offerID)
	if err != nil {
		return proposal{}, err
	}
	c, err := s.candidacy(ctx, o.ApplicationID)
	return proposal{o, c}, err
}

// terms are the period and the time to answer.
func (p proposal) terms(lang i18n.Lang) map[string]any {
	return map[string]any{"from": dates.Day(lang, p.From), "to": dates.Day(lang, p.To), "until": dates.Until(lang, p.ExpiresAt)}
}

// open reports whether the offer can be answered now.
func (s *Service) open(p proposal) bool {
	return p.State == selection.OfferOpen && s.d.Clock.Now().Before(p.ExpiresAt)
}

func (s *Service) offerMade(ctx context.Context, ev outbox.Event) ([]notice, error) {
	p, err := s.proposal(ctx, ev.Subject)
	if err != nil || !s.open(p) {
		return nil, err
	}
	return s.toApplicant(ctx, p.candidacy, ev.Type, s.link(pathOffer, p.ID), p.terms)
}

// offerAnswered tells the enterprise of a yes or no.
func (s *Service) offerAnswered(ctx context.Context, ev outbox.Event) ([]notice, error) {
	p, err := s.proposal(ctx, ev.Subject)
	if err != nil {
		return nil, err
	}
	link := s.link(pathPlace, p.PlacementID)
	if p.AgreementID != "" {
		link = s.link(pathAgreement, p.AgreementID)
	}
	return s.toEnterprise(ctx, p.candidacy, ev.Type, link, p.terms)
}

func (s *Service) offerExpired(ctx context.Context, ev outbox.Event) ([]notice, error) {
	p, err := s.proposal(ctx, ev.Subject)
	if err != nil {
		return nil, err
	}
	return s.toBoth(ctx, p.candidacy, ev.Type, s.link(pathApplication, p.ApplicationID), p.terms)
}

// offerWithdrawn tells the applicant whose application goes on. Where the application ended with the offer, its own end is told.
func (s *Service) offerWithdrawn(ctx context.Context, ev outbox.Event) ([]notice, error) {
	p, err := s.proposal(ctx, ev.Subject)
	if err != nil || !p.candidacy.State.Live() {
		return nil, err
	}
	return s.toApplicant(ctx, p.candidacy, ev.Type, s.link(pathApplication, p.ApplicationID), func(i18n.Lang) map[string]any {
		return map[string]any{"reason": p.WithdrawReason}
	})
}

func (s *Service) offerEnding(ctx context.Context, ev outbox.Event) ([]notice, error) {
	p, err := s.proposal(ctx, ev.Subject)
	if err != nil || !s.open(p) {
		return nil, err
	}
	return s.toApplicant(ctx, p.candidacy, ev.Type, s.link(pathOffer, p.ID), p.terms)
}

// matchMade tells the applicant; the enterprise hears of the accepted offer, the college of the drafted agreement.
func (s *Service) matchMade(ctx context.Context, ev outbox.Event) ([]notice, error) {
	m, c, err := s.match(ctx, ev.Subject)
	if err != nil {
		return nil, err
	}
	return s.toApplicant(ctx, c, ev.Type, s.link(pathAgreement, m.AgreementID), func(lang i18n.Lang) map[string]any {
		return map[string]any{"from": dates.Day(lang, m.From), "to": dates.Day(lang, m.To)}
	})
}

// matchDissolved tells the applicant that the place is lost. After a termination the agreement's own mail has said it.
func (s *Service) matchDissolved(ctx context.Context, ev outbox.Event) ([]notice, error) {
	m, c, err := s.match(ctx, ev.Subject)
	if err != nil || m.DissolvedReason == "agreement_terminated" {
		return nil, err
	}
	return s.toApplicant(ctx, c, ev.Type, s.link(pathHome, ""), nil)
}

func (s *Service) match(ctx context.Context, matchID string) (*selection.Match, candidacy, error) {
	m, err := s.d.Selection.Match(ctx, matchID)
	if err != nil {
		return nil, candidacy{}, err
	}
	c, err := s.candidacy(ctx, m.ApplicationID)
	return m, c, err
}
