package notifications

import (
	"context"
	"time"

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

// facts names place, enterprise and applicant, with more facts of the event.
func (c candidacy) facts(more ...Fact) []Fact {
	return c.place.facts(append([]Fact{aboutPerson("applicant", c.StudentID)}, more...)...)
}

// page leads to the application.
func (c candidacy) page() string { return page(pathApplication, c.ID) }

// answerBy is the last day of the enterprise's turn.
func (c candidacy) answerBy() Fact { return lastDay("until", c.AnswerBy) }

// toApplicant is a message to the applicant, with a minor's guardians.
func (s *Service) toApplicant(ctx context.Context, c candidacy, n message, more ...Fact) ([]message, error) {
	to, err := s.applicant(ctx, c.StudentID)
	n.facts = c.facts(more...)
	return each(to, n), err
}

// toEnterprise is a message to those who answer for the place.
func (s *Service) toEnterprise(ctx context.Context, c candidacy, n message, more ...Fact) ([]message, error) {
	to, err := s.hr(ctx, c.EnterpriseID)
	n.facts = c.facts(more...)
	return each(to, n), err
}

// toBoth tells the applicant and the enterprise, each in a template of their own.
func (s *Service) toBoth(ctx context.Context, c candidacy, event string, more ...Fact) ([]message, error) {
	out, err := s.toApplicant(ctx, c, message{template: event + ".applicant", path: c.page()}, more...)
	if err != nil {
		return nil, err
	}
	staff, err := s.toEnterprise(ctx, c, message{template: event + ".enterprise", path: c.page()}, more...)
	return append(out, staff...), err
}

func (s *Service) applicationSubmitted(ctx context.Context, ev outbox.Event) ([]message, error) {
	c, err := s.candidacy(ctx, ev.Subject)
	if err != nil || !c.State.Live() {
		return nil, err // withdrawn at once: the enterprise has nothing to answer
	}
	return s.toEnterprise(ctx, c, message{template: ev.Type, path: c.page()}, c.answerBy())
}

// applicationShortlisted says whether times can be booked now.
func (s *Service) applicationShortlisted(ctx context.Context, ev outbox.Event) ([]message, error) {
	c, err := s.candidacy(ctx, ev.Subject)
	if err != nil || !c.State.Live() {
		return nil, err // over already: there is nothing to come to
	}
	bookable, err := s.d.Interviews.HasBookableSlot(ctx, c.PlacementID, s.d.Clock.Now())
	if err != nil {
		return nil, err
	}
	return s.toApplicant(ctx, c, message{template: ev.Type, path: c.page(), texts: texts{"comment": c.Comment}}, flag("bookable", bookable))
}

func (s *Service) applicationConsidered(ctx context.Context, ev outbox.Event) ([]message, error) {
	c, err := s.candidacy(ctx, ev.Subject)
	if err != nil || c.AnswerBy == "" {
		return nil, err // answered meanwhile
	}
	return s.toApplicant(ctx, c, message{template: ev.Type, path: c.page(), texts: texts{"comment": c.Comment}}, c.answerBy())
}

func (s *Service) applicationRejected(ctx context.Context, ev outbox.Event) ([]message, error) {
	c, err := s.candidacy(ctx, ev.Subject)
	if err != nil {
		return nil, err
	}
	reason := word("reason", "mail.reject_reason."+string(c.RejectReason))
	return s.toApplicant(ctx, c, message{template: ev.Type, path: c.page(), texts: texts{"comment": c.Comment}}, reason)
}

// applicationWithdrawn tells the enterprise, whether its owner withdrew the application, another match did, or the roster. The applicant did it or is
// told by the cause.
func (s *Service) applicationWithdrawn(ctx context.Context, ev outbox.Event) ([]message, error) {
	c, err := s.candidacy(ctx, ev.Subject)
	if err != nil {
		return nil, err
	}
	return s.toEnterprise(ctx, c, message{template: ev.Type, path: page(pathPlace, c.PlacementID)})
}

func (s *Service) applicationUnanswered(ctx context.Context, ev outbox.Event) ([]message, error) {
	c, err := s.candidacy(ctx, ev.Subject)
	if err != nil {
		return nil, err
	}
	return s.toBoth(ctx, c, ev.Type)
}

func (s *Service) applicationClosed(ctx context.Context, ev outbox.Event) ([]message, error) {
	c, err := s.candidacy(ctx, ev.Subject)
	if err != nil {
		return nil, err
	}
	reason := word("reason", "mail.closed_reason."+string(c.ClosedReason))
	return s.toApplicant(ctx, c, message{template: ev.Type, path: c.page(), texts: texts{"comment": c.place.CloseComment}}, reason)
}

func (s *Service) applicationReopened(ctx context.Context, ev outbox.Event) ([]message, error) {
	c, err := s.candidacy(ctx, ev.Subject)
	if err != nil || !c.State.Live() {
		return nil, err
	}
	return s.toBoth(ctx, c, ev.Type)
}

// answerDue reminds the enterprise while it is still its turn.
func (s *Service) answerDue(ctx context.Context, ev outbox.Event) ([]message, error) {
	c, err := s.candidacy(ctx, ev.Subject)
	if err != nil || c.AnswerBy == "" || string(c.AnswerBy) != ev.Data["answer_by"] {
		return nil, err
	}
	return s.toEnterprise(ctx, c, message{template: ev.Type, path: c.page()}, c.answerBy())
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
func (p proposal) terms() []Fact {
	return []Fact{onDay("from", p.From), onDay("to", p.To), until("until", p.ExpiresAt)}
}

// open reports whether the offer can be answered now.
func (s *Service) open(p proposal) bool {
	return p.State == selection.OfferOpen && s.d.Clock.Now().Before(p.ExpiresAt)
}

func (s *Service) offerMade(ctx context.Context, ev outbox.Event) ([]message, error) {
	p, err := s.proposal(ctx, ev.Subject)
	if err != nil || !s.open(p) {
		return nil, err
	}
	return s.toApplicant(ctx, p.candidacy, message{template: ev.Type, path: page(pathOffer, p.ID)}, p.terms()...)
}

// offerAnswered tells the enterprise of a yes or no.
func (s *Service) offerAnswered(ctx context.Context, ev outbox.Event) ([]message, error) {
	p, err := s.proposal(ctx, ev.Subject)
	if err != nil {
		return nil, err
	}
	path := page(pathPlace, p.PlacementID)
	if p.AgreementID != "" {
		path = page(pathAgreement, p.AgreementID)
	}
	return s.toEnterprise(ctx, p.candidacy, message{template: ev.Type, path: path}, p.terms()...)
}

func (s *Service) offerExpired(ctx context.Context, ev outbox.Event) ([]message, error) {
	p, err := s.proposal(ctx, ev.Subject)
	if err != nil {
		return nil, err
	}
	return s.toBoth(ctx, p.candidacy, ev.Type, p.terms()...)
}

// offerWithdrawn tells the applicant whose application goes on. Where the application ended with the offer, its own end is told.
func (s *Service) offerWithdrawn(ctx context.Context, ev outbox.Event) ([]message, error) {
	p, err := s.proposal(ctx, ev.Subject)
	if err != nil || !p.candidacy.State.Live() {
		return nil, err
	}
	return s.toApplicant(ctx, p.candidacy, message{template: ev.Type, path: p.candidacy.page(), texts: texts{"reason": p.WithdrawReason}})
}

func (s *Service) offerEnding(ctx context.Context, ev outbox.Event) ([]message, error) {
	p, err := s.proposal(ctx, ev.Subject)
	if err != nil || !s.open(p) || p.ExpiresAt.Add(-reminderBefore).Before(p.CreatedAt) {
		return nil, err // an offer that is made for less than a day is its own reminder
	}
	return s.toApplicant(ctx, p.candidacy, message{template: ev.Type, path: page(pathOffer, p.ID)}, p.terms()...)
}

// reminderBefore is how long before its end an offer is reminded of.
const reminderBefore = 24 * time.Hour

// matchMade tells the applicant; the enterprise hears of the accepted offer, the college of the drafted agreement.
func (s *Service) matchMade(ctx context.Context, ev outbox.Event) ([]message, error) {
	m, c, err := s.match(ctx, ev.Subject)
	if err != nil {
		return nil, err
	}
	return s.toApplicant(ctx, c, message{template: ev.Type, path: page(pathAgreement, m.AgreementID)}, onDay("from", m.From), onDay("to", m.To))
}

// matchDissolved tells the applicant that the place is lost. After a termination the agreement's own mail has said it.
func (s *Service) matchDissolved(ctx context.Context, ev outbox.Event) ([]message, error) {
	m, c, err := s.match(ctx, ev.Subject)
	if err != nil || m.DissolvedReason == "agreement_terminated" {
		return nil, err
	}
	return s.toApplicant(ctx, c, message{template: ev.Type, path: pathHome})
}

func (s *Service) match(ctx context.Context, matchID string) (*selection.Match, candidacy, error) {
	m, err := s.d.Selection.Match(ctx, matchID)
	if err != nil {
		return nil, candidacy{}, err
	}
	c, err := s.candidacy(ctx, m.ApplicationID)
	return m, c, err
}
