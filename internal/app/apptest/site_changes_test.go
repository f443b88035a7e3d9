package apptest

import (
	"net/http"
	"strings"
	"testing"
)

// What changed since the reader said to have looked a list through is marked, counted and can be shown alone; looking alone notes nothing.
func TestSiteChanges(t *testing.T) {
	w := boot(t, embeddedEngine())
	w.run("college", siteCollegeChanges)
	w.run("chamber", siteChamberChanges)
}

const (
	changedMark = ">Изменилось<"
	lookFirst   = "Отметьте список просмотренным"
)

// looksThrough presses "seen" on a list and comes back to it.
func (v *deskVisitor) looksThrough(of, list string) *deskVisitor {
	v.t.Helper()
	return v.send(of+"/looked", "list", list, "until", v.find(`name="until" value="(\d+)"`))
}

func siteCollegeChanges(t *testing.T, w *world) {
	college := organisationOf(w.as(collegeCoordinator), "college")
	of := "/colleges/" + college
	v := w.deskVisitor(t, collegeCoordinator)
	v.open(of+"/applications").mustBe(http.StatusOK, lookFirst)
	v.lacks(changedMark)
	v.open(of+"/applications").mustBe(http.StatusOK, lookFirst) // opening it was no look
	v.open(of + "/desk").mustBe(http.StatusOK)
	v.lacks("Изменилось с прошлого просмотра")
	v.open(of+"/applications").looksThrough(of, "applications").mustBe(http.StatusOK, "Список отмечен просмотренным", "Вы просмотрели список")
	v.open(of+"/students?show=all").looksThrough(of, "students").mustBe(http.StatusOK, "Вы просмотрели список")
	v.open("/agreements").looksThrough("/agreements", "agreements").mustBe(http.StatusOK, "Вы просмотрели список")
	v.open(of+"/applications?changed=true").mustBe(http.StatusOK, "Таких заявок нет")

	w.advance("PT1H")
	c := &chain{t: t, w: w, applicant: w.as("student@demo.orynda.kz"), college: w.as(collegeCoordinator), enterprise: w.as(enterpriseHR)}
	c.enterpriseID, c.collegeID = organisationOf(c.enterprise, "enterprise"), college
	c.post()
	c.apply()
	name := c.applicant.Get("/api/v1/me").S("full_name")
	for _, page := range []string{"/applications?changed=true", "/students?show=all&changed=true"} {
		v.open(of+page).mustBe(http.StatusOK, name, changedMark, "Показать всё")
		if n := strings.Count(v.body, changedMark); n != 1 {
			t.Errorf("%s marks %d rows, one changed", page, n)
		}
	}
	v.open(of+"/applications").mustBe(http.StatusOK, changedMark, "Показать только изменившееся")
	v.open(of+"/desk").mustBe(http.StatusOK, "Изменилось с прошлого просмотра", "/ru"+of+"/applications?changed=true", "/ru"+of+"/students?changed=true")
	v.lacks("/ru/agreements?changed=true")

	// The page was made before the withdrawal: what came after it stays marked.
	v.open(of + "/applications")
	w.advance("PT1H")
	c.applicant.Post("/api/v1/applications/"+c.application+"/withdraw", Doc{})
	v.looksThrough(of, "applications").mustBe(http.StatusOK, changedMark)
	v.open(of+"/applications").looksThrough(of, "applications").mustBe(http.StatusOK)
	v.lacks(changedMark)
	// A page of long ago moves no look back.
	v.send(of+"/looked", "list", "applications", "until", "1").mustBe(http.StatusOK)
	v.lacks(changedMark)
	v.open(of + "/applications")
	v.send(of+"/looked", "list", "register", "until", "1").mustBe(http.StatusBadRequest)
	stranger := w.deskVisitor(t, enterpriseHR)
	stranger.open("/start").send(of+"/looked", "list", "applications", "until", "1").mustBe(http.StatusNotFound)
}

func siteChamberChanges(t *testing.T, w *world) {
	of := "/chambers/" + organisationOf(w.as(chamberRegistrar), "chamber")
	v := w.deskVisitor(t, chamberRegistrar)
	for _, list := range []string{"verifications", "filings", "register"} {
		v.open(of+"/"+list).mustBe(http.StatusOK, lookFirst)
		v.looksThrough(of, list).mustBe(http.StatusOK, "Вы просмотрели список")
		v.lacks(changedMark)
	}
	w.advance("PT1H")
	id := organisationOf(w.as(enterpriseNew), "enterprise")
	w.as(enterpriseNew).Post("/api/v1/enterprises/"+id+"/verification/submit", Doc{"comment": "Кеңсе көшті."})
	filing := v.open(of + "/filings?state=filed").find(of + `/filings/(fil_[^/"?]+)`)
	w.as(chamberRegistrar).Post("/api/v1/filings/"+filing+"/decision", Doc{"decision": "accepted"})
	v.open(of+"/desk").mustBe(http.StatusOK, "Изменилось с прошлого просмотра", "/ru"+of+"/verifications?changed=true", "/ru"+of+"/filings?changed=true")
	v.lacks("/ru" + of + "/register?changed=true")
	v.open(of+"/verifications?changed=true").mustBe(http.StatusOK, changedMark, id)
	v.open(of+"/filings?changed=true").mustBe(http.StatusOK, changedMark, filing)
	if n := strings.Count(v.body, changedMark); n != 1 {
		t.Errorf("%d filings are marked, one changed", n)
	}
	v.open(of + "/filings").mustBe(http.StatusOK)
	v.lacks(filing) // it waits no longer
	v.open(of + "/register?changed=true").mustBe(http.StatusOK)
	v.lacks(changedMark)
}
