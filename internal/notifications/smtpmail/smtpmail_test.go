package smtpmail_test

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"math/big"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/notifications"
	"github.com/orynda/orynda/internal/notifications/smtpmail"
)

var _ notifications.Mailer = (*smtpmail.Mailer)(nil)

// server is a small SMTP server. replies answers a command (its first word) otherwise than well; "HANGUP" breaks the connection.
type server struct {
	addr     string
	cert     tls.Certificate
	starttls bool
	replies  map[string]string

	mu       sync.Mutex
	lines    []string
	messages []string
}

func newServer(t *testing.T, implicit, starttls bool, replies map[string]string) *server {
	t.Helper()
	s := &server{cert: certificate(t), starttls: starttls, replies: replies}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if implicit {
		listener = tls.NewListener(listener, s.tls())
	}
	s.addr = listener.Addr().String()
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			go s.serve(c)
		}
	}()
	return s
}

func (s *server) tls() *tls.Config { return &tls.Config{Certificates: []tls.Certificate{s.cert}} }

func certificate(t *testing.T) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true,
		BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}
}

// trust is what a client needs to believe the server.
func (s *server) trust() *tls.Config {
	pool := x509.NewCertPool()
	pool.AddCert(s.cert.Leaf)
	return &tls.Config{RootCAs: pool}
}

func (s *server) serve(c net.Conn) {
	defer func() { _ = c.Close() }()
	_ = c.SetDeadline(time.Now().Add(10 * time.Second))
	in, secure := bufio.NewReader(c), false
	say := func(text string) { _, _ = io.WriteString(c, text+"\r\n") }
	say("220 test")
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		line = strings.TrimSpace(line)
		s.note(line)
		word := strings.ToUpper(strings.Fields(line + " .")[0])
		if reply, ok := s.replies[word]; ok {
			if reply == "HANGUP" {
				return
			}
			say(reply)
			continue
		}
		switch word {
		case "EHLO":
			say("250-test")
			if s.starttls && !secure {
				say("250-STARTTLS")
			}
			say("250 AUTH PLAIN LOGIN")
		case "STARTTLS":
			say("220 go")
			c = tls.Server(c, s.tls())
			in, secure = bufio.NewReader(c), true
		case "AUTH":
			say("235 ok")
		case "DATA":
			if !s.data(in, say) {
				return
			}
		case "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}

func (s *server) data(in *bufio.Reader, say func(string)) bool {
	say("354 go")
	var text strings.Builder
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return false
		}
		if line == ".\r\n" {
			break
		}
		text.WriteString(strings.TrimPrefix(line, "."))
	}
	s.mu.Lock()
	s.messages = append(s.messages, text.String())
	s.mu.Unlock()
	reply, ok := s.replies["END"]
	if reply == "HANGUP" {
		return false
	}
	if !ok {
		reply = "250 taken"
	}
	say(reply)
	return true
}

func (s *server) note(line string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lines = append(s.lines, line)
}

func (s *server) saw() (lines string, messages []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.lines, "\n"), append([]string(nil), s.messages...)
}

func letter() notifications.Mail {
	return notifications.Mail{
		To: "aigerim@example.kz", Lang: i18n.KK, Subject: "Әңгімелесу: 23 қараша, 09:00", Text: "Сәлеметсіз бе.\n\nКод: 482913\n.нүкте\n",
		HTML: "<!doctype html><html lang=\"kk\"><body><p>Код: 482913</p></body></html>", Stop: "https://orynda.example.kz/kk/notices/stop/x",
		MessageID: "0123abcd@orynda.example.kz", ICS: []byte("BEGIN:VCALENDAR\r\nMETHOD:CANCEL\r\nEND:VCALENDAR\r\n"),
	}
}

func mailer(t *testing.T, s *server, url string) *smtpmail.Mailer {
	t.Helper()
	m, err := smtpmail.New(smtpmail.Config{URL: url, From: "Orynda <noreply@orynda.example.kz>", TLS: s.trust(), Timeout: 3 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestTheLetterArrivesWhole(t *testing.T) {
	for name, c := range map[string]struct {
		implicit, starttls bool
		url                string
	}{
		"plain":    {false, false, "smtp://%s"},
		"starttls": {false, true, "smtp://orynda:zhusan@%s"},
		"implicit": {true, false, "smtps://orynda:zhusan@%s"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t, c.implicit, c.starttls, nil)
			m := mailer(t, s, fmt.Sprintf(c.url, s.addr))
			for range 2 {
				if err := m.Send(t.Context(), letter()); err != nil {
					t.Fatal(err)
				}
			}
			lines, messages := s.saw()
			if len(messages) != 2 {
				t.Fatalf("%d messages", len(messages))
			}
			if strings.Contains(lines, "STARTTLS") != c.starttls || strings.Contains(lines, "AUTH") != (name != "plain") {
				t.Errorf("conversation:\n%s", lines)
			}
			checkLetter(t, messages[0])
			checkLetter(t, messages[1])
		})
	}
}

func checkLetter(t *testing.T, raw string) {
	t.Helper()
	msg, err := mail.ReadMessage(strings.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(msg.Header.Get("Subject"))
	if err != nil || subject != letter().Subject {
		t.Errorf("subject %q, %v", subject, err)
	}
	for header, want := range map[string]string{
		"Message-ID": "<0123abcd@orynda.example.kz>", "To": "<aigerim@example.kz>", "From": `"Orynda" <noreply@orynda.example.kz>`,
		"Auto-Submitted": "auto-generated", "Content-Language": "kk", "List-Unsubscribe": "<https://orynda.example.kz/kk/notices/stop/x>",
		"List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
	} {
		if got := msg.Header.Get(header); got != want {
			t.Errorf("%s: %q, want %q", header, got, want)
		}
	}
	if _, err := msg.Header.Date(); err != nil {
		t.Error(err)
	}
	mixed := opened(t, msg.Header.Get("Content-Type"), "multipart/mixed", msg.Body)
	body, err := mixed.NextRawPart()
	if err != nil {
		t.Fatal(err)
	}
	alternatives := opened(t, body.Header.Get("Content-Type"), "multipart/alternative", body)
	for _, want := range []struct{ kind, method, text string }{
		{"text/plain", "", letter().Text}, {"text/html", "", letter().HTML}, {"text/calendar", "CANCEL", string(letter().ICS)},
	} {
		part, err := alternatives.NextRawPart()
		if err != nil {
			t.Fatalf("%s: %v", want.kind, err)
		}
		kind, params, err := mime.ParseMediaType(part.Header.Get("Content-Type"))
		if err != nil || kind != want.kind || params["method"] != want.method || !strings.EqualFold(params["charset"], "utf-8") {
			t.Errorf("%s: %v, %v", want.kind, part.Header, err)
		}
		text, err := io.ReadAll(quotedprintable.NewReader(part))
		same := strings.NewReplacer("\r\n", "\n")
		if err != nil || strings.TrimSpace(same.Replace(string(text))) != strings.TrimSpace(same.Replace(want.text)) {
			t.Errorf("%s: %q, %v", want.kind, text, err)
		}
	}
	if _, err := alternatives.NextRawPart(); !errors.Is(err, io.EOF) {
		t.Errorf("another alternative: %v", err)
	}
	file, err := mixed.NextPart()
	if err != nil {
		t.Fatal(err)
	}
	kind, params, err := mime.ParseMediaType(file.Header.Get("Content-Type"))
	if err != nil || kind != "text/calendar" || params["method"] != "CANCEL" || file.FileName() != "orynda.ics" {
		t.Errorf("file %v", file.Header)
	}
}

// opened reads the parts of a multipart of a kind.
func opened(t *testing.T, header, want string, body io.Reader) *multipart.Reader {
	t.Helper()
	kind, params, err := mime.ParseMediaType(header)
	if err != nil || kind != want {
		t.Fatalf("%q, %v; want %s", header, err, want)
	}
	return multipart.NewReader(body, params["boundary"])
}

func TestWhatBecameOfIt(t *testing.T) {
	for name, c := range map[string]struct {
		replies map[string]string
		want    string
	}{
		"unknown reader":      {map[string]string{"RCPT": "550 5.1.1 no aigerim@example.kz here"}, notifications.CodeRefused},
		"greylisted":          {map[string]string{"RCPT": "450 4.2.0 later"}, notifications.CodeUnreachable},
		"sender not allowed":  {map[string]string{"MAIL": "553 5.7.1 not you"}, notifications.CodeUnreachable},
		"spam":                {map[string]string{"END": "554 5.7.1 looks like spam"}, notifications.CodeRefused},
		"disk full":           {map[string]string{"END": "452 4.3.1 later"}, notifications.CodeUnreachable},
		"hangs up at the end": {map[string]string{"END": "HANGUP"}, notifications.CodeFailed},
		"hangs up before":     {map[string]string{"RCPT": "HANGUP"}, notifications.CodeUnreachable},
		"hangs up after":      {map[string]string{"QUIT": "HANGUP", "RSET": "HANGUP"}, ""},
		"no greeting":         {map[string]string{"EHLO": "HANGUP", "HELO": "HANGUP"}, notifications.CodeUnreachable},
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t, false, false, c.replies)
			err := mailer(t, s, "smtp://"+s.addr).Send(t.Context(), letter())
			if errs.CodeOf(err) != c.want {
				t.Fatalf("got %v, want %q", err, c.want)
			}
			quotesNothing(t, err)
		})
	}
}

// quotesNothing: no error text, also of its causes, holds the address, the text or the password.
func quotesNothing(t *testing.T, err error) {
	t.Helper()
	for ; err != nil; err = errors.Unwrap(err) {
		for _, secret := range []string{"aigerim", "482913", "zhusan"} {
			if strings.Contains(err.Error(), secret) {
				t.Errorf("the error quotes %q: %v", secret, err)
			}
		}
	}
}

func TestNothingGoesOutUnprotected(t *testing.T) {
	for name, c := range map[string]struct {
		starttls bool
		url      string
		trusted  bool
	}{
		"a password without TLS":   {false, "smtp://orynda:zhusan@%s", true},
		"a certificate of nobody":  {true, "smtp://orynda:zhusan@%s", false},
		"the same without sign-in": {true, "smtp://%s", false},
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t, false, c.starttls, nil)
			config := smtpmail.Config{URL: fmt.Sprintf(c.url, s.addr), From: "noreply@orynda.example.kz", Timeout: 3 * time.Second}
			if c.trusted {
				config.TLS = s.trust()
			}
			m, err := smtpmail.New(config)
			if err != nil {
				t.Fatal(err)
			}
			err = m.Send(t.Context(), letter())
			if !errs.Has(err, notifications.CodeUnreachable) {
				t.Errorf("error %v", err)
			}
			quotesNothing(t, err)
			if lines, messages := s.saw(); len(messages) != 0 || strings.Contains(lines, "AUTH") {
				t.Errorf("sent:\n%s\n%q", lines, messages)
			}
		})
	}
}

func TestAServerThatIsAway(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = closed.Close()
	t.Cleanup(func() { _ = silent.Close() })
	for name, addr := range map[string]string{"refuses": closed.Addr().String(), "never answers": silent.Addr().String()} {
		m, err := smtpmail.New(smtpmail.Config{URL: "smtp://" + addr, From: "noreply@orynda.example.kz", Timeout: 300 * time.Millisecond})
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		if err := m.Send(t.Context(), letter()); !errs.Has(err, notifications.CodeUnreachable) {
			t.Errorf("%s: %v", name, err)
		}
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("%s: waited %s", name, took)
		}
	}
}

func TestSettings(t *testing.T) {
	for _, c := range []smtpmail.Config{
		{URL: "http://host", From: "a@example.kz"}, {URL: "smtp://", From: "a@example.kz"}, {URL: "smtp://u:zhusan@host:port", From: "a@example.kz"},
		{URL: "smtp://u:zhusan@host:99999", From: "a@example.kz"}, {URL: "smtp://host:25", From: "nobody"}, {URL: "", From: "a@example.kz"},
	} {
		_, err := smtpmail.New(c)
		if err == nil {
			t.Errorf("%q from %q was taken", c.URL, c.From)
		}
		quotesNothing(t, err)
	}
	for _, url := range []string{"smtp://host", "smtps://u:p%40ss@host", "smtp://[::1]:2525"} {
		if _, err := smtpmail.New(smtpmail.Config{URL: url, From: "Orynda <a@example.kz>"}); err != nil {
			t.Errorf("%s: %v", url, err)
		}
	}
}
