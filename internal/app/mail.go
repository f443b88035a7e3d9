package app

import (
	"context"
	"errors"

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
		if mailer, err = smtpmail.New(smtpmail.Config{URL: a.cfg.SMTPURL, From: a.cfg.MailFrom}); err != nil {
			return err
		}
	default:
		mailer = unset{}
	}
	a.notifications = notifications.New(notifications.Deps{
		DB: a.db, Clock: a.clock, Ring: a.ring, Policy: a.policy, Log: a.log, Mailer: mailer, Catalogue: a.say, PublicURL: a.publicURL(), People: a.accounts,
		Directory: a.directory, Placements: a.placements, Selection: a.selection, Interviews: a.interviews, Agreements: a.agreements, Saved: a.saving,
		Applicants: a.selection.OfPlacement, Count: a.metrics.Mail,
	})
	return nil
}

// unset stands for a mail server that nobody named: mails wait in the outbox until one is, and become dead letters after some hours.
type unset struct{}

// Send implements notifications.Mailer.
func (unset) Send(context.Context, notifications.Mail) error {
	return notifications.ErrUnreachable(errors.New("ORYNDA_SMTP_URL is not set"))
}
