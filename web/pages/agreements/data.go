// Package agreements holds the pages of agreements: the list, one agreement with its way and its paper, the draft that each side completes, and signing.
//
// Pages hold no rules: what may be done, whose turn it is and what is missing comes with their data.
package agreements

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/orynda/orynda/web/pages/desk"
	"github.com/orynda/orynda/web/ui"
)

// Row is one agreement in a list.
type Row struct {
	ID, Number, Title, TitleLang string
	Student, Enterprise, College string
	Period                       string
	Kind, State                  string // badge and word
	Says                         string // who must do what
	Mine                         bool
	Clock                        *ui.Clock
	Missing                      int // gaps of a draft
	Registered                   string
	Changed                      bool // since the reader's last look
}

// ListData is the page of the reader's agreements.
type ListData struct {
	Tabs    []ui.Tab
	Waiting []Row // for the reader; only on the first page of all
	Rows    []Row
	Next    string
	Sign    int // how many wait for the reader's signature
	All     bool
	Changes *desk.Changes // for the people of institutions and chambers
}

// Link is a way on.
type Link struct{ Path, Label string }

// Signature is one party's line: who signed, when and how, or that it is missing.
type Signature struct {
	Party, Person, Authority string
	When                     time.Time // zero: not yet
	How, Assurance           string
	Consent                  bool
}

// Piece is one block of the wording.
type Piece struct {
	Kind, Number string
	Runs         []Run
	Heads        []string
	Rows         [][]string
}

// Run is a stretch of text.
type Run struct {
	Text string
	Bold bool
}

// Fact is one term of the agreement, marked when it changed since the reader's last look.
type Fact struct {
	Term, Text, Note string
	Own              bool // stays as its owner wrote it
	Changed          bool
}

// Section is a group of terms in reading order.
type Section struct {
	ID, Title string
	Facts     []Fact
	Heads     []string // of the table below, if any
	Rows      [][]string
	Changed   bool
}

// Change is one value that changed.
type Change struct{ Label, Before, After, Who, When string }

// Gap is one piece that is missing, with the way to where it is mended.
type Gap struct {
	Message, Source string
	Link            string // "" when somebody else mends it
}

// Gaps are those that one side mends.
type Gaps struct {
	Who  string
	Mine bool
	List []Gap
}

// Act is something that the reader may do now.
type Act struct {
	Path, Label, Kind string
	Post              bool   // one button; else a page of its own
	Version           string // that the step expects
}

// Event is one line of the history.
type Event struct{ When, Text, Who, Reason string }

// Revision is one revision with its signed document.
type Revision struct {
	Number   int
	Text     string
	When     string
	Reason   string
	Changes  []Change
	Document string
}

// ShowData is the page of one agreement.
type ShowData struct {
	ID, Title, TitleLang string
	Number               string
	Void                 bool
	Kind, State          string
	Way                  ui.Way
	Brief                []ui.Row
	Enterprise, College  Link
	Student, StudentName string // application's path, "" where the reader has none
	Gaps                 []Gaps
	Notes                []Note
	Signatures           []Signature
	Else                 string // who else must sign, in a sentence
	Acts                 []Act
	Text                 []Piece
	TextLang             string
	Languages            []ui.Tab
	WordingNote          string
	Sections             []Section
	Changes              []Change
	Document, Sheet      string
	Copies               []Link
	Hash                 string
	Verify               Link
	Events               []Event
	NextEvents           string
	Revisions            []Revision
}

// Note is a remark about the agreement: a refusal, a return, an end.
type Note struct {
	Kind, Title, Text, Who string
	List                   []string
}

// ActData is the page of a step that needs words.
type ActData struct {
	Form             *ui.Form
	ID, Title        string // of the agreement
	Key              string // refuse, return, cancel, terminate, complete, defects
	Date, DateHint   bool
	DateMin, DateMax string
	Reason           bool
	ReasonRequired   bool
	Hired            bool
	Defects          []ui.Option
	Kind             string // of the button
	Revision         string
}

// SignData is the page before a signature.
type SignData struct {
	Form       *ui.Form
	ID, Title  string
	Number     string
	Revision   int
	Hash, Sum  string // short for people, whole for the form
	Document   string
	Rows       []ui.Row
	Signatures []Signature
	Else       string
	Refuse     string
	Waits      bool // it is the reader's turn
	Why        string
}

// Item is one document to sign, as the form carries it.
type Item struct{ Value, Title, Number, Student string }

// CodeData is the page that takes the code.
type CodeData struct {
	Form    *ui.Form
	Path    string // where it is sent
	Again   string // where a new code is asked for
	Back    ui.Crumb
	Request string
	SentTo  string
	Until   string
	Items   []Item
	Changed bool // the document changed: the code is of no use
}

// SigningData is the page of everything that waits for the reader's signature.
type SigningData struct {
	Form *ui.Form
	Bulk []Row // may be signed with one code
	One  []Row // one by one
	Most int
	Vals map[string]string // value of the box, by agreement
}

// Result is what came of one document.
type Result struct {
	ID, Title, Number, Student string
	Done                       bool
	Text                       string
}

// ResultsData is the page after a bulk signature.
type ResultsData struct {
	Results      []Result
	Done, Failed int
}

// DraftData is the form of one side.
type DraftData struct {
	ID, Title, TitleLang string
	Version              string
	Side                 string // college, enterprise, student, guardian
	Sides                []ui.Tab
	Form                 *ui.Form
	Frozen               bool // a document waits for signatures: a change voids them
	Gaps                 []Gap
	Newer                map[string]string // what stands in the agreement by now, where it differs from what was typed
	Stale                bool
	Source               map[string]string // paragraph of the rule a group rests on

	// of the college
	Supervisors  []ui.Option
	Citizen      bool
	Profile      bool // a written reason is needed or there
	University   bool
	Kinds        []ui.Option
	Phases       int
	Modules      int
	Share        Share
	NoSupervisor string // where supervisors are added, when there are none
	From, To     string // the period, as people write it
	FromDay      string
	ToDay        string

	// of the enterprise
	Workplaces []ui.Option
	Mentors    []ui.Option
	DutiesLang string
	NoMentor   string
}

// Share is what the plan and the schedule come to.
type Share struct {
	Percent, Required, Hours, AtEnterprise string
	Known, Met                             bool
	Items                                  []ShareItem // under r361 each one is judged
	Weekly, Limit                          string
	Over                                   bool
	LimitReason                            string
	Scheduled                              bool
	Total, TotalAtEnterprise               string
	ShareSource, HoursSource               string
}

// ShareItem is the share of one module.
type ShareItem struct{ Name, Percent string }

// control makes a control of the draft's form, with what stands in the agreement by now beside what was typed.
func (d DraftData) control(ctx context.Context, name, label, hint string) ui.Control {
	if now, ok := d.Newer[name]; ok {
		if now == "" {
			now = "—"
		}
		if hint != "" {
			hint += " "
		}
		hint += ui.T(ctx, "site.agreements.draft.newer", "value", now)
	}
	return ui.Control{Form: d.Form, Name: name, Label: label, Hint: hint}
}

// at is the name of a field in a row.
func at(list string, n int, part string) string { return list + "-" + strconv.Itoa(n) + "-" + part }

// mode gives a control a keyboard.
func mode(c ui.Control, inputMode string) ui.Control { c.InputMode = inputMode; return c }

// among gives a control its choices.
func among(c ui.Control, options []ui.Option, empty string) ui.Control {
	c.Options, c.Empty = options, empty
	return c
}

// many lets several be chosen.
func many(c ui.Control) ui.Control { c.Multiple = true; return c }

func times(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

func weekdays(ctx context.Context) []ui.Option {
	var out []ui.Option
	for i := 1; i <= 7; i++ {
		n := strconv.Itoa(i)
		out = append(out, ui.Option{Value: n, Label: ui.T(ctx, "agreement.weekday."+n)})
	}
	return out
}

func places(ctx context.Context) []ui.Option {
	return ui.Options("enterprise", ui.T(ctx, "agreement.where.enterprise"), "college", ui.T(ctx, "agreement.where.college"), "distance", ui.T(ctx, "agreement.where.distance"))
}

func pays(ctx context.Context) []ui.Option {
	return ui.Options("monthly", ui.T(ctx, "agreement.pay_kind.monthly"), "total", ui.T(ctx, "agreement.pay_kind.total"), "none", ui.T(ctx, "agreement.pay_kind.none"))
}

func fundings(ctx context.Context) []ui.Option {
	return ui.Options("state_order", ui.T(ctx, "agreement.funding.state_order"), "paid", ui.T(ctx, "agreement.funding.paid"))
}

// day keeps a date within the period of the agreement.
func (d DraftData) day(c ui.Control) ui.Control {
	c.Min, c.Max = d.FromDay, d.ToDay
	return c
}

// order marks the order of enrolment, which a citizen's agreement needs.
func (d DraftData) order(c ui.Control) ui.Control {
	c.Required = d.Citizen
	return c
}

// enrolled reports whether anything about the enrolment was typed or is wrong.
func (d DraftData) enrolled() bool {
	for name := range d.Form.Values {
		if strings.HasPrefix(name, "enrolment-") && d.Form.Value(name) != "" {
			return true
		}
	}
	return slices.ContainsFunc(d.Form.Errors, func(e ui.FieldError) bool { return strings.HasPrefix(e.Field, "enrolment") })
}

func (d DraftData) duties(c ui.Control) ui.Control {
	c.Rows, c.Lang = "10", d.DutiesLang
	return c
}

// auto names what browsers may fill in.
func auto(c ui.Control, what string) ui.Control { c.Autocomplete = what; return c }
