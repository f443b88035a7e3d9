package notifications

import (
	"context"
	"encoding/base64"
	"strings"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/i18n"
)

// stopPurpose binds the seal of a mail's unsubscribe link to its use.
const stopPurpose = "notice.stop"

// Stop is what the link at the foot of a mail asks for: no more mails of a group, without signing in.
type Stop struct {
	Group Group
	Name  string // of the group
	When  When   // what holds now; [Never] once it was confirmed
}

// stopToken seals whom and what a link is about. It holds for as long as the keys do, and does nothing but this.
func (s *Service) stopToken(personID string, g Group) string {
	return base64.RawURLEncoding.EncodeToString(s.d.Ring.SealText(personID+"|"+string(g), stopPurpose))
}

func (s *Service) readStop(token string) (personID string, g Group, err error) {
	unknown := errs.Missing("notice_link")
	sealed, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		return "", "", unknown
	}
	plain, err := s.d.Ring.OpenText(sealed, stopPurpose)
	if err != nil {
		return "", "", unknown
	}
	personID, group, found := strings.Cut(plain, "|")
	rule, known := ruleOf(Group(group))
	if !found || Group(group) != GroupDigest && (!known || rule.Fixed()) {
		return "", "", unknown
	}
	return personID, Group(group), nil
}

// now is what holds for the group of a link.
func (c *Choices) now(g Group) When {
	if g != GroupDigest {
		return c.When(g)
	}
	if len(c.daily()) > 0 {
		return Daily
	}
	return Never
}

// daily lists the groups that come in the daily mail.
func (c *Choices) daily() []Group {
	var out []Group
	for _, rule := range GroupRules() {
		if c.When(rule.Group) == Daily {
			out = append(out, rule.Group)
		}
	}
	return out
}

// stop ends the mails of a group, or all that come daily.
func (c *Choices) stop(g Group) {
	groups := []Group{g}
	if g == GroupDigest {
		groups = c.daily()
	}
	for _, one := range groups {
		c.set(one, Never)
	}
}

// StopPage says what a mail's unsubscribe link asks for, without changing anything: mail scanners open links. Errors: notice_link_not_found.
func (s *Service) StopPage(ctx context.Context, lang i18n.Lang, token string) (Stop, error) {
	personID, g, err := s.readStop(token)
	if err != nil {
		return Stop{}, err
	}
	c, err := s.choices(ctx, personID)
	if err != nil {
		return Stop{}, err
	}
	return Stop{Group: g, Name: s.say(lang, "notice.group."+string(g), nil), When: c.now(g)}, nil
}

// StopMails does what the link asks for: its group is [Never] from now on. The notices on the site go on. A repeat is fine. Errors: notice_link_not_found.
func (s *Service) StopMails(ctx context.Context, lang i18n.Lang, token string) (Stop, error) {
	personID, g, err := s.readStop(token)
	if err != nil {
		return Stop{}, err
	}
	if _, err := s.d.People.Person(ctx, personID); err != nil {
		return Stop{}, errs.Missing("notice_link").WithCause(err)
	}
	err = s.changeChoices(ctx, personID, func(c *Choices) error {
		c.stop(g)
		return nil
	})
	if err != nil {
		return Stop{}, err
	}
	return Stop{Group: g, Name: s.say(lang, "notice.group."+string(g), nil), When: Never}, nil
}
