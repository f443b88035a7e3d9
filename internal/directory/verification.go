package directory

import (
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/storage"
)

// VerificationState is where an entry of a chamber's queue stands.
type VerificationState string

// The states. Claimed follows from the clock: a claim lapses after four hours and the entry waits again.
const (
	VerificationWaiting  VerificationState = "waiting"
	VerificationClaimed  VerificationState = "claimed"
	VerificationVerified VerificationState = "verified"
	VerificationRefused  VerificationState = "refused"
)

// Defect is one formal defect for which a chamber refuses, at the field to mend.
type Defect struct {
	Field string `json:"field"`
	Code  string `json:"code"` // one of [DefectCodes]
	Note  string `json:"note,omitempty"`
}

// DefectCodes is the closed list of formal defects.
func DefectCodes() []string {
	return []string{
		"not_found", "liquidated", "name_differs", "number_differs", "address_incomplete", "address_differs", "wrong_region",
		"head_differs", "contact_unreachable", "duplicate",
	}
}

// DefectFields lists the fields that a defect may name.
func DefectFields() []string {
	return []string{
		"bin", "iin", "name", "legal_names", "region", "city", "address", "activity_code", "head_name", "head_position", "head_authority",
		"email", "phone", "bank",
	}
}

// Change is a field that changed since a reviewer last looked. Before and After are empty where a value may not be shown (an IIN).
type Change struct{ Field, Before, After string }

// Verification is an entry of a chamber's queue: one submission of one enterprise.
type Verification struct {
	ID           string            `json:"id"`
	Version      int64             `json:"version"`
	CreatedAt    time.Time         `json:"created_at"` // when it was submitted
	EnterpriseID string            `json:"enterprise_id"`
	Region       string            `json:"region"`                 // decides the chamber
	Decision     VerificationState `json:"decision"`               // "" without a decision; readers want [Verification.StateAt]
	Round        int               `json:"round"`                  // how often this enterprise was submitted
	DueAt        time.Time         `json:"due_at"`                 // 24 working hours after it was submitted
	ClaimedBy    string            `json:"claimed_by"`             // a person's id
	ClaimedUntil time.Time         `json:"claimed_until,omitzero"` // zero without a claim
	Comment      string            `json:"comment,omitempty"`      // the enterprise's word to the reviewer
	Defects      []Defect          `json:"defects,omitempty"`      // of the refusal before
	Found        []Defect          `json:"found,omitempty"`        // of this refusal
	Seen         map[string]string `json:"seen,omitempty"`         // the enterprise as a reviewer last saw it; nil before the first look
	DecidedAt    time.Time         `json:"decided_at,omitzero"`
	DecidedBy    string            `json:"decided_by,omitempty"`
}

// Identity implements storage.Document.
func (v *Verification) Identity() (string, *int64) { return v.ID, &v.Version }

// Keys implements storage.Document. The key "open" makes a second undecided entry of one enterprise impossible.
func (v *Verification) Keys() storage.Keys {
	k := storage.Keys{
		"enterprise": v.EnterpriseID, "round": v.Round, "created": v.CreatedAt, "claimed_by": v.ClaimedBy,
		"claimed_until": max(v.ClaimedUntil.UnixMilli(), 0), "changed": v.ChangedAt(),
		"queue": v.Region + "|" + string(v.Decision),
	}
	if v.Decision == "" {
		k["open"] = v.EnterpriseID
	}
	return k
}

func verificationSpec() storage.Spec {
	return storage.Spec{
		Name: "verifications",
		Keys: []storage.Key{
			{Name: "enterprise"}, {Name: "open"}, {Name: "queue"}, {Name: "claimed_by"},
			{Name: "round", Kind: storage.Int}, {Name: "created", Kind: storage.Int}, {Name: "claimed_until", Kind: storage.Int},
			{Name: "changed", Kind: storage.Int},
		},
		Indexes: []storage.Index{
			{Name: "open", Keys: []string{"open"}, Unique: true},
			{Name: "queue", Keys: []string{"queue", "created"}},
			{Name: "enterprise", Keys: []string{"enterprise", "round"}},
		},
	}
}

// ChangedAt is when it was last submitted, claimed or decided.
func (v *Verification) ChangedAt() time.Time {
	return latest(v.CreatedAt, v.ClaimedUntil.Add(-claimLife), v.DecidedAt)
}

// StateAt is where the entry stands at an instant.
func (v *Verification) StateAt(now time.Time) VerificationState {
	switch {
	case v.Decision != "":
		return v.Decision
	case now.Before(v.ClaimedUntil):
		return VerificationClaimed
	}
	return VerificationWaiting
}

// Claim takes the entry for a reviewer, or prolongs the reviewer's own claim: errs.Conflict not_submitted when it is decided,
// claimed_by_other while another one's claim is alive.
func (v *Verification) Claim(personID string, now time.Time) error {
	if v.Decision != "" {
		return notSubmitted()
	}
	if v.ClaimedBy != personID && now.Before(v.ClaimedUntil) {
		return errs.New(errs.Conflict, "claimed_by_other")
	}
	v.ClaimedBy, v.ClaimedUntil = personID, now.Add(claimLife)
	return nil
}

func notSubmitted() error { return errs.New(errs.Conflict, "not_submitted") }

// Changes lists what changed in the enterprise since a reviewer last looked, by field; none before the first look.
func (v *Verification) Changes(e *Enterprise) []Change {
	if v.Seen == nil {
		return nil
	}
	return changesBetween(v.Seen, e.facts())
}

// hiddenFact marks facts that are compared and never shown.
const hiddenFact = "#"

// facts is what a reviewer looks at, by field. The number of a sole entrepreneur stands there as a keyed hash.
func (e *Enterprise) facts() map[string]string {
	f := map[string]string{
		"bin": e.BIN, "name": e.Name, "region": e.Region, "city": e.City, "address": e.Address,
		"activity_code": e.ActivityCode, "head_name": e.HeadName, "head_position": e.HeadPosition, "head_authority": e.HeadAuthority,
		"email": e.Email, "phone": e.Phone, "website": e.Website, "about": e.About,
		"legal_names": joinNotEmpty(" / ", e.LegalNames.KK, e.LegalNames.RU, e.LegalNames.EN),
		"bank":        joinNotEmpty(", ", e.Bank.Account, e.Bank.Bank, e.Bank.BIC, e.Bank.KBE),
	}
	if e.Kind == SoleEntrepreneur {
		f["iin"] = hiddenFact + e.NumberHash
	}
	for field, value := range f {
		if value == "" {
			delete(f, field)
		}
	}
	return f
}

func joinNotEmpty(sep string, parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), sep)
}

// changesBetween lists the fields that differ, by name.
func changesBetween(before, after map[string]string) []Change {
	var out []Change
	for field, was := range before {
		if now := after[field]; now != was {
			out = append(out, Change{field, shown(was), shown(now)})
		}
	}
	for field, now := range after {
		if _, there := before[field]; !there {
			out = append(out, Change{field, "", shown(now)})
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Field < out[j].Field })
	return out
}

func shown(fact string) string {
	if strings.HasPrefix(fact, hiddenFact) {
		return ""
	}
	return fact
}

// Review is a registrar's decision about an enterprise.
type Review struct {
	Decision VerificationState // verified or refused
	Defects  []Defect
	Comment  string
}

// check names what is wrong with a decision: 422 defects_required, defects_not_allowed or validation_failed.
func (r *Review) check() error {
	var f form
	if r.Decision != VerificationVerified && r.Decision != VerificationRefused {
		f.add("decision", "unknown_value")
	}
	f.text("comment", &r.Comment, &r.Comment, 0, MaxComment)
	for i := range r.Defects {
		d := &r.Defects[i]
		at := indexed("defects", i)
		if !slices.Contains(DefectFields(), d.Field) {
			f.add(at+".field", "unknown_value")
		}
		if !slices.Contains(DefectCodes(), d.Code) {
			f.add(at+".code", "unknown_value")
		}
		f.text(at+".note", &d.Note, &d.Note, 0, MaxNote)
	}
	if err := f.finish(); err != nil {
		return err
	}
	switch {
	case r.Decision == VerificationRefused && len(r.Defects) == 0:
		return errs.New(errs.Unprocessable, "defects_required").WithFields(errs.Field{Field: "defects", Code: "defects_required"})
	case r.Decision == VerificationVerified && len(r.Defects) > 0:
		return errs.New(errs.Unprocessable, "defects_not_allowed").WithFields(errs.Field{Field: "defects", Code: "defects_not_allowed"})
	}
	return nil
}
