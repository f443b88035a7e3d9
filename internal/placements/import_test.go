package placements_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/placements"
)

const header = "external_reference;regime;title_ru;title_kk;modules;qualification_code;seats;region;city;address;kind;starts_on;ends_on;apply_by;weekly_hours;compensation_kind;compensation_amount;benefits_meals;languages;mentor_id;insurance_taken"

func row(reference, seats string) string {
	return reference + ";r50;Электромонтер;;Монтаж,100,60|Наладка,50,40;07130201;" + seats +
		";350000000;Караганда;Складская 14;workplace;15.02.2027;2027-06-11;2027-01-22;24;monthly;60 000;да;kk|ru;mnt_1;нет"
}

// csv writes modules with commas, which the header's semicolons need quoted.
func file(rows ...string) []byte {
	out := []string{header}
	for _, r := range rows {
		cells := strings.Split(r, ";")
		for i, c := range cells {
			if strings.Contains(c, "|") && strings.Contains(c, ",") {
				cells[i] = `"` + strings.ReplaceAll(c, ",", ";") + `"`
			}
		}
		out = append(out, strings.Join(cells, ";"))
	}
	return []byte(strings.Join(out, "\n"))
}

func (w *world) own() []*placements.View {
	w.t.Helper()
	page, err := w.ListOwn(w.t.Context(), w.hr, ent, placements.OwnQuery{Limit: 100})
	if err != nil {
		w.t.Fatal(err)
	}
	return page.Items
}

func TestImportMakesDraftsOnce(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		data := file(row("A-1", "2"), "", row("A-2", "3"))
		dry, err := w.ImportFile(ctx, w.hr, ent, data, true)
		if err != nil || dry.Count(placements.RowCreated) != 2 || dry.Import.State != placements.ImportChecked || len(w.own()) != 0 {
			t.Fatalf("dry run: %+v %v, %d places", dry, err, len(w.own()))
		}
		got, err := w.ImportFile(ctx, w.hr, ent, data, false)
		if err != nil || got.Count(placements.RowCreated) != 2 || got.Rows[1].Row != 4 || got.Rows[1].PlacementID == "" {
			t.Fatalf("import: %+v %v", got, err)
		}
		list := w.own()
		if len(list) != 2 {
			t.Fatalf("%d places", len(list))
		}
		p := list[0].Place
		if p.State != placements.Draft || p.StartsOn != "2027-02-15" || p.Compensation.Amount != 60000 || !p.Benefits.Meals || len(p.Modules) != 2 ||
			p.Modules[1].EnterpriseHours != 40 || p.Modules[0].Name.RU != "Монтаж" || len(p.Languages) != 2 || *p.Insurance.Taken || p.MentorID != "mnt_1" {
			t.Fatalf("imported: %+v", p)
		}
		for range 2 { // before and after the rows are settled
			again, err := w.ImportFile(ctx, w.hr, ent, data, false)
			if err != nil || again.Count(placements.RowUnchanged) != 2 {
				t.Fatalf("again: %+v %v", again, err)
			}
			w.drain()
		}
		if len(w.own()) != 2 || w.count(placements.EventImported, "") != 1 {
			t.Fatal("the same file twice changed something")
		}
		got, err = w.ImportFile(ctx, w.hr, ent, file(row("A-1", "5"), row("A-3", "1")), false)
		if err != nil || got.Count(placements.RowUpdated) != 1 || got.Count(placements.RowCreated) != 1 {
			t.Fatalf("update: %+v %v", got, err)
		}
		for range 2 {
			v, err := w.Get(ctx, w.hr, got.Rows[0].PlacementID)
			if err != nil || v.Place.Seats != 5 {
				t.Fatalf("updated: %+v %v", v, err)
			}
			w.drain()
		}
		sheet, err := w.Sheet(ctx, got.Rows[0].PlacementID)
		if err != nil || sheet.Seats != 5 {
			t.Fatalf("sheet: %+v", sheet)
		}
	})
}

func TestImportNamesEveryBadCellAndWritesNothing(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		bad := strings.Replace(strings.Replace(strings.Replace(row("A-2", "много"), "Караганда", "Атлантида", 1), "mnt_1", "mnt_2", 1), "15.02.2027", "31.02.2027", 1)
		_, err := w.ImportFile(ctx, w.hr, ent, file(row("A-1", "2"), bad, row("A-1", "501"), row("", "1")), false)
		wantCode(t, err, "import_invalid")
		got := codes(err)
		for field, code := range map[string]string{
			"row 3, column seats": "bad_format", "row 3, column city": "unknown_city", "row 3, column mentor_id": "unknown_mentor",
			"row 3, column starts_on": "bad_format", "row 4, column external_reference": "reference_repeated", "row 4, column seats": "too_large",
			"row 5, column external_reference": "required",
		} {
			if got[field] != code {
				t.Errorf("%s: %q, want %q", field, got[field], code)
			}
		}
		if len(got) != 7 || len(w.own()) != 0 {
			t.Errorf("%v, %d places", got, len(w.own()))
		}
		for name, c := range map[string]struct {
			data []byte
			code string
		}{
			"empty":       {nil, "import_unreadable"},
			"not UTF-8":   {[]byte("external_reference\n\xff\xfe"), "import_unreadable"},
			"broken zip":  {[]byte("PK\x03\x04rubbish"), "import_unreadable"},
			"quotes":      {[]byte("a,b\n\"x"), "import_unreadable"},
			"columns":     {[]byte("external_reference,colour,external_reference\nA,red,B"), "import_invalid"},
			"too long":    {[]byte("external_reference,regime\n" + strings.Repeat("A,r50\n", placements.MaxImportRows+1)), "import_too_long"},
			"too large":   {bytes.Repeat([]byte("x"), placements.MaxImportBytes+1), "payload_too_large"},
			"only header": {[]byte("external_reference,regime"), ""},
		} {
			if _, err := w.ImportFile(ctx, w.hr, ent, c.data, false); errs.CodeOf(err) != c.code {
				t.Errorf("%s: %v, want %q", name, err, c.code)
			}
		}
		_, err = w.ImportFile(ctx, w.rival, ent, file(row("A-1", "2")), false)
		wantCode(t, err, "forbidden")
	})
}

func TestImportLeavesPublishedPlacesAlone(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		in := complete()
		in.ExternalReference = ptr("P-1")
		v := w.publish(w.draft(in))
		_, err := w.ImportFile(ctx, w.hr, ent, file(row("P-1", "7")), false)
		wantCode(t, err, "import_invalid")
		if codes(err)["row 2, column external_reference"] != "row_published" {
			t.Errorf("%v", codes(err))
		}
		got, err := w.ImportFile(ctx, w.hr, ent, []byte("external_reference,regime,seats\nP-1,r50,2"), false)
		if err != nil || got.Rows[0].Result != placements.RowUnchanged || got.Rows[0].PlacementID != v.Place.ID {
			t.Fatalf("the same values: %+v %v", got, err)
		}
	})
}

func TestImportOfManyRowsAtOnce(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		var rows []string
		for i := range 450 {
			rows = append(rows, row(fmt.Sprintf("M-%03d", i), "1"))
		}
		data := file(rows...)
		got := parallel(func(int) error { _, err := w.ImportFile(patient(t), w.hr, ent, data, false); return err })
		// Whoever comes while it runs is told so, whoever comes later finds it done.
		if got[""]+got["import_running"] != 40 || got[""] < 1 {
			t.Fatalf("outcomes: %v", got)
		}
		w.drain()
		w.jobs()
		seen := map[string]int{}
		err := w.Each(t.Context(), ent, func(p *placements.Placement) {
			seen[p.ExternalReference]++
			if p.Import != nil {
				t.Errorf("%s isn't settled", p.ID)
			}
		})
		if err != nil || len(seen) != 450 {
			t.Fatalf("%d rows, %v", len(seen), err)
		}
		if w.count(placements.EventImported, "") != 1 {
			t.Error("completed more than once")
		}
	})
}

func TestXLSX(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		f := excelize.NewFile()
		for i, name := range strings.Split(header, ";") {
			cell, _ := excelize.CoordinatesToCellName(i+1, 1)
			_ = f.SetCellValue("Sheet1", cell, name)
		}
		values := []any{"X-1", "r50", "Электромонтер", "", "Монтаж;100;60", 7130201, 4, 350000000, "Қарағанды", "Складская 14", "workplace", 46433, "2027-06-11", "2027-01-22", 24.0, "monthly", 60000, true, "kk", "mnt_1", false}
		for i, v := range values {
			cell, _ := excelize.CoordinatesToCellName(i+1, 2)
			_ = f.SetCellValue("Sheet1", cell, v)
		}
		var buf bytes.Buffer
		if err := f.Write(&buf); err != nil {
			t.Fatal(err)
		}
		got, err := w.ImportFile(t.Context(), w.hr, ent, buf.Bytes(), false)
		if err != nil {
			t.Fatal(err)
		}
		v, err := w.Get(t.Context(), w.hr, got.Rows[0].PlacementID)
		if err != nil || v.Place.StartsOn != "2027-02-15" || v.Place.QualificationCode != "07130201" || v.Place.Seats != 4 || !v.Place.Benefits.Meals {
			t.Fatalf("%+v %v", v.Place, err)
		}
	})
}
