package apptest

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// The life of an agreement on its pages, by people without script: a draft completed, made ready, signed, countersigned in bulk with one code, registered.
func TestSiteOfAgreements(t *testing.T) {
	w := boot(t, embeddedEngine())
	c := &chain{
		t: t, w: w, applicant: w.as("student@demo.orynda.kz"), college: w.as("college@karaganda.demo.orynda.kz"), enterprise: w.as("hr@saryarqa-energo.demo.orynda.kz"),
	}
	c.enterpriseID, c.collegeID = organisationOf(c.enterprise, "enterprise"), organisationOf(c.college, "college")
	c.post()
	c.apply()
	c.interview()
	c.offer()
	c.accept()
	s := &siteAgreement{
		chain: c, t: t, path: "/agreements/" + c.agreement, student: w.deskVisitor(t, "student@demo.orynda.kz"), hr: w.deskVisitor(t, enterpriseHR),
		coordinator: w.deskVisitor(t, "college@karaganda.demo.orynda.kz"), chamber: w.deskVisitor(t, "chamber@karaganda.demo.orynda.kz"),
	}
	for _, part := range []struct {
		name string
		walk func()
	}{
		{"strangers find nothing", s.strangers}, {"a draft is completed", s.draft}, {"a stale form shows what is newer", s.stale}, {"what others changed is marked", s.marks},
		{"the draft becomes ready", s.ready}, {"each party signs", s.sign}, {"the document is the stored one", s.document}, {"opening pages changes nothing", s.opens},
		{"the college signs several with one code", s.bulk}, {"the chamber registers", s.registers}, {"a refused end keeps what was typed", s.ends},
	} {
		t.Run(part.name, func(t *testing.T) {
			s.in(t)
			part.walk()
		})
	}
}

// siteAgreement is one agreement with everybody who has to do with it.
type siteAgreement struct {
	*chain
	t                                 *testing.T
	path                              string
	student, hr, coordinator, chamber *deskVisitor
}

func (s *siteAgreement) in(t *testing.T) {
	s.t, s.chain.t, s.w.t = t, t, t
	for _, v := range []*deskVisitor{s.student, s.hr, s.coordinator, s.chamber} {
		v.t = t
	}
	for _, c := range s.w.clients {
		c.t = t
	}
}

func (s *siteAgreement) now() Doc {
	s.t.Helper()
	return s.college.Get("/api/v1/agreements/" + s.agreement)
}

func (s *siteAgreement) strangers() {
	nobody := s.w.deskVisitor(s.t, "")
	nobody.open(s.path)
	if nobody.path != "/ru/signin" {
		s.t.Errorf("nobody was led to %s", nobody.path)
	}
	other := s.w.deskVisitor(s.t, "hr@temir-motors.demo.orynda.kz")
	for _, part := range []string{"", "/draft", "/sign", "/document.pdf", "/cancel", "/terminate"} {
		other.open(s.path + part).mustBe(http.StatusNotFound)
	}
	s.chamber.open(s.path).mustBe(http.StatusNotFound) // its business from the conclusion on
	s.student.open(s.path).mustBe(http.StatusOK, "Проект", "Колледж")
	s.student.lacks("Отправить на подписание")
	s.student.open(s.path + "/defects").mustBe(http.StatusForbidden)
}

// completed is the college's part as its form sends it.
func (s *siteAgreement) completed(change ...string) []string {
	supervisor := s.college.Get("/api/v1/colleges/" + s.collegeID + "/supervisors").Items("items")[0].S("id")
	now := s.now()
	out := []string{
		"side", "college", "do", "save", "version", s.coordinator.version(), "supervisor_id", supervisor, "curriculum-title", "Рабочий учебный план", "curriculum-number", "12-УР",
		"curriculum-date", string(s.w.today().Add(-30)), "plan-0-name", "ПМ 03 Эксплуатация", "plan-0-hours", "300", "plan-0-enterprise_hours", "200",
		"schedule-0-from", now.S("starts_on"), "schedule-0-to", now.S("ends_on"), "schedule-0-where", "enterprise", "schedule-0-hours_per_day", "6",
		"schedule-0-day_from", "09:00", "schedule-0-day_to", "16:00", "schedule-0-weekdays", "1", "schedule-0-weekdays", "2", "schedule-0-weekdays", "3",
	}
	for i := 0; i+1 < len(change); i += 2 {
		for n := 0; n+1 < len(out); n += 2 {
			if out[n] == change[i] {
				out[n+1] = change[i+1]
			}
		}
	}
	return out
}

func (s *siteAgreement) draft() {
	v, form := s.coordinator, s.path+"/draft"
	v.open(s.path).mustBe(http.StatusOK, "Чего не хватает проекту", "/draft?side=college#f-supervisor_id", "/draft?side=college#f-schedule")
	v.open(form).mustBe(http.StatusOK, "Доля обучения на предприятии", "приказ №\u00a050, п. 10")
	version := s.now().N("version")
	v.send(form, s.completed("do", "count")...).mustBe(http.StatusOK, "66,66", "18 ч", "ПМ 03 Эксплуатация")
	v.send(form, s.completed("do", "count", "schedule-0-hours_per_day", "14,5")...).mustBe(http.StatusOK, "больше нормы", "43,5 ч")
	v.send(form, s.completed("do", "count", "plan-0-enterprise_hours", "100")...).mustBe(http.StatusOK, "33,33", "мало")
	v.send(form, s.completed("do", "add-module")...).mustBe(http.StatusOK, `name="plan-1-name"`, `name="plan-0-name" type="text" value="ПМ 03 Эксплуатация"`)
	v.send(form, s.completed("do", "add-phase")...).mustBe(http.StatusOK, `name="schedule-1-from"`)
	v.send(form, s.completed("do", "drop-phase-0")...).mustBe(http.StatusOK, `name="schedule-0-hours_per_day" type="text" value=""`)
	v.send(form, s.completed("plan-0-hours", "много", "curriculum-number", "", "schedule-0-where", "")...).mustBe(http.StatusUnprocessableEntity,
		`value="много"`, `href="#f-plan-0-hours"`, `href="#f-curriculum-number"`, `href="#f-schedule-0-where"`, "Рабочий учебный план", `id="f-plan-0-hours-error"`)
	if got := s.now().N("version"); got != version {
		s.t.Fatalf("version %v after forms that were only counted or refused, was %v", got, version)
	}
	v.send(form, s.completed()...).mustBe(http.StatusOK, "Сохранено")
	if v.path != "/ru"+s.path {
		s.t.Errorf("saved, and led to %s", v.path)
	}
	saved := s.now()
	if saved.S("curriculum.number") != "12-УР" || saved.N("training_share.percent") != 66.66 || len(saved.Items("missing")) != 0 {
		s.t.Errorf("saved: %v", saved)
	}
	s.hr.open(form).mustBe(http.StatusOK, "Кто обучает на предприятии", "договор страхования")
	s.hr.lacks("supervisor_id")
	s.hr.send(form, "side", "college", "do", "save", "version", s.hr.version(), "supervisor_id", "").mustBe(http.StatusUnprocessableEntity) // its own side, without the days
	if s.now().S("supervisor.id") == "" {
		s.t.Error("the enterprise took the college's supervisor away")
	}
}

func (s *siteAgreement) stale() {
	s.coordinator.open(s.path + "/draft")
	form := s.completed("curriculum-number", "13-УР")
	s.college.Patch("/api/v1/agreements/"+s.agreement, Doc{"curriculum": Doc{"title": "Другой план", "number": "12-УР", "date": s.w.today().Add(-30)}})
	s.coordinator.send(s.path+"/draft", form...).mustBe(http.StatusUnprocessableEntity, "Сейчас в договоре: Другой план", `value="13-УР"`, `value="Рабочий учебный план"`)
	s.coordinator.send(s.path+"/draft", s.completed("curriculum-number", "13-УР")...).mustBe(http.StatusOK, "Сохранено")
	if got := s.now().S("curriculum.number"); got != "13-УР" {
		s.t.Errorf("sent again on the newer version, and the number is %q", got)
	}
}

func (s *siteAgreement) marks() {
	s.w.advance("PT1H")
	s.student.open(s.path).mustBe(http.StatusOK, "Изменилось с вашего прошлого просмотра", "<mark>13-УР</mark>")
	s.w.advance("PT1H")
	s.student.open(s.path)
	s.student.lacks("Изменилось с вашего прошлого просмотра")
	s.coordinator.open(s.path)
	s.coordinator.lacks("Изменилось с вашего прошлого просмотра") // it changed that itself
}

func (s *siteAgreement) ready() {
	s.coordinator.open(s.path).mustBe(http.StatusOK, "Отправить на подписание")
	s.coordinator.send(s.path+"/ready", "version", s.coordinator.version()).mustBe(http.StatusOK, "Документ готов", "Готов к подписанию", "1.1.", "ПМ 03 Эксплуатация")
	s.student.open(s.path+"?language=kk").mustBe(http.StatusOK, `<article class="paper-text" lang="kk" translate="no">`)
	s.student.open(s.path+"/refuse").mustBe(http.StatusOK, "Отказ от подписи")
	s.student.send(s.path+"/refuse", "reason", " ", "revision", "1").mustBe(http.StatusUnprocessableEntity, `href="#f-reason"`)
	s.student.open(s.path + "/refuse")
	s.student.send(s.path+"/refuse", "reason", "Не тот адрес", "revision", "1").mustBe(http.StatusOK, "Вы отказались подписать", "Не тот адрес", "Проект")
	s.coordinator.open(s.path)
	s.coordinator.send(s.path+"/ready", "version", s.coordinator.version()).mustBe(http.StatusOK, "Документ готов")
}

func (s *siteAgreement) sign() {
	for _, one := range []struct {
		who    *Client
		at     *deskVisitor
		signed string
	}{{s.applicant, s.student, "signing"}, {s.enterprise, s.hr, "awaiting_countersignature"}} {
		v := one.at
		v.open("/signing").mustBe(http.StatusOK, s.path+"/sign")
		v.open(s.path+"/sign").mustBe(http.StatusOK, "Открыть и прочитать документ", "Редакция")
		revision, sum := v.find(`name="revision" value="(\d+)"`), v.find(`name="document" value="([0-9a-f]{64})"`)
		v.send(s.path+"/sign", "revision", revision, "document", sum).mustBe(http.StatusUnprocessableEntity, "Сначала прочитайте документ")
		v.send(s.path+"/sign", "revision", "1", "document", sum, "read", "true").mustBe(http.StatusUnprocessableEntity, "Документ изменился")
		v.send(s.path+"/sign", "revision", revision, "document", sum, "read", "true").mustBe(http.StatusOK, `autocomplete="one-time-code"`, "••••@")
		item, request := v.find(`name="item" value="([^"]+)"`), v.find(`name="request" value="([^"]+)"`)
		code := s.w.code(one.who)
		v.send(s.path+"/sign/code", "item", item, "request", request, "code", wrong(code)).mustBe(http.StatusUnprocessableEntity, `id="f-code-error"`, "Получить новый код")
		v.send(s.path+"/sign/code", "item", item, "request", request, "code", code[:3]+" "+code[3:]).mustBe(http.StatusOK, "Подпись поставлена")
		if got := s.now().S("state"); got != one.signed {
			s.t.Fatalf("state %s, want %s", got, one.signed)
		}
		v.open(s.path+"/sign").mustBe(http.StatusOK, "не ждёт вашей подписи")
	}
}

// wrong is another code.
func wrong(code string) string {
	if code[0] == '0' {
		return "1" + code[1:]
	}
	return "0" + code[1:]
}

func (s *siteAgreement) document() {
	res, err := s.student.http.Get(s.w.base + "/ru" + s.path + "/document.pdf")
	must(s.t, err)
	res.Body.Close()
	tag := res.Header.Get("ETag")
	if res.Header.Get("Content-Type") != "application/pdf" || !strings.HasPrefix(res.Header.Get("Content-Disposition"), "inline") || tag != `"`+s.now().S("document_sha256")+`"` {
		s.t.Errorf("the document comes as %v", res.Header)
	}
	req, err := http.NewRequest(http.MethodGet, s.w.base+"/ru"+s.path+"/document.pdf", nil)
	must(s.t, err)
	req.Header.Set("If-None-Match", tag)
	res, err = s.student.http.Do(req)
	must(s.t, err)
	res.Body.Close()
	if res.StatusCode != http.StatusNotModified {
		s.t.Errorf("known bytes: status %d", res.StatusCode)
	}
}

func (s *siteAgreement) opens() {
	before := s.now()
	for _, v := range []*deskVisitor{s.student, s.hr, s.coordinator} {
		for _, part := range []string{"", "/draft", "/sign", "/refuse", "/return", "/cancel", "/complete", "/terminate", "/ready", "/register", "/document.pdf?language=ru", "/document.pdf?part=signatures"} {
			if v.open(s.path + part); v.status >= 500 {
				s.t.Errorf("%s: %d", part, v.status)
			}
		}
		v.open("/agreements").mustBe(http.StatusOK, s.path)
		v.open("/agreements?show=drafts").mustBe(http.StatusOK)
		v.lacks(s.path + `"`)
	}
	if after := s.now(); after.N("version") != before.N("version") || after.S("state") != before.S("state") {
		s.t.Errorf("version %v in state %s after pages were opened", after.N("version"), after.S("state"))
	}
}

func (s *siteAgreement) bulk() {
	v := s.coordinator
	v.open("/signing").mustBe(http.StatusOK, "Отметить все")
	var form []string
	for _, m := range regexp.MustCompile(`name="item" value="([^"]+)"`).FindAllStringSubmatch(v.body, -1) {
		form = append(form, "item", m[1])
	}
	if len(form) < 4 {
		s.t.Fatalf("%d agreements wait for the college, want two", len(form)/2)
	}
	v.send("/signing", "read", "true").mustBe(http.StatusUnprocessableEntity, "Отметьте хотя бы один договор")
	v.send("/signing", form...).mustBe(http.StatusUnprocessableEntity, "Сначала прочитайте документ", `checked`)
	v.send("/signing", append(form, "read", "true")...).mustBe(http.StatusOK, `autocomplete="one-time-code"`)
	request := v.find(`name="request" value="([^"]+)"`)
	v.send("/signing/code", append(form, "request", request, "code", "nonsense")...).mustBe(http.StatusUnprocessableEntity, `id="f-code-error"`)
	v.send("/signing/code", append(form, "request", request, "code", s.w.code(s.college))...).mustBe(http.StatusOK, "Заключено 2 договора")
	if got := s.now().S("state"); got != "concluded" {
		s.t.Errorf("state %s after the bulk signature", got)
	}
	v.open("/signing").mustBe(http.StatusOK, "Сейчас вашей подписи ничего не ждёт")
}

func (s *siteAgreement) registers() {
	v := s.chamber
	v.open("/agreements?show=waiting").mustBe(http.StatusOK, s.path)
	v.open(s.path).mustBe(http.StatusOK, "Внести в реестр")
	v.send(s.path+"/defects", "reason", "Проверьте").mustBe(http.StatusUnprocessableEntity, `href="#f-defects"`, "Проверьте")
	v.send(s.path+"/defects", "defects", "period_wrong", "reason", "Проверьте").mustBe(http.StatusOK, "Срок указан неверно", "Проверьте", "Заключён")
	v.send(s.path+"/register").mustBe(http.StatusOK, "Договор внесён в реестр", "Зарегистрирован")
	if got := s.now().S("registration.number"); got == "" {
		s.t.Error("no number in the register")
	}
	s.student.open(s.path).mustBe(http.StatusOK, "/verify/"+s.now().S("verification_code"))
}

func (s *siteAgreement) ends() {
	s.hr.open(s.path + "/terminate").mustBe(http.StatusOK)
	s.hr.send(s.path+"/terminate", "reason", "Закрылся цех", "date", string(s.w.today().Add(3))).mustBe(http.StatusUnprocessableEntity, "Закрылся цех", `href="#f-date"`)
	s.hr.send(s.path+"/terminate", "reason", "Закрылся цех", "date", string(s.w.today())).mustBe(http.StatusOK, "Договор расторгнут", "Закрылся цех")
	s.student.open(s.path+"/draft").mustBe(http.StatusOK, "Договор больше не меняется")
	other, err := url.Parse(s.student.path)
	must(s.t, err)
	if other.Path != "/ru"+s.path {
		s.t.Errorf("the draft of an ended agreement led to %s", other.Path)
	}
}
