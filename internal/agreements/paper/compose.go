package paper

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/orynda/orynda/internal/i18n"
)

// version is one language of an agreement, ready to be set.
type version struct {
	lang    i18n.Lang
	wording *wording
	labels  labels
	blocks  []block
}

// with puts values into the {placeholders} of a label.
func (l labels) with(key string, pairs ...string) string {
	for i := 0; i < len(pairs); i += 2 {
		pairs[i] = "{" + pairs[i] + "}"
	}
	return strings.NewReplacer(pairs...).Replace(l[key])
}

// versions fills the templates in the asked languages and makes sure that all of them have the same outline, so that no version says less
// than another.
func (r *Renderer) versions(d Data, langs []i18n.Lang) ([]version, error) {
	byLang := r.library.wordings[d.TemplateVersion]
	if byLang == nil || !strings.HasPrefix(d.TemplateVersion, string(d.Regime)+"-") {
		f := faults{}
		f.add("template_version", "unknown_value")
		return nil, f.err()
	}
	var out []version
	for _, lang := range langs {
		w := byLang[lang]
		l := r.library.labels[w.labels][lang]
		blocks, err := w.fill(view{Data: d, labels: l}, lang)
		if err != nil {
			return nil, err
		}
		out = append(out, version{lang, w, l, blocks})
		if a, b := outline(out[0].blocks), outline(blocks); !slices.Equal(a, b) {
			return nil, fmt.Errorf("paper: %s: the outlines of %s and %s differ", w.id, out[0].lang, lang)
		}
	}
	return out, nil
}

func outline(blocks []block) []string {
	var out []string
	for _, b := range blocks {
		out = append(out, fmt.Sprintf("%d %s %s", b.kind, b.number, b.name))
	}
	return out
}

// setVersion lays out one language version, beginning on a new page.
func (f *flow) setVersion(d Data, v version, copyOnly bool) error {
	f.head = v.labels.with("doc.head", "number", d.Number, "revision", strconv.Itoa(d.Revision)) + " · " + v.labels["doc.language"]
	if copyOnly {
		f.head += " · " + v.labels["copy.head"]
	}
	f.foot = v.labels["doc.verify"] + ": " + d.Verification.Code
	f.newPage()
	for i, b := range v.blocks {
		if err := f.setBlock(d, v, i, copyOnly); err != nil {
			return fmt.Errorf("paper: %s.%s: %s %s: %w", v.wording.id, v.lang, b.name, b.number, err)
		}
	}
	return nil
}

func (f *flow) setBlock(d Data, v version, at int, copyOnly bool) error {
	b := v.blocks[at]
	switch b.kind {
	case title:
		f.setTitle(d, v, b, copyOnly)
		return nil
	case annex:
		below, err := f.annexBelow(d, v, at)
		f.setAnnexHead(d, v, b, below)
		return err
	case tableMark:
		t, err := v.table(b.name, d)
		if err != nil {
			return err
		}
		f.space(2)
		f.putTable(t)
		return nil
	}
	p := styled(b)
	if below, err := f.below(d, v, at); err != nil {
		return err
	} else if below > 0 {
		f.need(p.least(len(f.lines(p))) + below)
	}
	f.put(p)
	return nil
}

// below is the room that must be left under block at so that it does not stand alone at the foot of a page: headings, and sentences that
// announce a list or a table, stay with what follows.
func (f *flow) below(d Data, v version, at int) (float64, error) {
	b := v.blocks[at]
	announces := b.kind == section || strings.HasSuffix(b.text, ":")
	if at+1 >= len(v.blocks) {
		return 0, nil
	}
	next := v.blocks[at+1]
	if next.kind == tableMark {
		t, err := v.table(next.name, d)
		return f.tableLeast(t) + 2, err
	}
	if !announces || next.kind == annex {
		return 0, nil
	}
	p := styled(next)
	further, err := f.below(d, v, at+1)
	if next.kind != section && !strings.HasSuffix(next.text, ":") {
		further = 0
	}
	return p.least(len(f.lines(p))) + further, err
}

// annexBelow is the room that the beginning of an annex takes under its head: its sentences and the least of its first table.
func (f *flow) annexBelow(d Data, v version, at int) (float64, error) {
	total := 0.0
	for _, b := range v.blocks[at+1:] {
		if b.kind == annex {
			break
		}
		if b.kind == tableMark {
			t, err := v.table(b.name, d)
			return total + f.tableLeast(t), err
		}
		p := styled(b)
		total += p.before + float64(len(f.lines(p)))*leading(p.size)
	}
	return total, nil
}

// styled gives each kind of block its form.
func styled(b block) para {
	switch b.kind {
	case section:
		return para{number: b.number, text: b.text, style: bold, size: sizeSection, tone: ink, indent: 11, before: 4.2, keep: true,
			outline: b.number + " " + b.text}
	case clause:
		return para{number: b.number, text: b.text, size: sizeBody, tone: ink, indent: 11, before: 1.5}
	case item:
		return para{number: b.number, text: b.text, size: sizeBody, tone: ink, left: 11, indent: 18, before: 0.7}
	case note:
		return para{text: b.text, size: sizeSmall, tone: muted, before: 2}
	default:
		return para{text: b.text, size: sizeBody, tone: ink, before: 2}
	}
}

const (
	qrSize   = 25.0
	qrColumn = qrSize + 5 // kept free for it
)

// setTitle sets the head of a version: title, number, place and day, the standing of the wording, and the code to verify with.
func (f *flow) setTitle(d Data, v version, b block, copyOnly bool) {
	l := v.labels
	top := f.y
	f.add(op{kind: opQR, x: pageWidth - marginRight - qrSize, y: top, w: qrSize, h: qrSize, text: d.Verification.URL})
	f.put(para{text: b.text, style: bold, size: sizeTitle, tone: ink, right: qrColumn, keep: true, outline: b.text + " · " + l["doc.language"], outlineTop: true})
	f.put(para{text: l.with("doc.number", "number", d.Number, "revision", strconv.Itoa(d.Revision)), style: bold, size: sizeSection, tone: ink, right: qrColumn, before: 1})
	f.put(para{text: l.with("doc.city", "city", d.City.In(v.lang)), size: sizeBody, tone: ink, right: qrColumn, before: 1.5})
	f.put(para{text: l["doc.day"] + ".", size: sizeBody, tone: ink, right: qrColumn, before: 0.5})
	f.y = max(f.y, top+qrSize) + 3
	edition, _ := shortDate(v.wording.edition) // checked when the file was read
	wording := l.with("doc.wording", "id", v.wording.id, "source", v.wording.source, "edition", edition, "reviewer", v.wording.reviewer)
	texts := []para{{text: v.wording.status, style: bold, size: sizeSmall, tone: ink, left: 3, indent: 3, right: 3},
		{text: wording, size: sizeSmall, tone: ink, indent: 3, right: 3, before: 0.4}}
	if copyOnly {
		texts = append([]para{{text: l["copy.note"], style: bold, size: sizeSmall, tone: ink, indent: 3, right: 3}}, texts...)
	}
	f.boxed(texts)
}

// boxed sets short paragraphs on a grey ground with a frame.
func (f *flow) boxed(texts []para) {
	height := 4.0
	for _, p := range texts {
		height += p.before + float64(len(f.lines(p)))*leading(p.size)
	}
	f.need(height)
	f.add(op{kind: opRect, x: marginLeft, y: f.y, w: textWidth, h: height, tone: ground})
	f.add(op{kind: opFrame, x: marginLeft, y: f.y, w: textWidth, h: height, tone: edge})
	end := f.y + height
	f.y += 2
	for _, p := range texts {
		f.put(p)
	}
	f.y = end + 1
}

// annexRoom is how much of a page must be free for an annex to begin on it, in millimetres.
const annexRoom = 80.0

// setAnnexHead begins an annex, on a new page unless a good part of this one is free; below tells how much must follow it.
func (f *flow) setAnnexHead(d Data, v version, b block, below float64) {
	f.need(max(annexRoom, 30+below))
	if !f.atTop() {
		f.y += 7
		f.add(op{kind: opLine, x: marginLeft, y: f.y, w: textWidth, tone: edge})
		f.y += 3
	}
	name := v.labels.with("annex.name", "n", b.number)
	f.put(para{text: name, style: bold, size: sizeSection, tone: ink, keep: true, outline: name + ". " + b.text})
	f.put(para{text: v.labels.with("annex.to", "number", d.Number), size: sizeSmall, tone: muted})
	f.put(para{text: b.text, style: bold, size: sizeTitle - 2, tone: ink, before: 3, keep: true})
}
