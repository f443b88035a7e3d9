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

func anyFresh(list []News) bool {
	for _, n := range list {
		if n.Fresh {
			return true
		}
	}
	return false
}
