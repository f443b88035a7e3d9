package directory_test

import (
	"archive/zip"
	"bytes"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/errs"
)

func parseInt(s string) (int64, error) { return strconv.ParseInt(s, 10, 64) }

// bomb is a small XLSX whose sheet unpacks to 200 MB.
func bomb(t testing.TB) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	part, err := z.Create("xl/worksheets/sheet1.xml")
	if err != nil {
		t.Fatal(err)
	}
	chunk := []byte(strings.Repeat("<c/>", 1<<18))
	for range 200 {
		if _, err := part.Write(chunk); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// FuzzRosterFile imports what strangers send: never a panic, only documented codes, bounded memory.
func FuzzRosterFile(f *testing.F) {
	f.Add([]byte(rosterCSV))
	f.Add([]byte("\xff\xfe\x3b\x00"))
	f.Add([]byte("\"\n;;\"\"\n\t"))
	f.Add([]byte("PK\x03\x04"))
	f.Add([]byte("full_name;iin;birth_date;group\n\"x;080515500017;1e400;\xff"))
	small := excelSeed(f)
	f.Add(small)
	f.Add(small[:len(small)/2])
	ref := reference(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		rows, err := directory.CheckRosterFile(ref, directory.RegimeR50, "2026-11-23", data)
		runtime.ReadMemStats(&after)
		if grown := after.TotalAlloc - before.TotalAlloc; grown > 512<<20 {
			t.Fatalf("%d bytes took %d MB", len(data), grown>>20)
		}
		switch errs.CodeOf(err) {
		case "", "import_invalid", "payload_too_large", "unsupported_media_type":
		default:
			t.Fatalf("%v", err)
		}
		if err == nil && rows > directory.MaxRosterRows {
			t.Fatalf("%d rows", rows)
		}
	})
}

func excelSeed(f *testing.F) []byte {
	f.Helper()
	return []byte(sheet(f, rosterCSV, true))
}
