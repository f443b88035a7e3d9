package accounts

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"net"
	"net/url"
	"strings"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/id"
	"github.com/orynda/orynda/internal/storage"
)

// Limits of passkeys.
const (
	MaxPasskeys    = 10 // of one person
	MaxPasskeyName = 60 // characters
	// PasskeyLife is how long a begun ceremony waits for the browser's answer.
	PasskeyLife = 5 * time.Minute
	// mostPasskeyAnswer bounds the work on what strangers send; browsers send under 10 KB.
	mostPasskeyAnswer = 64 << 10
)

// Passkey is a key pair on one of the person's devices, or in the cloud of its maker, that signs in without a password (W3C Web Authentication).
// Only its public half is here, sealed, so that who can write to the store can't slip in a key.
type Passkey struct {
	ID         string    `json:"id"`
	Version    int64     `json:"version"`
	CreatedAt  time.Time `json:"created_at"`
	PersonID   string    `json:"person_id"`
	Name       string    `json:"name"` // given by the person
	Credential string    `json:"credential"`
	Sealed     []byte    `json:"sealed"`
	LastUsedAt time.Time `json:"last_used_at,omitzero"`
	Synced     bool      `json:"synced"` // its maker keeps a copy, so that other devices of the person have it too
	// SuspectedAt is when its count of signatures went backwards: there may be a copy of it. It signs nobody in any more.
	SuspectedAt time.Time `json:"suspected_at,omitzero"`
}

// Identity implements storage.Document.
func (k *Passkey) Identity() (string, *int64) { return k.ID, &k.Version }

// Keys implements storage.Document.
func (k *Passkey) Keys() storage.Keys {
	return storage.Keys{"person": k.PersonID, "credential": k.Credential, "created": k.CreatedAt}
}

// Suspect reports whether there may be a copy of the passkey.
func (k *Passkey) Suspect() bool { return !k.SuspectedAt.IsZero() }

// ceremony is a challenge that waits for its answer. It is good for one answer.
type ceremony struct {
	ID        string    `json:"id"` // keyed hash of the challenge
	Version   int64     `json:"version"`
	PersonID  string    `json:"person_id,omitempty"`  // who adds a passkey; "" is a sign-in
	SessionID string    `json:"session_id,omitempty"` // and in which session
	Data      []byte    `json:"data"`                 // what the check needs, JSON
	ExpiresAt time.Time `json:"expires_at"`
}

// Identity implements storage.Document.
func (c *ceremony) Identity() (string, *int64) { return c.ID, &c.Version }

// Keys implements storage.Document.
func (c *ceremony) Keys() storage.Keys { return storage.Keys{"until": c.ExpiresAt} }

// PasskeyOptions is what a browser needs for a ceremony.
type PasskeyOptions struct {
	// PublicKey is for PublicKeyCredential.parseCreationOptionsFromJSON (adding) or parseRequestOptionsFromJSON (signing in).
	PublicKey json.RawMessage
	ExpiresIn time.Duration
}

// relyingParty is this installation as passkeys know it. A passkey belongs to a name: of a public address with https that name, of this
// very machine "localhost". Any other address (plain http, a bare IP number, a name without a dot) can't have passkeys, and both are zero.
func relyingParty(publicURL string) (*webauthn.WebAuthn, string) {
	u, err := url.Parse(publicURL)
	if err != nil {
		return nil, ""
	}
	host := strings.ToLower(u.Hostname())
	if ip := net.ParseIP(host); ip != nil && (ip.IsLoopback() || ip.IsUnspecified()) || host == "" && u.Port() != "" {
		host = "localhost"
	}
	if u.Scheme != "https" && (u.Scheme != "http" || host != "localhost") {
		return nil, ""
	}
	origin := u.Scheme + "://" + host
	if port := u.Port(); port != "" && (u.Scheme != "https" || port != "443") && (u.Scheme != "http" || port != "80") {
		origin += ":" + port
	}
	party, err := webauthn.New(&webauthn.Config{
		RPID: host, RPDisplayName: "Orynda", RPOrigins: []string{origin}, AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementRequired, RequireResidentKey: protocol.ResidentKeyRequired(),
			UserVerification: protocol.VerificationRequired,
		},
		Timeouts: webauthn.TimeoutsConfig{ // kept here by the machine's clock, only told to the browser
			Login: webauthn.TimeoutConfig{Timeout: PasskeyLife}, Registration: webauthn.TimeoutConfig{Timeout: PasskeyLife},
		},
		// Managers of passwords add answers that nobody asked for; they change nothing.
		ExtensionsUnsolicitedOutputPolicy: protocol.UnsolicitedOutputPolicyIgnore,
	})
	if err != nil || protocol.ValidateRPID(host) != nil {
		return nil, ""
	}
	return party, origin
}

// PasskeyOrigin is the origin ("https://orynda.kz") at which passkeys work; "" where the installation's address can't have any. A page that is
// open at another origin (127.0.0.1 for localhost) shouldn't offer them.
func (s *Service) PasskeyOrigin() string { return s.passkeyOrigin }

// passkeyOwner is a person as the library knows it. Its handle is the account's id, which says nothing about the person.
type passkeyOwner struct {
	p     *Person
	creds []webauthn.Credential
}

// WebAuthnID implements webauthn.User.
func (o passkeyOwner) WebAuthnID() []byte { return []byte(o.p.ID) }

// WebAuthnName implements webauthn.User.
func (o passkeyOwner) WebAuthnName() string { return o.p.Email }

// WebAuthnDisplayName implements webauthn.User.
func (o passkeyOwner) WebAuthnDisplayName() string { return o.p.FullName }

// WebAuthnCredentials implements webauthn.User.
func (o passkeyOwner) WebAuthnCredentials() []webauthn.Credential { return o.creds }

const sealPasskey = "passkey"

// sealCredential keeps a credential in its passkey.
func (s *Service) sealCredential(k *Passkey, c *webauthn.Credential) error {
	kept := *c
	kept.Attestation = webauthn.CredentialAttestation{} // nobody asked which maker's device it is
	text, err := json.Marshal(kept)
	if err != nil {
		return err
	}
	k.Sealed, k.Synced = s.ring.Seal(text, sealPasskey), kept.Flags.BackupState
	return nil
}

func (s *Service) openCredential(k *Passkey) (webauthn.Credential, error) {
	var c webauthn.Credential
	text, err := s.ring.Open(k.Sealed, sealPasskey)
	if err != nil {
		return c, err
	}
	return c, json.Unmarshal(text, &c)
}

func credentialKey(raw []byte) string { return base64.RawURLEncoding.EncodeToString(raw) }

// passkeysOf lists a person's passkeys, the oldest first.
func (s *Service) passkeysOf(ctx context.Context, personID string) ([]*Passkey, error) {
	return s.passkeys.Find(ctx, storage.Where(storage.Eq("person", personID)).By("created"))
}

// beginCeremony stores a challenge until its answer comes.
func (s *Service) beginCeremony(ctx context.Context, by Actor, session *webauthn.SessionData, public any) (PasskeyOptions, error) {
	data, err := json.Marshal(session)
	if err != nil {
		return PasskeyOptions{}, err
	}
	options, err := json.Marshal(public)
	if err != nil {
		return PasskeyOptions{}, err
	}
	c := &ceremony{
		ID: s.ceremonyID(session.Challenge), PersonID: by.PersonID, SessionID: by.SessionID, Data: data,
		ExpiresAt: s.real.Now().Add(PasskeyLife),
	}
	if err := s.db.Tx(ctx, func(ctx context.Context) error { return s.ceremonies.Insert(ctx, c) }); err != nil {
		return PasskeyOptions{}, err
	}
	return PasskeyOptions{PublicKey: options, ExpiresIn: PasskeyLife}, nil
}

func (s *Service) ceremonyID(challenge string) string {
	return s.ring.Lookup("passkey.challenge", challenge)
}

// endCeremony takes the ceremony of a challenge away, so that its answer counts once, right or wrong. It answers errs.Unprocessable
// passkey_expired when there is none, it is over, or it was begun by somebody else or for something else.
func (s *Service) endCeremony(ctx context.Context, by Actor, challenge string) (webauthn.SessionData, error) {
	var data webauthn.SessionData
	var held *ceremony
	key := s.ceremonyID(challenge)
	if key == "" {
		return data, passkeyExpired()
	}
	err := s.db.Tx(ctx, func(ctx context.Context) (err error) {
		if held, err = s.ceremonies.Lock(ctx, key); err != nil {
			return err
		}
		return s.ceremonies.Delete(ctx, key)
	})
	if storage.IsNotFound(err) {
		return data, passkeyExpired()
	}
	if err != nil {
		return data, err
	}
	if held.PersonID != by.PersonID || held.SessionID != by.SessionID || !s.real.Now().Before(held.ExpiresAt) {
		return data, passkeyExpired()
	}
	return data, json.NewDecoder(bytes.NewReader(held.Data)).Decode(&data)
}

func passkeyExpired() error { return errs.New(errs.Unprocessable, "passkey_expired") }

func passkeysUnavailable() error { return errs.New(errs.Conflict, "passkeys_unavailable") }

func newPasskey(p *Person, name string, raw []byte, now time.Time) *Passkey {
	return &Passkey{ID: id.New("psk"), CreatedAt: now, PersonID: p.ID, Name: name, Credential: credentialKey(raw)}
}
