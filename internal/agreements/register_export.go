package agreements

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/i18n"
)

// registerColumns are the columns of an exported register; agreement.register.<name> is the heading.
func registerColumns() []string {
	return []string{
		"number", "registered_on", "agreement_number", "concluded_on", "state", "region", "college", "college_bin", "enterprise", "enterprise_number",
		"activity_code", "student", "student_iin", "specialty_code", "qualification_code", "starts_on", "ends_on", "workplace", "mentor",
		"compensation_kind", "compensation_amount", "signed_student", "signed_guardian", "signed_enterprise", "signed_college", "completed_on",
		"terminated_on", "hired",
	}
}

// ExportRegister gives the whole filtered register as one file: "csv" (UTF-8 with a byte order mark, semicolons) or "xlsx", with headings in the reader's
// language. Cursor and limit of the filter are ignored.
func (s *Service) ExportRegister(ctx context.Context, by accounts.Actor, chamberID string, f RegisterFilter, format string, lang i18n.Lang) (*File, error) {
	if err := s.mayReadRegister(ctx, by, chamberID); err != nil {
		return nil, err
	}
	f.Cursor, f.Limit = RegisterFilter{}.Cursor, 0
	var body []byte
	var err error
	switch format {
	case "csv":
		body, err = s.registerCSV(ctx, chamberID, f, lang)
	case "xlsx":
		body, err = s.registerXLSX(ctx, chamberID, f, lang)
	default:
		return nil, errs.InvalidFields([]errs.Field{{Field: "format", Code: "unknown_value"}})
	}
	if err != nil {
		return nil, err
	}
	name := "register"
	if f.Year != 0 {
		name += "-" + strconv.Itoa(f.Year)
	}
	return &File{Name: name + "." + format, SHA256: hashOf(body), Body: body}, nil
}

func (s *Service) registerHeadings(lang i18n.Lang) []string {
	var out []string
	for _, c := range registerColumns() {
		out = append(out, s.Catalogue.Say(lang, "agreement.register."+c, nil))
	}
	return out
}

// registerRow writes one entry in the order of the columns.
func (s *Service) registerRow(e RegisterEntry, lang i18n.Lang) []string {
	a, p := e.Agreement, e.Parties
	completed, terminated := a.EndedOn()
	amount, kind := "", ""
	if c := a.Terms.Compensation; c != nil {
		kind = s.Catalogue.Say(lang, "agreement.pay_kind."+c.Kind, nil)
		amount = number(int(c.Amount))
	}
	hired := ""
	if h := e.Hired(); h != nil {
		hired = s.Catalogue.Say(lang, fmt.Sprintf("agreement.hired.%t", *h), nil)
	}
	mentor, organisation := "", p.Enterprise.BIN
	if p.Mentor != nil {
		mentor = p.Mentor.FullName
	}
	if organisation == "" {
		organisation = p.Enterprise.IIN
	}
	signed := func(party Party) string { return string(today(e.Signed(party))) }
	return []string{
		a.Registration.Number, string(today(a.Registration.At)), a.Number, string(today(a.ConcludedAt)), s.Catalogue.Say(lang, "state.agreement."+string(a.State), nil),
		a.Terms.Workplace.Region, p.College.Name, p.College.BIN, p.Enterprise.Name, organisation, p.Enterprise.ActivityCode,
		p.Student.FullName, p.Student.IIN, p.Student.SpecialtyCode, a.Terms.QualificationCode, string(a.Terms.StartsOn), string(a.Terms.EndsOn),
		joined(a.Terms.Workplace.City, a.Terms.Workplace.Address), mentor, kind, amount, signed(ByStudent), signed(ByGuardian), signed(ByEnterprise),
		signed(ByCollege), string(completed), string(terminated), hired,
	}
}

// harmless keeps a spreadsheet from reading a text as a formula.
func harmless(cells []string) []string {
	out := make([]string, len(cells))
	for i, c := range cells {
		if c != "" && strings.ContainsRune("=+-@\t\r", rune(c[0])) {
			c = "'" + c
		}
		out[i] = c
	}
	return out
}

func (s *Service) registerCSV(ctx context.Context, chamberID string, f RegisterFilter, lang i18n.Lang) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("\ufeff")
	w := csv.NewWriter(&b)
	w.Comma = ';'
	if err := w.Write(s.registerHeadings(lang)); err != nil {
		return nil, err
	}
	err := s.eachEntry(ctx, chamberID, f, func(e RegisterEntry) error { return w.Write(harmless(s.registerRow(e, lang))) })
	if err != nil {
		return nil, err
	}
	w.Flush()
	return b.Bytes(), w.Error()
}

func (s *Service) registerXLSX(ctx context.Context, chamberID string, f RegisterFilter, lang i18n.Lang) (body []byte, err error) {
	x := excelize.NewFile()
	defer func() {
		if closeErr := x.Close(); err == nil {
			err = closeErr
		}
	}()
	w, err := x.NewStreamWriter(x.GetSheetName(0))
	if err != nil {
		return nil, err
	}
	row := 0
	put := func(cells []string) error {
		row++
		values := make([]any, len(cells))
		for i, c := range cells {
			values[i] = c // texts only: a number in twelve digits would lose its first zero
		}
		at, err := excelize.CoordinatesToCellName(1, row)
		if err != nil {
			return err
		}
		return w.SetRow(at, values)
	}
	if err := put(s.registerHeadings(lang)); err != nil {
		return nil, err
	}
	if err := s.eachEntry(ctx, chamberID, f, func(e RegisterEntry) error { return put(s.registerRow(e, lang)) }); err != nil {
		return nil, err
	}
	if err := w.Flush(); err != nil {
		return nil, err
	}
	b, err := x.WriteToBuffer()
	if err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
