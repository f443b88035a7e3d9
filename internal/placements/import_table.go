package placements

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"github.com/orynda/orynda/internal/errs"
)

// table is a file as rows of cells.
type table struct {
	header []string
	rows   []tableRow
	xlsx   bool // days may be Excel's serial numbers
}

// tableRow is a row that isn't empty, with its number in the file.
type tableRow struct {
	number int
	cells  []string
}

func errUnreadable(cause error) error {
	return errs.New(errs.Unprocessable, "import_unreadable").WithCause(cause)
}

// readTable reads a CSV (UTF-8, comma or semicolon) or an XLSX (first sheet); which of them it is the file's first bytes say. The errors:
// TooLarge payload_too_large, Unprocessable import_unreadable and import_too_long.
func readTable(file []byte) (table, error) {
	if len(file) > MaxImportBytes {
		return table{}, errs.New(errs.TooLarge, "payload_too_large")
	}
	var t table
	var err error
	if bytes.HasPrefix(file, []byte("PK\x03\x04")) {
		t.xlsx = true
		err = t.readXLSX(file)
	} else {
		err = t.readCSV(file)
	}
	if err == nil && t.header == nil {
		err = errUnreadable(errors.New("no header"))
	}
	return t, err
}

// add takes a row as it comes: the first one is the header, empty ones are left out.
func (t *table) add(number int, cells []string) error {
	empty := true
	for i, c := range cells {
		cells[i] = strings.TrimSpace(c)
		empty = empty && cells[i] == ""
	}
	switch {
	case t.header == nil && empty:
		return errUnreadable(errors.New("the first row is empty"))
	case t.header == nil:
		t.header = cells
	case !empty:
		if len(t.rows) == MaxImportRows {
			return errs.New(errs.Unprocessable, "import_too_long").With("max", MaxImportRows)
		}
		t.rows = append(t.rows, tableRow{number: number, cells: cells})
	}
	return nil
}

func (t *table) readCSV(file []byte) error {
	file = bytes.TrimPrefix(file, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(file) || bytes.IndexByte(file, 0) >= 0 {
		return errUnreadable(errors.New("not UTF-8 text"))
	}
	r := csv.NewReader(bytes.NewReader(file))
	r.Comma = delimiter(file)
	r.FieldsPerRecord = -1
	inside := 0 // line breaks within cells so far: a program of tables doesn't count them as rows
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return errUnreadable(err)
		}
		line, _ := r.FieldPos(0)
		if err := t.add(line-inside, cells); err != nil {
			return err
		}
		last, _ := r.FieldPos(len(cells) - 1)
		inside += last - line + strings.Count(cells[len(cells)-1], "\n")
	}
}

// delimiter looks at the header: the comma, unless there are more semicolons.
func delimiter(file []byte) rune {
	first, _, _ := bytes.Cut(file, []byte("\n"))
	if bytes.Count(first, []byte(";")) > bytes.Count(first, []byte(",")) {
		return ';'
	}
	return ','
}

// readXLSX bounds what a file may unfold to, because a small archive can hold gigabytes.
func (t *table) readXLSX(file []byte) (err error) {
	defer func() {
		if v := recover(); v != nil { // the library panics on some broken files
			err = errUnreadable(errors.New("the reader gave up"))
		}
	}()
	f, err := excelize.OpenReader(bytes.NewReader(file), excelize.Options{RawCellValue: true, UnzipSizeLimit: 128 << 20, UnzipXMLSizeLimit: 64 << 20})
	if err != nil {
		return errUnreadable(err)
	}
	defer f.Close() //nolint:errcheck // only temporary files are at stake
	sheets := f.GetSheetList()
	if len(sheets) == 0 {
		return errUnreadable(errors.New("no sheet"))
	}
	rows, err := f.Rows(sheets[0])
	if err != nil {
		return errUnreadable(err)
	}
	defer rows.Close() //nolint:errcheck // as above
	for number := 1; rows.Next(); number++ {
		cells, err := rows.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			return errUnreadable(err)
		}
		if number == 1 && len(cells) == 0 {
			return errUnreadable(errors.New("the first row is empty"))
		}
		if err := t.add(number, cells); err != nil {
			return err
		}
	}
	if rows.Error() != nil {
		return errUnreadable(rows.Error())
	}
	return nil
}
