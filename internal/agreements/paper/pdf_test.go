package paper

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"unicode/utf16"

	"github.com/orynda/orynda/internal/cal"
)

func TestSameDataSameBytes(t *testing.T) {
	if os.Getenv("PAPER_TEST_PRINT_SUM") != "" {
		fmt.Printf("sum=%s\n", sums(t))
		return
	}
	here := sums(t)
	if again := sums(t); again != here {
		t.Fatal("a second rendering gave other bytes")
	}
	r, first := renderer(t), sumOf(t, renderer(t), sample())
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if sumOf(t, r, sample()) != first {
				t.Error("parallel rendering gave other bytes")
			}
		})
	}
	wg.Wait()
	cmd := exec.Command(os.Args[0], "-test.run=^TestSameDataSameBytes$", "-test.v")
	cmd.Env = append(os.Environ(), "PAPER_TEST_PRINT_SUM=1", "TZ=America/New_York", "LANG=C")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if !strings.Contains(string(out), "sum="+here) {
		t.Errorf("another process gave other bytes:\n%s", out)
	}
	changed := sample()
	changed.Compensation.Amount++
	if sumOf(t, r, changed) == first {
		t.Error("a changed amount gave the same bytes")
	}
	zoned := sample()
	zoned.RenderedAt = zoned.RenderedAt.In(cal.Zone())
	if sumOf(t, r, zoned) != first {
		t.Error("the zone of the same instant changed the bytes")
	}
}

func sums(t testing.TB) string {
	r := renderer(t)
	sheet, err := r.SignatureSheet(sampleSheet())
	if err != nil {
		t.Fatal(err)
	}
	return sumOf(t, r, sample()) + sumOf(t, r, sample361()) + sum(sheet)
}

func sumOf(t testing.TB, r *Renderer, d Data) string {
	file, err := r.Agreement(d)
	if err != nil {
		t.Error(err)
	}
	return sum(file)
}

func sum(file []byte) string {
	s := sha256.Sum256(file)
	return hex.EncodeToString(s[:])
}

func TestDataIsNotChanged(t *testing.T) {
	d := sample()
	d.Student.FullName = " Two  spaces "
	if _, err := renderer(t).Agreement(d); err != nil {
		t.Fatal(err)
	}
	if d.Student.FullName != " Two  spaces " {
		t.Error("rendering changed the caller's data")
	}
}

// TestFile looks at the bytes: the header, the size, the metadata, and the text in the decompressed pages.
func TestFile(t *testing.T) {
	r := renderer(t)
	for name, d := range map[string]Data{"sample": sample(), "r361": sample361(), "long": long()} {
		file, err := r.Agreement(d)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.HasPrefix(file, []byte("%PDF-")) || !bytes.HasSuffix(bytes.TrimSpace(file), []byte("%%EOF")) {
			t.Errorf("%s is no PDF", name)
		}
		if len(file) > 1<<20 {
			t.Errorf("%s has %d bytes", name, len(file))
		}
		for _, want := range [][]byte{[]byte("/Lang (kk)"), []byte("/CreationDate (D:20270120063005"), []byte("/ModDate (D:20270120063005"), utf16be("Orynda"),
			utf16be("Договор о дуальном обучении №"), []byte("/URI (https://orynda.example/verify/7K3M9QXA2F4T)")} {
			if !bytes.Contains(file, want) {
				t.Errorf("%s lacks %q", name, want)
			}
		}
		if bytes.Contains(file, []byte("pdfaid")) {
			t.Errorf("%s claims PDF/A", name)
		}
		content := inflated(file)
		for _, want := range []string{"Тараптар", "Стороны", "Қарағанды", "Обязанности"} {
			if !bytes.Contains(content, utf16be(want)) {
				t.Errorf("the pages of %s lack %q", name, want)
			}
		}
	}
}

func utf16be(s string) []byte {
	var out []byte
	for _, u := range utf16.Encode([]rune(s)) {
		out = append(out, byte(u>>8), byte(u))
	}
	return bytes.NewBuffer(bytes.ReplaceAll(out, []byte(`\`), []byte(`\\`))).Bytes()
}

func inflated(file []byte) []byte {
	var out []byte
	for {
		at := bytes.Index(file, []byte("stream\n"))
		if at < 0 {
			return out
		}
		file = file[at+len("stream\n"):]
		if z, err := zlib.NewReader(bytes.NewReader(file)); err == nil {
			page, _ := io.ReadAll(z)
			out = append(out, page...)
		}
	}
}

func BenchmarkAgreement(b *testing.B) {
	r, d := renderer(b), sample()
	for b.Loop() {
		if _, err := r.Agreement(d); err != nil {
			b.Fatal(err)
		}
	}
}
