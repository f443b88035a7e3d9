package agreements

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"reflect"
	"slices"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/agreements/paper"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/id"
	"github.com/orynda/orynda/internal/placements/rules"
	"github.com/orynda/orynda/internal/storage"
)

// readyTries is how often ready starts over because the draft changed while its document was made.
const readyTries = 4

// codeChanged is the refusal of a ready whose draft kept changing.
const codeChanged = "draft_changed"

func errChanged() error { return errs.New(errs.Conflict, codeChanged) }

// Ready declares a draft complete (college's coordinator): all checks, then the number, then the document made outside any transaction, then one transaction
// that stores it and makes the agreement ready, which starts over if anything the document says has changed meanwhile (I6, I8). On a ready
// agreement nothing happens. Its refusals: Unprocessable agreement_incomplete (every gap at once), document_too_large; Conflict wrong_state,
// mentor_full, overlapping_match, draft_changed; Stale stale_version.
func (s *Service) Ready(ctx context.Context, by accounts.Actor, agreementID string, expect int64) (*Agreement, error) {
	a, _, err := s.permitted(ctx, by, "readyAgreement", agreementID)
	if err != nil {
		return nil, err
	}
	if a.State == Ready {
		return a, nil
	}
	if err := fresh(a.Version, expect); err != nil {
		return nil, err
	}
	for range readyTries {
		out, err := s.tryReady(ctx, by, agreementID)
		if !errs.Has(err, codeChanged) {
			return out, err
		}
	}
	return nil, errChanged()
}

// tryReady is one try. A change meanwhile is errChanged.
func (s *Service) tryReady(ctx context.Context, by accounts.Actor, agreementID string) (*Agreement, error) {
	a, err := s.Agreement(ctx, agreementID)
	if err != nil {
		return nil, err
	}
	switch a.State {
	case Ready:
		return a, nil
	case Draft:
	default:
		return nil, a.wrongState()
	}
	if _, err := s.checkedParties(ctx, a); err != nil {
		return nil, err
	}
	if a, err = s.claimNumber(ctx, agreementID, a.Version); err != nil {
		return nil, err
	}
	now := s.Clock.Now()
	parties, err := s.gather(ctx, a)
	if err != nil {
		return nil, err
	}
	data := s.paperData(a, parties, now)
	pdf, err := s.Papers.Agreement(data)
	if err != nil {
		return nil, err
	}
	if len(pdf) > MaxDocument {
		return nil, errs.New(errs.Unprocessable, "document_too_large").With("max", MaxDocument>>20)
	}
	return s.freeze(ctx, by, a, data, pdf, now)
}

// checkedParties reads the parties and runs the checks of R.
func (s *Service) checkedParties(ctx context.Context, a *Agreement) (*Parties, error) {
	p, err := s.gather(ctx, a)
	if err != nil {
		return nil, err
	}
	gaps, err := s.gaps(ctx, a, p, s.Clock.Now())
	if err != nil {
		return nil, err
	}
	if len(gaps) > 0 {
		return nil, agreementIncomplete(gaps)
	}
	return p, nil
}

// gaps runs the checks of R with the rules of the day.
func (s *Service) gaps(ctx context.Context, a *Agreement, p *Parties, now time.Time) ([]Gap, error) {
	overlaps, err := s.overlaps(ctx, a)
	if err != nil {
		return nil, err
	}
	day := today(now)
	return CheckReady(a, p, day, rules.InForce(day), overlaps), nil
}

// overlaps reports whether another live agreement of the student shares a day.
func (s *Service) overlaps(ctx context.Context, a *Agreement) (bool, error) {
	all, err := s.overlapsOf(ctx, []*Agreement{a})
	return all[a.ID], err
}

// overlapsOf is overlaps for several agreements at once, by agreement.
func (s *Service) overlapsOf(ctx context.Context, list []*Agreement) (map[string]bool, error) {
	students := make([]string, len(list))
	for i, a := range list {
		students[i] = a.StudentID
	}
	live := map[string][]*Agreement{}
	err := s.agreements.Each(ctx, storage.Where(storage.In("student", students...)), func(o *Agreement) error {
		if o.State.Live() {
			live[o.StudentID] = append(live[o.StudentID], o)
		}
		return nil
	})
	out := map[string]bool{}
	for _, a := range list {
		out[a.ID] = slices.ContainsFunc(live[a.StudentID], func(o *Agreement) bool {
			return o.ID != a.ID && o.Terms.StartsOn <= a.Terms.EndsOn && a.Terms.StartsOn <= o.Terms.EndsOn
		})
	}
	return out, err
}

// freeze stores the document and makes the agreement ready, in one transaction.
func (s *Service) freeze(ctx context.Context, by accounts.Actor, seen *Agreement, data paper.Data, pdf []byte, at time.Time) (*Agreement, error) {
	doc := &document{ID: id.New("doc"), AgreementID: seen.ID, Size: int64(len(pdf)), CreatedAt: at, Sealed: s.Ring.Seal(pdf, sealDocument)}
	sum := sha256.Sum256(pdf)
	doc.SHA256 = hex.EncodeToString(sum[:])
	name, err := s.nameOf(ctx, by)
	if err != nil {
		return nil, err
	}
	var out *Agreement
	err = s.DB.Tx(ctx, func(ctx context.Context) error {
		a, err := s.lock(ctx, seen.ID)
		if err != nil {
			return err
		}
		out = a
		if a.Version != seen.Version || a.State != Draft {
			return errChanged()
		}
		w := &acting{a: a, by: by, party: ByCollege, name: name, now: s.Clock.Now()}
		if err := s.fix(ctx, w, data, doc); err != nil {
			return err
		}
		return s.save(ctx, a, w.now)
	})
	return out, err
}

// fix runs in freeze's transaction: the parties' own records may have changed as well, so the document's data is made and checked once more.
func (s *Service) fix(ctx context.Context, w *acting, data paper.Data, doc *document) error {
	a := w.a
	parties, err := s.checkedParties(ctx, a)
	if err != nil {
		return onlyMentorFull(err)
	}
	if !reflect.DeepEqual(s.paperData(a, parties, data.RenderedAt), data) {
		return errChanged()
	}
	r := rules.InForce(today(w.now))
	if err := s.holdMentor(ctx, a, r.MentorTrainees); err != nil {
		if errs.Has(err, "mentor_full") {
			return errs.New(errs.Conflict, "mentor_full").With("max", r.MentorTrainees)
		}
		return err
	}
	if a.SealedParties, err = sealJSON(s, parties, sealParties); err != nil {
		return err
	}
	doc.Revision = a.Revision
	if err := s.documents.Insert(ctx, doc); err != nil {
		return err
	}
	a.State, a.Rules = Ready, r.Version
	a.Document = &FrozenDocument{ID: doc.ID, SHA256: doc.SHA256, Size: doc.Size, ReadyAt: w.now}
	if a.MinorAtReady = parties.Student.Minor(today(w.now)); a.MinorAtReady {
		a.GuardianID = parties.Guardian.PersonID
	}
	if parties.Chamber != nil {
		a.ChamberID = parties.Chamber.ID
	}
	a.StudentName, a.EnterpriseName, a.CollegeName = parties.Student.FullName, parties.Enterprise.Name, parties.College.Name
	a.RemindedAt, a.NoEnrolmentSince = time.Time{}, time.Time{}
	if err := s.noteDocument(ctx, a, doc, w.now); err != nil {
		return err
	}
	return s.tell(ctx, a, step{by: w.by, party: w.party, event: EventReady, data: map[string]string{"document": doc.ID, "sha256": doc.SHA256}})
}

// onlyMentorFull turns the refusal of a draft that was complete a moment ago into the one of losing the mentor's last place.
func onlyMentorFull(err error) error {
	var e *errs.Error
	if errors.As(err, &e) && len(e.Fields) == 1 && e.Fields[0].Code == "mentor_full" {
		return errs.New(errs.Conflict, "mentor_full").With("max", e.Fields[0].Params["max"])
	}
	return err
}

// noteDocument writes the stored document into its revision.
func (s *Service) noteDocument(ctx context.Context, a *Agreement, doc *document, now time.Time) error {
	rev, err := s.revision(ctx, a)
	if err != nil {
		return err
	}
	rev.ReadyAt, rev.DocumentID, rev.SHA256, rev.Size = now, doc.ID, doc.SHA256, doc.Size
	return s.revisions.Save(ctx, rev)
}
