package webui

import (
	"net/url"
	"slices"

	"github.com/orynda/orynda/internal/agreements"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/storage"
	"github.com/orynda/orynda/web/pages/chamber"
	"github.com/orynda/orynda/web/ui"
)

// How much a page of the register shows, and how many institutions may be chosen from.
const (
	registerPerPage = 30
	registerMost    = 200
)

// registerAsked reads the question of the register. A date that is none is left out, and the form says so.
func registerAsked(v *visit) (*ui.Form, agreements.RegisterFilter, bool) {
	f := ui.NewForm(url.Values{})
	for _, name := range chamber.RegisterNames() {
		if value := v.query(name); value != "" {
			f.Set(name, value)
		}
	}
	filter := agreements.RegisterFilter{
		Number: f.Value("number"), CollegeID: f.Value("college"), EnterpriseID: f.Value("enterprise"), Limit: registerPerPage,
	}
	if state := agreements.State(f.Value("state")); slices.Contains(registerStates(), state) {
		filter.State = state
	}
	for name, day := range map[string]*cal.Day{"from": &filter.From, "to": &filter.To} {
		if value := cal.Day(f.Value(name)); value.Valid() {
			*day = value
		} else if value != "" {
			f.Errors = append(f.Errors, ui.FieldError{Field: name, Message: v.say("site.chamber.register.bad_day")})
		}
	}
	return f, filter, len(f.Values) > 0
}

func registerStates() []agreements.State {
	return []agreements.State{agreements.Registered, agreements.Completed, agreements.Terminated}
}

func (s *site) chamberRegister(v *visit) error {
	c, head, err := s.chamberOf(v, "register")
	if err != nil {
		return err
	}
	f, filter, asked := registerAsked(v)
	if filter.Cursor, err = v.cursor(); err != nil {
		return err
	}
	d := chamber.Register{Head: head, Form: f, Asked: asked}
	if err := s.registerChoices(v, c, &d); err != nil {
		return err
	}
	turned := "true"
	if onlyChanged(v) {
		turned = ""
	}
	if d.Changes, err = s.changesOf(v, head.ID, listRegister, "/chambers/"+head.ID+"/looked", d.Address("/register", "changed", turned)); err != nil {
		return err
	}
	filter.Since = d.Changes.From()
	page, err := s.Agreements.ListRegister(v.ctx(), v.actor, head.ID, filter)
	if err != nil {
		return err
	}
	for _, e := range page.Items {
		row := registerEntry(v, e)
		row.Changed = d.Changes.Marks(e.Agreement.UpdatedAt)
		d.Rows = append(d.Rows, row)
	}
	if !page.Next.IsZero() {
		d.Next = d.Address("/register", "cursor", page.Next.String())
	}
	return v.show(chamber.RegisterPage(d))
}

// registerChoices are what may be chosen: the states, the region's institutions, and the enterprise by the name of the one chosen.
func (s *site) registerChoices(v *visit, c *directory.Chamber, d *chamber.Register) error {
	for _, state := range registerStates() {
		d.States = append(d.States, ui.Option{Value: string(state), Label: v.say("state.agreement." + string(state))})
	}
	colleges, err := s.Directory.ListColleges(v.ctx(), directory.CollegeFilter{Region: c.Region}, storage.Cursor{}, registerMost)
	if err != nil {
		return err
	}
	for _, one := range colleges.Items {
		d.Colleges = append(d.Colleges, ui.Option{Value: one.ID, Label: one.Name})
	}
	if chosen := d.Form.Value("enterprise"); chosen != "" {
		e, err := s.Directory.Enterprise(v.ctx(), chosen)
		if storage.IsNotFound(err) {
			return nil
		}
		if err != nil {
			return err
		}
		d.Enterprise = e.Name
	}
	return nil
}

func registerEntry(v *visit, e agreements.RegisterEntry) chamber.Entry {
	a := e.Agreement
	out := chamber.Entry{
		ID: a.ID, Number: a.Registration.Number, Agreement: a.Number, Registered: a.Registration.At, Student: e.Parties.Student.FullName,
		Enterprise: e.Parties.Enterprise.Name, EnterpriseID: a.EnterpriseID, College: e.Parties.College.Name, Period: v.period(a.Terms),
		State: v.say("state.agreement." + string(a.State)), Kind: agreementKind(a.State, false),
	}
	if completed, terminated := a.EndedOn(); terminated != "" {
		out.Note = ui.Day(v.ctx(), terminated)
	} else if completed != "" {
		out.Note = ui.Day(v.ctx(), completed)
	}
	return out
}

// registerExport is the asked-for register as a file, whole.
func (s *site) registerExport(format, kind string) handler {
	return func(v *visit) error {
		_, head, err := s.chamberOf(v, "register")
		if err != nil {
			return err
		}
		_, filter, _ := registerAsked(v)
		changes, err := s.changesOf(v, head.ID, listRegister, "", "")
		if err != nil {
			return err
		}
		filter.Since = changes.From()
		file, err := s.Agreements.ExportRegister(v.ctx(), v.actor, head.ID, filter, format, v.lang)
		if err != nil {
			return err
		}
		return v.file(file.Name, kind, file.Body)
	}
}
