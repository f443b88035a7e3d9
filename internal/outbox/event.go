package outbox

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/orynda/orynda/internal/audit/plain"
	"github.com/orynda/orynda/internal/id"
	"github.com/orynda/orynda/internal/storage"
)

// Event is something that happened, as a handler sees it.
type Event struct {
	ID      string            `json:"id"`      // "evt_…"
	Type    string            `json:"type"`    // "<noun>.<past verb>": "application.submitted"
	Subject string            `json:"subject"` // id of the aggregate it happened to
	Seq     int64             `json:"seq"`     // 1, 2, 3 … without gap per subject, in order of commit
	Data    map[string]string `json:"data"`    // ids and codes only, never personal data
	At      time.Time         `json:"at"`      // by the business clock
}

// storedEvent is an event as the tails read it.
type storedEvent struct {
	ID       string    `json:"id"`
	Version  int64     `json:"version"`
	Event    Event     `json:"event"`
	Recorded time.Time `json:"recorded"` // by the machine's clock: the place in the tails' window
}

// Identity implements storage.Document.
func (e *storedEvent) Identity() (string, *int64) { return e.ID, &e.Version }

// Keys implements storage.Document.
func (e *storedEvent) Keys() storage.Keys {
	return storage.Keys{"type": e.Event.Type, "recorded": e.Recorded}
}

// subjectLine is the owner document of a subject's order: it counts its events.
type subjectLine struct {
	ID      string `json:"id"`
	Version int64  `json:"version"`
	Seq     int64  `json:"seq"`
	First   string `json:"first"` // whose drawing made the line
}

// Identity implements storage.Document.
func (s *subjectLine) Identity() (string, *int64) { return s.ID, &s.Version }

// Keys implements storage.Document.
func (s *subjectLine) Keys() storage.Keys { return nil }

func eventSpec() storage.Spec {
	return storage.Spec{
		Name:    "outbox_events",
		Keys:    []storage.Key{{Name: "type", Kind: storage.String}, {Name: "recorded", Kind: storage.Int}},
		Indexes: []storage.Index{{Name: "recorded", Keys: []string{"recorded"}}},
	}
}

func subjectSpec() storage.Spec { return storage.Spec{Name: "outbox_subjects"} }

// Emit writes an event and a delivery for each handler of its type into the transaction of ctx; outside a transaction it is an error,
// because the event could then be there without its cause. The dispatcher and the tails of this process look soon after.
//
// Data must be ids and codes (see the package audit/plain). Emit may be called several times in a transaction, also for one subject. It takes
// the subject's line: parallel transactions that emit for one subject wait for each other.
func (b *Box) Emit(ctx context.Context, typ, subject string, data map[string]string) error {
	if !b.db.InTx(ctx) {
		return errors.New("outbox: Emit outside a transaction")
	}
	if typ == "" || subject == "" || !plain.Value(typ) || !plain.Value(subject) {
		return fmt.Errorf("outbox: event %q needs a type and a subject that are plain words", typ)
	}
	if err := plain.Check(data); err != nil {
		return fmt.Errorf("outbox: event %s: %w", typ, err)
	}
	eventID := id.New("evt")
	seq, err := b.nextSeq(ctx, subject, eventID)
	if err != nil {
		return err
	}
	ev := Event{ID: eventID, Type: typ, Subject: subject, Seq: seq, Data: data, At: b.clock.Now()}
	if err := b.events.Insert(ctx, &storedEvent{ID: ev.ID, Event: ev, Recorded: b.realNow()}); err != nil {
		return err
	}
	for _, h := range b.subscribers(typ) {
		if err := b.deliveries.Insert(ctx, newDelivery(h, ev)); err != nil {
			return err
		}
	}
	// The commit comes after this. Nothing tells when, so the pollers look several times in the next moments.
	b.hint()
	return nil
}

// nextSeq takes the subject's line and draws the next number; drawing is an id that no other call has. Whoever sees a number in the store sees all lower ones too: that
// is what lets the dispatcher find the head of a line by a plain read.
func (b *Box) nextSeq(ctx context.Context, subject, drawing string) (int64, error) {
	line, err := b.subjects.LockOrNew(ctx, subject, &subjectLine{ID: subject, Seq: 1, First: drawing})
	if err != nil {
		return 0, err
	}
	if line.First == drawing {
		return line.Seq, nil // made just now, with the first number drawn
	}
	line.Seq++
	return line.Seq, b.subjects.Save(ctx, line)
}
