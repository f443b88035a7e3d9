package accounts

import (
	"context"
	"crypto/subtle"
	"time"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/id"
	"github.com/orynda/orynda/internal/storage"
)

// code is the six-digit code that an account waits for: one for each purpose, the newest only. Its hash is keyed: six digits alone would
// be found by trying.
type code struct {
	ID        string    `json:"id"` // "<person>:<purpose>"
	Version   int64     `json:"version"`
	Hash      string    `json:"hash"`
	Wrong     int       `json:"wrong"`
	ExpiresAt time.Time `json:"expires_at"`
	UsedAt    time.Time `json:"used_at,omitzero"`
}

// Identity implements storage.Document.
func (c *code) Identity() (string, *int64) { return c.ID, &c.Version }

// Keys implements storage.Document.
func (c *code) Keys() storage.Keys { return storage.Keys{"until": c.ExpiresAt} }

// Codes live half an hour and bear five wrong tries.
const (
	codeLife   = 30 * time.Minute
	codeTries  = 5
	codeDigits = 6
)

type codePurpose string

const (
	codeVerify codePurpose = "verify"
	codeReset  codePurpose = "reset"
)

func codeID(personID string, purpose codePurpose) string { return personID + ":" + string(purpose) }

// alive reports whether the code may still be tried.
func (c *code) alive(now time.Time) bool { return now.Before(c.ExpiresAt) && c.Wrong < codeTries }

// fits reports whether this is the hash of the right digits.
func (c *code) fits(hash string) bool {
	return subtle.ConstantTimeCompare([]byte(c.Hash), []byte(hash)) == 1
}

// CodeSent is the answer to everybody who asks for a code, whether one was sent or not.
type CodeSent struct {
	Email       string // as it was asked for
	ExpiresIn   time.Duration
	ResendAfter time.Duration
}

func codeSent(email string) CodeSent {
	return CodeSent{Email: email, ExpiresIn: codeLife, ResendAfter: resendAfter}
}

func codeInvalid() error {
	return errs.New(errs.Unprocessable, "code_invalid").WithFields(errs.Field{Field: "code", Code: "code_invalid"})
}

func (s *Service) codeHash(codeID, digits string) string {
	return s.ring.Lookup("code", codeID+":"+digits)
}

// issueCode makes a new code, voids the one before and gives it to the mail, inside the running transaction.
func (s *Service) issueCode(ctx context.Context, p *Person, purpose codePurpose, event string) error {
	key, digits := codeID(p.ID, purpose), id.Digits(codeDigits)
	c, err := s.codes.LockOrNew(ctx, key, &code{ID: key})
	if err != nil {
		return err
	}
	c.Hash, c.Wrong, c.UsedAt = s.codeHash(key, digits), 0, time.Time{}
	c.ExpiresAt = s.clock.Now().Add(codeLife)
	if err := s.codes.Save(ctx, c); err != nil {
		return err
	}
	return s.box.Emit(ctx, event, p.ID, map[string]string{"sealed_code": s.sealForMail(MailCode, digits)})
}

// tryCode tries the digits inside the running transaction and counts a wrong try. Used says that the right code was used before.
// The caller must commit also when the digits were wrong, or the try wouldn't count.
func (s *Service) tryCode(ctx context.Context, personID string, purpose codePurpose, digits string) (right, used bool, err error) {
	key := codeID(personID, purpose)
	c, err := s.codes.Lock(ctx, key)
	if storage.IsNotFound(err) {
		return false, false, nil
	}
	if err != nil {
		return false, false, err
	}
	now := s.clock.Now()
	if !c.alive(now) {
		return false, false, nil
	}
	if !c.fits(s.codeHash(key, digits)) {
		c.Wrong++
		return false, false, s.codes.Save(ctx, c)
	}
	if used = !c.UsedAt.IsZero(); used {
		return true, true, nil
	}
	c.UsedAt = now
	return true, false, s.codes.Save(ctx, c)
}
