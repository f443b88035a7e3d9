// Package desk holds what the homes of organisations share: what waits, clocks first, and what is new.
package desk

import (
	"time"

	"github.com/orynda/orynda/web/ui"
)

// Task is one thing that waits, with the way to where it is done.
type Task struct {
	What  string // the text of the link
	Own   bool   // What is a name or number
	Path  string
	Who   string // a name or number; "" for none
	Note  string
	Lang  string // of Note where it isn't the page's
	When  string // instead of a clock
	Clock *ui.Clock
}

// News is one thing that has happened.
type News struct {
	Title, Text, Path string
	At                time.Time
	Fresh             bool // the reader hasn't seen it yet
}

// Changes is what a list knows of its reader's last look.
type Changes struct {
	Since time.Time // of the last look; zero: none was noted yet
	Only  bool      // the list holds what changed since and nothing else
	Other string    // address of the list with Only turned round
	Seen  string    // where a look is noted, without language
	List  string    // its name there
	Now   string    // of what instant the list is, in milliseconds
}

// Marks reports whether what changed at an instant is marked.
func (c Changes) Marks(at time.Time) bool { return !c.Since.IsZero() && at.After(c.Since) }

// From is after which instant the list's things changed, zero when it holds all.
func (c Changes) From() time.Time {
	if c.Only {
		return c.Since
	}
	return time.Time{}
}

// Count is how much changed in one list of a desk.
type Count struct {
	Label, Path string
	N           int
	More        bool // there are more than N
}

func anyFresh(list []News) bool {
	for _, n := range list {
		if n.Fresh {
			return true
		}
	}
	return false
}
