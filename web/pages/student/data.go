// Package student holds the pages of those who look for a place and go its way: students, citizens and their guardians. A page shows what it is given;
// whose turn it is and what may be done comes from the services.
package student

import (
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/web/ui"
)

// Place is a place in a few lines.
type Place struct {
	ID, Reference string
	Title         i18n.Text
	Enterprise    string
	Lines         []string // city and address, period and hours, pay
}

// Step is a way on from a page: a link.
type Step struct {
	Path, Label string
	Kind        string // of the button: "", "quiet" or "danger"
}

// Card is one application on its way.
type Card struct {
	Path  string
	Place Place
	Whose string // name of the ward, "" for the reader's own
	Way   ui.Way
	Steps []Step // what the reader may do now, the most important first
}

// Ended is an application that is over.
type Ended struct {
	Path, State, Kind string // Kind of the badge
	Place             Place
	Whose, Says       string
}

// Meeting is an interview in a list.
type Meeting struct {
	Path, When, Where, Form string
	Place                   Place
	Whose                   string
}

// HomeData is what /me shows.
type HomeData struct {
	Gaps      []Step // what is missing in the profile
	Cards     []Card
	Ended     []Ended
	Meetings  []Meeting
	Applicant bool   // the reader may apply
	Wards     []Ward // of a guardian
	Feed      string // the new address of the calendar, "" while none was made just now
	Meets     bool   // the reader may have interviews, so a calendar makes sense
}

// Ward is somebody whom the reader represents.
type Ward struct {
	Name, State, Says string
	Confirmed         bool
}

// ApplyData is what is shown before one applies.
type ApplyData struct {
	Place      Place
	Form       *ui.Form
	Citizen    bool
	Seen       []ui.Row // of the applicant, as the enterprise will see it
	Questions  []string
	Warning    string // the trade is another one
	Refused    bool   // it can't be sent now, whatever is written
	Needs      []Need // what the profile lacks
	Profile    string // the page of the profile that mends it: "", "enrolment" or "guardian"
	Instead    Step   // a way on when it is refused for good; zero for none
	MostWords  int
	MostLetter int
}

// Need is one thing the profile lacks.
type Need struct{ Field, Label string }

// Line is one thing that happened.
type Line struct{ When, What string }

// Change is one term of a place before and after.
type Change struct{ Term, Before, After string }

// Changed is one change of the terms.
type Changed struct {
	When    string
	Changes []Change
}

// ApplicationData is what /applications/{id} shows to its applicant, guardian and college.
type ApplicationData struct {
	ID         string
	Place      Place
	PlaceOpen  bool   // its page may be looked at
	Whose      string // name of the student, "" for one's own
	State      string
	Way        ui.Way
	Steps      []Step
	Meeting    *Meeting
	Comment    string // the enterprise's word
	History    []Line
	Motivation string
	Answers    []Answer
	Changed    []Changed
	Withdraw   bool
}

// Answer is a question with its reply.
type Answer struct{ Question, Answer string }

// ConfirmData is a step that is confirmed on a page of its own.
type ConfirmData struct {
	Title, Lead string
	Place       *Place
	Effects     []Effect // what else happens
	EffectsHead string
	Says        string // when there are none
	Form        *ui.Form
	Action      string // path of the form
	Reason      bool   // asks for a reason
	Hint        string // of the reason
	Button      string
	Kind        string // of the button
	Back        Step
}

// Effect is something that the step takes along.
type Effect struct {
	Place Place
	State string
}

// Slot is one time to choose.
type Slot struct {
	ID, From, Minutes, Form, Where, Left string
	Free                                 bool
	Mine                                 bool // booked or held by the reader
	Why                                  string
	Instructions                         string // the enterprise's words: entrance, what to bring
}

// SlotDay is one day of a week.
type SlotDay struct {
	Name  string
	Slots []Slot
}

// SlotsData is the week view.
type SlotsData struct {
	Place      Place
	Form       *ui.Form
	Title      string
	Action     string
	Week       string // in words
	Days       []SlotDay
	Prev, Next string // paths, "" for none
	Back       Step
	Move       bool // says the present time
	Now        string
	Any        bool // something can be chosen this week
}

// HeldData is a held time before it is confirmed.
type HeldData struct {
	Place  Place
	Slot   Slot
	When   string
	Clock  ui.Clock
	Form   *ui.Form
	Action string
	Back   Step
	Move   bool   // asks for a reason and says the present time
	Now    string // the present time of what is moved
}

// BookingData is what /bookings/{id} shows.
type BookingData struct {
	ID, State, Kind string
	Live            bool
	When            string
	Place           Place
	Whose           string
	Rows            []ui.Row
	Link            string // of a video call
	Phone           string
	Instructions    string
	Steps           []Step
	Absent          bool // the enterprise's absence may be reported
	MoveUntil       string
	TooLate         bool // too late to move
	Reason          string
	Application     string
	Calendar        string
}

// OfferData is what /offers/{id} shows.
type OfferData struct {
	ID, State, Kind string
	Open            bool
	Own             bool
	Whose           string
	Place           Place
	Rows            []ui.Row
	Clock           ui.Clock
	Until           string
	Others          []Effect
	Reason          string
	Steps           []Step
}

// Carry is what was typed elsewhere and comes along while the profile is completed.
type Carry struct {
	Place      string // id of the place that is applied for; "" for nothing to carry
	Motivation string
	Answers    []string
}

// ProfileData is what /profile shows.
type ProfileData struct {
	Form      *ui.Form
	Carry     Carry
	Saved     string // what was just done, when the page is shown in answer to a form
	Email     string
	Proved    bool
	Locked    bool // IIN and birth date
	IIN, Born string
	Regions   []ui.Option
	Cities    []string
	Newer     []Change // values that changed elsewhere meanwhile
	Student   bool     // has the parts of students and citizens
	Citizen   bool
	Enrolment *Enrolment
	Guardians []Guardian
	Minor     bool
	Wards     []Ward
	Applied   bool
}

// Enrolment is the tie to a college in words.
type Enrolment struct {
	College, State, Kind, Says string
	Rows                       []ui.Row
	Confirmed                  bool
}

// Guardian is a legal representative in words.
type Guardian struct {
	Name, Email, Phone, Ground, State, Kind, Says string
}

// EnrolmentData is the page on which a college is claimed.
type EnrolmentData struct {
	Form     *ui.Form
	Carry    Carry
	Query    string
	Colleges []ui.Option
	Asked    bool
	Waiting  *Enrolment // the claim it would replace
}

// GuardianData is the page on which a guardian is named.
type GuardianData struct {
	Form    *ui.Form
	Carry   Carry
	Grounds []ui.Option
}
