package notifications

import (
	"context"
	"maps"
	"strings"
	"time"

	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/outbox"
	"github.com/orynda/orynda/internal/storage"
)

// Notice is what a person may read on the site about one event. It holds ids, codes, dates and counts; names are looked up when it is said.
type Notice struct {
	ID        string            `json:"id"` // "ntc_" and a hash of event and person
	Version   int64             `json:"version"`
	CreatedAt time.Time         `json:"created_at"`
	PersonID  string            `json:"person_id"`
	EventID   string            `json:"event_id"`
	EventType string            `json:"event_type"`
	EventAt   time.Time         `json:"event_at"`
	Subject   string            `json:"subject"`        // of the event: the id of what happened to
	Data      map[string]string `json:"data,omitempty"` // of the event: ids and codes, no sealed secret; for the daily mail only
	Template  string            `json:"template"`
	WardID    string            `json:"ward_id,omitempty"` // whose copy this is
	Path      string            `json:"path,omitempty"`    // of the site's page, without the language
	Facts     []Fact            `json:"facts,omitempty"`
	ReadAt    time.Time         `json:"read_at,omitzero"`
	DueAt     time.Time         `json:"due_at,omitzero"` // when the daily mail takes it; zero: not, or done
}

// Identity implements storage.Document.
func (n *Notice) Identity() (string, *int64) { return n.ID, &n.Version }

// Keys implements storage.Document.
func (n *Notice) Keys() storage.Keys {
	unread := ""
	if n.ReadAt.IsZero() {
		unread = n.PersonID
	}
	return storage.Keys{"person": n.PersonID, "unread": unread, "created": n.CreatedAt, "due": n.DueAt}
}

func noticeSpec() storage.Spec {
	return storage.Spec{
		Name: "notices",
		Keys: []storage.Key{{Name: "person"}, {Name: "unread"}, {Name: "created", Kind: storage.Int}, {Name: "due", Kind: storage.Int}},
		Indexes: []storage.Index{
			{Name: "person", Keys: []string{"person", "created"}}, {Name: "unread", Keys: []string{"unread", "created"}},
			{Name: "created", Keys: []string{"created"}}, {Name: "due", Keys: []string{"due"}},
		},
	}
}

// event is the event again, as far as the daily mail needs it.
func (n *Notice) event() outbox.Event {
	return outbox.Event{ID: n.EventID, Type: n.EventType, Subject: n.Subject, Data: n.Data, At: n.EventAt}
}

// keep stores the notice of a message, if it isn't there yet. A message that the reader wants daily is marked for the next daily mail.
func (s *Service) keep(ctx context.Context, ev outbox.Event, m message, when When) error {
	now := s.d.Clock.Now()
	n := &Notice{
		ID: "ntc_" + deliveryHash(ev.ID, m.to.id), CreatedAt: now, PersonID: m.to.id, EventID: ev.ID, EventType: ev.Type, EventAt: ev.At, Subject: ev.Subject,
		Template: m.template, WardID: m.to.wardID, Path: m.path, Facts: m.facts,
	}
	if when == Daily {
		n.DueAt, n.Data = nextDigest(now), open(ev.Data)
	}
	return s.d.DB.Tx(ctx, func(ctx context.Context) error {
		if err := hold(ctx); err != nil {
			return err
		}
		_, err := s.notices.LockOrNew(ctx, n.ID, n)
		return err
	})
}

// open is an event's data without what it carries sealed.
func open(data map[string]string) map[string]string {
	out := maps.Clone(data)
	maps.DeleteFunc(out, func(name, _ string) bool { return strings.HasPrefix(name, "sealed_") })
	return out
}

// Say gives a notice in a language: its title, one or two sentences, and the path of its page ("" for none), to which the site adds the language. A
// mail's subject is the same title, and its text begins with the same sentences.
func (s *Service) Say(ctx context.Context, lang i18n.Lang, n *Notice) (title, text, path string, err error) {
	return s.words().notice(ctx, lang, n)
}

func (w *words) notice(ctx context.Context, lang i18n.Lang, n *Notice) (title, text, path string, err error) {
	values, err := w.values(ctx, lang, n.Facts)
	if err != nil {
		return "", "", "", err
	}
	title, text = w.s.sentences(lang, n.Template, values)
	text, _, _ = strings.Cut(text, "\n\n") // what follows are the words of people and a table of what the page shows
	text = oneLine(text)
	if n.WardID == "" {
		return title, text, n.Path, nil
	}
	ward, err := w.name(ctx, lang, aboutPerson("ward", n.WardID))
	return title, w.s.say(lang, "notice.copy", map[string]any{"ward": ward}) + " " + text, n.Path, err
}

// sentences are the title and the whole text of a template, for mail and site alike.
func (s *Service) sentences(lang i18n.Lang, template string, values map[string]any) (title, text string) {
	return oneLine(s.say(lang, "mail."+template+".subject", values)), s.say(lang, "mail."+template+".text", values)
}
