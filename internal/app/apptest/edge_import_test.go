package apptest

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

const xlsxType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// sheet writes comma-separated lines as a spreadsheet.
func sheet(t *testing.T, lines string) []byte {
	t.Helper()
	f := excelize.NewFile()
	for i, line := range strings.Split(strings.TrimSpace(lines), "\n") {
		for j, cell := range strings.Split(line, ",") {
			name, err := excelize.CoordinatesToCellName(j+1, i+1)
			must(t, err)
			must(t, f.SetCellStr("Sheet1", name, cell))
		}
	}
	var out bytes.Buffer
	must(t, f.Write(&out))
	return out.Bytes()
}

func readSheet(t *testing.T, data []byte) [][]string {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(data))
	must(t, err)
	rows, err := f.GetRows(f.GetSheetName(0))
	must(t, err)
	return rows
}

// forms are the two forms of a file.
func forms(t *testing.T, lines string) map[string][]byte {
	return map[string][]byte{"text/csv": []byte(lines), xlsxType: sheet(t, lines)}
}

func importRoster(t *testing.T, w *world) {
	college := w.as(demo("college@semey"))
	path := "/api/v1/colleges/" + organisationOf(college, "college") + "/roster"
	const good = "full_name,iin,birth_date,group,course,email\nСейітов Айбек Болатұлы,080515500017,2008-05-15,ТМ-24-2,3,aibek.seitov@example.kz\nОспанова Дана Ерланқызы,100101600019,2010-01-01,ТМ-26-1,1,\n"
	const bad = "full_name,iin,birth_date,group\nСейітов Айбек,080515500018,2008-05-15,ТМ-24-2\n,100101600019,2010-13-01,ТМ-26-1\n"
	count := func() int {
		return len(college.Get(path + "?limit=100&q=" + "%D0%A1%D0%B5%D0%B9%D1%96%D1%82%D0%BE%D0%B2").Items("items"))
	}
	before := count()
	for kind, data := range forms(t, bad) {
		refused := college.Refused(422, "import_invalid", "POST", path+"/import", data, Header("Content-Type", kind))
		fields := map[string]bool{}
		for _, e := range refused.Items("errors") {
			fields[e.S("field")] = true
			if e.S("message") == "" {
				t.Errorf("%s: no sentence for %s", kind, e.S("field"))
			}
		}
		for _, want := range []string{"row 2, column iin", "row 3, column full_name", "row 3, column birth_date"} {
			if !fields[want] {
				t.Errorf("%s: %q isn't among %v", kind, want, fields)
			}
		}
		if strings.Contains(fmt.Sprint(refused), "080515500018") {
			t.Errorf("%s: the refusal repeats an IIN", kind)
		}
	}
	if count() != before {
		t.Error("a refused file left something")
	}
	created := 2.0
	for _, kind := range []string{"text/csv", xlsxType} {
		data := forms(t, good)[kind]
		dry := college.Post(path+"/import?dry_run=true", data, Header("Content-Type", kind))
		got := college.Post(path+"/import", data, Header("Content-Type", kind))
		if dry.N("created") != created || got.N("created") != created || got.N("unchanged") != 2-created || got.N("rows") != 2 {
			t.Errorf("%s: dry %v, done %v", kind, dry, got)
		}
		created = 0 // the same people in the other form change nothing
	}
	college.Refused(415, "unsupported_media_type", "POST", path+"/import", []byte("{}"), Header("Content-Type", "application/json"))
	college.Refused(415, "unsupported_media_type", "POST", path+"/import", []byte("PK\x03\x04 broken"), Header("Content-Type", xlsxType))
}

func importPlaces(t *testing.T, w *world) {
	hr := w.as(demo("hr@temir-motors"))
	path := "/api/v1/enterprises/" + organisationOf(hr, "enterprise") + "/placements"
	today := w.today()
	const head = "external_reference,regime,title_ru,summary_ru,tasks_ru,qualification_code,level,seats,region,city,address,kind,starts_on,ends_on,apply_by,time_model,weekly_hours,compensation_kind,compensation_amount\n"
	row := func(reference, seats, city string) string {
		return fmt.Sprintf("%s,r50,Слесарь по ремонту автомобилей,Диагностика и ремонт ходовой части вместе с наставником в сервисном центре.,Осмотр и ремонт узлов,4S07130202,worker,%s,350000000,%s,Складская 14,workplace,%s,%s,%s,parallel,24,monthly,60000\n",
			reference, seats, city, today.Add(60), today.Add(180), today.Add(30))
	}
	count := func() int { return len(hr.Get(path + "?limit=100&state=draft").Items("items")) }
	before := count()
	for kind, data := range forms(t, head+row("TM-1", "2", "Караганда")+row("TM-2", "много", "Атлантида")) {
		refused := hr.Refused(422, "import_invalid", "POST", path+"/import", data, Header("Content-Type", kind))
		var fields []string
		for _, e := range refused.Items("errors") {
			fields = append(fields, e.S("field"))
		}
		if got := strings.Join(fields, "; "); !strings.Contains(got, "row 3, column seats") || !strings.Contains(got, "row 3, column city") || strings.Contains(got, "row 2") {
			t.Errorf("%s: %s", kind, got)
		}
	}
	if count() != before {
		t.Fatal("a file with one bad row left the good one")
	}
	created := 2.0
	for _, kind := range []string{"text/csv", xlsxType, "text/csv"} {
		data := forms(t, head+row("TM-1", "2", "Караганда")+row("TM-2", "3", "Караганда"))[kind]
		got := hr.Post(path+"/import", data, Header("Content-Type", kind))
		if got.N("created") != created || got.N("unchanged") != 2-created || got.N("updated") != 0 || count() != before+2 {
			t.Errorf("%s: %v; %d drafts, before %d", kind, got, count(), before)
		}
		created = 0
	}
}
