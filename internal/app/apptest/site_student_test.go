package apptest

import (
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
)

// studentBrowser is a browser without script: it keeps cookies, follows ways on and sends the forms it is shown.
type studentBrowser struct {
	t    *testing.T
	base string
	http *http.Client
	path string // of the page that is shown
	code int
	page string
}

func (w *world) studentBrowser(email string) *studentBrowser {
	w.t.Helper()
	jar, err := cookiejar.New(nil)
	must(w.t, err)
	b := &studentBrowser{t: w.t, base: w.base, http: &http.Client{Jar: jar, Timeout: time.Minute}}
	b.open("/ru/signin")
	b.send("/ru/signin", url.Values{"email": {email}, "password": {"orynda-demo"}})
	b.want(200)
	return b
}

func (b *studentBrowser) open(path string) {
	b.t.Helper()
	res, err := b.http.Get(b.base + path)
	must(b.t, err)
	b.read(res)
}

func (b *studentBrowser) read(res *http.Response) {
	b.t.Helper()
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	must(b.t, err)
	b.path, b.code, b.page = res.Request.URL.Path, res.StatusCode, string(raw)
}

var studentProof = regexp.MustCompile(`name="_csrf" value="([^"]*)"`)

// send posts a form with the proof of the page that is shown.
func (b *studentBrowser) send(path string, form url.Values) {
	b.t.Helper()
	m := studentProof.FindStringSubmatch(b.page)
	if m == nil {
		b.t.Fatalf("%s holds no form", b.path)
	}
	form.Set("_csrf", html.UnescapeString(m[1]))
	res, err := b.http.PostForm(b.base+path, form)
	must(b.t, err)
	b.read(res)
}

func (b *studentBrowser) want(code int) {
	b.t.Helper()
	if b.code != code {
		b.t.Fatalf("%s: status %d, want %d\n%s", b.path, b.code, code, b.main())
	}
}

// main is what the page says, without its frame.
func (b *studentBrowser) main() string {
	text := b.page
	if _, after, ok := strings.Cut(text, "<main"); ok {
		text, _, _ = strings.Cut(after, "</main>")
	}
	return html.UnescapeString(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(text, " "))
}

func (b *studentBrowser) says(texts ...string) {
	b.t.Helper()
	for _, text := range texts {
		if !strings.Contains(html.UnescapeString(b.page), text) {
			b.t.Fatalf("%s doesn't say %q:\n%s", b.path, text, b.main())
		}
	}
}

func (b *studentBrowser) silent(texts ...string) {
	b.t.Helper()
	for _, text := range texts {
		if strings.Contains(html.UnescapeString(b.page), text) {
			b.t.Fatalf("%s says %q", b.path, text)
		}
	}
}

// The student's pages, driven by their forms alone.
func TestSiteOfStudents(t *testing.T) {
	w := boot(t, embeddedEngine())
	for _, c := range []struct {
		name string
		run  func(t *testing.T, w *world)
	}{
		{"a refused application keeps its text", siteApplyKeeps},
		{"from the invitation to the interview", siteInterview},
		{"an offer names what it takes along", siteOffer},
		{"a guardian sees the ward's things and changes nothing", siteGuardian},
		{"the profile", siteProfile},
		{"the profile completed in the midst of an application", siteCarry},
	} {
		w.run(c.name, c.run)
	}
}

// sitePlace posts a place of the demo enterprise.
func sitePlace(w *world, applicant string, questions ...string) *chain {
	c := &chain{
		t: w.t, w: w, applicant: w.as(applicant), college: w.as("college@karaganda.demo.orynda.kz"), enterprise: w.as("hr@saryarqa-energo.demo.orynda.kz"),
	}
	c.enterpriseID, c.collegeID = organisationOf(c.enterprise, "enterprise"), organisationOf(c.college, "college")
	c.post()
	if len(questions) > 0 {
		c.enterprise.Patch("/api/v1/placements/"+c.placement, Doc{"questions": questions})
	}
	return c
}

func siteApplyKeeps(_ *testing.T, w *world) {
	c := sitePlace(w, "student@demo.orynda.kz", "Чинили ли вы двигатели?")
	b := w.studentBrowser("student@demo.orynda.kz")
	b.open("/ru/placements/" + c.placement + "/apply")
	b.want(200)
	b.says("Чинили ли вы двигатели?", "Что предприятие увидит сначала", "Сейтқали Айдос Ерланұлы", "18 лет и старше")
	form := url.Values{"motivation": {"Хочу работать по специальности."}, "answer0": {""}}
	b.send(b.path, form)
	b.want(422)
	b.says("Хочу работать по специальности.", "Нужно заполнить.", `id="f-answer0-error"`)
	form.Set("motivation", strings.Repeat("слово ", 301))
	form.Set("answer0", "Да, насосы.")
	b.send(b.path, form)
	b.want(422)
	b.says("Да, насосы.", "Мотивация не длиннее 300 слов")
	form.Set("motivation", "Хочу работать по специальности.")
	b.send(b.path, form)
	b.want(200)
	if !strings.HasPrefix(b.path, "/ru/applications/app_") {
		b.t.Fatalf("led to %s", b.path)
	}
	b.says("Заявка подана", "Да, насосы.", "Ждём ответа предприятия")
	application := strings.TrimPrefix(b.path, "/ru/applications/")

	b.open("/ru/placements/" + c.placement + "/apply")
	b.says("уже подавали заявку", "/ru/applications/"+application)
	b.silent(`name="answer0" required`)

	other := w.studentBrowser("student2@demo.orynda.kz")
	for _, path := range []string{"", "/withdraw", "/slots"} {
		other.open("/ru/applications/" + application + path)
		other.want(404)
	}
	other.open("/ru/me")
	other.want(200)
	other.silent(application)

	b.open("/ru/applications/" + application + "/withdraw")
	b.want(200)
	b.open("/ru/applications/" + application)
	b.says("Ждём ответа предприятия") // looking at the page changed nothing
	b.open("/ru/applications/" + application + "/withdraw")
	b.send(b.path, url.Values{"reason": {"Нашёл место ближе."}})
	b.want(200)
	b.says("Заявка отозвана.")
}

func siteInterview(t *testing.T, w *world) {
	c := sitePlace(w, "student@demo.orynda.kz")
	c.apply()
	b := w.studentBrowser("student@demo.orynda.kz")
	start := w.freeTime()
	slots := make([]string, 3)
	for i := range slots {
		at := start.Add(time.Duration(i) * time.Hour)
		w.next = at
		slots[i] = c.enterprise.Want(201, "POST", "/api/v1/placements/"+c.placement+"/slots", Doc{
			"starts_at": at, "ends_at": at.Add(30 * time.Minute), "capacity": 1, "form": "phone", "phone": "+77212000099",
		}).Items("items")[0].S("id")
	}
	week := "/ru/applications/" + c.application + "/slots"
	b.open(week)
	b.says("Вас ещё не пригласили") // led back with the reason
	c.enterprise.Post("/api/v1/applications/"+c.application+"/shortlist", Doc{})
	b.open("/ru/me")
	b.says("Дело за вами", "Вас пригласили", week)
	b.open(week)
	b.want(200)
	b.says(`type="radio" name="slot" value="`+slots[0]+`"`, "свободно 1 место")
	b.silent("+77212000099")

	b.send(week, url.Values{})
	b.want(422)
	b.says("Нужно заполнить.")
	b.send(week, url.Values{"slot": {slots[0]}})
	b.want(200)
	b.says("Подтвердите время", "осталось")
	if b.path != week+"/"+slots[0] {
		t.Fatalf("led to %s", b.path)
	}
	confirm := "/ru/applications/" + c.application + "/book"

	// Somebody else is faster elsewhere: the page comes back with what is free now.
	rival := &chain{t: t, w: w, applicant: w.as("student2@demo.orynda.kz"), enterprise: c.enterprise, placement: c.placement}
	rival.apply()
	c.enterprise.Post("/api/v1/applications/"+rival.application+"/shortlist", Doc{})
	rival.applicant.Want(201, "POST", "/api/v1/slots/"+slots[1]+"/bookings", Doc{"application_id": rival.application})
	b.open(week)
	b.send(week, url.Values{"slot": {slots[1]}})
	b.want(422)
	b.says("мест не осталось", "мест нет", slots[0])

	b.send(week, url.Values{"slot": {slots[0]}})
	b.send(confirm, url.Values{"slot": {slots[0]}})
	b.want(200)
	if !strings.HasPrefix(b.path, "/ru/bookings/bkg_") {
		t.Fatalf("led to %s", b.path)
	}
	b.says("Вы записаны", "+77212000099", "Перенести можно до")
	booking := b.path
	b.open(booking + "/calendar.ics")
	b.want(200)
	b.says("BEGIN:VCALENDAR", "DTSTART")
	stranger := w.studentBrowser("student2@demo.orynda.kz")
	for _, path := range []string{"", "/calendar.ics", "/move", "/cancel"} {
		stranger.open(booking + path)
		stranger.want(404)
	}

	// A move holds the other time first: nobody else is shown it as free meanwhile.
	b.open(booking + "/move")
	b.want(200)
	b.send(booking+"/move", url.Values{})
	b.want(422)
	b.says("Нужно заполнить.")
	b.send(booking+"/move", url.Values{"slot": {slots[2]}})
	b.want(200)
	move := booking + "/move/" + slots[2]
	if b.path != move {
		t.Fatalf("led to %s", b.path)
	}
	b.says("Это время придержано для вас", "Сейчас:", "Почему переносите")
	late := &chain{t: t, w: w, applicant: w.as("student3@demo.orynda.kz"), enterprise: c.enterprise, placement: c.placement}
	late.apply()
	c.enterprise.Post("/api/v1/applications/"+late.application+"/shortlist", Doc{})
	late.applicant.Refused(409, "slot_full", "POST", "/api/v1/slots/"+slots[2]+"/bookings", Doc{"application_id": late.application})
	late.applicant.Post("/api/v1/applications/"+late.application+"/withdraw", Doc{})
	b.send(move, url.Values{"reason": {" "}})
	b.want(422)
	b.says("Нужно заполнить.", "Это время придержано для вас")
	b.send(move, url.Values{"reason": {strings.Repeat("я", 301)}})
	b.want(422)
	b.says("не больше 300 зн.")
	b.send(move, url.Values{"reason": {"В этот день экзамен."}})
	b.want(200)
	b.says("Собеседование перенесено.")
	b.open(booking + "/move/" + slots[0]) // not held
	b.says("Время больше не придержано.")
	b.open(booking + "/cancel")
	b.want(200)
	b.open(booking)
	b.says("Запись есть")
	b.open(booking + "/cancel")
	b.send(booking+"/cancel", url.Values{"reason": {"Заболел."}})
	b.want(200)
	b.says("Запись на собеседование отменена.", "Вас пригласили")

	b.open("/ru/me")
	b.send("/ru/me/calendar", url.Values{})
	b.want(200)
	feed := regexp.MustCompile(`/api/v1/calendar/[^"]+\.ics`).FindString(b.page)
	b.open(feed)
	b.want(200)
	b.says("BEGIN:VCALENDAR")
}

func siteOffer(t *testing.T, w *world) {
	c := sitePlace(w, "student3@demo.orynda.kz")
	c.apply()
	b := w.studentBrowser("student3@demo.orynda.kz")
	rest := sitePlace(w, "student3@demo.orynda.kz")
	rest.apply()
	c.interview()
	c.offer()
	page := "/ru/offers/" + c.offerID
	b.open("/ru/me")
	b.says("Вам предложили место", page)
	b.open(page)
	b.want(200)
	b.says("60\u202f000\u202f₸ в месяц", "24 часа в неделю", "Будет отозвана 1 заявка", "осталось 5 дней")
	b.open(page + "/accept")
	b.want(200)
	b.says("Будет отозвана 1 заявка")
	if got := c.applicant.Get("/api/v1/offers/" + c.offerID).S("state"); got != "open" {
		t.Fatalf("reading the page made the offer %s", got)
	}
	other := w.studentBrowser("student2@demo.orynda.kz")
	for _, path := range []string{"", "/accept", "/decline"} {
		other.open(page + path)
		other.want(404)
	}
	b.send(page+"/accept", url.Values{})
	if !strings.HasPrefix(b.path, "/ru/agreements/agr_") {
		t.Fatalf("led to %s", b.path)
	}
	if got := rest.applicant.Get("/api/v1/applications/" + rest.application).S("state"); got != "withdrawn" {
		t.Fatalf("the other application is %s", got)
	}
	b.open("/ru/applications/" + rest.application)
	b.says("на этот период принято другое место")
	b.send("/ru/offers/"+c.offerID+"/accept", url.Values{})
	b.says("уже ответили")
}

func siteGuardian(_ *testing.T, w *world) {
	c := sitePlace(w, "minor@demo.orynda.kz")
	c.apply()
	c.book()
	b := w.studentBrowser("guardian@demo.orynda.kz")
	const ward = "Нұрлан Ерасыл Дәуренұлы"
	b.open("/ru/me")
	b.want(200)
	b.says(ward, "/ru/bookings/"+c.booking, "/ru/applications/"+c.application)
	b.silent("Дело за вами")
	for _, path := range []string{"/ru/applications/" + c.application, "/ru/bookings/" + c.booking} {
		b.open(path)
		b.want(200)
		b.says(ward)
		b.silent("Отозвать заявку", "Отменить собеседование", "Перенести</a>")
	}
	for _, path := range []string{"/ru/applications/" + c.application + "/withdraw", "/ru/applications/" + c.application + "/slots", "/ru/bookings/" + c.booking + "/move"} {
		b.open(path)
		b.want(403)
	}
	b.open("/ru/profile")
	b.send("/ru/applications/"+c.application+"/withdraw", url.Values{"reason": {"Не надо."}})
	b.want(403)
}

func siteProfile(_ *testing.T, w *world) {
	b := w.studentBrowser("student2@demo.orynda.kz")
	b.open("/ru/profile")
	b.want(200)
	b.says("Омарова Дана Бекзатқызы", "Карагандинский политехнический колледж", "Подтверждено", "Кто что видит")
	b.silent(`name="iin"`) // confirmed by the college
	stored := regexp.MustCompile(`name="version" value="(\d+)"`).FindStringSubmatch(b.page)[1]
	form := func() url.Values {
		return url.Values{
			"version": {stored}, "full_name": {"Омарова Дана Бекзатқызы"}, "phone": {"12"}, "region": {"350000000"}, "city": {"Темиртау"}, "address": {"Мира, 1"},
			"about": {"Люблю точную работу."}, "languages": {"kk", "ru"},
		}
	}
	b.send("/ru/profile", form())
	b.want(422)
	b.says("Люблю точную работу.", `id="f-phone-error"`)
	good := form()
	good.Set("phone", "+77010001122")
	b.send("/ru/profile", good)
	b.want(200)
	b.says("Профиль сохранён.", "Люблю точную работу.")
	stale := form()
	stale.Set("phone", "+77010001122")
	stale.Set("about", "Другое.")
	b.send("/ru/profile", stale)
	b.want(422)
	b.says("Другое.", "О себе: ", "Люблю точную работу.")

	hr := w.studentBrowser("hr@saryarqa-energo.demo.orynda.kz")
	hr.open("/ru/profile")
	hr.want(200)
	hr.silent("Где вы учитесь", "Законный представитель")
}

// Who has no college yet names it in the midst of applying, and comes back to what was typed.
func siteCarry(_ *testing.T, w *world) {
	c := sitePlace(w, "student@demo.orynda.kz", "Чинили ли вы двигатели?")
	email := "carry@example.kz"
	w.anonymous().Post("/api/v1/auth/register", Doc{"email": email, "password": "Долгий-пароль-7-ветров", "full_name": "Новая Ученица", "role": "student", "locale": "ru"})
	var code string
	Eventually(w.t, 5*time.Second, "a code is mailed", func() bool {
		for _, m := range w.anonymous().Get("/demo/mail?to=" + email).Items("items") {
			code = m.S("code")
		}
		return code != ""
	})
	w.anonymous().Post("/api/v1/auth/verify-email", Doc{"email": email, "code": code})
	jar, err := cookiejar.New(nil)
	must(w.t, err)
	b := &studentBrowser{t: w.t, base: w.base, http: &http.Client{Jar: jar, Timeout: time.Minute}}
	b.open("/ru/signin")
	b.send("/ru/signin", url.Values{"email": {email}, "password": {"Долгий-пароль-7-ветров"}})
	apply := "/ru/placements/" + c.placement + "/apply"
	b.open(apply)
	b.want(200)
	b.says("Где вы учитесь")
	typed := url.Values{"motivation": {"Люблю моторы."}, "answer0": {"Да, один."}, "carry_place": {c.placement}}
	b.send(apply, typed)
	b.want(422)
	b.says("Люблю моторы.", "Да, один.", "Указать колледж")
	typed.Set("to", "enrolment")
	b.send("/ru/profile/step", typed)
	b.want(200)
	b.says(`name="carry_motivation" value="Люблю моторы."`)
	carried := url.Values{"carry_place": {c.placement}, "carry_motivation": {"Люблю моторы."}, "carry_answer": {"Да, один."}, "to": {"enrolment"}, "q": {"политехнический"}}
	b.send("/ru/profile/step", carried)
	b.want(200)
	b.says(c.collegeID, "Люблю моторы.")
	claim := url.Values{
		"carry_place": {c.placement}, "carry_motivation": {"Люблю моторы."}, "carry_answer": {"Да, один."}, "q": {"политехнический"}, "college_id": {c.collegeID},
		"group": {"Э-21"}, "iin": {"123"}, "birth_date": {"2005-05-15"},
	}
	b.send("/ru/profile/enrolment", claim)
	b.want(422)
	b.says("Э-21", `id="f-iin-error"`, "Люблю моторы.")
	claim.Set("iin", "050515500012")
	b.send("/ru/profile/enrolment", claim)
	if b.code == 422 { // the check digit is the last one
		for _, digit := range "0123456789" {
			claim.Set("iin", "05051550001"+string(digit))
			if b.send("/ru/profile/enrolment", claim); b.code == 200 {
				break
			}
		}
	}
	b.want(200)
	b.says("Отправлено колледжу", "Вернуться к заявке")
	carried.Set("to", "apply")
	b.send("/ru/profile/step", carried)
	b.want(200)
	b.says("Люблю моторы.", "Да, один.")
	b.silent("В профиле не хватает")
	b.send(apply, typed)
	b.want(200)
	if !strings.HasPrefix(b.path, "/ru/applications/app_") {
		b.t.Fatalf("led to %s", b.path)
	}
}
