package paper

import "strings"

// The page, in millimetres.
const (
	pageWidth    = 210.0
	pageHeight   = 297.0
	marginLeft   = 25.0
	marginRight  = 15.0
	marginTop    = 24.0
	marginBottom = 22.0
	textWidth    = pageWidth - marginLeft - marginRight
	pageBottom   = pageHeight - marginBottom
)

// Sizes of type in points.
const (
	sizeTitle   = 15.0
	sizeSection = 11.0
	sizeBody    = 10.0
	sizeTable   = 8.8
	sizeSmall   = 8.2
)

// leading is the height of a line in millimetres.
func leading(size float64) float64 { return size * mmPerPoint * 1.36 }

// tone is a shade of grey, 0 is black.
type tone int

const (
	ink    tone = 25
	muted  tone = 95
	edge   tone = 150
	ground tone = 240
)

type opKind int

const (
	opText opKind = iota
	opLine
	opRect // filled, without border
	opFrame
	opQR
)

// op is one thing drawn. Pages are lists of them: the layout is done and can be judged before a single byte of PDF exists.
type op struct {
	kind       opKind
	x, y, w, h float64 // of a text: the box of its line, y being the top
	text       string
	style      style
	size       float64
	tone       tone
}

// mark is an entry of the document's outline.
type mark struct {
	text  string
	level int
	y     float64
}

type page struct {
	head  string // printed at the top, when not empty
	foot  string // printed at the bottom left
	ops   []op
	marks []mark
}

// flow puts blocks on pages from top to bottom.
type flow struct {
	faces      [2]*face
	pages      []*page
	y          float64
	head, foot string
}

func (f *flow) page() *page { return f.pages[len(f.pages)-1] }

func (f *flow) newPage() {
	f.pages = append(f.pages, &page{head: f.head, foot: f.foot})
	f.y = marginTop
}

func (f *flow) room() float64 { return pageBottom - f.y }

func (f *flow) add(o op) { f.page().ops = append(f.page().ops, o) }

// atTop reports whether nothing was set on the page yet.
func (f *flow) atTop() bool { return f.y <= marginTop }

// need begins a new page unless height is free on this one.
func (f *flow) need(height float64) {
	if f.room() < height && !f.atTop() {
		f.newPage()
	}
}

func (f *flow) space(height float64) {
	if !f.atTop() {
		f.y += height
	}
}

// span is a piece of text in one style.
type span struct {
	text  string
	style style
}

// line is a row of spans with its width.
type line struct {
	spans []span
	width float64
}

// spans cuts a text at the bold marks.
func spans(text string, base style) []span {
	var out []span
	current := base
	for i, part := range strings.Split(text, string(markBold)) {
		if i > 0 {
			current = regular + bold - current
		}
		if part != "" {
			out = append(out, span{part, current})
		}
	}
	return out
}

func (f *flow) measure(s span, size float64) float64 { return f.faces[s.style].width(s.text, size) }

// draw sets one line of spans at (x, y), y being the top of the line.
func (f *flow) draw(l line, x, y, size float64, t tone) {
	for _, s := range l.spans {
		w := f.measure(s, size)
		f.add(op{kind: opText, x: x, y: y, w: w, h: leading(size), text: s.text, style: s.style, size: size, tone: t})
		x += w
	}
}

// para is a paragraph with its geometry.
type para struct {
	number     string // set in the left margin of the indent
	text       string
	style      style
	size       float64
	tone       tone
	left       float64 // where the number begins, from the left margin
	indent     float64 // where the text begins, from the left margin
	right      float64 // kept free at the right
	before     float64 // space above
	centred    bool
	keep       bool // never broken over pages
	outline    string
	outlineTop bool
}

func (f *flow) lines(p para) []line {
	return f.wrap(spans(p.text, p.style), p.size, textWidth-p.indent-p.right)
}

// head is the least height a paragraph takes at the foot of a page: two lines, or all of it when it must not be broken or a break would
// leave a single line.
func (p para) least(lines int) float64 {
	n := lines
	if !p.keep && lines > 3 {
		n = 2
	}
	return p.before + float64(n)*leading(p.size)
}

// put sets a paragraph. It never leaves one line of a longer paragraph alone at the foot or the head of a page.
func (f *flow) put(p para) {
	lines := f.lines(p)
	f.need(p.least(len(lines)))
	f.space(p.before)
	if p.outline != "" {
		level := 1
		if p.outlineTop {
			level = 0
		}
		f.page().marks = append(f.page().marks, mark{p.outline, level, f.y})
	}
	h := leading(p.size)
	for i := 0; i < len(lines); i++ {
		left := len(lines) - i
		last := f.room() < 2*h && left == 2 && i > 0 // only one of the last two would fit
		if (f.room() < h || last) && !f.atTop() {
			f.newPage()
		}
		x := marginLeft + p.indent
		if p.centred {
			x += (textWidth - p.indent - p.right - lines[i].width) / 2
		}
		if i == 0 && p.number != "" {
			num := span{p.number, p.style}
			f.draw(line{spans: []span{num}}, marginLeft+p.left, f.y, p.size, p.tone)
		}
		f.draw(lines[i], x, f.y, p.size, p.tone)
		f.y += h
	}
}
