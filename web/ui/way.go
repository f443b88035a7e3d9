package ui

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/orynda/orynda/internal/cal"
)

// Station is one of the six stations of the way. Under the universities' Rules there is no register, so their way has five.
type Station int

// The stations, in order (look.md, "The way").
const (
	AtSearch Station = iota
	AtInterview
	AtSelection
	AtAgreement
	AtCountersignature
	AtRegister
)

// Key is the station's word in catalogue keys.
func (s Station) Key() string {
	return [...]string{"search", "interview", "selection", "agreement", "countersignature", "register"}[s]
}

// Way is where one thing stands between search and register.
type Way struct {
	WithoutRegister bool // r361
	At              Station
	Done            bool   // arrived: the station At is passed too
	Left            bool   // it left the way here: refused, withdrawn, ended
	Says            string // who must act and what, in the reader's language
	Mine            bool   // it is the reader who must act
	Clock           *Clock // until when; nil for none
}

func (w Way) stations() []Station {
	last := AtRegister
	if w.WithoutRegister {
		last = AtCountersignature
	}
	var out []Station
	for s := AtSearch; s <= last; s++ {
		out = append(out, s)
	}
	return out
}

// place is the class of a station: passed, present, left or ahead.
func (w Way) place(s Station) string {
	switch {
	case s < w.At, s == w.At && w.Done:
		return "passed"
	case s == w.At && w.Left:
		return "left"
	case s == w.At:
		return "present"
	}
	return "ahead"
}

// Clock is a time that runs out.
type Clock struct {
	From, Until time.Time // From may be zero; then nothing is said of the last tenth
}

// Left is how much time there is, in words: days from two days on, else hours, else minutes, else that it has passed.
func (c Clock) Left(ctx context.Context) string {
	left := c.Until.Sub(Of(ctx).Now)
	switch {
	case left <= 0:
		return T(ctx, "site.clock.over")
	case left >= 48*time.Hour:
		return T(ctx, "site.clock.days", "Count", int(left/(24*time.Hour)))
	case left >= time.Hour:
		return T(ctx, "site.clock.hours", "Count", int(left/time.Hour))
	}
	return T(ctx, "site.clock.minutes", "Count", max(1, int(left/time.Minute)))
}

// Urgent reports whether the last tenth has begun, or the time is over.
func (c Clock) Urgent(now time.Time) bool {
	left := c.Until.Sub(now)
	if c.From.IsZero() {
		return left <= 0
	}
	return left*10 <= c.Until.Sub(c.From)
}

// DayClock is the clock of a day that the deadline includes.
func DayClock(from, last cal.Day) *Clock {
	c := &Clock{Until: last.End()}
	if from.Valid() {
		c.From = from.Start()
	}
	return c
}

// mostSquares is how many seats are drawn; a longer row becomes a number.
const mostSquares = 12

// Seats is a row of squares: what there is of one placement.
type Seats struct {
	Free, Taken, Held int
	Mine              bool // one of the taken is the reader's
}

func (s Seats) total() int { return s.Free + s.Taken + s.Held }

// squares are the classes of the squares: mine first, taken, held, free.
func (s Seats) squares() []string {
	var out []string
	taken := s.Taken
	if s.Mine && taken > 0 {
		out, taken = append(out, "mine"), taken-1
	}
	for range taken {
		out = append(out, "taken")
	}
	for range s.Held {
		out = append(out, "held")
	}
	for range s.Free {
		out = append(out, "free")
	}
	return out
}

// Tile is one region on the map.
type Tile struct {
	Code, Name, Short string
	Col, Row          int // from 0
	Seats             int // free
	Link              string
	Current           bool // the region is chosen
}

// shade is how dark a tile is, 0 for none to 4 for the most.
func (t Tile) shade(most int) int {
	if t.Seats == 0 || most == 0 {
		return 0
	}
	return min(4, 1+t.Seats*4/(most+1))
}

func mostSeats(tiles []Tile) int {
	most := 0
	for _, t := range tiles {
		most = max(most, t.Seats)
	}
	return most
}

// at is the class that puts a tile on its square.
func (t Tile) at() string { return "tile-c" + strconv.Itoa(t.Col) + " tile-r" + strconv.Itoa(t.Row) }

// Row is one line of facts: a term and what it is.
type Row struct {
	Term, Text, Note string
	Lang             string // of Text, where it is another than the page's
}

// lines reports whether the text has several, which are shown as they were written.
func (r Row) lines() bool { return strings.Contains(r.Text, "\n") }

// Crumb is one step back.
type Crumb struct{ Path, Label string }

// Tab is one of the sisters of a page.
type Tab struct {
	Path, Label string
	Current     bool
	Count       int // shown when above zero
}

// AgreementsTab leads from an organisation's pages to its agreements, which have a page of their own.
func AgreementsTab(ctx context.Context) Tab {
	return Tab{Path: "/agreements", Label: T(ctx, "site.nav.agreements")}
}
