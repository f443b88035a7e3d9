package apptest

import (
	"bytes"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

const collegeCoordinator = "college@karaganda.demo.orynda.kz"

// raw fetches a file as it is.
func (v *deskVisitor) raw(path string) (status int, kind string, body []byte) {
	v.t.Helper()
	r, err := v.http.Get(v.base + "/ru" + path)
	must(v.t, err)
	defer r.Body.Close()
	body, err = io.ReadAll(r.Body)
	must(v.t, err)
	return r.StatusCode, r.Header.Get("Content-Type"), body
}

// sheetRows opens an XLSX file and gives its rows.
func sheetRows(t *testing.T, body []byte) [][]string {
	t.Helper()
	x, err := excelize.OpenReader(bytes.NewReader(body))
	must(t, err)
	defer x.Close()
	rows, err := x.GetRows(x.GetSheetName(0))
	must(t, err)
	return rows
}

func TestSiteCollege(t *testing.T) {
	w := boot(t, embeddedEngine())
	id := organisationOf(w.as(collegeCoordinator), "college")
	w.run("only members get in", func(t *testing.T, w *world) { siteCollegeDoors(t, w, id) })
	w.run("roster import", func(t *testing.T, w *world) { siteCollegeRoster(t, w, id) })
	w.run("numbers, lists and export", func(t *testing.T, w *world) { siteCollegeStudents(t, w, id) })
	w.run("enrolment", func(t *testing.T, w *world) { siteCollegeEnrolment(t, w, id) })
	w.run("guardian", func(t *testing.T, w *world) { siteCollegeGuardian(t, w, id) })
	w.run("people and data", func(t *testing.T, w *world) { siteCollegePeople(t, w, id) })
	w.run("university", siteUniversity)
}

func siteCollegeDoors(t *testing.T, w *world, id string) {
	own, other, nobody := w.deskVisitor(t, collegeCoordinator), w.deskVisitor(t, "university@almaty.demo.orynda.kz"), w.deskVisitor(t, "")
	pages := []string{
		"desk", "students", "students?show=all", "students.xlsx", "roster", "roster/template.csv", "roster/template.xlsx", "applications", "people",
		"people/signatories", "people/members", "profile",
	}
	for _, page := range pages {
		page = "/colleges/" + id + "/" + page
		own.open(page).mustBe(http.StatusOK)
		own.lacks("site.college.", "site.people.", "site.desk.")
		other.open(page).mustBe(http.StatusNotFound)
		if nobody.open(page); nobody.path != "/ru/signin" {
			t.Errorf("%s: a stranger comes to %s", page, nobody.path)
		}
	}
	own.open("/colleges/"+id+"/desk").mustBe(http.StatusOK, "Ждут подписи колледжа", "/ru/signing", "Проекты договоров", "Укажите")
	row := own.open("/colleges/" + id + "/students?state=placed").find(`/students/(ros_[0-9a-f]+)`)
	own.open("/colleges/"+id+"/students/"+row).mustBe(http.StatusOK, "Место закреплено", "/ru/applications/app_", "/ru/agreements/agr_", "station-passed")
	// One college's student isn't another's, whatever address is tried; steps are no pages.
	elsewhere := organisationOf(w.as("university@almaty.demo.orynda.kz"), "college")
	other.open("/colleges/" + elsewhere + "/students/" + row).mustBe(http.StatusNotFound)
	other.open("/colleges/" + elsewhere + "/desk").mustBe(http.StatusOK)
	other.send("/colleges/" + id + "/students/" + row + "/end").mustBe(http.StatusNotFound)
	for _, step := range []string{"confirm", "refuse", "guardian"} {
		own.open("/colleges/" + id + "/students/" + row + "/" + step).mustBe(http.StatusNotFound)
	}
	own.open("/colleges/"+id+"/students/"+row).mustBe(http.StatusOK, "Место закреплено")
}

func siteCollegeRoster(t *testing.T, w *world, id string) {
	v := w.deskVisitor(t, collegeCoordinator)
	page, list := "/colleges/"+id+"/roster", "/colleges/"+id+"/students?group=SITE-1"
	head := strings.TrimPrefix(strings.TrimSpace(v.open(page+"/template.csv").body), "\ufeff")
	names := strings.Split(head, ";")
	line := func(values map[string]string) string {
		row := make([]string, len(names))
		for i, name := range names {
			row[i] = values[name]
		}
		return strings.Join(row, ";") + "\n"
	}
	good := head + "\n" + line(map[string]string{"ФИО": "Сейітов Айбек Болатұлы", "ИИН": "080515500017", "Дата рождения": "15.05.2008", "Группа": "SITE-1", "Курс": "3"})
	bad := good + line(map[string]string{"ФИО": "Оспанова Дана", "ИИН": "100101600018", "Дата рождения": "вчера", "Группа": "SITE-1"})
	v.open(page).upload(page, "import", []byte(bad))
	v.mustBe(http.StatusUnprocessableEntity, ">3<", ">ИИН<", ">Дата рождения<", "Ничего не сохранено")
	v.lacks("100101600018", "column iin")
	v.open(list).mustBe(http.StatusOK, "Таких студентов не нашлось")
	v.open(page).upload(page, "check", []byte(bad)).mustBe(http.StatusUnprocessableEntity, ">Дата рождения<")
	v.open(page).upload(page, "check", []byte(good)).mustBe(http.StatusOK, "Пока ничего не сохранено", "добавлено: 1")
	v.open(list).mustBe(http.StatusOK, "Таких студентов не нашлось")
	v.open(page).upload(page, "import", []byte(good)).mustBe(http.StatusOK, "Файл загружен: 1 строка", "добавлено: 1")
	v.open(list).mustBe(http.StatusOK, "Сейітов Айбек Болатұлы", "3 курс")
	v.lacks("080515500017")
	v.open(page).upload(page, "import", []byte(good)).mustBe(http.StatusOK, "без изменений: 1")
	v.open(page).upload(page, "import", nil).mustBe(http.StatusUnprocessableEntity, "#f-file")
	// The sheet to fill in has the same columns.
	status, _, body := v.raw(page + "/template.xlsx")
	if rows := sheetRows(t, body); status != http.StatusOK || len(rows) != 1 || !slices.Equal(rows[0], names) {
		t.Errorf("%d %v", status, rows)
	}
}

func siteCollegeStudents(t *testing.T, w *world, id string) {
	v := w.deskVisitor(t, collegeCoordinator)
	path := "/colleges/" + id + "/students"
	v.open(path).mustBe(http.StatusOK, "По группам", "/ru"+path+"?group=SITE-1", "/ru"+path+"?state=placed", "Место закреплено")
	placed := 0
	for _, r := range w.as(collegeCoordinator).Get("/api/v1/colleges/" + id + "/roster?state=placed&limit=100").Items("items") {
		placed++
		v.open(path+"?state=placed").mustBe(http.StatusOK, r.S("full_name"))
	}
	if placed == 0 {
		t.Fatal("the demo has nobody with a place")
	}
	v.lacks("Сейітов Айбек")
	v.open(path).send(path, "q", "сейитов").mustBe(http.StatusOK, "Сейітов Айбек Болатұлы")
	v.lacks("Показаны первые")
	v.open(path + "?q=сейитов").mustBe(http.StatusOK) // a name in an address is not listened to
	v.lacks("Сейітов Айбек")
	status, kind, body := v.raw(path + ".xlsx?state=placed")
	rows := sheetRows(t, body)
	if status != http.StatusOK || !strings.Contains(kind, "spreadsheetml") || len(rows) != placed+1 || rows[0][0] != "Фамилия, имя, отчество" {
		t.Fatalf("%d %s: %d rows, want %d: %v", status, kind, len(rows), placed+1, rows)
	}
	all := 0
	for _, r := range func() [][]string { _, _, b := v.raw(path + ".xlsx"); return sheetRows(t, b) }()[1:] {
		all++
		for _, cell := range r {
			if cell == "080515500017" || strings.HasPrefix(cell, "=") {
				t.Errorf("the export holds %s", cell)
			}
		}
	}
	if all <= placed {
		t.Errorf("the whole list has %d, those with a place are %d", all, placed)
	}
	v.open("/colleges/"+id+"/applications?state=accepted").mustBe(http.StatusOK, "Принято", "/ru/applications/app_")
	v.lacks(">Закрыта</span>")
}

func siteCollegeEnrolment(t *testing.T, w *world, id string) {
	v, who := w.deskVisitor(t, collegeCoordinator), w.as("citizen@demo.orynda.kz")
	me := who.Get("/api/v1/me")
	claim := Doc{"college_id": id, "group": "SITE-2", "iin": me.S("profile.iin"), "birth_date": me.S("profile.birth_date")}
	who.Post("/api/v1/me/enrolment", claim)
	row := v.open("/colleges/" + id + "/desk").find(`/students/(ros_[0-9a-f]+)`)
	v.mustBe(http.StatusOK, "Подтвердить обучение", me.S("full_name"))
	page := "/colleges/" + id + "/students/" + row
	v.open(page).mustBe(http.StatusOK, "Говорит, что учится в этом колледже")
	v.send(page+"/confirm", "group", "SITE-2", "qualification_code", "нет такого", "order_number", "7-С")
	v.mustBe(http.StatusUnprocessableEntity, `value="нет такого"`, `value="7-С"`, "#f-qualification_code")
	v.send(page+"/confirm", "group", "SITE-2", "order_number", "7-С", "enrolled_on", "2025-09-01").mustBe(http.StatusOK, "Обучение подтверждено", "7-С")
	if state := who.Get("/api/v1/me").S("enrolment.state"); state != "confirmed" {
		t.Errorf("the enrolment is %s", state)
	}
	// The end says what it does first, and needs a reason.
	v.open(page+"/end").mustBe(http.StatusOK, "После этого:", "остаются в силе")
	v.send(page+"/end", "comment", "до встречи").mustBe(http.StatusUnprocessableEntity, "до встречи", "#f-reason")
	if state := who.Get("/api/v1/me").S("enrolment.state"); state != "confirmed" {
		t.Errorf("a refused form ended the enrolment: %s", state)
	}
	v.send(page+"/end", "reason", "transferred", "ended_on", string(w.today())).mustBe(http.StatusOK, "Обучение завершено")
	if state := who.Get("/api/v1/me").S("enrolment.state"); state == "confirmed" {
		t.Errorf("the enrolment is still %s", state)
	}
	v.open(page + "/end").mustBe(http.StatusNotFound)
	// A claim is refused.
	who.Post("/api/v1/me/enrolment", claim)
	row = v.open("/colleges/" + id + "/desk").find(`/students/(ros_[0-9a-f]+)`)
	v.open("/colleges/"+id+"/students/"+row).send("/colleges/"+id+"/students/"+row+"/refuse", "comment", "нет в списках").mustBe(http.StatusOK, "Отклонено")
	v.open("/colleges/" + id + "/desk").lacks("Подтвердить обучение")
}

func siteCollegeGuardian(t *testing.T, w *world, id string) {
	v := w.deskVisitor(t, collegeCoordinator)
	minor := w.as(collegeCoordinator).Get("/api/v1/colleges/" + id + "/roster?guardian_state=confirmed").Items("items")[0]
	page := "/colleges/" + id + "/students/" + minor.S("id")
	v.open(page).mustBe(http.StatusOK, "Законный представитель", "Подтверждён")
	v.send(page+"/guardian", "full_name", "Проба Мать", "email", "mother@example.kz", "phone", "восемь").mustBe(http.StatusUnprocessableEntity, `value="Проба Мать"`, `value="восемь"`, "#f-ground")
	v.send(page+"/guardian", "full_name", "Проба Мать", "email", "mother@example.kz", "phone", "восемь", "ground", "parent").mustBe(http.StatusUnprocessableEntity, "#f-phone")
	v.send(page+"/guardian", "full_name", "Проба Мать Ивановна", "email", "mother@example.kz", "phone", "+77010000001", "ground", "parent")
	v.mustBe(http.StatusOK, "отправлено приглашение", "Проба Мать Ивановна", "Приглашён")
	guardian := v.find(`(?s)Проба Мать.*?/guardian/(grd_[0-9a-f]+|[a-z]{3}_[0-9a-f]+)"`)
	v.send(page+"/guardian/"+guardian, "do", "refuse").mustBe(http.StatusUnprocessableEntity, "#f-word-"+guardian)
	v.send(page+"/guardian/"+guardian, "do", "refuse", "word-"+guardian, "Документ не показан").mustBe(http.StatusOK, "В подтверждении представителя отказано")
	v.send(page+"/guardian/grd_00000000000000000000000000000000", "do", "confirm").mustBe(http.StatusNotFound)
}

func siteCollegePeople(t *testing.T, w *world, id string) {
	v := w.deskVisitor(t, collegeCoordinator)
	people := "/colleges/" + id + "/people"
	v.open(people).send(people, "position", "мастер").mustBe(http.StatusUnprocessableEntity, `value="мастер"`, "#f-full_name")
	v.send(people, "full_name", "Пробный Руководитель", "position", "мастер", "role", "training_master").mustBe(http.StatusOK, "Пробный Руководитель", "Руководитель добавлен")
	v.send(people + "/supervisors/" + v.find(`(?s)Пробный Руководитель.*?/supervisors/([^/]+)/end`) + "/end").mustBe(http.StatusOK)
	v.lacks("Пробный Руководитель")
	members := people + "/members"
	v.open(members).send(members, "email", "helper@example.kz", "role", "coordinator").mustBe(http.StatusOK, "helper@example.kz", "Приглашение отправлено")
	v.send(members + "/invitations/" + v.find(`/invitations/([^/]+)/withdraw`) + "/withdraw").mustBe(http.StatusOK)
	v.lacks("helper@example.kz")
	v.open(people+"/signatories").send(people+"/signatories", "ground", "Устав").mustBe(http.StatusUnprocessableEntity, `value="Устав"`, "#f-person_id", "#f-from")
	profile := "/colleges/" + id + "/profile"
	version := v.open(profile).version()
	v.send(profile, "version", version, "website", "не адрес", "head_name", "Новый Директор").mustBe(http.StatusUnprocessableEntity, `value="не адрес"`, `value="Новый Директор"`)
	v.send(profile, "version", version, "head_name", "Новый Директор").mustBe(http.StatusOK, "Данные сохранены", "Новый Директор")
	v.send(profile, "version", version, "head_name", "Ещё Новее").mustBe(http.StatusUnprocessableEntity, `value="Ещё Новее"`, "Тем временем кто-то сохранил")
}

// A university's pages speak of itself.
func siteUniversity(t *testing.T, w *world) {
	const email = "university@almaty.demo.orynda.kz"
	v := w.deskVisitor(t, email)
	id := organisationOf(w.as(email), "college")
	v.open("/colleges/"+id+"/desk").mustBe(http.StatusOK, "Данные университета")
	v.lacks("Данные колледжа")
	v.open("/colleges/"+id+"/roster/template.csv").mustBe(http.StatusOK, "Код направления подготовки")
	v.lacks("Код квалификации")
}
