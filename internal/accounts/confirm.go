package accounts

import (
	"context"
	"time"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/storage"
)

// ConfirmLife is how long a sign-in, or the password given again, counts for what would open the account to somebody for good who sits before a device that
// was left open: adding and removing passkeys.
const ConfirmLife = 15 * time.Minute

// Fresh reports whether its owner signed in, or gave the password again, less than ConfirmLife ago. now is of the machine's clock.
func (s *Session) Fresh(now time.Time) bool {
	last := s.CreatedAt
	if s.ConfirmedAt.After(last) {
		last = s.ConfirmedAt
	}
	return now.Before(last.Add(ConfirmLife))
}

// Confirmed reports whether the actor's session is fresh (see [Session.Fresh]).
func (s *Service) Confirmed(ctx context.Context, by Actor) (bool, error) {
	session, err := s.sessions.Get(ctx, by.SessionID)
	if storage.IsNotFound(err) {
		return false, nil
	}
	return err == nil && session.Fresh(s.real.Now()), err
}

// mustBeConfirmed answers errs.Forbidden confirmation_needed unless the actor's session is fresh.
func (s *Service) mustBeConfirmed(ctx context.Context, by Actor) error {
	is, err := s.Confirmed(ctx, by)
	if err == nil && !is {
		return errs.New(errs.Forbidden, "confirmation_needed")
	}
	return err
}

// ConfirmPassword makes the actor's session fresh for [ConfirmLife] by the password (confirmPassword). It answers errs.Unprocessable
// current_password_wrong (counted as a wrong sign-in), errs.RateLimited rate_limited while the lock-out lasts, errs.Unavailable busy. client is the network
// address, for the lock-out.
func (s *Service) ConfirmPassword(ctx context.Context, by Actor, password, client string) error {
	if err := s.policy.Permit(by, "confirmPassword", self(by)...); err != nil {
		return err
	}
	_, of, err := s.provePassword(ctx, by, password, client)
	if err != nil {
		return err
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		if err := s.rightGuess(ctx, of); err != nil {
			return err
		}
		session, err := s.sessions.Lock(ctx, by.SessionID)
		if storage.IsNotFound(err) {
			return unauthorized()
		}
		if err != nil {
			return err
		}
		session.ConfirmedAt = s.real.Now()
		if err := s.sessions.Save(ctx, session); err != nil {
			return err
		}
		return s.record(ctx, by, by.PersonID, "session.confirmed", nil)
	})
}

// provePassword checks the present password of who is signed in, under the lock-out of sign-ins. What it gives are the counters that a right one sets back.
func (s *Service) provePassword(ctx context.Context, by Actor, current, client string) (*Person, []counter, error) {
	p, err := s.Person(ctx, by.PersonID)
	if err != nil {
		return nil, nil, err
	}
	of := s.counters(p.Email, client)
	if err := s.mayGuess(ctx, of); err != nil {
		return nil, nil, err
	}
	right, err := s.checkPassword(ctx, p, current)
	if err != nil {
		return nil, nil, err
	}
	if !right {
		return nil, nil, s.wrongGuess(ctx, of, errs.New(errs.Unprocessable, "current_password_wrong").
			WithFields(errs.Field{Field: "current_password", Code: "current_password_wrong"}))
	}
	return p, of, nil
}
