package webui

import (
	"bytes"
	"net/url"
	"strconv"

	"github.com/xuri/excelize/v2"

	"github.com/orynda/orynda/internal/agreements"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/selection"
	"github.com/orynda/orynda/internal/storage"
	"github.com/orynda/orynda/web/pages/college"
	"github.com/orynda/orynda/web/ui"
)

const (
	studentsPerPage     = 50
	applicationsPerPage = 30
	xlsxType            = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
)

// mustRun refuses a signatory, who may look at the desk but not at the students.
func mustRun(h college.Head) error {
	if !h.Runs {
		return errs.New(errs.Forbidden, "forbidden")
	}
	return nil
}

// studentsAsked reads the question of the list from its address, or from its form. A name is asked for by the form only: it doesn't belong into an
// address.
func studentsAsked(f *ui.Form) directory.RosterFilter {
	return directory.RosterFilter{
		Q: f.Value("q"), Group: f.Value("group"), Trade: f.Value("trade"), State: f.Value("state"), EnrolmentState: directory.EnrolmentState(f.Value("tie")),
	}
}

// fromAddress are the choices that stand in the list's address, and whether there are any.
func fromAddress(v *visit) (*ui.Form, bool) {
	f, asked := ui.NewForm(url.Values{}), v.query("show") != ""
	for _, name := range college.Choices() {
		if value := v.query(name); value != "" {
			f.Set(name, value)
			asked = true
		}
	}
	return f, asked
}

func (s *site) collegeStudents(v *visit) error {
	f, asked := fromAddress(v)
	after, err := v.cursor()
	if err != nil {
		return err
	}
	return s.listStudents(v, f, asked, after)
}

// collegeFindStudents answers the filter's form: a name at once, choices alone by their address, which may be kept and passed on.
func (s *site) collegeFindStudents(v *visit) error {
	f := v.form()
	if f.Value("q") != "" {
		return s.listStudents(v, f, true, storage.Cursor{})
	}
	d := college.Students{Form: f}
	d.ID = v.param("id")
	return v.goTo(d.Path("/students", "show", "all"), "")
}

func (s *site) listStudents(v *visit, f *ui.Form, asked bool, after storage.Cursor) error {
	_, head, err := s.collegeOf(v, "students")
	if err == nil {
		err = mustRun(head)
	}
	if err != nil {
		return err
	}
	d := college.Students{Head: head, Form: f, Asked: asked}
	if err := s.countStudents(v, &d); err != nil || !asked {
		if err != nil {
			return err
		}
		return v.show(college.StudentsPage(d))
	}
	turned := "true"
	if f.Value("changed") != "" {
		turned = ""
	}
	if d.Changes, err = s.changesOf(v, head.ID, listStudents, "/colleges/"+head.ID+"/looked", d.Path("/students", "show", "all", "changed", turned)); err != nil {
		return err
	}
	filter := studentsAsked(f)
	filter.Since, filter.Changed = d.Changes.Since, d.Changes.Only
	page, err := s.Directory.ListRoster(v.ctx(), v.actor, head.ID, filter, after, studentsPerPage)
	if err != nil {
		return err
	}
	for _, r := range page.Items {
		d.Rows = append(d.Rows, college.Row{RosterRow: r, TradeName: s.tradeName(v, r.Studies.Trade())})
	}
	switch {
	case page.Next.IsZero():
	case f.Value("q") != "":
		d.Cut = true
	default:
		d.Next = d.Path("/students", "show", "all", "cursor", page.Next.String())
	}
	return v.show(college.StudentsPage(d))
}

// countStudents adds the numbers, and the choices of groups and trades that follow from them.
func (s *site) countStudents(v *visit, d *college.Students) error {
	list, err := s.Directory.CountRoster(v.ctx(), v.actor, d.ID)
	if err != nil {
		return err
	}
	d.Total = college.Count{States: map[string]int{}}
	for _, c := range list {
		name := s.tradeName(v, c.Trade)
		d.Groups = addCount(d.Groups, c, college.Count{Group: c.Group})
		d.Trades = addCount(d.Trades, c, college.Count{Trade: c.Trade, TradeName: name})
		all := addCount([]college.Count{d.Total}, c, college.Count{})
		d.Total = all[0]
	}
	for _, g := range d.Groups {
		if g.Group != "" {
			d.GroupOptions = append(d.GroupOptions, ui.Option{Value: g.Group, Label: g.Group})
		}
	}
	for _, t := range d.Trades {
		if t.Trade != "" {
			d.TradeOptions = append(d.TradeOptions, ui.Option{Value: t.Trade, Label: t.TradeName})
		}
	}
	return nil
}

// addCount adds numbers to the line they belong to.
func addCount(list []college.Count, c directory.RosterCount, to college.Count) []college.Count {
	at := -1
	for i, l := range list {
		if l.Group == to.Group && l.Trade == to.Trade {
			at = i
		}
	}
	if at < 0 {
		to.States = map[string]int{}
		list, at = append(list, to), len(list)
	}
	for state, n := range c.States {
		list[at].States[state] += n
	}
	list[at].Total += c.Total
	return list
}

// collegeExport is the asked-for list as a table for programs of tables: names as text, no numbers that identify a person.
func (s *site) collegeExport(v *visit) error {
	_, head, err := s.collegeOf(v, "students")
	if err == nil {
		err = mustRun(head)
	}
	if err != nil {
		return err
	}
	f, _ := fromAddress(v)
	filter := studentsAsked(f)
	changes, err := s.changesOf(v, head.ID, listStudents, "", "")
	if err != nil {
		return err
	}
	filter.Since, filter.Changed = changes.Since, changes.Only
	page, err := s.Directory.ListRoster(v.ctx(), v.actor, head.ID, filter, storage.Cursor{}, directory.MaxRosterRows)
	if err != nil {
		return err
	}
	body, err := s.studentSheet(v, page.Items)
	if err != nil {
		return err
	}
	return v.file("orynda-students-"+string(s.Directory.Today())+".xlsx", xlsxType, body)
}

// exportColumns are the columns of the exported list.
func exportColumns() []string {
	return []string{"full_name", "group", "course", "trade_code", "trade", "qualification_code", "state", "tie", "minor", "guardian", "email"}
}

func (s *site) studentSheet(v *visit, rows []*directory.RosterRow) ([]byte, error) {
	x := excelize.NewFile()
	defer x.Close() //nolint:errcheck // nothing is on the disk
	sheet := x.GetSheetName(0)
	w, err := x.NewStreamWriter(sheet)
	if err != nil {
		return nil, err
	}
	if err := w.SetColWidth(1, len(exportColumns()), 22); err != nil {
		return nil, err
	}
	if err := w.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return nil, err
	}
	head := make([]any, 0, len(exportColumns()))
	for _, c := range exportColumns() {
		head = append(head, college.Label(v.ctx(), c))
	}
	if err := w.SetRow("A1", head); err != nil {
		return nil, err
	}
	for i, r := range rows {
		cell, err := excelize.CoordinatesToCellName(1, i+2)
		if err != nil {
			return nil, err
		}
		if err := w.SetRow(cell, s.exportRow(v, r)); err != nil {
			return nil, err
		}
	}
	if err := w.Flush(); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = x.Write(&b)
	return b.Bytes(), err
}

// exportRow is one student in the order of the columns. Every cell is a text, so that no program reads a name as a formula or a code as a number.
func (s *site) exportRow(v *visit, r *directory.RosterRow) []any {
	course, guardian := "", ""
	if r.Studies.Course > 0 {
		course = strconv.Itoa(r.Studies.Course)
	}
	if len(r.Guardians) > 0 {
		guardian = v.say("state.guardian." + string(r.Guardians[0].State))
	}
	minor := v.say("site.no")
	if r.Under18 {
		minor = v.say("site.yes")
	}
	return []any{
		r.FullName, r.Studies.Group, course, r.Studies.Trade(), s.tradeName(v, r.Studies.Trade()), r.Studies.QualificationCode,
		v.say("state.student." + r.State), v.say("state.enrolment." + string(r.EnrolmentState)), minor, guardian, r.Email,
	}
}

// collegeApplications are the own students' applications, newest first.
func (s *site) collegeApplications(v *visit) error {
	_, head, err := s.collegeOf(v, "applications")
	if err == nil {
		err = mustRun(head)
	}
	if err != nil {
		return err
	}
	after, err := v.cursor()
	if err != nil {
		return err
	}
	d := college.Applications{Head: head, Form: ui.NewForm(url.Values{"state": {v.query("state")}})}
	if d.Changes, err = s.changesOf(v, head.ID, listApplications, "/colleges/"+head.ID+"/looked", otherChanged(v, "/colleges/"+head.ID+"/applications")); err != nil {
		return err
	}
	filter := selection.Filter{Cursor: after, Limit: applicationsPerPage, Since: d.Changes.From()}
	if state := selection.State(v.query("state")); state != "" {
		filter.States = []selection.State{state}
	}
	page, err := s.Selection.ListOfCollege(v.ctx(), v.actor, head.ID, filter)
	if err != nil {
		return err
	}
	if d.Rows, err = s.collegeApplicationRows(v, page.Items, nil); err != nil {
		return err
	}
	for i, app := range page.Items {
		d.Rows[i].Changed = d.Changes.Marks(app.UpdatedAt)
	}
	if !page.Next.IsZero() {
		d.Next = "/colleges/" + head.ID + "/applications?state=" + url.QueryEscape(v.query("state")) + "&cursor=" + page.Next.String()
		if d.Changes.Only {
			d.Next += "&changed=true"
		}
	}
	return v.show(college.ApplicationsPage(d))
}

// collegeApplicationRows words applications, each on its way; papers are their agreements, by application.
func (s *site) collegeApplicationRows(v *visit, list []*selection.Application, papers map[string]*agreements.Summary) ([]college.Application, error) {
	views, err := s.Selection.Views(v.ctx(), v.actor, list)
	if err != nil {
		return nil, err
	}
	var out []college.Application
	for _, view := range views {
		way := wayOf(v.standing(view, papers[view.App.ID]), v.words())
		a := college.Application{
			ID: view.App.ID, Student: view.Applicant.FullName, Title: ui.In(v.ctx(), view.Place.Title), TitleLang: ui.InLang(v.ctx(), view.Place.Title),
			Enterprise: view.EnterpriseName, State: v.say("state.application." + string(view.App.State)), Kind: applicationKind(view.App.State),
			Way: way, At: view.App.CreatedAt,
		}
		if view.App.State.Live() {
			a.Says, a.Clock = way.Says, way.Clock
		}
		out = append(out, a)
	}
	return out, nil
}

// applicationKind is the badge of a state for those who only look on.
func applicationKind(s selection.State) string {
	switch {
	case s == selection.Accepted:
		return "good"
	case s.Live():
		return "wait"
	}
	return ""
}
