package paper

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/i18n"
)

// leaves lists the paths of a sample's values and whether each may be absent.
func leaves(v any) (paths []string, optional map[string]bool) {
	optional = map[string]bool{}
	walk(reflect.ValueOf(v), "", false, func(path string, _ reflect.Value, opt bool) {
		paths, optional[path] = append(paths, path), opt
	})
	return paths, optional
}

// edited returns a copy of in with the value at path changed.
func edited[T any](t testing.TB, in T, path string, change func(reflect.Value)) T {
	t.Helper()
	out, err := tidy(in)
	if err != nil {
		t.Fatal(err)
	}
	walk(reflect.ValueOf(&out).Elem(), "", false, func(p string, v reflect.Value, _ bool) {
		if p == path {
			change(v)
		}
	})
	return out
}

func fieldsOf(t testing.TB, err error) []errs.Field {
	t.Helper()
	if !errs.Has(err, "document_unprintable") || errs.KindOf(err) != errs.Unprocessable {
		t.Fatalf("error %v", err)
	}
	var e *errs.Error
	errors.As(err, &e)
	return e.Fields
}

func assertField(t testing.TB, d Data, field, code string) {
	t.Helper()
	_, err := renderer(t).Agreement(d)
	for _, f := range fieldsOf(t, err) {
		if f.Field == field && f.Code == code {
			return
		}
	}
	t.Errorf("%v doesn't name %s: %s", err, field, code)
}

func TestEveryMissingValueIsNamed(t *testing.T) {
	r := renderer(t)
	paths, optional := leaves(sample())
	checked := 0
	for _, path := range paths {
		leaf := edited(t, sample(), path, func(v reflect.Value) { v.SetZero() })
		_, _, err := r.layout(leaf, []i18n.Lang{i18n.RU}, false)
		switch {
		case strings.HasSuffix(path, ".kk") || strings.HasSuffix(path, ".ru") || strings.HasSuffix(path, ".en"), path == "english", path == "training_centre",
			path == "workplace.hazardous", strings.Contains(path, "weekdays["):
			if err != nil {
				t.Errorf("without %s: %v", path, err)
			}
		case optional[path] && path != "schedule[0].day_from" && path != "schedule[0].day_to" && !strings.HasSuffix(path, ".bin") &&
			path != "compensation.amount" && path != "share.enterprise_hours":
			if err != nil {
				t.Errorf("without the optional %s: %v", path, err)
			}
		case path == "share.enterprise_hours":
			if err != nil {
				t.Errorf("a share of nothing: %v", err)
			}
		default:
			if err == nil {
				t.Errorf("without %s it was printed", path)
			} else if len(fieldsOf(t, err)) == 0 {
				t.Errorf("without %s: %v names nothing", path, err)
			}
			checked++
		}
	}
	if checked < 55 {
		t.Errorf("only %d required values were checked", checked)
	}
	_, err := r.Agreement(Data{Regime: R50, TemplateVersion: "r50-1"})
	if n := len(fieldsOf(t, err)); n < 30 {
		t.Errorf("an empty data set names %d fields", n)
	}
}

func TestRequiredTextsAndParts(t *testing.T) {
	for _, c := range []struct {
		field, code string
		change      func(*Data)
	}{
		{"enterprise.name", "required", func(d *Data) { d.Enterprise.Name = i18n.Text{} }},
		{"supervisor", "required", func(d *Data) { d.Supervisor = nil }},
		{"specialty", "required", func(d *Data) { d.Specialty = nil }},
		{"chamber", "required", func(d *Data) { d.Chamber = i18n.Text{} }},
		{"insurance.kind", "required", func(d *Data) { d.Insurance = Insurance{} }},
		{"share", "required", func(d *Data) { d.Share = Share{} }},
		{"duties", "required", func(d *Data) { d.Duties = nil }},
		{"plan", "required", func(d *Data) { d.Plan = nil }},
		{"college.iin", "not_allowed", func(d *Data) { d.College.IIN = "791028302728" }},
		{"field", "not_allowed", func(d *Data) { d.Field = &Coded{"6B061", same("x")} }},
		{"compensation.amount", "not_allowed", func(d *Data) { d.Compensation = Compensation{Kind: NoCompensation, Amount: 1} }},
		{"compensation.amount", "required", func(d *Data) { d.Compensation.Amount = 0 }},
		{"compensation.kind", "required", func(d *Data) { d.Compensation = Compensation{} }},
		{"compensation.kind", "unknown_value", func(d *Data) { d.Compensation.Kind = "gift" }},
		{"period.to", "too_small", func(d *Data) { d.Period.To = "2026-01-01" }},
		{"period.from", "bad_format", func(d *Data) { d.Period.From = "2027-02-30" }},
		{"plan[1].enterprise_hours", "too_large", func(d *Data) { d.Plan[1].EnterpriseHours = 271 }},
		{"weekly_hours", "too_small", func(d *Data) { d.WeeklyHours = -1 }},
		{"schedule[0].day_to", "required", func(d *Data) { d.Schedule[0].DayTo = "" }},
		{"number", "too_long", func(d *Data) { d.Number = strings.Repeat("1", 41) }},
		{"verification.url", "bad_format", func(d *Data) { d.Verification.URL = "verify/1" }},
		{"template_version", "unknown_value", func(d *Data) { d.TemplateVersion = "r50-0" }},
		{"template_version", "unknown_value", func(d *Data) { d.TemplateVersion = "r361-1" }},
		{"regime", "unknown_value", func(d *Data) { d.Regime = "r99" }},
	} {
		d := edited(t, sample(), "", nil)
		c.change(&d)
		assertField(t, d, c.field, c.code)
	}
	d := sample361()
	d.Chamber = same("x")
	assertField(t, d, "chamber", "not_allowed")
}

func TestEveryUndrawableCharacterIsNamed(t *testing.T) {
	r := renderer(t)
	paths, _ := leaves(sample())
	for _, path := range paths {
		isText := false
		d := edited(t, sample(), path, func(v reflect.Value) {
			if isText = v.Kind() == reflect.String && v.Type() != reflect.TypeFor[cal.Day](); isText {
				v.SetString(v.String() + "😀")
			}
		})
		if !isText {
			continue
		}
		_, err := r.Agreement(d)
		fields := fieldsOf(t, err)
		i := slices.IndexFunc(fields, func(f errs.Field) bool { return f.Field == path && f.Code == "document_character" })
		if i < 0 || fields[i].Params["character"] != "U+1F600" {
			t.Errorf("%s: %v", path, err)
		}
	}
	for _, bad := range []string{"漢", "א", "\u202e", "\x00", "\xff", "e\u0302\u0323\u0336", "\uf401"} {
		d := sample()
		d.Student.FullName = "Иван" + bad
		assertField(t, d, "student.full_name", "document_character")
	}
}

func TestPastedTextIsTidied(t *testing.T) {
	d := sample()
	d.Student.FullName = "\ufeff  Сей\u00adтқали\n И\u0306лхан \t"
	if text := said(lay(t, d)); !strings.Contains(text, "Сейтқали Йлхан") {
		t.Error("decomposed letters, soft hyphens or line breaks were not tidied")
	}
}

func TestFontCheckStopsABuildWithForeignCharacters(t *testing.T) {
	r := renderer(t)
	for _, s := range kazakh {
		if !r.faces[regular].draws(s) || !r.faces[bold].draws(s) {
			t.Errorf("the font lacks %q", s)
		}
	}
	r.library.labels["labels-1"][i18n.KK]["doc.title"] = "Шарт ✓"
	if got := r.undrawable(); got != "U+2713" {
		t.Errorf("undrawable characters %q", got)
	}
	if _, err := parseFace([]byte("not a font")); err == nil {
		t.Error("a broken font was read")
	}
}
