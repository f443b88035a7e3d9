package secrets_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/secrets"
)

func ring(t *testing.T) *secrets.Ring {
	t.Helper()
	r, err := secrets.Generate(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestSealedValuesOpenForTheirPurposeOnly(t *testing.T) {
	r := ring(t)
	sealed := r.SealText("080515500017", "person.iin")
	if bytes.Contains(sealed, []byte("0805")) {
		t.Fatal("the sealed value shows its content")
	}
	if got, err := r.OpenText(sealed, "person.iin"); err != nil || got != "080515500017" {
		t.Fatalf("got %q, %v", got, err)
	}
	if _, err := r.Open(sealed, "person.phone"); err == nil {
		t.Error("opened for another purpose")
	}
	if _, err := ring(t).Open(sealed, "person.iin"); err == nil {
		t.Error("opened by another ring")
	}
	for i := range sealed {
		bad := bytes.Clone(sealed)
		bad[i] ^= 1
		if _, err := r.Open(bad, "person.iin"); err == nil {
			t.Errorf("byte %d may be changed", i)
		}
	}
	for n := range len(sealed) - 1 {
		if _, err := r.Open(sealed[:n+1], "person.iin"); err == nil {
			t.Errorf("opened when cut to %d bytes", n+1)
		}
	}
	if bytes.Equal(sealed, r.SealText("080515500017", "person.iin")) {
		t.Error("the same value seals to the same bytes")
	}
}

func TestLookupHashes(t *testing.T) {
	r := ring(t)
	a := r.Lookup("iin", "080515500017")
	switch {
	case a != r.Lookup("iin", "080515500017"):
		t.Error("not stable")
	case a == r.Lookup("bin", "080515500017"):
		t.Error("the kind doesn't matter")
	case a == ring(t).Lookup("iin", "080515500017"):
		t.Error("the key doesn't matter")
	case r.Lookup("iin", "") != "":
		t.Error("nothing has a hash")
	case r.Lookup("a", "b:c") == r.Lookup("a:b", "c"):
		t.Error("kind and value run together")
	}
}

func TestSealSignatures(t *testing.T) {
	r := ring(t)
	id, sig := r.SealSign([]byte("head"))
	if !r.SealVerify(id, []byte("head"), sig) {
		t.Error("own seal refused")
	}
	if r.SealVerify(id, []byte("heat"), sig) || r.SealVerify("seal-other", []byte("head"), sig) {
		t.Error("a forged seal passes")
	}
}

func TestFileIsMadeOnceAndPrivate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys.json")
	lookups := make([]string, 8)
	var wg sync.WaitGroup
	for i := range lookups {
		wg.Go(func() {
			r, err := secrets.LoadOrCreate(path, time.Now())
			if err != nil {
				t.Error(err)
				return
			}
			lookups[i] = r.Lookup("k", "v")
		})
	}
	wg.Wait()
	for _, l := range lookups[1:] {
		if l != lookups[0] {
			t.Fatal("two programs that start together have different keys")
		}
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("mode %v, %v", info.Mode(), err)
	}
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}
	if _, err := secrets.Load(path); err == nil {
		t.Error("a file that others can read is accepted")
	}
}

func TestRotationKeepsOldTokenKeys(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys.json")
	before, err := secrets.LoadOrCreate(path, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if err := secrets.RotateTokens(path, time.Now()); err != nil {
		t.Fatal(err)
	}
	after, err := secrets.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	old, now := before.TokenKeys(), after.TokenKeys()
	if len(now) != 2 || now[0].ID != old[0].ID || now[1].ID == old[0].ID {
		t.Fatalf("keys after rotation: %d", len(now))
	}
	if before.Lookup("k", "v") != after.Lookup("k", "v") {
		t.Error("rotation changed the look-up key")
	}
}

func TestDamagedFileIsRefusedWithoutQuotingIt(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys.json")
	for _, content := range []string{"", "{", `{"lookup":"c2VjcmV0"}`, `{"lookup":"supersecret!!"}`} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := secrets.Load(path)
		if err == nil {
			t.Errorf("%q accepted", content)
		} else if strings.Contains(err.Error(), "secret!!") {
			t.Errorf("the error quotes the file: %v", err)
		}
	}
}
