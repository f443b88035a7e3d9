package directory_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/charmap"

	"github.com/xuri/excelize/v2"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/storage"
	"github.com/orynda/orynda/internal/storage/sqlitedb"
)

const (
	aibek = "080515500017" // of age at the tests' day
	dana  = "100101600019" // a minor
)

const rosterCSV = `full_name,iin,birth_date,group,course,qualification_code,email
Сейітов Айбек Болатұлы,080515500017,2008-05-15,ТМ-24-2,3,4S07150106,aibek.seitov@example.kz
Оспанова Дана Ерланқызы,100101600019,2010-01-01,ТМ-26-1,1,07150106,
`

func (w *world) coordinator(c *directory.College) accounts.Actor {
	w.t.Helper()
	return w.member(c.ID, accounts.KindCollege, accounts.RoleCoordinator)
}

func (w *world) roster(by accounts.Actor, c *directory.College, file string, o directory.ImportOptions) *directory.RosterImport {
	w.t.Helper()
	imp, err := w.ImportRoster(w.t.Context(), by, c.ID, []byte(file), o)
	w.ok(err)
	return imp
}

func counts(i *directory.RosterImport) string {
	return fmt.Sprintf("%s %d: +%d ~%d =%d linked %d ended %d", i.State, i.Rows, i.Created, i.Updated, i.Unchanged, i.Linked, i.Ended)
}

func (w *world) list(by accounts.Actor, c *directory.College, f directory.RosterFilter) []*directory.RosterRow {
	w.t.Helper()
	page, err := w.ListRoster(w.t.Context(), by, c.ID, f, storage.Cursor{}, 100)
	w.ok(err)
	return page.Items
}

func TestRosterImport(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		c := w.college(directory.TVET, 1)
		by := w.coordinator(c)
		student := w.person("aibek.seitov@example.kz", accounts.AsStudent, accounts.Identity{})

		if got := counts(w.roster(by, c, rosterCSV, directory.ImportOptions{DryRun: true})); got != "checked 2: +2 ~0 =0 linked 1 ended 0" {
			t.Fatal(got)
		}
		if rows := w.list(by, c, directory.RosterFilter{}); len(rows) != 0 {
			t.Fatal("a dry run wrote")
		}
		if got := counts(w.roster(by, c, rosterCSV, directory.ImportOptions{})); got != "done 2: +2 ~0 =0 linked 1 ended 0" {
			t.Fatal(got)
		}
		if got := counts(w.roster(by, c, rosterCSV, directory.ImportOptions{})); got != "done 2: +0 ~0 =2 linked 0 ended 0" {
			t.Fatal(got)
		}
		e, err := w.Enrolment(ctx, student.ID)
		w.ok(err)
		if e.State != directory.EnrolmentConfirmed || e.SpecialtyCode != "07150100" || e.Group != "ТМ-24-2" {
			t.Fatalf("%+v", e)
		}
		if w.count(directory.EventEnrolmentConfirmed) != 1 {
			t.Error("events of the confirmation")
		}
		who, err := w.accounts.Identity(ctx, student.ID)
		w.ok(err)
		if who.IIN != aibek || who.BirthDate != "2008-05-15" {
			t.Error("the profile wasn't filled from the roster")
		}
		changed := strings.Replace(rosterCSV, "ТМ-24-2,3", "ТМ-24-3,4", 1)
		if got := counts(w.roster(by, c, changed, directory.ImportOptions{})); got != "done 2: +0 ~1 =1 linked 0 ended 0" {
			t.Fatal(got)
		}
		if e, err = w.Enrolment(ctx, student.ID); err != nil || e.Group != "ТМ-24-3" || e.Course != 4 {
			t.Fatalf("%+v %v", e, err)
		}
		rows := w.list(by, c, directory.RosterFilter{})
		if len(rows) != 2 || rows[0].FullName != "Оспанова Дана Ерланқызы" || !rows[0].Under18 || rows[1].Under18 {
			t.Fatalf("%+v", rows)
		}
		if rows[1].IINMasked != "0805••••••17" || rows[1].Match != directory.MatchEmail || rows[0].EnrolmentState != directory.EnrolmentUnlinked {
			t.Errorf("%+v", rows[1])
		}
		// Replacing takes off who isn't named, with all that hangs on it.
		ended := 0
		w.OnEnrolmentEnded = func(context.Context, *directory.Enrolment) error { ended++; return nil }
		lines := strings.SplitAfter(rosterCSV, "\n")
		if got := counts(w.roster(by, c, lines[0]+lines[2], directory.ImportOptions{Replace: true})); got != "done 1: +0 ~0 =1 linked 0 ended 1" {
			t.Fatal(got)
		}
		_, err = w.Enrolment(ctx, student.ID)
		w.refused(err, "enrolment_not_found")
		if ended != 1 || w.count(directory.EventEnrolmentEnded) != 1 || len(w.list(by, c, directory.RosterFilter{})) != 1 {
			t.Errorf("ended %d", ended)
		}
		// Back in the file, the student is linked anew.
		if got := counts(w.roster(by, c, rosterCSV, directory.ImportOptions{})); got != "done 2: +1 ~0 =1 linked 1 ended 0" {
			t.Fatal(got)
		}
	})
}

func TestRosterIsSealed(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		c := w.college(directory.TVET, 1)
		w.roster(w.coordinator(c), c, rosterCSV, directory.ImportOptions{})
		for _, spec := range directory.Specs() {
			w.ok(w.db.Find(t.Context(), spec, storage.Query{}, func(f storage.Found) error {
				var doc map[string]any
				w.ok(f.Decode(&doc))
				for _, secret := range []string{aibek, dana, "2008-05-15", "Оспанова", "aibek.seitov"} {
					if strings.Contains(fmt.Sprint(doc), secret) {
						t.Errorf("%s holds %s openly", spec.Name, secret)
					}
				}
				return nil
			}))
		}
	})
}

func TestRosterPermission(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		c := w.college(directory.TVET, 1)
		other := w.coordinator(w.college(directory.TVET, 2))
		for _, by := range []accounts.Actor{other, w.someone(), w.member(c.ID, accounts.KindCollege, accounts.RoleSignatory)} {
			_, err := w.ImportRoster(ctx, by, c.ID, []byte(rosterCSV), directory.ImportOptions{})
			w.refused(err, "forbidden")
			_, err = w.ListRoster(ctx, by, c.ID, directory.RosterFilter{}, storage.Cursor{}, 0)
			w.refused(err, "forbidden")
		}
		_, err := w.ListRoster(ctx, accounts.Actor{}, c.ID, directory.RosterFilter{}, storage.Cursor{}, 0)
		w.refused(err, "unauthorized")
	})
}

// cellErrors gives the fields of a refused import.
func cellErrors(t *testing.T, err error) string {
	t.Helper()
	var e *errs.Error
	if !errors.As(err, &e) || e.Code != "import_invalid" {
		t.Fatalf("got %v, want import_invalid", err)
	}
	var out []string
	for _, f := range e.Fields {
		out = append(out, f.Field+" "+f.Code)
	}
	return strings.Join(out, "; ")
}

func TestRosterNamesEveryBadCell(t *testing.T) {
	w := sqliteWorld(t)
	c := w.college(directory.TVET, 1)
	by := w.coordinator(c)
	for name, x := range map[string]struct{ file, want string }{
		"headings": {"full_name,iin,Айбек\nx,y,z\n", "row 1, column 3 column_unknown; row 1, column birth_date column_missing; row 1, column group column_missing"},
		"empty":    {"", "row 1, column full_name column_missing; row 1, column iin column_missing; row 1, column birth_date column_missing; row 1, column group column_missing"},
		"cells": {"full_name,iin,birth_date,group,course,qualification_code,email,phone,enrolled_on\n" +
			",080515500018,2008-05-16,,9,4S99999999,нет,12,вчера\n" +
			"\n" +
			"Асан Үсен,080515500017,2008-05-16,A,1,,a@example.kz,,\n" +
			"Асан Үсен,080515500017,2008-05-15,A,1,,A@example.kz,,\n" +
			"Асан Үсен,12,2108-05-15,A\n",
			"row 2, column full_name value_missing; row 2, column group value_missing; row 2, column iin iin_check_digit; " +
				"row 2, column email email_malformed; row 2, column phone phone_malformed; " +
				"row 2, column course bad_format; row 2, column enrolled_on date_malformed; row 2, column qualification_code code_unknown; " +
				"row 4, column birth_date iin_birth_date_mismatch; row 5, column iin iin_repeated; row 5, column email email_repeated; " +
				"row 6, column iin iin_malformed; row 6, column birth_date date_malformed"},
		"quoted lines": {"full_name,iin,birth_date,group\n\"Асан\nҮсен\",080515500017,2008-05-15,A\nx,,2008-05-15,A\n", "row 3, column iin value_missing"},
		"too long": {"full_name,iin,birth_date,group\nАсан Үсен,080515500017,2008-05-15," + strings.Repeat("а", 51) + "\n",
			"row 2, column group value_too_long"},
		"programme": {"full_name,iin,birth_date,group,programme_code\nАсан Үсен,080515500017,2008-05-15,A,6B071\n",
			"row 2, column programme_code code_wrong_regime"},
	} {
		_, err := w.ImportRoster(t.Context(), by, c.ID, []byte(x.file), directory.ImportOptions{})
		if got := cellErrors(t, err); got != x.want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, x.want)
		}
		if strings.Contains(fmt.Sprint(err), "Айбек") || strings.Contains(fmt.Sprint(err), aibek) {
			t.Errorf("%s: the refusal repeats what the file says", name)
		}
	}
	if rows := w.list(by, c, directory.RosterFilter{}); len(rows) != 0 {
		t.Error("a refused file wrote")
	}
	imp := w.roster(by, c, "full_name,iin,birth_date,group\nАсан Үсен,1,2008-05-15,A\n", directory.ImportOptions{DryRun: true})
	if imp.State != directory.ImportChecked || len(imp.Errors) != 1 || imp.Errors[0].Row != 2 || imp.Errors[0].Column != "iin" {
		t.Errorf("%+v", imp)
	}
}

func sqliteWorld(t *testing.T) *world {
	t.Helper()
	db, err := sqlitedb.Open(t.Context(), filepath.Join(t.TempDir(), "test.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close(context.Background()) })
	return newWorld(t, db)
}

func TestRosterFileForms(t *testing.T) {
	semicolons := strings.ReplaceAll(rosterCSV, ",", ";")
	russian := strings.Replace(rosterCSV, "full_name,iin,birth_date,group,course,qualification_code,email",
		"ФИО,ИИН,Дата рождения,Группа,Курс,Код квалификации,Эл. почта", 1)
	kazakh := strings.Replace(rosterCSV, "full_name,iin,birth_date,group,course,qualification_code,email",
		"Аты-жөні,ЖСН,Туған күні,Тобы,Курсы,Біліктілік коды,Электрондық пошта", 1)
	windows := must(charmap.Windows1251.NewEncoder().String(strings.NewReplacer(
		"Сейітов Айбек Болатұлы", "Сейтов Айбек Болатович", "Оспанова Дана Ерланқызы", "Оспанова Дана Ерлановна").Replace(russian)))
	// The variant of Kazakhstan: 0xb3 is і, 0xa2 is ұ, 0x9d is қ.
	kz := must(charmap.Windows1251.NewEncoder().String(strings.NewReplacer(
		"Сейітов Айбек Болатұлы", "Сейітов Айбек Болатўлы", "Оспанова Дана Ерланқызы", "Оспанова Дана Ерланќызы").Replace(russian)))
	utf16 := func(s string) string {
		var b bytes.Buffer
		b.WriteString("\xff\xfe")
		for _, r := range s {
			b.WriteByte(byte(r))
			b.WriteByte(byte(r >> 8))
		}
		return b.String()
	}
	for name, file := range map[string]string{
		"comma": rosterCSV, "semicolon": semicolons, "tab": strings.ReplaceAll(rosterCSV, ",", "\t"), "bom": "\xef\xbb\xbf" + semicolons,
		"crlf": strings.ReplaceAll(rosterCSV, "\n", "\r\n"), "russian": russian, "kazakh": kazakh, "windows": windows, "kz": kz,
		"utf-16": utf16(semicolons), "xlsx": sheet(t, rosterCSV, false), "xlsx numbers": sheet(t, rosterCSV, true),
		"eaten zeros": strings.Replace(rosterCSV, aibek, "80515500017", 1), "dotted dates": strings.Replace(rosterCSV, "2008-05-15", "15.05.2008", 1),
	} {
		t.Run(name, func(t *testing.T) {
			w := sqliteWorld(t)
			c := w.college(directory.TVET, 1)
			by := w.coordinator(c)
			if got := counts(w.roster(by, c, file, directory.ImportOptions{})); got != "done 2: +2 ~0 =0 linked 0 ended 0" {
				t.Fatal(got)
			}
			rows := w.list(by, c, directory.RosterFilter{Q: "сейт"})
			if name != "windows" {
				rows = w.list(by, c, directory.RosterFilter{Q: "сейит болат"}) // without Kazakh letters
			}
			if len(rows) != 1 || rows[0].BirthDate != "2008-05-15" || rows[0].IINMasked != "0805••••••17" || rows[0].Studies.QualificationCode != "4S07150106" {
				t.Fatalf("%+v", rows)
			}
		})
	}
}

// sheet writes a CSV text as an XLSX file, numbers and dates as spreadsheets keep them.
func sheet(t testing.TB, text string, numbers bool) string {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close() // in memory
	for i, line := range strings.Split(strings.TrimSpace(text), "\n") {
		for j, cell := range strings.Split(line, ",") {
			name := must(excelize.CoordinatesToCellName(j+1, i+1))
			var value any = cell
			if numbers && i > 0 {
				switch j {
				case 1:
					value = must(parseInt(cell))
				case 2:
					value = cal.Day(cell).Start().Add(5 * time.Hour)
				case 4:
					value = must(parseInt(cell))
				}
			}
			if err := f.SetCellValue("Sheet1", name, value); err != nil {
				t.Fatal(err)
			}
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestRosterRefusesFiles(t *testing.T) {
	w := sqliteWorld(t)
	c := w.college(directory.TVET, 1)
	by := w.coordinator(c)
	many := "full_name,iin,birth_date,group\n" + strings.Repeat("a,b,c,d\n", directory.MaxRosterRows+1)
	for name, x := range map[string]struct{ file, code string }{
		"rows": {many, "payload_too_large"}, "bytes": {strings.Repeat("a", directory.MaxRosterBytes+1), "payload_too_large"},
		"columns": {strings.Repeat("a,", 100) + "a\n", "payload_too_large"}, "picture": {"\x89PNG\r\n\x1a\n\x00\x00", "unsupported_media_type"},
		"xls": {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "unsupported_media_type"}, "broken zip": {"PK\x03\x04....", "unsupported_media_type"},
		"bomb": {bomb(t), "payload_too_large"}, "row number": {rowNumber(t, "99999999999999"), "payload_too_large"},
	} {
		_, err := w.ImportRoster(t.Context(), by, c.ID, []byte(x.file), directory.ImportOptions{})
		if errs.CodeOf(err) != x.code {
			t.Errorf("%s: %v, want %s", name, err, x.code)
		}
	}
}

// rowNumber is an XLSX whose last row claims a number.
func rowNumber(t *testing.T, number string) string {
	t.Helper()
	whole := []byte(sheet(t, rosterCSV, false))
	in, err := zip.NewReader(bytes.NewReader(whole), int64(len(whole)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	out := zip.NewWriter(&b)
	for _, part := range in.File {
		r, err := part.Open()
		if err != nil {
			t.Fatal(err)
		}
		text := string(must(io.ReadAll(r)))
		if strings.HasSuffix(part.Name, "sheet1.xml") {
			if !strings.Contains(text, `<row r="3"`) {
				t.Fatal("no third row")
			}
			text = strings.Replace(text, `<row r="3"`, `<row r="`+number+`"`, 1)
		}
		if _, err := must(out.Create(part.Name)).Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestOneImportAtATime(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		c := w.college(directory.TVET, 1)
		by := w.coordinator(c)
		student := w.person("aibek.seitov@example.kz", accounts.AsStudent, accounts.Identity{})
		// The import stops in the middle: its carrier is gone while somebody leaves the roster.
		w.roster(by, c, rosterCSV, directory.ImportOptions{})
		broken := errors.New("the program stops here")
		w.OnEnrolmentEnded = func(context.Context, *directory.Enrolment) error { return broken }
		replace := strings.SplitAfter(rosterCSV, "\n")[0] + "Жаңа Білім Алушы," + iin("2009-03-03", 3) + ",2009-03-03,ТМ-26-1,1,4S07150106,\n"
		_, err := w.ImportRoster(ctx, by, c.ID, []byte(replace), directory.ImportOptions{Replace: true})
		if !errors.Is(err, broken) {
			t.Fatal(err)
		}
		_, err = w.ImportRoster(ctx, by, c.ID, []byte(rosterCSV), directory.ImportOptions{})
		w.refused(err, "import_running")
		w.OnEnrolmentEnded = nil
		w.ok(w.ResumeImports(ctx, w.clock.Now())) // its carrier may still be at work
		if _, err := w.Enrolment(ctx, student.ID); err != nil {
			t.Fatal("taken over too early")
		}
		w.clock.advance(2 * time.Minute)
		w.ok(w.ResumeImports(ctx, w.clock.Now()))
		_, err = w.Enrolment(ctx, student.ID)
		w.refused(err, "enrolment_not_found")
		if rows := w.list(by, c, directory.RosterFilter{}); len(rows) != 1 || rows[0].FullName != "Жаңа Білім Алушы" {
			t.Fatalf("%+v", rows)
		}
		if got := counts(w.roster(by, c, replace, directory.ImportOptions{Replace: true})); got != "done 1: +0 ~0 =1 linked 0 ended 0" {
			t.Fatal(got)
		}
	})
}

func TestParallelImportsOfOneFile(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		c := w.college(directory.TVET, 1)
		by := w.coordinator(c)
		got := w.together(func(ctx context.Context, _ int) error {
			_, err := w.ImportRoster(ctx, by, c.ID, []byte(rosterCSV), directory.ImportOptions{})
			return err
		})
		if got[""] < 1 || got[""]+got["import_running"] != callers {
			t.Fatalf("%v", got)
		}
		if rows := w.list(by, c, directory.RosterFilter{}); len(rows) != 2 {
			t.Errorf("%d rows", len(rows))
		}
	})
}

func TestRosterPagesAndFilters(t *testing.T) {
	w := sqliteWorld(t)
	ctx := t.Context()
	c := w.college(directory.TVET, 1)
	by := w.coordinator(c)
	file := "full_name,iin,birth_date,group,email\n"
	names := []string{"Әлиев Ә", "Абаев А", "Қасымов Қ", "Ким К", "Ұлан Ұ", "Уалиев У", "Янов Я"}
	for i, n := range names {
		file += fmt.Sprintf("%s,%s,2009-03-0%d,G%d,s%d@example.kz\n", n, iin(cal.Day(fmt.Sprintf("2009-03-0%d", i+1)), i), i+1, i%2, i)
	}
	w.person("s3@example.kz", accounts.AsStudent, accounts.Identity{})
	w.roster(by, c, file, directory.ImportOptions{})
	w.StudentStates = everyoneOffered
	var got []string
	var after storage.Cursor
	for {
		page, err := w.ListRoster(ctx, by, c.ID, directory.RosterFilter{}, after, 2)
		w.ok(err)
		for _, r := range page.Items {
			got = append(got, strings.Fields(r.FullName)[0])
		}
		if after = page.Next; after.IsZero() {
			break
		}
	}
	if strings.Join(got, " ") != "Абаев Әлиев Ким Қасымов Уалиев Ұлан Янов" {
		t.Errorf("Kazakh order: %v", got)
	}
	for want, f := range map[int]directory.RosterFilter{
		4: {Group: "g0"}, 1: {State: "offered"}, 6: {State: "none"}, 7: {Under18: ptr(true)}, 0: {Under18: ptr(false)},
	} {
		if rows := w.list(by, c, f); len(rows) != want {
			t.Errorf("%+v finds %d", f, len(rows))
		}
	}
	if rows := w.list(by, c, directory.RosterFilter{EnrolmentState: directory.EnrolmentConfirmed}); len(rows) != 1 || rows[0].State != "offered" {
		t.Errorf("%+v", rows)
	}
	_, err := w.ListRoster(ctx, by, c.ID, directory.RosterFilter{}, storage.Cursor{ID: "ros_elsewhere"}, 2)
	w.refused(err, "bad_cursor")
}
