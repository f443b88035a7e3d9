package notifications

import (
	"context"
	"encoding/base64"
	"strings"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/saving"
	"github.com/orynda/orynda/internal/storage"
)

// stopPurpose binds the seal of a mail's unsubscribe link to its use.
const stopPurpose = "notice.stop"

// Stop is what the link at the foot of a mail asks for: no more mails of a group, or of one saved search, without signing in.
type Stop struct {
	Group Group
	Name  string // of the group, or of the search
	When  When   // what holds now; [Never] once it was confirmed
}

// stopping is whose mails a link ends: all of a group, or with a search only those about it.
type stopping struct{ person, search string }

// stopToken seals whom and what a link is about. It holds for as long as the keys do, and does nothing but this.
func (s *Service) stopToken(of stopping, g Group) string {
	plain := of.person + "|" + string(g)
	if of.search != "" {
		plain += "|" + of.search
	}
	return base64.RawURLEncoding.EncodeToString(s.d.Ring.SealText(plain, stopPurpose))
}

func (s *Service) readStop(token string) (of stopping, g Group, err error) {
	unknown := errs.Missing("notice_link")
	sealed, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		return of, "", unknown
	}
	plain, err := s.d.Ring.OpenText(sealed, stopPurpose)
	if err != nil {
		return of, "", unknown
	}
	parts := strings.Split(plain, "|")
	if len(parts) < 2 || len(parts) > 3 {
		return of, "", unknown
	}
	of.person, g = parts[0], Group(parts[1])
	if len(parts) == 3 {
		of.search = parts[2]
	}
	rule, known := ruleOf(g)
	if g != GroupDigest && (!known || rule.Fixed()) {
		return of, "", unknown
	}
	return of, g, nil
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
	of, g, err := s.readStop(token)
	if err != nil {
		return Stop{}, err
	}
	out := Stop{Group: g, Name: s.say(lang, "notice.group."+string(g), nil)}
	if of.search != "" {
		return s.searchStop(ctx, of.search, out)
	}
	c, err := s.choices(ctx, of.person)
	out.When = c.now(g)
	return out, err
}

// searchStop says what holds for one saved search; one that is gone sends no mails.
func (s *Service) searchStop(ctx context.Context, searchID string, out Stop) (Stop, error) {
	one, err := s.d.Saved.Search(ctx, searchID)
	switch {
	case storage.IsNotFound(err):
		out.When, err = Never, nil
	case err == nil:
		out.Name, out.When = one.Name, AtOnce
		if one.Alerts == saving.Off {
			out.When = Never
		}
	}
	return out, err
}

// StopMails does what the link asks for: its group is [Never] from now on, or the alerts of its search are off. The notices on the site go on. A repeat is fine.
// Errors: notice_link_not_found.
func (s *Service) StopMails(ctx context.Context, lang i18n.Lang, token string) (Stop, error) {
	of, g, err := s.readStop(token)
	if err != nil {
		return Stop{}, err
	}
	if _, err := s.d.People.Person(ctx, of.person); err != nil {
		return Stop{}, errs.Missing("notice_link").WithCause(err)
	}
	if of.search != "" {
		err = s.d.Saved.StopAlerts(ctx, of.person, of.search)
	} else {
		err = s.changeChoices(ctx, of.person, func(c *Choices) error {
			c.stop(g)
			return nil
		})
	}
	if err != nil {
		return Stop{}, err
	}
	return s.StopPage(ctx, lang, token)
}
