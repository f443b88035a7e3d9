package notifications

import (
	"context"
	"log/slog"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/i18n"
)

// Mail is one message to one reader.
type Mail struct {
	To        string // a mail address
	Lang      i18n.Lang
	Subject   string
	Text      string // plain text, lines end in \n
	HTML      string // a page that says the same; "" for none
	Code      string // the six digits in the text, if there are any: for the readable outbox of the demo
	ICS       []byte // a calendar file to attach as [CalendarFile]; nil for none
	MessageID string // without angle brackets; the same for a repeat of the same mail
	Type      string // of the event, or "digest"
	Stop      string // address of the page that ends mails of this kind, also by a post as RFC 8058 wants it; "" where they can't be switched off
}

// CalendarFile is the name of an attached calendar file.
const CalendarFile = "orynda.ics"

// LogValue keeps all but the Message-ID out of logs.
func (m Mail) LogValue() slog.Value { return slog.StringValue(m.MessageID) }

// Mailer hands mails over. Send is safe for parallel use and answers nil once the mail was taken. Its errors:
//
//   - errs.Unavailable mail_unreachable: nothing was handed over, trying again later is safe.
//   - errs.Unprocessable mail_refused: this mail is refused for good, trying again is useless.
//   - anything else: the mail may have been taken or not.
//
// No error quotes the address, the text or the code.
type Mailer interface {
	Send(ctx context.Context, m Mail) error
}

// Codes of what became of a mail, for [Mailer] and the log.
const (
	CodeUnreachable = "mail_unreachable"
	CodeRefused     = "mail_refused"
	CodeFailed      = "mail_failed"
)

// ErrUnreachable is a server that couldn't be reached before anything was handed over. Its cause is for the log and quotes no mail.
func ErrUnreachable(cause error) error {
	return errs.New(errs.Unavailable, CodeUnreachable).WithCause(cause)
}

// ErrRefused is a mail that the server refuses for good.
func ErrRefused(cause error) error {
	return errs.New(errs.Unprocessable, CodeRefused).WithCause(cause)
}

// ErrFailed is a mail of which nobody knows whether it was taken.
func ErrFailed(cause error) error {
	return errs.New(errs.Unavailable, CodeFailed).WithCause(cause)
}
