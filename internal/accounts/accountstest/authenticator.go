// Package accountstest has a passkey authenticator for tests: what a phone does when a browser asks it to make a passkey or to sign in by
// one, with ES256 and without attestation. It obeys the options it is given, and can be told to misbehave. It is for tests only: keys are held in memory.
package accountstest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"

	"github.com/go-webauthn/webauthn/protocol/webauthncbor"
)

// Authenticator holds passkeys. Change its fields between calls to misbehave. It is for one goroutine at a time.
type Authenticator struct {
	Origin   string // of the page that asks
	Unproved bool   // the person wasn't asked for a finger or a PIN
	Synced   bool   // keys made from now on are copied by their maker
	Counter  uint32 // of signatures; raised before each, unless Frozen
	Frozen   bool

	keys []key // the newest signs
}

type key struct {
	id, user []byte
	party    string
	synced   bool
	private  *ecdsa.PrivateKey
}

// Copy is an authenticator with the same keys, as a thief might have.
func (a *Authenticator) Copy() *Authenticator {
	c := *a
	c.keys = append([]key(nil), a.keys...)
	return &c
}

// Forget drops the newest key.
func (a *Authenticator) Forget() { a.keys = a.keys[:len(a.keys)-1] }

type options struct {
	Challenge string `json:"challenge"`
	RPID      string `json:"rpId"`
	RP        struct {
		ID string `json:"id"`
	} `json:"rp"`
	User struct {
		ID string `json:"id"`
	} `json:"user"`
	Exclude []struct {
		ID string `json:"id"`
	} `json:"excludeCredentials"`
}

// The flags of authenticator data (WebAuthn 6.1).
const (
	present  = 1 << 0
	verified = 1 << 2
	eligible = 1 << 3
	backedUp = 1 << 4
	attested = 1 << 6
)

// Create makes a passkey by the options of a registration and gives the browser's answer.
func (a *Authenticator) Create(public json.RawMessage) (json.RawMessage, error) {
	var o options
	if err := json.Unmarshal(public, &o); err != nil {
		return nil, err
	}
	for _, e := range o.Exclude {
		for _, k := range a.keys {
			if encode(k.id) == e.ID {
				return nil, errors.New("accountstest: this authenticator has a passkey already")
			}
		}
	}
	user, err := base64.RawURLEncoding.DecodeString(o.User.ID)
	if err != nil {
		return nil, err
	}
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	k := key{id: make([]byte, 32), user: user, party: o.RP.ID, synced: a.Synced, private: private}
	_, _ = rand.Read(k.id)
	a.keys = append(a.keys, k)
	return a.made(k, o.Challenge)
}

// Recreate answers a registration with the newest key, which may be another person's.
func (a *Authenticator) Recreate(public json.RawMessage) (json.RawMessage, error) {
	var o options
	if err := json.Unmarshal(public, &o); err != nil {
		return nil, err
	}
	return a.made(a.keys[len(a.keys)-1], o.Challenge)
}

func (a *Authenticator) made(k key, challenge string) (json.RawMessage, error) {
	cose, err := coseKey(k.private)
	if err != nil {
		return nil, err
	}
	data := a.data(k, attested)
	data = append(data, make([]byte, 16)...) // AAGUID: no maker
	data = binary.BigEndian.AppendUint16(data, uint16(len(k.id)))
	data = append(append(data, k.id...), cose...)
	object, err := webauthncbor.Marshal(map[string]any{"fmt": "none", "attStmt": map[string]any{}, "authData": data})
	if err != nil {
		return nil, err
	}
	return answer(k, map[string]any{
		"clientDataJSON": encode(a.client("webauthn.create", challenge)), "attestationObject": encode(object), "transports": []string{"internal"},
	})
}

// Get signs in with the newest key by the options of a sign-in and gives the browser's answer.
func (a *Authenticator) Get(public json.RawMessage) (json.RawMessage, error) {
	var o options
	if err := json.Unmarshal(public, &o); err != nil {
		return nil, err
	}
	for i := len(a.keys) - 1; i >= 0; i-- {
		if a.keys[i].party == o.RPID {
			return a.sign(a.keys[i], o.Challenge)
		}
	}
	return nil, errors.New("accountstest: no passkey for this site")
}

func (a *Authenticator) sign(k key, challenge string) (json.RawMessage, error) {
	if !a.Frozen {
		a.Counter++
	}
	data, client := a.data(k, 0), a.client("webauthn.get", challenge)
	sum := sha256.Sum256(client)
	digest := sha256.Sum256(append(append([]byte(nil), data...), sum[:]...))
	signature, err := ecdsa.SignASN1(rand.Reader, k.private, digest[:])
	if err != nil {
		return nil, err
	}
	return answer(k, map[string]any{
		"clientDataJSON": encode(client), "authenticatorData": encode(data), "signature": encode(signature), "userHandle": encode(k.user),
	})
}

// data is authenticator data without what is attested (WebAuthn 6.1).
func (a *Authenticator) data(k key, flags byte) []byte {
	flags |= present
	if !a.Unproved {
		flags |= verified
	}
	if k.synced {
		flags |= eligible | backedUp
	}
	party := sha256.Sum256([]byte(k.party))
	return binary.BigEndian.AppendUint32(append(party[:], flags), a.Counter)
}

func (a *Authenticator) client(typ, challenge string) []byte {
	text, _ := json.Marshal(map[string]any{"type": typ, "challenge": challenge, "origin": a.Origin, "crossOrigin": false}) // strings only
	return text
}

func answer(k key, response map[string]any) (json.RawMessage, error) {
	return json.Marshal(map[string]any{
		"id": encode(k.id), "rawId": encode(k.id), "type": "public-key", "authenticatorAttachment": "platform",
		"clientExtensionResults": map[string]any{"credProps": map[string]any{"rk": true}}, "response": response,
	})
}

// coseKey writes a public key as RFC 9053 does.
func coseKey(k *ecdsa.PrivateKey) ([]byte, error) {
	point, err := k.PublicKey.Bytes() // 4, x, y
	if err != nil {
		return nil, err
	}
	return webauthncbor.Marshal(map[int]any{1: 2, 3: -7, -1: 1, -2: point[1:33], -3: point[33:]})
}

func encode(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }
