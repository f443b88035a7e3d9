package webui

import (
	"bytes"

	"github.com/xuri/excelize/v2"

	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/web/pages/college"
	"github.com/orynda/orynda/web/ui"
)

func (s *site) rosterPage(v *visit) error {
	p, err := s.rosterOf(v, &ui.Form{})
	if err != nil {
		return err
	}
	return v.show(college.ImportPage(p))
}

func (s *site) rosterOf(v *visit, f *ui.Form) (college.Import, error) {
	_, head, err := s.collegeOf(v, "students")
	if err == nil {
		err = mustRun(head)
	}
	return college.Import{Head: head, Form: f}, err
}

// rosterFile takes a roster, or only checks it. A file with a bad cell keeps nothing.
func (s *site) rosterFile(v *visit) error {
	f := v.form()
	p, err := s.rosterOf(v, f)
	if err != nil {
		return err
	}
	p.DryRun = f.Value("do") == "check"
	file, err := v.upload("file", directory.MaxRosterBytes)
	if err == nil {
		p.Done, err = s.Directory.ImportRoster(v.ctx(), v.actor, p.ID, file, directory.ImportOptions{Replace: f.Value("replace") == "true", DryRun: p.DryRun})
	}
	if err == nil {
		s.dryErrors(v, &p)
		if p.Total > 0 {
			return v.again(college.ImportPage(p))
		}
		return v.show(college.ImportPage(p))
	}
	if !v.refused(err, f, nil) {
		return err
	}
	if errs.Has(err, "import_invalid") {
		p.Total = len(f.Errors)
		for _, e := range f.Errors[:min(len(f.Errors), importCells)] {
			p.Cells = append(p.Cells, college.Cell(importCell(e)))
		}
		f.Errors = nil
	}
	nameFields(v, f, keyed("site.college.f."))
	return v.again(college.ImportPage(p))
}

// dryErrors words the bad cells that a check found.
func (s *site) dryErrors(v *visit, p *college.Import) {
	p.Total = len(p.Done.Errors)
	for _, bad := range p.Done.Errors[:min(len(p.Done.Errors), importCells)] {
		key := "field." + bad.Code
		if !s.Catalogue.Has(key) {
			key = "error." + bad.Code
		}
		p.Cells = append(p.Cells, college.Cell{Row: bad.Row, Column: bad.Column, Message: s.Catalogue.Say(v.lang, key, bad.Params)})
	}
}

// rosterHeadings are the template's columns in the page's language where rosters have such headings, else as the contract names them.
func rosterHeadings(v *visit, university bool) []string {
	var out []string
	for _, name := range college.Columns(university) {
		out = append(out, ui.TOr(v.ctx(), name, "site.college.heading."+name))
	}
	return out
}

// rosterTemplateCSV is the heading of a roster and nothing below, for programs of tables: UTF-8 with its mark, semicolons.
func (s *site) rosterTemplateCSV(v *visit) error {
	p, err := s.rosterOf(v, nil)
	if err != nil {
		return err
	}
	return v.tableHead("orynda-roster.csv", rosterHeadings(v, p.University))
}

// rosterTemplateXLSX is the same as a sheet whose cells are texts, so that the program leaves IINs and dates as they are typed.
func (s *site) rosterTemplateXLSX(v *visit) error {
	p, err := s.rosterOf(v, nil)
	if err != nil {
		return err
	}
	x := excelize.NewFile()
	defer x.Close() //nolint:errcheck // nothing is on the disk
	sheet := x.GetSheetName(0)
	text, err := x.NewStyle(&excelize.Style{NumFmt: 49})
	if err != nil {
		return err
	}
	names := rosterHeadings(v, p.University)
	last, err := excelize.ColumnNumberToName(len(names))
	if err != nil {
		return err
	}
	if err := x.SetColStyle(sheet, "A:"+last, text); err != nil {
		return err
	}
	if err := x.SetColWidth(sheet, "A", last, 24); err != nil {
		return err
	}
	if err := x.SetSheetRow(sheet, "A1", &names); err != nil {
		return err
	}
	var b bytes.Buffer
	if err := x.Write(&b); err != nil {
		return err
	}
	return v.file("orynda-roster.xlsx", xlsxType, b.Bytes())
}
