// Package demobox keeps mails in the database instead of sending them, readable by anybody who may read the demo's outbox. It is for the
// demo only: codes and links stand in it in clear.
//
// A repeat of the same mail (by Message-ID) is kept once, as a mailbox would show it. The newest [Keep] mails stay.
package demobox

import (
	"context"
	"time"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/id"
	"github.com/orynda/orynda/internal/notifications"
	"github.com/orynda/orynda/internal/storage"
)

// Keep is how many mails stay.
const Keep = 5000

// Limits of a list.
const (
	defaultLimit = 20
	mostLimit    = 100
)

// Mail is a kept mail.
type Mail struct {
	ID          string    `json:"id"` // "eml_…", newest last
	Version     int64     `json:"version"`
	To          string    `json:"to"`
	Lang        string    `json:"lang"`
	Type        string    `json:"type,omitempty"` // of the event, or "digest"
	Subject     string    `json:"subject"`
	Text        string    `json:"text"`
	HTML        string    `json:"html,omitempty"`
	Code        string    `json:"code,omitempty"` // the six digits in the text, if there are any
	Calendar    string    `json:"calendar,omitempty"`
	Attachments []string  `json:"attachments,omitempty"` // names of the files
	Stop        string    `json:"stop,omitempty"`        // what List-Unsubscribe would say
	MessageID   string    `json:"message_id"`
	SentAt      time.Time `json:"sent_at"` // by the demo's clock
}

// Identity implements storage.Document.
func (m *Mail) Identity() (string, *int64) { return m.ID, &m.Version }

// Keys implements storage.Document.
func (m *Mail) Keys() storage.Keys { return storage.Keys{"to": m.To, "message": m.MessageID} }

func spec() storage.Spec {
	return storage.Spec{
		Name:    "demo_mails",
		Keys:    []storage.Key{{Name: "to"}, {Name: "message"}},
		Indexes: []storage.Index{{Name: "to", Keys: []string{"to"}}, {Name: "message", Keys: []string{"message"}, Unique: true}},
	}
}

// Specs lists the collections of the package, for storage.Ensure.
func Specs() []storage.Spec { return []storage.Spec{spec()} }

// Box implements notifications.Mailer. It is safe for parallel use.
type Box struct {
	db    storage.Engine
	clock cal.Clock
	mails *storage.Collection[Mail, *Mail]
}

// New makes a box. The collections ([Specs]) must exist before anything else is called.
func New(db storage.Engine, clock cal.Clock) *Box {
	return &Box{db: db, clock: clock, mails: storage.Open[Mail](db, spec())}
}

// Send implements notifications.Mailer: it keeps the mail.
func (b *Box) Send(ctx context.Context, m notifications.Mail) error {
	kept := &Mail{
		ID: id.New("eml"), To: m.To, Lang: string(m.Lang), Type: m.Type, Subject: m.Subject, Text: m.Text, HTML: m.HTML, Code: m.Code, Calendar: string(m.ICS),
		Stop: m.Stop, MessageID: m.MessageID, SentAt: b.clock.Now(),
	}
	if m.ICS != nil {
		kept.Attachments = []string{notifications.CalendarFile}
	}
	err := b.mails.Insert(ctx, kept)
	if storage.ConflictOn(err, "message") {
		return nil // the same mail once more
	}
	if err != nil {
		return notifications.ErrUnreachable(err)
	}
	return nil
}

// Get gives one mail: errs.NotFound when there is none, or it was pruned.
func (b *Box) Get(ctx context.Context, mailID string) (*Mail, error) { return b.mails.Get(ctx, mailID) }

// List gives the newest mails to an address first, those to anybody when it is empty: 20 without a limit, 100 at most.
func (b *Box) List(ctx context.Context, to string, limit int) ([]*Mail, error) {
	if limit <= 0 {
		limit = defaultLimit
	}
	q := storage.Query{}
	if to != "" {
		q = storage.Where(storage.Eq("to", to))
	}
	return b.mails.Find(ctx, q.ByDesc("").Take(min(limit, mostLimit)))
}

// Prune deletes all but the newest [Keep] mails. It is a job of the demo.
func (b *Box) Prune(ctx context.Context, _ time.Time) error {
	all, err := b.mails.Count(ctx, storage.Query{})
	if err != nil || all <= Keep {
		return err
	}
	old, err := b.mails.Find(ctx, storage.Query{}.By("").Take(int(all-Keep)))
	if err != nil {
		return err
	}
	for _, m := range old {
		if err := b.mails.Delete(ctx, m.ID); err != nil && !storage.IsNotFound(err) {
			return err
		}
	}
	return nil
}
