package selection

import (
	"time"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/storage"
)

// Days an offer stands.
const (
	OfferDays     = 5
	LeastOfferDay = 1
	MostOfferDays = 15
)

// OfferState is where an offer stands.
type OfferState string

// The states of an offer.
const (
	OfferOpen      OfferState = "open"
	OfferAccepted  OfferState = "accepted"
	OfferDeclined  OfferState = "declined"
	OfferExpired   OfferState = "expired"
	OfferWithdrawn OfferState = "withdrawn"
)

// OfferEnd says what took an open offer along.
type OfferEnd string

// What may take an offer along.
const (
	ByWithdrawal OfferEnd = "application_withdrawn"
	ByRejection  OfferEnd = "application_rejected"
	BySuperseded OfferEnd = "superseded"
	ByEnrolment  OfferEnd = "enrolment_ended"
	ByDeletion   OfferEnd = "account_deleted"
	ByClosing    OfferEnd = "placement_closed"
)

// Offer is the enterprise's proposal of a seat. It holds the seat while it is open.
type Offer struct {
	ID             string     `json:"id"`
	Version        int64      `json:"version"`
	CreatedAt      time.Time  `json:"created_at"`
	State          OfferState `json:"state"`
	ApplicationID  string     `json:"application_id"`
	PlacementID    string     `json:"placement_id"`
	EnterpriseID   string     `json:"enterprise_id"`
	StudentID      string     `json:"student_id"`
	Kind           Kind       `json:"kind"` // of the applicant
	WorkplaceID    string     `json:"workplace_id"`
	CollegeID      string     `json:"college_id"` // the third side: the student's college, or the one chosen for a citizen
	From           cal.Day    `json:"from"`
	To             cal.Day    `json:"to"`
	ExpiresAt      time.Time  `json:"expires_at"` // may be accepted before this instant
	Reason         string     `json:"reason,omitempty"`
	Automatic      bool       `json:"automatic,omitempty"`
	Follows        string     `json:"follows,omitempty"` // the ended offer that this one replaces; unique, so a seat is passed on once
	RemindedAt     time.Time  `json:"reminded_at,omitzero"`
	AnsweredAt     time.Time  `json:"answered_at,omitzero"`
	DeclineReason  string     `json:"decline_reason,omitempty"`
	WithdrawReason string     `json:"withdraw_reason,omitempty"`
	EndedBy        OfferEnd   `json:"ended_by,omitempty"` // what ended it, unless it was answered, expired or taken back
	MatchID        string     `json:"match_id,omitempty"`
	AgreementID    string     `json:"agreement_id,omitempty"`
}

// Identity implements storage.Document.
func (o *Offer) Identity() (string, *int64) { return o.ID, &o.Version }

// Keys implements storage.Document.
func (o *Offer) Keys() storage.Keys {
	k := storage.Keys{
		"application": o.ApplicationID, "placement": o.PlacementID, "student": o.StudentID, "state": o.State,
		"created": o.CreatedAt, "follows": o.Follows,
	}
	if o.State == OfferOpen {
		k["open"] = o.ApplicationID
		k["expires"] = o.ExpiresAt
	}
	return k
}

// Expiry checks and completes the instant until which an offer stands: OfferDays by default, when asked for a day LeastOfferDay to MostOfferDays
// ahead, never past the day before training begins. The error is Unprocessable expiry_out_of_range.
func Expiry(asked time.Time, now time.Time, startsOn cal.Day) (time.Time, error) {
	latest := startsOn.Start() // the end of the day before
	today := cal.DayOf(now)
	if asked.IsZero() {
		asked = today.Add(OfferDays).End()
		if asked.After(latest) {
			asked = latest
		}
		if !asked.After(now) {
			return time.Time{}, expiryOutOfRange(latest)
		}
		return asked, nil
	}
	asked = cal.Trim(asked)
	if asked.Before(today.Add(LeastOfferDay).Start()) || asked.After(today.Add(MostOfferDays).End()) || asked.After(latest) {
		return time.Time{}, expiryOutOfRange(latest)
	}
	return asked, nil
}

func expiryOutOfRange(latest time.Time) error {
	return errs.New(errs.Unprocessable, "expiry_out_of_range").WithFields(errs.Field{
		Field: "expires_at", Code: "expiry_out_of_range",
		Params: map[string]any{"latest": string(cal.DayOf(latest.Add(-time.Millisecond)))},
	})
}

// answerable says whether the offer can still be answered: Conflict offer_answered or offer_expired else.
func (o *Offer) answerable(now time.Time) error {
	switch {
	case o.State == OfferExpired || (o.State == OfferOpen && !now.Before(o.ExpiresAt)):
		return errs.New(errs.Conflict, "offer_expired")
	case o.State != OfferOpen:
		return errs.New(errs.Conflict, "offer_answered")
	}
	return nil
}

// Accept takes the offer. Later answers are offer_answered, an answer after its time offer_expired.
func (o *Offer) Accept(now time.Time) error {
	if err := o.answerable(now); err != nil {
		return err
	}
	o.State, o.AnsweredAt = OfferAccepted, now
	return nil
}

// Decline refuses the offer.
func (o *Offer) Decline(reason string, now time.Time) error {
	if err := o.answerable(now); err != nil {
		return err
	}
	o.State, o.AnsweredAt, o.DeclineReason = OfferDeclined, now, reason
	return nil
}

// Withdraw takes an open offer back, by the enterprise.
func (o *Offer) Withdraw(reason string, now time.Time) error {
	if err := o.answerable(now); err != nil {
		return err
	}
	o.State, o.WithdrawReason = OfferWithdrawn, reason
	return nil
}

// EndWith ends an open offer because its application ends, also in the minute between its time and the job that expires it: Conflict offer_answered
// when it isn't open.
func (o *Offer) EndWith(by OfferEnd) error {
	if o.State != OfferOpen {
		return errs.New(errs.Conflict, "offer_answered")
	}
	o.State, o.EndedBy = OfferWithdrawn, by
	return nil
}

// Expire ends an open offer whose time has passed; Conflict offer_answered when there is nothing to expire.
func (o *Offer) Expire(now time.Time) error {
	if o.State != OfferOpen || now.Before(o.ExpiresAt) {
		return errs.New(errs.Conflict, "offer_answered")
	}
	o.State = OfferExpired
	return nil
}

// ReminderDue reports whether the one reminder, a day before the end, is due.
func (o *Offer) ReminderDue(now time.Time) bool {
	return o.State == OfferOpen && o.RemindedAt.IsZero() && now.Before(o.ExpiresAt) && !now.Before(o.ExpiresAt.Add(-24*time.Hour))
}

// PassesOn reports whether the seat goes to the next in reserve by itself: after the applicant's no, in whatever form it came, or silence. An
// enterprise that takes its own offer back decides by hand.
func (o *Offer) PassesOn() bool {
	switch o.State {
	case OfferDeclined, OfferExpired:
		return true
	case OfferWithdrawn:
		return o.EndedBy == ByWithdrawal || o.EndedBy == BySuperseded || o.EndedBy == ByEnrolment || o.EndedBy == ByDeletion
	}
	return false
}
