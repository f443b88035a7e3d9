package paper

import "strings"

// column is one column of a table: its share of the width, its heading, and whether its values stand to the right.
type column struct {
	weight float64
	head   string
	right  bool
}

// table is set over the whole width of the text. Without headings it begins with its first row.
type table struct {
	columns []column
	rows    [][]string
	total   bool    // the last row is a sum, set in bold
	labels  bool    // the first column holds labels, set muted
	least   float64 // least height of a row; 0 for as high as its text
	keep    bool    // on one page whenever it fits on one
}

const (
	cellPadX = 1.6
	cellPadY = 1.1
)

func (t table) widths() []float64 {
	sum := 0.0
	for _, c := range t.columns {
		sum += c.weight
	}
	out := make([]float64, len(t.columns))
	for i, c := range t.columns {
		out[i] = textWidth * c.weight / sum
	}
	return out
}

func (t table) headed() bool { return t.columns[0].head != "" }

// row is a row broken into lines, cell by cell.
type row struct {
	cells [][]line
	bold  bool
}

func (f *flow) breakRow(t table, cells []string, s style) row {
	out := row{bold: s == bold}
	for i, w := range t.widths() {
		var lines []line
		for _, part := range strings.Split(cells[i], "\n") {
			lines = append(lines, f.wrap([]span{{part, s}}, sizeTable, w-2*cellPadX)...)
		}
		out.cells = append(out.cells, lines)
	}
	return out
}

func (r row) lines() int {
	n := 1
	for _, c := range r.cells {
		n = max(n, len(c))
	}
	return n
}

func rowHeight(lines int) float64 { return float64(lines)*leading(sizeTable) + 2*cellPadY }

func (f *flow) tableRows(t table) (head *row, rows []row) {
	if t.headed() {
		heads := make([]string, len(t.columns))
		for i, c := range t.columns {
			heads[i] = c.head
		}
		h := f.breakRow(t, heads, bold)
		head = &h
	}
	for i, cells := range t.rows {
		s := regular
		if t.total && i == len(t.rows)-1 {
			s = bold
		}
		rows = append(rows, f.breakRow(t, cells, s))
	}
	return head, rows
}

// tableLeast is the least height a table takes at the foot of a page: its heading and first row, or all of it when it is kept together.
func (f *flow) tableLeast(t table) float64 {
	head, rows := f.tableRows(t)
	total := 0.0
	if head != nil {
		total = rowHeight(head.lines())
	}
	first := total
	for i, r := range rows {
		h := max(rowHeight(r.lines()), t.least)
		if total += h; i == 0 {
			first += h
		}
	}
	if full := pageBottom - marginTop; t.keep && total <= full {
		return total
	}
	return first
}

// putTable sets a table; its heading is repeated on every page, and a row that is higher than the rest of a page goes to the next one, or is
// broken when it is higher than a whole page.
func (f *flow) putTable(t table) {
	head, rows := f.tableRows(t)
	f.need(f.tableLeast(t))
	start := func() {
		if head != nil {
			f.drawRow(t, *head, 0, head.lines(), true)
		}
	}
	start()
	for i, r := range rows {
		last := t.total && i == len(rows)-2 // the row before the sum keeps it company
		height := max(rowHeight(r.lines()), t.least)
		wanted := height
		if last {
			wanted += rowHeight(rows[i+1].lines())
		}
		if f.room() < wanted && !f.atTop() {
			f.newPage()
			start()
		}
		f.putRow(t, r, start)
	}
}

func (f *flow) putRow(t table, r row, start func()) {
	from, n := 0, r.lines()
	for from < n {
		fit := max(int((f.room()-2*cellPadY+0.001)/leading(sizeTable)), 1)
		to := min(n, from+fit)
		f.drawRow(t, r, from, to, false)
		if from = to; from < n {
			f.newPage()
			start()
		}
	}
}

// drawRow draws the lines [from, to) of a row with its frame.
func (f *flow) drawRow(t table, r row, from, to int, head bool) {
	height := max(rowHeight(to-from), t.least)
	x := marginLeft
	for i, w := range t.widths() {
		tn := ink
		if head {
			f.add(op{kind: opRect, x: x, y: f.y, w: w, h: height, tone: ground})
		}
		if t.labels && i == 0 {
			tn = muted
		}
		f.add(op{kind: opFrame, x: x, y: f.y, w: w, h: height, tone: edge})
		cell := r.cells[i]
		for n := from; n < to && n < len(cell); n++ {
			at := x + cellPadX
			if t.columns[i].right && !head {
				at = x + w - cellPadX - cell[n].width
			}
			f.draw(cell[n], at, f.y+cellPadY+float64(n-from)*leading(sizeTable), sizeTable, tn)
		}
		x += w
	}
	f.y += height
}
