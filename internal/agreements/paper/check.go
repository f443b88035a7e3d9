package paper

import (
	"encoding/json"
	"fmt"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/i18n"
	"golang.org/x/text/unicode/norm"
)

// faults gathers everything that keeps a data set from being printed.
type faults struct {
	faces  [2]*face
	fields []errs.Field
}

func (f *faults) add(field, code string) {
	f.fields = append(f.fields, errs.Field{Field: field, Code: code})
}

func (f *faults) unless(ok bool, field, code string) {
	if !ok {
		f.add(field, code)
	}
}

func (f *faults) err() error {
	if len(f.fields) == 0 {
		return nil
	}
	return errs.New(errs.Unprocessable, "document_unprintable").WithFields(f.fields...)
}

// tidy returns a deep copy with every text in composed form (NFC), single spaces, and without the invisible characters that come with
// pasting (soft hyphen, zero-width space, byte order mark).
func tidy[T any](in T) (out T, err error) {
	raw, err := json.Marshal(in)
	if err != nil {
		return out, fmt.Errorf("paper: copying the data: %w", err)
	}
	if err := json.Unmarshal(raw, &out); err != nil {
		return out, fmt.Errorf("paper: copying the data: %w", err)
	}
	walk(reflect.ValueOf(&out).Elem(), "", false, func(_ string, v reflect.Value, _ bool) {
		if v.Kind() == reflect.String && v.CanSet() {
			v.SetString(tidyText(v.String()))
		}
	})
	return out, nil
}

func tidyText(s string) string {
	s = strings.NewReplacer("\u00ad", "", "\u200b", "", "\ufeff", "", "\t", " ", "\n", " ", "\r", " ").Replace(s)
	s = norm.NFC.String(s)
	for strings.Contains(s, "  ") {
		s = strings.ReplaceAll(s, "  ", " ")
	}
	return strings.Trim(s, " ")
}

// walk calls fn for every leaf below v: texts, numbers, days, instants, and for containers that are empty (nil pointers, empty lists, empty
// [i18n.Text]). The path is made of the JSON names.
func walk(v reflect.Value, path string, optional bool, fn func(path string, v reflect.Value, optional bool)) {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			fn(path, v, optional)
			return
		}
		walk(v.Elem(), path, optional, fn)
	case reflect.Slice:
		if v.Len() == 0 {
			fn(path, v, optional)
		}
		for i := range v.Len() {
			walk(v.Index(i), fmt.Sprintf("%s[%d]", path, i), false, fn)
		}
	case reflect.Struct:
		walkStruct(v, path, optional, fn)
	default:
		fn(path, v, optional)
	}
}

func walkStruct(v reflect.Value, path string, optional bool, fn func(string, reflect.Value, bool)) {
	if v.Type() == reflect.TypeFor[time.Time]() {
		fn(path, v, optional)
		return
	}
	text := v.Type() == reflect.TypeFor[i18n.Text]()
	if text && v.IsZero() {
		fn(path, v, optional)
		return
	}
	for i := range v.NumField() {
		field := v.Type().Field(i)
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		if path != "" {
			name = path + "." + name
		}
		opt := options == "omitempty" || field.Tag.Get("paper") == "optional"
		// An optional struct that is left out altogether owes none of its parts.
		if opt && v.Field(i).IsZero() && v.Field(i).Kind() == reflect.Struct {
			continue
		}
		walk(v.Field(i), name, opt, fn)
	}
}

// generic checks what the types alone say: required values are there, days are days, every character can be drawn.
func (f *faults) generic(data any) {
	walk(reflect.ValueOf(data), "", false, func(path string, v reflect.Value, optional bool) {
		switch {
		case v.Kind() == reflect.Bool || v.Type() == reflect.TypeFor[time.Weekday]():
		case v.IsZero():
			f.unless(optional, path, "required")
		case v.Type() == reflect.TypeFor[cal.Day]():
			f.unless(cal.Day(v.String()).Valid(), path, "bad_format")
		case v.CanInt():
			f.unless(v.Int() > 0, path, "too_small")
		case v.Kind() == reflect.String:
			f.characters(path, v.String())
		}
	})
}

func (f *faults) characters(path, s string) {
	for _, r := range s {
		if f.faces[regular].draws(r) && f.faces[bold].draws(r) {
			continue
		}
		f.fields = append(f.fields, errs.Field{Field: path, Code: "document_character", Params: map[string]any{"character": fmt.Sprintf("U+%04X", r)}})
		return
	}
}

// known checks a named choice; the empty one was already reported as missing.
func known[T ~string](f *faults, field string, v T, allowed ...T) {
	f.unless(v == "" || slices.Contains(allowed, v), field, "unknown_value")
}

func (f *faults) organisation(path string, o Organisation) {
	f.unless(o.BIN != "" || o.IIN != "", path+".bin", "required")
	f.unless(o.BIN == "" || o.IIN == "", path+".iin", "not_allowed")
}

func (f *faults) agreement(d Data) {
	f.generic(d)
	f.named(d.Number, d.Verification)
	f.organisation("college", d.College)
	f.organisation("enterprise", d.Enterprise)
	known(f, "regime", d.Regime, R50, R361)
	known(f, "time_model", d.TimeModel, Block, Parallel)
	known(f, "workplace.kind", d.Workplace.Kind, WorkplaceProper, TrainingSite, CollegeWorkshop)
	known(f, "insurance.kind", d.Insurance.Kind, Insured, NotInsured)
	f.unless(d.Insurance.Kind != NotInsured || d.Insurance.Note.IsZero(), "insurance.note", "not_allowed")
	if d.Guardian != nil {
		known(f, "guardian.ground", d.Guardian.Ground, Parent, AdoptiveParent, LegalGuardian)
	}
	f.unless(d.Period.From <= d.Period.To, "period.to", "too_small")
	f.regime(d)
	f.compensation(d.Compensation)
	f.schedule(d.Schedule)
	for i, row := range d.Plan {
		f.unless(row.EnterpriseHours <= row.Hours, fmt.Sprintf("plan[%d].enterprise_hours", i), "too_large")
	}
	f.verification(d.Verification)
}

func (f *faults) regime(d Data) {
	r50, r361 := d.Regime == R50, d.Regime == R361
	needed := func(under bool, there bool, field string) { f.unless(!under || there, field, "required") }
	barred := func(under bool, there bool, field string) { f.unless(!under || !there, field, "not_allowed") }
	needed(r50, d.Specialty != nil, "specialty")
	needed(r50, d.Qualification != nil, "qualification")
	needed(r50, d.Supervisor != nil, "supervisor")
	needed(r50, !d.Chamber.IsZero(), "chamber")
	needed(r50, d.Share.TotalHours > 0, "share")
	needed(r50, d.Insurance.Kind != "", "insurance.kind")
	needed(r361, d.Field != nil, "field")
	needed(r361, !d.Programme.IsZero(), "programme")
	barred(r50, d.Field != nil, "field")
	barred(r361, d.Specialty != nil, "specialty")
	barred(r361, d.Qualification != nil, "qualification")
	barred(r361, !d.Chamber.IsZero(), "chamber")
	barred(r361, d.TrainingCentre, "training_centre")
	barred(r361, d.CitizenEnrolment != nil, "citizen_enrolment")
	barred(r361, !d.ProfileReason.IsZero(), "profile_reason")
	barred(r361, d.Share != Share{}, "share")
	f.unless(d.Share.EnterpriseHours <= d.Share.TotalHours, "share.enterprise_hours", "too_large")
}

func (f *faults) compensation(c Compensation) {
	known(f, "compensation.kind", c.Kind, NoCompensation, Monthly, Total)
	paid := c.Kind == Monthly || c.Kind == Total
	f.unless(!paid || c.Amount != 0, "compensation.amount", "required")
	f.unless(c.Kind != NoCompensation || c.Amount == 0, "compensation.amount", "not_allowed")
	f.unless(c.Kind != NoCompensation || c.Basis.IsZero(), "compensation.basis", "not_allowed")
	f.unless(c.PaymentDay == 0 || c.Kind == Monthly, "compensation.payment_day", "not_allowed")
	f.unless(c.PaymentDay <= 31, "compensation.payment_day", "too_large")
}

func (f *faults) schedule(rows []ScheduleRow) {
	for i, row := range rows {
		path := fmt.Sprintf("schedule[%d]", i)
		f.unless(row.From <= row.To, path+".to", "too_small")
		f.unless(row.MinutesPerDay <= 24*60, path+".minutes_per_day", "too_large")
		for _, day := range row.Weekdays {
			f.unless(day >= time.Sunday && day <= time.Saturday, path+".weekdays", "unknown_value")
		}
		known(f, path+".where", row.Where, AtEnterprise, AtCollege, AtDistance)
		f.unless((row.DayFrom == "") == (row.DayTo == ""), path+".day_to", "required")
	}
}

// maxNumber is how long a number or code may be, in characters, to fit the head and foot of every page.
const maxNumber = 40

func (f *faults) named(number string, v Verification) {
	f.short("number", number)
	f.short("verification.code", v.Code)
}

func (f *faults) short(field, s string) {
	if utf8.RuneCountInString(s) > maxNumber {
		f.fields = append(f.fields, errs.Field{Field: field, Code: "too_long", Params: map[string]any{"max": maxNumber}})
	}
}

// maxURL is what still makes a QR code that a phone reads at 24 mm.
const maxURL = 200

func (f *faults) verification(v Verification) {
	u, err := url.Parse(v.URL)
	f.unless(v.URL == "" || err == nil && u.IsAbs() && len(v.URL) <= maxURL, "verification.url", "bad_format")
}

func (f *faults) sheet(s SheetData) {
	f.generic(s)
	f.named(s.Number, s.Verification)
	f.unless(s.DocumentSHA256 == "" || isSHA256(s.DocumentSHA256), "document_sha256", "bad_format")
	f.verification(s.Verification)
	for i, sig := range s.Signatures {
		path := fmt.Sprintf("signatures[%d].", i)
		known(f, path+"role", sig.Role, StudentRole, GuardianRole, EnterpriseRole, CollegeRole)
		known(f, path+"channel", sig.Channel, CodeChannel, CMSChannel, PaperChannel)
		known(f, path+"assurance", sig.Assurance, Simple, Qualified, OnPaper)
		f.unless(sig.Role == StudentRole || !sig.Authority.IsZero(), path+"authority", "required")
	}
}

func isSHA256(s string) bool { return len(s) == 64 && strings.Trim(s, "0123456789abcdef") == "" }
