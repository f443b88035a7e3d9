package paper

import (
	"bytes"
	"fmt"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"github.com/skip2/go-qrcode"
)

// properties are the file's metadata.
type properties struct {
	title string
	lang  string
	made  time.Time
}

const family = "golos"

// write turns pages into a PDF file. Everything that would differ from run to run is fixed: dates, producer, order of the catalogue.
func (r *Renderer) write(pages []*page, props properties) ([]byte, error) {
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.SetCatalogSort(true)
	pdf.SetCreationDate(props.made.UTC())
	pdf.SetModificationDate(props.made.UTC())
	pdf.SetProducer("Orynda", true)
	pdf.SetCreator("Orynda", true)
	pdf.SetTitle(props.title, true)
	pdf.SetLang(props.lang)
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetMargins(0, 0, 0)
	pdf.AddUTF8FontFromBytes(family, "", r.faces[regular].file)
	pdf.AddUTF8FontFromBytes(family, "B", r.faces[bold].file)
	pdf.SetLineWidth(0.2)
	for _, p := range pages {
		pdf.AddPage()
		pdf.SetFont(family, "", sizeBody)
		for _, m := range p.marks {
			pdf.Bookmark(m.text, m.level, m.y)
		}
		for _, o := range p.ops {
			if err := paint(pdf, o); err != nil {
				return nil, err
			}
		}
	}
	var out bytes.Buffer
	if err := pdf.Output(&out); err != nil {
		return nil, fmt.Errorf("paper: writing the file: %w", err)
	}
	return out.Bytes(), nil
}

func paint(pdf *fpdf.Fpdf, o op) error {
	shade := int(o.tone)
	switch o.kind {
	case opText:
		name := ""
		if o.style == bold {
			name = "B"
		}
		pdf.SetFont(family, name, o.size)
		pdf.SetTextColor(shade, shade, shade)
		// The baseline stands where the ascent ends, the line's extra height shared above and below.
		pdf.Text(o.x, o.y+o.h*0.5+o.size*mmPerPoint*0.36, o.text)
	case opLine:
		pdf.SetDrawColor(shade, shade, shade)
		pdf.Line(o.x, o.y, o.x+o.w, o.y)
	case opRect:
		pdf.SetFillColor(shade, shade, shade)
		pdf.Rect(o.x, o.y, o.w, o.h, "F")
	case opFrame:
		pdf.SetDrawColor(shade, shade, shade)
		pdf.Rect(o.x, o.y, o.w, o.h, "D")
	case opQR:
		return paintQR(pdf, o)
	}
	return nil
}

// paintQR draws the code as rectangles, row by row, joined where dark modules touch.
func paintQR(pdf *fpdf.Fpdf, o op) error {
	code, err := qrcode.New(o.text, qrcode.Medium)
	if err != nil {
		return fmt.Errorf("paper: QR code: %w", err)
	}
	code.DisableBorder = true
	grid := code.Bitmap()
	unit := o.w / float64(len(grid))
	pdf.SetFillColor(0, 0, 0)
	for y, modules := range grid {
		for x := 0; x < len(modules); x++ {
			start := x
			for x < len(modules) && modules[x] {
				x++
			}
			if x > start {
				// A hair of overlap downwards keeps viewers from showing white seams.
				pdf.Rect(o.x+float64(start)*unit, o.y+float64(y)*unit, float64(x-start)*unit, unit*1.02, "F")
			}
		}
	}
	pdf.LinkString(o.x, o.y, o.w, o.h, o.text)
	return nil
}
