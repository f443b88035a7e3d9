package notifications

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/storage"
)

// Choice is what a person wants of one group.
type Choice struct {
	Group Group `json:"group"`
	When  When  `json:"when"`
}

// Choices is what a person chose; groups that aren't listed have their default.
type Choices struct {
	ID        string    `json:"id"` // the person's
	Version   int64     `json:"version"`
	UpdatedAt time.Time `json:"updated_at,omitzero"`
	Chosen    []Choice  `json:"chosen,omitempty"`
}

// Identity implements storage.Document.
func (c *Choices) Identity() (string, *int64) { return c.ID, &c.Version }

// Keys implements storage.Document.
func (c *Choices) Keys() storage.Keys { return nil }

func choicesSpec() storage.Spec { return storage.Spec{Name: "notice_choices"} }

// When is what holds for a group.
func (c *Choices) When(g Group) When {
	rule, known := ruleOf(g)
	if !known {
		return AtOnce
	}
	for _, chosen := range c.Chosen {
		if chosen.Group == g && slices.Contains(rule.Options, chosen.When) {
			return chosen.When
		}
	}
	return rule.Default()
}

// set changes one group. The default is left out, so that a later default reaches who never chose otherwise.
func (c *Choices) set(g Group, when When) {
	c.Chosen = slices.DeleteFunc(c.Chosen, func(old Choice) bool { return old.Group == g })
	if rule, _ := ruleOf(g); when != rule.Default() {
		c.Chosen = append(c.Chosen, Choice{g, when})
	}
}

// GroupView is one group as its reader sees it.
type GroupView struct {
	Group   Group
	Name    string
	Text    string // which messages these are, and for a fixed group why they can't be switched off
	When    When
	Options []When
	Fixed   bool
}

// ChoicesView is what a person chose, with the groups that concern this person.
type ChoicesView struct {
	Version int64
	Groups  []GroupView
}

// choices reads what a person chose; who never did has version 1, as the document will have when it comes into being.
func (s *Service) choices(ctx context.Context, personID string) (*Choices, error) {
	c, err := s.chosen.Get(ctx, personID)
	if storage.IsNotFound(err) {
		return &Choices{ID: personID, Version: 1}, nil
	}
	return c, err
}

// when is what a reader wants of a message. Whoever has no account chooses nothing.
func (s *Service) when(ctx context.Context, m message) (When, error) {
	rule, _ := ruleOf(GroupOf(m.template))
	if m.mailOnly || rule.Fixed() {
		return AtOnce, nil
	}
	c, err := s.choices(ctx, m.to.id)
	if err != nil {
		return "", err
	}
	return c.When(rule.Group), nil
}

// Choices gives the actor's choices in a language: the groups that concern the actor, in the order in which they are shown. Errors: unauthorized,
// email_unverified.
func (s *Service) Choices(ctx context.Context, by accounts.Actor, lang i18n.Lang) (ChoicesView, error) {
	if err := s.d.Policy.Permit(by, "getNoticeChoices", accounts.Self); err != nil {
		return ChoicesView{}, err
	}
	c, err := s.choices(ctx, by.PersonID)
	if err != nil {
		return ChoicesView{}, err
	}
	return s.choicesView(ctx, by, lang, c)
}

func (s *Service) choicesView(ctx context.Context, by accounts.Actor, lang i18n.Lang, c *Choices) (ChoicesView, error) {
	p, err := s.d.People.Person(ctx, by.PersonID)
	if err != nil {
		return ChoicesView{}, err
	}
	wards, err := s.d.Directory.Wards(ctx, by.PersonID)
	if err != nil {
		return ChoicesView{}, err
	}
	out := ChoicesView{Version: c.Version}
	for _, rule := range GroupRules() {
		if !rule.concern(who{p.Role, by, len(wards) > 0}) {
			continue
		}
		key := "notice.group." + string(rule.Group)
		out.Groups = append(out.Groups, GroupView{
			Group: rule.Group, Name: s.say(lang, key, nil), Text: s.say(lang, key+".text", nil), When: c.When(rule.Group), Options: rule.Options, Fixed: rule.Fixed(),
		})
	}
	return out, nil
}

// SetChoices replaces the actor's choices: groups that in leaves out get their default back. expect is the version the actor saw, 0 for any. Errors:
// unauthorized, email_unverified, stale_version; fields unknown_value for a group or choice that isn't one, notice_fixed for a group that can't be
// switched off, notice_option for a choice that the group doesn't have.
func (s *Service) SetChoices(ctx context.Context, by accounts.Actor, lang i18n.Lang, in []Choice, expect int64) (ChoicesView, error) {
	if err := s.d.Policy.Permit(by, "setNoticeChoices", accounts.Self); err != nil {
		return ChoicesView{}, err
	}
	if wrong := checkChoices(in); len(wrong) > 0 {
		return ChoicesView{}, errs.InvalidFields(wrong)
	}
	var saved *Choices
	err := s.changeChoices(ctx, by.PersonID, func(c *Choices) error {
		if expect != 0 && expect != c.Version {
			return errs.New(errs.Stale, "stale_version").With("current_version", c.Version)
		}
		c.Chosen = nil
		for _, one := range in {
			c.set(one.Group, one.When)
		}
		saved = c
		return nil
	})
	if err != nil {
		return ChoicesView{}, err
	}
	return s.choicesView(ctx, by, lang, saved)
}

func (s *Service) changeChoices(ctx context.Context, personID string, change func(c *Choices) error) error {
	return s.d.DB.Tx(ctx, func(ctx context.Context) error {
		c, err := s.chosen.LockOrNew(ctx, personID, &Choices{ID: personID})
		if err != nil {
			return err
		}
		if err := change(c); err != nil {
			return err
		}
		c.UpdatedAt = s.d.Clock.Now()
		return s.chosen.Save(ctx, c)
	})
}

// checkChoices names every wrong entry.
func checkChoices(in []Choice) []errs.Field {
	var wrong []errs.Field
	for i, one := range in {
		at := "choices[" + strconv.Itoa(i) + "]."
		rule, known := ruleOf(one.Group)
		switch {
		case !known:
			wrong = append(wrong, errs.Field{Field: at + "group", Code: "unknown_value"})
		case one.When != AtOnce && one.When != Daily && one.When != Never:
			wrong = append(wrong, errs.Field{Field: at + "when", Code: "unknown_value"})
		case rule.Fixed() && one.When != AtOnce:
			wrong = append(wrong, errs.Field{Field: at + "when", Code: "notice_fixed"})
		case !slices.Contains(rule.Options, one.When):
			wrong = append(wrong, errs.Field{Field: at + "when", Code: "notice_option"})
		}
	}
	return wrong
}
