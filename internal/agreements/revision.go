package agreements

import (
	"context"
	"fmt"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/storage"
)

// Change is one changed field of a revision. Values of contacts are personal data and stand sealed; [Service.ListRevisions] opens them.
type Change struct {
	Field    string    `json:"field"` // "compensation.amount", "plan[1].hours"
	Before   string    `json:"before,omitempty"`
	After    string    `json:"after,omitempty"`
	Sealed   []byte    `json:"sealed,omitempty"` // before and after, instead of them
	Party    Party     `json:"party"`
	PersonID string    `json:"person_id,omitempty"`
	Person   string    `json:"person,omitempty"`
	At       time.Time `json:"at"`
}

// Revision is one revision of an agreement: why it began, what changed since the one before, which document was stored for it and which signatures it
// voided.
type Revision struct {
	ID          string      `json:"id"`
	Version     int64       `json:"version"`
	AgreementID string      `json:"agreement_id"`
	Number      int         `json:"number"`
	Cause       Cause       `json:"cause"`
	Reason      string      `json:"reason,omitempty"`
	CreatedAt   time.Time   `json:"created_at"`
	StartedBy   Party       `json:"started_by"`
	PersonID    string      `json:"person_id,omitempty"`
	Person      string      `json:"person,omitempty"`
	ReadyAt     time.Time   `json:"ready_at,omitzero"`
	DocumentID  string      `json:"document_id,omitempty"`
	SHA256      string      `json:"sha256,omitempty"`
	Size        int64       `json:"size,omitempty"`
	Changes     []Change    `json:"changes,omitempty"`
	Voided      []Signature `json:"voided,omitempty"` // of the revision before
}

// Identity implements storage.Document.
func (r *Revision) Identity() (string, *int64) { return r.ID, &r.Version }

// Keys implements storage.Document.
func (r *Revision) Keys() storage.Keys {
	return storage.Keys{"agreement": r.AgreementID, "number": r.Number}
}

func revisionSpec() storage.Spec {
	return storage.Spec{
		Name:    "agreement_revisions",
		Keys:    []storage.Key{{Name: "agreement"}, {Name: "number", Kind: storage.Int}},
		Indexes: []storage.Index{{Name: "agreement", Keys: []string{"agreement", "number"}, Unique: true}},
	}
}

// revisionID makes the revision of an agreement findable without a search, so that it can be locked.
func revisionID(agreementID string, number int) string {
	return fmt.Sprintf("rev_%s_%d", agreementID[len("agr_"):], number)
}

func firstRevision(a *Agreement) *Revision {
	return &Revision{
		ID: revisionID(a.ID, 1), AgreementID: a.ID, Number: 1, Cause: CauseDrafted, CreatedAt: a.CreatedAt, StartedBy: BySystem,
	}
}

// revision takes the present revision of an agreement that is taken.
func (s *Service) revision(ctx context.Context, a *Agreement) (*Revision, error) {
	return s.revisions.Lock(ctx, revisionID(a.ID, a.Revision))
}

// backToDraft begins a new revision of an agreement with a document: the document no longer counts, its signatures are void, the mentor is free. The
// caller tells and saves.
func (s *Service) backToDraft(ctx context.Context, w *acting, cause Cause, reason string) error {
	a := w.a
	if err := s.releaseMentor(ctx, a); err != nil {
		return err
	}
	a.Revision++
	next := &Revision{
		ID: revisionID(a.ID, a.Revision), AgreementID: a.ID, Number: a.Revision, Cause: cause, Reason: reason, CreatedAt: w.now,
		StartedBy: w.party, PersonID: w.by.PersonID, Person: w.name, Voided: a.Signatures,
	}
	a.State, a.Document, a.SealedParties, a.Signatures = Draft, nil, nil, nil
	a.GuardianID, a.MinorAtReady, a.ChamberID = "", false, ""
	return s.revisions.Insert(ctx, next)
}

// holdMentor counts the trainee with the agreement's mentor.
func (s *Service) holdMentor(ctx context.Context, a *Agreement, most int) error {
	if err := s.Directory.TakeTrainee(ctx, a.Terms.MentorID, a.ID, most); err != nil {
		return err
	}
	a.HeldMentor = a.Terms.MentorID
	return nil
}

// releaseMentor frees the mentor's place, if the agreement holds one.
func (s *Service) releaseMentor(ctx context.Context, a *Agreement) error {
	if a.HeldMentor == "" {
		return nil
	}
	held := a.HeldMentor
	a.HeldMentor = ""
	return s.Directory.ReleaseTrainee(ctx, held, a.ID)
}

// asSystem is a step of the program itself.
func asSystem(a *Agreement, name string, now time.Time) *acting {
	return &acting{a: a, by: accounts.SystemActor(name), party: BySystem, now: now}
}
