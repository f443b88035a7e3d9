package accounts

import (
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/secrets"
	"github.com/orynda/orynda/internal/storage"
)

// AccessLife is how long an access token lives.
const AccessLife = 15 * time.Minute

// issuer names this program in its tokens.
const issuer = "orynda"

// mostToken bounds the work on what strangers send as a token; ours are under 400 bytes.
const mostToken = 4096

// tokenKeys are the keys of access tokens, read once: deriving them is work.
type tokenKeys struct {
	signing secrets.TokenKey
	all     []secrets.TokenKey // oldest first
	public  map[string]ed25519.PublicKey
}

func newTokenKeys(ring *secrets.Ring) tokenKeys {
	k := tokenKeys{all: ring.TokenKeys(), public: map[string]ed25519.PublicKey{}}
	k.signing = k.all[len(k.all)-1]
	for _, key := range k.all {
		k.public[key.ID] = key.Public
	}
	return k
}

// claims is what an access token says: who and in which session.
type claims struct {
	jwt.RegisteredClaims
	SessionID string `json:"sid"`
}

// sign makes an access token.
func (k tokenKeys) sign(personID, sessionID string, now time.Time) (string, error) {
	t := jwt.NewWithClaims(jwt.SigningMethodEdDSA, claims{
		RegisteredClaims: jwt.RegisteredClaims{
			Issuer: issuer, Subject: personID, IssuedAt: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(now.Add(AccessLife)),
		},
		SessionID: sessionID,
	})
	t.Header["kid"] = k.signing.ID
	return t.SignedString(k.signing.Private)
}

// read checks a token's signature, times and form.
func (k tokenKeys) read(token string, clock cal.Clock) (claims, error) {
	var c claims
	if len(token) > mostToken {
		return c, errors.New("accounts: the token is too long")
	}
	_, err := jwt.ParseWithClaims(token, &c, k.keyFor, jwt.WithValidMethods([]string{jwt.SigningMethodEdDSA.Alg()}),
		jwt.WithIssuer(issuer), jwt.WithExpirationRequired(), jwt.WithTimeFunc(clock.Now), jwt.WithStrictDecoding())
	if err == nil && (c.Subject == "" || c.SessionID == "") {
		err = errors.New("accounts: the token names nobody")
	}
	return c, err
}

func (k tokenKeys) keyFor(t *jwt.Token) (any, error) {
	id, _ := t.Header["kid"].(string)
	key, ok := k.public[id]
	if !ok {
		return nil, errors.New("accounts: the token's key is unknown")
	}
	return key, nil
}

// PublicKey is a public key of access tokens.
type PublicKey struct {
	ID string // kid
	X  string // base64url, RFC 8037
}

// Keys lists the public keys that check access tokens, the one that signs now first (listKeys). Older ones stay as long as the key ring
// holds them.
func (s *Service) Keys() []PublicKey {
	out := make([]PublicKey, 0, len(s.keys.all))
	for i := len(s.keys.all) - 1; i >= 0; i-- {
		k := s.keys.all[i]
		out = append(out, PublicKey{ID: k.ID, X: base64.RawURLEncoding.EncodeToString(k.Public)})
	}
	return out
}

// Authenticate turns an access token into the actor of this moment, with the memberships read now. A token that is malformed, forged or
// expired, and one whose session is over or whose account is gone, answer errs.Unauthorized unauthorized; a store that can't be reached its
// own error.
func (s *Service) Authenticate(ctx context.Context, token string) (Actor, error) {
	c, err := s.keys.read(token, s.real)
	if err != nil {
		return Actor{}, unauthorized() // without the cause: parsers quote what they read
	}
	session, err := s.sessions.Get(ctx, c.SessionID)
	if err != nil {
		return Actor{}, unauthorizedIfMissing(err)
	}
	p, err := s.people.Get(ctx, c.Subject)
	if err != nil {
		return Actor{}, unauthorizedIfMissing(err)
	}
	if !session.alive(s.real.Now()) || !session.belongsTo(p) {
		return Actor{}, unauthorized()
	}
	return s.actorOf(ctx, session, p)
}

// actorOf is the owner of a session as an actor, with the memberships read now.
func (s *Service) actorOf(ctx context.Context, session *Session, p *Person) (Actor, error) {
	memberships, err := s.membershipsOf(ctx, p.ID)
	if err != nil {
		return Actor{}, err
	}
	actor := Actor{PersonID: p.ID, SessionID: session.ID, EmailProved: p.EmailProved()}
	for _, m := range memberships {
		actor.Memberships = append(actor.Memberships, *m)
	}
	return actor, nil
}

func unauthorized() error { return errs.New(errs.Unauthorized, "unauthorized") }

func unauthorizedIfMissing(err error) error {
	if storage.IsNotFound(err) {
		return unauthorized()
	}
	return err
}
