package apptest

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

const (
	chamberRegistrar = "chamber@karaganda.demo.orynda.kz"
	platformAdmin    = "admin@demo.orynda.kz"
)

func TestSiteChamber(t *testing.T) {
	w := boot(t, embeddedEngine())
	id := organisationOf(w.as(chamberRegistrar), "chamber")
	w.run("only members get in", func(t *testing.T, w *world) { siteChamberDoors(t, w, id) })
	w.run("verification", func(t *testing.T, w *world) { siteChamberVerification(t, w, id) })
	w.run("filing", func(t *testing.T, w *world) { siteChamberFiling(t, w, id) })
	w.run("register", func(t *testing.T, w *world) { siteChamberRegister(t, w, id) })
}

func siteChamberDoors(t *testing.T, w *world, id string) {
	own, other, nobody := w.deskVisitor(t, chamberRegistrar), w.deskVisitor(t, collegeCoordinator), w.deskVisitor(t, "")
	for _, page := range []string{"desk", "verifications", "filings", "filings?state=all", "register", "register.csv", "register.xlsx", "people"} {
		page = "/chambers/" + id + "/" + page
		own.open(page).mustBe(http.StatusOK)
		own.lacks("site.chamber.", "site.people.", "site.desk.")
		other.open(page).mustBe(http.StatusNotFound)
		if nobody.open(page); nobody.path != "/ru/signin" {
			t.Errorf("%s: a stranger comes to %s", page, nobody.path)
		}
	}
	own.open("/chambers/"+id+"/desk").mustBe(http.StatusOK, "Внести в реестр", "/ru/agreements/agr_", "Рассмотреть заявки на места")
}

func siteChamberVerification(t *testing.T, w *world, id string) {
	newcomer := w.as(enterpriseNew)
	enterprise := organisationOf(newcomer, "enterprise")
	v := w.deskVisitor(t, chamberRegistrar)
	page := "/chambers/" + id + "/verifications/" + enterprise
	submit := func() {
		newcomer.Post("/api/v1/enterprises/"+enterprise+"/verification/submit", Doc{"comment": "Проверьте нас"})
	}
	if newcomer.Get("/api/v1/enterprises/"+enterprise).S("state") == "new" {
		v.open(page).mustBe(http.StatusNotFound)
		submit()
	}
	name := newcomer.Get("/api/v1/enterprises/" + enterprise).S("name")
	v.open("/chambers/"+id+"/desk").mustBe(http.StatusOK, name)
	v.open("/chambers/"+id+"/verifications").mustBe(http.StatusOK, name)
	v.open(page + "/claim").mustBe(http.StatusNotFound) // a step is no page
	v.open(page).mustBe(http.StatusOK, "Ещё никто не взял", name)
	v.send(page+"/claim").mustBe(http.StatusOK, "Это предприятие рассматриваете вы")
	version := v.version()
	v.send(page, "do", "refused", "version", version, "comment", "Посмотрите адрес").mustBe(http.StatusUnprocessableEntity, "Посмотрите адрес")
	v.send(page, "do", "refused", "version", version, "comment", "Посмотрите адрес", "defect.address", "address_incomplete", "note.address", "нет номера дома")
	v.mustBe(http.StatusOK, "Недостатки отправлены предприятию")
	got := newcomer.Get("/api/v1/enterprises/" + enterprise)
	if got.S("state") != "refused" || got.Items("verification.defects")[0].S("field") != "address" {
		t.Fatalf("%v", got)
	}
	v.open(page).mustBe(http.StatusOK, "Найденные недостатки", "нет номера дома")
	v.lacks("Взять на рассмотрение")
	submit()
	v.open(page).mustBe(http.StatusOK, "Недостатки прошлого раза", "нет номера дома")
	v.send(page, "do", "verified", "version", v.version()).mustBe(http.StatusOK, "Предприятие подтверждено")
	if state := newcomer.Get("/api/v1/enterprises/" + enterprise).S("state"); state != "verified" {
		t.Errorf("it is %s", state)
	}
	v.open("/chambers/"+id+"/verifications?state=verified").mustBe(http.StatusOK, name)
	w.deskVisitor(t, collegeCoordinator).open(page).mustBe(http.StatusNotFound)
}

func siteChamberFiling(t *testing.T, w *world, id string) {
	v := w.deskVisitor(t, chamberRegistrar)
	list := "/chambers/" + id + "/filings"
	filing := v.open(list).find(`/filings/(fil_[0-9a-f]+)`)
	page := list + "/" + filing
	v.open(page).mustBe(http.StatusOK, "Отметьте поля", "Часов в неделю")
	v.send(page, "do", "remarks", "fields", "weekly_hours").mustBe(http.StatusUnprocessableEntity, `value="weekly_hours" checked`, "#f-comment")
	v.send(page, "do", "remarks", "comment", "Сверьте часы").mustBe(http.StatusUnprocessableEntity, "Сверьте часы", "#f-fields")
	v.send(page, "do", "remarks", "fields", "weekly_hours", "comment", "Сверьте часы").mustBe(http.StatusOK, "Замечания отправлены")
	v.open(page).mustBe(http.StatusOK, "Сверьте часы", "Есть замечания")
	v.lacks("Отметьте поля")
	v.open(list+"?state=remarks").mustBe(http.StatusOK, filing)
	next := v.open(list).find(`/filings/(fil_[0-9a-f]+)`)
	if next == filing {
		t.Fatal("a decided filing still waits")
	}
	v.open(list+"/"+next).send(list+"/"+next, "do", "accepted").mustBe(http.StatusOK, "Заявка принята")
	w.deskVisitor(t, enterpriseHR).open(page).mustBe(http.StatusNotFound)
}

func siteChamberRegister(t *testing.T, w *world, id string) {
	v := w.deskVisitor(t, chamberRegistrar)
	path := "/chambers/" + id + "/register"
	entries := w.as(chamberRegistrar).Get("/api/v1/chambers/" + id + "/register").Items("items")
	if len(entries) < 2 {
		t.Fatal("the demo's register is empty")
	}
	one := entries[0]
	v.open(path).mustBe(http.StatusOK, one.S("number"), one.S("student_name"), "/ru/agreements/"+one.S("agreement_id"))
	v.lacks(one.S("student_iin"))
	v.open(path+"?number="+one.S("number")).mustBe(http.StatusOK, one.S("student_name"))
	v.lacks(entries[1].S("student_name"))
	v.open(path+"?number=999/2020").mustBe(http.StatusOK, "Таких договоров не нашлось")
	v.open(path+"?from=вчера").mustBe(http.StatusOK, "Такого дня нет", one.S("number"))
	v.open(path+"?enterprise="+one.S("enterprise_id")).mustBe(http.StatusOK, one.S("enterprise_name"), "снять отбор")
	status, _, body := v.raw(path + ".xlsx?number=" + one.S("number"))
	rows := sheetRows(t, body)
	if status != http.StatusOK || len(rows) != 2 || !strings.Contains(strings.Join(rows[1], "|"), one.S("student_name")) {
		t.Errorf("%d %v", status, rows)
	}
	status, kind, body := v.raw(path + ".csv")
	if lines := strings.Count(strings.TrimSpace(string(body)), "\n"); status != http.StatusOK || !strings.HasPrefix(kind, "text/csv") || lines != len(entries) {
		t.Errorf("%d %s: %d lines for %d entries", status, kind, lines, len(entries))
	}
}

func TestSiteAdmin(t *testing.T) {
	w := boot(t, embeddedEngine())
	v, other, nobody := w.deskVisitor(t, platformAdmin), w.deskVisitor(t, collegeCoordinator), w.deskVisitor(t, "")
	for _, page := range []string{"", "/colleges", "/colleges/new", "/chambers", "/chambers/new", "/outbox", "/outbox?state=waiting", "/dead", "/dead?state=retried"} {
		v.open("/admin" + page).mustBe(http.StatusOK)
		v.lacks("site.admin.", "site.people.")
		other.open("/admin" + page).mustBe(http.StatusNotFound)
		if nobody.open("/admin" + page); nobody.path != "/ru/signin" {
			t.Errorf("%s: a stranger comes to %s", page, nobody.path)
		}
	}
	// The administrator is nobody's member: no organisation's pages.
	v.open("/colleges/" + organisationOf(w.as(collegeCoordinator), "college") + "/students").mustBe(http.StatusNotFound)
	v.open("/chambers/" + organisationOf(w.as(chamberRegistrar), "chamber") + "/register").mustBe(http.StatusNotFound)
	v.open("/admin").mustBe(http.StatusOK, "orynda audit verify", "Пересобрать индекс")
	v.send("/admin/index").mustBe(http.StatusOK, "Пересборка запрошена")
	siteAdminCreates(t, w, v)
	other.open("/about").send("/admin/dead/retry").mustBe(http.StatusNotFound)
	v.open("/admin/outbox").send("/admin/dead/out_00000000000000000000000000000000/retry").mustBe(http.StatusNotFound)
}

func siteAdminCreates(t *testing.T, w *world, v *deskVisitor) {
	const page = "/admin/colleges/new"
	v.open(page).send(page, "name", "Пробный колледж", "bin", "123", "kind", "tvet", "city", "350000000/Қарағанды")
	v.mustBe(http.StatusUnprocessableEntity, `value="Пробный колледж"`, `value="123"`, "#f-bin", "#f-first_member.email")
	fields := []string{
		"name", "Пробный колледж", "bin", "120540000011", "kind", "tvet", "city", "350000000/Қарағанды", "legal_names.ru", "ГККП «Пробный колледж»",
		"first_member.full_name", "Первая Анна Ивановна", "first_member.email", "first@example.kz",
	}
	if v.send(page, fields...); v.status == http.StatusUnprocessableEntity {
		t.Fatalf("refused: %s", v.find(`(?s)<div class="problem"(.*?)</div>`))
	}
	v.mustBe(http.StatusOK, "Учебное заведение добавлено")
	v.open("/admin/colleges?q=пробный").mustBe(http.StatusOK, "Пробный колледж")
	Eventually(t, 10*time.Second, "the first member is invited", func() bool {
		return len(w.anonymous().Get("/demo/mail?to=first@example.kz").Items("items")) == 1
	})
	v.send(page, fields...).mustBe(http.StatusUnprocessableEntity, `value="Пробный колледж"`) // the number is taken
}
