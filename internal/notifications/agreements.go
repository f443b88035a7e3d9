package notifications

import (
	"context"
	"slices"
	"strings"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/agreements"
	"github.com/orynda/orynda/internal/outbox"
)

// pact is an agreement with what its mails say.
type pact struct{ *agreements.Agreement }

func (s *Service) pact(ctx context.Context, agreementID string) (pact, error) {
	a, err := s.d.Agreements.Agreement(ctx, agreementID)
	return pact{a}, err
}

// facts names the sides and the dates that matter now.
func (p pact) facts(more ...Fact) []Fact {
	return append([]Fact{aboutAgreement(p.ID), lastDay("sign_until", p.SignUntil()), lastDay("register_by", p.RegisterBy)}, more...)
}

// page leads to the agreement.
func (p pact) page() string { return page(pathAgreement, p.ID) }

// by is the side that did the step of an event.
func (p pact) by(ev outbox.Event) Fact {
	return Fact{Name: "by", Kind: FactSide, Value: p.ID, Of: ev.Data["party"]}
}

// reason is the text that somebody gave with the step of an event.
func (p pact) reason(ev outbox.Event) string {
	for _, n := range p.Notes {
		if n.ID == ev.Data["note"] {
			return n.Text
		}
	}
	return ""
}

// sides are the readers of an agreement.
type sides struct{ student, guardians, enterprise, college []reader }

func (s *Service) sides(ctx context.Context, p pact) (out sides, err error) {
	if out.student, err = s.person(ctx, p.StudentID); err != nil {
		return out, err
	}
	if out.guardians, err = s.guardians(ctx, p.StudentID); err != nil {
		return out, err
	}
	if out.enterprise, err = s.hr(ctx, p.EnterpriseID); err != nil {
		return out, err
	}
	out.college, err = s.coordinators(ctx, p.CollegeID)
	return out, err
}

func (x sides) all() []reader {
	return slices.Concat(x.student, x.guardians, x.enterprise, x.college)
}

// toAll tells every side the same.
func (s *Service) toAll(ctx context.Context, p pact, n message, more ...Fact) ([]message, error) {
	to, err := s.sides(ctx, p)
	n.path, n.facts = p.page(), p.facts(more...)
	return each(to.all(), n), err
}

// agreementDrafted asks the college to complete the draft and the enterprise to check its part.
func (s *Service) agreementDrafted(ctx context.Context, ev outbox.Event) ([]message, error) {
	p, err := s.pact(ctx, ev.Subject)
	if err != nil || p.State != agreements.Draft {
		return nil, err
	}
	to, err := s.sides(ctx, p)
	if err != nil {
		return nil, err
	}
	n := message{template: ev.Type + ".college", path: p.page(), facts: p.facts(flag("citizen", p.Citizen))}
	out := each(to.college, n)
	n.template = ev.Type + ".enterprise"
	return append(out, each(to.enterprise, n)...), nil
}

// agreementChanged tells of a change that voided a document; edits of a draft are everyday work.
func (s *Service) agreementChanged(ctx context.Context, ev outbox.Event) ([]message, error) {
	if ev.Data["new_revision"] != "yes" {
		return nil, nil
	}
	p, err := s.pact(ctx, ev.Subject)
	if err != nil {
		return nil, err
	}
	return s.toAll(ctx, p, message{template: ev.Type})
}

// signers are those whose signature is missing now, the college's last (I7).
func (s *Service) signers(ctx context.Context, p pact) ([]reader, error) {
	if !p.State.Frozen() {
		return nil, nil
	}
	signed := map[agreements.Party]bool{}
	for _, sig := range p.Signatures {
		signed[sig.Party] = true
	}
	if p.State == agreements.Awaiting {
		return s.members(ctx, p.CollegeID, accounts.RoleSignatory)
	}
	var out []reader
	for _, side := range []struct {
		party agreements.Party
		find  func() ([]reader, error)
	}{
		{agreements.ByStudent, func() ([]reader, error) { return s.person(ctx, p.StudentID) }},
		{agreements.ByGuardian, func() ([]reader, error) { return s.signingGuardian(ctx, p) }},
		{agreements.ByEnterprise, func() ([]reader, error) { return s.members(ctx, p.EnterpriseID, accounts.RoleSignatory) }},
	} {
		if signed[side.party] {
			continue
		}
		to, err := side.find()
		if err != nil {
			return nil, err
		}
		out = append(out, to...)
	}
	return out, nil
}

// signingGuardian is the guardian who signs, where one has to.
func (s *Service) signingGuardian(ctx context.Context, p pact) ([]reader, error) {
	if !p.MinorAtReady {
		return nil, nil
	}
	return s.person(ctx, p.GuardianID)
}

// agreementReady asks everybody for the signature who may give it now.
func (s *Service) agreementReady(ctx context.Context, ev outbox.Event) ([]message, error) {
	p, err := s.pact(ctx, ev.Subject)
	if err != nil {
		return nil, err
	}
	to, err := s.signers(ctx, p)
	return each(to, message{template: ev.Type, path: p.page(), facts: p.facts()}), err
}

// agreementSigned leads the signer to the copy and, when it was the last signature before the college's, asks the college.
func (s *Service) agreementSigned(ctx context.Context, ev outbox.Event) ([]message, error) {
	p, err := s.pact(ctx, ev.Subject)
	if err != nil {
		return nil, err
	}
	signer, err := s.person(ctx, ev.Data["person"])
	if err != nil {
		return nil, err
	}
	n := message{template: ev.Type, path: p.page(), facts: p.facts()}
	out := each(signer, n)
	if p.State != agreements.Awaiting || ev.Data["state"] != string(agreements.Awaiting) {
		return out, nil
	}
	college, err := s.signers(ctx, p)
	n.template = ev.Type + ".college"
	return append(out, each(college, n)...), err
}

// agreementBack tells every side that the agreement is a draft again, and why.
func (s *Service) agreementBack(ctx context.Context, ev outbox.Event) ([]message, error) {
	p, err := s.pact(ctx, ev.Subject)
	if err != nil {
		return nil, err
	}
	return s.toAll(ctx, p, message{template: ev.Type, texts: texts{"reason": p.reason(ev)}}, p.by(ev))
}

// side is the name of a party, "" for the system.
func (p pact) side(party agreements.Party) string {
	switch party {
	case agreements.ByStudent:
		return p.StudentName
	case agreements.ByEnterprise:
		return p.EnterpriseName
	case agreements.ByCollege:
		return p.CollegeName
	}
	return ""
}

// agreementConcluded tells every side, and the chamber that keeps the register (R50 25.4).
func (s *Service) agreementConcluded(ctx context.Context, ev outbox.Event) ([]message, error) {
	p, err := s.pact(ctx, ev.Subject)
	if err != nil {
		return nil, err
	}
	out, err := s.toAll(ctx, p, message{template: ev.Type})
	if err != nil || p.Regime != "r50" || p.State != agreements.Concluded {
		return out, err
	}
	registrars, err := s.members(ctx, p.ChamberID, accounts.RoleRegistrar)
	return append(out, each(registrars, message{
		template: ev.Type + ".chamber", path: p.page(), facts: p.facts(),
	})...), err
}

func (s *Service) agreementRegistered(ctx context.Context, ev outbox.Event) ([]message, error) {
	p, err := s.pact(ctx, ev.Subject)
	if err != nil || p.Registration == nil {
		return nil, err
	}
	return s.toAll(ctx, p, message{template: ev.Type}, code("register", p.Registration.Number))
}

// registrationRefused tells the organisations, which mend the defects; the agreement stays concluded.
func (s *Service) registrationRefused(ctx context.Context, ev outbox.Event) ([]message, error) {
	p, err := s.pact(ctx, ev.Subject)
	if err != nil || p.Returned == nil {
		return nil, err
	}
	to, err := s.sides(ctx, p)
	return each(slices.Concat(to.college, to.enterprise), message{
		template: ev.Type, path: p.page(), texts: texts{"comment": p.Returned.Comment},
		facts: p.facts(counted("remarks", "remarks", len(p.Returned.Defects))),
	}), err
}

// completionConfirmed asks the other side for its word.
func (s *Service) completionConfirmed(ctx context.Context, ev outbox.Event) ([]message, error) {
	p, err := s.pact(ctx, ev.Subject)
	if err != nil || !p.State.Binding() {
		return nil, err
	}
	to, err := s.sides(ctx, p)
	if err != nil {
		return nil, err
	}
	readers := to.enterprise
	if agreements.Party(ev.Data["party"]) == agreements.ByEnterprise {
		readers = to.college
	}
	return each(readers, message{template: ev.Type, path: p.page(), facts: p.facts(p.by(ev))}), nil
}

func (s *Service) agreementCompleted(ctx context.Context, ev outbox.Event) ([]message, error) {
	p, err := s.pact(ctx, ev.Subject)
	if err != nil {
		return nil, err
	}
	return s.toAll(ctx, p, message{template: ev.Type})
}

// agreementEnded tells of a termination or cancellation. A cancelled one's student hears of the dissolved match in the same moment.
func (s *Service) agreementEnded(ctx context.Context, ev outbox.Event) ([]message, error) {
	p, err := s.pact(ctx, ev.Subject)
	if err != nil {
		return nil, err
	}
	to, err := s.sides(ctx, p)
	if err != nil {
		return nil, err
	}
	readers := to.all()
	n := message{template: ev.Type, path: p.page(), facts: p.facts(p.by(ev)), texts: texts{"reason": p.reason(ev)}}
	if p.Termination != nil {
		n.facts = append(n.facts, onDay("on", p.Termination.Date))
	}
	if ev.Type == agreements.EventCancelled {
		readers = slices.Concat(to.enterprise, to.college)
	}
	return each(readers, n), nil
}

// agreementWaiting reminds those whose turn it still is.
func (s *Service) agreementWaiting(ctx context.Context, ev outbox.Event) ([]message, error) {
	p, err := s.pact(ctx, ev.Subject)
	if err != nil {
		return nil, err
	}
	n := message{path: p.page(), facts: p.facts()}
	switch {
	case p.State.Frozen():
		n.template = ev.Type + ".sign"
		to, err := s.signers(ctx, p)
		return each(to, n), err
	case p.State == agreements.Concluded && p.Regime == "r50" && p.Returned == nil:
		n.template = ev.Type + ".register"
		to, err := s.members(ctx, p.ChamberID, accounts.RoleRegistrar)
		return each(to, n), err
	case p.State == agreements.Draft || p.State == agreements.Concluded:
		to, err := s.sides(ctx, p)
		if err != nil {
			return nil, err
		}
		n.template = ev.Type + ".draft"
		return each(p.waiting(ev, to), n), nil
	}
	return nil, nil
}

// waiting are the readers on the sides that the event names.
func (p pact) waiting(ev outbox.Event, to sides) []reader {
	var out []reader
	for _, party := range strings.Split(ev.Data["waiting"], ",") {
		switch agreements.Party(party) {
		case agreements.ByStudent:
			out = append(out, to.student...)
		case agreements.ByGuardian:
			out = append(out, to.guardians...)
		case agreements.ByEnterprise:
			out = append(out, to.enterprise...)
		case agreements.ByCollege:
			out = append(out, to.college...)
		}
	}
	return out
}

// signingCode sends the code of a signing request to its signer.
func (s *Service) signingCode(ctx context.Context, ev outbox.Event) ([]message, error) {
	return s.withCode(ctx, ev, ev.Data["person"], pathSigning, signingCodeLife)
}
