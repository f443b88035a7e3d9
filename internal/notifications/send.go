package notifications

import (
	"context"
	"errors"
	"time"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/outbox"
)

// texts are words of people, which mails quote and nothing keeps.
type texts map[string]string

// message is a mail and a notice to be, before they have a language.
type message struct {
	to       reader
	template string // "<event type>" with an optional variant: keys mail.<template>.subject and .text
	facts    []Fact
	texts    texts                                // for the mail only
	path     string                               // where to act; "" for none
	leads    string                               // where the mail's button leads instead, to a page that asks nobody to sign in; "" for path
	listed   []string                             // ids of places that the mail lists below its text
	stops    string                               // id of the saved search whose alerts the mail's link ends; "" for its whole group
	code     string                               // six digits that the text shows as {{.code}}
	mailOnly bool                                 // makes no notice: it holds a secret, or its reader has no account
	calendar func(lang i18n.Lang) ([]byte, error) // may be nil
}

// reader is who gets a message.
type reader struct {
	id     string // of the person or invitation
	email  string
	lang   i18n.Lang
	wardID string // whose copy this is, when this is a guardian
}

// send tells all messages of an event. One that fails doesn't hold up the others; the joined error makes the outbox come again, and then
// only the missing ones are sent.
func (s *Service) send(ctx context.Context, ev outbox.Event, reminder bool, list []message) error {
	var failed []error
	seen, words := map[string]bool{}, s.words()
	for _, n := range list {
		if seen[n.to.id] {
			continue // somebody who stands in two relations gets the mail of the first
		}
		seen[n.to.id] = true
		if err := ctx.Err(); err != nil {
			return errors.Join(append(failed, err)...)
		}
		if err := s.tell(ctx, ev, reminder, n, words); err != nil {
			failed = append(failed, err)
		}
	}
	return errors.Join(failed...)
}

// tell keeps the notice of one message, and sends its mail if the reader wants it now.
func (s *Service) tell(ctx context.Context, ev outbox.Event, reminder bool, m message, words *words) error {
	when, err := s.when(ctx, m)
	if err != nil {
		return err
	}
	if !m.mailOnly {
		if err := s.keep(ctx, ev, m, when); err != nil {
			return err
		}
	}
	if when != AtOnce {
		return nil
	}
	_, err = s.deliver(ctx, ev, m.template, m.to.id, reminder, func() (Mail, error) { return s.mail(ctx, m, words) })
	return err
}

// deliver sends one mail, if the log doesn't say that it was sent. The log is written before the mail goes out. It reports whether an attempt was made.
func (s *Service) deliver(ctx context.Context, ev outbox.Event, template, recipient string, reminder bool, compose func() (Mail, error)) (bool, error) {
	hash := deliveryHash(ev.ID, recipient)
	entry := &Delivery{
		ID: "dlv_" + hash, CreatedAt: s.d.Clock.Now(), State: Waiting, EventID: ev.ID, EventType: ev.Type, Template: template,
		Recipient: recipient, Reminder: reminder, MessageID: hash + "@" + s.host,
	}
	m, err := compose()
	if err != nil {
		return false, err
	}
	m.MessageID, m.Type = entry.MessageID, ev.Type
	begun, err := s.begin(ctx, entry)
	if err != nil || !begun {
		return false, err
	}
	code := ""
	sending := s.d.Mailer.Send(ctx, m)
	if sending != nil {
		code = errs.CodeOf(sending)
	}
	s.counted(code)
	return true, s.end(ctx, entry.ID, code, sending)
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
