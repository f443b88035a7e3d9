package apptest

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
)

// upload posts a file with the proof of the page that is open.
func (v *deskVisitor) upload(path, do string, file []byte) *deskVisitor {
	v.t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	must(v.t, m.WriteField("_csrf", v.find(`name="_csrf" value="([^"]*)"`)))
	must(v.t, m.WriteField("do", do))
	part, err := m.CreateFormFile("file", "places.csv")
	must(v.t, err)
	_, err = part.Write(file)
	must(v.t, err)
	must(v.t, m.Close())
	return v.took(v.http.Post(v.base+"/ru"+path, m.FormDataContentType(), &b))
}

func siteEnterpriseImport(t *testing.T, w *world, id string) {
	v := w.deskVisitor(t, enterpriseHR)
	page, list := "/enterprises/"+id+"/import", "/enterprises/"+id+"/placements?state=draft"
	// Every column of the template is known to the import: its header with one row is accepted.
	header := strings.TrimPrefix(strings.TrimSpace(v.open(page+"/template.csv").body), "\ufeff")
	names := strings.Split(header, ";")
	row := make([]string, len(names))
	for i, name := range names {
		row[i] = map[string]string{"external_reference": "S-1", "regime": "r50", "title_ru": "Сварщик из файла", "seats": "2"}[name]
	}
	good := header + "\n" + strings.Join(row, ";") + "\n"
	v.open(page).upload(page, "check", []byte(good)).mustBe(http.StatusOK, "Файл в порядке", "S-1")
	v.open(list).lacks("Сварщик из файла")
	bad := good + strings.ReplaceAll(strings.Join(row, ";"), "r50", "r99") + "\n"
	v.open(page).upload(page, "import", []byte(bad)).mustBe(http.StatusUnprocessableEntity, "<code translate=\"no\">regime</code>", "<code translate=\"no\">external_reference</code>")
	v.open(list).lacks("Сварщик из файла")
	v.open(page).upload(page, "import", []byte("\x89PNG\r\n\x1a\n\x00")).mustBe(http.StatusUnprocessableEntity, "Файл не читается")
	v.open(page).upload(page, "import", nil).mustBe(http.StatusUnprocessableEntity)
	v.open(page).upload(page, "import", []byte(good)).mustBe(http.StatusOK, "Загружена 1 строка")
	v.open(list).mustBe(http.StatusOK, "Сварщик из файла")
	v.open(page).upload(page, "import", []byte(good)).mustBe(http.StatusOK, "без изменений")
}

// siteEnterpriseFilings looks at a filing that the chamber remarked on, and mends it.
func siteEnterpriseFilings(t *testing.T, w *world, id string) {
	v := w.deskVisitor(t, enterpriseHR)
	place := v.open("/enterprises/" + id + "/placements?state=published").find(`/placements/(plc_[^/"?]+)/pause`)
	page := "/placements/" + place + "/filings"
	filing := w.as(enterpriseHR).Get("/api/v1" + page).Items("items")[0]
	if filing.S("state") != "filed" {
		t.Fatalf("the filing of %s is %s", place, filing.S("state"))
	}
	w.as("chamber@karaganda.demo.orynda.kz").Post("/api/v1/filings/"+filing.S("id")+"/decision", Doc{
		"decision": "remarks", "fields": []string{"weekly_hours"}, "comment": "Проверьте часы в неделю",
	})
	v.open("/enterprises/"+id+"/desk").mustBe(http.StatusOK, "Исправьте по замечанию палаты", filing.S("number"))
	v.open(page).mustBe(http.StatusOK, "Проверьте часы в неделю", "/placements/"+place+"/edit?step=when#f-weekly_hours")
}

func siteEnterprisePeople(t *testing.T, w *world, id string) {
	v := w.deskVisitor(t, enterpriseHR)
	people := "/enterprises/" + id + "/people"
	v.open(people).send(people, "full_name", "", "position", "мастер участка", "experience_years", "много")
	v.mustBe(http.StatusUnprocessableEntity, `value="мастер участка"`, `value="много"`, "#f-full_name", "#f-experience_years")
	v.send(people, "full_name", "Пробный Наставник Иванович", "position", "мастер участка").mustBe(http.StatusOK, "Пробный Наставник Иванович", "Наставник добавлен")
	mentor := people + "/mentors/" + v.find(`(?s)Пробный Наставник.*?/mentors/(mnt_[^/]+)/end`)
	v.open(mentor).mustBe(http.StatusOK, `value="Пробный Наставник Иванович"`, "0 из 5")
	version := v.find(`name="version" value="(\d+)"`)
	v.send(mentor, "version", version, "full_name", "", "position", "мастер цеха").mustBe(http.StatusUnprocessableEntity, "#f-full_name", `value="мастер цеха"`)
	v.send(mentor, "version", version, "full_name", "Пробный Наставник Петрович", "position", "мастер цеха", "experience_years", "7").
		mustBe(http.StatusOK, "Данные наставника сохранены.", "Пробный Наставник Петрович", "мастер цеха")
	// Who read the older version sees what is stored now, and keeps what was typed.
	v.open(mentor).send(mentor, "version", version, "full_name", "Пробный Наставник Петрович", "position", "бригадир").
		mustBe(http.StatusUnprocessableEntity, "Тем временем данные изменились", `value="бригадир"`, "мастер цеха")
	v.send(mentor + "/end").mustBe(http.StatusOK)
	v.lacks("Пробный Наставник")
	v.open(mentor).mustBe(http.StatusNotFound)
	v.lacks("Пробный Наставник")
	v.open(people+"/members").send(people+"/members", "email", "newhand@example.kz", "role", "hr").mustBe(http.StatusOK, "newhand@example.kz")
	v.send(people + "/members/invitations/" + v.find(`/invitations/([^/]+)/withdraw`) + "/withdraw").mustBe(http.StatusOK)
	v.lacks("newhand@example.kz")
	// The last admin stays: the refusal stands on the page it was asked on.
	own := v.find(`(?s)Исаева Жанар Муратовна</span>.*?/members/([^/]+)/remove`)
	v.send(people+"/members/"+own+"/remove").mustBe(http.StatusOK, `role="alert"`, enterpriseHR)
	v.open(people+"/rooms").send(people+"/rooms", "name", "").mustBe(http.StatusUnprocessableEntity, "#f-name")
	v.open(people+"/signatories").send(people+"/signatories", "ground", "Устав").mustBe(http.StatusUnprocessableEntity, `value="Устав"`, "#f-person_id", "#f-from")
	// Another enterprise's admin neither sees nor changes them.
	other := w.deskVisitor(t, enterpriseNew)
	named := v.open(people).find(`/mentors/(mnt_[^/"]+)"`)
	other.open(people + "/mentors/" + named).mustBe(http.StatusNotFound)
	other.open("/enterprises/" + other.home() + "/people/mentors/" + named).mustBe(http.StatusNotFound)
	other.open("/enterprises/"+other.home()+"/people").send(people, "full_name", "Чужой Наставник", "position", "мастер").mustBe(http.StatusForbidden)
	v.open(people).lacks("Чужой Наставник")
}

func siteEnterpriseProfile(t *testing.T, w *world) {
	v := w.deskVisitor(t, enterpriseNew)
	id := v.home()
	profile := "/enterprises/" + id + "/profile"
	v.open("/enterprises/"+id+"/desk").mustBe(http.StatusOK, "Проверить данные и отправить в палату")
	version := v.open(profile).version()
	v.send(profile, "version", version, "name", "Я", "website", "без схемы", "bank.account", "KZ1").
		mustBe(http.StatusUnprocessableEntity, `value="без схемы"`, `value="KZ1"`, "#f-name", "#f-website", "#f-bank.account")
	v.send(profile, "version", version, "about", "Шьём рабочую одежду").mustBe(http.StatusOK, "Шьём рабочую одежду")
	// A second window with the old version sees what it would overwrite.
	v.send(profile, "version", version, "about", "Шьём обувь").mustBe(http.StatusUnprocessableEntity, "Тем временем", "Шьём рабочую одежду", "Шьём обувь")
	v.open(profile).send("/enterprises/"+id+"/submit", "comment", "Готовы показать цех").mustBe(http.StatusOK, "Отправлено в палату")
	v.open(profile).mustBe(http.StatusOK, "Палата проверяет данные")
	// Before the chamber's word nothing is published, but drafts are made.
	first := "/enterprises/" + id + "/placements/new"
	v.open(first).send(first, "regime", "r50", "title.ru", "Ученик швеи", "do", "next").mustBe(http.StatusOK)
	place := "/placements/" + v.find(`(plc_[0-9a-f]+)/edit`)
	v.send(place+"/publish").mustBe(http.StatusUnprocessableEntity, "Данные предприятия", profile)

	// The chamber refuses: each defect stands there with the way to its field, and the enterprise sends itself again.
	registrar := w.as("chamber@karaganda.demo.orynda.kz")
	registrar.Post("/api/v1/enterprises/"+id+"/verification/claim", nil)
	registrar.Post("/api/v1/enterprises/"+id+"/verification", Doc{
		"decision": "refused", "comment": "Уточните адрес цеха", "defects": []Doc{{"field": "address", "code": "address_incomplete", "note": "нет номера дома"}},
	})
	v.open("/enterprises/"+id+"/desk").mustBe(http.StatusOK, "Исправить недочёты")
	v.open(profile).mustBe(http.StatusOK, "Палата нашла недочёты", "Уточните адрес цеха", "нет номера дома", `href="#f-address"`, "Отправить в палату снова")
	v.send("/enterprises/"+id+"/submit").mustBe(http.StatusOK, "Отправлено в палату")

	// Somebody without an enterprise registers one.
	fresh := w.deskVisitor(t, "citizen@demo.orynda.kz")
	fresh.open("/enterprises/new").send("/enterprises/new", "name", "", "bin", "1", "address", "Сельская, 3").
		mustBe(http.StatusUnprocessableEntity, `value="Сельская, 3"`, "#f-bin", "#f-name", "#f-city")
}
