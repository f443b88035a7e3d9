package paper

import (
	"fmt"
	"strings"
	"testing"

	"codeberg.org/go-pdf/fpdf"
	"github.com/orynda/orynda/internal/i18n"
)

func TestWidthsAgreeWithTheWriter(t *testing.T) {
	r := renderer(t)
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.AddUTF8FontFromBytes(family, "", r.faces[regular].file)
	pdf.AddUTF8FontFromBytes(family, "B", r.faces[bold].file)
	for s, name := range map[style]string{regular: "", bold: "B"} {
		pdf.SetFont(family, name, 10)
		for _, text := range []string{"Қарағанды политехникалық колледжі", "Электроснабжение, № 5 «Ё»", "60\u202f000\u00a0₸", "Wide MMM iii"} {
			if a, b := r.faces[s].width(text, 10), pdf.GetStringWidth(text); a-b > 0.05 || b-a > 0.05 {
				t.Errorf("%q measures %.3f here and %.3f there", text, a, b)
			}
		}
	}
}

// TestNothingOverlapsOrLeavesThePage judges the layout itself: every text inside the margins, no two on top of each other, none across the
// border of a cell, for plain and for extreme data.
func TestNothingOverlapsOrLeavesThePage(t *testing.T) {
	sheet, _, err := renderer(t).layoutSheet(sampleSheet())
	if err != nil {
		t.Fatal(err)
	}
	longSheet := sampleSheet()
	longSheet.College, longSheet.Signatures[3].Position, longSheet.Signatures[0].FullName = long().College.Name, long().College.Name, long().Student.FullName
	extreme, _, err := renderer(t).layoutSheet(longSheet)
	if err != nil {
		t.Fatal(err)
	}
	for name, pages := range map[string][]*page{"sample": lay(t, sample()), "r361": lay(t, sample361()), "long": lay(t, long()), "copy": lay(t, long(), i18n.KK), "sheet": sheet, "long sheet": extreme} {
		for n, p := range pages {
			judge(t, fmt.Sprintf("%s, page %d", name, n+1), p)
		}
	}
}

func judge(t *testing.T, where string, p *page) {
	t.Helper()
	const slack = 0.05
	var texts, frames []op
	for _, o := range p.ops {
		switch o.kind {
		case opText:
			texts = append(texts, o)
		case opFrame:
			frames = append(frames, o)
		}
	}
	for i, a := range texts {
		if a.x < marginLeft-slack || a.x+a.w > pageWidth-marginRight+slack || a.y < 10 || a.y+a.h > pageHeight-10 {
			t.Errorf("%s: %q leaves the page", where, a.text)
		}
		if a.y >= marginTop && a.y+a.h > pageBottom+slack && a.y < pageHeight-17 {
			t.Errorf("%s: %q runs into the foot", where, a.text)
		}
		for _, b := range texts[i+1:] {
			if a.x+a.w > b.x+slack && b.x+b.w > a.x+slack && a.y+a.h > b.y+slack && b.y+b.h > a.y+slack {
				t.Errorf("%s: %q and %q overlap", where, a.text, b.text)
			}
		}
		for _, f := range frames {
			touches := a.x+a.w > f.x+slack && f.x+f.w > a.x+slack && a.y+a.h > f.y+slack && f.y+f.h > a.y+slack
			inside := a.x >= f.x-slack && a.x+a.w <= f.x+f.w+slack && a.y >= f.y-slack && a.y+a.h <= f.y+f.h+slack
			if touches && !inside {
				t.Errorf("%s: %q crosses the border of a cell", where, a.text)
			}
		}
	}
	for _, f := range frames {
		if f.y+f.h > pageBottom+slack {
			t.Errorf("%s: a cell runs into the foot", where)
		}
	}
}

func TestHeadingsAreNeverAlone(t *testing.T) {
	// Shifting the text line by line brings every heading to the foot of a page at some point.
	for n := 1; n <= 24; n++ {
		d := sample()
		d.Guardian, d.Benefits = nil, nil
		d.Duties = nil
		for range n {
			d.Duties = append(d.Duties, same("участие в осмотре"))
		}
		for i, p := range lay(t, d, i18n.RU) {
			for _, m := range p.marks {
				below := 0
				for _, o := range p.ops {
					if o.kind == opText && o.y > m.y+1 && o.y < pageBottom && o.style == regular {
						below++
					}
				}
				if below == 0 {
					t.Fatalf("with %d duties the heading %q stands alone at the foot of page %d", n, m.text, i+1)
				}
			}
			if last := lastLine(p); strings.HasSuffix(last, ":") {
				t.Errorf("with %d duties page %d ends with %q", n, i+1, last)
			}
		}
	}
}

func lastLine(p *page) string {
	last := op{}
	for _, o := range p.ops {
		if o.kind == opText && o.y+o.h <= pageBottom+0.1 && o.y >= last.y {
			last = o
		}
	}
	return last.text
}

func TestTablesRepeatTheirHeading(t *testing.T) {
	pages := lay(t, long(), i18n.RU)
	heads, rows := 0, 0
	for _, p := range pages {
		text := said([]*page{p})
		has := strings.Contains(text, "Дни недели")
		inPage := strings.Count(text, "пн–ср") + strings.Count(text, "чт, пт")
		if rows += inPage; has {
			heads++
		}
		if inPage > 0 && !has {
			t.Errorf("a page shows %d rows of the schedule without its heading", inPage)
		}
	}
	if rows != 60 || heads < 2 {
		t.Errorf("%d rows under %d headings", rows, heads)
	}
	if all := said(pages); strings.Count(all, "Итого") != 1 || !strings.Contains(all, "1\u202f010\u202f530") {
		t.Error("the plan lacks its sum")
	}
}

func TestPagesAreNumberedAndNamed(t *testing.T) {
	pages := lay(t, long())
	for i, p := range pages {
		text := said([]*page{p})
		if !strings.Contains(text, fmt.Sprintf("%d / %d", i+1, len(pages))) {
			t.Errorf("page %d is not numbered", i+1)
		}
		if got := squeezed(said([]*page{{ops: p.ops[len(p.ops)-8:]}})); !strings.Contains(got, "7K3M-9QXA-2F4T") {
			t.Errorf("page %d lacks the verification code at its foot", i+1)
		}
		flow := flow{faces: renderer(t).faces}
		if n := len(flow.wrap([]span{{p.head, regular}}, sizeSmall, textWidth)); n > 2 {
			t.Errorf("the head of page %d needs %d lines", i+1, n)
		}
	}
}
