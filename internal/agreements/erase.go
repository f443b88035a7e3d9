package agreements

import (
	"context"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/storage"
)

// Erase is told that a person deletes the account, in the same transaction (accounts' OnErase). Agreements that were concluded are kept for life: they prove
// work experience (R50 13, R361 15). Of cancelled ones the person's data goes: name, contacts, fixed requisites, stored documents. The error is
// Conflict agreement_alive while one is live.
func (s *Service) Erase(ctx context.Context, p *accounts.Person) error {
	return s.DB.Tx(ctx, func(ctx context.Context) error {
		all, err := s.agreements.Find(ctx, storage.Where(storage.Eq("student", p.ID)))
		if err != nil {
			return err
		}
		for _, seen := range all {
			if seen.State.Live() {
				return errs.New(errs.Conflict, "agreement_alive")
			}
			if seen.State != Cancelled {
				continue
			}
			if err := s.eraseCancelled(ctx, seen.ID); err != nil {
				return err
			}
		}
		return nil
	})
}

// eraseCancelled takes the student's data out of a cancelled agreement and its revisions. The trail holds none.
func (s *Service) eraseCancelled(ctx context.Context, agreementID string) error {
	a, err := s.lock(ctx, agreementID)
	if err != nil {
		return err
	}
	revisions, err := s.revisions.Find(ctx, storage.Where(storage.Eq("agreement", agreementID)))
	if err != nil {
		return err
	}
	for _, r := range revisions {
		if r.DocumentID != "" {
			if err := s.documents.Delete(ctx, r.DocumentID); err != nil && !storage.IsNotFound(err) {
				return err
			}
		}
		r.DocumentID, r.Changes, r.Voided, r.Reason = "", nil, nil, ""
		if err := s.revisions.Save(ctx, r); err != nil {
			return err
		}
	}
	a.StudentName, a.SealedStudent, a.SealedGuardian, a.SealedParties, a.Document = "", nil, nil, nil, nil
	a.Signatures, a.Refusals, a.Notes = nil, nil, nil
	if a.Cancellation != nil && a.Cancellation.PersonID == a.StudentID {
		a.Cancellation.Person, a.Cancellation.Reason = "", ""
	}
	return s.save(ctx, a, s.Clock.Now())
}

// Records lists a person's own agreements for the export of personal data, oldest first.
func (s *Service) Records(ctx context.Context, personID string) ([]accounts.Record, error) {
	all, err := s.agreements.Find(ctx, storage.Where(storage.Eq("student", personID)).By("created"))
	if err != nil {
		return nil, err
	}
	var out []accounts.Record
	for _, a := range all {
		p, err := s.partiesOf(ctx, a)
		if err != nil {
			return nil, err
		}
		data := map[string]any{
			"state": string(a.State), "number": a.Number, "revision": a.Revision, "enterprise": a.EnterpriseName, "college": a.CollegeName,
			"starts_on": string(a.Terms.StartsOn), "ends_on": string(a.Terms.EndsOn), "phone": p.Student.Contacts.Phone,
			"address": p.Student.Contacts.Address, "id_card_number": p.Student.Contacts.IDCardNumber,
		}
		for k, v := range data {
			if v == "" {
				delete(data, k)
			}
		}
		out = append(out, accounts.Record{Kind: "agreement", ID: a.ID, CreatedAt: a.CreatedAt, Data: data})
	}
	return out, nil
}
