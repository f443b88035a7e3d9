package webui

import (
	"bytes"
	"encoding/csv"
	"io"

	"github.com/gofiber/fiber/v2"

	"github.com/orynda/orynda/internal/errs"
)

// upload reads a posted file of at most so many bytes and one more, which tells one that is too long: errs.Unprocessable validation_failed without one.
func (v *visit) upload(name string, most int) ([]byte, error) {
	header, err := v.c.FormFile(name)
	if err != nil || header.Size == 0 {
		return nil, errs.New(errs.Unprocessable, "validation_failed").WithFields(errs.Field{Field: name, Code: "required"})
	}
	file, err := header.Open()
	if err != nil {
		return nil, err
	}
	defer file.Close() //nolint:errcheck // it was only read
	return io.ReadAll(io.LimitReader(file, int64(most)+1))
}

// file sends a file to keep.
func (v *visit) file(name, kind string, body []byte) error {
	v.c.Set(fiber.HeaderContentType, kind)
	v.c.Set(fiber.HeaderContentDisposition, `attachment; filename="`+name+`"`)
	v.c.Set(fiber.HeaderCacheControl, privately)
	return v.c.Send(body)
}

// tableHead sends a table with its headings and nothing below, for programs of tables: UTF-8 with its mark, semicolons.
func (v *visit) tableHead(name string, headings []string) error {
	var b bytes.Buffer
	b.WriteString("\ufeff")
	w := csv.NewWriter(&b)
	w.Comma = ';'
	if err := w.Write(headings); err != nil {
		return err
	}
	w.Flush()
	return v.file(name, "text/csv; charset=utf-8", b.Bytes())
}
