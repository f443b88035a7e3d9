package accounts

import (
	"encoding/base64"
	"errors"

	"github.com/orynda/orynda/internal/secrets"
)

// What the secrets in events are sealed for, with the name of their value in Event.Data.
const (
	MailCode    = "mail.code"    // sealed_code: six digits
	MailToken   = "mail.token"   // sealed_token: the last part of an invitation's link
	MailAddress = "mail.address" // sealed_email: where to write after the account is gone
)

// sealForMail makes a secret fit for an event, which is kept for days and must not hold it in clear.
func (s *Service) sealForMail(purpose, secret string) string {
	return base64.RawURLEncoding.EncodeToString(s.ring.SealText(secret, purpose))
}

// OpenMailSecret reads a secret from an event's data, to write it into a mail. The error never quotes it.
func OpenMailSecret(ring *secrets.Ring, purpose, sealed string) (string, error) {
	raw, err := base64.RawURLEncoding.DecodeString(sealed)
	if err != nil || len(raw) == 0 {
		return "", errors.New("accounts: an event's secret is malformed")
	}
	return ring.OpenText(raw, purpose)
}
