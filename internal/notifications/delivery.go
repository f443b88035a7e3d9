package notifications

import (
	"crypto/sha256"
	"encoding/hex"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/storage"
)

// KeepLog is how long deliveries and notices are kept: longer than anybody retries a dead letter.
const KeepLog = 180 * 24 * time.Hour

// DeliveryState is what became of a mail.
type DeliveryState string

// The states: waiting → sending → sent | refused | lost, sending → waiting (to be tried again).
const (
	Waiting DeliveryState = "waiting" // an attempt failed, another one follows
	Sending DeliveryState = "sending" // written before the attempt
	Sent    DeliveryState = "sent"
	Refused DeliveryState = "refused" // the server refused it for good
	Lost    DeliveryState = "lost"    // a reminder of which nobody knows whether it went out
)

// Delivery is the log's entry of one event's mail to one recipient.
type Delivery struct {
	ID        string        `json:"id"` // "dlv_" and a hash of event and recipient
	Version   int64         `json:"version"`
	CreatedAt time.Time     `json:"created_at"`
	State     DeliveryState `json:"state"`
	EventID   string        `json:"event_id"`
	EventType string        `json:"event_type"`
	Template  string        `json:"template"`
	Recipient string        `json:"recipient"` // id of the person or invitation
	Reminder  bool          `json:"reminder,omitempty"`
	MessageID string        `json:"message_id"`
	Attempts  int           `json:"attempts"`
	TriedAt   time.Time     `json:"tried_at,omitzero"`
	SentAt    time.Time     `json:"sent_at,omitzero"`
	ErrorCode string        `json:"error_code,omitempty"`
}

// Identity implements storage.Document.
func (d *Delivery) Identity() (string, *int64) { return d.ID, &d.Version }

// Keys implements storage.Document.
func (d *Delivery) Keys() storage.Keys {
	return storage.Keys{"created": d.CreatedAt, "recipient": d.Recipient, "state": d.State, "event": d.EventID}
}

func deliverySpec() storage.Spec {
	return storage.Spec{
		Name: "mail_log",
		Keys: []storage.Key{{Name: "created", Kind: storage.Int}, {Name: "recipient"}, {Name: "state"}, {Name: "event"}},
		Indexes: []storage.Index{
			{Name: "created", Keys: []string{"created"}}, {Name: "recipient", Keys: []string{"recipient", "created"}},
			{Name: "event", Keys: []string{"event"}},
		},
	}
}

// Specs lists the collections of the package, for storage.Ensure.
func Specs() []storage.Spec {
	return []storage.Spec{deliverySpec(), noticeSpec(), choicesSpec(), lookSpec()}
}

// Grants says who may do what: everybody reads the own notices and chooses about the own mails.
func Grants() []accounts.Grant {
	var out []accounts.Grant
	for _, op := range []string{"listMyNotices", "markNoticesRead", "getNoticeChoices", "setNoticeChoices"} {
		out = append(out, accounts.Grant{Operation: op, Relations: []accounts.Relation{accounts.Self}})
	}
	return out
}

// deliveryHash names one event's mail to one recipient.
func deliveryHash(eventID, recipient string) string {
	sum := sha256.Sum256([]byte(eventID + "|" + recipient))
	return hex.EncodeToString(sum[:16])
}

// final reports whether nothing is left to do.
func (d *Delivery) final() bool { return d.State == Sent || d.State == Refused || d.State == Lost }

// begin marks an attempt before it is made. It reports false when none may be made: the mail is done, or it is a reminder whose last attempt
// ended nobody knows how.
func (d *Delivery) begin(now time.Time) bool {
	if d.final() {
		return false
	}
	if d.Reminder && d.State == Sending {
		d.State, d.ErrorCode = Lost, CodeFailed
		return false
	}
	d.State, d.TriedAt, d.ErrorCode = Sending, now, ""
	d.Attempts++
	return true
}

// end notes how the attempt ended; code is "" when the mail was taken.
func (d *Delivery) end(code string, now time.Time) {
	d.ErrorCode = code
	switch {
	case code == "":
		d.State, d.SentAt = Sent, now
	case code == CodeRefused:
		d.State = Refused
	case d.Reminder && code != CodeUnreachable:
		d.State = Lost
	default:
		d.State = Waiting
	}
}
