package directory

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"
)

// maxCellErrors is how many bad cells an answer names; its sentence says how many there are.
const maxCellErrors = 1_000

// CellError is one bad cell of an imported file.
type CellError struct {
	Row    int    // in the file; the heading is 1
	Column string // the column's name in the contract, or its number when it has none
	Code   string
	Params map[string]any
}

func (c CellError) field() errs.Field {
	return errs.Field{Field: fmt.Sprintf("row %d, column %s", c.Row, c.Column), Code: c.Code, Params: c.Params}
}

// rosterColumns are the columns of a roster with their usual headings, folded.
func rosterColumns() map[string][]string {
	return map[string][]string{
		"full_name":          {"ФИО", "Ф.И.О.", "Фамилия, имя, отчество", "Студент", "Аты-жөні", "Толық аты-жөні", "Тегі, аты, әкесінің аты", "Білім алушы"},
		"iin":                {"ИИН", "ЖСН"},
		"birth_date":         {"Дата рождения", "Туған күні", "Туған жылы, айы, күні"},
		"group":              {"Группа", "Топ", "Тобы"},
		"course":             {"Курс", "Год обучения", "Курсы"},
		"specialty_code":     {"Код специальности", "Мамандық коды"},
		"qualification_code": {"Код квалификации", "Біліктілік коды"},
		"programme_code":     {"Код программы", "Код направления подготовки", "Бағдарлама коды", "Даярлау бағытының коды"},
		"email":              {"Почта", "Эл. почта", "Электронная почта", "E-mail", "Пошта", "Электрондық пошта"},
		"phone":              {"Телефон", "Мобильный телефон", "Телефоны"},
		"enrolled_on":        {"Дата зачисления", "Дата приказа", "Дата приказа о зачислении", "Қабылданған күні", "Бұйрық күні"},
		"order_number":       {"Номер приказа", "Номер приказа о зачислении", "Бұйрық нөмірі"},
		"study_form":         {"Форма обучения", "Оқу нысаны"},
	}
}

// requiredColumns must stand in every file, and their cells in every row.
func requiredColumns() []string { return []string{"full_name", "iin", "birth_date", "group"} }

// checker checks a whole file and gathers every bad cell.
type checker struct {
	ref     *Reference
	regime  string
	today   cal.Day
	table   table
	columns []string // by place; "" for one to leave out
	bad     []CellError
	count   int // of bad cells, those not kept too
	iins    map[string]bool
	emails  map[string]bool
}

func (c *checker) add(row int, column, code string, params map[string]any) {
	c.count++
	if len(c.bad) < maxCellErrors {
		c.bad = append(c.bad, CellError{Row: row, Column: column, Code: code, Params: params})
	}
}

// refusal is 422 import_invalid with the bad cells, nil without.
func (c *checker) refusal() error {
	if c.count == 0 {
		return nil
	}
	fields := make([]errs.Field, len(c.bad))
	for i, b := range c.bad {
		fields[i] = b.field()
	}
	return errs.New(errs.Unprocessable, "import_invalid").With("count", c.count).WithFields(fields...)
}

// checkRoster reads and checks a file: the students in it and every bad cell. The error is that of readTable.
func checkRoster(ref *Reference, regime string, today cal.Day, data []byte) ([]rosterData, *checker, error) {
	t, err := readTable(data)
	if err != nil {
		return nil, nil, err
	}
	c := &checker{ref: ref, regime: regime, today: today, table: t, iins: map[string]bool{}, emails: map[string]bool{}}
	if len(t.rows) == 0 {
		c.heading(line{number: 1})
		return nil, c, nil
	}
	if !c.heading(t.rows[0]) {
		return nil, c, nil // without its columns no cell means anything
	}
	out := make([]rosterData, 0, len(t.rows)-1)
	for _, l := range t.rows[1:] {
		out = append(out, c.row(l))
	}
	return out, c, nil
}

// heading finds the columns; false when the file can't be read by them.
func (c *checker) heading(l line) bool {
	names := map[string]string{}
	for column, headings := range rosterColumns() {
		names[foldName(column)] = column
		for _, h := range headings {
			names[foldName(h)] = column
		}
	}
	seen := map[string]bool{}
	for i, cell := range l.cells {
		column := names[foldName(cell)]
		if cell != "" && (column == "" || seen[column]) {
			// The text isn't repeated: in a file without a heading it is a person's.
			c.add(l.number, strconv.Itoa(i+1), "column_unknown", nil)
		}
		seen[column] = true
		c.columns = append(c.columns, column)
	}
	for _, column := range requiredColumns() {
		if !seen[column] {
			c.add(l.number, column, "column_missing", nil)
		}
	}
	return c.count == 0
}

// cellLimits are the longest values, in characters.
func cellLimits() map[string]int {
	return map[string]int{
		"full_name": MaxPersonName, "group": MaxGroup, "study_form": 50, "order_number": MaxOrder, "email": accounts.MaxEmail, "phone": 25,
		"iin": 40, "birth_date": 40, "enrolled_on": 40, "course": 10, "specialty_code": maxCode, "qualification_code": maxCode, "programme_code": maxCode,
	}
}

// row checks one row. What it gives is only good when nothing was added.
func (c *checker) row(l line) rosterData {
	limits := cellLimits()
	get := map[string]string{}
	for i, column := range c.columns {
		if column == "" || i >= len(l.cells) {
			continue
		}
		v := l.cells[i]
		if limit := limits[column]; utf8.RuneCountInString(v) > limit || len(v) >= maxCell {
			c.add(l.number, column, "value_too_long", map[string]any{"max": limit})
			v = ""
		} else if !printable(v) || strings.ContainsRune(v, utf8.RuneError) {
			c.add(l.number, column, "bad_format", nil)
			v = ""
		} else if v == "" && isRequired(column) {
			c.add(l.number, column, "value_missing", nil)
		}
		get[column] = v
	}
	for _, column := range requiredColumns() {
		if _, there := get[column]; !there { // the row is shorter than the heading
			c.add(l.number, column, "value_missing", nil)
		}
	}
	d := rosterData{FullName: strings.Join(strings.Fields(get["full_name"]), " ")}
	c.identity(l.number, get, &d)
	c.contacts(l.number, get, &d)
	c.studies(l.number, get, &d)
	return d
}

func isRequired(column string) bool {
	for _, r := range requiredColumns() {
		if r == column {
			return true
		}
	}
	return false
}

func (c *checker) identity(row int, get map[string]string, d *rosterData) {
	var carried cal.Day
	if v := get["iin"]; v != "" {
		iin := digitsOfIIN(v)
		birth, err := accounts.ValidIIN(iin)
		switch {
		case errs.Has(err, "iin_check_digit"):
			c.add(row, "iin", "iin_check_digit", nil)
		case err != nil:
			c.add(row, "iin", "iin_malformed", nil)
		case c.iins[iin]:
			c.add(row, "iin", "iin_repeated", nil)
		}
		c.iins[iin] = true
		d.IIN, carried = iin, birth
	}
	if v := get["birth_date"]; v != "" {
		day, ok := c.date(v)
		switch {
		case !ok || day >= c.today || day < "1900-01-01":
			c.add(row, "birth_date", "date_malformed", nil)
		case carried != "" && carried != day:
			c.add(row, "birth_date", "iin_birth_date_mismatch", nil)
		}
		d.BirthDate = day
	}
}

// digitsOfIIN drops spaces and brings back the leading zeros that spreadsheets eat.
func digitsOfIIN(v string) string {
	v = strings.Join(strings.Fields(v), "")
	if n := len(v); n >= 9 && n < 12 && allDigits(v, n) {
		v = strings.Repeat("0", 12-n) + v
	}
	return v
}

func (c *checker) contacts(row int, get map[string]string, d *rosterData) {
	if v := get["email"]; v != "" {
		email, ok := accounts.NormalEmail(v)
		switch {
		case !ok:
			c.add(row, "email", "email_malformed", nil)
		case c.emails[email]:
			c.add(row, "email", "email_repeated", nil)
		}
		c.emails[email] = true
		d.Email = email
	}
	if v := get["phone"]; v != "" {
		phone, ok := accounts.NormalPhone(v)
		if !ok {
			c.add(row, "phone", "phone_malformed", nil)
		}
		d.Phone = phone
	}
}

func (c *checker) studies(row int, get map[string]string, d *rosterData) {
	st := Studies{
		Group: get["group"], SpecialtyCode: get["specialty_code"], QualificationCode: get["qualification_code"],
		ProgrammeCode: get["programme_code"], StudyForm: get["study_form"], OrderNumber: get["order_number"],
	}
	if v := get["course"]; v != "" {
		n, err := strconv.ParseFloat(v, 64)
		if err != nil || n != float64(int(n)) || n < 1 || n > 6 {
			c.add(row, "course", "bad_format", nil)
		} else {
			st.Course = int(n)
		}
	}
	if v := get["enrolled_on"]; v != "" {
		day, ok := c.date(v)
		if !ok {
			c.add(row, "enrolled_on", "date_malformed", nil)
		}
		st.EnrolledOn = day
	}
	for _, bad := range c.ref.CheckStudies(&st, c.regime) {
		c.add(row, bad.Field, bad.Code, bad.Params)
	}
	d.Studies = st
}

// date reads 2008-05-15, 15.05.2008, 15/05/2008 and, in XLSX, a serial number.
func (c *checker) date(v string) (cal.Day, bool) {
	for _, layout := range []string{"2006-01-02", "2.1.2006", "2/1/2006", "2-1-2006", "2006.01.02", "2006-01-02 15:04:05", "2006-01-02T15:04:05Z07:00"} {
		if t, err := time.Parse(layout, v); err == nil {
			return inCentury(t)
		}
	}
	if !c.table.xlsx {
		return "", false
	}
	n, err := strconv.ParseFloat(v, 64)
	if err != nil || !(n >= 1 && n < 80_000) { // days since 1900: until 2119
		return "", false
	}
	t, err := excelize.ExcelDateToTime(n, c.table.d04)
	if err != nil {
		return "", false
	}
	return inCentury(t)
}

func inCentury(t time.Time) (cal.Day, bool) {
	if t.Year() < 1900 || t.Year() > 2119 {
		return "", false
	}
	return cal.Day(t.Format("2006-01-02")), true
}
