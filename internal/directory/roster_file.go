package directory

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"github.com/xuri/excelize/v2"

	"github.com/orynda/orynda/internal/errs"
)

// Limits of an imported file.
const (
	MaxRosterRows  = 20_000
	MaxRosterBytes = 10 << 20
	maxColumns     = 64       // more is no roster
	maxCell        = 2_000    // bytes of a cell that are kept; no column allows as much
	maxText        = 64 << 20 // bytes of all cells together, however small the file is
	maxUnpacked    = 96 << 20 // bytes of an XLSX's parts together
	maxParts       = 1_000    // files in an XLSX
)

// table is a file as read: the rows that aren't empty, with their numbers in the file (the heading is usually 1).
type table struct {
	rows []line
	xlsx bool // dates may be serial numbers
	d04  bool // … of the calendar that begins in 1904
}

type line struct {
	number int
	cells  []string
}

func tooLarge() error {
	return errs.New(errs.TooLarge, "payload_too_large").With("rows", MaxRosterRows)
}
func unreadable() error {
	return errs.New(errs.UnsupportedMedia, "unsupported_media_type").With("allowed", "CSV, XLSX")
}

// gatherer collects rows within the limits.
type gatherer struct {
	t    table
	text int
}

// add takes a row over; empty ones are skipped. It answers errs.TooLarge payload_too_large.
func (g *gatherer) add(number int, cells []string) error {
	for len(cells) > 0 && strings.TrimSpace(cells[len(cells)-1]) == "" {
		cells = cells[:len(cells)-1]
	}
	if len(cells) == 0 {
		return nil
	}
	if len(g.t.rows) > MaxRosterRows || len(cells) > maxColumns {
		return tooLarge()
	}
	kept := make([]string, len(cells))
	for i, c := range cells {
		if g.text += len(c); g.text > maxText {
			return tooLarge()
		}
		c = strings.TrimSpace(c)
		kept[i] = strings.Clone(c[:min(len(c), maxCell)])
	}
	g.t.rows = append(g.t.rows, line{number, kept})
	return nil
}

// readTable reads a CSV or XLSX file, told apart by its first bytes. Whatever the bytes are, it answers a table or one of errs.TooLarge
// payload_too_large and errs.UnsupportedMedia unsupported_media_type, within bounded memory.
func readTable(data []byte) (table, error) {
	switch {
	case len(data) > MaxRosterBytes:
		return table{}, tooLarge()
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return readXLSX(data)
	case bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0")): // XLS, or an XLSX with a password
		return table{}, unreadable()
	}
	return readCSV(data)
}

func readCSV(data []byte) (table, error) {
	text, err := decodeText(data)
	if err != nil {
		return table{}, err
	}
	r := csv.NewReader(strings.NewReader(text))
	r.Comma = separator(text)
	r.FieldsPerRecord = -1
	r.LazyQuotes = true
	r.ReuseRecord = true
	var g gatherer
	broken := 0 // line breaks inside cells so far: a spreadsheet doesn't count them as rows
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return g.t, nil
		}
		if err != nil {
			return table{}, unreadable()
		}
		at, _ := r.FieldPos(0)
		if err := g.add(at-broken, cells); err != nil {
			return table{}, err
		}
		for _, c := range cells {
			broken += strings.Count(c, "\n")
		}
	}
}

// decodeText reads UTF-8 with or without a byte order mark, UTF-16 with one, else the Windows code page of Kazakhstan.
func decodeText(data []byte) (string, error) {
	if bytes.IndexByte(data, 0) >= 0 && !bytes.HasPrefix(data, []byte("\xff\xfe")) && !bytes.HasPrefix(data, []byte("\xfe\xff")) {
		return "", unreadable()
	}
	switch {
	case bytes.HasPrefix(data, []byte("\xef\xbb\xbf")):
		return strings.ToValidUTF8(string(data[3:]), "\ufffd"), nil
	case bytes.HasPrefix(data, []byte("\xff\xfe")):
		return fromUTF16(data[2:], func(b []byte) uint16 { return uint16(b[0]) | uint16(b[1])<<8 }), nil
	case bytes.HasPrefix(data, []byte("\xfe\xff")):
		return fromUTF16(data[2:], func(b []byte) uint16 { return uint16(b[1]) | uint16(b[0])<<8 }), nil
	case utf8.Valid(data):
		return string(data), nil
	}
	return fromWindows(data), nil
}

func fromUTF16(data []byte, unit func([]byte) uint16) string {
	units := make([]uint16, len(data)/2)
	for i := range units {
		units[i] = unit(data[2*i:])
	}
	return string(utf16.Decode(units))
}

// fromWindows decodes Windows-1251 in the variant KZ-1048 (STRK 1048), whose Kazakh letters stand where the other has letters of other languages.
func fromWindows(data []byte) string {
	kz := map[byte]rune{
		0x8d: 'Қ', 0x8e: 'Һ', 0x9d: 'қ', 0x9e: 'һ', 0xa1: 'Ұ', 0xa2: 'ұ', 0xa3: 'Ә', 0xa5: 'Ө', 0xaa: 'Ғ', 0xaf: 'Ү',
		0xb2: 'І', 0xb3: 'і', 0xb4: 'ө', 0xba: 'ғ', 0xbc: 'ә', 0xbd: 'Ң', 0xbe: 'ң', 0xbf: 'ү',
	}
	var b strings.Builder
	b.Grow(len(data) * 2)
	for _, c := range data {
		if r, ok := kz[c]; ok {
			b.WriteRune(r)
			continue
		}
		b.WriteRune(charmap.Windows1251.DecodeByte(c))
	}
	return b.String()
}

// separator is the one of comma, semicolon and tab that stands most often in the heading, outside quotes.
func separator(text string) rune {
	counts := map[rune]int{}
	quoted := false
	for _, r := range text {
		if r == '"' {
			quoted = !quoted
		}
		if r == '\n' && !quoted {
			break
		}
		if !quoted {
			counts[r]++
		}
	}
	best := ','
	for _, r := range []rune{';', '\t'} {
		if counts[r] > counts[best] {
			best = r
		}
	}
	return best
}

// readXLSX reads the first sheet with raw cell values.
func readXLSX(data []byte) (t table, err error) {
	// The reader of a format this large has weak spots; what one can't read is refused, not fatal.
	defer func() {
		if recover() != nil {
			t, err = table{}, unreadable()
		}
	}()
	if err := checkZip(data); err != nil {
		return table{}, err
	}
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{
		RawCellValue: true, UnzipSizeLimit: maxUnpacked, UnzipXMLSizeLimit: maxUnpacked, // never to a temporary file
	})
	if err != nil {
		return table{}, unreadable()
	}
	defer f.Close() //nolint:errcheck // nothing was written
	sheets := f.GetSheetList()
	if len(sheets) == 0 {
		return table{}, unreadable()
	}
	g := gatherer{t: table{xlsx: true}}
	if props, err := f.GetWorkbookProps(); err == nil && props.Date1904 != nil {
		g.t.d04 = *props.Date1904
	}
	return g.sheet(f, sheets[0])
}

func (g *gatherer) sheet(f *excelize.File, name string) (table, error) {
	rows, err := f.Rows(name)
	if err != nil {
		return table{}, unreadable()
	}
	defer rows.Close() //nolint:errcheck // nothing was written
	for number := 1; rows.Next(); number++ {
		if number > excelize.TotalRows { // a row may claim any number, and the reader counts up to it
			return table{}, tooLarge()
		}
		cells, err := rows.Columns()
		if err != nil {
			return table{}, unreadable()
		}
		if err := g.add(number, cells); err != nil {
			return table{}, err
		}
	}
	if rows.Error() != nil {
		return table{}, unreadable()
	}
	return g.t, nil
}

// checkZip refuses archives that unpack to more than a roster can be. The sizes are those the archive names: the unpacker stops at them.
func checkZip(data []byte) error {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return unreadable()
	}
	if len(z.File) > maxParts {
		return tooLarge()
	}
	var whole uint64
	for _, part := range z.File {
		if part.UncompressedSize64 > maxUnpacked {
			return tooLarge()
		}
		if whole += part.UncompressedSize64; whole > maxUnpacked {
			return tooLarge()
		}
	}
	return nil
}
