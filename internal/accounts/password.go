package accounts

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"time"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"github.com/orynda/orynda/internal/errs"
)

// PasswordSettings are the cost of a password's hash and the bounds on hashing. The defaults are argon2id with 19 MiB, two passes and one
// lane (the OWASP cheat sheet's setting, about 25 ms of one core in 2024), two hashes per processor at a time, and two seconds of waiting for
// a turn: so a flood of sign-ins takes 38 MiB per processor and no more, and whoever finds no turn is told busy.
type PasswordSettings struct {
	MemoryKiB uint32        // 19456
	Passes    uint32        // 2
	Lanes     uint8         // 1
	Parallel  int           // 2 per processor
	Wait      time.Duration // 2 s
}

const (
	saltBytes = 16
	hashBytes = 32
)

func (p PasswordSettings) withDefaults() PasswordSettings {
	if p.MemoryKiB == 0 {
		p.MemoryKiB = 19 * 1024
	}
	if p.Passes == 0 {
		p.Passes = 2
	}
	if p.Lanes == 0 {
		p.Lanes = 1
	}
	if p.Parallel == 0 {
		p.Parallel = 2 * runtime.GOMAXPROCS(0)
	}
	if p.Wait == 0 {
		p.Wait = 2 * time.Second
	}
	return p
}

// passwords hashes and checks passwords, at most so many at a time.
type passwords struct {
	settings PasswordSettings
	turns    chan struct{}
	common   map[string]bool
	// nobody is a hash that no password has: checked where there is no account, so that the answer takes as long.
	nobody string
}

func newPasswords(settings PasswordSettings) *passwords {
	settings = settings.withDefaults()
	p := &passwords{settings: settings, turns: make(chan struct{}, settings.Parallel), common: commonPasswords()}
	p.nobody = p.encode(random(saltBytes), random(hashBytes))
	return p
}

func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails since Go 1.24
	return b
}

// turn waits for leave to hash: errs.Unavailable busy when it doesn't come in time.
func (p *passwords) turn(ctx context.Context) (done func(), err error) {
	wait := time.NewTimer(p.settings.Wait)
	defer wait.Stop()
	busy := errs.New(errs.Unavailable, "busy").After(2 * p.settings.Wait)
	select {
	case p.turns <- struct{}{}:
		return func() { <-p.turns }, nil
	case <-wait.C:
		return nil, busy
	case <-ctx.Done():
		return nil, busy.WithCause(ctx.Err())
	}
}

// hash gives the PHC string of a password.
func (p *passwords) hash(ctx context.Context, password string) (string, error) {
	done, err := p.turn(ctx)
	if err != nil {
		return "", err
	}
	defer done()
	salt := random(saltBytes)
	return p.encode(salt, p.derive(password, salt, p.settings, hashBytes)), nil
}

func (p *passwords) derive(password string, salt []byte, s PasswordSettings, n uint32) []byte {
	return argon2.IDKey(canonical(password), salt, s.Passes, s.MemoryKiB, s.Lanes, n)
}

// canonical makes one password of what different keyboards send for the same letters (RFC 8265, OpaqueString).
func canonical(password string) []byte { return norm.NFC.Bytes([]byte(password)) }

func (p *passwords) encode(salt, hash []byte) string {
	b := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, p.settings.MemoryKiB, p.settings.Passes, p.settings.Lanes,
		b.EncodeToString(salt), b.EncodeToString(hash))
}

// check reports whether the password has this hash, and whether the hash should be made anew because the settings have changed.
func (p *passwords) check(ctx context.Context, stored, password string) (ok, outdated bool, err error) {
	s, salt, want, err := decodeHash(stored)
	if err != nil {
		return false, false, err
	}
	done, err := p.turn(ctx)
	if err != nil {
		return false, false, err
	}
	defer done()
	got := p.derive(password, salt, s, uint32(len(want)))
	ok = subtle.ConstantTimeCompare(got, want) == 1
	outdated = s.MemoryKiB != p.settings.MemoryKiB || s.Passes != p.settings.Passes || s.Lanes != p.settings.Lanes
	return ok, ok && outdated, nil
}

// decodeHash takes a PHC string apart. The error never quotes it.
func decodeHash(stored string) (s PasswordSettings, salt, hash []byte, err error) {
	bad := errors.New("accounts: a stored password hash is malformed")
	parts := strings.Split(stored, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return s, nil, nil, bad
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &s.MemoryKiB, &s.Passes, &s.Lanes); err != nil {
		return s, nil, nil, bad
	}
	salt, errSalt := base64.RawStdEncoding.DecodeString(parts[4])
	hash, errHash := base64.RawStdEncoding.DecodeString(parts[5])
	const mostMemory = 1 << 20 // 1 GiB: a hash that asks for more wasn't made here
	switch {
	case errSalt != nil || errHash != nil || len(salt) < 8 || len(hash) < 16:
		return s, nil, nil, bad
	case s.MemoryKiB == 0 || s.MemoryKiB > mostMemory || s.Passes == 0 || s.Passes > 64 || s.Lanes == 0:
		return s, nil, nil, bad
	}
	return s, salt, hash, nil
}

// HashPassword gives the hash that an account stores, for [Service.Import] of many accounts with one password. It waits for its turn like a
// sign-in: errs.Unavailable busy.
func (s *Service) HashPassword(ctx context.Context, password string) (string, error) {
	return s.passwords.hash(ctx, password)
}
