// Package saving holds the pages of what somebody wants to find again: saved places, and saved searches with their alerts.
package saving

import (
	"github.com/orynda/orynda/web/pages/public"
	"github.com/orynda/orynda/web/ui"
)

// Data is everything that somebody saved.
type Data struct {
	Searches []Search
	Most     int // searches that one may have
	Places   []Place
	Next     string
}

// Search is one saved search.
type Search struct {
	ID, Name, Path, Feed string
	Words                []string // what it asks for
	Alerts, Next         string   // how often it tells, and when next
}

// Place is one saved place: as a result while it is published, else by its number and state.
type Place struct {
	ID, Reference, State, Title, Lang string
	Result                            *public.Result
}

// EditData is the form of a search beside its fields.
type EditData struct {
	ID      string // "" for a new one
	Words   []string
	Path    string // to what it finds
	Alerts  []ui.Option
	MaxName int
}
