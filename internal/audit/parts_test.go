package audit

import (
	"crypto/sha256"
	"encoding/hex"
	"log/slog"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/orynda/orynda/internal/secrets"
)

func sha256Hex(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

// The first roots of the test vectors of RFC 6962 as Certificate Transparency publishes them.
func TestMerkleVectors(t *testing.T) {
	leaves := []string{"", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"}
	roots := []string{
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
		"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
		"aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
		"d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
		"4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
		"76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
		"ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
		"5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
	}
	var m merkle
	for i, want := range roots {
		if got := m.root(); got != want {
			t.Errorf("root of %d leaves: %s, want %s", i, got, want)
		}
		if i < len(leaves) {
			leaf, err := hex.DecodeString(leaves[i])
			if err != nil {
				t.Fatal(err)
			}
			m.add(leaf)
		}
	}
}

// recursive is the definition of RFC 9162 2.1.1, word for word.
func recursive(leaves [][]byte) [sha256.Size]byte {
	switch n := len(leaves); n {
	case 0:
		return sha256.Sum256(nil)
	case 1:
		return sha256.Sum256(append([]byte{0}, leaves[0]...))
	default:
		k := 1
		for k*2 < n {
			k *= 2
		}
		return join(recursive(leaves[:k]), recursive(leaves[k:]))
	}
}

func TestMerkleIsTheDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		leaves := rapid.SliceOfN(rapid.SliceOfN(rapid.Byte(), 0, 4), 0, 70).Draw(t, "leaves")
		var m merkle
		for _, l := range leaves {
			m.add(l)
		}
		want := recursive(leaves)
		if got := m.root(); got != hex.EncodeToString(want[:]) {
			t.Errorf("%d leaves: %s, want %x", len(leaves), got, want)
		}
	})
}

func TestParseLineOfLogs(t *testing.T) {
	ring, err := secrets.Generate(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	line := SealLine{Seal: Seal{At: "2027-03-01T09:00:00.000Z", N: 7, V: 1}}
	line.Key, line.Sig = ring.SealSign(line.Seal.signed())
	var asText, asJSON strings.Builder
	slog.New(slog.NewTextHandler(&asText, nil)).Info("audit seal", "seal", string(canonical(line)))
	slog.New(slog.NewJSONHandler(&asJSON, nil)).Info("audit seal", "seal", string(canonical(line)))
	for name, text := range map[string]string{"file": string(canonical(line)), "text log": asText.String(), "JSON log": asJSON.String()} {
		got, ok := parseLine([]byte(strings.TrimSpace(text)))
		if !ok || got.Seal != line.Seal || !ring.SealVerify(got.Key, got.Seal.signed(), got.Sig) {
			t.Errorf("%s: %v %+v", name, ok, got)
		}
	}
	for _, text := range []string{"", "{}", `{"seal":{}}`, `{"seal":"x"}`, ` seal="`, ` seal="\x"`, "null", "[]", `{"seal":null}`} {
		if _, ok := parseLine([]byte(text)); ok {
			t.Errorf("%q was taken for a seal", text)
		}
	}
}

func FuzzParseLine(f *testing.F) {
	f.Add([]byte(`{"seal":{"n":1},"key":"k","sig":"AA==","heads":[{"hash":"","seq":1,"stream":"a:b"}]}`))
	f.Add([]byte(`time=x msg="audit seal" seal="{\"seal\":{\"n\":1}}"`))
	f.Fuzz(func(t *testing.T, text []byte) {
		line, ok := parseLine(text)
		if ok && line.Seal.N <= 0 {
			t.Errorf("a seal without a number from %q", text)
		}
	})
}

func TestValidStream(t *testing.T) {
	for s, want := range map[string]bool{
		"agreement:agr_0192": true, "account:A.b-1": true, "": false, "agreement": false, ":x": false, "x:": false,
		"Agreement:x": false, "a:b:c": false, "a:b c": false, "a:b#1": false, "a:" + strings.Repeat("x", 300): false,
	} {
		if validStream(s) != want {
			t.Errorf("validStream(%q) = %v", s, !want)
		}
	}
}
