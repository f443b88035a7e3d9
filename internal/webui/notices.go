package webui

import (
	"net/url"
	"strconv"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/httpd"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/notifications"
	"github.com/orynda/orynda/internal/storage"
	"github.com/orynda/orynda/web/pages/notices"
	"github.com/orynda/orynda/web/ui"
)

// noticesPage is how many notices one page shows.
const noticesPage = 20

// noticeRoutes are the pages of what was told, and of what shall be told by mail.
func (s *site) noticeRoutes() {
	s.own("/notices", s.notices)
	s.change("/notices/read", s.readNotices)
	s.own("/notices/choices", s.noticeChoices)
	s.change("/notices/choices", s.chooseNotices)
	s.get("/notices/stop/:token", s.stopPage)
	s.stopped("/notices/stop/:token")
	s.change("/notices/:id", s.openNotice)
}

func (s *site) notices(v *visit) error {
	after, err := storage.ParseCursor(v.query("cursor"))
	if err != nil {
		return err
	}
	unread := v.query("unread") == "true"
	list, err := s.Notifications.ListNotices(v.ctx(), v.actor, v.lang, unread, after, noticesPage)
	if err != nil {
		return err
	}
	d := notices.ListData{UnreadOnly: unread}
	for _, n := range list.Items {
		d.Items = append(d.Items, notices.Notice{ID: n.ID, Title: n.Title, Text: n.Text, Path: n.Path, At: n.CreatedAt, Unread: n.ReadAt.IsZero()})
	}
	if next := list.Next.String(); next != "" {
		d.Next = "/notices?cursor=" + url.QueryEscape(next)
		if unread {
			d.Next += "&unread=true"
		}
	}
	return v.show(notices.List(d))
}

// openNotice marks a notice as read and leads to the page it is about.
func (s *site) openNotice(v *visit) error {
	n, err := s.Notifications.Notice(v.ctx(), v.actor, v.lang, v.param("id"))
	if err != nil {
		return err
	}
	if _, err := s.Notifications.MarkRead(v.ctx(), v.actor, n.ID); err != nil {
		return err
	}
	return v.back(n.Path, "/notices")
}

func (s *site) readNotices(v *visit) error {
	if _, err := s.Notifications.MarkAllRead(v.ctx(), v.actor); err != nil {
		return v.refusedAct(err, "/notices")
	}
	return v.goTo("/notices", "")
}

func (s *site) noticeChoices(v *visit) error {
	d, err := s.choices(v)
	if err != nil {
		return err
	}
	return v.show(notices.Choices(&ui.Form{}, d))
}

func (s *site) choices(v *visit) (d notices.ChoicesData, err error) {
	c, err := s.Notifications.Choices(v.ctx(), v.actor, v.lang)
	if err != nil {
		return d, err
	}
	p, err := s.Accounts.Person(v.ctx(), v.actor.PersonID)
	if err != nil {
		return d, err
	}
	d = notices.ChoicesData{Version: strconv.FormatInt(c.Version, 10), Locale: string(p.Locale)}
	for _, g := range c.Groups {
		one := notices.Group{Key: string(g.Group), Name: g.Name, Text: g.Text, When: string(g.When), Fixed: g.Fixed}
		for _, w := range g.Options {
			one.Options = append(one.Options, string(w))
		}
		d.Groups = append(d.Groups, one)
	}
	return d, nil
}

func (s *site) chooseNotices(v *visit) error {
	f := v.form()
	d, err := s.choices(v)
	if err != nil {
		return err
	}
	var chosen []notifications.Choice
	for _, g := range d.Groups {
		if when := f.Value("when_" + g.Key); when != "" && !g.Fixed {
			chosen = append(chosen, notifications.Choice{Group: notifications.Group(g.Key), When: notifications.When(when)})
		}
	}
	expect := f.Version()
	if err := s.setChoices(v, f, chosen, expect); err != nil {
		if v.refused(err, f, nil) {
			return v.again(notices.Choices(f, d))
		}
		return err
	}
	return v.goTo("/notices/choices", "choices_saved")
}

func (s *site) setChoices(v *visit, f *ui.Form, chosen []notifications.Choice, expect int64) error {
	locale, ok := i18n.ParseLang(f.Value("locale"))
	if !ok {
		return errs.InvalidFields([]errs.Field{{Field: "locale", Code: "unknown_value"}})
	}
	if _, err := s.Accounts.UpdateMe(v.ctx(), v.actor, accounts.PersonChange{Locale: &locale}, 0); err != nil {
		return err
	}
	_, err := s.Notifications.SetChoices(v.ctx(), v.actor, v.lang, chosen, expect)
	return err
}

// stopped registers where the link at the foot of a mail posts to: the form of its page, and without any page the mail program of its reader, as RFC 8058 says. That one
// brings no proof and no cookie, but it has the token, which is all that the form has; it wants an answer that leads nowhere.
func (s *site) stopped(path string) {
	byForm := s.guarded(httpd.SignIns, s.stopMails)
	for _, lang := range i18n.Langs() {
		s.app.Post("/"+string(lang)+path, s.visited(lang, func(v *visit) error {
			if v.form().Value("List-Unsubscribe") != "One-Click" {
				return byForm(v)
			}
			if _, err := s.Notifications.StopMails(v.ctx(), v.lang, v.param("token")); err != nil {
				return err
			}
			return s.stopPage(v)
		}))
	}
}

func (s *site) stopPage(v *visit) error {
	stop, err := s.Notifications.StopPage(v.ctx(), v.lang, v.param("token"))
	if err != nil {
		return err
	}
	return v.show(notices.Stop(notices.StopData{Token: v.param("token"), Name: stop.Name, Stopped: stop.When == notifications.Never}))
}

func (s *site) stopMails(v *visit) error {
	if _, err := s.Notifications.StopMails(v.ctx(), v.lang, v.param("token")); err != nil {
		return err
	}
	return v.goTo("/notices/stop/"+v.param("token"), "mails_stopped")
}
