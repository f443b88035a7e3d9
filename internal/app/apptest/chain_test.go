package apptest

import (
	"fmt"
	"net/url"
	"testing"
	"time"
)

// The whole way from a place to the register, over HTTP, on every engine, for the four kinds of trainees.
func TestChain(t *testing.T) {
	for _, engine := range engines(t) {
		t.Run(engine.name, func(t *testing.T) {
			w := boot(t, engine)
			w.say("an adult student of a college", func(c *chain) {
				c.applicant, c.college = w.as("student@demo.orynda.kz"), w.as("college@karaganda.demo.orynda.kz")
				c.enterprise = w.as("hr@saryarqa-energo.demo.orynda.kz")
				c.walk()
				c.register()
				c.complete()
			})
			w.say("a minor, whose guardian signs too", func(c *chain) {
				c.applicant, c.college = w.as("minor@demo.orynda.kz"), w.as("college@karaganda.demo.orynda.kz")
				c.enterprise, c.guardian = w.as("hr@saryarqa-energo.demo.orynda.kz"), w.as("guardian@demo.orynda.kz")
				c.minor = true
				c.walk()
				c.register()
			})
			w.say("a citizen, whom the college enrols", func(c *chain) {
				c.applicant, c.college = w.as("citizen@demo.orynda.kz"), w.as("college@karaganda.demo.orynda.kz")
				c.enterprise = w.as("hr@saryarqa-energo.demo.orynda.kz")
				c.citizen = true
				c.walk()
				c.register()
			})
			w.say("a student of a university, without a register", func(c *chain) {
				c.applicant, c.college = w.as("undergraduate@demo.orynda.kz"), w.as("university@almaty.demo.orynda.kz")
				c.enterprise = w.as("hr@temir-motors.demo.orynda.kz")
				c.university = true
				c.walk()
				c.registrar().Refused(422, "regime_without_register", "POST", "/api/v1/agreements/"+c.agreement+"/registration", nil)
			})
		})
	}
}

// chain is one trainee's way.
type chain struct {
	t                              *testing.T
	w                              *world
	applicant, enterprise, college *Client
	guardian                       *Client
	minor, citizen, university     bool
	workplace                      Doc    // where the place is, if not in Karaganda
	interviewer                    string // who interviews, if not the person who makes the slot

	enterpriseID, collegeID, placement, application, agreement string
	slot, booking, offerID                                     string
}

// walk goes from the posting to the conclusion.
func (c *chain) walk() {
	c.enterpriseID = organisationOf(c.enterprise, "enterprise")
	c.collegeID = organisationOf(c.college, "college")
	c.post()
	c.find()
	c.apply()
	if c.citizen {
		c.offerToCitizen()
	} else {
		c.interview()
		c.offer()
	}
	c.accept()
	c.completeDraft()
	c.sign()
}

func organisationOf(c *Client, kind string) string {
	for _, m := range c.Get("/api/v1/me").Items("memberships") {
		if m.S("organisation.kind") == kind {
			return m.S("organisation.id")
		}
	}
	c.t.Fatalf("no membership of kind %s", kind)
	return ""
}

// post makes a draft, publishes it and leaves it open to the college.
func (c *chain) post() {
	c.t.Helper()
	today := c.w.today()
	body := Doc{
		"enterprise_id": c.enterpriseID, "regime": "r50", "level": "worker", "seats": 2,
		"title":      Doc{"kk": "Электр жабдықтарын жөндеуші", "ru": "Электромонтёр по ремонту оборудования"},
		"summary":    Doc{"kk": "Тәлімгермен бірге цех электр жабдықтарын тексеріп, жөндеп, іске қосасыз.", "ru": "Вместе с наставником проверяете, ремонтируете и запускаете электрооборудование цеха."},
		"tasks":      Doc{"kk": "Қозғалтқыштарды тексеру, кабель төсеу.", "ru": "Проверка двигателей, прокладка кабеля."},
		"modules":    []Doc{{"name": Doc{"kk": "Электр жабдықтарын пайдалану", "ru": "Эксплуатация электрооборудования"}, "hours": 300, "enterprise_hours": 200}},
		"workplaces": []Doc{{"region": "350000000", "city": "Караганда", "address": "Складская көшесі, 14", "lat": 49.81, "lon": 73.09, "kind": "workplace"}},
		"apply_by":   today.Add(20), "starts_on": today.Add(45), "ends_on": today.Add(165),
		"time_model": "parallel", "weekly_hours": 24, "compensation": Doc{"kind": "monthly", "amount": 60000},
		"insurance": Doc{"taken": true, "note": "договор страхования"}, "languages": []string{"kk", "ru"}, "min_age": 16,
		"mentor_id": c.enterprise.Get("/api/v1/enterprises/" + c.enterpriseID + "/mentors").Items("items")[0].S("id"),
		"colleges":  []string{c.collegeID},
	}
	switch {
	case c.university:
		body["regime"], body["level"], body["programme_code"], body["min_age"] = "r361", "bachelor", c.applicant.Get("/api/v1/me").S("enrolment.programme_code"), 17
	default:
		code := c.college.Get("/api/v1/colleges/" + c.collegeID + "/roster?limit=1").Items("items")[0].S("qualification_code")
		body["qualification_code"], body["open_to_citizens"] = code, c.citizen
	}
	if c.citizen {
		body["min_age"] = 18
	}
	if c.workplace != nil {
		body["workplaces"] = []Doc{c.workplace}
	}
	draft := c.enterprise.Want(201, "POST", "/api/v1/placements", body)
	c.placement = draft.S("id")
	published := c.enterprise.Post("/api/v1/placements/"+c.placement+"/publish", nil)
	if published.S("state") != "published" || published.N("seats_free") != 2 {
		c.t.Fatalf("published: %v", published)
	}
}

// find looks for the place as anybody would; it must be there within a second.
func (c *chain) find() {
	c.t.Helper()
	place := c.enterprise.Get("/api/v1/placements/" + c.placement)
	nobody := c.w.anonymous()
	Eventually(c.t, 2*time.Second, "the place is found by its number", func() bool {
		items := nobody.Get("/api/v1/placements?q=" + url.QueryEscape(place.S("reference"))).Items("items")
		return len(items) == 1 && items[0].S("id") == c.placement
	})
	city := nobody.Get("/api/v1/placements?per_page=100&sort=newest&city=" + url.QueryEscape("Қарағанды") + "&q=" + url.QueryEscape("электромонтер"))
	for _, item := range city.Items("items") {
		if item.S("id") == c.placement {
			return
		}
	}
	c.t.Fatalf("the place isn't among the %v found by trade and town", city.N("total"))
}

func (c *chain) apply() {
	c.t.Helper()
	text := "Хочу работать по специальности, электрооборудованием занимаюсь с десятого класса."
	app := c.applicant.Want(201, "POST", "/api/v1/placements/"+c.placement+"/applications", Doc{"motivation": text, "answers": []string{}})
	c.application = app.S("id")
	c.applicant.Refused(409, "already_applied", "POST", "/api/v1/placements/"+c.placement+"/applications", Doc{"motivation": text, "answers": []string{}})
	seen := c.enterprise.Get("/api/v1/applications/" + c.application)
	if seen.Has("applicant.email") || seen.Has("applicant.phone") {
		c.t.Fatalf("the enterprise sees contacts before an offer: %v", seen)
	}
}

// interview offers a time, books it and records the outcome.
func (c *chain) interview() {
	c.t.Helper()
	c.enterprise.Refused(422, "interview_required", "POST", "/api/v1/applications/"+c.application+"/offer", Doc{})
	start := c.book()
	c.enterprise.Refused(422, "too_early", "POST", "/api/v1/bookings/"+c.booking+"/attendance", Doc{"outcome": "attended"})
	c.w.advanceTo(start.Add(40 * time.Minute))
	c.enterprise.Post("/api/v1/bookings/"+c.booking+"/attendance", Doc{"outcome": "attended"})
	c.enterprise.Post("/api/v1/bookings/"+c.booking+"/scorecard", Doc{
		"criteria": []Doc{{"name": "интерес к профессии", "score": 5}, {"name": "знания", "score": 4}}, "recommendation": "select",
	})
}

// book offers one time, invites the applicant and takes the time.
func (c *chain) book() (start time.Time) {
	c.t.Helper()
	start = c.w.freeTime()
	in := Doc{"starts_at": start, "ends_at": start.Add(30 * time.Minute), "capacity": 1, "form": "phone", "phone": "+77212000000"}
	if c.interviewer != "" {
		in["interviewer_id"] = c.interviewer
	}
	c.slot = c.enterprise.Want(201, "POST", "/api/v1/placements/"+c.placement+"/slots", in).Items("items")[0].S("id")
	taking := Doc{"application_id": c.application}
	c.applicant.Refused(422, "not_invited", "POST", "/api/v1/slots/"+c.slot+"/bookings", taking)
	c.enterprise.Post("/api/v1/applications/"+c.application+"/shortlist", Doc{})
	c.applicant.Want(201, "POST", "/api/v1/slots/"+c.slot+"/holds", taking)
	c.booking = c.applicant.Want(201, "POST", "/api/v1/slots/"+c.slot+"/bookings", taking).S("id")
	return start
}

func (c *chain) offer() {
	c.t.Helper()
	c.offerID = c.enterprise.Want(201, "POST", "/api/v1/applications/"+c.application+"/offer", Doc{}).S("id")
}

func (c *chain) offerToCitizen() {
	c.t.Helper()
	path := "/api/v1/applications/" + c.application + "/offer"
	c.enterprise.Refused(422, "reason_required", "POST", path, Doc{"college_id": c.collegeID})
	c.enterprise.Want(201, "POST", path, Doc{"college_id": c.collegeID, "reason": "Опыт работы электромонтажником три года."})
}

// accept is the applicant's yes, which makes the match and the draft.
func (c *chain) accept() {
	c.t.Helper()
	offer := c.applicant.Get("/api/v1/applications/" + c.application).S("offer_id")
	yes := c.applicant.Want(200, "POST", "/api/v1/offers/"+offer+"/accept", nil)
	c.agreement = yes.S("agreement_id")
	if yes.S("match.state") != "active" || c.agreement == "" {
		c.t.Fatalf("accepted: %v", yes)
	}
	c.applicant.Refused(409, "offer_answered", "POST", "/api/v1/offers/"+offer+"/accept", nil)
}

// completeDraft fills what each side owes, and makes the paper.
func (c *chain) completeDraft() {
	c.t.Helper()
	path := "/api/v1/agreements/" + c.agreement
	missing := c.college.Refused(422, "agreement_incomplete", "POST", path+"/ready", nil)
	if len(missing.Items("errors")) < 2 {
		c.t.Fatalf("not every missing piece is named: %v", missing)
	}
	place := c.enterprise.Get("/api/v1/placements/" + c.placement)
	body := Doc{
		"curriculum": Doc{"title": "Рабочий учебный план", "number": "12-УР", "date": c.w.today().Add(-30)},
		"schedule": []Doc{
			{"from": place.S("starts_on"), "to": place.S("ends_on"), "weekdays": []int{1, 2, 3}, "hours_per_day": 6, "where": "enterprise", "day_from": "09:00", "day_to": "16:00"},
			{"from": place.S("starts_on"), "to": place.S("ends_on"), "weekdays": []int{4, 5}, "hours_per_day": 5, "where": "college"},
		},
		"plan": []Doc{{"name": "ПМ 03 Эксплуатация электрооборудования", "hours": 300, "enterprise_hours": 200}},
	}
	if !c.university {
		body["supervisor_id"] = c.college.Get("/api/v1/colleges/" + c.collegeID + "/supervisors").Items("items")[0].S("id")
	}
	if c.citizen {
		body["enrolment"] = Doc{"order_number": "45-К", "order_date": c.w.today(), "group": "Э-11", "course": 1}
	}
	c.college.Patch(path, body)
	c.enterprise.Refused(403, "field_not_yours", "PATCH", path, Doc{"curriculum": body["curriculum"]})
	c.enterprise.Patch(path, Doc{"insurance": Doc{"taken": true, "note": "договор страхования"}})
	ready := c.college.Post(path+"/ready", nil)
	if ready.S("state") != "ready" || ready.S("number") == "" || ready.S("document_sha256") == "" {
		c.t.Fatalf("ready: %v", ready)
	}
}

// sign gathers the signatures, the college's last.
func (c *chain) sign() {
	c.t.Helper()
	path := "/api/v1/agreements/" + c.agreement
	doc := c.college.Get(path)
	refusal := Doc{"revision": doc.N("revision"), "document_sha256": doc.S("document_sha256"), "channel": "code", "signing_request_id": "sgr_00000000000000000000000000000000", "code": "000000"}
	c.college.Refused(409, "signatures_missing", "POST", path+"/countersignature", refusal)
	c.signAs(c.enterprise, path+"/signatures")
	c.signAs(c.applicant, path+"/signatures")
	if c.minor {
		c.signAs(c.guardian, path+"/signatures")
	}
	c.signAs(c.college, path+"/countersignature")
	concluded := c.applicant.Get(path)
	if concluded.S("state") != "concluded" {
		c.t.Fatalf("state %s after all signatures", concluded.S("state"))
	}
	verified := c.w.anonymous().Get("/api/v1/verify/" + concluded.S("verification_code"))
	for _, secret := range []string{"iin", "phone", "birth_date", "full_name"} {
		if verified.Has(secret) {
			c.t.Errorf("the public page shows %s", secret)
		}
	}
}

func (c *chain) signAs(who *Client, path string) {
	c.t.Helper()
	doc := who.Get("/api/v1/agreements/" + c.agreement)
	item := Doc{"agreement_id": c.agreement, "revision": doc.N("revision"), "document_sha256": doc.S("document_sha256")}
	request := who.Want(201, "POST", "/api/v1/signing-codes", Doc{"items": []Doc{item}})
	code := c.w.code(who)
	delete(item, "agreement_id")
	item["channel"], item["signing_request_id"], item["code"] = "code", request.S("signing_request_id"), code
	who.Want(201, "POST", path, item)
}

func (c *chain) registrar() *Client { return c.w.as("chamber@karaganda.demo.orynda.kz") }

// register enters the concluded agreement into the chamber's register.
func (c *chain) register() {
	c.t.Helper()
	registrar := c.registrar()
	got := registrar.Post("/api/v1/agreements/"+c.agreement+"/registration", nil)
	if got.S("state") != "registered" || got.S("registration.number") == "" {
		c.t.Fatalf("registered: %v", got)
	}
	chamber := organisationOf(registrar, "chamber")
	for _, row := range registrar.Get("/api/v1/chambers/" + chamber + "/register?limit=100").Items("items") {
		if row.S("agreement_id") == c.agreement || row.S("id") == c.agreement {
			return
		}
	}
	c.t.Fatalf("agreement %s isn't in the register", c.agreement)
}

// complete confirms the completed training from both sides.
func (c *chain) complete() {
	c.t.Helper()
	path := "/api/v1/agreements/" + c.agreement
	ends := c.enterprise.Get("/api/v1/placements/" + c.placement).S("ends_on")
	c.w.advance(fmt.Sprintf("P%dD", c.w.today().DaysUntil(day(ends))+1))
	c.college.Post(path+"/completion", Doc{"date": ends})
	done := c.enterprise.Post(path+"/completion", Doc{"date": ends})
	if done.S("state") != "completed" {
		c.t.Fatalf("completed: %v", done)
	}
}
