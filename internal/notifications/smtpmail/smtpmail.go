// Package smtpmail hands mails to an SMTP server.
//
// # Contract
//
// The address of the server is smtp://user:password@host:587 (STARTTLS, which a server must offer when there is a password to protect, and
// which is used wherever it is offered) or smtps://user:password@host:465 (TLS from the first byte). Certificates are always verified.
// A mail is multipart/alternative: plain text, the page that says the same, and for an interview the calendar part, which is attached as a file too.
//
// Every mail is a connection of its own with a timeout; it says with Auto-Submitted (RFC 3834) that no person wrote it, so that holiday
// replies don't answer it.
//
// The errors are those of notifications.Mailer. They quote the server's status, never its sentence, which often holds the address.
package smtpmail

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	netmail "net/mail"
	"net/textproto"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/wneessen/go-mail"

	"github.com/orynda/orynda/internal/notifications"
)

// defaultTimeout bounds connecting and each step of the conversation.
const defaultTimeout = 15 * time.Second

// Config is what the mailer needs.
type Config struct {
	URL     string        // smtp:// or smtps://
	From    string        // sender of every mail: an address, or a name with an address in angle brackets
	Timeout time.Duration // 15 s when 0
	TLS     *tls.Config   // for certificates of the operator's own; nil for those of the machine
}

// Mailer implements notifications.Mailer. It is safe for parallel use.
type Mailer struct {
	client  *mail.Client
	from    string
	timeout time.Duration
	now     func() time.Time
}

// New reads the settings; it doesn't connect. The errors name the setting and never quote the password.
func New(c Config) (*Mailer, error) {
	from, err := netmail.ParseAddress(c.From)
	if err != nil {
		return nil, errors.New("smtpmail: the sender must be a mail address")
	}
	u, err := url.Parse(c.URL)
	if err != nil || u.Hostname() == "" || (u.Scheme != "smtp" && u.Scheme != "smtps") {
		return nil, errors.New("smtpmail: the server must be smtp://host:port or smtps://host:port") // the parser's text would quote the password
	}
	if c.Timeout <= 0 {
		c.Timeout = defaultTimeout
	}
	options, err := options(u, c)
	if err != nil {
		return nil, err
	}
	client, err := mail.NewClient(u.Hostname(), options...)
	if err != nil {
		return nil, fmt.Errorf("smtpmail: %w", err)
	}
	return &Mailer{client: client, from: from.String(), timeout: c.Timeout, now: time.Now}, nil
}

func options(u *url.URL, c Config) ([]mail.Option, error) {
	port, secure := 587, u.Scheme == "smtps"
	if secure {
		port = 465
	}
	if u.Port() != "" {
		var err error
		if port, err = strconv.Atoi(u.Port()); err != nil {
			return nil, errors.New("smtpmail: the server's port must be a number")
		}
	}
	config := c.TLS.Clone()
	if config == nil {
		config = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	config.ServerName = u.Hostname()
	config.MinVersion = tls.VersionTLS12
	out := []mail.Option{mail.WithPort(port), mail.WithTimeout(c.Timeout), mail.WithTLSConfig(config), mail.WithoutRset()}
	user := u.User.Username()
	switch {
	case secure:
		out = append(out, mail.WithSSL())
	case user != "":
		out = append(out, mail.WithTLSPolicy(mail.TLSMandatory))
	default:
		out = append(out, mail.WithTLSPolicy(mail.TLSOpportunistic))
	}
	if user != "" {
		password, _ := u.User.Password()
		out = append(out, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(user), mail.WithPassword(password))
	}
	return out, nil
}

// Send implements notifications.Mailer.
func (m *Mailer) Send(ctx context.Context, in notifications.Mail) error {
	msg, err := m.message(in)
	if err != nil {
		return err
	}
	// Connecting apart from sending: what fails here has handed nothing over.
	connection, err := m.client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return notifications.ErrUnreachable(cause("connecting", err))
	}
	defer func() { _ = m.client.CloseWithSMTPClient(connection) }()
	err = m.client.SendWithSMTPClient(connection, msg)
	if err == nil || msg.IsDelivered() {
		return nil // a server that hangs up after taking the mail has taken it
	}
	return classify(err)
}

func (m *Mailer) message(in notifications.Mail) (*mail.Msg, error) {
	msg := mail.NewMsg(mail.WithNoDefaultUserAgent())
	if err := msg.From(m.from); err != nil {
		return nil, notifications.ErrUnreachable(errors.New("the sender's address"))
	}
	if err := msg.To(in.To); err != nil {
		return nil, notifications.ErrRefused(errors.New("the address can't be written to"))
	}
	msg.SetMessageIDWithValue(in.MessageID)
	msg.SetDateWithValue(m.now())
	msg.Subject(in.Subject)
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.SetGenHeader("Content-Language", string(in.Lang))
	if in.Stop != "" {
		// A program that opens the address sees a page that asks first; one that posts to it as RFC 8058 says means it.
		msg.SetGenHeader(mail.HeaderListUnsubscribe, "<"+in.Stop+">")
		if strings.HasPrefix(in.Stop, "https://") { // the standard wants it safe
			msg.SetGenHeader(mail.HeaderListUnsubscribePost, "List-Unsubscribe=One-Click")
		}
	}
	msg.SetBodyString(mail.TypeTextPlain, in.Text)
	if in.HTML != "" {
		msg.AddAlternativeString(mail.TypeTextHTML, in.HTML) // the last alternative that a program knows is shown: text before page
	}
	if in.ICS == nil {
		return msg, nil
	}
	// Calendar programs act on the part, people save the attachment.
	msg.AddAlternativeString(mail.ContentType("text/calendar; method="+method(in.ICS)), string(in.ICS))
	kind := mail.ContentType("text/calendar; charset=utf-8; method=" + method(in.ICS))
	if err := msg.AttachReader(notifications.CalendarFile, bytes.NewReader(in.ICS), mail.WithFileContentType(kind)); err != nil {
		return nil, notifications.ErrUnreachable(errors.New("the calendar file"))
	}
	return msg, nil
}

// method is the calendar's METHOD (RFC 5546), which the attachment's type has to repeat.
func method(ics []byte) string {
	switch {
	case bytes.Contains(ics, []byte("METHOD:CANCEL")):
		return "CANCEL"
	case bytes.Contains(ics, []byte("METHOD:REQUEST")):
		return "REQUEST"
	}
	return "PUBLISH"
}

// classify tells what was surely not taken, what never will be, and what nobody knows.
func classify(err error) error {
	var failed *mail.SendError
	if !errors.As(err, &failed) {
		return notifications.ErrFailed(cause("sending", err))
	}
	why := fmt.Errorf("%s: status %d", failed.Reason, failed.ErrorCode())
	code := failed.ErrorCode()
	permanent := code >= 500 && code < 600
	switch failed.Reason {
	case mail.ErrSMTPRcptTo, mail.ErrSMTPDataClose:
		if permanent {
			return notifications.ErrRefused(why)
		}
		if code == 0 && failed.Reason == mail.ErrSMTPDataClose {
			return notifications.ErrFailed(why) // the connection broke while the server was taking it
		}
		return notifications.ErrUnreachable(why)
	case mail.ErrConnCheck, mail.ErrSMTPMailFrom, mail.ErrSMTPData, mail.ErrWriteContent:
		return notifications.ErrUnreachable(why)
	}
	return notifications.ErrFailed(why)
}

// cause keeps the kind of a failure without the server's sentence.
func cause(doing string, err error) error {
	var answer *textproto.Error
	var system syscall.Errno
	switch {
	case errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled):
		return fmt.Errorf("%s: %w", doing, err)
	case errors.As(err, &answer):
		return fmt.Errorf("%s: status %d", doing, answer.Code)
	case errors.As(err, &system):
		return fmt.Errorf("%s: %w", doing, system)
	}
	return fmt.Errorf("%s: %T", doing, root(err))
}

// root is the innermost error, whose type says most.
func root(err error) error {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err
		}
		err = inner
	}
}
