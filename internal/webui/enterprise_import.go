package webui

import (
	"fmt"
	"strings"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/web/pages/enterprise"
	"github.com/orynda/orynda/web/ui"
)

// importCells is how many bad cells a page lists; the file is mended and sent again anyway.
const importCells = 300

func (s *site) importPage(v *visit) error {
	p, err := s.importOf(v, &ui.Form{})
	if err != nil {
		return err
	}
	return v.show(enterprise.ImportPage(p))
}

func (s *site) importOf(v *visit, f *ui.Form) (enterprise.Import, error) {
	_, head, err := s.enterpriseOf(v, "placements")
	if err == nil {
		err = mustHire(head)
	}
	return enterprise.Import{Head: head, Form: f, Columns: importTemplateColumns()}, err
}

// importFile takes a file, or only checks it. Whether it is a table, and how large it may be, the service says.
func (s *site) importFile(v *visit) error {
	f := v.form()
	p, err := s.importOf(v, f)
	if err != nil {
		return err
	}
	file, err := v.upload("file", placements.MaxImportBytes)
	if err == nil {
		p.DryRun = f.Value("do") == "check"
		p.Done, err = s.Placements.ImportFile(v.ctx(), v.actor, p.ID, file, p.DryRun)
	}
	if err == nil {
		return v.show(enterprise.ImportPage(p))
	}
	if !v.refused(err, f, nil) {
		return err
	}
	if errs.Has(err, "import_invalid") {
		p.Total = len(f.Errors)
		for _, e := range f.Errors[:min(len(f.Errors), importCells)] {
			p.Cells = append(p.Cells, importCell(e))
		}
		f.Errors = nil
	}
	nameFields(v, f, enterprise.Label)
	return v.again(enterprise.ImportPage(p))
}

// importCell reads where an error of an import stands: "row 7, column seats".
func importCell(e ui.FieldError) enterprise.Cell {
	c := enterprise.Cell{Column: e.Field, Message: e.Message}
	if at, column, ok := strings.Cut(e.Field, ", column "); ok {
		if _, err := fmt.Sscanf(at, "row %d", &c.Row); err == nil {
			c.Column = column
		}
	}
	return c
}

// importTemplateColumns are the columns of the template: what most places need.
func importTemplateColumns() []enterprise.Column {
	return []enterprise.Column{
		{Name: "external_reference", Field: "external_reference", Example: "2027-01"},
		{Name: "regime", Field: "regime", Example: "r50"},
		{Name: "title_kk", Field: "title.kk", Example: "Электр монтаждаушы"},
		{Name: "title_ru", Field: "title.ru", Example: "Электромонтажник"},
		{Name: "summary_kk", Field: "summary.kk", Example: ""},
		{Name: "summary_ru", Field: "summary.ru", Example: ""},
		{Name: "tasks_kk", Field: "tasks.kk", Example: ""},
		{Name: "tasks_ru", Field: "tasks.ru", Example: ""},
		{Name: "qualification_code", Field: "trade", Example: "07130100"},
		{Name: "programme_code", Field: "programme_code", Example: ""},
		{Name: "modules", Field: "modules", Example: "Монтаж;360;240|Наладка;240;160"},
		{Name: "seats", Field: "seats", Example: "4"},
		{Name: "region", Field: "region", Example: "350000000"},
		{Name: "city", Field: "city", Example: "Қарағанды"},
		{Name: "address", Field: "address", Example: "Бұқар жырау даңғылы, 1"},
		{Name: "kind", Field: "workplaces.kind", Example: "workplace"},
		{Name: "apply_by", Field: "apply_by", Example: "2027-02-01"},
		{Name: "starts_on", Field: "starts_on", Example: "2027-03-01"},
		{Name: "ends_on", Field: "ends_on", Example: "2027-06-30"},
		{Name: "time_model", Field: "time_model", Example: "block"},
		{Name: "weekly_hours", Field: "weekly_hours", Example: "30"},
		{Name: "compensation_kind", Field: "compensation.kind", Example: "monthly"},
		{Name: "compensation_amount", Field: "compensation.amount", Example: "60000"},
		{Name: "insurance_taken", Field: "insurance.taken", Example: "true"},
		{Name: "benefits_meals", Field: "benefits.meals", Example: "true"},
		{Name: "languages", Field: "languages", Example: "kk|ru"},
		{Name: "min_age", Field: "min_age", Example: "16"},
		{Name: "mentor_id", Field: "mentor_id", Example: ""},
	}
}

// importTemplate is a file with the names of the columns and nothing below, for programs of tables: UTF-8 with its mark, semicolons.
func (s *site) importTemplate(v *visit) error {
	if _, err := s.importOf(v, nil); err != nil {
		return err
	}
	var names []string
	for _, c := range importTemplateColumns() {
		names = append(names, c.Name)
	}
	return v.tableHead("orynda-placements.csv", names)
}
