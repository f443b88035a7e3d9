package notifications

import (
	"context"
	"errors"
	"time"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/outbox"
	"github.com/orynda/orynda/internal/storage"
)

// notice is a mail to be, before it has a language.
type notice struct {
	to       reader
	template string                               // "<event type>" with an optional variant: keys mail.<template>.subject and .text
	values   func(lang i18n.Lang) map[string]any  // for subject and text; may be nil
	link     string                               // where to act; "" for none
	code     string                               // six digits that the text shows as {{.code}}
	calendar func(lang i18n.Lang) ([]byte, error) // may be nil
}

// reader is who gets a mail.
type reader struct {
	id      string // of the person or invitation
	email   string
	lang    i18n.Lang
	copyFor string // name of the ward, when this is a guardian's copy
}

// mail says the notice in the reader's language.
func (s *Service) mail(n notice, messageID string) (Mail, error) {
	lang := n.to.lang
	values := map[string]any{}
	if n.values != nil {
		values = n.values(lang)
	}
	values["code"], values["copy"] = n.code, n.to.copyFor
	text := s.say(lang, "mail.frame.hello", nil) + "\n\n"
	if n.to.copyFor != "" {
		text += s.say(lang, "mail.frame.copy", map[string]any{"ward": n.to.copyFor}) + "\n\n"
	}
	text += s.say(lang, "mail."+n.template+".text", values) + "\n\n"
	if n.link != "" {
		text += s.say(lang, "mail.frame.open", map[string]any{"link": n.link}) + "\n\n"
	}
	m := Mail{
		To: n.to.email, Lang: lang, MessageID: messageID, Code: n.code,
		Subject: oneLine(s.say(lang, "mail."+n.template+".subject", values)),
		Text:    text + s.say(lang, "mail.frame.foot", map[string]any{"site": s.d.PublicURL}) + "\n",
	}
	if n.calendar == nil {
		return m, nil
	}
	var err error
	m.ICS, err = n.calendar(lang)
	return m, err
}

// send sends all notices of an event. One that fails doesn't hold up the others; the joined error makes the outbox come again, and then
// only the missing ones are sent.
func (s *Service) send(ctx context.Context, ev outbox.Event, reminder bool, notices []notice) error {
	var failed []error
	seen := map[string]bool{}
	for _, n := range notices {
		if seen[n.to.id] {
			continue // somebody who stands in two relations gets the mail of the first
		}
		seen[n.to.id] = true
		if err := ctx.Err(); err != nil {
			return errors.Join(append(failed, err)...)
		}
		if err := s.deliver(ctx, ev, reminder, n); err != nil {
			failed = append(failed, err)
		}
	}
	return errors.Join(failed...)
}

// deliver sends one notice, if the log doesn't say that it was sent. The log is written before the mail goes out.
func (s *Service) deliver(ctx context.Context, ev outbox.Event, reminder bool, n notice) error {
	hash := deliveryHash(ev.ID, n.to.id)
	entry := &Delivery{
		ID: "dlv_" + hash, CreatedAt: s.d.Clock.Now(), State: Waiting, EventID: ev.ID, EventType: ev.Type, Template: n.template,
		Recipient: n.to.id, Reminder: reminder, MessageID: hash + "@" + s.host,
	}
	m, err := s.mail(n, entry.MessageID)
	if err != nil {
		return err
	}
	begun, err := s.begin(ctx, entry)
	if err != nil || !begun {
		return err
	}
	code := ""
	sending := s.d.Mailer.Send(ctx, m)
	if sending != nil {
		code = errs.CodeOf(sending)
	}
	s.counted(code)
	return s.end(ctx, entry.ID, code, sending)
}

func (s *Service) counted(code string) {
	if s.d.Count == nil {
		return
	}
	switch code {
	case "":
		s.d.Count("sent")
	case CodeRefused:
		s.d.Count("refused")
	default:
		s.d.Count("failed")
	}
}

// begin writes the attempt into the log, and reports whether it may be made.
func (s *Service) begin(ctx context.Context, fresh *Delivery) (bool, error) {
	begun := false
	err := s.d.DB.Tx(ctx, func(ctx context.Context) error {
		if err := hold(ctx); err != nil {
			return err
		}
		entry, err := s.log.LockOrNew(ctx, fresh.ID, fresh)
		if err != nil {
			return err
		}
		before := *entry
		begun = entry.begin(s.d.Clock.Now())
		if *entry == before {
			return nil
		}
		return s.log.Save(ctx, entry)
	})
	return begun, err
}

// end writes the outcome into the log. It gives an error when the event must come again. What was sent is noted even when the run is
// told to hurry.
func (s *Service) end(ctx context.Context, deliveryID, code string, sending error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	var entry *Delivery
	err := s.d.DB.Tx(ctx, func(ctx context.Context) (err error) {
		if entry, err = s.log.Lock(ctx, deliveryID); err != nil {
			return err
		}
		if entry.State == Sent {
			return nil
		}
		entry.end(code, s.d.Clock.Now())
		return s.log.Save(ctx, entry)
	})
	if err != nil {
		return errors.Join(err, sending)
	}
	if sending == nil {
		return nil
	}
	if entry.final() {
		s.d.Log.WarnContext(ctx, "mail given up", "event", entry.EventID, "type", entry.EventType, "recipient", entry.Recipient, "error_code", code)
		return nil
	}
	return sending
}

// hold makes a transaction in the run of a handler take effect only while its lease holds.
func hold(ctx context.Context) error {
	if _, running := outbox.Fence(ctx); !running {
		return nil
	}
	return outbox.Hold(ctx)
}

// pruneBatch is how many entries are deleted in one transaction.
const pruneBatch = 200

// prune deletes entries older than [KeepLog].
func (s *Service) prune(ctx context.Context, now time.Time) error {
	old := storage.Where(storage.Lt("created", now.Add(-KeepLog))).By("created").Take(pruneBatch)
	for {
		entries, err := s.log.Find(ctx, old)
		if err != nil || len(entries) == 0 {
			return err
		}
		err = s.d.DB.Tx(ctx, func(ctx context.Context) error {
			if err := hold(ctx); err != nil {
				return err
			}
			for _, e := range entries {
				if err := s.log.Delete(ctx, e.ID); err != nil && !storage.IsNotFound(err) {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
}
