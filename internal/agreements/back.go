package agreements

import (
	"context"
	"strings"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/storage"
)

// checkReason trims a reason that must be there: 400 bad_request with required or too_long else.
func checkReason(reason string) (string, error) {
	reason = strings.TrimSpace(reason)
	return reason, errs.InvalidFields(errs.Needed("reason", reason, MaxReason))
}

// Return sends an agreement with a document back to draft with a reason (returnAgreement): Conflict wrong_state in any other state.
func (s *Service) Return(ctx context.Context, by accounts.Actor, agreementID, reason string) (*Agreement, error) {
	reason, err := checkReason(reason)
	if err != nil {
		return nil, err
	}
	return s.act(ctx, by, "returnAgreement", agreementID, func(ctx context.Context, w *acting) (bool, error) {
		if !w.a.State.Frozen() {
			return false, w.a.wrongState()
		}
		if err := s.backToDraft(ctx, w, CauseReturned, reason); err != nil {
			return false, err
		}
		return true, s.tell(ctx, w.a, step{by: by, party: w.party, event: EventReturned, reason: reason})
	})
}

// Refuse is a refusal to sign, kept for good; the agreement is a draft again (refuseSignature). revision 0 means the present one. Its refusals: Conflict
// out_of_turn, document_changed.
func (s *Service) Refuse(ctx context.Context, by accounts.Actor, agreementID, reason string, revision int) (*Agreement, error) {
	reason, err := checkReason(reason)
	if err != nil {
		return nil, err
	}
	return s.act(ctx, by, "refuseSignature", agreementID, func(ctx context.Context, w *acting) (bool, error) {
		a := w.a
		switch {
		case !a.State.Frozen():
			return false, errs.New(errs.Conflict, "out_of_turn")
		case revision != 0 && revision != a.Revision:
			return false, errs.New(errs.Conflict, "document_changed")
		}
		a.Refusals = append(a.Refusals, Refusal{
			Party: w.party, PersonID: by.PersonID, Person: w.name, Reason: reason, At: w.now, Revision: a.Revision,
		})
		if err := s.backToDraft(ctx, w, CauseRefused, reason); err != nil {
			return false, err
		}
		return true, s.tell(ctx, a, step{by: by, party: w.party, event: EventRefused, reason: reason})
	})
}

// Cancel gives an agreement up before it is concluded; its match is dissolved in the same transaction (cancelAgreement). A cancelled one is answered
// unchanged. Its refusal: Conflict agreement_concluded.
func (s *Service) Cancel(ctx context.Context, by accounts.Actor, agreementID, reason string) (*Agreement, error) {
	reason, err := checkReason(reason)
	if err != nil {
		return nil, err
	}
	return s.act(ctx, by, "cancelAgreement", agreementID, func(ctx context.Context, w *acting) (bool, error) {
		switch {
		case w.a.State == Cancelled:
			return false, nil
		case !w.a.State.Open():
			return false, errs.New(errs.Conflict, "agreement_concluded")
		}
		if err := s.cancel(ctx, w, reason); err != nil {
			return false, err
		}
		return true, s.Selection.Dissolve(ctx, w.a.MatchID, "agreement_cancelled")
	})
}

// cancel ends an open agreement; a number stays with it as void. The caller dissolves the match and saves.
func (s *Service) cancel(ctx context.Context, w *acting, reason string) error {
	if err := s.releaseMentor(ctx, w.a); err != nil {
		return err
	}
	w.a.State, w.a.NumberVoid = Cancelled, w.a.Number != ""
	w.a.Cancellation = &Cancellation{Party: w.party, PersonID: w.by.PersonID, Person: w.name, Reason: reason, At: w.now}
	st := step{by: w.by, party: w.party, event: EventCancelled, reason: reason}
	if w.party == BySystem {
		st.reason, st.data = "", map[string]string{"reason": reason}
	}
	return s.tell(ctx, w.a, st)
}

// CancelForMatch cancels the agreement of a match that something else has dissolved, in the caller's transaction. Without an open agreement nothing
// happens.
func (s *Service) CancelForMatch(ctx context.Context, matchID, reason string) error {
	seen, err := found(s.OfMatch(ctx, matchID))
	if err != nil || seen == nil {
		return err
	}
	return s.DB.Tx(ctx, func(ctx context.Context) error {
		a, err := s.lock(ctx, seen.ID)
		if err != nil || !a.State.Open() {
			return err
		}
		w := asSystem(a, "dissolving", s.Clock.Now())
		if err := s.cancel(ctx, w, reason); err != nil {
			return err
		}
		return s.save(ctx, a, w.now)
	})
}

// EndFor is told that a person left a college's roster, in the caller's transaction: unsigned agreements go back to draft, and the clock of the missing
// enrolment begins for them. reason is a code. It may be repeated.
func (s *Service) EndFor(ctx context.Context, personID, reason string) error {
	all, err := s.agreements.Find(ctx, storage.Where(storage.Eq("student", personID)))
	if err != nil {
		return err
	}
	for _, seen := range all {
		if !seen.State.Open() {
			continue
		}
		if err := s.DB.Tx(ctx, func(ctx context.Context) error { return s.leave(ctx, seen.ID, reason) }); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) leave(ctx context.Context, agreementID, reason string) error {
	a, err := s.lock(ctx, agreementID)
	if err != nil || !a.State.Open() {
		return err
	}
	w := asSystem(a, "enrolment", s.Clock.Now())
	if a.NoEnrolmentSince.IsZero() {
		a.NoEnrolmentSince = w.now
	}
	if a.State.Frozen() {
		if err := s.backToDraft(ctx, w, CauseReturned, "enrolment_ended"); err != nil {
			return err
		}
		data := map[string]string{"reason": reason}
		if err := s.tell(ctx, a, step{by: w.by, party: BySystem, event: EventReturned, data: data}); err != nil {
			return err
		}
	}
	return s.save(ctx, a, w.now)
}

// periodPassed sends an agreement back to draft whose training would have begun, with the agreement taken, and saves it.
func (s *Service) periodPassed(ctx context.Context, a *Agreement) error {
	w := asSystem(a, "period", s.Clock.Now())
	if err := s.backToDraft(ctx, w, CausePeriodPassed, ""); err != nil {
		return err
	}
	if err := s.tell(ctx, a, step{by: w.by, party: BySystem, event: EventPeriodPassed}); err != nil {
		return err
	}
	return s.save(ctx, a, w.now)
}

// anyWith reports whether an agreement has this value under a key.
func (s *Service) anyWith(ctx context.Context, key, value string, more ...storage.Cond) (bool, error) {
	if value == "" {
		return false, nil
	}
	n, err := s.agreements.Count(ctx, storage.Where(append(more, storage.Eq(key, value))...))
	return n > 0, err
}
