package placements

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/i18n"
)

// cells is one row under its column names.
type cells struct {
	values map[string]string
	xlsx   bool
	bad    map[string]string // column → code
}

func (c *cells) fail(column, code string) {
	if _, ok := c.bad[column]; !ok {
		c.bad[column] = code
	}
}

// text gives a cell; nil for an empty one, which says nothing.
func (c *cells) text(column string) *string {
	v := c.values[column]
	if v == "" {
		return nil
	}
	return &v
}

// word is text of a type of its own.
func word[T ~string](c *cells, column string) *T {
	v := T(c.values[column])
	if v == "" {
		return nil
	}
	return &v
}

// parsed reads a cell that isn't empty; one that can't be read fails with bad_format.
func parsed[T any](c *cells, column string, read func(string) (T, bool)) *T {
	v := c.values[column]
	if v == "" {
		return nil
	}
	out, ok := read(v)
	if !ok {
		c.fail(column, "bad_format")
		return nil
	}
	return &out
}

// readWhole reads a whole number: "4", "60 000", and "4.0" or "6E+4", as table programs write them.
func readWhole(s string) (int, bool) {
	n, ok := readNumber(s)
	if !ok || n != math.Trunc(n) || math.Abs(n) > 1e12 {
		return 0, false
	}
	return int(n), true
}

// readNumber reads a number with blanks between its digits and a decimal point or comma.
func readNumber(s string) (float64, bool) {
	s = strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "", ",", ".").Replace(s)
	n, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(n) || math.IsInf(n, 0) {
		return 0, false
	}
	return n, true
}

func readBool(s string) (value, ok bool) {
	switch strings.ToLower(s) {
	case "true", "1", "yes", "да", "иә":
		return true, true
	case "false", "0", "no", "нет", "жоқ":
		return false, true
	}
	return false, false
}

// day reads 2027-02-15, 15.02.2027 and, in XLSX, Excel's serial number of a day.
func (c *cells) day(column string) *cal.Day {
	return parsed(c, column, func(s string) (cal.Day, bool) {
		if d := cal.Day(s); d.Valid() {
			return d, true
		}
		if t, err := time.Parse("02.01.2006", s); err == nil {
			return cal.NewDay(t.Year(), t.Month(), t.Day()), true
		}
		if n, ok := readWhole(s); ok && c.xlsx && n > 20_000 && n < 80_000 {
			return cal.NewDay(1899, time.December, 30).Add(n), true // day 0 of the 1900 date system
		}
		return "", false
	})
}

// langText gathers the columns of a text; nil where all are empty.
func (c *cells) langText(field string) *i18n.Text {
	t := i18n.Text{KK: c.values[field+"_kk"], RU: c.values[field+"_ru"], EN: c.values[field+"_en"]}
	if t.IsZero() {
		return nil
	}
	return &t
}

// list divides a cell at |; nil for an empty cell.
func list[T ~string](c *cells, column string) *[]T {
	v := c.values[column]
	if v == "" {
		return nil
	}
	var out []T
	for _, part := range strings.Split(v, "|") {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, T(part))
		}
	}
	return &out
}

// modules reads "name;hours;enterprise hours|…", named in the language of the row's title.
func (c *cells) modules() *[]Module {
	parts := list[string](c, "modules")
	if parts == nil {
		return nil
	}
	var out []Module
	for _, part := range *parts {
		fields := strings.Split(part, ";")
		if len(fields) != 3 {
			c.fail("modules", "bad_format")
			return nil
		}
		hours, ok := readWhole(strings.TrimSpace(fields[1]))
		own, ok2 := readWhole(strings.TrimSpace(fields[2]))
		if !ok || !ok2 {
			c.fail("modules", "bad_format")
			return nil
		}
		out = append(out, Module{Name: c.named(strings.TrimSpace(fields[0])), Hours: hours, EnterpriseHours: own})
	}
	return &out
}

func (c *cells) named(name string) i18n.Text {
	switch {
	case c.values["title_ru"] != "":
		return i18n.Text{RU: name}
	case c.values["title_kk"] != "":
		return i18n.Text{KK: name}
	case c.values["title_en"] != "":
		return i18n.Text{EN: name}
	}
	return i18n.Text{RU: name}
}

// code gives a classifier code; a table program drops the zero in front of a number.
func (c *cells) code(column string) *string {
	v := c.text(column)
	if v == nil || len(*v) != 7 || strings.Trim(*v, "0123456789") != "" {
		return v
	}
	full := "0" + *v
	return &full
}
