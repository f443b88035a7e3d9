package accounts

import (
	"context"

	"github.com/orynda/orynda/internal/storage"
)

// RequestPasswordReset sends a code to set a new password, if the address has an account; the answer never tells
// (requestPasswordReset). A new request voids the code before. It answers errs.RateLimited rate_limited beyond one mail a minute and ten a
// day; errs.Unprocessable validation_failed.
func (s *Service) RequestPasswordReset(ctx context.Context, email string) (CodeSent, error) {
	return s.sendCode(ctx, email, resetQuota(), func(ctx context.Context, p *Person) error {
		return s.issueCode(ctx, p, codeReset, EventResetRequested)
	})
}

// ResetPassword sets a new password with the code from the mail, proves the address, ends every session and lifts the lock-out
// (resetPassword). It answers errs.Unprocessable code_invalid, password_weak or validation_failed; the last two leave the code as it is.
func (s *Service) ResetPassword(ctx context.Context, email, digits, password string) error {
	if err := invalid(checkLength(password)); err != nil {
		return err
	}
	p, err := s.PersonByEmail(ctx, email)
	if storage.IsNotFound(err) {
		return codeInvalid()
	}
	if err != nil {
		return err
	}
	hash, err := s.hashForCode(ctx, p, digits, password)
	if err != nil {
		return err
	}
	right := false
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		var used bool
		right, used, err = s.tryCode(ctx, p.ID, codeReset, digits)
		right = right && !used
		if err != nil || !right {
			return err
		}
		if hash == "" { // a new code came between the look and here: not spent, because this rolls back
			return codeInvalid()
		}
		return s.resetPassword(ctx, p.ID, hash)
	})
	if err == nil && !right {
		return codeInvalid()
	}
	return err
}

// hashForCode hashes the new password, before the transaction and only for who holds the code; for a wrong code it gives "", and the try
// goes on to be counted.
func (s *Service) hashForCode(ctx context.Context, p *Person, digits, password string) (string, error) {
	right, err := s.peekCode(ctx, p.ID, codeReset, digits)
	if err != nil || !right {
		return "", err
	}
	if err := s.passwords.checkStrength(password, p.Email, p.FullName); err != nil {
		return "", err
	}
	return s.passwords.hash(ctx, password)
}

// peekCode reports whether the digits are right, without counting.
func (s *Service) peekCode(ctx context.Context, personID string, purpose codePurpose, digits string) (bool, error) {
	key := codeID(personID, purpose)
	c, err := s.codes.Get(ctx, key)
	if storage.IsNotFound(err) {
		return false, nil
	}
	return err == nil && c.alive(s.clock.Now()) && c.UsedAt.IsZero() && c.fits(s.codeHash(key, digits)), err
}

func (s *Service) resetPassword(ctx context.Context, personID, hash string) error {
	p, err := s.lockPerson(ctx, personID)
	if err != nil {
		return err
	}
	p.PasswordHash = hash
	endAllSessions(p)
	if err := s.prove(ctx, p); err != nil {
		return err
	}
	if err := s.forgiveGuesses(ctx, p.Email); err != nil {
		return err
	}
	return s.passwordChanged(ctx, Actor{PersonID: personID}, "account.password_reset")
}

// passwordChanged tells the trail and the owner.
func (s *Service) passwordChanged(ctx context.Context, by Actor, action string) error {
	if err := s.record(ctx, by, by.PersonID, action, nil); err != nil {
		return err
	}
	return s.box.Emit(ctx, EventPasswordChanged, by.PersonID, nil)
}

// ChangePassword sets the signed-in person's new password; all other sessions end, this one goes on (changePassword). It answers
// errs.Unprocessable current_password_wrong (counted as a wrong sign-in), password_weak or validation_failed; errs.RateLimited rate_limited
// while the lock-out lasts; errs.Unavailable busy. client is the network address, for the lock-out.
func (s *Service) ChangePassword(ctx context.Context, by Actor, current, password, client string) error {
	return s.changeWith(ctx, by, current, password, client, func(ctx context.Context, p *Person) error { return s.carryOn(ctx, by, p) })
}

// changeWith changes the password. In the same transaction, when all sessions of the account are over, stay decides what becomes of the one that
// asks.
func (s *Service) changeWith(ctx context.Context, by Actor, current, password, client string, stay func(context.Context, *Person) error) error {
	if err := s.policy.Permit(by, "changePassword", self(by)...); err != nil {
		return err
	}
	if err := invalid(checkLength(password)); err != nil {
		return err
	}
	p, of, err := s.provePassword(ctx, by, current, client)
	if err != nil {
		return err
	}
	if err := s.passwords.checkStrength(password, p.Email, p.FullName); err != nil {
		return err
	}
	hash, err := s.passwords.hash(ctx, password)
	if err != nil {
		return err
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		held, err := s.changePassword(ctx, by, p, of, hash)
		if err != nil {
			return err
		}
		if err := stay(ctx, held); err != nil {
			return err
		}
		return s.passwordChanged(ctx, by, "account.password_changed")
	})
}

// changePassword stores the new hash and ends all sessions.
func (s *Service) changePassword(ctx context.Context, by Actor, seen *Person, of []counter, hash string) (*Person, error) {
	if err := s.rightGuess(ctx, of); err != nil {
		return nil, err
	}
	p, err := s.lockPerson(ctx, by.PersonID)
	if err != nil {
		return nil, err
	}
	if p.Epoch != seen.Epoch { // reset or signed out everywhere since the present password was checked
		return nil, unauthorized()
	}
	p.PasswordHash = hash
	endAllSessions(p)
	return p, s.people.Save(ctx, p)
}

// carryOn lets the actor's session live in the account's new epoch.
func (s *Service) carryOn(ctx context.Context, by Actor, p *Person) error {
	session, err := s.sessions.Lock(ctx, by.SessionID)
	if storage.IsNotFound(err) || (err == nil && !session.EndedAt.IsZero()) {
		return nil
	}
	if err != nil {
		return err
	}
	session.Epoch = p.Epoch
	return s.sessions.Save(ctx, session)
}
