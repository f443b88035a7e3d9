package enterprise

import (
	"time"

	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/web/ui"
)

// Import is the page that takes a file of drafts.
type Import struct {
	Head
	Form    *ui.Form
	Columns []Column
	Cells   []Cell // that can't be read, as many as are shown
	Total   int    // of them
	Done    *placements.Receipt
	DryRun  bool
}

// Column is one column of the template.
type Column struct{ Name, Field, Example string }

// Cell is one cell to mend.
type Cell struct {
	Row             int
	Column, Message string
}

// mostRows is how many rows of a receipt a page shows; the places themselves are in the list.
const mostRows = 200

func (i Import) shownRows() []placements.ImportRow {
	return i.Done.Rows[:min(len(i.Done.Rows), mostRows)]
}

// Filings is the page of a place's filings.
type Filings struct {
	Head
	Place *placements.Placement
	Items []Filing
	Next  string
}

// Filing is one of them.
type Filing struct {
	Number, Chamber, Comment string
	State                    placements.FilingState
	FiledAt                  time.Time
	Due                      *ui.Clock // while the chamber has it
	Fields                   []Remark
}

// Remark is one field that the chamber remarked on.
type Remark struct{ Label, Path string }

func filingBadge(s placements.FilingState) string {
	switch s {
	case placements.Accepted:
		return "good"
	case placements.Remarks:
		return "bad"
	}
	return "wait"
}
