package notifications

import (
	"context"
	"strings"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/outbox"
	"github.com/orynda/orynda/internal/storage"
)

// How long codes can be used, and so how late their mails may come: a dead code only confuses.
const (
	accountCodeLife = 30 * time.Minute
	signingCodeLife = 10 * time.Minute
)

// stale reports whether a code of this event can't be used any more.
func (s *Service) stale(ev outbox.Event, life time.Duration) bool {
	return !s.d.Clock.Now().Before(ev.At.Add(life))
}

// secret opens what an event carries sealed.
func (s *Service) secret(ev outbox.Event, name, purpose string) (string, error) {
	return accounts.OpenMailSecret(s.d.Ring, purpose, ev.Data[name])
}

// withCode is a notice to one account that carries a code.
func (s *Service) withCode(ctx context.Context, ev outbox.Event, personID, path string, life time.Duration) ([]message, error) {
	if s.stale(ev, life) {
		return nil, nil
	}
	to, err := s.account(ctx, personID, false)
	if err != nil || len(to) == 0 {
		return nil, err
	}
	digits, err := s.secret(ev, "sealed_code", accounts.MailCode)
	if err != nil {
		return nil, err
	}
	return each(to, message{
		template: ev.Type, code: digits, path: page(path, ""), mailOnly: true, facts: []Fact{counted("minutes", "minutes", int(life.Minutes()))},
	}), nil
}

func (s *Service) codeIssued(ctx context.Context, ev outbox.Event) ([]message, error) {
	return s.withCode(ctx, ev, ev.Subject, pathProve, accountCodeLife)
}

func (s *Service) resetRequested(ctx context.Context, ev outbox.Event) ([]message, error) {
	return s.withCode(ctx, ev, ev.Subject, pathReset, accountCodeLife)
}

// toAccount is a notice to one account without more to say than the event.
func (s *Service) toAccount(ctx context.Context, ev outbox.Event, path string) ([]message, error) {
	to, err := s.account(ctx, ev.Subject, false)
	return each(to, message{template: ev.Type, path: page(path, ""), facts: []Fact{moment("at", ev.At)}}), err
}

func (s *Service) knownAddress(ctx context.Context, ev outbox.Event) ([]message, error) {
	return s.toAccount(ctx, ev, pathReset)
}

func (s *Service) passwordChanged(ctx context.Context, ev outbox.Event) ([]message, error) {
	return s.toAccount(ctx, ev, pathReset)
}

func (s *Service) sessionStolen(ctx context.Context, ev outbox.Event) ([]message, error) {
	return s.toAccount(ctx, ev, pathSecurity)
}

func (s *Service) passkeyAdded(ctx context.Context, ev outbox.Event) ([]message, error) {
	return s.toAccount(ctx, ev, pathSecurity)
}

// invited sends an invitation's link. One that was answered, withdrawn or renewed meanwhile isn't sent: its link would lead nowhere.
func (s *Service) invited(ctx context.Context, ev outbox.Event) ([]message, error) {
	inv, err := s.d.People.Invitation(ctx, ev.Subject)
	if storage.IsNotFound(err) {
		return nil, nil
	}
	if err != nil || inv.StateAt(s.d.Clock.Now()) != accounts.InvitationOpen {
		return nil, err
	}
	token, err := s.secret(ev, "sealed_token", accounts.MailToken)
	if err != nil {
		return nil, err
	}
	n := message{
		to:       reader{id: inv.ID, email: inv.Email, lang: langOf(inv.Locale)},
		template: ev.Type, path: page(pathInvitation, token), mailOnly: true, facts: []Fact{role(inv.Role), until("until", inv.ExpiresAt)},
	}
	if inv.Role == accounts.RoleGuardian {
		n.template += ".guardian"
		n.facts = append(n.facts, aboutPerson("name", inv.StudentID))
	} else {
		n.facts = append(n.facts, aboutOrganisation("name", inv.OrganisationID))
	}
	return []message{n}, nil
}

// role is the word for a role.
func role(r accounts.OrgRole) Fact { return word("role", "mail.role."+string(r)) }

func (s *Service) membershipRemoved(ctx context.Context, ev outbox.Event) ([]message, error) {
	to, err := s.person(ctx, ev.Subject)
	if err != nil || len(to) == 0 {
		return nil, err
	}
	return each(to, message{
		template: ev.Type, facts: []Fact{aboutOrganisation("name", ev.Data["organisation_id"]), role(accounts.OrgRole(ev.Data["role"]))},
	}), nil
}

// accountDeleted writes to the address that the account had; it stands sealed in the event only.
func (s *Service) accountDeleted(_ context.Context, ev outbox.Event) ([]message, error) {
	if ev.Data["sealed_email"] == "" {
		return nil, nil
	}
	email, err := s.secret(ev, "sealed_email", accounts.MailAddress)
	if err != nil || !strings.Contains(email, "@") {
		return nil, err
	}
	return []message{{to: reader{id: ev.Subject, email: email, lang: langOf(i18n.Lang(ev.Data["locale"]))}, template: ev.Type, mailOnly: true}}, nil
}
