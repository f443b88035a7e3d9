package apptest

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/cal"
)

// selectingCase is a published place of the demo enterprise with applicants, for the pages of selecting.
type selectingCase struct {
	w     *world
	hr    *deskVisitor
	chain *chain
	apps  map[string]string // application by applicant's address
}

// TestSiteSelecting goes the enterprise's part of the way in a browser without script.
func TestSiteSelecting(t *testing.T) {
	w := boot(t, embeddedEngine())
	c := selectingWorld(t, w)
	w.run("only the place's people get in", c.doors)
	w.run("bulk answers", c.bulk)
	w.run("times from a pattern", c.times)
	w.run("interview, scorecard, ranking and offer", c.toOffer)
}

// selectingWorld posts a place and lets three students apply.
func selectingWorld(t *testing.T, w *world) *selectingCase {
	t.Helper()
	c := &selectingCase{w: w, hr: w.deskVisitor(t, enterpriseHR), apps: map[string]string{}}
	c.chain = &chain{t: t, w: w, enterprise: w.as(enterpriseHR), college: w.as("college@karaganda.demo.orynda.kz")}
	c.chain.enterpriseID, c.chain.collegeID = organisationOf(c.chain.enterprise, "enterprise"), organisationOf(c.chain.college, "college")
	c.chain.post()
	for _, email := range []string{"student@demo.orynda.kz", "student2@demo.orynda.kz", "minor@demo.orynda.kz"} {
		c.apps[email] = w.as(email).Want(201, "POST", "/api/v1/placements/"+c.chain.placement+"/applications", Doc{"motivation": "Хочу учиться у вас.", "answers": []string{}}).S("id")
	}
	return c
}

func (c *selectingCase) place(rest string) string { return "/placements/" + c.chain.placement + rest }

func (c *selectingCase) doors(t *testing.T, w *world) {
	c.hr.t = t
	app := c.apps["student@demo.orynda.kz"]
	other, nobody, student := w.deskVisitor(t, "hr@temir-motors.demo.orynda.kz"), w.deskVisitor(t, ""), w.deskVisitor(t, "student2@demo.orynda.kz")
	for _, page := range []string{"/applicants", "/applicants?view=board", "/slots", "/slots/new", "/ranking"} {
		c.hr.open(c.place(page)).mustBe(http.StatusOK)
		c.hr.lacks("site.selecting.", "state.application.")
		other.open(c.place(page)).mustBe(http.StatusNotFound)
		student.open(c.place(page)).mustBe(http.StatusNotFound)
		if nobody.open(c.place(page)); nobody.path != "/ru/signin" {
			t.Errorf("%s: a stranger comes to %s", page, nobody.path)
		}
	}
	for _, page := range []string{"/applications/" + app, "/applications/" + app + "/offer"} {
		other.open(page).mustBe(http.StatusNotFound)
		student.open(page).mustBe(http.StatusNotFound)
	}
	// An interviewer sees the applicants of the own times only: here none, and neither the forms nor the ranking.
	interviewer := siteInterviewer(w, c.hr, c.chain.enterpriseID)
	interviewer.open(c.place("/applicants")).mustBe(http.StatusOK)
	interviewer.lacks(app, "/slots/new", "/ranking")
	for _, page := range []string{c.place("/slots/new"), c.place("/ranking"), "/applications/" + app, "/applications/" + app + "/offer"} {
		interviewer.open(page).mustBe(http.StatusForbidden)
	}
	interviewer.open(c.place("/slots")).send("/applications/"+app+"/answer", "act", "reject", "reason", "other").mustBe(http.StatusForbidden)
	// Nobody else answers, and a look changes nothing.
	other.open("/placements").send("/applications/"+app+"/answer", "act", "reject", "reason", "other").mustBe(http.StatusNotFound)
	other.open("/placements").send(c.place("/applicants"), "act", "reject", "reason", "other", "app", app).mustBe(http.StatusNotFound)
	c.hr.open("/applications/"+app).mustBe(http.StatusOK, "Хочу учиться у вас.", "Контакты станут видны")
	c.hr.open(c.place("/applicants?act=reject&reason=other&app=" + app)).mustBe(http.StatusOK)
	if s := w.as(enterpriseHR).Get("/api/v1/applications/" + app).S("state"); s != "submitted" {
		t.Errorf("after looking the application is %s", s)
	}
}

func (c *selectingCase) bulk(t *testing.T, w *world) {
	c.hr.t = t
	first, second, third := c.apps["student@demo.orynda.kz"], c.apps["student2@demo.orynda.kz"], c.apps["minor@demo.orynda.kz"]
	list := c.place("/applicants")
	// A refusal without a reason comes back with the boxes and the words.
	c.hr.open(list).send(list, "act", "reject", "app", first, "comment", "Спасибо за интерес").
		mustBe(http.StatusUnprocessableEntity, "#f-reason", "Спасибо за интерес", `value="`+first+`" checked`)
	c.hr.send(list, "act", "reject", "reason", "too_far").mustBe(http.StatusUnprocessableEntity, "Отметьте хотя бы одного кандидата")
	c.hr.send(list, "act", "reject", "reason", "other", "app", first, "comment", strings.Repeat("я", 501)).mustBe(http.StatusUnprocessableEntity, "#f-comment")
	// One answer can't be given, the others are: each has its own result.
	c.hr.send(list, "act", "shortlist", "app", first, "app", second).mustBe(http.StatusOK, "Приглашены: 2 из 2", "Выполнено")
	c.hr.send(list, "act", "shortlist", "app", first, "app", third, "app", "app_foreign").
		mustBe(http.StatusOK, "Приглашены: 1 из 3", "В нынешнем состоянии этот шаг невозможен", "Такой заявки нет")
	c.hr.send(list, "act", "reject", "reason", "too_far", "comment", "Далеко ездить", "app", third, "app", third).
		mustBe(http.StatusOK, "Отказано: 1 из 2", "Выполнено", "Не выполнено")
	w.as("minor@demo.orynda.kz").Get("/api/v1/applications/" + third)
	if got := w.as("minor@demo.orynda.kz").Get("/api/v1/applications/" + third); got.S("state") != "rejected" || got.S("reject_reason") != "too_far" {
		t.Errorf("the refused one: %v", got)
	}
	c.hr.open(list+"?state=ended").mustBe(http.StatusOK, third)
	c.hr.lacks(first)
}

func (c *selectingCase) times(t *testing.T, w *world) {
	c.hr.t = t
	page := c.place("/slots/new")
	from := w.today().Add(3)
	interviewer := c.hr.open(page).find(`<option value="([a-z]+_[^"]+)" selected`)
	form := []string{
		"kind", "week", "first_day", string(from), "last_day", string(from.Add(6)), "from", "21:00", "to", "23:00", "length", "30", "buffer", "15", "capacity", "1",
		"interviewer", interviewer, "form", "phone", "phone", "+77212000000", "instructions", "Позвоним сами",
	}
	for i := range 7 {
		form = append(form, "weekdays", string(rune('1'+i)))
	}
	with := func(more ...string) []string { return append(append([]string{}, form...), more...) }
	// 21:00, 21:45 and 22:30 on seven days.
	c.hr.send(page, with("act", "plan")...).mustBe(http.StatusOK, "Получится 21 интервал", "21:45–22:15", "Позвоним сами")
	if n := len(w.as(enterpriseHR).Get("/api/v1" + c.place("/slots?state=open")).Items("items")); n != 0 {
		t.Fatalf("looking at the plan made %d times", n)
	}
	c.hr.send(page, with("act", "make")...).mustBe(http.StatusOK, "Предложено: 21 интервал", "22:30")
	c.hr.open(page).send(page, with("act", "plan")...).mustBe(http.StatusOK, "Не подходит 21 интервал", "проводящий собеседование занят")
	// Days that differ: one off, one with other hours, and what is wrong with a row stands beside it.
	except := func(more ...string) []string {
		return with(append([]string{"except-0-day", string(from), "except-2-day", string(from.Add(1)), "except-2-from", "06:00", "except-2-to", "06:30"}, more...)...)
	}
	c.hr.open(page).send(page, except("act", "row")...).mustBe(http.StatusOK, `name="except-2-day"`, `name="except-1-from"`, `value="06:00"`)
	c.hr.send(page, except("act", "plan", "notice", "24", "horizon", "14")...).mustBe(http.StatusOK, "Получится 1 интервал", "06:00–06:30", `value="24"`)
	c.hr.send(page, except("act", "make", "notice", "1", "horizon", "0", "except-3-day", string(from), "except-3-to", "07:00")...).
		mustBe(http.StatusUnprocessableEntity, "#f-notice", "#f-except-2-day", "#f-except-2-from", "Исключение 3")
	c.hr.send(page, with("act", "make", "horizon", "0")...).mustBe(http.StatusUnprocessableEntity, "#f-horizon")
	// The same by the API: a day off, a day with hours of its own, when booking opens and closes.
	far := from.Add(30)
	made := w.as(enterpriseHR).Want(201, "POST", "/api/v1"+c.place("/slots"), Doc{
		"pattern": Doc{
			"weekdays": []int{1, 2, 3, 4, 5, 6, 7}, "from": "21:00", "to": "21:30", "length_min": 30, "first_day": far, "last_day": far.Add(2),
			"except_days": []any{far}, "other_hours": []Doc{{"day": far.Add(1), "from": "22:00", "to": "23:00"}},
		}, "form": "phone", "phone": "+77212000000", "notice_hours": 24, "horizon_days": 14,
	}).Items("items")
	if len(made) != 3 || made[0].S("starts_at") != far.Add(1).Start().Add(22*time.Hour).UTC().Format("2006-01-02T15:04:05Z") ||
		made[0].S("bookable_from") != far.Add(1-14).Start().UTC().Format("2006-01-02T15:04:05Z") || made[0]["notice_hours"] != 24.0 {
		t.Errorf("the API made %v", made)
	}
	for _, one := range made {
		w.as(enterpriseHR).Post("/api/v1/slots/"+one.S("id")+"/cancel", Doc{})
	}
	// A single time over one of them is refused in a plain sentence, and keeps what was typed.
	once := []string{
		"kind", "once", "day", string(from), "from", "21:10", "length", "30", "capacity", "1", "interviewer", interviewer, "form", "phone", "phone", "+77212000000",
		"instructions", "Вход со двора", "act", "make",
	}
	c.hr.open(page+"?kind=once").send(page, once...).mustBe(http.StatusUnprocessableEntity, "проводящий собеседование занят", "Вход со двора", `value="21:10"`)
	c.hr.send(page, "kind", "week", "length", "5", "form", "video", "link", "http://nope", "capacity", "0", "instructions", "Дом 3", "act", "make").
		mustBe(http.StatusUnprocessableEntity, "#f-length", "#f-weekdays", "#f-link", "#f-capacity", "Дом 3")
	// Cancelling tells who hears of it.
	slot := c.hr.open(c.place("/slots")).find(`/slots/(slt_[^/]+)/cancel`)
	c.hr.open("/slots/"+slot+"/cancel").mustBe(http.StatusOK, "никто не записан")
	c.hr.send("/slots/"+slot+"/cancel", "reason", "").mustBe(http.StatusOK, "Время отменено")
	w.deskVisitor(t, "hr@temir-motors.demo.orynda.kz").open("/slots/" + slot + "/cancel").mustBe(http.StatusForbidden)
}

// book takes the first free time for a student and gives its begin.
func (c *selectingCase) book(email string) (booking string, start time.Time) {
	c.chain.t.Helper()
	who := c.w.as(email)
	slot := who.Get("/api/v1" + c.place("/slots?state=open")).Items("items")[0]
	booking = who.Want(201, "POST", "/api/v1/slots/"+slot.S("id")+"/bookings", Doc{"application_id": c.apps[email]}).S("id")
	start, _ = time.Parse(time.RFC3339, slot.S("starts_at"))
	return booking, start
}

func (c *selectingCase) toOffer(t *testing.T, w *world) {
	c.hr.t, c.chain.t = t, t
	email := "student@demo.orynda.kz"
	app := c.apps[email]
	booking, start := c.book(email)
	other, _ := c.book("student2@demo.orynda.kz")
	page, card := "/bookings/"+booking, "/bookings/"+booking+"/scorecard"
	c.hr.open("/applications/"+app+"/offer").mustBe(http.StatusOK, "Прежде чем сделать предложение", page)
	c.hr.open(page).mustBe(http.StatusOK, "Когда собеседование начнётся")
	filled := []string{
		"attended", "true", "name.0", "Интерес к профессии", "score.0", "5", "name.1", "Знание основ", "score.1", "4", "name.2", "", "recommendation", "select",
		"note", "Держит инструмент уверенно",
	}
	// Too early: everything typed stays.
	c.hr.open(card).send(card, filled...).mustBe(http.StatusUnprocessableEntity, "Собеседование ещё не началось", "Держит инструмент уверенно", `value="5" checked`)
	w.deskVisitor(t, "hr@temir-motors.demo.orynda.kz").open(card).mustBe(http.StatusNotFound)
	w.deskVisitor(t, email).open(card).mustBe(http.StatusForbidden)

	w.advanceTo(start.Add(40 * time.Minute))
	c.hr.open(page).send(page+"/attendance", "outcome", "attended").mustBe(http.StatusOK, "Явка отмечена")
	c.hr.send(card, "name.0", "Знание основ", "recommendation", "select").mustBe(http.StatusUnprocessableEntity, "#f-score.0")
	c.hr.send(card, filled[2:]...).mustBe(http.StatusOK, "Оценочный лист сохранён", "4,5", "Держит инструмент уверенно")
	w.advanceTo(start.Add(5 * time.Hour))
	c.hr.open("/bookings/"+other+"/scorecard").send("/bookings/"+other+"/scorecard", "attended", "true", "name.0", "Знания", "score.0", "3", "recommendation", "reserve").
		mustBe(http.StatusOK, "Оценочный лист сохранён")
	c.rank(t, app, c.apps["student2@demo.orynda.kz"])
	c.offer(t, w, email)
}

// rank moves the second one up, saves the order with a reason, and meets an order that somebody else saved.
func (c *selectingCase) rank(t *testing.T, first, second string) {
	page := c.place("/ranking")
	before := c.hr.open(page).body
	if strings.Index(before, first) > strings.Index(before, second) {
		t.Fatal("the better score doesn't stand first")
	}
	version := c.hr.version()
	order := []string{"version", version, "position." + first, "1", "position." + second, "2", "listed", first, "listed", second}
	moved := c.hr.send(page, append(order, "act", "up:"+second)...)
	moved.mustBe(http.StatusOK, "Порядок ещё не сохранён")
	if strings.Index(moved.body, first) < strings.Index(moved.body, second) {
		t.Error("moving up changed nothing")
	}
	swapped := []string{"version", version, "position." + first, "2", "position." + second, "1", "listed", first, "listed", second, "act", "save"}
	c.hr.send(page, swapped...).mustBe(http.StatusUnprocessableEntity, "#f-reason")
	c.hr.send(page, append(swapped, "reason", "Лучше знает наш станок")...).mustBe(http.StatusOK, "Рейтинг сохранён", "Лучше знает наш станок", "В резерве")
	c.hr.send(page, append(swapped, "reason", "Другая причина")...).mustBe(http.StatusUnprocessableEntity, "Рейтинг тем временем изменился", "Другая причина")
}

func (c *selectingCase) offer(t *testing.T, w *world, email string) {
	app := c.apps[email]
	page := "/applications/" + app + "/offer"
	c.hr.open(page).mustBe(http.StatusOK, "Последний день для ответа", string(w.today().Add(5)))
	c.hr.send(page, "expires_at", string(w.today().Add(40))).mustBe(http.StatusUnprocessableEntity, "#f-expires_at", string(w.today().Add(40)))
	c.hr.send(page, "expires_at", string(w.today().Add(7))).mustBe(http.StatusOK, "Место предложено")
	if !strings.HasPrefix(c.hr.path, "/ru/offers/") {
		t.Fatalf("after the offer: %s", c.hr.path)
	}
	made := strings.TrimPrefix(c.hr.path, "/ru")
	got := w.as(enterpriseHR).Get("/api/v1" + made)
	if at, _ := time.Parse(time.RFC3339, got.S("expires_at")); cal.DayOf(at.Add(-time.Second)) != w.today().Add(7) {
		t.Errorf("the offer stands until %s", got.S("expires_at"))
	}
	c.hr.open("/applications/"+app).mustBe(http.StatusOK, "mailto:"+email)
	w.deskVisitor(t, "hr@temir-motors.demo.orynda.kz").open(made).mustBe(http.StatusNotFound)
	c.hr.open(made).send(made+"/withdraw", "reason", strings.Repeat("о", 301)).mustBe(http.StatusUnprocessableEntity, "#f-reason")
	c.hr.send(made+"/withdraw", "reason", "Изменились планы цеха").mustBe(http.StatusOK, "Предложение отозвано", "В резерве")
	c.hr.open(made).mustBe(http.StatusOK, "Изменились планы цеха")
}
