package notifications

import (
	"cmp"
	"context"
	"fmt"

	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/notifications/dates"
	"github.com/orynda/orynda/internal/notifications/letter"
)

// mail says a message in the reader's language, as text and as a page.
func (s *Service) mail(ctx context.Context, m message, words *words) (Mail, error) {
	lang := m.to.lang
	values, err := words.values(ctx, lang, m.facts)
	if err != nil {
		return Mail{}, err
	}
	for name, text := range m.texts {
		values[name] = text
	}
	values["code"], values["attached"] = m.code, m.calendar != nil
	l := s.letter(lang, GroupOf(m.template), stopping{m.to.id, m.stops}, m.mailOnly)
	l.Subject, l.Text = s.sentences(lang, m.template, values)
	l.Code = m.code
	if m.to.wardID != "" {
		ward, err := words.name(ctx, lang, aboutPerson("ward", m.to.wardID))
		if err != nil {
			return Mail{}, err
		}
		l.Copy = s.say(lang, "mail.frame.copy", map[string]any{"ward": ward})
	}
	if err := s.list(ctx, &l, lang, m.listed, words); err != nil {
		return Mail{}, err
	}
	s.leads(&l, lang, cmp.Or(m.leads, m.path))
	out, err := s.print(l.Letter, m.to)
	out.Code, out.Stop = m.code, l.stop
	if err != nil || m.calendar == nil {
		return out, err
	}
	out.ICS, err = m.calendar(lang)
	return out, err
}

// list writes places below the text, each with its enterprise and its deadline.
func (s *Service) list(ctx context.Context, l *framed, lang i18n.Lang, ids []string, words *words) error {
	if len(ids) == 0 {
		return nil
	}
	section := letter.Section{Title: s.say(lang, "mail.listed", nil)}
	for _, id := range ids {
		values := map[string]any{}
		if err := words.addPlace(ctx, lang, id, values); err != nil {
			return err
		}
		if p := words.places[id]; p.Placement != nil {
			values["until"] = dates.Day(lang, p.ApplyBy)
		}
		section.Items = append(section.Items, letter.Item{
			Title: oneLine(fmt.Sprint(values["title"])), Text: oneLine(s.say(lang, "mail.listed.place", values)), URL: s.url(lang, page(pathPlace, id)),
		})
	}
	l.Sections = []letter.Section{section}
	return nil
}

// framed is a letter with the address that ends mails of its kind.
type framed struct {
	letter.Letter
	stop string
}

// letter begins a letter of a group: its greeting and its foot. Whoever has no account has nothing to choose.
func (s *Service) letter(lang i18n.Lang, g Group, to stopping, stranger bool) framed {
	l := framed{Letter: letter.Letter{
		Lang: string(lang), Site: s.url(lang, pathHome), Name: s.say(lang, "mail.frame.name", nil), Hello: s.say(lang, "mail.frame.hello", nil),
		Foot: []letter.Foot{{Text: s.say(lang, "mail.frame.auto", nil)}},
	}}
	rule, known := ruleOf(g)
	switch {
	case !known || !rule.Fixed():
		l.stop = s.url(lang, page(pathStop, s.stopToken(to, g)))
		l.Foot = append(l.Foot,
			letter.Foot{Text: s.say(lang, "mail.frame.choices", nil), URL: s.url(lang, pathChoices)},
			letter.Foot{Text: s.say(lang, "mail.frame.stop", nil), URL: l.stop})
	case !stranger:
		l.Foot = append(l.Foot,
			letter.Foot{Text: s.say(lang, "mail.frame.fixed", nil)}, letter.Foot{Text: s.say(lang, "mail.frame.choices", nil), URL: s.url(lang, pathChoices)})
	}
	return l
}

// leads sets where the letter leads to.
func (s *Service) leads(l *framed, lang i18n.Lang, path string) {
	if path == "" {
		return
	}
	l.Button = letter.Link{Label: s.say(lang, "mail.frame.button", nil), URL: s.url(lang, path)}
	l.Open = s.say(lang, "mail.frame.open", map[string]any{"link": l.Button.URL})
}

// print makes a mail of a letter.
func (s *Service) print(l letter.Letter, to reader) (Mail, error) {
	html, err := s.press.HTML(l)
	return Mail{To: to.email, Lang: to.lang, Subject: l.Subject, Text: l.Plain(), HTML: html}, err
}
