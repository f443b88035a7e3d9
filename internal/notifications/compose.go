package notifications

import (
	"context"

	"github.com/orynda/orynda/internal/i18n"
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
	l := s.letter(lang, GroupOf(m.template), m.to.id, m.mailOnly)
	l.Subject, l.Text = s.sentences(lang, m.template, values)
	l.Code = m.code
	if m.to.wardID != "" {
		ward, err := words.name(ctx, lang, aboutPerson("ward", m.to.wardID))
		if err != nil {
			return Mail{}, err
		}
		l.Copy = s.say(lang, "mail.frame.copy", map[string]any{"ward": ward})
	}
	s.leads(&l, lang, m.path)
	out, err := s.print(l.Letter, m.to)
	out.Code, out.Stop = m.code, l.stop
	if err != nil || m.calendar == nil {
		return out, err
	}
	out.ICS, err = m.calendar(lang)
	return out, err
}

// framed is a letter with the address that ends mails of its kind.
type framed struct {
	letter.Letter
	stop string
}

// letter begins a letter of a group: its greeting and its foot. Whoever has no account has nothing to choose.
func (s *Service) letter(lang i18n.Lang, g Group, recipient string, stranger bool) framed {
	l := framed{Letter: letter.Letter{
		Lang: string(lang), Site: s.url(lang, pathHome), Name: s.say(lang, "mail.frame.name", nil), Hello: s.say(lang, "mail.frame.hello", nil),
		Foot: []letter.Foot{{Text: s.say(lang, "mail.frame.auto", nil)}},
	}}
	rule, known := ruleOf(g)
	switch {
	case !known || !rule.Fixed():
		l.stop = s.url(lang, page(pathStop, s.stopToken(recipient, g)))
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
