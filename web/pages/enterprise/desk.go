package enterprise

import (
	"time"

	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/web/ui"
)

// Task is one thing that waits for the enterprise.
type Task struct {
	Clock *ui.Clock // nil where none runs
	What  string    // key below site.enterprise.task
	Who   string    // a person or a number, as it is written; "" for none
	Place i18n.Text // of what place
	Path  string
}

// Meeting is an interview today or tomorrow.
type Meeting struct {
	At, End time.Time
	Who     string
	Place   i18n.Text
	Path    string
}

// OpenOffer is an offer that waits for its answer.
type OpenOffer struct {
	Who   string
	Place i18n.Text
	Clock *ui.Clock
	Path  string
}

// Desk is an enterprise's home: what waits, clocks first.
type Desk struct {
	Head
	Enterprise *directory.EnterpriseView
	Tasks      []Task // by their clocks
	MoreTasks  int    // not shown
	Meetings   []Meeting
	Offers     []OpenOffer
	Places     []*placements.View // the last changed ones
	MorePlaces bool
}

// Places is the list of an enterprise's places.
type Places struct {
	Head
	State string // "" for all
	Words string
	Items []*placements.View
	Next  string
	Start string // address without language to come back to
}

// bare reports whether there is nothing to look through yet.
func (p Places) bare() bool { return len(p.Items) == 0 && p.Words == "" && p.State == "" }

func (p Places) states() []string {
	return []string{"", "published", "draft", "paused", "selecting", "closed"}
}

func noteKind(s directory.EnterpriseState) string {
	if s == directory.EnterpriseRefused {
		return "bad"
	}
	return "wait"
}
