// Package chamber holds the pages of a regional chamber's registrars: the desk, the queue of enterprises to verify, the filings of places, and the
// register of agreements. An agreement itself is read and registered on its own page.
package chamber

import (
	"context"
	"net/url"
	"time"

	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/web/pages/desk"
	"github.com/orynda/orynda/web/pages/enterprise"
	"github.com/orynda/orynda/web/pages/people"
	"github.com/orynda/orynda/web/ui"
)

// Head is what every page of a chamber begins with.
type Head struct {
	ID, Name string
	At       string // which of the sisters this page is: desk, verifications, filings, register, people
}

func (h Head) path(rest string) string { return "/chambers/" + h.ID + rest }

func (h Head) tabs(ctx context.Context) []ui.Tab {
	var out []ui.Tab
	for _, at := range []string{"desk", "verifications", "filings", "register", "people"} {
		out = append(out, ui.Tab{Path: h.path("/" + at), Label: ui.T(ctx, "site.chamber.tab."+at), Current: at == h.At})
		if at == "register" {
			out = append(out, ui.AgreementsTab(ctx))
		}
	}
	return out
}

// Desk is the home of a registrar: what waits, clocks first.
type Desk struct {
	Head
	Queue       []desk.Task
	MoreQueue   bool
	Filings     []desk.Task
	MoreFilings bool
	Register    []desk.Task
	MoreToEnter bool
	Changed     []desk.Count
	News        []desk.News
}

// Queue is the list of enterprises to verify.
type Queue struct {
	Head
	State string // "" for those without a decision
	Mine  bool
	Items []*directory.VerificationView
	Next  string

	Changes desk.Changes
}

func (q Queue) states() []string { return []string{"", "waiting", "claimed", "verified", "refused"} }

func (q Queue) address(state string, mine bool) string {
	v := url.Values{}
	if state != "" {
		v.Set("state", state)
	}
	if mine {
		v.Set("mine", "true")
	}
	if len(v) == 0 {
		return q.path("/verifications")
	}
	return q.path("/verifications?" + v.Encode())
}

func queueBadge(s directory.VerificationState) string {
	switch s {
	case directory.VerificationVerified:
		return "good"
	case directory.VerificationRefused:
		return "bad"
	case directory.VerificationClaimed:
		return "wait"
	}
	return "mine"
}

// Review is the page of one enterprise to verify.
type Review struct {
	Head
	View    *directory.VerificationView
	Facts   []Fact
	Before  []enterprise.Difference // what changed since the last look
	Form    *ui.Form
	Mine    bool // the reader has claimed it
	Taken   bool // somebody else has
	Open    bool // no decision yet
	Version string
}

// Fact is one thing that the enterprise says about itself. Field is its name in the contract.
type Fact struct {
	Field, Label, Text string
	Lang               string // of Text where an organisation wrote it in one; else "", the page's
}

func (r Review) path(rest string) string {
	return r.Head.path("/verifications/" + r.View.EnterpriseID + rest)
}

// defect is the choice of what is wrong with a field.
func defect(ctx context.Context, r Review, f Fact) ui.Control {
	c := ui.Control{Form: r.Form, Name: "defect." + f.Field, Label: f.Label, Empty: ui.T(ctx, "site.chamber.review.in_order"), Required: true}
	for _, code := range directory.DefectCodes() {
		c.Options = append(c.Options, ui.Option{Value: code, Label: ui.T(ctx, "value.defect."+code)})
	}
	return c
}

// Filings is the list of a chamber's filings.
type Filings struct {
	Head
	State string
	Items []*placements.FilingView
	Next  string

	Changes desk.Changes
}

func (f Filings) states() []string { return []string{"filed", "remarks", "accepted", "all"} }

func filingBadge(s placements.FilingState) string {
	switch s {
	case placements.Accepted:
		return "good"
	case placements.Remarks:
		return "bad"
	}
	return "mine"
}

// Filing is the page of one filing.
type Filing struct {
	Head
	View       *placements.FilingView
	Facts      []Fact
	Changed    []enterprise.Difference
	Form       *ui.Form
	Workplaces []string
}

func (f Filing) open() bool { return f.View.Filing.State == placements.Filed }

// Register is a chamber's register.
type Register struct {
	Head
	Form       *ui.Form
	Colleges   []ui.Option
	States     []ui.Option
	Enterprise string // the chosen one's name
	Rows       []Entry
	Next       string
	Asked      bool
	Changes    desk.Changes
}

// Entry is one line of the register.
type Entry struct {
	ID, Number, Agreement              string
	Registered                         time.Time
	Student, Enterprise, EnterpriseID  string
	College, Period, State, Kind, Note string
	Changed                            bool // since the reader's last look
}

// Address is a page of the register with what is asked for; pairs of name and value change it.
func (r Register) Address(page string, pairs ...string) string {
	q := url.Values{}
	for _, name := range RegisterNames() {
		if v := r.Form.Value(name); v != "" {
			q.Set(name, v)
		}
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
		if pairs[i+1] == "" {
			q.Del(pairs[i])
		}
	}
	if len(q) == 0 {
		return r.path(page)
	}
	return r.path(page) + "?" + q.Encode()
}

// RegisterNames are what may be asked of the register.
func RegisterNames() []string {
	return []string{"number", "state", "from", "to", "college", "enterprise", "changed"}
}

// People is the page of the registrars.
type People struct {
	Head
	Members people.Members
}

func orDash(s string) string {
	if s == "" {
		return "—"
	}
	return s
}

// said keeps those that say something.
func said(list []Fact) []Fact {
	var out []Fact
	for _, f := range list {
		if f.Text != "" {
			out = append(out, f)
		}
	}
	return out
}
