// Package secrets is the ring of versioned keys: for access tokens (Ed25519), for sealing stored personal data (AES-256-GCM), for
// keyed look-up hashes (HMAC-SHA256) and for seals of statements and audit heads (Ed25519).
//
// The ring is one JSON file of mode 0600 that all copies of the program share. New versions of token, sealing and seal keys may be
// added at any time: the newest one writes, all read. The look-up key can't be rotated in place, because stored hashes are unique
// indexes; a second one would need a migration. Whoever loses the file loses the sealed data.
//
// Nothing here prints a key: the types have no String and the file's content is never logged.
package secrets

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/orynda/orynda/internal/id"
)

// Ring holds the keys. It doesn't change after loading and is safe for parallel use.
type Ring struct {
	file   ringFile
	aeads  map[uint32]cipher.AEAD
	newest uint32
	seals  map[string]ed25519.PrivateKey
}

// ringFile is the file's form. Keys are base64 in JSON; each list is oldest first.
type ringFile struct {
	Tokens  []signKey `json:"tokens"`
	Seals   []signKey `json:"seals"`
	Sealing []dataKey `json:"sealing"`
	Lookup  []byte    `json:"lookup"`
}

type signKey struct {
	ID        string    `json:"id"`
	Seed      []byte    `json:"seed"`
	CreatedAt time.Time `json:"created_at"`
}

type dataKey struct {
	Version uint32 `json:"version"`
	Key     []byte `json:"key"`
}

// TokenKey signs or verifies access tokens. The last of [Ring.TokenKeys] signs.
type TokenKey struct {
	ID      string
	Private ed25519.PrivateKey
	Public  ed25519.PublicKey
}

// Generate makes a new ring with one key of each kind.
func Generate(now time.Time) (*Ring, error) {
	f := ringFile{
		Tokens:  []signKey{newSignKey("tok", now)},
		Seals:   []signKey{newSignKey("seal", now)},
		Sealing: []dataKey{{Version: 1, Key: random(32)}},
		Lookup:  random(32),
	}
	return build(f)
}

// Load reads a ring. A file that others may read (any of mode 0077) is refused.
func Load(path string) (*Ring, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("secrets: %s must be readable by its owner only (mode 0600), it has %o", path, info.Mode().Perm())
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var f ringFile
	if err := json.Unmarshal(data, &f); err != nil {
		return nil, fmt.Errorf("secrets: %s is not a file of keys", path) // the parser's text may quote a key
	}
	return build(f)
}

// LoadOrCreate reads the ring, or makes one where there is no file. Two programs that start at once end with the same ring.
func LoadOrCreate(path string, now time.Time) (*Ring, error) {
	r, err := Load(path)
	if !errors.Is(err, os.ErrNotExist) {
		return r, err
	}
	if r, err = Generate(now); err != nil {
		return nil, err
	}
	err = r.create(path)
	if errors.Is(err, os.ErrExist) {
		return Load(path)
	}
	return r, err
}

// RotateTokens adds a token key that signs from now on and writes the file; tokens of the older keys stay valid until they expire.
// Running copies sign with it after their next start.
func RotateTokens(path string, now time.Time) error {
	r, err := Load(path)
	if err != nil {
		return err
	}
	f := r.file
	f.Tokens = append(f.Tokens, newSignKey("tok", now))
	data, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		return err
	}
	return replaceFile(path, data)
}

// create writes the file so that it appears whole or not at all, and never over another one.
func (r *Ring) create(path string) error {
	data, err := json.MarshalIndent(r.file, "", "  ")
	if err != nil {
		return err
	}
	tmp, err := writeTemp(path, data)
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(tmp) }() // a left-over file of mode 0600 does no harm
	return os.Link(tmp, path)
}

func replaceFile(path string, data []byte) error {
	tmp, err := writeTemp(path, data)
	if err != nil {
		return err
	}
	return os.Rename(tmp, path)
}

func writeTemp(path string, data []byte) (string, error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".keys-*") // created with mode 0600
	if err != nil {
		return "", err
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return "", errors.Join(err, os.Remove(f.Name()))
	}
	return f.Name(), nil
}

func newSignKey(prefix string, now time.Time) signKey {
	return signKey{ID: prefix + "-" + id.Token(6), Seed: random(ed25519.SeedSize), CreatedAt: now.UTC()}
}

func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails since Go 1.24
	return b
}

func build(f ringFile) (*Ring, error) {
	r := &Ring{file: f, aeads: map[uint32]cipher.AEAD{}, seals: map[string]ed25519.PrivateKey{}}
	if len(f.Tokens) == 0 || len(f.Seals) == 0 || len(f.Sealing) == 0 || len(f.Lookup) != 32 {
		return nil, errors.New("secrets: the file lacks keys")
	}
	for _, k := range append(append([]signKey(nil), f.Tokens...), f.Seals...) {
		if len(k.Seed) != ed25519.SeedSize || k.ID == "" {
			return nil, errors.New("secrets: a signing key is malformed")
		}
	}
	for _, k := range f.Seals {
		r.seals[k.ID] = ed25519.NewKeyFromSeed(k.Seed)
	}
	for _, k := range f.Sealing {
		block, err := aes.NewCipher(k.Key)
		if err != nil || len(k.Key) != 32 {
			return nil, errors.New("secrets: a sealing key is malformed")
		}
		if r.aeads[k.Version], err = cipher.NewGCM(block); err != nil {
			return nil, err
		}
		r.newest = max(r.newest, k.Version)
	}
	return r, nil
}

// TokenKeys gives the token keys, oldest first; the last one signs, all verify.
func (r *Ring) TokenKeys() []TokenKey {
	out := make([]TokenKey, len(r.file.Tokens))
	for i, k := range r.file.Tokens {
		p := ed25519.NewKeyFromSeed(k.Seed)
		out[i] = TokenKey{ID: k.ID, Private: p, Public: p.Public().(ed25519.PublicKey)}
	}
	return out
}

// Seal encrypts and authenticates plain. The purpose ("person.iin") is bound to it, so that a sealed value can't be moved to
// another field. An empty plain gives nil.
func (r *Ring) Seal(plain []byte, purpose string) []byte {
	if len(plain) == 0 {
		return nil
	}
	aead := r.aeads[r.newest]
	out := binary.BigEndian.AppendUint32(nil, r.newest)
	nonce := random(aead.NonceSize())
	out = append(out, nonce...)
	return aead.Seal(out, nonce, plain, []byte(purpose))
}

// Open reverses Seal. Nil gives nil; anything tampered with, of another purpose or of an unknown key is an error without detail.
func (r *Ring) Open(sealed []byte, purpose string) ([]byte, error) {
	if len(sealed) == 0 {
		return nil, nil
	}
	bad := errors.New("secrets: a sealed value can't be opened")
	if len(sealed) < 4 {
		return nil, bad
	}
	aead := r.aeads[binary.BigEndian.Uint32(sealed)]
	if aead == nil || len(sealed) < 4+aead.NonceSize() {
		return nil, bad
	}
	nonce, body := sealed[4:4+aead.NonceSize()], sealed[4+aead.NonceSize():]
	plain, err := aead.Open(nil, nonce, body, []byte(purpose))
	if err != nil {
		return nil, bad
	}
	return plain, nil
}

// SealText is Seal of a text.
func (r *Ring) SealText(plain, purpose string) []byte { return r.Seal([]byte(plain), purpose) }

// OpenText is Open to a text.
func (r *Ring) OpenText(sealed []byte, purpose string) (string, error) {
	b, err := r.Open(sealed, purpose)
	return string(b), err
}

// Lookup gives the keyed hash under which a value is found and kept unique: HMAC-SHA256 in URL-safe base64, bound to its kind
// ("iin", "bin"). An empty value gives "".
func (r *Ring) Lookup(kind, value string) string {
	if value == "" {
		return ""
	}
	m := hmac.New(sha256.New, r.file.Lookup)
	_, _ = fmt.Fprintf(m, "%d:%s:%s", len(kind), kind, value) // a hash never refuses a write
	return base64.RawURLEncoding.EncodeToString(m.Sum(nil))
}

// SealSign signs a message with the newest seal key.
func (r *Ring) SealSign(msg []byte) (keyID string, sig []byte) {
	k := r.file.Seals[len(r.file.Seals)-1]
	return k.ID, ed25519.Sign(r.seals[k.ID], msg)
}

// SealVerify reports whether sig is the seal of msg by that key.
func (r *Ring) SealVerify(keyID string, msg, sig []byte) bool {
	k, ok := r.seals[keyID]
	return ok && ed25519.Verify(k.Public().(ed25519.PublicKey), msg, sig)
}

// SealKeys gives the public seal keys by id, for publishing.
func (r *Ring) SealKeys() map[string]ed25519.PublicKey {
	out := make(map[string]ed25519.PublicKey, len(r.seals))
	for id, k := range r.seals {
		out[id] = k.Public().(ed25519.PublicKey)
	}
	return out
}
