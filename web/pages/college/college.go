// Package college holds the pages of a college's or university's people: its desk, its students and how far each has come, the roster and its
// import, applications, supervisors, signatories, members and its own data. Agreements have pages of their own.
package college

import (
	"context"
	"net/url"
	"strconv"
	"time"

	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/web/pages/desk"
	"github.com/orynda/orynda/web/pages/people"
	"github.com/orynda/orynda/web/ui"
)

// Head is what every page of an institution begins with.
type Head struct {
	ID, Name   string
	University bool
	At         string // which of the sisters this page is: desk, students, applications, people, profile
	Runs       bool   // the reader is a coordinator; else a signatory only
}

func (h Head) path(rest string) string { return "/colleges/" + h.ID + rest }

// say says a sentence below site.college, in the words of a university where they differ.
func (h Head) say(ctx context.Context, key string, pairs ...any) string {
	key = "site.college." + key
	if c := ui.Of(ctx).Catalogue; h.University && c != nil && c.Has(key+".university") {
		key += ".university"
	}
	return ui.T(ctx, key, pairs...)
}

func (h Head) tabs(ctx context.Context) []ui.Tab {
	var out []ui.Tab
	for _, at := range []string{"desk", "students", "applications", "people", "profile"} {
		if h.Runs || at == "desk" || at == "people" || at == "profile" {
			out = append(out, ui.Tab{Path: h.path("/" + at), Label: h.say(ctx, "tab."+at), Current: at == h.At})
		}
		if at == "applications" {
			out = append(out, ui.AgreementsTab(ctx))
		}
	}
	return out
}

// Gap is one piece that a draft lacks.
type Gap struct {
	Message, Source string
	Link            string // with language; "" when it is mended elsewhere
}

// Draft is an agreement that can't be made ready yet, or only needs that.
type Draft struct {
	ID, Student, Title, TitleLang, Enterprise string
	Own                                       []Gap    // what the institution mends
	More                                      int      // own gaps not listed
	Others                                    []string // who else is waited for, in words
	Ready                                     bool     // nothing is missing
	Clock                                     *ui.Clock
}

// Desk is the home of an institution's people.
type Desk struct {
	Head
	Empty       bool // nothing waits
	Sign        []desk.Task
	Signs       int  // how many wait for the countersignature
	Signatory   bool // the reader may give it
	Confirm     []desk.Task
	Drafts      []Draft
	MoreDrafts  bool
	Returned    []desk.Task
	Completions []desk.Task
	Starts      []desk.Task
	Changed     []desk.Count
	News        []desk.News
}

// Count is one line of the table of students.
type Count struct {
	Group, Trade, TradeName string
	States                  map[string]int
	Total                   int
}

// States are how far a student may have come, in order.
func States() []string { return []string{"none", "applied", "interviewing", "offered", "placed"} }

// Students is the list of an institution's students.
type Students struct {
	Head
	Form   *ui.Form // what was asked for
	Asked  bool     // anything was
	Groups []Count
	Trades []Count
	Total  Count
	Rows   []Row
	Next   string
	Cut    bool // more have the name than are shown

	Changes desk.Changes

	GroupOptions, TradeOptions []ui.Option
}

// Row is one student in the list.
type Row struct {
	*directory.RosterRow
	TradeName string
}

// Choices are the names of what is chosen in the list's address. A student's name is none of them.
func Choices() []string { return []string{"group", "trade", "state", "tie", "changed"} }

// Path is the address of the list with what is chosen; a pair of name and value changes it.
func (s Students) Path(page string, pairs ...string) string {
	q := url.Values{}
	for _, name := range Choices() {
		if v := s.Form.Value(name); v != "" {
			q.Set(name, v)
		}
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	if len(q) == 0 {
		return s.path(page)
	}
	return s.path(page) + "?" + q.Encode()
}

// counted is the address of those that one number of the tables counts.
func (s Students) counted(c Count, state string) string {
	q := url.Values{}
	for name, v := range map[string]string{"group": c.Group, "trade": c.Trade, "state": state} {
		if v != "" {
			q.Set(name, v)
		}
	}
	if len(q) == 0 {
		q.Set("show", "all")
	}
	return s.path("/students?" + q.Encode())
}

func tieBadge(s directory.EnrolmentState) string {
	switch s {
	case directory.EnrolmentConfirmed:
		return "good"
	case directory.EnrolmentClaimed:
		return "mine"
	}
	return ""
}

func studentBadge(state string) string {
	switch state {
	case "placed":
		return "good"
	case "none":
		return ""
	}
	return "wait"
}

func guardianBadge(s directory.GuardianState) string {
	switch s {
	case directory.GuardianConfirmed:
		return "good"
	case directory.GuardianAccepted:
		return "mine"
	case directory.GuardianRefused:
		return "bad"
	}
	return "wait"
}

// Student is the page of one student.
type Student struct {
	Head
	Row            *directory.RosterRow
	TradeName      string
	Confirm        *ui.Form
	Refuse         *ui.Form
	Guardian       *ui.Form
	Answer         *ui.Form // of a guardian's refusal
	AnswerID       string   // which guardian's
	Applications   []Application
	MoreApps       bool
	Agreements     []desk.Task
	NamesGuardian  bool
	Qualifications []ui.Option
}

// Application is one application on its way.
type Application struct {
	ID, Student, Title, TitleLang, Enterprise string
	State, Kind                               string
	Way                                       ui.Way
	Says                                      string
	Clock                                     *ui.Clock
	At                                        time.Time
	Changed                                   bool // since the reader's last look
}

// Ending is the page before an enrolment ends.
type Ending struct {
	Head
	Row   *directory.RosterRow
	Form  *ui.Form
	Live  int // applications that will be withdrawn
	Today string
}

// Applications is the list of the own students' applications.
type Applications struct {
	Head
	Form *ui.Form
	Rows []Application
	Next string

	Changes desk.Changes
}

// Import is the page that takes a roster.
type Import struct {
	Head
	Form   *ui.Form
	Cells  []Cell
	Total  int // of bad cells
	Done   *directory.RosterImport
	DryRun bool
}

// Cell is one cell to mend.
type Cell struct {
	Row             int
	Column, Message string
}

// Columns are the columns of a roster in the template's order.
func Columns(university bool) []string {
	trade := []string{"specialty_code", "qualification_code"}
	if university {
		trade = []string{"programme_code"}
	}
	out := append([]string{"full_name", "iin", "birth_date", "group", "course"}, trade...)
	return append(out, "email", "phone", "enrolled_on", "order_number", "study_form")
}

// NeededColumn reports whether a roster must have a column.
func NeededColumn(name string) bool {
	return name == "full_name" || name == "iin" || name == "birth_date" || name == "group"
}

// ColumnName is a column in words; one without a name is its number.
func ColumnName(ctx context.Context, name string) string {
	if _, err := strconv.Atoi(name); err == nil {
		return "№\u00a0" + name
	}
	return ui.TOr(ctx, name, "site.college.f."+name)
}

// The parts of the people's page.
const (
	PartSupervisors = "supervisors"
	PartSignatories = "signatories"
	PartMembers     = "members"
)

// Parts lists the parts in order.
func Parts() []string { return []string{PartSupervisors, PartSignatories, PartMembers} }

// People is one part of the page of an institution's people.
type People struct {
	Head
	Part        string
	Form        *ui.Form
	Supervisors []*directory.Supervisor
	Next        string
	Signatories people.Signatories
	Members     people.Members
}

// PartPath is the address of a part, without language.
func PartPath(id, part string) string {
	if part == PartSupervisors {
		return "/colleges/" + id + "/people"
	}
	return "/colleges/" + id + "/people/" + part
}

func (p People) parts(ctx context.Context) []ui.Tab {
	var out []ui.Tab
	for _, part := range Parts() {
		out = append(out, ui.Tab{Path: PartPath(p.ID, part), Label: ui.T(ctx, "site.people."+part), Current: part == p.Part})
	}
	return out
}

// Profile is the page of an institution's own data.
type Profile struct {
	Head
	College *directory.CollegeView
	Form    *ui.Form
	Cities  []ui.Option
	City    string
	Version string
	Newer   bool // somebody saved meanwhile
}

// Label is the name of a field.
func Label(ctx context.Context, field string) string {
	return ui.TOr(ctx, field, "site.college.f."+field)
}

func field(ctx context.Context, f *ui.Form, name string) ui.Control {
	return ui.Control{Form: f, Name: name, Label: Label(ctx, name), Hint: ui.TOr(ctx, "", "site.college.h."+name)}
}

func chosen(c ui.Control, list []ui.Option, empty string) ui.Control {
	c.Options, c.Empty = list, empty
	return c
}

func worded(ctx context.Context, prefix string, values ...string) []ui.Option {
	var out []ui.Option
	for _, v := range values {
		out = append(out, ui.Option{Value: v, Label: ui.T(ctx, prefix+v)})
	}
	return out
}

func orDash(s string) string {
	if s == "" {
		return "—"
	}
	return s
}
