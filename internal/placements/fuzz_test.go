package placements

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/orynda/orynda/internal/errs"
)

// FuzzImport reads wild bytes as a table: it answers with rows, with bad cells named by row and column, or with one of the documented refusals,
// and never panics.
func FuzzImport(f *testing.F) {
	book := excelize.NewFile()
	_ = book.SetSheetRow("Sheet1", "A1", &[]any{"external_reference", "regime", "seats", "starts_on"})
	_ = book.SetSheetRow("Sheet1", "A2", &[]any{"A-1", "r50", 4, 46433})
	var xlsx bytes.Buffer
	if err := book.Write(&xlsx); err != nil {
		f.Fatal(err)
	}
	for _, s := range []string{
		"", "a", "external_reference,regime\nA,r50\n", "\xef\xbb\xbfexternal_reference;regime\n\"A\nB\";r361\n", "external_reference,regime,modules\nA,r50,x;1;2|y;;\n",
		"external_reference,regime,starts_on,lat,seats\nA,r50,2027-02-30,1e999,NaN\n", "PK\x03\x04", xlsx.String(), strings.Repeat(",", 300) + "\n",
		"external_reference,regime\n,,,,,extra\n",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		table, err := readTable(data)
		if err != nil {
			known := []string{"import_unreadable", "import_too_long", "payload_too_large"}
			if !slices.Contains(known, errs.CodeOf(err)) {
				t.Fatalf("refused with %v", err)
			}
			return
		}
		rows, bad := readRows(table)
		last := 1
		for _, r := range rows {
			if r.number <= last {
				t.Fatalf("row %d after row %d", r.number, last)
			}
			last = r.number
			p := &Placement{}
			for _, change := range r.changes {
				change(p)
			}
			r.in.put(p)
			checkLimits(p)
		}
		for _, b := range bad {
			if !strings.HasPrefix(b.Field, "row ") || !strings.Contains(b.Field, ", column ") || b.Code == "" {
				t.Fatalf("a bad cell is named %q", b.Field)
			}
		}
	})
}

// FuzzReference reads numbers as people type them: what is accepted is well formed and reads as itself.
func FuzzReference(f *testing.F) {
	for _, s := range []string{"OR-7K3M9X", "or 7k3m9x", "7K3M9X", "OR-7K3M9", "OR-OOOOOO", "ORIL0O-1", "", "OR-7K3M9XX", "ОР-7К3М9Х", "OR--7K3M9X"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		reference, ok := ParseReference(s)
		if ok != ValidReference(reference) {
			t.Fatalf("%q: %q is accepted: %v", s, reference, ok)
		}
		if !ok {
			return
		}
		if again, ok := ParseReference(reference); !ok || again != reference {
			t.Fatalf("%q reads as %q, which reads as %q", s, reference, again)
		}
	})
}

// FuzzPath asks for wild paths: a field that a place has is found, and nothing panics.
func FuzzPath(f *testing.F) {
	for _, s := range []string{"title.ru", "workplaces[0].address", "modules[9].hours", "workplaces[-1]", "title.", "[", "seats.x", "modules[0].name.kk", "id"} {
		f.Add(s)
	}
	p := &Placement{Workplaces: []Workplace{{ID: "wpl_1"}}, Modules: []Module{{Hours: 1}}}
	f.Fuzz(func(t *testing.T, path string) {
		if hasField(p, path) && !slices.Contains(Fields(), root(path)) {
			t.Fatalf("%q is no field of a place", path)
		}
	})
}

func TestReferencesAreReadAsTyped(t *testing.T) {
	for typed, want := range map[string]string{
		"OR-7K3M9X": "OR-7K3M9X", "or 7k3m9x": "OR-7K3M9X", "7k3m9x": "OR-7K3M9X", "OR7K3M9X": "OR-7K3M9X", "or-o1il00": "OR-011100",
		"OR-7K3M9": "", "7K3M9XX": "", "OR-7K3M9U": "", "": "", "AB-7K3M9X": "",
	} {
		if got, ok := ParseReference(typed); ok != (want != "") || ok && got != want {
			t.Errorf("%q: %q %v, want %q", typed, got, ok, want)
		}
	}
	seen := map[string]bool{}
	for range 1000 {
		r := newReference()
		if !ValidReference(r) {
			t.Fatalf("made %q", r)
		}
		seen[r] = true
	}
	if len(seen) < 999 {
		t.Errorf("1000 draws gave %d numbers", len(seen))
	}
}
