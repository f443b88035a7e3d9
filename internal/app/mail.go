package app

import (
	"github.com/orynda/orynda/internal/notifications"
	"github.com/orynda/orynda/internal/notifications/demobox"
	"github.com/orynda/orynda/internal/notifications/smtpmail"
)

// makeNotifications chooses how mails go out: by the options, by SMTP, or in the demo into a box that can be read.
func (a *App) makeNotifications() error {
	mailer := a.opt.Mailer
	var err error
	switch {
	case mailer != nil:
	case a.opt.Demo:
		a.demoBox = demobox.New(a.db, a.clock)
		mailer = a.demoBox
	case a.cfg.SMTPURL != "":
		if mailer, err = smtpmail.New(a.cfg.SMTPURL, a.cfg.MailFrom); err != nil {
			return err
		}
	default:
		mailer = notifications.Nowhere(a.log)
	}
	a.notifications = notifications.New(notifications.Deps{
		DB: a.db, Clock: a.clock, Ring: a.ring, Log: a.log, Mailer: mailer, Catalogue: a.say, PublicURL: a.publicURL(), People: a.accounts,
		Directory: a.directory, Placements: a.placements, Selection: a.selection, Interviews: a.interviews, Agreements: a.agreements,
		Applicants: a.selection.OfPlacement, Count: a.metrics.Mail,
	})
	return nil
}
