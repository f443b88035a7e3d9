package paper

import (
	"strings"
	"testing"

	"github.com/orynda/orynda/internal/i18n"
)

// The text on a screen says what the paper says: every sentence of the printed blocks, in their order, and every party.
func TestTextSaysWhatIsPrinted(t *testing.T) {
	r, err := New()
	if err != nil {
		t.Fatal(err)
	}
	d := sample()
	for _, lang := range i18n.Langs() {
		pieces, err := r.Text(d, lang)
		if err != nil {
			t.Fatal(err)
		}
		versions, err := r.versions(d, []i18n.Lang{lang})
		if err != nil {
			t.Fatal(err)
		}
		var shown strings.Builder
		tables := 0
		for _, p := range pieces {
			for _, run := range p.Runs {
				shown.WriteString(run.Text)
			}
			shown.WriteString("\n")
			if p.Kind == TablePiece {
				tables++
			}
			for _, row := range p.Rows {
				shown.WriteString(strings.Join(row, "\n") + "\n")
			}
		}
		text, at := shown.String(), 0
		for _, b := range versions[0].blocks {
			if b.kind == tableMark {
				tables--
				continue
			}
			found := strings.Index(text[at:], strings.ReplaceAll(b.text, string(markBold), ""))
			if found < 0 {
				t.Fatalf("%s: %q is missing or out of order", lang, b.text)
			}
			at += found
		}
		if tables < 3 {
			t.Errorf("%s: %d tables of requisites", lang, tables)
		}
		for _, name := range []string{d.Student.FullName, d.College.BIN, d.Enterprise.BIN} {
			if !strings.Contains(text, name) {
				t.Errorf("%s: %q isn't among the requisites", lang, name)
			}
		}
	}
	d.Student.FullName = ""
	if _, err := r.Text(d, i18n.KK); err == nil {
		t.Error("a text without the student's name was given")
	}
}
