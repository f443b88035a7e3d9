// Package id makes identifiers: opaque strings of a type prefix and a UUIDv7 (RFC 9562 5.7), so that they sort by
// the time they were made and tell a reader of a log what they name.
package id

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"strings"

	"github.com/google/uuid"
)

// New makes an identifier such as "plc_0192f0c4a1b27c3d8e4f5a6b7c8d9e0f". The prefix is 2 to 5 lower-case letters.
func New(prefix string) string {
	u := uuid.Must(uuid.NewV7())
	return prefix + "_" + hex.EncodeToString(u[:])
}

// Valid reports whether s looks like an identifier with this prefix. It says nothing about existence.
func Valid(prefix, s string) bool {
	rest, ok := strings.CutPrefix(s, prefix+"_")
	if !ok || len(rest) != 32 {
		return false
	}
	_, err := hex.DecodeString(rest)
	return err == nil && strings.ToLower(rest) == rest
}

// Token makes a random secret of n bytes for links and sessions, in URL-safe base64 without padding.
func Token(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails since Go 1.24
	return base64.RawURLEncoding.EncodeToString(b)
}

// crockford is Crockford's base 32 alphabet: no I, L, O, U, so that a code read aloud is typed right.
const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// Crockford makes n random characters of Crockford's base 32 (5 bits each).
func Crockford(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b)
	for i := range b {
		b[i] = crockford[b[i]&31]
	}
	return string(b)
}

// Digits makes n random decimal digits without bias, for codes that are typed from a mail.
func Digits(n int) string {
	out := make([]byte, 0, n)
	buf := make([]byte, 2*n)
	for len(out) < n {
		_, _ = rand.Read(buf)
		for _, c := range buf {
			// 250 is the largest multiple of ten that fits a byte: beyond it the digits would not be equally likely.
			if c < 250 && len(out) < n {
				out = append(out, '0'+c%10)
			}
		}
	}
	return string(out)
}
