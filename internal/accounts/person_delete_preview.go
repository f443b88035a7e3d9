package accounts

import (
	"context"
	"errors"

	"github.com/orynda/orynda/internal/errs"
)

// Deletion is what would become of an account that its owner deletes.
type Deletion struct {
	// Blocked says what must end first, by the codes that DeleteMe answers: agreement_alive, last_admin. Empty: nothing.
	Blocked []string
	// Kept lists what stays, with the ground for it.
	Kept []Retention
}

// errRehearsed rolls a rehearsal back.
var errRehearsed = errors.New("accounts: rehearsed")

// PreviewDeletion says what stands against deleting the signed-in person's account and what would stay of it (previewDeletion). It rehearses
// the deletion and changes nothing, so it can't say other than [Service.DeleteMe] does.
func (s *Service) PreviewDeletion(ctx context.Context, by Actor) (Deletion, error) {
	if err := s.policy.Permit(by, "previewDeletion", self(by)...); err != nil {
		return Deletion{}, err
	}
	out := Deletion{Kept: Retained()}
	for _, step := range []func(ctx context.Context) error{
		func(ctx context.Context) error { return s.leaveAll(ctx, by) },
		func(ctx context.Context) error { return s.partWith(ctx, by.PersonID) },
	} {
		err := s.db.Tx(ctx, func(ctx context.Context) error {
			if err := step(ctx); err != nil {
				return err
			}
			return errRehearsed
		})
		switch {
		case errors.Is(err, errRehearsed):
		case errs.KindOf(err) == errs.Conflict:
			out.Blocked = append(out.Blocked, errs.CodeOf(err))
		default:
			return Deletion{}, err
		}
	}
	return out, nil
}

// partWith lets the other domains part from a person, in the running transaction.
func (s *Service) partWith(ctx context.Context, personID string) error {
	p, err := s.lockPerson(ctx, personID)
	if err != nil || s.OnErase == nil {
		return err
	}
	return s.OnErase(ctx, p)
}
