package apptest

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/secrets"
)

// signed writes a token by hand, as anybody with a key could.
func signed(t *testing.T, header, claims Doc, key ed25519.PrivateKey) string {
	t.Helper()
	part := func(d Doc) string {
		raw, err := json.Marshal(d)
		must(t, err)
		return base64.RawURLEncoding.EncodeToString(raw)
	}
	text := part(header) + "." + part(claims)
	return text + "." + base64.RawURLEncoding.EncodeToString(ed25519.Sign(key, []byte(text)))
}

func decoded(t *testing.T, part string) Doc {
	t.Helper()
	raw, err := base64.RawURLEncoding.DecodeString(part)
	must(t, err)
	d := Doc{}
	must(t, json.Unmarshal(raw, &d))
	return d
}

// tokensAreChecked: the published keys verify a token; what is expired, altered, signed by another key or by none opens nothing.
func tokensAreChecked(t *testing.T, w *world) {
	good := w.as("student@demo.orynda.kz").token
	parts := strings.Split(good, ".")
	header, claims := decoded(t, parts[0]), decoded(t, parts[1])
	verified := false
	for _, k := range w.anonymous().Get("/api/v1/auth/keys").Items("keys") {
		public, err := base64.RawURLEncoding.DecodeString(k.S("x"))
		must(t, err)
		signature, err := base64.RawURLEncoding.DecodeString(parts[2])
		must(t, err)
		if k.S("kid") == header.S("kid") {
			verified = ed25519.Verify(public, []byte(parts[0]+"."+parts[1]), signature)
		}
	}
	if !verified {
		t.Error("the published keys don't verify the token")
	}
	if life := claims.N("exp") - claims.N("iat"); life != 15*60 {
		t.Errorf("the token lives %v s", life)
	}
	for name := range claims {
		switch name {
		case "iss", "sub", "sid", "exp", "iat":
		default:
			t.Errorf("the token carries %s", name)
		}
	}
	ring, err := secrets.LoadOrCreate(w.cfg.SecretsFile, time.Now())
	must(t, err)
	keys := ring.TokenKeys()
	own := keys[len(keys)-1]
	_, foreign, err := ed25519.GenerateKey(nil)
	must(t, err)
	with := func(name string, value any) Doc {
		d := Doc{}
		for k, v := range claims {
			d[k] = v
		}
		d[name] = value
		return d
	}
	ours := Doc{"alg": "EdDSA", "typ": "JWT", "kid": own.ID}
	open := w.anonymous()
	open.token = signed(t, ours, claims, own.Private)
	open.Get("/api/v1/me") // what is signed rightly does open
	for name, token := range map[string]string{
		"expired":            signed(t, ours, with("exp", time.Now().Add(-time.Minute).Unix()), own.Private),
		"without an end":     signed(t, ours, with("exp", nil), own.Private),
		"another key":        signed(t, ours, claims, foreign),
		"an unknown key id":  signed(t, Doc{"alg": "EdDSA", "kid": "other"}, claims, foreign),
		"another session":    signed(t, ours, with("sid", "ses_none"), own.Private),
		"another issuer":     signed(t, ours, with("iss", "somebody"), own.Private),
		"no algorithm":       signed(t, Doc{"alg": "none", "kid": own.ID}, claims, own.Private),
		"altered":            parts[0] + "." + parts[1][:len(parts[1])-2] + "AA." + parts[2],
		"without signature":  parts[0] + "." + parts[1] + ".",
		"garbage":            "x.y.z",
		"very long garbage":  strings.Repeat("a", 3000),
		"the bare signature": parts[2],
	} {
		c := w.anonymous()
		c.token = token
		if a := c.Do("GET", "/api/v1/me", nil); a.Status != 401 || a.Doc.S("code") != "unauthorized" || a.Header.Get("WWW-Authenticate") == "" {
			t.Errorf("%s: %d %s", name, a.Status, a.Raw)
		}
		if a := c.Do("GET", "/api/v1/placements", nil); a.Status != 401 {
			t.Errorf("%s: a bad token reads as nobody: %d", name, a.Status)
		}
	}
}
