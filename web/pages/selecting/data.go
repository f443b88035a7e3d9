// Package selecting holds the pages on which an enterprise chooses among a place's applicants: applicants, interview times, interviews with their
// scorecards, the ranking and offers. A page shows what it is given; who may see and do what comes from the services.
package selecting

import (
	"strconv"

	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/web/ui"
)

// Head is what every page of a place's selection begins with.
type Head struct {
	Place            string // id
	Title            i18n.Text
	Reference, State string
	StateKind        string // of the badge
	Enterprise       string // id
	Seats            ui.Seats
	Open             bool   // the place isn't closed
	At               string // which of the sisters this page is: applicants, slots, ranking, or "" for none
	Hires            bool   // the reader answers applicants; else the reader only interviews
}

func (h Head) path(rest string) string { return "/placements/" + h.Place + rest }

// Step is a way on from a page: a link.
type Step struct {
	Path, Label string
	Kind        string // of the button: "", "quiet" or "danger"
}

// Mark is one thing at a glance: how an applicant fits.
type Mark struct{ Kind, Word string } // Kind of the badge

// Applicant is one applicant in a list.
type Applicant struct {
	ID, Name     string
	State        string
	StateKind    string
	Studies, Age string
	Applied      string
	Next         string // what comes next, in words
	Mine         bool   // it is the enterprise's turn
	Clock        *ui.Clock
	Fit          []Mark
	Shortlist    bool // may be invited now
	Reject       bool // may be refused now
	Steps        []Step
}

// Column is one state on the board.
type Column struct {
	State, Name string
	Items       []Applicant
}

// Choice is one of several ways to look at a list.
type Choice struct {
	Path, Label string
	Count       int
	Current     bool
}

// Result is what came of one item of a bulk answer.
type Result struct {
	Name, Path string
	Done       bool
	Says       string
}

// Applicants is the list of a place's applicants.
type Applicants struct {
	Head
	Board   bool
	Views   []ui.Tab
	Filters []Choice
	Sorts   []Choice
	Waiting int // answers that the enterprise owes
	All     int // applicants altogether
	Items   []Applicant
	Columns []Column
	Next    string
	Form    *ui.Form
	Action  string
	Reasons []ui.Option
	Results []Result
	Says    string // what came of the bulk answer altogether
}

// answerable reports whether any of the items can be answered, so that boxes make sense.
func (a Applicants) answerable() bool {
	for _, one := range a.Items {
		if a.Hires && (one.Shortlist || one.Reject) {
			return true
		}
	}
	return false
}

// Answer is a question with its reply.
type Answer struct{ Question, Answer string }

// Line is one thing that happened.
type Line struct{ When, What string }

// Point is one criterion with its score.
type Point struct {
	Name  string
	Score int
}

// Card is a scorecard to be read.
type Card struct {
	Points                     []Point
	Average                    string
	Recommendation, Kind, Note string // Kind of the badge
	When                       string
	Correct                    string // path of its form; "" when it stands
}

// Application is one applicant.
type Application struct {
	Head
	ID, Name, AppState, Kind string // Kind of the badge
	Way                      ui.Way
	Rows                     []ui.Row
	Fit                      []Mark
	Email, Phone             string
	Motivation               string
	Answers                  []Answer
	Outcome                  string // why it ended, or what was said to the applicant
	Comment                  string
	History                  []Line
	Card                     *Card
	Steps                    []Step
	Shortlist, Consider      bool
	Reject                   bool
	Invite, Refuse           *ui.Form // the forms, with what was typed
	Reasons                  []ui.Option
}

// Person is who comes to an interview.
type Person struct{ Name, Path, State, Kind string }

// Slot is one time.
type Slot struct {
	From, To, State, Kind string // Kind of the badge
	Form, Where, Who      string
	Left                  string // places left in words
	People                []Person
	Cancel                string // path; "" when it can't be cancelled
	Reason                string
}

// SlotDay is one day with its times.
type SlotDay struct {
	Name  string
	Slots []Slot
}

// Slots is the list of a place's interview times.
type Slots struct {
	Head
	Views   []ui.Tab
	Past    bool
	Days    []SlotDay
	Next    string
	Skipped []string // times that could not be offered, with the reason
	Made    string   // how many times were made just now; "" for none
}

// PlanDay is one day of a plan.
type PlanDay struct {
	Name  string
	Times []string
}

// Plan is what a form of times would make.
type Plan struct {
	Says    string
	Days    []PlanDay
	Skipped []string
}

// NewSlots is the form that offers times.
type NewSlots struct {
	Head
	Form         *ui.Form
	Weekly       bool
	Kinds        []ui.Tab
	Weekdays     []ui.Option
	Forms        []ui.Option
	Interviewers []ui.Option
	Rooms        []ui.Option
	Today        string
	Exceptions   int // rows of days that differ
	Plan         *Plan
}

// CancelSlot asks before a time is cancelled.
type CancelSlot struct {
	Head
	ID, When string
	People   []string // who is told
	Form     *ui.Form
}

// Booking is one interview.
type Booking struct {
	Head
	ID, Name, When     string
	State, Kind        string // Kind of the badge
	Rows               []ui.Row
	Link, Phone        string
	Instructions       string
	Reason             string
	Application        string
	Started            bool // attendance may be recorded
	Attend             bool // it is still to be recorded
	Ended              bool
	Score              string // path of the scorecard's form; "" when there is none to fill in
	Due                *ui.Clock
	Card               *Card
	Cancel             bool
	Calendar           string
	Form               *ui.Form // of the cancelling
	Cancelling, TooNow bool
}

// Criterion is one row of a scorecard's form.
type Criterion struct {
	Index int
	Name  string
	Own   bool // the interviewer names it
}

func (c Criterion) name() string { return "name." + strconv.Itoa(c.Index) }

func (c Criterion) score() string { return "score." + strconv.Itoa(c.Index) }

func (c Criterion) id(score int) string {
	return "f-score." + strconv.Itoa(c.Index) + "." + strconv.Itoa(score)
}

// Scorecard is its form.
type Scorecard struct {
	Head
	Booking, Name, When string
	Form                *ui.Form
	Criteria            []Criterion
	Attend              bool // asks whether the applicant came
	Due                 *ui.Clock
	Recommendations     []ui.Option
	Correct             bool
	Most                string // length of the note
}

func scores() []int { return []int{1, 2, 3, 4, 5} }

// Ranked is one row of a ranking.
type Ranked struct {
	ID, Name, Path      string
	Position            string
	State, Kind         string // Kind of the badge
	Average             string
	Recommendation      string
	RecommendationKind  string
	Fixed               bool // has an offer: not to be moved
	Recommended, Listed bool
	First, Last         bool
}

// Ranking is the order of a place's interviewed applicants.
type Ranking struct {
	Head
	Form    *ui.Form
	Version string
	Ordered bool
	Items   []Ranked
	Fixed   []Ranked
	Changed bool // the order shown isn't saved
	History []Line
	Auto    bool // the place passes freed seats on by itself
	Reserve int
}

// NewOffer is the form of an offer.
type NewOffer struct {
	Head
	Form          *ui.Form
	ID, Name      string
	Way           ui.Way
	Rows          []ui.Row
	Workplaces    []ui.Option
	Citizen       bool
	Reason        bool // a citizen without an interview: the reason is needed
	Colleges      []ui.Option
	Search        bool // the place names no colleges: look one up
	Query         string
	First, Latest string // days of the expiry
	Refused       string // why no offer can be made now
	Todo          string
	Steps         []Step
}

// Offer is one offer.
type Offer struct {
	Head
	Form              *ui.Form
	ID, Name          string
	OfferState, Kind  string // Kind of the badge
	Open              bool
	Clock             ui.Clock
	Until             string
	Rows              []ui.Row
	Automatic         bool
	Answer            string // the applicant's word
	Steps             []Step
	Application, Gone string
}
